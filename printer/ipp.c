/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ipp: libcups's message coding between our own connection and the attributes; what comes from outside is looked over first.
 */
#include "printer/ipp.h"

#include <cups/http.h>

#include <string.h>

#include "printer/http.h"
#include "verify/text.h"

enum { NESTED_MAX = 8, STATUS_TEXT_MAX = 120 };

ipp_t *ipp_question(const struct send_target *target, ipp_op_t operation)
{
    char address[SEND_HOST_BYTES + SEND_PATH_BYTES + 32];
    ipp_t *question = ippNew();

    if (question == NULL || httpAssembleURI(HTTP_URI_CODING_NONE, address, sizeof address, target->tls ? "ipps" : "ipp", NULL, target->host,
                                            (int)target->port, target->path) != HTTP_URI_STATUS_OK) {
        ippDelete(question);
        return NULL;
    }
    ippSetVersion(question, 1, 1);
    ippSetOperation(question, operation);
    ippSetRequestId(question, 1);
    ippAddString(question, IPP_TAG_OPERATION, IPP_TAG_CHARSET, "attributes-charset", NULL, "utf-8");
    ippAddString(question, IPP_TAG_OPERATION, IPP_TAG_LANGUAGE, "attributes-natural-language", NULL, "en");
    ippAddString(question, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, address);
    ippAddString(question, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, "unbroken");
    return question;
}

/* ---- libcups reads and writes through these --------------------------------------------------- */

static ssize_t put(void *context, ipp_uchar_t *bytes, size_t len)
{
    buffer_append(context, bytes, len);
    return (ssize_t)len;
}

static ssize_t take(void *context, ipp_uchar_t *bytes, size_t len)
{
    struct view *rest = context;
    size_t count = len < rest->len ? len : rest->len;
    memcpy(bytes, rest->ptr, count);
    *rest = view_part(*rest, count, rest->len - count);
    return (ssize_t)count;
}

static enum status encode(ipp_t *question, struct buffer *out, struct fault *fault)
{
    ipp_state_t state;
    do {
        state = ippWriteIO(out, put, 1, NULL, question);
    } while (state != IPP_STATE_DATA && state != IPP_STATE_ERROR);
    return state == IPP_STATE_ERROR ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : buffer_status(out, fault);
}

bool ipp_sound(struct view message)
{
    size_t at = 8;
    unsigned depth = 0;

    while (at < message.len) {
        uint8_t tag = message.ptr[at++];
        if (tag == IPP_TAG_END) {
            return depth == 0;
        }
        if (tag < IPP_TAG_UNSUPPORTED_VALUE) {
            continue;
        }
        for (int part = 0; part < 2; part++) { /* its name, its value */
            if (message.len - at < 2) {
                return false;
            }
            size_t len = (size_t)message.ptr[at] << 8 | message.ptr[at + 1];
            if (message.len - at - 2 < len) {
                return false;
            }
            at += 2 + len;
        }
        if (tag == IPP_TAG_BEGIN_COLLECTION && ++depth > NESTED_MAX) {
            return false;
        }
        if (tag == IPP_TAG_END_COLLECTION && depth-- == 0) {
            return false;
        }
    }
    return false;
}

static enum status decode(struct view message, ipp_t **out, struct fault *fault)
{
    ipp_t *answer = ippNew();
    ipp_state_t state = IPP_STATE_ERROR;

    *out = NULL;
    if (answer == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (ipp_sound(message)) {
        do {
            state = ippReadIO(&message, take, 1, NULL, answer);
        } while (state != IPP_STATE_DATA && state != IPP_STATE_ERROR);
    }
    if (state == IPP_STATE_ERROR) {
        ippDelete(answer);
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "its answer is no IPP");
    }
    *out = answer;
    return STATUS_OK;
}

static enum status http_refused(unsigned code, struct fault *fault)
{
    const char *why = "it answers as no printer does";
    if (code == 401 || code == 403) {
        why = "it wants a user's name and password";
    } else if (code == 404) {
        why = "it has nothing at that path";
    } else if (code == 426) {
        why = "it wants TLS: the address must begin with ipps://";
    } else if (code >= 500) {
        why = "it has failed";
    }
    return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s (HTTP %u)", why, code);
}

/* IPP's own refusal, with the printer's words where it has some. */
static enum status ipp_refused(ipp_t *answer, struct fault *fault)
{
    struct buffer words = { 0 };
    ipp_attribute_t *message = ippFindAttribute(answer, "status-message", IPP_TAG_TEXT);
    const char *said = message == NULL ? NULL : ippGetString(message, 0, NULL);

    text_escape(&words, view_text(ippErrorString(ippGetStatusCode(answer))));
    if (said != NULL && said[0] != '\0') {
        buffer_printf(&words, " (");
        send_quote(&words, said, STATUS_TEXT_MAX);
        buffer_printf(&words, ")");
    }
    enum status status = buffer_status(&words, fault);
    if (status == STATUS_OK) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "it says %.*s", (int)words.len, (const char *)words.ptr);
    }
    buffer_free(&words);
    return status;
}

static enum status exchange(const struct sending *sending, struct view question, struct view data, struct buffer *body, uint64_t *went, struct fault *fault)
{
    const struct send_target *target = sending->target;
    struct http_post post = { .host = target->host, .path = target->path, .port = target->port, .media_type = "application/ipp", .head = question,
                              .data = data, .stall_ms = sending->times->stall_ms, .answer_ms = sending->times->answer_ms };
    struct wire wire;
    unsigned code = 0;

    enum status status = wire_open(target->host, target->port, target->tls, sending->times->connect_ms, &wire, fault);
    if (status == STATUS_OK) {
        status = http_post(&wire, &post, &code, body, went, fault);
    }
    wire_close(&wire);
    return status == STATUS_OK && code != 200 ? http_refused(code, fault) : status;
}

enum status ipp_ask(const struct sending *sending, ipp_t *question, struct view data, ipp_t **answer, ipp_status_t *code, uint64_t *went,
                    struct fault *fault)
{
    struct buffer message = { 0 }, body = { 0 };
    ipp_t *got = NULL;

    *answer = NULL;
    *code = IPP_STATUS_CUPS_INVALID;
    *went = 0;
    enum status status = encode(question, &message, fault);
    if (status == STATUS_OK) {
        status = exchange(sending, buffer_view(&message), data, &body, went, fault);
    }
    if (status == STATUS_OK) {
        status = decode(buffer_view(&body), &got, fault);
    }
    if (status == STATUS_OK) {
        *code = ippGetStatusCode(got);
        status = *code >= IPP_STATUS_REDIRECTION_OTHER_SITE ? ipp_refused(got, fault) : STATUS_OK;
    }
    if (status != STATUS_OK) {
        ippDelete(got);
        got = NULL;
    }
    *answer = got;
    buffer_free(&message);
    buffer_free(&body);
    return status;
}

int ipp_number(ipp_t *message, const char *name, ipp_tag_t type, int otherwise)
{
    ipp_attribute_t *attribute = ippFindAttribute(message, name, type);
    return attribute == NULL ? otherwise : ippGetInteger(attribute, 0);
}
