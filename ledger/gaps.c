/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gaps: see the header.
 */
#include "ledger/gaps.h"

#include <stdlib.h>

void gaps_free(struct gaps *gaps)
{
    free(gaps->items);
    *gaps = (struct gaps){0};
}

void gaps_add(struct gaps *gaps, uint64_t record, uint64_t subject, const struct sheet_line *line)
{
    if (gaps->count == gaps->cap) {
        size_t cap = gaps->cap == 0 ? 16 : gaps->cap * 2;
        struct gap *grown = realloc(gaps->items, cap * sizeof *grown);

        if (grown == NULL) {
            gaps->failed = true;
            return;
        }
        gaps->items = grown;
        gaps->cap = cap;
    }
    gaps->items[gaps->count++] = (struct gap){.record = record, .subject = subject, .name = line->name, .ordinal = line->ordinal};
}

static int compare(const void *left, const void *right)
{
    const struct gap *a = left;
    const struct gap *b = right;

    return (a->record > b->record) - (a->record < b->record);
}

/* SPEC 3.7: an order covers a detail of the act as a whole by an entry on any subject that its record touches. */
static enum status is_covered(const struct gap *gap, struct ledger_txn *txn, const struct extents *extents, bool *covered,
                              struct fault *fault)
{
    struct record *record = txn->ledger->earlier;
    enum status status = STATUS_OK;

    *covered = extents_erased(extents, gap->record, gap->subject, gap->name) != NOTHING ||
               (gap->subject != NOTHING && extents_ordered(extents, gap->subject, gap->name) != NOTHING);
    if (*covered || gap->subject != NOTHING) {
        return STATUS_OK;
    }
    status = record_at(txn, gap->record, record, fault);
    for (size_t i = 0; status == STATUS_OK && i < record->link_count && !*covered; i++) {
        *covered = extents_ordered(extents, record->links[i].subject, gap->name) != NOTHING;
    }
    return status;
}

enum status gaps_uncovered(struct gaps *gaps, struct ledger_txn *txn, const struct extents *extents, const struct gap **out,
                           struct fault *fault)
{
    enum status status = STATUS_OK;

    *out = NULL;
    if (gaps->failed) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (gaps->count > 0) {
        qsort(gaps->items, gaps->count, sizeof *gaps->items, compare);
    }
    for (size_t i = 0; i < gaps->count && status == STATUS_OK && *out == NULL; i++) {
        bool covered = false;

        status = is_covered(&gaps->items[i], txn, extents, &covered, fault);
        if (status == STATUS_OK && !covered) {
            *out = &gaps->items[i];
        }
    }
    return status;
}
