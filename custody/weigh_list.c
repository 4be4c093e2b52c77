/* SPDX-License-Identifier: Apache-2.0 */
/*
 * weigh_list: see the header.
 */
#include "custody/weigh_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/mass.h"
#include "custody/superseded.h"

enum { COLUMN_NAME, COLUMN_GROSS, COLUMN_TARE, COLUMN_NET, COLUMN_EXPLANATION, COLUMNS };

static const struct listing_column columns[COLUMNS] = {
    [COLUMN_NAME] = {"name", true},        [COLUMN_GROSS] = {"gross_g", false},
    [COLUMN_TARE] = {"tare_g", false},     [COLUMN_NET] = {"net_g", false},
    [COLUMN_EXPLANATION] = {"drift_explanation", false},
};

/* One weight; false when a mistake was told. */
static bool take_mass(struct listing *listing, size_t row, size_t column, uint64_t *out_mg)
{
    struct view text = listing_cell(listing, row, column);

    *out_mg = NOTHING;
    if (text.len > 0 && !mass_grams(text, out_mg)) {
        listing_mistake(listing, row, column, "is not a weight in grams like 1850 or 1850.5");
        return false;
    }
    return true;
}

static void check_rows(void *context, struct listing *listing)
{
    struct weigh_list *list = context;

    list->rows = calloc(listing->count + 1, sizeof *list->rows);
    for (size_t i = 0; i < listing->count && list->rows != NULL; i++) {
        struct weigh_row *row = &list->rows[i];
        bool good = take_mass(listing, i, COLUMN_GROSS, &row->gross_mg);
        struct fault why;

        good = take_mass(listing, i, COLUMN_TARE, &row->tare_mg) && good;
        good = take_mass(listing, i, COLUMN_NET, &row->net_mg) && good;
        row->row = i;
        fault_clear(&why);
        if (good && mass_net(row->gross_mg, row->tare_mg, &row->net_mg, &why) != STATUS_OK) {
            listing_mistake(listing, i, COLUMN_NET, why.text);
        }
    }
}

enum status weigh_list_open(const char *path, struct weigh_list *out, struct fault *fault)
{
    enum status status;

    *out = (struct weigh_list){0};
    status = listing_open(path, columns, COLUMNS, check_rows, out, "weighed", &out->listing, fault);
    if (status == STATUS_OK && out->rows == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu weights", out->listing.count);
    }
    return status;
}

static int by_number(const void *a, const void *b)
{
    const struct weigh_row *x = a;
    const struct weigh_row *y = b;

    if (x->number != y->number) {
        return x->number > y->number ? 1 : -1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

/* The thing of one row, and a first look at its drift. */
static enum status find_thing(struct session *session, struct weigh_list *list, struct weigh_row *row, bool all_explained,
                              struct fault *fault)
{
    struct listing *listing = &list->listing;
    const struct subject *subject;
    struct fault why;
    enum status status;

    fault_clear(&why);
    status = subject_parse(session->identity, ledger_subjects(session->txn), listing_cell(listing, row->row, COLUMN_NAME),
                           &row->number, NULL, &why);
    if (status != STATUS_OK) {
        row->number = NOTHING;
        listing_mistake(listing, row->row, COLUMN_NAME, why.text);
        return STATUS_OK;
    }
    superseded_warn(session, listing_cell(listing, row->row, COLUMN_NAME));
    subject = ledger_subject(session->txn, row->number, fault);
    if (subject == NULL) {
        return fault->status;
    }
    if (subject->thing != NULL && subject->thing->net_mg != NOTHING && mass_drifts(subject->thing->net_mg, row->net_mg) &&
        !all_explained && listing_cell(listing, row->row, COLUMN_EXPLANATION).len == 0) {
        struct buffer rule = {0};

        mass_print(subject->thing->net_mg, &rule);
        buffer_printf(&rule, " g before, now ");
        mass_print_percent(subject->thing->net_mg, row->net_mg, &rule);
        buffer_printf(&rule, " %%: above 2 %% and 1 g, and unexplained");
        buffer_append_byte(&rule, 0);
        listing_mistake(listing, row->row, COLUMN_NET, rule.failed ? "an unexplained drift" : (const char *)rule.ptr);
        buffer_free(&rule);
        args_hint(session->args, "weigh again; where the weight is right, say why in the column drift_explanation, or for all with --drift-explanation");
    }
    return STATUS_OK;
}

enum status weigh_list_find(struct session *session, struct weigh_list *list, bool all_explained, struct fault *fault)
{
    struct listing *listing = &list->listing;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < listing->count && status == STATUS_OK; i++) {
        status = find_thing(session, list, &list->rows[i], all_explained, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    qsort(list->rows, listing->count, sizeof *list->rows, by_number);
    for (size_t i = 1; i < listing->count; i++) {
        char rule[64];

        if (list->rows[i].number != NOTHING && list->rows[i].number == list->rows[i - 1].number) {
            (void)snprintf(rule, sizeof rule, "stands in line %" PRIu64 " too", listing->lines[list->rows[i - 1].row]);
            listing_mistake(listing, list->rows[i].row, COLUMN_NAME, rule);
        }
    }
    return listing_verdict(listing, "weighed", fault);
}

const struct weigh_row *weigh_list_row(const struct weigh_list *list, uint64_t number)
{
    size_t low = 0, high = list->listing.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (list->rows[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < list->listing.count && list->rows[low].number == number ? &list->rows[low] : NULL;
}

struct view weigh_list_explanation(const struct weigh_list *list, const struct weigh_row *row)
{
    return listing_cell(&list->listing, row->row, COLUMN_EXPLANATION);
}

void weigh_list_free(struct weigh_list *list)
{
    free(list->rows);
    listing_free(&list->listing);
    *list = (struct weigh_list){0};
}
