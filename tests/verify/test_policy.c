/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a policy means something else than C2SP's tlog-policy says, when a mistake in one passes, or
 * when a split view is possible and not said.
 */
#include "verify/policy.h"

#include <check.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hasher *hasher;
static struct fault fault;

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
}

static void teardown(void)
{
    hasher_close(hasher);
}

static void append_vkey(struct buffer *out, const char *name, uint8_t type, uint8_t seed_byte)
{
    uint8_t key[32];
    uint8_t secret[64];
    uint8_t seed[32];

    memset(seed, seed_byte, sizeof seed);
    ck_assert_int_eq(crypto_sign_ed25519_seed_keypair(key, secret, seed), 0);
    verifier_key_format(hasher, view_text(name), type, key, out);
}

/*
 * A policy written short: @L1 is the vkey of a log with key 1, @W2 that of a witness with key 2; the key's
 * letter may be any of 0-9, a-z.
 */
static void expand(const char *text, struct buffer *out)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (c[0] == '@' && (c[1] == 'L' || c[1] == 'W')) {
            append_vkey(out, c[1] == 'L' ? "log.example/x" : "witness.example/x", c[1] == 'L' ? 1 : 4, (uint8_t)c[2]);
            c += 2;
        } else {
            buffer_append_byte(out, (uint8_t)*c);
        }
    }
}

static enum status parse(const char *text, struct policy **out)
{
    struct buffer full = {0};
    enum status status;

    fault_clear(&fault);
    expand(text, &full);
    status = policy_parse(hasher, buffer_view(&full), out, &fault);
    buffer_free(&full); /* the policy has its own copy */
    return status;
}

static struct policy *accept(const char *text)
{
    struct policy *policy = NULL;

    ck_assert_msg(parse(text, &policy) == STATUS_OK, "%s", fault.text);
    return policy;
}

#define EXAMPLE                                \
    "# a court's policy\n"                     \
    "log @L0 https://log.example/\n"           \
    "\n"                                       \
    "witness X1 @W1\n"                         \
    "\twitness  X2\t@W2 https://x2.example \n" \
    "witness X3 @W3\n"                         \
    "group X-witnesses 2 X1 X2 X3\n"           \
    "witness Y1 @W4\n"                         \
    "witness Y2 @W5\n"                         \
    "witness Y3 @W6\n"                         \
    "group auditors any Y1 Y2 Y3\n"            \
    "  # nested\n"                             \
    "group X-and-Y all X-witnesses auditors\n" \
    "quorum X-and-Y\n"

/* tlog-policy, "Example policy", with one group named auditors: all 64 sets of witnesses. */
START_TEST(test_example)
{
    struct policy *policy = accept(EXAMPLE);

    ck_assert_uint_eq(policy_log_count(policy), 1);
    ck_assert(view_equal(policy_log(policy, 0)->name, view_text("log.example/x")));
    ck_assert_uint_eq(policy_witness_count(policy), 6);
    ck_assert(view_equal(policy_witness(policy, 1)->name, view_text("X2")));
    ck_assert(view_equal(policy_witness(policy, 1)->key.name, view_text("witness.example/x")));
    ck_assert(!policy_witness(policy, 2)->in_auditors);
    ck_assert(policy_witness(policy, 3)->in_auditors);
    ck_assert(policy_has_auditors(policy));
    ck_assert(!policy_quorum_none(policy));
    ck_assert(!policy_quorum_splits(policy));
    for (unsigned set = 0; set < 64; set++) {
        bool signed_by[6];
        unsigned x = 0;
        unsigned y = 0;

        for (unsigned i = 0; i < 6; i++) {
            signed_by[i] = (set >> i & 1) != 0;
            x += i < 3 && signed_by[i] ? 1 : 0;
            y += i >= 3 && signed_by[i] ? 1 : 0;
        }
        ck_assert_int_eq(policy_quorum_met(policy, signed_by), x >= 2 && y >= 1);
        ck_assert_int_eq(policy_auditors_met(policy, signed_by), y >= 1);
    }
    policy_close(policy);
}
END_TEST

