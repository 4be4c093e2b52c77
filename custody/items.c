/* SPDX-License-Identifier: Apache-2.0 */
/*
 * items: columns may stand in any order; a column that is not known is a mistake, so that nothing is dropped unseen.
 */
#include "custody/items.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/csv.h"
#include "custody/digits.h"
#include "verify/strict.h"
#include "verify/text.h"

static const struct column {
    const char *name;
    bool must;
} columns[ITEM_COLUMNS] = {
    [ITEM_REF] = {"ref", true},          [ITEM_DESCRIPTION] = {"description", true}, [ITEM_SPECIES] = {"species", false},
    [ITEM_SPECIMEN] = {"specimen", false}, [ITEM_QUANTITY] = {"quantity", true},     [ITEM_UNIT] = {"unit", true},
    [ITEM_WEIGHT] = {"weight_g", false}, [ITEM_LENGTH] = {"length_mm", false},       [ITEM_CONDITION] = {"condition", false},
    [ITEM_MARKS] = {"marks", false},     [ITEM_PACKAGE] = {"package", false},
};

enum { CELL_BYTES_MAX = 4096, ITEMS_MAX = 1000000 };

struct reading {
    const char *path;
    struct item_list *list;
    struct buffer *errors;
    size_t *mistakes;
    bool has_header, failed;
    size_t where[ITEM_COLUMNS]; /* the cell of each column; SIZE_MAX: not in this list */
    size_t cells;
    /* Offsets of each item's text, until the text no longer moves. */
    size_t *offsets;
    size_t offset_cap;
};

static void mistake(struct reading *reading, uint64_t line, size_t column, const char *name, const char *rule)
{
    buffer_printf(reading->errors, "%s:%" PRIu64 ": ", reading->path, line);
    if (name != NULL) {
        buffer_printf(reading->errors, "column %zu (%s): ", column + 1, name);
    }
    buffer_printf(reading->errors, "%s\n", rule);
    (*reading->mistakes)++;
}

static void cell_mistake(struct reading *reading, uint64_t line, enum item_column column, const char *rule)
{
    mistake(reading, line, reading->where[column], columns[column].name, rule);
}

static void take_header(struct reading *reading, uint64_t line, const struct view *cells, size_t count)
{
    for (size_t c = 0; c < ITEM_COLUMNS; c++) {
        reading->where[c] = SIZE_MAX;
    }
    for (size_t i = 0; i < count; i++) {
        size_t c = 0;

        while (c < ITEM_COLUMNS && !view_equal(cells[i], view_text(columns[c].name))) {
            c++;
        }
        if (c == ITEM_COLUMNS) {
            mistake(reading, line, i, "heading", "no such column: ref, description, species, specimen, quantity, unit, weight_g, "
                                                 "length_mm, condition, marks, package");
        } else if (reading->where[c] != SIZE_MAX) {
            mistake(reading, line, i, columns[c].name, "stands twice");
        } else {
            reading->where[c] = i;
        }
    }
    for (size_t c = 0; c < ITEM_COLUMNS; c++) {
        if (columns[c].must && reading->where[c] == SIZE_MAX) {
            mistake(reading, line, 0, "heading", "a column is missing: ref, description, quantity and unit must be there");
            break;
        }
    }
    reading->cells = count;
    reading->has_header = true;
}

/* A whole number with Khmer or other digits mapped; *out. */
static bool whole_number(struct view text, uint64_t *out)
{
    struct buffer plain = {0};
    bool good;

    digits_to_ascii(text, &plain);
    good = !plain.failed && text_decimal(buffer_view(&plain), out);
    buffer_free(&plain);
    return good;
}

/* Grams with at most three decimals, in milligrams. */
static bool milligrams(struct view text, uint64_t *out)
{
    struct buffer plain = {0};
    struct view grams;
    uint64_t whole = 0;
    uint64_t part = 0;
    size_t point = 0;
    bool good;

    digits_to_ascii(text, &plain);
    grams = buffer_view(&plain);
    while (point < grams.len && grams.ptr[point] != '.') {
        point++;
    }
    good = !plain.failed && text_decimal(view_part(grams, 0, point), &whole) && whole <= UINT64_C(9007199254740);
    if (good && point < grams.len) {
        size_t digits = grams.len - point - 1;

        good = digits >= 1 && digits <= 3;
        for (size_t i = 0; good && i < 3; i++) {
            uint8_t c = i < digits ? grams.ptr[point + 1 + i] : '0';

            good = c >= '0' && c <= '9';
            part = part * 10 + (uint64_t)(c - '0');
        }
    }
    buffer_free(&plain);
    *out = whole * 1000 + part;
    return good;
}

static void check_numbers(struct reading *reading, struct item *item, const struct view text[ITEM_COLUMNS])
{
    struct view unit = text[ITEM_UNIT];
    struct view code = text[ITEM_SPECIMEN];

    if (!whole_number(text[ITEM_QUANTITY], &item->pieces) || item->pieces == 0) {
        cell_mistake(reading, item->line, ITEM_QUANTITY, "is not a whole number of at least 1");
    }
    if (!view_equal(unit, view_text("piece")) && !view_equal(unit, view_text("lot")) && !view_equal(unit, view_text("animal"))) {
        cell_mistake(reading, item->line, ITEM_UNIT, "is not piece, lot or animal");
    }
    item->is_weighed = text[ITEM_WEIGHT].len > 0;
    if (item->is_weighed && !milligrams(text[ITEM_WEIGHT], &item->net_mg)) {
        cell_mistake(reading, item->line, ITEM_WEIGHT, "is not a weight in grams like 1850 or 1850.5");
    }
    item->is_measured = text[ITEM_LENGTH].len > 0;
    if (item->is_measured && !whole_number(text[ITEM_LENGTH], &item->length_mm)) {
        cell_mistake(reading, item->line, ITEM_LENGTH, "is not a whole number of millimetres");
    }
    for (size_t i = 0; i < code.len; i++) {
        if (code.len != 3 || code.ptr[i] < 'A' || code.ptr[i] > 'Z') {
            cell_mistake(reading, item->line, ITEM_SPECIMEN, "is not a CITES trade term code like TUS");
            break;
        }
    }
}

