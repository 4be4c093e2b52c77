/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_attack: the weak points, the gravest first: each with where it stands, what a court will ask, and who signed what it stands in.
 */
#include "printer/report_weak.h"

#include "verify/court.h"
#include "verify/state.h"

#include <stdlib.h>
#include <string.h>

#define TOLD_MAX 40 /* occurrences of one topic */
#define RUNS 8

void weak_add(struct report *report, struct weak_points *points, const char *code, uint64_t record, uint64_t thing, struct view text, uint64_t seconds)
{
    size_t count = 0, topic = 0;
    const struct weak_topic *topics = weak_topics(&count);
    while (topic + 1 < count && strcmp(topics[topic].code, code) != 0) {
        topic++;
    }
    if (points->count == points->cap) {
        size_t cap = points->cap == 0 ? 64 : points->cap * 2;
        struct weak_point *list = realloc(points->list, cap * sizeof *list);
        if (list == NULL) {
            paper_fail(&report->paper, &(struct fault){ .status = STATUS_MEMORY, .at = FAULT_NOWHERE, .text = "out of memory" });
            return;
        }
        points->list = list;
        points->cap = cap;
    }
    points->list[points->count] = (struct weak_point){ .topic = topic, .order = points->count, .record = record, .thing = thing, .text = text, .seconds = seconds, .under = NOTHING };
    points->count++;
}

static int by_topic(const void *a, const void *b)
{
    const struct weak_point *x = a, *y = b;
    if (x->topic != y->topic) {
        return x->topic < y->topic ? -1 : 1;
    }
    return x->record != y->record ? (x->record < y->record ? -1 : 1) : x->order < y->order ? -1 : x->order > y->order;
}

/* ---- one occurrence: a record, and the things in it ------------------------------------------- */

static void put_reason(struct report *report, const struct dossier_record *record, struct buffer *out)
{
    for (size_t i = 0; i < record->all_details.count; i++) {
        const struct dossier_detail *detail = &report->dossier->details[record->all_details.first + i];
        if (detail->name == NAME_REASON) {
            buffer_append_view(out, view_text(" – "));
            report_word(report, out, N_("Reason stated:"));
            buffer_append_byte(out, ' ');
            report_detail(report, out, detail);
            return;
        }
    }
}

static void put_extra(struct report *report, const struct weak_point *point, struct buffer *out)
{
    if (point->seconds > 0) {
        buffer_append_view(out, view_text(", "));
        report_duration(report, out, point->seconds);
    }
    if (point->under != NOTHING) {
        buffer_append_view(out, view_text(", "));
        report_cell(report, out, N_("under record %llu"), (unsigned long long)point->under);
    }
}

/* Where the records of points from `from` on are told as one: the same kind of act on the same day, and nothing to be said of each. */
static size_t told_together(const struct report *report, const struct weak_point *points, size_t from, size_t end)
{
    const struct dossier_record *first = dossier_record(report->dossier, points[from].record);
    size_t next = from + 1;
    for (; next < end; next++) {
        const struct weak_point *at = &points[next];
        const struct dossier_record *record = dossier_record(report->dossier, at->record);
        bool same = at->record == points[from].record && at->record != NOTHING;
        bool bare = at->text.len == 0 && points[from].text.len == 0 && at->under == NOTHING && at->seconds / 3600 == points[from].seconds / 3600;
        bool alike = first != NULL && record != NULL && record->kind == first->kind && record->logged_s / 86400 == first->logged_s / 86400 && !record->deviation;
        if (!same && !(bare && alike)) {
            break;
        }
    }
    return next;
}

static void put_place(struct report *report, const struct weak_point *points, size_t from, size_t end, struct buffer *text)
{
    const struct dossier_record *first = dossier_record(report->dossier, points[from].record);
    struct report_numbers records = { 0 };
    if (first == NULL) {
        return;
    }
    for (size_t i = from; i < end; i++) {
        report_number(report, &records, points[i].record);
    }
    report_numbers_sort(&records);
    report_word(report, text, records.count == 1 ? N_("record") : N_("records"));
    buffer_append_byte(text, ' ');
    report_records(text, &records, 16);
    buffer_append_view(text, view_text(", "));
    report_time(report, text, first->logged_s);
    buffer_append_view(text, view_text(": "));
    report_numbers_free(&records);
}

/* The verifier's sentences name the thing by themselves. */
static bool begins_with_name(const struct report *report, struct view text, uint64_t thing)
{
    char name[NAME_BYTES];
    struct view wanted = view_text(dossier_name(report->dossier, thing, name));
    return text.len > wanted.len && view_equal(view_of(text.ptr, wanted.len), wanted);
}

/* Points of one topic, from `from` to before `end`. */
static void put_occurrence(struct report *report, const struct weak_point *points, size_t from, size_t end)
{
    const struct dossier_record *record = dossier_record(report->dossier, points[from].record);
    struct text_style style = paper_style(&report->paper, 0.95, false);
    struct report_numbers things = { 0 };
    struct buffer text = { 0 };
    buffer_append_view(&text, view_text("• "));
    put_place(report, points, from, end, &text);
    for (size_t i = from; i < end; i++) {
        report_number(report, &things, points[i].thing);
    }
    report_numbers_sort(&things);
    bool named = things.count == 1 && begins_with_name(report, points[from].text, things.list[0]);
    if (!named) {
        report_names(report, &text, &things, RUNS);
    }
    if (points[from].text.len > 0) {
        buffer_append_view(&text, view_text(things.count == 0 || named ? "" : " – "));
        buffer_append_view(&text, points[from].text);
    }
    if (end - from > 1 && points[from].text.len > 0 && !view_equal(points[from].text, points[end - 1].text)) {
        buffer_append_view(&text, view_text("; "));
        report_cell(report, &text, N_("and %zu more of this record"), end - from - 1);
    }
    put_extra(report, &points[from], &text);
    if (record != NULL) {
        put_reason(report, record, &text);
    }
    paper_text(&report->paper, buffer_view(&text), &style);
    report_numbers_free(&things);
    buffer_free(&text);
}

