/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a rule of SPEC 4 on facts lets something pass or names another place, when a fact changes between reading
 * and writing, or when seals are not sorted and distinct.
 */
#include "verify/facts.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct fault fault;
static struct facts facts;

static void setup(void)
{
    fault_clear(&fault);
    memset(&facts, 0xa5, sizeof facts);
}

static void append_hex(struct buffer *out, const char *hex)
{
    for (size_t i = 0; hex[i] != '\0'; i += 2) {
        char pair[3] = {hex[i], hex[i + 1], '\0'};

        buffer_append_byte(out, (uint8_t)strtoul(pair, NULL, 16));
    }
}

static enum status read_facts(struct view bytes)
{
    struct reader reader = reader_open(bytes, &fault);

    facts_read(&reader, &facts);
    return reader_end(&reader);
}

/* Each fact alone, as its bytes, comes back to the same bytes. */
START_TEST(test_each_fact_alone)
{
    static const char *const values[] = {
        "a1000f", "a1011903e8", "a10200", "a1031a000f4240", "a10400", "a1051b001fffffffffffff", "a10680",
        "a107826141624142", "a108816141", "a10901",
        "a10a82325820" "0707070707070707070707070707070707070707070707070707070707070707",
        "a10a82285821" "020707070707070707070707070707070707070707070707070707070707070707", "a10b08", "a10c00", "a10d01",
        "a10e5820" "0707070707070707070707070707070707070707070707070707070707070707", "a10f820105"};

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct buffer bytes = {0};
        struct buffer again = {0};

        append_hex(&bytes, values[i]);
        ck_assert_msg(read_facts(buffer_view(&bytes)) == STATUS_OK, "%s: %s", values[i], fault.text);
        facts_write(&again, &facts);
        ck_assert_msg(view_equal(buffer_view(&bytes), buffer_view(&again)), "%s", values[i]);
        buffer_free(&bytes);
        buffer_free(&again);
    }
}
END_TEST

START_TEST(test_fact_rules)
{
    static const struct {
        const char *hex;
        size_t at;
        const char *rule;
    } bad[] = {
        {"a11000", 1, "fact number is 16, allowed are 0 to 15"},
        {"a12000", 1, "fact number is not an unsigned integer"},
        {"a10000", 2, "subject type is 0"},
        {"a10010", 2, "subject type is 16"},
        {"a101f6", 2, "case is not an unsigned integer"},
        {"a10220", 2, "pieces is not an unsigned integer"},
        {"a103f6", 2, "gross mass"},
        {"a104f6", 2, "tare mass"},
        {"a105f6", 2, "net mass"},
        {"a10660", 2, "seals is not an array"},
        {"a1068160", 3, "seal is 0 bytes long, allowed are 1 to 64"},
        {"a10782616261" "61", 5, "seals are not ascending and distinct"},
        {"a10882616161" "61", 5, "seals are not ascending and distinct"},
        {"a10882626161" "6161", 6, "seals are not ascending and distinct"},
        {"a1089161616162616361646165616661676168616961" "6a616b616c616d616e616f61706171", 2, "seals is 17 items long"},
        {"a109f6", 2, "outcome"},
        {"a10a8132", 2, "public key is 1 items long"},
        {"a10a823158200000000000000000000000000000000000000000000000000000000000000000", 4, "neither -19"},
        {"a10a82325821000000000000000000000000000000000000000000000000000000000000000000", 4, "public key bytes is 33"},
        {"a10a82285820" "0000000000000000000000000000000000000000000000000000000000000000", 4, "public key bytes is 32"},
        {"a10bf6", 2, "office"},
        {"a10cf6", 2, "doubted"},
        {"a10df6", 2, "print number"},
        {"a10e41ff", 2, "station key is 1 bytes long"},
        {"a10f80", 2, "detail names is 0 items long"},
        {"a10f820505", 4, "detail names are not ascending and distinct"},
        {"a10f820504", 4, "detail names are not ascending and distinct"},
        {"a10f8120", 3, "detail name is not an unsigned integer"},
    };


    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buffer bytes = {0};

        append_hex(&bytes, bad[i].hex);
        ck_assert_msg(read_facts(buffer_view(&bytes)) == STATUS_DAMAGED, "accepted: %s", bad[i].hex);
        ck_assert_msg(strstr(fault.text, bad[i].rule) != NULL, "%s: %s", bad[i].hex, fault.text);
        ck_assert_msg(fault.at == bad[i].at, "%s: at %llu", bad[i].hex, (unsigned long long)fault.at);
        fault_clear(&fault);
        buffer_free(&bytes);
    }
}
END_TEST

/* An algorithm that is -19 only in its lower 32 bits is another algorithm. */
START_TEST(test_key_algorithm_is_not_truncated)
{
    struct buffer bytes = {0};

    append_hex(&bytes, "a10a821affffffed" "5820" "0707070707070707070707070707070707070707070707070707070707070707");
    ck_assert_int_eq(read_facts(buffer_view(&bytes)), STATUS_DAMAGED);
    buffer_free(&bytes);
}
END_TEST

START_TEST(test_seals_are_sorted_and_distinct)
{
    char longest[SEAL_BYTES_MAX + 2];
    struct seals seals = {4, {view_text("b"), view_text("ab"), view_text("a"), view_text("B")}};
    struct seals back;
    struct buffer out = {0};

    ck_assert(seals_encode(&seals, &out));
    ck_assert(view_equal(buffer_view(&out), view_of("\x84\x61" "B\x61" "a\x62" "ab\x61" "b", 10)));
    seals_read(buffer_view(&out), &back);
    ck_assert_uint_eq(back.count, 4);
    ck_assert(view_equal(back.numbers[2], view_text("ab")));
    buffer_reset(&out);
    seals = (struct seals){3, {view_text("b"), view_text("a"), view_text("b")}};
    ck_assert(!seals_encode(&seals, &out));
    seals = (struct seals){1, {view_of(NULL, 0)}};
    ck_assert(!seals_encode(&seals, &out));
    memset(longest, 'x', sizeof longest);
    seals = (struct seals){1, {view_of(longest, SEAL_BYTES_MAX + 1)}};
    ck_assert(!seals_encode(&seals, &out));
    ck_assert_uint_eq(out.len, 0);
    seals = (struct seals){1, {view_of(longest, SEAL_BYTES_MAX)}};
    ck_assert(seals_encode(&seals, &out));
    buffer_reset(&out);
    seals.count = 0; /* "no seal found" */
    ck_assert(seals_encode(&seals, &out));
    seals_read(buffer_view(&out), &back);
    ck_assert_uint_eq(back.count, 0);
    buffer_free(&out);
}
END_TEST

START_TEST(test_names_come_back)
{
    uint64_t numbers[FACT_NAMES_MAX];
    uint64_t back[FACT_NAMES_MAX];
    struct buffer out = {0};

    for (size_t i = 0; i < FACT_NAMES_MAX; i++) {
        numbers[i] = i * i;
    }
    names_encode(numbers, FACT_NAMES_MAX, &out);
    ck_assert_uint_eq(names_read(buffer_view(&out), back), FACT_NAMES_MAX);
    ck_assert_mem_eq(numbers, back, sizeof numbers);
    buffer_free(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("facts");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, test_each_fact_alone);
    tcase_add_test(tests, test_fact_rules);
    tcase_add_test(tests, test_key_algorithm_is_not_truncated);
    tcase_add_test(tests, test_seals_are_sorted_and_distinct);
    tcase_add_test(tests, test_names_come_back);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
