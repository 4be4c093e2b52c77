/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key: public keys and the one rule by which a signature is valid (SPEC 2.4). Ed25519 (COSE -19) is asked
 * of libsodium and OpenSSL; ESP256 (COSE -9, P-256 with SHA-256, low s) of OpenSSL.
 * Not here: private keys (ledger/).
 */
#ifndef UNBROKEN_VERIFY_KEY_H
#define UNBROKEN_VERIFY_KEY_H

#include "verify/hash.h"
#include "verify/reader.h"

enum { KEY_ED25519 = -19, KEY_ESP256 = -9, SIGNATURE_BYTES = 64, ED25519_BYTES = 32 };

struct public_key {
    int algorithm;     /* KEY_ED25519 or KEY_ESP256 */
    size_t len;        /* 32 or 33 */
    uint8_t bytes[33]; /* RFC 8032 encoding, or the SEC 1 compressed point */
};

enum signature_opinion {
    SIGNATURE_VALID,
    SIGNATURE_INVALID,
    SIGNATURE_DISAGREED /* the two libraries differ, or one could not answer: our own error, status 2 */
};

/* How many libraries are asked for Ed25519. The verifier asks both; replaying a whole ledger may ask one. */
enum signature_rigour { SIGNATURE_BOTH, SIGNATURE_FAST };

/* Once per process before any check; sodium_init. Errors: STATUS_ENVIRONMENT. */
MUST_USE enum status key_initialise(struct fault *fault);

/* public-key = [-19, bytes .size 32] / [-9, bytes .size 33]; fails the reader if malformed. */
void public_key_read(struct reader *reader, struct public_key *out);
void public_key_write(struct buffer *out, const struct public_key *key);
/* kid = SHA-256 of the deterministic CBOR of public-key. */
void public_key_id(struct hasher *hasher, const struct public_key *key, struct hash *out);
/*
 * Ed25519: canonical (y < p), on the curve, not of small order. ESP256: a compressed point on the curve.
 */
bool public_key_check(const struct public_key *key);

/*
 * Ed25519: key as above, R canonical and not of small order, S < L, cofactorless equation.
 * ESP256: r and s in range, s <= n/2; the digest is SHA-256 of the message.
 */
MUST_USE enum signature_opinion signature_check(const struct public_key *key, struct view message,
                                                const uint8_t signature[SIGNATURE_BYTES],
                                                enum signature_rigour rigour);

#endif
