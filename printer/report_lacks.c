/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_lacks: what is not in the records: photographs, weights, anything for months; what is withheld; contents that do not add up.
 */
#include "printer/report_weak.h"

#include "verify/state.h"

#include <stdlib.h>
#include <string.h>

#define SILENCE_S (UINT64_C(90) * 86400)

static const struct view nothing = { 0 };

static uint64_t registering_record(const struct dossier *dossier, const struct dossier_subject *subject)
{
    for (size_t i = 0; i < subject->thread.count; i++) {
        const struct dossier_record *record = &dossier->records[dossier->thread[subject->thread.first + i]];
        if (record->kind == KIND_REGISTER || record->kind == KIND_SAMPLE || record->kind == KIND_SPLIT || record->kind == KIND_ANIMAL) {
            return record->index;
        }
    }
    return NOTHING;
}

static bool is_picture(const struct dossier_detail *detail, uint64_t photograph)
{
    static const char image[] = "image/";
    return detail->name == photograph || (detail->shown == DOSSIER_SHOWN && detail->type == VALUE_FILE && detail->media.len > strlen(image) &&
                                          memcmp(detail->media.ptr, image, strlen(image)) == 0);
}

/* A photograph, or a picture attached by any other name, of the thing or of an act that it was in. */
static bool has_photograph(const struct report *report, const struct report_thing *thing, uint64_t photograph)
{
    for (size_t i = 0; i < thing->step_count; i++) {
        const struct dossier_entry *entry = dossier_entry(report->dossier, thing->steps[i], thing->subject->number);
        struct dossier_run runs[2] = { thing->steps[i]->details, entry == NULL ? (struct dossier_run){ 0 } : entry->details };
        for (size_t k = 0; k < 2; k++) {
            for (size_t n = 0; n < runs[k].count; n++) {
                if (is_picture(&report->dossier->details[runs[k].first + n], photograph)) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void look_at_items(struct report *report, struct weak_points *points)
{
    const struct detail_name *photograph = detail_by_name(view_text("photograph"));
    for (size_t i = 0; i < report->thing_count; i++) {
        const struct dossier_subject *subject = report->things[i].subject;
        uint64_t record = registering_record(report->dossier, subject);
        if (subject->type != TYPE_ITEM || record == NOTHING) {
            continue;
        }
        if (photograph != NULL && !has_photograph(report, &report->things[i], photograph->number)) {
            weak_add(report, points, "p-no-photograph", record, subject->number, nothing, 0);
        }
        if (subject->thing.net_mg == NOTHING) {
            weak_add(report, points, "p-never-weighed", record, subject->number, nothing, 0);
        }
    }
}

/* Months in which nothing was written down of a thing that was in custody. */
static void look_for_silence(struct report *report, struct weak_points *points)
{
    for (size_t i = 0; i < report->thing_count; i++) {
        const struct report_thing *thing = &report->things[i];
        for (size_t k = 0; k < thing->step_count; k++) {
            bool last = k + 1 == thing->step_count;
            uint64_t from_s = thing->steps[k]->logged_s;
            uint64_t until_s = last ? report->dossier->verdict.logged_s : thing->steps[k + 1]->logged_s;
            bool kept = !last || (thing->subject->thing.state != THING_CLOSED && thing->subject->thing.state != THING_UNUSED);
            if (kept && until_s > from_s + SILENCE_S && thing->steps[k]->kind != KIND_ALLOT) {
                weak_add(report, points, "p-silence", thing->steps[k]->index, thing->subject->number, nothing, until_s - from_s);
            }
        }
    }
}

static void look_at_withheld(struct report *report, struct weak_points *points)
{
    const struct verdict *verdict = &report->dossier->verdict;
    for (size_t i = 0; i < verdict->withheld_count; i++) {
        const struct verdict_withheld *withheld = &verdict->withheld[i];
        const struct detail_name *name = detail_by_number(withheld->name);
        size_t before = points->count;
        weak_add(report, points, withheld->erased ? "p-erased" : "p-withheld", withheld->record, withheld->subject,
                 view_text(name == NULL ? "" : words_in(report->form->languages.first, name->name)), 0);
        if (points->count > before) {
            points->list[before].under = withheld->under;
        }
    }
}

/* ---- contents -------------------------------------------------------------------------------- */

/* A thing was in a container from one record to another. */
struct stay {
    uint64_t container, from, until, pieces;
};

static int by_container(const void *a, const void *b)
{
    const struct stay *x = a, *y = b;
    return x->container != y->container ? (x->container < y->container ? -1 : 1) : x->from < y->from ? -1 : x->from > y->from;
}

static struct stay *read_stays(struct report *report, size_t *count)
{
    struct stay *stays = calloc(report->dossier->span_count + 1, sizeof *stays);
    *count = 0;
    if (stays == NULL) {
        paper_fail(&report->paper, &(struct fault){ .status = STATUS_MEMORY, .at = FAULT_NOWHERE, .text = "out of memory" });
        return NULL;
    }
    for (size_t i = 0; i < report->thing_count; i++) {
        const struct dossier_thing *thing = &report->things[i].subject->thing;
        for (size_t k = 0; k < thing->spans.count; k++) {
            const struct dossier_span *span = &report->dossier->spans[thing->spans.first + k];
            if (span->in != NOTHING && thing->pieces != NOTHING) {
                stays[(*count)++] = (struct stay){ .container = span->in, .from = span->record, .until = span->until, .pieces = thing->pieces };
            }
        }
    }
    qsort(stays, *count, sizeof *stays, by_container);
    return stays;
}

static uint64_t pieces_in(const struct stay *stays, size_t count, uint64_t container, uint64_t record)
{
    size_t low = 0, high = count;
    uint64_t sum = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stays[middle].container < container) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (size_t i = low; i < count && stays[i].container == container; i++) {
        sum += stays[i].from < record && (stays[i].until == NOTHING || stays[i].until >= record) ? stays[i].pieces : 0;
    }
    return sum;
}

/* A count of pieces stated of a container is compared with what its things are said to have. */
static void look_at_contents(struct report *report, struct weak_points *points)
{
    size_t count = 0;
    struct stay *stays = read_stays(report, &count);
    for (size_t i = 0; stays != NULL && i < report->thing_count; i++) {
        const struct dossier_subject *subject = report->things[i].subject;
        struct dossier_fact fact = { 0 };
        while (subject->type == TYPE_CONTAINER && dossier_next(report->dossier, subject, BIT(FACT_PIECES), &fact)) {
            uint64_t inside = pieces_in(stays, count, subject->number, fact.record->index);
            if (inside > 0 && fact.entry->pieces != inside) {
                weak_add(report, points, "p-contents", fact.record->index, subject->number, nothing, 0);
            }
        }
    }
    free(stays);
}

void weak_lacks(struct report *report, struct weak_points *points)
{
    look_at_items(report, points);
    look_for_silence(report, points);
    look_at_withheld(report, points);
    look_at_contents(report, points);
}
