/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a backup made while others write is not whole, when restoring it is not noticed, or when a ledger on a full disk loses what it
 * acknowledged or cannot go on after space was made.
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static uint64_t check_sound(const char *dir, const char *head, bool head_missing)
{
    struct ledger *ledger = NULL;
    struct fsck_options options = {0};
    struct fsck_report report;

    OK(ledger_open(dir, LEDGER_READ, head, &ledger, FAULT));
    OK(ledger_fsck(ledger, &options, &report, FAULT));
    ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
    ck_assert(report.head_missing == head_missing);
    ledger_close(ledger);
    return report.records;
}

static void write_until_killed(struct fixture *f, int out)
{
    fixture_open(f);
    for (uint64_t i = 0;; i++) {
        struct signed_act act = noting(f, i % 6, "x", 2);
        uint64_t index = fixture_append(f, &act);

        if (i % 5 == 4) {
            fixture_checkpoint(f);
        }
        if (write(out, &index, sizeof index) != (ssize_t)sizeof index) {
            _exit(1);
        }
    }
}

START_TEST(a_backup_while_others_write)
{
    struct fixture f;
    struct ledger *reader = NULL;
    struct stat key;
    char path[160];
    int pipes[2];
    int child_status;
    pid_t child;

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    fixture_close(&f);
    ck_assert_int_eq(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        write_until_killed(&f, pipes[1]);
    }
    OK(ledger_open(f.dir, LEDGER_READ, NULL, &reader, FAULT));
    for (int i = 0; i < 8; i++) {
        uint64_t index;
        uint64_t records;

        do {
            ck_assert_int_eq(read(pipes[0], &index, sizeof index), sizeof index);
        } while (index < (uint64_t)i * 20);
        (void)snprintf(path, sizeof path, "%s/backup-%d", f.root, i);
        OK(ledger_backup(reader, path, FAULT));
        ck_assert_int_eq(ledger_backup(reader, path, NULL), STATUS_REFUSED);
        records = check_sound(path, NULL, true);
        ck_assert_uint_gt(records, index);
        (void)snprintf(path, sizeof path, "%s/backup-%d/station.key", f.root, i);
        ck_assert_int_eq(stat(path, &key), 0);
        ck_assert_uint_eq(key.st_mode & 0777, 0600);
    }
    ck_assert_int_eq(kill(child, SIGKILL), 0);
    ck_assert_int_eq(waitpid(child, &child_status, 0), child);
    ledger_close(reader);
    fixture_remove(&f);
}
END_TEST

START_TEST(a_backup_is_restored)
{
    struct fixture f;
    struct signed_act act;
    struct ledger *ledger = NULL;
    char backup[160];
    char command[400];

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    (void)snprintf(backup, sizeof backup, "%s/backup/", f.root);
    OK(ledger_backup(f.ledger, backup, FAULT));
    /* Nothing was signed since: it may take the ledger's place. */
    fixture_close(&f);
    (void)snprintf(command, sizeof command, "rm -rf '%s' && cp -a '%s' '%s'", f.dir, backup, f.dir);
    ck_assert_int_eq(system(command), 0);
    fixture_open(&f);
    act = noting(&f, 0, "x", 0);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    fixture_close(&f);
    /* Now it is behind. */
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(ledger_open(f.dir, LEDGER_APPEND, NULL, &ledger, NULL), STATUS_REFUSED);
    ck_assert_int_eq(ledger_open(backup, LEDGER_APPEND, f.head, &ledger, NULL), STATUS_REFUSED);
    ck_assert_int_eq(ledger_open(backup, LEDGER_APPEND, NULL, &ledger, NULL), STATUS_REFUSED);
    fixture_remove(&f);
}
END_TEST

START_TEST(the_report_says_what_there_is)
{
    struct fixture f;
    struct ledger_report report;

    fixture_make(&f, NULL);
    OK(ledger_report(f.ledger, &report, FAULT));
    ck_assert_uint_eq(report.records, 3);
    ck_assert_uint_eq(report.subjects, 6);
    ck_assert_uint_eq(report.checkpoint_size, 0);
    ck_assert_uint_eq(report.remembered_size, 0);
    ck_assert_uint_eq(report.last_logged_s, f.now_s);
    fixture_checkpoint(&f);
    OK(ledger_report(f.ledger, &report, FAULT));
    ck_assert_uint_eq(report.records, 4);
    ck_assert_uint_eq(report.checkpoint_size, 4);
    ck_assert_uint_eq(report.remembered_size, 4);
    ck_assert_uint_gt(report.file_bytes, 10000);
    ck_assert_uint_le(report.used_bytes, report.file_bytes);
    ck_assert_uint_gt(report.used_bytes, 4096);
    fixture_remove(&f);
}
END_TEST

