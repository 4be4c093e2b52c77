/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict as JSON: one object of RFC 8259, read by another parser, of every vector and of hostile text. Breaks when a
 * quote, a comma or a null is missing, or a member is not what the verdict holds.
 */
#include "tests/support/vectors.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define HOSTILE "a\"b\\c\x1b\x01\n\xff\xc3(\xe2\x80\xae"

static json_t *vectors;

/* Parses the verdict's JSON; the caller frees it. */
static json_t *parse(const struct verdict *verdict, const char *name)
{
    struct buffer text = {0};
    json_error_t error;

    verdict_json(verdict, &text);
    ck_assert(!text.failed && text.len > 0 && text.ptr[text.len - 1] == '\n');
    json_t *object = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(object != NULL && json_is_object(object), "%s: %s: %.*s", name, error.text, (int)text.len, (const char *)text.ptr);
    buffer_free(&text);
    return object;
}

static void expect_number(const json_t *object, const char *key, uint64_t number)
{
    const json_t *value = json_object_get(object, key);

    ck_assert_msg(value != NULL && (number == NOTHING ? json_is_null(value) : json_is_integer(value)), "%s", key);
    ck_assert(number == NOTHING || (uint64_t)json_integer_value(value) == number);
}

static void expect_text(const json_t *object, const char *key, const char *text)
{
    const char *value = json_string_value(json_object_get(object, key));

    ck_assert_msg(value != NULL && strcmp(value, text) == 0, "%s is %s instead of %s", key, value == NULL ? "nothing" : value, text);
}

/* Each code of breach once, with a question; and no question without a breach. */
static void expect_court(const json_t *object, const struct verdict *verdict)
{
    const json_t *list = json_object_get(object, "court_will_ask");
    const json_t *breaches = json_object_get(object, "breaches");

    ck_assert(json_is_array(list));
    ck_assert_uint_eq(json_array_size(list) == 0, json_array_size(breaches) == 0);
    ck_assert_uint_eq(json_array_size(list), verdict->stop.status != 0 ? 0 : verdict->topic_count);
    for (size_t i = 0; i < json_array_size(breaches); i++) {
        const char *code = json_string_value(json_object_get(json_array_get(breaches, i), "code"));
        size_t found = 0;

        for (size_t j = 0; j < json_array_size(list); j++) {
            const json_t *topic = json_array_get(list, j);
            const json_t *questions = json_object_get(topic, "questions");

            found += strcmp(json_string_value(json_object_get(topic, "code")), code) == 0 ? 1 : 0;
            ck_assert(json_array_size(questions) >= 1 && json_string_length(json_array_get(questions, 0)) > 0);
            ck_assert(json_is_boolean(json_object_get(topic, "more")) && json_is_array(json_object_get(topic, "records")));
        }
        ck_assert_msg(found == 1, "%s is asked about %zu times", code, found);
    }
}

static void expect_findings(const json_t *object, const struct verdict *verdict)
{
    size_t next[2] = {0, 0};
    const json_t *lists[2] = {json_object_get(object, "findings"), json_object_get(object, "breaches")};

    for (size_t i = 0; i < verdict->finding_count && verdict->stop.status == 0; i++) {
        const struct finding *finding = &verdict->findings[i];
        int which = finding->breach ? 1 : 0;
        const json_t *told = json_array_get(lists[which], next[which]++);

        expect_text(told, "code", finding->code);
        expect_text(told, "text", finding->text);
        expect_number(told, "record", finding->record);
        expect_number(told, "subject", finding->subject);
        ck_assert_int_eq(json_object_get(told, "reason") != NULL, finding->breach);
        ck_assert(strcmp(finding->code, "deviation") == 0 || !json_is_string(json_object_get(told, "reason")));
    }
    ck_assert(json_is_array(lists[0]) && json_is_array(lists[1]));
    ck_assert_uint_eq(json_array_size(lists[0]), next[0]);
    ck_assert_uint_eq(json_array_size(lists[1]), next[1]);
}

