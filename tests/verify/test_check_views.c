/* SPDX-License-Identifier: Apache-2.0 */
/*
 * V4, V13 and V14 over bundles with real time-stamp tokens and cosignatures. Breaks when a token over another checkpoint or
 * by a stranger proves a time, when a good one of an anchor does not, or when a bad one changes the status of evidence
 * that is whole.
 */
#include "tests/support/sample_check.h"
#include "tests/support/sample_keys.h"
#include "tests/support/sample_token.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Of the time of the vectors. */
enum { TOKEN_TIME = 1700009999, WITNESS_TIME = 1700020000 };

static struct sample_check s;
static struct sample_tsa *tsa, *stranger;
static struct token_trust *trust;
static struct buffer made[8];
static size_t made_count;
static struct verdict verdict;

static void setup(void)
{
    sample_check_open(&s, "anchors.bundle", "station.policy");
    tsa = sample_tsa_open("Time of Krati\xc3\xa9");
    stranger = sample_tsa_open("Somebody");
    trust = sample_tsa_trust(tsa);
    ck_assert_uint_eq(s.check.bundle.anchor_count, 3);
    ck_assert_uint_eq(s.check.bundle.token_count, 0);
}

static void teardown(void)
{
    for (size_t i = 0; i < made_count; i++) {
        buffer_free(&made[i]);
    }
    made_count = 0;
    verdict_close(&verdict);
    token_trust_close(trust);
    sample_tsa_close(tsa);
    sample_tsa_close(stranger);
    sample_check_close(&s);
}

static struct buffer *next(void)
{
    ck_assert_uint_lt(made_count, 8);
    return &made[made_count++];
}

/* A token over that note's text. */
static struct view token_over(const struct sample_tsa *by, struct view note, uint64_t time_s)
{
    static struct checkpoint checkpoint;
    struct buffer *out = next();
    struct hash imprint;

    ck_assert_int_eq(checkpoint_parse(note, &checkpoint, &s.fault), STATUS_OK);
    hash_data(s.hasher, checkpoint.text, &imprint);
    sample_token(by, &imprint, time_s, out);
    return buffer_view(out);
}

static struct bundle_view *view_at(size_t i)
{
    return i == 0 ? &s.check.bundle.view : &s.check.bundle.anchors[i - 1].view;
}

/* Writes the bundle with those tokens at view 0 (its own) or at an anchor, and verifies the file. */
static const char *verify_with(size_t place, struct view *tokens, size_t count)
{
    struct bundle bundle = s.check.bundle;
    struct buffer file = {0};

    for (size_t i = 0; i <= bundle.anchor_count; i++) {
        view_at(i)->token_count = 0;
    }
    view_at(place)->token_first = 0;
    view_at(place)->token_count = count;
    bundle.view = s.check.bundle.view;
    bundle.tokens = tokens;
    bundle.token_count = count;
    sample_bundle_write(s.hasher, &bundle, &file);
    verdict_close(&verdict);
    ck_assert_int_eq(verify_file(s.hasher, s.policy, buffer_view(&file), &s.options, &verdict, &s.fault), STATUS_OK);
    buffer_free(&file);
    return verdict.code;
}

static uint64_t size_of_view(size_t place)
{
    static struct checkpoint checkpoint;

    ck_assert_int_eq(checkpoint_parse(view_at(place)->note, &checkpoint, &s.fault), STATUS_OK);
    return checkpoint.size;
}

