/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when strict_check lets through anything but deterministic CBOR, refuses what is, or names
 * another byte than the first offending one (SPEC 2.1). Vectors are hex; each rejection has its offset and rule.
 */
#include "verify/strict.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 4096 };

/* Hex to bytes; spaces are skipped. The copy is exactly as long as the input, for the sanitizer. */
static struct view from_hex(const char *hex)
{
    uint8_t bytes[INPUT_MAX];
    size_t len = 0;
    uint8_t *copy;

    while (*hex != '\0') {
        char pair[3] = {hex[0], hex[1], '\0'};

        if (*hex == ' ') {
            hex++;
            continue;
        }
        ck_assert_uint_lt(len, sizeof bytes);
        bytes[len] = (uint8_t)strtoul(pair, NULL, 16);
        len++;
        hex += 2;
    }
    copy = malloc(len == 0 ? 1 : len);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, len);
    return view_of(copy, len);
}

static void release(struct view view)
{
    union {
        const uint8_t *borrowed;
        void *owned;
    } memory = {.borrowed = view.ptr};

    free(memory.owned);
}

static const char *const accepted[] = {
    "00", "17", "1818", "18ff", "190100", "19ffff", "1a00010000", "1affffffff", "1b0000000100000000",
    "1b001fffffffffffff", /* 2^53-1 */
    "20", "37", "3818", "390100", "3a00010000", "3b001ffffffffffffe", /* -(2^53-1) */
    "f4", "f5", "f6",
    "40", "4100", "43ff00ff",
    "60", "6161", "623a29", "78186161616161616161616161616161616161616161616161 61",
    "62c2a0", "63e0a080", "63ed9fbf", "63ee8080", "64f0908080", "64f48fbfbf", "63e19e80", /* Khmer KA */
    "62d89b", "62d89d", "63e2808d", "63e28090", "63e280a7", "63e280af", "63e281a5", "63e281aa", /* beside the banned */
    "80", "8100", "83010203", "8180", "82f6f6", "83 80 a0 80",
    "a0", "a10000", "a2000001 00", "a2 00 00 20 00", "a2 17 00 1818 00", "a2 6162 00 626161 00",
    "a2 40 00 60 00", "a2 8100 00 8101 00", "a2 a10000 00 a10001 00", "a3 00 a10000 01 8100 02 80",
    /* 16 deep: the outermost item has depth 1 (SPEC 2.1) */
    "818181818181818181818181818181 00", "818181818181818181818181818181 80", "818181818181818181818181818181 a0",
    "8181818181818181818181818181 a1 00 00", "81818181818181818181818181 a1 81 00 00",
};

START_TEST(test_accepts)
{
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        struct view input = from_hex(accepted[i]);
        struct fault fault;

        fault_clear(&fault);
        ck_assert_msg(strict_check(input, &fault) == STATUS_OK, "%s: %s", accepted[i], fault.text);
        ck_assert_int_eq(fault.status, STATUS_OK);
        release(input);
    }
}
END_TEST

struct rejected {
    const char *hex;
    size_t at;
    const char *rule; /* a part of the sentence */
};

