/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_items: every thing, group by group: the story that a group shares, as a picture and step by step; each thing by name: report_things.c.
 */
#include "printer/custody_chart.h"
#include "printer/report_inside.h"

#include "verify/state.h"

#define NOTES_RUNS 6
#define CLOSE_UPS 2

/* ---- the story ------------------------------------------------------------------------------- */

static const struct paper_column story_columns[] = {
    { .share = 1.2, .heading = N_("Records"), .align = ALIGN_LEFT },
    { .share = 2.1, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 2.1, .heading = N_("What was done"), .align = ALIGN_LEFT },
    { .share = 3.9, .heading = N_("By whom"), .align = ALIGN_LEFT },
    { .share = 3.7, .heading = N_("To whom, where, what was stated"), .align = ALIGN_LEFT },
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
            buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
            report_detail_name(report, out, detail->name);
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
    custody_chart_put_close(&report->paper, &chart, CLOSE_UPS);
    custody_chart_close(&chart);
}

/* ---- groups ----------------------------------------------------------------------------------- */

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
    report_group_things(report, group);
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
