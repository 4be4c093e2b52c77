/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a record that was acknowledged is gone after a crash, when two processes that append at once fork the ledger or lose a record, or
 * when what a crash leaves behind is not sound.
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static void check_sound(struct fixture *f, uint64_t records)
{
    struct fsck_options options = {0};
    struct fsck_report report;

    OK(ledger_fsck(f->ledger, &options, &report, FAULT));
    ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
    ck_assert_uint_eq(report.records, records);
}

/* Appends notes without end, now and then a checkpoint, and writes each acknowledged act-id and index to the pipe. */
struct acknowledged {
    struct hash id;
    uint64_t index;
};

static void append_for_ever(struct fixture *f, int out)
{
    fixture_open(f);
    for (uint64_t i = 0;; i++) {
        struct signed_act act = noting(f, i % 6, "x", i % 3);
        struct acknowledged done;

        act_id(f->hasher, buffer_view(&act.draft.payload), &done.id);
        done.index = fixture_append(f, &act);
        if (write(out, &done, sizeof done) != (ssize_t)sizeof done) {
            _exit(1);
        }
        if (i % 4 == 3) {
            fixture_checkpoint(f);
        }
    }
}

static void check_acknowledged(struct fixture *f, const struct acknowledged *done)
{
    struct ledger_txn *txn = NULL;
    uint64_t index = 0;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(ledger_find_act(txn, &done->id, &index, FAULT));
    ck_assert_uint_eq(index, done->index);
    ledger_abort(txn);
}

START_TEST(what_was_acknowledged_survives_a_kill)
{
    struct fixture f;
    struct acknowledged *all = malloc(100000 * sizeof *all);
    size_t count = 0;

    fixture_make(&f, NULL);
    fixture_close(&f);
    srand(7);
    for (int round = 0; round < 25; round++) {
        struct timespec wait = {0, (long)(rand() % 60) * 1000000L + 1000000L};
        struct acknowledged done;
        int pipes[2];
        int child_status;
        pid_t child;

        ck_assert_int_eq(pipe(pipes), 0);
        child = fork();
        if (child == 0) {
            (void)close(pipes[0]);
            append_for_ever(&f, pipes[1]);
        }
        (void)close(pipes[1]);
        /* At least one is acknowledged; then any moment. */
        ck_assert_int_eq(read(pipes[0], &done, sizeof done), sizeof done);
        all[count++] = done;
        (void)nanosleep(&wait, NULL);
        ck_assert_int_eq(kill(child, SIGKILL), 0);
        while (read(pipes[0], &done, sizeof done) == (ssize_t)sizeof done) {
            all[count++] = done;
            ck_assert_uint_lt(count, 100000);
        }
        (void)close(pipes[0]);
        ck_assert_int_eq(waitpid(child, &child_status, 0), child);
        ck_assert(WIFSIGNALED(child_status));
        fixture_open(&f);
        check_sound(&f, fixture_size(&f));
        f.now_s += 100000; /* the child's clock was ahead of ours */
        fixture_checkpoint(&f);
        fixture_close(&f);
    }
    fixture_open(&f);
    for (size_t i = 0; i < count; i++) {
        check_acknowledged(&f, &all[i]);
    }
    ck_assert_uint_gt(count, 50);
    check_sound(&f, fixture_size(&f));
    free(all);
    fixture_remove(&f);
}
END_TEST

enum { WRITERS = 2, ACTS_EACH = 200 };

static void append_many(struct fixture *f)
{
    fixture_open(f);
    for (uint64_t i = 0; i < ACTS_EACH; i++) {
        struct signed_act act = noting(f, i % 6, "x", 1);
        struct ledger_txn *txn = NULL;
        uint64_t index;

        OK(ledger_begin(f->ledger, true, &txn, FAULT));
        OK(ledger_append(txn, &act.submission, f->now_s, NULL, &index, FAULT));
        OK(ledger_commit(txn, FAULT));
        signed_free(&act);
        if (i % 10 == 9) {
            struct buffer note = {0};

            OK(ledger_checkpoint(f->ledger, f->now_s, &note, FAULT));
            buffer_free(&note);
        }
    }
    fixture_close(f);
    _exit(0);
}

START_TEST(two_processes_append_at_once)
{
    struct fixture f;
    pid_t children[WRITERS];
    uint64_t heads;

    fixture_make(&f, NULL);
    fixture_close(&f);
    for (int i = 0; i < WRITERS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            append_many(&f);
        }
    }
    for (int i = 0; i < WRITERS; i++) {
        int child_status;

        ck_assert_int_eq(waitpid(children[i], &child_status, 0), children[i]);
        ck_assert(WIFEXITED(child_status) && WEXITSTATUS(child_status) == 0);
    }
    fixture_open(&f);
    {
        struct fsck_options options = {0};
        struct fsck_report report;

        OK(ledger_fsck(f.ledger, &options, &report, FAULT));
        ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
        ck_assert_uint_eq(report.acts, 3 + WRITERS * ACTS_EACH);
        heads = report.records - report.acts;
        ck_assert_uint_ge(heads, 1);
        ck_assert_uint_le(report.checkpoints, heads);
    }
    fixture_remove(&f);
}
END_TEST

/* One process keeps the ledger open while another appends: what was kept in memory is not used again. */
START_TEST(another_process_is_noticed)
{
    struct fixture f;
    struct signed_act act;
    struct fault fault = {0};
    int child_status;
    int pipes[2];
    char byte = 0;
    pid_t child;

    fixture_make(&f, NULL);
    fixture_close(&f);
    ck_assert_int_eq(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        if (read(pipes[0], &byte, 1) != 1) {
            _exit(1);
        }
        fixture_open(&f);
        act = allotting(&f, 6, 2);
        (void)fixture_append(&f, &act);
        act = noting(&f, 4, "theirs", 0);
        (void)fixture_append(&f, &act);
        fixture_close(&f);
        _exit(0);
    }
    fixture_open(&f);
    act = noting(&f, 4, "mine", 0);
    (void)fixture_append(&f, &act);
    ck_assert_int_eq(write(pipes[1], &byte, 1), 1);
    ck_assert_int_eq(waitpid(child, &child_status, 0), child);
    ck_assert(WIFEXITED(child_status) && WEXITSTATUS(child_status) == 0);
    f.now_s += 1000;
    act = allotting(&f, 6, 1);
    ck_assert_int_eq(fixture_try(&f, &act, f.now_s, &fault), STATUS_REFUSED);
    signed_free(&act);
    act = noting(&f, 4, "mine again", 0);
    ck_assert_uint_eq(fixture_append(&f, &act), 6);
    act = allotting(&f, 8, 1);
    ck_assert_uint_eq(fixture_append(&f, &act), 7);
    check_sound(&f, 8);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {what_was_acknowledged_survives_a_kill, two_processes_append_at_once,
                                  another_process_is_noticed, NULL};

    return run_tests("crash", tests);
}