START_TEST(test_hash)
{
    struct policy *policy = accept("quorum none\n");
    struct hash expected;

    hash_data(hasher, view_text("quorum none\n"), &expected);
    ck_assert(hash_equal(policy_hash(policy), &expected));
    ck_assert(policy_quorum_none(policy));
    ck_assert(policy_quorum_met(policy, NULL));
    ck_assert(policy_quorum_splits(policy));
    ck_assert(!policy_has_auditors(policy));
    ck_assert(!policy_auditors_met(policy, NULL));
    policy_close(policy);
    policy_close(NULL);
}
END_TEST

START_TEST(test_quorum_of_one)
{
    struct policy *policy = accept("witness a @W1\nwitness b @W2\nquorum b\n");
    const bool first[2] = {true, false};
    const bool second[2] = {false, true};

    ck_assert(!policy_quorum_met(policy, first));
    ck_assert(policy_quorum_met(policy, second));
    ck_assert(!policy_quorum_splits(policy));
    policy_close(policy);
}
END_TEST

/* Members of a group inside the auditors are auditors; a witness beside the tree is not. */
START_TEST(test_nested_auditors)
{
    struct policy *policy = accept("witness a @W1\nwitness b @W2\nwitness c @W3\ngroup inner 1 a\n"
                                   "group auditors all inner b\ngroup q any auditors c\nquorum q\n");
    const bool only_a[3] = {true, false, false};
    const bool both[3] = {true, true, false};

    ck_assert(policy_witness(policy, 0)->in_auditors);
    ck_assert(policy_witness(policy, 1)->in_auditors);
    ck_assert(!policy_witness(policy, 2)->in_auditors);
    ck_assert(!policy_auditors_met(policy, only_a));
    ck_assert(policy_auditors_met(policy, both));
    ck_assert(policy_quorum_met(policy, both));
    policy_close(policy);
}
END_TEST

/* Octets above 0x7F are names like others; definitions may follow the quorum. */
START_TEST(test_opaque_names)
{
    struct policy *policy = accept("# \xff\xfe\nwitness \xe1\x9e\x80 @W1\nwitness \xff @W2\nquorum \xff\nwitness K @W3\n"
                                   "witness # @W4\nlog @La\nlog @Lb\n");

    ck_assert_uint_eq(policy_witness_count(policy), 4);
    ck_assert_uint_eq(policy_log_count(policy), 2);
    policy_close(policy);
}
END_TEST

START_TEST(test_refused)
{
    static const struct {
        const char *text;
        uint64_t line;
    } cases[] = {
        {"", 1},
        {"# nothing\n", 2},
        {"log @L1\n", 2}, /* no quorum */
        {"quorum none", 1},
        {"quorum none\nquorum none\n", 2},
        {"quorum none none\n", 1},
        {"quorum\n", 1},
        {"quorum q\n", 1},
        {"quorum a\nwitness a @W1\n", 1},
        {"quorum none\r\n", 1},
        {"quorum none\n# \x7f\n", 2},
        {"quorum none\n\n\x0b\n", 3},
        {"Quorum none\n", 1},
        {"quorums none\n", 1},
        {"log\nquorum none\n", 1},
        {"log @L1 url more\nquorum none\n", 1},
        {"log @W1\nquorum none\n", 1},
        {"log @L1\nlog @L2\nlog @L1\nquorum none\n", 3},
        {"log log.example/x+00000000+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\nquorum none\n", 1},
        {"witness\nquorum none\n", 1},
        {"witness a\nquorum none\n", 1},
        {"witness a @L1\nquorum none\n", 1},
        {"witness a @W1 url more\nquorum none\n", 1},
        {"witness none @W1\nquorum none\n", 1},
        {"witness auditors @W1\nquorum none\n", 1},
        {"witness a @W1\nwitness a @W2\nquorum none\n", 2},
        {"witness a @W1\nwitness b @W1\nquorum none\n", 2},
        {"log @L1\nwitness a @W1\nquorum none\n", 2},
        {"witness a @W1\nlog @L1\nquorum none\n", 2},
        {"witness a @W1\ngroup a all a\nquorum none\n", 2},
        {"witness a @W1\ngroup none all a\nquorum none\n", 2},
        {"witness a @W1\ngroup\nquorum none\n", 2},
        {"witness a @W1\ngroup g\nquorum none\n", 2},
        {"witness a @W1\ngroup g all\nquorum none\n", 2},
        {"witness a @W1\ngroup g a\nquorum none\n", 2},
        {"witness a @W1\ngroup g 0 a\nquorum none\n", 2},
        {"witness a @W1\ngroup g 2 a\nquorum none\n", 2},
        {"witness a @W1\ngroup g 01 a\nquorum none\n", 2},
        {"witness a @W1\ngroup g +1 a\nquorum none\n", 2},
        {"witness a @W1\ngroup g 0x1 a\nquorum none\n", 2},
        {"witness a @W1\ngroup g ANY a\nquorum none\n", 2},
        {"witness a @W1\ngroup g all none\nquorum none\n", 2},
        {"witness a @W1\ngroup g all a b\nwitness b @W2\nquorum none\n", 2},
        {"witness a @W1\ngroup g all g\nquorum none\n", 2},
        {"witness a @W1\ngroup g 1 a a\nquorum none\n", 2},
        {"witness a @W1\ngroup g all a\ngroup h all a\nquorum none\n", 3},
        {"witness a @W1\ngroup g all a\ngroup h all g\ngroup i all g\nquorum none\n", 4},
        {"witness a @W1\ngroup g all a\nwitness g @W2\nquorum none\n", 3},
        {"witness a @W1\ngroup g all a\ngroup g all a\nquorum none\n", 3}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct policy *policy = NULL;

        ck_assert_msg(parse(cases[i].text, &policy) == STATUS_DAMAGED, "%s", cases[i].text);
        ck_assert_msg(fault.at == cases[i].line, "%s: %llu, %s", cases[i].text, (unsigned long long)fault.at, fault.text);
        ck_assert_ptr_null(policy);
        ck_assert_ptr_null(strchr(fault.text, '\n'));
    }
}
END_TEST

