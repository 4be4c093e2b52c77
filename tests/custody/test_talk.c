/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when an answer is lost or made up, a way out does not lead out, what is shown is wider than a terminal, or text that a program
 * printed reaches the terminal unescaped.
 */
#include "custody/talk.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/custody_suite.h"

static struct fault fault;

static void open_talk(bool yes, struct talk *talk)
{
    fault_clear(&fault);
    ck_assert_int_eq(talk_open(yes, talk, &fault), STATUS_OK);
}

/* The first answer to these bytes on standard input. */
static enum talk_said answer(const char *typed, const char *suggested, char out[TALK_ANSWER_BYTES])
{
    struct talk talk;
    enum talk_said said;

    suite_feed(typed);
    open_talk(false, &talk);
    suite_catch(1);
    said = talk_ask(&talk, "Which?", suggested, out);
    (void)fflush(stdout);
    talk_close(&talk);
    return said;
}

static void gives(const char *typed, const char *want)
{
    char out[TALK_ANSWER_BYTES];

    ck_assert_int_eq(answer(typed, "seven", out), TALK_LINE);
    (void)suite_caught();
    ck_assert_msg(strcmp(out, want) == 0, "%s: %s", typed, out);
}

START_TEST(answers)
{
    gives("three\n", "three");
    gives(" \t three and a half \r\n", "three and a half");
    gives("\n", "seven");
    gives("  \n", "seven");
    gives("three", "three"); /* the last line has no end */
    gives("three\rfour\n", "three");
    gives("backward\n", "backward");
    gives("សុខ ដារ៉ា\n", "សុខ ដារ៉ា");
}
END_TEST

/* Asked again, with a reason. */
static void again(const char *typed, const char *why)
{
    char out[TALK_ANSWER_BYTES];
    char text[1024];

    (void)snprintf(text, sizeof text, "%s\nthree\n", typed);
    ck_assert_int_eq(answer(text, "seven", out), TALK_LINE);
    ck_assert_msg(strstr(suite_caught(), why) != NULL, "%s", typed);
    ck_assert_str_eq(out, "three");
}

START_TEST(no_answers)
{
    char longer[300];

    again("-x", "cannot begin with");
    again("--help", "cannot begin with");
    again("a\tb", "cannot be recorded");
    again("a\033[2Jb", "cannot be recorded");
    again("\xff\xfe", "cannot be recorded");
    again("a\xe2\x80\xae" "b", "cannot be recorded"); /* U+202E */
    again("?", "nothing is lost");
    again("HELP", "nothing is lost");
    memset(longer, 'x', sizeof longer);
    longer[TALK_ANSWER_BYTES] = '\0';
    again(longer, "too long");
    longer[TALK_ANSWER_BYTES - 1] = '\0';
    gives(longer, longer); /* the longest */
}
END_TEST

START_TEST(ways_out)
{
    char out[TALK_ANSWER_BYTES];

    ck_assert_int_eq(answer("back\n", "seven", out), TALK_BACK);
    (void)suite_caught();
    ck_assert_int_eq(answer(" QUIT \n", "seven", out), TALK_QUIT);
    (void)suite_caught();
    ck_assert_int_eq(answer("", "seven", out), TALK_END);
    (void)suite_caught();
    ck_assert_int_eq(answer("yes\n", NULL, out), TALK_END); /* where only Enter is waited for */
    ck_assert_ptr_nonnull(strstr(suite_caught(), "Only Enter"));
}
END_TEST

/* Once left, nothing is asked and nothing shown. */
START_TEST(after_the_way_out)
{
    struct talk talk;
    char out[TALK_ANSWER_BYTES];

    suite_feed("quit\nthree\n");
    open_talk(false, &talk);
    suite_catch(1);
    ck_assert_int_eq(talk_ask(&talk, "Which?", "seven", out), TALK_QUIT);
    talk_text(&talk, "unheard");
    talk_heading(&talk, "unheard");
    talk_quote(&talk, view_text("unheard\n"));
    ck_assert_int_eq(talk_ask(&talk, "unheard", "seven", out), TALK_QUIT);
    ck_assert_ptr_null(strstr(suite_caught(), "unheard"));
    talk_close(&talk);
}
END_TEST

START_TEST(nobody_is_asked)
{
    struct talk talk;
    char out[TALK_ANSWER_BYTES];

    suite_feed("three\n");
    open_talk(true, &talk);
    suite_catch(1);
    ck_assert_int_eq(talk_ask(&talk, "Which?", "seven", out), TALK_LINE);
    ck_assert_str_eq(out, "seven");
    ck_assert_int_eq(talk_ask(&talk, "Enter", NULL, out), TALK_LINE);
    ck_assert_str_eq(suite_caught(), "Which? [seven]: seven\nEnter \n");
    talk_close(&talk);
}
END_TEST

/* A signal waits for the next question, and kills nobody afterwards. */
START_TEST(signals)
{
    static const int stops[] = {SIGINT, SIGTERM, SIGHUP};

    for (size_t i = 0; i < 3; i++) {
        struct talk talk;
        char out[TALK_ANSWER_BYTES];

        suite_feed("three\n");
        open_talk(false, &talk);
        suite_catch(1);
        (void)raise(stops[i]);
        ck_assert_int_eq(talk_ask(&talk, "Which?", "seven", out), TALK_STOPPED);
        (void)suite_caught();
        talk_close(&talk);
    }
}
END_TEST

