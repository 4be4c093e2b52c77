/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subject: names and tags as they come in, and runs of names as they go out.
 */
#include "custody/subject.h"

#include <stdlib.h>
#include <string.h>

#include "custody/digits.h"
#include "verify/name.h"
#include "verify/paper.h"
#include "verify/text.h"

enum { TAG_PARTS = 4, TAG_LEDGER_CHARS = 16, TAG_LEDGER_BYTES = 10, SHOWN_BYTES = 80 };

static char upper(uint8_t c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static struct view trim(struct view text)
{
    while (text.len > 0 && (text.ptr[0] == ' ' || text.ptr[0] == '\t' || text.ptr[0] == '\r' || text.ptr[0] == '\n')) {
        text = view_part(text, 1, text.len - 1);
    }
    while (text.len > 0 && strchr(" \t\r\n", text.ptr[text.len - 1]) != NULL) {
        text.len--;
    }
    return text;
}

/* The text as it may be shown in a message. */
static const char *shown(struct view typed, struct buffer *scratch)
{
    text_escape(scratch, typed.len > SHOWN_BYTES ? view_part(typed, 0, SHOWN_BYTES) : typed);
    buffer_append_byte(scratch, 0);
    return scratch->failed ? "" : (const char *)scratch->ptr;
}

static enum status parse_name(const struct ledger_state *ledger, uint64_t limit, struct view name, uint64_t *number,
                              struct fault *fault)
{
    char suggestion[NAME_BYTES] = "";
    struct buffer scratch = {0};
    enum status status = STATUS_REFUSED;

    switch (name_parse(view_text(ledger->code), name, limit, number, suggestion)) {
    case NAME_OK:
        if (*number < limit) {
            return STATUS_OK;
        }
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "%s was never issued in this ledger", shown(name, &scratch));
        break;
    case NAME_OTHER_LEDGER:
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a name of another ledger, not of %s",
                           shown(name, &scratch), ledger->code);
        break;
    case NAME_WRONG_CHECK:
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s has a wrong check character%s%s", shown(name, &scratch),
                           suggestion[0] == '\0' ? "" : "; the nearest right name is ", suggestion);
        break;
    case NAME_NOT_A_NAME:
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "\"%s\" is not a name like %s-1042-4 and not a tag",
                           shown(name, &scratch), ledger->code);
        break;
    }
    buffer_free(&scratch);
    return status;
}

/* Splits at '/'; how many parts there are, at most TAG_PARTS + 1. */
static size_t split_tag(struct view text, struct view parts[TAG_PARTS])
{
    size_t count = 0;
    size_t from = 0;

    for (size_t i = 0; i <= text.len; i++) {
        if (i == text.len || text.ptr[i] == '/') {
            if (count < TAG_PARTS) {
                parts[count] = view_part(text, from, i - from);
            }
            count++;
            from = i + 1;
        }
    }
    return count;
}

static bool tag_ledger_matches(const struct ledger_state *ledger, struct view tag)
{
    struct buffer want = {0};
    bool same;

    text_base32(&want, view_of(ledger->id.bytes, TAG_LEDGER_BYTES));
    same = !want.failed && want.len == TAG_LEDGER_CHARS && tag.len == TAG_LEDGER_CHARS;
    for (size_t i = 0; same && i < TAG_LEDGER_CHARS; i++) {
        same = upper(want.ptr[i]) == upper(tag.ptr[i]);
    }
    buffer_free(&want);
    return same;
}

static enum status parse_tag(const struct ledger_state *ledger, uint64_t limit, struct view text, uint64_t *number,
                             uint64_t *print, struct fault *fault)
{
    struct view parts[TAG_PARTS];
    struct buffer scratch = {0};
    enum status status;

    if (split_tag(text, parts) != TAG_PARTS || parts[2].len != TAG_LEDGER_CHARS || !text_decimal(parts[3], print)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "\"%s\" is not a whole tag: scan it again",
                           shown(text, &scratch));
    } else if (!tag_ledger_matches(ledger, parts[2])) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "tag \"%s\" is of another ledger", shown(text, &scratch));
    } else {
        status = parse_name(ledger, limit, parts[1], number, fault);
    }
    buffer_free(&scratch);
    return status;
}

