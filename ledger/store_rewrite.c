/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_rewrite: the store written anew, entry by entry, so that no freed page and no gap of a page holds what was deleted; then put in the place of
 * the old file, which is overwritten. DIR/rewrite.tmp/ holds the new file until then (data.mdb), and the old one's second name (old.mdb) from
 * just before the swap until it is overwritten: whatever a crash leaves there is cleared by the next rewriting.
 *
 * What this cannot promise: that a disk or file system writes over a block in its place (SPEC 3.8).
 */
#include "ledger/store_lmdb.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/files.h"
#include "ledger/shred.h"

#define REWRITE_DIR "rewrite.tmp"

enum { BATCH_BYTES = 16 << 20 };

/* The paths of one rewriting, owned. */
struct places {
    char *data, *lock, *dir, *new_data, *new_lock, *old;
};

static void places_free(struct places *places)
{
    free(places->data);
    free(places->lock);
    free(places->dir);
    free(places->new_data);
    free(places->new_lock);
    free(places->old);
}

static enum status places_make(const char *dir, struct places *out, struct fault *fault)
{
    *out = (struct places){.data = files_path(dir, "data.mdb"), .lock = files_path(dir, "lock.mdb"), .dir = files_path(dir, REWRITE_DIR)};
    if (out->dir != NULL) {
        out->new_data = files_path(out->dir, "data.mdb");
        out->new_lock = files_path(out->dir, "lock.mdb");
        out->old = files_path(out->dir, "old.mdb");
    }
    if (out->data == NULL || out->lock == NULL || out->new_data == NULL || out->new_lock == NULL || out->old == NULL) {
        places_free(out);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    return STATUS_OK;
}

/* ---- what a crash leaves ----------------------------------------------------------------------- */

/* True when both names are of one file: then a crash came between the second name and the swap. */
static bool same_file(const char *one, const char *other)
{
    struct stat a;
    struct stat b;

    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/*
 * A backup that was made of hard links (cp -al, rsync --link-dest) is this very file under another name. Our own second name is no other's; a symbolic
 * link leads to a file that is somebody else's to keep.
 */
static enum status check_names(const struct places *places, struct fault *fault)
{
    nlink_t own = same_file(places->old, places->data) ? 2 : 1;
    struct stat is;

    if (lstat(places->data, &is) != 0) {
        return errno == ENOENT ? STATUS_OK : files_fault(fault, errno, "look at", places->data); /* that it is missing says who opens it */
    }
    if (!S_ISREG(is.st_mode)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a link to a file elsewhere, which overwriting would destroy: "
                         "put a copy of its own in its place first", places->data);
    }
    if (is.st_nlink > own) {
        return shred_refuse(places->data, fault);
    }
    /* A backup that shares the lock alone: two files under one table of transactions take each other's numbers. */
    if (stat(places->lock, &is) == 0 && is.st_nlink > 1) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s has another name (a hard-linked backup), and two ledgers under one lock harm each other: "
                         "remove it first, while nobody uses it (rm lock.mdb; it is made again)", places->lock);
    }
    return STATUS_OK;
}

enum status store_rewrite_check(const char *dir, struct fault *fault)
{
    struct places places;
    enum status status = places_make(dir, &places, fault);

    if (status == STATUS_OK) {
        status = check_names(&places, fault);
        places_free(&places);
    }
    return status;
}

static enum status clear(const char *dir, const struct places *places, struct fault *fault)
{
    enum status status = STATUS_OK;

    if (same_file(places->old, places->data)) {
        status = unlink(places->old) == 0 ? STATUS_OK : files_fault(fault, errno, "remove", places->old);
    }
    if (status == STATUS_OK) {
        status = shred_file(places->old, fault);
    }
    if (status == STATUS_OK) {
        status = shred_file(places->new_data, fault);
    }
    if (status == STATUS_OK) {
        (void)unlink(places->new_lock);
        if (rmdir(places->dir) != 0 && errno != ENOENT) {
            status = files_fault(fault, errno, "remove", places->dir);
        }
    }
    return status == STATUS_OK ? files_sync(dir, fault) : status;
}

bool store_rewrite_left(const char *dir)
{
    char *path = files_path(dir, REWRITE_DIR);
    bool left = path != NULL && access(path, F_OK) == 0;

    free(path);
    return left;
}

