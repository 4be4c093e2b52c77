/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a failure has exit code 0, goes to standard output or says nothing, or half a word reaches a command. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "custody/args.h"
#include "tests/support/custody_suite.h"

#define SAYS(code, text, ...) says(code, text, (const char *const[]){__VA_ARGS__, NULL})

static void says(int code, const char *text, const char *const *arguments)
{
    struct child_said *said = malloc(sizeof *said);

    ck_assert_ptr_nonnull(said);
    child_unbroken(arguments, said);
    ck_assert_msg(said->code == code && strstr(said->text, text) != NULL, "%s: %d: %s", arguments[0], said->code, said->text);
    free(said);
}

START_TEST(which_command)
{
    struct child_said *said = malloc(sizeof *said);

    child_unbroken((const char *const[]){NULL}, said);
    ck_assert_int_eq(said->code, EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(said->text, "unbroken: error: which command?\nunbroken: hint: unbroken --help\n"));
    free(said);
    SAYS(EXIT_USAGE, "unbroken: error: there is no command \"bogus\"\n", "bogus");
    SAYS(EXIT_USAGE, "there is no command \"person bogus\"\n  person ", "person", "bogus");
    SAYS(EXIT_USAGE, "there is no command \"person\"\n  person ", "person");
    SAYS(EXIT_USAGE, "there is no command \"led", "led", "init");
    SAYS(EXIT_USAGE, "there is no command \"ledger ini", "ledger", "ini");
    SAYS(EXIT_USAGE, "there is no command \"ledgerinit", "ledgerinit");
    SAYS(EXIT_USAGE, "there is no command \"lists", "lists");
    SAYS(EXIT_USAGE, "there is no command \"", "");
    SAYS(EXIT_USAGE, "there is no command \"ledger init\"", "ledger init");
    SAYS(EXIT_USAGE, "unbroken: error: which command?", "--bogus");
}
END_TEST

START_TEST(help)
{
    SAYS(EXIT_DONE, "  ledger init ", "--help");
    SAYS(EXIT_DONE, "  acts ", "-h");
    SAYS(EXIT_DONE, "  person enrol ", "person", "--help");
    SAYS(EXIT_DONE, "unbroken acts\n", "acts", "--help");
    SAYS(EXIT_USAGE, "no command \"bogus", "bogus", "--help");
    SAYS(EXIT_USAGE, "no command \"person bogus", "person", "bogus", "--help");
}
END_TEST

/* 0 done, 1 refused or failed, 2 used wrongly; each failure with the program's name before it. */
START_TEST(exit_codes)
{
    SAYS(EXIT_DONE, "stocktake", "acts");
    SAYS(EXIT_REFUSED, "unbroken: error: ", "key", "show", "absent.key");
    SAYS(EXIT_REFUSED, "unbroken: error: ", "list", "--ledger", "nowhere");
    SAYS(EXIT_USAGE, "unbroken: error: list needs --ledger", "list");
    SAYS(EXIT_USAGE, "unbroken: hint: unbroken acts --help", "acts", "x");
}
END_TEST

static void cannot_write(int output, const char *const *arguments)
{
    struct child_said *said = malloc(sizeof *said);

    ck_assert_int_ge(output, 0);
    child_unbroken_to(output, arguments, said);
    ck_assert_msg(said->code == EXIT_REFUSED && strstr(said->text, "could not be written") != NULL, "%d: %s", said->code, said->text);
    free(said);
}

/* What was printed into nothing was not printed; and a reader who goes away kills nobody in the middle of a command. */
START_TEST(output_that_cannot_be_written)
{
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    int ends[2];

    cannot_write(full, (const char *const[]){"acts", "--markdown", NULL});
    cannot_write(full, (const char *const[]){"form", "seizure", NULL});
    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    (void)close(ends[0]);
    cannot_write(ends[1], (const char *const[]){"acts", "--markdown", NULL});
}
END_TEST

/* In the POSIX locale too; errors are on standard error. */
START_TEST(any_locale)
{
    struct child_said *said = malloc(sizeof *said);

    (void)setenv("LC_ALL", "POSIX", 1);
    SAYS(EXIT_DONE, "stocktake", "acts");
    child_unbroken_to(open("/dev/null", O_WRONLY | O_CLOEXEC), (const char *const[]){"list", NULL}, said);
    ck_assert_ptr_nonnull(strstr(said->text, "unbroken: error: "));
    free(said);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {which_command, help, exit_codes, output_that_cannot_be_written, any_locale, NULL};

    return suite_run("main", tests, NULL);
}
