/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_groups: things with the same history go together: their passages (verify/passage.h) have the same acts, by the same people, to the
 * same people and places, on the same days, they ended alike, and the same rules were broken by what is said of each itself. A thousand
 * tusks that travelled together are one story, told once.
 */
#include "printer/report_inside.h"

#include "verify/state.h"

#include <stdlib.h>
#include <string.h>

static void put_number(struct buffer *out, uint64_t number)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(number >> (8 * (sizeof bytes - 1 - i)));
    }
    buffer_append(out, bytes, sizeof bytes);
}

static void put_step(const struct report *report, const struct dossier_record *record, uint64_t thing, struct buffer *out)
{
    const struct dossier_entry *entry = dossier_entry(report->dossier, record, thing);
    uint64_t day = (record->logged_s + (uint64_t)((int64_t)report->form->offset_min * 60)) / 86400;
    put_number(out, record->kind);
    put_number(out, record->has_code ? record->code : NOTHING);
    put_number(out, day);
    put_number(out, (uint64_t)((record->deviation ? 1 : 0) + (record->offline ? 2 : 0)));
    put_number(out, record->signers.count);
    for (size_t i = 0; i < record->signers.count; i++) {
        put_number(out, report->dossier->signers[record->signers.first + i].person);
        put_number(out, report->dossier->signers[record->signers.first + i].capacity);
    }
    put_number(out, record->has_to && record->to.has_person ? record->to.person : NOTHING);
    put_number(out, record->has_to && record->to.has_office ? record->to.office : NOTHING);
    put_number(out, record->place);
    put_number(out, entry == NULL ? NOTHING : (uint64_t)entry->role);
    put_number(out, entry == NULL || (entry->facts & BIT(FACT_OUTCOME)) == 0 ? NOTHING : entry->outcome);
}

static void put_history(const struct report *report, struct report_thing *thing)
{
    const struct passage *passage = &thing->passage.passage;
    const struct dossier_thing *end = &thing->subject->thing;
    for (size_t i = 0; i < passage->count; i++) {
        const struct dossier_record *record = dossier_record(report->dossier, passage->rows[i].index);
        if (record != NULL && record->is_act && (i == 0 || passage->rows[i].index != passage->rows[i - 1].index)) {
            thing->steps[thing->step_count++] = record;
            put_step(report, record, thing->subject->number, &thing->history);
        }
    }
    put_number(&thing->history, (uint64_t)thing->subject->type);
    put_number(&thing->history, (uint64_t)end->state);
    put_number(&thing->history, end->holder);
    put_number(&thing->history, end->of_case);
    put_number(&thing->history, end->place);
    put_number(&thing->history, (uint64_t)((end->missing != NOTHING ? 1 : 0) + (end->overdue ? 2 : 0) + (end->voided ? 4 : 0)));
    for (size_t i = 0; i < thing->passage.finding_count; i++) {
        const struct finding *finding = &report->dossier->verdict.findings[thing->passage.findings[i]];
        if (finding->subject == thing->subject->number) {
            buffer_append_view(&thing->history, view_text(finding->code));
        }
    }
}

static enum status read_things(struct report *report, struct fault *fault)
{
    const struct dossier *dossier = report->dossier;
    enum status status = STATUS_OK;
    report->things = calloc(dossier->subject_count + 1, sizeof *report->things);
    report->order = calloc(dossier->subject_count + 1, sizeof *report->order);
    report->groups = calloc(dossier->subject_count + 1, sizeof *report->groups);
    if (report->things == NULL || report->order == NULL || report->groups == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < dossier->subject_count && status == STATUS_OK; i++) {
        if (!dossier->subjects[i].is_thing) {
            continue;
        }
        struct report_thing *thing = &report->things[report->thing_count];
        thing->subject = &dossier->subjects[i];
        status = dossier_passage(dossier, &thing->subject->number, 1, &thing->passage, fault);
        if (status != STATUS_OK) {
            break;
        }
        report->thing_count++;
        thing->steps = calloc(thing->passage.passage.count + 1, sizeof *thing->steps);
        if (thing->steps == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        put_history(report, thing);
        status = buffer_status(&thing->history, fault);
    }
    return status;
}

/* qsort has no context: what is sorted says what it is sorted by. */
struct sorted {
    struct view history;
    size_t position;
};

static int by_history(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    size_t len = x->history.len < y->history.len ? x->history.len : y->history.len;
    int order = len == 0 ? 0 : memcmp(x->history.ptr, y->history.ptr, len);
    if (order != 0 || x->history.len != y->history.len) {
        return order != 0 ? order : x->history.len < y->history.len ? -1 : 1;
    }
    return x->position < y->position ? -1 : x->position > y->position;
}

static int by_first(const void *a, const void *b)
{
    const struct report_group *x = a, *y = b;
    return x->things[0] < y->things[0] ? -1 : x->things[0] > y->things[0];
}

enum status report_groups_make(struct report *report, struct fault *fault)
{
    enum status status = read_things(report, fault);
    struct sorted *sorted = status == STATUS_OK ? calloc(report->thing_count + 1, sizeof *sorted) : NULL;
    if (status == STATUS_OK && sorted == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (status == STATUS_OK) {
        for (size_t i = 0; i < report->thing_count; i++) {
            sorted[i] = (struct sorted){ .history = buffer_view(&report->things[i].history), .position = i };
        }
        qsort(sorted, report->thing_count, sizeof *sorted, by_history);
        for (size_t i = 0; i < report->thing_count; i++) {
            report->order[i] = sorted[i].position;
            if (i == 0 || !view_equal(sorted[i].history, sorted[i - 1].history)) {
                report->groups[report->group_count++].things = &report->order[i];
            }
            report->groups[report->group_count - 1].count++;
        }
        qsort(report->groups, report->group_count, sizeof *report->groups, by_first);
    }
    free(sorted);
    return status;
}

void report_groups_free(struct report *report)
{
    for (size_t i = 0; i < report->thing_count; i++) {
        dossier_passage_close(&report->things[i].passage);
        buffer_free(&report->things[i].history);
        free(report->things[i].steps);
    }
    free(report->things);
    free(report->order);
    free(report->groups);
    report->things = NULL;
    report->order = NULL;
    report->groups = NULL;
}
