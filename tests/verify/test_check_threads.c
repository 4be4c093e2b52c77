/* SPDX-License-Identifier: Apache-2.0 */
/*
 * V7, V8 and V10. Breaks when a thread passes that is not the one which the heads tree counts: every numbering of three
 * records is tried, and every record, leaf and link of a bundle left out or given twice.
 */
#include "tests/support/sample_check.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { CASE = 5, ITEM = 6 };

static struct sample_check s;

static void setup(void)
{
    sample_check_open(&s, "case-three-items.bundle", "station.policy");
    sample_check_run(&s, AT_RECORDS, AT_THREADS);
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

static void expect(enum sample_step before, const char *code, uint64_t subject)
{
    sample_check_run(&s, AT_THREADS, before);
    ck_assert_msg(strcmp(sample_check_code(&s), code) == 0, "\"%s\" (%s) instead of \"%s\"", sample_check_code(&s),
                  s.verdict.stop.text, code);
    if (code[0] != '\0') {
        ck_assert_uint_eq(s.verdict.stop.subject, subject);
    }
}

static struct row_link *link_of(uint64_t subject, uint64_t number)
{
    for (size_t i = 0; i < s.check.link_count; i++) {
        if (s.check.links[i].subject == subject && s.check.links[i].number == number) {
            return &s.check.links[i];
        }
    }
    ck_abort_msg("no such link");
    return NULL;
}

/* The case's thread is records 3, 5 and 6. Of all numberings 0 to 4 of the three, one passes. */
START_TEST(test_every_numbering)
{
    for (unsigned code = 0; code < 125; code++) {
        unsigned numbers[3] = {code % 5, code / 5 % 5, code / 25};
        const char *expected = "";

        for (unsigned i = 0; i < 3 && expected[0] == '\0'; i++) {
            expected = numbers[i] == i + 1 ? "" : numbers[i] > i + 1 ? "incomplete" : "thread";
        }
        again();
        struct row_link *links[3] = {link_of(CASE, 1), link_of(CASE, 2), link_of(CASE, 3)};
        for (unsigned i = 0; i < 3; i++) {
            links[i]->number = numbers[i];
        }
        expect(AT_ACTS, expected, CASE);
    }
}
END_TEST

/* `before` is the index of the record before, and of no other. */
START_TEST(test_before)
{
    static const uint64_t others[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, NOTHING};

    for (uint64_t number = 1; number <= 3; number++) {
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
            again();
            bool right = others[i] == (number == 1 ? NOTHING : number == 2 ? 3 : 5);
            link_of(CASE, number)->before = others[i];
            expect(AT_ACTS, right ? "" : "thread", CASE);
        }
    }
}
END_TEST

/* A link taken away is a record that is missing, in the middle as at the end; one too many is a contradiction. */
START_TEST(test_links_missing_and_double)
{
    for (uint64_t number = 1; number <= 4; number++) {
        again();
        *link_of(ITEM, number) = s.check.links[--s.check.link_count];
        expect(AT_ACTS, "incomplete", ITEM);
    }
    /* Number 5 at the heads record, and at record 9 again, where the thread does end: its count alone is wrong. */
    for (size_t again_at_9 = 0; again_at_9 < 2; again_at_9++) {
        again();
        struct row_link *extra = realloc(s.check.links, (s.check.link_count + 1) * sizeof *extra);
        ck_assert_ptr_nonnull(extra);
        s.check.links = extra;
        extra[s.check.link_count] = *link_of(ITEM, 4);
        extra[s.check.link_count].row = again_at_9 == 1 ? extra[s.check.link_count].row : s.check.row_count - 1;
        extra[s.check.link_count].before = 9;
        extra[s.check.link_count++].number = 5;
        expect(AT_ACTS, "thread", ITEM);
    }
}
END_TEST

/* What the leaf says of the end: count, index and hash. */
START_TEST(test_the_end)
{
    sample_check_row(&s, 9)->hash.bytes[31] ^= 1;
    expect(AT_ACTS, "thread", ITEM);
    again();
    sample_check_row(&s, 9)->index = 7; /* as if another record were the last */
    expect(AT_ACTS, "thread", ITEM);
}
END_TEST

