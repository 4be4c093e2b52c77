/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fields that layers share. Breaks when null and a value are mixed up, when a failed field is told at the item behind it,
 * when a read after a failure writes, or when what is written is not what is read.
 */
#include "verify/fields.h"
#include "verify/writer.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define H "5820" "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define A8 "6161616161616161"

static struct buffer bytes;
static struct fault own;

static void setup(void)
{
    fault_clear(&own);
}

static void teardown(void)
{
    buffer_free(&bytes);
}

static struct reader open_hex(const char *hex)
{
    buffer_reset(&bytes);
    for (size_t i = 0; hex[i] != '\0'; i += 2) {
        char pair[3] = {hex[i], hex[i + 1], '\0'};

        buffer_append_byte(&bytes, (uint8_t)strtoul(pair, NULL, 16));
    }
    fault_clear(&own);
    return reader_open(buffer_view(&bytes), &own);
}

/* The reader failed at that byte, with those words. */
static void expect_failed(const struct reader *reader, uint64_t at, const char *words)
{
    ck_assert(reader->failed);
    ck_assert_uint_eq(own.at, at);
    ck_assert_msg(strstr(own.text, words) != NULL, "%s", own.text);
}

START_TEST(test_domain)
{
    struct reader reader = open_hex("6161");
    field_domain(&reader, "a");
    ck_assert_int_eq(reader_end(&reader), STATUS_OK);
    static const char *const others[] = {"60", "6162", "626161", "6141", "4161", "01", "f6"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        reader = open_hex(others[i]);
        field_domain(&reader, "a");
        expect_failed(&reader, 0, "domain text");
    }
    /* In an array: the place is that of the text, not of what follows. */
    reader = open_hex("82616200");
    (void)reader_array(&reader, 2, 2, "layer");
    field_domain(&reader, "a");
    expect_failed(&reader, 1, "domain text");
}
END_TEST

START_TEST(test_num_or_null)
{
    uint64_t number = 77;
    struct reader reader = open_hex("f6");
    ck_assert(!field_num_or_null(&reader, &number, "before"));
    ck_assert_uint_eq(number, 77);
    ck_assert_int_eq(reader_end(&reader), STATUS_OK);
    reader = open_hex("00");
    ck_assert(field_num_or_null(&reader, &number, "before"));
    ck_assert_uint_eq(number, 0);
    reader = open_hex("1b001fffffffffffff");
    ck_assert_uint_eq(field_num(&reader, "before"), UINT64_C(9007199254740991));
    ck_assert_int_eq(reader_end(&reader), STATUS_OK);
    reader = open_hex("1b0020000000000000");
    (void)field_num(&reader, "before");
    ck_assert(reader.failed);
    static const char *const others[] = {"20", "40", "60", "80", "f4", "f5"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        reader = open_hex(others[i]);
        (void)field_num_or_null(&reader, &number, "before");
        expect_failed(&reader, 0, "before");
    }
}
END_TEST

START_TEST(test_hash)
{
    struct hash hash = {{0xee}};
    struct reader reader = open_hex(H);
    field_hash(&reader, &hash, "root");
    ck_assert_int_eq(reader_end(&reader), STATUS_OK);
    ck_assert(hash.bytes[0] == 0 && hash.bytes[31] == 0x1f);
    reader = open_hex("f6");
    ck_assert(!field_hash_or_null(&reader, &hash, "prev"));
    ck_assert_uint_eq(hash.bytes[31], 0x1f);
    reader = open_hex(H);
    ck_assert(field_hash_or_null(&reader, &hash, "prev"));
    /* Null where a hash must stand; 31 and 33 bytes; as text. */
    static const char *const others[] = {"f6", ("581f" A8 A8 A8 "61616161616161"), ("5821" A8 A8 A8 A8 "61"), ("7820" A8 A8 A8 A8),
                                         "40"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        hash = (struct hash){{0xee}};
        reader = open_hex(others[i]);
        field_hash(&reader, &hash, "root");
        expect_failed(&reader, 0, "root");
        ck_assert_uint_eq(hash.bytes[0], 0xee);
    }
}
END_TEST

/* The first failure is the one that is told, and nothing is written after it. */
START_TEST(test_failure_stays)
{
    struct hash hash = {{0xee}};
    uint8_t fixed[4] = {1, 2, 3, 4};
    struct reader reader = open_hex("83" "20" H "4400000000");

    (void)reader_array(&reader, 3, 3, "layer");
    (void)field_num(&reader, "first");
    expect_failed(&reader, 1, "first");
    field_hash(&reader, &hash, "second");
    field_fixed(&reader, fixed, 4, "third");
    field_fail_at(&reader, 0, "another rule");
    expect_failed(&reader, 1, "first");
    ck_assert(hash.bytes[0] == 0xee && fixed[0] == 1);
}
END_TEST

/* A layer's failure gets the layer's name in front, and keeps its place; one that the caller has already stays. */
START_TEST(test_layer_end)
{
    struct fault fault = {0};
    struct reader reader = open_hex("8200" "20");

    (void)reader_array(&reader, 2, 2, "layer");
    (void)field_num(&reader, "one");
    (void)field_num(&reader, "two");
    ck_assert_int_eq(field_layer_end(&reader, "sheet", &fault), STATUS_DAMAGED);
    ck_assert(fault.status == STATUS_DAMAGED && fault.at == 2);
    ck_assert_str_eq(fault.text, "sheet: byte 2: two is not an unsigned integer");
    reader = open_hex("820000");
    (void)reader_array(&reader, 2, 2, "layer");
    (void)field_num(&reader, "one");
    fault_clear(&fault);
    ck_assert_int_eq(field_layer_end(&reader, "sheet", &fault), STATUS_DAMAGED); /* not used up */
    reader = open_hex("00");
    (void)field_num(&reader, "one");
    ck_assert_int_eq(field_layer_end(&reader, "sheet", NULL), STATUS_OK);
}
END_TEST

START_TEST(test_written_and_read)
{
    struct hash hash = {{1, 2, 3}}, read = {{0}};
    struct buffer out = {0};
    uint64_t number = 0;

    writer_array(&out, 5);
    field_write_hash(&out, &hash);
    field_write_num_or_null(&out, true, 0);
    field_write_num_or_null(&out, false, 5);
    field_write_hash_or_null(&out, true, &hash);
    field_write_hash_or_null(&out, false, &hash);
    struct reader reader = reader_open(buffer_view(&out), &own);
    (void)reader_array(&reader, 5, 5, "layer");
    field_hash(&reader, &read, "a");
    ck_assert(hash_equal(&read, &hash));
    ck_assert(field_num_or_null(&reader, &number, "b") && number == 0);
    ck_assert(!field_num_or_null(&reader, &number, "c"));
    read = (struct hash){{0}};
    ck_assert(field_hash_or_null(&reader, &read, "d") && hash_equal(&read, &hash));
    ck_assert(!field_hash_or_null(&reader, &read, "e"));
    ck_assert_int_eq(reader_end(&reader), STATUS_OK);
    buffer_free(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fields");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_domain);
    tcase_add_test(tests, test_num_or_null);
    tcase_add_test(tests, test_hash);
    tcase_add_test(tests, test_failure_stays);
    tcase_add_test(tests, test_layer_end);
    tcase_add_test(tests, test_written_and_read);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
