/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the steps add up to (SPEC 10). Breaks when a note hides a contradiction, when a breach hides a note, when the first
 * of several notes is not the one that gives the code, when a verdict of 0 or 3 comes out of less than everything, or when a
 * verification keeps memory.
 */
#include "tests/support/sample_check.h"
#include "tests/support/vectors.h"

#include <check.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *vectors;
static struct vector_run run;

static void setup(void)
{
    vectors = vectors_load();
    memset(&run, 0, sizeof run);
}

static void teardown(void)
{
    vector_close(&run);
    json_decref(vectors);
}

/* Opens the first vector of that file; its options are dropped. */
static void begin(const char *file)
{
    size_t i;
    json_t *vector;

    json_array_foreach (vectors, i, vector) {
        if (strcmp(json_string_value(json_object_get(vector, "file")), file) == 0) {
            vector_close(&run);
            vector_open(vector, &run);
            run.options = (struct verify_options){.as_of_s = NOTHING};
            return;
        }
    }
    ck_abort_msg("no vector %s", file);
}

static void verify(void)
{
    verdict_close(&run.verdict);
    vector_verify(&run, buffer_view(&run.file));
}

static void expect(int status, const char *code)
{
    verify();
    ck_assert_msg(run.verdict.status == status && strcmp(run.verdict.code, code) == 0, "%d %s instead of %d %s",
                  run.verdict.status, run.verdict.code, status, code);
}

#define LATE UINT64_C(4000000000) /* no file is so new: the note `stale` */

/* 1 before 2 before 3 before 0, each added to the one that it goes before. */
START_TEST(test_precedence)
{
    begin("tag.bundle");
    expect(0, "intact");
    run.options.tag = view_text("KHPP-7-S"); /* a void tag: a breach */
    expect(3, "custody");
    run.options.as_of_s = LATE; /* a note */
    expect(2, "stale");
    ck_assert_uint_eq(run.verdict.finding_count, 1);
    ck_assert(run.verdict.findings[0].breach);
    run.options.tag = view_text("KHPP-99-U"); /* a contradiction, found after the note */
    expect(1, "never-issued");
    ck_assert_uint_eq(run.verdict.note_count, 1);
    run.options.as_of_s = NOTHING;
    expect(1, "never-issued");
}
END_TEST

/* The first note in the order of the steps gives the code; all are kept. */
START_TEST(test_several_notes)
{
    begin("quorum-not-met.bundle");
    expect(2, "quorum");
    ck_assert_uint_eq(run.verdict.note_count, 1);
    run.options.as_of_s = LATE;
    run.options.tag = view_text("!");
    expect(2, "quorum");
    ck_assert_uint_eq(run.verdict.note_count, 3);
    ck_assert_str_eq(run.verdict.notes[1].code, "stale");
    ck_assert_str_eq(run.verdict.notes[2].code, "not-a-tag");
    begin("training-not-asked.bundle");
    run.options.as_of_s = LATE;
    expect(2, "training");
    run.options.training = true;
    expect(2, "stale");
    ck_assert(run.verdict.training);
}
END_TEST

/* A breach of custody under a note: 2, but the breach is not lost. */
START_TEST(test_note_and_breach)
{
    begin("unanswered.bundle");
    expect(3, "custody");
    size_t findings = run.verdict.finding_count;
    run.options.as_of_s = LATE;
    expect(2, "stale");
    ck_assert_uint_eq(run.verdict.finding_count, findings);
    ck_assert(run.verdict.asked_count > 0 && run.verdict.asked[0].broken);
}
END_TEST

/* An asked case answers for its things, also under a note. */
START_TEST(test_note_and_breach_of_a_case)
{
    begin("case-part-broken.bundle");
    expect(3, "custody");
    ck_assert(run.verdict.asked_count == 1 && run.verdict.asked[0].type == TYPE_CASE && run.verdict.asked[0].broken);
    run.options.as_of_s = LATE;
    expect(2, "stale");
    ck_assert(run.verdict.asked[0].broken && !run.verdict.custody_open);
}
END_TEST

/* What could not be judged is not called unbroken. */
START_TEST(test_custody_not_judged)
{
    static const char *const files[] = {"kind-unknown.bundle", "kind-unknown-after-answers.bundle", "orphan-withheld.bundle"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct buffer text = {0}, json = {0};
        begin(files[i]);
        verify();
        ck_assert(run.verdict.status == 2 && run.verdict.custody_open && !run.verdict.asked[0].broken);
        verdict_print(&run.verdict, &text);
        verdict_json(&run.verdict, &json);
        buffer_append_byte(&text, 0);
        buffer_append_byte(&json, 0);
        ck_assert(strstr((const char *)text.ptr, "  not checked\n") != NULL && strstr((const char *)text.ptr, "covers ") == NULL);
        ck_assert(strstr((const char *)json.ptr, "\"custody_unbroken\":null") != NULL);
        buffer_free(&text);
        buffer_free(&json);
    }
}
END_TEST

/* A finding alone changes no status. */
START_TEST(test_finding_alone)
{
    begin("rekey-not-endorsed.bundle");
    expect(0, "intact");
    ck_assert_uint_gt(run.verdict.finding_count, 0);
    ck_assert(!run.verdict.asked[0].broken);
}
END_TEST

