/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when progress goes into a file or a pipe, stays on the terminal afterwards, or stops the work. */
#include "custody/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/custody_suite.h"

enum { STEPS = 1000 };

static int work(void *context)
{
    struct progress_line line = {.what = "records"};
    struct progress progress = progress_to(&line);
    bool go_on = true;

    (void)context;
    for (uint64_t i = 1; i <= STEPS && go_on; i++) {
        go_on = progress.step(progress.context, i, STEPS);
    }
    progress_end(&line);
    progress_end(&line); /* a second time does nothing */
    return go_on && !line.open ? 0 : 1;
}

START_TEST(on_a_terminal)
{
    struct child_tty tty;
    size_t shown = 0;

    tty_open(&tty, work, NULL);
    tty_expect(&tty, "\r1 of 1000 records\033[K");
    ck_assert_int_eq(tty_close(&tty), 0);
    for (const char *at = tty.seen; (at = strstr(at, " of 1000")) != NULL; at++) {
        shown++;
    }
    ck_assert_uint_lt(shown, STEPS); /* not each one */
    ck_assert_uint_ge(tty.len, 4);
    ck_assert_str_eq(tty.seen + tty.len - 4, "\r\033[K"); /* wiped, once */
    ck_assert_ptr_null(strstr(tty.seen, "\r\033[K\r\033[K"));
}
END_TEST

START_TEST(nowhere_else)
{
    suite_catch(STDERR_FILENO);
    ck_assert_int_eq(work(NULL), 0);
    ck_assert_str_eq(suite_caught(), "");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {on_a_terminal, nowhere_else, NULL};

    return suite_run("progress", tests, NULL);
}