/* Text from the file reaches the sentence escaped. */
START_TEST(test_escaped)
{
    struct policy *policy = NULL;

    ck_assert_int_eq(parse("\xe2\x80\xae\xffz none\n", &policy), STATUS_DAMAGED);
    ck_assert_ptr_nonnull(strstr(fault.text, "\\u{202e}\\xffz"));
    ck_assert_ptr_null(strstr(fault.text, "\xe2\x80\xae"));
}
END_TEST

/* kind 'l', 'w', 'g': as many of them as given. */
static enum status parse_many(char kind, unsigned count)
{
    struct buffer text = {0};
    struct policy *policy = NULL;
    enum status status;

    fault_clear(&fault);
    for (unsigned i = 0; i < (kind == 'g' ? 1 : count); i++) {
        buffer_printf(&text, kind == 'l' ? "log " : "witness w%u ", i);
        append_vkey(&text, "n", kind == 'l' ? 1 : 4, (uint8_t)i);
        buffer_append(&text, "\n", 1);
    }
    for (unsigned i = 0; kind == 'g' && i < count; i++) {
        buffer_printf(&text, i == 0 ? "group g0 all w0\n" : "group g%u all g%u\n", i, i - 1);
    }
    buffer_append_view(&text, view_text("quorum none\n"));
    status = policy_parse(hasher, buffer_view(&text), &policy, &fault);
    policy_close(policy);
    buffer_free(&text);
    return status;
}

START_TEST(test_limits)
{
    struct buffer text = {0};
    struct policy *policy = NULL;

    ck_assert_int_eq(parse_many('l', POLICY_LOGS_MAX), STATUS_OK);
    ck_assert_int_eq(parse_many('l', POLICY_LOGS_MAX + 1), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, POLICY_LOGS_MAX + 1);
    ck_assert_int_eq(parse_many('w', POLICY_WITNESSES_MAX), STATUS_OK);
    ck_assert_int_eq(parse_many('w', POLICY_WITNESSES_MAX + 1), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, POLICY_WITNESSES_MAX + 1);
    ck_assert_int_eq(parse_many('g', POLICY_GROUPS_MAX), STATUS_OK);
    ck_assert_int_eq(parse_many('g', POLICY_GROUPS_MAX + 1), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, POLICY_GROUPS_MAX + 2);

    /* Exactly as long as allowed, and one byte more. */
    buffer_append_view(&text, view_text("quorum none\n#"));
    while (text.len < POLICY_BYTES_MAX - 1) {
        buffer_append(&text, "x", 1);
    }
    buffer_append(&text, "\n", 1);
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&text), &policy, &fault), STATUS_OK);
    policy_close(policy);
    policy = NULL;
    buffer_append(&text, "\n", 1);
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&text), &policy, &fault), STATUS_DAMAGED);
    buffer_free(&text);
}
END_TEST

