/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a group of acts whose signatures are checked aside is committed with one that does not hold, when the record named is another, when
 * a refused group leaves a trace, or when the thread's ring loses or repeats a job.
 */
#include "tests/ledger/fixture.c"

#include "ledger/signatures.h"

/* `count` notes in one deferred transaction, the one numbered `bad` with a damaged signature. */
static enum status append_group(struct fixture *f, size_t count, size_t bad, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    struct signed_act *acts = calloc(count, sizeof *acts);
    uint64_t index;

    ck_assert_ptr_nonnull(acts);
    OK(ledger_begin(f->ledger, true, &txn, FAULT));
    ledger_defer(txn);
    for (size_t i = 0; i < count; i++) {
        acts[i] = noting(f, 6, "dry", 1);
        if (i == bad) {
            acts[i].act.ptr[acts[i].act.len - 1] ^= 4;
        }
        OK(ledger_append(txn, &acts[i].submission, f->now_s, NULL, &index, FAULT));
    }
    enum status status = ledger_commit(txn, fault);

    for (size_t i = 0; i < count; i++) {
        signed_free(&acts[i]);
    }
    free(acts);
    return status;
}

static uint64_t size_of(struct fixture *f)
{
    struct ledger_txn *txn = NULL;

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    uint64_t size = ledger_size(txn);

    ledger_abort(txn);
    return size;
}

START_TEST(a_group_is_committed_only_with_every_signature)
{
    struct fixture f;
    struct signed_act act;
    struct fault fault = {0};

    fixture_make(&f, NULL);
    act = allotting(&f, 6, 1);
    (void)fixture_append(&f, &act);
    uint64_t before = size_of(&f);

    /* More acts than the ring has places; first, middle and last are bad in turn. */
    const size_t bads[] = {0, 300, 599};
    for (size_t i = 0; i < sizeof bads / sizeof bads[0]; i++) {
        fault_clear(&fault);
        ck_assert_int_eq(append_group(&f, 600, bads[i], &fault), STATUS_UNTRUSTED);
        ck_assert_uint_eq(fault.at, before + bads[i]);
        ck_assert_ptr_nonnull(strstr(fault.text, "signature"));
        ck_assert_uint_eq(size_of(&f), before);
    }
    ck_assert_int_eq(append_group(&f, 600, SIZE_MAX, &fault), STATUS_OK);
    ck_assert_uint_eq(size_of(&f), before + 600);
    fixture_remove(&f);
}
END_TEST

START_TEST(an_aborted_group_leaves_nothing_to_the_next)
{
    struct fixture f;
    struct signed_act act;
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    uint64_t index;

    fixture_make(&f, NULL);
    act = allotting(&f, 6, 1);
    (void)fixture_append(&f, &act);
    OK(ledger_begin(f.ledger, true, &txn, FAULT));
    ledger_defer(txn);
    act = noting(&f, 6, "dry", 1);
    act.act.ptr[act.act.len - 1] ^= 4;
    OK(ledger_append(txn, &act.submission, f.now_s, NULL, &index, FAULT));
    ledger_abort(txn);
    signed_free(&act);
    ck_assert_int_eq(append_group(&f, 3, SIZE_MAX, &fault), STATUS_OK);
    fixture_remove(&f);
}
END_TEST

START_TEST(closing_does_not_wait_for_what_nobody_asks_for)
{
    struct signatures *signatures = NULL;

    OK(signatures_open(&signatures, FAULT));
    OK(signatures_wait(signatures, FAULT));
    signatures_close(signatures);
    signatures_close(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_group_is_committed_only_with_every_signature, an_aborted_group_leaves_nothing_to_the_next,
                                  closing_does_not_wait_for_what_nobody_asks_for, NULL};

    return run_tests("signatures", tests);
}
