/* SPDX-License-Identifier: Apache-2.0 */
/*
 * V9 over a bundle, by a forger who signs anew what he changes. Breaks when two signers may have seen two histories of one
 * size, when the first of several replays is not the one that is told, when a limit of time is off by a second, or when
 * a breach is told twice or a later one not at all.
 */
#include "tests/support/sample_check.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { REGISTER = 6, RELEASE = 8, ACCEPT = 9, LAST = 10, DAY_S = 86400 };

static struct sample_check s;

static void setup(void)
{
    sample_check_open(&s, "case-three-items.bundle", "station.policy");
    sample_check_run(&s, AT_RECORDS, AT_ACTS);
    ck_assert_str_eq(sample_check_code(&s), "");
}

static void teardown(void)
{
    sample_check_close(&s);
}

static void again(void)
{
    teardown();
    setup();
}

static void expect(const char *code, uint64_t record)
{
    sample_check_run(&s, AT_ACTS, AT_CLOSURE);
    ck_assert_msg(strcmp(sample_check_code(&s), code) == 0, "\"%s\" (%s) instead of \"%s\"", sample_check_code(&s),
                  s.verdict.stop.text, code);
    if (code[0] != '\0') {
        ck_assert_uint_eq(s.verdict.stop.record, record);
    }
}

START_TEST(test_good)
{
    expect("", 0);
    ck_assert_uint_eq(s.verdict.signatures, 2 + 2 + 2 + 1 + 1 + 2 + 1 + 1 + 1);
    ck_assert_uint_eq(s.verdict.finding_count, 0);
    /* What the forger signs anew without a change is as good: what follows fails by the change alone. */
    again();
    (void)sample_check_edit(&s, ACCEPT);
    sample_check_resign(&s);
    expect("", 0);
}
END_TEST

/* V9.10: size <= index, and every act that names a size names the same root. */
START_TEST(test_seen)
{
    struct act *act = sample_check_edit(&s, ACCEPT);
    act->seen_size = ACCEPT + 1;
    sample_check_resign(&s);
    expect("seen", ACCEPT);

    again();
    act = sample_check_edit(&s, ACCEPT);
    act->seen_root.bytes[0] ^= 1;
    sample_check_resign(&s);
    expect("seen", ACCEPT);

    again();
    act = sample_check_edit(&s, ACCEPT);
    act->seen_size = 7; /* no act has seen it: no proof is there */
    sample_check_resign(&s);
    expect("unreadable", NOTHING);

    /* The acceptance has seen what the release had: true, but then the bundle proves size 9 for nobody. */
    again();
    struct hash root = sample_check_edit(&s, RELEASE)->seen_root;
    act = sample_check_edit(&s, ACCEPT);
    act->seen_size = RELEASE;
    act->seen_root = root;
    sample_check_resign(&s);
    expect("surplus", NOTHING);

    /* The same size with another root, after it was proven once. */
    again();
    act = sample_check_edit(&s, ACCEPT);
    act->seen_size = RELEASE;
    act->seen_root = root;
    act->seen_root.bytes[31] ^= 1;
    sample_check_resign(&s);
    expect("seen", ACCEPT);
}
END_TEST

/* V9.2: of several, the lowest record that repeats one before it; and a foreign act is told before. */
START_TEST(test_replayed)
{
    sample_check_row(&s, ACCEPT)->bytes = sample_check_row(&s, 2)->bytes;
    sample_check_row(&s, REGISTER)->bytes = sample_check_row(&s, 4)->bytes;
    sample_check_row(&s, RELEASE)->bytes = sample_check_row(&s, 4)->bytes;
    expect("replayed", REGISTER);

    again();
    struct act *act = sample_check_edit(&s, RELEASE);
    act->ledger.bytes[5] ^= 1;
    sample_check_resign(&s);
    sample_check_row(&s, ACCEPT)->bytes = sample_check_row(&s, RELEASE)->bytes;
    expect("foreign", RELEASE);
}
END_TEST

/* Other signatures do not make another act: the act-id is that of the payload. */
START_TEST(test_replayed_with_another_signature)
{
    static struct record record;
    struct act *act = sample_check_edit(&s, RELEASE);

    act->signatures[0].value[0] ^= 1;
    struct buffer whole = {0}, made = {0};
    act_encode(act->payload, act->signatures, act->signer_count, &whole);
    ck_assert_int_eq(record_decode(sample_check_row(&s, ACCEPT)->bytes, &record, &s.fault), STATUS_OK);
    record.act = buffer_view(&whole);
    record_encode(&record, &made);
    sample_check_row(&s, ACCEPT)->bytes = buffer_view(&made);
    expect("replayed", ACCEPT);
    buffer_free(&whole);
    buffer_free(&made);
}
END_TEST

/* 7.3.17c: claimed and logged a day apart is right, a second more is a finding; signed offline it is none. */
START_TEST(test_claimed)
{
    uint64_t logged_s = sample_check_row(&s, ACCEPT)->logged_s;

    for (int i = 0; i < 6; i++) {
        again();
        struct act *act = sample_check_edit(&s, ACCEPT);
        uint64_t apart = DAY_S + (i >= 2 ? 1 : 0);
        act->claimed_s = i % 2 == 0 ? logged_s - apart : logged_s + apart;
        act->present |= i >= 4 ? BIT(PAY_OFFLINE) : 0;
        sample_check_resign(&s);
        expect("", 0);
        ck_assert_uint_eq(sample_check_findings(&s, "claimed"), i == 2 || i == 3 ? 1 : 0);
        ck_assert_uint_eq(s.verdict.finding_count, i == 2 || i == 3 ? 1 : 0);
    }
}
END_TEST

