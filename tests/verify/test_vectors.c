/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every file of tests/vectors gets the verdict of expected.json: status, code, place (SPEC 9) and, for status 3, exactly
 * its breaches. Breaks when a step is left out, moved or names another place: SPEC V1, V2, V3, V4, V5, V6, V7, V8, V9, V10,
 * V11, V12, V13, V14, V15, V16; that each code which they name has a vector is counted by tests/spec. A byte offset is not
 * compared: V2 lets a reader give any.
 */
#include "tests/support/vectors.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *vectors;

/* "mass 5 7": code, record and subject, "-" where there is none. */
static void breach_text(char out[128], const char *code, uint64_t record, uint64_t subject)
{
    char r[24] = "-", s[24] = "-";

    if (record != NOTHING) {
        (void)snprintf(r, sizeof r, "%llu", (unsigned long long)record);
    }
    if (subject != NOTHING) {
        (void)snprintf(s, sizeof s, "%llu", (unsigned long long)subject);
    }
    (void)snprintf(out, 128, "%s %s %s", code, r, s);
}

static uint64_t number_of(const json_t *value)
{
    return json_is_integer(value) ? (uint64_t)json_integer_value(value) : NOTHING;
}

/* How often a breach of that text is expected. */
static size_t expected_breach(const json_t *vector, const char *wanted)
{
    const json_t *breaches = json_object_get(vector, "breaches");
    char text[128];
    size_t count = 0;

    for (size_t i = 0; i < json_array_size(breaches); i++) {
        const json_t *breach = json_array_get(breaches, i);

        breach_text(text, json_string_value(json_object_get(breach, "code")), number_of(json_object_get(breach, "record")),
                    number_of(json_object_get(breach, "subject")));
        count += strcmp(text, wanted) == 0 ? 1 : 0;
    }
    return count;
}

static void compare_breaches(const json_t *vector, const struct verdict *verdict, struct buffer *wrong)
{
    const json_t *breaches = json_object_get(vector, "breaches");
    char text[128];
    size_t reported = 0;

    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];

        if (!finding->breach) {
            continue;
        }
        reported++;
        breach_text(text, finding->code, finding->record, finding->subject);
        if (expected_breach(vector, text) != 1) {
            buffer_printf(wrong, " unexpected breach %s (%s);", text, finding->text);
        }
    }
    if (reported != json_array_size(breaches)) {
        buffer_printf(wrong, " %zu breaches instead of %zu;", reported, json_array_size(breaches));
    }
}

static void compare_place(const json_t *vector, const struct verdict *verdict, struct buffer *wrong)
{
    const json_t *place = json_object_get(vector, "place");
    const struct verdict_note *note = verdict->note_count > 0 ? &verdict->notes[0] : NULL;
    bool stopped = verdict->stop.status != 0;
    uint64_t record = stopped ? verdict->stop.record : note != NULL ? note->record : NOTHING;
    uint64_t subject = stopped ? verdict->stop.subject : note != NULL ? note->subject : NOTHING;
    char got[128], wanted[128];

    breach_text(got, "", record, subject);
    breach_text(wanted, "", number_of(json_object_get(place, "record")), number_of(json_object_get(place, "subject")));
    if (strcmp(got, wanted) != 0) {
        buffer_printf(wrong, " place (record, subject)%s instead of%s;", got, wanted);
    }
}

START_TEST(test_vector)
{
    const json_t *vector = json_array_get(vectors, (size_t)_i);
    const char *code = json_string_value(json_object_get(vector, "code"));
    int status = (int)json_integer_value(json_object_get(vector, "status"));
    struct vector_run run = {0};
    struct buffer wrong = {0};

    vector_open(vector, &run);
    vector_verify(&run, buffer_view(&run.file));
    if (run.verdict.status != status || strcmp(run.verdict.code, code) != 0) {
        buffer_printf(&wrong, " %d %s instead of %d %s;", run.verdict.status, run.verdict.code, status, code);
    }
    compare_place(vector, &run.verdict, &wrong);
    if (run.verdict.status == 3 || status == 3) {
        compare_breaches(vector, &run.verdict, &wrong);
    }
    if (run.verdict.stop.status != 0) {
        buffer_printf(&wrong, "%s%s", wrong.len > 0 ? " stop: " : "", wrong.len > 0 ? run.verdict.stop.text : "");
    }
    buffer_append_byte(&wrong, '\0');
    ck_assert_msg(!wrong.failed && wrong.len == 1, "%s:%s\n    (%s)", json_string_value(json_object_get(vector, "file")),
                  (const char *)wrong.ptr, json_string_value(json_object_get(vector, "what")));
    buffer_free(&wrong);
    vector_close(&run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vectors");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    vectors = vectors_load();
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_vector, 0, (int)json_array_size(vectors));
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(vectors);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
