/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a court will ask. Breaks when a code of breach has no question, when a record is asked about twice or without its signers, when
 * the reason of a deviation is lost, belongs to another record, or reaches the reader unescaped.
 */
#include "tests/support/sample_check.h"
#include "tests/support/vectors.h"
#include "verify/court.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct sample_check s;
static struct buffer made;

static void setup(void)
{
    memset(&s, 0, sizeof s);
}

static void teardown(void)
{
    sample_check_close(&s);
    buffer_free(&made);
}

static void begin(const char *file)
{
    sample_check_open(&s, file, "station.policy");
    sample_check_run(&s, AT_RECORDS, AT_END);
    ck_assert_str_eq(sample_check_code(&s), "");
}

static void prepare(void)
{
    ck_assert_int_eq(court_prepare(&s.check, &s.fault), STATUS_OK);
}

static const char *text_of(const struct buffer *buffer)
{
    static char text[512];

    ck_assert_uint_lt(buffer->len, sizeof text);
    if (buffer->len > 0) {
        memcpy(text, buffer->ptr, buffer->len);
    }
    text[buffer->len] = '\0';
    return text;
}

/* Of SPEC 7.3, 9 (V15) and 7.2: every code that a breach may have. */
START_TEST(test_every_code)
{
    static const char *const codes[] = {"deviation", "signers-rule", "seal-differs", "pieces", "mass", "missing", "overdue", "unanswered",
        "unseen", "state", "packed", "container", "void", "superseded", "correction", "orphan", "must-state", "not-open", "print", "other"};
    size_t count = 0;
    const struct court_topic *topics = court_topics(&count);

    ck_assert_uint_eq(count, sizeof codes / sizeof codes[0]);
    for (size_t i = 0; i < count; i++) {
        const struct court_topic *topic = court_topic(codes[i]);

        ck_assert_msg(topic != NULL, "%s raises no question", codes[i]);
        for (size_t j = 0; j < COURT_QUESTIONS && topic->questions[j] != NULL; j++) {
            ck_assert_msg(strpbrk(topic->questions[j], "?.") != NULL, "%s: no sentence", codes[i]);
        }
        for (size_t j = 0; j < i; j++) {
            ck_assert_str_ne(topics[i].code, topics[j].code);
        }
    }
    ck_assert_ptr_null(court_topic("drift"));
    ck_assert_ptr_null(court_topic(""));
}
END_TEST

START_TEST(test_who_and_why)
{
    begin("deviation-and-rule.bundle");
    prepare();
    ck_assert_uint_eq(s.verdict.topic_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct verdict_topic *topic = &s.verdict.topics[i];

        ck_assert_uint_eq(topic->count, 1);
        ck_assert(!topic->more);
        ck_assert_uint_eq(topic->records[0], 7);
        ck_assert_str_eq(text_of(&topic->who[0]), "KHPP-3-0, officer");
    }
    ck_assert_uint_eq(s.verdict.reason_count, 1);
    ck_assert_str_eq(text_of(&s.verdict.reasons[0]), "nobody there");
}
END_TEST

/* Nothing is broken: nothing is asked. A finding is no breach. */
START_TEST(test_nothing_broken)
{
    struct finding drift = {.code = "drift", .record = 6, .subject = 7};

    begin("case-three-items.bundle");
    s.check.source.report(&s.check, &drift);
    prepare();
    ck_assert_uint_eq(s.verdict.topic_count, 0);
    ck_assert_uint_eq(s.verdict.reason_count, 0);
}
END_TEST

static void report(const char *code, uint64_t record, uint64_t subject)
{
    struct finding finding = {.code = code, .breach = true, .record = record, .subject = subject};

    s.check.source.report(&s.check, &finding);
}

/* A thousand things of one record are one question; records are named up to a limit, and that there are more is said. */
START_TEST(test_many)
{
    begin("case-three-items.bundle");
    for (uint64_t subject = 0; subject < 1000; subject++) {
        report("pieces", subject % 2 == 0 ? 5 : 6, subject);
    }
    for (uint64_t record = 0; record < VERDICT_TOPIC_RECORDS + 3; record++) {
        report("mass", record, 7);
    }
    report("void", NOTHING, 7);
    report("of a later version", 5, 7);
    prepare();
    ck_assert_uint_eq(s.verdict.topic_count, 3);
    ck_assert_uint_eq(s.verdict.topics[0].count, 2);
    ck_assert(!s.verdict.topics[0].more);
    ck_assert_uint_eq(s.verdict.topics[1].count, VERDICT_TOPIC_RECORDS);
    ck_assert(s.verdict.topics[1].more);
    ck_assert_uint_eq(s.verdict.topics[2].count, 0); /* nobody signed it */
    verdict_print(&s.verdict, &made);
    ck_assert_ptr_nonnull(memmem(made.ptr, made.len, "and the signers of more records", 31));
    ck_assert_ptr_null(memmem(made.ptr, made.len, "record 18446744073709551615", 27));
}
END_TEST

/* Puts that value in the place of the reason; NULL: it is withheld. */
static void say(const struct value *value)
{
    struct disclosure disclosure;

    begin("deviation.bundle");
    for (size_t i = 0; i < s.check.bundle.disclosure_count; i++) {
        ck_assert_int_eq(disclosure_decode(s.check.bundle.disclosures[i], &disclosure, &s.fault), STATUS_OK);
        if (disclosure.name != NAME_REASON) {
            continue;
        }
        if (value == NULL) {
            memset(s.check.digests[i].bytes, 0xff, HASH_BYTES); /* of whatever else: it is not found */
            return;
        }
        disclosure.value = *value;
        disclosure_encode(&disclosure, &made);
        s.check.bundle.disclosures[i] = buffer_view(&made);
        return;
    }
    ck_abort_msg("no reason");
}

START_TEST(test_hostile_reason)
{
    struct value value = {.type = VALUE_TEXT, .text = view_text("C:\\x0a")};

    say(&value);
    prepare();
    ck_assert_str_eq(text_of(&s.verdict.reasons[0]), "C:\\x5cx0a"); /* not to be taken for what escaping put there */
    sample_check_close(&s);
    buffer_reset(&made);
    value = (struct value){.type = VALUE_FILE, .file = {.length_bytes = 1, .media_type = view_text("a\nINTACT\x1b[2J\xe2\x80\xaegnp")}};
    say(&value);
    prepare();
    for (const char *at = text_of(&s.verdict.reasons[0]); *at != '\0'; at++) {
        ck_assert(*at >= ' ' && *at < 127);
    }
}
END_TEST

START_TEST(test_withheld_reason)
{
    say(NULL);
    prepare();
    ck_assert_str_eq(text_of(&s.verdict.reasons[0]), "(withheld or erased)");
}
END_TEST

/* Where none is stated, that is said. */
START_TEST(test_no_reason)
{
    begin("case-three-items.bundle");
    report("deviation", 8, NOTHING);
    prepare();
    ck_assert_uint_eq(s.verdict.reason_count, 1);
    ck_assert_uint_eq(s.verdict.reasons[0].len, 0);
    s.verdict.status = 3;
    verdict_print(&s.verdict, &made);
    ck_assert_ptr_nonnull(memmem(made.ptr, made.len, "; no reason is stated\n", 22));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("court");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_every_code);
    tcase_add_test(tests, test_who_and_why);
    tcase_add_test(tests, test_nothing_broken);
    tcase_add_test(tests, test_many);
    tcase_add_test(tests, test_hostile_reason);
    tcase_add_test(tests, test_withheld_reason);
    tcase_add_test(tests, test_no_reason);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
