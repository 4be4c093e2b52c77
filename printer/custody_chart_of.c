/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_chart_of: the picture of a thing in a dossier. A thing in a container is where its container is; seals are its own and those of the
 * containers that it was in.
 */
#include "printer/custody_chart.h"
#include "printer/dossier_look.h"

#include "verify/state.h"

#include <string.h>

#define UNANSWERED_S UINT64_C(2592000) /* SPEC 7.3.15 */

/* What is being drawn, and its end: what lasts is drawn up to there. */
struct source {
    const struct dossier *dossier;
    const struct dossier_subject *subject;
    const struct languages *languages;
    struct custody_chart *chart;
    uint64_t end_s;
};

static void put_title(const struct source *source, struct buffer *out, uint64_t number)
{
    char name[NAME_BYTES];
    const struct dossier_subject *subject = dossier_subject(source->dossier, number);
    buffer_append_view(out, view_text(dossier_name(source->dossier, number, name)));
    if (subject != NULL && subject->title_shown == DOSSIER_SHOWN && subject->title.len > 0) {
        buffer_append_byte(out, ' ');
        buffer_append_view(out, subject->title);
    }
}

static size_t lane_of(const struct source *source, uint64_t holder)
{
    struct buffer name = { 0 };
    if (holder == NOTHING) {
        buffer_append_view(&name, view_text(words_in(source->languages->first, N_("nobody yet"))));
    } else {
        put_title(source, &name, holder);
    }
    size_t lane = custody_chart_lane(source->chart, buffer_view(&name));
    source->chart->failed = source->chart->failed || name.failed;
    buffer_free(&name);
    return lane;
}

/* The part of a transit or an absence that is late lies over it. */
static void put_late(const struct source *source, const struct dossier_span *span, size_t lane, uint64_t until_s)
{
    bool due = span->due_s != NOTHING;
    const struct dossier_record *opened = dossier_record(source->dossier, span->open);
    uint64_t since_s = opened == NULL ? span->from_s : opened->logged_s;
    uint64_t late_s = due ? span->due_s : since_s + UNANSWERED_S;
    if (late_s < until_s && (due || span->state == THING_TRANSIT)) {
        custody_chart_bar(source->chart, lane, late_s > span->from_s ? late_s : span->from_s, until_s, CHART_LATE, view_text(""));
    }
}

static void put_span(const struct source *source, const struct dossier_span *span)
{
    struct buffer label = { 0 };
    uint64_t until_s = span->until == NOTHING ? source->end_s : span->until_s;
    if (span->state != THING_HELD && span->state != THING_TRANSIT && span->state != THING_OUT) {
        return;
    }
    size_t lane = lane_of(source, span->holder);
    if (span->place != NOTHING) {
        put_title(source, &label, span->place);
    }
    custody_chart_bar(source->chart, lane, span->from_s, until_s,
                      span->state == THING_HELD ? CHART_HELD : span->state == THING_TRANSIT ? CHART_TRANSIT : CHART_OUT, buffer_view(&label));
    if (span->state != THING_HELD) {
        put_late(source, span, lane, until_s);
    }
    buffer_free(&label);
}

static bool holder_at(const struct source *source, uint64_t record, uint64_t *holder)
{
    const struct dossier_thing *thing = &source->subject->thing;
    bool found = false;
    for (size_t i = 0; i < thing->spans.count; i++) {
        const struct dossier_span *span = &source->dossier->spans[thing->spans.first + i];
        if (span->record <= record) {
            *holder = span->holder;
            found = true;
        }
    }
    return found;
}

