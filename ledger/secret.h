/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret: private keys, the only file that holds them. Ed25519 in PKCS#8, encrypted with PBES2 (scrypt, AES-256-CBC); wiped when closed.
 */
#ifndef UNBROKEN_LEDGER_SECRET_H
#define UNBROKEN_LEDGER_SECRET_H

#include "verify/key.h"

struct secret; /* an Ed25519 (or, when loaded, P-256) private key */

MUST_USE enum status secret_new(struct secret **out, struct fault *fault);
MUST_USE enum status secret_from_seed(const uint8_t seed[32], struct secret **out, struct fault *fault);
void secret_close(struct secret *secret); /* wipes; accepts NULL */
const struct public_key *secret_public(const struct secret *secret);
/* Ed25519, or ESP256 with low s. */
MUST_USE enum status secret_sign(const struct secret *secret, struct view message, uint8_t out[SIGNATURE_BYTES],
                                 struct fault *fault);

/*
 * Writes a new PEM file: O_EXCL, O_NOFOLLOW, 0600, synced with its directory. passphrase of length 0: unencrypted (station key only).
 * Errors: STATUS_REFUSED (exists), STATUS_FULL, STATUS_ENVIRONMENT.
 */
MUST_USE enum status secret_save(const struct secret *secret, const char *path, struct view passphrase,
                                 struct fault *fault);
/* Errors: STATUS_MISSING, STATUS_UNTRUSTED (wrong passphrase), STATUS_DAMAGED (not a key file of ours), STATUS_REFUSED (readable by others: mode & 077). */
MUST_USE enum status secret_load(const char *path, struct view passphrase, struct secret **out, struct fault *fault);
/* The public key in a key file or in a "public key" line (below), without passphrase; STATUS_MISSING, STATUS_DAMAGED. */
MUST_USE enum status secret_read_public(const char *path, struct public_key *out, struct fault *fault);
/* One line of text for a public key: "ed25519:BASE64" or "p256:BASE64". */
void public_key_print(const struct public_key *key, struct buffer *out);
MUST_USE enum status public_key_parse(struct view text, struct public_key *out, struct fault *fault);

#endif
