/* SPDX-License-Identifier: Apache-2.0 */
/* paper: the same calls give the same bytes; text of any kind and length stays on its pages; what has no glyph is refused. */
#include "printer/paper.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct typesetter typesetter;

static void open_typesetter(void)
{
    struct fault fault = { 0 };
    ck_assert_msg(typesetter_open(&typesetter, &fault) == STATUS_OK, "%s", fault.text);
}

static void close_typesetter(void)
{
    typesetter_close(&typesetter);
}

static const struct paper_column columns[] = {
    { .share = 1, .heading = N_("Record"), .align = ALIGN_RIGHT },
    { .share = 4, .heading = N_("What happened"), .align = ALIGN_LEFT },
};

static enum status write_sample(const char *languages, const char *extra, struct buffer *out, struct fault *fault)
{
    struct paper paper;
    struct paper_form form = { .width_mm = 210, .height_mm = 297, .margin_mm = 18, .base_pt = 9, .title = "A sample", .made_s = 1544666400,
                               .foot = view_text("ការសាកល្បង · a sample") };
    ck_assert(languages_parse(languages, &form.languages, fault) == STATUS_OK);
    ck_assert(paper_open(&typesetter, &form, &paper, fault) == STATUS_OK);
    struct text_style plain = paper_style(&paper, 1.0, false);
    paper_title(&paper, 1, view_text("វិញ្ញាបនបត្រ Giấy chứng nhận"));
    paper_text(&paper, view_text("អ្នករកឃើញភ្លុកដំរី១០២៦ដុំនៅក្នុងកុងតឺន័រនៅកំពង់ផែស្វយ័តភ្នំពេញដែលដឹកពីប្រទេសម៉ូសំប៊ិកកាលពីថ្ងៃទី១៣ខែធ្នូឆ្នាំ២០១៨ហើយបានរក្សាទុកក្នុងឃ្លាំង"), &plain);
    paper_text(&paper, view_text(extra), &plain);
    paper_table_begin(&paper, columns, 2, true);
    for (unsigned i = 0; i < 120; i++) {
        struct buffer number = { 0 };
        buffer_printf(&number, "%u", i);
        paper_row(&paper, (const struct view[]){ buffer_view(&number), view_text("Nguyễn Thị Đào giao cho សុខ ដារ៉ា (Sok Dara)") }, false);
        buffer_free(&number);
    }
    paper_table_end(&paper);
    paper_fact(&paper, N_("Record"), view_text("41"));
    paper_boxes(&paper, (const char *const[]){ N_("Record"), N_("Record") }, 2, 25);
    struct qr qr;
    ck_assert(qr_encode(view_text("U1/KHPP-28-L/ABCDEFGHIJKLMNOP/1"), QR_QUARTILE, &qr, fault) == STATUS_OK);
    paper_qr(&paper, &qr, 30, view_text("KHPP-28-L"));
    qr_free(&qr);
    return paper_finish(&paper, out, fault);
}

