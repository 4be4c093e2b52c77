/* SPDX-License-Identifier: Apache-2.0 */
/*
 * papers: see the header.
 */
#include "custody/papers.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "custody/wholefile.h"
#include "verify/bundle.h"

enum { PATH_BYTES = 4096 };

void papers_free(struct papers *papers)
{
    for (size_t i = 0; i < papers->count; i++) {
        buffer_free(&papers->files[i]);
        free(papers->names[i]);
    }
    free(papers->list);
    free(papers->files);
    free(papers->names);
    *papers = (struct papers){0};
}

/* Room for one more in all three arrays. */
static bool grow(struct papers *papers)
{
    size_t cap = papers->cap == 0 ? 16 : papers->cap * 2;
    struct reconcile_source *list;
    struct buffer *files;
    char **names;

    if (papers->count < papers->cap) {
        return true;
    }
    list = realloc(papers->list, cap * sizeof *list);
    papers->list = list == NULL ? papers->list : list;
    files = realloc(papers->files, cap * sizeof *files);
    papers->files = files == NULL ? papers->files : files;
    names = realloc(papers->names, cap * sizeof *names);
    papers->names = names == NULL ? papers->names : names;
    if (list == NULL || files == NULL || names == NULL) {
        return false;
    }
    papers->cap = cap;
    return true;
}

static enum status add(struct papers *papers, const char *name, bool is_ledger, struct fault *fault)
{
    char *kept = grow(papers) ? strdup(name) : NULL;
    size_t at = papers->count;
    enum status status = STATUS_OK;

    if (kept == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    papers->names[at] = kept;
    papers->files[at] = (struct buffer){0};
    papers->count++;
    if (!is_ledger) {
        status = wholefile_read(name, BUNDLE_BYTES_MAX, &papers->files[at], fault);
    }
    papers->list[at] = (struct reconcile_source){.name = kept, .file = buffer_view(&papers->files[at]), .is_ledger = is_ledger};
    return status;
}

static bool join(char out[PATH_BYTES], const char *dir, const char *name)
{
    int len = snprintf(out, PATH_BYTES, "%s/%s", dir, name);

    return len > 0 && len < PATH_BYTES;
}

static enum status add_folder(struct papers *papers, const char *dir, struct fault *fault)
{
    struct dirent **entries = NULL;
    int count = scandir(dir, &entries, NULL, alphasort);
    enum status status = STATUS_OK;

    if (count < 0) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s: cannot be read: %s", dir, strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        char path[PATH_BYTES];
        struct stat file;

        if (status == STATUS_OK && entries[i]->d_name[0] != '.' && join(path, dir, entries[i]->d_name) && stat(path, &file) == 0 &&
            S_ISREG(file.st_mode)) {
            status = add(papers, path, false, fault);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum status papers_read(struct papers *papers, const char *path, struct fault *fault)
{
    char inside[PATH_BYTES];
    struct stat file;
    bool is_dir = stat(path, &file) == 0 && S_ISDIR(file.st_mode);

    if (is_dir && join(inside, path, "data.mdb") && stat(inside, &file) == 0) {
        return add(papers, path, true, fault);
    }
    return is_dir ? add_folder(papers, path, fault) : add(papers, path, false, fault);
}

enum status papers_witness(struct papers *papers, const struct asked_head *head, bool excused, struct fault *fault)
{
    struct buffer name = {0};
    size_t at = papers->count;
    enum status status;

    buffer_printf(&name, "witness %.*s", (int)head->witness->name.len, (const char *)head->witness->name.ptr);
    buffer_append_byte(&name, '\0');
    status = buffer_status(&name, fault);
    if (status == STATUS_OK && !grow(papers)) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (status != STATUS_OK) {
        buffer_free(&name);
        return status;
    }
    papers->names[at] = (char *)name.ptr;
    papers->files[at] = (struct buffer){0};
    papers->count++;
    papers->list[at] = (struct reconcile_source){.name = papers->names[at], .file = buffer_view(&head->note), .witness = head->witness,
                                                 .why = head->note.len == 0 ? head->why : NULL, .excused = excused};
    return STATUS_OK;
}
