/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_open: opening an environment safely, copying it, and what it takes.
 */
#include "ledger/store_lmdb.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ledger/files.h"

/* What LMDB makes of its 126 reader slots: 125 * 64 + 192. */
enum { LOCK_FILE_BYTES = 8192 };

#define ROOM_DEFAULT (UINT64_C(16) << 30)
#define UNSAFE_FLAGS (MDB_WRITEMAP | MDB_NOSYNC | MDB_NOMETASYNC | MDB_MAPASYNC | MDB_NOLOCK)

enum status store_fault(struct fault *fault, const struct store *store, int error, const char *doing)
{
    if (error > 0) {
        return files_fault(fault, error, doing, store->dir);
    }
    switch (error) {
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_BAD_VALSIZE:
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "cannot %s %s: %s", doing, store->dir,
                         mdb_strerror(error));
    default:
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "cannot %s %s: %s", doing, store->dir,
                         mdb_strerror(error));
    }
}

/*
 * A lock file with holes would end in SIGBUS on a full disk: its blocks are had beforehand. On a medium that nobody can write, as a backup may be, a reader
 * needs none.
 */
static enum status allocate_lock(const struct store *store, enum store_mode mode, struct fault *fault)
{
    char *path = files_path(store->dir, "lock.mdb");
    enum status status = STATUS_OK;
    int error = 0;
    int file;

    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        status = errno == EROFS && mode == STORE_READ ? STATUS_OK : files_fault(fault, errno, "open", path);
        free(path);
        return status;
    }
    error = posix_fallocate(file, 0, LOCK_FILE_BYTES);
    if (error != 0) {
        status = files_fault(fault, error, "allocate", path);
    }
    (void)close(file);
    free(path);
    return status;
}

/* Reading beyond the end of a file that was cut would be SIGBUS. */
static enum status check_length(const struct store *store, struct fault *fault)
{
    struct stat file;
    MDB_envinfo info;
    MDB_stat page;
    int descriptor;
    int error = mdb_env_get_fd(store->env, &descriptor);

    if (error == 0) {
        error = mdb_env_info(store->env, &info);
    }
    if (error == 0) {
        error = mdb_env_stat(store->env, &page);
    }
    if (error != 0) {
        return store_fault(fault, store, error, "look at");
    }
    if (fstat(descriptor, &file) != 0) {
        return files_fault(fault, errno, "look at", store->dir);
    }
    /* Below two pages LMDB has not written anything but its first meta pages. */
    if ((uint64_t)file.st_size / page.ms_psize < (uint64_t)info.me_last_pgno + 1) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s/data.mdb is cut: %llu bytes, %llu pages are in use",
                         store->dir, (unsigned long long)file.st_size, (unsigned long long)info.me_last_pgno + 1);
    }
    return STATUS_OK;
}

static enum status check_place(const struct store *store, enum store_mode mode, struct fault *fault)
{
    char *path = files_path(store->dir, "data.mdb");
    enum status status = STATUS_OK;
    uint64_t free_bytes = 0;
    bool exists;

    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    exists = access(path, F_OK) == 0;
    free(path);
    if (mode != STORE_CREATE && !exists) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no ledger in %s", store->dir);
    }
    if (mode == STORE_CREATE && exists) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "there is a ledger in %s already", store->dir);
    }
    status = files_refuse_network(store->dir, fault);
    if (status != STATUS_OK || mode == STORE_READ) {
        return status;
    }
    status = files_space(store->dir, &free_bytes, fault);
    if (status == STATUS_OK && free_bytes < STORE_FREE_MIN) {
        return fault_set(fault, STATUS_FULL, FAULT_NOWHERE, "%llu KiB free in %s: at least %llu are needed",
                         (unsigned long long)(free_bytes >> 10), store->dir,
                         (unsigned long long)(STORE_FREE_MIN >> 10));
    }
    return status;
}

/*
 * Everyone locks the directory together; who writes the store anew locks it alone, for whoever has the old file open would write into it
 * afterwards. The lock goes with the descriptor, also when the process dies.
 */
static enum status lock_directory(struct store *store, enum store_mode mode, struct fault *fault)
{
    const struct timespec pause = {0, 20 * 1000 * 1000};
    bool alone = mode == STORE_ALONE || mode == STORE_ALONE_NOW;
    int error = 0;

    store->alone = alone;
    store->lock = open(store->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (store->lock < 0) {
        return files_fault(fault, errno, "open", store->dir);
    }
    for (int waited_ms = 0; flock(store->lock, alone ? LOCK_EX | LOCK_NB : LOCK_SH) != 0; waited_ms += 20) {
        error = errno;
        if (mode == STORE_ALONE && error == EWOULDBLOCK && waited_ms < STORE_ALONE_TRY_MS) {
            (void)nanosleep(&pause, NULL);
        } else if (error != EINTR) {
            break;
        }
        error = 0;
    }
    if (error == EWOULDBLOCK) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: others have the ledger open", store->dir);
    }
    return error == 0 ? STATUS_OK : files_fault(fault, error, "lock", store->dir);
}