/* The bundle's own view and each anchor: everything below that size existed at the token's time. */
START_TEST(test_token_of_each_view)
{
    s.options.tsa = trust;
    for (size_t place = 0; place < 4; place++) {
        struct view token = token_over(tsa, view_at(place)->note, TOKEN_TIME + place);

        ck_assert_str_eq(verify_with(place, &token, 1), "intact");
        ck_assert_uint_eq(verdict.time_count, 1);
        ck_assert_uint_eq(verdict.times[0].size, size_of_view(place));
        ck_assert_uint_eq(verdict.times[0].time_s, TOKEN_TIME + place);
        ck_assert_str_eq(verdict.times[0].who, "CN=Time of Krati\xc3\xa9");
        /* The vectors' cosignatures and tokens are of days long after: nothing contradicts a logged time. */
        ck_assert_uint_eq(verdict.finding_count, 0);
        ck_assert_uint_eq(verdict.witness_count, 0); /* a token is no witness of the policy */
        /* SPEC 2.2: not after, exactly for the records below that size. */
        for (size_t i = 0; i < verdict.moment_count; i++) {
            const struct verdict_moment *moment = &verdict.moments[i];
            ck_assert_int_eq(moment->not_after == 0, moment->record < size_of_view(place));
            ck_assert(moment->not_after == 0 || moment->not_after == SIZE_MAX);
            ck_assert_uint_eq(moment->not_before, SIZE_MAX);
        }
    }
}
END_TEST

/* SPEC 7.3.17c: a token from before the logged times is no failure, but the clock of one of the two was wrong; and it is said once. */
START_TEST(test_token_before_it_was_logged)
{
    s.options.tsa = trust;
    struct view token = token_over(tsa, view_at(0)->note, TOKEN_TIME - 9998);

    ck_assert_str_eq(verify_with(0, &token, 1), "intact");
    ck_assert_uint_eq(verdict.finding_count, 1);
    ck_assert_str_eq(verdict.findings[0].code, "logged");
    ck_assert(!verdict.findings[0].breach && verdict.findings[0].record == NOTHING);
    ck_assert_ptr_nonnull(strstr(verdict.findings[0].text, "the first is record 0"));
}
END_TEST

/* Trust is by option: without it a token is not looked at, be it good or rubbish. */
START_TEST(test_no_trust)
{
    struct view tokens[2] = {token_over(tsa, view_at(0)->note, TOKEN_TIME), view_text("rubbish")};

    ck_assert_str_eq(verify_with(0, tokens, 2), "intact");
    ck_assert_uint_eq(verdict.time_count, 0);
    ck_assert_uint_eq(verdict.finding_count, 0);
}
END_TEST

/* A token that does not hold is a finding, never a contradiction; the good one beside it counts. */
START_TEST(test_bad_tokens)
{
    struct view good = token_over(tsa, view_at(0)->note, TOKEN_TIME);
    struct view bad[] = {token_over(stranger, view_at(0)->note, TOKEN_TIME), token_over(tsa, view_at(1)->note, TOKEN_TIME),
                         token_over(tsa, view_at(0)->note, TOKEN_TIME + 40000000), /* its certificate had ended */
                         view_text("rubbish"), view_text(""), view_part(good, 0, good.len - 1)};

    s.options.tsa = trust;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct view tokens[2] = {bad[i], good};

        ck_assert_str_eq(verify_with(0, tokens, 2), "intact");
        ck_assert_int_eq(verdict.status, 0);
        ck_assert_uint_eq(verdict.time_count, 1);
        ck_assert_uint_eq(verdict.finding_count, 1);
        ck_assert_str_eq(verdict.findings[0].code, "token");
        ck_assert(!verdict.findings[0].breach && verdict.findings[0].record == NOTHING);
    }
}
END_TEST

/* An anchor's token is over the anchor, not over the newer view: an old token does not cover new records. */
START_TEST(test_token_of_another_view)
{
    s.options.tsa = trust;
    for (size_t place = 0; place < 3; place++) { /* the last anchor has the bundle's own size, and text */
        struct view token = token_over(tsa, view_at(place)->note, TOKEN_TIME);

        ck_assert_str_eq(verify_with(place == 0 ? 1 : 0, &token, 1), "intact");
        ck_assert_uint_eq(verdict.time_count, 0);
        ck_assert_uint_eq(verdict.finding_count, 1);
    }
}
END_TEST

