/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crash: for LD_PRELOAD: the machine stops, or the disk is full, at a chosen call that changes a disk. CRASH_AT=N: the process is killed before its
 * N-th such call. FULL_AT=N: that call and all later ones that take space fail with ENOSPC.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static long calls;

static long wanted(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? 0 : strtol(text, NULL, 10);
}

/* True: this call finds the disk full. */
static int counted(int takes_space)
{
    long full = wanted("FULL_AT");

    calls++;
    if (calls == wanted("CRASH_AT")) {
        (void)raise(SIGKILL);
    }
    if (full != 0 && calls >= full && takes_space) {
        errno = ENOSPC;
        return 1;
    }
    return 0;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int file, const void *bytes, size_t len, off_t at) { return counted(1) ? -1 : NEXT(pwrite)(file, bytes, len, at); }
ssize_t pwrite64(int file, const void *bytes, size_t len, off64_t at) { return counted(1) ? -1 : NEXT(pwrite64)(file, bytes, len, at); }
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) { return counted(1) ? -1 : NEXT(pwritev)(file, parts, count, at); }
int fsync(int file) { return counted(1) ? -1 : NEXT(fsync)(file); }
int fdatasync(int file) { return counted(1) ? -1 : NEXT(fdatasync)(file); }
int mkdir(const char *path, mode_t mode) { return counted(1) ? -1 : NEXT(mkdir)(path, mode); }
int rename(const char *from, const char *to) { return counted(0) ? -1 : NEXT(rename)(from, to); }
int link(const char *from, const char *to) { return counted(1) ? -1 : NEXT(link)(from, to); }
int unlink(const char *path) { return counted(0) ? -1 : NEXT(unlink)(path); }
int rmdir(const char *path) { return counted(0) ? -1 : NEXT(rmdir)(path); }
