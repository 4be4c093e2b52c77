/* SPDX-License-Identifier: Apache-2.0 */
/*
 * origin: the line by which a checkpoint names its ledger (SPEC 3.1).
 */
#ifndef UNBROKEN_VERIFY_ORIGIN_H
#define UNBROKEN_VERIFY_ORIGIN_H

#include "verify/hash.h"

enum { ORIGIN_BYTES_MAX = 64 };

/* Appends "ORIGIN/B32" or "ORIGIN/training/B32". */
void origin_line(struct view origin, bool training, const struct hash *ledger, struct buffer *out);

#endif
