/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_list: see the header.
 */
#include "custody/sample_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/digits.h"
#include "custody/mass.h"
#include "custody/superseded.h"
#include "verify/text.h"

enum { COLUMN_PARENT, COLUMN_MASS, COLUMN_PIECES, COLUMN_TO, COLUMN_TEXT, COLUMN_FOUND = COLUMN_TEXT + PART_TEXTS, COLUMN_LOSS,
       COLUMN_REMAINS, COLUMNS };

static const struct listing_column columns[COLUMNS] = {
    [COLUMN_PARENT] = {"parent", true},
    [COLUMN_MASS] = {"mass_g", false},
    [COLUMN_PIECES] = {"pieces", false},
    [COLUMN_TO] = {"to", false},
    [COLUMN_TEXT + PART_REF] = {"ref", false},
    [COLUMN_TEXT + PART_DESCRIPTION] = {"description", false},
    [COLUMN_TEXT + PART_PACKAGE] = {"package", false},
    [COLUMN_TEXT + PART_CONDITION] = {"condition", false},
    [COLUMN_FOUND] = {"found_g", false},
    [COLUMN_LOSS] = {"loss_g", false},
    [COLUMN_REMAINS] = {"remains_g", false},
};

static uint64_t take_mass(struct listing *listing, size_t row, size_t column)
{
    struct view text = listing_cell(listing, row, column);
    uint64_t mg = NOTHING;

    if (text.len > 0 && !mass_grams(text, &mg)) {
        listing_mistake(listing, row, column, "is not a weight in grams like 2.5");
        return NOTHING;
    }
    return mg;
}

static uint64_t take_pieces(struct listing *listing, size_t row)
{
    struct view text = listing_cell(listing, row, COLUMN_PIECES);
    struct buffer plain = {0};
    uint64_t pieces = NOTHING;

    digits_to_ascii(text, &plain);
    if (text.len > 0 && (plain.failed || !text_decimal(buffer_view(&plain), &pieces) || pieces == 0)) {
        listing_mistake(listing, row, COLUMN_PIECES, "is not a whole number of at least 1");
        pieces = NOTHING;
    }
    buffer_free(&plain);
    return pieces;
}

static bool make_room(struct sample_list *list, size_t count)
{
    list->parts.parts = calloc(count + 1, sizeof *list->parts.parts);
    list->parts.cap = count + 1;
    list->takings = calloc(count + 1, sizeof *list->takings);
    list->rows = calloc(count + 1, sizeof *list->rows);
    list->parents = calloc(count + 1, sizeof *list->parents);
    list->stated_mg = calloc(count + 1, sizeof *list->stated_mg);
    return list->parts.parts != NULL && list->takings != NULL && list->rows != NULL && list->parents != NULL && list->stated_mg != NULL;
}

static void check_rows(void *context, struct listing *listing)
{
    struct sample_list *list = context;

    if (!make_room(list, listing->count)) {
        return;
    }
    for (size_t i = 0; i < listing->count; i++) {
        struct part part = parts_blank();

        part.net_mg = take_mass(listing, i, COLUMN_MASS);
        part.pieces = take_pieces(listing, i);
        part.to = listing_cell(listing, i, COLUMN_TO);
        for (size_t t = 0; t < PART_TEXTS; t++) {
            part.text[t] = listing_cell(listing, i, COLUMN_TEXT + t);
        }
        for (size_t m = 0; m < 3; m++) {
            list->stated_mg[i][m] = take_mass(listing, i, COLUMN_FOUND + m);
        }
        list->parts.parts[list->parts.count++] = part;
    }
}

enum status sample_list_open(const char *path, const char *done, struct sample_list *out, struct fault *fault)
{
    enum status status;

    *out = (struct sample_list){0};
    status = listing_open(path, columns, COLUMNS, check_rows, out, done, &out->listing, fault);
    if (status == STATUS_OK && out->parts.count != out->listing.count) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu samples", out->listing.count);
    }
    return status;
}

/* ---- parents --------------------------------------------------------------------------------- */

static int by_parent(const void *a, const void *b, void *context)
{
    const uint64_t *parents = context;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;

    if (parents[x] != parents[y]) {
        return parents[x] > parents[y] ? 1 : -1;
    }
    return (x > y) - (x < y);
}

/* What a row says of the parent as a whole. */
static void take_stated(struct sample_list *list, struct taking *taking, size_t row)
{
    uint64_t *const into[3] = {&taking->found_mg, &taking->loss_mg, &taking->remains_mg};

    for (size_t m = 0; m < 3; m++) {
        uint64_t mg = list->stated_mg[row][m];

        if (mg != NOTHING && *into[m] != NOTHING) {
            listing_mistake(&list->listing, row, COLUMN_FOUND + m, "stands in another row of this parent too");
        } else if (mg != NOTHING) {
            *into[m] = mg;
        }
    }
}

/* Parts and rows in the order of the parents; a taking for each. */
static enum status group(struct sample_list *list, struct fault *fault)
{
    size_t count = list->parts.count;
    size_t *order = calloc(count + 1, sizeof *order);
    struct part *sorted = calloc(count + 1, sizeof *sorted);

    if (order == NULL || sorted == NULL) {
        free(order);
        free(sorted);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu samples", count);
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    qsort_r(order, count, sizeof *order, by_parent, list->parents);
    for (size_t i = 0; i < count; i++) {
        struct taking *taking;

        sorted[i] = list->parts.parts[order[i]];
        if (i == 0 || list->parents[order[i]] != list->parents[order[i - 1]]) {
            list->rows[list->taking_count] = order[i];
            list->takings[list->taking_count] = taking_blank();
            list->takings[list->taking_count].number = list->parents[order[i]];
            list->takings[list->taking_count].parts = &sorted[i];
            list->taking_count++;
        }
        taking = &list->takings[list->taking_count - 1];
        taking->count++;
        take_stated(list, taking, order[i]);
    }
    free(list->parts.parts);
    list->parts.parts = sorted;
    free(order);
    return STATUS_OK;
}

enum status sample_list_find(struct session *session, struct sample_list *list, const char *done, struct fault *fault)
{
    struct listing *listing = &list->listing;
    enum status status;

    for (size_t i = 0; i < listing->count; i++) {
        struct fault why;

        fault_clear(&why);
        if (subject_parse(session->identity, ledger_subjects(session->txn), listing_cell(listing, i, COLUMN_PARENT), &list->parents[i],
                          NULL, &why) != STATUS_OK) {
            listing_mistake(listing, i, COLUMN_PARENT, why.text);
        } else {
            superseded_warn(session, listing_cell(listing, i, COLUMN_PARENT));
        }
    }
    status = listing_verdict(listing, done, fault);
    if (status == STATUS_OK) {
        status = parts_number(session, &list->parts, fault);
    }
    if (status == STATUS_OK) {
        status = group(list, fault);
    }
    return status == STATUS_OK ? listing_verdict(listing, done, fault) : status;
}

void sample_list_free(struct sample_list *list)
{
    parts_free(&list->parts);
    free(list->takings);
    free(list->rows);
    free(list->parents);
    free(list->stated_mg);
    listing_free(&list->listing);
    *list = (struct sample_list){0};
}