START_TEST(wrapping)
{
    struct talk talk;
    char longer[160];

    open_talk(true, &talk);
    suite_catch(1);
    talk_text(&talk, "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen\nsixteen");
    ck_assert_str_eq(suite_caught(), "one two three four five six seven eight nine ten eleven twelve thirteen\nfourteen fifteen\nsixteen\n\n");
    /* A word without an end is broken where the line ends; one far behind its space too. */
    memset(longer, 'x', sizeof longer);
    longer[0] = 'a';
    longer[1] = ' ';
    longer[120] = '\0';
    suite_catch(1);
    talk_lines(&talk, "  ", view_text(longer));
    ck_assert_uint_eq(strcspn(suite_caught(), "\n"), 79);
    /* Twenty letters of three bytes and one column each are twenty columns. */
    suite_catch(1);
    talk_text(&talk, "កកកកកកកកកកកកកកកកកកកក កកកកកកកកកកកកកកកកកកកក កកកកកកកកកកកកកកកកកកកក");
    ck_assert_uint_eq(strcspn(suite_caught(), "\n"), 3 * 60 + 2);
    talk_close(&talk);
}
END_TEST

START_TEST(quoting)
{
    struct talk talk;

    open_talk(true, &talk);
    suite_catch(1);
    talk_quote(&talk, view_text("plain\n\033[2Jhostile\r\nlast"));
    ck_assert_str_eq(suite_caught(), "| plain\n| \\x1b[2Jhostile\\x0d\n| last\n");
    talk_close(&talk);
}
END_TEST

/* ---- on a terminal --------------------------------------------------------------------------- */

static int two_questions(void *context)
{
    struct talk talk;
    char out[TALK_ANSWER_BYTES];
    enum talk_said said;

    (void)context;
    open_talk(false, &talk);
    talk_heading(&talk, "Heading");
    said = talk_ask(&talk, "First?", "seven", out);
    (void)printf("<%s>\n", out);
    if (said == TALK_LINE) {
        said = talk_ask(&talk, "Second?", "eight", out);
        (void)printf("<%s>\n", out);
    }
    (void)fflush(stdout);
    talk_close(&talk);
    return (int)said;
}

static int on_terminal(const char *bold, const char *first, const char *second)
{
    struct child_tty tty;

    tty_open(&tty, two_questions, NULL);
    tty_expect(&tty, bold);
    tty_expect(&tty, "First? [seven]: ");
    tty_type(&tty, first);
    if (second != NULL) {
        tty_expect(&tty, "Second? [eight]: ");
        tty_type(&tty, second);
    }
    return tty_close(&tty);
}

START_TEST(on_a_terminal)
{
    (void)unsetenv("NO_COLOR");
    ck_assert_int_eq(on_terminal("\033[1mHeading", "\n", "three\n"), TALK_LINE);
    ck_assert_int_eq(on_terminal("\033[0m", "\x04", NULL), TALK_QUIT);
    ck_assert_int_eq(on_terminal("", "\x03", NULL), TALK_STOPPED);
    (void)setenv("NO_COLOR", "", 1); /* empty: as if it were not there (no-color.org) */
    ck_assert_int_eq(on_terminal("\033[1m", "\n", "quit\n"), TALK_QUIT);
    (void)setenv("NO_COLOR", "1", 1);
    ck_assert_int_eq(on_terminal("Heading\r\n\r\n", "back\n", NULL), TALK_BACK);
}
END_TEST

static int a_long_text(void *context)
{
    struct talk talk;
    char out[TALK_ANSWER_BYTES];
    enum talk_said said;

    (void)context;
    open_talk(false, &talk);
    for (int i = 0; i < 30; i++) {
        char line[16];

        (void)snprintf(line, sizeof line, "line %d.\n", i);
        talk_lines(&talk, "", view_text(line));
    }
    said = talk_ask(&talk, "Last?", NULL, out);
    talk_close(&talk);
    return (int)said;
}

/* A page at a time; one can leave there too. */
START_TEST(pages)
{
    struct child_tty tty;

    tty_open(&tty, a_long_text, NULL);
    tty_expect(&tty, "line 21.\r\n-- Enter shows more --");
    tty_type(&tty, "\n");
    tty_expect(&tty, "line 29.");
    tty_expect(&tty, "Last? ");
    tty_type(&tty, "\n");
    ck_assert_int_eq(tty_close(&tty), TALK_LINE);
    tty_open(&tty, a_long_text, NULL);
    tty_expect(&tty, "-- Enter shows more --");
    tty_type(&tty, "quit\n");
    ck_assert_int_eq(tty_close(&tty), TALK_QUIT);
    ck_assert_ptr_null(strstr(tty.seen, "line 22."));
}
END_TEST

int main(void)
{
    (void)setlocale(LC_CTYPE, "C.UTF-8"); /* as main.c has it */

    const TTest *const tests[] = {answers,  no_answers, ways_out, after_the_way_out, nobody_is_asked, signals,
                                  wrapping, quoting,    on_a_terminal, pages, NULL};

    return suite_run("talk", tests, NULL);
}
