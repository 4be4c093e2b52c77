/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_http: see the header.
 */
#include "ledger/witness_http.h"

#include <string.h>

#include "verify/text.h"

enum { RETRY_S = 30 };

static void say(struct serve_answer *answer, unsigned http_status, const char *sentence)
{
    answer->http_status = http_status;
    buffer_reset(&answer->body);
    buffer_printf(&answer->body, "%s\n", sentence);
}

static void refuse_method(struct serve_answer *answer, const char *allow)
{
    say(answer, 405, "this method is not for this address");
    answer->allow = allow;
}

/* For the log: which checkpoint, and what was wrong with it. */
static void put_note(const struct witness_answer *said, struct buffer *note)
{
    buffer_printf(note, "%s", said->about);
    if (said->exhibit[0] != '\0') {
        buffer_printf(note, "%sFORK: %s", note->len == 0 ? "" : ": ", said->exhibit);
    } else if (said->trouble.status != STATUS_OK) {
        buffer_printf(note, "%s%s", note->len == 0 ? "" : ": ", said->trouble.text);
    } else if (said->http_status != 200 && said->body.len > 0) {
        buffer_printf(note, "%s", note->len == 0 ? "" : said->is_size ? ": it has " : ": ");
        buffer_append(note, said->body.ptr, said->body.len - 1);
    }
}

static void add(const struct witness_http *http, const struct serve_request *request, struct serve_answer *answer)
{
    struct witness_answer said;

    witness_add_checkpoint(http->witness, request->body, http->now_s(http->context), &said);
    answer->http_status = said.http_status;
    answer->content_type = said.is_size ? "text/x.tlog.size" : "text/plain; charset=utf-8";
    answer->retry_after_s = said.http_status == 503 ? RETRY_S : 0;
    answer->body = said.body;
    put_note(&said, &answer->note);
}

static void show(const struct witness_http *http, struct view origin_hash, struct serve_answer *answer)
{
    struct fault fault;
    enum status status;

    fault_clear(&fault);
    status = witness_latest(http->witness, origin_hash, &answer->body, &fault);
    if (status == STATUS_OK) {
        answer->http_status = 200;
    } else if (status == STATUS_MISSING) {
        say(answer, 404, "this witness has cosigned no checkpoint of that origin");
    } else {
        say(answer, 500, "this witness cannot read its files");
        buffer_printf(&answer->note, "%s", fault.text);
    }
}

void witness_http_answer(void *context, const struct serve_request *request, struct serve_answer *answer)
{
    static const char END[] = "/checkpoint";
    const struct witness_http *http = context;
    struct view path = view_text(request->path);
    size_t end = sizeof END - 1;

    if (view_equal(path, view_text("/add-checkpoint"))) {
        if (strcmp(request->method, "POST") == 0) {
            add(http, request, answer);
        } else {
            refuse_method(answer, "POST");
        }
    } else if (path.len > end && path.ptr[0] == '/' && memcmp(path.ptr + path.len - end, END, end) == 0) {
        if (strcmp(request->method, "GET") == 0) {
            show(http, view_part(path, 1, path.len - 1 - end), answer);
        } else {
            refuse_method(answer, "GET, HEAD");
        }
    } else {
        say(answer, 404, "there are POST /add-checkpoint and GET /ORIGIN-HASH/checkpoint here");
    }
}
