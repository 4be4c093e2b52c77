/* SPDX-License-Identifier: Apache-2.0 */
/*
 * V5 and V6. Breaks when a record passes that stands elsewhere in the tree, that does not follow the one before it, or that
 * is not of the ledger which the checkpoint names. Every record of a bundle is tried in every place of another.
 */
#include "tests/support/sample_check.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct sample_check s;

static void setup(void)
{
    sample_check_open(&s, "case-three-items.bundle", "station.policy");
}

static void teardown(void)
{
    sample_check_close(&s);
}

/* Forgets what a run of the steps made. */
static void again(void)
{
    sample_check_close(&s);
    setup();
}

static void expect(const char *code, uint64_t record)
{
    sample_check_run(&s, AT_RECORDS, AT_THREADS);
    ck_assert_msg(strcmp(sample_check_code(&s), code) == 0, "\"%s\" (%s) instead of \"%s\"", sample_check_code(&s),
                  s.verdict.stop.text, code);
    if (code[0] != '\0') {
        ck_assert_uint_eq(s.verdict.stop.record, record);
    }
}

START_TEST(test_good)
{
    expect("", 0);
    ck_assert_uint_eq(s.check.row_count, s.check.bundle.record_count);
    ck_assert_uint_eq(s.verdict.records, s.check.row_count);
    ck_assert_uint_eq(s.check.subjects, 10);
    ck_assert_uint_eq(s.verdict.subjects, 10);
    ck_assert_uint_eq(s.verdict.logged_s, 1700006060);
    ck_assert(!s.verdict.training);
    /* Each row has its own links, and the heads record none. */
    size_t links = 0;
    for (size_t i = 0; i < s.check.row_count; i++) {
        ck_assert_uint_eq(s.check.rows[i].link_first, links);
        for (size_t j = 0; j < s.check.rows[i].link_count; j++) {
            ck_assert_uint_eq(s.check.links[links + j].row, i);
        }
        links += s.check.rows[i].link_count;
    }
    ck_assert_uint_eq(links, s.check.link_count);
    ck_assert_uint_eq(s.check.rows[s.check.row_count - 1].link_count, 0);
    /* null is not a number */
    ck_assert_uint_eq(s.check.links[0].before, NOTHING);
}
END_TEST

/* A record's path shows its place: the path of any other record does not. */
START_TEST(test_every_path_for_every_record)
{
    size_t count = s.check.bundle.record_count;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            again();
            s.check.bundle.records[i].path = s.check.bundle.records[j].path;
            sample_check_run(&s, AT_RECORDS, AT_THREADS);
            ck_assert_str_eq(sample_check_code(&s), i == j ? "" : "not-in-tree");
        }
    }
}
END_TEST

/* Also with its own path: a record in the place of another is out of order, or does not pass as the last. */
START_TEST(test_every_record_for_every_record)
{
    size_t count = s.check.bundle.record_count;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            again();
            s.check.bundle.records[i] = s.check.bundle.records[j];
            sample_check_run(&s, AT_RECORDS, AT_THREADS);
            ck_assert_str_eq(sample_check_code(&s), i == j ? "" : "unreadable");
        }
    }
}
END_TEST

/* Records between the first and the last may be left out here: V8 and V9 say what is missing. Not the first, not the last. */
START_TEST(test_ends)
{
    size_t count = s.check.bundle.record_count;

    for (size_t i = 0; i < count; i++) {
        again();
        struct bundle *bundle = &s.check.bundle;
        memmove(bundle->records + i, bundle->records + i + 1, (count - 1 - i) * sizeof *bundle->records);
        bundle->record_count--;
        expect(i == 0 || i == count - 1 ? "unreadable" : "", NOTHING);
    }
}
END_TEST

/* A checkpoint of another size makes another record the last one, or another tree. */
START_TEST(test_size_of_the_checkpoint)
{
    s.check.checkpoint->size--;
    expect("unreadable", NOTHING);
    again();
    s.check.checkpoint->size++;
    expect("unreadable", NOTHING);
    again();
    s.check.checkpoint->root.bytes[31] ^= 1;
    expect("not-in-tree", 0);
}
END_TEST

static void remake_root(void)
{
    struct bundle *bundle = &s.check.bundle;
    struct merkle_frontier frontier = {0};
    struct hash leaf;

    for (size_t i = 0; i < bundle->record_count; i++) {
        hash_leaf(s.hasher, bundle->records[i].bytes, &leaf);
        ck_assert_int_eq(merkle_append(s.hasher, &frontier, &leaf, NULL, NULL, &s.fault), STATUS_OK);
    }
    merkle_frontier_root(s.hasher, &frontier, &s.check.checkpoint->root);
}

