/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a field is read with another value, a limit is let pass, or a failure does not stick. */
#include "verify/reader.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define BYTES(text) view_of(text, sizeof(text) - 1)

static struct fault fault;

static void setup(void)
{
    fault_clear(&fault);
}

START_TEST(test_reads_straight_down)
{
    struct view input = BYTES("\x8a\x18\x29\x38\x63\x43\x01\x02\x03\x63"
                              "abc\xf5\xf6\xa1\x00\x01\x82\x01\x81\x02\x1b\x00\x1f\xff\xff\xff\xff\xff\xff\xf4");
    struct reader reader = reader_open(input, &fault);

    ck_assert_uint_eq(reader_array(&reader, 10, 10, "all"), 10);
    ck_assert_uint_eq(reader_uint(&reader, 41, "number"), 41);
    ck_assert_int_eq(reader_int(&reader, "offset"), -100);
    ck_assert(view_equal(reader_bytes(&reader, 3, 3, "nonce"), BYTES("\x01\x02\x03")));
    ck_assert(view_equal(reader_text(&reader, 1, 64, "seal"), view_text("abc")));
    ck_assert(reader_bool(&reader, "training"));
    ck_assert(reader_take_null(&reader));
    ck_assert(!reader_take_null(&reader));
    ck_assert_uint_eq(reader_map(&reader, 0, 5, "facts"), 1);
    ck_assert_uint_eq(reader_uint(&reader, 5, "key"), 0);
    ck_assert_uint_eq(reader_uint(&reader, 5, "value"), 1);
    ck_assert(view_equal(reader_skip(&reader, "rest"), BYTES("\x82\x01\x81\x02")));
    ck_assert_int_eq(reader_int(&reader, "big"), (INT64_C(1) << 53) - 1);
    ck_assert(!reader_bool(&reader, "last"));
    ck_assert_int_eq(reader_peek(&reader), READER_END);
    ck_assert_int_eq(reader_end(&reader), STATUS_OK);
    ck_assert_int_eq(fault.status, STATUS_OK);
}
END_TEST

START_TEST(test_every_width)
{
    static const uint64_t values[] = {0, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, 9007199254740991};
    struct view input = BYTES("\x8a\x00\x17\x18\x18\x18\xff\x19\x01\x00\x19\xff\xff\x1a\x00\x01\x00\x00"
                              "\x1a\xff\xff\xff\xff\x1b\x00\x00\x00\x01\x00\x00\x00\x00\x1b\x00\x1f\xff\xff\xff\xff\xff\xff");
    struct reader reader = reader_open(input, &fault);

    ck_assert_uint_eq(reader_array(&reader, 10, 10, "all"), 10);
    for (size_t i = 0; i < 10; i++) {
        ck_assert_uint_eq(reader_uint(&reader, UINT64_MAX, "value"), values[i]);
    }
    ck_assert_int_eq(reader_end(&reader), STATUS_OK);
}
END_TEST

START_TEST(test_every_negative_width)
{
    static const int64_t values[] = {-1, -24, -25, -256, -257, -65536, -65537, -4294967296, -4294967297,
                                     -9007199254740991};
    struct view input = BYTES("\x8a\x20\x37\x38\x18\x38\xff\x39\x01\x00\x39\xff\xff\x3a\x00\x01\x00\x00"
                              "\x3a\xff\xff\xff\xff\x3b\x00\x00\x00\x01\x00\x00\x00\x00\x3b\x00\x1f\xff\xff\xff\xff\xff\xfe");
    struct reader reader = reader_open(input, &fault);

    ck_assert_uint_eq(reader_array(&reader, 10, 10, "all"), 10);
    for (size_t i = 0; i < 10; i++) {
        ck_assert_int_eq(reader_int(&reader, "value"), values[i]);
    }
    ck_assert_int_eq(reader_end(&reader), STATUS_OK);
}
END_TEST

START_TEST(test_long_strings)
{
    static const size_t lengths[] = {0, 23, 24, 255, 256, 65535, 65536};

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        static const char heads[][6] = {"\x40", "\x57", "\x58\x18", "\x58\xff", "\x59\x01\x00", "\x59\xff\xff",
                                        "\x5a\x00\x01\x00\x00"};
        static const size_t sizes[] = {1, 1, 2, 2, 3, 3, 5};
        size_t len = sizes[i] + lengths[i];
        uint8_t *input = calloc(1, len);
        struct reader reader;
        struct view got;

        ck_assert_ptr_nonnull(input);
        memcpy(input, heads[i], sizes[i]);
        reader = reader_open(view_of(input, len), &fault);
        got = reader_bytes(&reader, lengths[i], lengths[i], "string");
        ck_assert_uint_eq(got.len, lengths[i]);
        ck_assert_ptr_eq(got.ptr, input + sizes[i]);
        ck_assert_int_eq(reader_end(&reader), STATUS_OK);
        free(input);
    }
}
END_TEST

