/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http: one POST on one connection (RFC 9112), as IPP needs it, with an answer of bounded length in bounded time. Not here: anything else of
 * HTTP: no redirect, no password, no second request on the connection.
 */
#ifndef UNBROKEN_PRINTER_HTTP_H
#define UNBROKEN_PRINTER_HTTP_H

#include "printer/wire.h"

enum { HTTP_HEAD_MAX_BYTES = 16384, HTTP_ANSWER_MAX_BYTES = 1 << 20 };

enum http_progress { HTTP_MORE, HTTP_DONE, HTTP_BAD };

/*
 * An answer's bytes so far; ended: no more will come. Interim answers (1xx) are skipped. Once the head is there *code is set, before that it
 * is 0; with HTTP_DONE the body has been appended, without its chunks' sizes.
 */
MUST_USE enum http_progress http_read(struct view answer, bool ended, unsigned *code, struct buffer *body);

struct http_post {
    const char *host, *path, *media_type;
    unsigned port;
    struct view head, data; /* the body's two parts */
    unsigned stall_ms, answer_ms;
};

/*
 * Posts and reads the answer. *went: how many bytes of data the other side may have; also on failure. Errors: STATUS_ENVIRONMENT (cut off, too
 * slow, no HTTP, too long), STATUS_MEMORY; the message names no host. An answer that comes before all was sent is an answer.
 */
MUST_USE enum status http_post(struct wire *wire, const struct http_post *post, unsigned *code, struct buffer *body, uint64_t *went, struct fault *fault);

#endif