/* A name that a certificate gives is escaped before anybody reads it. */
START_TEST(test_hostile_name)
{
    struct sample_tsa *hostile = sample_tsa_open("a\x1b[2J\xe2\x80\xaeINTACT");
    struct token_trust *trust_in_it = sample_tsa_trust(hostile);
    struct view token = token_over(hostile, view_at(0)->note, TOKEN_TIME);

    s.options.tsa = trust_in_it;
    ck_assert_str_eq(verify_with(0, &token, 1), "intact");
    ck_assert_uint_eq(verdict.time_count, 1);
    for (const char *c = verdict.times[0].who; *c != '\0'; c++) {
        ck_assert((uint8_t)*c >= 0x20 && *c != 0x7f);
    }
    ck_assert_ptr_null(strstr(verdict.times[0].who, "\xe2\x80\xae"));
    ck_assert_ptr_nonnull(strstr(verdict.times[0].who, "INTACT"));
    token_trust_close(trust_in_it);
    sample_tsa_close(hostile);
}
END_TEST

/* A policy with two witnesses, of whom nobody is needed. */
static void know_witnesses(void)
{
    struct buffer text = {0};

    sample_policy_line(s.hasher, 1, s.check.checkpoint->origin, "station", &text);
    sample_policy_line(s.hasher, 4, view_text("w.one"), "w.one", &text);
    sample_policy_line(s.hasher, 4, view_text("w.two"), "w.two", &text);
    buffer_printf(&text, "quorum none\n");
    policy_close(s.policy);
    ck_assert_msg(policy_parse(s.hasher, buffer_view(&text), &s.policy, &s.fault) == STATUS_OK, "%s", s.fault.text);
    buffer_free(&text);
}

/* The note of that view with a witness's line more. */
static struct buffer *cosign(size_t place, const char *witness, uint64_t time_s)
{
    struct buffer *note = next();

    buffer_append_view(note, view_at(place)->note);
    sample_cosign(s.hasher, witness, time_s, note);
    view_at(place)->note = buffer_view(note);
    return note;
}

/* A cosignature of an anchor is a time for its records, and no witness of this checkpoint. */
START_TEST(test_cosigned_anchor)
{
    know_witnesses();
    struct buffer *note = cosign(1, "w.two", WITNESS_TIME);
    (void)cosign(0, "w.one", WITNESS_TIME + 5);
    ck_assert_str_eq(verify_with(0, NULL, 0), "intact");
    ck_assert_uint_eq(verdict.time_count, 2);
    ck_assert(verdict.times[1].size == size_of_view(1) && verdict.times[1].time_s == WITNESS_TIME);
    ck_assert_str_eq(verdict.times[1].who, "w.two");
    ck_assert_uint_eq(verdict.witness_count, 1);
    ck_assert_str_eq(verdict.witnesses[0].name, "w.one");
    /* One that does not hold is a contradiction at an anchor too. */
    char *line = memmem(note->ptr, note->len, "w.two ", 6);
    ck_assert_ptr_nonnull(line);
    line[26] = line[26] == 'A' ? 'B' : 'A';
    ck_assert_str_eq(verify_with(0, NULL, 0), "anchor");
    ck_assert_int_eq(verdict.status, 1);
}
END_TEST

