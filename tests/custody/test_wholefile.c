/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when a file is overwritten unasked, half a file stays behind, or more is read than the limit. */
#include "custody/wholefile.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/custody_suite.h"

static struct fault fault;
static struct buffer bytes;

static enum status read_file(const char *path, size_t max)
{
    fault_clear(&fault);
    buffer_free(&bytes);
    return wholefile_read(path, max, &bytes, &fault);
}

static enum status write_file(const char *path, const char *text, bool replace)
{
    fault_clear(&fault);
    return wholefile_write(path, view_text(text), replace, &fault);
}

static void holds(const char *path, const char *text)
{
    ck_assert_int_eq(read_file(path, 100), STATUS_OK);
    ck_assert(view_equal(buffer_view(&bytes), view_text(text)));
}

START_TEST(reading)
{
    suite_write("ten", "0123456789");
    suite_write("none", "");
    ck_assert_int_eq(read_file("ten", 10), STATUS_OK);
    ck_assert_uint_eq(bytes.len, 10);
    ck_assert_int_eq(read_file("ten", 9), STATUS_REFUSED);
    ck_assert_int_eq(read_file("/dev/zero", 200000), STATUS_REFUSED);
    ck_assert_str_eq(fault.text, "/dev/zero: is not a regular file");
    ck_assert_int_eq(mkfifo("pipe", 0600), 0); /* nobody writes: opening it must not wait */
    ck_assert_int_eq(read_file("pipe", 100), STATUS_REFUSED);
    ck_assert_str_eq(fault.text, "pipe: is not a regular file");
    ck_assert_int_eq(read_file("none", 0), STATUS_OK);
    ck_assert_uint_eq(bytes.len, 0);
    ck_assert_int_eq(wholefile_read_filled("none", 10, &bytes, &fault), STATUS_REFUSED);
    ck_assert_str_eq(fault.text, "none: is empty");
    fault_clear(&fault);
    ck_assert_int_eq(wholefile_read_filled("ten", 10, &bytes, &fault), STATUS_OK);
    ck_assert_uint_eq(bytes.len, 10);
    ck_assert_int_eq(read_file("absent", 10), STATUS_MISSING);
    ck_assert_ptr_nonnull(strstr(fault.text, "absent"));
    ck_assert_int_eq(read_file(".", 10), STATUS_REFUSED);
    ck_assert_int_eq(read_file("ten/x", 10), STATUS_ENVIRONMENT);
    suite_feed("from a pipe");
    holds("-", "from a pipe");
}
END_TEST

START_TEST(never_overwritten)
{
    ck_assert_int_eq(mkdir("d", 0700), 0);
    ck_assert_int_eq(write_file("d/a", "first", false), STATUS_OK);
    ck_assert_int_eq(write_file("d/a", "second", false), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "d/a"));
    holds("d/a", "first");
    ck_assert_int_eq(symlink("elsewhere", "d/link"), 0);
    ck_assert(wholefile_exists("d/link")); /* though it leads nowhere */
    ck_assert_int_eq(write_file("d/link", "x", false), STATUS_REFUSED);
    ck_assert(!wholefile_exists("d/elsewhere"));
    ck_assert_uint_eq(suite_count("d"), 2); /* no temporary file */
}
END_TEST

START_TEST(replaced)
{
    struct stat info;

    ck_assert_int_eq(mkdir("r", 0700), 0);
    (void)umask(027);
    ck_assert_int_eq(write_file("r/a", "first", false), STATUS_OK);
    ck_assert_int_eq(write_file("r/a", "", true), STATUS_OK);
    holds("r/a", "");
    ck_assert_int_eq(stat("r/a", &info), 0);
    ck_assert_uint_eq(info.st_mode & 0777, 0640); /* what the umask says, not mkstemp's 0600 */
    ck_assert_int_eq(write_file("r/b", "new", true), STATUS_OK);
    ck_assert_uint_eq(suite_count("r"), 2);
}
END_TEST

START_TEST(nothing_is_left_behind)
{
    const struct rlimit limit = {1000, 1000};
    char *large = calloc(1, 5001);

    ck_assert_int_eq(write_file("no-such/a", "x", false), STATUS_ENVIRONMENT);
    ck_assert_int_eq(mkdir("n", 0700), 0);
    ck_assert_int_eq(mkdir("n/directory", 0700), 0);
    ck_assert_int_eq(write_file("n/directory", "x", true), STATUS_ENVIRONMENT);
    ck_assert_int_eq(write_file("n/a", "first", false), STATUS_OK);
    /* In the middle of writing: the file may not grow. */
    memset(large, 'x', 5000);
    (void)signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(write_file("n/b", large, false), STATUS_ENVIRONMENT);
    ck_assert_int_eq(write_file("n/a", large, true), STATUS_ENVIRONMENT);
    holds("n/a", "first");
    ck_assert_uint_eq(suite_count("n"), 2);
    free(large);
}
END_TEST

/* Signals wait while a file is written and are as they were afterwards. */
START_TEST(signals_are_given_back)
{
    sigset_t before;
    sigset_t after;

    (void)sigemptyset(&before);
    (void)sigaddset(&before, SIGUSR1);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    ck_assert_int_eq(write_file("s", "x", false), STATUS_OK);
    ck_assert_int_eq(write_file("s", "x", false), STATUS_REFUSED);
    (void)sigprocmask(SIG_SETMASK, NULL, &after);
    ck_assert_int_eq(sigismember(&after, SIGUSR1), 1);
    ck_assert_int_eq(sigismember(&after, SIGINT), 0);
    ck_assert_int_eq(sigismember(&after, SIGTERM), 0);
    ck_assert_int_eq(sigismember(&after, SIGHUP), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {reading, never_overwritten, replaced, nothing_is_left_behind, signals_are_given_back, NULL};

    return suite_run("wholefile", tests, NULL);
}