START_TEST(test_peek)
{
    static const struct {
        const char *input;
        size_t len;
        enum reader_type type;
    } cases[] = {{"\x05", 1, READER_UINT},  {"\x20", 1, READER_NEGATIVE}, {"\x40", 1, READER_BYTES},
                 {"\x60", 1, READER_TEXT},  {"\x80", 1, READER_ARRAY},    {"\xa0", 1, READER_MAP},
                 {"\xf4", 1, READER_BOOL},  {"\xf6", 1, READER_NULL},     {"\xf9\x00\x00", 3, READER_END},
                 {"\xc0\x00", 2, READER_END}, {"", 0, READER_END}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reader reader = reader_open_checked(view_of(cases[i].input, cases[i].len), &fault);

        ck_assert_int_eq(reader_peek(&reader), cases[i].type);
        ck_assert_uint_eq(reader.offset, 0);
    }
}
END_TEST

enum kind { A_UINT, AN_INT, A_BOOL, A_BYTES, A_TEXT, AN_ARRAY, A_MAP };

/* Reads one item as that kind, with the limits 2 to 3. */
static void read_as(struct reader *reader, enum kind kind)
{
    switch (kind) {
    case A_UINT:
        ck_assert_uint_eq(reader_uint(reader, 3, "field"), 0);
        break;
    case AN_INT:
        ck_assert_int_eq(reader_int(reader, "field"), 0);
        break;
    case A_BOOL:
        ck_assert(!reader_bool(reader, "field"));
        break;
    case A_BYTES:
        ck_assert_uint_eq(reader_bytes(reader, 2, 3, "field").len, 0);
        break;
    case A_TEXT:
        ck_assert_uint_eq(reader_text(reader, 2, 3, "field").len, 0);
        break;
    case AN_ARRAY:
        ck_assert_uint_eq(reader_array(reader, 2, 3, "field"), 0);
        break;
    case A_MAP:
        ck_assert_uint_eq(reader_map(reader, 2, 3, "field"), 0);
        break;
    }
}

