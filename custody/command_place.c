/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places: the tree of places, and how many things lie at each. `place open` stands in command_case.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "custody/places.h"
#include "custody/whereabouts.h"

enum { DEPTH_SHOWN = 20 };

/* Of each position of the list. */
struct counts {
    uint64_t *here, *below; /* below: with what is here */
    size_t *order, *depths;
};

static void counts_free(struct counts *counts)
{
    free(counts->here);
    free(counts->below);
    free(counts->order);
    free(counts->depths);
}

static enum status counts_make(size_t count, struct counts *out, struct fault *fault)
{
    *out = (struct counts){calloc(count + 1, sizeof *out->here), calloc(count + 1, sizeof *out->below),
                           calloc(count + 1, sizeof *out->order), calloc(count + 1, sizeof *out->depths)};
    if (out->here == NULL || out->below == NULL || out->order == NULL || out->depths == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu places", count);
    }
    return STATUS_OK;
}

/* Things that are held, each where its outermost container is. */
static enum status count_things(struct session *session, const struct places *places, struct counts *counts, struct fault *fault)
{
    for (uint64_t n = 0; n < ledger_subjects(session->txn); n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);
        struct whereabouts where;

        if (subject == NULL) {
            return fault->status;
        }
        if (subject->thing == NULL) {
            continue;
        }
        whereabouts_of(ledger_world(session->txn), subject, &where);
        if (where.state == THING_HELD && subject->thing->state == THING_HELD) {
            counts->here[places_at(places, where.place)]++; /* of no place: behind the list */
        }
    }
    for (size_t i = places->count; i-- > 0;) {
        counts->below[i] += counts->here[i];
        counts->below[places_at(places, places->list[i].within)] += counts->below[i];
    }
    return STATUS_OK;
}

static void put_row(struct session *session, const struct places *places, const struct counts *counts, size_t at, bool json,
                    struct table *table)
{
    struct buffer name = {0};

    if (!json) {
        buffer_printf(&name, "%*s", (int)(2 * (counts->depths[at] < DEPTH_SHOWN ? counts->depths[at] : DEPTH_SHOWN)), "");
    }
    describe_detail(session, places->list[at].number, NAME_PLACE, &name);
    output_name_cell(session, table, places->list[at].number);
    table_text(table, buffer_view(&name));
    output_name_cell(session, table, places->list[at].within);
    table_number(table, counts->here[at]);
    table_number(table, counts->below[at]);
    buffer_free(&name);
}

static enum status show_places(struct session *session, struct fault *fault)
{
    static const struct table_column columns[] = {{"place", false}, {"name", false}, {"in", false}, {"things", true}, {"with-parts", true}};
    bool json = args_flag(session->args, "--json");
    struct places places = {0};
    struct counts counts = {0};
    struct table *table = NULL;
    enum status status = places_load(session, &places, fault);

    if (status == STATUS_OK) {
        status = counts_make(places.count, &counts, fault);
    }
    if (status == STATUS_OK) {
        status = places_order(&places, counts.order, counts.depths, fault);
    }
    if (status == STATUS_OK) {
        status = count_things(session, &places, &counts, fault);
    }
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    for (size_t i = 0; i < places.count && status == STATUS_OK; i++) {
        put_row(session, &places, &counts, counts.order[i], json, table);
    }
    if (status == STATUS_OK) {
        status = output_table(session, "places", table, fault);
    }
    if (status == STATUS_OK && !json) {
        (void)printf("%zu %s; %" PRIu64 " %s held at no place\n", places.count, places.count == 1 ? "place" : "places",
                     counts.here[places.count], counts.here[places.count] == 1 ? "thing is" : "things are");
    }
    table_close(table);
    counts_free(&counts);
    places_free(&places);
    return status;
}

static enum status run_places(struct args *args, struct fault *fault)
{
    struct session session;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = show_places(&session, fault);
    }
    session_close(&session);
    return status;
}

const struct command command_place[] = {
    {.words = "places", .arguments = "", .summary = "show the tree of places, and how many things are held at each",
     .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken places",
     .json = "{\"ledger\", \"training\", \"places\": [{\"place\", \"name\", \"in\", \"things\", \"with-parts\"}]}", .run = run_places},
    {.words = NULL},
};
