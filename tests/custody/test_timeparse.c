/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a typed time is taken for another one, or what is no time is taken. */
#include "custody/timeparse.h"

#include <check.h>
#include <stdlib.h>

static struct fault fault;

static void is(const char *text, bool end_of_day, int default_min, uint64_t want_s, int want_min)
{
    int offset = default_min;
    uint64_t time_s = 0;

    fault_clear(&fault);
    ck_assert_msg(timeparse(text, end_of_day, &offset, &time_s, &fault) == STATUS_OK, "%s", text);
    ck_assert_msg(time_s == want_s, "%s: %llu", text, (unsigned long long)time_s);
    ck_assert_int_eq(offset, want_min);
}

START_TEST(test_times)
{
    is("1970-01-01T00:00:00Z", false, 420, 0, 0);
    is("2018-12-13T09:30:00+07:00", false, 0, 1544668200, 420);
    is("2018-12-13T02:30:00Z", false, 420, 1544668200, 0);
    is("2018-12-13 09:30", false, 420, 1544668200, 420);
    is("2018-12-12T23:00-0330", false, 0, 1544668200, -210);
    is("2018-12-13", false, 0, 1544659200, 0);
    is("2018-12-13", true, 420, 1544720399, 420);
    is("2018-12-13T09:30+07:00", true, 0, 1544668200, 420);
    is("2000-02-29T00:00:00Z", false, 0, 951782400, 0);
    is("2100-03-01T00:00:00Z", false, 0, 4107542400, 0);
    is("9999-12-31T23:59:59Z", false, 0, 253402300799, 0);
    /* Khmer digits. */
    is("\xe1\x9f\xa2\xe1\x9f\xa0\xe1\x9f\xa1\xe1\x9f\xa8-12-13T02:30:00Z", false, 0, 1544668200, 0);
}
END_TEST

START_TEST(test_refusals)
{
    static const char *const texts[] = {
        "", "now", "2018", "2018-12", "2018-13-01", "2018-00-01", "2018-02-29", "2100-02-29", "2018-12-32", "2018-12-13T",
        "2018-12-13T24:00", "2018-12-13T09:60", "2018-12-13T09:30:60", "2018-12-13T09:30:00+", "2018-12-13T09:30:00+25:00",
        "2018-12-13T09:30:00+07:60", "2018-12-13T09:30:00Zx", "2018-12-13x", "1969-12-31", "1970-01-01T00:00+01:00",
        "18-12-13", "2018/12/13", " 2018-12-13", "2018-12-13T9:30"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        int offset = 7;
        uint64_t time_s = 5;

        fault_clear(&fault);
        ck_assert_msg(timeparse(texts[i], false, &offset, &time_s, &fault) == STATUS_REFUSED, "%s", texts[i]);
        ck_assert_int_eq(offset, 7);
        ck_assert_uint_eq(time_s, 5);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("timeparse");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_test(tests, test_times);
    tcase_add_test(tests, test_refusals);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
