/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_subjects: the closure: numbers, names, threads; and by subject what was found, corrected and signed.
 */
#include "printer/dossier_inside.h"

#include <stdlib.h>

#include "printer/dossier_look.h"

static enum status no_memory(struct dossier_filling *filling)
{
    return fault_set(filling->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a dossier");
}

size_t dossier_position(const struct dossier *dossier, uint64_t subject)
{
    size_t low = 0, high = dossier->subject_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dossier->subjects[middle].number < subject) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < dossier->subject_count && dossier->subjects[low].number == subject ? low : SIZE_MAX;
}

/* ---- numbers and threads ----------------------------------------------------------------------- */

static void mark_asked(struct dossier_filling *filling)
{
    const struct bundle *bundle = &filling->check->bundle;
    for (size_t i = 0; i < bundle->asked_count; i++) {
        size_t at = dossier_position(filling->dossier, bundle->asked[i]);
        if (at != SIZE_MAX) {
            filling->dossier->subjects[at].asked = true;
        }
    }
}

static const struct dossier_thing no_thing = { .holder = NOTHING, .place = NOTHING, .outermost = NOTHING, .of_case = NOTHING,
                                               .pieces = NOTHING, .net_mg = NOTHING, .container = NOTHING, .missing = NOTHING,
                                               .open = NOTHING, .open_s = NOTHING, .due_s = NOTHING, .to_person = NOTHING,
                                               .to_office = NOTHING, .to_place = NOTHING, .registered_case = NOTHING,
                                               .parent = NOTHING, .parted = NOTHING };

enum status dossier_fill_subjects(struct dossier_filling *filling)
{
    struct dossier *dossier = filling->dossier;
    struct check *check = filling->check;
    dossier->subjects = calloc(check->leaf_count + 1, sizeof *dossier->subjects);
    dossier->thread = calloc(check->thread_count + 1, sizeof *dossier->thread);
    if (dossier->subjects == NULL || dossier->thread == NULL) {
        return no_memory(filling);
    }
    dossier->subject_count = check->leaf_count;
    dossier->thread_count = check->thread_count;
    for (size_t i = 0; i < check->thread_count; i++) {
        dossier->thread[i] = check->threads[i].row;
    }
    for (size_t i = 0; i < check->leaf_count; i++) {
        struct dossier_subject *subject = &dossier->subjects[i];
        subject->number = check->leaves[i].leaf.subject;
        subject->thread = (struct dossier_run){ check->leaves[i].first, check->leaves[i].count };
        subject->thing = no_thing;
        name_format(view_text(check->replay.code), subject->number, subject->name);
        const struct subject *known = world_find(check->world, subject->number);
        subject->type = known == NULL ? TYPE_NONE : known->type;
        subject->is_thing = known != NULL && known->thing != NULL;
    }
    mark_asked(filling);
    return STATUS_OK;
}

/* ---- findings ---------------------------------------------------------------------------------- */

struct touched {
    size_t subject, finding; /* positions */
};

struct touched_list {
    struct touched *items;
    size_t count, cap;
};

static int by_subject(const void *a, const void *b)
{
    const struct touched *x = a, *y = b;
    if (x->subject != y->subject) {
        return x->subject < y->subject ? -1 : 1;
    }
    return x->finding < y->finding ? -1 : x->finding > y->finding ? 1 : 0;
}

static enum status touch(struct dossier_filling *filling, struct touched_list *list, uint64_t subject, size_t finding)
{
    size_t at = dossier_position(filling->dossier, subject);
    void *items = list->items;
    if (at == SIZE_MAX) {
        return STATUS_OK;
    }
    enum status status = dossier_room(&items, list->count, &list->cap, sizeof *list->items, filling->fault);
    if (status == STATUS_OK) {
        list->items = items;
        list->items[list->count++] = (struct touched){ at, finding };
    }
    return status;
}

/* What stands at no subject stands at all that the act touched. */
static enum status touch_all(struct dossier_filling *filling, struct touched_list *list)
{
    const struct dossier *dossier = filling->dossier;
    const struct verdict *verdict = filling->check->verdict;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < verdict->finding_count && status == STATUS_OK; i++) {
        const struct finding *finding = &verdict->findings[i];
        const struct dossier_record *record = finding->subject == NOTHING ? dossier_record(dossier, finding->record) : NULL;
        if (finding->subject != NOTHING) {
            status = touch(filling, list, finding->subject, i);
        }
        for (size_t j = 0; record != NULL && j < record->entries.count && status == STATUS_OK; j++) {
            status = touch(filling, list, dossier->entries[record->entries.first + j].subject, i);
        }
    }
    return status;
}

static enum status fill_findings(struct dossier_filling *filling)
{
    struct dossier *dossier = filling->dossier;
    struct touched_list list = { 0 };
    enum status status = touch_all(filling, &list);
    dossier->about = calloc(list.count + 1, sizeof *dossier->about);
    if (status == STATUS_OK && dossier->about == NULL) {
        status = no_memory(filling);
    }
    if (status == STATUS_OK && list.count > 0) {
        qsort(list.items, list.count, sizeof *list.items, by_subject);
    }
    for (size_t i = 0; i < list.count && status == STATUS_OK; i++) {
        struct dossier_run *run = &dossier->subjects[list.items[i].subject].findings;
        run->first = run->count == 0 ? i : run->first;
        run->count++;
        dossier->about[dossier->about_count++] = list.items[i].finding;
    }
    free(list.items);
    return status;
}

