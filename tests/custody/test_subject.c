/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a tag of another ledger, a wrong check character or a number never issued is taken for a thing. */
#include "custody/subject.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/name.h"
#include "verify/text.h"

static struct ledger_state ledger = {.code = "KHPP"};
static struct fault fault;
static uint64_t number, print;
enum { LIMIT = 100 };

static enum status parse(const char *typed)
{
    fault_clear(&fault);
    number = print = 999;
    return subject_parse(&ledger, LIMIT, view_text(typed), &number, &print, &fault);
}

static const char *name(uint64_t n)
{
    static char out[NAME_BYTES];

    name_format(view_text("KHPP"), n, out);
    return out;
}

static void tag(char *out, size_t size, uint64_t n, const char *after)
{
    struct buffer text = {0};

    text_base32(&text, view_of(ledger.id.bytes, 10));
    (void)snprintf(out, size, "U1/%s/%.*s%s", name(n), (int)text.len, (const char *)text.ptr, after);
    for (char *at = out; *at != '\0'; at++) {
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    }
    buffer_free(&text);
}

static void setup(void)
{
    for (size_t i = 0; i < HASH_BYTES; i++) {
        ledger.id.bytes[i] = (uint8_t)(i * 37);
    }
}

START_TEST(test_names)
{
    char typed[64];

    ck_assert_int_eq(parse(name(42)), STATUS_OK);
    ck_assert_uint_eq(number, 42);
    ck_assert_uint_eq(print, 0);
    (void)snprintf(typed, sizeof typed, " %s\r\n", name(42));
    ck_assert_int_eq(parse(typed), STATUS_OK);
    ck_assert_int_eq(parse(name(LIMIT)), STATUS_MISSING);
    ck_assert_int_eq(parse("nonsense"), STATUS_REFUSED);
    ck_assert_int_eq(parse(""), STATUS_REFUSED);
}
END_TEST

/* SPEC 13.1: what stands behind the last '#'. */
START_TEST(test_address)
{
    char text[128] = "HTTPS://EVIDENCE.EXAMPLE/#";
    size_t len = strlen(text);

    tag(text + len, sizeof text - len, 42, "/3");
    ck_assert_int_eq(parse(text), STATUS_OK);
    ck_assert(number == 42 && print == 3);
    ck_assert_int_eq(parse(text + len), STATUS_OK);
    text[len - 1] = '/';
    ck_assert_int_eq(parse(text), STATUS_REFUSED);
    ck_assert_int_eq(parse("HTTPS://EVIDENCE.EXAMPLE/#"), STATUS_REFUSED);
}
END_TEST

START_TEST(test_nearest_name)
{
    char typed[NAME_BYTES];

    (void)snprintf(typed, sizeof typed, "%s", name(42));
    typed[strlen(typed) - 1] = typed[strlen(typed) - 1] == 'A' ? 'B' : 'A';
    ck_assert_int_eq(parse(typed), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "nearest right name is KHPP-"));
}
END_TEST

START_TEST(test_tags)
{
    char typed[128];

    tag(typed, sizeof typed, 7, "/3");
    ck_assert_msg(parse(typed) == STATUS_OK, "%s: %s", typed, fault.text);
    ck_assert_uint_eq(number, 7);
    ck_assert_uint_eq(print, 3);
    tag(typed, sizeof typed, 7, "/\xe1\x9f\xa3"); /* a Khmer 3 */
    ck_assert_int_eq(parse(typed), STATUS_OK);
    ck_assert_uint_eq(print, 3);
    tag(typed, sizeof typed, 7, "");
    ck_assert_int_eq(parse(typed), STATUS_REFUSED);
    tag(typed, sizeof typed, 7, "/x");
    ck_assert_int_eq(parse(typed), STATUS_REFUSED);
    tag(typed, sizeof typed, 7, "/1/2");
    ck_assert_int_eq(parse(typed), STATUS_REFUSED);
    tag(typed, sizeof typed, LIMIT, "/1");
    ck_assert_int_eq(parse(typed), STATUS_MISSING);
    tag(typed, sizeof typed, 7, "/1");
    ledger.id.bytes[0] ^= 1;
    ck_assert_int_eq(parse(typed), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "another ledger"));
}
END_TEST

/* What is shown of a scan must not reach the terminal raw. */
START_TEST(test_escaped)
{
    ck_assert_int_eq(parse("\x1b[31mred"), STATUS_REFUSED);
    ck_assert_ptr_null(strchr(fault.text, 0x1b));
}
END_TEST

START_TEST(test_lists)
{
    struct subject_list list = {0};
    struct buffer out = {0};
    char typed[3 * NAME_BYTES];
    char last[NAME_BYTES];
    static const uint64_t want[] = {3, 10, 11, 12, 20};

    fault_clear(&fault);
    (void)snprintf(last, sizeof last, "%s", name(12));
    (void)snprintf(typed, sizeof typed, "%s..%s", name(10), last);
    ck_assert_int_eq(subject_list_add(&list, &ledger, LIMIT, view_text(name(20)), &fault), STATUS_OK);
    ck_assert_int_eq(subject_list_add(&list, &ledger, LIMIT, view_text(typed), &fault), STATUS_OK);
    ck_assert_int_eq(subject_list_add(&list, &ledger, LIMIT, view_text(name(3)), &fault), STATUS_OK);
    ck_assert_int_eq(subject_list_sort(&list, "KHPP", &fault), STATUS_OK);
    ck_assert_uint_eq(list.count, 5);
    ck_assert_mem_eq(list.numbers, want, sizeof want);
    subject_list_print("KHPP", list.numbers, list.count, &out);
    buffer_append_byte(&out, 0);
    ck_assert_ptr_nonnull(strstr((const char *)out.ptr, typed));
    ck_assert_int_eq(subject_list_add(&list, &ledger, LIMIT, view_text(name(11)), &fault), STATUS_OK);
    ck_assert_int_eq(subject_list_sort(&list, "KHPP", &fault), STATUS_REFUSED);
    fault_clear(&fault);
    (void)snprintf(last, sizeof last, "%s", name(9));
    (void)snprintf(typed, sizeof typed, "%s..%s", name(10), last);
    ck_assert_int_eq(subject_list_add(&list, &ledger, LIMIT, view_text(typed), &fault), STATUS_REFUSED);
    buffer_free(&out);
    subject_list_free(&list);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("subject");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, test_names);
    tcase_add_test(tests, test_address);
    tcase_add_test(tests, test_nearest_name);
    tcase_add_test(tests, test_tags);
    tcase_add_test(tests, test_escaped);
    tcase_add_test(tests, test_lists);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
