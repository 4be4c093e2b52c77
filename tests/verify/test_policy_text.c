/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The inside of a policy as it is read (what it then demands is for test_policy). Breaks when a group gets the parent of
 * another, when a witness and a group of one number are mixed up, when the key of one line is kept for another, when a
 * policy cut short passes, or when a view points at the caller's memory.
 */
#include "tests/support/sample_keys.h"
#include "verify/policy_text.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct hasher *hasher;
static struct policy *policy;
static struct fault fault;

static void renew(void)
{
    if (policy != NULL) {
        buffer_free(&policy->text);
        free(policy);
    }
    policy = calloc(1, sizeof *policy);
    ck_assert_ptr_nonnull(policy);
    policy->auditors = NO_GROUP;
    fault_clear(&fault);
}

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    renew();
}

static void teardown(void)
{
    renew();
    free(policy);
    policy = NULL;
    hasher_close(hasher);
}

/* Three witnesses (a b c), and then these lines. */
static enum status parse(const char *lines)
{
    static const char *const names[] = {"a", "b", "c"};

    renew();
    for (size_t i = 0; i < 3; i++) {
        sample_policy_line(hasher, 4, view_text("w.example"), names[i], &policy->text);
    }
    buffer_printf(&policy->text, "%s", lines);
    return policy_text_parse(policy, hasher, &fault);
}

START_TEST(test_tree)
{
    ck_assert_msg(parse("group g0 any a b\ngroup g1 all c\ngroup auditors 2 g1 g0\nquorum g1\n") == STATUS_OK, "%s", fault.text);
    ck_assert(policy->witness_count == 3 && policy->group_count == 3 && policy->log_count == 0);
    ck_assert(policy->witness_parents[0] == 0 && policy->witness_parents[1] == 0 && policy->witness_parents[2] == 1);
    ck_assert(policy->groups[0].parent == 2 && policy->groups[1].parent == 2 && policy->groups[2].parent == NO_GROUP);
    ck_assert(policy->groups[0].threshold == 1 && policy->groups[1].threshold == 1 && policy->groups[2].threshold == 2);
    ck_assert(policy->groups[0].member_count == 2 && policy->groups[1].member_count == 1 && policy->groups[2].member_count == 2);
    ck_assert_int_eq(policy->auditors, 2);
    ck_assert(policy->quorum == QUORUM_GROUP && policy->quorum_index == 1);
}
END_TEST

/* The first witness and the first group have both the number 0. */
START_TEST(test_quorum)
{
    ck_assert_int_eq(parse("group g any a\nquorum a\n"), STATUS_OK);
    ck_assert(policy->quorum == QUORUM_WITNESS && policy->quorum_index == 0);
    ck_assert_int_eq(parse("group g any a\nquorum g\n"), STATUS_OK);
    ck_assert(policy->quorum == QUORUM_GROUP && policy->quorum_index == 0);
    ck_assert_int_eq(parse("quorum none\n"), STATUS_OK);
    ck_assert_int_eq(policy->quorum, QUORUM_NONE);
    ck_assert_int_eq(policy->auditors, NO_GROUP);
    ck_assert_int_eq(policy->witness_parents[0], NO_GROUP);
}
END_TEST

/* Each line has its own key and id; everything borrows the policy's text. */
START_TEST(test_keys)
{
    static const char *const names[] = {"a", "b", "c"};
    const uint8_t *from, *to;

    ck_assert_int_eq(parse("quorum none\n"), STATUS_OK);
    from = policy->text.ptr;
    to = from + policy->text.len;
    for (size_t i = 0; i < 3; i++) {
        const struct policy_witness *witness = &policy->witnesses[i];
        uint8_t key[ED25519_BYTES], id[4];

        sample_public_key(names[i], key);
        verifier_key_id(hasher, view_text("w.example"), 4, key, id);
        ck_assert_int_eq(memcmp(witness->key.key.bytes, key, sizeof key), 0);
        ck_assert_int_eq(memcmp(witness->key.id, id, sizeof id), 0);
        ck_assert(view_equal(witness->name, view_text(names[i])) && view_equal(witness->key.name, view_text("w.example")));
        ck_assert(witness->name.ptr >= from && witness->name.ptr < to);
        ck_assert(witness->key.name.ptr >= from && witness->key.name.ptr < to);
        ck_assert_int_eq(witness->key.type, 4);
    }
}
END_TEST

/* Of a good policy, no beginning is one but those that end with the quorum's line. */
START_TEST(test_every_cut)
{
    struct buffer whole = {0};

    ck_assert_int_eq(parse("group g 2 a b c\nquorum g\n# end\n"), STATUS_OK);
    buffer_append_view(&whole, buffer_view(&policy->text));
    for (size_t len = 0; len < whole.len; len++) {
        renew();
        buffer_append(&policy->text, whole.ptr, len);
        bool good = len == whole.len - strlen("# end\n");
        ck_assert_msg(policy_text_parse(policy, hasher, &fault) == (good ? STATUS_OK : STATUS_DAMAGED), "%zu bytes: %s", len, fault.text);
        ck_assert(good || (fault.at >= 1 && fault.at <= 7));
    }
    buffer_free(&whole);
}
END_TEST

/* A bit of a key flipped is refused by the id that stands before it, or by the form. */
START_TEST(test_every_bit_of_a_line)
{
    ck_assert_int_eq(parse("quorum none\n"), STATUS_OK);
    struct buffer whole = {0};
    buffer_append_view(&whole, buffer_view(&policy->text));
    const uint8_t *start = memchr(whole.ptr, '+', whole.len);
    const uint8_t *end = memchr(whole.ptr, '\n', whole.len);
    for (size_t bit = 8 * (size_t)(start - whole.ptr); bit < 8 * (size_t)(end - whole.ptr); bit++) {
        whole.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        renew();
        buffer_append_view(&policy->text, buffer_view(&whole));
        bool same = policy_text_parse(policy, hasher, &fault) == STATUS_OK;
        /* Hex digits of the other case are refused too. */
        ck_assert_msg(!same && fault.at <= 2, "bit %zu: %s", bit, fault.text);
        whole.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    buffer_free(&whole);
}
END_TEST

/* Blanks and tabs between words, before and behind them, say nothing; empty lines count as lines. */
START_TEST(test_blanks)
{
    ck_assert_int_eq(parse("\n\t group\tg  all \ta b\t\n \t\n  # x\n\tquorum\t\tg \n"), STATUS_OK);
    ck_assert_uint_eq(policy->groups[0].member_count, 2);
    ck_assert(view_equal(policy->groups[0].name, view_text("g")));
    ck_assert_int_eq(parse("\n\n\t\nquorum g\n"), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 7);
    ck_assert_int_eq(parse("# \t\x01\nquorum none\n"), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 4);
}
END_TEST

/* A long hostile word is escaped and cut in the sentence. */
START_TEST(test_long_word)
{
    char text[2048];

    memset(text, 'x', sizeof text);
    memcpy(text, "quorum \xff\xff", 9);
    memcpy(text + sizeof text - 2, "\n", 2);
    ck_assert_int_eq(parse(text), STATUS_DAMAGED);
    ck_assert_ptr_nonnull(strstr(fault.text, "\\xff\\xffxxx"));
    ck_assert_uint_lt(strlen(fault.text), 200);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("policy_text");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_tree);
    tcase_add_test(tests, test_quorum);
    tcase_add_test(tests, test_keys);
    tcase_add_test(tests, test_every_cut);
    tcase_add_test(tests, test_every_bit_of_a_line);
    tcase_add_test(tests, test_blanks);
    tcase_add_test(tests, test_long_word);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
