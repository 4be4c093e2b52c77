/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a rule of SPEC 4 on records, links or heads leaves lets something pass, when another version is called
 * damage, or when a field changes between encoding and decoding.
 */
#include "verify/record.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/sample_act.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define H0 "5820" ZEROS

static struct fault fault;
static struct record record;
static struct record again;

static void setup(void)
{
    fault_clear(&fault);
    memset(&record, 0xa5, sizeof record);
    memset(&again, 0x5a, sizeof again);
}

static void append_hex(struct buffer *out, const char *hex)
{
    for (size_t i = 0; hex[i] != '\0'; i += 2) {
        char pair[3] = {hex[i], hex[i + 1], '\0'};

        buffer_append_byte(out, (uint8_t)strtoul(pair, NULL, 16));
    }
}

static void fill_act_record(struct record *out, size_t links)
{
    out->type = RECORD_ACT;
    out->index = 1000;
    out->has_prev = true;
    out->prev = sample_hash(0x10);
    out->logged_s = 1544666584;
    out->link_count = links;
    for (size_t i = 0; i < links; i++) {
        out->links[i] = (struct link){.subject = 2 * i, .number = i + 1, .has_before = i > 0, .before = i};
    }
    out->act = view_text("the act");
}

static void fill_heads_record(struct record *out)
{
    fill_act_record(out, 0);
    out->type = RECORD_HEADS;
    out->act = view_of(NULL, 0);
    out->subjects = 77;
    out->root = sample_hash(0x20);
}

static void expect_round_trip(void)
{
    struct buffer first = {0};
    struct buffer second = {0};

    record_encode(&record, &first);
    ck_assert_int_eq(record_decode(buffer_view(&first), &again, &fault), STATUS_OK);
    ck_assert(view_equal(again.bytes, buffer_view(&first)));
    ck_assert_int_eq(again.type, record.type);
    ck_assert_uint_eq(again.index, record.index);
    ck_assert_int_eq(again.has_prev, record.has_prev);
    ck_assert(!record.has_prev || hash_equal(&again.prev, &record.prev));
    ck_assert_uint_eq(again.logged_s, record.logged_s);
    ck_assert_uint_eq(again.link_count, record.link_count);
    for (size_t i = 0; i < record.link_count; i++) {
        ck_assert_uint_eq(again.links[i].subject, record.links[i].subject);
        ck_assert_uint_eq(again.links[i].number, record.links[i].number);
        ck_assert_int_eq(again.links[i].has_before, record.links[i].has_before);
        ck_assert(!record.links[i].has_before || again.links[i].before == record.links[i].before);
    }
    ck_assert(view_equal(again.act, record.act));
    if (record.type == RECORD_HEADS) {
        ck_assert_uint_eq(again.subjects, record.subjects);
        ck_assert(hash_equal(&again.root, &record.root));
    }
    record_encode(&again, &second);
    ck_assert(view_equal(buffer_view(&first), buffer_view(&second)));
    buffer_free(&first);
    buffer_free(&second);
}

START_TEST(test_records_come_back)
{
    fill_act_record(&record, 3);
    expect_round_trip();
    fill_act_record(&record, RECORD_LINKS_MAX);
    expect_round_trip();
    fill_act_record(&record, 1);
    record.index = 0;
    record.has_prev = false;
    expect_round_trip();
    fill_heads_record(&record);
    expect_round_trip();
}
END_TEST

START_TEST(test_link_is_found_by_subject)
{
    fill_act_record(&record, 100);
    for (size_t i = 0; i < 100; i++) {
        ck_assert_ptr_eq(record_link(&record, 2 * i), &record.links[i]);
        ck_assert_ptr_null(record_link(&record, 2 * i + 1));
    }
    record.link_count = 0;
    ck_assert_ptr_null(record_link(&record, 0));
}
END_TEST

