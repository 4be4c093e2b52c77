/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erasures_sweep: details that an erasure covers leave the store, and with them the files that no other detail names.
 */
#include "ledger/erasures.h"

#include <stdlib.h>
#include <string.h>

#include "verify/detail.h"

static enum status out_of_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* What one sweep finds before it changes anything: a cursor does not live through a change. */
struct sweep {
    struct ledger_txn *txn;
    struct key *keys; /* of disclosures that go */
    size_t key_count, key_cap;
    struct hash *files; /* that they name */
    size_t file_count, file_cap;
};

static bool sweep_room(void **array, size_t count, size_t *cap, size_t size)
{
    void *grown = *array;

    if (count == *cap) {
        *cap = *cap == 0 ? 16 : *cap * 2;
        grown = realloc(*array, *cap * size);
    }
    if (grown != NULL) {
        *array = grown;
    }
    return grown != NULL;
}

static enum status sweep_disclosure(struct sweep *sweep, struct view key, const struct disclosure *disclosure, struct fault *fault)
{
    if (!sweep_room((void **)&sweep->keys, sweep->key_count, &sweep->key_cap, sizeof *sweep->keys) ||
        !sweep_room((void **)&sweep->files, sweep->file_count, &sweep->file_cap, sizeof *sweep->files)) {
        return out_of_memory(fault);
    }
    sweep->keys[sweep->key_count].len = key.len;
    memcpy(sweep->keys[sweep->key_count].bytes, key.ptr, key.len);
    sweep->key_count++;
    if (disclosure->value.type == VALUE_FILE) {
        sweep->files[sweep->file_count++] = disclosure->value.file.hash;
    }
    return STATUS_OK;
}

/* Notes the disclosures of one record that the extents cover. */
static enum status sweep_record(struct sweep *sweep, const struct extents *extents, uint64_t record, struct fault *fault)
{
    struct key prefix = keys_number(TABLE_RECORD, record);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    enum status status;

    prefix.bytes[prefix.len++] = PART_DISCLOSURE;
    status = store_walk(sweep->txn->store, keys_view(&prefix), NULL, &cursor, fault);
    while (status == STATUS_OK) {
        struct disclosure disclosure;

        status = store_next(cursor, &key, &value, fault);
        if (status == STATUS_OK && disclosure_decode(value, &disclosure, NULL) != STATUS_OK) {
            status = damaged(fault, record, "one of its details cannot be read");
        }
        if (status == STATUS_OK && extents_erased(extents, record, disclosure.has_subject ? disclosure.subject : NOTHING,
                                                  disclosure.name) != NOTHING) {
            status = sweep_disclosure(sweep, key, &disclosure, fault);
        }
    }
    store_walk_end(cursor);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* Drops from sweep->files those that a detail still names: no index says who names a file, and erasures are few. */
static enum status sweep_keep_named(struct sweep *sweep, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_RECORD);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    enum status status = store_walk(sweep->txn->store, keys_view(&prefix), NULL, &cursor, fault);