/* From the stock-take that did not find it to the one, or the acceptance piece by piece, that did. */
static void put_missing(const struct source *source)
{
    uint64_t since = NOTHING, since_s = 0, holder = NOTHING;
    const struct dossier_run *thread = &source->subject->thread;
    for (size_t i = 0; i < thread->count; i++) {
        const struct dossier_record *record = &source->dossier->records[source->dossier->thread[thread->first + i]];
        const struct dossier_entry *entry = record->kind == KIND_STOCKTAKE ? dossier_entry(source->dossier, record, source->subject->number) : NULL;
        bool counted = entry != NULL && (entry->facts & BIT(FACT_OUTCOME)) != 0;
        bool accepted = record->kind == KIND_ACCEPT && record->has_code && record->code == 1;
        if (counted && entry->outcome == 3 && since == NOTHING) {
            since = record->index;
            since_s = record->logged_s;
        } else if (since != NOTHING && (accepted || (counted && entry->outcome != 3))) {
            if (holder_at(source, since, &holder)) {
                custody_chart_bar(source->chart, lane_of(source, holder), since_s, record->logged_s, CHART_MISSING, view_text(""));
            }
            since = NOTHING;
        }
    }
    if (since != NOTHING && holder_at(source, since, &holder)) {
        custody_chart_bar(source->chart, lane_of(source, holder), since_s, source->end_s, CHART_MISSING, view_text(""));
    }
}

static void put_marks(const struct source *source, const struct passage *passage)
{
    for (size_t i = 0; i < passage->count; i++) {
        const struct dossier_record *record = dossier_record(source->dossier, passage->rows[i].index);
        const struct dossier_entry *entry = record == NULL ? NULL : dossier_entry(source->dossier, record, passage->rows[i].subject);
        if (entry == NULL) {
            continue;
        }
        if ((entry->facts & BIT(FACT_REMOVED)) != 0 && entry->removed.count > 0) {
            custody_chart_mark(source->chart, record->logged_s, CHART_OPENED, record->index);
        }
        if ((entry->facts & BIT(FACT_PUT_ON)) != 0 && entry->put_on.count > 0) {
            custody_chart_mark(source->chart, record->logged_s, CHART_SEALED, record->index);
        }
    }
}

/* What was found stands at its record's moment; what stands at the end of all (a tag, an overdue transit) is at its record too. */
static void put_breaches(const struct source *source, const struct dossier_passage *passage)
{
    for (size_t i = 0; i < passage->finding_count; i++) {
        const struct finding *finding = &source->dossier->verdict.findings[passage->findings[i]];
        const struct dossier_record *record = dossier_record(source->dossier, finding->record);
        if (finding->breach && record != NULL) {
            custody_chart_mark(source->chart, record->logged_s, strcmp(finding->code, "seal-differs") == 0 ? CHART_DIFFERS : CHART_BREACH, record->index);
        }
    }
}

static void put_end(const struct source *source)
{
    const struct dossier_thing *thing = &source->subject->thing;
    const struct dossier_span *last = thing->spans.count == 0 ? NULL : &source->dossier->spans[thing->spans.first + thing->spans.count - 1];
    if (last != NULL && last->state == THING_CLOSED) {
        custody_chart_mark(source->chart, last->from_s, CHART_CLOSED, last->record);
    }
}

void custody_chart_of(const struct dossier *dossier, uint64_t thing, const struct languages *languages, struct custody_chart *chart)
{
    struct source source = { .dossier = dossier, .subject = dossier_subject(dossier, thing), .languages = languages, .chart = chart,
                             .end_s = dossier->verdict.logged_s };
    struct dossier_passage passage = { 0 };
    struct fault fault = { 0 };
    if (source.subject == NULL || !source.subject->is_thing) {
        return;
    }
    for (size_t i = 0; i < source.subject->thing.spans.count; i++) {
        const struct dossier_span *span = &dossier->spans[source.subject->thing.spans.first + i];
        chart->offset_min = i == 0 ? span->offset_min : chart->offset_min;
        put_span(&source, span);
    }
    put_missing(&source);
    if (dossier_passage(dossier, &thing, 1, &passage, &fault) != STATUS_OK) {
        chart->failed = true;
        return;
    }
    put_marks(&source, &passage.passage);
    put_breaches(&source, &passage);
    put_end(&source);
    dossier_passage_close(&passage);
}
