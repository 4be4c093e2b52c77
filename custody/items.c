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
#include "verify/text.h"

static const struct listing_column columns[ITEM_COLUMNS] = {
    [ITEM_REF] = {"ref", true},          [ITEM_DESCRIPTION] = {"description", true}, [ITEM_SPECIES] = {"species", false},
    [ITEM_SPECIMEN] = {"specimen", false}, [ITEM_QUANTITY] = {"quantity", true},     [ITEM_UNIT] = {"unit", true},
    [ITEM_WEIGHT] = {"weight_g", false}, [ITEM_LENGTH] = {"length_mm", false},       [ITEM_CONDITION] = {"condition", false},
    [ITEM_MARKS] = {"marks", false},     [ITEM_PACKAGE] = {"package", false},
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
    for (size_t i = 0; i < code.len; i++) {
        if (code.len != 3 || code.ptr[i] < 'A' || code.ptr[i] > 'Z') {
            listing_mistake(listing, row, ITEM_SPECIMEN, "is not a CITES trade term code like TUS");
            break;
        }
    }
}

static int by_ref(const void *a, const void *b)
{
    const struct item *x = *(const struct item *const *)a;
    const struct item *y = *(const struct item *const *)b;
    int order = view_compare(x->text[ITEM_REF], y->text[ITEM_REF]);

    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

/* An officer's field number names one thing. */
static bool check_refs(struct listing *listing, const struct item_list *list)
{
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
            listing_mistake(listing, (size_t)(sorted[i] - list->items), ITEM_REF, rule);
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
    if (status == STATUS_OK && !check_refs(&listing, out)) {
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
