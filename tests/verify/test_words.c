/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words for codes (that they are SPEC.md's is for test_acts). Breaks when a number outside a list reads behind it, when a
 * number is cut to fit, when a word of one kind of act is taken in another, or when the tables have a row that is no row.
 */
#include "verify/acts.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* Every kind and code that a byte holds, and the same with bits above: a word leads back to its code and to no other. */
START_TEST(test_codes_there_and_back)
{
    size_t words = 0;

    for (unsigned kind = 0; kind < 300; kind++) {
        for (uint64_t code = 0; code < 300; code++) {
            const char *word = code_name(kind, code);

            ck_assert_ptr_nonnull(word);
            if (word[0] != '\0') {
                words++;
                ck_assert_int_eq(code_number(kind, view_text(word)), (int)code);
                ck_assert_str_eq(code_name(kind, code + 256), "");
                ck_assert_str_eq(code_name(kind, code + (UINT64_C(1) << 32)), "");
            }
        }
        ck_assert_str_eq(code_name(kind, UINT64_MAX), "");
        ck_assert_int_eq(code_number(kind, view_text("")), -1);
        ck_assert_int_eq(code_number(kind, view_text("Other")), -1);
        ck_assert_int_eq(code_number(kind, view_text("unknown")), -1);
    }
    /* Two lists of purposes 9, one of modes 3, refusals 7 twice, openings 8 twice, voids 5, identify 2, animal 4, manners 6 twice. */
    ck_assert_uint_eq(words, 2 * 9 + 3 + 2 * 7 + 2 * 8 + 5 + 2 + 4 + 2 * 6);
}
END_TEST

/* A word belongs to its kind of act. */
START_TEST(test_words_of_other_kinds)
{
    ck_assert_int_eq(code_number(KIND_RELEASE, view_text("laboratory")), 2);
    ck_assert_int_eq(code_number(KIND_ACCEPT, view_text("laboratory")), -1);
    ck_assert_int_eq(code_number(KIND_VOID, view_text("lost")), 2);
    ck_assert_int_eq(code_number(KIND_DISPOSE, view_text("lost")), -1);
    ck_assert_int_eq(code_number(KIND_NOTE, view_text("other")), -1);
    ck_assert_int_eq(code_number(KIND_REFUSE, view_text("damaged ")), -1);
    ck_assert_int_eq(code_number(KIND_REFUSE, view_of("damaged\0", 8)), -1);
}
END_TEST

/* Numbers behind the ends of the lists. */
START_TEST(test_unknown)
{
    static const unsigned far[] = {255, 256, 65536, 0x80000000u, 0xffffffffu};

    for (size_t i = 0; i < sizeof far / sizeof far[0]; i++) {
        ck_assert_str_eq(office_name(far[i]), "unknown");
        ck_assert_str_eq(type_name(far[i]), "unknown");
        ck_assert_str_eq(role_name(far[i]), "unknown");
        ck_assert_str_eq(state_name((enum thing_state)far[i]), "unknown");
        ck_assert_str_eq(relation_name((enum relation)far[i]), "unknown");
    }
    ck_assert_str_eq(office_name(OFFICE_COUNT), "unknown");
    ck_assert_str_ne(office_name(OFFICE_COUNT - 1), "unknown");
    ck_assert_str_eq(role_name(ROLE_COUNT), "unknown");
    ck_assert_str_ne(role_name(ROLE_COUNT - 1), "unknown");
    ck_assert_str_eq(type_name(TYPE_CONTAINER + 1), "unknown");
    ck_assert_str_eq(state_name((enum thing_state)(THING_SAME + 1)), "unknown");
    ck_assert_str_eq(relation_name((enum relation)(RELATION_ANOTHER + 1)), "unknown");
}
END_TEST

/* No word is an office that is none: nobody is appointed to it. */
START_TEST(test_offices)
{
    for (unsigned office = 1; office < OFFICE_COUNT; office++) {
        ck_assert_int_eq(office_number(view_text(office_name(office))), (int)office);
    }
    ck_assert_int_eq(office_number(view_text("none")), OFFICE_NONE);
    ck_assert_int_eq(office_number(view_text("unknown")), OFFICE_NONE);
    ck_assert_int_eq(office_number(view_text("")), OFFICE_NONE);
    ck_assert_int_eq(office_number(view_text("court ")), OFFICE_NONE);
    ck_assert_int_eq(office_number(view_text("Court")), OFFICE_NONE);
    ck_assert_int_eq(office_number(view_text("cour")), OFFICE_NONE);
}
END_TEST

static size_t count(const struct buffer *text, const char *words)
{
    size_t times = 0, len = strlen(words);

    for (size_t at = 0; at + len <= text->len; at++) {
        times += memcmp(text->ptr + at, words, len) == 0 ? 1 : 0;
    }
    return times;
}

/* Every row of the table of acts has its nine cells; the printing appends. */
START_TEST(test_tables)
{
    struct buffer acts = {0}, details = {0};
    size_t names = 0;

    buffer_printf(&acts, "before\n");
    acts_markdown(&acts);
    ck_assert(!acts.failed && memcmp(acts.ptr, "before\n| kind", 13) == 0);
    size_t bars = 0, rows = 0;
    for (size_t i = 7; i < acts.len; i++) {
        bars += acts.ptr[i] == '|' ? 1 : 0;
        if (acts.ptr[i] == '\n') {
            ck_assert_uint_eq(bars, 10);
            bars = 0;
            rows++;
        }
    }
    ck_assert_uint_eq(rows, 2 + KIND_COUNT);
    ck_assert_uint_eq(count(&acts, "unknown"), 0);
    details_markdown(&details);
    (void)detail_names(&names);
    ck_assert_uint_eq(count(&details, "`"), 2 * names);
    ck_assert_uint_eq(count(&details, "(bytes)"), 2);
    ck_assert_uint_eq(details.ptr[details.len - 1], '\n');
    buffer_free(&acts);
    buffer_free(&details);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("words");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_test(tests, test_codes_there_and_back);
    tcase_add_test(tests, test_words_of_other_kinds);
    tcase_add_test(tests, test_unknown);
    tcase_add_test(tests, test_offices);
    tcase_add_test(tests, test_tables);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