/* Appends until something fails; how many were acknowledged. */
static uint64_t append_until_full(struct fixture *f, struct fault *fault)
{
    for (uint64_t count = 0;; count++) {
        struct signed_act act = noting(f, 0, "x", 40);
        struct ledger_txn *txn = NULL;
        uint64_t index;
        enum status status = ledger_begin(f->ledger, true, &txn, fault);

        ck_assert_uint_lt(count, 100000);
        if (status == STATUS_OK) {
            status = ledger_append(txn, &act.submission, f->now_s, NULL, &index, fault);
            if (status == STATUS_OK) {
                status = ledger_commit(txn, fault);
            } else {
                ledger_abort(txn);
            }
        }
        signed_free(&act);
        if (status != STATUS_OK) {
            return count;
        }
    }
}

START_TEST(a_full_disk_loses_no_record)
{
    struct fixture f;
    struct fault fault = {0};
    struct signed_act act;
    char root[64] = "/tmp/unbroken-XXXXXX";
    uint64_t count;

    if (geteuid() != 0) {
        return; /* the next test does it without a disk of its own */
    }
    ck_assert_ptr_nonnull(mkdtemp(root));
    ck_assert_int_eq(mount("unbroken-test", root, "tmpfs", 0, "size=20m"), 0);
    fixture_make(&f, root);
    fixture_checkpoint(&f);
    count = append_until_full(&f, &fault);
    ck_assert_int_eq(fault.status, STATUS_FULL);
    ck_assert_uint_gt(count, 100);
    ck_assert_uint_eq(fixture_size(&f), 4 + count);
    fixture_close(&f);
    ck_assert_uint_eq(check_sound(f.dir, NULL, false), 4 + count);
    fault_clear(&fault);
    ck_assert_int_eq(ledger_open(f.dir, LEDGER_APPEND, NULL, &f.ledger, &fault), STATUS_FULL);
    ck_assert_int_eq(mount("unbroken-test", root, "tmpfs", MS_REMOUNT, "size=60m"), 0);
    fixture_open(&f);
    act = noting(&f, 0, "x", 0);
    ck_assert_uint_eq(fixture_append(&f, &act), 4 + count);
    fixture_checkpoint(&f);
    fixture_close(&f);
    ck_assert_uint_eq(check_sound(f.dir, NULL, false), 6 + count);
    fixture_remove(&f);
    ck_assert_int_eq(umount(root), 0);
    ck_assert_int_eq(rmdir(root), 0);
}
END_TEST

/* The file may not grow: the commit itself fails. */
START_TEST(a_failed_commit_loses_no_record)
{
    struct fixture f;
    struct fault fault = {0};
    struct rlimit limit = {700000, RLIM_INFINITY};
    struct ledger_txn *txn = NULL;
    struct signed_act act;
    uint64_t count;

    ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    count = append_until_full(&f, &fault);
    ck_assert_msg(fault.status == STATUS_FULL || fault.status == STATUS_ENVIRONMENT, "%s", fault.text);
    ck_assert_uint_gt(count, 10);
    ck_assert_int_eq(ledger_begin(f.ledger, true, &txn, NULL), STATUS_ENVIRONMENT);
    ck_assert_int_eq(ledger_begin(f.ledger, false, &txn, NULL), STATUS_ENVIRONMENT);
    fixture_close(&f);
    limit.rlim_cur = RLIM_INFINITY;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_uint_eq(check_sound(f.dir, NULL, false), 4 + count);
    fixture_open(&f);
    act = noting(&f, 0, "x", 0);
    ck_assert_uint_eq(fixture_append(&f, &act), 4 + count);
    fixture_checkpoint(&f);
    fixture_close(&f);
    ck_assert_uint_eq(check_sound(f.dir, NULL, false), 6 + count);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_backup_while_others_write, a_backup_is_restored, the_report_says_what_there_is,
                                  a_full_disk_loses_no_record, a_failed_commit_loses_no_record, NULL};

    return run_tests("care", tests);
}
