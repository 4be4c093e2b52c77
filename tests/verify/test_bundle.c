/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a rule of SPEC 4, V1 or V2 on the outer layer of a bundle lets something pass or gives another answer.
 * What the writer makes is in test_bundle_write.c.
 */
#include "verify/bundle.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "verify/detail.h"
#include "verify/writer.h"

#define NODE(byte) byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte \
    byte byte byte byte byte byte byte byte byte byte byte byte

enum { DOMAIN, VIEW, POOL, RECORDS, ASKED, LEAVES, SEEN, ANCHORS, VOUCHED, SHEETS, DISCLOSURES, ATTACHMENTS, OTHERS,
       ITEMS };

static struct fault fault;
static struct hasher *hasher;
static struct bundle bundle;

static void setup(void)
{
    fault_clear(&fault);
    memset(&bundle, 0, sizeof bundle);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
}

static void teardown(void)
{
    bundle_close(&bundle);
    hasher_close(hasher);
}

static void append_hex(struct buffer *out, const char *hex)
{
    for (size_t i = 0; hex[i] != '\0'; i += 2) {
        char pair[3] = {hex[i], hex[i + 1], '\0'};

        buffer_append_byte(out, (uint8_t)strtoul(pair, NULL, 16));
    }
}

/* A bundle in order: two nodes, two records, one leaf. */
static const char *const good[ITEMS] = {
    "71756e62726f6b656e2062756e646c652f31", "8241aa80", "5840" NODE("01") NODE("02"), "828241018100824102820001", "8105",
    "818241038101", "80", "80", "f6", "80", "80", "80", "80"};

static void append_check(struct buffer *file)
{
    struct hash check;

    hash_data(hasher, buffer_view(file), &check);
    writer_bytes(file, hash_view(&check));
}

/* That bundle with one item replaced; says where the item begins. */
static size_t bundle_with(size_t item, const char *hex, struct buffer *out)
{
    size_t at = 0;

    buffer_reset(out);
    buffer_append_byte(out, 0x8e);
    for (size_t i = 0; i < ITEMS; i++) {
        at = i == item ? out->len : at;
        append_hex(out, i == item ? hex : good[i]);
    }
    append_check(out);
    return at;
}

START_TEST(test_every_part_is_found)
{
    struct buffer file = {0};
    struct merkle_path path;

    (void)bundle_with(DOMAIN, good[DOMAIN], &file);
    ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault), BUNDLE_OK);
    ck_assert(view_equal(bundle.view.note, view_of("\xaa", 1)));
    ck_assert_uint_eq(bundle.view.token_count, 0);
    ck_assert_uint_eq(bundle.pool.len, 64);
    ck_assert_uint_eq(bundle.record_count, 2);
    ck_assert(view_equal(bundle.records[1].bytes, view_of("\x02", 1)));
    ck_assert(bundle_path_nodes(&bundle, bundle.records[1].path, &path));
    ck_assert_uint_eq(path.count, 2);
    ck_assert_mem_eq(path.nodes[0].bytes, bundle.pool.ptr, 32);
    ck_assert_mem_eq(path.nodes[1].bytes, bundle.pool.ptr + 32, 32);
    ck_assert_uint_eq(bundle.asked_count, 1);
    ck_assert_uint_eq(bundle.asked[0], 5);
    ck_assert_uint_eq(bundle.leaf_count, 1);
    ck_assert(bundle_path_nodes(&bundle, bundle.leaves[0].path, &path));
    ck_assert_uint_eq(path.count, 1);
    ck_assert_mem_eq(path.nodes[0].bytes, bundle.pool.ptr + 32, 32);
    ck_assert(!bundle.has_vouched);
    bundle_close(&bundle);
    ck_assert_ptr_null(bundle.records);
    bundle_close(&bundle);
    buffer_free(&file);
}
END_TEST

