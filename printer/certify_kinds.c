/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify_kinds: many things at once: those of one species, state and place together, with their number, pieces and mass. Each thing by itself
 * stands among the certified lines.
 */
#include "printer/certify_inside.h"

#include <stdlib.h>
#include <string.h>

enum { RUNS = 12, MICRO = 1000000 };

/* Things of one species (with its word), type, state and place, as the certified lines say it. */
struct alike {
    struct view species, place;
    const char *type, *identified, *state;
    bool missing; /* a stock-take did not find it */
    struct report_numbers things;
    uint64_t pieces, net_mg;
    size_t unweighed, uncounted;
};

struct kinds {
    struct alike *list;
    size_t count, cap;
};

static bool is_kind(const struct alike *a, const struct alike *b)
{
    return view_equal(a->species, b->species) && view_equal(a->place, b->place) && a->type == b->type && a->identified == b->identified && a->state == b->state &&
           a->missing == b->missing;
}

/* Looked for from the last one on: things of one kind mostly follow one another. */
static struct alike *kind_of(struct certify *certify, struct kinds *kinds, const struct alike *like)
{
    for (size_t i = kinds->count; i > 0; i--) {
        if (is_kind(&kinds->list[i - 1], like)) {
            return &kinds->list[i - 1];
        }
    }
    if (kinds->count == kinds->cap) {
        size_t cap = kinds->cap == 0 ? 16 : kinds->cap * 2;
        struct alike *list = realloc(kinds->list, cap * sizeof *list);
        if (list == NULL) {
            paper_fail(&certify->report.paper, &(struct fault){ .status = STATUS_MEMORY, .at = FAULT_NOWHERE, .text = "out of memory" });
            return NULL;
        }
        kinds->list = list;
        kinds->cap = cap;
    }
    kinds->list[kinds->count] = *like;
    return &kinds->list[kinds->count++];
}

/* The lines of one thing; returns the first line behind them. */
static size_t read_thing(struct certify *certify, struct kinds *kinds, size_t at)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    const struct dossier_subject *subject = dossier_subject(certify->report.dossier, verdict->lines[at].subject);
    struct alike like = { .type = verdict->lines[at].word };
    size_t end = at + 1;
    for (; end < verdict->line_count && verdict->lines[end].subject == verdict->lines[at].subject; end++) {
        const struct certified_line *line = &verdict->lines[end];
        if (strcmp(line->label, "Species") == 0) {
            like.species = buffer_view(&line->value);
            like.identified = line->word;
        } else if (strcmp(line->label, "State") == 0) {
            like.state = line->word;
        } else if (strcmp(line->label, CERTIFY_MISSING) == 0) {
            like.missing = true;
        } else if (strcmp(line->label, "Place") == 0) {
            like.place = buffer_view(&line->value);
        }
    }
    struct alike *kind = kind_of(certify, kinds, &like);
    if (kind != NULL && subject != NULL) {
        report_number(&certify->report, &kind->things, subject->number);
        kind->pieces += subject->thing.pieces == NOTHING ? 0 : subject->thing.pieces;
        kind->net_mg += subject->thing.net_mg == NOTHING ? 0 : subject->thing.net_mg;
        kind->uncounted += subject->thing.pieces == NOTHING ? 1 : 0;
        kind->unweighed += subject->thing.net_mg == NOTHING ? 1 : 0;
    }
    return end;
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct paper_column columns[] = {
    { .share = 4, .heading = N_("Things"), .align = ALIGN_LEFT },
    { .share = 0.9, .heading = N_("How many"), .align = ALIGN_LEFT },
    { .share = 2.2, .heading = N_("Species"), .align = ALIGN_LEFT },
    { .share = 1.2, .heading = N_("Pieces"), .align = ALIGN_LEFT },
    { .share = 1.7, .heading = N_("Net mass"), .align = ALIGN_LEFT },
    { .share = 1.2, .heading = N_("State"), .align = ALIGN_LEFT },
    { .share = 1.8, .heading = N_("Place"), .align = ALIGN_LEFT },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static void put_lacking(struct certify *certify, struct buffer *out, size_t count)
{
    if (count > 0) {
        buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
        report_cell(&certify->report, out, N_("not stated of %zu"), count);
    }
}

static void put_kind(struct certify *certify, const struct alike *kind)
{
    struct report *report = &certify->report;
    struct buffer cells[COLUMNS] = { { 0 } };
    report_names(report, &cells[0], &kind->things, RUNS);
    buffer_append_view(&cells[0], view_text(" ("));
    report_word(report, &cells[0], kind->type == NULL ? "" : kind->type);
    buffer_append_view(&cells[0], view_text(")"));
    buffer_printf(&cells[1], "%zu", kind->things.count);
    buffer_append_view(&cells[2], kind->species);
    if (kind->identified != NULL) {
        buffer_append_view(&cells[2], view_text(kind->species.len == 0 ? "" : ", "));
        report_word(report, &cells[2], kind->identified);
    }
    if (kind->uncounted < kind->things.count) {
        buffer_printf(&cells[3], "%llu", (unsigned long long)kind->pieces);
    }
    put_lacking(certify, &cells[3], kind->uncounted);
    if (kind->unweighed < kind->things.count) {
        buffer_printf(&cells[4], "%llu.%06llu kg", (unsigned long long)(kind->net_mg / MICRO), (unsigned long long)(kind->net_mg % MICRO));
    }
    put_lacking(certify, &cells[4], kind->unweighed);
    report_word(report, &cells[5], kind->state == NULL ? "" : kind->state);
    if (kind->missing) {
        buffer_append_view(&cells[5], view_text("; "));
        report_word(report, &cells[5], N_("NOT FOUND at a stock-take"));
    }
    if (kind->place.len == 0) {
        report_word(report, &cells[6], N_("not stated"));
    }
    buffer_append_view(&cells[6], kind->place);
    certify_row(certify, cells, COLUMNS);
}

void certify_kinds(struct certify *certify)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct kinds kinds = { 0 };
    for (size_t i = 0; i < verdict->line_count;) {
        i = strcmp(verdict->lines[i].label, "Thing") == 0 ? read_thing(certify, &kinds, i) : i + 1;
    }
    report_say(&certify->report, 1.0, false, N_("Things of one species, state and place stand together. Each by itself, with its description, seals and mass, stands among the certified lines."));
    paper_table_begin(&certify->report.paper, columns, COLUMNS, true);
    for (size_t i = 0; i < kinds.count && !paper_failed(&certify->report.paper); i++) {
        put_kind(certify, &kinds.list[i]);
    }
    paper_table_end(&certify->report.paper);
    for (size_t i = 0; i < kinds.count; i++) {
        report_numbers_free(&kinds.list[i].things);
    }
    free(kinds.list);
}
