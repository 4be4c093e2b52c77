/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forge: what an administrator can do who owns the machine and the station's key: take all records out, change them, hash and chain
 * everything anew, sign a checkpoint over it, and make a bundle as the real program would. He does not have the officers' keys.
 */
#ifndef UNBROKEN_TESTS_FORGE_H
#define UNBROKEN_TESTS_FORGE_H

#include "ledger/ledger.h"

/* One record, taken apart. Owned. */
struct forged {
    enum record_type type;
    uint64_t logged_s;
    struct buffer act;
    struct buffer *sheets, *disclosures;
    size_t sheet_count, disclosure_count;
    /* Made by forge_chain. */
    struct buffer bytes;
    struct hash hash;
    bool omitted; /* left out of the bundle, though it stays in the tree */
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
    /* Made by forge_chain. */
    uint64_t subjects;
    struct heads_leaf *leaves;
    struct hash *leaf_hashes;
    struct record *record; /* scratch */
    struct act *act;
};

/* Every failure of the forger's own program ends it with a message: it is a test tool. */
void forge_load(struct forge *forge, const char *dir, const char *head_path);
void forge_close(struct forge *forge);
struct forged *forge_insert(struct forge *forge, size_t at, enum record_type type, uint64_t logged_s);
void forge_remove(struct forge *forge, size_t at);
void forge_set_act(struct forge *forge, size_t at, struct view act);
void forge_add_detail_bytes(struct forged *record, struct view sheet, const struct view *disclosures, size_t count);
/* Decodes the act of record `at` into forge->act. */
struct act *forge_act(struct forge *forge, size_t at);
/* Encodes forge->act with the signatures that it has: they no longer fit, if anything was changed. */
void forge_put_act(struct forge *forge, size_t at);
/* Index, prev, links, heads records, hashes: all anew. */
void forge_chain(struct forge *forge);
/* The last record of that subject's thread of this kind before `end`; SIZE_MAX if none. */
size_t forge_find(struct forge *forge, uint64_t subject, unsigned kind, size_t end);

/* Signs a checkpoint over everything and makes a bundle of that subject. */
void forge_bundle(struct forge *forge, uint64_t asked, struct buffer *out);

void forge_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif
