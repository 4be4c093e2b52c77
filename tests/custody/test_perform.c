/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when what is shown is not what is run, what was typed can add a word, an option's quote or a redirection, or a program that dies is
 * taken for one that ended well.
 */
#include "custody/perform.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/custody_suite.h"

static struct fault fault;

static const char *slot(const void *context, struct view name)
{
    return view_equal(name, view_text("typed")) ? context : view_equal(name, view_text("two")) ? "2" : NULL;
}

static void parse(const char *template, const char *typed, struct perform_line *out)
{
    fault_clear(&fault);
    ck_assert_int_eq(perform_parse(template, slot, typed, out, &fault), STATUS_OK);
}

static void prints(const struct perform_line *line, const char *want)
{
    struct buffer text = {0};

    perform_print(line, &text);
    buffer_append_byte(&text, 0);
    ck_assert_str_eq((const char *)text.ptr, want);
    buffer_free(&text);
}

START_TEST(words)
{
    struct perform_line line;

    parse("unbroken  note {two} --text 'a b{two}c' -x ''", "", &line);
    ck_assert_uint_eq(line.count, 7);
    ck_assert_str_eq(line.words[2], "2");
    ck_assert_str_eq(line.words[4], "a b2c");
    ck_assert_str_eq(line.words[6], "");
    ck_assert_ptr_null(line.words[7]);
    ck_assert_ptr_null(line.file);
    prints(&line, "unbroken note 2 --text 'a b2c' -x ''");
    perform_free(&line);
    parse("unbroken ledger policy > court.policy", "", &line);
    ck_assert_uint_eq(line.count, 3);
    ck_assert_str_eq(line.file, "court.policy");
    prints(&line, "unbroken ledger policy > court.policy");
    perform_free(&line);
}
END_TEST

/* One word stays one word, whatever stands in it; and a shell would read the shown one so. */
START_TEST(what_was_typed_is_one_word)
{
    static const struct {
        const char *typed, *shown;
    } cases[] = {{"a b", "'a b'"},       {"it's", "'it'\\''s'"},        {">", "'>'"},         {"'", "''\\'''"}, {"", "''"},
                 {"$(id)", "'$(id)'"},   {"{two}", "'{two}'"},          {"a\\b", "'a\\b'"},   {"~", "'~'"},     {"សុខ", "'សុខ'"},
                 {"A-1_2.3", "A-1_2.3"}, {"x > ledger", "'x > ledger'"}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct perform_line line;
        char want[64];

        parse("unbroken show {typed}", cases[i].typed, &line);
        ck_assert_uint_eq(line.count, 3);
        ck_assert_str_eq(line.words[2], cases[i].typed);
        ck_assert_ptr_null(line.file);
        (void)snprintf(want, sizeof want, "unbroken show %s", cases[i].shown);
        prints(&line, want);
        perform_free(&line);
    }
}
END_TEST

/* Long ones go on in a further line, an option with its value. */
START_TEST(long_lines)
{
    struct perform_line line;

    parse("unbroken ledger init ledger --origin practice.example/custody --code TRY --threshold 1 --training", "", &line);
    prints(&line, "unbroken ledger init ledger --origin practice.example/custody \\\n    --code TRY --threshold 1 --training");
    perform_free(&line);
}
END_TEST

/* The program beside this one is a script; NULL: there is none. */
static void beside(const char *script)
{
    char path[512];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 32);

    ck_assert_int_gt(len, 0);
    path[len] = '\0';
    (void)snprintf(strrchr(path, '/'), 32, "/unbroken-verify");
    (void)unlink(path);
    if (script != NULL) {
        suite_write(path, script);
        ck_assert_int_eq(chmod(path, 0700), 0);
    }
}

static int perform(const char *template, const char *say, struct buffer *heard)
{
    struct perform_line line;
    struct performance performance;
    sigset_t mask;
    int code;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigemptyset(&mask);
    parse(template, "", &line);
    ck_assert_int_eq(perform_start(&line, &mask, &performance, &fault), STATUS_OK);
    if (say != NULL) {
        perform_say(&performance, say);
    }
    code = perform_end(&performance, heard);
    buffer_append_byte(heard, 0);
    perform_free(&line);
    return code;
}

START_TEST(programs)
{
    struct buffer heard = {0};
    char *written;

    beside(NULL);
    fault_clear(&fault);
    ck_assert_int_eq(perform_check(&fault), STATUS_MISSING);
    ck_assert_int_eq(perform("unbroken-verify", NULL, &heard), 127);
    beside("#!/bin/sh\nread line\necho \"got $line of $#: $2\"\necho aside >&2\nexit 3\n");
    fault_clear(&fault);
    ck_assert_int_eq(perform_check(&fault), STATUS_OK);
    buffer_reset(&heard);
    ck_assert_int_eq(perform("unbroken-verify one 'two  2'", "a line", &heard), 3);
    ck_assert_str_eq((const char *)heard.ptr, "got a line of 2: two  2\naside\n");
    buffer_reset(&heard);
    ck_assert_int_eq(perform("unbroken-verify > out.txt", NULL, &heard), 3);
    ck_assert_str_eq((const char *)heard.ptr, "aside\n");
    written = suite_read("out.txt");
    ck_assert_str_eq(written, "got  of 0: \n");
    free(written);
    beside("#!/bin/sh\nkill -9 $$\n");
    buffer_reset(&heard);
    ck_assert_int_eq(perform("unbroken-verify", "nobody reads this", &heard), 128 + SIGKILL);
    /* Asked to stop while it waits for input: it hears that before its input ends. */
    beside("#!/bin/sh\ntrap 'echo stopped; exit 7' INT\necho ready\nread line\necho ended\n");
    {
        struct perform_line line;
        struct performance performance;
        sigset_t mask;

        (void)sigemptyset(&mask);
        parse("unbroken-verify", "", &line);
        buffer_reset(&heard);
        ck_assert_int_eq(perform_start(&line, &mask, &performance, &fault), STATUS_OK);
        ck_assert(perform_hear(&performance, &heard));
        (void)perform_stop(&performance, &heard);
        buffer_append_byte(&heard, 0);
        ck_assert_str_eq((const char *)heard.ptr, "ready\nstopped\n");
        perform_free(&line);
    }
    beside(NULL);
    buffer_free(&heard);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {words, what_was_typed_is_one_word, long_lines, programs, NULL};

    return suite_run("perform", tests, NULL);
}
