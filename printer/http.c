/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http: libcups has a client of its own, but that reads header lines, and asks again and again, for as long as the other side likes.
 */
#include "printer/http.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "verify/text.h"

struct head {
    unsigned code;
    bool chunked, sized;
    uint64_t length;
};

/* The next line without its end. False: none is complete. */
static bool next_line(struct view bytes, size_t *at, struct view *line)
{
    const uint8_t *end = *at < bytes.len ? memchr(bytes.ptr + *at, '\n', bytes.len - *at) : NULL;
    if (end == NULL) {
        return false;
    }
    size_t stop = (size_t)(end - bytes.ptr), len = stop - *at;
    *line = view_part(bytes, *at, len > 0 && bytes.ptr[stop - 1] == '\r' ? len - 1 : len);
    *at = stop + 1;
    return true;
}

/* "HTTP/1.1 200 OK" */
static bool read_status(struct view line, unsigned *code)
{
    if (line.len < 12 || memcmp(line.ptr, "HTTP/1.", 7) != 0 || line.ptr[8] != ' ') {
        return false;
    }
    *code = 0;
    for (size_t i = 9; i < 12; i++) {
        if (!isdigit(line.ptr[i])) {
            return false;
        }
        *code = *code * 10 + (unsigned)(line.ptr[i] - '0');
    }
    return *code >= 100;
}

/* The value behind "name:", without spaces around it. */
static bool field(struct view line, const char *name, struct view *value)
{
    size_t len = strlen(name);
    if (line.len <= len || line.ptr[len] != ':' || strncasecmp((const char *)line.ptr, name, len) != 0) {
        return false;
    }
    *value = view_part(line, len + 1, line.len - len - 1);
    while (value->len > 0 && (value->ptr[0] == ' ' || value->ptr[0] == '\t')) {
        *value = view_part(*value, 1, value->len - 1);
    }
    while (value->len > 0 && (value->ptr[value->len - 1] == ' ' || value->ptr[value->len - 1] == '\t')) {
        value->len--;
    }
    return true;
}

static bool read_field(struct view line, struct head *head)
{
    struct view value;
    if (field(line, "content-length", &value)) {
        head->sized = true;
        return text_decimal(value, &head->length) && head->length <= HTTP_ANSWER_MAX_BYTES;
    }
    if (field(line, "transfer-encoding", &value)) {
        head->chunked = true;
        return value.len == 7 && strncasecmp((const char *)value.ptr, "chunked", 7) == 0;
    }
    return true;
}

/* The head behind *at, from its status line to the empty line. */
static enum http_progress read_head(struct view answer, size_t *at, struct head *head)
{
    struct view line;
    size_t from = *at;

    *head = (struct head){ 0 };
    bool first = true;
    while (next_line(answer, at, &line)) {
        if (line.len == 0 && !first) {
            return HTTP_DONE;
        }
        if (first ? !read_status(line, &head->code) : !read_field(line, head)) {
            return HTTP_BAD;
        }
        first = false;
    }
    return answer.len - from > HTTP_HEAD_MAX_BYTES ? HTTP_BAD : HTTP_MORE;
}

/* A chunk's size, in hex, with whatever may stand behind a semicolon. */
static bool chunk_size(struct view line, size_t *size)
{
    size_t i = 0;
    for (*size = 0; i < line.len && isxdigit(line.ptr[i]); i++) {
        uint8_t c = line.ptr[i];
        *size = *size * 16 + (size_t)(isdigit(c) ? c - '0' : tolower(c) - 'a' + 10);
        if (*size > HTTP_ANSWER_MAX_BYTES) {
            return false;
        }
    }
    return i > 0 && (i == line.len || line.ptr[i] == ';' || line.ptr[i] == ' ');
}

static enum http_progress read_chunks(struct view answer, size_t at, struct buffer *body)
{
    struct view line;
    size_t size;

    while (next_line(answer, &at, &line)) {
        if (!chunk_size(line, &size)) {
            return HTTP_BAD;
        }
        if (size == 0) {
            return HTTP_DONE; /* what may follow says nothing that is needed */
        }
        if (answer.len - at < size) {
            return HTTP_MORE;
        }
        buffer_append(body, answer.ptr + at, size);
        at += size;
        if (!next_line(answer, &at, &line)) {
            return HTTP_MORE;
        }
        if (line.len != 0) {
            return HTTP_BAD;
        }
    }
    return HTTP_MORE;
}

