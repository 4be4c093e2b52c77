/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_items: every thing: first the story that a group of them shares, as a picture and step by step, then each by name with its own facts.
 */
#include "printer/custody_chart.h"
#include "printer/report_inside.h"
#include "printer/weight_chart.h"

#include "verify/state.h"

#define NOTES_RUNS 6

/* ---- the story ------------------------------------------------------------------------------- */

static const struct paper_column story_columns[] = {
    { .share = 1.2, .heading = N_("Records"), .align = ALIGN_LEFT },
    { .share = 2.1, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 2.3, .heading = N_("What was done"), .align = ALIGN_LEFT },
    { .share = 3.2, .heading = N_("By whom"), .align = ALIGN_LEFT },
    { .share = 3.9, .heading = N_("To whom, where, what was stated"), .align = ALIGN_LEFT },
};

enum { STORY_COLUMNS = sizeof story_columns / sizeof story_columns[0] };

/* What the act as a whole states, and, of one thing alone, what it states of that thing. */
static void put_stated(struct report *report, struct buffer *out, const struct dossier_record *record, const struct dossier_subject *alone)
{
    const struct dossier_entry *entry = alone == NULL ? NULL : dossier_entry(report->dossier, record, alone->number);
    struct dossier_run runs[2] = { record->details, entry == NULL ? (struct dossier_run){ 0 } : entry->details };
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < runs[k].count; i++) {
            const struct dossier_detail *detail = &report->dossier->details[runs[k].first + i];
            const struct detail_name *name = detail_by_number(detail->name);
            buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
            report_word(report, out, name == NULL ? N_("detail of unknown name") : name->name);
            buffer_append_view(out, view_text(": "));
            report_detail(report, out, detail);
        }
    }
}

static void put_aside(struct report *report, struct buffer *out, const struct dossier_record *record)
{
    if (record->has_to) {
        report_word(report, out, N_("to"));
        buffer_append_view(out, view_text(": "));
        report_party(report, out, &record->to);
    }
    if (record->place != NOTHING) {
        buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
        report_word(report, out, N_("place"));
        buffer_append_view(out, view_text(": "));
        report_subject(report, out, record->place);
    }
    if (record->due_s != NOTHING && record->due_s != 0) {
        buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
        report_word(report, out, N_("due"));
        buffer_append_view(out, view_text(": "));
        report_time(report, out, record->due_s);
    }
}

/* The time logged; beside it the time that the signers say, where the two are a minute apart or more. */
static void put_times(struct report *report, struct buffer *out, uint64_t from_s, uint64_t until_s, const struct dossier_record *record)
{
    uint64_t apart = record->claimed_s > record->logged_s ? record->claimed_s - record->logged_s : record->logged_s - record->claimed_s;
    report_time(report, out, from_s);
    if (until_s / 60 != from_s / 60) {
        buffer_append_view(out, view_text(" – "));
        report_time(report, out, until_s);
    } else if (apart >= 60) {
        buffer_append_view(out, view_text(" ("));
        report_word(report, out, N_("as signed:"));
        buffer_append_byte(out, ' ');
        report_time(report, out, record->claimed_s);
        buffer_append_view(out, view_text(")"));
    }
}

static bool put_step(struct report *report, const struct report_group *group, size_t n)
{
    struct report_numbers records = { 0 };
    struct buffer cells[STORY_COLUMNS] = { { 0 } };
    const struct dossier_record *first = NULL;
    uint64_t from_s = UINT64_MAX, until_s = 0;
    for (size_t i = 0; i < group->count; i++) {
        const struct report_thing *thing = &report->things[group->things[i]];
        if (n < thing->step_count) {
            const struct dossier_record *record = thing->steps[n];
            first = first == NULL ? record : first;
            from_s = record->logged_s < from_s ? record->logged_s : from_s;
            until_s = record->logged_s > until_s ? record->logged_s : until_s;
            report_number(report, &records, record->index);
        }
    }
    if (first == NULL) {
        return false;
    }
    report_numbers_sort(&records);
    report_records(&cells[0], &records, NOTES_RUNS);
    put_times(report, &cells[1], from_s, until_s, first);
    report_act(report, &cells[2], first);
    report_signers(report, &cells[3], first);
    put_aside(report, &cells[4], first);
    if (records.count == 1) {
        put_stated(report, &cells[4], first, group->count == 1 && first->kind != KIND_REGISTER ? report->things[group->things[0]].subject : NULL);
    }
    report_row(report, cells, STORY_COLUMNS, false);
    report_numbers_free(&records);
    return true;
}

