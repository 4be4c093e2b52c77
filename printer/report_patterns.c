/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_patterns: what people did that breaks no rule, or not always, and that will be asked about all the same.
 */
#include "printer/report_weak.h"

#include "verify/state.h"

#include <stdlib.h>
#include <string.h>

#define LONG_TRANSIT_S UINT64_C(86400)
#define LATE_ENTRY_S UINT64_C(3600)
#define DAY_S UINT64_C(86400)

static const struct view nothing = { 0 };

static const struct signer *signers_of(const struct dossier *dossier, const struct dossier_record *record)
{
    return &dossier->signers[record->signers.first];
}

/* For each thing of an act as a whole. */
static void add_act(struct report *report, struct weak_points *points, const char *code, const struct dossier_record *record, uint64_t seconds)
{
    for (size_t i = 0; i < record->entries.count; i++) {
        const struct dossier_entry *entry = &report->dossier->entries[record->entries.first + i];
        if (entry->role == ROLE_SUBJECT) {
            weak_add(report, points, code, record->index, entry->subject, nothing, seconds);
        }
    }
}

/* ---- handovers ------------------------------------------------------------------------------- */

static bool share_a_signer(const struct dossier *dossier, const struct dossier_record *a, const struct dossier_record *b)
{
    for (size_t i = 0; i < a->signers.count; i++) {
        for (size_t k = 0; k < b->signers.count; k++) {
            if (signers_of(dossier, a)[i].person == signers_of(dossier, b)[k].person) {
                return true;
            }
        }
    }
    return false;
}

static bool one_agency(const struct dossier *dossier, const struct dossier_record *a, const struct dossier_record *b)
{
    const struct dossier_subject *giver = a->signers.count == 0 ? NULL : dossier_subject(dossier, signers_of(dossier, a)[0].person);
    const struct dossier_subject *taker = b->signers.count == 0 ? NULL : dossier_subject(dossier, signers_of(dossier, b)[0].person);
    return giver != NULL && taker != NULL && giver->agency.len > 0 && view_equal(giver->agency, taker->agency);
}

static void look_at_handover(struct report *report, struct weak_points *points, const struct dossier_record *record)
{
    const struct dossier *dossier = report->dossier;
    const struct dossier_record *release = record->kind == KIND_ACCEPT ? dossier_record(dossier, record->answers) : NULL;
    if (record->kind == KIND_RELEASE && record->has_to && record->to.has_person && record->signers.count > 0 &&
        signers_of(dossier, record)[0].person == record->to.person) {
        add_act(report, points, "p-self", record, 0);
    }
    if (release != NULL && share_a_signer(dossier, release, record)) {
        add_act(report, points, "p-self", record, 0);
    } else if (release != NULL && one_agency(dossier, release, record)) {
        add_act(report, points, "p-one-agency", record, 0);
    }
    if (record->kind == KIND_ACCEPT && record->has_code && record->code == 2) {
        add_act(report, points, "p-not-counted", record, 0);
    }
    if (record->kind == KIND_REFUSE || (record->kind == KIND_ACCEPT && record->has_code && record->code == 3)) {
        add_act(report, points, "p-discrepant", record, 0);
    }
}

/* Released or handed out without a seal that anybody found on it. */
static void look_for_seals(struct report *report, struct weak_points *points, const struct dossier_record *record)
{
    for (size_t i = 0; i < record->entries.count; i++) {
        const struct dossier_entry *entry = &report->dossier->entries[record->entries.first + i];
        if (entry->role == ROLE_SUBJECT && ((entry->facts & BIT(FACT_FOUND)) == 0 || entry->found.count == 0)) {
            weak_add(report, points, "p-unsealed", record->index, entry->subject, nothing, 0);
        }
    }
}

static bool names_a_witness(const struct dossier *dossier, const struct dossier_record *record)
{
    for (size_t i = 0; i < record->all_details.count; i++) {
        if (dossier->details[record->all_details.first + i].name == NAME_WITNESS) {
            return true;
        }
    }
    return false;
}

static void look_at_records(struct report *report, struct weak_points *points)
{
    const struct dossier *dossier = report->dossier;
    for (size_t i = 0; i < dossier->record_count; i++) {
        const struct dossier_record *record = &dossier->records[i];
        if (!record->is_act) {
            continue;
        }
        look_at_handover(report, points, record);
        if (record->kind == KIND_RELEASE || record->kind == KIND_HANDOUT) {
            look_for_seals(report, points, record);
        }
        if ((record->kind == KIND_UNSEAL || record->kind == KIND_RESEAL) && !names_a_witness(dossier, record)) {
            add_act(report, points, "p-no-witness", record, 0);
        }
        if (record->kind == KIND_LODGE || record->kind == KIND_ADOPT) {
            add_act(report, points, "p-late-entry", record, 0);
        } else if (record->offline && record->logged_s > record->claimed_s + LATE_ENTRY_S) {
            add_act(report, points, "p-late-entry", record, record->logged_s - record->claimed_s);
        }
        uint64_t apart_s = record->logged_s > record->claimed_s ? record->logged_s - record->claimed_s : record->claimed_s - record->logged_s;
        if (!record->offline && apart_s > LATE_ENTRY_S && apart_s <= DAY_S) {
            add_act(report, points, "p-claimed", record, apart_s); /* beyond a day it is a finding of the verdict: SPEC 7.3.17c */
        }
        if (record->kind == KIND_CLOCK) {
            weak_add(report, points, "p-clock-set", record->index, NOTHING, nothing, 0);
        }
    }
}

