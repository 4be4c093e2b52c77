/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_state: the files of one ledger in a witness's directory. `checkpoint` is the state: it is replaced whole, synced with its directory,
 * before anybody sees the cosignature in it. checkpoints/SIZE follows, and is mended before the next change: so no crash loses one.
 */
#include "ledger/witness_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "ledger/files.h"
#include "verify/text.h"

enum { KEPT_NAME_BYTES = 40 };

static const char LATEST[] = "checkpoint";
static const char KEPT[] = "checkpoints";

/* ---- the lock -------------------------------------------------------------------------------- */

enum status witness_lock(const struct witness *witness, int *lock, struct fault *fault)
{
    char *path = files_path(witness->dir, "lock");
    enum status status = STATUS_OK;
    int file = -1;

    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) {
        status = files_fault(fault, errno, "open", path);
    }
    while (status == STATUS_OK && flock(file, LOCK_EX) != 0) {
        if (errno != EINTR) {
            status = files_fault(fault, errno, "lock", path);
        }
    }
    if (status != STATUS_OK && file >= 0) {
        (void)close(file);
    } else {
        *lock = file;
    }
    free(path);
    return status;
}

void witness_unlock(int lock)
{
    (void)close(lock);
}

/* ---- paths ----------------------------------------------------------------------------------- */

void witness_origin_hash(struct hasher *hasher, struct view origin, char out[ORIGIN_HASH_BYTES])
{
    struct hash hash;

    hash_data(hasher, origin, &hash);
    for (size_t i = 0; i < HASH_BYTES; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", hash.bytes[i]);
    }
}

char *witness_path(const struct witness *witness, const char *origin_hash, const char *name)
{
    char *dir = files_path(witness->dir, origin_hash);
    char *path = dir == NULL ? NULL : files_path(dir, name);

    free(dir);
    return path;
}

static char *kept_path(const struct witness *witness, const char *origin_hash, uint64_t size)
{
    char name[KEPT_NAME_BYTES];

    (void)snprintf(name, sizeof name, "%s/%" PRIu64, KEPT, size);
    return witness_path(witness, origin_hash, name);
}

/* Makes the directory; one that is there is good. */
static enum status make_dir(const char *path, struct fault *fault)
{
    if (mkdir(path, 0700) == 0) {
        return files_sync_parent(path, fault);
    }
    return errno == EEXIST ? STATUS_OK : files_fault(fault, errno, "make", path);
}

static enum status make_dirs(const struct witness *witness, const char *origin_hash, struct fault *fault)
{
    char *dir = files_path(witness->dir, origin_hash);
    char *kept = witness_path(witness, origin_hash, KEPT);
    enum status status = dir == NULL || kept == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : make_dir(dir, fault);

    if (status == STATUS_OK) {
        status = make_dir(kept, fault);
    }
    free(kept);
    free(dir);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A process before this one may have been stopped between renaming and syncing: what is shown, or built on, is on disk first. */
enum status witness_settle(const char *path, struct fault *fault)
{
    enum status status = files_sync(path, fault);

    return status == STATUS_OK ? files_sync_parent(path, fault) : status;
}

/* A note in our files: of that origin, and cosigned by ourselves. */
static enum status read_own(struct witness *witness, const char *path, struct view origin, struct buffer *note, struct checkpoint *out,
                            uint64_t *time_s, struct fault *fault)
{
    struct fault why;
    enum status status = files_read(path, NOTE_BYTES_MAX, note, fault);

    fault_clear(&why);
    if (status != STATUS_OK) {
        return status;
    }
    if (checkpoint_parse(buffer_view(note), out, &why) != STATUS_OK || !view_equal(out->origin, origin) ||
        checkpoint_check(out, &witness->key, time_s) != NOTE_VALID || *time_s == 0) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s is not a checkpoint that this witness cosigned: its state is damaged", path);
    }
    return witness_settle(path, fault);
}

/* Is there any checkpoint in checkpoints/? */
static bool has_kept(const struct witness *witness, const char *origin_hash)
{
    char *path = witness_path(witness, origin_hash, KEPT);
    bool has = path == NULL || !files_is_vacant(path);

    free(path);
    return has;
}

enum status witness_state_read(struct witness *witness, struct view origin, struct witness_state *out, struct fault *fault)
{
    struct fault why;
    char *path = NULL;
    enum status status = STATUS_OK;

    fault_clear(&why);
    witness_origin_hash(witness->hasher, origin, out->origin_hash);
    path = witness_path(witness, out->origin_hash, LATEST);
    out->latest = calloc(1, sizeof *out->latest);
    if (path == NULL || out->latest == NULL) {
        free(path);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = read_own(witness, path, origin, &out->note, out->latest, &out->time_s, &why);
    out->cosigned = status == STATUS_OK;
    if (status == STATUS_MISSING && !has_kept(witness, out->origin_hash)) {
        status = STATUS_OK;
    } else if (status == STATUS_MISSING) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s is gone, but this witness has cosigned before: its state is damaged", path);
    } else if (status != STATUS_OK) {
        status = fault_set(fault, status, why.at, "%s", why.text);
    }
    free(path);
    return status;
}

void witness_state_free(struct witness_state *state)
{
    buffer_free(&state->note);
    free(state->latest);
    state->latest = NULL;
}

enum status witness_kept(struct witness *witness, struct view origin, const char *origin_hash, uint64_t size, struct buffer *note,
                         struct checkpoint *out, struct fault *fault)
{
    char *path = kept_path(witness, origin_hash, size);
    uint64_t time_s = 0;
    enum status status = STATUS_OK;

    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    buffer_reset(note);
    status = read_own(witness, path, origin, note, out, &time_s, fault);
    if (status == STATUS_OK && out->size != size) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s is a checkpoint of another size: the witness's state is damaged", path);
    }
    free(path);
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The first cosignature of a size stays: it is the earlier witness. */
static enum status keep(struct witness *witness, const char *origin_hash, uint64_t size, struct view note, struct fault *fault)
{
    char *path = kept_path(witness, origin_hash, size);
    enum status status = STATUS_OK;

    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (access(path, F_OK) != 0) {
        status = errno == ENOENT ? files_replace(path, note, 0600, fault) : files_fault(fault, errno, "look at", path);
    }
    free(path);
    return status;
}

enum status witness_state_mend(struct witness *witness, const struct witness_state *state, struct fault *fault)
{
    if (!state->cosigned) {
        return STATUS_OK;
    }
    return keep(witness, state->origin_hash, state->latest->size, buffer_view(&state->note), fault);
}

enum status witness_state_write(struct witness *witness, const char *origin_hash, uint64_t size, struct view note, struct fault *fault)
{
    char *path = witness_path(witness, origin_hash, LATEST);
    enum status status = path == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : make_dirs(witness, origin_hash, fault);

    if (status == STATUS_OK) {
        status = files_replace(path, note, 0600, fault);
    }
    if (status == STATUS_OK) {
        status = keep(witness, origin_hash, size, note, fault);
    }
    free(path);
    return status;
}
