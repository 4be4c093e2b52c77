/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detail: sheets and disclosures (SPEC 3.7): details that can be withheld or erased with proven extent.
 */
#ifndef UNBROKEN_VERIFY_DETAIL_H
#define UNBROKEN_VERIFY_DETAIL_H

#include "verify/hash.h"
#include "verify/reader.h"

enum { SALT_BYTES = 16, DETAIL_NONCE_BYTES = 16, SHEET_LINES_MAX = 4096, SHEET_BYTES_MAX = 262144,
       DISCLOSURE_BYTES_MAX = 65535, VALUE_ITEMS_MAX = 64 };

struct sheet_line {
    uint64_t name;
    uint64_t ordinal;
    struct hash digest;
};

/* Walks a sheet. All rules of SPEC 3.7 and 4 are checked by sheet_open; sheet_next cannot fail after it. */
struct sheet_cursor {
    struct reader reader;
    size_t left;
};

/* Errors: STATUS_DAMAGED, fault->at = byte offset. */
MUST_USE enum status sheet_open(struct view sheet, struct sheet_cursor *out, struct fault *fault);
bool sheet_next(struct sheet_cursor *cursor, struct sheet_line *out);
void sheet_encode(const struct sheet_line *lines, size_t count, struct buffer *out);
/* H("unbroken/1 sheet\n" || sheet) */
void sheet_hash(struct hasher *hasher, struct view sheet, struct hash *out);

enum value_type { VALUE_TEXT, VALUE_INT, VALUE_BYTES, VALUE_FILE, VALUE_LIST };

struct attachment {
    struct hash hash;      /* SHA-256 of the file */
    uint64_t length_bytes;
    struct view media_type;
};

struct value {
    enum value_type type;
    struct view text;       /* VALUE_TEXT, VALUE_BYTES */
    int64_t number;         /* VALUE_INT */
    struct attachment file; /* VALUE_FILE */
    struct view list;       /* VALUE_LIST: the array's bytes; read with a reader */
};

struct disclosure {
    bool has_ledger; /* false in the founding act */
    struct hash ledger;
    uint64_t author;
    uint8_t nonce[DETAIL_NONCE_BYTES];
    bool has_subject; /* false for a detail of the act as a whole */
    uint64_t subject;
    uint64_t name;
    uint64_t ordinal;
    uint8_t salt[SALT_BYTES];
    struct value value;
};

MUST_USE enum status disclosure_decode(struct view bytes, struct disclosure *out, struct fault *fault);
void disclosure_encode(const struct disclosure *disclosure, struct buffer *out);
/* The value for people: text escaped by the caller; lists joined by "; "; a file as "media type, N bytes, sha256". */
void value_print(const struct value *value, struct buffer *out);

#endif
