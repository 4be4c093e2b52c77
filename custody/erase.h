/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erase: the command `erase`.
 */
#ifndef UNBROKEN_CUSTODY_ERASE_H
#define UNBROKEN_CUSTODY_ERASE_H

#include "custody/args.h"

extern const struct option erase_options[];
MUST_USE enum status erase_run(struct args *args, struct fault *fault);

#endif
