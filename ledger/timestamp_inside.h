/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp_inside: what the files of timestamp share.
 */
#ifndef UNBROKEN_LEDGER_TIMESTAMP_INSIDE_H
#define UNBROKEN_LEDGER_TIMESTAMP_INSIDE_H

#include <openssl/x509.h>

#include "ledger/timestamp.h"
#include "verify/token_inside.h"

/*
 * The token of a TimeStampResp that answers the query: granted, version, imprint, nonce, policy; its signature is not looked at.
 * imprint receives the query's. Errors: as timestamp_accept.
 */
MUST_USE enum status timestamp_decode_response(struct view query, struct view response, struct buffer *token, struct hash *imprint,
                                               struct fault *fault);

/*
 * The chain of the token's signer at time_s, built by the trusted certificates; free with sk_X509_pop_free. lists NULL: revocation is not asked.
 * Errors: STATUS_UNTRUSTED (no chain, no current list, revoked), STATUS_MEMORY.
 */
MUST_USE enum status timestamp_chain(PKCS7 *token, STACK_OF(X509) *trusted, STACK_OF(X509_CRL) *lists, uint64_t time_s, STACK_OF(X509) **chain,
                                     struct fault *fault);
/* All certificates of a PEM that token_trust_open has taken. */
MUST_USE enum status timestamp_trusted(struct view pem, STACK_OF(X509) **out, struct fault *fault);
/* Appends the lists of a file. STATUS_DAMAGED. */
MUST_USE enum status timestamp_lists_read(struct view file, STACK_OF(X509_CRL) *out, struct fault *fault);
/* Appends the lists that the chain's certificates name, from where they say. Errors: STATUS_ENVIRONMENT, STATUS_DAMAGED, STATUS_UNTRUSTED (none is named). */
MUST_USE enum status timestamp_lists_fetch(struct fetcher *fetcher, STACK_OF(X509) *chain, STACK_OF(X509_CRL) *out, struct fault *fault);
/*
 * Puts chain and lists (those by its issuers; NULL: none) into the token and encodes it. STATUS_REFUSED: it would be longer than TOKEN_BYTES_MAX.
 */
MUST_USE enum status timestamp_embed(struct view token, STACK_OF(X509) *chain, STACK_OF(X509_CRL) *lists, struct buffer *out, struct fault *fault);

#endif