static void look_for_long_transits(struct report *report, struct weak_points *points)
{
    const struct dossier *dossier = report->dossier;
    for (size_t i = 0; i < report->thing_count; i++) {
        const struct dossier_subject *subject = report->things[i].subject;
        for (size_t k = 0; k < subject->thing.spans.count; k++) {
            const struct dossier_span *span = &dossier->spans[subject->thing.spans.first + k];
            uint64_t until_s = span->until == NOTHING ? dossier->verdict.logged_s : span->until_s;
            if (span->state == THING_TRANSIT && until_s > span->from_s + LONG_TRANSIT_S) {
                weak_add(report, points, "p-long-transit", span->record, subject->number, nothing, until_s - span->from_s);
            }
        }
    }
}

/* ---- seals ----------------------------------------------------------------------------------- */

struct seal_use {
    struct view number;
    uint64_t thing, record;
};

static int by_seal(const void *a, const void *b)
{
    const struct seal_use *x = a, *y = b;
    size_t len = x->number.len < y->number.len ? x->number.len : y->number.len;
    int order = len == 0 ? 0 : memcmp(x->number.ptr, y->number.ptr, len);
    if (order != 0 || x->number.len != y->number.len) {
        return order != 0 ? order : x->number.len < y->number.len ? -1 : 1;
    }
    return x->record != y->record ? (x->record < y->record ? -1 : 1) : x->thing < y->thing ? -1 : x->thing > y->thing;
}

static void look_for_same_seals(struct report *report, struct weak_points *points)
{
    const struct dossier *dossier = report->dossier;
    struct seal_use *uses = calloc(dossier->seal_count + 1, sizeof *uses);
    size_t count = 0;
    if (uses == NULL) {
        paper_fail(&report->paper, &(struct fault){ .status = STATUS_MEMORY, .at = FAULT_NOWHERE, .text = "out of memory" });
        return;
    }
    for (size_t i = 0; i < dossier->record_count; i++) {
        const struct dossier_record *record = &dossier->records[i];
        for (size_t k = 0; k < record->entries.count; k++) {
            const struct dossier_entry *entry = &dossier->entries[record->entries.first + k];
            for (size_t n = 0; n < entry->put_on.count && count < dossier->seal_count; n++) {
                uses[count++] = (struct seal_use){ .number = dossier->seals[entry->put_on.first + n], .thing = entry->subject, .record = record->index };
            }
        }
    }
    qsort(uses, count, sizeof *uses, by_seal);
    for (size_t i = 0; i < count; i++) {
        bool before = i > 0 && view_equal(uses[i].number, uses[i - 1].number) && uses[i].thing != uses[i - 1].thing;
        bool after = i + 1 < count && view_equal(uses[i].number, uses[i + 1].number) && uses[i].thing != uses[i + 1].thing;
        if (before || after) {
            weak_add(report, points, "p-same-seal", uses[i].record, uses[i].thing, uses[i].number, 0);
        }
    }
    free(uses);
}

/* ---- offices --------------------------------------------------------------------------------- */

/* From which record to which a person had no office, or a revoked key; the first such time. */
static bool without_office(const struct dossier *dossier, const struct dossier_subject *person, uint64_t *since, uint64_t *until)
{
    uint32_t offices = 0;
    bool revoked = false;
    *since = NOTHING;
    *until = NOTHING;
    for (size_t i = 0; i < person->thread.count && *until == NOTHING; i++) {
        const struct dossier_record *record = &dossier->records[dossier->thread[person->thread.first + i]];
        const struct dossier_entry *entry = dossier_entry(dossier, record, person->number);
        bool office = entry != NULL && (entry->facts & BIT(FACT_OFFICE)) != 0 && entry->office < OFFICE_COUNT;
        if (record->kind == KIND_FOUND || record->kind == KIND_ENROL || record->kind == KIND_APPOINT) {
            offices |= office ? 1u << entry->office : 0;
        } else if (record->kind == KIND_END) {
            offices &= office ? ~(1u << entry->office) : ~0u;
        } else if (record->kind == KIND_REVOKE || record->kind == KIND_REKEY) {
            revoked = record->kind == KIND_REVOKE;
        }
        bool without = offices == 0 || revoked;
        if (without && *since == NOTHING) {
            *since = record->index;
        } else if (!without && *since != NOTHING) {
            *until = record->index;
        }
    }
    return *since != NOTHING;
}

static void look_for_offices(struct report *report, struct weak_points *points)
{
    const struct dossier *dossier = report->dossier;
    for (size_t p = 0; p < dossier->subject_count; p++) {
        const struct dossier_subject *person = &dossier->subjects[p];
        uint64_t since, until;
        if (person->type != TYPE_PERSON || !without_office(dossier, person, &since, &until)) {
            continue;
        }
        for (size_t i = 0; i < report->thing_count; i++) {
            const struct dossier_subject *subject = report->things[i].subject;
            for (size_t k = 0; k < subject->thing.spans.count; k++) {
                const struct dossier_span *span = &dossier->spans[subject->thing.spans.first + k];
                bool in_hand = span->state == THING_HELD || span->state == THING_TRANSIT || span->state == THING_OUT;
                if (in_hand && span->holder == person->number && span->record < until && (span->until == NOTHING || span->until > since)) {
                    weak_add(report, points, "p-no-office", since, subject->number, nothing, 0);
                    break;
                }
            }
        }
    }
}

void weak_patterns(struct report *report, struct weak_points *points)
{
    look_at_records(report, points);
    look_for_long_transits(report, points);
    look_for_same_seals(report, points);
    look_for_offices(report, points);
}
