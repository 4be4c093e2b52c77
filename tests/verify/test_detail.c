/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a rule of SPEC 3.7 and 4 on sheets, disclosures or values lets something pass, or when a detail changes
 * between encoding and decoding.
 */
#include "verify/detail.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/sample_act.h"
#include "verify/writer.h"

#define H0 "58200000000000000000000000000000000000000000000000000000000000000000"
#define N0 "5000000000000000000000000000000000"
#define DOMAIN "71756e62726f6b656e2f312064657461696c"
/* Up to the value: 89, domain (18 bytes), ledger (34), author, nonce (17), subject, name, ordinal, salt (17). */
#define BEFORE "89" DOMAIN H0 "05" N0 "06" "01" "00" N0

enum { VALUE_AT = 1 + 18 + 34 + 1 + 17 + 3 + 17 };

static struct fault fault;
static struct hasher *hasher;

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
}

static void teardown(void)
{
    hasher_close(hasher);
}

static void append_hex(struct buffer *out, const char *hex)
{
    for (size_t i = 0; hex[i] != '\0'; i += 2) {
        char pair[3] = {hex[i], hex[i + 1], '\0'};

        buffer_append_byte(out, (uint8_t)strtoul(pair, NULL, 16));
    }
}

static void expect_fault(const char *rule, uint64_t at, size_t number)
{
    ck_assert_int_eq(fault.status, STATUS_DAMAGED);
    ck_assert_msg(strstr(fault.text, rule) != NULL, "case %zu: wanted \"%s\", got \"%s\"", number, rule, fault.text);
    ck_assert_msg(fault.at == at, "case %zu: %s, at %llu", number, fault.text, (unsigned long long)fault.at);
    fault_clear(&fault);
}

/* ---- sheets ---- */

START_TEST(test_sheet_comes_back)
{
    struct sheet_line lines[] = {
        {1, 0, sample_hash(1)}, {1, 1, sample_hash(2)}, {1, 2, sample_hash(3)}, {63, 0, sample_hash(4)},
        {NUM_MAX, 0, sample_hash(4)}};
    struct buffer sheet = {0};
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct hash got;
    struct hash wanted;
    struct buffer prefixed = {0};

    sheet_encode(lines, 5, &sheet);
    ck_assert_int_eq(sheet_open(buffer_view(&sheet), &cursor, &fault), STATUS_OK);
    for (size_t i = 0; i < 5; i++) {
        ck_assert(sheet_next(&cursor, &line));
        ck_assert_uint_eq(line.name, lines[i].name);
        ck_assert_uint_eq(line.ordinal, lines[i].ordinal);
        ck_assert(hash_equal(&line.digest, &lines[i].digest));
    }
    ck_assert(!sheet_next(&cursor, &line));
    ck_assert(!sheet_next(&cursor, &line));
    buffer_append_view(&prefixed, view_text("unbroken/1 sheet\n"));
    buffer_append_view(&prefixed, buffer_view(&sheet));
    hash_data(hasher, buffer_view(&prefixed), &wanted);
    sheet_hash(hasher, buffer_view(&sheet), &got);
    ck_assert(hash_equal(&got, &wanted));
    buffer_free(&sheet);
    buffer_free(&prefixed);
}
END_TEST

START_TEST(test_sheet_rules)
{
    static const struct {
        const char *hex;
        size_t at;
        const char *rule;
    } bad[] = {
        {"", 0, ""},
        {"80", 0, "sheet is 0 items long"},
        {"a0", 0, "sheet is not an array"},
        {"81820100", 1, "line is 2 items long"},
        {"8183f600" H0, 2, "name is not an unsigned integer"},
        {"818301f6" H0, 3, "ordinal is not an unsigned integer"},
        {"81830100f6", 4, "digest is not a byte string"},
        {"81830101" H0, 1, "lines do not ascend"},
        {"82830100" H0 "830100" H0, 38, "lines do not ascend"},
        {"82830100" H0 "830102" H0, 38, "lines do not ascend"},
        {"82830200" H0 "830100" H0, 38, "lines do not ascend"},
        {"82830100" H0 "830201" H0, 38, "lines do not ascend"},
        {"81830100" H0 "00", 38, ""},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buffer sheet = {0};
        struct sheet_cursor cursor;

        append_hex(&sheet, bad[i].hex);
        ck_assert_msg(sheet_open(buffer_view(&sheet), &cursor, &fault) == STATUS_DAMAGED, "case %zu", i);
        expect_fault(bad[i].rule, bad[i].at, i);
        buffer_free(&sheet);
    }
}
END_TEST

