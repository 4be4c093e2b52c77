/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Silence between two files (SPEC 11). Breaks when a file that does not stand is answered, when the older of the two is the newer one, or when a
 * name from a record reaches the reader raw. What is recorded in between: tests/independent/test_between.py, against a second verifier.
 */
#include "tests/support/vectors.h"

#include "verify/between.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct hasher *hasher;
static struct policy *policy;
static struct buffer older, newer;
static struct between between;
static struct buffer text;
static struct fault fault;

static void setup(void)
{
    struct buffer rules = {0};

    vectors_read("station.policy", &rules);
    vectors_read("between-packed-older.bundle", &older);
    vectors_read("between-packed-newer.bundle", &newer);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&rules), &policy, &fault), STATUS_OK);
    buffer_free(&rules);
}

static void teardown(void)
{
    between_close(&between);
    policy_close(policy);
    hasher_close(hasher);
    buffer_free(&older);
    buffer_free(&newer);
    buffer_free(&text);
}

static void compare(struct view a, struct view b)
{
    struct verify_options options = {.as_of_s = NOTHING};

    between_close(&between);
    ck_assert_int_eq(verify_between(hasher, policy, a, b, &options, &between, &fault), STATUS_OK);
    buffer_reset(&text);
    between_print(&between, &text);
    ck_assert(!text.failed);
}

static bool has(const char *words)
{
    return memmem(text.ptr, text.len, words, strlen(words)) != NULL;
}

START_TEST(test_handled)
{
    compare(buffer_view(&older), buffer_view(&newer));
    ck_assert(between.answered && !between.witnessed && between.use == BETWEEN_FITS && between.status == 0);
    ck_assert_uint_eq(between.subject_count, 2);
    ck_assert_uint_eq(between.subjects[0].count, 2);
    ck_assert_uint_eq(between.subjects[1].count, 0);
    /* The records are those of the pallet around the crate that the thing is in. */
    ck_assert_uint_eq(between.records[0].subject, between.subjects[0].subject + 3);
    ck_assert(has("release, of KHPP-") && has("no handling was recorded") && has("on the station's own word"));
}
END_TEST

/* One bit of either file, anywhere: no answer, and the status is not 0. */
START_TEST(test_damaged)
{
    struct buffer *const files[] = {&older, &newer};

    for (size_t i = 0; i < 2; i++) {
        for (size_t at = 0; at < files[i]->len; at += files[i]->len / 40) {
            files[i]->ptr[at] ^= 4;
            compare(buffer_view(&older), buffer_view(&newer));
            ck_assert_msg(!between.answered && between.status == 2 && has("NOT ANSWERED"), "byte %zu of file %zu", at, i);
            ck_assert_uint_eq(between.subject_count, 0);
            files[i]->ptr[at] ^= 4;
        }
    }
}
END_TEST

START_TEST(test_misuse)
{
    compare(buffer_view(&newer), buffer_view(&older));
    ck_assert_int_eq(between.use, BETWEEN_ORDER);
    ck_assert(!between.answered);
    compare(buffer_view(&older), buffer_view(&older));
    ck_assert(between.use == BETWEEN_FITS && between.answered && between.record_count == 0);
    compare(view_of(NULL, 0), view_of(NULL, 0));
    ck_assert(!between.answered && between.status == 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("between");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_handled);
    tcase_set_timeout(tests, 60); /* a busy machine is no failure */
    tcase_add_test(tests, test_damaged);
    tcase_add_test(tests, test_misuse);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
