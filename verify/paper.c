/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper: digits and parts. Seven bytes and seventeen digits waste 0.9 %: as dense as a QR's numeric mode allows, and no decoder spoils digits.
 */
#include "verify/paper.h"

#include <assert.h>
#include <string.h>

enum { GROUP_BYTES = 7, MARK_BYTES = 4, HEAD_BYTES = MARK_BYTES + 4 }; /* "U1R/", "1/2/" */

/* Digits for so many bytes: the fewest that hold them. */
static const uint8_t digits_of[GROUP_BYTES + 1] = { 0, 3, 5, 8, 10, 13, 15, 17 };

static const char *const marks[PAPER_KINDS] = { [PAPER_RECEIPT] = "U1R/", [PAPER_STATEMENT] = "U1C/", [PAPER_REQUEST] = "U1W/", [PAPER_COSIGNATURES] = "U1S/" };

struct view paper_behind(struct view text)
{
    size_t at = text.len;
    while (at > 0 && text.ptr[at - 1] != '#') {
        at--;
    }
    return view_part(text, at, text.len - at);
}

/* ---- digits ---------------------------------------------------------------------------------- */

void paper_digits(struct view bytes, struct buffer *out)
{
    for (size_t at = 0; at < bytes.len; at += GROUP_BYTES) {
        size_t len = bytes.len - at < GROUP_BYTES ? bytes.len - at : GROUP_BYTES;
        uint64_t value = 0;
        for (size_t i = 0; i < len; i++) {
            value = value << 8 | bytes.ptr[at + i];
        }
        buffer_printf(out, "%0*llu", (int)digits_of[len], (unsigned long long)value);
    }
}

/* How many bytes so many digits are, or 0. */
static size_t bytes_of(size_t digits)
{
    size_t len = GROUP_BYTES;
    while (len > 0 && digits_of[len] != digits) {
        len--;
    }
    return len;
}

static bool read_group(struct view digits, struct buffer *out)
{
    size_t len = bytes_of(digits.len);
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(digits.ptr[i] - '0'); /* 17 digits: below 2^57 */
    }
    if (len == 0 || value >> (8 * len) != 0) {
        return false;
    }
    for (size_t i = len; i > 0; i--) {
        buffer_append_byte(out, (uint8_t)(value >> (8 * (i - 1))));
    }
    return true;
}

