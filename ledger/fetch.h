/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fetch: asks other hosts over HTTP(S) with libcurl: several at once, each bounded in bytes and in time. Certificates and host names are always
 * checked. Redirects are not followed, proxies and netrc of the environment are not used. Not here: what is asked and what an answer means.
 */
#ifndef UNBROKEN_LEDGER_FETCH_H
#define UNBROKEN_LEDGER_FETCH_H

#include "verify/bytes.h"

enum { FETCH_AT_ONCE_MAX = 64, FETCH_TYPE_BYTES = 64 };

/* Borrows everything. */
struct fetch_request {
    const char *url;          /* http:// or https:// */
    bool post;                /* else GET */
    struct view body;         /* of a POST */
    const char *content_type; /* of a POST */
    size_t answer_max;        /* bytes of the answer's body; a longer one is STATUS_DAMAGED */
    uint64_t connect_ms, total_ms; /* 0: 5,000 and 30,000 */
    const char *ca_file;      /* PEM of the authorities that are trusted; NULL: the machine's */
};

struct fetch_answer {
    enum status status; /* STATUS_OK: there is an answer, of whatever http_status */
    struct fault fault; /* else why not: names the URL (escaped), and libcurl's reason */
    long http_status;
    char content_type[FETCH_TYPE_BYTES]; /* lower case, without parameters; "" where there is none or it is too long */
    struct buffer body; /* owned: fetch_answer_free */
};

/*
 * Asks all of them side by side; answers[i] belongs to requests[i]. count <= FETCH_AT_ONCE_MAX (asserted). The connections are kept in `fetcher` for the next call.
 * Errors: STATUS_MEMORY, STATUS_ENVIRONMENT (libcurl itself); what goes wrong with one of them stands in its answer alone.
 */
struct fetcher;
MUST_USE enum status fetcher_open(struct fetcher **out, struct fault *fault);
void fetcher_close(struct fetcher *fetcher); /* accepts NULL */
MUST_USE enum status fetch_all(struct fetcher *fetcher, const struct fetch_request *requests, size_t count, struct fetch_answer *answers, struct fault *fault);
void fetch_answer_free(struct fetch_answer *answer); /* zero afterwards; accepts a zero one */

/* "prefix/path" with one slash between, owned by the caller; NULL when out of memory. */
char *fetch_url(struct view prefix, const char *path);

#endif
