/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when an item is written in other bytes than RFC 8949 says, or in bytes that strict refuses. */
#include "verify/writer.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "verify/reader.h"
#include "verify/strict.h"

#define BYTES(text) view_of(text, sizeof(text) - 1)

static struct buffer out;

static void teardown(void)
{
    buffer_free(&out);
}

/* What has been written since the last call. */
static void wrote(struct view want)
{
    struct fault fault;

    fault_clear(&fault);
    ck_assert_int_eq(buffer_status(&out, &fault), STATUS_OK);
    ck_assert(view_equal(buffer_view(&out), want));
    buffer_reset(&out);
}

/* RFC 8949 appendix A. */
START_TEST(test_foreign_vectors)
{
    writer_uint(&out, 0);
    wrote(BYTES("\x00"));
    writer_uint(&out, 23);
    wrote(BYTES("\x17"));
    writer_uint(&out, 24);
    wrote(BYTES("\x18\x18"));
    writer_uint(&out, 1000);
    wrote(BYTES("\x19\x03\xe8"));
    writer_uint(&out, 1000000);
    wrote(BYTES("\x1a\x00\x0f\x42\x40"));
    writer_uint(&out, 1000000000000);
    wrote(BYTES("\x1b\x00\x00\x00\xe8\xd4\xa5\x10\x00"));
    writer_int(&out, -1);
    wrote(BYTES("\x20"));
    writer_int(&out, -1000);
    wrote(BYTES("\x39\x03\xe7"));
    writer_int(&out, 10);
    wrote(BYTES("\x0a"));
    writer_bytes(&out, BYTES("\x01\x02\x03\x04"));
    wrote(BYTES("\x44\x01\x02\x03\x04"));
    writer_text(&out, view_text("IETF"));
    wrote(BYTES("\x64IETF"));
    writer_text(&out, view_of(NULL, 0));
    wrote(BYTES("\x60"));
    writer_bool(&out, false);
    writer_bool(&out, true);
    writer_null(&out);
    wrote(BYTES("\xf4\xf5\xf6"));
    writer_array(&out, 25);
    wrote(BYTES("\x98\x19"));
    writer_map(&out, 5);
    wrote(BYTES("\xa5"));
}
END_TEST

START_TEST(test_int_extremes)
{
    writer_int(&out, INT64_MIN);
    wrote(BYTES("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"));
    writer_int(&out, INT64_MAX);
    wrote(BYTES("\x1b\x7f\xff\xff\xff\xff\xff\xff\xff"));
}
END_TEST

/* Around every change of width: what is written is strict, and reads back. */
START_TEST(test_integers_round_trip)
{
    for (unsigned bits = 0; bits <= 53; bits++) {
        for (int delta = -2; delta <= 2; delta++) {
            int64_t value = (INT64_C(1) << bits) + delta;
            struct fault fault;
            struct reader reader;

            if (value > (INT64_C(1) << 53) - 1) {
                continue;
            }
            fault_clear(&fault);
            buffer_reset(&out);
            writer_array(&out, 2);
            writer_int(&out, value);
            writer_int(&out, -value);
            reader = reader_open(buffer_view(&out), &fault);
            ck_assert_uint_eq(reader_array(&reader, 2, 2, "all"), 2);
            ck_assert_int_eq(reader_int(&reader, "value"), value);
            ck_assert_int_eq(reader_int(&reader, "negated"), -value);
            ck_assert_msg(reader_end(&reader) == STATUS_OK, "%s", fault.text);
        }
    }
}
END_TEST

START_TEST(test_lengths_round_trip)
{
    static const size_t lengths[] = {0, 1, 23, 24, 255, 256, 65535, 65536, 70000};
    char *filler = malloc(70000);

    ck_assert_ptr_nonnull(filler);
    memset(filler, 'x', 70000);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t len = lengths[i];
        struct fault fault;
        struct reader reader;

        fault_clear(&fault);
        buffer_reset(&out);
        writer_map(&out, 1);
        writer_bytes(&out, view_of(filler, len));
        writer_array(&out, len + 1);
        writer_text(&out, view_of(filler, len));
        for (size_t k = 0; k < len; k++) {
            writer_null(&out);
        }
        reader = reader_open(buffer_view(&out), &fault);
        ck_assert_uint_eq(reader_map(&reader, 1, 1, "map"), 1);
        ck_assert_uint_eq(reader_bytes(&reader, len, len, "bytes").len, len);
        ck_assert_uint_eq(reader_array(&reader, 0, SIZE_MAX, "array"), len + 1);
        ck_assert_uint_eq(reader_text(&reader, len, len, "text").len, len);
        for (size_t k = 0; k < len; k++) {
            ck_assert(reader_take_null(&reader));
        }
        ck_assert_msg(reader_end(&reader) == STATUS_OK, "%s", fault.text);
    }
    free(filler);
}
END_TEST

START_TEST(test_nothing_after_a_failure)
{
    struct fault fault;

    fault_clear(&fault);
    out.failed = true;
    writer_uint(&out, 1);
    writer_text(&out, view_text("x"));
    ck_assert_uint_eq(out.len, 0);
    ck_assert_int_eq(buffer_status(&out, &fault), STATUS_MEMORY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("writer");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, NULL, teardown);
    tcase_add_test(tests, test_foreign_vectors);
    tcase_add_test(tests, test_int_extremes);
    tcase_add_test(tests, test_integers_round_trip);
    tcase_add_test(tests, test_lengths_round_trip);
    tcase_add_test(tests, test_nothing_after_a_failure);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
