/* SPDX-License-Identifier: Apache-2.0 */
/*
 * found: `ledger init`: the founding act, signed by every founder (SPEC 6.5).
 */
#ifndef UNBROKEN_CUSTODY_FOUND_H
#define UNBROKEN_CUSTODY_FOUND_H

#include "custody/args.h"

extern const struct option found_options[];
MUST_USE enum status found_run(struct args *args, struct fault *fault);

#endif
