/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shred: zeros over every byte, synced. What the file system or the disk does with them is theirs (SPEC 3.8).
 */
#include "ledger/shred.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/files.h"

enum { CHUNK_BYTES = 1 << 20 };

enum status shred_refuse(const char *path, struct fault *fault)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;

    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                     "%s has another name (a hard-linked backup), which overwriting would destroy: make a copy of its own first, while nobody uses it "
                     "(cp -p %s own.copy && mv own.copy %s)",
                     path, name, name);
}

enum status shred_bytes(int file, const char *path, struct fault *fault)
{
    uint8_t *zeros = calloc(1, CHUNK_BYTES);
    enum status status = STATUS_OK;
    struct stat is;
    off_t at = 0;

    if (zeros == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (fstat(file, &is) != 0) {
        status = files_fault(fault, errno, "look at", path);
    } else if (is.st_nlink > 1) {
        status = shred_refuse(path, fault);
    }
    while (status == STATUS_OK && at < is.st_size) {
        size_t want = is.st_size - at < CHUNK_BYTES ? (size_t)(is.st_size - at) : CHUNK_BYTES;
        ssize_t put = pwrite(file, zeros, want, at);

        if (put < 0 && errno != EINTR) {
            status = files_fault(fault, errno, "overwrite", path);
        }
        at += put > 0 ? put : 0;
    }
    if (status == STATUS_OK && fsync(file) != 0) {
        status = files_fault(fault, errno, "sync", path);
    }
    free(zeros);
    return status;
}

enum status shred_file(const char *path, struct fault *fault)
{
    int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    enum status status;

    if (file < 0) {
        return errno == ENOENT ? STATUS_OK : files_fault(fault, errno, "open", path);
    }
    status = shred_bytes(file, path, fault);
    (void)close(file);
    if (status == STATUS_OK && unlink(path) != 0) {
        status = files_fault(fault, errno, "remove", path);
    }
    return status;
}
