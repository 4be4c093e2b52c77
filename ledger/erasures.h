/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erasures: what `erase` acts remove from the store (SPEC 3.7, 3.8): the index of them, which details they cover, and the removing itself.
 * Not here: making the bytes unreadable that LMDB has freed (store_rewrite.c, scrub.c).
 */
#ifndef UNBROKEN_LEDGER_ERASURES_H
#define UNBROKEN_LEDGER_ERASURES_H

#include "ledger/inside.h"
#include "verify/extents.h"

struct erasures_removed {
    uint64_t details, attachments;
};

/* What all erasures cover, or (record not NOTHING) those of one record; sorted; free with extents_free. */
MUST_USE enum status erasures_read(struct ledger_txn *txn, uint64_t record, struct extents *out, struct fault *fault);
/*
 * For an erasure that has just become record `index` of this write transaction: enters it into the index, marks the store as one that must be
 * written anew, and removes what it covers, with attachments that no other detail names. All of it is in the transaction.
 */
MUST_USE enum status erasures_apply(struct ledger_txn *txn, uint64_t index, const struct act *act, struct fault *fault);
/* Removes whatever an erasure in the index covers and is still there (a store that was tampered with, or a copy); adds to *removed. */
MUST_USE enum status erasures_sweep(struct ledger_txn *txn, struct erasures_removed *removed, struct fault *fault);
/*
 * For an older copy of the ledger: takes the erasures of `living` that amend records which this store has, and which it does not have itself, into
 * its index; `taken` counts them. Errors: STATUS_DAMAGED, STATUS_MEMORY, as the store.
 */
MUST_USE enum status erasures_take(struct ledger_txn *txn, struct ledger_txn *living, uint64_t *taken, struct fault *fault);
/* True when something was removed and the store was not written anew since. */
MUST_USE enum status erasures_pending(struct ledger_txn *txn, bool *out, struct fault *fault);
/* The key of an erasure that amends record `amended`, and whose record this store does not have. */
struct key erasures_foreign(uint64_t amended, const struct hash *act_id);
/* The key of the mark that says so. */
struct key erasures_mark(void);

#endif
