/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_suite: see custody_suite.h. Nothing of ours is called: it is linked into tests of every layer.
 */
#include "tests/support/custody_suite.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEST_LIMIT_S = 120, STEP_MS = 20000 };

static char top[PATH_MAX];     /* of the tree */
static char scratch[] = "/tmp/unbroken-custody-XXXXXX";

int suite_run_each(const char *name, const TTest *const *tests, SFun before, SFun each)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    SRunner *runner = srunner_create(suite);
    char command[sizeof scratch + 16];
    int failed;

    if (getcwd(top, sizeof top) == NULL || mkdtemp(scratch) == NULL || chdir(scratch) != 0) {
        perror(scratch);
        return EXIT_FAILURE;
    }
    (void)unsetenv("UNBROKEN_LEDGER");
    (void)unsetenv("UNBROKEN_KEY");
    tcase_set_timeout(tcase, TEST_LIMIT_S);
    if (before != NULL) {
        tcase_add_unchecked_fixture(tcase, before, NULL);
    }
    if (each != NULL) {
        tcase_add_checked_fixture(tcase, each, NULL);
    }
    for (; *tests != NULL; tests++) {
        tcase_add_test(tcase, *tests);
    }
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", scratch);
    return chdir(top) == 0 && system(command) == 0 && failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int suite_run(const char *name, const TTest *const *tests, SFun before)
{
    return suite_run_each(name, tests, before, NULL);
}

const char *suite_tree(const char *path)
{
    static char out[2 * PATH_MAX];

    (void)snprintf(out, sizeof out, "%s/%s", top, path);
    return path[0] == '/' ? path : out;
}

void suite_write(const char *path, const char *text)
{
    FILE *out = fopen(path, "wb");

    ck_assert_msg(out != NULL, "%s: %s", path, strerror(errno));
    ck_assert_int_ge(fputs(text, out), 0);
    ck_assert_int_eq(fclose(out), 0);
}

static size_t read_fd(int fd, char *out, size_t size)
{
    size_t len = 0;
    ssize_t n;

    while (len + 1 < size && ((n = read(fd, out + len, size - 1 - len)) > 0 || (n < 0 && errno == EINTR))) {
        len += n > 0 ? (size_t)n : 0;
    }
    out[len] = '\0';
    return len;
}

char *suite_read(const char *path)
{
    char *out = malloc(CHILD_TEXT_BYTES);
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
    ck_assert_ptr_nonnull(out);
    (void)read_fd(fd, out, CHILD_TEXT_BYTES);
    (void)close(fd);
    return out;
}

size_t suite_count(const char *directory)
{
    DIR *open_directory = opendir(directory);
    size_t count = 0;

    ck_assert_ptr_nonnull(open_directory);
    while (readdir(open_directory) != NULL) {
        count++;
    }
    (void)closedir(open_directory);
    return count - 2; /* . and .. */
}

/* ---- standard output and input ------------------------------------------------------------------ */

static struct {
    int fd, was;
    FILE *file;
    char text[CHILD_TEXT_BYTES];
} caught;

void suite_catch(int fd)
{
    (void)fflush(NULL);
    caught.fd = fd;
    caught.was = dup(fd);
    caught.file = tmpfile();
    ck_assert_ptr_nonnull(caught.file);
    ck_assert_int_ge(dup2(fileno(caught.file), fd), 0);
}

const char *suite_caught(void)
{
    (void)fflush(stdout);
    (void)fflush(stderr);
    ck_assert_int_ge(dup2(caught.was, caught.fd), 0);
    (void)close(caught.was);
    ck_assert_int_eq((int)lseek(fileno(caught.file), 0, SEEK_SET), 0);
    (void)read_fd(fileno(caught.file), caught.text, sizeof caught.text);
    (void)fclose(caught.file);
    return caught.text;
}