/* SPEC 4: at most 4096 lines. Each has at most 54 bytes, so such a sheet stays below 262144. */
START_TEST(test_longest_sheet)
{
    struct sheet_line *lines = calloc(SHEET_LINES_MAX + 1, sizeof *lines);
    struct buffer sheet = {0};
    struct sheet_cursor cursor;
    struct sheet_line line;
    size_t count = 0;

    ck_assert_ptr_nonnull(lines);
    for (size_t i = 0; i <= SHEET_LINES_MAX; i++) {
        lines[i].name = NUM_MAX - SHEET_LINES_MAX + i;
    }
    sheet_encode(lines, SHEET_LINES_MAX, &sheet);
    ck_assert_int_eq(sheet_open(buffer_view(&sheet), &cursor, &fault), STATUS_OK);
    while (sheet_next(&cursor, &line)) {
        count++;
    }
    ck_assert_uint_eq(count, SHEET_LINES_MAX);
    /* One line more, and the count in the head with it. */
    ck_assert_uint_eq(256u * sheet.ptr[1] + sheet.ptr[2], SHEET_LINES_MAX);
    sheet.ptr[2]++;
    buffer_append(&sheet, sheet.ptr + sheet.len - 45, 45);
    ck_assert_int_eq(sheet_open(buffer_view(&sheet), &cursor, &fault), STATUS_DAMAGED);
    expect_fault("sheet is 4097 items long", 0, 0);
    while (sheet.len <= SHEET_BYTES_MAX) {
        buffer_append_byte(&sheet, 0);
    }
    ck_assert_int_eq(sheet_open(buffer_view(&sheet), &cursor, &fault), STATUS_DAMAGED);
    expect_fault("allowed are 262144", SHEET_BYTES_MAX, 0);
    buffer_free(&sheet);
    free(lines);
}
END_TEST

/* ---- disclosures ---- */

static void expect_back(const struct disclosure *disclosure, const char *printed)
{
    struct buffer first = {0};
    struct buffer second = {0};
    struct buffer text = {0};
    struct disclosure back;

    memset(&back, 0xa5, sizeof back);
    disclosure_encode(disclosure, &first);
    ck_assert_int_eq(disclosure_decode(buffer_view(&first), &back, &fault), STATUS_OK);
    ck_assert_int_eq(back.has_ledger, disclosure->has_ledger);
    ck_assert(!back.has_ledger || hash_equal(&back.ledger, &disclosure->ledger));
    ck_assert_uint_eq(back.author, disclosure->author);
    ck_assert_mem_eq(back.nonce, disclosure->nonce, DETAIL_NONCE_BYTES);
    ck_assert_int_eq(back.has_subject, disclosure->has_subject);
    ck_assert(!back.has_subject || back.subject == disclosure->subject);
    ck_assert_uint_eq(back.name, disclosure->name);
    ck_assert_uint_eq(back.ordinal, disclosure->ordinal);
    ck_assert_mem_eq(back.salt, disclosure->salt, SALT_BYTES);
    ck_assert_int_eq(back.value.type, disclosure->value.type);
    disclosure_encode(&back, &second);
    ck_assert(view_equal(buffer_view(&first), buffer_view(&second)));
    value_print(&back.value, &text);
    ck_assert_msg(view_equal(buffer_view(&text), view_text(printed)), "%.*s", (int)text.len, (const char *)text.ptr);
    buffer_free(&first);
    buffer_free(&second);
    buffer_free(&text);
}

