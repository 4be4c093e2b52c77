/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places: see the header. Since a parent stands before its parts in the list, one pass forwards or backwards is a walk of the tree.
 */
#include "custody/places.h"

#include <assert.h>
#include <stdlib.h>

#include "custody/describe.h"

enum status places_add(struct places *places, uint64_t number, uint64_t within, struct fault *fault)
{
    assert(places->count == 0 || places->list[places->count - 1].number < number);
    if (places->count == places->cap) {
        size_t cap = places->cap == 0 ? 32 : places->cap * 2;
        struct place *grown = realloc(places->list, cap * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu places", cap);
        }
        places->list = grown;
        places->cap = cap;
    }
    if (places_at(places, within) == places->count) {
        within = NOTHING;
    }
    places->list[places->count++] = (struct place){number, within};
    return STATUS_OK;
}

static enum status load_one(struct session *session, struct describe_scratch *scratch, uint64_t number, struct places *out,
                            struct fault *fault)
{
    const struct act *act = &scratch->act;
    uint64_t index = 0;
    enum status status = ledger_thread(session->txn, number, 1, &index, fault);

    if (status == STATUS_OK) {
        status = describe_read(session, index, scratch, fault);
    }
    return status == STATUS_OK ? places_add(out, number, (act->present & BIT(PAY_PLACE)) != 0 ? act->place : NOTHING, fault) : status;
}

enum status places_load(struct session *session, struct places *out, struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a record") : STATUS_OK;

    *out = (struct places){0};
    for (uint64_t n = 0; status == STATUS_OK && n < ledger_subjects(session->txn); n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);

        if (subject == NULL) {
            status = fault->status;
        } else if (subject->type == TYPE_PLACE) {
            status = load_one(session, scratch, n, out, fault);
        }
    }
    free(scratch);
    return status;
}

void places_free(struct places *places)
{
    free(places->list);
    *places = (struct places){0};
}

size_t places_at(const struct places *places, uint64_t number)
{
    size_t from = 0;
    size_t to = places->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (places->list[middle].number < number) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from < places->count && places->list[from].number == number ? from : places->count;
}

bool places_within(const struct places *places, uint64_t place, uint64_t root)
{
    while (place != NOTHING && place > root) {
        size_t at = places_at(places, place);

        place = at == places->count ? NOTHING : places->list[at].within; /* smaller, as places_add saw to */
    }
    return place == root && place != NOTHING;
}

enum status places_order(const struct places *places, size_t *order, size_t *depths, struct fault *fault)
{
    size_t count = places->count;
    size_t *links = calloc(2 * count + 1, sizeof *links); /* first part and next sibling of each; position + 1, 0: none */
    size_t *first = links;
    size_t *next = links == NULL ? NULL : links + count + 1; /* first[count]: of the whole tree */
    size_t done = 0;
    size_t at;

    if (links == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu places", count);
    }
    for (size_t i = count; i-- > 0;) {
        size_t parent = places_at(places, places->list[i].within);

        next[i] = first[parent];
        first[parent] = i + 1;
    }
    for (size_t i = 0; i < count; i++) {
        size_t parent = places_at(places, places->list[i].within);

        depths[i] = parent == count ? 0 : depths[parent] + 1;
    }
    at = first[count];
    while (at != 0) {
        size_t i = at - 1;

        order[done++] = i;
        at = first[i];
        while (at == 0 && i != count) {
            at = next[i];
            i = places_at(places, places->list[i].within);
        }
    }
    free(links);
    return STATUS_OK;
}
