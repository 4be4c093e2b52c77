/* SPDX-License-Identifier: Apache-2.0 */
/*
 * files: directories and small files. Not here: key files (secret.c), the store's own files (store.c).
 */
#include "ledger/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

char *files_path(const char *dir, const char *name)
{
    size_t len = strlen(dir) + 1 + strlen(name) + 1;
    char *path = malloc(len);

    if (path != NULL) {
        (void)snprintf(path, len, "%s/%s", dir, name);
    }
    return path;
}

enum status files_fault(struct fault *fault, int error, const char *doing, const char *path)
{
    enum status status = STATUS_ENVIRONMENT;
    char reason[128];

    if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
        status = STATUS_FULL;
    } else if (error == ENOENT) {
        status = STATUS_MISSING;
    } else if (error == ENOMEM) {
        status = STATUS_MEMORY;
    }
    return fault_set(fault, status, FAULT_NOWHERE, "cannot %s %s: %s", doing, path,
                     strerror_r(error, reason, sizeof reason));
}

enum status files_read(const char *path, size_t max, struct buffer *out, struct fault *fault)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    enum status status = STATUS_OK;
    uint8_t chunk[4096];
    struct stat info;

    if (file < 0) {
        return files_fault(fault, errno, "open", path);
    }
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        (void)close(file);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: is not a regular file", path);
    }
    for (;;) {
        ssize_t got = read(file, chunk, sizeof chunk);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            status = files_fault(fault, errno, "read", path);
            break;
        }
        if (got == 0) {
            status = buffer_status(out, fault);
            break;
        }
        buffer_append(out, chunk, (size_t)got);
        if (out->len > max) {
            status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s is longer than %zu bytes", path, max);
            break;
        }
    }
    (void)close(file);
    return status;
}

static enum status write_all(int file, struct view bytes, const char *path, struct fault *fault)
{
    size_t done = 0;

    while (done < bytes.len) {
        ssize_t put = write(file, bytes.ptr + done, bytes.len - done);

        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return files_fault(fault, errno, "write", path);
        }
        done += (size_t)put;
    }
    return STATUS_OK;
}

/* Under a name of its own, then renamed over path. */
static enum status put_file(const char *path, struct view bytes, unsigned mode, bool sync, struct fault *fault)
{
    size_t len = strlen(path) + sizeof ".tmp";
    char *temporary = malloc(len);
    enum status status;
    int file;

    if (temporary == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    (void)snprintf(temporary, len, "%s.tmp", path);
    /* One left by a crash is begun anew. */
    (void)unlink(temporary);
    file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (file < 0) {
        status = files_fault(fault, errno, "create", temporary);
        free(temporary);
        return status;
    }
    status = write_all(file, bytes, temporary, fault);
    if (status == STATUS_OK && sync && fsync(file) != 0) {
        status = files_fault(fault, errno, "sync", temporary);
    }
    if (close(file) != 0 && status == STATUS_OK) {
        status = files_fault(fault, errno, "close", temporary);
    }
    if (status == STATUS_OK && rename(temporary, path) != 0) {
        status = files_fault(fault, errno, "rename to", path);
    }
    if (status != STATUS_OK) {
        (void)unlink(temporary);
    }
    free(temporary);
    return status;
}

enum status files_replace(const char *path, struct view bytes, unsigned mode, struct fault *fault)
{
    enum status status = put_file(path, bytes, mode, true, fault);

    return status == STATUS_OK ? files_sync_parent(path, fault) : status;
}

enum status files_put(const char *path, struct view bytes, unsigned mode, struct fault *fault)
{
    return put_file(path, bytes, mode, false, fault);
}

enum status files_sync_all(const char *dir, struct fault *fault)
{
    int file = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status = STATUS_OK;

    if (file < 0) {
        return files_fault(fault, errno, "open", dir);
    }
    if (syncfs(file) != 0) {
        status = files_fault(fault, errno, "sync the file system of", dir);
    }
    (void)close(file);
    return status;
}

enum status files_make_parents(const char *path, struct fault *fault)
{
    char *copy = strdup(path);
    enum status status = copy == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    for (char *slash = copy == NULL ? NULL : strchr(copy + 1, '/'); slash != NULL && status == STATUS_OK; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0755) != 0 && errno != EEXIST) {
            status = files_fault(fault, errno, "make", copy);
        }
        *slash = '/';
    }
    free(copy);
    return status;
}

enum status files_sync(const char *path, struct fault *fault)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    enum status status = STATUS_OK;

    if (file < 0) {
        return files_fault(fault, errno, "open", path);
    }
    if (fsync(file) != 0) {
        status = files_fault(fault, errno, "sync", path);
    }
    (void)close(file);
    return status;
}

enum status files_sync_parent(const char *path, struct fault *fault)
{
    char *parent = strdup(path);
    enum status status;
    char *slash;

    if (parent == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    slash = strrchr(parent, '/');
    if (slash == NULL) {
        status = files_sync(".", fault);
    } else {
        slash[slash == parent ? 1 : 0] = '\0';
        status = files_sync(parent, fault);
    }
    free(parent);
    return status;
}

enum status files_space(const char *dir, uint64_t *free_bytes, struct fault *fault)
{
    struct statvfs file_system;

    if (statvfs(dir, &file_system) != 0) {
        return files_fault(fault, errno, "look at the file system of", dir);
    }
    *free_bytes = (uint64_t)file_system.f_bavail * (uint64_t)file_system.f_frsize;
    return STATUS_OK;
}

enum status files_refuse_network(const char *dir, struct fault *fault)
{
    /* linux/magic.h has some of them only. */
    static const struct {
        uint32_t magic;
        const char *name;
    } network[] = {
        {0x00006969, "NFS"}, {0x0000517B, "SMB"}, {0xFF534D42, "CIFS"}, {0xFE534D42, "SMB2"}, {0x65735546, "FUSE"},
        {0x01021997, "9P"}, {0x00C36400, "Ceph"}, {0x5346414F, "AFS"}, {0x6B414653, "AFS"}, {0x73757245, "Coda"},
        {0x7461636F, "OCFS2"}, {0x01161970, "GFS2"}, {0x0BD00BD0, "Lustre"}, {0x786F4256, "VirtualBox shared folder"},
        {0x0000564C, "NCP"}, {0x47504653, "GPFS"},
    };
    struct statfs file_system;

    if (statfs(dir, &file_system) != 0) {
        return files_fault(fault, errno, "look at the file system of", dir);
    }
    for (size_t i = 0; i < sizeof network / sizeof network[0]; i++) {
        if ((uint32_t)file_system.f_type == network[i].magic) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                             "%s is on a network file system (%s): a ledger needs a disk of its own machine", dir,
                             network[i].name);
        }
    }
    return STATUS_OK;
}

bool files_is_vacant(const char *dir)
{
    DIR *entries = opendir(dir);
    bool vacant = true;

    if (entries == NULL) {
        return errno == ENOENT;
    }
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(entries);

        if (entry == NULL) {
            vacant = vacant && errno == 0; /* what cannot be read is not known to be empty */
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            vacant = false;
        }
    }
    (void)closedir(entries);
    return vacant;
}

void files_remove_dir(const char *dir)
{
    DIR *entries = opendir(dir);

    if (entries == NULL) {
        return;
    }
    for (;;) {
        const struct dirent *entry = readdir(entries);

        if (entry == NULL) {
            break;
        }
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    }
    (void)closedir(entries);
    (void)rmdir(dir);
}
