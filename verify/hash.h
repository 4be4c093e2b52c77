/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash: SHA-256 (FIPS 180-4) by OpenSSL's EVP, fetched once, and the domain prefixes of SPEC 2.3.
 * A hasher serves one thread at a time.
 */
#ifndef UNBROKEN_VERIFY_HASH_H
#define UNBROKEN_VERIFY_HASH_H

#include "verify/bytes.h"

enum { HASH_BYTES = 32 };

struct hash {
    uint8_t bytes[HASH_BYTES];
};

struct hasher; /* opaque: an EVP_MD fetched once from a private library context, and a context */

/* Errors: STATUS_ENVIRONMENT with OpenSSL's text. */
MUST_USE enum status hasher_open(struct hasher **out, struct fault *fault);
void hasher_close(struct hasher *hasher); /* accepts NULL */

/* out = SHA-256(data). SHA-256 of memory cannot fail once fetched; a failure is our bug (assert). */
void hash_data(struct hasher *hasher, struct view data, struct hash *out);
/* out = SHA-256(prefix || data): prefix is one of the HASH_PREFIX texts, newline included. */
void hash_prefixed(struct hasher *hasher, const char *prefix, struct view data, struct hash *out);
/* RFC 6962 2.1: SHA-256(0x00 || data). The record hash. */
void hash_leaf(struct hasher *hasher, struct view data, struct hash *out);
/* RFC 6962 2.1: SHA-256(0x01 || left || right). out may be left or right. */
void hash_node(struct hasher *hasher, const struct hash *left, const struct hash *right, struct hash *out);

bool hash_equal(const struct hash *a, const struct hash *b);
struct view hash_view(const struct hash *hash);
/* From a view of exactly 32 bytes (asserted). */
struct hash hash_of_view(struct view bytes);

#define HASH_PREFIX_LEDGER "unbroken/1 ledger\n"
#define HASH_PREFIX_ACT "unbroken/1 act\n"
#define HASH_PREFIX_SHEET "unbroken/1 sheet\n"

#endif
