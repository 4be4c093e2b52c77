/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy: what somebody else holds of this ledger: a bundle, a signed checkpoint, or a ledger directory (a backup). Opened here and asked for its
 * parts; a bundle is verified whole by verify before it is believed, a ledger directory is believed in nothing: whoever takes records from it
 * checks them. Not here: comparing copies (reconcile.c).
 */
#ifndef UNBROKEN_LEDGER_COPY_H
#define UNBROKEN_LEDGER_COPY_H

#include "ledger/inside.h"
#include "verify/bundle.h"

enum copy_kind { COPY_BUNDLE, COPY_CHECKPOINT, COPY_LEDGER };

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
    /* Of a bundle. */
    struct bundle bundle;
    uint64_t *indexes; /* of its records */
    struct hash *sheets, *digests, *files;
    /* Of a ledger directory. */
    struct ledger *ledger;
    struct ledger_txn *txn;
    struct copy_held held;
};

/* Station keys that are known to have been in force: ours, those of verified bundles and of ledger directories. */
struct copy_keys {
    size_t count;
    uint8_t keys[STATION_KEYS_MAX][ED25519_BYTES];
};

void copy_keys_add(struct copy_keys *keys, const uint8_t key[ED25519_BYTES]);

/* True: the file is a checkpoint in text, as far as one can see from its first byte. */
bool copy_is_text(struct view file);
/*
 * ours: the ledger that it must be a copy of. keys grows by those that a bundle proves, or a directory states. The file is borrowed until copy_close.
 * Errors, with a sentence without the copy's name: STATUS_DAMAGED, STATUS_UNTRUSTED, STATUS_REFUSED (another ledger's), STATUS_MEMORY, STATUS_ENVIRONMENT.
 */
MUST_USE enum status copy_open_file(struct ledger *ours, struct copy_keys *keys, struct view file, struct copy *out,
                                    struct fault *fault);
/* The same directory as ours is STATUS_REFUSED. */
MUST_USE enum status copy_open_ledger(struct ledger *ours, struct copy_keys *keys, const char *dir, struct copy *out,
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

#endif
