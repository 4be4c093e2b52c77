/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heads: the heads tree (SPEC 3.5). In the store stand its complete nodes as of the last heads record; here, the leaves of the subjects
 * that a run of records touched are laid over them, so that the root at each record of the run can be worked out without the rest.
 */
#ifndef UNBROKEN_LEDGER_HEADS_H
#define UNBROKEN_LEDGER_HEADS_H

#include "ledger/inside.h"

struct heads;

/*
 * The subjects touched by the records [from, to), as they stood before record `from`. `from` is 0 or follows a heads record.
 * Errors: STATUS_DAMAGED (record), STATUS_MEMORY.
 */
MUST_USE enum status heads_open(struct ledger_txn *txn, uint64_t from, uint64_t to, struct heads **out,
                                struct fault *fault);
void heads_close(struct heads *heads); /* accepts NULL */
/* One record of the run later. STATUS_DAMAGED when a link does not follow from what its subject's thread was before. */
MUST_USE enum status heads_advance(struct heads *heads, const struct record *record, struct fault *fault);
/* Subjects that have been opened so far, counted from `subjects` at the beginning. */
uint64_t heads_opened(const struct heads *heads);

/* Root for the first `subjects` subjects. */
MUST_USE enum status heads_root(const struct heads *heads, uint64_t subjects, struct hash *out, struct fault *fault);
/* For proofs; lives as long as heads. */
struct merkle_source heads_source(const struct heads *heads);
/* Writes the nodes above every touched subject that are complete in a tree of `subjects` leaves. */
MUST_USE enum status heads_store(struct heads *heads, uint64_t subjects, struct fault *fault);

/* Leaf of a subject with that count and last record. */
MUST_USE enum status heads_leaf(struct ledger_txn *txn, uint64_t subject, uint64_t count, uint64_t last,
                                struct buffer *bytes, struct fault *fault);

#endif