enum http_progress http_read(struct view answer, bool ended, unsigned *code, struct buffer *body)
{
    struct head head = { 0 };
    size_t at = 0, before = body->len;
    enum http_progress progress = HTTP_DONE;

    *code = 0;
    do {
        progress = read_head(answer, &at, &head);
    } while (progress == HTTP_DONE && head.code < 200 && head.code != 101);
    if (progress == HTTP_DONE && head.code == 101) {
        progress = HTTP_BAD;
    }
    if (progress == HTTP_DONE) {
        *code = head.code;
        if (head.chunked) {
            progress = read_chunks(answer, at, body);
        } else if (head.sized ? answer.len - at >= head.length : ended) {
            buffer_append(body, answer.ptr + at, head.sized ? (size_t)head.length : answer.len - at);
        } else {
            progress = HTTP_MORE;
        }
    }
    if (progress == HTTP_MORE && ended) {
        progress = HTTP_BAD;
    }
    if (progress != HTTP_DONE) {
        body->len = before;
    }
    return progress;
}

static enum status read_answer(struct wire *wire, unsigned answer_ms, unsigned *code, struct buffer *body, struct fault *fault)
{
    struct buffer answer = { 0 };
    uint64_t deadline = wire_now_ms() + answer_ms;
    enum http_progress progress = HTTP_MORE;
    enum status status = STATUS_OK;

    while (progress == HTTP_MORE && status == STATUS_OK) {
        uint8_t bytes[16384];
        size_t got = 0;
        status = wire_read(wire, bytes, sizeof bytes, deadline, &got, fault);
        if (status == STATUS_OK) {
            buffer_append(&answer, bytes, got);
            progress = answer.len > HTTP_ANSWER_MAX_BYTES ? HTTP_BAD : http_read(buffer_view(&answer), got == 0, code, body);
            status = buffer_status(&answer, fault);
        }
    }
    if (status == STATUS_MISSING) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "no whole answer in %u seconds", answer_ms / 1000u);
    } else if (status == STATUS_OK && progress == HTTP_BAD) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, answer.len == 0 ? "it ended the connection without an answer" : "its answer is no HTTP, or longer than 1 MB");
    }
    buffer_free(&answer);
    return status;
}

enum status http_post(struct wire *wire, const struct http_post *post, unsigned *code, struct buffer *body, uint64_t *went, struct fault *fault)
{
    struct buffer head = { 0 };
    bool six = strchr(post->host, ':') != NULL;

    *code = 0;
    *went = 0;
    buffer_printf(&head, "POST %s HTTP/1.1\r\nHost: %s%s%s:%u\r\nUser-Agent: unbroken\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                         "Connection: close\r\n\r\n",
                  post->path, six ? "[" : "", post->host, six ? "]" : "", post->port, post->media_type, post->head.len + post->data.len);
    buffer_append_view(&head, post->head);
    enum status status = buffer_status(&head, fault);
    struct fault cut = { 0 };
    if (status == STATUS_OK) {
        uint64_t before = head.len;
        status = wire_write(wire, buffer_view(&head), post->stall_ms, &cut);
        if (status == STATUS_OK) {
            status = wire_write(wire, post->data, post->stall_ms, &cut);
        }
        uint64_t reached = wire->tls != NULL ? wire->written : wire_confirmed(wire);
        *went = reached > before ? reached - before : 0;
        /* A refusal may have come before all was sent: it says more than the cut. */
        struct fault none = { 0 };
        enum status answered = read_answer(wire, status == STATUS_OK ? post->answer_ms : 500, code, body, status == STATUS_OK ? fault : &none);
        if (status == STATUS_OK || (answered == STATUS_OK && *code >= 300)) {
            status = answered;
        } else {
            status = fault_set(fault, status, FAULT_NOWHERE, "%s", cut.text);
        }
    }
    buffer_free(&head);
    return status;
}