/* The largest group there can be: a name is a member once, so no group has more members than there are witnesses. */
START_TEST(test_all_in_one)
{
    struct buffer text = {0};
    struct policy *policy = NULL;
    bool signed_by[POLICY_WITNESSES_MAX];

    for (unsigned i = 0; i < POLICY_WITNESSES_MAX; i++) {
        buffer_printf(&text, "witness w%u ", i);
        append_vkey(&text, "n", 4, (uint8_t)i);
        buffer_append(&text, "\n", 1);
        signed_by[i] = true;
    }
    buffer_append_view(&text, view_text("group g any w0\ngroup all all g"));
    for (unsigned i = 1; i < POLICY_WITNESSES_MAX; i++) {
        buffer_printf(&text, " w%u", i);
    }
    buffer_append_view(&text, view_text("\nquorum all\n"));
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&text), &policy, &fault), STATUS_OK);
    ck_assert(policy_quorum_met(policy, signed_by));
    signed_by[63] = false;
    ck_assert(!policy_quorum_met(policy, signed_by));
    signed_by[63] = true;
    signed_by[0] = false;
    ck_assert(!policy_quorum_met(policy, signed_by));
    policy_close(policy);
    buffer_free(&text);
}
END_TEST

/* ---- splits ---- */

/* Whether two disjoint sets satisfy the quorum, by trying every set with the rest. */
static bool splits_by_force(const struct policy *policy)
{
    size_t count = policy_witness_count(policy);

    for (unsigned set = 0; set < 1u << count; set++) {
        bool one[16];
        bool other[16];

        for (size_t i = 0; i < count; i++) {
            one[i] = (set >> i & 1) != 0;
            other[i] = !one[i];
        }
        if (policy_quorum_met(policy, one) && policy_quorum_met(policy, other)) {
            return true;
        }
    }
    return false;
}

/*
 * Random trees over up to 9 witnesses: names wait in a list, some of them are put into a group, whose name
 * joins the list, until one is left.
 */
static void random_policy(uint32_t *state, struct buffer *text)
{
    char waiting[24][8];
    size_t count = 2 + *state % 8;
    unsigned groups = 0;

    for (size_t i = 0; i < count; i++) {
        (void)snprintf(waiting[i], sizeof waiting[i], "w%zu", i);
        buffer_printf(text, "witness w%zu ", i);
        append_vkey(text, "n", 4, (uint8_t)i);
        buffer_append(text, "\n", 1);
    }
    while (count > 1 || groups == 0) {
        size_t take;

        *state = *state * 1664525 + 1013904223;
        take = 1 + (*state >> 16) % (count < 4 ? count : 4);
        if (groups > 12) {
            take = count;
        }
        *state = *state * 1664525 + 1013904223;
        buffer_printf(text, "group g%u %zu", groups, 1 + (*state >> 16) % take);
        for (size_t i = 0; i < take; i++) {
            buffer_printf(text, " %s", waiting[i]);
        }
        buffer_append(text, "\n", 1);
        memmove(waiting[0], waiting[take], (count - take) * sizeof waiting[0]);
        count -= take;
        (void)snprintf(waiting[count], sizeof waiting[count], "g%u", groups);
        count += 1;
        groups += 1;
    }
    buffer_printf(text, "quorum %s\n", waiting[0]);
}

START_TEST(test_splits_exact)
{
    uint32_t state = 1;
    unsigned split = 0;

    for (unsigned i = 0; i < 400; i++) {
        struct buffer text = {0};
        struct policy *policy = NULL;
        bool splits;

        random_policy(&state, &text);
        ck_assert_msg(policy_parse(hasher, buffer_view(&text), &policy, &fault) == STATUS_OK, "%s", fault.text);
        splits = splits_by_force(policy);
        split += splits ? 1 : 0;
        ck_assert_msg(policy_quorum_splits(policy) == splits, "%.*s", (int)text.len, (const char *)text.ptr);
        policy_close(policy);
        buffer_free(&text);
    }
    ck_assert_uint_gt(split, 50);
    ck_assert_uint_lt(split, 350);
}
END_TEST