void suite_feed(const char *text)
{
    FILE *file = tmpfile();

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fflush(file), 0);
    ck_assert_int_eq((int)lseek(fileno(file), 0, SEEK_SET), 0);
    ck_assert_int_ge(dup2(fileno(file), STDIN_FILENO), 0);
    (void)fclose(file);
}

/* ---- children ---------------------------------------------------------------------------------- */

static int wait_for(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0) {
        ck_assert_int_eq(errno, EINTR);
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void become_unbroken(int pipe_end, int output, const char *const *arguments)
{
    const char *build = getenv("BUILD");
    char *argv[64] = {0};
    char path[2 * PATH_MAX];
    size_t count = 1;
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC);

    (void)setsid();
    (void)alarm(CHILD_LIMIT_S); /* stays across exec, and kills */
    (void)snprintf(path, sizeof path, "%s/unbroken", build == NULL ? "build" : build);
    (void)memmove(path, suite_tree(path), strlen(suite_tree(path)) + 1);
    argv[0] = path;
    for (; arguments[count - 1] != NULL && count < 63; count++) {
        argv[count] = strdup(arguments[count - 1]);
    }
    if (dup2(in, 0) >= 0 && dup2(output, 1) >= 0 && dup2(pipe_end, 2) >= 0) {
        (void)execv(path, argv);
    }
    _exit(127);
}

void child_unbroken_to(int output, const char *const *arguments, struct child_said *said)
{
    int ends[2];
    pid_t pid;

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    (void)fflush(NULL);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        become_unbroken(ends[1], output < 0 ? ends[1] : output, arguments);
    }
    (void)close(ends[1]);
    (void)read_fd(ends[0], said->text, sizeof said->text);
    (void)close(ends[0]);
    said->code = wait_for(pid);
}

void child_unbroken(const char *const *arguments, struct child_said *said)
{
    child_unbroken_to(-1, arguments, said);
}

int child_alone(child_body *body, void *context)
{
    pid_t pid;

    (void)fflush(NULL);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        (void)setsid();
        (void)alarm(CHILD_LIMIT_S);
        _exit(body(context));
    }
    return wait_for(pid);
}

void tty_open(struct child_tty *tty, child_body *body, void *context)
{
    (void)fflush(NULL);
    tty->len = 0;
    tty->mark = 0;
    tty->seen[0] = '\0';
    tty->pid = forkpty(&tty->fd, NULL, NULL, NULL);
    ck_assert_int_ge(tty->pid, 0);
    if (tty->pid == 0) {
        (void)alarm(CHILD_LIMIT_S);
        _exit(body(context));
    }
}

/* False at the end: the other side has closed (Linux says EIO), or nothing comes. */
static bool read_more(struct child_tty *tty)
{
    struct pollfd polled = {.fd = tty->fd, .events = POLLIN};
    ssize_t n;

    if (tty->len + 1 >= sizeof tty->seen || poll(&polled, 1, STEP_MS) <= 0) {
        return false;
    }
    n = read(tty->fd, tty->seen + tty->len, sizeof tty->seen - 1 - tty->len);
    if (n <= 0) {
        return false;
    }
    tty->len += (size_t)n;
    tty->seen[tty->len] = '\0';
    return true;
}

void tty_expect(struct child_tty *tty, const char *text)
{
    const char *found = strstr(tty->seen + tty->mark, text);

    while (found == NULL && read_more(tty)) {
        found = strstr(tty->seen + tty->mark, text);
    }
    ck_assert_msg(found != NULL, "no \"%s\" on the terminal: %s", text, tty->seen + tty->mark);
    tty->mark = (size_t)(found - tty->seen) + strlen(text);
}

void tty_type(struct child_tty *tty, const char *text)
{
    ck_assert_int_eq(write(tty->fd, text, strlen(text)), (ssize_t)strlen(text));
}

int tty_close(struct child_tty *tty)
{
    int code;

    while (read_more(tty)) {
    }
    code = wait_for(tty->pid);
    (void)close(tty->fd);
    return code;
}