/* The smallest ledger has two records and a path of one node each: its tree is made anew around what is damaged. */
static void open_smallest(const struct buffer *first, const struct buffer *last)
{
    static struct hash pool[2];
    struct bundle *bundle = &s.check.bundle;

    sample_check_close(&s);
    sample_check_open(&s, "smallest.bundle", "station.policy");
    bundle->records[0].bytes = first == NULL ? bundle->records[0].bytes : buffer_view(first);
    bundle->records[1].bytes = last == NULL ? bundle->records[1].bytes : buffer_view(last);
    hash_leaf(s.hasher, bundle->records[1].bytes, &pool[0]);
    hash_leaf(s.hasher, bundle->records[0].bytes, &pool[1]);
    bundle->pool = view_of(pool, sizeof pool);
    bundle->positions[bundle->records[0].path.first] = 0;
    bundle->positions[bundle->records[1].path.first] = 1;
    remake_root();
}

static void take(struct view bytes, struct record *record)
{
    struct fault fault = {0};

    ck_assert_int_eq(record_decode(bytes, record, &fault), STATUS_OK);
}

/* SPEC V5: prev is the hash of the record before; V6: the last record is a heads record. Each in a tree that holds it. */
START_TEST(test_last_record)
{
    static struct record record;
    struct buffer made = {0};

    open_smallest(NULL, NULL);
    expect("", 0);
    take(s.check.bundle.records[1].bytes, &record);
    record.prev.bytes[0] ^= 1;
    record_encode(&record, &made);
    open_smallest(NULL, &made);
    expect("chain", 1);
    record.prev.bytes[0] ^= 1;
    record.subjects = 2;
    record.logged_s = 1;
    buffer_reset(&made);
    record_encode(&record, &made);
    open_smallest(NULL, &made);
    expect("", 0);
    ck_assert_uint_eq(s.check.subjects, 2);
    ck_assert_uint_eq(s.verdict.logged_s, 1);
    /* A byte behind the record: its tree holds it, SPEC 2.1 does not; so no place is told either. */
    buffer_append_byte(&made, 0);
    open_smallest(NULL, &made);
    expect("malformed", NOTHING);
    buffer_free(&made);
}
END_TEST

/* The first record founds the ledger that the origin line names, and its time is none of the identity. */
START_TEST(test_first_record)
{
    static struct record record;
    struct buffer made = {0}, last = {0};
    struct hash hash;

    open_smallest(NULL, NULL);
    buffer_append_view(&made, s.check.bundle.records[1].bytes);
    /* A heads record as the first: index 0 and no record before it. */
    take(buffer_view(&made), &record);
    record.index = 0;
    record.has_prev = false;
    buffer_reset(&made);
    record_encode(&record, &made);
    open_smallest(&made, NULL);
    expect("malformed", 0);
    /* Another logged time: the record is another, the ledger the same. */
    open_smallest(NULL, NULL);
    take(s.check.bundle.records[0].bytes, &record);
    record.logged_s++;
    buffer_reset(&made);
    record_encode(&record, &made);
    hash_leaf(s.hasher, buffer_view(&made), &hash);
    take(s.check.bundle.records[1].bytes, &record);
    record.prev = hash;
    record_encode(&record, &last);
    open_smallest(&made, &last);
    expect("", 0);
    buffer_free(&made);
    buffer_free(&last);
}
END_TEST

/* The origin line, bit by bit: nothing but the ledger's own name passes. */
START_TEST(test_every_bit_of_the_origin)
{
    static uint8_t origin[256];

    open_smallest(NULL, NULL);
    size_t len = s.check.checkpoint->origin.len;
    memcpy(origin, s.check.checkpoint->origin.ptr, len);
    for (size_t bit = 0; bit < 8 * len; bit++) {
        open_smallest(NULL, NULL);
        origin[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        s.check.checkpoint->origin = view_of(origin, len);
        expect("ledger-id", 0);
        origin[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    for (size_t short_by = 1; short_by < 60; short_by++) {
        open_smallest(NULL, NULL);
        s.check.checkpoint->origin = view_of(origin, len - short_by);
        expect("ledger-id", 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_records");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_good);
    tcase_add_test(tests, test_every_path_for_every_record);
    tcase_add_test(tests, test_every_record_for_every_record);
    tcase_add_test(tests, test_ends);
    tcase_add_test(tests, test_size_of_the_checkpoint);
    tcase_add_test(tests, test_last_record);
    tcase_add_test(tests, test_first_record);
    tcase_add_test(tests, test_every_bit_of_the_origin);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
