/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store: LMDB, one environment with one tree. All keys stand in one tree so that a commit copies few pages. Opening is store_open.c's.
 */
#include "ledger/store_lmdb.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/files.h"

/* Beyond what a transaction puts: pages of the tree that it copies, free lists, file system metadata. */
#define COMMIT_SLACK (UINT64_C(512) << 10)
#define PUT_SLACK UINT64_C(1500) /* an append has some ten puts, of which three go into pages of their own */
#define ROOM_LEAST (UINT64_C(64) << 20)

/* ---- transactions ---------------------------------------------------------------------------- */

/*
 * Widens the map while no transaction of this process is open, so that no put meets its end. A map is address space, not disk. Where
 * the address space is limited, less is taken.
 */
static enum status widen(struct store *store, struct fault *fault)
{
    MDB_envinfo info;
    MDB_stat page;
    uint64_t used;
    int error = mdb_env_info(store->env, &info);

    if (error == 0) {
        error = mdb_env_stat(store->env, &page);
    }
    if (error != 0) {
        return store_fault(fault, store, error, "look at");
    }
    used = ((uint64_t)info.me_last_pgno + 1) * page.ms_psize;
    for (;;) {
        uint64_t want = used * 2 + store->room_bytes;

        if (info.me_mapsize >= used + store->room_bytes) {
            return STATUS_OK;
        }
        error = want > SIZE_MAX / 2 ? ENOMEM : mdb_env_set_mapsize(store->env, (size_t)want);
        if (error == 0) {
            return STATUS_OK;
        }
        if (error != ENOMEM || store->room_bytes <= ROOM_LEAST) {
            return store_fault(fault, store, error, "map");
        }
        store->room_bytes /= 2;
    }
}

static enum status begin(struct store *store, struct store_txn *txn, struct fault *fault)
{
    enum status status = STATUS_OK;
    int error;

    if (txn->write && store->open_txns == 0) {
        status = widen(store, fault);
        if (status != STATUS_OK) {
            return status;
        }
    }
    error = mdb_txn_begin(store->env, NULL, txn->write ? 0 : MDB_RDONLY, &txn->txn);
    /* Another process wrote beyond our map: its size is adopted. It may write on between, so a few times. */
    for (int i = 0; error == MDB_MAP_RESIZED && store->open_txns == 0 && i < 100; i++) {
        error = mdb_env_set_mapsize(store->env, 0);
        if (error == 0 && txn->write) {
            status = widen(store, fault);
        }
        if (status != STATUS_OK) {
            return status;
        }
        if (error == 0) {
            error = mdb_txn_begin(store->env, NULL, txn->write ? 0 : MDB_RDONLY, &txn->txn);
        }
    }
    return error == 0 ? STATUS_OK : store_fault(fault, store, error, "begin a transaction in");
}

enum status store_begin(struct store *store, bool write, struct store_txn **out, struct fault *fault)
{
    struct store_txn *txn;
    enum status status;

    if (store->poisoned) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE,
                         "a commit in %s failed: the ledger must be opened again", store->dir);
    }
    assert(!write || !store->writing);
    txn = calloc(1, sizeof *txn);
    if (txn == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    txn->store = store;
    txn->write = write;
    status = begin(store, txn, fault);
    if (status != STATUS_OK) {
        free(txn);
        return status;
    }
    store->open_txns++;
    if (write) {
        store->writing = true;
    }
    *out = txn;
    return STATUS_OK;
}

/* The transaction is LMDB's no more. */
static void forget(struct store_txn *txn)
{
    txn->store->open_txns--;
    if (txn->write) {
        txn->store->writing = false;
    }
    free(txn);
}

void store_abort(struct store_txn *txn)
{
    if (txn == NULL) {
        return;
    }
    mdb_txn_abort(txn->txn);
    forget(txn);
}

static enum status check_space(const struct store_txn *txn, struct fault *fault)
{
    uint64_t free_bytes = 0;
    uint64_t needed = txn->put_bytes + txn->puts * PUT_SLACK + COMMIT_SLACK;
    enum status status = files_space(txn->store->dir, &free_bytes, fault);

    if (status == STATUS_OK && free_bytes < needed) {
        return fault_set(fault, STATUS_FULL, FAULT_NOWHERE,
                         "%llu KiB free in %s, %llu may be needed: nothing was written",
                         (unsigned long long)(free_bytes >> 10), txn->store->dir, (unsigned long long)(needed >> 10));
    }
    return status;
}

enum status store_commit(struct store_txn *txn, struct fault *fault)
{
    struct store *store = txn->store;
    enum status status;
    int error;

    assert(txn->write);
    status = check_space(txn, fault);
    if (status != STATUS_OK) {
        store_abort(txn);
        return status;
    }
    error = mdb_txn_commit(txn->txn);
    if (error == 0) {
        forget(txn);
        return STATUS_OK;
    }
    store->poisoned = true;
    /* LMDB answers EIO to a short write, which is what a disk does that has just become full. */
    if (error == EIO && check_space(txn, NULL) == STATUS_FULL) {
        error = ENOSPC;
    }
    forget(txn);
    return store_fault(fault, store, error, "commit to");
}

uint64_t store_stamp(const struct store_txn *txn)
{
    return mdb_txn_id(txn->txn);
}

/* ---- keys and values ------------------------------------------------------------------------- */

static MDB_val lmdb_key(struct view key)
{
    assert(key.len > 0 && key.len <= STORE_KEY_MAX);
    /* LMDB does not write through these pointers. */
    return (MDB_val){key.len, (void *)(uintptr_t)key.ptr};
}

