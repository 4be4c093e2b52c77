/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store: ordered keys and values on disk, one write transaction at a time on a machine, read snapshots. LMDB stands behind it;
 * nothing else in ledger/ knows that. Not here: what keys and values mean (keys.h and the files that use it).
 *
 * LMDB trusts its pages. What is checked here: that the file is as long as its meta page says, that no flag weakens a commit, that
 * keys and values have sane lengths. Bits that flipped inside a value are found by those who decode it.
 */
#ifndef UNBROKEN_LEDGER_STORE_H
#define UNBROKEN_LEDGER_STORE_H

#include "verify/bytes.h"

struct store;        /* one per process and directory */
struct store_txn;    /* a snapshot, or the one write transaction */
struct store_cursor; /* a walk in a transaction */

enum { STORE_KEY_MAX = 64 };

/*
 * CREATE: the directory exists and holds no store yet. ALONE: for writing while no other process has it open, and none opens it until it is closed
 * (the directory is locked, flock; all others lock it together).
 */
enum store_mode { STORE_READ, STORE_WRITE, STORE_CREATE, STORE_ALONE, STORE_ALONE_NOW };

/* How long STORE_ALONE waits for others to be done; ALONE_NOW does not wait. */
enum { STORE_ALONE_TRY_MS = 5000 };

/* Bytes free in DIR's file system below which nothing is opened for writing. */
#define STORE_FREE_MIN (UINT64_C(16) << 20)

/*
 * room_bytes: how much a write transaction must be able to put; the map is widened to twice what is used and this, when no transaction
 * of this process is open. 0: 16 GiB, or less where the address space does not give it.
 * Errors: STATUS_MISSING (no store there), STATUS_REFUSED (network file system, one is there already, or ALONE and others have it open), STATUS_DAMAGED, STATUS_FULL
 * (write modes: less than STORE_FREE_MIN free), STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status store_open(const char *dir, enum store_mode mode, uint64_t room_bytes, struct store **out,
                                struct fault *fault);
void store_close(struct store *store); /* accepts NULL; no transaction may be open (asserted) */

/* A writer waits for the writer before it. Errors: STATUS_ENVIRONMENT, STATUS_MEMORY. */
MUST_USE enum status store_begin(struct store *store, bool write, struct store_txn **out, struct fault *fault);
/*
 * Frees txn in every case. STATUS_OK: everything is on disk. STATUS_FULL before anything was written leaves the store usable;
 * after a commit that failed on the way, every later store_begin fails until the store is opened again.
 */
MUST_USE enum status store_commit(struct store_txn *txn, struct fault *fault);
void store_abort(struct store_txn *txn); /* accepts NULL */

/* A number that grows by one with each commit: in a reader that of its snapshot, in a writer the one that its commit makes. */
uint64_t store_stamp(const struct store_txn *txn);

/* Views live as long as the transaction; in a write transaction until the next put. STATUS_MISSING sets no fault. */
MUST_USE enum status store_get(struct store_txn *txn, struct view key, struct view *value, struct fault *fault);
/* Keys are 1 to STORE_KEY_MAX bytes, asserted. Errors: STATUS_FULL, STATUS_ENVIRONMENT, STATUS_DAMAGED. */
MUST_USE enum status store_put(struct store_txn *txn, struct view key, struct view value, struct fault *fault);
/* The same for a key that must be new: STATUS_DAMAGED when it is there. */
MUST_USE enum status store_insert(struct store_txn *txn, struct view key, struct view value, struct fault *fault);
/* The same for a key behind all others: STATUS_DAMAGED when it is not. Pages are filled to their ends. */
MUST_USE enum status store_append(struct store_txn *txn, struct view key, struct view value, struct fault *fault);
/* How many entries there are. */
uint64_t store_count(struct store_txn *txn);
/* Errors: STATUS_MISSING (without a fault), as above. */
MUST_USE enum status store_delete(struct store_txn *txn, struct view key, struct fault *fault);

/* The entry with the greatest key; STATUS_MISSING (without a fault) in an empty store. */
MUST_USE enum status store_last(struct store_txn *txn, struct view *key, struct view *value, struct fault *fault);

/*
 * Walks the keys that begin with prefix, ascending, from the first that is >= from (NULL: the prefix itself). The prefix is copied.
 * Cursors are closed before their transaction ends.
 */
MUST_USE enum status store_walk(struct store_txn *txn, struct view prefix, const struct view *from,
                                struct store_cursor **out, struct fault *fault);
/* The next entry; STATUS_MISSING (without a fault) at the end. */
MUST_USE enum status store_next(struct store_cursor *cursor, struct view *key, struct view *value,
                                struct fault *fault);
void store_walk_end(struct store_cursor *cursor); /* accepts NULL */
/* Every entry is found by its key, in order (store_paths.c). Errors: STATUS_DAMAGED, STATUS_ENVIRONMENT. */
MUST_USE enum status store_check_paths(struct store_txn *txn, struct fault *fault);

/* A compacted copy of the latest commit into an existing empty directory, synced, while others write. */
MUST_USE enum status store_copy(struct store *store, const char *dir, struct fault *fault);

/*
 * Writes the whole store anew but for the entry `without`, compares, puts the new file in the place of the old one atomically and durably, and
 * overwrites the old one with zeros, so that no deleted byte is left in it. The store must be ALONE, and can only be closed after.
 * Until *swapped the old file is whole and in its place; after it the new one is. A fault after it: the old file could not be overwritten yet.
 * Errors: STATUS_REFUSED (data.mdb has another name; before the swap nothing was changed, after it the old file stays), STATUS_FULL (nothing was changed),
 * STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status store_rewrite(struct store *store, struct view without, bool *swapped, struct fault *fault);
/*
 * STATUS_REFUSED where dir's file, or its lock, is somebody else's too (a hard or symbolic link): overwriting it would destroy that. Where there is no file,
 * that is for store_open to say. STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status store_rewrite_check(const char *dir, struct fault *fault);
/* True when a crash left something of a rewriting in the directory; the next store_rewrite clears it. */
bool store_rewrite_left(const char *dir);

struct store_usage {
    uint64_t file_bytes; /* data.mdb */
    uint64_t used_bytes; /* pages that hold something */
    uint64_t free_bytes; /* in the file system, for us */
};
MUST_USE enum status store_usage(struct store *store, struct store_usage *out, struct fault *fault);

#endif