static void put_story(struct report *report, const struct report_group *group)
{
    paper_table_begin(&report->paper, story_columns, STORY_COLUMNS, true);
    for (size_t n = 0; !paper_failed(&report->paper) && put_step(report, group, n); n++) {
    }
    paper_table_end(&report->paper);
}

static void put_picture(struct report *report, const struct report_group *group)
{
    struct custody_chart chart = { 0 };
    const struct dossier_subject *subject = report->things[group->things[0]].subject;
    custody_chart_of(report->dossier, subject->number, &report->form->languages, &chart);
    chart.offset_min = report->form->offset_min;
    if (group->count > 1 && chart.bar_count > 0) {
        report_say(report, 0.85, false, N_("The picture is that of %s; the times of the others may differ by hours, not by days."), subject->name);
    }
    custody_chart_put(&report->paper, &chart);
    custody_chart_close(&chart);
}

/* ---- each thing ------------------------------------------------------------------------------ */

static const struct paper_column item_columns[] = {
    { .share = 2.0, .heading = N_("Name"), .align = ALIGN_LEFT },
    { .share = 4.6, .heading = N_("Description and marks"), .align = ALIGN_LEFT },
    { .share = 0.9, .heading = N_("Pieces"), .align = ALIGN_RIGHT },
    { .share = 1.6, .heading = N_("Net"), .align = ALIGN_RIGHT },
    { .share = 2.0, .heading = N_("Seals, container"), .align = ALIGN_LEFT },
    { .share = 2.4, .heading = N_("At the end"), .align = ALIGN_LEFT },
    { .share = 2.2, .heading = N_("Its records"), .align = ALIGN_LEFT },
};

enum { ITEM_COLUMNS = sizeof item_columns / sizeof item_columns[0], DETAILS_TOLD = 24 };

/* Told in a column of their own, or with the story. */
static bool told_elsewhere(uint64_t name)
{
    return name == NAME_DESCRIPTION || name == NAME_DRIFT || name == NAME_SCALE || name == NAME_UNIT || name == NAME_COUNTERPARTY;
}

/* "whole tusk (T-0085); species: Loxodonta africana; ..." as registered; then each correction. */
static void put_description(struct report *report, struct buffer *out, const struct dossier_subject *subject)
{
    const struct dossier *dossier = report->dossier;
    size_t told = 0;
    buffer_append_view(out, subject->title_shown == DOSSIER_SHOWN ? subject->title : view_text(""));
    for (size_t i = 0; i < subject->thread.count; i++) {
        const struct dossier_record *record = &dossier->records[dossier->thread[subject->thread.first + i]];
        const struct dossier_entry *entry = dossier_entry(dossier, record, subject->number);
        if (entry == NULL || (record->kind != KIND_REGISTER && record->kind != KIND_SAMPLE && record->kind != KIND_SPLIT && record->kind != KIND_IDENTIFY)) {
            continue;
        }
        for (size_t k = 0; k < entry->details.count && told < DETAILS_TOLD; k++) {
            const struct dossier_detail *detail = &dossier->details[entry->details.first + k];
            const struct detail_name *name = detail_by_number(detail->name);
            if (told_elsewhere(detail->name) && (detail->shown == DOSSIER_SHOWN || detail->name != NAME_DESCRIPTION)) {
                continue;
            }
            told++;
            buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
            report_word(report, out, name == NULL ? N_("detail of unknown name") : name->name);
            buffer_append_view(out, view_text(": "));
            report_detail(report, out, detail);
        }
    }
    for (size_t i = 0; i < subject->corrections.count; i++) {
        const struct dossier_correction *correction = &dossier->corrections[subject->corrections.first + i];
        const struct dossier_detail *detail = &dossier->details[correction->detail];
        const struct detail_name *name = detail_by_number(detail->name);
        buffer_append_view(out, view_text("; "));
        report_cell(report, out, N_("corrected in record %llu:"), (unsigned long long)dossier->records[correction->at].index);
        buffer_append_byte(out, ' ');
        report_word(report, out, name == NULL ? N_("detail of unknown name") : name->name);
        buffer_append_view(out, view_text(": "));
        report_detail(report, out, detail);
    }
}