/* SPEC 11: of every record, whatever is known of its time; after a stop nothing. */
static void expect_times(const json_t *object, const struct verdict *verdict)
{
    const json_t *list = json_object_get(object, "times");
    size_t count = verdict->stop.status != 0 ? 0 : verdict->moment_count;

    ck_assert_uint_eq(json_array_size(list), count);
    ck_assert_uint_eq(count, verdict->stop.status != 0 ? 0 : verdict->records);
    for (size_t i = 0; i < count; i++) {
        const json_t *told = json_array_get(list, i);
        const struct verdict_moment *moment = &verdict->moments[i];

        expect_number(told, "record", moment->record);
        expect_text(told, "act", moment->act);
        ck_assert_int_eq(json_is_null(json_object_get(told, "claimed")), moment->claimed_s == NOTHING);
        ck_assert(json_is_string(json_object_get(told, "logged")));
        ck_assert_int_eq(json_is_null(json_object_get(told, "not_after")), moment->not_after == SIZE_MAX);
        ck_assert_int_eq(json_is_null(json_object_get(told, "not_before")), moment->not_before == SIZE_MAX);
        if (moment->not_after != SIZE_MAX) {
            expect_text(json_object_get(told, "not_after"), "by", verdict->times[moment->not_after].who);
        }
        if (moment->not_before != SIZE_MAX) {
            expect_text(json_object_get(told, "not_before"), "by", verdict->quotes[moment->not_before].who);
        }
    }
    /* Nobody vouches for what was stopped, and no auditor where too few of them have signed. */
    ck_assert_uint_eq(json_array_size(json_object_get(object, "append_only")),
                      verdict->stop.status != 0 ? 0 : verdict->witness_count + verdict->later_count);
    ck_assert_int_eq(json_array_size(json_object_get(object, "complete")) > 0, verdict->stop.status == 0 && verdict->audited);
}

START_TEST(test_vector)
{
    static const char *const members[] = {"status", "code", "stop", "place", "text", "notes", "training", "origin", "size", "root",
        "ledger_id", "logged", "policy_sha256", "quorum", "split_possible", "audited", "since", "things", "records", "signatures", "details", "witnesses",
        "not_after", "not_before", "beacons", "append_only", "complete", "times", "succeeds", "asked", "breaches", "findings", "withheld", "court_will_ask", "certificate"};
    const json_t *vector = json_array_get(vectors, (size_t)_i);
    struct vector_run run = {0};

    vector_open(vector, &run);
    vector_verify(&run, buffer_view(&run.file));
    const struct verdict *verdict = &run.verdict;
    json_t *object = parse(verdict, json_string_value(json_object_get(vector, "file")));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        ck_assert_msg(json_object_get(object, members[i]) != NULL, "no member %s", members[i]);
    }
    ck_assert_uint_eq(json_object_size(object), sizeof members / sizeof members[0]);
    expect_number(object, "status", (uint64_t)verdict->status);
    expect_text(object, "code", verdict->code);
    ck_assert_int_eq(json_is_true(json_object_get(object, "stop")), verdict->stop.status != 0);
    expect_findings(object, verdict);
    expect_court(object, verdict);
    expect_times(object, verdict);
    ck_assert_uint_eq(json_array_size(json_object_get(object, "asked")), verdict->asked_count);
    /* What was met on the way to a stop is not told. */
    ck_assert_uint_eq(json_array_size(json_object_get(object, "withheld")), verdict->stop.status != 0 ? 0 : verdict->withheld_count);
    for (size_t i = 0; i < json_array_size(json_object_get(object, "withheld")); i++) {
        const json_t *told = json_array_get(json_object_get(object, "withheld"), i);

        expect_number(told, "record", verdict->withheld[i].record);
        expect_number(told, "subject", verdict->withheld[i].subject);
        expect_number(told, "name", verdict->withheld[i].name);
        expect_number(told, "ordinal", verdict->withheld[i].ordinal);
        expect_number(told, "under", verdict->withheld[i].under);
        ck_assert_int_eq(json_is_true(json_object_get(told, "erased")), verdict->withheld[i].erased);
    }
    ck_assert_uint_eq(json_array_size(json_object_get(object, "notes")), verdict->note_count);
    if (verdict->known) {
        expect_number(object, "size", verdict->size);
        expect_text(object, "origin", verdict->origin);
    } else {
        ck_assert(json_is_null(json_object_get(object, "size")));
    }
    json_decref(object);
    vector_close(&run);
}
END_TEST

START_TEST(test_hostile)
{
    struct verdict verdict = {.status = 1, .code = "chain", .known = true};

    memcpy(verdict.origin, HOSTILE, sizeof HOSTILE);
    verdict.stop = (struct stop){.status = 1, .code = "chain", .record = 9007199254740991, .subject = NOTHING, .byte = NOTHING};
    memcpy(verdict.stop.text, HOSTILE, sizeof HOSTILE);
    verdict.notes[verdict.note_count++] = (struct verdict_note){.code = "quorum", .record = NOTHING, .subject = NOTHING, .text = HOSTILE};
    json_t *object = parse(&verdict, "hostile");
    /* What is no UTF-8 becomes U+FFFD; nothing else is lost. */
    const char *origin = json_string_value(json_object_get(object, "origin"));
    ck_assert_ptr_nonnull(origin);
    ck_assert_msg(strncmp(origin, "a\"b\\c\x1b\x01\n\xef\xbf\xbd", 11) == 0, "%s", origin);
    expect_number(json_object_get(object, "place"), "record", 9007199254740991);
    json_decref(object);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report_json");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    vectors = vectors_load();
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, test_vector, 0, (int)json_array_size(vectors));
    tcase_add_test(tests, test_hostile);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(vectors);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
