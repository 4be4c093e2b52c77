/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record: an act with its place in the ledger, or a heads record; and the heads leaf (SPEC 3.3, 3.5, 4).
 */
#ifndef UNBROKEN_VERIFY_RECORD_H
#define UNBROKEN_VERIFY_RECORD_H

#include "verify/act.h"

enum { RECORD_BYTES_MAX = 65535, RECORD_LINKS_MAX = 512 };

enum record_type { RECORD_ACT = 0, RECORD_HEADS = 1 };

struct link {
    uint64_t subject;
    uint64_t number; /* from 1, in the subject's thread */
    bool has_before;
    uint64_t before; /* index of the record before in the thread */
};

/* About 16 kB. Borrows the bytes. */
struct record {
    struct view bytes;
    enum record_type type;
    uint64_t index;
    bool has_prev;
    struct hash prev;
    uint64_t logged_s;
    size_t link_count; /* act records */
    struct link links[RECORD_LINKS_MAX];
    struct view act; /* the layer inside, to be decoded with act_decode */
    uint64_t subjects; /* heads records */
    struct hash root;
};

/*
 * The record's own layer. A version other than 1 is STATUS_REFUSED (fault->at = index if readable),
 * anything else STATUS_DAMAGED, fault->at = byte offset. On any failure out->index is the index if it could be read
 * (the third item of an array, of whatever version and type), else UINT64_MAX: SPEC V5 names the place by it.
 */
MUST_USE enum status record_decode(struct view bytes, struct record *out, struct fault *fault);
void record_encode(const struct record *record, struct buffer *out);
/* The link to that subject, or NULL. */
const struct link *record_link(const struct record *record, uint64_t subject);

struct heads_leaf {
    struct hash ledger;
    uint64_t subject;
    uint64_t count;
    uint64_t last;
    struct hash last_hash;
};

MUST_USE enum status heads_leaf_decode(struct view bytes, struct heads_leaf *out, struct fault *fault);
void heads_leaf_encode(const struct heads_leaf *leaf, struct buffer *out);

#endif
