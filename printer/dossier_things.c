/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_things: what the verified world says of each thing at the end, the order of registration in its case, and what it comes from.
 */
#include "printer/dossier_inside.h"

#include <stdlib.h>

enum { DAYS_UNANSWERED = 30, DAY_S = 86400 }; /* SPEC 7.3.15 */

static enum status no_memory(struct dossier_filling *filling)
{
    return fault_set(filling->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a dossier");
}

/* ---- at the end -------------------------------------------------------------------------------- */

static const struct subject *outermost(struct world *world, const struct subject *subject)
{
    for (int i = 0; i < DOSSIER_AROUND_MAX && subject->thing->container != NOTHING; i++) {
        const struct subject *around = world_find(world, subject->thing->container);
        if (around == NULL || around->thing == NULL) {
            break;
        }
        subject = around;
    }
    return subject;
}

static void fill_open(const struct open_release *open, uint64_t now_s, struct dossier_thing *out)
{
    out->open = open->index;
    out->open_s = open->logged_s;
    out->due_s = open->due_s;
    out->to_person = open->person;
    out->to_office = open->office;
    out->to_place = open->place;
    out->overdue = open->due_s != NOTHING ? open->due_s < now_s
                                          : out->state == THING_TRANSIT && now_s > open->logged_s &&
                                                now_s - open->logged_s > (uint64_t)DAYS_UNANSWERED * DAY_S;
}

static enum status fill_end(struct dossier_filling *filling, const struct subject *subject, struct dossier_thing *out)
{
    const struct subject *outer = outermost(filling->check->world, subject);
    const struct thing *own = subject->thing, *top = outer->thing;
    struct seals seals = { 0 };
    out->state = top->state;
    out->voided = own->voided;
    out->holder = top->holder;
    out->place = top->place;
    out->outermost = outer->number;
    out->of_case = own->of_case;
    out->pieces = own->pieces;
    out->net_mg = own->net_mg;
    out->container = own->container;
    out->prints = own->prints;
    out->missing = own->missing;
    if (top->open != NULL && (top->state == THING_TRANSIT || top->state == THING_OUT)) {
        fill_open(top->open, filling->check->verdict->logged_s, out);
    }
    if (own->seals != NULL) {
        seal_set_view(own->seals, &seals);
    }
    return dossier_keep_seals(filling->dossier, &seals, &out->seals, filling->fault);
}

/* ---- order in the case, and origin ------------------------------------------------------------- */

static struct dossier_subject *find_subject(struct dossier *dossier, uint64_t number)
{
    size_t at = dossier_position(dossier, number);
    return at == SIZE_MAX ? NULL : &dossier->subjects[at];
}

static const struct dossier_entry *in_role(const struct dossier *dossier, const struct dossier_record *record, enum role role)
{
    for (size_t i = 0; i < record->entries.count; i++) {
        const struct dossier_entry *entry = &dossier->entries[record->entries.first + i];
        if (entry->role == role) {
            return entry;
        }
    }
    return NULL;
}

/* Every thing is counted, of the closure or not: the case's own thread has them all. */
static void count_registered(struct dossier *dossier, const struct dossier_record *record, uint64_t *counts)
{
    const struct dossier_entry *of_case = in_role(dossier, record, ROLE_CASE);
    size_t at = of_case == NULL ? SIZE_MAX : dossier_position(dossier, of_case->subject);
    for (size_t i = 0; at != SIZE_MAX && i < record->entries.count; i++) {
        const struct dossier_entry *entry = &dossier->entries[record->entries.first + i];
        if (entry->role != ROLE_SUBJECT) {
            continue;
        }
        counts[at]++;
        struct dossier_subject *thing = find_subject(dossier, entry->subject);
        if (thing != NULL && thing->thing.item == 0) {
            thing->thing.registered_case = of_case->subject;
            thing->thing.item = counts[at];
        }
    }
}

static void find_parent(struct dossier *dossier, const struct dossier_record *record)
{
    const struct dossier_entry *parent = in_role(dossier, record, record->kind == KIND_ANIMAL ? ROLE_SUBJECT : ROLE_PARENT);
    for (size_t i = 0; parent != NULL && i < record->entries.count; i++) {
        const struct dossier_entry *entry = &dossier->entries[record->entries.first + i];
        struct dossier_subject *child = entry->role == ROLE_CHILD ? find_subject(dossier, entry->subject) : NULL;
        if (child != NULL && child->thing.parent == NOTHING) {
            child->thing.parent = parent->subject;
            child->thing.parted = record->index;
        }
    }
}

static enum status fill_origins(struct dossier_filling *filling)
{
    struct dossier *dossier = filling->dossier;
    uint64_t *counts = calloc(dossier->subject_count + 1, sizeof *counts);
    if (counts == NULL) {
        return no_memory(filling);
    }
    for (size_t i = 0; i < dossier->record_count; i++) {
        const struct dossier_record *record = &dossier->records[i];
        if (record->is_act && record->kind == KIND_REGISTER) {
            count_registered(dossier, record, counts);
        } else if (record->is_act && (record->kind == KIND_SAMPLE || record->kind == KIND_SPLIT || record->kind == KIND_ANIMAL)) {
            find_parent(dossier, record);
        }
    }
    for (size_t i = 0; i < dossier->subject_count; i++) {
        struct dossier_thing *thing = &dossier->subjects[i].thing;
        if (thing->item > 0) {
            thing->items = counts[dossier_position(dossier, thing->registered_case)];
        }
    }
    free(counts);
    return STATUS_OK;
}

enum status dossier_fill_things(struct dossier_filling *filling)
{
    struct dossier *dossier = filling->dossier;
    enum status status = fill_origins(filling);
    for (size_t i = 0; i < dossier->subject_count && status == STATUS_OK; i++) {
        const struct subject *subject = world_find(filling->check->world, dossier->subjects[i].number);
        if (subject != NULL && subject->thing != NULL) {
            status = fill_end(filling, subject, &dossier->subjects[i].thing);
        }
    }
    return status;
}