/* index: what the decoder could read, UINT64_MAX if nothing. */
START_TEST(test_record_rules)
{
    static const struct {
        const char *hex;
        size_t at;
        uint64_t index;
        const char *rule;
    } bad[] = {
        {"", 0, UINT64_MAX, ""},
        {"01", 0, UINT64_MAX, "record is not an array"},
        {"80", 0, UINT64_MAX, "record is 0 items long"},
        {"876131000000000000", 1, 0, "version is not an unsigned integer"},
        {"8601000900f600", 0, 9, "a record has 7 fields"},
        {"8801000900f6000000", 0, 9, "a record has 7 fields"},
        {"87010209" H0 "00f600", 2, 9, "type is 2"},
        {"870100f6" H0 "00f600", 3, UINT64_MAX, "index is not an unsigned integer"},
        {"870100004100000000", 4, 0, "prev is 1 bytes long"},
        {"87010000" H0 "0081830001f640", 4, 0, "prev is null exactly"},
        {"87010009f60081830001f640", 4, 9, "prev is null exactly"},
        {"87010100f60007" H0, 4, 0, "heads record cannot have index 0"},
        {"87010009" H0 "f681830001f640", 38, 9, "logged time"},
        {"87010009" H0 "008040", 39, 9, "links is 0 items long"},
        {"87010009" H0 "0081820001" "40", 40, 9, "link is 2 items long"},
        {"87010009" H0 "0081830000f640", 40, 9, "link's number is 0"},
        {"87010009" H0 "008183000000" "40", 40, 9, "link's number is 0"},
        {"87010009" H0 "008183000100" "40", 40, 9, "exactly when its number is 1"},
        {"87010009" H0 "0081830002f6" "40", 40, 9, "exactly when its number is 1"},
        {"87010009" H0 "008183000209" "40", 40, 9, "is not before this record"},
        {"87010009" H0 "0082830101f6830001f6" "40", 44, 9, "links are not ascending by subject and distinct"},
        {"87010009" H0 "0082830101f683010208" "40", 44, 9, "links are not ascending by subject and distinct"},
        {"87010009" H0 "0081830001f660", 44, 9, "act is not a byte string"},
        {"87010109" H0 "00f6" H0, 39, 9, "number of subjects"},
        {"87010109" H0 "000341ff", 40, 9, "heads root is 1 bytes long"},
        {"87010009" H0 "0081830001f64000", 45, UINT64_MAX, ""},
        {"870100180900000000", 3, UINT64_MAX, "shortest"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buffer bytes = {0};

        append_hex(&bytes, bad[i].hex);
        ck_assert_msg(record_decode(buffer_view(&bytes), &record, &fault) == STATUS_DAMAGED, "case %zu: %s", i,
                      bad[i].hex);
        ck_assert_msg(strstr(fault.text, bad[i].rule) != NULL, "%s: %s", bad[i].rule, fault.text);
        ck_assert_msg(fault.at == bad[i].at, "%s: at %llu", bad[i].rule, (unsigned long long)fault.at);
        ck_assert_msg(record.index == bad[i].index, "%s", bad[i].rule);
        fault_clear(&fault);
        buffer_free(&bytes);
    }
}
END_TEST

START_TEST(test_too_many_links)
{
    struct buffer bytes = {0};

    append_hex(&bytes, "87010009" H0 "00990201");
    for (unsigned i = 0; i <= RECORD_LINKS_MAX; i++) {
        append_hex(&bytes, "830001f6");
    }
    append_hex(&bytes, "40");
    ck_assert_int_eq(record_decode(buffer_view(&bytes), &record, &fault), STATUS_DAMAGED);
    ck_assert_ptr_nonnull(strstr(fault.text, "links is 513 items long"));
    ck_assert_uint_eq(fault.at, 39);
    buffer_free(&bytes);
}
END_TEST

/* SPEC 4: at most 65535 bytes; what is longer is malformed before anything in it is read. */
START_TEST(test_longest_record)
{
    static uint8_t content[RECORD_BYTES_MAX];
    struct buffer bytes = {0};

    fill_act_record(&record, 1);
    record.act = view_of(content, 0);
    record_encode(&record, &bytes);
    record.act.len = RECORD_BYTES_MAX - bytes.len - 2;
    buffer_reset(&bytes);
    record_encode(&record, &bytes);
    ck_assert_uint_eq(bytes.len, RECORD_BYTES_MAX);
    ck_assert_int_eq(record_decode(buffer_view(&bytes), &again, &fault), STATUS_OK);
    buffer_reset(&bytes);
    record.act.len++;
    record_encode(&record, &bytes);
    ck_assert_int_eq(record_decode(buffer_view(&bytes), &again, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, RECORD_BYTES_MAX);
    ck_assert_uint_eq(again.index, UINT64_MAX);
    buffer_free(&bytes);
}
END_TEST

/* SPEC V5: a record of another version is not damage. */
START_TEST(test_other_versions)
{
    static const struct {
        const char *hex;
        uint64_t index;
    } others[] = {
        {"8102", UINT64_MAX}, {"87020009" H0 "0081830001f640", 9}, {"830060182a", 42}, {"83026060", UINT64_MAX}, {"830282000507", 7},
        {"8820f60500000000f6", 5}, {"8202a10000", UINT64_MAX},
    };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct buffer bytes = {0};

        append_hex(&bytes, others[i].hex);
        ck_assert_int_eq(record_decode(buffer_view(&bytes), &record, &fault), STATUS_REFUSED);
        ck_assert_int_eq(fault.status, STATUS_REFUSED);
        ck_assert_uint_eq(fault.at, others[i].index);
        ck_assert_uint_eq(record.index, others[i].index);
        fault_clear(&fault);
        buffer_free(&bytes);
    }
}
END_TEST

START_TEST(test_leaves)
{
    static const struct {
        const char *hex;
        size_t at;
        const char *rule;
    } bad[] = {
        {"85" "6768656164732f31" H0 "000102", 0, "heads leaf is 5 items long"},
        {"86" "6768656164732f32" H0 "000102" H0, 1, "domain text is another"},
        {"86" "6768656164733f31" H0 "000102" H0, 1, "domain text is another"},
        {"86" "666865616473" "2f" H0 "000102" H0, 1, "domain text is another"},
        {"86" "4768656164732f31" H0 "000102" H0, 1, "domain text is not a text string"},
        {"86" "6768656164732f31" "f6" "000102" H0, 9, "ledger is not a byte string"},
        {"86" "6768656164732f31" H0 "f60102" H0, 43, "subject is not an unsigned integer"},
        {"86" "6768656164732f31" H0 "002002" H0, 44, "count is not an unsigned integer"},
        {"86" "6768656164732f31" H0 "0001f4" H0, 45, "last index is not an unsigned integer"},
        {"86" "6768656164732f31" H0 "000102f6", 46, "last record's hash is not a byte string"},
    };
    struct heads_leaf leaf = {sample_hash(1), 2, 3, NUM_MAX, sample_hash(5)};
    struct heads_leaf back;
    struct buffer bytes = {0};

    heads_leaf_encode(&leaf, &bytes);
    ck_assert_int_eq(heads_leaf_decode(buffer_view(&bytes), &back, &fault), STATUS_OK);
    ck_assert(hash_equal(&leaf.ledger, &back.ledger) && hash_equal(&leaf.last_hash, &back.last_hash));
    ck_assert(leaf.subject == back.subject && leaf.count == back.count && leaf.last == back.last);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        buffer_reset(&bytes);
        append_hex(&bytes, bad[i].hex);
        ck_assert_msg(heads_leaf_decode(buffer_view(&bytes), &back, &fault) == STATUS_DAMAGED, "%s", bad[i].rule);
        ck_assert_msg(strstr(fault.text, bad[i].rule) != NULL, "%s: %s", bad[i].rule, fault.text);
        ck_assert_msg(fault.at == bad[i].at, "%s: at %llu", bad[i].rule, (unsigned long long)fault.at);
        fault_clear(&fault);
    }
    buffer_free(&bytes);
}
END_TEST

