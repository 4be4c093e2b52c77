/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a passphrase is cut, shown, taken from behind the first line, or two that differ are taken for one. */
#include "custody/passphrase.h"

#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tests/support/custody_suite.h"

static struct fault fault;

/* ---- from a file ------------------------------------------------------------------------------- */

static enum status file_gives(const char *text, const char *want)
{
    struct passphrase *passphrase = NULL;
    enum status status;

    suite_write("pass", text);
    fault_clear(&fault);
    status = passphrase_read("pass", &passphrase, &fault);
    if (status == STATUS_OK) {
        ck_assert(view_equal(passphrase_view(passphrase), view_text(want)));
    } else {
        ck_assert_ptr_null(passphrase);
        ck_assert_ptr_nonnull(strstr(fault.text, "pass"));
    }
    passphrase_close(passphrase);
    return status;
}

START_TEST(the_first_line)
{
    ck_assert_int_eq(file_gives("a b c\nsecond\n", "a b c"), STATUS_OK);
    ck_assert_int_eq(file_gives("a b c", "a b c"), STATUS_OK);
    ck_assert_int_eq(file_gives("a\r\nb\r\n", "a"), STATUS_OK);
    ck_assert_int_eq(file_gives(" a\rb \n", " a\rb "), STATUS_OK);
    ck_assert_int_eq(file_gives("ភ្នំពេញ\n", "ភ្នំពេញ"), STATUS_OK);
    ck_assert_int_eq(file_gives("", ""), STATUS_REFUSED);
    ck_assert_int_eq(file_gives("\nsecond\n", ""), STATUS_REFUSED);
    ck_assert_int_eq(file_gives("\r\n", ""), STATUS_REFUSED);
    passphrase_close(NULL);
}
END_TEST

/* Too long is refused, never cut: the cut one would open nothing, or something else. */
START_TEST(length)
{
    char text[PASSPHRASE_BYTES_MAX + 3];
    char want[PASSPHRASE_BYTES_MAX + 1];

    memset(text, 'x', sizeof text);
    memset(want, 'x', sizeof want);
    want[PASSPHRASE_BYTES_MAX] = '\0';
    text[PASSPHRASE_BYTES_MAX] = '\n';
    text[PASSPHRASE_BYTES_MAX + 1] = '\0';
    ck_assert_int_eq(file_gives(text, want), STATUS_OK);
    text[PASSPHRASE_BYTES_MAX] = 'x';
    text[PASSPHRASE_BYTES_MAX + 1] = '\n';
    text[PASSPHRASE_BYTES_MAX + 2] = '\0';
    ck_assert_int_eq(file_gives(text, want), STATUS_REFUSED);
}
END_TEST

START_TEST(no_file)
{
    struct passphrase *passphrase = NULL;

    fault_clear(&fault);
    ck_assert_int_eq(passphrase_read("absent", &passphrase, &fault), STATUS_MISSING);
    fault_clear(&fault);
    ck_assert_int_eq(passphrase_read(".", &passphrase, &fault), STATUS_REFUSED);
    ck_assert_ptr_null(passphrase);
}
END_TEST

/* ---- on a terminal ----------------------------------------------------------------------------- */

enum { OTHER_PASSPHRASE = 90, ECHO_LOST = 91 };

struct asking {
    bool twice;
    const char *want;
};

static int ask(void *context)
{
    const struct asking *asking = context;
    struct passphrase *passphrase = NULL;
    struct termios state;
    enum status status;
    int code;

    fault_clear(&fault);
    status = passphrase_ask("court.key", asking->twice, &passphrase, &fault);
    code = (int)status;
    if (status == STATUS_OK && !view_equal(passphrase_view(passphrase), view_text(asking->want))) {
        code = OTHER_PASSPHRASE;
    }
    if ((status == STATUS_OK) != (passphrase != NULL)) {
        code = OTHER_PASSPHRASE;
    }
    if (tcgetattr(STDIN_FILENO, &state) == 0 && ((state.c_lflag & ECHO) == 0 || (state.c_lflag & ISIG) == 0)) {
        code = ECHO_LOST;
    }
    passphrase_close(passphrase);
    return code;
}

/* second: NULL: asked once. What was typed must never be seen. */
static int typed(const char *first, const char *second, const char *want)
{
    struct asking asking = {second != NULL, want};
    struct child_tty tty;
    int code;

    tty_open(&tty, ask, &asking);
    tty_expect(&tty, "passphrase of court.key: ");
    tty_type(&tty, first);
    if (second != NULL) {
        tty_expect(&tty, "again, of court.key: ");
        tty_type(&tty, second);
    }
    code = tty_close(&tty);
    ck_assert_msg(strstr(tty.seen, "ivory") == NULL, "shown: %s", tty.seen);
    return code;
}

START_TEST(asked_once)
{
    ck_assert_int_eq(typed("ivory \n", NULL, "ivory "), STATUS_OK);
    ck_assert_int_eq(typed("ivory ភ្នំ\n", NULL, "ivory ភ្នំ"), STATUS_OK);
    ck_assert_int_eq(typed("\n", NULL, ""), STATUS_REFUSED);
    ck_assert_int_eq(typed("\x04", NULL, ""), STATUS_REFUSED);
}
END_TEST

START_TEST(asked_twice)
{
    ck_assert_int_eq(typed("ivory\n", "ivory\n", "ivory"), STATUS_OK);
    ck_assert_int_eq(typed("ivory\n", "ivorY\n", ""), STATUS_REFUSED);
    ck_assert_int_eq(typed("ivory\n", "ivory2\n", ""), STATUS_REFUSED);
    ck_assert_int_eq(typed("ivory\n", "\n", ""), STATUS_REFUSED);
}
END_TEST

/* Ctrl-C ends the question; the terminal echoes again. */
START_TEST(interrupted)
{
    ck_assert_int_eq(typed("ivo\x03\n", NULL, ""), STATUS_INTERRUPTED);
    ck_assert_int_eq(typed("ivory\n", "ivory\x03\n", ""), STATUS_INTERRUPTED);
}
END_TEST

START_TEST(too_long_to_type)
{
    char text[PASSPHRASE_BYTES_MAX + 3];

    memset(text, 'x', sizeof text);
    text[PASSPHRASE_BYTES_MAX + 1] = '\n';
    text[PASSPHRASE_BYTES_MAX + 2] = '\0';
    ck_assert_int_eq(typed(text, NULL, ""), STATUS_INTERRUPTED);
}
END_TEST

/* Standard input is never asked. */
START_TEST(without_a_terminal)
{
    struct asking asking = {false, "ivory"};

    suite_feed("ivory\n");
    ck_assert_int_eq(child_alone(ask, &asking), STATUS_REFUSED);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {the_first_line, length,           no_file,            asked_once, asked_twice,
                                  interrupted,    too_long_to_type, without_a_terminal, NULL};

    return suite_run("passphrase", tests, NULL);
}
