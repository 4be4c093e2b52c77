/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when the kind of a file is told wrongly, when a rule of SPEC 4 on exhibits lets something pass, or when damage
 * to an exhibit reads past its end.
 */
#include "verify/bundle.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define H0 "58200000000000000000000000000000000000000000000000000000000000000000"
#define H1 "58201111111111111111111111111111111111111111111111111111111111111111"
#define FORK "6f756e62726f6b656e20666f726b2f31"
#define FALSE_HEADS "76756e62726f6b656e2066616c73652d68656164732f31"

static struct fault fault;
static struct fork_exhibit fork_exhibit;
static struct false_heads_exhibit false_heads;

static void setup(void)
{
    fault_clear(&fault);
    memset(&fork_exhibit, 0xa5, sizeof fork_exhibit);
    memset(&false_heads, 0xa5, sizeof false_heads);
}

static void append_hex(struct buffer *out, const char *hex)
{
    for (size_t i = 0; hex[i] != '\0'; i += 2) {
        char pair[3] = {hex[i], hex[i + 1], '\0'};

        buffer_append_byte(out, (uint8_t)strtoul(pair, NULL, 16));
    }
}

START_TEST(test_kind_of_file)
{
    static const struct {
        const char *hex;
        enum file_kind kind;
    } files[] = {
        {"84" FORK, FILE_FORK}, {"85" FALSE_HEADS, FILE_FALSE_HEADS}, {"", FILE_BUNDLE}, {"84", FILE_BUNDLE},
        {"846f", FILE_BUNDLE}, {"85" FORK, FILE_BUNDLE}, {"84" FALSE_HEADS, FILE_BUNDLE},
        {"846f756e62726f6b656e20666f726b2f32", FILE_BUNDLE}, {"846f756e62726f6b656e20666f726b2f", FILE_BUNDLE},
        {"8e71756e62726f6b656e2062756e646c652f31", FILE_BUNDLE},
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct buffer file = {0};

        append_hex(&file, files[i].hex);
        ck_assert_int_eq(file_kind(buffer_view(&file)), files[i].kind);
        buffer_free(&file);
    }
}
END_TEST

START_TEST(test_fork)
{
    struct buffer file = {0};

    append_hex(&file, "84" FORK "41aa" "42bbbb" "82" H0 H1);
    ck_assert_int_eq(fork_decode(buffer_view(&file), &fork_exhibit, &fault), STATUS_OK);
    ck_assert(view_equal(fork_exhibit.a, view_of("\xaa", 1)));
    ck_assert(view_equal(fork_exhibit.b, view_of("\xbb\xbb", 2)));
    ck_assert_uint_eq(fork_exhibit.nodes.count, 2);
    ck_assert_uint_eq(fork_exhibit.nodes.nodes[0].bytes[31], 0);
    ck_assert_uint_eq(fork_exhibit.nodes.nodes[1].bytes[0], 0x11);
    buffer_free(&file);
}
END_TEST

START_TEST(test_false_heads)
{
    struct buffer file = {0};

    append_hex(&file, "85" FALSE_HEADS "41aa" "824101" "81" H0 "824102" "80" "824103" "82" H1 H0);
    ck_assert_int_eq(false_heads_decode(buffer_view(&file), &false_heads, &fault), STATUS_OK);
    ck_assert(view_equal(false_heads.note, view_of("\xaa", 1)));
    ck_assert(view_equal(false_heads.heads.bytes, view_of("\x01", 1)));
    ck_assert_uint_eq(false_heads.heads.path.count, 1);
    ck_assert(false_heads.has_leaf);
    ck_assert(view_equal(false_heads.leaf.bytes, view_of("\x02", 1)));
    ck_assert_uint_eq(false_heads.leaf.path.count, 0);
    ck_assert(view_equal(false_heads.record.bytes, view_of("\x03", 1)));
    ck_assert_uint_eq(false_heads.record.path.count, 2);
    ck_assert_uint_eq(false_heads.record.path.nodes[0].bytes[0], 0x11);
    buffer_reset(&file);
    append_hex(&file, "85" FALSE_HEADS "41aa" "82410180" "f6" "82410380");
    ck_assert_int_eq(false_heads_decode(buffer_view(&file), &false_heads, &fault), STATUS_OK);
    ck_assert(!false_heads.has_leaf);
    buffer_free(&file);
}
END_TEST

