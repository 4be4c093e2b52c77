/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a form with a hole in it is read, when a wrong line is told with another number, when what is filled in is read as a place again,
 * or when one of the forms in the program cannot be read.
 */
#include "printer/template.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "printer/embedded.h"

/* 13 parts in any order, exceptions first. */
#define REST "[result]\n[things]\n[timeline]\n[history]\n[seals]\n[gaps]\n[testify]\n[not-proven]\n[proof]\n[lines]\n[repeat]\n[signatures]\n"
#define HEAD "[template]\nname = mine\n[title]\nen = A\nkm = B\nvi = C\n"
#define WHOLE HEAD "[exceptions]\n" REST

static enum status read_text(const char *text, struct template *out, struct fault *fault)
{
    fault_clear(fault);
    return template_read(view_text(text), out, fault);
}

START_TEST(whole)
{
    struct template template;
    struct fault fault;
    ck_assert_int_eq(read_text("# remark\r\n" WHOLE "[paragraph]\nen = one\n  two {case}\nkm =  ក  \nvi={{x}}\n[line]\nen=L\nkm=L\nvi=L\nvalue = {root}\n",
                               &template, &fault), STATUS_OK);
    ck_assert_str_eq(template.name, "mine");
    ck_assert_uint_eq(template.count, 1 + PART_COUNT + 2);
    const struct template_block *block = &template.blocks[template.count - 2];
    ck_assert_int_eq(block->kind, TEMPLATE_PARAGRAPH);
    ck_assert(view_equal(buffer_view(&block->texts[LANGUAGE_EN]), view_text("one two {case}")));
    ck_assert(view_equal(buffer_view(&block->texts[LANGUAGE_KM]), view_text("ក")));
    ck_assert(view_equal(buffer_view(&block[1].value), view_text("{root}")));
    template_close(&template);
    /* An editor's byte order mark is no text. */
    ck_assert_int_eq(read_text("\xEF\xBB\xBF" WHOLE, &template, &fault), STATUS_OK);
    template_close(&template);
}
END_TEST

/* What is refused, in which line, with which words. */
static const struct {
    const char *text;
    uint64_t line;
    const char *words;
} bad[] = {
    { HEAD "[exceptions]\n[nonsense]\n" REST, 8, "there is no block \"nonsense\"" },
    { WHOLE "[paragraph]\nen = {cases}\nkm = a\nvi = a\n", 21, "there is no place \"{cases}\"" },
    { WHOLE "[paragraph]\nen = a } b\nkm = a\nvi = a\n", 21, "a brace alone" },
    { WHOLE "[paragraph]\nen = a { b\nkm = a\nvi = a\n", 21, "a brace alone" },
    { WHOLE "[paragraph]\nen = a\n {law\nkm = a\nvi = a\n", 22, "a brace alone" },
    { WHOLE "[paragraph]\nen = a\nkm = a\n", 20, "\"vi\" is missing" },
    { WHOLE "[paragraph]\nen = a\nkm = a\nvi =\n[page]\n", 20, "\"vi\" is missing" },
    { WHOLE "[paragraph]\nen = a\nen = b\n", 22, "stands already above" },
    { WHOLE "[paragraph]\nfr = a\n", 21, "en, km or vi" },
    { WHOLE "[paragraph]\nvalue = a\n", 21, "en, km or vi" },
    { WHOLE "[page]\nen = a\n", 21, "no text of its own" },
    { WHOLE "[result]\n", 20, "stands already above" },
    { WHOLE "[title]\nen = a\nkm = a\nvi = a\n", 20, "one title" },
    { WHOLE "[paragraph\n", 20, "[name]" },
    { WHOLE "[paragraph]\nnothing\n", 21, "neither [block]" },
    { WHOLE " text\n", 20, "none is open" },
    { WHOLE "[paragraph]\nen = a\x01\n", 21, "control characters" },
    { WHOLE "[paragraph]\nen = a\xE2\x80\xAE\n", 21, "bidirectional" },
    { WHOLE "[paragraph]\nen = a\xFF\n", 21, "UTF-8" },
    { WHOLE "[boxes]\nen = a | b\nkm = a\nvi = a | b\n", 20, "as many parts" },
    { WHOLE "[boxes]\nen = a|b|c|d|e\nkm = a|b|c|d|e\nvi = a|b|c|d|e\n", 20, "four boxes" },
    { WHOLE "[choice]\nen = a || b\nkm = a | b | c\nvi = a | b | c\n", 20, "empty part" },
    { "[template]\nname = A\n", 2, "1 to 24" },
    { "[template]\nname = aaaaaaaaaaaaaaaaaaaaaaaaa\n", 2, "1 to 24" },
    { "[template]\nname = a\nname = b\n", 3, "1 to 24" },
    { "[template]\nother = a\n", 2, "nothing else" },
    { HEAD "[template]\n", 7, "at the beginning" },
    { HEAD "[result]\n[exceptions]\n", 7, "[exceptions] stand before" },
    { HEAD "[paragraph]\nen = a\nkm = a\nvi = a\n[exceptions]\n" REST, 7, "[exceptions] stand before" },
    { HEAD "[exceptions]\n", FAULT_NOWHERE, "leaves out [result]" },
    { "[template]\nname = a\n[exceptions]\n" REST, FAULT_NOWHERE, "no [title]" },
    { "[title]\nen = A\nkm = B\nvi = C\n[exceptions]\n" REST, FAULT_NOWHERE, "no [template]" },
    { "", FAULT_NOWHERE, "no [template]" },
};

