/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPEC 13.6: a verifier MUST print all that a certificate's page may say. Breaks when a line is missing, when a name is told that no act gave, or when
 * text and JSON differ. That the lines are those of the document in their order is compared with a second reader (tests/independent/test_agreement.py).
 */
#include "tests/support/vectors.h"
#include "verify/text.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct vector_run run;
static json_t *vectors;

static void open_file(const char *name)
{
    json_t *vector;
    size_t i;

    json_array_foreach(vectors, i, vector) {
        if (strcmp(json_string_value(json_object_get(vector, "file")), name) == 0) {
            memset(&run, 0, sizeof run);
            vector_open(vector, &run);
            vector_verify(&run, buffer_view(&run.file));
            return;
        }
    }
    ck_abort_msg("no vector %s", name);
}

/* The nth line of that label about that subject: "value|word". */
static const char *line_of(const char *label, uint64_t subject)
{
    static char out[1024];

    for (size_t i = 0; i < run.verdict.line_count; i++) {
        const struct certified_line *line = &run.verdict.lines[i];
        if (strcmp(line->label, label) == 0 && line->subject == subject) {
            (void)snprintf(out, sizeof out, "%.*s|%s", (int)line->value.len, line->value.len == 0 ? "" : (const char *)line->value.ptr,
                           line->word == NULL ? "" : line->word);
            return out;
        }
    }
    return "no such line";
}

START_TEST(test_told)
{
    open_file("certificate-told.pdf");
    ck_assert_str_eq(line_of("Result", NOTHING), "|intact, but a rule of custody is broken");
    ck_assert_str_eq(line_of("Breaches", NOTHING), "3|");
    ck_assert_str_eq(line_of("Reason stated", NOTHING), "no custodian there|");
    ck_assert_str_eq(line_of("Description", 10), "corrected|");             /* and not the name that a note gave it */
    ck_assert_str_eq(line_of("Species", 10), "Elephas|presumed");
    ck_assert_str_eq(line_of("Species", 12), "Loxodonta africana|confirmed"); /* an expert's word is not corrected by officers */
    ck_assert_str_eq(line_of("Species", 13), "Loxodonta cyclotis|confirmed");
    ck_assert_str_eq(line_of("Species", 14), "Mammuthus|presumptive");
    ck_assert_str_eq(line_of("Description", 13), "|withheld or erased");
    ck_assert_str_eq(line_of("Description", 12), "ភ្លុក ; second|");
    ck_assert_str_eq(line_of("Net mass", 12), "12.000012 kg|");
    ck_assert_str_eq(line_of("Seals", 15), "A\\x5c1, B-2|");
    ck_assert_str_eq(line_of("Seals", 14), "|none");
    ck_assert_str_eq(line_of("Holder", 10), "KHPP-4-Y|"); /* of its outermost container */
    ck_assert_str_eq(line_of("Holder", 12), "KHPP-3-0 (ឡុង ចាន់)|");
    ck_assert_str_eq(line_of("Packed in", 10), "KHPP-16-T|");
    ck_assert_str_eq(line_of("Place", 10), "KHPP-9-O (Store 2)|");
    ck_assert_str_eq(line_of("Not found at the stock-take of", 14), "record 26|");
    ck_assert_str_eq(line_of("State", 18), "|void");
    ck_assert_str_eq(line_of("Law", 8), "art. 98; art. 101|");
    vector_close(&run);
}
END_TEST

/* 400 bytes, and no half of a character. */
START_TEST(test_cut)
{
    open_file("certificate-told.pdf");
    const char *text = line_of("Description", 11);
    struct buffer escaped = {0};
    size_t len = strlen(text);

    ck_assert_uint_le(len, 400 + strlen("…|"));
    ck_assert_uint_ge(len, 397 + strlen("…|"));
    ck_assert_str_eq(text + len - strlen("…|"), "…|");
    text_escape(&escaped, view_text(text));
    ck_assert(view_equal(buffer_view(&escaped), view_text(text)));
    buffer_free(&escaped);
    vector_close(&run);
}
END_TEST

/* What is printed has every line, in both forms. */
START_TEST(test_printed)
{
    static const char *const files[] = {"certificate-good.pdf", "certificate-told.pdf", "certificate-custody.pdf"};

    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        struct buffer text = {0}, json = {0};
        open_file(files[f]);
        verdict_print(&run.verdict, &text);
        verdict_json(&run.verdict, &json);
        buffer_append_byte(&text, 0);
        json_t *root = json_loadb((const char *)json.ptr, json.len, 0, NULL);
        const json_t *lines = json_object_get(json_object_get(root, "certificate"), "lines");
        ck_assert_uint_eq(json_array_size(lines), run.verdict.line_count);
        ck_assert_ptr_nonnull(strstr((const char *)text.ptr, "a page that says otherwise is forged"));
        ck_assert_ptr_nonnull(strstr((const char *)text.ptr, "has not seen the page"));
        for (size_t i = 0; i < run.verdict.line_count; i++) {
            const struct certified_line *line = &run.verdict.lines[i];
            const json_t *one = json_array_get(lines, i);
            struct buffer wanted = {0};
            buffer_printf(&wanted, "\n%5zu. %s: %.*s", i + 1, line->label, (int)line->value.len, line->value.len == 0 ? "" : (const char *)line->value.ptr);
            buffer_append_byte(&wanted, 0);
            ck_assert_msg(strstr((const char *)text.ptr, (const char *)wanted.ptr) != NULL, "%s", (const char *)wanted.ptr);
            ck_assert_str_eq(json_string_value(json_object_get(one, "label")), line->label);
            ck_assert_uint_eq(json_string_length(json_object_get(one, "value")), line->value.len);
            ck_assert_int_eq(json_is_null(json_object_get(one, "word")), line->word == NULL);
            buffer_free(&wanted);
        }
        json_decref(root);
        buffer_free(&text);
        buffer_free(&json);
        vector_close(&run);
    }
}
END_TEST

/* After a stop nothing is certified; a bundle is no certificate. */
START_TEST(test_no_lines)
{
    static const char *const files[] = {"certificate-false-root.pdf", "certificate-revoked.pdf", "certificate-pdf-two-bundles.pdf", "smallest.bundle"};

    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        struct buffer text = {0}, json = {0};
        open_file(files[f]);
        verdict_print(&run.verdict, &text);
        verdict_json(&run.verdict, &json);
        buffer_append_byte(&text, 0);
        buffer_append_byte(&json, 0);
        ck_assert_uint_eq(run.verdict.line_count, 0);
        ck_assert_ptr_null(strstr((const char *)text.ptr, "CERTIFICATE"));
        ck_assert_ptr_nonnull(strstr((const char *)json.ptr, "\"certificate\":null"));
        buffer_free(&text);
        buffer_free(&json);
        vector_close(&run);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("certified");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    vectors = vectors_load();
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, test_told);
    tcase_add_test(tests, test_cut);
    tcase_add_test(tests, test_printed);
    tcase_add_test(tests, test_no_lines);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(vectors);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