START_TEST(test_rules)
{
    static const struct {
        bool fork;
        const char *hex;
        size_t at;
        const char *rule;
    } bad[] = {
        {true, "83" FORK "4040", 0, "fork is 3 items long"},
        {true, "846f756e62726f6b656e20666f726b2f32" "404080", 1, "domain text is another"},
        {true, "84" FORK "604080", 17, "note a is not a byte string"},
        {true, "84" FORK "40f680", 18, "note b is not a byte string"},
        {true, "84" FORK "4040f6", 19, "nodes is not an array"},
        {true, "84" FORK "4040" "8141aa", 20, "node is 1 bytes long"},
        {true, "84" FORK "404080" "00", 20, ""},
        {false, "84" FALSE_HEADS "4082408080", 0, "false-heads is 4 items long"},
        {false, "85" FORK "408240808240808240" "80", 1, "domain text is another"},
        {false, "85" FALSE_HEADS "60" "824080" "f6" "824080", 24, "note is not a byte string"},
        {false, "85" FALSE_HEADS "40" "f6" "f6" "824080", 25, "heads record is not an array"},
        {false, "85" FALSE_HEADS "40" "8140" "f6" "824080", 25, "heads record is 1 items long"},
        {false, "85" FALSE_HEADS "40" "826080" "f6" "824080", 26, "heads record is not a byte string"},
        {false, "85" FALSE_HEADS "40" "824080" "00" "824080", 28, "heads leaf is not an array"},
        {false, "85" FALSE_HEADS "40" "824080" "f6" "f6", 29, "record is not an array"},
        {false, "85" FALSE_HEADS "40" "824080" "f6" "824081f6", 32, "node is not a byte string"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buffer file = {0};
        enum status status;

        append_hex(&file, bad[i].hex);
        status = bad[i].fork ? fork_decode(buffer_view(&file), &fork_exhibit, &fault)
                             : false_heads_decode(buffer_view(&file), &false_heads, &fault);
        ck_assert_msg(status == STATUS_DAMAGED, "case %zu", i);
        ck_assert_msg(strstr(fault.text, bad[i].rule) != NULL, "case %zu, %s: %s", i, bad[i].rule, fault.text);
        ck_assert_msg(fault.at == bad[i].at, "case %zu: %s at %llu", i, bad[i].rule, (unsigned long long)fault.at);
        fault_clear(&fault);
        buffer_free(&file);
    }
}
END_TEST

/* No tree has a path of 65 nodes. */
START_TEST(test_longest_path)
{
    for (unsigned count = EXHIBIT_PATH_MAX; count <= EXHIBIT_PATH_MAX + 1; count++) {
        struct buffer file = {0};

        append_hex(&file, "84" FORK "404098");
        buffer_append_byte(&file, (uint8_t)count);
        for (unsigned i = 0; i < count; i++) {
            append_hex(&file, H0);
        }
        ck_assert_int_eq(fork_decode(buffer_view(&file), &fork_exhibit, &fault),
                         count == EXHIBIT_PATH_MAX ? STATUS_OK : STATUS_DAMAGED);
        buffer_free(&file);
    }
    ck_assert_ptr_nonnull(strstr(fault.text, "nodes is 65 items long"));
}
END_TEST

/* In a block of exactly its length, so that the sanitizer sees a byte too far. */
static void decode_both(struct view bytes)
{
    uint8_t *copy = malloc(bytes.len == 0 ? 1 : bytes.len);
    enum status status;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes.ptr, bytes.len);
    status = fork_decode(view_of(copy, bytes.len), &fork_exhibit, &fault);
    ck_assert(status == STATUS_OK || fault.at <= bytes.len);
    fault_clear(&fault);
    status = false_heads_decode(view_of(copy, bytes.len), &false_heads, &fault);
    ck_assert(status == STATUS_OK || fault.at <= bytes.len);
    fault_clear(&fault);
    (void)file_kind(view_of(copy, bytes.len));
    free(copy);
}

START_TEST(test_every_flip_and_every_cut)
{
    static const char *const good[] = {"84" FORK "41aa" "42bbbb" "82" H0 H1,
                                       "85" FALSE_HEADS "41aa" "824101" "81" H0 "824102" "80" "824103" "82" H1 H0};

    for (size_t i = 0; i < 2; i++) {
        struct buffer file = {0};

        append_hex(&file, good[i]);
        for (size_t len = 0; len <= file.len; len++) {
            decode_both(view_part(buffer_view(&file), 0, len));
        }
        for (size_t bit = 0; bit < 8 * file.len; bit++) {
            file.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            decode_both(buffer_view(&file));
            file.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        }
        buffer_free(&file);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exhibit");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, test_kind_of_file);
    tcase_add_test(tests, test_fork);
    tcase_add_test(tests, test_false_heads);
    tcase_add_test(tests, test_rules);
    tcase_add_test(tests, test_longest_path);
    tcase_add_test(tests, test_every_flip_and_every_cut);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