START_TEST(test_layout)
{
    static const struct {
        size_t item;
        const char *hex;
        size_t at; /* from the item */
        const char *rule;
    } bad[] = {
        {DOMAIN, "6161", 0, "domain text is another"},
        {DOMAIN, "71756e62726f6b656e2162756e646c652f31", 0, "domain text is another"},
        {DOMAIN, "6f756e62726f6b656e20666f726b2f31", 0, "domain text is another"},
        {DOMAIN, "4100", 0, "domain text is not a text string"},
        {VIEW, "8141aa", 0, "view is 1 items long"},
        {VIEW, "82f680", 1, "note is not a byte string"},
        {VIEW, "8241aa8160", 4, "token is not a byte string"},
        {POOL, "583f" NODE("01") "020202020202020202020202020202020202020202020202020202020202" "02", 0, "whole number"},
        {POOL, "5840" NODE("01") NODE("01"), 34, "a node stands twice"},
        {POOL, "5860" NODE("01") NODE("02") NODE("03"), 66, "a node of the pool is not used"},
        {POOL, "5820" NODE("01"), 34 + 11, "position is not in the pool"},
        {RECORDS, "8182410180", 0, "record is 1 items long"},
        {RECORDS, "82824101808160", 5, "record is 1 items long"},
        {RECORDS, "8282018082410280", 2, "record is not a byte string"},
        {RECORDS, "828241018101824102820001", 5, "order of first use"},
        {RECORDS, "828241018100824102820120", 11, "position is not an unsigned integer"},
        {RECORDS, "828241018100824102820002", 11, "position is not in the pool"},
        {ASKED, "80", 0, "asked is 0 items long"},
        {ASKED, "820505", 2, "asked subjects are not ascending"},
        {ASKED, "820504", 2, "asked subjects are not ascending"},
        {LEAVES, "80", 0, "leaf is 0 items long"},
        {LEAVES, "818341038101" "00", 1, "leaf is 3 items long"},
        {SEEN, "8183018000", 1, "seen is 3 items long"},
        {SEEN, "828201808201" "80", 5, "seen sizes are not ascending"},
        {SEEN, "828202808201" "80", 5, "seen sizes are not ascending"},
        {SEEN, "8182f680", 2, "seen size is not an unsigned integer"},
        {ANCHORS, "818182410080", 1, "anchor is 1 items long"},
        {ANCHORS, "81828241008180" "80", 6, "token is not a byte string"},
        {VOUCHED, "00", 0, "anchor is not an array"},
        {SHEETS, "8100", 1, "sheet is not a byte string"},
        {DISCLOSURES, "8241614161", 3, "disclosures are not ascending by digest"},
        {DISCLOSURES, "8241614162", 3, "disclosures are not ascending by digest"},
        {ATTACHMENTS, "8241614161", 3, "attachments are not ascending by SHA-256"},
        {ATTACHMENTS, "8241614162", 3, "attachments are not ascending by SHA-256"},
        {OTHERS, "81f6", 1, "other is not a byte string"},
        {OTHERS, "8141", 4, "bytes follow the item"},
    };
    struct buffer file = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        size_t at = bundle_with(bad[i].item, bad[i].hex, &file);

        ck_assert_msg(bundle_decode(hasher, buffer_view(&file), &bundle, &fault) == BUNDLE_UNREADABLE, "case %zu: %s", i,
                      bad[i].rule);
        ck_assert_ptr_null(bundle.records);
        ck_assert_msg(strstr(fault.text, bad[i].rule) != NULL, "case %zu, %s: %s", i, bad[i].rule, fault.text);
        ck_assert_msg(fault.at == at + bad[i].at, "case %zu, %s: at %llu, not %zu", i, bad[i].rule,
                      (unsigned long long)fault.at, at + bad[i].at);
        fault_clear(&fault);
    }
    buffer_free(&file);
}
END_TEST

/* The orders that pass: by SHA-256 "b" (3e...) stands before "a" (ca...). */
START_TEST(test_sorted_lists)
{
    struct buffer file = {0};
    struct hash one;
    struct hash two;
    char hex[2][16] = {"8241614162", "8241624161"};
    int right;

    (void)bundle_with(ATTACHMENTS, "8241624161", &file);
    ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault), BUNDLE_OK);
    ck_assert_uint_eq(bundle.attachment_count, 2);
    bundle_close(&bundle);
    (void)bundle_with(DISCLOSURES, "8241624161", &file);
    ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault), BUNDLE_OK);
    ck_assert_uint_eq(bundle.disclosure_count, 2);
    bundle_close(&bundle);
    sheet_hash(hasher, view_text("a"), &one);
    sheet_hash(hasher, view_text("b"), &two);
    right = memcmp(one.bytes, two.bytes, 32) < 0 ? 0 : 1;
    (void)bundle_with(SHEETS, hex[right], &file);
    ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault), BUNDLE_OK);
    ck_assert_uint_eq(bundle.sheet_count, 2);
    bundle_close(&bundle);
    (void)bundle_with(SHEETS, hex[1 - right], &file);
    ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault), BUNDLE_UNREADABLE);
    ck_assert_ptr_nonnull(strstr(fault.text, "sheets are not ascending by hash"));
    buffer_free(&file);
}
END_TEST