static void check_texts(struct reading *reading, const struct item *item, const struct view text[ITEM_COLUMNS])
{
    for (size_t c = 0; c < ITEM_COLUMNS; c++) {
        struct fault trouble;

        fault_clear(&trouble);
        if (columns[c].must && c != ITEM_QUANTITY && c != ITEM_UNIT && text[c].len == 0) {
            cell_mistake(reading, item->line, (enum item_column)c, "is empty");
        } else if (text[c].len > CELL_BYTES_MAX) {
            cell_mistake(reading, item->line, (enum item_column)c, "is longer than 4096 bytes");
        } else if (strict_check_text(text[c], &trouble) != STATUS_OK) {
            cell_mistake(reading, item->line, (enum item_column)c, trouble.text);
        }
    }
}

/* Room for one more item and its offsets. */
static bool grow(struct reading *reading)
{
    struct item_list *list = reading->list;
    size_t cap = list->cap == 0 ? 256 : list->cap * 2;
    struct item *items;
    size_t *offsets;

    if (list->count < list->cap) {
        return true;
    }
    items = realloc(list->items, cap * sizeof *items);
    if (items == NULL) {
        return false;
    }
    list->items = items;
    offsets = realloc(reading->offsets, cap * ITEM_COLUMNS * sizeof *offsets);
    if (offsets == NULL) {
        return false;
    }
    reading->offsets = offsets;
    list->cap = cap;
    return true;
}

static bool take_row(void *context, uint64_t line, const struct view *cells, size_t count)
{
    struct reading *reading = context;
    struct item_list *list = reading->list;
    struct view text[ITEM_COLUMNS];
    struct item *item;

    if (!reading->has_header) {
        take_header(reading, line, cells, count);
        return *reading->mistakes == 0; /* without headings, every row would be wrong */
    }
    if (count != reading->cells) {
        char rule[64];

        (void)snprintf(rule, sizeof rule, "has %zu %s, the headings are %zu", count, count == 1 ? "cell" : "cells", reading->cells);
        mistake(reading, line, count < reading->cells ? count : reading->cells, "row", rule);
        return true;
    }
    if (list->count == ITEMS_MAX || !grow(reading)) {
        reading->failed = true;
        return false;
    }
    item = &list->items[list->count];
    *item = (struct item){.line = line};
    for (size_t c = 0; c < ITEM_COLUMNS; c++) {
        text[c] = reading->where[c] == SIZE_MAX ? view_of(NULL, 0) : cells[reading->where[c]];
        reading->offsets[list->count * ITEM_COLUMNS + c] = list->text.len;
        buffer_append_view(&list->text, text[c]);
        item->text[c] = view_of(NULL, text[c].len);
    }
    check_texts(reading, item, text);
    check_numbers(reading, item, text);
    list->count++;
    return true;
}

static int by_ref(const void *a, const void *b)
{
    const struct item *x = *(const struct item *const *)a;
    const struct item *y = *(const struct item *const *)b;
    int order = view_compare(x->text[ITEM_REF], y->text[ITEM_REF]);

    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/* An officer's field number names one thing. */
static bool check_refs(struct reading *reading)
{
    struct item_list *list = reading->list;
    const struct item **sorted = calloc(list->count + 1, sizeof *sorted);

    if (sorted == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        sorted[i] = &list->items[i];
    }
    qsort(sorted, list->count, sizeof *sorted, by_ref);
    for (size_t i = 1; i < list->count; i++) {
        char rule[64];

        if (sorted[i]->text[ITEM_REF].len > 0 && view_equal(sorted[i]->text[ITEM_REF], sorted[i - 1]->text[ITEM_REF])) {
            (void)snprintf(rule, sizeof rule, "stands in line %" PRIu64 " too", sorted[i - 1]->line);
            cell_mistake(reading, sorted[i]->line, ITEM_REF, rule);
        }
    }
    free(sorted);
    return true;
}

enum status item_list_read(struct view file, const char *path, struct item_list *out, struct buffer *errors,
                           size_t *mistakes, struct fault *fault)
{
    struct reading reading = {.path = path, .list = out, .errors = errors, .mistakes = mistakes};
    enum status status = csv_read(file, take_row, &reading, fault);

    if (status == STATUS_OK && (reading.failed || out->text.failed)) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory, or over %d rows", ITEMS_MAX);
    }
    if (status == STATUS_OK && *mistakes == 0 && out->count == 0) {
        status = fault_set(fault, STATUS_DAMAGED, 1, "line 1: there is no item in this list");
    }
    for (size_t i = 0; i < out->count && status == STATUS_OK; i++) {
        for (size_t c = 0; c < ITEM_COLUMNS; c++) {
            size_t len = out->items[i].text[c].len;

            out->items[i].text[c] = view_part(buffer_view(&out->text), reading.offsets[i * ITEM_COLUMNS + c], len);
        }
    }
    if (status == STATUS_OK && !check_refs(&reading)) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu items", out->count);
    }
    free(reading.offsets);
    return status == STATUS_OK ? buffer_status(errors, fault) : status;
}

void item_list_free(struct item_list *list)
{
    free(list->items);
    buffer_free(&list->text);
    *list = (struct item_list){0};
}
