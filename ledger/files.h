/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files: the few things done with directories and small files, each synced before it is believed.
 */
#ifndef UNBROKEN_LEDGER_FILES_H
#define UNBROKEN_LEDGER_FILES_H

#include "verify/bytes.h"

/* "dir/name", owned by the caller (free); NULL when out of memory. */
char *files_path(const char *dir, const char *name);
/* STATUS_FULL for ENOSPC, EDQUOT and EFBIG, STATUS_MISSING for ENOENT, else STATUS_ENVIRONMENT; the text says doing, path and reason. */
enum status files_fault(struct fault *fault, int error, const char *doing, const char *path);

/* The whole regular file, at most max bytes. Errors: STATUS_MISSING, STATUS_DAMAGED (longer), STATUS_REFUSED (no regular file), STATUS_ENVIRONMENT. */
MUST_USE enum status files_read(const char *path, size_t max, struct buffer *out, struct fault *fault);
/* Writes path.tmp (mode), syncs it, renames it over path and syncs the directory: path holds the old or the new, never less. */
MUST_USE enum status files_replace(const char *path, struct view bytes, unsigned mode, struct fault *fault);
/* The same, but not synced: for many files, which files_sync_all makes durable together. */
MUST_USE enum status files_put(const char *path, struct view bytes, unsigned mode, struct fault *fault);
/* Everything that was written to the file system of dir. */
MUST_USE enum status files_sync_all(const char *dir, struct fault *fault);
/* The directories in which path is to stand, those that are missing. */
MUST_USE enum status files_make_parents(const char *path, struct fault *fault);
/* The directory that path stands in, synced. */
MUST_USE enum status files_sync_parent(const char *path, struct fault *fault);
MUST_USE enum status files_sync(const char *path, struct fault *fault);

/* Bytes that an unprivileged process may still write there. */
MUST_USE enum status files_space(const char *dir, uint64_t *free_bytes, struct fault *fault);
/* STATUS_REFUSED when dir is on a network file system (or on FUSE, which may be one). */
MUST_USE enum status files_refuse_network(const char *dir, struct fault *fault);
/* True when dir does not exist or is an empty directory. */
bool files_is_vacant(const char *dir);
/* Removes the plain files in dir and dir itself; for a directory that we made. */
void files_remove_dir(const char *dir);

#endif
