/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_paths: does every entry that a walk meets also come when it is asked for by its key? LMDB has no checksums: a bit flipped in a
 * branch page leads look-ups astray, and no walk along the leaves notices.
 */
#include "ledger/store_lmdb.h"

#include <string.h>

/* LMDB's pages are the system's; a smaller step only asks more often. */
#define PAGE_OF(pointer) ((uintptr_t)(pointer) / 4096)

/* The look-up must give this very entry, not one like it elsewhere. */
static bool leads_to(const struct store_txn *txn, MDB_val key, MDB_val value)
{
    MDB_val found;

    return mdb_get(txn->txn, txn->store->tree, &key, &found) == 0 && found.mv_data == value.mv_data &&
           found.mv_size == value.mv_size;
}

enum status store_check_paths(struct store_txn *txn, struct fault *fault)
{
    MDB_cursor *cursor = NULL;
    MDB_val key = {0}, value = {0}, last_key = {0}, last_value = {0};
    bool right = true;
    int error = mdb_cursor_open(txn->txn, txn->store->tree, &cursor);

    if (error != 0) {
        return store_fault(fault, txn->store, error, "read in");
    }
    /* Branch keys part pages: the first and the last key of a page speak for all between them, if they ascend. */
    for (error = mdb_cursor_get(cursor, &key, &value, MDB_FIRST); error == 0 && right;
         error = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        if (last_key.mv_data == NULL || PAGE_OF(last_key.mv_data) != PAGE_OF(key.mv_data)) {
            right = (last_key.mv_data == NULL || leads_to(txn, last_key, last_value)) && leads_to(txn, key, value);
        }
        right = right && (last_key.mv_data == NULL || mdb_cmp(txn->txn, txn->store->tree, &last_key, &key) < 0);
        last_key = key;
        last_value = value;
    }
    right = right && (last_key.mv_data == NULL || leads_to(txn, last_key, last_value));
    mdb_cursor_close(cursor);
    if (!right) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE,
                         "the database's own pages are damaged: an entry that is there is not found by its key");
    }
    return error == MDB_NOTFOUND ? STATUS_OK : store_fault(fault, txn->store, error, "read in");
}
