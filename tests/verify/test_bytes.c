/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when views compare wrongly, a part leaves its whole, or a buffer loses bytes or a failure. */
#include "verify/bytes.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

START_TEST(test_view_equal)
{
    ck_assert(view_equal(view_text("abc"), view_text("abc")));
    ck_assert(!view_equal(view_text("abc"), view_text("abd")));
    ck_assert(!view_equal(view_text("abc"), view_text("ab")));
    ck_assert(view_equal(view_text(""), view_of(NULL, 0)));
}
END_TEST

START_TEST(test_view_compare)
{
    const uint8_t high = 0xff;

    ck_assert_int_eq(view_compare(view_text("ab"), view_text("ab")), 0);
    ck_assert_int_lt(view_compare(view_text("ab"), view_text("abc")), 0);
    ck_assert_int_gt(view_compare(view_text("abc"), view_text("ab")), 0);
    ck_assert_int_lt(view_compare(view_text("abc"), view_text("b")), 0);
    ck_assert_int_gt(view_compare(view_of(&high, 1), view_text("a")), 0); /* bytes are unsigned */
    ck_assert_int_lt(view_compare(view_of(NULL, 0), view_text("a")), 0);
    ck_assert_int_eq(view_compare(view_of(NULL, 0), view_of(NULL, 0)), 0);
}
END_TEST

START_TEST(test_view_part)
{
    struct view whole = view_text("abcdef");

    ck_assert(view_equal(view_part(whole, 2, 3), view_text("cde")));
    ck_assert_uint_eq(view_part(whole, 6, 0).len, 0);
    ck_assert_uint_eq(view_part(view_of(NULL, 0), 0, 0).len, 0);
}
END_TEST

START_TEST(test_view_part_outside)
{
    (void)view_part(view_text("abcdef"), 4, 3);
}
END_TEST

START_TEST(test_view_part_overflow)
{
    (void)view_part(view_text("abcdef"), 1, SIZE_MAX);
}
END_TEST

START_TEST(test_buffer_grows)
{
    struct buffer buffer = {0};
    struct fault fault;

    fault_clear(&fault);
    for (unsigned i = 0; i < 100000; i++) {
        buffer_append_byte(&buffer, (uint8_t)(i % 251));
    }
    buffer_append(&buffer, "xyz", 3);
    buffer_append_view(&buffer, view_text("!"));
    buffer_append(&buffer, NULL, 0);
    ck_assert_uint_eq(buffer.len, 100004);
    for (unsigned i = 0; i < 100000; i++) {
        ck_assert_uint_eq(buffer.ptr[i], i % 251);
    }
    ck_assert(view_equal(view_part(buffer_view(&buffer), 100000, 4), view_text("xyz!")));
    ck_assert_int_eq(buffer_status(&buffer, &fault), STATUS_OK);
    buffer_free(&buffer);
    ck_assert_ptr_null(buffer.ptr);
    ck_assert_uint_eq(buffer.cap, 0);
    buffer_free(&buffer);
}
END_TEST

START_TEST(test_buffer_printf)
{
    struct buffer buffer = {0};

    for (int i = 0; i < 200; i++) {
        buffer_printf(&buffer, "%d,", i % 10);
    }
    buffer_printf(&buffer, "%s", "");
    ck_assert_uint_eq(buffer.len, 400);
    ck_assert(view_equal(view_part(buffer_view(&buffer), 396, 4), view_text("8,9,")));
    buffer_free(&buffer);
}
END_TEST

START_TEST(test_buffer_reset_keeps_memory)
{
    struct buffer buffer = {0};
    uint8_t *before;

    buffer_append(&buffer, "abc", 3);
    before = buffer.ptr;
    buffer_reset(&buffer);
    ck_assert_uint_eq(buffer.len, 0);
    ck_assert_ptr_eq(buffer.ptr, before);
    buffer_append(&buffer, "de", 2);
    ck_assert(view_equal(buffer_view(&buffer), view_text("de")));
    buffer_free(&buffer);
}
END_TEST

START_TEST(test_failure_is_sticky)
{
    struct buffer buffer = {0};
    struct fault fault;

    fault_clear(&fault);
    buffer_append(&buffer, "abc", 3);
    buffer_append(&buffer, "abc", SIZE_MAX - 1); /* cannot be had, and is not read */
    buffer_append(&buffer, "def", 3);
    buffer_printf(&buffer, "%d", 5);
    ck_assert(view_equal(buffer_view(&buffer), view_text("abc")));
    buffer_reset(&buffer);
    ck_assert_int_eq(buffer_status(&buffer, &fault), STATUS_MEMORY);
    ck_assert_int_eq(fault.status, STATUS_MEMORY);
    buffer_free(&buffer);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bytes");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_test(tests, test_view_equal);
    tcase_add_test(tests, test_view_compare);
    tcase_add_test(tests, test_view_part);
    tcase_add_test_raise_signal(tests, test_view_part_outside, SIGABRT);
    tcase_add_test_raise_signal(tests, test_view_part_overflow, SIGABRT);
    tcase_add_test(tests, test_buffer_grows);
    tcase_add_test(tests, test_buffer_printf);
    tcase_add_test(tests, test_buffer_reset_keeps_memory);
    tcase_add_test(tests, test_failure_is_sticky);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
