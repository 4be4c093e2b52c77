/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a line of a count is lost, stands twice, or goes to another thing. (What comes out of a count: test_stocktake.sh.)
 */
#include "custody/stock.h"

#include <stdlib.h>

#include "tests/support/custody_suite.h"

static struct fault fault;

static struct stock_line *put(struct stock_count *count, uint64_t number, bool want_new)
{
    struct stock_line *line = NULL;
    bool is_new = !want_new;

    ck_assert_int_eq(stock_put(count, number, &line, &is_new, &fault), STATUS_OK);
    ck_assert_int_eq(is_new, want_new);
    ck_assert_ptr_eq(line, stock_find(count, number));
    ck_assert_uint_eq(line->number, number);
    return line;
}

START_TEST(each_once)
{
    struct stock_count count = {0};

    ck_assert_ptr_null(stock_find(&count, 0));
    ck_assert_uint_eq(put(&count, 7, true)->pieces, NOTHING);
    put(&count, 7, false)->pieces = 3;
    put(&count, 3, true);
    ck_assert_uint_eq(put(&count, 7, false)->pieces, 3);
    ck_assert_uint_eq(count.count, 2);
    ck_assert_ptr_null(stock_find(&count, 4));
    ck_assert_ptr_null(stock_find(&count, 8));
    ck_assert_ptr_null(stock_find(&count, UINT64_MAX));
    stock_free(&count);
    ck_assert_ptr_null(stock_find(&count, 7));
}
END_TEST

/* In any order, as a store has them: nothing depends on how many there are. */
START_TEST(many)
{
    enum { MANY = 100003, STEP = 50021 }; /* no common divisor */
    struct stock_count count = {0};
    uint64_t number = 0;

    for (size_t i = 0; i < MANY; i++) {
        put(&count, number, true)->print = number + 1;
        number = (number + STEP) % MANY;
    }
    for (uint64_t n = 0; n < MANY; n++) {
        ck_assert_uint_eq(put(&count, n, false)->print, n + 1);
    }
    ck_assert_uint_eq(count.count, MANY);
    stock_free(&count);
}
END_TEST

START_TEST(what_is_owned)
{
    struct stock_count count = {0};
    struct stock_results results = {0};

    buffer_printf(&put(&count, 5, true)->seals, "x");
    buffer_printf(&put(&count, 6, true)->instead, "a plaster tusk");
    results.list = calloc(1, sizeof *results.list);
    ck_assert_ptr_nonnull(results.list);
    results.count = results.cap = 1;
    buffer_printf(&results.list[0].differs, "seals A instead of B");
    stock_results_free(&results); /* the sanitizers see what is left */
    stock_free(&count);
    ck_assert_uint_eq(count.count + results.count, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {each_once, many, what_is_owned, NULL};

    return suite_run("stock", tests, NULL);
}