enum status store_get(struct store_txn *txn, struct view key, struct view *value, struct fault *fault)
{
    MDB_val lmdb = lmdb_key(key);
    MDB_val found;
    int error = mdb_get(txn->txn, txn->store->tree, &lmdb, &found);

    if (error == MDB_NOTFOUND) {
        return STATUS_MISSING;
    }
    if (error != 0) {
        return store_fault(fault, txn->store, error, "read in");
    }
    *value = view_of(found.mv_data, found.mv_size);
    return STATUS_OK;
}

static enum status put(struct store_txn *txn, struct view key, struct view value, unsigned flags, struct fault *fault)
{
    MDB_val lmdb = lmdb_key(key);
    MDB_val data = {value.len, (void *)(uintptr_t)value.ptr};
    int error;

    assert(txn->write);
    txn->put_bytes += key.len + value.len;
    txn->puts++;
    error = mdb_put(txn->txn, txn->store->tree, &lmdb, &data, flags);
    if (error == MDB_KEYEXIST) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s: an entry '%c' is there that must be new",
                         txn->store->dir, (char)key.ptr[0]);
    }
    if (error == MDB_MAP_FULL || error == MDB_TXN_FULL) {
        txn->store->room_bytes *= 2;
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE,
                         "%s: more than %llu MiB in one transaction: nothing was written; the next may hold more",
                         txn->store->dir, (unsigned long long)(txn->put_bytes >> 20));
    }
    return error == 0 ? STATUS_OK : store_fault(fault, txn->store, error, "write in");
}

enum status store_put(struct store_txn *txn, struct view key, struct view value, struct fault *fault)
{
    return put(txn, key, value, 0, fault);
}

enum status store_insert(struct store_txn *txn, struct view key, struct view value, struct fault *fault)
{
    return put(txn, key, value, MDB_NOOVERWRITE, fault);
}

enum status store_append(struct store_txn *txn, struct view key, struct view value, struct fault *fault)
{
    return put(txn, key, value, MDB_APPEND, fault);
}

uint64_t store_count(struct store_txn *txn)
{
    MDB_stat stat;
    int error = mdb_stat(txn->txn, txn->store->tree, &stat);

    assert(error == 0); /* it reads what the transaction holds already */
    return stat.ms_entries;
}

enum status store_delete(struct store_txn *txn, struct view key, struct fault *fault)
{
    MDB_val lmdb = lmdb_key(key);
    int error = mdb_del(txn->txn, txn->store->tree, &lmdb, NULL);

    if (error == MDB_NOTFOUND) {
        return STATUS_MISSING;
    }
    return error == 0 ? STATUS_OK : store_fault(fault, txn->store, error, "delete in");
}

enum status store_last(struct store_txn *txn, struct view *key, struct view *value, struct fault *fault)
{
    MDB_cursor *cursor = NULL;
    MDB_val last;
    MDB_val data;
    int error = mdb_cursor_open(txn->txn, txn->store->tree, &cursor);

    if (error == 0) {
        error = mdb_cursor_get(cursor, &last, &data, MDB_LAST);
        mdb_cursor_close(cursor);
    }
    if (error == MDB_NOTFOUND) {
        return STATUS_MISSING;
    }
    if (error != 0) {
        return store_fault(fault, txn->store, error, "read in");
    }
    *key = view_of(last.mv_data, last.mv_size);
    *value = view_of(data.mv_data, data.mv_size);
    return STATUS_OK;
}

/* ---- walking --------------------------------------------------------------------------------- */

enum status store_walk(struct store_txn *txn, struct view prefix, const struct view *from, struct store_cursor **out,
                       struct fault *fault)
{
    struct store_cursor *cursor = calloc(1, sizeof *cursor);
    struct view first = from == NULL ? prefix : *from;
    int error;

    assert(prefix.len > 0 && prefix.len <= STORE_KEY_MAX && first.len > 0 && first.len <= STORE_KEY_MAX);
    if (cursor == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    error = mdb_cursor_open(txn->txn, txn->store->tree, &cursor->cursor);
    if (error != 0) {
        free(cursor);
        return store_fault(fault, txn->store, error, "read in");
    }
    cursor->store = txn->store;
    memcpy(cursor->prefix, prefix.ptr, prefix.len);
    cursor->prefix_len = prefix.len;
    memcpy(cursor->from, first.ptr, first.len);
    cursor->from_len = first.len;
    *out = cursor;
    return STATUS_OK;
}

enum status store_next(struct store_cursor *cursor, struct view *key, struct view *value, struct fault *fault)
{
    MDB_val lmdb = {cursor->from_len, cursor->from};
    MDB_val data;
    int error = mdb_cursor_get(cursor->cursor, &lmdb, &data, cursor->begun ? MDB_NEXT : MDB_SET_RANGE);

    cursor->begun = true;
    if (error == MDB_NOTFOUND) {
        return STATUS_MISSING;
    }
    if (error != 0) {
        return store_fault(fault, cursor->store, error, "read in");
    }
    if (lmdb.mv_size < cursor->prefix_len || memcmp(lmdb.mv_data, cursor->prefix, cursor->prefix_len) != 0) {
        return STATUS_MISSING;
    }
    *key = view_of(lmdb.mv_data, lmdb.mv_size);
    *value = view_of(data.mv_data, data.mv_size);
    return STATUS_OK;
}

void store_walk_end(struct store_cursor *cursor)
{
    if (cursor == NULL) {
        return;
    }
    mdb_cursor_close(cursor->cursor);
    free(cursor);
}
