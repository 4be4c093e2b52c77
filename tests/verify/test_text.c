/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when an encoding has two forms, a decoder takes more than it should, a control reaches a terminal, or a
 * date is a day off. */
#include "verify/text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef bool decoder(struct view text, struct buffer *out);
typedef void encoder(struct buffer *out, struct view bytes);

static void assert_encodes(encoder *encode, struct view bytes, const char *expected)
{
    struct buffer out = {0};

    encode(&out, bytes);
    buffer_append_byte(&out, 0);
    ck_assert(!out.failed);
    ck_assert_str_eq((const char *)out.ptr, expected);
    buffer_free(&out);
}

static void assert_decodes(decoder *decode, const char *text, struct view expected)
{
    struct buffer out = {0};

    buffer_append(&out, "x", 1);
    ck_assert_msg(decode(view_text(text), &out), "%s", text);
    ck_assert(view_equal(view_part(buffer_view(&out), 1, out.len - 1), expected));
    buffer_free(&out);
}

static void assert_refused(decoder *decode, struct view text)
{
    struct buffer out = {0};

    buffer_append(&out, "x", 1);
    ck_assert_msg(!decode(text, &out), "%.*s", (int)text.len, (const char *)text.ptr);
    ck_assert(view_equal(buffer_view(&out), view_text("x")));
    buffer_free(&out);
}

START_TEST(test_hex)
{
    assert_encodes(text_hex, view_text(""), "");
    assert_encodes(text_hex, view_of("\x00\x7f\x80\xff\x0a", 5), "007f80ff0a");
}
END_TEST

/* RFC 4648 10 */
START_TEST(test_base64_vectors)
{
    static const char *const pairs[7][2] = {{"", ""},         {"f", "Zg=="},         {"fo", "Zm8="},        {"foo", "Zm9v"},
                                            {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};

    for (size_t i = 0; i < 7; i++) {
        assert_encodes(text_base64, view_text(pairs[i][0]), pairs[i][1]);
        assert_decodes(text_base64_decode, pairs[i][1], view_text(pairs[i][0]));
    }
    assert_encodes(text_base64, view_of("\xfb\xff\xbf", 3), "+/+/");
}
END_TEST

START_TEST(test_base64_refused)
{
    static const char *const bad[] = {"Zg",   "Zg=",      "Zg===",     "Zh==",  "Zm9=",      "Zm9v\n", " Zm9v", "Zm 9v", "=",
                                      "Z===", "Zg==Zg==", "Zm9vZg==A", "-_-_",  "Zm9v=",     "====",   "Zm9v====", "Z"};
    char padded_early[132];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_refused(text_base64_decode, view_text(bad[i]));
    }
    assert_refused(text_base64_decode, view_of("Zm9\0", 4));
    /* Padding at the end of a full chunk of 64 characters, with more behind it. */
    memset(padded_early, 'A', sizeof padded_early);
    padded_early[63] = '=';
    assert_refused(text_base64_decode, view_of(padded_early, 132));
    padded_early[62] = '=';
    assert_refused(text_base64_decode, view_of(padded_early, 132));
}
END_TEST

/* Every length around the chunks, both alphabets. */
START_TEST(test_round_trips)
{
    uint8_t bytes[200];

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 167 + 13);
    }
    for (size_t len = 0; len <= sizeof bytes; len++) {
        struct buffer text = {0};
        struct buffer back = {0};

        text_base64(&text, view_of(bytes, len));
        ck_assert_uint_eq(text.len, (len + 2) / 3 * 4);
        ck_assert(text_base64_decode(buffer_view(&text), &back));
        ck_assert(view_equal(buffer_view(&back), view_of(bytes, len)));
        buffer_reset(&text);
        buffer_reset(&back);
        text_base32(&text, view_of(bytes, len));
        ck_assert_uint_eq(text.len, (len * 8 + 4) / 5);
        ck_assert(text_base32_decode(buffer_view(&text), &back));
        ck_assert(view_equal(buffer_view(&back), view_of(bytes, len)));
        buffer_free(&text);
        buffer_free(&back);
    }
}
END_TEST

/* RFC 4648 10, without padding and in lower case */
START_TEST(test_base32_vectors)
{
    static const char *const pairs[7][2] = {{"", ""},           {"f", "my"},           {"fo", "mzxq"},           {"foo", "mzxw6"},
                                            {"foob", "mzxw6yq"}, {"fooba", "mzxw6ytb"}, {"foobar", "mzxw6ytboi"}};

    for (size_t i = 0; i < 7; i++) {
        assert_encodes(text_base32, view_text(pairs[i][0]), pairs[i][1]);
        assert_decodes(text_base32_decode, pairs[i][1], view_text(pairs[i][0]));
    }
    assert_decodes(text_base32_decode, "MZXW6YTBOI", view_text("foobar"));
}
END_TEST

START_TEST(test_base32_refused)
{
    static const char *const bad[] = {"m", "mzx", "mzxw6y", "mz", "mzxr", "mzxw7yr", "my======", "m1", "m0", "m8", "mzxw6 ", "mz-w"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_refused(text_base32_decode, view_text(bad[i]));
    }
}
END_TEST