/* --as-of asks the latest of this view's own witnesses; anchors and tokens do not make a file newer. */
START_TEST(test_as_of)
{
    know_witnesses();
    (void)cosign(1, "w.two", WITNESS_TIME + 1000);
    struct view token = token_over(tsa, view_at(0)->note, WITNESS_TIME + 2000);
    s.options.tsa = trust;
    ck_assert_str_eq(verify_with(0, &token, 1), "intact");
    s.options.as_of_s = verdict.logged_s;
    ck_assert_str_eq(verify_with(0, &token, 1), "intact");
    s.options.as_of_s = verdict.logged_s + 1;
    ck_assert_str_eq(verify_with(0, &token, 1), "stale");
    (void)cosign(0, "w.one", WITNESS_TIME + 10);
    (void)cosign(0, "w.two", WITNESS_TIME + 7);
    s.options.as_of_s = WITNESS_TIME + 10;
    ck_assert_str_eq(verify_with(0, NULL, 0), "intact");
    s.options.as_of_s = WITNESS_TIME + 11;
    ck_assert_str_eq(verify_with(0, NULL, 0), "stale");
    ck_assert_int_eq(verdict.status, 2);
}
END_TEST

/* Older views ascend by size, and none stands twice. */
START_TEST(test_order_of_anchors)
{
    struct bundle_anchor *anchors = s.check.bundle.anchors;
    struct bundle_anchor first = anchors[0];

    anchors[0] = anchors[1];
    ck_assert_str_eq(verify_with(0, NULL, 0), "unreadable");
    anchors[1] = first;
    ck_assert_str_eq(verify_with(0, NULL, 0), "unreadable");
    anchors[0] = first;
    ck_assert_str_eq(verify_with(0, NULL, 0), "unreadable");
}
END_TEST

/* Whatever is given as the older paper and is none: told as such, and never read beyond its end. */
START_TEST(test_since_cut_short)
{
    for (size_t len = 1; len < s.file.len; len += len < 40 ? 1 : 37) {
        s.options.since = view_part(buffer_view(&s.file), 0, len);
        ck_assert_str_eq(verify_with(0, NULL, 0), "since-unreadable");
    }
    s.options.since = buffer_view(&s.file);
    ck_assert_str_eq(verify_with(0, NULL, 0), "intact");
    struct view note = view_at(0)->note;
    for (size_t len = 1; len < note.len; len++) {
        s.options.since = view_part(note, 0, len);
        ck_assert_str_eq(verify_with(0, NULL, 0), "since-unreadable");
    }
}
END_TEST

/* A paper of every size, of this history as far as the bundle proves it, and of another. */
START_TEST(test_since_of_every_size)
{
    struct hash root = {{9}};
    struct view origin = s.check.checkpoint->origin;
    size_t forks = 0;

    for (uint64_t size = 1; size <= 12; size++) {
        struct buffer note = {0};
        bool proven = size == 9;

        for (size_t i = 0; i < s.check.bundle.seen_count; i++) {
            proven = proven || s.check.bundle.seen[i].size == size;
        }
        for (size_t i = 1; i <= 3; i++) {
            proven = proven || size_of_view(i) == size;
        }
        sample_note(s.hasher, origin, size, &root, "station", &note);
        s.options.since = buffer_view(&note);
        ck_assert_str_eq(verify_with(0, NULL, 0), size > 9 ? "stale" : proven ? "fork" : "since-unproven");
        ck_assert_int_eq(verdict.status, proven && size <= 9 ? 1 : 2);
        forks += proven ? 1 : 0;
        buffer_reset(&note);
        sample_note(s.hasher, origin, size, &root, "chan", &note); /* not the station's word */
        s.options.since = buffer_view(&note);
        ck_assert_str_eq(verify_with(0, NULL, 0), "since-unreadable");
        buffer_free(&note);
    }
    ck_assert_uint_ge(forks, 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_views");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_token_of_each_view);
    tcase_add_test(tests, test_token_before_it_was_logged);
    tcase_add_test(tests, test_no_trust);
    tcase_add_test(tests, test_bad_tokens);
    tcase_add_test(tests, test_token_of_another_view);
    tcase_add_test(tests, test_hostile_name);
    tcase_add_test(tests, test_cosigned_anchor);
    tcase_add_test(tests, test_as_of);
    tcase_add_test(tests, test_order_of_anchors);
    tcase_add_test(tests, test_since_cut_short);
    tcase_add_test(tests, test_since_of_every_size);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
