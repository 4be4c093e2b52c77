/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify_gaps: times in which nobody in office confirmed to have a thing: on the way for more than a day, or with somebody without a key; and
 * times in which nothing was written down of what was in custody for more than ninety days. Things that share one are one row.
 */
#include "printer/certify_inside.h"

#include <stdlib.h>

#include "verify/state.h"

#define DAY_S UINT64_C(86400)
#define SILENCE_S (90 * DAY_S)

enum { RUNS = 10 };

static enum status add(struct certify *certify, const struct certify_gap *gap, struct fault *fault)
{
    if (certify->gap_count == certify->gap_cap) {
        size_t cap = certify->gap_cap == 0 ? 16 : certify->gap_cap * 2;
        struct certify_gap *gaps = realloc(certify->gaps, cap * sizeof *gaps);
        if (gaps == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        certify->gaps = gaps;
        certify->gap_cap = cap;
    }
    certify->gaps[certify->gap_count++] = *gap;
    return STATUS_OK;
}

static int compare(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_gap(const void *a, const void *b)
{
    const struct certify_gap *x = a, *y = b;
    int order = compare(x->kind, y->kind);
    order = order != 0 ? order : compare(x->record, y->record);
    order = order != 0 ? order : compare(x->until, y->until);
    return order != 0 ? order : compare(x->thing, y->thing);
}

static bool is_same(const struct certify_gap *a, const struct certify_gap *b)
{
    return a->kind == b->kind && a->record == b->record && a->until == b->until;
}

/* ---- where they are -------------------------------------------------------------------------- */

/* Spans of one record after another in which it stays on the way, or out, are one gap: opening a container on the way does not end it. */
static enum status look_at_spans(struct certify *certify, const struct dossier_thing *thing, uint64_t number, struct fault *fault)
{
    const struct dossier *dossier = certify->report.dossier;
    enum status status = STATUS_OK;
    for (size_t i = 0, end; i < thing->spans.count && status == STATUS_OK; i = end) {
        const struct dossier_span *first = &dossier->spans[thing->spans.first + i], *last = first;
        for (end = i + 1; end < thing->spans.count && last[1].state == first->state && last[1].open == first->open; end++) {
            last++;
        }
        struct certify_gap gap = { .kind = first->state == THING_OUT ? GAP_OUT : GAP_TRANSIT, .record = first->record, .until = last->until, .from_s = first->from_s,
                                   .until_s = last->until == NOTHING ? dossier->verdict.logged_s : last->until_s, .thing = number };
        bool is_long = gap.until_s > gap.from_s + DAY_S || gap.until == NOTHING;
        if (first->state == THING_OUT || (first->state == THING_TRANSIT && is_long)) {
            status = add(certify, &gap, fault);
        }
    }
    return status;
}

static enum status look_for_silence(struct certify *certify, const struct report_thing *thing, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t k = 0; k < thing->step_count && status == STATUS_OK; k++) {
        bool last = k + 1 == thing->step_count;
        struct certify_gap gap = { .kind = GAP_SILENCE, .record = thing->steps[k]->index, .until = last ? NOTHING : thing->steps[k + 1]->index,
                                   .from_s = thing->steps[k]->logged_s, .thing = thing->subject->number };
        gap.until_s = last ? certify->report.dossier->verdict.logged_s : thing->steps[k + 1]->logged_s;
        bool kept = !last || (thing->subject->thing.state != THING_CLOSED && thing->subject->thing.state != THING_UNUSED);
        if (kept && gap.until_s > gap.from_s + SILENCE_S && thing->steps[k]->kind != KIND_ALLOT) {
            status = add(certify, &gap, fault);
        }
    }
    return status;
}

enum status certify_gaps_find(struct certify *certify, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < certify->report.thing_count && status == STATUS_OK; i++) {
        const struct report_thing *thing = &certify->report.things[i];
        if (certify_has(certify, thing->subject->number)) {
            status = look_at_spans(certify, &thing->subject->thing, thing->subject->number, fault);
            if (status == STATUS_OK) {
                status = look_for_silence(certify, thing, fault);
            }
        }
    }
    if (certify->gap_count > 0) {
        qsort(certify->gaps, certify->gap_count, sizeof *certify->gaps, by_gap);
    }
    return status;
}

/* ---- as a table ------------------------------------------------------------------------------ */

static const struct paper_column columns[] = {
    { .share = 1.1, .heading = N_("Records"), .align = ALIGN_LEFT },
    { .share = 1.7, .heading = N_("From"), .align = ALIGN_LEFT },
    { .share = 1.7, .heading = N_("Until"), .align = ALIGN_LEFT },
    { .share = 1.2, .heading = N_("How long"), .align = ALIGN_LEFT },
    { .share = 3.4, .heading = N_("What"), .align = ALIGN_LEFT },
    { .share = 3.6, .heading = N_("Things"), .align = ALIGN_LEFT },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const char *const words[] = {
    [GAP_TRANSIT] = N_("on the way: released, and nobody had confirmed to have it"),
    [GAP_OUT] = N_("handed out to somebody without a key"),
    [GAP_SILENCE] = N_("in custody, but nothing was recorded of it"),
};

static void put_gap(struct certify *certify, const struct certify_gap *gap, const struct report_numbers *things)
{
    struct report *report = &certify->report;
    struct buffer cells[COLUMNS] = { { 0 } };
    buffer_printf(&cells[0], "%llu", (unsigned long long)gap->record);
    report_time(report, &cells[1], gap->from_s);
    if (gap->until == NOTHING) {
        report_word(report, &cells[2], N_("lasts"));
    } else {
        buffer_printf(&cells[0], " – %llu", (unsigned long long)gap->until);
        report_time(report, &cells[2], gap->until_s);
    }
    report_duration(report, &cells[3], gap->until_s > gap->from_s ? gap->until_s - gap->from_s : 0);
    report_word(report, &cells[4], words[gap->kind]);
    report_names(report, &cells[5], things, RUNS);
    certify_row(certify, cells, COLUMNS);
}

void certify_gaps(struct certify *certify)
{
    struct report *report = &certify->report;
    paper_heading(&report->paper, 2, N_("Gaps"));
    report_say(report, 1.0, false, N_("A time on the way of more than a day, or that lasts; any time with somebody without a key; more than 90 days without a record while it was in "
                                      "custody. Shorter times on the way stand in the history."));
    if (certify->gap_count == 0) {
        report_say(report, 1.0, true, N_("Gaps: none."));
        return;
    }
    paper_table_begin(&report->paper, columns, COLUMNS, true);
    for (size_t i = 0, end; i < certify->gap_count && !paper_failed(&report->paper); i = end) {
        struct report_numbers things = { 0 };
        for (end = i; end < certify->gap_count && is_same(&certify->gaps[i], &certify->gaps[end]); end++) {
            report_number(report, &things, certify->gaps[end].thing);
        }
        report_numbers_sort(&things);
        put_gap(certify, &certify->gaps[i], &things);
        report_numbers_free(&things);
    }
    paper_table_end(&report->paper);
}
