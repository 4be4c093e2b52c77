/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_things: the things of a group, each by name with its own facts. What is the same for all of them is said once.
 */
#include "printer/report_inside.h"
#include "printer/weight_chart.h"

#include "verify/state.h"

#include <stdlib.h>

enum { COMMON_MAX = 32, OWN_MAX = 48, RUNS = 32 };

/* Details that every thing of the group has with the same text; the first thing's. */
struct common {
    const struct dossier_detail *details[COMMON_MAX];
    size_t count;
};

/* What describes a thing: these acts' details of it. */
static bool describes(unsigned kind)
{
    return kind == KIND_REGISTER || kind == KIND_SAMPLE || kind == KIND_SPLIT || kind == KIND_ANIMAL || kind == KIND_IDENTIFY;
}

/* The n-th describing detail of a thing, in the order of its records. */
static const struct dossier_detail *describing(const struct report *report, const struct dossier_subject *subject, size_t n)
{
    const struct dossier *dossier = report->dossier;
    for (size_t i = 0; i < subject->thread.count; i++) {
        const struct dossier_record *record = &dossier->records[dossier->thread[subject->thread.first + i]];
        const struct dossier_entry *entry = describes(record->kind) ? dossier_entry(dossier, record, subject->number) : NULL;
        if (entry != NULL && n < entry->details.count) {
            return &dossier->details[entry->details.first + n];
        }
        n -= entry == NULL ? 0 : entry->details.count;
    }
    return NULL;
}

static bool alike(const struct dossier_detail *a, const struct dossier_detail *b)
{
    return a->name == b->name && a->shown == DOSSIER_SHOWN && b->shown == DOSSIER_SHOWN && a->type == b->type && a->type != VALUE_FILE && view_equal(a->text, b->text);
}

static bool has_alike(const struct report *report, const struct dossier_subject *subject, const struct dossier_detail *detail)
{
    const struct dossier_detail *at = describing(report, subject, 0);
    for (size_t n = 0; n < OWN_MAX && at != NULL; at = describing(report, subject, ++n)) {
        if (alike(at, detail)) {
            return true;
        }
    }
    return false;
}

static void find_common(const struct report *report, const struct report_group *group, struct common *out)
{
    const struct dossier_subject *first = report->things[group->things[0]].subject;
    const struct dossier_detail *at = describing(report, first, 0);
    for (size_t n = 0; group->count > 1 && n < OWN_MAX && out->count < COMMON_MAX && at != NULL; at = describing(report, first, ++n)) {
        bool all = true;
        for (size_t i = 1; i < group->count && all; i++) {
            all = has_alike(report, report->things[group->things[i]].subject, at);
        }
        if (all) {
            out->details[out->count++] = at;
        }
    }
}

static bool is_common(const struct common *common, const struct dossier_detail *detail)
{
    for (size_t i = 0; i < common->count; i++) {
        if (alike(common->details[i], detail)) {
            return true;
        }
    }
    return false;
}

/* "whole tusk"; of any other detail "species: Loxodonta africana". */
static void put_detail(struct report *report, struct buffer *out, const struct dossier_detail *detail)
{
    buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
    if (detail->name != NAME_DESCRIPTION) {
        report_detail_name(report, out, detail->name);
        buffer_append_view(out, view_text(": "));
    }
    report_detail(report, out, detail);
}

static void put_corrections(struct report *report, struct buffer *out, const struct dossier_subject *subject)
{
    for (size_t i = 0; i < subject->corrections.count; i++) {
        const struct dossier_correction *correction = &report->dossier->corrections[subject->corrections.first + i];
        const struct dossier_detail *detail = &report->dossier->details[correction->detail];
        buffer_append_view(out, view_text("; "));
        report_cell(report, out, N_("corrected in record %llu:"), (unsigned long long)report->dossier->records[correction->at].index);
        buffer_append_byte(out, ' ');
        report_detail_name(report, out, detail->name);
        buffer_append_view(out, view_text(": "));
        report_detail(report, out, detail);
    }
}

static void put_description(struct report *report, struct buffer *out, const struct dossier_subject *subject, const struct common *common)
{
    const struct dossier_detail *at = describing(report, subject, 0);
    char name[NAME_BYTES];
    for (size_t n = 0; n < OWN_MAX && at != NULL; at = describing(report, subject, ++n)) {
        if (!is_common(common, at)) {
            put_detail(report, out, at);
        }
    }
    put_corrections(report, out, subject);
    if (subject->thing.parent != NOTHING) {
        buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
        report_cell(report, out, N_("taken from %s in record %llu"), dossier_name(report->dossier, subject->thing.parent, name),
                    (unsigned long long)subject->thing.parted);
    }
}

/* ---- what all of them share ------------------------------------------------------------------ */

