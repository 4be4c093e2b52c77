/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erased: which details of a record were erased, for those who show it: the sheets still name them.
 */
#include <stdlib.h>

#include "ledger/attached.h"
#include "ledger/erasures.h"
#include "verify/detail.h"

/* What is told, and what it is worked out from. */
struct telling {
    uint64_t record;
    struct extents extents;
    struct attached attached;
    struct ledger_erased *list;
    size_t count, cap;
};

struct decoded {
    struct record record;
    struct act act;
    struct attached_reference references[ATTACHED_REFERENCES_MAX];
};

static enum status out_of_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

static bool is_there(const struct attached *attached, const struct hash *digest)
{
    for (size_t i = 0; i < attached->disclosure_count; i++) {
        if (hash_equal(&attached->digests[i], digest)) {
            return true;
        }
    }
    return false;
}

static enum status tell(struct telling *telling, const struct ledger_erased *erased, struct fault *fault)
{
    if (telling->count == telling->cap) {
        size_t cap = telling->cap == 0 ? 8 : telling->cap * 2;
        struct ledger_erased *grown = realloc(telling->list, cap * sizeof *grown);

        if (grown == NULL) {
            return out_of_memory(fault);
        }
        telling->list = grown;
        telling->cap = cap;
    }
    telling->list[telling->count++] = *erased;
    return STATUS_OK;
}

/* The lines of one sheet without a disclosure that an erasure covers. */
static enum status tell_sheet(struct telling *telling, struct view sheet, uint64_t subject, struct fault *fault)
{
    struct sheet_cursor cursor;
    struct sheet_line line;
    enum status status = STATUS_OK;

    if (sheet_open(sheet, &cursor, NULL) != STATUS_OK) {
        return damaged(fault, telling->record, "one of its sheets cannot be read");
    }
    while (status == STATUS_OK && sheet_next(&cursor, &line)) {
        struct ledger_erased erased = {subject, line.name, line.ordinal,
                                       extents_erased(&telling->extents, telling->record, subject, line.name)};

        if (erased.under != NOTHING && !is_there(&telling->attached, &line.digest)) {
            status = tell(telling, &erased, fault);
        }
    }
    return status;
}

static enum status tell_record(struct ledger_txn *txn, struct telling *telling, struct fault *fault)
{
    struct decoded *decoded = malloc(sizeof *decoded);
    const struct attached *attached = &telling->attached;
    struct attached_act described = {0};
    enum status status = decoded == NULL ? out_of_memory(fault) : record_at(txn, telling->record, &decoded->record, fault);

    if (status == STATUS_OK && act_decode(decoded->record.act, &decoded->act, NULL) != STATUS_OK) {
        status = damaged(fault, telling->record, "its act cannot be read");
    }
    if (status == STATUS_OK) {
        attached_describe(&decoded->act, decoded->references, &described);
    }
    for (size_t i = 0; i < described.reference_count && status == STATUS_OK; i++) {
        size_t j = 0;

        while (j < attached->sheet_count && !hash_equal(&attached->sheet_hashes[j], &decoded->references[i].sheet)) {
            j++;
        }
        if (j < attached->sheet_count) {
            status = tell_sheet(telling, attached->sheets[j], decoded->references[i].subject, fault);
        }
    }
    free(decoded);
    return status;
}

enum status ledger_erased(struct ledger_txn *txn, uint64_t index, struct ledger_erased **out, size_t *count, struct fault *fault)
{
    struct telling telling = {.record = index};
    struct ledger_details details = {0};
    struct hash *memory = NULL;
    enum status status = erasures_read(txn, index, &telling.extents, fault);

    *out = NULL;
    *count = 0;
    if (status != STATUS_OK || telling.extents.count == 0) {
        return status;
    }
    status = ledger_details(txn, index, &details, fault);
    if (status == STATUS_OK) {
        memory = malloc((details.sheet_count + details.disclosure_count + 1) * sizeof *memory);
        status = memory == NULL ? out_of_memory(fault) : STATUS_OK;
    }
    if (status == STATUS_OK) {
        telling.attached = (struct attached){.sheets = details.sheets, .sheet_count = details.sheet_count,
                                             .disclosures = details.disclosures, .disclosure_count = details.disclosure_count};
        attached_hash(txn->ledger->hasher, &telling.attached, memory);
        status = tell_record(txn, &telling, fault);
    }
    ledger_details_free(&details);
    extents_free(&telling.extents);
    free(memory);
    if (status != STATUS_OK) {
        free(telling.list);
        return status;
    }
    *out = telling.list;
    *count = telling.count;
    return STATUS_OK;
}
