/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve: an HTTP(S) server on one address, with libmicrohttpd, for small bodies from peers that nobody trusts: bounded bodies, headers,
 * connections (all, and for each address) and time. One thread answers one request after the other, so that a handler needs no locks.
 * Not here: what is answered.
 */
#ifndef UNBROKEN_LEDGER_SERVE_H
#define UNBROKEN_LEDGER_SERVE_H

#include "verify/bytes.h"

struct serve_request {
    const char *method, *path; /* method of a HEAD: "GET"; path: decoded by nobody; without the query */
    struct view body;          /* whole; empty for GET */
    const char *peer;          /* address of the other side, for logs */
};

struct serve_answer {
    unsigned http_status;     /* as the handler finds it: 500 */
    const char *content_type; /* "text/plain; charset=utf-8" */
    const char *allow;        /* of a 405; NULL: none */
    unsigned retry_after_s;   /* 0: none */
    struct buffer body;       /* serve frees it */
    struct buffer note;       /* what the log's line should say besides; serve escapes and frees it */
};

typedef void serve_handler(void *context, const struct serve_request *request, struct serve_answer *answer);
/* One line for each request that was answered or refused, without newline, escaped. May be NULL. */
typedef void serve_log(void *context, const char *line);

struct serve_options {
    const char *listen;       /* "127.0.0.1:8080", "[::1]:0"; port 0: any free one */
    size_t body_max;          /* a longer body is 413, read no further; one that came without a length is then cut off by closing */
    unsigned connections_max; /* 0: 256 */
    unsigned per_address_max; /* 0: 32 */
    unsigned timeout_s;       /* of an idle connection; a request has three times as long, however it trickles; 0: 10 */
    struct view certificate, key; /* PEM; both or none: plain HTTP */
};

struct server;
/* Errors: STATUS_REFUSED (listen is none), STATUS_ENVIRONMENT (the address is taken, the certificate does not fit its key, ...). */
MUST_USE enum status serve_open(const struct serve_options *options, serve_handler *handler, serve_log *log, void *context, struct server **out,
                                struct fault *fault);
/* The address in use, "127.0.0.1:40123"; lives as long as the server. */
const char *serve_address(const struct server *server);
/* Answers what is on its way, then stops. Accepts NULL. */
void serve_close(struct server *server);

#endif
