/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamps: the list of time-stamps over checkpoints.
 */
#ifndef UNBROKEN_CUSTODY_TIMESTAMPS_H
#define UNBROKEN_CUSTODY_TIMESTAMPS_H

#include "custody/args.h"

/* `ledger timestamps` */
MUST_USE enum status timestamps_run(struct args *args, struct fault *fault);

#endif
