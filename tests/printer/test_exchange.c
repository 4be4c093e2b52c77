/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange: what fits on paper is put in few codes, what does not is refused, and the page is the same each time, in every language. That it is one
 * page, and that its codes are read again, is tested by tests/custody/test_witness.sh.
 */
#include "printer/exchange.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fill(size_t len, struct buffer *out)
{
    for (size_t i = 0; i < len; i++) {
        buffer_append_byte(out, (uint8_t)(i * 7 + 1));
    }
}

static const struct {
    size_t len, parts; /* parts 0: refused */
} sizes[] = {{0, 0}, {1, 1}, {500, 1}, {501, 2}, {4500, 9}, {4501, 6}, {7200, 9}, {7201, 0}, {69632, 0}};

START_TEST(so_many_bytes_are_so_many_codes)
{
    for (enum exchange_kind kind = EXCHANGE_REQUEST; kind <= EXCHANGE_ANSWER; kind++) {
        struct buffer bytes = {0}, text = {0}, again = {0};
        struct paper_texts texts = {0};
        struct fault fault = {0};
        enum paper_kind read = PAPER_KINDS;

        fill(sizes[_i].len, &bytes);
        ck_assert_int_eq(exchange_texts(kind, buffer_view(&bytes), &texts, &fault), sizes[_i].parts == 0 ? STATUS_REFUSED : STATUS_OK);
        ck_assert_uint_eq(texts.count, sizes[_i].parts);
        for (size_t i = 0; i < texts.count; i++) {
            buffer_append_view(&text, buffer_view(&texts.texts[i]));
            buffer_append_byte(&text, '\n');
        }
        if (texts.count > 0) {
            ck_assert_int_eq(paper_read(buffer_view(&text), &read, &again, &fault), STATUS_OK);
            ck_assert_int_eq(read, kind == EXCHANGE_REQUEST ? PAPER_REQUEST : PAPER_COSIGNATURES);
            ck_assert(view_equal(buffer_view(&again), buffer_view(&bytes)));
        }
        paper_texts_free(&texts);
        buffer_free(&bytes);
        buffer_free(&text);
        buffer_free(&again);
    }
}
END_TEST

/* With KEEP set, the pages are left in KEEP-LANGUAGE-KIND.pdf, to be looked at. */
static void keep(const char *language, int kind, struct view pdf)
{
    const char *where = getenv("KEEP");
    char path[256];
    FILE *file;

    if (where != NULL) {
        (void)snprintf(path, sizeof path, "%s-%s-%d.pdf", where, language, kind);
        file = fopen(path, "wb");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(pdf.ptr, 1, pdf.len, file), pdf.len);
        (void)fclose(file);
    }
}

START_TEST(the_page_is_the_same_each_time_in_every_language)
{
    static const char *const languages[] = {"en", "km", "vi", "km,en", "vi,en"};
    struct exchange_form form = {.origin = view_text("kh-pp.example/custody/training/abcdef"), .size = 123456, .old = 123000,
                                 .witness = view_text("court.example/w1"), .command = view_text("unbroken ledger cosign answer.txt"),
                                 .made_s = 1544670000, .offset_min = 420, .training = _i % 2 == 1};
    struct buffer bytes = {0};
    struct fault fault = {0};

    fill(4500, &bytes);
    ck_assert_int_eq(languages_parse(languages[_i], &form.languages, &fault), STATUS_OK);
    for (form.kind = EXCHANGE_REQUEST; form.kind <= EXCHANGE_SIZE; form.kind++) {
        struct buffer first = {0}, second = {0};
        struct paper_texts texts = {0};

        if (form.kind != EXCHANGE_SIZE) {
            ck_assert_int_eq(exchange_texts(form.kind, buffer_view(&bytes), &texts, &fault), STATUS_OK);
        }
        ck_assert_msg(exchange_draw(&form, form.kind == EXCHANGE_SIZE ? NULL : &texts, &first, &fault) == STATUS_OK, "%s", fault.text);
        ck_assert_int_eq(exchange_draw(&form, form.kind == EXCHANGE_SIZE ? NULL : &texts, &second, &fault), STATUS_OK);
        ck_assert(view_equal(buffer_view(&first), buffer_view(&second)));
        keep(languages[_i], (int)form.kind, buffer_view(&first));
        paper_texts_free(&texts);
        buffer_free(&first);
        buffer_free(&second);
    }
    buffer_free(&bytes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exchange");
    TCase *tests = tcase_create("exchange");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, so_many_bytes_are_so_many_codes, 0, sizeof sizes / sizeof *sizes);
    tcase_add_loop_test(tests, the_page_is_the_same_each_time_in_every_language, 0, 5);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
