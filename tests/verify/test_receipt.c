/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPEC 13.3: a writer MUST check that the receipt is the signed note, byte for byte. Breaks when a receipt is made that its reader could not read, or
 * when a path that does not lead to the checkpoint's root passes. What a reader must refuse: the vectors receipt-*.since.
 */
#include "verify/receipt.h"
#include "tests/support/sample_keys.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 7 };

static struct hasher *hasher;
static struct fault fault;
static struct hash ledger, leaves[SIZE], root;
static struct merkle_path path;
static struct buffer note, origin;
static struct checkpoint checkpoint;
static struct receipt receipt, again;

static enum status read_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *why)
{
    (void)why;
    const struct hash *all = context;
    struct hash left = all[index << level];
    if (level > 0) {
        struct hash right;
        (void)read_node(context, level - 1, 2 * index, &left, why);
        (void)read_node(context, level - 1, 2 * index + 1, &right, why);
        hash_node(hasher, &left, &right, &left);
    }
    *out = left;
    return STATUS_OK;
}

static void parse(void)
{
    ck_assert_int_eq(checkpoint_parse(buffer_view(&note), &checkpoint, &fault), STATUS_OK);
}

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    const struct merkle_source source = {.read = read_node, .context = leaves, .hasher = hasher};
    memset(ledger.bytes, 0x5a, sizeof ledger.bytes);
    for (uint8_t i = 0; i < SIZE; i++) {
        hash_leaf(hasher, view_of(&i, 1), &leaves[i]);
    }
    ck_assert_int_eq(merkle_root(&source, SIZE, &root, &fault), STATUS_OK);
    ck_assert_int_eq(merkle_prove_inclusion(&source, 4, SIZE, &path, &fault), STATUS_OK);
    origin_line(view_text("x.example/log"), true, &ledger, &origin);
    sample_note(hasher, buffer_view(&origin), SIZE, &root, "station", &note);
    sample_cosign(hasher, "w.example", 1700000000, &note);
    parse();
}

static void teardown(void)
{
    buffer_free(&note);
    buffer_free(&origin);
    hasher_close(hasher);
}

static enum status make(uint64_t index, const struct hash *record)
{
    fault_clear(&fault);
    return receipt_make(hasher, &checkpoint, view_text("x.example/log"), true, &ledger, index, record, &path, &receipt, &fault);
}

START_TEST(test_round_trip)
{
    struct buffer bytes = {0}, more = {0};

    ck_assert_msg(make(4, &leaves[4]) == STATUS_OK, "%s", fault.text);
    ck_assert_uint_eq(receipt.signature_count, 2);
    ck_assert(receipt.signatures[0].own && !receipt.signatures[1].own && receipt.signatures[1].len == 72);
    receipt_encode(&receipt, &bytes);
    ck_assert_msg(receipt_decode(buffer_view(&bytes), &again, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert(again.size == SIZE && again.index == 4 && again.training && hash_equal(&again.record, &leaves[4]));
    ck_assert_int_eq(receipt_note(hasher, &again, &more, &fault), STATUS_OK);
    ck_assert(view_equal(buffer_view(&more), buffer_view(&note)));
    for (size_t len = 0; len < bytes.len; len++) {
        ck_assert_int_eq(receipt_decode(view_part(buffer_view(&bytes), 0, len), &again, &fault), STATUS_DAMAGED);
    }
    buffer_free(&bytes);
    buffer_free(&more);
}
END_TEST

START_TEST(test_not_proven)
{
    ck_assert_int_eq(make(4, &leaves[3]), STATUS_UNTRUSTED);
    ck_assert_int_eq(make(5, &leaves[4]), STATUS_UNTRUSTED);
    ck_assert_int_eq(make(SIZE, &leaves[4]), STATUS_UNTRUSTED);
    ck_assert_int_eq(make(UINT64_MAX, &leaves[4]), STATUS_UNTRUSTED);
    path.count--;
    ck_assert_int_eq(make(4, &leaves[4]), STATUS_UNTRUSTED);
    path.count++;
    ledger.bytes[0]++;
    ck_assert_int_eq(make(4, &leaves[4]), STATUS_UNTRUSTED);
    ledger.bytes[0]--;
    ck_assert_int_eq(receipt_make(hasher, &checkpoint, view_text("x.example/log"), false, &ledger, 4, &leaves[4], &path, &receipt, &fault),
                     STATUS_UNTRUSTED);
    ck_assert_int_eq(make(4, &leaves[4]), STATUS_OK);
}
END_TEST

/* Of a note with many witnesses the first lines stand on the receipt: a signed note without its last lines. */
START_TEST(test_many_lines)
{
    struct buffer eight = {0};
    struct buffer made = {0};

    for (int i = 0; i < 6; i++) {
        sample_cosign(hasher, "v.example", 1700000000 + (uint64_t)i, &note);
    }
    buffer_append_view(&eight, buffer_view(&note));
    for (int i = 6; i < 20; i++) {
        sample_cosign(hasher, "v.example", 1700000000 + (uint64_t)i, &note);
        parse();
        ck_assert_int_eq(make(4, &leaves[4]), STATUS_OK);
    }
    ck_assert_uint_eq(receipt.signature_count, RECEIPT_SIGNATURES_MAX);
    ck_assert_int_eq(receipt_note(hasher, &receipt, &made, &fault), STATUS_OK);
    ck_assert(view_equal(buffer_view(&made), buffer_view(&eight)));
    buffer_free(&eight);
    buffer_free(&made);
}
END_TEST

/* A note with lines that a receipt cannot hold, or the station's not first. */
START_TEST(test_refused)
{
    const uint8_t id[4] = {1, 2, 3, 4};
    const uint8_t value[73] = {0};

    buffer_reset(&note);
    sample_note(hasher, buffer_view(&origin), SIZE, &root, "station", &note);
    note_signature_line(view_text("pq.example"), id, view_of(value, 73), &note);
    parse();
    ck_assert_int_eq(make(4, &leaves[4]), STATUS_REFUSED);

    buffer_reset(&note);
    checkpoint_text(buffer_view(&origin), SIZE, &root, &note);
    buffer_append_byte(&note, '\n');
    sample_cosign(hasher, "w.example", 1700000000, &note);
    parse();
    ck_assert_int_eq(make(4, &leaves[4]), STATUS_REFUSED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("receipt");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_not_proven);
    tcase_add_test(tests, test_many_lines);
    tcase_add_test(tests, test_refused);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
