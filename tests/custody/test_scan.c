/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a line is lost, joined or cut, or an interruption is taken for the end of input. */
#include "custody/scan.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/custody_suite.h"

static struct fault fault;
static struct buffer told; /* "line|" */

struct taking {
    size_t raise_at; /* with this line comes the signal; 0: never */
    size_t fail_at;
    int signal;
    size_t lines;
};

static enum status take(void *context, struct view line, struct fault *out)
{
    struct taking *taking = context;

    struct fault refusal = {0};

    taking->lines++;
    buffer_append_view(&told, scan_refuse_long(line, &refusal) == STATUS_OK ? line : view_text("TOO LONG"));
    buffer_append_byte(&told, '|');
    if (taking->lines == taking->raise_at) {
        (void)raise(taking->signal);
    }
    return taking->lines == taking->fail_at ? fault_set(out, STATUS_FULL, FAULT_NOWHERE, "the caller's") : STATUS_OK;
}

static enum status scan(const char *text, struct taking *taking)
{
    int ends[2];
    enum status status;

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_eq(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
    (void)close(ends[1]);
    fault_clear(&fault);
    buffer_free(&told);
    status = scan_lines(ends[0], take, taking, &fault);
    (void)close(ends[0]);
    return status;
}

static void gives(const char *text, const char *want)
{
    struct taking taking = {0};

    ck_assert_int_eq(scan(text, &taking), STATUS_OK);
    ck_assert_msg(view_equal(buffer_view(&told), view_text(want)), "%.*s, not %s", (int)told.len, (const char *)told.ptr, want);
}

START_TEST(lines)
{
    gives("", "");
    gives("\n\r\n  \t \n", "");
    gives("A\nB\n", "A|B|");
    gives("A\r\nB\rC\n\rD", "A|B|C|D|");
    gives(" \tA B\t \n  C", "A B|C|");
    gives("១២\n", "១២|");
}
END_TEST

/* A NUL is no space: what a line holds behind it is not dropped. */
START_TEST(nul)
{
    static const char text[] = {'\0', 'A', '\0', ' ', '\n'};
    struct taking taking = {0};
    int ends[2];

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    ck_assert_int_eq(write(ends[1], text, sizeof text), (ssize_t)sizeof text);
    (void)close(ends[1]);
    fault_clear(&fault);
    buffer_free(&told);
    ck_assert_int_eq(scan_lines(ends[0], take, &taking, &fault), STATUS_OK);
    (void)close(ends[0]);
    ck_assert(view_equal(buffer_view(&told), view_of("\0A\0|", 4)));
}
END_TEST

START_TEST(length)
{
    struct taking taking = {0};
    char text[SCAN_LINE_BYTES_MAX + 8];

    memset(text, 'x', sizeof text);
    text[SCAN_LINE_BYTES_MAX] = '\n';
    text[SCAN_LINE_BYTES_MAX + 1] = 'A';
    text[SCAN_LINE_BYTES_MAX + 2] = '\0';
    ck_assert_int_eq(scan(text, &taking), STATUS_OK);
    ck_assert_uint_eq(taking.lines, 2);
    ck_assert_uint_eq(told.len, SCAN_LINE_BYTES_MAX + 3);
    /* One byte more: refused as a whole, no part of it is a tag, and the next line is read. */
    memset(text, 'x', sizeof text);
    text[SCAN_LINE_BYTES_MAX + 1] = '\n';
    text[SCAN_LINE_BYTES_MAX + 2] = 'A';
    text[SCAN_LINE_BYTES_MAX + 3] = '\0';
    gives(text, "TOO LONG|A|");
    text[SCAN_LINE_BYTES_MAX + 1] = '\0'; /* at the end of input too */
    gives(text, "TOO LONG|");
}
END_TEST

START_TEST(the_caller_ends_it)
{
    struct taking taking = {.fail_at = 2};

    ck_assert_int_eq(scan("A\nB\nC\n", &taking), STATUS_FULL);
    ck_assert_uint_eq(taking.lines, 2);
    ck_assert_str_eq(fault.text, "the caller's");
}
END_TEST

START_TEST(a_scanner_that_is_not_there)
{
    struct taking taking = {0};

    fault_clear(&fault);
    ck_assert_int_eq(scan_lines(999, take, &taking, &fault), STATUS_ENVIRONMENT);
}
END_TEST

static void signals_are_as_before(void)
{
    sigset_t mask;
    sigset_t pending;

    (void)sigprocmask(SIG_SETMASK, NULL, &mask);
    (void)sigpending(&pending);
    ck_assert_int_eq(sigismember(&mask, SIGINT), 0);
    ck_assert_int_eq(sigismember(&mask, SIGTERM), 0);
    ck_assert_int_eq(sigismember(&mask, SIGHUP), 0);
    ck_assert_int_eq(sigismember(&mask, SIGUSR1), 1);
    ck_assert_int_eq(sigismember(&pending, SIGINT), 0);
}

/* In the middle and with the very last line; we live to say so. */
START_TEST(interrupted)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t mask;

    (void)sigemptyset(&mask);
    (void)sigaddset(&mask, SIGUSR1);
    (void)sigprocmask(SIG_SETMASK, &mask, NULL);
    for (size_t i = 0; i < 3; i++) {
        for (size_t at = 1; at <= 3; at++) {
            struct taking taking = {.raise_at = at, .signal = signals[i]};

            ck_assert_msg(scan("A\nB\nC", &taking) == STATUS_INTERRUPTED, "signal %d with line %zu", signals[i], at);
            ck_assert_ptr_nonnull(strstr(fault.text, "nothing was recorded"));
            signals_are_as_before();
        }
    }
    gives("A\n", "A|");
    signals_are_as_before();
}
END_TEST

START_TEST(words)
{
    static const struct {
        const char *line, *word, *rest;
    } rows[] = {{"KHPP-10-6", "KHPP-10-6", ""},         {"KHPP-10-6 A B", "KHPP-10-6", "A B"}, {"A \t B", "A", "B"},
                {"A ", "A", ""},                        {"", "", ""},                         {" A", "", "A"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct view rest;
        struct view word = scan_word(view_text(rows[i].line), &rest);

        ck_assert(view_equal(word, view_text(rows[i].word)));
        ck_assert(view_equal(rest, view_text(rows[i].rest)));
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {lines, words, nul, length, the_caller_ends_it, a_scanner_that_is_not_there, interrupted, NULL};

    return suite_run("scan", tests, NULL);
}