    while (status == STATUS_OK && sweep->file_count > 0) {
        struct view rest;
        struct disclosure disclosure;
        uint64_t index;

        status = store_next(cursor, &key, &value, fault);
        if (status != STATUS_OK) {
            break;
        }
        rest = view_part(key, 1, key.len - 1);
        if (!keys_take(&rest, &index) || rest.len == 0 || rest.ptr[0] != PART_DISCLOSURE ||
            disclosure_decode(value, &disclosure, NULL) != STATUS_OK || disclosure.value.type != VALUE_FILE) {
            continue;
        }
        for (size_t i = 0; i < sweep->file_count; i++) {
            if (hash_equal(&sweep->files[i], &disclosure.value.file.hash)) {
                sweep->files[i--] = sweep->files[--sweep->file_count];
            }
        }
    }
    store_walk_end(cursor);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static enum status sweep_remove(struct sweep *sweep, struct erasures_removed *removed, struct fault *fault)
{
    struct ledger_txn *txn = sweep->txn;
    struct key counter = keys_table(TABLE_ATTACHMENT);
    uint8_t count[NUMBER_BYTES_MAX];
    enum status status = STATUS_OK;

    for (size_t i = 0; i < sweep->key_count && status == STATUS_OK; i++) {
        status = store_delete(txn->store, keys_view(&sweep->keys[i]), fault);
        removed->details++;
    }
    if (status == STATUS_OK && sweep->file_count > 0) {
        status = sweep_keep_named(sweep, fault);
    }
    for (size_t i = 0; i < sweep->file_count && status == STATUS_OK; i++) {
        struct key key = keys_hash(TABLE_ATTACHMENT, &sweep->files[i], HASH_BYTES);

        /* One that was never given to the station, or is named twice here, is not there. */
        status = store_delete(txn->store, keys_view(&key), fault);
        if (status == STATUS_OK) {
            txn->meta.attachments--;
            removed->attachments++;
        }
        status = status == STATUS_MISSING ? STATUS_OK : status;
    }
    if (status == STATUS_OK && sweep->file_count > 0) {
        status = store_put(txn->store, keys_view(&counter), view_of(count, keys_put(count, txn->meta.attachments)), fault);
    }
    return status;
}

static enum status put_mark(struct ledger_txn *txn, struct fault *fault)
{
    struct key mark = erasures_mark();
    uint8_t one[NUMBER_BYTES_MAX];

    txn->changed = true;
    return store_put(txn->store, keys_view(&mark), view_of(one, keys_put(one, 1)), fault);
}

/* An older copy that had only heard of it, and gets its records back, has it itself now. */
static enum status drop_foreign(struct ledger_txn *txn, const struct act *act, struct fault *fault)
{
    struct hash id;
    struct key key;
    enum status status;

    act_id(txn->ledger->hasher, act->payload, &id);
    key = erasures_foreign(act->amends_index, &id);
    status = store_delete(txn->store, keys_view(&key), fault);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

static void sweep_free(struct sweep *sweep)
{
    free(sweep->keys);
    free(sweep->files);
}

enum status erasures_apply(struct ledger_txn *txn, uint64_t index, const struct act *act, struct fault *fault)
{
    struct key key = keys_pair(TABLE_ERASURE, act->amends_index, index);
    struct sweep sweep = {.txn = txn};
    struct erasures_removed removed = {0};
    struct extents extents = {0};
    uint8_t zero[NUMBER_BYTES_MAX];
    enum status status = store_insert(txn->store, keys_view(&key), view_of(zero, keys_put(zero, 0)), fault);

    if (status == STATUS_OK) {
        status = drop_foreign(txn, act, fault);
    }
    if (txn->ledger->mirror) {
        return status; /* it has no details */
    }
    if (status == STATUS_OK) {
        status = put_mark(txn, fault);
    }
    if (status == STATUS_OK) {
        status = erasures_read(txn, act->amends_index, &extents, fault);
    }
    if (status == STATUS_OK) {
        status = sweep_record(&sweep, &extents, act->amends_index, fault);
    }
    if (status == STATUS_OK) {
        status = sweep_remove(&sweep, &removed, fault);
    }
    sweep_free(&sweep);
    extents_free(&extents);
    return status;
}

enum status erasures_sweep(struct ledger_txn *txn, struct erasures_removed *removed, struct fault *fault)
{
    struct sweep sweep = {.txn = txn};
    struct extents extents = {0};
    enum status status = erasures_read(txn, NOTHING, &extents, fault);
    uint64_t last = NOTHING;

    for (size_t i = 0; i < extents.count && status == STATUS_OK; i++) {
        uint64_t record = extents.items[i].record;

        /* A record may come again: then it has nothing left that was not noted. */
        if (record != last) {
            status = sweep_record(&sweep, &extents, record, fault);
        }
        if (status == STATUS_OK && record != last && sweep.key_count > 0) {
            status = sweep_remove(&sweep, removed, fault);
            sweep.key_count = 0;
            sweep.file_count = 0;
        }
        last = record;
    }
    if (status == STATUS_OK && removed->details > 0) {
        status = put_mark(txn, fault);
    }
    sweep_free(&sweep);
    extents_free(&extents);
    return status;
}