static void put_end(struct report *report, struct buffer *out, const struct dossier_subject *subject)
{
    const struct dossier_thing *thing = &subject->thing;
    report_word(report, out, thing->voided ? N_("number void") : state_name(thing->state));
    if (thing->missing != NOTHING) {
        buffer_append_view(out, view_text(", "));
        report_word(report, out, N_("MISSING"));
    }
    if (thing->overdue) {
        buffer_append_view(out, view_text(", "));
        report_word(report, out, N_("LATE"));
    }
    if (thing->holder != NOTHING && thing->state != THING_CLOSED) {
        buffer_append_view(out, view_text(", "));
        report_subject(report, out, thing->holder);
    }
    if (thing->place != NOTHING && thing->state == THING_HELD) {
        buffer_append_view(out, view_text(" @ "));
        report_subject(report, out, thing->place);
    }
}

static void put_shared(struct report *report, const struct report_group *group, const struct common *common)
{
    struct buffer value = { 0 };
    put_end(report, &value, report->things[group->things[0]].subject);
    report_fact(report, N_("At the end"), &value);
    for (size_t i = 0; i < common->count; i++) {
        put_detail(report, &value, common->details[i]);
    }
    report_fact(report, N_("The same for all of them"), &value);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct paper_column columns[] = {
    { .share = 1.9, .heading = N_("Name"), .align = ALIGN_LEFT },
    { .share = 7.4, .heading = N_("Description and marks"), .align = ALIGN_LEFT },
    { .share = 0.9, .heading = N_("Pieces"), .align = ALIGN_LEFT },
    { .share = 1.5, .heading = N_("Net"), .align = ALIGN_LEFT },
    { .share = 2.0, .heading = N_("Seals, container"), .align = ALIGN_LEFT },
    { .share = 1.7, .heading = N_("Records of its own"), .align = ALIGN_LEFT },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* Which steps were one record for the whole group. Owned; NULL: out of memory. */
static bool *shared_steps(const struct report *report, const struct report_group *group)
{
    const struct report_thing *first = &report->things[group->things[0]];
    bool *shared = calloc(first->step_count + 1, sizeof *shared);
    for (size_t n = 0; shared != NULL && n < first->step_count; n++) {
        shared[n] = group->count > 1;
        for (size_t i = 1; i < group->count && shared[n]; i++) {
            const struct report_thing *other = &report->things[group->things[i]];
            shared[n] = n < other->step_count && other->steps[n] == first->steps[n];
        }
    }
    return shared;
}

/* The records in which it did not go with the whole group; of a thing alone, the story has them all. */
static void put_own_records(struct report *report, struct buffer *out, const struct report_thing *thing, const bool *shared)
{
    struct report_numbers records = { 0 };
    for (size_t n = 0; n < thing->step_count; n++) {
        if (!shared[n]) {
            report_number(report, &records, thing->steps[n]->index);
        }
    }
    report_numbers_sort(&records);
    report_records(out, &records, RUNS);
    report_numbers_free(&records);
}

static void put_thing(struct report *report, const struct report_thing *thing, const struct common *common, const bool *shared)
{
    const struct dossier_subject *subject = thing->subject;
    struct buffer cells[COLUMNS] = { { 0 } };
    char name[NAME_BYTES];
    buffer_append_view(&cells[0], view_text(subject->name));
    if (subject->thing.item > 0) {
        buffer_printf(&cells[0], " (%llu/%llu)", (unsigned long long)subject->thing.item, (unsigned long long)subject->thing.items);
    }
    put_description(report, &cells[1], subject, common);
    if (subject->thing.pieces != NOTHING) {
        buffer_printf(&cells[2], "%llu", (unsigned long long)subject->thing.pieces);
    }
    if (subject->thing.net_mg != NOTHING) {
        weight_print(&cells[3], subject->thing.net_mg);
    }
    if (subject->thing.seals.count > 0) {
        report_seals(report, &cells[4], subject->thing.seals);
    }
    if (subject->thing.container != NOTHING) {
        buffer_append_view(&cells[4], view_text(cells[4].len == 0 ? "" : "; "));
        report_cell(report, &cells[4], N_("in %s"), dossier_name(report->dossier, subject->thing.container, name));
    }
    put_own_records(report, &cells[5], thing, shared);
    report_row(report, cells, COLUMNS, false);
}

void report_group_things(struct report *report, const struct report_group *group)
{
    struct common common = { 0 };
    bool *shared = shared_steps(report, group);
    if (shared == NULL) {
        paper_fail(&report->paper, &(struct fault){ .status = STATUS_MEMORY, .at = FAULT_NOWHERE, .text = "out of memory" });
        return;
    }
    find_common(report, group, &common);
    put_shared(report, group, &common);
    paper_table_begin(&report->paper, columns, COLUMNS, true);
    for (size_t i = 0; i < group->count && !paper_failed(&report->paper); i++) {
        put_thing(report, &report->things[group->things[i]], &common, shared);
    }
    paper_table_end(&report->paper);
    free(shared);
}