void report_whereabouts(struct report *report, struct buffer *out, const struct dossier_subject *subject)
{
    const struct dossier_thing *thing = &subject->thing;
    report_word(report, out, thing->voided ? N_("number void") : state_name(thing->state));
    if (thing->missing != NOTHING) {
        buffer_append_view(out, view_text("; "));
        report_word(report, out, N_("MISSING"));
    }
    if (thing->overdue) {
        buffer_append_view(out, view_text("; "));
        report_word(report, out, N_("OVERDUE"));
    }
    if (thing->holder != NOTHING && thing->state != THING_CLOSED) {
        buffer_append_view(out, view_text("; "));
        report_subject(report, out, thing->holder);
    }
    if (thing->place != NOTHING && thing->state == THING_HELD) {
        buffer_append_view(out, view_text(" @ "));
        report_subject(report, out, thing->place);
    }
}

static void put_thing(struct report *report, const struct report_thing *thing)
{
    const struct dossier_subject *subject = thing->subject;
    struct buffer cells[ITEM_COLUMNS] = { { 0 } };
    struct report_numbers records = { 0 };
    char name[NAME_BYTES];
    buffer_append_view(&cells[0], view_text(subject->name));
    if (subject->thing.item > 0) {
        buffer_printf(&cells[0], "\n%llu/%llu", (unsigned long long)subject->thing.item, (unsigned long long)subject->thing.items);
    }
    put_description(report, &cells[1], subject);
    if (subject->thing.parent != NOTHING) {
        buffer_append_view(&cells[1], view_text("; "));
        report_cell(report, &cells[1], N_("taken from %s in record %llu"), dossier_name(report->dossier, subject->thing.parent, name),
                    (unsigned long long)subject->thing.parted);
    }
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
    report_whereabouts(report, &cells[5], subject);
    for (size_t i = 0; i < thing->passage.passage.count; i++) {
        report_number(report, &records, thing->passage.passage.rows[i].index);
    }
    report_numbers_sort(&records);
    report_records(&cells[6], &records, 64);
    report_numbers_free(&records);
    report_row(report, cells, ITEM_COLUMNS, false);
}

static void put_group(struct report *report, size_t number)
{
    const struct report_group *group = &report->groups[number];
    struct report_numbers names = { 0 };
    struct buffer title = { 0 };
    for (size_t i = 0; i < group->count; i++) {
        report_number(report, &names, report->things[group->things[i]].subject->number);
    }
    buffer_printf(&title, "%zu. ", number + 1);
    report_names(report, &title, &names, NOTES_RUNS);
    paper_title(&report->paper, 3, buffer_view(&title));
    put_picture(report, group);
    put_story(report, group);
    paper_table_begin(&report->paper, item_columns, ITEM_COLUMNS, true);
    for (size_t i = 0; i < group->count && !paper_failed(&report->paper); i++) {
        put_thing(report, &report->things[group->things[i]]);
    }
    paper_table_end(&report->paper);
    report_numbers_free(&names);
    buffer_free(&title);
}

void report_items(struct report *report)
{
    paper_break(&report->paper);
    paper_heading(&report->paper, 2, N_("Every thing and its history"));
    report_say(report, 1.0, false, N_("%zu things in %zu groups. Things of one group had the same acts by the same people on the same days; each is named with its own facts. "
                                      "While a thing is in a container, what is done to the container is a part of its history."),
               report->thing_count, report->group_count);
    for (size_t i = 0; i < report->group_count && !paper_failed(&report->paper); i++) {
        put_group(report, i);
    }
}
