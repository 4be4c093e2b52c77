/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orphans: acts that came too late, as they are kept: found by act-id, walked, read. What adoption makes of them is verify's (orphan.c).
 */
#include <string.h>

#include "ledger/source.h"

enum status ledger_find_orphan(struct ledger_txn *txn, const struct hash *id, uint64_t *index, struct fault *fault)
{
    struct key key = keys_hash(TABLE_ORPHAN, id, HASH_BYTES);
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    if (status == STATUS_OK && (!keys_only(value, index) || *index >= txn->meta.size)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: the place of an act that is kept");
    }
    return status;
}

enum status ledger_next_orphan(struct ledger_txn *txn, bool first, struct hash *id, uint64_t *index, struct fault *fault)
{
    struct key table = keys_table(TABLE_ORPHAN);
    struct key last = keys_hash(TABLE_ORPHAN, id, HASH_BYTES);
    struct store_cursor *cursor = NULL;
    struct view from = keys_view(&last);
    struct view key, value;
    enum status status = store_walk(txn->store, keys_view(&table), first ? NULL : &from, &cursor, fault);

    if (status == STATUS_OK) {
        status = store_next(cursor, &key, &value, fault);
    }
    if (status == STATUS_OK && !first && view_equal(key, from)) {
        status = store_next(cursor, &key, &value, fault);
    }
    if (status == STATUS_OK && (key.len != table.len + HASH_BYTES || !keys_only(value, index) || *index >= txn->meta.size)) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: the place of an act that is kept");
    }
    if (status == STATUS_OK) {
        memcpy(id->bytes, key.ptr + table.len, HASH_BYTES);
    }
    store_walk_end(cursor);
    return status;
}

enum status ledger_orphan(struct ledger_txn *txn, uint64_t index, const struct hash *id, struct act *out, struct fault *fault)
{
    struct ledger_details details = {0};
    enum status status = ledger_details(txn, index, &details, fault);

    if (status == STATUS_OK && !source_find_orphan(txn->ledger->hasher, details.disclosures, details.disclosure_count, id, out)) {
        status = STATUS_MISSING;
    }
    ledger_details_free(&details);
    return status;
}