/* What stops says nothing about custody: no thing is judged, no life is told. */
START_TEST(test_a_stop_judges_nothing)
{
    size_t i;
    json_t *vector;

    json_array_foreach (vectors, i, vector) {
        vector_close(&run);
        vector_open(vector, &run);
        verify();
        const struct verdict *verdict = &run.verdict;
        bool stopped = verdict->stop.status != 0;
        ck_assert_int_eq(stopped, (verdict->status == 1 || verdict->status == 2) && verdict->code == verdict->stop.code);
        ck_assert(!stopped || (verdict->asked_count == 0 && verdict->history.len == 0));
        ck_assert(stopped || verdict->asked_count > 0);
        ck_assert_int_eq(verdict->status == 2 && !stopped, verdict->note_count > 0 && !stopped);
        bool broken = false;
        for (size_t j = 0; j < verdict->finding_count; j++) {
            broken = broken || verdict->findings[j].breach;
        }
        ck_assert(verdict->status != 3 || broken);
        ck_assert(verdict->status != 0 || (!broken && verdict->note_count == 0 && verdict->known));
    }
}
END_TEST

/* One asked thing broken, the other not; an act as a whole breaks all that it touched. */
START_TEST(test_asked)
{
    begin("two-asked.bundle");
    expect(0, "intact");
    ck_assert_uint_eq(run.verdict.asked_count, 2);
    for (size_t i = 0; i < 2; i++) {
        ck_assert(!run.verdict.asked[i].broken && run.verdict.asked[i].type == TYPE_ITEM && run.verdict.asked[i].records == 4);
    }
    begin("signers-void-alone.bundle");
    expect(3, "custody");
    ck_assert(run.verdict.findings[0].subject == NOTHING && run.verdict.asked[0].broken);
}
END_TEST

/* The file of another vector, with that one's bundle put inside. */
static void put_inside(const char *outer, const char *inner)
{
    struct bundle bundle = {0};
    struct buffer file = {0}, other = {0};
    struct fault fault = {0};
    struct view inside[1];

    begin(outer);
    vectors_read(inner, &other);
    ck_assert_int_eq(bundle_decode(run.hasher, buffer_view(&run.file), &bundle, &fault), BUNDLE_OK);
    struct view *mine = bundle.others;
    inside[0] = buffer_view(&other);
    bundle.others = inside;
    bundle.other_count = 1;
    sample_bundle_write(run.hasher, &bundle, &file);
    bundle.others = mine;
    bundle_close(&bundle);
    buffer_free(&other);
    buffer_free(&run.file);
    run.file = file;
}

/* V15: what is inside takes part in the precedence, without options. The code is `other`, whatever it was inside. */
START_TEST(test_others)
{
    static const struct {
        const char *inner;
        int status;
    } cases[] = {{"item-of-three.bundle", 0}, {"unanswered.bundle", 3}, {"kind-unknown.bundle", 2}, {"attack-chain.bundle", 1},
                 {"attack-cut-short.bundle", 2}, {"fork-longer.fork", 1}, {"expected.json", 2}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        put_inside("tag.bundle", cases[i].inner);
        expect(cases[i].status, cases[i].status == 0 ? "intact" : cases[i].status == 3 ? "custody" : "other");
        ck_assert_uint_eq(run.verdict.note_count, cases[i].status == 2 ? 1 : 0);
        /* --as-of is asked of the outer file alone, and its note comes first. */
        run.options.as_of_s = LATE;
        expect(cases[i].status == 1 ? 1 : 2, cases[i].status == 1 ? "other" : "stale");
    }
}
END_TEST

/* A verdict that was closed is empty and may be closed again. */
START_TEST(test_close)
{
    static const struct verdict empty;

    begin("unanswered.bundle");
    expect(3, "custody");
    verdict_close(&run.verdict);
    ck_assert_int_eq(memcmp(&run.verdict, &empty, sizeof empty), 0);
    verdict_close(&run.verdict);
}
END_TEST

/*
 * Round after round over the vectors: no byte more is in use. (Sanitizers look at it their own way.) The C library's small
 * reserve for each thread counts as in use, so main starts the program anew without it.
 */
#define WITHOUT_RESERVE "glibc.malloc.tcache_count=0"

static size_t in_use_after_all(void)
{
    size_t i;
    json_t *vector;

    json_array_foreach (vectors, i, vector) {
        if (i % 7 == 0 || json_array_size(json_object_get(vector, "options")) > 0) {
            vector_close(&run);
            vector_open(vector, &run);
            verify();
        }
    }
    vector_close(&run);
    return mallinfo2().uordblks;
}

START_TEST(test_memory_is_given_back)
{
    const char *tunables = getenv("GLIBC_TUNABLES");
    ck_assert(tunables != NULL && strcmp(tunables, WITHOUT_RESERVE) == 0);
    (void)in_use_after_all();
    (void)in_use_after_all();
    size_t once = in_use_after_all();
    size_t twice = in_use_after_all();
    ck_assert_uint_le(twice, once);
}
END_TEST

int main(int argc, char **argv)
{
    const char *tunables = getenv("GLIBC_TUNABLES");

    (void)argc;
    if ((tunables == NULL || strcmp(tunables, WITHOUT_RESERVE) != 0) && setenv("GLIBC_TUNABLES", WITHOUT_RESERVE, 1) == 0) {
        (void)execv("/proc/self/exe", argv);
        return EXIT_FAILURE;
    }
    Suite *suite = suite_create("verdict");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_precedence);
    tcase_add_test(tests, test_several_notes);
    tcase_add_test(tests, test_note_and_breach);
    tcase_add_test(tests, test_note_and_breach_of_a_case);
    tcase_add_test(tests, test_custody_not_judged);
    tcase_add_test(tests, test_finding_alone);
    tcase_add_test(tests, test_a_stop_judges_nothing);
    tcase_add_test(tests, test_asked);
    tcase_add_test(tests, test_others);
    tcase_add_test(tests, test_close);
    tcase_add_test(tests, test_memory_is_given_back);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
