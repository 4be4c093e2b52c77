/* SPDX-License-Identifier: Apache-2.0 */
/*
 * txn: transactions: what they load, keep warm and write back. Appending is append.c's.
 */
#include "ledger/inside.h"

#include <assert.h>
#include <stdlib.h>

#include "ledger/state_store.h"
#include "ledger/tree.h"

/* Subjects kept in memory between two write transactions; each commit looks at all of them. */
enum { WARM_SUBJECTS_MAX = 1024 };

enum status damaged(struct fault *fault, uint64_t index, const char *what)
{
    return fault_set(fault, STATUS_DAMAGED, index, "the store is damaged at record %llu: %s", (unsigned long long)index,
                     what);
}

/* ---- sizes ----------------------------------------------------------------------------------- */

/* One or two numbers under a table's bare key; zero where it is missing. */
static enum status load_counters(struct ledger_txn *txn, enum table table, uint64_t *first, uint64_t *second,
                                 struct fault *fault)
{
    struct key key = keys_table(table);
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    *first = 0;
    if (second != NULL) {
        *second = 0;
    }
    if (status == STATUS_OK &&
        (!keys_take(&value, first) || (second != NULL && !keys_take(&value, second)) || value.len != 0)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: the count of table '%c'", (char)table);
    }
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* The greatest key is the last record's, or one of its details': its entry says the sizes. */
static enum status load_last(struct ledger_txn *txn, struct fault *fault)
{
    struct meta *meta = &txn->meta;
    struct tree_entry entry;
    struct view key;
    struct view value;
    struct key last;
    uint64_t index;
    enum status status = store_last(txn->store, &key, &value, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (key.ptr[0] != TABLE_RECORD) {
        return STATUS_MISSING;
    }
    key = view_part(key, 1, key.len - 1);
    if (!keys_take(&key, &index) || index >= NUM_MAX) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: its last key");
    }
    last = keys_number(TABLE_RECORD, index);
    status = store_get(txn->store, keys_view(&last), &value, fault);
    if (status == STATUS_MISSING || (status == STATUS_OK && !tree_split(value, index, &entry))) {
        return damaged(fault, index, "it is missing or too short");
    }
    if (status == STATUS_OK) {
        *meta = (struct meta){.size = index + 1, .subjects = entry.subjects, .heads = entry.heads};
    }
    return status;
}

static enum status load_meta(struct ledger_txn *txn, struct fault *fault)
{
    struct meta *meta = &txn->meta;
    enum status status = load_last(txn, fault);

    if (status == STATUS_MISSING && txn->ledger->founding) {
        *meta = (struct meta){0};
        return STATUS_OK;
    }
    if (status == STATUS_MISSING) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s is not a ledger of ours: it has no record",
                         txn->ledger->dir);
    }
    if (status == STATUS_OK) {
        status = load_counters(txn, TABLE_CHECKPOINT, &meta->checkpoint, &meta->checkpoints, fault);
    }
    if (status == STATUS_OK) {
        status = load_counters(txn, TABLE_ATTACHMENT, &meta->attachments, NULL, fault);
    }
    if (status == STATUS_OK && (meta->subjects == 0 || meta->subjects > NUM_MAX || meta->heads > meta->size ||
                                meta->checkpoint > meta->heads || (meta->checkpoint == 0) != (meta->checkpoints == 0))) {
        return fault_set(fault, STATUS_DAMAGED, meta->size - 1, "the store is damaged: its sizes contradict each other");
    }
    return status;
}

/* ---- subjects -------------------------------------------------------------------------------- */

static enum status load_subject(struct ledger_txn *txn, struct subject *out, struct fault *fault)
{
    struct key key = keys_state(out->number);
    struct view value;
    enum status status;

    if (out->number >= txn->meta.subjects) {
        return STATUS_MISSING;
    }
    status = store_get(txn->store, keys_view(&key), &value, fault);
    if (status == STATUS_MISSING) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: the state of subject %llu is missing",
                         (unsigned long long)out->number);
    }
    if (status == STATUS_OK) {
        status = state_decode(txn->ledger->hasher, value, out, fault);
    }
    if (status == STATUS_OK && out->last >= txn->meta.size) {
        return damaged(fault, out->last, "a subject's state names a record that does not exist");
    }
    if (status == STATUS_OK) {
        status = tree_node(txn, 0, out->last, &out->last_hash, fault);
    }
    return status;
}

static enum status load_for_reader(void *context, struct subject *out, struct fault *fault)
{
    return load_subject(context, out, fault);
}

/* The warm world outlives transactions: it asks through the ledger. */
static enum status load_for_writer(void *context, struct subject *out, struct fault *fault)
{
    const struct ledger *ledger = context;

    assert(ledger->writing != NULL);
    return load_subject(ledger->writing, out, fault);
}

struct world *txn_world(struct ledger_txn *txn, struct fault *fault)
{
    struct world **world = txn->write ? &txn->ledger->warm.world : &txn->world;
    enum status status;

    if (*world != NULL) {
        return *world;
    }
    if (txn->write) {
        status = world_open(load_for_writer, txn->ledger, world, fault);
    } else {
        status = world_open(load_for_reader, txn, world, fault);
    }
    return status == STATUS_OK ? *world : NULL;
}

