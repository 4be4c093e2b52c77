/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp: RFC 3161: the question to a time-stamp authority (TSA) about a checkpoint, its answer checked, and the token made fit to be kept:
 * with the certificates of its chain and the revocation lists of that day in it (SPEC 3.6). What counts is what a court will check: token_check.
 * Not here: where tokens are kept (views.h), which authorities there are (custody/).
 */
#ifndef UNBROKEN_LEDGER_TIMESTAMP_H
#define UNBROKEN_LEDGER_TIMESTAMP_H

#include "ledger/fetch.h"
#include "verify/token.h"

enum { TIMESTAMP_QUERY_MAX = 4096, TIMESTAMP_ANSWER_MAX = 65536, TIMESTAMP_LISTS_MAX = 16, TIMESTAMP_LIST_BYTES_MAX = 4 << 20 };

/* An authority as it is configured. Borrows everything. */
struct timestamp_tsa {
    const char *url;
    const char *tls_ca; /* PEM file for https; NULL: the machine's authorities */
    struct view ca;     /* PEM, as of token_trust_open */
    struct view lists;  /* revocation lists: PEM, one or more, or one in DER; empty: none given */
    bool fetch_lists;   /* or fetched, from where the certificates say (http alone) */
    const char *policy; /* object identifier that the token must have; NULL: any */
};

/*
 * Appends a TimeStampReq (DER) over that imprint: SHA-256, a random nonce of 64 bits, the certificate asked for. policy may be NULL.
 * Errors: STATUS_DAMAGED (policy is no object identifier), STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status timestamp_query(const struct hash *imprint, const char *policy, struct buffer *out, struct fault *fault);
/* The imprint of such a query, as read from a file. STATUS_DAMAGED: not one that timestamp_query makes. */
MUST_USE enum status timestamp_query_read(struct view query, struct hash *imprint, struct fault *fault);

/*
 * Posts queries[i] to tsas[i], all side by side. answers[i].status: STATUS_OK when there is an answer of HTTP status 200 and type
 * application/timestamp-reply in answers[i].body; else answers[i].fault says why not. Free each with fetch_answer_free.
 */
MUST_USE enum status timestamp_ask(struct fetcher *fetcher, const struct timestamp_tsa *tsas, const struct buffer *queries, size_t count,
                                   struct fetch_answer *answers, struct fault *fault);

struct timestamp {
    struct buffer token;    /* as it is to be kept */
    struct buffer name;     /* of the TSA, as of token_check */
    uint64_t time_s;
    bool lists_checked;     /* revocation was looked at */
    bool lists_kept;        /* and the lists are in the token; false: they are too long for it */
};
void timestamp_free(struct timestamp *timestamp); /* zero afterwards; accepts a zero one */

/*
 * Checks a TimeStampResp against its query: granted, version, imprint, nonce, policy, and token_check by tsa->ca. Where lists are given or to be
 * fetched, each certificate of the chain must be covered by one of its issuer that is not past its time at the token's, and must not be on it.
 * Then the chain and the lists are put into the token and all is checked again. fetcher is used for lists alone and may be NULL without fetch_lists.
 * Errors: STATUS_DAMAGED (not a response, a list that is none, the trusted certificates), STATUS_REFUSED (the TSA says no: its words are in the text),
 * STATUS_UNTRUSTED (another question's answer; what token_check says; a revoked certificate, or no current list), STATUS_ENVIRONMENT (no list could be
 * fetched), STATUS_MEMORY. out is zero then.
 */
MUST_USE enum status timestamp_accept(const struct timestamp_tsa *tsa, struct view query, struct view response, struct fetcher *fetcher,
                                      struct timestamp *out, struct fault *fault);

#endif
