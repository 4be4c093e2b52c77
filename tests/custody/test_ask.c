/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when anything but y or yes counts as a yes, or the answer is taken from elsewhere than the terminal. */
#include "custody/ask.h"

#include <string.h>

#include "tests/support/custody_suite.h"

static int ask(void *context)
{
    struct fault fault;

    (void)context;
    fault_clear(&fault);
    return (int)ask_yes("sign this?", &fault);
}

static int answer(const char *typed)
{
    struct child_tty tty;

    tty_open(&tty, ask, NULL);
    tty_expect(&tty, "sign this? [y/n] ");
    tty_type(&tty, typed);
    return tty_close(&tty);
}

START_TEST(yes)
{
    ck_assert_int_eq(answer("y\n"), STATUS_OK);
    ck_assert_int_eq(answer("yes\n"), STATUS_OK);
}
END_TEST

START_TEST(anything_else)
{
    static const char *const others[] = {"n\n", "no\n", "\n", "Y\n", " y\n", "yes, but\n", "yyyyyyyyyyyyyyyyyyyyyyyyyyyy\n",
                                         "y\x04\x04" /* end of input without a line */, "\x04"};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        ck_assert_msg(answer(others[i]) == STATUS_INTERRUPTED, "answer %zu", i);
    }
}
END_TEST

/* Standard input is no place for an answer: a script might have it by chance. */
START_TEST(without_a_terminal)
{
    suite_feed("y\ny\n");
    ck_assert_int_eq(child_alone(ask, NULL), STATUS_REFUSED);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {yes, anything_else, without_a_terminal, NULL};

    return suite_run("ask", tests, NULL);
}
