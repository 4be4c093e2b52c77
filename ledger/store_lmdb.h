/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_lmdb: the inside of the store, for store*.c alone.
 */
#ifndef UNBROKEN_LEDGER_STORE_LMDB_H
#define UNBROKEN_LEDGER_STORE_LMDB_H

#include "ledger/store.h"

#include <lmdb.h>

struct store {
    MDB_env *env;
    MDB_dbi tree;
    char *dir;
    uint64_t room_bytes;
    int lock; /* the directory, locked: shared, or for this process alone; -1: not yet */
    bool alone;
    unsigned open_txns;
    bool writing;
    bool poisoned; /* a commit failed on the way */
};

struct store_txn {
    struct store *store;
    MDB_txn *txn;
    bool write;
    uint64_t put_bytes, puts;
};

struct store_cursor {
    const struct store *store;
    MDB_cursor *cursor;
    uint8_t prefix[STORE_KEY_MAX];
    size_t prefix_len;
    uint8_t from[STORE_KEY_MAX];
    size_t from_len;
    bool begun;
};

/* The status and the sentence for an error number of LMDB's or the system's. */
enum status store_fault(struct fault *fault, const struct store *store, int error, const char *doing);

#endif