static enum status check_room(const struct store *store, uint64_t used_bytes, struct fault *fault)
{
    uint64_t free_bytes = 0;
    uint64_t needed = used_bytes + used_bytes / 4 + STORE_FREE_MIN;
    enum status status = files_space(store->dir, &free_bytes, fault);

    if (status == STATUS_OK && free_bytes < needed) {
        return fault_set(fault, STATUS_FULL, FAULT_NOWHERE,
                         "%llu MiB free in %s: at least %llu are needed to write the ledger anew, which erased details wait for",
                         (unsigned long long)(free_bytes >> 20), store->dir, (unsigned long long)(needed >> 20));
    }
    return status;
}

/* A new environment, as private as the old. Nothing is synced before its end: until then it is worth nothing. */
static enum status create(const struct store *store, const struct places *places, uint64_t used_bytes, MDB_env **out, struct fault *fault)
{
    struct stat old;
    MDB_env *env = NULL;
    int file = -1;
    int error;

    if (stat(places->data, &old) != 0) {
        return files_fault(fault, errno, "look at", places->data);
    }
    if (mkdir(places->dir, 0700) != 0) {
        return files_fault(fault, errno, "make", places->dir);
    }
    error = mdb_env_create(&env);
    if (error == 0) {
        error = mdb_env_set_mapsize(env, (size_t)(used_bytes * 2 + (UINT64_C(64) << 20)));
    }
    if (error == 0) {
        error = mdb_env_open(env, places->dir, MDB_NOTLS | MDB_NOSYNC, 0600);
    }
    if (error == 0) {
        error = mdb_env_get_fd(env, &file);
    }
    if (error == 0 && (fchmod(file, old.st_mode & 0777) != 0 ||
                       ((old.st_uid != geteuid() || old.st_gid != getegid()) && fchown(file, old.st_uid, old.st_gid) != 0))) {
        error = errno;
    }
    if (error != 0) {
        if (env != NULL) {
            mdb_env_close(env);
        }
        return store_fault(fault, store, error, "write anew");
    }
    *out = env;
    return STATUS_OK;
}

/* What the walk over the old entries fills. */
struct filling {
    const struct store *store;
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi tree;
    uint64_t bytes; /* in this transaction */
    uint64_t count;
};

static int fill_commit(struct filling *filling)
{
    int error = mdb_txn_commit(filling->txn);

    filling->txn = NULL;
    filling->bytes = 0;
    return error;
}

static int fill_one(struct filling *filling, MDB_val *key, MDB_val *value)
{
    int error = filling->txn != NULL ? 0 : mdb_txn_begin(filling->env, NULL, 0, &filling->txn);

    if (error == 0 && filling->count == 0) {
        error = mdb_dbi_open(filling->txn, NULL, 0, &filling->tree);
    }
    if (error == 0) {
        error = mdb_put(filling->txn, filling->tree, key, value, MDB_APPEND);
    }
    filling->count++;
    filling->bytes += key->mv_size + value->mv_size;
    if (error == 0 && filling->bytes >= BATCH_BYTES) {
        error = fill_commit(filling);
    }
    return error;
}

static bool is_left_out(const MDB_val *key, struct view without)
{
    return view_equal(view_of(key->mv_data, key->mv_size), without);
}

/* Every entry but one goes over, in order. */
static enum status fill(struct filling *filling, struct store_txn *from, struct view without, struct fault *fault)
{
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    int error = mdb_cursor_open(from->txn, from->store->tree, &cursor);

    while (error == 0) {
        error = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
        if (error == 0 && !is_left_out(&key, without)) {
            error = fill_one(filling, &key, &value);
        }
    }
    if (cursor != NULL) {
        mdb_cursor_close(cursor);
    }
    error = error == MDB_NOTFOUND ? 0 : error;
    if (error == 0 && filling->txn != NULL) {
        error = fill_commit(filling);
    }
    if (filling->txn != NULL) {
        mdb_txn_abort(filling->txn);
        filling->txn = NULL;
    }
    if (error == 0) {
        error = mdb_env_sync(filling->env, 1);
    }
    return error == 0 ? STATUS_OK : store_fault(fault, filling->store, error, "write anew");
}

/* The new file is read again beside the old one: entry by entry the same. */
static enum status compare(const struct filling *filling, struct store_txn *from, struct view without, struct fault *fault)
{
    MDB_cursor *old = NULL;
    MDB_cursor *new = NULL;
    MDB_txn *txn = NULL;
    MDB_val key[2];
    MDB_val value[2];
    bool same = true;
    int error = mdb_txn_begin(filling->env, NULL, MDB_RDONLY, &txn);