START_TEST(same_calls_same_bytes)
{
    struct buffer a = { 0 }, b = { 0 };
    struct fault fault = { 0 };
    ck_assert_msg(write_sample("km,en", "plain", &a, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert(write_sample("km,en", "plain", &b, &fault) == STATUS_OK);
    ck_assert(view_equal(buffer_view(&a), buffer_view(&b)));
    ck_assert(memcmp(a.ptr, "%PDF-", 5) == 0);
    const char *keep = getenv("KEEP");
    if (keep != NULL) {
        FILE *file = fopen(keep, "wb");
        ck_assert(fwrite(a.ptr, 1, a.len, file) == a.len);
        (void)fclose(file);
    }
    buffer_free(&a);
    buffer_free(&b);
}
END_TEST

static enum status write_copies(double height_mm, struct buffer *out, struct fault *fault)
{
    struct paper paper;
    struct paper_form form = { .width_mm = 80, .height_mm = height_mm, .margin_mm = 4, .base_pt = 8, .title = "Copies", .made_s = 1544666400,
                               .mark = view_text("TRAINING") };
    ck_assert(paper_open(&typesetter, &form, &paper, fault) == STATUS_OK);
    struct text_style plain = paper_style(&paper, 1.0, false);
    for (unsigned line = 0; line < 40; line++) {
        paper_text(&paper, view_text("the first copy, which is the longer one"), &plain);
    }
    paper_part(&paper);
    paper_text(&paper, view_text("the second copy"), &plain);
    return paper_finish(&paper, out, fault);
}

static size_t count_of(const struct buffer *pdf, const char *text)
{
    size_t count = 0, len = strlen(text);
    for (size_t i = 0; i + len <= pdf->len; i++) {
        count += memcmp(pdf->ptr + i, text, len) == 0;
    }
    return count;
}

START_TEST(copies_have_pages_of_their_own)
{
    struct buffer sheets = { 0 }, roll = { 0 };
    struct fault fault = { 0 };
    ck_assert(write_copies(60, &sheets, &fault) == STATUS_OK);
    ck_assert_uint_gt(count_of(&sheets, "/Type /Page %"), 3);
    ck_assert(write_copies(0, &roll, &fault) == STATUS_OK); /* one page a copy, each as long as it is */
    ck_assert_uint_eq(count_of(&roll, "/Type /Page %"), 2);
    ck_assert_uint_eq(count_of(&roll, "/MediaBox [ 0 0 226.771654 "), 2);
    ck_assert_uint_eq(count_of(&roll, "/MediaBox [ 0 0 226.771654 14000"), 0);
    buffer_free(&sheets);
    buffer_free(&roll);
}
END_TEST

START_TEST(what_has_no_glyph_is_refused)
{
    struct buffer out = { 0 };
    struct fault fault = { 0 };
    ck_assert(write_sample("en", "ivory, 象牙", &out, &fault) == STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "U+8C61") != NULL, "%s", fault.text);
    ck_assert_uint_eq(out.len, 0);
    buffer_free(&out);
}
END_TEST

START_TEST(what_cannot_be_seen_becomes_visible)
{
    struct buffer out = { 0 };
    struct fault fault = { 0 };
    struct script *script = NULL;
    ck_assert(script_open(&script, &fault) == STATUS_OK);
    ck_assert(script_prepare(script, view_text("a\x07\xE2\x80\xAE" "b\xFF<b>"), &out, &fault) == STATUS_OK);
    ck_assert(view_equal(buffer_view(&out), view_text("a‹U+0007›‹U+202E›b‹0xFF›<b>")));
    script_close(script);
    buffer_free(&out);
}
END_TEST

START_TEST(long_text_goes_on_over_pages)
{
    struct buffer out = { 0 };
    struct fault fault = { 0 };
    char *text = malloc(65536);
    memset(text, 'x', 65535);
    text[65535] = '\0';
    ck_assert(write_sample("vi", text, &out, &fault) == STATUS_OK);
    free(text);
    buffer_free(&out);
}
END_TEST

START_TEST(short_text_is_cut_at_a_word)
{
    struct fault fault = { 0 };
    struct text_style style = { .size_pt = 9 };
    PangoLayout *layout = NULL;
    const char *texts[] = { "Elephant tusk, raw, with a long crack near the base and a number in red paint",
                            "ភ្លុកដំរីឆៅដែលមានស្នាមប្រេះវែងនៅជិតគល់និងលេខសរសេរដោយថ្នាំលាបពណ៌ក្រហម", "Antidisestablishmentarianism-without-any-place-to-break-it-at-all-whatever" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double width = 0;
        ck_assert(typeset_short(&typesetter, view_text(texts[i]), &style, 120, 1, &layout, &fault) == STATUS_OK);
        typeset_size(layout, &width, NULL);
        ck_assert_int_eq(pango_layout_get_line_count(layout), 1);
        ck_assert(width <= 120.01);
        g_object_unref(layout);
    }
    ck_assert(typeset_short(&typesetter, view_text(texts[0]), &style, 120, 1, &layout, &fault) == STATUS_OK);
    const char *cut = pango_layout_get_text(layout);
    size_t len = strlen(cut) - strlen("…");
    ck_assert(strcmp(cut + len, "…") == 0 && strncmp(cut, texts[0], len) == 0 && texts[0][len] == ' ');
    g_object_unref(layout);
}
END_TEST

/* A hyphen that nobody wrote would be read as a part of a hash or a signature. */
/* Breaks when a line ends with a coeng (U+17D2), which is the half of a Khmer letter, however narrow the column. */
START_TEST(a_khmer_letter_is_not_torn)
{
    const char *word = "កំណត់ត្រាស្ត្រីហ្វឹកហាត់ត្បិត";
    struct text_style style = { .size_pt = 10 };
    size_t broken = 0;
    for (double width_pt = 4; width_pt < 120; width_pt += 1) {
        struct fault fault = { 0 };
        PangoLayout *layout = NULL;
        ck_assert_msg(typeset(&typesetter, view_text(word), &style, width_pt, &layout, &fault) == STATUS_OK, "%s", fault.text);
        const char *text = pango_layout_get_text(layout);
        for (int i = 1; i < pango_layout_get_line_count(layout); i++) {
            int start = pango_layout_line_get_start_index(pango_layout_get_line_readonly(layout, i));
            ck_assert(start >= 3);
            ck_assert_msg(memcmp(text + start - 3, "\xE1\x9F\x92", 3) != 0, "at %g points line %d begins inside a letter", width_pt, i);
            broken++;
        }
        g_object_unref(layout);
    }
    ck_assert_uint_gt(broken, 100);
}
END_TEST

START_TEST(a_broken_word_gets_no_hyphen)
{
    struct fault fault = { 0 };
    struct text_style style = { .size_pt = 9 };
    PangoLayout *layout = NULL;
    ck_assert(typeset(&typesetter, view_text("doH3B4OyRFFujhA9wfWKBXGfZ2xSR4HsU4vjywpPTFqFToda5Nnkmr1H7UDDClyOM06TkMPBNh8aa6YDuMQMPCw0"), &style, 100, &layout, &fault) == STATUS_OK);
    ck_assert_int_gt(pango_layout_get_line_count(layout), 2);
    for (int i = 0; i < pango_layout_get_line_count(layout); i++) {
        const PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
        for (const GSList *run = line->runs; run != NULL; run = run->next) {
            const PangoGlyphItem *item = run->data;
            ck_assert_int_eq(item->glyphs->num_glyphs, item->item->num_chars);
        }
    }
    g_object_unref(layout);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("paper");
    TCase *tcase = tcase_create("paper");
    tcase_add_unchecked_fixture(tcase, open_typesetter, close_typesetter);
    tcase_add_test(tcase, same_calls_same_bytes);
    tcase_add_test(tcase, copies_have_pages_of_their_own);
    tcase_add_test(tcase, what_has_no_glyph_is_refused);
    tcase_add_test(tcase, what_cannot_be_seen_becomes_visible);
    tcase_add_test(tcase, long_text_goes_on_over_pages);
    tcase_add_test(tcase, short_text_is_cut_at_a_word);
    tcase_add_test(tcase, a_khmer_letter_is_not_torn);
    tcase_add_test(tcase, a_broken_word_gets_no_hyphen);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
