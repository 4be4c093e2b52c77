/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tour_place: the tour's directory. What is deleted at the end is what the tour is known to make, by name: a file that somebody else
 * put there stays.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "custody/tour.h"

enum { NUMBERS = 1000 };

static const char usual[] = "unbroken-tour";

static enum status trouble(const char *path, struct fault *fault)
{
    return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%.200s: %s", path, strerror(errno));
}

static bool is_empty(const char *path)
{
    DIR *entries = opendir(path);
    size_t count = 0;

    if (entries == NULL) {
        return false;
    }
    while (count <= 2 && readdir(entries) != NULL) {
        count++;
    }
    (void)closedir(entries);
    return count == 2;
}

enum status tour_place_enter(const char *path, char out[TALK_ANSWER_BYTES], struct fault *fault)
{
    char full[PATH_MAX];

    if (chdir(path) != 0) {
        return errno == ENOENT ? fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "%.200s: there is no such directory", path)
                               : trouble(path, fault);
    }
    /* For people: where the full path is too long to show, what they gave. */
    (void)snprintf(out, TALK_ANSWER_BYTES, "%.*s", TALK_ANSWER_BYTES - 1, path);
    if (getcwd(full, sizeof full) != NULL && strlen(full) < TALK_ANSWER_BYTES) {
        (void)snprintf(out, TALK_ANSWER_BYTES, "%.*s", TALK_ANSWER_BYTES - 1, full);
    }
    return STATUS_OK;
}

enum status tour_place_make(const char *path, char out[TALK_ANSWER_BYTES], struct fault *fault)
{
    char name[sizeof usual + 8];

    if (path != NULL) {
        if (mkdir(path, 0700) != 0 && errno != EEXIST) {
            return trouble(path, fault);
        }
        return is_empty(path) ? tour_place_enter(path, out, fault)
                              : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%.200s: is not an empty directory", path);
    }
    (void)snprintf(name, sizeof name, "%s", usual);
    for (int i = 2; mkdir(name, 0700) != 0; i++) {
        if (errno != EEXIST || i > NUMBERS) {
            return trouble(name, fault);
        }
        (void)snprintf(name, sizeof name, "%s-%d", usual, i);
    }
    return tour_place_enter(name, out, fault);
}

/* Its files by name; a link in the place of the directory leads to what is not the tour's. */
static enum status remove_ledger(struct fault *fault)
{
    static const char *const made[] = {"data.mdb", "lock.mdb", "station.key"};
    int dir = open("ledger", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    enum status status = STATUS_OK;

    if (dir < 0) {
        return errno == ENOENT ? STATUS_OK
                               : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "ledger: is no directory of the tour's own: nothing is deleted");
    }
    for (size_t i = 0; i < sizeof made / sizeof made[0] && status == STATUS_OK; i++) {
        if (unlinkat(dir, made[i], 0) != 0 && errno != ENOENT) {
            status = trouble(made[i], fault);
        }
    }
    (void)close(dir);
    return status;
}

enum status tour_place_remove(const char *path, struct fault *fault)
{
    static const char *const made[] = {
        "ledger.head", "tour.state", "pass", "court.key", "customs.key", "officer.key", "custodian.key", "second.key", "seizure.ini",
        "list.csv", "court.policy", "court.checkpoint", "case.bundle", "forged.bundle"};
    enum status status = remove_ledger(fault);

    for (size_t i = 0; i < sizeof made / sizeof made[0] && status == STATUS_OK; i++) {
        if (unlink(made[i]) != 0 && errno != ENOENT) {
            status = trouble(made[i], fault);
        }
    }
    if (status != STATUS_OK) {
        return status;
    }
    if ((rmdir("ledger") != 0 && errno != ENOENT) || chdir("/") != 0 || rmdir(path) != 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%.200s: the tour's files are deleted; it holds others, and stays", path);
    }
    return STATUS_OK;
}
