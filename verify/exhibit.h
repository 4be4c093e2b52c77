/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exhibit: V16, one-file proofs that a ledger's owner lied: two histories, or heads that contradict the records. Also the last
 * step of a bundle's check, the tag in somebody's hand.
 */
#ifndef UNBROKEN_VERIFY_EXHIBIT_H
#define UNBROKEN_VERIFY_EXHIBIT_H

#include "verify/check.h"

/* Fills verdict->stop. checkpoint is scratch. */
void exhibit_check(struct hasher *hasher, const struct policy *policy, struct view file, struct checkpoint *checkpoint,
                   struct verdict *verdict);

/* The lives of the asked things, one line a record, for people. Nothing when more than a few were asked for. */
void history_write(struct check *check, struct buffer *out);
/* The life of one subject, and the beginning of its case. */
void history_of(struct check *check, uint64_t number, struct buffer *out);

#endif
