/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness_convict: a signed checkpoint that contradicts one that was cosigned is written down, whole, beside it: `unbroken fork/1` (SPEC 4, V16).
 * tlog-witness: "the witness MAY log the request even if the checkpoint fails one of the consistency checks ..., as it might be proof of log
 * misbehavior".
 */
#include "ledger/witness_inside.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/files.h"
#include "ledger/fork.h"

enum { EXHIBIT_NAME_BYTES = 64 };

static const char PREFIX[] = "fork-";
static const char SUFFIX[] = ".exhibit";

static bool is_exhibit(const char *name)
{
    size_t len = strlen(name);

    return len > sizeof PREFIX + sizeof SUFFIX - 2 && strncmp(name, PREFIX, sizeof PREFIX - 1) == 0 &&
           strcmp(name + len - (sizeof SUFFIX - 1), SUFFIX) == 0;
}

static int only_exhibits(const struct dirent *entry)
{
    return is_exhibit(entry->d_name);
}

enum status witness_exhibits(struct witness *witness, const char *origin_hash, struct buffer *out, size_t *count, struct fault *fault)
{
    char *path = files_path(witness->dir, origin_hash);
    struct dirent **entries = NULL;
    enum status status = STATUS_OK;
    int found = 0;

    *count = 0;
    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    found = scandir(path, &entries, only_exhibits, versionsort);
    if (found < 0 && errno != ENOENT) {
        status = files_fault(fault, errno, "read", path);
    }
    for (int i = 0; i < found; i++) {
        buffer_printf(out, "%s\n", entries[i]->d_name);
        *count += 1;
        free(entries[i]);
    }
    free(entries);
    free(path);
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}

static enum status write_exhibit(struct witness *witness, const char *origin_hash, const struct checkpoint *a, const struct checkpoint *b,
                                 struct view b_note, const struct merkle_path *nodes, char exhibit[128], struct fault *fault)
{
    struct buffer file = {0};
    struct buffer others = {0};
    char name[EXHIBIT_NAME_BYTES];
    char *path = NULL;
    size_t count = 0;
    enum status status;

    (void)snprintf(name, sizeof name, "%s%" PRIu64 "-%" PRIu64 "%s", PREFIX, a->size, b->size, SUFFIX);
    path = witness_path(witness, origin_hash, name);
    if (path == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    fork_encode(a->note, b_note, nodes, &file);
    status = buffer_status(&file, fault);
    if (status == STATUS_OK) {
        status = witness_exhibits(witness, origin_hash, &others, &count, fault);
    }
    if (status == STATUS_OK && count < WITNESS_EXHIBITS_MAX && access(path, F_OK) != 0) {
        status = files_replace(path, buffer_view(&file), 0600, fault);
        if (status == STATUS_OK) {
            (void)snprintf(exhibit, 128, "%s/%s", origin_hash, name);
        }
    }
    buffer_free(&others);
    buffer_free(&file);
    free(path);
    return status;
}

/* Against the kept checkpoint of that size, if there is one. */
static enum status convict_by(struct witness *witness, const char *origin_hash, uint64_t size, const struct checkpoint *asked, struct view note,
                              const struct merkle_path *nodes, bool *forked, char exhibit[128], struct fault *fault)
{
    struct checkpoint *kept = calloc(1, sizeof *kept);
    struct buffer kept_note = {0};
    struct fault why;
    enum status status = STATUS_MEMORY;

    fault_clear(&why);
    if (kept == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = witness_kept(witness, asked->origin, origin_hash, size, &kept_note, kept, &why);
    if (status == STATUS_OK) {
        *forked = fork_proven(witness->hasher, kept, asked, nodes);
        if (*forked) {
            status = write_exhibit(witness, origin_hash, kept, asked, note, nodes, exhibit, fault);
        }
    } else {
        status = status == STATUS_MISSING ? STATUS_OK : fault_set(fault, status, why.at, "%s", why.text);
    }
    buffer_free(&kept_note);
    free(kept);
    return status;
}

/*
 * Two ways in which a request contradicts what is kept: another root at a size that was cosigned; a path that leads to the new root, but from
 * another root at a size that was cosigned. The second needs the node that the path begins with: where the old size is a power of two, the
 * protocol leaves it out, and only a path with that node in front can convict.
 */
enum status witness_convict(struct witness *witness, const char *origin_hash, const struct witness_request *request,
                            const struct checkpoint *asked, struct view note, bool *forked, uint64_t *kept_size, char exhibit[128],
                            struct fault *fault)
{
    const struct merkle_path none = {.count = 0};
    enum status status = STATUS_OK;

    *forked = false;
    exhibit[0] = '\0';
    if (asked->size > 0) {
        *kept_size = asked->size;
        status = convict_by(witness, origin_hash, asked->size, asked, note, &none, forked, exhibit, fault);
    }
    if (status == STATUS_OK && !*forked && request->old > 0 && request->old < asked->size && request->path.count > 0) {
        *kept_size = request->old;
        status = convict_by(witness, origin_hash, request->old, asked, note, &request->path, forked, exhibit, fault);
    }
    return status;
}
