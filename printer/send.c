/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send: takes addresses apart and chooses the way.
 */
#include "printer/send_inside.h"

#include <cups/http.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "verify/text.h"

const struct send_times SEND_TIMES_USUAL = { .connect_ms = 5000, .state_ms = 2000, .answer_ms = 15000, .stall_ms = 30000, .job_ms = 10000 };

/* At most limit bytes, without half a character at the end. */
static size_t whole_characters(const char *text, size_t len, size_t limit)
{
    if (len <= limit) {
        return len;
    }
    while (limit > 0 && ((uint8_t)text[limit] & 0xC0u) == 0x80u) {
        limit--;
    }
    return limit;
}

void send_quote(struct buffer *out, const char *text, size_t limit)
{
    size_t len = strnlen(text, limit + 1), whole = whole_characters(text, len, limit);
    text_escape(out, view_of(text, whole));
    if (whole < len) {
        buffer_append(out, "…", strlen("…"));
    }
}

void send_say(struct sent *out, const char *format, ...)
{
    char text[1024];
    va_list arguments;

    va_start(arguments, format);
    int written = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t len = written < 0 ? 0 : whole_characters(text, strnlen(text, sizeof text), sizeof out->said - 1);
    memcpy(out->said, text, len);
    out->said[len] = '\0';
}

static enum status refuse(const char *shown, const char *why, struct fault *fault)
{
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                     "printer %s: %s; a printer's address is tcp://HOST:9100, ipp://HOST/PATH or ipps://HOST/PATH", shown, why);
}

static enum status show(const char *destination, struct send_target *out, struct fault *fault)
{
    struct buffer shown = { 0 };
    send_quote(&shown, destination, 80);
    enum status status = buffer_status(&shown, fault);
    size_t len = shown.len < sizeof out->shown ? shown.len : sizeof out->shown - 1;
    if (status == STATUS_OK && len > 0) {
        memcpy(out->shown, shown.ptr, len);
    }
    out->shown[len] = '\0';
    buffer_free(&shown);
    return status;
}

static bool visible(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text <= ' ' || *text > '~') {
            return false;
        }
    }
    return true;
}

static bool choose_way(const char *scheme, struct send_target *out)
{
    bool raw = strcmp(scheme, "tcp") == 0 || strcmp(scheme, "socket") == 0;
    out->tls = strcmp(scheme, "ipps") == 0;
    out->way = raw ? SEND_RAW : SEND_IPP;
    return raw || out->tls || strcmp(scheme, "ipp") == 0;
}

static enum status take_apart(const char *destination, struct send_target *out, struct fault *fault)
{
    char scheme[32], user[64];
    int port = 0;

    *out = (struct send_target){ 0 };
    enum status status = show(destination, out, fault);
    if (status != STATUS_OK) {
        return status;
    }
    if (strlen(destination) >= SEND_PATH_BYTES) {
        return refuse(out->shown, "it is too long", fault); /* libcups would cut it short */
    }
    if (!visible(destination)) {
        return refuse(out->shown, "a space or a character that is no ASCII stands in it", fault);
    }
    http_uri_status_t parts = httpSeparateURI(HTTP_URI_CODING_NONE, destination, scheme, sizeof scheme, user, sizeof user, out->host,
                                              sizeof out->host, &port, out->path, sizeof out->path);
    if (!choose_way(scheme, out)) {
        return refuse(out->shown, "it begins with none of tcp://, socket://, ipp://, ipps://", fault);
    }
    if (user[0] != '\0' || parts == HTTP_URI_STATUS_BAD_USERNAME) {
        return refuse(out->shown, "a user's name or password stands in it", fault);
    }
    bool tcp_known = parts == HTTP_URI_STATUS_UNKNOWN_SCHEME && out->way == SEND_RAW;
    if ((parts != HTTP_URI_STATUS_OK && parts != HTTP_URI_STATUS_MISSING_RESOURCE && !tcp_known) || out->host[0] == '\0') {
        return refuse(out->shown, httpURIStatusString(parts), fault);
    }
    if (out->way == SEND_RAW && strcmp(out->path, "/") != 0 && out->path[0] != '\0') {
        return refuse(out->shown, "a path stands behind the port", fault);
    }
    if (out->way == SEND_RAW && port == 0) {
        port = 9100;
    }
    if (port < 1 || port > 65535) {
        return refuse(out->shown, "the port is not from 1 to 65535", fault);
    }
    out->port = (unsigned)port;
    return STATUS_OK;
}

enum status send_check(const char *destination, struct fault *fault)
{
    struct send_target target;
    return take_apart(destination, &target, fault);
}

static enum status run(const struct send_job *job, bool only_ask, struct sent *out, struct fault *fault)
{
    struct send_target target;
    struct sending sending = { .target = &target, .job = job, .times = job->times != NULL ? job->times : &SEND_TIMES_USUAL, .only_ask = only_ask,
                               .out = out, .fault = fault };

    *out = (struct sent){ 0 };
    enum status status = take_apart(job->destination, &target, fault);
    if (status != STATUS_OK) {
        return status;
    }
    return target.way == SEND_RAW ? send_raw(&sending) : send_ipp(&sending);
}

enum status send_ask(const struct send_job *job, struct sent *out, struct fault *fault)
{
    return run(job, true, out, fault);
}

enum status send_document(const struct send_job *job, struct sent *out, struct fault *fault)
{
    return run(job, false, out, fault);
}