/* 7.3.17c: back by a second, or more than 31 days ahead of the record with the index before. Record 7 is not in the bundle. */
START_TEST(test_clock)
{
    static const struct {
        uint64_t record;
        int64_t after_s; /* after the record before it in the bundle */
        size_t findings;
    } steps[] = {
        {ACCEPT, 0, 0},       {ACCEPT, -1, 1},           {ACCEPT, 31 * DAY_S, 0}, {ACCEPT, 31 * DAY_S + 1, 1},
        {RELEASE, -1, 1},     {RELEASE, 400 * DAY_S, 0}, {LAST, -1, 1},           {LAST, 31 * DAY_S, 0},
        {LAST, 31 * DAY_S + 1, 1},
    };

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        again();
        struct row *row = sample_check_row(&s, steps[i].record);
        uint64_t moved = row[-1].logged_s + (uint64_t)steps[i].after_s - row->logged_s;
        for (struct row *later = row; later < s.check.rows + s.check.row_count; later++) {
            later->logged_s += moved;
        }
        expect("", 0);
        ck_assert_msg(sample_check_findings(&s, "clock") == steps[i].findings, "step %zu: %zu findings", i,
                      sample_check_findings(&s, "clock"));
        ck_assert_uint_eq(sample_check_findings(&s, "claimed") > 0, steps[i].after_s > DAY_S && steps[i].record != LAST);
    }
    /* The first record has none before it. */
    again();
    s.check.rows[0].logged_s = 1;
    expect("", 0);
    ck_assert_uint_eq(sample_check_findings(&s, "clock"), 1); /* from record 0 to record 1 */
    ck_assert_uint_eq(s.verdict.findings[s.verdict.finding_count - 1].record, 1);
}
END_TEST

/* SPEC 7.3.17b: one breach for each (code, record, subject), though others come between; findings are all told. */
START_TEST(test_told_once)
{
    struct finding breach = {.code = "mass", .breach = true, .record = 8, .subject = 6};
    struct finding finding = {.code = "drift", .record = 8, .subject = 6};
    const struct rules_source *source = &s.check.source;

    expect("", 0);
    for (int i = 0; i < 3; i++) {
        source->report(source->context, &breach);
        source->report(source->context, &finding);
    }
    ck_assert_uint_eq(sample_check_findings(&s, "mass"), 1);
    ck_assert_uint_eq(sample_check_findings(&s, "drift"), 3);
    breach.subject = 7;
    source->report(source->context, &breach);
    breach.record = 9;
    source->report(source->context, &breach);
    breach.code = "pieces";
    source->report(source->context, &breach);
    ck_assert_uint_eq(sample_check_findings(&s, "mass"), 3);
    ck_assert_uint_eq(sample_check_findings(&s, "pieces"), 1);
}
END_TEST

/* A contradiction of custody waits: what V10 finds goes before it. */
START_TEST(test_custody_waits)
{
    struct act *act = sample_check_edit(&s, ACCEPT);
    act->answers.bytes[0] ^= 1;
    sample_check_resign(&s);
    expect("", 0);
    ck_assert_str_eq(s.check.custody.code, "answers");
    ck_assert_uint_eq(s.check.custody.record, ACCEPT);
    s.check.bundle.asked[0] = 9;
    sample_check_run(&s, AT_CLOSURE, AT_END);
    ck_assert_str_eq(sample_check_code(&s), "incomplete");

    again();
    act = sample_check_edit(&s, ACCEPT);
    act->answers.bytes[0] ^= 1;
    sample_check_resign(&s);
    sample_check_run(&s, AT_ACTS, AT_END);
    ck_assert_str_eq(sample_check_code(&s), "answers");
}
END_TEST

/* V9.5: an unknown kind is noted at its record; its signature is asked for all the same. */
START_TEST(test_unknown_kind)
{
    struct act *act = sample_check_edit(&s, ACCEPT);
    act->kind = 200;
    sample_check_resign(&s);
    expect("", 0);
    ck_assert_uint_eq(s.verdict.note_count, 1);
    ck_assert_str_eq(s.verdict.notes[0].code, "unknown-kind");
    ck_assert_uint_eq(s.verdict.notes[0].record, ACCEPT);

    again();
    act = sample_check_edit(&s, ACCEPT);
    act->kind = 200;
    act->seen_root.bytes[0] ^= 1; /* its signer has seen another history: no kind excuses that */
    sample_check_resign(&s);
    expect("seen", ACCEPT);

    again();
    act = sample_check_edit(&s, ACCEPT);
    act->kind = 200;
    act->signers[0].person = 3; /* signed by another than its header says */
    sample_check_resign(&s);
    expect("key", ACCEPT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_acts");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_good);
    tcase_add_test(tests, test_seen);
    tcase_add_test(tests, test_replayed);
    tcase_add_test(tests, test_replayed_with_another_signature);
    tcase_add_test(tests, test_claimed);
    tcase_add_test(tests, test_clock);
    tcase_add_test(tests, test_told_once);
    tcase_add_test(tests, test_custody_waits);
    tcase_add_test(tests, test_unknown_kind);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
