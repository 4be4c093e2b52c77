/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state: subjects by number, and the questions that SPEC 6.3 and 6.4 ask of a person. Not here: what an act changes
 * (authority_apply, rules_replay).
 */
#include "verify/state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* --- seal sets --- */

static bool seal_set_put(struct seal_set *set, struct view number)
{
    if (set->count == SEALS_MAX) {
        return false;
    }
    assert(number.len <= SEAL_BYTES_MAX);
    set->text[set->len] = (uint8_t)number.len;
    memcpy(set->text + set->len + 1, number.ptr, number.len);
    set->len += number.len + 1;
    set->count++;
    return true;
}

void seal_set_from(const struct seals *seals, struct seal_set *out)
{
    out->count = 0;
    out->len = 0;
    for (size_t i = 0; i < seals->count; i++) {
        bool fits = seal_set_put(out, seals->numbers[i]);
        assert(fits);
    }
}

void seal_set_view(const struct seal_set *set, struct seals *out)
{
    out->count = 0;
    for (size_t at = 0; set != NULL && at < set->len; at += set->text[at] + (size_t)1) {
        out->numbers[out->count++] = view_of(set->text + at + 1, set->text[at]);
    }
}

bool seal_set_equal(const struct seal_set *a, const struct seal_set *b)
{
    size_t len_a = a == NULL ? 0 : a->len;
    size_t len_b = b == NULL ? 0 : b->len;
    return len_a == len_b && (len_a == 0 || memcmp(a->text, b->text, len_a) == 0);
}

static bool seals_have(const struct seals *seals, struct view number)
{
    for (size_t i = 0; seals != NULL && i < seals->count; i++) {
        if (view_equal(seals->numbers[i], number)) {
            return true;
        }
    }
    return false;
}

bool seal_set_change(const struct seal_set *from, const struct seals *removed, const struct seals *put_on,
                     struct seal_set *out)
{
    /* Merge two ascending lists: what stays, and what is put on. */
    struct seals stay = { 0 };
    seal_set_view(from, &stay);
    out->count = 0;
    out->len = 0;
    size_t i = 0, j = 0, put_count = put_on == NULL ? 0 : put_on->count;
    while (i < stay.count || j < put_count) {
        int order = i == stay.count ? 1 : j == put_count ? -1 : view_compare(stay.numbers[i], put_on->numbers[j]);
        struct view next = order <= 0 ? stay.numbers[i] : put_on->numbers[j];
        bool keep = order >= 0 || !seals_have(removed, next);
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
        if (keep && !seal_set_put(out, next)) {
            return false;
        }
    }
    return true;
}

/* --- the world: an open-addressing table of pointers, at most half full --- */

struct key_owner {
    struct hash kid;
    uint64_t person;
    bool used;
};

struct world {
    world_loader *loader;
    void *context;
    struct subject **slots;
    size_t slot_count; /* power of two */
    size_t used;
    struct key_owner *owners; /* likewise */
    size_t owner_slots;
    size_t owner_count;
    struct fault fault;
};

static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= UINT64_C(0xff51afd7ed558ccd);
    x ^= x >> 33;
    return x;
}

