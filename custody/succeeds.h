/* SPDX-License-Identifier: Apache-2.0 */
/*
 * succeeds: the ledger that a new one is founded to succeed, from its last signed checkpoint.
 */
#ifndef UNBROKEN_CUSTODY_SUCCEEDS_H
#define UNBROKEN_CUSTODY_SUCCEEDS_H

#include "custody/args.h"
#include "verify/act.h"

/*
 * path: a checkpoint, bundle, receipt, certificate or exhibit of false heads, whose signature is checked by --policy (the old ledger's trust file), or
 * the directory of the old ledger, whose latest signed checkpoint is taken; an exhibit of a fork is refused. training: of the new ledger; the old one's
 * must be the same. Nothing here proves that it is the last: that is asked of people. Errors: STATUS_REFUSED (usage, no such thing, training and real),
 * STATUS_UNTRUSTED, STATUS_MISSING, STATUS_ENVIRONMENT.
 */
MUST_USE enum status succeeds_read(struct args *args, const char *path, bool training, struct foreign *out, struct fault *fault);

#endif
