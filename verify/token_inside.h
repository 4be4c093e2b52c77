/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token_inside: what the files of token share.
 */
#ifndef UNBROKEN_VERIFY_TOKEN_INSIDE_H
#define UNBROKEN_VERIFY_TOKEN_INSIDE_H

#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include "verify/token.h"

/* An OpenSSL failure as our status: out of memory is never called untrusted. */
enum status token_fault(struct fault *fault, enum status status, const char *what);
/* All of der as a SignedData of one signer; NULL otherwise. */
PKCS7 *token_decode(struct view der);
/* Appends the subject of the signer's certificate, which is in the token or one of the helpers. STATUS_UNTRUSTED, STATUS_MEMORY. */
MUST_USE enum status token_signer_name(STACK_OF(X509) *helpers, PKCS7 *token, struct buffer *name, struct fault *fault);
/* genTime, fractions of a second cut off. STATUS_DAMAGED. */
/* RFC 3161 2.4.2: the authority says that it was no later than genTime and its accuracy, here rounded up. STATUS_DAMAGED: over a day. */
MUST_USE enum status token_latest(TS_TST_INFO *info, uint64_t time_s, uint64_t *latest_s, struct fault *fault);
MUST_USE enum status token_time(TS_TST_INFO *info, uint64_t *time_s, struct fault *fault);
/* messageImprint. False: not of SHA-256. */
bool token_imprint(TS_TST_INFO *info, struct hash *out);

/*
 * The revocation lists in a token whose signature holds, against the chain of its signer: store is the one by which it held, helpers the trusted
 * certificates. Errors: STATUS_UNTRUSTED (revoked, SPEC 3.6), STATUS_MEMORY.
 */
MUST_USE enum status token_check_revoked(X509_STORE *store, STACK_OF(X509) *helpers, PKCS7 *token, uint64_t time_s, struct fault *fault);

#endif