    if (error == 0) {
        error = mdb_cursor_open(txn, filling->tree, &new);
    }
    if (error == 0) {
        error = mdb_cursor_open(from->txn, from->store->tree, &old);
    }
    while (error == 0 && same) {
        error = mdb_cursor_get(old, &key[0], &value[0], MDB_NEXT);
        if (error == 0 && is_left_out(&key[0], without)) {
            continue;
        }
        int other = mdb_cursor_get(new, &key[1], &value[1], MDB_NEXT);
        same = error == other && (error != 0 || (view_equal(view_of(key[0].mv_data, key[0].mv_size), view_of(key[1].mv_data, key[1].mv_size)) &&
                                                 view_equal(view_of(value[0].mv_data, value[0].mv_size),
                                                            view_of(value[1].mv_data, value[1].mv_size))));
    }
    if (new != NULL) {
        mdb_cursor_close(new);
    }
    if (old != NULL) {
        mdb_cursor_close(old);
    }
    mdb_txn_abort(txn);
    if (error != 0 && error != MDB_NOTFOUND) {
        return store_fault(fault, filling->store, error, "read again");
    }
    return same ? STATUS_OK
                : fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s: the ledger written anew is not what was written: the old one stays",
                            filling->store->dir);
}

static enum status write_new(struct store *store, const struct places *places, struct view without, struct fault *fault)
{
    struct filling filling = {.store = store};
    struct store_usage usage = {0};
    struct store_txn *from = NULL;
    enum status status = store_usage(store, &usage, fault);

    if (status == STATUS_OK) {
        status = check_room(store, usage.used_bytes, fault);
    }
    if (status == STATUS_OK) {
        status = store_begin(store, false, &from, fault);
    }
    if (status == STATUS_OK) {
        status = create(store, places, usage.used_bytes, &filling.env, fault);
    }
    if (status == STATUS_OK) {
        status = fill(&filling, from, without, fault);
    }
    if (status == STATUS_OK) {
        status = compare(&filling, from, without, fault);
    }
    store_abort(from);
    if (filling.env != NULL) {
        mdb_env_close(filling.env);
    }
    if (status == STATUS_OK) {
        status = files_sync(places->new_data, fault);
    }
    return status == STATUS_OK ? files_sync(places->dir, fault) : status;
}

/* From the rename on the new file is the ledger, whatever happens to the old one. */
static enum status swap(const char *dir, const struct places *places, bool *swapped, struct fault *fault)
{
    int old = open(places->data, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    enum status status = STATUS_OK;

    if (old < 0) {
        return files_fault(fault, errno, "open", places->data);
    }
    /* So that a crash does not lose sight of it; where a file system knows no second names, it is overwritten by its descriptor alone. */
    if (link(places->data, places->old) == 0) {
        status = files_sync(places->dir, fault);
    }
    if (status == STATUS_OK && rename(places->new_data, places->data) != 0) {
        status = files_fault(fault, errno, "rename to", places->data);
    }
    if (status == STATUS_OK) {
        *swapped = true;
        status = files_sync(dir, fault);
    }
    if (status == STATUS_OK) {
        status = shred_bytes(old, places->old, fault);
    }
    (void)close(old);
    return status;
}

enum status store_rewrite(struct store *store, struct view without, bool *swapped, struct fault *fault)
{
    struct places places;
    struct fault ignored = {0};
    enum status status = places_make(store->dir, &places, fault);
    bool fit;

    assert(store->alone && store->open_txns == 0);
    *swapped = false;
    if (status != STATUS_OK) {
        return status;
    }
    status = check_names(&places, fault);
    fit = status == STATUS_OK;
    if (fit) {
        status = clear(store->dir, &places, fault);
    }
    if (status == STATUS_OK) {
        status = write_new(store, &places, without, fault);
    }
    /* Nothing of LMDB's has the old file open when its name goes. */
    mdb_env_close(store->env);
    store->env = NULL;
    if (status == STATUS_OK) {
        status = swap(store->dir, &places, swapped, fault);
    }
    if (status == STATUS_OK) {
        status = clear(store->dir, &places, fault);
    } else if (fit && !*swapped) {
        enum status cleared = clear(store->dir, &places, &ignored);

        (void)cleared; /* what is left is cleared by the next */
    }
    places_free(&places);
    return status;
}