static enum status open_environment(struct store *store, enum store_mode mode, struct fault *fault)
{
    /* Readers are not bound to threads; read-ahead stays on, for fsck reads in order. */
    unsigned flags = MDB_NOTLS | (mode == STORE_READ ? MDB_RDONLY : 0u);
    enum status status = STATUS_OK;
    MDB_txn *txn = NULL;
    int dead = 0;
    int error = mdb_env_create(&store->env);

    if (error != 0) {
        return store_fault(fault, store, error, "open");
    }
    status = allocate_lock(store, mode, fault);
    if (status != STATUS_OK) {
        return status;
    }
    error = mdb_env_open(store->env, store->dir, flags, 0600);
    if (error != 0) {
        return store_fault(fault, store, error, "open");
    }
    error = mdb_env_get_flags(store->env, &flags);
    assert(error == 0 && (flags & UNSAFE_FLAGS) == 0);
    status = check_length(store, fault);
    if (status != STATUS_OK) {
        return status;
    }
    /* Readers that died would keep pages from being used again. */
    error = mdb_reader_check(store->env, &dead);
    if (error == 0) {
        error = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
    }
    if (error == MDB_MAP_RESIZED) {
        error = mdb_env_set_mapsize(store->env, 0);
        if (error == 0) {
            error = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn);
        }
    }
    if (error == 0) {
        error = mdb_dbi_open(txn, NULL, 0, &store->tree);
        mdb_txn_abort(txn);
    }
    return error == 0 ? STATUS_OK : store_fault(fault, store, error, "open");
}

enum status store_open(const char *dir, enum store_mode mode, uint64_t room_bytes, struct store **out,
                       struct fault *fault)
{
    struct store *store = calloc(1, sizeof *store);
    enum status status = STATUS_OK;

    if (store == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    store->lock = -1;
    store->room_bytes = room_bytes == 0 ? ROOM_DEFAULT : room_bytes;
    store->dir = strdup(dir);
    if (store->dir == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        goto done;
    }
    status = check_place(store, mode, fault);
    if (status == STATUS_OK) {
        status = lock_directory(store, mode, fault);
    }
    if (status == STATUS_OK) {
        status = open_environment(store, mode, fault);
    }
    if (status == STATUS_OK) {
        *out = store;
        store = NULL;
    }
done:
    store_close(store);
    return status;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    assert(store->open_txns == 0);
    if (store->env != NULL) {
        mdb_env_close(store->env);
    }
    if (store->lock >= 0) {
        (void)close(store->lock);
    }
    free(store->dir);
    free(store);
}

/* ---- care ------------------------------------------------------------------------------------ */

enum status store_copy(struct store *store, const char *dir, struct fault *fault)
{
    char *path = files_path(dir, "data.mdb");
    enum status status;
    int error;

    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    error = mdb_env_copy2(store->env, dir, MDB_CP_COMPACT);
    status = error == 0 ? files_sync(path, fault) : store_fault(fault, store, error, "copy");
    if (status == STATUS_OK) {
        status = files_sync(dir, fault);
    }
    free(path);
    return status;
}

/* Pages on LMDB's list of free pages: entries of the tree 0, each a count and that many page numbers. */
static int count_free_pages(struct store_txn *txn, uint64_t *pages)
{
    MDB_cursor *cursor = NULL;
    MDB_val key;
    MDB_val value;
    int error = mdb_cursor_open(txn->txn, 0, &cursor);

    *pages = 0;
    while (error == 0) {
        error = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
        if (error == 0 && value.mv_size >= sizeof(size_t)) {
            size_t count;

            memcpy(&count, value.mv_data, sizeof count);
            *pages += count;
        }
    }
    if (cursor != NULL) {
        mdb_cursor_close(cursor);
    }
    return error == MDB_NOTFOUND ? 0 : error;
}

enum status store_usage(struct store *store, struct store_usage *out, struct fault *fault)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin(store, false, &txn, fault);
    uint64_t pages_free = 0;
    struct stat file;
    MDB_envinfo info;
    MDB_stat page;
    int descriptor = -1;
    int error;

    if (status != STATUS_OK) {
        return status;
    }
    error = count_free_pages(txn, &pages_free);
    store_abort(txn);
    if (error == 0) {
        error = mdb_env_info(store->env, &info);
    }
    if (error == 0) {
        error = mdb_env_stat(store->env, &page);
    }
    if (error == 0) {
        error = mdb_env_get_fd(store->env, &descriptor);
    }
    if (error == 0 && fstat(descriptor, &file) != 0) {
        error = errno;
    }
    if (error != 0) {
        return store_fault(fault, store, error, "look at");
    }
    out->file_bytes = (uint64_t)file.st_size;
    out->used_bytes = ((uint64_t)info.me_last_pgno + 1 - pages_free) * page.ms_psize;
    return files_space(store->dir, &out->free_bytes, fault);
}
