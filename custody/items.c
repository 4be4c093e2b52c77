/* SPDX-License-Identifier: Apache-2.0 */
/*
 * items: what the cells of a list of things mean. Not here: headings, lines and columns (listing.c).
 */
#include "custody/items.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/digits.h"
#include "custody/listing.h"
#include "custody/mass.h"
#include "verify/name.h"
#include "verify/text.h"

static const struct listing_column columns[ITEM_COLUMNS] = {
    [ITEM_REF] = {"ref", true},          [ITEM_DESCRIPTION] = {"description", true}, [ITEM_SPECIES] = {"species", false},
    [ITEM_SPECIMEN] = {"specimen", false}, [ITEM_QUANTITY] = {"quantity", true},     [ITEM_UNIT] = {"unit", true},
    [ITEM_WEIGHT] = {"weight_g", false}, [ITEM_LENGTH] = {"length_mm", false},       [ITEM_CONDITION] = {"condition", false},
    [ITEM_MARKS] = {"marks", false},     [ITEM_PACKAGE] = {"package", false},
    [ITEM_CARRIED] = {"carried-over", false},
};

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

/* A name of the other ledger, as it is printed: its own CODE says how its check character is worked out. */
static bool old_name(struct view text, uint64_t *number)
{
    size_t len = 0;

    while (len < text.len && text.ptr[len] != '-') {
        len++;
    }
    return name_code_check(view_part(text, 0, len)) && name_parse(view_part(text, 0, len), text, 0, number, NULL) == NAME_OK;
}

static void take_row(struct listing *listing, size_t row, struct item *item)
{
    struct view unit, code;

    *item = (struct item){.line = listing->lines[row]};
    for (size_t c = 0; c < ITEM_COLUMNS; c++) {
        item->text[c] = listing_cell(listing, row, c);
    }
    unit = item->text[ITEM_UNIT];
    code = item->text[ITEM_SPECIMEN];
    if (item->text[ITEM_QUANTITY].len > 0 && (!whole_number(item->text[ITEM_QUANTITY], &item->pieces) || item->pieces == 0)) {
        listing_mistake(listing, row, ITEM_QUANTITY, "is not a whole number of at least 1");
    }
    if (unit.len > 0 && !view_equal(unit, view_text("piece")) && !view_equal(unit, view_text("lot")) &&
        !view_equal(unit, view_text("animal"))) {
        listing_mistake(listing, row, ITEM_UNIT, "is not piece, lot or animal");
    }
    item->is_weighed = item->text[ITEM_WEIGHT].len > 0;
    if (item->is_weighed && !mass_grams(item->text[ITEM_WEIGHT], &item->net_mg)) {
        listing_mistake(listing, row, ITEM_WEIGHT, "is not a weight in grams like 1850 or 1850.5");
    }
    item->is_measured = item->text[ITEM_LENGTH].len > 0;
    if (item->is_measured && !whole_number(item->text[ITEM_LENGTH], &item->length_mm)) {
        listing_mistake(listing, row, ITEM_LENGTH, "is not a whole number of millimetres");
    }
    item->is_carried = item->text[ITEM_CARRIED].len > 0;
    if (item->is_carried && !old_name(item->text[ITEM_CARRIED], &item->old)) {
        listing_mistake(listing, row, ITEM_CARRIED, "is not the name that it had in the old ledger, as printed there, like KHPP-28-L");
    }
    for (size_t i = 0; i < code.len; i++) {
        if (code.len != 3 || code.ptr[i] < 'A' || code.ptr[i] > 'Z') {
            listing_mistake(listing, row, ITEM_SPECIMEN, "is not a CITES trade term code like TUS");
            break;
        }
    }
}

static bool stands(const struct item *item, enum item_column column)
{
    return column == ITEM_CARRIED ? item->is_carried : item->text[column].len > 0;
}

/* What cannot stand twice: a text, or the number that an old name means, however it is written. */
static int by_value(const struct item *x, const struct item *y, enum item_column column)
{
    return column == ITEM_CARRIED ? (x->old > y->old) - (x->old < y->old) : view_compare(x->text[column], y->text[column]);
}

static int by_column(const void *a, const void *b, void *column)
{
    const struct item *x = *(const struct item *const *)a;
    const struct item *y = *(const struct item *const *)b;
    int order = by_value(x, y, *(const enum item_column *)column);

    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/* An officer's field number, or the name of the old ledger, names one thing. */
static bool check_once(struct listing *listing, const struct item_list *list, enum item_column column)
{
    const struct item **sorted = calloc(list->count + 1, sizeof *sorted);
    size_t count = 0;

    if (sorted == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (stands(&list->items[i], column)) {
            sorted[count++] = &list->items[i];
        }
    }
    qsort_r(sorted, count, sizeof *sorted, by_column, &column);
    for (size_t i = 1; i < count; i++) {
        char rule[64];

        if (by_value(sorted[i], sorted[i - 1], column) == 0) {
            (void)snprintf(rule, sizeof rule, "stands in line %" PRIu64 " too", sorted[i - 1]->line);
            listing_mistake(listing, (size_t)(sorted[i] - list->items), column, rule);
        }
    }
    free(sorted);
    return true;
}

enum status item_list_read(struct view file, const char *path, struct item_list *out, struct buffer *errors,
                           size_t *mistakes, struct fault *fault)
{
    struct listing listing;
    enum status status = listing_read(file, path, columns, ITEM_COLUMNS, &listing, fault);

    out->items = status == STATUS_OK ? calloc(listing.count + 1, sizeof *out->items) : NULL;
    if (status == STATUS_OK && out->items == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu items", listing.count);
    }
    for (size_t i = 0; status == STATUS_OK && i < listing.count; i++) {
        take_row(&listing, i, &out->items[out->count++]);
    }
    if (status == STATUS_OK && (!check_once(&listing, out, ITEM_REF) || !check_once(&listing, out, ITEM_CARRIED))) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu items", out->count);
    }
    buffer_append_view(errors, buffer_view(&listing.errors));
    *mistakes += listing.mistakes;
    out->text = listing.text; /* the items' text points into it */
    listing.text = (struct buffer){0};
    listing_free(&listing);
    return status == STATUS_OK ? buffer_status(errors, fault) : status;
}

void item_list_free(struct item_list *list)
{
    free(list->items);
    buffer_free(&list->text);
    *list = (struct item_list){0};
}
