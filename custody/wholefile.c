/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wholefile: reading and atomic writing: a temporary file beside the target, synced, then linked or renamed to its name.
 */
#include "custody/wholefile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 65536 };

static enum status fault_errno(struct fault *fault, const char *path, const char *what)
{
    enum status status = errno == ENOSPC || errno == EDQUOT ? STATUS_FULL : STATUS_ENVIRONMENT;

    return fault_set(fault, status, FAULT_NOWHERE, "%s: %s: %s", path, what, strerror(errno));
}

enum status wholefile_read(const char *path, size_t max_bytes, struct buffer *out, struct fault *fault)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    uint8_t chunk[CHUNK_BYTES];
    struct stat info;
    enum status status = STATUS_OK;

    if (fd < 0) {
        return errno == ENOENT ? fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "%s: there is no such file", path)
                               : fault_errno(fault, path, "cannot be opened");
    }
    if (!standard && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))) {
        (void)close(fd);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: is not a regular file", path);
    }
    for (;;) {
        ssize_t n = read(fd, chunk, sizeof chunk);

        if (n == 0) {
            break;
        }
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            status = fault_errno(fault, path, "cannot be read");
            break;
        }
        buffer_append(out, chunk, (size_t)n);
        if (out->len > max_bytes) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: is larger than %zu bytes", path, max_bytes);
            break;
        }
    }
    if (!standard) {
        (void)close(fd);
    }
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}

enum status wholefile_read_filled(const char *path, size_t max_bytes, struct buffer *out, struct fault *fault)
{
    enum status status = wholefile_read(path, max_bytes, out, fault);

    return status == STATUS_OK && out->len == 0 ? fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: is empty", path) : status;
}

static bool write_all(int fd, struct view bytes)
{
    size_t done = 0;

    while (done < bytes.len) {
        ssize_t n = write(fd, bytes.ptr + done, bytes.len - done);

        if (n < 0 && errno != EINTR) {
            return false;
        }
        done += n < 0 ? 0 : (size_t)n;
    }
    return fsync(fd) == 0;
}

static bool sync_directory_of(const char *path)
{
    char *copy = strdup(path);
    int fd = copy == NULL ? -1 : open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0) {
        (void)close(fd);
    }
    free(copy);
    return good;
}

/* link() fails where the name is taken, so that two writers cannot both believe that they made it. */
static enum status give_name(const char *temporary, const char *path, bool replace, struct fault *fault)
{
    int done = replace ? rename(temporary, path) : link(temporary, path);

    if (done != 0 && errno == EEXIST) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", path);
    }
    if (done != 0) {
        return fault_errno(fault, path, "cannot be named");
    }
    if (!sync_directory_of(path)) {
        enum status status = fault_errno(fault, path, "its directory cannot be synced");

        if (!replace) {
            (void)unlink(path);
        }
        return status;
    }
    return STATUS_OK;
}

static enum status write_and_name(const char *path, struct view bytes, bool replace, struct fault *fault)
{
    size_t size = strlen(path) + sizeof ".tmp-XXXXXX";
    char *temporary = malloc(size);
    enum status status = STATUS_OK;
    mode_t mask;
    int fd;

    if (temporary == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    (void)snprintf(temporary, size, "%s.tmp-XXXXXX", path);
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        status = fault_errno(fault, path, "cannot be made");
        free(temporary);
        return status;
    }
    mask = umask(077);
    (void)umask(mask);
    if (fchmod(fd, 0666 & ~mask) != 0 || !write_all(fd, bytes)) {
        status = fault_errno(fault, path, "cannot be written");
    } else {
        status = give_name(temporary, path, replace, fault);
    }
    (void)close(fd);
    (void)unlink(temporary); /* gone already after a rename */
    free(temporary);
    return status;
}

/* Ctrl-C waits until the temporary file has its name or has gone. */
enum status wholefile_write(const char *path, struct view bytes, bool replace, struct fault *fault)
{
    enum status status;
    sigset_t stops;
    sigset_t mask;

    (void)sigemptyset(&stops);
    (void)sigaddset(&stops, SIGINT);
    (void)sigaddset(&stops, SIGTERM);
    (void)sigaddset(&stops, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &stops, &mask);
    status = write_and_name(path, bytes, replace, fault);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    return status;
}

bool wholefile_exists(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0;
}