/* ---- signatures -------------------------------------------------------------------------------- */

static int by_person(const void *a, const void *b)
{
    const struct dossier_signature *x = a, *y = b;
    if (x->person != y->person) {
        return x->person < y->person ? -1 : 1;
    }
    if (x->at != y->at) {
        return x->at < y->at ? -1 : 1;
    }
    return x->appointment < y->appointment ? -1 : x->appointment > y->appointment ? 1 : 0;
}

static enum status fill_signatures(struct dossier_filling *filling)
{
    struct dossier *dossier = filling->dossier;
    dossier->signatures = calloc(dossier->signer_count + 1, sizeof *dossier->signatures); /* late acts' signers are no more */
    if (dossier->signatures == NULL) {
        return no_memory(filling);
    }
    for (size_t at = 0; at < dossier->record_count; at++) {
        const struct dossier_run *run = &dossier->records[at].signers;
        for (size_t i = 0; i < run->count; i++) {
            const struct signer *signer = &dossier->signers[run->first + i];
            dossier->signatures[dossier->signature_count++] =
                (struct dossier_signature){ signer->person, signer->appointment, signer->capacity, at };
        }
    }
    qsort(dossier->signatures, dossier->signature_count, sizeof *dossier->signatures, by_person);
    for (size_t i = 0; i < dossier->signature_count; i++) {
        size_t position = dossier_position(dossier, dossier->signatures[i].person);
        if (position != SIZE_MAX) {
            struct dossier_run *run = &dossier->subjects[position].signatures;
            run->first = run->count == 0 ? i : run->first;
            run->count++;
        }
    }
    return STATUS_OK;
}

/* ---- corrections ------------------------------------------------------------------------------- */

static int by_corrected(const void *a, const void *b)
{
    const struct dossier_correction *x = a, *y = b;
    if (x->subject != y->subject) {
        return x->subject < y->subject ? -1 : 1;
    }
    return x->detail < y->detail ? -1 : x->detail > y->detail ? 1 : 0; /* in order of the records */
}

static enum status add_corrections(struct dossier_filling *filling, size_t at)
{
    struct dossier *dossier = filling->dossier;
    const struct dossier_run *run = &dossier->records[at].all_details;
    enum status status = STATUS_OK;
    for (size_t i = run->first; i < run->first + run->count && status == STATUS_OK; i++) {
        const struct dossier_detail *detail = &dossier->details[i];
        void *list = dossier->corrections;
        if (detail->subject == NOTHING || detail->name == NAME_REASON || detail->name == NAME_REMARKS) {
            continue;
        }
        status = dossier_room(&list, dossier->correction_count, &dossier->correction_cap, sizeof *dossier->corrections, filling->fault);
        if (status == STATUS_OK) {
            dossier->corrections = list;
            dossier->corrections[dossier->correction_count++] = (struct dossier_correction){ detail->subject, at, i };
        }
    }
    return status;
}

static enum status fill_corrections(struct dossier_filling *filling)
{
    struct dossier *dossier = filling->dossier;
    enum status status = STATUS_OK;
    for (size_t at = 0; at < dossier->record_count && status == STATUS_OK; at++) {
        if (dossier->records[at].is_act && dossier->records[at].kind == KIND_CORRECT) {
            status = add_corrections(filling, at);
        }
    }
    if (dossier->correction_count > 0) {
        qsort(dossier->corrections, dossier->correction_count, sizeof *dossier->corrections, by_corrected);
    }
    for (size_t i = 0; i < dossier->correction_count; i++) {
        size_t position = dossier_position(dossier, dossier->corrections[i].subject);
        if (position != SIZE_MAX) {
            struct dossier_run *run = &dossier->subjects[position].corrections;
            run->first = run->count == 0 ? i : run->first;
            run->count++;
        }
    }
    return status;
}

/* ---- titles ------------------------------------------------------------------------------------ */

static uint64_t title_name(enum subject_type type)
{
    switch (type) {
    case TYPE_PERSON: return NAME_PERSON;
    case TYPE_PLACE: return NAME_PLACE;
    case TYPE_CASE: return NAME_DOCKET;
    case TYPE_ITEM: case TYPE_CONTAINER: return NAME_DESCRIPTION;
    case TYPE_NONE: case TYPE_LEDGER: break;
    }
    return NOTHING;
}

static void fill_titles(struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->subject_count; i++) {
        struct dossier_subject *subject = &dossier->subjects[i];
        const struct dossier_detail *title = dossier_stated(dossier, subject, title_name(subject->type));
        const struct dossier_detail *agency = subject->type == TYPE_PERSON ? dossier_stated(dossier, subject, NAME_AGENCY) : NULL;
        subject->title = title == NULL ? view_of(NULL, 0) : title->text;
        subject->title_shown = title == NULL ? DOSSIER_SHOWN : title->shown;
        subject->agency = agency == NULL ? view_of(NULL, 0) : agency->text;
    }
}

enum status dossier_fill_about(struct dossier_filling *filling)
{
    enum status status = fill_findings(filling);
    if (status == STATUS_OK) {
        status = fill_signatures(filling);
    }
    if (status == STATUS_OK) {
        status = fill_corrections(filling);
    }
    if (status == STATUS_OK) {
        fill_titles(filling->dossier);
    }
    return status;
}
