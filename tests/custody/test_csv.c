/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a cell is cut or joined, a row is told with another line than it stands in, or broken quotes pass. */
#include "custody/csv.h"

#include <string.h>

#include "tests/support/custody_suite.h"

static struct fault fault;
static struct buffer told; /* "LINE:cell|cell|;" for each row */
static size_t rows, last_count, stop_after;

static bool take(void *context, uint64_t line, const struct view *cells, size_t count)
{
    (void)context;
    buffer_printf(&told, "%llu:", (unsigned long long)line);
    for (size_t i = 0; i < count && i < CSV_COLUMNS_MAX; i++) {
        buffer_append_view(&told, cells[i]);
        buffer_append_byte(&told, '|');
    }
    buffer_append_byte(&told, ';');
    last_count = count;
    rows++;
    return rows != stop_after;
}

static enum status read_text(struct view text)
{
    fault_clear(&fault);
    buffer_free(&told);
    rows = 0;
    return csv_read(text, take, NULL, &fault);
}

static void gives(const char *text, const char *want)
{
    ck_assert_msg(read_text(view_text(text)) == STATUS_OK, "%s", fault.text);
    ck_assert_msg(view_equal(buffer_view(&told), view_text(want)), "%.*s, not %s", (int)told.len, (const char *)told.ptr, want);
}

START_TEST(cells_and_lines)
{
    gives("", "");
    gives("a,b\nc,d\n", "1:a|b|;2:c|d|;");
    gives("a,b\r\nc,d\r\n", "1:a|b|;2:c|d|;");
    gives("a,b\nc,d", "1:a|b|;2:c|d|;");
    gives("a,,\n,,\n", "1:a|||;2:|||;");
    gives("\n\r\n\na\n\nb\n", "4:a|;6:b|;");
    gives("\"a,b\",\"say \"\"so\"\"\"\n", "1:a,b|say \"so\"|;");
    gives("ភ្នំ,ស្នាម\n", "1:ភ្នំ|ស្នាម|;");
}
END_TEST

/* A quoted line end stays in its cell; the row is told where it began. */
START_TEST(cells_over_lines)
{
    gives("a\n\"b\nc\nd\",e\nf\n", "1:a|;2:b\nc\nd|e|;5:f|;");
}
END_TEST

/* The mark is no part of the first heading. In the middle it is text. */
START_TEST(byte_order_mark)
{
    gives("\xef\xbb\xbf" "ref,b\n", "1:ref|b|;");
    gives("\xef\xbb", "1:\xef\xbb|;");
    gives("a\n\xef\xbb\xbf" "b\n", "1:a|;2:\xef\xbb\xbf" "b|;");
}
END_TEST

START_TEST(the_caller_stops)
{
    stop_after = 2;
    gives("a\nb\n\"c\" broken\nd\n", "1:a|;2:b|;");
}
END_TEST

static size_t columns_of(size_t columns)
{
    struct buffer text = {0};

    for (size_t i = 0; i < columns; i++) {
        buffer_printf(&text, "%sx", i == 0 ? "" : ",");
    }
    buffer_append_byte(&text, '\n');
    ck_assert_int_eq(read_text(buffer_view(&text)), STATUS_OK);
    ck_assert_uint_eq(rows, 1);
    buffer_free(&text);
    return last_count;
}

/* Too many columns are told as one more than the limit, never written beyond the array. */
START_TEST(columns)
{
    ck_assert_uint_eq(columns_of(1), 1);
    ck_assert_uint_eq(columns_of(CSV_COLUMNS_MAX), CSV_COLUMNS_MAX);
    ck_assert_uint_eq(columns_of(CSV_COLUMNS_MAX + 1), CSV_COLUMNS_MAX + 1);
    ck_assert_uint_eq(columns_of(10000), CSV_COLUMNS_MAX + 1);
    gives("a,b\n", "1:a|b|;"); /* and nothing of it stays for the next */
}
END_TEST

static void broken(const char *text, uint64_t line)
{
    ck_assert_int_eq(read_text(view_text(text)), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, line);
    ck_assert_ptr_nonnull(strstr(fault.text, "nothing behind it was read")); /* the rest may be as bad */
}

START_TEST(broken_quotes)
{
    broken("a\n\"b\" c\n", 2);
    broken("a\nb\"c\n", 2);
    broken("\"a\nb\" c\n", 2);
    broken("a\n\n\"b\nc\nd", 3); /* no end: told where the row began */
    broken("\"", 1);
}
END_TEST

/* Cut anywhere, a list is read or refused; only the cut inside a quoted cell is refused. */
START_TEST(every_truncation)
{
    static const char whole[] = "\xef\xbb\xbf" "ref,\"a \"\"b\"\"\r\nc\"\r\nx,y\r\n";

    for (size_t len = 0; len < sizeof whole; len++) {
        enum status status = read_text(view_of(whole, len));

        ck_assert(status == STATUS_OK || status == STATUS_DAMAGED);
        ck_assert(len < sizeof whole - 1 || (status == STATUS_OK && rows == 2));
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {cells_and_lines, cells_over_lines, byte_order_mark, the_caller_stops,
                                  columns,         broken_quotes,    every_truncation, NULL};

    return suite_run("csv", tests, NULL);
}