static const struct rejected rejected[] = {
    /* Ends too early. */
    {"", 0, "input ends where an item"}, {"81", 0, "count is larger"}, {"18", 1, "ends inside a head"},
    {"1901", 2, "ends inside a head"}, {"1a010203", 4, "ends inside a head"},
    {"1b01020304050607", 8, "ends inside a head"}, {"5818", 0, "runs past"}, {"58", 1, "ends inside a head"},
    {"4200", 0, "runs past"}, {"8261", 0, "count is larger"}, {"82 00 6161 61", 4, "bytes follow"},
    {"82 00 61", 2, "runs past"}, {"82 8100 00 00", 4, "bytes follow"}, {"82 82 00 00", 4, "where an item"},
    {"a1 00", 0, "count is larger"}, {"82 a1 00 00", 4, "where an item"},
    /* Counts and lengths that lie. */
    {"9a40000000", 0, "count is larger"}, {"9bffffffffffffffff", 0, "count is larger"},
    {"bbffffffffffffffff", 0, "count is larger"}, {"bb8000000000000000", 0, "count is larger"},
    {"5bffffffffffffffff", 0, "runs past"}, {"7bffffffffffffffff", 0, "runs past"},
    {"81 5b7fffffffffffffff 00", 1, "runs past"},
    /* Not the shortest form. */
    {"1800", 0, "shortest"}, {"1817", 0, "shortest"}, {"1900ff", 0, "shortest"}, {"1a0000ffff", 0, "shortest"},
    {"1b00000000ffffffff", 0, "shortest"}, {"3817", 0, "shortest"}, {"3900ff", 0, "shortest"},
    {"580100", 0, "shortest"}, {"780161", 0, "shortest"}, {"9801 00", 0, "shortest"}, {"b801 0000", 0, "shortest"},
    {"82 00 1800", 2, "shortest"},
    /* Indefinite lengths, breaks, reserved heads. */
    {"9fff", 0, "indefinite"}, {"bfff", 0, "indefinite"}, {"5fff", 0, "indefinite"}, {"7fff", 0, "indefinite"},
    {"1f", 0, "indefinite"}, {"3f", 0, "indefinite"}, {"ff", 0, "simple"}, {"81ff", 1, "simple"},
    {"1c", 0, "reserved"}, {"1d", 0, "reserved"}, {"1e", 0, "reserved"}, {"5c", 0, "reserved"}, {"dc", 0, "reserved"},
    /* Tags, floats, simple values. */
    {"c000", 0, "tags"}, {"d81800", 0, "tags"}, {"81c100", 1, "tags"}, {"d9d9f700", 0, "tags"},
    {"f90000", 0, "floating"}, {"fa00000000", 0, "floating"}, {"fb0000000000000000", 0, "floating"},
    {"e0", 0, "simple"}, {"f3", 0, "simple"}, {"f7", 0, "simple"}, {"f814", 0, "simple"}, {"f8ff", 0, "simple"},
    {"fc", 0, "simple"},
    /* Integers out of range. */
    {"1b0020000000000000", 0, "2^53-1"}, {"1bffffffffffffffff", 0, "2^53-1"}, {"3b001fffffffffffff", 0, "2^53-1"},
    {"3bffffffffffffffff", 0, "2^53-1"},
    /* Map keys. */
    {"a2 00 00 00 00", 3, "repeated"}, {"a2 01 00 00 00", 3, "ascending"}, {"a2 20 00 00 00", 3, "ascending"},
    {"a2 6161 00 00 00", 4, "ascending"}, {"a2 626161 00 6162 00", 5, "ascending"},
    {"a2 6161 00 6161 01", 4, "repeated"}, {"a2 8101 00 8100 00", 4, "ascending"},
    {"a2 8100 00 8100 00", 4, "repeated"}, {"a2 a10000 00 a10000 00", 5, "repeated"}, {"a2 80 00 80 00", 3, "repeated"},
    {"a2 a0 00 80 00", 3, "ascending"}, {"a3 00 a0 01 a0 01 a0", 5, "repeated"},
    {"81 a1 00 a2 01 00 01 00", 6, "repeated"}, {"a2 01 a1 05 00 00 00", 5, "ascending"},
    /* Nesting. */
    {"81818181818181818181818181818181 00", 16, "16 deep"}, {"81818181818181818181818181818181 80", 16, "16 deep"},
    {"818181818181818181818181818181 a1 00 00", 16, "16 deep"}, {"81818181818181818181818181 a1 00 81 81 00", 17, "16 deep"},
    /* After the item. */
    {"0000", 1, "bytes follow"}, {"8000", 1, "bytes follow"}, {"a0ff", 1, "bytes follow"},
    {"6161 61", 2, "bytes follow"},
    /* Text inside CBOR, with the offset of the character. */
    {"63 61 62 0a", 3, "control"}, {"82 6161 6361 00 62", 5, "control"}, {"61 ff", 1, "UTF-8"},
    {"a1 00 62 c328", 3, "UTF-8"},
};

