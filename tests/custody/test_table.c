/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when text reaches a terminal raw, a cell stands in another column, a row is cut, or a failed cell goes unnoticed. */
#include "custody/table.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/custody_suite.h"

static const struct table_column columns[] = {{"thing", false}, {"pieces", true}};
static struct fault fault;

static struct table *open_table(void)
{
    struct table *table = NULL;

    (void)setlocale(LC_CTYPE, "C.UTF-8"); /* as main does */
    fault_clear(&fault);
    ck_assert_int_eq(table_open(columns, 2, &table, &fault), STATUS_OK);
    return table;
}

/* Freed by the caller. */
static char *print(const struct table *table)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    ck_assert_int_eq(table_print(table, out, &fault), STATUS_OK);
    (void)fclose(out);
    return text;
}

START_TEST(rows_and_columns)
{
    struct table *table = open_table();
    char *text;

    ck_assert_uint_eq(table_rows(table), 0);
    table_string(table, "KHPP-7-X");
    ck_assert_uint_eq(table_rows(table), 0); /* half a row is none */
    table_number(table, 5);
    table_text(table, view_text("ភ្លុក"));
    table_nothing(table);
    table_text(table, view_of(NULL, 0));
    table_number(table, 12345);
    ck_assert_uint_eq(table_rows(table), 3);
    text = print(table);
    ck_assert_int_eq(strncmp(text, "thing", 5), 0);
    ck_assert_msg(strstr(text, "\nKHPP-7-X      5\n") != NULL, "%s", text); /* to the right */
    ck_assert_ptr_nonnull(strstr(text, "\nភ្លុក"));
    ck_assert_ptr_nonnull(strstr(text, "12345\n"));
    free(text);
    table_close(table);
}
END_TEST

/* The terminal gets it escaped, JSON gets it as it is. */
START_TEST(hostile_text)
{
    static const char hostile[] = "\x1b[31mred\nKHPP-9-X \xe2\x80\xae";
    struct table *table = open_table();
    json_t *rows;
    char *text;

    table_string(table, hostile);
    table_nothing(table);
    text = print(table);
    ck_assert_ptr_null(strchr(text, 0x1b));
    ck_assert_ptr_null(strstr(text, "\nKHPP-9"));
    ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
    ck_assert_ptr_nonnull(strstr(text, "red"));
    rows = table_json(table);
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(rows, 0), "thing")), hostile);
    json_decref(rows);
    free(text);
    table_close(table);
}
END_TEST

START_TEST(json)
{
    struct table *table = open_table();
    json_t *want = json_pack("[{s:s,s:I},{s:s,s:n}]", "thing", "A", "pieces", (json_int_t)9007199254740991, "thing", "",
                             "pieces");
    json_t *rows;

    rows = table_json(table);
    ck_assert(json_is_array(rows) && json_array_size(rows) == 0);
    json_decref(rows);
    table_string(table, "A");
    table_number(table, UINT64_C(9007199254740991));
    table_text(table, view_of(NULL, 0));
    table_nothing(table);
    rows = table_json(table);
    ck_assert(json_equal(rows, want));
    json_decref(rows);
    json_decref(want);
    table_close(table);
}
END_TEST

/* A name cut in half is another name. */
START_TEST(long_rows_are_whole)
{
    struct table *table = open_table();
    char longest[600];
    char *text;

    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    longest[sizeof longest - 2] = 'E';
    table_string(table, longest);
    table_number(table, 1);
    (void)setenv("COLUMNS", "20", 1);
    text = print(table);
    ck_assert_ptr_nonnull(strstr(text, longest));
    free(text);
    table_close(table);
}
END_TEST

/* Bytes that are no UTF-8 make no cell: then there is no table, rather than one whose columns have moved. */
START_TEST(a_failed_cell)
{
    struct table *table = open_table();
    FILE *out = tmpfile();

    table_text(table, view_text("\xff"));
    table_string(table, "a");
    table_string(table, "b");
    ck_assert_int_eq(table_print(table, out, &fault), STATUS_MEMORY);
    ck_assert_ptr_null(table_json(table));
    (void)fclose(out);
    table_close(table);
    table_close(NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {rows_and_columns, hostile_text, json, long_rows_are_whole, a_failed_cell, NULL};

    return suite_run("table", tests, NULL);
}