START_TEST(test_disclosures_come_back)
{
    struct disclosure disclosure = {.has_ledger = true, .ledger = sample_hash(1), .author = 4, .has_subject = true,
                                    .subject = 9, .name = 63, .ordinal = 2};
    struct buffer list = {0};

    memset(disclosure.nonce, 0x31, sizeof disclosure.nonce);
    memset(disclosure.salt, 0x32, sizeof disclosure.salt);
    disclosure.value = (struct value){.type = VALUE_TEXT, .text = view_text("Sok Dara")};
    expect_back(&disclosure, "Sok Dara");
    disclosure.value = (struct value){.type = VALUE_TEXT, .text = view_of(NULL, 0)};
    expect_back(&disclosure, "");
    disclosure.has_ledger = false;
    disclosure.has_subject = false;
    disclosure.value = (struct value){.type = VALUE_INT, .number = -9007199254740991};
    expect_back(&disclosure, "-9007199254740991");
    disclosure.value = (struct value){.type = VALUE_BYTES, .text = view_of("\x00\xff", 2)};
    expect_back(&disclosure, "00ff");
    disclosure.value = (struct value){.type = VALUE_FILE, .file = {sample_hash(0xab), 12345, view_text("image/jpeg")}};
    expect_back(&disclosure, "image/jpeg, 12345 bytes, "
                             "abababababababababababababababababababababababababababababababab");
    writer_array(&list, 3);
    writer_text(&list, view_text("one"));
    writer_int(&list, -2);
    writer_int(&list, 3);
    disclosure.value = (struct value){.type = VALUE_LIST, .list = buffer_view(&list)};
    expect_back(&disclosure, "one; -2; 3");
    buffer_free(&list);
}
END_TEST

START_TEST(test_disclosure_rules)
{
    static const struct {
        const char *hex;
        size_t at;
        const char *rule;
    } bad[] = {
        {"88" DOMAIN H0 "05" N0 "06" "01" "00" N0, 0, "disclosure is 8 items long"},
        {"89" "71756e62726f6b656e2f322064657461696c" H0 "05" N0 "06" "01" "00" N0 "00", 1, "domain text is another"},
        {"89" DOMAIN "41ff" "05" N0 "06" "01" "00" N0 "00", 19, "ledger is 1 bytes long"},
        {"89" DOMAIN H0 "f6" N0 "06" "01" "00" N0 "00", 53, "author is not an unsigned integer"},
        {"89" DOMAIN H0 "05" "41ff" "06" "01" "00" N0 "00", 54, "nonce is 1 bytes long"},
        {"89" DOMAIN H0 "05" N0 "20" "01" "00" N0 "00", 71, "subject is not an unsigned integer"},
        {"89" DOMAIN H0 "05" N0 "06" "f6" "00" N0 "00", 72, "name is not an unsigned integer"},
        {"89" DOMAIN H0 "05" N0 "06" "01" "60" N0 "00", 73, "ordinal is not an unsigned integer"},
        {"89" DOMAIN H0 "05" N0 "06" "01" "00" "41ff" "00", 74, "salt is 1 bytes long"},
        {BEFORE "f6", VALUE_AT, "value is neither text"},
        {BEFORE "f5", VALUE_AT, "value is neither text"},
        {BEFORE "80", VALUE_AT, "list is 0 items long"},
        {BEFORE "8140", VALUE_AT + 1, "list item, no text, is not an integer"},
        {BEFORE "8180", VALUE_AT + 1, "list item, no text, is not an integer"},
        {BEFORE "a10000", VALUE_AT, "attachment is 1 pairs long"},
        {BEFORE "a300" H0 "01050461" "61", VALUE_AT + 38, "keys are not 0, 1 and 2"},
        {BEFORE "a301" H0 "02050361" "61", VALUE_AT + 1, "keys are not 0, 1 and 2"},
        {BEFORE "a300" "41ff" "01050261" "61", VALUE_AT + 2, "attachment's hash is 1 bytes long"},
        {BEFORE "a300" H0 "01200261" "61", VALUE_AT + 37, "attachment's length"},
        {BEFORE "a300" H0 "01050260", VALUE_AT + 39, "media type is 0 bytes long"},
        {BEFORE "62e280", VALUE_AT + 1, "not valid UTF-8"},
        {BEFORE "63e280ae", VALUE_AT + 1, "bidirectional"},
    };
    struct disclosure back;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buffer bytes = {0};

        append_hex(&bytes, bad[i].hex);
        ck_assert_msg(disclosure_decode(buffer_view(&bytes), &back, &fault) == STATUS_DAMAGED, "case %zu", i);
        expect_fault(bad[i].rule, bad[i].at, i);
        buffer_free(&bytes);
    }
}
END_TEST