START_TEST(test_decimal)
{
    static const char *const bad[] = {"",   "00", "01", "+1", "-1", " 1", "1 ", "1a", "9007199254740992", "9999999999999999999",
                                      "18446744073709551617", "00000000000000000001"};
    uint64_t value = 7;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(!text_decimal(view_text(bad[i]), &value), "%s", bad[i]);
        ck_assert_uint_eq(value, 7);
    }
    ck_assert(text_decimal(view_text("0"), &value));
    ck_assert_uint_eq(value, 0);
    ck_assert(text_decimal(view_text("9007199254740991"), &value));
    ck_assert_uint_eq(value, UINT64_C(9007199254740991));
}
END_TEST

START_TEST(test_escape)
{
    assert_encodes(text_escape, view_text("ភ្នំពេញ Hà Nội \"ok\" \xf0\x9f\x90\x98"), "ភ្នំពេញ Hà Nội \"ok\" \xf0\x9f\x90\x98");
    assert_encodes(text_escape, view_of("a\0b\x1b[2J\x7f\\", 9), "a\\x00b\\x1b[2J\\x7f\\x5c");
    assert_encodes(text_escape, view_text("\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\xe2\x80\xa8"),
                   "\\u{009b}\\u{202e}\\u{2066}\\u{061c}\\u{2028}");
    /* overlong, surrogate, lone continuation, cut short, beyond U+10FFFF */
    assert_encodes(text_escape, view_text("\xc0\xaf"), "\\xc0\\xaf");
    assert_encodes(text_escape, view_text("\xed\xa0\x80"), "\\xed\\xa0\\x80");
    assert_encodes(text_escape, view_text("\x80z\xe1\x9e"), "\\x80z\\xe1\\x9e");
    assert_encodes(text_escape, view_text("\xf4\x90\x80\x80\xff"), "\\xf4\\x90\\x80\\x80\\xff");
}
END_TEST

START_TEST(test_json)
{
    assert_encodes(text_json, view_text("a\"b\\c\n\x7f"), "\"a\\\"b\\\\c\\u000a\\u007f\"");
    assert_encodes(text_json, view_text("ខ្មែរ\xe2\x80\xae"), "\"ខ្មែរ\\u202e\"");
    assert_encodes(text_json, view_text("a\xffz"), "\"a\xef\xbf\xbdz\"");
    assert_encodes(text_json, view_text(""), "\"\"");
}
END_TEST

static void assert_time(uint64_t time_s, const char *expected)
{
    struct buffer out = {0};

    text_time(&out, time_s);
    buffer_append_byte(&out, 0);
    ck_assert_str_eq((const char *)out.ptr, expected);
    buffer_free(&out);
}

START_TEST(test_time)
{
    assert_time(0, "1970-01-01T00:00:00Z");
    assert_time(951782399, "2000-02-28T23:59:59Z");
    assert_time(951782400, "2000-02-29T00:00:00Z");
    assert_time(1544666584, "2018-12-13T02:03:04Z");
    assert_time(4107542399, "2100-02-28T23:59:59Z");
    assert_time(4107542400, "2100-03-01T00:00:00Z");
    assert_time(UINT64_C(253402300799), "9999-12-31T23:59:59Z");
    assert_time(UINT64_C(253402300800), "@253402300800");
    assert_time(UINT64_MAX, "@18446744073709551615");
}
END_TEST

/* Every day to 2400 follows the one before it, by a calendar that only counts. */
START_TEST(test_time_every_day)
{
    static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    uint64_t time_s = 0;

    for (int year = 1970; year <= 2400; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= lengths[month - 1] + (month == 2 && leap ? 1 : 0); day++) {
                char expected[32];

                (void)snprintf(expected, sizeof expected, "%04d-%02d-%02dT00:00:00Z", year, month, day);
                assert_time(time_s, expected);
                time_s += 86400;
            }
        }
    }
}
END_TEST

static void assert_local(uint64_t time_s, int offset_min, const char *expected)
{
    struct buffer out = {0};

    text_time_local(&out, time_s, offset_min);
    buffer_append_byte(&out, 0);
    ck_assert_str_eq((const char *)out.ptr, expected);
    buffer_free(&out);
}

START_TEST(test_time_local)
{
    assert_local(1544666584, 420, "2018-12-13T09:03:04+07:00");
    assert_local(1544666584, -210, "2018-12-12T22:33:04-03:30");
    assert_local(1544666584, 0, "2018-12-13T02:03:04+00:00");
    assert_local(0, -1, "1969-12-31T23:59:00-00:01");
    assert_local(0, -1440, "1969-12-31T00:00:00-24:00");
    assert_local(UINT64_C(253402300799), 1, "@253402300799");
    assert_local(UINT64_C(253402300800), -60, "@253402300800");
    assert_local(5, 1441, "@5");
    assert_local(UINT64_MAX, 420, "@18446744073709551615");
}
END_TEST

int main(void)
{
    TCase *tcase = tcase_create("text");
    Suite *suite = suite_create("text");
    SRunner *runner = NULL;
    int failed;

    tcase_add_test(tcase, test_hex);
    tcase_add_test(tcase, test_base64_vectors);
    tcase_add_test(tcase, test_base64_refused);
    tcase_add_test(tcase, test_round_trips);
    tcase_add_test(tcase, test_base32_vectors);
    tcase_add_test(tcase, test_base32_refused);
    tcase_add_test(tcase, test_decimal);
    tcase_add_test(tcase, test_escape);
    tcase_add_test(tcase, test_json);
    tcase_add_test(tcase, test_time);
    tcase_add_test(tcase, test_time_every_day);
    tcase_add_test(tcase, test_time_local);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
