/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forge: what an administrator can do who owns the machine and the station's key: take all records out, change them, hash and chain
 * everything anew, sign a checkpoint over it, and make a bundle as the real program would. He has the keys of those officers only who
 * help him.
 */
#ifndef UNBROKEN_TESTS_FORGE_H
#define UNBROKEN_TESTS_FORGE_H

#include "ledger/ledger.h"
#include "tests/attack/request.h"

/* One record, taken apart. Owned. */
struct forged {
    enum record_type type;
    uint64_t logged_s;
    struct buffer act;
    struct buffer *sheets, *disclosures;
    size_t sheet_count, disclosure_count;
    bool omitted; /* left out of the bundle, though it stays in the tree */
    bool hidden;  /* the heads do not know of it */
    /* Made by forge_chain. */
    struct buffer bytes;
    struct hash hash;
};

struct forge {
    struct hasher *hasher;
    struct forged *records;
    size_t count, cap;
    struct buffer *attachments;
    size_t attachment_count;
    char origin[192];
    uint8_t station_key[32];     /* public */
    char station_path[4096];     /* DIR/station.key */
    struct {                     /* heads records from one to another know nothing of `record` in the thread of `subject` */
        bool on;
        uint64_t subject;
        size_t record, from, until;
        struct heads_leaf leaf;  /* as it was before that record */
    } lie;
    uint64_t invented;           /* subjects that the last heads record claims beyond those that were opened */
    /* Made by forge_chain. */
    struct hash ledger;
    uint64_t subjects;
    struct heads_leaf *leaves;
    struct hash *leaf_hashes;
    struct record *record; /* scratch */
    struct act *act;
    uint8_t headers[ACT_SIGNERS_MAX][64]; /* of the signatures made by forge_sign */
};

/* Every failure ends the program with a message. */
void forge_load(struct forge *forge, const char *dir);
void forge_close(struct forge *forge);
/* The origin line and the station's key of that ledger are used from now on. */
void forge_disguise(struct forge *forge, const char *dir);

struct forged *forge_insert(struct forge *forge, size_t at, enum record_type type, uint64_t logged_s);
void forge_remove(struct forge *forge, size_t at);
void forge_set_act(struct forge *forge, size_t at, struct view act);
/* A new record before the last one (a heads record), with this act and the details of `details` (may be NULL). Gives its index. */
size_t forge_append(struct forge *forge, struct view act, const struct forged *details);
/* Decodes the act of record `at` into forge->act. */
struct act *forge_act(struct forge *forge, size_t at);
/* Encodes forge->act with the signatures that it has: they no longer fit, if anything was changed. */
void forge_put_act(struct forge *forge, size_t at);
/* Signs forge->act as signer number i with this key; the payload must be final. */
void forge_sign(struct forge *forge, size_t i, const struct secret *secret);
/* The last record of that subject's thread of this kind (KIND_COUNT: any) before `end`; SIZE_MAX if none. */
size_t forge_find(struct forge *forge, uint64_t subject, unsigned kind, size_t end);

/* Index, prev, links, heads records, hashes: all anew. */
void forge_chain(struct forge *forge);
/* The root of the tree of the first `size` records. */
void forge_root(struct forge *forge, size_t size, struct hash *out);
/* A node of that tree: a complete subtree. */
void forge_node(struct forge *forge, unsigned level, uint64_t index, struct hash *out);
/* Appends the signed checkpoint of the first `size` records. */
void forge_checkpoint(struct forge *forge, size_t size, struct buffer *note);
/* Appends what a witness is asked (tlog-witness), with the best proof that there is: it holds only where nothing was changed below `old`. */
void forge_request(struct forge *forge, uint64_t old, struct buffer *out);
/* A checkpoint over everything, and the tiles, into a new folder. */
void forge_tiles(struct forge *forge, const char *dir);
/*
 * Signs a checkpoint over everything and makes a bundle of that subject; anchor: the size of an older view that is in it too, or
 * UINT64_MAX.
 */
void forge_bundle(struct forge *forge, uint64_t asked, uint64_t anchor, struct buffer *out);

#endif
