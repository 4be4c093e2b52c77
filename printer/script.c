/* SPDX-License-Identifier: Apache-2.0 */
#include "printer/script.h"

#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <stdlib.h>

enum { MARKS_MAX = 8, WORD_MAX = 100, WORD_SPACE = 0x200B, JOINER = 0x200D, NON_JOINER = 0x200C };

struct script {
    UBreakIterator *breaks;
    UText *text;
};

enum status script_open(struct script **out, struct fault *fault)
{
    UErrorCode error = U_ZERO_ERROR;
    struct script *script = calloc(1, sizeof *script);

    if (script == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    script->breaks = ubrk_open(UBRK_LINE, "km", NULL, 0, &error);
    if (U_FAILURE(error)) {
        script_close(script);
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "ICU has no rules for line breaks: %s", u_errorName(error));
    }
    *out = script;
    return STATUS_OK;
}

void script_close(struct script *script)
{
    if (script == NULL) {
        return;
    }
    if (script->breaks != NULL) {
        ubrk_close(script->breaks);
    }
    if (script->text != NULL) {
        utext_close(script->text);
    }
    free(script);
}

/* ---- what can be seen ------------------------------------------------------------------------ */

static bool is_mark(UChar32 c)
{
    int8_t type = u_charType(c);
    return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

static bool is_seen(UChar32 c)
{
    switch (u_charType(c)) {
    case U_CONTROL_CHAR:
        return c == '\n';
    case U_FORMAT_CHAR:
        return c == JOINER || c == NON_JOINER || c == WORD_SPACE;
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_SURROGATE:
    case U_PRIVATE_USE_CHAR:
    case U_UNASSIGNED:
        return false;
    default:
        return !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || c == JOINER || c == NON_JOINER || c == WORD_SPACE;
    }
}

static bool without_spaces(UChar32 c)
{
    return u_getIntPropertyValue(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
}

/* A "word" of thousands of letters may be broken anywhere: Pango would try every place for every line. */
static void break_long_word(UChar32 c, unsigned *letters, struct buffer *out)
{
    *letters = c == ' ' || c == '\n' || (c >= 0x0E00 && without_spaces(c)) ? 0 : *letters + 1;
    if (*letters > WORD_MAX && (c < 0 || !is_mark(c))) {
        buffer_append(out, "\xE2\x80\x8B", 3);
        *letters = 1;
    }
}

static void make_visible(struct view text, struct buffer *out)
{
    int32_t at = 0, len = (int32_t)text.len;
    unsigned marks = 0, letters = 0;
    while (at < len) {
        int32_t from = at;
        UChar32 c;
        U8_NEXT(text.ptr, at, len, c);
        marks = c >= 0 && is_mark(c) ? marks + 1 : 0;
        break_long_word(c, &letters, out);
        if (c < 0) {
            for (; from < at; from++) {
                buffer_printf(out, "‹0x%02X›", text.ptr[from]);
            }
        } else if (!is_seen(c) || marks > MARKS_MAX) {
            buffer_printf(out, "‹U+%04X›", (unsigned)c);
        } else {
            buffer_append(out, text.ptr + from, (size_t)(at - from));
        }
    }
}

/* ---- where lines break ----------------------------------------------------------------------- */

static bool needs_breaks(struct view text)
{
    /* All such scripts are above U+0E00: three bytes, the first of them at least 0xE0. */
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= 0xE0) {
            return true;
        }
    }
    return false;
}

static bool open_text(struct script *script, struct view text)
{
    UErrorCode error = U_ZERO_ERROR;
    script->text = utext_openUTF8(script->text, (const char *)text.ptr, (int64_t)text.len, &error);
    ubrk_setUText(script->breaks, script->text, &error);
    return U_SUCCESS(error);
}

static void put_breaks(struct script *script, struct view text, struct buffer *out)
{
    int32_t from = 0;
    for (int32_t at = ubrk_first(script->breaks); at != UBRK_DONE; at = ubrk_next(script->breaks)) {
        UChar32 before = 0, after = 0;
        int32_t back = at, on = at, len = (int32_t)text.len;
        buffer_append(out, text.ptr + from, (size_t)(at - from));
        from = at;
        if (at > 0 && at < len) {
            U8_PREV(text.ptr, 0, back, before);
            U8_NEXT(text.ptr, on, len, after);
            if (without_spaces(before) && without_spaces(after)) {
                buffer_append(out, "\xE2\x80\x8B", 3);
            }
        }
    }
}

enum status script_prepare(struct script *script, struct view text, struct buffer *out, struct fault *fault)
{
    struct buffer visible = { 0 };
    enum status status = STATUS_OK;

    if (text.len > INT32_MAX / 4) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a text of %zu bytes is too long for paper", text.len);
    }
    make_visible(text, &visible);
    status = buffer_status(&visible, fault);
    if (status == STATUS_OK && !needs_breaks(buffer_view(&visible))) {
        buffer_append_view(out, buffer_view(&visible));
    } else if (status == STATUS_OK && open_text(script, buffer_view(&visible))) {
        put_breaks(script, buffer_view(&visible), out);
    } else if (status == STATUS_OK) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "ICU cannot find the line breaks of a text");
    }
    buffer_free(&visible);
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}

size_t script_cut(struct script *script, struct view text, size_t limit)
{
    if (limit >= text.len || !open_text(script, text)) {
        return limit >= text.len ? text.len : 0;
    }
    if (ubrk_isBoundary(script->breaks, (int32_t)limit)) {
        return limit;
    }
    int32_t at = ubrk_preceding(script->breaks, (int32_t)limit);
    return at == UBRK_DONE || at < 0 ? 0 : (size_t)at;
}
