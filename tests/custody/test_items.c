/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a row is lost or taken wrongly, or a mistake is not told with its line and column. CSV and list in one. */
#include "custody/items.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/csv.h"

#define HEAD "ref,description,species,specimen,quantity,unit,weight_g,length_mm,condition,marks,package\n"

static struct item_list list;
static struct buffer errors;
static size_t mistakes;
static struct fault fault;

static enum status read_list(const char *text)
{
    fault_clear(&fault);
    item_list_free(&list);
    buffer_free(&errors);
    mistakes = 0;
    return item_list_read(view_text(text), "l.csv", &list, &errors, &mistakes, &fault);
}

static void teardown(void)
{
    item_list_free(&list);
    buffer_free(&errors);
}

START_TEST(test_rows)
{
    ck_assert_int_eq(read_list("\xef\xbb\xbf" HEAD "T-1,\"a \"\"b\"\", c\",S,TUS,1,piece,1850.5,524,dry,ស្នាម,P-1\r\n"
                               "\n"
                               "T-2,two\xe1\x9f\xa0,,,\xe1\x9f\xa1\xe1\x9f\xa2,animal,,,,,\n"),
                     STATUS_OK);
    ck_assert_uint_eq(mistakes, 0);
    ck_assert_uint_eq(list.count, 2);
    ck_assert(view_equal(list.items[0].text[ITEM_DESCRIPTION], view_text("a \"b\", c")));
    ck_assert_uint_eq(list.items[0].net_mg, 1850500);
    ck_assert_uint_eq(list.items[0].length_mm, 524);
    ck_assert(!list.items[1].is_weighed && !list.items[1].is_measured);
    ck_assert_uint_eq(list.items[1].pieces, 12);
    ck_assert_uint_eq(list.items[1].line, 4);
}
END_TEST

static void wrong(const char *row, const char *want)
{
    struct buffer text = {0};

    buffer_printf(&text, HEAD "A,x,,,1,piece,,,,,\n%s\n", row);
    buffer_append_byte(&text, 0);
    ck_assert_int_eq(read_list((const char *)text.ptr), STATUS_OK);
    buffer_append_byte(&errors, 0);
    ck_assert_uint_eq(mistakes, 1);
    ck_assert_msg(strncmp((const char *)errors.ptr, want, strlen(want)) == 0, "%s", (const char *)errors.ptr);
    buffer_free(&text);
}