enum status world_open(world_loader *loader, void *context, struct world **out, struct fault *fault)
{
    struct world *world = calloc(1, sizeof *world);
    if (world != NULL) {
        world->slot_count = 64;
        world->slots = calloc(world->slot_count, sizeof *world->slots);
        world->owner_slots = 64;
        world->owners = calloc(world->owner_slots, sizeof *world->owners);
    }
    if (world == NULL || world->slots == NULL || world->owners == NULL) {
        world_close(world);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    world->loader = loader;
    world->context = context;
    *out = world;
    return STATUS_OK;
}

void subject_free_members(struct subject *subject)
{
    if (subject->thing != NULL) {
        free(subject->thing->seals);
        free(subject->thing->open);
    }
    free(subject->thing);
    free(subject->person);
    free(subject->ledger);
    subject->thing = NULL;
    subject->person = NULL;
    subject->ledger = NULL;
}

void world_close(struct world *world)
{
    if (world == NULL) {
        return;
    }
    for (size_t i = 0; world->slots != NULL && i < world->slot_count; i++) {
        if (world->slots[i] != NULL) {
            subject_free_members(world->slots[i]);
            free(world->slots[i]);
        }
    }
    free(world->slots);
    free(world->owners);
    free(world);
}

static struct subject **slot_of(struct subject **slots, size_t count, uint64_t number)
{
    size_t i = (size_t)mix(number) & (count - 1);
    while (slots[i] != NULL && slots[i]->number != number) {
        i = (i + 1) & (count - 1);
    }
    return &slots[i];
}

static bool grow(struct world *world)
{
    if (world->used * 2 < world->slot_count) {
        return true;
    }
    struct subject **slots = calloc(world->slot_count * 2, sizeof(struct subject *));
    if (slots == NULL) {
        (void)fault_set(&world->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        return false;
    }
    for (size_t i = 0; i < world->slot_count; i++) {
        if (world->slots[i] != NULL) {
            *slot_of(slots, world->slot_count * 2, world->slots[i]->number) = world->slots[i];
        }
    }
    free(world->slots);
    world->slots = slots;
    world->slot_count *= 2;
    return true;
}

static struct subject *insert(struct world *world, uint64_t number)
{
    if (!grow(world)) {
        return NULL;
    }
    struct subject *subject = calloc(1, sizeof *subject);
    if (subject == NULL) {
        (void)fault_set(&world->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        return NULL;
    }
    subject->number = number;
    struct subject **slot = slot_of(world->slots, world->slot_count, number);
    assert(*slot == NULL);
    *slot = subject;
    world->used++;
    return subject;
}

struct subject *world_find(struct world *world, uint64_t number)
{
    struct subject *found = *slot_of(world->slots, world->slot_count, number);
    if (found != NULL || world->loader == NULL || world->fault.status != STATUS_OK) {
        return found;
    }
    struct subject loaded = { .number = number };
    struct fault fault = { 0 };
    enum status status = world->loader(world->context, &loaded, &fault);
    if (status == STATUS_MISSING) {
        return NULL;
    }
    if (status != STATUS_OK) {
        subject_free_members(&loaded);
        world->fault = fault;
        world->fault.status = status;
        return NULL;
    }
    found = insert(world, number);
    if (found == NULL) {
        subject_free_members(&loaded);
        return NULL;
    }
    *found = loaded;
    found->number = number;
    return found;
}

bool subject_as(struct subject *subject, enum subject_type type)
{
    subject->type = type;
    if (type == TYPE_ITEM || type == TYPE_CONTAINER) {
        struct thing *thing = calloc(1, sizeof *thing);
        if (thing == NULL) {
            return false;
        }
        thing->state = THING_UNUSED;
        thing->of_case = thing->holder = thing->place = thing->pieces = thing->net_mg = thing->container = NOTHING;
        thing->missing = NOTHING;
        thing->levels = type == TYPE_CONTAINER ? 1 : 0;
        subject->thing = thing;
    } else if (type == TYPE_PERSON) {
        subject->person = calloc(1, sizeof *subject->person);
        if (subject->person == NULL) {
            return false;
        }
        subject->person->revoked = subject->person->doubted_from = NOTHING;
    } else if (type == TYPE_LEDGER) {
        subject->ledger = calloc(1, sizeof *subject->ledger);
        return subject->ledger != NULL;
    }
    return true;
}

struct subject *world_add(struct world *world, uint64_t number, enum subject_type type)
{
    struct subject *subject = insert(world, number);
    if (subject == NULL) {
        return NULL;
    }
    if (!subject_as(subject, type)) {
        (void)fault_set(&world->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        return NULL;
    }
    subject->dirty = true;
    return subject;
}

enum status world_status(const struct world *world, struct fault *fault)
{
    if (world->fault.status == STATUS_OK) {
        return STATUS_OK;
    }
    return fault_set(fault, world->fault.status, world->fault.at, "%s", world->fault.text);
}

void world_each(struct world *world, void (*visit)(void *context, struct subject *subject), void *context)
{
    for (size_t i = 0; i < world->slot_count; i++) {
        if (world->slots[i] != NULL) {
            visit(context, world->slots[i]);
        }
    }
}

static struct key_owner *owner_slot(struct key_owner *owners, size_t count, const struct hash *kid)
{
    uint64_t start = 0;
    memcpy(&start, kid->bytes, sizeof start); /* any order will do: the table never leaves memory */
    size_t i = (size_t)mix(start) & (count - 1);
    while (owners[i].used && !hash_equal(&owners[i].kid, kid)) {
        i = (i + 1) & (count - 1);
    }
    return &owners[i];
}

uint64_t world_key_owner(struct world *world, const struct hash *kid)
{
    const struct key_owner *owner = owner_slot(world->owners, world->owner_slots, kid);
    return owner->used ? owner->person : NOTHING;
}

bool world_note_key(struct world *world, const struct hash *kid, uint64_t person)
{
    if (world->owner_count * 2 >= world->owner_slots) {
        struct key_owner *owners = calloc(world->owner_slots * 2, sizeof *owners);
        if (owners == NULL) {
            (void)fault_set(&world->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
            return false;
        }
        for (size_t i = 0; i < world->owner_slots; i++) {
            if (world->owners[i].used) {
                *owner_slot(owners, world->owner_slots * 2, &world->owners[i].kid) = world->owners[i];
            }
        }
        free(world->owners);
        world->owners = owners;
        world->owner_slots *= 2;
    }
    struct key_owner *owner = owner_slot(world->owners, world->owner_slots, kid);
    world->owner_count += owner->used ? 0 : 1;
    *owner = (struct key_owner){ .kid = *kid, .person = person, .used = true };
    return true;
}

/* --- questions --- */

const struct person_key *person_key_at(const struct person *person, uint64_t index)
{
    if (person->revoked != NOTHING && person->revoked < index) {
        return NULL;
    }
    for (size_t i = person->key_count; i > 0; i--) {
        if (person->keys[i - 1].from < index) {
            return &person->keys[i - 1];
        }
    }
    return NULL;
}

const struct appointment *person_appointment_at(const struct person *person, uint64_t number, uint64_t index)
{
    for (size_t i = 0; i < person->appointment_count; i++) {
        const struct appointment *a = &person->appointments[i];
        if (a->number == number && a->index < index && (a->ended == NOTHING || a->ended >= index)) {
            return a;
        }
    }
    return NULL;
}

const struct appointment *person_office(const struct person *person, unsigned office)
{
    for (size_t i = person->appointment_count; i > 0; i--) {
        const struct appointment *a = &person->appointments[i - 1];
        if (a->office == office && a->ended == NOTHING) {
            return a;
        }
    }
    return NULL;
}

const uint8_t *station_key_at(const struct ledger_state *ledger, uint64_t size)
{
    const uint8_t *key = NULL;
    for (size_t i = 0; i < ledger->key_count; i++) {
        if (ledger->keys[i].from < size) {
            key = ledger->keys[i].key;
        }
    }
    return key;
}
