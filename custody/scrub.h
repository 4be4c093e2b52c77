/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrub: the command `ledger scrub`, and the end of every erasure.
 */
#ifndef UNBROKEN_CUSTODY_SCRUB_H
#define UNBROKEN_CUSTODY_SCRUB_H

#include "custody/args.h"

MUST_USE enum status scrub_run(struct args *args, struct fault *fault);
/* Before an erasure is recorded. STATUS_REFUSED: overwriting this ledger's file would destroy a backup too (ledger_scrub_check). */
MUST_USE enum status scrub_check(struct args *args, struct fault *fault);
/*
 * After an erasure was recorded and the ledger closed: writes the file anew and says what that reaches and what not. A fault says that the record stands,
 * and what is still to be done.
 */
MUST_USE enum status scrub_finish(struct args *args, struct fault *fault);

#endif
