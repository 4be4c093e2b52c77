/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stated: an option that bears the name of a detail (SPEC 5.4) states that detail of the act as a whole: `--scale TEXT`,
 * `--photograph FILE`. `--reason` and `--manner` are one only where the table of acts demands it; elsewhere each is a code.
 */
#ifndef UNBROKEN_CUSTODY_STATED_H
#define UNBROKEN_CUSTODY_STATED_H

#include "custody/args.h"
#include "ledger/compose.h"

enum { STATED_FILE_BYTES_MAX = 512 << 20 };

/*
 * A must of the table (SPEC 7.2) for which the command has an option is a usage error when it is not given, and so is one that is empty.
 * Files are read here and kept in args: call it before the ledger is opened, so that nobody waits for a slow disk.
 * Errors: STATUS_REFUSED (usage, an empty file), and as wholefile_read.
 */
MUST_USE enum status stated_check(struct args *args, enum kind kind, struct fault *fault);
/* What stated_check has checked, into the act. Errors: STATUS_REFUSED (a number that is none). */
MUST_USE enum status stated_put(struct args *args, struct composer *composer, struct fault *fault);

#endif
