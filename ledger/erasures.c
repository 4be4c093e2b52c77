/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erasures: an erased detail leaves the store in the same commit that records its erasure, so there is no moment in which one is there without
 * the other. The index says which erasures amend a record without a search for them.
 */
#include "ledger/erasures.h"

#include <stdlib.h>
#include <string.h>

/* One erasure of the index. Big: two acts and their records. */
struct erasure {
    uint64_t amended, index;
    struct record record, other;
    struct act act;
};

struct key erasures_mark(void)
{
    return keys_table(TABLE_ERASURE);
}

struct key erasures_foreign(uint64_t amended, const struct hash *id)
{
    struct key key = keys_pair(TABLE_ERASURE, amended, NOTHING);

    for (size_t i = 0; i < ACT_INDEX_BYTES; i++) {
        key.bytes[key.len++] = id->bytes[i];
    }
    return key;
}

static enum status out_of_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

static enum status bad_index(struct fault *fault)
{
    return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: its index of erasures");
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The erasure behind an entry of the index: a record of this store, or one that the entry itself holds. */
static enum status read_erasure(struct ledger_txn *txn, struct view key, struct view value, struct erasure *out, struct fault *fault)
{
    enum status status = STATUS_OK;
    bool foreign = false;
    struct hash hash;

    if (!keys_take(&key, &out->amended) || !keys_take(&key, &out->index) || out->amended >= txn->meta.size) {
        return bad_index(fault);
    }
    if (out->index == NOTHING && key.len == ACT_INDEX_BYTES) {
        foreign = true;
        status = record_decode(value, &out->record, NULL) == STATUS_OK ? STATUS_OK : bad_index(fault);
        out->index = out->record.index;
    } else if (key.len == 0 && out->index > out->amended && out->index < txn->meta.size) {
        status = record_at(txn, out->index, &out->record, fault);
    } else {
        return bad_index(fault);
    }
    if (status == STATUS_OK) {
        status = record_at(txn, out->amended, &out->other, fault);
    }
    if (status == STATUS_OK &&
        (out->record.type != RECORD_ACT || out->other.type != RECORD_ACT || act_decode(out->record.act, &out->act, NULL) != STATUS_OK ||
         out->act.kind != KIND_ERASE || !hash_equal(&out->act.ledger, &txn->ledger->identity.id) ||
         (out->act.present & BIT(PAY_AMENDS)) == 0 || out->act.amends_index != out->amended)) {
        return bad_index(fault);
    }
    if (status == STATUS_OK && foreign) {
        /* An own one was compared with it when it was appended. */
        hash_leaf(txn->ledger->hasher, out->other.bytes, &hash);
        status = hash_equal(&hash, &out->act.amends_hash) ? STATUS_OK : bad_index(fault);
        act_id(txn->ledger->hasher, out->act.payload, &hash);
        status = status == STATUS_OK && memcmp(hash.bytes, key.ptr, ACT_INDEX_BYTES) == 0 ? STATUS_OK : bad_index(fault);
    }
    return status;
}

enum status erasures_read(struct ledger_txn *txn, uint64_t record, struct extents *out, struct fault *fault)
{
    struct key prefix = record == NOTHING ? keys_table(TABLE_ERASURE) : keys_number(TABLE_ERASURE, record);
    struct store_cursor *cursor = NULL;
    struct erasure *erasure = NULL;
    struct view key;
    struct view value;
    enum status status = store_walk(txn->store, keys_view(&prefix), NULL, &cursor, fault);

    *out = (struct extents){0};
    while (status == STATUS_OK) {
        status = store_next(cursor, &key, &value, fault);
        if (status != STATUS_OK || key.len == 1) {
            continue; /* the end, or the mark */
        }
        if (erasure == NULL) {
            erasure = malloc(sizeof *erasure);
            status = erasure == NULL ? out_of_memory(fault) : STATUS_OK;
        }
        if (status == STATUS_OK) {
            status = read_erasure(txn, view_part(key, 1, key.len - 1), value, erasure, fault);
        }
        if (status == STATUS_OK) {
            status = extents_add(out, erasure->index, &erasure->act, erasure->other.link_count, fault);
        }
    }
    store_walk_end(cursor);
    free(erasure);
    if (status != STATUS_MISSING) {
        extents_free(out);
        return status;
    }
    extents_sort(out);
    return STATUS_OK;
}

enum status erasures_pending(struct ledger_txn *txn, bool *out, struct fault *fault)
{
    struct key mark = erasures_mark();
    struct view value;
    enum status status = store_get(txn->store, keys_view(&mark), &value, fault);

    *out = status == STATUS_OK;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* ---- an older copy --------------------------------------------------------------------------- */

/* One erasure of the living ledger: entered where this store has the amended record, but not the erasure. */
static enum status take_one(struct ledger_txn *txn, const struct erasure *erasure, uint64_t *taken, struct fault *fault)
{
    struct hash id;
    struct key key;
    struct view there;
    enum status status;

    if (erasure->amended >= txn->meta.size || erasure->index < txn->meta.size) {
        return STATUS_OK;
    }
    act_id(txn->ledger->hasher, erasure->act.payload, &id);
    key = erasures_foreign(erasure->amended, &id);
    status = store_get(txn->store, keys_view(&key), &there, fault);
    if (status != STATUS_MISSING) {
        return status;
    }
    (*taken)++;
    txn->changed = true;
    return store_put(txn->store, keys_view(&key), erasure->record.bytes, fault);
}

enum status erasures_take(struct ledger_txn *txn, struct ledger_txn *living, uint64_t *taken, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_ERASURE);
    struct erasure *erasure = malloc(sizeof *erasure);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    enum status status = erasure == NULL ? out_of_memory(fault) : store_walk(living->store, keys_view(&prefix), NULL, &cursor, fault);

    *taken = 0;
    while (status == STATUS_OK) {
        status = store_next(cursor, &key, &value, fault);
        if (status == STATUS_OK && key.len > 1) {
            status = read_erasure(living, view_part(key, 1, key.len - 1), value, erasure, fault);
            if (status == STATUS_OK) {
                status = take_one(txn, erasure, taken, fault);
            }
        }
    }
    store_walk_end(cursor);
    free(erasure);
    return status == STATUS_MISSING ? STATUS_OK : status;
}