/* Every leaf in the place of every other: its bytes alone, its path alone, and both. */
START_TEST(test_every_leaf_for_every_leaf)
{
    size_t count = s.check.bundle.leaf_count;

    for (size_t code = 0; code < 3 * count * count; code++) {
        size_t i = code % count, j = code / count % count, way = code / count / count;

        again();
        struct bundle_proof *leaves = s.check.bundle.leaves;
        leaves[i].bytes = way != 1 ? leaves[j].bytes : leaves[i].bytes;
        leaves[i].path = way != 0 ? leaves[j].path : leaves[i].path;
        sample_check_run(&s, AT_THREADS, AT_ACTS);
        const char *code_of_stop = sample_check_code(&s);
        ck_assert_msg((code_of_stop[0] == '\0') == (i == j), "leaf %zu as leaf %zu: \"%s\"", j, i, code_of_stop);
        if (i != j && way == 1) {
            ck_assert_str_eq(code_of_stop, "leaf");
        }
    }
}
END_TEST

static void drop_leaf(size_t i)
{
    struct bundle *bundle = &s.check.bundle;

    memmove(bundle->leaves + i, bundle->leaves + i + 1, (bundle->leaf_count - 1 - i) * sizeof *bundle->leaves);
    bundle->leaf_count--;
}

/* V10: each of the closure of the case is needed, the founder too who signed nothing but the founding (2). */
START_TEST(test_every_leaf_left_out)
{
    size_t count = s.check.bundle.leaf_count;

    ck_assert_uint_eq(count, 9);
    for (size_t i = 0; i < count; i++) {
        again();
        drop_leaf(i);
        sample_check_run(&s, AT_THREADS, AT_ACTS);
        ck_assert_str_eq(sample_check_code(&s), "");
        ck_assert_int_eq(check_closure(&s.check, &s.fault), STATUS_OK);
        ck_assert_str_eq(sample_check_code(&s), "incomplete");
        ck_assert_uint_eq(s.verdict.stop.subject, i);
    }
}
END_TEST

/* Asked for less: what was right is surplus now, the smallest subject first; then the record that touches none. */
START_TEST(test_surplus)
{
    s.check.bundle.asked[0] = 4; /* the custodian, who needs the registrar alone */
    sample_check_run(&s, AT_THREADS, AT_ACTS);
    ck_assert_int_eq(check_closure(&s.check, &s.fault), STATUS_OK);
    ck_assert_str_eq(sample_check_code(&s), "surplus");
    ck_assert_uint_eq(s.verdict.stop.subject, 3);
    again();
    s.check.bundle.asked[0] = 4;
    while (s.check.bundle.leaf_count > 5) {
        drop_leaf(5);
    }
    drop_leaf(3);
    sample_check_run(&s, AT_THREADS, AT_ACTS);
    ck_assert_int_eq(check_closure(&s.check, &s.fault), STATUS_OK);
    ck_assert_str_eq(sample_check_code(&s), "surplus");
    ck_assert_uint_eq(s.verdict.stop.record, 1);
    ck_assert_uint_eq(s.verdict.stop.subject, NOTHING);
}
END_TEST

/* Numbers at the edge of what was issued: M is 10. */
START_TEST(test_asked)
{
    s.check.bundle.asked[0] = 10;
    expect(AT_ACTS, "never-issued", 10);
    again();
    s.check.bundle.asked[0] = NOTHING - 1;
    expect(AT_ACTS, "never-issued", NOTHING - 1);
    again();
    s.check.bundle.asked[0] = 9; /* issued, but no leaf: V10 misses it */
    expect(AT_ACTS, "", 0);
    ck_assert_int_eq(check_closure(&s.check, &s.fault), STATUS_OK);
    ck_assert_str_eq(sample_check_code(&s), "incomplete");
    ck_assert_uint_eq(s.verdict.stop.subject, 9);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_threads");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_every_numbering);
    tcase_add_test(tests, test_before);
    tcase_add_test(tests, test_links_missing_and_double);
    tcase_add_test(tests, test_the_end);
    tcase_add_test(tests, test_every_leaf_for_every_leaf);
    tcase_add_test(tests, test_every_leaf_left_out);
    tcase_add_test(tests, test_surplus);
    tcase_add_test(tests, test_asked);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