START_TEST(test_limits_of_values)
{
    static const char content[DISCLOSURE_BYTES_MAX];
    struct disclosure disclosure = {.name = 1, .value = {.type = VALUE_BYTES, .text = view_of(NULL, 0)}};
    struct disclosure back;
    struct buffer bytes = {0};
    char media[129];

    disclosure_encode(&disclosure, &bytes);
    disclosure.value.text = view_of(content, DISCLOSURE_BYTES_MAX - bytes.len - 2);
    buffer_reset(&bytes);
    disclosure_encode(&disclosure, &bytes);
    ck_assert_uint_eq(bytes.len, DISCLOSURE_BYTES_MAX);
    ck_assert_int_eq(disclosure_decode(buffer_view(&bytes), &back, &fault), STATUS_OK);
    disclosure.value.text.len++;
    buffer_reset(&bytes);
    disclosure_encode(&disclosure, &bytes);
    ck_assert_int_eq(disclosure_decode(buffer_view(&bytes), &back, &fault), STATUS_DAMAGED);
    expect_fault("allowed are 65535", DISCLOSURE_BYTES_MAX, 0);
    memset(media, 'm', sizeof media);
    for (size_t len = 128; len <= 129; len++) {
        disclosure.value = (struct value){.type = VALUE_FILE, .file = {.media_type = view_of(media, len)}};
        buffer_reset(&bytes);
        disclosure_encode(&disclosure, &bytes);
        ck_assert_int_eq(disclosure_decode(buffer_view(&bytes), &back, &fault), len == 128 ? STATUS_OK : STATUS_DAMAGED);
    }
    fault_clear(&fault);
    for (size_t count = VALUE_ITEMS_MAX; count <= VALUE_ITEMS_MAX + 1; count++) {
        struct buffer list = {0};

        writer_array(&list, count);
        for (size_t i = 0; i < count; i++) {
            writer_uint(&list, i);
        }
        disclosure.value = (struct value){.type = VALUE_LIST, .list = buffer_view(&list)};
        buffer_reset(&bytes);
        disclosure_encode(&disclosure, &bytes);
        ck_assert_int_eq(disclosure_decode(buffer_view(&bytes), &back, &fault),
                         count == VALUE_ITEMS_MAX ? STATUS_OK : STATUS_DAMAGED);
        buffer_free(&list);
    }
    buffer_free(&bytes);
}
END_TEST

/* Refused, or back to the same bytes. */
static void expect_safe(struct view bytes)
{
    uint8_t *copy = malloc(bytes.len == 0 ? 1 : bytes.len);
    struct buffer second = {0};
    struct disclosure back;
    struct sheet_cursor cursor;
    struct sheet_line lines[8];
    size_t count = 0;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes.ptr, bytes.len);
    if (disclosure_decode(view_of(copy, bytes.len), &back, &fault) == STATUS_OK) {
        disclosure_encode(&back, &second);
        ck_assert(view_equal(bytes, buffer_view(&second)));
    }
    buffer_reset(&second);
    if (sheet_open(view_of(copy, bytes.len), &cursor, &fault) == STATUS_OK) {
        while (count < 8 && sheet_next(&cursor, &lines[count])) {
            count++;
        }
        sheet_encode(lines, count, &second);
        ck_assert(view_equal(bytes, buffer_view(&second)));
    }
    fault_clear(&fault);
    buffer_free(&second);
    free(copy);
}

START_TEST(test_every_flip_and_every_cut)
{
    static const char *const good[] = {
        BEFORE "a300" H0 "0105026161", BEFORE "836161200a", BEFORE "63e19e80", BEFORE "4101", BEFORE "3903e7",
        "83830100" H0 "830101" H0 "830200" H0};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct buffer bytes = {0};

        append_hex(&bytes, good[i]);
        for (size_t len = 0; len <= bytes.len; len++) {
            expect_safe(view_part(buffer_view(&bytes), 0, len));
        }
        for (size_t bit = 0; bit < 8 * bytes.len; bit++) {
            bytes.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
            expect_safe(buffer_view(&bytes));
            bytes.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        }
        buffer_free(&bytes);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("detail");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_sheet_comes_back);
    tcase_add_test(tests, test_sheet_rules);
    tcase_add_test(tests, test_longest_sheet);
    tcase_add_test(tests, test_disclosures_come_back);
    tcase_add_test(tests, test_disclosure_rules);
    tcase_add_test(tests, test_limits_of_values);
    tcase_add_test(tests, test_every_flip_and_every_cut);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
