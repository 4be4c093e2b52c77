/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hands: a record changes the custody of what it touches, and with a container that of all that is in it. So that a sealed pallet
 * costs one look and not a thousand, things know what is in them, and only a change goes down to them.
 */
#include "custody/hands.h"

#include <stdlib.h>

#include "custody/whereabouts.h"
#include "ledger/past.h"

/* A thing: where it stands among the things of its container, and its row. Numbers are NOTHING where there is none. */
struct slot {
    uint64_t in, inside, next, before; /* its container, the first thing in it, its neighbours in its container */
    bool mine;
    struct hands_row row;
};

struct walk {
    struct past *past;
    struct slot *slots; /* by subject */
    uint64_t slot_count;
    uint64_t person;
    uint64_t index; /* of the record */
};

/* ---- what is in what -------------------------------------------------------------------------- */

static void take_out(struct walk *walk, uint64_t thing)
{
    struct slot *slot = &walk->slots[thing];

    if (slot->in != NOTHING && slot->before == NOTHING) {
        walk->slots[slot->in].inside = slot->next;
    }
    if (slot->before != NOTHING) {
        walk->slots[slot->before].next = slot->next;
    }
    if (slot->next != NOTHING) {
        walk->slots[slot->next].before = slot->before;
    }
    slot->in = slot->next = slot->before = NOTHING;
}

static void put_in(struct walk *walk, uint64_t thing, uint64_t container)
{
    struct slot *slot = &walk->slots[thing];

    slot->in = container;
    slot->next = walk->slots[container].inside;
    walk->slots[container].inside = thing;
    if (slot->next != NOTHING) {
        walk->slots[slot->next].before = thing;
    }
}

/* ---- whose hands ------------------------------------------------------------------------------ */

static void set(struct walk *walk, uint64_t thing, bool mine)
{
    struct slot *slot = &walk->slots[thing];
    uint64_t now_s = past_record(walk->past)->logged_s;

    if (slot->mine == mine) {
        return;
    }
    slot->mine = mine;
    slot->row.last_record = mine ? NOTHING : walk->index;
    slot->row.last_s = mine ? NOTHING : now_s;
    if (mine) {
        if (slot->row.times == 0) {
            slot->row.thing = thing;
            slot->row.first_record = walk->index;
            slot->row.first_s = now_s;
            slot->row.in = slot->in;
        }
        slot->row.times++;
    }
}

/* A thing and all that is in it. False: more than there are, so that something would be in itself. */
static bool set_all(struct walk *walk, uint64_t thing, bool mine)
{
    uint64_t at = thing;

    for (uint64_t steps = 0; steps <= walk->slot_count; steps++) {
        set(walk, at, mine);
        if (walk->slots[at].inside != NOTHING) {
            at = walk->slots[at].inside;
            continue;
        }
        while (at != thing && walk->slots[at].next == NOTHING) {
            at = walk->slots[at].in;
        }
        if (at == thing) {
            return true;
        }
        at = walk->slots[at].next;
    }
    return false;
}

static bool is_mine(struct walk *walk, const struct subject *subject)
{
    struct whereabouts where;

    whereabouts_of(past_world(walk->past), subject, &where);
    return where.holder == walk->person && (where.state == THING_HELD || where.state == THING_TRANSIT);
}

static const struct subject *touched(struct walk *walk, size_t entry)
{
    const struct subject *subject = world_find(past_world(walk->past), past_act(walk->past)->entries[entry].subject);

    return subject == NULL || subject->thing == NULL ? NULL : subject;
}

/* First where everything is now, then whose that makes it: a record may pack many. */
static enum status after_record(struct walk *walk, struct fault *fault)
{
    const struct act *act = past_act(walk->past);
    bool sound = true;

    for (size_t i = 0; act != NULL && sound && i < act->entry_count; i++) {
        const struct subject *subject = touched(walk, i);

        sound = subject == NULL || subject->number < walk->slot_count;
        if (subject != NULL && sound && subject->thing->container != walk->slots[subject->number].in) {
            take_out(walk, subject->number);
            if (subject->thing->container != NOTHING) {
                put_in(walk, subject->number, subject->thing->container);
            }
        }
    }
    for (size_t i = 0; act != NULL && sound && i < act->entry_count; i++) {
        const struct subject *subject = touched(walk, i);

        if (subject != NULL && is_mine(walk, subject) != walk->slots[subject->number].mine) {
            sound = set_all(walk, subject->number, is_mine(walk, subject));
        }
    }
    return sound ? STATUS_OK
                 : fault_set(fault, STATUS_DAMAGED, walk->index, "the store is damaged at record %llu: a thing is in itself, or was never opened",
                             (unsigned long long)walk->index);
}

/* ---- all of it -------------------------------------------------------------------------------- */

static enum status keep(const struct walk *walk, struct hands_row **rows, size_t *count, struct fault *fault)
{
    *count = 0;
    for (uint64_t i = 0; i < walk->slot_count; i++) {
        *count += walk->slots[i].row.times > 0 ? 1u : 0u;
    }
    *rows = calloc(*count + 1, sizeof **rows);
    if (*rows == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    *count = 0;
    for (uint64_t i = 0; i < walk->slot_count; i++) {
        if (walk->slots[i].row.times > 0) {
            (*rows)[(*count)++] = walk->slots[i].row;
        }
    }
    return STATUS_OK;
}

enum status hands_of(struct session *session, uint64_t person, struct hands_row **rows, size_t *count, struct fault *fault)
{
    struct walk walk = {.slot_count = ledger_subjects(session->txn), .person = person};
    uint64_t size = ledger_size(session->txn);
    enum status status;

    walk.slots = calloc(walk.slot_count, sizeof *walk.slots);
    status = walk.slots == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                : past_open(session->txn, NULL, NULL, &walk.past, fault);
    for (uint64_t i = 0; status == STATUS_OK && i < walk.slot_count; i++) {
        walk.slots[i] = (struct slot){.in = NOTHING, .inside = NOTHING, .next = NOTHING, .before = NOTHING};
    }
    for (; walk.index < size && status == STATUS_OK; walk.index++) {
        status = past_step(walk.past, walk.index, fault);
        if (status == STATUS_OK) {
            status = after_record(&walk, fault);
        }
    }
    if (status == STATUS_OK) {
        status = keep(&walk, rows, count, fault);
    }
    past_close(walk.past);
    free(walk.slots);
    return status;
}
