/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger: one station's ledger in a directory: append, read, checkpoint. It calls verify's decoders and
 * rules on everything before it writes, and checks its own work again before it signs.
 * Not here: people's dialogue, the process environment, printing (custody/).
 *
 * DIR/data.mdb, DIR/lock.mdb  the LMDB environment
 * DIR/station.key             the station's Ed25519 key, PKCS#8 PEM without passphrase, 0600
 * HEAD (elsewhere)            the last signed head: text "origin\nsize\nbase64(root)\n" (the checkpoint's text)
 */
#ifndef UNBROKEN_LEDGER_LEDGER_H
#define UNBROKEN_LEDGER_LEDGER_H

#include "verify/note.h"
#include "verify/rules.h"

struct ledger;     /* one per process and directory */
struct ledger_txn; /* a read snapshot, or the one write transaction */

/* What is appended: a fully signed act and what goes with it. Borrows everything. */
struct submission {
    struct view act;
    const struct view *sheets;
    size_t sheet_count;
    const struct view *disclosures;
    size_t disclosure_count;
    const struct view *attachments; /* whole files */
    size_t attachment_count;
};

/* For long work: called with done <= total; false asks to stop (STATUS_INTERRUPTED). May be NULL. */
struct progress {
    bool (*step)(void *context, uint64_t done, uint64_t total);
    void *context;
};

/*
 * Makes DIR (which must not exist, or be an empty directory), the station key from seed, and record 0 from a signed
 * founding act whose `station` is that key's public half. On failure nothing is left behind.
 * Errors: STATUS_REFUSED (exists, network file system), STATUS_DAMAGED (the act), STATUS_FULL, STATUS_ENVIRONMENT.
 */
MUST_USE enum status ledger_found(const char *dir, const uint8_t station_seed[32], const struct submission *founding,
                                  uint64_t logged_s, struct fault *fault);

/*
 * RECOVER: as APPEND for what restore.h does, and for nothing else; the store may be behind its remembered head. MIRROR: the same for a mirror
 * (mirror.h), to which APPEND and RECOVER are refused.
 */
enum ledger_mode { LEDGER_READ, LEDGER_APPEND, LEDGER_RECOVER, LEDGER_MIRROR };

/*
 * head_path: where the last signed head is remembered; NULL: DIR/../<name of DIR>.head is used. In LEDGER_APPEND mode
 * the store is compared with it: behind it, with another root at that size, or no head although a checkpoint was signed, is STATUS_REFUSED with
 * the way out in the text.
 * Errors: STATUS_MISSING (no ledger there), STATUS_DAMAGED (a file that is not ours or is damaged), STATUS_FULL (less than
 * 16 MiB free, append mode), STATUS_ENVIRONMENT, STATUS_REFUSED.
 */
MUST_USE enum status ledger_open(const char *dir, enum ledger_mode mode, const char *head_path, struct ledger **out,
                                 struct fault *fault);
void ledger_close(struct ledger *ledger); /* accepts NULL */

/* Fixed at founding; the station keys are those known when it was opened. Lives as long as the ledger. */
const struct ledger_state *ledger_identity(const struct ledger *ledger);
struct hasher *ledger_hasher(struct ledger *ledger);
/* "origin/base32" or "origin/training/base32". */
const char *ledger_origin(const struct ledger *ledger);
/* A mirror of somebody else's ledger: without details, and nothing is recorded or signed in it. */
bool ledger_is_mirror(const struct ledger *ledger);
/* The ledger, size and root that this one was founded to succeed; NULL: none. */
const struct foreign *ledger_succeeds(const struct ledger *ledger);

/* One write transaction at a time on a machine: a second waits. The map grows by itself. */
MUST_USE enum status ledger_begin(struct ledger *ledger, bool write, struct ledger_txn **out, struct fault *fault);
/*
 * Returns when everything is on disk. After a failed commit the ledger acknowledges nothing more: every later
 * call fails until it is opened again. Frees the transaction in every case.
 */
MUST_USE enum status ledger_commit(struct ledger_txn *txn, struct fault *fault);
void ledger_abort(struct ledger_txn *txn); /* accepts NULL */

/*
 * From here on the signatures of this write transaction's acts are checked on a thread of their own: ledger_append does not wait for
 * them, ledger_commit does, and writes nothing when one does not hold (STATUS_UNTRUSTED, fault->at = record index). For groups of acts.
 * Where no thread can be had, nothing changes.
 */
void ledger_defer(struct ledger_txn *txn);

/*
 * Reading. Views live as long as the transaction (in a write transaction: until the next append).
 * STATUS_MISSING when there is none; STATUS_DAMAGED when the store contradicts itself (fault->at = record index).
 */
uint64_t ledger_size(const struct ledger_txn *txn);
uint64_t ledger_subjects(const struct ledger_txn *txn); /* M */
MUST_USE enum status ledger_root(struct ledger_txn *txn, uint64_t size, struct hash *out, struct fault *fault);
MUST_USE enum status ledger_record(struct ledger_txn *txn, uint64_t index, struct view *out, struct fault *fault);
MUST_USE enum status ledger_thread(struct ledger_txn *txn, uint64_t subject, uint64_t number, uint64_t *index,
                                   struct fault *fault);
/* Index of the act with that id. */
MUST_USE enum status ledger_find_act(struct ledger_txn *txn, const struct hash *act_id, uint64_t *index,
                                     struct fault *fault);
/*
 * Acts that came too late and are kept by `lodge` (SPEC 7.3.17). The record of the first lodge that keeps the act with that id; and the
 * kept act whose id is the next above *id (first: the lowest of all), in both. STATUS_MISSING without a fault.
 */
MUST_USE enum status ledger_find_orphan(struct ledger_txn *txn, const struct hash *id, uint64_t *index, struct fault *fault);
MUST_USE enum status ledger_next_orphan(struct ledger_txn *txn, bool first, struct hash *id, uint64_t *index, struct fault *fault);
/* Decodes the act that the lodge in that record keeps under that id. STATUS_MISSING without a fault. Views as above. */
MUST_USE enum status ledger_orphan(struct ledger_txn *txn, uint64_t index, const struct hash *id, struct act *out, struct fault *fault);
/* The sheets and disclosures stored with a record, in the order given at append, without those that were erased since; free the arrays with ledger_details_free. */
struct ledger_details {
    struct view *sheets;
    size_t sheet_count;
    struct view *disclosures;
    size_t disclosure_count;
};
MUST_USE enum status ledger_details(struct ledger_txn *txn, uint64_t index, struct ledger_details *out,
                                    struct fault *fault);
void ledger_details_free(struct ledger_details *details);
/*
 * The details of a record that were erased, in the order of its sheets: subject NOTHING for those of the act as a whole; under: the record of
 * the erasure. Free *out with free().
 */
struct ledger_erased {
    uint64_t subject, name, ordinal, under;
};
MUST_USE enum status ledger_erased(struct ledger_txn *txn, uint64_t index, struct ledger_erased **out, size_t *count,
                                   struct fault *fault);
MUST_USE enum status ledger_attachment(struct ledger_txn *txn, const struct hash *hash, struct view *out,
                                       struct fault *fault);
/* The state of a subject now; NULL with a fault when there is none. Lives as long as the transaction. */
const struct subject *ledger_subject(struct ledger_txn *txn, uint64_t number, struct fault *fault);
/* The world of the transaction: for thing_holder and the like. Read only. */
struct world *ledger_world(struct ledger_txn *txn);

/* What verify asks of older records, answered from this transaction; what is found is told to nobody. No append may be on its way. */
struct rules_source ledger_source(struct ledger_txn *txn);

/* Told of every finding and breach that an append sees; may be NULL. */
struct ledger_listener {
    void (*report)(void *context, const struct finding *finding);
    void *context;
};

/*
 * Appends one act within a write transaction. Checks everything that a verifier would: decoding, ledger, act-id new, signatures (libsodium),
 * keys, offices, authority, seen (root recomputed), opening, sheets and disclosures (all present, each digest right, no surplus), attachments, custody.
 * An `erase` act removes what it covers (SPEC 3.7) in the same transaction; that its bytes cannot be read any more is ledger_scrub's work.
 * A breach of custody without `deviation` is STATUS_REFUSED with the first breach's sentence.
 * logged_s: a step back, or forward of over 31 days (SPEC 2.2), from the record before is STATUS_REFUSED unless the act is a `clock` act: its old
 * time is exactly that of the record before, its new time at most a day before logged_s. The same holds for a heads record.
 * Other statuses: STATUS_DAMAGED (not of the form, or its details are not), STATUS_UNTRUSTED (a signature, or another history was seen), STATUS_REFUSED
 * (all other rules). On any failure the transaction must be aborted.
 */
MUST_USE enum status ledger_append(struct ledger_txn *txn, const struct submission *submission, uint64_t logged_s,
                                   const struct ledger_listener *listener, uint64_t *index, struct fault *fault);

/*
 * Heads record (if anything is new), commit, new records read again in a new transaction and recomputed, head remembered and synced,
 * then signed and stored. note receives the signed checkpoint. Without anything new the latest is given again.
 */
MUST_USE enum status ledger_checkpoint(struct ledger *ledger, uint64_t now_s, struct buffer *note, struct fault *fault);
/* The latest signed checkpoint, or the one of that size. STATUS_MISSING. */
MUST_USE enum status ledger_latest_checkpoint(struct ledger_txn *txn, struct buffer *note, struct fault *fault);
MUST_USE enum status ledger_checkpoint_at(struct ledger_txn *txn, uint64_t size, struct buffer *note, struct fault *fault);

/*
 * Reservation of the next subject number for an opening act in a draft (SPEC 3.4): M and that act's id. While it stands, ledger_append
 * refuses other opening acts (STATUS_REFUSED, text says whose and since when), for at most 24 hours of logged time.
 */
MUST_USE enum status ledger_reserve(struct ledger_txn *txn, const struct hash *act_id, uint64_t now_s, struct fault *fault);
MUST_USE enum status ledger_unreserve(struct ledger_txn *txn, const struct hash *act_id, struct fault *fault);

#endif
