/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy: what somebody holds of a ledger: a bundle (alone, or in a certificate), a signed checkpoint, a receipt, or a ledger directory (a backup, a
 * mirror). Opened here and asked for its parts; a bundle is verified whole by verify before it is believed, a ledger directory is believed in nothing:
 * whoever takes records from it checks them. Not here: comparing copies (compare.c, reconcile.c).
 */
#ifndef UNBROKEN_LEDGER_COPY_H
#define UNBROKEN_LEDGER_COPY_H

#include "ledger/inside.h"
#include "verify/bundle.h"
#include "verify/policy.h"

/* PATHS: a bundle that does not verify, under a signed head all the same: what its paths lead to is as signed as the head. */
enum copy_kind { COPY_BUNDLE, COPY_PATHS, COPY_CHECKPOINT, COPY_RECEIPT, COPY_LEDGER };

/* Which ledger it must be a copy of. Borrowed. */
struct copy_of {
    struct hasher *hasher;
    const char *origin; /* its origin line */
    const char *dir;    /* the directory that is no copy of it, but itself; NULL: none */
};

/* A signed checkpoint; borrows the copy. */
struct copy_note {
    struct view bytes;
    uint64_t size;
    struct hash root;
};

/* The details of one record of a ledger directory, with their hashes. */
struct copy_held {
    bool known;
    uint64_t index;
    struct ledger_details details;
    struct hash *sheets, *digests;
};

/* Zero it before use. */
struct copy {
    enum copy_kind kind;
    struct copy_note *notes; /* ascending by size for a ledger */
    size_t note_count, note_cap;
    struct buffer shown; /* of a paper: the note that it stands for */
    /* Of a receipt. */
    uint64_t index;
    struct hash record;
    /* Of a bundle. */
    bool certified; /* it was in a certificate's PDF */
    struct bundle bundle;
    uint64_t *indexes; /* of its records */
    struct hash *seen_roots; /* of bundle.seen, as the acts state them */
    struct hash *sheets, *digests, *files;
    /* Of a ledger directory. */
    struct ledger *ledger;
    struct ledger_txn *txn;
    bool borrowed; /* it is open anyway, and stays so */
    struct copy_held held;
};

/* Station keys that are known to have been in force: ours, those of verified bundles and of ledger directories. */
struct copy_keys {
    size_t count;
    uint8_t keys[STATION_KEYS_MAX][ED25519_BYTES];
};

void copy_keys_add(struct copy_keys *keys, const uint8_t key[ED25519_BYTES]);

/* A policy that trusts exactly these keys for that ledger, without witnesses. policy_close when done. */
MUST_USE enum status copy_policy(const struct copy_of *of, const struct copy_keys *keys, struct policy **out, struct fault *fault);

/* True: the file is text (a checkpoint, a paper), as far as one can see from its first bytes; so it proves no station key. */
bool copy_is_text(struct view file);
/*
 * keys grows by those that a bundle proves, or a directory states. The file is borrowed until copy_close.
 * Errors, with a sentence without the copy's name: STATUS_DAMAGED, STATUS_UNTRUSTED, STATUS_REFUSED (another ledger's, an exhibit), STATUS_MEMORY,
 * STATUS_ENVIRONMENT.
 */
MUST_USE enum status copy_open_file(const struct copy_of *of, struct copy_keys *keys, struct view file, struct copy *out,
                                    struct fault *fault);
/* Of a bundle or certificate that does not verify: its signed head, and the roots that its paths prove. Errors: as copy_open_file. */
MUST_USE enum status copy_open_paths(const struct copy_of *of, const struct copy_keys *keys, struct view file, struct copy *out,
                                    struct fault *fault);
/* of->dir is STATUS_REFUSED. */
MUST_USE enum status copy_open_ledger(const struct copy_of *of, struct copy_keys *keys, const char *dir, struct copy *out,
                                      struct fault *fault);
/* The ledger of a transaction that is open already, with its signed checkpoints; it must outlive the copy, and nothing may be put meanwhile. */
MUST_USE enum status copy_borrow_ledger(const struct copy_of *of, struct copy_keys *keys, struct ledger_txn *txn, struct copy *out,
                                        struct fault *fault);
void copy_close(struct copy *copy);

/* ---- copy_find.c: parts of a copy; false where it does not hold them. Views live as long as the copy. */

/* The record with that index, unless its bytes are not those of its own hash there. */
bool copy_find_record(struct copy *copy, struct hasher *hasher, uint64_t index, struct view *out);
/* Of record `index`, by their hashes. */
bool copy_find_sheet(struct copy *copy, struct hasher *hasher, uint64_t index, const struct hash *hash, struct view *out);
bool copy_find_disclosure(struct copy *copy, struct hasher *hasher, uint64_t index, const struct hash *digest, struct view *out);
bool copy_find_file(struct copy *copy, struct hasher *hasher, const struct attachment *file, struct view *out);
void copy_held_free(struct copy_held *held);

/* ---- copy_tree.c: what a copy proves of the ledger's tree. */

/* The newest signed checkpoint that it shows; NULL: none. */
const struct copy_note *copy_newest(const struct copy *copy);
/* The root of that size. STATUS_MISSING (without a fault): it shows none. Other errors: as ledger_root. */
MUST_USE enum status copy_root(struct copy *copy, uint64_t size, struct hash *out, struct fault *fault);
/* The hash of the record with that index. False: it does not show it. */
bool copy_record_hash(struct copy *copy, struct hasher *hasher, uint64_t index, struct hash *out);
/*
 * A signed checkpoint of its own of at least `old` records, and the consistency path that leads there from old in its tree. STATUS_MISSING (without
 * a fault): it has none. Other errors: as the store.
 */
MUST_USE enum status copy_consistency(struct copy *copy, uint64_t old, const struct copy_note **note, struct merkle_path *out, struct fault *fault);
/* Of a bundle: the path from old to its checkpoint. False: it has none. */
bool copy_bundle_path(const struct copy *copy, uint64_t old, struct merkle_path *out);
/* The first record that both show, and show differently; two ledger directories are compared by their roots. False: none. */
bool copy_first_record(struct copy *a, struct copy *b, struct hasher *hasher, uint64_t *index, struct hash *in_a, struct hash *in_b);
/* Two ledgers whose first `size` records have different roots: the first record that differs. */
MUST_USE enum status copy_first_difference(struct ledger_txn *a, struct ledger_txn *b, uint64_t size, uint64_t *first, struct fault *fault);

/* ---- for copy*.c alone. */

/* Keeps the checkpoint when it is of this ledger, and signed by one of the keys. Errors: as copy_open_file. */
MUST_USE enum status copy_take_note(const struct copy_of *of, const struct copy_keys *keys, struct view bytes, struct copy *copy, struct fault *fault);

#endif