/* ---- one topic ------------------------------------------------------------------------------- */

static void put_questions(struct report *report, const struct weak_topic *topic)
{
    const struct court_topic *court = court_topic(topic->code);
    struct buffer text = { 0 };
    struct text_style style = paper_style(&report->paper, 0.95, false);
    for (size_t i = 0; i < 2; i++) {
        const char *question = topic->questions[0] != NULL ? topic->questions[i] : court == NULL ? NULL : court->questions[i];
        if (question != NULL) {
            buffer_append_view(&text, view_text(text.len == 0 ? "" : " "));
            report_word(report, &text, question);
        }
    }
    if (text.len > 0) {
        struct buffer line = { 0 };
        report_word(report, &line, N_("A court will ask:"));
        buffer_append_byte(&line, ' ');
        buffer_append_view(&line, buffer_view(&text));
        paper_text(&report->paper, buffer_view(&line), &style);
        buffer_free(&line);
    }
    buffer_free(&text);
}

/* Whoever signed one of these records. */
static void put_answerers(struct report *report, const struct weak_point *points, size_t from, size_t end)
{
    struct report_numbers people = { 0 };
    struct text_style style = paper_style(&report->paper, 0.95, false);
    for (size_t i = from; i < end; i++) {
        const struct dossier_record *record = i > from && points[i].record == points[i - 1].record ? NULL : dossier_record(report->dossier, points[i].record);
        for (size_t k = 0; record != NULL && k < record->signers.count; k++) {
            report_number(report, &people, report->dossier->signers[record->signers.first + k].person);
        }
    }
    report_numbers_sort(&people);
    if (people.count > 0) {
        struct buffer line = { 0 };
        report_word(report, &line, N_("Who can answer:"));
        for (size_t i = 0; i < people.count; i++) {
            buffer_append_view(&line, view_text(i == 0 ? " " : "; "));
            report_subject(report, &line, people.list[i]);
        }
        paper_text(&report->paper, buffer_view(&line), &style);
        buffer_free(&line);
    }
    report_numbers_free(&people);
}

static void put_topic(struct report *report, const struct weak_point *points, size_t from, size_t end)
{
    size_t count = 0, told = 0;
    const struct weak_topic *topic = &weak_topics(&count)[points[from].topic];
    struct buffer title = { 0 };
    report_word(report, &title, topic->title);
    buffer_printf(&title, " (%zu)", end - from);
    paper_title(&report->paper, 3, buffer_view(&title));
    buffer_free(&title);
    for (size_t i = from, next; i < end && !paper_failed(&report->paper); i = next) {
        next = told_together(report, points, i, end);
        if (told++ == TOLD_MAX) {
            report_say(report, 0.95, false, N_("- and %zu more, in the tables that follow"), end - i);
            break;
        }
        put_occurrence(report, points, i, next);
    }
    put_questions(report, topic);
    put_answerers(report, points, from, end);
}

/* What was looked for and is not there: as worth knowing as what is. */
static void put_absent(struct report *report, const struct weak_points *points)
{
    size_t count = 0, at = 0;
    const struct weak_topic *topics = weak_topics(&count);
    struct buffer text = { 0 };
    struct text_style style = paper_style(&report->paper, 0.95, false);
    for (size_t i = 0; i < count; i++) {
        while (at < points->count && points->list[at].topic < i) {
            at++;
        }
        if (topics[i].pattern && (at == points->count || points->list[at].topic != i)) {
            buffer_append_view(&text, view_text(text.len == 0 ? "" : "; "));
            report_word(report, &text, topics[i].title);
        }
    }
    if (text.len > 0) {
        report_line(report, N_("Looked for, and not found"));
        paper_text(&report->paper, buffer_view(&text), &style);
    }
    buffer_free(&text);
}

void report_attack(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    struct weak_points points = { 0 };
    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        weak_add(report, &points, finding->code, finding->record, finding->subject, view_text(finding->text), 0);
    }
    weak_patterns(report, &points);
    weak_lacks(report, &points);
    paper_heading(&report->paper, 2, N_("What a defence lawyer will find"));
    report_say(report, 1.0, false, N_("Broken rules first; then what breaks no rule and will be asked about all the same. Beside each: the records in which it stands, what a court will ask, and "
                                      "who signed those records."));
    if (points.count > 0) {
        qsort(points.list, points.count, sizeof *points.list, by_topic);
    } else {
        report_say(report, 1.0, false, N_("Nothing was found."));
    }
    for (size_t from = 0, end; from < points.count && !paper_failed(&report->paper); from = end) {
        for (end = from + 1; end < points.count && points.list[end].topic == points.list[from].topic; end++) {
        }
        put_topic(report, points.list, from, end);
    }
    put_absent(report, &points);
    free(points.list);
}
