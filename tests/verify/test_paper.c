/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPEC 13.1, 13.2. Breaks when bytes do not come back from their digits, when digits that are no bytes are read, or when a text that lacks a part,
 * or has two of one, passes for whole.
 */
#include "verify/paper.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fault fault;
static struct buffer out;

static void setup(void)
{
    fault_clear(&fault);
    memset(&out, 0, sizeof out);
}

static void teardown(void)
{
    buffer_free(&out);
}

static void ck_text(const struct buffer *text, const char *wanted)
{
    ck_assert_msg(view_equal(buffer_view(text), view_text(wanted)), "%.*s instead of %s", (int)text->len, (const char *)text->ptr, wanted);
}

/* Worked by hand: 2^56 - 1 is 72057594037927935; three bytes are eight digits. */
START_TEST(test_digits)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *digits;
    } all[] = {
        {"", 0, ""}, {"\xff", 1, "255"}, {"\0", 1, "000"}, {"\xff\xff", 2, "65535"}, {"\xff\xff\xff", 3, "16777215"},
        {"\xff\xff\xff\xff", 4, "4294967295"}, {"\xff\xff\xff\xff\xff", 5, "1099511627775"},
        {"\xff\xff\xff\xff\xff\xff", 6, "281474976710655"}, {"\xff\xff\xff\xff\xff\xff\xff", 7, "72057594037927935"},
        {"\0\0\0\0\0\0\1", 7, "00000000000000001"}, {"\1\0\0\0\0\0\0\2", 8, "00281474976710656002"},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct buffer digits = {0};
        paper_digits(view_of(all[i].bytes, all[i].len), &digits);
        ck_text(&digits, all[i].digits);
        buffer_reset(&out);
        ck_assert(paper_digits_read(buffer_view(&digits), &out));
        ck_assert(view_equal(buffer_view(&out), view_of(all[i].bytes, all[i].len)));
        buffer_free(&digits);
    }
}
END_TEST

/* SPEC 13.2: a reader MUST refuse other lengths, and groups that do not fit. */
START_TEST(test_digits_refused)
{
    static const char *const wrong[] = {
        "256", "1", "12", "1234", "65536", "123456", "16777216", "4294967296", "1099511627776", "281474976710656", "72057594037927936",
        "99999999999999999", "0000000000000000", "000000000000000000", "25 ", "-12", "2a5", "00000000000000001256",
    };

    buffer_append_byte(&out, 'x');
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_msg(!paper_digits_read(view_text(wrong[i]), &out), "%s", wrong[i]);
        ck_assert_uint_eq(out.len, 1);
    }
}
END_TEST

START_TEST(test_behind)
{
    ck_assert(view_equal(paper_behind(view_text("HTTPS://X/#U1/A")), view_text("U1/A")));
    ck_assert(view_equal(paper_behind(view_text("a#b#c")), view_text("c")));
    ck_assert(view_equal(paper_behind(view_text("plain")), view_text("plain")));
    ck_assert_uint_eq(paper_behind(view_text("x#")).len, 0);
    ck_assert_uint_eq(paper_behind(view_of(NULL, 0)).len, 0);
    ck_assert(paper_is_text(view_text("\r\n \n HTTPS://X/#U1C/1/1/000")));
    ck_assert(paper_is_text(view_text("U1R/")));
    ck_assert(!paper_is_text(view_text("u1r/1/1/000"))); /* a note's origin may begin so */
    ck_assert(!paper_is_text(view_text("U1/KHPP-1-3/AAAAAAAAAAAAAAAA/1")));
    ck_assert(!paper_is_text(view_text("\n\n\n")));
    ck_assert(!paper_is_text(view_of(NULL, 0)));
}
END_TEST

/* Every length in every number of parts comes back; no part is longer than asked for, and they differ by a byte at most. */
START_TEST(test_round_trip)
{
    uint8_t bytes[64];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 37 + 1);
    }
    for (size_t len = 1; len <= sizeof bytes; len++) {
        for (size_t part = len / PAPER_PARTS_MAX + 1; part <= len + 1; part++) {
            struct paper_texts texts;
            struct buffer file = {0};
            enum paper_kind kind = PAPER_RECEIPT;
            ck_assert_int_eq(paper_write(PAPER_STATEMENT, view_of(bytes, len), part, view_text("HTTPS://A/#"), &texts, &fault), STATUS_OK);
            ck_assert_uint_eq(texts.count, (len + part - 1) / part);
            for (size_t i = texts.count; i > 0; i--) { /* the last first */
                ck_assert_uint_le(texts.texts[i - 1].len, strlen("HTTPS://A/#U1C/1/1/") + (part * 17 + 6) / 7 + 3);
                buffer_append_view(&file, buffer_view(&texts.texts[i - 1]));
                buffer_printf(&file, "\n");
            }
            buffer_reset(&out);
            ck_assert_int_eq(paper_read(buffer_view(&file), &kind, &out, &fault), STATUS_OK);
            ck_assert_int_eq(kind, PAPER_STATEMENT);
            ck_assert(view_equal(buffer_view(&out), view_of(bytes, len)));
            buffer_free(&file);
            paper_texts_free(&texts);
        }
    }
}
END_TEST

