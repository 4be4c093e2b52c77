/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_weights: what each thing was ever said to weigh, where that was said more than once: as a curve with its bands, and as a table. What
 * was taken off as samples is no loss: it is reckoned off the weight before.
 */
#include "printer/report_inside.h"
#include "printer/weight_chart.h"

#include "verify/state.h"

#include <stdlib.h>

#define CURVES_MAX 200 /* after these, tables alone */

/* The weights of one thing; owned. words: what each is called. */
struct weights {
    struct weight_point *points;
    const char **words;
    const struct dossier_record **records;
    size_t count, cap;
};

static bool push(struct report *report, struct weights *weights, const struct dossier_record *record, uint64_t net_mg, uint64_t expected_mg, const char *word)
{
    if (weights->count == weights->cap) {
        size_t cap = weights->cap == 0 ? 8 : weights->cap * 2;
        struct weight_point *points = realloc(weights->points, cap * sizeof *points);
        weights->points = points == NULL ? weights->points : points;
        const char **words = points == NULL ? NULL : realloc(weights->words, cap * sizeof *words);
        weights->words = words == NULL ? weights->words : words;
        const struct dossier_record **records = words == NULL ? NULL : realloc(weights->records, cap * sizeof *records);
        weights->records = records == NULL ? weights->records : records;
        if (records == NULL) {
            paper_fail(&report->paper, &(struct fault){ .status = STATUS_MEMORY, .at = FAULT_NOWHERE, .text = "out of memory" });
            return false;
        }
        weights->cap = cap;
    }
    weights->points[weights->count] = (struct weight_point){ .time_s = record->logged_s, .record = record->index, .net_mg = net_mg, .expected_mg = expected_mg };
    weights->words[weights->count] = word;
    weights->records[weights->count] = record;
    weights->count++;
    return true;
}

static void weights_free(struct weights *weights)
{
    free(weights->points);
    free(weights->words);
    free(weights->records);
    *weights = (struct weights){ 0 };
}

/* What children took, and what was stated as lost (SPEC 7.3.8). */
static uint64_t taken(const struct dossier *dossier, const struct dossier_fact *fact)
{
    uint64_t sum = (fact->entry->facts & BIT(FACT_TARE)) != 0 ? fact->entry->tare_mg : 0;
    for (size_t i = 0; i < fact->record->entries.count; i++) {
        const struct dossier_entry *child = &dossier->entries[fact->record->entries.first + i];
        sum += child->role == ROLE_CHILD && (child->facts & BIT(FACT_NET)) != 0 ? child->net_mg : 0;
    }
    return sum;
}

static void read_weights(struct report *report, const struct dossier_subject *subject, struct weights *out)
{
    struct dossier_fact fact = { 0 };
    uint64_t last = NOTHING;
    bool going = true;
    while (going && dossier_next(report->dossier, subject, BIT(FACT_GROSS) | BIT(FACT_NET), &fact)) {
        const struct dossier_entry *entry = fact.entry;
        bool net = (entry->facts & BIT(FACT_NET)) != 0;
        if (entry->role == ROLE_PARENT) {
            uint64_t found = (entry->facts & BIT(FACT_GROSS)) != 0 ? entry->gross_mg : last, off = taken(report->dossier, &fact);
            if ((entry->facts & BIT(FACT_GROSS)) != 0) {
                going = push(report, out, fact.record, entry->gross_mg, last, N_("found before a part was taken"));
            }
            if (net && going) {
                going = push(report, out, fact.record, entry->net_mg, found == NOTHING || found < off ? NOTHING : found - off, N_("what remained"));
            }
        } else if (net) {
            going = push(report, out, fact.record, entry->net_mg, last, NULL);
        }
        last = net ? entry->net_mg : last;
    }
}

static const struct paper_column columns[] = {
    { .share = 1, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 1.8, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 2.4, .heading = N_("What was done"), .align = ALIGN_LEFT },
    { .share = 1.6, .heading = N_("Net"), .align = ALIGN_RIGHT },
    { .share = 1.6, .heading = N_("Expected"), .align = ALIGN_RIGHT },
    { .share = 1.2, .heading = N_("Change"), .align = ALIGN_RIGHT },
    { .share = 4.4, .heading = N_("Scale, explanation"), .align = ALIGN_LEFT },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* "-1.1 %" of the weight expected, in tenths of a hundredth, without floating point. */
static void put_change(struct buffer *out, uint64_t now_mg, uint64_t then_mg)
{
    uint64_t apart = now_mg > then_mg ? now_mg - then_mg : then_mg - now_mg;
    if (then_mg == 0 || apart > UINT64_MAX / 10000) {
        return;
    }
    uint64_t parts = apart * 10000 / then_mg;
    buffer_printf(out, "%s%llu.%02llu %%", apart == 0 ? "" : now_mg > then_mg ? "+" : "-", (unsigned long long)(parts / 100), (unsigned long long)(parts % 100));
}

static void put_remarks(struct report *report, const struct dossier_subject *subject, const struct dossier_record *record, struct buffer *out)
{
    static const unsigned names[] = { NAME_SCALE, NAME_DRIFT };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct dossier_detail *detail = dossier_detail(report->dossier, record, subject->number, names[i]);
        if (detail != NULL) {
            buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
            report_detail_name(report, out, names[i]);
            buffer_append_view(out, view_text(": "));
            report_detail(report, out, detail);
        }
    }
}

static void put_table(struct report *report, const struct dossier_subject *subject, const struct weights *weights)
{
    paper_table_begin(&report->paper, columns, COLUMNS, true);
    for (size_t i = 0; i < weights->count && !paper_failed(&report->paper); i++) {
        const struct weight_point *point = &weights->points[i];
        struct buffer cells[COLUMNS] = { { 0 } };
        buffer_printf(&cells[0], "%llu", (unsigned long long)point->record);
        report_time(report, &cells[1], point->time_s);
        report_act(report, &cells[2], weights->records[i]);
        if (weights->words[i] != NULL) {
            buffer_append_view(&cells[2], view_text(": "));
            report_word(report, &cells[2], weights->words[i]);
        }
        weight_print(&cells[3], point->net_mg);
        if (point->expected_mg != NOTHING) {
            weight_print(&cells[4], point->expected_mg);
            put_change(&cells[5], point->net_mg, point->expected_mg);
        }
        put_remarks(report, subject, weights->records[i], &cells[6]);
        report_row(report, cells, COLUMNS, weight_chart_outside(point));
    }
    paper_table_end(&report->paper);
}

void report_weights(struct report *report)
{
    size_t curves = 0;
    paper_heading(&report->paper, 2, N_("Weighings"));
    report_say(report, 1.0, false, N_("Things that were weighed more than once. Grey is the band in which the rules expect a weight after the one before: two of a hundred, or one gram "
                                      "where that is more. Ivory and horn dry out; a weight outside the band needs an explanation."));
    for (size_t i = 0; i < report->thing_count && !paper_failed(&report->paper); i++) {
        struct weights weights = { 0 };
        const struct dossier_subject *subject = report->things[i].subject;
        read_weights(report, subject, &weights);
        if (weights.count >= 2) {
            struct buffer title = { 0 };
            report_subject(report, &title, subject->number);
            paper_title(&report->paper, 3, buffer_view(&title));
            buffer_free(&title);
            if (curves++ < CURVES_MAX) {
                weight_chart_put(&report->paper, weights.points, weights.count, report->form->offset_min);
            }
            put_table(report, subject, &weights);
        }
        weights_free(&weights);
    }
    if (curves == 0) {
        report_say(report, 1.0, false, N_("No thing of this case was weighed more than once."));
    }
}
