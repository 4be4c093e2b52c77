/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a later notice overwrites the first, a text overruns, or a number changes its name. */
#include "verify/status.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

START_TEST(test_clear)
{
    struct fault fault;

    memset(&fault, 0xaa, sizeof fault);
    fault_clear(&fault);
    ck_assert_int_eq(fault.status, STATUS_OK);
    ck_assert(fault.at == FAULT_NOWHERE);
    ck_assert_str_eq(fault.text, "");
}
END_TEST

START_TEST(test_first_notice_stays)
{
    struct fault fault;

    fault_clear(&fault);
    ck_assert_int_eq(fault_set(&fault, STATUS_DAMAGED, 41, "record %d: %s", 41, "too short"), STATUS_DAMAGED);
    ck_assert_int_eq(fault_set(&fault, STATUS_MEMORY, 7, "later"), STATUS_MEMORY);
    ck_assert_int_eq(fault.status, STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 41);
    ck_assert_str_eq(fault.text, "record 41: too short");
}
END_TEST

START_TEST(test_null_fault)
{
    ck_assert_int_eq(fault_set(NULL, STATUS_FULL, 0, "nobody listens"), STATUS_FULL);
}
END_TEST

START_TEST(test_long_text_is_cut)
{
    struct fault fault;
    char text[2 * FAULT_TEXT_BYTES];

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    fault_clear(&fault);
    ck_assert_int_eq(fault_set(&fault, STATUS_REFUSED, 0, "%s", text), STATUS_REFUSED);
    ck_assert_uint_eq(strlen(fault.text), FAULT_TEXT_BYTES - 1);
}
END_TEST

START_TEST(test_names_and_numbers)
{
    static const char *const names[] = {"ok",          "damaged", "refused", "missing",    "untrusted",
                                        "environment", "full",    "memory",  "interrupted"};

    for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++) {
        ck_assert_str_eq(status_name((enum status)i), names[i]);
    }
    ck_assert_int_eq(STATUS_INTERRUPTED, 8);
    ck_assert_str_eq(status_name((enum status)99), "unknown");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("status");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_test(tests, test_clear);
    tcase_add_test(tests, test_first_notice_stays);
    tcase_add_test(tests, test_null_fault);
    tcase_add_test(tests, test_long_text_is_cut);
    tcase_add_test(tests, test_names_and_numbers);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