START_TEST(refused)
{
    struct template template;
    struct fault fault;
    enum status status = read_text(bad[_i].text, &template, &fault);
    ck_assert_msg(status == STATUS_DAMAGED, "%d: %d", _i, (int)status);
    ck_assert_msg(fault.at == bad[_i].line, "%d: line %llu, not %llu: %s", _i, (unsigned long long)fault.at, (unsigned long long)bad[_i].line, fault.text);
    ck_assert_msg(strstr(fault.text, bad[_i].words) != NULL, "%d: \"%s\" is not in \"%s\"", _i, bad[_i].words, fault.text);
    ck_assert_ptr_null(template.blocks);
}
END_TEST

/* Every beginning of a good form is refused or read; none is read past its end. */
START_TEST(cut)
{
    static const char text[] = WHOLE "[paragraph]\nen = {case} {{\nkm = a\nvi = a\n";
    size_t good = 0;
    for (size_t len = 0; len < strlen(text); len++) {
        struct template template;
        struct fault fault = { 0 };
        struct buffer copy = { 0 };
        buffer_append(&copy, text, len);
        if (template_read(buffer_view(&copy), &template, &fault) == STATUS_OK) {
            good++;
        }
        template_close(&template);
        buffer_free(&copy);
    }
    /* Behind the last part, with and without its newline, and in or behind the last text once it has a letter. */
    ck_assert_uint_eq(good, 3);
}
END_TEST

START_TEST(large)
{
    struct template template;
    struct buffer text = { 0 };
    struct fault fault = { 0 };
    buffer_append_view(&text, view_text(WHOLE "[paragraph]\nen = "));
    for (size_t i = 0; i < TEMPLATE_TEXT_BYTES_MAX + 1; i++) {
        buffer_append_byte(&text, 'a');
    }
    ck_assert_int_eq(template_read(buffer_view(&text), &template, &fault), STATUS_DAMAGED);
    buffer_reset(&text);
    buffer_append_view(&text, view_text(WHOLE));
    for (size_t i = 0; i <= TEMPLATE_BLOCKS_MAX; i++) {
        buffer_append_view(&text, view_text("[page]\n"));
    }
    fault_clear(&fault);
    ck_assert_int_eq(template_read(buffer_view(&text), &template, &fault), STATUS_DAMAGED);
    ck_assert_ptr_nonnull(strstr(fault.text, "too many blocks"));
    while (text.len <= TEMPLATE_FILE_BYTES_MAX) {
        buffer_append_view(&text, view_text("# remark\n"));
    }
    fault_clear(&fault);
    ck_assert_int_eq(template_read(buffer_view(&text), &template, &fault), STATUS_REFUSED);
    buffer_free(&text);
}
END_TEST

/* What is filled in is never read as a place, whatever stands in it. */
START_TEST(filled)
{
    struct view values[PLACE_COUNT];
    struct buffer out = { 0 };
    for (int i = 0; i < PLACE_COUNT; i++) {
        values[i] = view_text("");
        ck_assert_ptr_nonnull(template_place_name((enum template_place)i));
    }
    values[PLACE_CASE] = view_text("{docket} }} {{ {");
    values[PLACE_DOCKET] = view_text("{case}");
    template_fill(view_text("a {case} b {{case}} {docket}{law}."), values, &out);
    ck_assert(view_equal(buffer_view(&out), view_text("a {docket} }} {{ { b {case} {case}.")));
    buffer_free(&out);
}
END_TEST

START_TEST(split)
{
    size_t at = 0;
    struct view part;
    ck_assert(template_split(view_text(" a | b c|"), &at, &part) && view_equal(part, view_text("a")));
    ck_assert(template_split(view_text(" a | b c|"), &at, &part) && view_equal(part, view_text("b c")));
    ck_assert(template_split(view_text(" a | b c|"), &at, &part) && part.len == 0);
    ck_assert(!template_split(view_text(" a | b c|"), &at, &part));
}
END_TEST

START_TEST(builtin)
{
    static const char *const names[] = { "cambodia", "general", "india-bsa-63", "us-fre-902", "vietnam" };
    const size_t count = sizeof names / sizeof names[0];
    struct template template;
    struct fault fault = { 0 };
    for (size_t i = 0; i < count; i++) {
        enum status status = template_builtin(names[i], &template, &fault);
        ck_assert_msg(status == STATUS_OK, "%s: %s", names[i], fault.text);
        ck_assert_str_eq(template.name, names[i]);
        template_close(&template);
        ck_assert_ptr_nonnull(embedded_name("templates/", i));
    }
    ck_assert_ptr_null(embedded_name("templates/", count));
    ck_assert_int_eq(template_builtin("generals", &template, &fault), STATUS_MISSING);
    ck_assert_ptr_nonnull(strstr(fault.text, "cambodia, general, india-bsa-63, us-fre-902, vietnam"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("template");
    TCase *cases = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    suite_add_tcase(suite, cases);
    tcase_add_test(cases, whole);
    tcase_add_loop_test(cases, refused, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(cases, cut);
    tcase_add_test(cases, large);
    tcase_add_test(cases, filled);
    tcase_add_test(cases, split);
    tcase_add_test(cases, builtin);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