/* Refused, or back to the same bytes. */
static void expect_safe(struct view bytes)
{
    uint8_t *copy = malloc(bytes.len == 0 ? 1 : bytes.len);
    struct buffer second = {0};
    struct heads_leaf leaf;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes.ptr, bytes.len);
    if (record_decode(view_of(copy, bytes.len), &again, &fault) == STATUS_OK) {
        record_encode(&again, &second);
        ck_assert(view_equal(bytes, buffer_view(&second)));
    }
    fault_clear(&fault);
    buffer_reset(&second);
    if (heads_leaf_decode(view_of(copy, bytes.len), &leaf, &fault) == STATUS_OK) {
        heads_leaf_encode(&leaf, &second);
        ck_assert(view_equal(bytes, buffer_view(&second)));
    }
    fault_clear(&fault);
    buffer_free(&second);
    free(copy);
}

START_TEST(test_every_flip_and_every_cut)
{
    struct heads_leaf leaf = {sample_hash(1), 2, 3, 4, sample_hash(5)};

    for (int i = 0; i < 3; i++) {
        struct buffer bytes = {0};

        if (i == 0) {
            fill_act_record(&record, 3);
            record_encode(&record, &bytes);
        } else if (i == 1) {
            fill_heads_record(&record);
            record_encode(&record, &bytes);
        } else {
            heads_leaf_encode(&leaf, &bytes);
        }
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
    Suite *suite = suite_create("record");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, test_records_come_back);
    tcase_add_test(tests, test_link_is_found_by_subject);
    tcase_add_test(tests, test_record_rules);
    tcase_add_test(tests, test_too_many_links);
    tcase_add_test(tests, test_longest_record);
    tcase_add_test(tests, test_other_versions);
    tcase_add_test(tests, test_leaves);
    tcase_add_test(tests, test_every_flip_and_every_cut);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
