/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report on every file in tests/vectors that verifies and has a case in it. Breaks when one is drawn of what does not verify or has no case,
 * when some breach or finding cannot be drawn, or when the same dossier gives other bytes.
 */
#include "printer/case_report.h"

#include "tests/support/vectors.h"
#include "verify/state.h"

#include <check.h>
#include <string.h>

static json_t *vectors;

static void load(void)
{
    vectors = vectors_load();
}

static void unload(void)
{
    json_decref(vectors);
}

static const char *file_of(const json_t *vector)
{
    return json_string_value(json_object_get(vector, "file"));
}

static enum status draw(const struct dossier *dossier, const char *languages, struct buffer *out, struct fault *fault)
{
    struct case_report_form form = { .offset_min = 420, .bundle = "case.bundle", .agency = view_text("Customs, Phnom Penh port") };
    ck_assert(languages_parse(languages, &form.languages, fault) == STATUS_OK);
    return case_report_write(dossier, &form, out, fault);
}

/* Most vectors are asked for a thing: then the report is drawn as if its first case had been asked for. */
static bool ask_one_case(struct dossier *dossier)
{
    bool found = false;
    for (size_t i = 0; i < dossier->subject_count; i++) {
        bool is_case = dossier->subjects[i].type == TYPE_CASE;
        dossier->subjects[i].asked = is_case && !found;
        found = found || is_case;
    }
    return found;
}

/* Opens the dossier of a vector as it was verified. */
static void open_vector(const json_t *vector, struct vector_run *run, struct dossier *dossier)
{
    struct fault fault = { 0 };
    *run = (struct vector_run){ 0 };
    *dossier = (struct dossier){ 0 };
    vector_open(vector, run);
    if (run->policy != NULL) {
        ck_assert_msg(dossier_open(run->hasher, run->policy, buffer_view(&run->file), &run->options, dossier, &fault) == STATUS_OK, "%s: %s", file_of(vector), fault.text);
    }
}

static void close_vector(struct vector_run *run, struct dossier *dossier)
{
    dossier_close(dossier);
    vector_close(run);
}

START_TEST(every_vector)
{
    size_t i, drawn = 0, refused = 0;
    json_t *vector;
    json_array_foreach (vectors, i, vector) {
        struct vector_run run;
        struct dossier dossier;
        struct buffer out = { 0 };
        struct fault fault = { 0 };
        open_vector(vector, &run, &dossier);
        if (run.policy == NULL) {
            close_vector(&run, &dossier);
            continue;
        }
        bool wanted = dossier.read && ask_one_case(&dossier);
        enum status status = draw(&dossier, i % 3 == 0 ? "km,en" : "en", &out, &fault);
        ck_assert_msg(status == (wanted ? STATUS_OK : STATUS_REFUSED), "%s: %s", file_of(vector), fault.text);
        ck_assert_msg(wanted ? out.len > 1000 && memcmp(out.ptr, "%PDF-", 5) == 0 : out.len == 0, "%s", file_of(vector));
        drawn += wanted ? 1 : 0;
        refused += wanted ? 0 : 1;
        buffer_free(&out);
        close_vector(&run, &dossier);
    }
    ck_assert_uint_gt(drawn, 150);
    ck_assert_uint_gt(refused, 100);
}
END_TEST

static void with(const char *file, struct vector_run *run, struct dossier *dossier)
{
    size_t i;
    json_t *vector;
    json_array_foreach (vectors, i, vector) {
        if (strcmp(file_of(vector), file) == 0) {
            open_vector(vector, run, dossier);
            return;
        }
    }
    ck_abort_msg("no vector %s", file);
}

START_TEST(same_dossier_same_bytes)
{
    struct vector_run run;
    struct dossier dossier;
    struct buffer a = { 0 }, b = { 0 };
    struct fault fault = { 0 };
    with("case-three-items.bundle", &run, &dossier);
    ck_assert_msg(draw(&dossier, "vi", &a, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert(draw(&dossier, "vi", &b, &fault) == STATUS_OK);
    ck_assert(view_equal(buffer_view(&a), buffer_view(&b)));
    buffer_free(&a);
    buffer_free(&b);
    close_vector(&run, &dossier);
}
END_TEST

START_TEST(what_does_not_verify_is_not_drawn)
{
    struct vector_run run;
    struct dossier dossier;
    struct buffer out = { 0 };
    struct fault fault = { 0 };
    with("attack-record-altered.bundle", &run, &dossier);
    ck_assert(draw(&dossier, "en", &out, &fault) == STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "does not pass its own check") != NULL, "%s", fault.text);
    ck_assert_uint_eq(out.len, 0);
    close_vector(&run, &dossier);
}
END_TEST

START_TEST(it_is_on_one_case)
{
    struct vector_run run;
    struct dossier dossier;
    struct buffer out = { 0 };
    struct fault fault = { 0 };
    with("sample-good.bundle", &run, &dossier);
    for (size_t i = 0; i < dossier.subject_count; i++) {
        dossier.subjects[i].asked = dossier.subjects[i].is_thing;
    }
    ck_assert(draw(&dossier, "en", &out, &fault) == STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "asked for none") != NULL, "%s", fault.text);
    close_vector(&run, &dossier);
    fault = (struct fault){ 0 };
    with("moved.bundle", &run, &dossier);
    for (size_t i = 0; i < dossier.subject_count; i++) {
        dossier.subjects[i].asked = true;
    }
    ck_assert(draw(&dossier, "en", &out, &fault) == STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "a report is on one case") != NULL, "%s", fault.text);
    close_vector(&run, &dossier);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("case_report");
    TCase *tcase = tcase_create("case_report");
    tcase_set_timeout(tcase, 300);
    tcase_add_unchecked_fixture(tcase, load, unload);
    tcase_add_test(tcase, every_vector);
    tcase_add_test(tcase, same_dossier_same_bytes);
    tcase_add_test(tcase, what_does_not_verify_is_not_drawn);
    tcase_add_test(tcase, it_is_on_one_case);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
