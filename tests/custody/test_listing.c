/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a cell is taken for another column's, a mistake is not told with its place, or a list with one is used. */
#include "custody/listing.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/custody_suite.h"

static const struct listing_column columns[] = {{"name", true}, {"net_g", false}, {"why", false}};
static struct listing list;
static struct fault fault;

static enum status read_list(const char *text)
{
    fault_clear(&fault);
    listing_free(&list);
    return listing_read(view_text(text), "l.csv", columns, 3, &list, &fault);
}

static void cell(size_t row, size_t column, const char *want)
{
    struct view text = listing_cell(&list, row, column);

    ck_assert_msg(view_equal(text, view_text(want)), "%.*s", (int)text.len, (const char *)text.ptr);
}

START_TEST(columns_in_any_order)
{
    ck_assert_int_eq(read_list("why,name\r\n\"a, \"\"b\"\"\",X\r\n\n,Y\n"), STATUS_OK);
    ck_assert_uint_eq(list.mistakes, 0);
    ck_assert_uint_eq(list.count, 2);
    cell(0, 0, "X");
    cell(0, 1, "");
    cell(0, 2, "a, \"b\"");
    cell(1, 0, "Y");
    cell(1, 2, "");
    ck_assert_uint_eq(list.lines[1], 4);
}
END_TEST

static void mistaken(const char *text, const char *want)
{
    ck_assert_int_eq(read_list(text), STATUS_OK);
    buffer_append_byte(&list.errors, 0);
    ck_assert_uint_eq(list.mistakes, 1);
    ck_assert_msg(strstr((const char *)list.errors.ptr, want) == (const char *)list.errors.ptr, "%s", (const char *)list.errors.ptr);
}

START_TEST(each_mistake_has_its_place)
{
    char row[5000];

    mistaken("name,colour\nX,red\n", "l.csv:1: column 2 (heading): no such column: name, net_g and why\n");
    mistaken("name,name\nX,Y\n", "l.csv:1: column 2 (name): stands twice\n");
    mistaken("net_g\n5\n", "l.csv:1: column 1 (heading): a column is missing: name must be there\n");
    mistaken("name,net_g\nX\n", "l.csv:2: column 2 (row): has 1 cell, the headings are 2\n");
    mistaken("name\nX,Y\n", "l.csv:2: column 2 (row): has 2 cells, the headings are 1\n");
    mistaken("net_g,name\n5,\n", "l.csv:2: column 2 (name): is empty\n");
    mistaken("name,why\nX,\xe2\x80\xae\n", "l.csv:2: column 2 (why): ");
    mistaken("name,why\nX,\xff\n", "l.csv:2: column 2 (why): ");
    (void)snprintf(row, sizeof row, "name\n%0*d\n", 4097, 1);
    mistaken(row, "l.csv:2: column 1 (name): is longer than 4096 bytes\n");
    (void)snprintf(row, sizeof row, "name\n%0*d\n", 4096, 1);
    ck_assert_int_eq(read_list(row), STATUS_OK);
    ck_assert_uint_eq(list.mistakes, 0);
}
END_TEST

START_TEST(no_list_at_all)
{
    ck_assert_int_eq(read_list(""), STATUS_DAMAGED);
    ck_assert_int_eq(read_list("name\n"), STATUS_DAMAGED);
    ck_assert_int_eq(read_list("name\n\"X\n"), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 2);
}
END_TEST

/* More rows than fit at first, each still its own. */
START_TEST(many_rows)
{
    struct buffer text = {0};
    char name[16];

    buffer_append_view(&text, view_text("name\n"));
    for (int i = 0; i < 2000; i++) {
        buffer_printf(&text, "N%d\n", i);
    }
    buffer_append_byte(&text, 0);
    ck_assert_int_eq(read_list((const char *)text.ptr), STATUS_OK);
    ck_assert_uint_eq(list.count, 2000);
    for (size_t i = 0; i < 2000; i++) {
        (void)snprintf(name, sizeof name, "N%zu", i);
        cell(i, 0, name);
    }
    buffer_free(&text);
}
END_TEST

static size_t checked;

static void check(void *context, struct listing *listing)
{
    checked = listing->count;
    if (*(const bool *)context) {
        listing_mistake(listing, 1, 1, "is too much");
    }
}

START_TEST(a_list_with_a_mistake_is_refused)
{
    bool wrong = false;

    suite_write("l.csv", "name,net_g\nX,1\nY,2\n");
    listing_free(&list);
    fault_clear(&fault);
    ck_assert_int_eq(listing_open("l.csv", columns, 3, check, &wrong, "weighed", &list, &fault), STATUS_OK);
    ck_assert_uint_eq(checked, 2);
    listing_free(&list);
    wrong = true;
    suite_catch(2);
    ck_assert_int_eq(listing_open("l.csv", columns, 3, check, &wrong, "weighed", &list, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(suite_caught(), "l.csv:3: column 2 (net_g): is too much\n"));
    ck_assert_str_eq(fault.text, "l.csv: 1 mistake; nothing was weighed");
    listing_free(&list);
    fault_clear(&fault);
    ck_assert_int_eq(listing_open("nowhere.csv", columns, 3, check, &wrong, "weighed", &list, &fault), STATUS_MISSING);
    listing_free(&list);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {columns_in_any_order, each_mistake_has_its_place, no_list_at_all, many_rows,
                                  a_list_with_a_mistake_is_refused, NULL};

    return suite_run("listing", tests, NULL);
}