bool paper_digits_read(struct view digits, struct buffer *out)
{
    size_t before = out->len;
    for (size_t at = 0; at < digits.len; at += digits_of[GROUP_BYTES]) {
        size_t left = digits.len - at;
        if (!read_group(view_part(digits, at, left < digits_of[GROUP_BYTES] ? left : digits_of[GROUP_BYTES]), out)) {
            out->len = before;
            return false;
        }
    }
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum status paper_write(enum paper_kind kind, struct view bytes, size_t part_bytes_max, struct view prefix, struct paper_texts *out,
                        struct fault *fault)
{
    assert(part_bytes_max > 0);
    size_t parts = bytes.len / part_bytes_max + (bytes.len % part_bytes_max == 0 ? 0 : 1);
    bool failed = false;
    memset(out, 0, sizeof *out);
    if (bytes.len == 0 || bytes.len > PAPER_BYTES_MAX || parts > PAPER_PARTS_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%zu bytes do not fit on paper: at most %d parts of %zu bytes, %d bytes in all",
                         bytes.len, PAPER_PARTS_MAX, part_bytes_max, PAPER_BYTES_MAX);
    }
    if (prefix.len > 0 && prefix.ptr[prefix.len - 1] != '#') {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the address before a QR's text does not end in #");
    }
    out->count = parts;
    for (size_t i = 0, at = 0; i < parts; i++) {
        struct buffer *text = &out->texts[i];
        size_t len = (bytes.len - at + (parts - i) - 1) / (parts - i);
        buffer_append_view(text, prefix);
        buffer_printf(text, "%s%zu/%zu/", marks[kind], i + 1, parts);
        paper_digits(view_part(bytes, at, len), text);
        at += len;
        failed = failed || text->failed;
    }
    if (failed) {
        paper_texts_free(out);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    return STATUS_OK;
}

void paper_texts_free(struct paper_texts *texts)
{
    for (size_t i = 0; i < PAPER_PARTS_MAX; i++) {
        buffer_free(&texts->texts[i]);
    }
    texts->count = 0;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The line that begins at *at, without the spaces around it, and behind '#'. *at moves behind it. */
static struct view take_line(struct view text, size_t *at)
{
    size_t start = *at, end = start;
    while (end < text.len && text.ptr[end] != '\n') {
        end++;
    }
    *at = end < text.len ? end + 1 : end;
    while (start < end && is_space(text.ptr[start])) {
        start++;
    }
    while (end > start && is_space(text.ptr[end - 1])) {
        end--;
    }
    return paper_behind(view_part(text, start, end - start));
}

static bool begins(struct view line, const char *mark)
{
    return line.len >= MARK_BYTES && memcmp(line.ptr, mark, MARK_BYTES) == 0;
}

bool paper_is_text(struct view file)
{
    struct view line = { 0 };
    for (size_t at = 0; line.len == 0 && at < file.len && at < PAPER_TEXT_BYTES_MAX;) {
        line = take_line(file.len > PAPER_TEXT_BYTES_MAX ? view_part(file, 0, PAPER_TEXT_BYTES_MAX) : file, &at);
    }
    return begins(line, marks[PAPER_RECEIPT]) || begins(line, marks[PAPER_STATEMENT]);
}

struct parts {
    size_t count; /* 0: not known yet */
    enum paper_kind kind;
    struct view digits[PAPER_PARTS_MAX];
};

/* A line of a part; NULL, or what is wrong with it. */
static const char *take_part(struct parts *parts, struct view line)
{
    enum paper_kind kind = 0;
    while (kind < PAPER_KINDS && !begins(line, marks[kind])) {
        kind++;
    }
    if (line.len <= HEAD_BYTES || kind == PAPER_KINDS || line.ptr[MARK_BYTES + 1] != '/' || line.ptr[MARK_BYTES + 3] != '/') {
        return "is not of the form U1K/PART/PARTS/DIGITS with R, C, W or S for K";
    }
    int part = line.ptr[MARK_BYTES] - '0', count = line.ptr[MARK_BYTES + 2] - '0';
    if (count < 1 || count > PAPER_PARTS_MAX || part < 1 || part > count) {
        return "has numbers of parts that cannot be";
    }
    if (parts->count != 0 && (parts->count != (size_t)count || parts->kind != kind)) {
        return "is a part of something else than the lines before it";
    }
    struct view *slot = &parts->digits[part - 1];
    struct view digits = view_part(line, HEAD_BYTES, line.len - HEAD_BYTES);
    if (slot->len > 0 && !view_equal(*slot, digits)) {
        return "contradicts another line with the same part";
    }
    *slot = digits;
    parts->count = (size_t)count;
    parts->kind = kind;
    return NULL;
}

static enum status join(const struct parts *parts, struct buffer *out, struct fault *fault)
{
    size_t before = out->len;
    for (size_t i = 0; i < parts->count; i++) {
        const char *wrong = parts->digits[i].len == 0 ? "is missing" : paper_digits_read(parts->digits[i], out) ? NULL : "has misread digits";
        if (wrong != NULL) {
            out->len = before;
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "part %zu of %zu %s", i + 1, parts->count, wrong);
        }
    }
    if (out->len - before > PAPER_BYTES_MAX) {
        out->len = before;
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the parts are longer than %d bytes together", PAPER_BYTES_MAX);
    }
    return buffer_status(out, fault);
}

enum status paper_read(struct view text, enum paper_kind *kind, struct buffer *out, struct fault *fault)
{
    struct parts parts = { 0 };
    uint64_t number = 0;
    if (text.len > PAPER_TEXT_BYTES_MAX) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the text is longer than %d bytes", PAPER_TEXT_BYTES_MAX);
    }
    for (size_t at = 0; at < text.len;) {
        struct view line = take_line(text, &at);
        const char *wrong = NULL;
        number++;
        if (line.len > 0) {
            wrong = take_part(&parts, line);
        }
        if (wrong != NULL) {
            return fault_set(fault, STATUS_DAMAGED, number, "line %llu %s", (unsigned long long)number, wrong);
        }
    }
    if (parts.count == 0) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the text has no part of a paper");
    }
    *kind = parts.kind;
    return join(&parts, out, fault);
}
