/* SPDX-License-Identifier: Apache-2.0 */
/*
 * whereabouts: see the header.
 */
#include "custody/whereabouts.h"

#include <stdlib.h>

/* Nesting is at most 4; what was packed deeper by a deviation is followed as far as the rules follow it. */
enum { AROUND_MAX = 64 };

void whereabouts_of(struct world *world, const struct subject *subject, struct whereabouts *out)
{
    for (int i = 0; i < AROUND_MAX && subject->thing->container != NOTHING; i++) {
        const struct subject *around = world_find(world, subject->thing->container);

        if (around == NULL || around->thing == NULL) {
            break;
        }
        subject = around;
    }
    *out = (struct whereabouts){.top = subject, .state = subject->thing->state, .holder = subject->thing->holder,
                                .place = subject->thing->place};
    if (out->state == THING_TRANSIT || out->state == THING_OUT) {
        out->open = subject->thing->open;
    }
}

bool whereabouts_overdue(const struct whereabouts *where, uint64_t now_s)
{
    const struct open_release *open = where->open;

    if (open == NULL) {
        return false;
    }
    if (open->due_s != NOTHING) {
        return open->due_s < now_s;
    }
    return where->state == THING_TRANSIT && now_s > open->logged_s &&
           now_s - open->logged_s > (uint64_t)WHEREABOUTS_UNANSWERED_DAYS * WHEREABOUTS_DAY_S;
}

bool whereabouts_out_of_store(const struct whereabouts *where)
{
    return where->open != NULL || (where->state == THING_HELD && where->place == NOTHING);
}

static enum status look(struct session *session, struct whereabouts_clock *clock, uint64_t index, struct fault *fault)
{
    enum status status;

    if (clock->known && clock->index == index) {
        return STATUS_OK;
    }
    if (clock->scratch == NULL) {
        clock->scratch = malloc(sizeof *clock->scratch);
    }
    if (clock->scratch == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a record");
    }
    clock->known = false;
    status = describe_read(session, index, clock->scratch, fault);
    if (status == STATUS_OK) {
        clock->known = true;
        clock->index = index;
        clock->logged_s = clock->scratch->record.logged_s;
        clock->kind = clock->scratch->act.kind;
    }
    return status;
}

enum status whereabouts_logged(struct session *session, struct whereabouts_clock *clock, uint64_t index, uint64_t *logged_s,
                               struct fault *fault)
{
    enum status status = look(session, clock, index, fault);

    *logged_s = status == STATUS_OK ? clock->logged_s : NOTHING;
    return status;
}

/* Acts that say who has a thing, or where. */
static bool gives(unsigned kind)
{
    return kind == KIND_REGISTER || kind == KIND_ACCEPT || kind == KIND_REFUSE || kind == KIND_WITHDRAW || kind == KIND_TAKEBACK ||
           kind == KIND_SAMPLE || kind == KIND_SPLIT || kind == KIND_UNPACK || kind == KIND_SHELVE || kind == KIND_ADOPT ||
           kind == KIND_ANIMAL;
}

enum status whereabouts_since(struct session *session, struct whereabouts_clock *clock, const struct whereabouts *where,
                              uint64_t *since_s, uint64_t *record, struct fault *fault)
{
    enum status status = STATUS_OK;

    *since_s = *record = NOTHING;
    if (where->open != NULL) {
        *since_s = where->open->logged_s;
        *record = where->open->index;
        return STATUS_OK;
    }
    if (!whereabouts_out_of_store(where)) {
        return STATUS_OK;
    }
    for (uint64_t number = where->top->count; number > 0 && *record == NOTHING && status == STATUS_OK; number--) {
        uint64_t index = 0;

        status = ledger_thread(session->txn, where->top->number, number, &index, fault);
        if (status == STATUS_OK) {
            status = look(session, clock, index, fault);
        }
        if (status == STATUS_OK && gives(clock->kind)) {
            *record = index;
            *since_s = clock->logged_s;
        }
    }
    return status;
}

uint64_t whereabouts_days(uint64_t from_s, uint64_t to_s)
{
    return from_s < to_s ? (to_s - from_s) / WHEREABOUTS_DAY_S : 0;
}
