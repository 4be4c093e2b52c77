/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send_tcp: the bytes as they are, over one connection. A printer of labels is asked for its state before (nothing is sent to one in trouble)
 * and, when it answered, after: that answer also says that it has taken all. One that does not answer is sent to all the same: some answer
 * nothing at all while they are out of paper or open.
 */
#include "printer/send_inside.h"

#include "printer/wire.h"
#include "printer/zpl.h"
#include "printer/zpl_state.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>

static enum status fail(const struct sending *sending, enum status status, const char *why, const char *went)
{
    return fault_set(sending->fault, status, FAULT_NOWHERE, "printer %s: %s; %s", sending->target->shown, why, went);
}

/* "5000 of 13240 bytes went": what the other machine has confirmed. */
static enum status cut(const struct sending *sending, const struct wire *wire, uint64_t asked_bytes, enum status status, const char *why)
{
    struct buffer went = { 0 };
    uint64_t confirmed = wire_confirmed(wire);

    sending->out->bytes = confirmed > asked_bytes ? confirmed - asked_bytes : 0;
    if (sending->out->bytes > sending->job->bytes.len) {
        sending->out->bytes = sending->job->bytes.len;
    }
    buffer_printf(&went, "%" PRIu64 " of %zu bytes went", sending->out->bytes, sending->job->bytes.len);
    buffer_append_byte(&went, '\0');
    status = fail(sending, status, why, went.failed ? "not all went" : (const char *)went.ptr);
    buffer_free(&went);
    return status;
}

/* Asks ~HS. *known: it answered as such printers do. Errors: the connection's. */
static enum status ask_state(const struct sending *sending, struct wire *wire, struct zpl_state *state, bool *known, struct fault *why)
{
    uint8_t answer[ZPL_ANSWER_MAX_BYTES];
    size_t len = 0, got = 1;
    uint64_t deadline = wire_now_ms() + sending->times->state_ms;

    *known = false;
    enum status status = wire_write(wire, view_text(ZPL_ASK_STATE), sending->times->state_ms, why);
    while (status == STATUS_OK && state->lines < 3 && len < sizeof answer && got > 0) {
        status = wire_read(wire, answer + len, sizeof answer - len, deadline, &got, why);
        len += status == STATUS_OK ? got : 0;
        *known = zpl_state_read(view_of(answer, len), state);
    }
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status refuse_troubled(const struct sending *sending, unsigned troubles, const char *went)
{
    struct buffer words = { 0 };
    zpl_state_say(troubles, &words);
    buffer_append_byte(&words, '\0');
    enum status status = fail(sending, STATUS_ENVIRONMENT, words.failed ? "not ready" : (const char *)words.ptr, went);
    buffer_free(&words);
    return status;
}

/*
 * Waits until the other machine has confirmed all, then, for a moment, for its end or its reset: a printer that gives up closes before it has
 * read all, and that shows as a reset.
 */
static enum status finish(const struct sending *sending, struct wire *wire, bool heard, struct fault *why)
{
    uint64_t confirmed = wire_confirmed(wire), stalled = wire_now_ms() + sending->times->stall_ms, end = 0;
    uint8_t ignored[512];
    enum status status = STATUS_OK;
    size_t got = 1;

    wire_end(wire);
    while (status == STATUS_OK) {
        uint64_t now = wire_now_ms(), confirmed_now = wire_confirmed(wire);
        if (confirmed_now != confirmed) {
            confirmed = confirmed_now;
            stalled = now + sending->times->stall_ms;
        }
        bool all = confirmed == wire->written;
        if (all && end == 0) {
            end = now + (heard ? 0 : sending->times->state_ms);
        }
        if (all && (got == 0 || now >= end)) {
            return STATUS_OK;
        }
        if (now >= stalled) {
            return fault_set(why, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the printer takes no more; it may be out of paper, open or paused");
        }
        if (got > 0) {
            status = wire_read(wire, ignored, sizeof ignored, now + 20, &got, why);
            status = status == STATUS_MISSING ? STATUS_OK : status;
        } else {
            (void)poll(NULL, 0, 20); /* it has ended its side, which may read on, or be closed: then a reset comes */
            status = wire_check(wire, why);
        }
    }
    return status;
}

static enum status deliver(const struct sending *sending, struct wire *wire, bool asks, bool known)
{
    struct fault why = { 0 };
    struct zpl_state state = { 0 };
    uint64_t asked_bytes = wire->written;
    bool heard = false;

    enum status status = wire_write(wire, sending->job->bytes, sending->times->stall_ms, &why);
    if (status == STATUS_OK && asks && known) {
        status = ask_state(sending, wire, &state, &heard, &why);
    }
    if (status == STATUS_OK) {
        status = finish(sending, wire, heard, &why);
    }
    if (status != STATUS_OK) {
        return cut(sending, wire, asked_bytes, status, why.text);
    }
    sending->out->bytes = sending->job->bytes.len;
    return heard && state.troubles != 0 ? refuse_troubled(sending, state.troubles, "all bytes went, but not all may be printed") : STATUS_OK;
}

enum status send_raw(struct sending *sending)
{
    struct wire wire;
    struct fault why = { 0 };
    struct zpl_state state = { 0 };
    bool asks = strcmp(sending->job->media_type, ZPL_MEDIA_TYPE) == 0, known = false;

    enum status status = wire_open(sending->target->host, sending->target->port, false, sending->times->connect_ms, &wire, &why);
    if (status == STATUS_OK && asks) {
        status = ask_state(sending, &wire, &state, &known, &why);
    }
    if (status != STATUS_OK) {
        status = fail(sending, status, why.text, "nothing was sent");
    } else if (known && state.troubles != 0) {
        status = refuse_troubled(sending, state.troubles, "nothing was sent");
    } else if (!sending->only_ask) {
        status = deliver(sending, &wire, asks, known);
    }
    wire_close(&wire);
    if (status == STATUS_OK) {
        sending->out->state_known = known;
        send_say(sending->out, known ? "the printer reports no trouble" : "the printer does not report its state");
    }
    return status;
}