START_TEST(test_rejects)
{
    for (size_t i = 0; i < sizeof rejected / sizeof rejected[0]; i++) {
        struct view input = from_hex(rejected[i].hex);
        struct fault fault;

        fault_clear(&fault);
        ck_assert_msg(strict_check(input, &fault) == STATUS_DAMAGED, "%s was accepted", rejected[i].hex);
        ck_assert_int_eq(fault.status, STATUS_DAMAGED);
        ck_assert_msg(fault.at == rejected[i].at && strstr(fault.text, rejected[i].rule) != NULL,
                      "%s: wanted %zu, %s; got %llu, %s", rejected[i].hex, rejected[i].at, rejected[i].rule,
                      (unsigned long long)fault.at, fault.text);
        release(input);
    }
}
END_TEST

/* Each is one rejected character; the test puts good bytes before and behind it. */
static const struct rejected texts[] = {
    {"00", 0, "control"}, {"1f", 0, "control"}, {"09", 0, "control"}, {"0d", 0, "control"}, {"7f", 0, "control"},
    {"c280", 0, "control"}, {"c285", 0, "control"}, {"c29f", 0, "control"}, {"e280a8", 0, "control"},
    {"e280a9", 0, "control"}, {"d89c", 0, "bidirectional"}, {"e2808e", 0, "bidirectional"},
    {"e2808f", 0, "bidirectional"}, {"e280aa", 0, "bidirectional"}, {"e280ab", 0, "bidirectional"},
    {"e280ac", 0, "bidirectional"}, {"e280ad", 0, "bidirectional"}, {"e280ae", 0, "bidirectional"},
    {"e281a6", 0, "bidirectional"}, {"e281a7", 0, "bidirectional"}, {"e281a8", 0, "bidirectional"},
    {"e281a9", 0, "bidirectional"}, {"80", 0, "UTF-8"}, {"bf", 0, "UTF-8"}, {"c080", 0, "UTF-8"}, {"c1bf", 0, "UTF-8"},
    {"e08080", 0, "UTF-8"}, {"e09fbf", 0, "UTF-8"}, {"f0808080", 0, "UTF-8"}, {"f08fbfbf", 0, "UTF-8"},
    {"eda080", 0, "UTF-8"}, {"edbfbf", 0, "UTF-8"}, {"f4908080", 0, "UTF-8"}, {"f5808080", 0, "UTF-8"},
    {"f8888080 80", 0, "UTF-8"}, {"fe", 0, "UTF-8"}, {"ff", 0, "UTF-8"}, {"c3", 0, "UTF-8"}, {"e19e", 0, "UTF-8"},
    {"f09f98", 0, "UTF-8"}, {"c341", 0, "UTF-8"},
};

START_TEST(test_text_rejects)
{
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct view bad = from_hex(texts[i].hex);

        /* Every place in and around the eight bytes that are looked at together. */
        for (size_t before = 0; before < 20; before++) {
            uint8_t text[64];
            struct fault fault;

            memset(text, 'a' + (int)before, sizeof text);
            memcpy(text + before, bad.ptr, bad.len);
            fault_clear(&fault);
            ck_assert_msg(strict_check_text(view_of(text, sizeof text), &fault) == STATUS_DAMAGED, "%s accepted",
                          texts[i].hex);
            ck_assert_uint_eq(fault.at, before);
            ck_assert_msg(strstr(fault.text, texts[i].rule) != NULL, "%s: %s", texts[i].hex, fault.text);
            fault_clear(&fault);
            ck_assert_int_eq(strict_check_text(view_of(text, before + bad.len), &fault), STATUS_DAMAGED);
            ck_assert_uint_eq(fault.at, before);
        }
        release(bad);
    }
}
END_TEST

