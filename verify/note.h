/* SPDX-License-Identifier: Apache-2.0 */
/*
 * note: C2SP signed-note, tlog-checkpoint and tlog-cosignature (cosignature/v1), Ed25519 only.
 * Parsing borrows; nothing is trusted by parsing.
 */
#ifndef UNBROKEN_VERIFY_NOTE_H
#define UNBROKEN_VERIFY_NOTE_H

#include "verify/key.h"

/* NOTE_NAME_MAX: of a key whose signatures we check; tlog-cosignature has the same limit. */
enum { NOTE_BYTES_MAX = 65536, NOTE_SIGNATURES_MAX = 64, NOTE_NAME_MAX = 255 };

/* vkey: "<name>+<8 hex>+<base64(type || key)>"; type 1 = Ed25519, 4 = cosignature/v1. */
struct verifier_key {
    struct view name; /* borrows the text it was parsed from */
    uint8_t id[4];
    uint8_t type;
    struct public_key key;
};

/* Errors: STATUS_DAMAGED (form, wrong id, bad key, unknown type). fault->at = byte offset. */
MUST_USE enum status verifier_key_parse(struct hasher *hasher, struct view text, struct verifier_key *out,
                                        struct fault *fault);
void verifier_key_format(struct hasher *hasher, struct view name, uint8_t type, const uint8_t key[32],
                         struct buffer *out);
/* key ID = SHA-256(name || 0x0A || type || key)[:4]; 1 to NOTE_NAME_MAX bytes of name (asserted). */
void verifier_key_id(struct hasher *hasher, struct view name, uint8_t type, const uint8_t key[32], uint8_t id[4]);

struct note_signature {
    struct view name;
    uint8_t id[4];
    uint8_t bytes[72]; /* 64, or 8 + 64 for a cosignature; longer ones are kept as len only */
    size_t len;        /* without the 4 bytes of the id */
};

struct checkpoint {
    struct view note; /* all of it, as received */
    struct view text; /* signed text: up to and with its last newline, without the blank line */
    struct view origin;
    uint64_t size;
    struct hash root;
    size_t signature_count;
    struct note_signature signatures[NOTE_SIGNATURES_MAX];
};

/*
 * Parses a checkpoint: UTF-8, no control but newline, three lines exactly (we write and accept no extension
 * lines), decimal size at most 2^53-1, canonical base64. Errors: STATUS_DAMAGED, at = byte offset.
 */
MUST_USE enum status checkpoint_parse(struct view note, struct checkpoint *out, struct fault *fault);

/* The text to sign: "origin\nsize\nbase64(root)\n". */
void checkpoint_text(struct view origin, uint64_t size, const struct hash *root, struct buffer *out);
/* Appends "— name base64(id || signature)\n"; the caller writes the blank line before the first. */
void note_signature_line(struct view name, const uint8_t id[4], struct view signature, struct buffer *out);

enum note_answer {
    NOTE_UNSIGNED, /* no line of this name and id */
    NOTE_VALID,
    NOTE_FAILED,   /* a line of this name and id whose signature does not hold (or repeated) */
    NOTE_DISAGREED /* the two libraries differ */
};

/*
 * Looks for the key's line and checks it. Type 1 signs text; type 4 signs
 * "cosignature/v1\ntime T\n" || text, and *time_s receives T (else 0).
 */
MUST_USE enum note_answer checkpoint_check(const struct checkpoint *checkpoint, const struct verifier_key *key,
                                           uint64_t *time_s);

#endif