START_TEST(test_splits_known)
{
    static const struct {
        const char *groups;
        bool splits;
    } cases[] = {{"group q 2 a b c\nquorum q\n", false},
                 {"group q 2 a b c d\nquorum q\n", true},
                 {"group q 3 a b c d\nquorum q\n", false},
                 {"group q any a b\nquorum q\n", true},
                 {"group q any a\nquorum q\n", false},
                 {"group x any a b\ngroup y any c d\ngroup q all x y\nquorum q\n", true},
                 {"group x any a b\ngroup y all c d\ngroup q all x y\nquorum q\n", false},
                 {"group x any a b\ngroup q 2 x c d\nquorum q\n", true},
                 {"group x all a b\ngroup q 2 x c d\nquorum q\n", false},
                 {"group x any a b\ngroup q all c d\nquorum q\n", false}}; /* x is not in the quorum */

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        struct policy *policy;

        (void)snprintf(text, sizeof text, "witness a @W1\nwitness b @W2\nwitness c @W3\nwitness d @W4\n%s",
                       cases[i].groups);
        policy = accept(text);
        ck_assert_msg(policy_quorum_splits(policy) == cases[i].splits, "%s", cases[i].groups);
        ck_assert_int_eq(splits_by_force(policy), cases[i].splits);
        policy_close(policy);
    }
}
END_TEST

static void check_missing(const char *text, size_t count, const char *wanted)
{
    struct policy *policy = accept(text);
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    struct buffer said = {0};

    for (size_t i = 0; i < count; i++) {
        signed_by[i] = true;
    }
    policy_quorum_missing(policy, signed_by, &said);
    ck_assert_msg(view_equal(buffer_view(&said), view_text(wanted)), "%.*s", (int)said.len, (const char *)said.ptr);
    buffer_free(&said);
    policy_close(policy);
}

/* Breaks when a station is told to ask a witness that it has, or is not told whom it lacks. */
START_TEST(test_missing)
{
    static const char nested[] = "witness a @W1\nwitness b @W2\nwitness c @W3\nwitness d @W4\n"
                                 "group inner any c d\ngroup all-three all a b inner\nquorum all-three\n";

    check_missing("quorum none\n", 0, "");
    check_missing("witness a @W1\nquorum a\n", 0, "a");
    check_missing("witness a @W1\nquorum a\n", 1, "");
    check_missing("witness a\\ @W1\nquorum a\\\n", 0, "a\\x5c");
    check_missing(nested, 0, "a and b and (1 more of c, d)");
    check_missing(nested, 1, "b and (1 more of c, d)");
    check_missing(nested, 2, "1 more of c, d");
    /* One group of one; a member that may be either of two; one that is left of several. */
    check_missing("witness a @W1\ngroup g any a\nquorum g\n", 0, "a");
    check_missing("witness a @W1\nwitness b @W2\nwitness c @W3\ngroup inner 2 b c\ngroup outer any a inner\nquorum outer\n", 0, "1 more of a, (b and c)");
    check_missing("witness a @W1\nwitness b @W2\nwitness c @W3\ngroup g 3 a b c\nquorum g\n", 2, "c");
    check_missing(nested, 3, "");
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("policy");
    Suite *suite = suite_create("policy");
    SRunner *runner = NULL;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_example);
    tcase_add_test(tests, test_hash);
    tcase_add_test(tests, test_quorum_of_one);
    tcase_add_test(tests, test_nested_auditors);
    tcase_add_test(tests, test_opaque_names);
    tcase_add_test(tests, test_refused);
    tcase_add_test(tests, test_escaped);
    tcase_add_test(tests, test_limits);
    tcase_add_test(tests, test_all_in_one);
    tcase_add_test(tests, test_splits_exact);
    tcase_add_test(tests, test_splits_known);
    tcase_add_test(tests, test_missing);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
