/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrub: what an erasure promises is said here in the words that a registrar can be held to, and what it cannot promise too (SPEC 3.8).
 */
#include "custody/scrub.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "custody/session.h"
#include "ledger/files.h"
#include "ledger/scrub.h"

static void say_limits(void)
{
    (void)printf("What this cannot reach: a disk that moves its blocks (SSD, memory card), a file system that copies on writing or keeps\n"
                 "  snapshots or a journal of data, and whatever was printed or copied elsewhere. Where that matters, the disk must be encrypted, or\n"
                 "  destroyed.\n");
}

static void say_others(void)
{
    (void)printf("Bundles, papers and backups made before still hold what was erased. For each backup: unbroken ledger scrub DIR. Bundles and\n"
                 "  papers must be called back from those who have them.\n");
}

static bool same_file(const char *one, const char *other)
{
    struct stat a;
    struct stat b;

    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

enum status scrub_check(struct args *args, struct fault *fault)
{
    const char *dir = NULL;
    enum status status = session_directory(args, &dir, fault);

    if (status == STATUS_OK) {
        status = ledger_scrub_check(dir, fault);
    }
    if (status == STATUS_REFUSED) {
        args_hint(args, "nothing was recorded; afterwards the same again, and for each backup: unbroken ledger scrub DIR");
    }
    return status;
}

enum status scrub_finish(struct args *args, struct fault *fault)
{
    struct scrub_report report;
    struct fault inner;
    const char *dir = NULL;
    enum status status = session_directory(args, &dir, fault);

    if (status != STATUS_OK) {
        return status;
    }
    fault_clear(&inner);
    status = ledger_scrub(dir, NULL, true, &report, &inner);
    if (status != STATUS_OK) {
        args_hint(args, "unbroken ledger scrub, once that is mended; the next who records something tries it too");
        return fault_set(fault, status, FAULT_NOWHERE,
                         "the erasure is recorded and its details are out of the ledger, but their bytes may still be read in %s: %s", dir, inner.text);
    }
    (void)printf("%s/data.mdb was written anew without them, the old file overwritten and removed\n", dir);
    say_others();
    say_limits();
    return STATUS_OK;
}

static enum status scrub_own(struct args *args, const char *dir, struct fault *fault)
{
    struct scrub_report report;
    enum status status = ledger_scrub(dir, NULL, true, &report, fault);

    if (status != STATUS_OK) {
        if (report.rewritten) {
            args_hint(args, "the ledger is whole; run it again to overwrite what is left in %s/rewrite.tmp", dir);
        }
        return status;
    }
    if (report.details > 0) {
        (void)printf("%" PRIu64 " erased details were still there and are removed\n", report.details);
    }
    (void)printf("%s/data.mdb was written anew, %" PRIu64 " records; the old file overwritten and removed\n", dir, report.records);
    say_limits();
    return STATUS_OK;
}

/* A directory that is not the ledger's own may hold the ledger's own file. */
static enum status check_apart(const char *dir, const char *own, struct fault *fault)
{
    char *copy_file = files_path(dir, "data.mdb");
    char *own_file = files_path(own, "data.mdb");
    enum status status = STATUS_OK;

    if (copy_file == NULL || own_file == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    } else if (same_file(copy_file, own_file)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                           "%s is no copy: it is the ledger's own file under another name (a link), and overwriting it would destroy the ledger", copy_file);
    }
    free(copy_file);
    free(own_file);
    return status;
}

static enum status scrub_copy(struct args *args, const char *dir, struct fault *fault)
{
    struct scrub_report report = {0};
    struct session session;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = ledger_scrub(dir, session.ledger, true, &report, fault);
    session_close(&session);
    if (status != STATUS_OK) {
        return status;
    }
    (void)printf("%s, as of %" PRIu64 " records: %" PRIu64 " erasures of the ledger taken over, %" PRIu64 " details and %" PRIu64
                 " files removed\n",
                 dir, report.records, report.taken, report.details, report.attachments);
    (void)printf("%s/data.mdb was written anew, the old file overwritten and removed\n", dir);
    say_limits();
    return STATUS_OK;
}

enum status scrub_run(struct args *args, struct fault *fault)
{
    const char *copy = args->argument_count == 0 ? NULL : args->arguments[0];
    const char *dir = NULL;
    enum status status = session_directory(args, &dir, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (copy == NULL || same_file(copy, dir)) {
        return scrub_own(args, dir, fault);
    }
    status = check_apart(copy, dir, fault);
    if (status == STATUS_OK) {
        status = ledger_scrub_check(copy, fault); /* before both are open at once */
    }
    return status == STATUS_OK ? scrub_copy(args, copy, fault) : status;
}
