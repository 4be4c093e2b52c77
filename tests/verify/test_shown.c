/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPEC V14: the checkpoint that a paper or file shows. Breaks when one of its forms is not read, or when a file that shows none is read as one. More
 * forms, and what becomes of each: the vectors receipt-*.since and certificate-*.since.
 */
#include "verify/shown.h"
#include "tests/support/vectors.h"

#include <check.h>
#include <stdlib.h>

static struct hasher *hasher;
static struct fault fault;

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
}

static void teardown(void)
{
    hasher_close(hasher);
}

START_TEST(test_forms)
{
    static const struct {
        const char *file;
        uint64_t size; /* 0: none */
        bool record;
    } all[] = {
        {"smallest.bundle", 2, false}, {"proven.since", 12, false}, {"receipt-good.since", 8, true}, {"receipt-any-order.since", 8, true},
        {"certificate-pdf.since", 10, false}, {"certificate-text.since", 10, false}, {"certificate-good.pdf", 10, false},
        {"receipt-missing.since", 0, false}, {"receipt-as-statement.since", 0, false}, {"certificate-pdf-empty.since", 0, false},
        {"garbage.since", 0, false}, {"outer-trailing.bundle", 0, false}, {"expected.json", 0, false}, {"fork-longer.fork", 0, false},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct buffer file = {0};
        struct shown shown = {0};
        vectors_read(all[i].file, &file);
        fault_clear(&fault);
        enum status status = shown_read(hasher, buffer_view(&file), &shown, &fault);
        ck_assert_msg(status == (all[i].size == 0 ? STATUS_DAMAGED : STATUS_OK), "%s: %s", all[i].file, fault.text);
        ck_assert_msg(shown.size == all[i].size && shown.has_record == all[i].record, "%s: %d", all[i].file, (int)shown.size);
        ck_assert_int_eq(shown.note.len > 0, all[i].size > 0);
        shown_close(&shown);
        buffer_free(&file);
    }
}
END_TEST

START_TEST(test_nothing)
{
    struct shown shown = {0};

    ck_assert_int_eq(shown_read(hasher, view_of(NULL, 0), &shown, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(shown.note.len, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shown");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_forms);
    tcase_add_test(tests, test_nothing);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
