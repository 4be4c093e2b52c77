/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal_numbers: see the header.
 */
#include "custody/seal_numbers.h"

#include <string.h>

#include "custody/digits.h"
#include "verify/strict.h"

enum { SHOWN_BYTES = 20 };

static bool is_between(uint8_t c)
{
    return c == ',' || c == ' ' || c == '\t';
}

/* The next number behind *at; false at the end. */
static bool next_number(struct view text, size_t *at, struct view *out)
{
    size_t from;

    while (*at < text.len && is_between(text.ptr[*at])) {
        (*at)++;
    }
    from = *at;
    while (*at < text.len && !is_between(text.ptr[*at])) {
        (*at)++;
    }
    *out = view_part(text, from, *at - from);
    return out->len > 0;
}

/* How many bytes of a long number a message shows: whole characters (the text is checked UTF-8). */
static int shown(struct view number)
{
    int len = SHOWN_BYTES;

    while (len > 0 && (number.ptr[len] & 0xc0) == 0x80) {
        len--;
    }
    return len;
}

static enum status split(struct view text, struct seals *out, struct fault *fault)
{
    struct view number;
    size_t at = 0;

    out->count = 0;
    while (next_number(text, &at, &number)) {
        struct fault why = {0};

        if (strict_check_text(number, &why) != STATUS_OK) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a seal number: %s", why.text);
        }
        if (number.len > SEAL_BYTES_MAX) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the seal number %.*s... is longer than %d bytes", shown(number),
                             (const char *)number.ptr, SEAL_BYTES_MAX);
        }
        if (out->count == SEALS_MAX) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "more than %d seals on one thing", SEALS_MAX);
        }
        out->numbers[out->count++] = number;
    }
    if (out->count == 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a seal number is missing (\"none\" where there is no seal)");
    }
    if (out->count == 1 && view_equal(out->numbers[0], view_text("none"))) {
        out->count = 0;
    }
    return STATUS_OK;
}

enum status seal_numbers_parse(struct view typed, struct buffer *out, struct fault *fault)
{
    struct buffer plain = {0};
    struct seals seals;
    enum status status;

    digits_to_ascii(typed, &plain);
    status = buffer_status(&plain, fault);
    if (status == STATUS_OK) {
        status = split(buffer_view(&plain), &seals, fault);
    }
    if (status == STATUS_OK && !seals_encode(&seals, out)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a seal number stands twice");
    }
    buffer_free(&plain);
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}

bool seal_numbers_equal(struct view encoded, const struct thing *thing)
{
    struct seals seals;
    struct seal_set set = {0};

    seals_read(encoded, &seals);
    seal_set_from(&seals, &set);
    return seal_set_equal(&set, thing->seals);
}

size_t seal_numbers_on(const struct thing *thing)
{
    return thing->seals == NULL ? 0 : thing->seals->count;
}

enum status seal_numbers_of(const struct thing *thing, struct buffer *out, struct fault *fault)
{
    struct seals set = {0};

    if (thing->seals != NULL) {
        seal_set_view(thing->seals, &set);
    }
    if (!seals_encode(&set, out)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a seal stands twice on one thing");
    }
    return buffer_status(out, fault);
}