struct flush {
    struct ledger_txn *txn;
    size_t count;
    enum status status;
    struct fault *fault;
};

static void flush_subject(void *context, struct subject *subject)
{
    struct flush *flush = context;
    struct buffer *bytes = &flush->txn->ledger->bytes;
    struct key key = keys_state(subject->number);

    flush->count++;
    if (!subject->dirty || flush->status != STATUS_OK) {
        return;
    }
    buffer_reset(bytes);
    state_encode(subject, bytes);
    flush->status = buffer_status(bytes, flush->fault);
    if (flush->status == STATUS_OK) {
        flush->status = store_put(flush->txn->store, keys_view(&key), buffer_view(bytes), flush->fault);
    }
    subject->dirty = false;
}

enum status txn_flush(struct ledger_txn *txn, struct fault *fault)
{
    struct flush flush = {txn, 0, STATUS_OK, fault};
    struct warm *warm = &txn->ledger->warm;

    if (warm->world != NULL) {
        world_each(warm->world, flush_subject, &flush);
    }
    if (flush.status != STATUS_OK) {
        return flush.status;
    }
    if (flush.count > WARM_SUBJECTS_MAX) {
        world_close(warm->world);
        warm->world = NULL;
    }
    return STATUS_OK;
}

/* ---- transactions ---------------------------------------------------------------------------- */

void warm_drop(struct ledger *ledger)
{
    world_close(ledger->warm.world);
    ledger->warm = (struct warm){0};
}

/* Whatever another process has written since is taken up: the write lock is held now. */
static enum status warm_up(struct ledger_txn *txn, struct fault *fault)
{
    struct ledger *ledger = txn->ledger;
    struct warm *warm = &ledger->warm;
    enum status status;

    if (warm->valid && warm->stamp + 1 == store_stamp(txn->store)) {
        return STATUS_OK;
    }
    warm_drop(ledger);
    status = tree_frontier(txn, txn->meta.size, &warm->frontier, fault);
    if (status == STATUS_OK && txn->meta.size > 0) {
        status = record_at(txn, txn->meta.size - 1, ledger->earlier, fault);
    }
    if (status == STATUS_OK) {
        warm->logged_s = txn->meta.size > 0 ? ledger->earlier->logged_s : 0;
        warm->stamp = store_stamp(txn->store) - 1;
        warm->valid = true;
    }
    return status;
}

enum status ledger_begin(struct ledger *ledger, bool write, struct ledger_txn **out, struct fault *fault)
{
    struct ledger_txn *txn;
    enum status status;

    if (write && !ledger->append) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the ledger was opened for reading only");
    }
    txn = calloc(1, sizeof *txn);
    if (txn == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    txn->ledger = ledger;
    txn->write = write;
    status = store_begin(ledger->store, write, &txn->store, fault);
    if (status != STATUS_OK) {
        free(txn);
        return status;
    }
    if (write) {
        ledger->writing = txn;
    }
    status = load_meta(txn, fault);
    if (status == STATUS_OK && write) {
        status = warm_up(txn, fault);
    }
    if (status != STATUS_OK) {
        ledger_abort(txn);
        return status;
    }
    *out = txn;
    return STATUS_OK;
}

static void forget(struct ledger_txn *txn)
{
    if (txn->write) {
        txn->ledger->writing = NULL;
    }
    world_close(txn->world);
    free(txn);
}

void ledger_abort(struct ledger_txn *txn)
{
    if (txn == NULL) {
        return;
    }
    if (txn->deferred) {
        struct fault ignored = {0};

        enum status drained = signatures_wait(txn->ledger->signatures, &ignored);

        (void)drained; /* it is thrown away with the rest */
    }
    /* Memory may be ahead of the store. */
    if (txn->write) {
        warm_drop(txn->ledger);
    }
    store_abort(txn->store);
    forget(txn);
}

void ledger_defer(struct ledger_txn *txn)
{
    struct fault ignored = {0};

    assert(txn->write);
    txn->deferred = txn->ledger->signatures != NULL || signatures_open(&txn->ledger->signatures, &ignored) == STATUS_OK;
}

enum status ledger_commit(struct ledger_txn *txn, struct fault *fault)
{
    struct ledger *ledger = txn->ledger;
    enum status status = STATUS_OK;
    uint64_t stamp;

    assert(txn->write);
    if (txn->failed) {
        ledger_abort(txn);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "an act of this transaction was refused: nothing was written");
    }
    /* A transaction that changed nothing commits nothing, and its number is given again. */
    if (!txn->changed) {
        store_abort(txn->store);
        forget(txn);
        return STATUS_OK;
    }
    status = txn_flush(txn, fault);
    if (status == STATUS_OK && txn->deferred) {
        status = signatures_wait(ledger->signatures, fault);
    }
    if (status != STATUS_OK) {
        ledger_abort(txn);
        return status;
    }
    stamp = store_stamp(txn->store);
    status = store_commit(txn->store, fault);
    if (status == STATUS_OK) {
        ledger->warm.stamp = stamp;
    } else {
        warm_drop(ledger);
    }
    forget(txn);
    return status;
}
