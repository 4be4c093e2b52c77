/* SPDX-License-Identifier: Apache-2.0 */
/*
 * append: the parts of appending that stand in files of their own: append_check.c, append_write.c and reserve.c.
 */
#ifndef UNBROKEN_LEDGER_APPEND_H
#define UNBROKEN_LEDGER_APPEND_H

#include "ledger/attached.h"
#include "ledger/inside.h"

/* SPEC 2.2: how far logged time may go forward from one record to the next. */
#define APPEND_LEAP_MAX_S UINT64_C(2678400)

/* One append on its way. */
struct append {
    struct ledger_txn *txn;
    const struct submission *submission;
    struct act *act;
    struct record *record;
    struct hash id;
    struct hash record_hash;
    struct attached attached;
    bool keeps_orphan;
};

/* A record that has passed every check. All borrowed. */
struct append_writing {
    const struct submission *submission; /* NULL for a heads record */
    const struct record *record;
    const struct act *act; /* NULL for a heads record */
    const struct hash *act_id;
    const struct hash *record_hash;
    const struct hash *attachment_hashes;
    bool keeps_orphan;
};

/* Puts everything into the store: record, details, indexes, nodes; txn->meta and what is warm move on. */
MUST_USE enum status append_write(struct ledger_txn *txn, const struct append_writing *writing, struct fault *fault);

/* The heads record of all records so far, logged at that time; txn->ledger->record is it, its bytes too. */
MUST_USE enum status append_heads(struct ledger_txn *txn, uint64_t now_s, struct fault *fault);
/* A heads record that nobody has: its hash, as the record after it names it, or (hash NULL) the root of the tree with it. */
struct append_lost {
    const struct hash *hash;
    const struct hash *root;
    uint64_t before_s; /* it was not logged later; NOTHING: not known */
};
/*
 * Tries each second from the record before on, at most 31 days, until it fits; then appends it. *found false: none does, and the
 * transaction must be aborted.
 */
MUST_USE enum status append_lost_heads(struct ledger_txn *txn, const struct append_lost *lost, bool *found, struct fault *fault);
/* Stores the signed checkpoint of that size, which must not be there yet. Nothing is checked. (checkpoint.c) */
MUST_USE enum status append_note(struct ledger_txn *txn, uint64_t size, struct view note, struct fault *fault);

/*
 * STATUS_REFUSED when logged time would step back, or forward by more than 31 days, from the record before. A `clock` act may do so when its
 * old time is that record's and its new time at most a day before logged_s. act: NULL for a heads record. In a mirror a step is a finding (audit.h).
 */
MUST_USE enum status append_check_time(const struct ledger_txn *txn, uint64_t logged_s, const struct act *act,
                                       struct fault *fault);

/* Each fills a fault that says which rule; append_check_identity works out append->id. */
MUST_USE enum status append_check_identity(struct append *append, struct fault *fault);
MUST_USE enum status append_check_numbers(const struct append *append, struct fault *fault);
MUST_USE enum status append_check_reservation(struct append *append, uint64_t logged_s, struct fault *fault);
MUST_USE enum status append_check_seen(const struct append *append, struct fault *fault);
MUST_USE enum status append_check_amends(const struct append *append, struct fault *fault);

/* The reservation of the next subject number; STATUS_MISSING (without a fault) when there is none. */
MUST_USE enum status append_reservation(struct ledger_txn *txn, struct hash *act_id, uint64_t *since_s,
                                        struct fault *fault);
/* False once 24 hours have gone by. */
bool append_reservation_holds(uint64_t since_s, uint64_t now_s);
MUST_USE enum status append_drop_reservation(struct ledger_txn *txn, struct fault *fault);
/* STATUS_REFUSED with the sentence that says whose it is. */
enum status append_reserved_fault(const struct hash *act_id, uint64_t since_s, struct fault *fault);

#endif
