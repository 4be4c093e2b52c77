/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token: RFC 3161 time-stamp tokens, checked by OpenSSL's TS. What is checked is the TimeStampToken (CMS
 * SignedData, DER), as the tokens of a view are; not the TimeStampResp around it that a TSA answers with.
 * Trust comes from the caller's certificates alone: those in a token help to build the chain, no more.
 * Neither clock nor network: certificates are judged at the token's own time, and no revocation is known but
 * by the lists that travel in the token (SPEC 3.6): they take trust away, and never give it.
 */
#ifndef UNBROKEN_VERIFY_TOKEN_H
#define UNBROKEN_VERIFY_TOKEN_H

#include "verify/hash.h"

enum { TOKEN_BYTES_MAX = 65536, TOKEN_CERTIFICATES_MAX = 64, TOKEN_SERIAL_BYTES = 48, TOKEN_POLICY_BYTES = 128 };

struct token_trust; /* opaque: the caller's certificates; not changed by checking, so threads may share it */

/*
 * pem: one or more certificates. A chain must end in a self-signed one of them; others help to build it.
 * Keeps OPENSSL_CONF out of the process's default library context, if nothing has loaded it before.
 * Errors: STATUS_DAMAGED (no certificate, or one that cannot be read; at = its number from 1),
 * STATUS_MEMORY.
 */
MUST_USE enum status token_trust_open(struct view pem, struct token_trust **out, struct fault *fault);
void token_trust_close(struct token_trust *trust); /* accepts NULL */

/*
 * Checks that der is a token over the SHA-256 imprint, signed with SHA-256, SHA-384 or SHA-512 by a
 * certificate whose only and critical extended key usage is timeStamping, that was valid at the token's
 * time, and whose chain (at least 112 bits of security) leads to the trusted certificates; and that no list
 * in the token, signed by the chain's authority, revokes a certificate of the chain for that time.
 * On success only: *time_s = genTime, fractions of a second cut off, and the accuracy that the token states, rounded up; the subject of the TSA's certificate
 * (RFC 2253, UTF-8, not escaped for a terminal) is appended to name.
 * Errors: STATUS_DAMAGED (not a token), STATUS_UNTRUSTED (another imprint, or a check that does not hold),
 * STATUS_MEMORY; at = FAULT_NOWHERE.
 */
MUST_USE enum status token_check(const struct token_trust *trust, struct view der, const struct hash *imprint,
                                 uint64_t *time_s, struct buffer *name, struct fault *fault);

/* What a token says of itself: read, and not checked. */
struct token_facts {
    uint64_t time_s;
    struct hash imprint;             /* SHA-256 */
    char serial[TOKEN_SERIAL_BYTES]; /* hex; "" where it is longer */
    char policy[TOKEN_POLICY_BYTES]; /* dotted; "" where it is longer */
    size_t certificates, lists;      /* that travel in it */
};

/*
 * name: as of token_check, of the certificate in the token; nothing is appended where it has none.
 * Errors: STATUS_DAMAGED (also an imprint that is not of SHA-256), STATUS_UNTRUSTED (certificates, but not its own), STATUS_MEMORY; out is unchanged.
 */
MUST_USE enum status token_read(struct view der, struct token_facts *out, struct buffer *name, struct fault *fault);

#endif