enum status subject_parse(const struct ledger_state *ledger, uint64_t limit, struct view typed, uint64_t *number,
                          uint64_t *print, struct fault *fault)
{
    struct buffer plain = {0};
    struct view text;
    uint64_t print_number = 0;
    enum status status;

    digits_to_ascii(trim(typed), &plain);
    text = paper_behind(buffer_view(&plain)); /* a tag may open as a web address (SPEC 13.1) */
    status = buffer_status(&plain, fault);
    if (status == STATUS_OK && text.len > 3 && upper(text.ptr[0]) == 'U' && text.ptr[1] == '1' && text.ptr[2] == '/') {
        status = parse_tag(ledger, limit, text, number, &print_number, fault);
    } else if (status == STATUS_OK) {
        status = parse_name(ledger, limit, text, number, fault);
    }
    buffer_free(&plain);
    if (print != NULL) {
        *print = print_number;
    }
    return status;
}

/* ---- lists ---------------------------------------------------------------------------------- */

enum status subject_list_push(struct subject_list *list, uint64_t number, struct fault *fault)
{
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 64 : list->cap * 2;
        uint64_t *grown = realloc(list->numbers, cap * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu subjects", cap);
        }
        list->numbers = grown;
        list->cap = cap;
    }
    list->numbers[list->count++] = number;
    return STATUS_OK;
}

/* Where ".." stands, or the length. */
static size_t find_dots(struct view text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] == '.' && text.ptr[i + 1] == '.') {
            return i;
        }
    }
    return text.len;
}

enum status subject_list_add(struct subject_list *list, const struct ledger_state *ledger, uint64_t limit,
                             struct view typed, struct fault *fault)
{
    size_t dots = find_dots(typed);
    bool range = dots < typed.len;
    uint64_t first = 0;
    uint64_t last = 0;
    enum status status = subject_parse(ledger, limit, range ? view_part(typed, 0, dots) : typed, &first, NULL, fault);

    last = first;
    if (status == STATUS_OK && range) {
        status = subject_parse(ledger, limit, view_part(typed, dots + 2, typed.len - dots - 2), &last, NULL, fault);
    }
    if (status == STATUS_OK && (last < first || last - first >= SUBJECT_RANGE_MAX)) {
        struct buffer scratch = {0};

        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: %s", shown(typed, &scratch),
                           last < first ? "the range runs backwards" : "the range is too long");
        buffer_free(&scratch);
    }
    for (uint64_t n = first; status == STATUS_OK && n <= last; n++) {
        status = subject_list_push(list, n, fault);
    }
    return status;
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

enum status subject_list_sort(struct subject_list *list, const char *code, struct fault *fault)
{
    char name[NAME_BYTES];

    if (list->count > 1) {
        qsort(list->numbers, list->count, sizeof list->numbers[0], ascending);
    }
    for (size_t i = 1; i < list->count; i++) {
        if (list->numbers[i] == list->numbers[i - 1]) {
            name_format(view_text(code), list->numbers[i], name);
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is named twice", name);
        }
    }
    return STATUS_OK;
}

void subject_list_free(struct subject_list *list)
{
    free(list->numbers);
    *list = (struct subject_list){0};
}

void subject_list_print(const char *code, const uint64_t *numbers, size_t count, struct buffer *out)
{
    char name[NAME_BYTES];

    for (size_t i = 0; i < count;) {
        size_t end = i + 1;

        while (end < count && numbers[end] == numbers[end - 1] + 1) {
            end++;
        }
        name_format(view_text(code), numbers[i], name);
        buffer_printf(out, "%s%s", i == 0 ? "" : ", ", name);
        if (end - i > 1) {
            name_format(view_text(code), numbers[end - 1], name);
            buffer_printf(out, "%s%s", end - i > 2 ? ".." : ", ", name);
        }
        i = end;
    }
}