START_TEST(test_write_refused)
{
    static uint8_t bytes[PAPER_BYTES_MAX + 1];
    struct paper_texts texts;
    const struct {
        size_t len, part;
        const char *prefix;
    } wrong[] = {{0, 10, ""}, {10, 1, ""}, {91, 10, ""}, {sizeof bytes, sizeof bytes, ""}, {10, 10, "HTTPS://A/"}};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        fault_clear(&fault);
        ck_assert_int_eq(paper_write(PAPER_RECEIPT, view_of(bytes, wrong[i].len), wrong[i].part, view_text(wrong[i].prefix), &texts, &fault),
                         STATUS_REFUSED);
        ck_assert_uint_eq(texts.count, 0);
    }
    ck_assert_int_eq(paper_write(PAPER_RECEIPT, view_of(bytes, 90), 10, view_of(NULL, 0), &texts, &fault), STATUS_OK);
    ck_text(&texts.texts[8], "U1R/9/9/0000000000000000000000000");
    paper_texts_free(&texts);
}
END_TEST

START_TEST(test_read)
{
    static const struct {
        const char *text;
        uint64_t line; /* 0: right */
        const char *words;
    } all[] = {
        {"U1R/1/1/001", 0, ""},
        {"\r\n  HTTPS://A/#U1R/1/1/001\t\r\n\r\n", 0, ""},
        {"U1R/2/2/002\nU1R/1/2/001\nU1R/2/2/002", 0, ""},
        {"", FAULT_NOWHERE, "no part"},
        {"\n\n", FAULT_NOWHERE, "no part"},
        {"U1R/1/2/001", FAULT_NOWHERE, "part 2 of 2 is missing"},
        {"U1R/1/2/001\nU1R/2/2/00", FAULT_NOWHERE, "part 2 of 2 has misread digits"},
        {"U1R/1/2/001\nU1R/1/2/002", 2, "contradicts"},
        {"U1R/1/2/001\nU1R/2/3/002", 2, "something else"},
        {"U1R/1/2/001\nU1C/2/2/002", 2, "something else"},
        {"\nU1R/0/1/001", 2, "cannot be"},
        {"U1R/2/1/001", 1, "cannot be"},
        {"U1R/1/0/001", 1, "cannot be"},
        {"U1R/1/:/001", 1, "cannot be"},
        {"U1R/1/1/", 1, "form"},
        {"U1R/1/10/001", 1, "form"},
        {"U1R/01/1/001", 1, "form"},
        {"U1X/1/1/001", 1, "form"},
        {"u1r/1/1/001", 1, "form"},
        {"U1R/1/1/001\nanything", 2, "form"},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        enum paper_kind kind = PAPER_STATEMENT;
        fault_clear(&fault);
        buffer_reset(&out);
        enum status status = paper_read(view_text(all[i].text), &kind, &out, &fault);
        ck_assert_msg(status == (all[i].line == 0 ? STATUS_OK : STATUS_DAMAGED), "%s: %s", all[i].text, fault.text);
        ck_assert_msg(all[i].line == 0 || (fault.at == all[i].line && strstr(fault.text, all[i].words) != NULL && out.len == 0), "%s: %s",
                      all[i].text, fault.text);
    }
}
END_TEST

START_TEST(test_read_too_long)
{
    struct buffer text = {0};
    enum paper_kind kind;
    while (text.len <= PAPER_TEXT_BYTES_MAX) {
        buffer_printf(&text, "U1R/1/1/001\n");
    }
    ck_assert_int_eq(paper_read(buffer_view(&text), &kind, &out, &fault), STATUS_DAMAGED);
    buffer_reset(&text);
    buffer_printf(&text, "U1R/1/1/");
    for (size_t i = 0; i < PAPER_BYTES_MAX / 7 + 1; i++) {
        buffer_printf(&text, "%017d", 0);
    }
    fault_clear(&fault);
    ck_assert_int_eq(paper_read(buffer_view(&text), &kind, &out, &fault), STATUS_DAMAGED);
    ck_assert_ptr_nonnull(strstr(fault.text, "longer than 8192"));
    buffer_free(&text);
}
END_TEST

/* Requests to witnesses and their answers (SPEC 13.2, 14.3): other kinds, read alike, and no paper that shows a checkpoint. */
START_TEST(each_kind_is_read_as_itself)
{
    struct paper_texts texts = {0};
    struct buffer file = {0};
    enum paper_kind kind = PAPER_KINDS;

    ck_assert_int_eq(paper_write((enum paper_kind)_i, view_text("some bytes of it"), 10, view_of(NULL, 0), &texts, &fault), STATUS_OK);
    for (size_t i = 0; i < texts.count; i++) {
        buffer_append_view(&file, buffer_view(&texts.texts[i]));
        buffer_append_byte(&file, '\n');
    }
    ck_assert_int_eq(paper_read(buffer_view(&file), &kind, &out, &fault), STATUS_OK);
    ck_assert_int_eq(kind, _i);
    ck_assert(view_equal(buffer_view(&out), view_text("some bytes of it")));
    ck_assert_int_eq(paper_is_text(buffer_view(&file)), _i == PAPER_RECEIPT || _i == PAPER_STATEMENT);
    file.ptr[2] = 'X'; /* the first line is then of a kind that there is not */
    ck_assert_int_eq(paper_read(buffer_view(&file), &kind, &out, &fault), STATUS_DAMAGED);
    file.ptr[2] = file.ptr[2] == 'R' ? 'C' : 'R';
    ck_assert(_i == PAPER_RECEIPT || paper_read(buffer_view(&file), &kind, &out, &fault) == STATUS_DAMAGED); /* two kinds in one */
    paper_texts_free(&texts);
    buffer_free(&file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("paper");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_digits);
    tcase_add_test(tests, test_digits_refused);
    tcase_add_test(tests, test_behind);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_write_refused);
    tcase_add_test(tests, test_read);
    tcase_add_test(tests, test_read_too_long);
    tcase_add_loop_test(tests, each_kind_is_read_as_itself, 0, PAPER_KINDS);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
