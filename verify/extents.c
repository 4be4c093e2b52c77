/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extents: sorted by subject, name and record, and found by halving: a hostile file may name as many as it has bytes.
 */
#include "verify/extents.h"

#include "verify/acts.h"
#include "verify/state.h"

#include <stdlib.h>

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int extent_order(const void *a, const void *b)
{
    const struct extent *x = a, *y = b;
    int order = compare(x->subject, y->subject);
    order = order != 0 ? order : compare(x->name, y->name);
    order = order != 0 ? order : compare(x->record, y->record);
    return order != 0 ? order : compare(x->under, y->under);
}

static enum status add_one(struct extents *extents, const struct extent *extent, struct fault *fault)
{
    if (extents->count == extents->cap) {
        size_t cap = extents->cap == 0 ? 16 : extents->cap * 2;
        struct extent *grown = realloc(extents->items, cap * sizeof *grown);
        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        extents->items = grown;
        extents->cap = cap;
    }
    extents->items[extents->count++] = *extent;
    return STATUS_OK;
}

static size_t entry_names(const struct entry *entry, uint64_t names[FACT_NAMES_MAX])
{
    return (entry->facts.present & BIT(FACT_NAMES)) != 0 ? names_read(entry->facts.names, names) : 0;
}

/* Keeps of `kept` what stands in `names` too; both ascend. */
static size_t keep_common(uint64_t *kept, size_t count, const uint64_t *names, size_t name_count)
{
    size_t left = 0;
    for (size_t i = 0, j = 0; i < count; i++) {
        while (j < name_count && names[j] < kept[i]) {
            j++;
        }
        if (j < name_count && names[j] == kept[i]) {
            kept[left++] = kept[i];
        }
    }
    return left;
}

/* Details of the act as a whole concern every subject: an erasure covers those names that it lists for each of them. */
static enum status add_whole(struct extents *extents, uint64_t index, const struct act *act, struct fault *fault)
{
    uint64_t kept[FACT_NAMES_MAX], names[FACT_NAMES_MAX];
    size_t count = entry_names(&act->entries[0], kept);
    enum status status = STATUS_OK;
    for (size_t i = 1; i < act->entry_count; i++) {
        size_t name_count = entry_names(&act->entries[i], names);
        count = keep_common(kept, count, names, name_count);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct extent extent = { .subject = NOTHING, .name = kept[i], .record = act->amends_index, .under = index };
        status = kept[i] == NAME_ORPHAN ? STATUS_OK : add_one(extents, &extent, fault);
    }
    return status;
}

static bool counts(const struct act *act)
{
    uint64_t office = act->signers[0].capacity;
    if (act->kind == KIND_ERASE) {
        return (act->present & BIT(PAY_AMENDS)) != 0;
    }
    return act->kind == KIND_ORDER && (office == OFFICE_PROSECUTOR || office == OFFICE_COURT);
}

enum status extents_add(struct extents *extents, uint64_t index, const struct act *act, size_t links, struct fault *fault)
{
    bool erases = act->kind == KIND_ERASE;
    enum status status = STATUS_OK;
    if (!counts(act)) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
        uint64_t names[FACT_NAMES_MAX];
        size_t count = entry_names(&act->entries[i], names);
        for (size_t j = 0; j < count && status == STATUS_OK; j++) {
            struct extent extent = { .subject = act->entries[i].subject, .name = names[j],
                                     .record = erases ? act->amends_index : NOTHING, .under = index };
            status = erases && names[j] == NAME_ORPHAN ? STATUS_OK : add_one(extents, &extent, fault);
        }
    }
    return status == STATUS_OK && erases && act->entry_count == links ? add_whole(extents, index, act, fault) : status;
}

void extents_sort(struct extents *extents)
{
    if (extents->count > 0) {
        qsort(extents->items, extents->count, sizeof *extents->items, extent_order);
    }
}

/* `under` of the first that equals the rest, or NOTHING. */
static uint64_t find(const struct extents *extents, uint64_t subject, uint64_t name, uint64_t record)
{
    const struct extent wanted = { .subject = subject, .name = name, .record = record, .under = 0 };
    size_t low = 0, high = extents->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (extent_order(&extents->items[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct extent *found = low < extents->count ? &extents->items[low] : NULL;
    return found != NULL && found->subject == subject && found->name == name && found->record == record ? found->under : NOTHING;
}

uint64_t extents_erased(const struct extents *extents, uint64_t record, uint64_t subject, uint64_t name)
{
    return find(extents, subject, name, record);
}

uint64_t extents_ordered(const struct extents *extents, uint64_t subject, uint64_t name)
{
    return find(extents, subject, name, NOTHING);
}

void extents_free(struct extents *extents)
{
    free(extents->items);
    *extents = (struct extents){ 0 };
}
