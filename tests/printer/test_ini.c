/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a value is cut (inih reads 200 bytes a line), loses what follows a semicolon, or is told with a wrong line. */
#include "printer/ini.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct buffer told;
static struct fault fault;

static bool take(void *context, const struct ini_line *line)
{
    (void)context;
    buffer_printf(&told, "%" PRIu64 " [%s] %s=%s|", line->line, line->section, line->name, line->value);
    return strcmp(line->name, "stop") != 0;
}

static enum status read_text(const char *text)
{
    fault_clear(&fault);
    buffer_free(&told);
    return ini_read(view_text(text), take, NULL, &fault);
}

static void tells(const char *text, const char *want)
{
    ck_assert_msg(read_text(text) == STATUS_OK, "%s", fault.text);
    buffer_append_byte(&told, 0);
    ck_assert_str_eq((const char *)told.ptr, want);
}

static void teardown(void)
{
    buffer_free(&told);
}

START_TEST(test_values)
{
    tells("[s]\na = 1\n\n; comment\nb=2\nb =3\nc =\n", "2 [s] a=1|5 [s] b=2|6 [s] b=3|7 [s] c=|");
    tells("x = 1", "1 [] x=1|");
    tells("[s]\r\na = 1\r\n", "2 [s] a=1|");
    tells("a = 1\n  and more\nb = 2\n", "1 [] a=1 and more|3 [] b=2|");
    tells("a = Article 97 ; 98; #3\n", "1 [] a=Article 97 ; 98; #3|");
    tells("; x = 1\n # y = 2\na = 1\n", "3 [] a=1|");
}
END_TEST

/* Every length around the pieces, of letters and of Khmer letters with spaces and semicolons. */
START_TEST(test_long_values)
{
    static const char *const units[] = {"x", "ស្នាម", "ab ", "a; ", "a #"};

    for (size_t n = 1; n < 260; n++) {
        struct buffer text = {0};
        struct buffer value = {0};
        struct buffer want = {0};

        for (size_t i = 0; i < n; i++) {
            buffer_append_view(&value, view_text(units[_i]));
        }
        buffer_append_byte(&value, 'z');
        buffer_printf(&text, "[s]\nfirst = 1\nname = %.*s\nlast = 2\n", (int)value.len, (const char *)value.ptr);
        buffer_append_byte(&text, 0);
        buffer_printf(&want, "2 [s] first=1|3 [s] name=%.*s|4 [s] last=2|", (int)value.len, (const char *)value.ptr);
        buffer_append_byte(&want, 0);
        tells((const char *)text.ptr, (const char *)want.ptr);
        buffer_free(&text);
        buffer_free(&value);
        buffer_free(&want);
    }
}
END_TEST

/* A long comment is no value of the name before it. */
START_TEST(test_long_comment)
{
    struct buffer text = {0};

    buffer_printf(&text, "a = 1\n; ");
    for (int i = 0; i < 500; i++) {
        buffer_append_byte(&text, 'c');
    }
    buffer_printf(&text, " x = 2\nb = 3\n");
    buffer_append_byte(&text, 0);
    tells((const char *)text.ptr, "1 [] a=1|3 [] b=3|");
    buffer_free(&text);
}
END_TEST

START_TEST(test_mistakes)
{
    ck_assert_int_eq(read_text("a = 1\nnonsense\n"), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 2);
    ck_assert_int_eq(read_text("a = 1\n[open\nb = 2\n"), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 2);
    ck_assert_int_eq(read_text("a = \x01\n"), STATUS_DAMAGED);
    fault_clear(&fault);
    ck_assert_int_eq(ini_read(view_of("a = 1\n\0b", 8), take, NULL, &fault), STATUS_DAMAGED);
    ck_assert_int_eq(read_text("stop = 1\nb = 2\n"), STATUS_INTERRUPTED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ini");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, NULL, teardown);
    tcase_add_test(tests, test_values);
    tcase_add_loop_test(tests, test_long_values, 0, 5);
    tcase_add_test(tests, test_long_comment);
    tcase_add_test(tests, test_mistakes);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
