/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stocks: the program's own file reads, and each of its stocks says what people were told of it; of another file each mistake is refused with its line.
 */
#include "printer/stocks.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START "[s]\nwidth = 100\nheight = 50\nlayout = one\nqr = 30\nmargin = 2\ndpi = 203\nname = 20\n" /* 8 lines */
#define GOOD START "text = 8\nfields = case print\n"

static struct stocks stocks;

START_TEST(our_own)
{
    struct fault fault = { 0 };
    const struct { const char *name; double width, height; unsigned labels; } said[] = {
        { "evidence", 102, 76, 0 }, { "shelf", 102, 25, 0 }, { "asset", 51, 25, 0 }, { "roll", 62, 0, 0 }, { "a4-21", 63.5, 38.1, 21 }, { "a4-10", 99.1, 57, 10 }
    };
    ck_assert_msg(stocks_own(&stocks, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert_uint_eq(stocks.count, sizeof said / sizeof said[0]);
    for (size_t i = 0; i < stocks.count; i++) {
        const struct stock *stock = stocks_find(&stocks, said[i].name);
        ck_assert_ptr_nonnull(stock);
        ck_assert_double_eq_tol(stock->width, said[i].width, 1e-9);
        ck_assert_double_eq_tol(stock->height, said[i].height, 1e-9);
        ck_assert_uint_eq(stock->columns * stock->rows, said[i].labels);
        ck_assert_uint_eq(stock->dpi, said[i].labels > 0 ? 600 : stock->height > 0 ? 203 : 300);
    }
    ck_assert_ptr_null(stocks_find(&stocks, "poster"));
}
END_TEST

START_TEST(a_good_one)
{
    struct fault fault = { 0 };
    ck_assert_msg(stocks_read(view_text("# a note\n\n" GOOD "sheet = 2 x 5\nleft = 4.5\ntop = 6\nacross = 100.5\ndown = 50\n"), &stocks, &fault) == STATUS_OK, "%s", fault.text);
    const struct stock *stock = stocks_find(&stocks, "s");
    ck_assert_ptr_nonnull(stock);
    ck_assert_str_eq(stock->title, "s");
    ck_assert_uint_eq(stock->field_count, 2);
    ck_assert(stock->fields[0] == STOCK_CASE && stock->fields[1] == STOCK_PRINT);
    ck_assert_double_eq_tol(stock->across, 100.5, 1e-9);
}
END_TEST

static const struct { const char *text; uint64_t line; const char *rule; } mistakes[] = {
    { "", 1, "has no stock" },
    { "width = 100\n" GOOD, 1, "before the first [stock]" },
    { GOOD GOOD, 12, "width: is given twice" },
    { GOOD "[t]\nwidth = 100\n[s]\nwidth = 100\n", 0, "is not given" },
    { "[abcdefghijklmnopqrstuvwxyzabcdefg]\nwidth = 100\n", 2, "at most 31" },
    { START "text = 8\ncolour = red\n", 10, "is nothing that a stock has" },
    { START "text = 1,5\n", 9, "text: is a number like 12.5" },
    { START "text = 1e1\n", 9, "number" },
    { START "text = -8\n", 9, "number" },
    { START "text = 0x8\n", 9, "number" },
    { START "text = nan\n", 9, "number" },
    { START "text = 8000000000000000000\n", 9, "number" },
    { START "text = 37\n", 9, "in the range" },
    { START "text = 8\nfields = case docket\n", 10, "each once" },
    { START "text = 8\nfields = case case\n", 10, "each once" },
    { START "text = 8\nlayout = one\n", 10, "is given twice" },
    { "[s]\nlayout = round\n", 2, "is stacked, ends" },
    { GOOD "[t]\n" GOOD "width = 3\n", 0, "" },
    { START "text = 8\nsheet = 2x5\n", 10, "columns x rows" },
    { START "text = 8\nsheet = 0 x 5\n", 10, "columns x rows" },
    { START "text = 8\nsheet = 1.5 x 5\n", 10, "columns x rows" },
    { START "text = 8\nsheet = 2 x 5\nacross = 99\ndown = 50\n", 2, "lie on one another" },
    { START "text = 8\nsheet = 2 x 6\nacross = 100\ndown = 50\n", 2, "does not hold its labels" },
    { START "text = 8\nsheet = 3 x 5\nacross = 100\ndown = 50\n", 2, "does not hold its labels" },
    { START, 2, "text: is not given" },
    { "[s]\nwidth = 30\nheight = 50\nlayout = one\nqr = 30\nmargin = 2\ndpi = 203\nname = 20\ntext = 8\n", 2, "does not hold its QR" },
    { "[s]\nwidth = 100\nheight = 50\nlayout = stacked\nqr = 30\nmargin = 2\ndpi = 203\nname = 20\ntext = 8\n", 2, "does not hold its QR" },
    { "[s]\nwidth = 60\nheight = 50\nlayout = ends\nqr = 30\nmargin = 2\ndpi = 203\nname = 20\ntext = 8\n", 2, "does not hold its QR" },
    { "[s]\nwidth = 100\nheight = 0\nlayout = one\nqr = 30\nmargin = 2\ndpi = 203\nname = 20\ntext = 8\n", 2, "for rolls" },
    { "[s]\nwidth = 100\nheight = 90\nlayout = column\nqr = 30\nmargin = 2\ndpi = 203\nname = 20\ntext = 8\n", 2, "for rolls" },
    { "[s]\ndpi = 100\n", 2, "from 150 to 2400" },
    { "[s]\ndpi = 203.5\n", 2, "from 150 to 2400" },
    { "[s]\nwidth\n", 2, "" },
    { "[s\nwidth = 100\n", 1, "" },
};

START_TEST(each_mistake_with_its_line)
{
    struct fault fault = { 0 };
    enum status status = stocks_read(view_text(mistakes[_i].text), &stocks, &fault);
    ck_assert_msg(status == STATUS_DAMAGED, "mistake %d: status %d: %s", _i, (int)status, fault.text);
    ck_assert_msg(strstr(fault.text, mistakes[_i].rule) != NULL, "mistake %d: %s", _i, fault.text);
    ck_assert_msg(mistakes[_i].line == 0 || fault.at == mistakes[_i].line, "mistake %d: line %llu: %s", _i, (unsigned long long)fault.at, fault.text);
}
END_TEST

START_TEST(at_most_64)
{
    struct fault fault = { 0 };
    struct buffer text = { 0 };
    for (unsigned i = 0; i < 65; i++) {
        ck_assert_msg(i == 0 || stocks_read(buffer_view(&text), &stocks, &fault) == STATUS_OK, "%u: %s", i, fault.text);
        buffer_printf(&text, "[s%u]%s", i, &GOOD[3]);
    }
    ck_assert(stocks_read(buffer_view(&text), &stocks, &fault) == STATUS_DAMAGED);
    buffer_free(&text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stocks");
    TCase *tcase = tcase_create("stocks");
    tcase_add_test(tcase, our_own);
    tcase_add_test(tcase, a_good_one);
    tcase_add_loop_test(tcase, each_mistake_with_its_line, 0, (int)(sizeof mistakes / sizeof mistakes[0]));
    tcase_add_test(tcase, at_most_64);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