/* A name of another ledger is read by its own CODE, and stands once, however it is written. */
START_TEST(test_carried_over)
{
    ck_assert_int_eq(read_list("ref,description,quantity,unit,carried-over\nA,x,1,piece,KHPP-28-L\nB,y,1,piece,\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 0);
    ck_assert(list.items[0].is_carried && !list.items[1].is_carried);
    ck_assert_uint_eq(list.items[0].old, 28);
    ck_assert_int_eq(read_list("ref,description,quantity,unit,carried-over\nA,x,1,piece,KHPP-28-L\nB,y,1,piece,KHPP-28L\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 1);
    ck_assert_int_eq(read_list("ref,description,quantity,unit,carried-over\nA,x,1,piece,KHPP-28-M\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 1);
    ck_assert_int_eq(read_list("ref,description,quantity,unit,carried-over\nA,x,1,piece,28\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 1);
}
END_TEST

START_TEST(test_mistakes)
{
    wrong("B,x,,,0,piece,,,,,", "l.csv:3: column 5 (quantity)");
    wrong("B,x,,,1.5,piece,,,,,", "l.csv:3: column 5 (quantity)");
    wrong("B,x,,,,piece,,,,,", "l.csv:3: column 5 (quantity)");
    wrong("B,x,,,1,kg,,,,,", "l.csv:3: column 6 (unit)");
    wrong("B,x,,,1,piece,12x,,,,", "l.csv:3: column 7 (weight_g)");
    wrong("B,x,,,1,piece,1.2345,,,,", "l.csv:3: column 7 (weight_g)");
    wrong("B,x,,,1,piece,-1,,,,", "l.csv:3: column 7 (weight_g)");
    wrong("B,x,,,1,piece,99999999999999,,,,", "l.csv:3: column 7 (weight_g)");
    wrong("B,x,,,1,piece,,1.5,,,", "l.csv:3: column 8 (length_mm)");
    wrong("B,x,,tus,1,piece,,,,,", "l.csv:3: column 4 (specimen)");
    wrong(",x,,,1,piece,,,,,", "l.csv:3: column 1 (ref): is empty");
    wrong("B,,,,1,piece,,,,,", "l.csv:3: column 2 (description): is empty");
    wrong("A,x,,,1,piece,,,,,", "l.csv:3: column 1 (ref): stands in line 2 too");
    wrong("B,x,,,1,piece,,,,\xe2\x80\xae,", "l.csv:3: column 10 (marks)");
    wrong("B,x,,,1,piece,,,,\xff,", "l.csv:3: column 10 (marks)");
    wrong("B,x,,,1,piece,,,,", "l.csv:3: column 11 (row)");
    wrong("B,x,,,1,piece,,,,,,", "l.csv:3: column 12 (row)");
}
END_TEST

/* Every bad row is told, not the first alone. */
START_TEST(test_all_mistakes)
{
    ck_assert_int_eq(read_list(HEAD "A,x,,,0,kg,y,z,,,\nB,x,,,1,piece,,,,,\nA,x,,,1,piece,q,,,,\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 6);
}
END_TEST

START_TEST(test_headings)
{
    ck_assert_int_eq(read_list("quantity,unit,description,ref\n2,lot,sack,L-1\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 0);
    ck_assert_uint_eq(list.items[0].pieces, 2);
    ck_assert_int_eq(read_list("ref,description,quantity,unit,colour\nA,x,1,piece,red\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 1);
    ck_assert_int_eq(read_list("ref,description,quantity\nA,x,1\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 1);
    ck_assert_int_eq(read_list("ref,ref,description,quantity,unit\n"), STATUS_OK);
    ck_assert_uint_eq(mistakes, 1);
    ck_assert_int_eq(read_list(HEAD), STATUS_DAMAGED);
    ck_assert_int_eq(read_list(""), STATUS_DAMAGED);
}
END_TEST

START_TEST(test_broken_quotes)
{
    ck_assert_int_eq(read_list(HEAD "A,\"x\" y,,,1,piece,,,,,\n"), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 2);
    ck_assert_int_eq(read_list(HEAD "A,x,,,1,piece,,,,,\nB,\"x,,,1,piece,,,,,\n\n"), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 3);
}
END_TEST

/* The three seizures that the project stands on. */
START_TEST(test_real_lists)
{
    static const char *const paths[] = {"tests/data/ppap-2018-12-13.csv", "tests/data/dryport-2016-12-16.csv",
                                        "tests/data/kohthom-2016-06-04.csv"};
    static const size_t counts[] = {1026, 668, 22};
    static const uint64_t grams[] = {3230000, 0, 0};
    struct buffer text = {0};
    char chunk[4096];
    uint64_t sum = 0;
    size_t n;
    FILE *in = fopen(paths[_i], "rb");

    ck_assert_ptr_nonnull(in);
    while ((n = fread(chunk, 1, sizeof chunk, in)) > 0) {
        buffer_append(&text, chunk, n);
    }
    (void)fclose(in);
    fault_clear(&fault);
    ck_assert_int_eq(item_list_read(buffer_view(&text), paths[_i], &list, &errors, &mistakes, &fault), STATUS_OK);
    ck_assert_uint_eq(mistakes, 0);
    ck_assert_uint_eq(list.count, counts[_i]);
    for (size_t i = 0; i < list.count; i++) {
        sum += list.items[i].net_mg;
    }
    ck_assert(grams[_i] == 0 || sum == grams[_i] * 1000);
    buffer_free(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("items");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, NULL, teardown);
    tcase_add_test(tests, test_rows);
    tcase_add_test(tests, test_carried_over);
    tcase_add_test(tests, test_mistakes);
    tcase_add_test(tests, test_all_mistakes);
    tcase_add_test(tests, test_headings);
    tcase_add_test(tests, test_broken_quotes);
    tcase_add_loop_test(tests, test_real_lists, 0, 3);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
