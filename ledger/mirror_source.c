/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_source: see the header.
 */
#include "ledger/mirror_source.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/fetch.h"
#include "ledger/files.h"
#include "verify/text.h"

/* A tile of sheets may be long and the line slow; how much comes is bounded besides. */
enum { TILE_TOTAL_MS = 600000, COMPONENT_BYTES = 64, READ_BYTES = 65536 };

struct mirror_source {
    char *from;
    char *ca;
    struct fetcher *fetcher; /* NULL: a folder */
    int folder;              /* -1: none */
};

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

static bool is_url(const char *from)
{
    return strncmp(from, "http://", strlen("http://")) == 0 || strncmp(from, "https://", strlen("https://")) == 0;
}

static enum status open_folder(struct mirror_source *source, struct fault *fault)
{
    source->folder = open(source->from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (source->folder < 0 && errno == ENOTDIR) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is neither a folder of tiles nor http:// or https://", source->from);
    }
    return source->folder < 0 ? files_fault(fault, errno, "open", source->from) : STATUS_OK;
}

enum status mirror_source_open(const char *from, const char *ca, struct mirror_source **out, struct fault *fault)
{
    struct mirror_source *source = calloc(1, sizeof *source);
    enum status status;

    if (source == NULL) {
        return no_memory(fault);
    }
    source->folder = -1;
    source->from = strdup(from);
    source->ca = ca == NULL ? NULL : strdup(ca);
    if (source->from == NULL || (ca != NULL && source->ca == NULL)) {
        status = no_memory(fault);
    } else {
        status = is_url(from) ? fetcher_open(&source->fetcher, fault) : open_folder(source, fault);
    }
    if (status != STATUS_OK) {
        mirror_source_close(source);
        return status;
    }
    *out = source;
    return STATUS_OK;
}

void mirror_source_close(struct mirror_source *source)
{
    if (source == NULL) {
        return;
    }
    fetcher_close(source->fetcher);
    if (source->folder >= 0) {
        (void)close(source->folder);
    }
    free(source->from);
    free(source->ca);
    free(source);
}

void mirror_wanted_free(struct mirror_wanted *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_free(&wanted[i].body);
    }
}

/* ---- a folder -------------------------------------------------------------------------------- */

/* Component after component, so that no link leads out of the folder. -1 with errno. */
static int open_inside(int folder, const char *path)
{
    int at = dup(folder);

    while (at >= 0) {
        const char *slash = strchr(path, '/');
        size_t len = slash == NULL ? strlen(path) : (size_t)(slash - path);
        char name[COMPONENT_BYTES];
        int next;

        assert(len > 0 && len < sizeof name);
        memcpy(name, path, len);
        name[len] = '\0';
        next = openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (slash == NULL ? 0 : O_DIRECTORY));
        int error = errno;
        (void)close(at);
        errno = error;
        if (slash == NULL || next < 0) {
            return next;
        }
        at = next;
        path = slash + 1;
    }
    return -1;
}

static enum status read_all(const struct mirror_source *source, int file, struct mirror_wanted *wanted, struct fault *fault)
{
    uint8_t chunk[READ_BYTES];

    for (;;) {
        ssize_t got = read(file, chunk, sizeof chunk);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return files_fault(fault, errno, "read", wanted->path);
        }
        if (got == 0) {
            return buffer_status(&wanted->body, fault);
        }
        if ((size_t)got > wanted->max - wanted->body.len) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s/%s is longer than the %zu bytes that it may have", source->from, wanted->path,
                             wanted->max);
        }
        buffer_append(&wanted->body, chunk, (size_t)got);
    }
}

static enum status read_file(const struct mirror_source *source, struct mirror_wanted *wanted, struct fault *fault)
{
    int file = open_inside(source->folder, wanted->path);
    struct stat info;
    enum status status;

    if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        wanted->missing = true;
        return STATUS_OK;
    }
    if (file < 0 && errno == ELOOP) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s/%s is, or leads through, a symbolic link", source->from, wanted->path);
    }
    if (file < 0) {
        return files_fault(fault, errno, "open", wanted->path);
    }
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s/%s is not a regular file", source->from, wanted->path);
    } else {
        status = read_all(source, file, wanted, fault);
    }
    (void)close(file);
    return status;
}

/* ---- a web server ---------------------------------------------------------------------------- */

static enum status take_answer(struct mirror_wanted *wanted, struct fetch_answer *answer, const char *url, struct fault *fault)
{
    struct buffer shown = {0};
    enum status status = STATUS_OK;

    if (answer->status != STATUS_OK) {
        return fault_set(fault, answer->status, FAULT_NOWHERE, "%s", answer->fault.text);
    }
    if (answer->http_status == 404 || answer->http_status == 410) {
        wanted->missing = true;
        return STATUS_OK;
    }
    if (answer->http_status != 200) {
        text_escape(&shown, view_text(url));
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%.*s answers %ld", shown.len > 300 ? 300 : (int)shown.len,
                           shown.ptr == NULL ? "" : (const char *)shown.ptr, answer->http_status);
        buffer_free(&shown);
        return status;
    }
    buffer_free(&wanted->body);
    wanted->body = answer->body;
    answer->body = (struct buffer){0};
    return STATUS_OK;
}

static enum status fetch_wanted(struct mirror_source *source, struct mirror_wanted *wanted, size_t count, struct fault *fault)
{
    struct fetch_request requests[MIRROR_WANTED_MAX] = {{0}};
    struct fetch_answer answers[MIRROR_WANTED_MAX] = {{0}};
    char *urls[MIRROR_WANTED_MAX] = {NULL};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count; i++) {
        urls[i] = fetch_url(view_text(source->from), wanted[i].path);
        if (urls[i] == NULL) {
            status = no_memory(fault);
        }
        requests[i] = (struct fetch_request){.url = urls[i], .answer_max = wanted[i].max, .total_ms = TILE_TOTAL_MS, .ca_file = source->ca};
    }
    if (status == STATUS_OK) {
        status = fetch_all(source->fetcher, requests, count, answers, fault);
    }
    for (size_t i = 0; i < count; i++) {
        if (status == STATUS_OK) {
            status = take_answer(&wanted[i], &answers[i], urls[i], fault);
        }
        fetch_answer_free(&answers[i]);
        free(urls[i]);
    }
    return status;
}

/* ---- either ---------------------------------------------------------------------------------- */

enum status mirror_source_read(struct mirror_source *source, struct mirror_wanted *wanted, size_t count, struct fault *fault)
{
    enum status status = STATUS_OK;

    assert(count <= MIRROR_WANTED_MAX);
    for (size_t i = 0; i < count; i++) {
        buffer_reset(&wanted[i].body);
        wanted[i].missing = false;
    }
    if (source->fetcher != NULL) {
        return fetch_wanted(source, wanted, count, fault);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = read_file(source, &wanted[i], fault);
    }
    return status;
}