START_TEST(test_refuses_type_and_limit)
{
    const struct {
        struct view input; /* an array whose second item is refused */
        enum kind kind;
        const char *rule;
    } cases[] = {
        {BYTES("\x82\x00\x04"), A_UINT, "field is 4, allowed are 0 to 3"},
        {BYTES("\x82\x00\x20"), A_UINT, "field is not an unsigned integer"},
        {BYTES("\x82\x00\x61\x61"), AN_INT, "field is not an integer"},
        {BYTES("\x82\x00\x00"), A_BOOL, "neither true nor false"},
        {BYTES("\x82\x00\xf6"), A_BOOL, "neither true nor false"},
        {BYTES("\x82\x00\x41\x01"), A_BYTES, "field is 1 bytes long, allowed are 2 to 3"},
        {BYTES("\x82\x00\x44\x01\x02\x03\x04"), A_BYTES, "field is 4 bytes long"},
        {BYTES("\x82\x00\x62\x61\x61"), A_BYTES, "field is not a byte string"},
        {BYTES("\x82\x00\x42\x61\x61"), A_TEXT, "field is not a text string"},
        {BYTES("\x82\x00\x61\x61"), A_TEXT, "field is 1 bytes long"},
        {BYTES("\x82\x00\x64\x61\x61\x61\x61"), A_TEXT, "field is 4 bytes long"},
        {BYTES("\x82\x00\x81\x00"), AN_ARRAY, "field is 1 items long"},
        {BYTES("\x82\x00\x84\x00\x00\x00\x00"), AN_ARRAY, "field is 4 items long"},
        {BYTES("\x82\x00\xa2\x00\x00\x01\x00"), AN_ARRAY, "field is not an array"},
        {BYTES("\x82\x00\xa1\x00\x00"), A_MAP, "field is 1 pairs long"},
        {BYTES("\x82\x00\x82\x00\x00"), A_MAP, "field is not a map"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct reader reader = reader_open(cases[i].input, &fault);

        ck_assert_uint_eq(reader_array(&reader, 2, 2, "all"), 2);
        ck_assert_uint_eq(reader_uint(&reader, 0, "first"), 0);
        read_as(&reader, cases[i].kind);
        ck_assert_int_eq(reader_end(&reader), STATUS_DAMAGED);
        ck_assert_int_eq(fault.status, STATUS_DAMAGED);
        ck_assert_uint_eq(fault.at, 2);
        ck_assert_msg(strstr(fault.text, cases[i].rule) != NULL, "%s: %s", cases[i].rule, fault.text);
        fault_clear(&fault);
    }
}
END_TEST

START_TEST(test_failure_sticks)
{
    struct reader reader = reader_open(BYTES("\x83\x01\x61\x61\xf6"), &fault);

    ck_assert_uint_eq(reader_array(&reader, 3, 3, "all"), 3);
    ck_assert(!reader_bool(&reader, "flag"));
    ck_assert_uint_eq(reader_uint(&reader, 9, "after"), 0);
    ck_assert_int_eq(reader_int(&reader, "after"), 0);
    ck_assert_uint_eq(reader_text(&reader, 0, 9, "after").len, 0);
    ck_assert_uint_eq(reader_skip(&reader, "after").len, 0);
    ck_assert(!reader_take_null(&reader));
    ck_assert_int_eq(reader_peek(&reader), READER_END);
    reader_fail(&reader, "another rule");
    ck_assert_uint_eq(reader.offset, 1);
    ck_assert_int_eq(reader_end(&reader), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 1);
    ck_assert_ptr_nonnull(strstr(fault.text, "flag is neither"));
}
END_TEST

START_TEST(test_open_runs_the_strict_scan)
{
    struct reader reader = reader_open(BYTES("\x82\x00\x18\x00"), &fault);

    ck_assert(reader.failed);
    ck_assert_uint_eq(reader_array(&reader, 0, 9, "all"), 0);
    ck_assert_int_eq(reader_end(&reader), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 2);
    ck_assert_ptr_nonnull(strstr(fault.text, "shortest"));
}
END_TEST

START_TEST(test_end_wants_all_read)
{
    struct reader reader = reader_open(BYTES("\x82\x00\x01"), &fault);

    ck_assert_uint_eq(reader_array(&reader, 2, 2, "all"), 2);
    ck_assert_uint_eq(reader_uint(&reader, 0, "first"), 0);
    ck_assert_int_eq(reader_end(&reader), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 2);
}
END_TEST

START_TEST(test_reads_past_the_end)
{
    struct reader reader = reader_open(BYTES("\x81\x01"), &fault);

    ck_assert_uint_eq(reader_array(&reader, 1, 1, "all"), 1);
    ck_assert_uint_eq(reader_uint(&reader, 1, "first"), 1);
    ck_assert_uint_eq(reader_uint(&reader, 1, "second"), 0);
    ck_assert_int_eq(reader_end(&reader), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 2);
}
END_TEST

START_TEST(test_skip)
{
    struct view input = BYTES("\x83\xa2\x00\x82\x01\xa0\x01\x80\x62\x61\x62\x80");
    struct reader reader = reader_open(input, &fault);

    ck_assert_uint_eq(reader_array(&reader, 3, 3, "all"), 3);
    ck_assert_uint_eq(reader_skip(&reader, "map").len, 7);
    ck_assert_uint_eq(reader_skip(&reader, "text").len, 3);
    ck_assert_uint_eq(reader_skip(&reader, "empty").len, 1);
    ck_assert_int_eq(reader_end(&reader), STATUS_OK);
    ck_assert_uint_eq(reader_skip(&reader, "nothing").len, 0);
    ck_assert_int_eq(reader_end(&reader), STATUS_DAMAGED);
}
END_TEST

START_TEST(test_own_rule)
{
    struct reader reader = reader_open(BYTES("\x01"), &fault);

    reader_fail(&reader, "version 1 and kind 0 exclude each other");
    ck_assert_int_eq(reader_end(&reader), STATUS_DAMAGED);
    ck_assert_ptr_nonnull(strstr(fault.text, "exclude each other"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("reader");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, test_reads_straight_down);
    tcase_add_test(tests, test_every_width);
    tcase_add_test(tests, test_every_negative_width);
    tcase_add_test(tests, test_long_strings);
    tcase_add_test(tests, test_peek);
    tcase_add_test(tests, test_refuses_type_and_limit);
    tcase_add_test(tests, test_failure_sticks);
    tcase_add_test(tests, test_open_runs_the_strict_scan);
    tcase_add_test(tests, test_end_wants_all_read);
    tcase_add_test(tests, test_reads_past_the_end);
    tcase_add_test(tests, test_skip);
    tcase_add_test(tests, test_own_rule);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
