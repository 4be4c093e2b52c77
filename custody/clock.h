/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock: the command `ledger clock`.
 */
#ifndef UNBROKEN_CUSTODY_CLOCK_H
#define UNBROKEN_CUSTODY_CLOCK_H

#include "custody/args.h"

extern const struct option clock_options[];
MUST_USE enum status clock_run(struct args *args, struct fault *fault);

#endif