START_TEST(test_text_accepts)
{
    static const char *const good[] = {
        "", " ", "~", "seven ch", "eight cha", "ប្រាសាទ ភ្នំពេញ", "Việt Nam – Bình Dương", "naïve €", "😀 a", "٣",
        "aaaaaaaébbbbbbbbbbb", "zero\xe2\x80\x8bwidth",
    };

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct fault fault;

        fault_clear(&fault);
        ck_assert_msg(strict_check_text(view_text(good[i]), &fault) == STATUS_OK, "%s: %s", good[i], fault.text);
    }
    ck_assert_int_eq(strict_check_text(view_of(NULL, 0), NULL), STATUS_OK);
}
END_TEST

/* The UTF-8 encoding of any number, by the book and without its limits. */
static size_t encode(uint32_t point, uint8_t out[4])
{
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (uint8_t)(0xc0 | point >> 6);
        out[1] = (uint8_t)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (uint8_t)(0xe0 | point >> 12);
        out[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | point >> 18);
    out[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (point & 0x3f));
    return 4;
}

START_TEST(test_every_code_point)
{
    unsigned refused = 0;

    for (uint32_t point = 0; point < 0x120000; point++) {
        uint8_t bytes[4];
        size_t len = encode(point, bytes);

        if (strict_check_text(view_of(bytes, len), NULL) != STATUS_OK) {
            refused++;
        }
    }
    /* C0, DEL, C1 and two separators; 12 bidirectional; surrogates; beyond U+10FFFF. */
    ck_assert_uint_eq(refused, 32 + 33 + 2 + 12 + 0x800 + 0x10000);
}
END_TEST

/* No prefix of an accepted item is an item, and no byte can follow it. */
START_TEST(test_every_prefix)
{
    struct view whole = from_hex("a4 00 83 01 20 f6 01 43 616263 02 a2 00 190100 6161 80 6278 79 7819 "
                                 "61616161616161616161616161616161616161616161616161");
    uint8_t *longer = malloc(whole.len + 1);

    ck_assert_int_eq(strict_check(whole, NULL), STATUS_OK);
    ck_assert_ptr_nonnull(longer);
    for (size_t len = 0; len < whole.len; len++) {
        struct fault fault;

        fault_clear(&fault);
        memcpy(longer, whole.ptr, whole.len);
        ck_assert_msg(strict_check(view_of(longer, len), &fault) == STATUS_DAMAGED, "prefix %zu", len);
        ck_assert_uint_le(fault.at, len);
    }
    for (unsigned byte = 0; byte < 256; byte++) {
        struct fault fault;

        fault_clear(&fault);
        longer[whole.len] = (uint8_t)byte;
        ck_assert_int_eq(strict_check(view_of(longer, whole.len + 1), &fault), STATUS_DAMAGED);
        ck_assert_uint_eq(fault.at, whole.len);
    }
    free(longer);
    release(whole);
}
END_TEST

/* Long runs of one byte: time stays linear, memory constant, and the answer right. */
START_TEST(test_hostile_runs)
{
    const size_t len = 1 << 20;
    uint8_t *input = malloc(len);
    struct fault fault;

    ck_assert_ptr_nonnull(input);
    for (unsigned byte = 0; byte < 256; byte++) {
        memset(input, (int)byte, len);
        ck_assert_int_eq(strict_check(view_of(input, len), NULL), STATUS_DAMAGED);
    }
    memset(input, 0x81, len);
    fault_clear(&fault);
    ck_assert_int_eq(strict_check(view_of(input, len), &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 16);
    /* One array of as many items as fit: accepted. */
    memset(input, 0, len);
    memcpy(input, "\x9a\x00\x0f\xff\xfb", 5);
    ck_assert_int_eq(strict_check(view_of(input, len), NULL), STATUS_OK);
    free(input);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("strict");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_accepts);
    tcase_add_test(tests, test_rejects);
    tcase_add_test(tests, test_text_rejects);
    tcase_add_test(tests, test_text_accepts);
    tcase_add_test(tests, test_every_code_point);
    tcase_add_test(tests, test_every_prefix);
    tcase_add_test(tests, test_hostile_runs);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