START_TEST(test_note_length)
{
    static uint8_t note[65537];
    struct buffer file = {0};

    for (size_t len = 65536; len <= 65537; len++) {
        buffer_reset(&file);
        append_hex(&file, "8e");
        append_hex(&file, good[DOMAIN]);
        writer_array(&file, 2);
        writer_bytes(&file, view_of(note, len));
        writer_array(&file, 0);
        for (size_t i = POOL; i < ITEMS; i++) {
            append_hex(&file, good[i]);
        }
        append_check(&file);
        ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault),
                         len == 65536 ? BUNDLE_OK : BUNDLE_UNREADABLE);
        bundle_close(&bundle);
    }
    buffer_free(&file);
}
END_TEST

/* SPEC V1 */
START_TEST(test_transport)
{
    struct buffer file = {0};

    (void)bundle_with(DOMAIN, good[DOMAIN], &file);
    for (size_t len = 0; len < file.len; len++) {
        ck_assert_int_eq(bundle_decode(hasher, view_part(buffer_view(&file), 0, len), &bundle, &fault), BUNDLE_TRANSPORT);
        ck_assert_uint_eq(fault.at, FAULT_NOWHERE);
        fault_clear(&fault);
    }
    for (size_t bit = 0; bit < 8 * file.len; bit++) {
        file.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, NULL), BUNDLE_TRANSPORT);
        file.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    /* Longer than 2^31-1: told before a byte is read. */
    ck_assert_int_eq(bundle_decode(hasher, view_of(file.ptr, (size_t)1 << 31), &bundle, &fault), BUNDLE_TRANSPORT);
    ck_assert_ptr_nonnull(strstr(fault.text, "longer than"));
    buffer_free(&file);
}
END_TEST

/* SPEC V2: "unbroken " and something else is a version, whatever follows; but what breaks 2.1 is unreadable. */
START_TEST(test_versions)
{
    static const struct {
        const char *hex;
        enum bundle_answer answer;
    } files[] = {
        {"8271756e62726f6b656e2062756e646c652f32", BUNDLE_VERSION},
        {"8369756e62726f6b656e2000", BUNDLE_VERSION},
        {"8368756e62726f6b656e00", BUNDLE_UNREADABLE},
        {"8271756e62726f6b656e2062756e646c652f31", BUNDLE_UNREADABLE},
        {"8276756e62726f6b656e2066616c73652d68656164732f31", BUNDLE_UNREADABLE},
        {"836b756e62726f6b656e207a7a1800", BUNDLE_UNREADABLE},
        {"a100", BUNDLE_UNREADABLE},
        {"8201", BUNDLE_UNREADABLE},
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct buffer file = {0};

        append_hex(&file, files[i].hex);
        append_check(&file);
        ck_assert_msg(bundle_decode(hasher, buffer_view(&file), &bundle, &fault) == files[i].answer, "case %zu: %s", i,
                      fault.text);
        fault_clear(&fault);
        buffer_free(&file);
    }
}
END_TEST

/* A path that no tree has is not followed. */
START_TEST(test_path_of_65_nodes)
{
    struct buffer file = {0};
    struct merkle_path path;
    struct buffer records = {0};

    buffer_printf(&records, "828241019841");
    for (size_t i = 0; i < 65; i++) {
        buffer_printf(&records, "00");
    }
    buffer_printf(&records, "824102820001");
    buffer_append_byte(&records, '\0');
    (void)bundle_with(RECORDS, (const char *)records.ptr, &file);
    ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault), BUNDLE_OK);
    ck_assert_uint_eq(bundle.records[0].path.count, 65);
    ck_assert(!bundle_path_nodes(&bundle, bundle.records[0].path, &path));
    ck_assert(bundle_path_nodes(&bundle, bundle.records[1].path, &path));
    buffer_free(&records);
    buffer_free(&file);
}
END_TEST

/* Counts in a head cost nothing: the scan bounds them by the bytes left. */
START_TEST(test_false_counts)
{
    struct buffer file = {0};

    for (size_t item = RECORDS; item < ITEMS; item++) {
        (void)bundle_with(item, "9a7fffffff", &file);
        ck_assert_int_eq(bundle_decode(hasher, buffer_view(&file), &bundle, &fault), BUNDLE_UNREADABLE);
        fault_clear(&fault);
    }
    buffer_free(&file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bundle");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_every_part_is_found);
    tcase_add_test(tests, test_layout);
    tcase_add_test(tests, test_sorted_lists);
    tcase_add_test(tests, test_note_length);
    tcase_add_test(tests, test_transport);
    tcase_add_test(tests, test_versions);
    tcase_add_test(tests, test_path_of_65_nodes);
    tcase_add_test(tests, test_false_counts);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
