/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The verdict for people (SPEC 10, 11): of every vector, and of a verdict full of hostile text. Breaks when a control
 * character or a right-to-left override reaches the reader, when a headline says more than the status, or when a verdict
 * leaves out whose word it stands on.
 */
#include "tests/support/vectors.h"

#include "verify/text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOSTILE "a\x1b[2J\x1b]0;x\x07\r\nINTACT\xe2\x80\xaegnp\xc2\x85\xff\x7f"

static json_t *vectors;

/* Lines of printable text: what text_escape leaves as it is. A backslash is what escaping put there. */
static void expect_printable(const struct buffer *text, const char *name)
{
    struct buffer plain = {0}, escaped = {0};

    for (size_t i = 0; i < text->len; i++) {
        bool passes = text->ptr[i] == '\n' || text->ptr[i] == '\\';
        buffer_append_byte(&plain, passes ? ' ' : text->ptr[i]);
    }
    text_escape(&escaped, buffer_view(&plain));
    ck_assert_msg(view_equal(buffer_view(&plain), buffer_view(&escaped)), "%s: raw text reaches the reader", name);
    buffer_free(&plain);
    buffer_free(&escaped);
}

static bool has(const struct buffer *text, const char *words)
{
    return memmem(text->ptr, text->len, words, strlen(words)) != NULL;
}

START_TEST(test_vector)
{
    static const char *const headlines[] = {"INTACT: ", "NOT PROVEN TRUE: ", "COULD NOT CHECK: ", "CUSTODY BROKEN: "};
    const json_t *vector = json_array_get(vectors, (size_t)_i);
    const char *name = json_string_value(json_object_get(vector, "file"));
    struct vector_run run = {0};
    struct buffer text = {0};

    vector_open(vector, &run);
    vector_verify(&run, buffer_view(&run.file));
    const struct verdict *verdict = &run.verdict;
    verdict_print(verdict, &text);
    ck_assert(!text.failed && text.len > 0 && text.ptr[text.len - 1] == '\n');
    expect_printable(&text, name);
    for (int status = 0; status < 4; status++) {
        ck_assert_msg(has(&text, headlines[status]) == (status == verdict->status), "%s: the headline is not that of %d", name,
                      verdict->status);
    }
    if (verdict->status != 0 && verdict->status != 3) {
        ck_assert_msg(has(&text, verdict->code), "%s: the text does not say %s", name, verdict->code);
    }
    ck_assert_msg(has(&text, "TRAINING LEDGER, NOT EVIDENCE") == verdict->training, "%s: training", name);
    /* SPEC 11: what is not proven, whenever something is. */
    ck_assert_msg(has(&text, "Not proven by this check") == (verdict->stop.status == 0), "%s: what is not proven", name);
    ck_assert_msg(has(&text, "no witness of the policy has cosigned") == (verdict->stop.status == 0 && verdict->witness_count == 0),
                  "%s: on whose word", name);
    /* SPEC 11: who vouches, in these words where nobody does; and whose word the times are. */
    bool stands = verdict->stop.status == 0;
    ck_assert_msg(has(&text, "\n            complete on the station's own word\n") == (stands && !verdict->audited), "%s: completeness", name);
    ck_assert_msg(has(&text, "append-only on the station's own word") == (stands && verdict->witness_count + verdict->later_count == 0),
                  "%s: append-only", name);
    ck_assert_msg(has(&text, "nobody else proves when a record was made") == (stands && verdict->moments[0].not_after == SIZE_MAX),
                  "%s: whose word on time", name);
    ck_assert_msg(has(&text, "are proven not earlier than") == (stands && verdict->quote_count > 0), "%s: not before", name);
    for (size_t i = 0; i < verdict->beacon_count && stands; i++) {
        ck_assert_msg(memmem(text.ptr, text.len, verdict->beacons[i].text.ptr, verdict->beacons[i].text.len) != NULL, "%s: a beacon is not told", name);
    }
    ck_assert_msg(has(&text, "a split view is possible") == (stands && verdict->witness_count > 0 && verdict->quorum_splits), "%s: splits", name);
    for (size_t i = 0; i < verdict->finding_count && verdict->stop.status == 0; i++) {
        ck_assert_msg(!verdict->findings[i].breach || has(&text, verdict->findings[i].text), "%s: breach %s is not told", name,
                      verdict->findings[i].code);
    }
    for (size_t i = 0; i < verdict->withheld_count && verdict->stop.status == 0; i++) {
        /* SPEC 11: and the record of the order or erasure. */
        const struct verdict_withheld *withheld = &verdict->withheld[i];
        char line[160];

        (void)snprintf(line, sizeof line, "(%llu) is %s record %llu\n", (unsigned long long)withheld->ordinal,
                       withheld->erased ? "erased by" : "withheld under the order of", (unsigned long long)withheld->under);
        ck_assert_msg(has(&text, line), "%s: no \"%s\"", name, line);
    }
    buffer_free(&text);
    vector_close(&run);
}
END_TEST

START_TEST(test_hostile_origin)
{
    struct verdict verdict = {.status = 2, .code = "training", .known = true, .training = true, .size = 5};
    struct buffer text = {0};

    memcpy(verdict.origin, HOSTILE, sizeof HOSTILE);
    verdict.notes[verdict.note_count++] = (struct verdict_note){.code = "training", .record = NOTHING, .subject = NOTHING, .text = "t"};
    memcpy(verdict.code_text, "KHPP", 5);
    verdict_print(&verdict, &text);
    expect_printable(&text, "hostile origin");
    ck_assert(has(&text, "\\x1b") && has(&text, "\\u{202e}"));
    ck_assert(!has(&text, "\nINTACT")); /* a line of one's own cannot be forged */
    buffer_free(&text);
}
END_TEST

START_TEST(test_many_are_cut_short)
{
    enum { MANY = 200 };
    struct verdict verdict = {.status = 3, .code = "custody"};
    struct buffer text = {0};

    verdict.asked = calloc(MANY, sizeof *verdict.asked);
    verdict.findings = calloc(MANY, sizeof *verdict.findings);
    ck_assert(verdict.asked != NULL && verdict.findings != NULL);
    memcpy(verdict.code_text, "KHPP", 5);
    verdict.asked_count = verdict.finding_count = MANY;
    for (size_t i = 0; i < MANY; i++) {
        verdict.asked[i] = (struct verdict_asked){.subject = i, .type = TYPE_ITEM, .broken = i == MANY - 1};
        verdict.findings[i] = (struct finding){.code = "mass", .breach = true, .record = i, .subject = i};
        (void)snprintf(verdict.findings[i].text, sizeof verdict.findings[i].text, "breach number %zu.", i);
    }
    verdict_print(&verdict, &text);
    /* Breaches are never cut short, nor is a thing whose custody is broken. */
    ck_assert(has(&text, "breach number 0.") && has(&text, "breach number 199."));
    ck_assert(has(&text, "KHPP-199-") && !has(&text, "KHPP-150-") && has(&text, "and 159 more"));
    buffer_free(&text);
    verdict_close(&verdict);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    vectors = vectors_load();
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, test_vector, 0, (int)json_array_size(vectors));
    tcase_add_test(tests, test_hostile_origin);
    tcase_add_test(tests, test_many_are_cut_short);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(vectors);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
