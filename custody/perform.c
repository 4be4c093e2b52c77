/* SPDX-License-Identifier: Apache-2.0 */
/*
 * perform: fork and exec, with pipes on both sides. Not here: the command line's text (perform_line.c).
 */
#include "custody/perform.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char self[] = "/proc/self/exe";

/* The path of the program of that name. */
static bool find_program(const char *name, char out[PATH_MAX])
{
    char here[PATH_MAX];
    ssize_t len;
    char *slash;

    if (strcmp(name, "unbroken") == 0) {
        (void)snprintf(out, PATH_MAX, "%s", self);
        return true;
    }
    assert(strcmp(name, "unbroken-verify") == 0);
    len = readlink(self, here, sizeof here - 1);
    if (len <= 0) {
        return false;
    }
    here[len] = '\0';
    slash = strrchr(here, '/');
    if (slash == NULL) {
        return false;
    }
    slash[1] = '\0';
    return snprintf(out, PATH_MAX, "%s%s", here, name) < PATH_MAX;
}

enum status perform_check(struct fault *fault)
{
    char path[PATH_MAX];

    if (!find_program("unbroken-verify", path) || access(path, X_OK) != 0) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "unbroken-verify is not beside this program: both are needed");
    }
    return STATUS_OK;
}

/* In the child: never returns. */
static void become(const struct perform_line *line, const char *path, int input, int output, int file, const sigset_t *mask)
{
    static const char trouble[] = "the program could not be started\n";
    ssize_t ignored;

    if (dup2(input, STDIN_FILENO) >= 0 && dup2(file >= 0 ? file : output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0) {
        (void)sigprocmask(SIG_SETMASK, mask, NULL);
        (void)execv(path, line->words);
    }
    ignored = write(output, trouble, sizeof trouble - 1);
    (void)ignored;
    _exit(127);
}

enum status perform_start(const struct perform_line *line, const sigset_t *mask, struct performance *out, struct fault *fault)
{
    char path[PATH_MAX];
    int input[2] = {-1, -1};
    int output[2] = {-1, -1};
    int file = -1;

    *out = (struct performance){.pid = -1, .input = -1, .output = -1};
    if (!find_program(line->words[0], path)) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s: cannot be found", line->words[0]);
    }
    if (line->file != NULL) {
        file = open(line->file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (file < 0) {
            return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s: %s", line->file, strerror(errno));
        }
    }
    (void)fflush(stdout);
    if (pipe2(input, O_CLOEXEC) == 0 && pipe2(output, O_CLOEXEC) == 0) {
        out->pid = fork();
    }
    if (out->pid == 0) {
        become(line, path, input[0], output[1], file, mask);
    }
    if (out->pid < 0) {
        (void)fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s could not be started: %s", line->words[0], strerror(errno));
    }
    for (size_t i = 0; i < 3; i++) {
        int fd = i == 0 ? input[0] : i == 1 ? output[1] : file;

        if (fd >= 0) {
            (void)close(fd);
        }
    }
    out->input = input[1];
    out->output = output[0];
    if (out->pid < 0) {
        struct buffer nothing = {0};

        (void)perform_end(out, &nothing);
        buffer_free(&nothing);
        return STATUS_ENVIRONMENT;
    }
    return STATUS_OK;
}

void perform_say(struct performance *performance, const char *line)
{
    ssize_t first = write(performance->input, line, strlen(line));
    ssize_t second = write(performance->input, "\n", 1);

    /* A program that has gone leaves a closed pipe: what it had to say is heard, and its exit code tells. */
    (void)first;
    (void)second;
}

bool perform_hear(struct performance *performance, struct buffer *out)
{
    uint8_t c = 0;
    bool any = false;

    for (;;) {
        ssize_t n = read(performance->output, &c, 1);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return any;
        }
        buffer_append_byte(out, c);
        any = true;
        if (c == '\n') {
            return true;
        }
    }
}

int perform_end(struct performance *performance, struct buffer *out)
{
    int state = 0;

    if (performance->input >= 0) {
        (void)close(performance->input);
    }
    while (performance->output >= 0 && perform_hear(performance, out)) {
    }
    if (performance->output >= 0) {
        (void)close(performance->output);
    }
    while (performance->pid > 0 && waitpid(performance->pid, &state, 0) < 0 && errno == EINTR) {
    }
    *performance = (struct performance){.pid = -1, .input = -1, .output = -1};
    return WIFSIGNALED(state) ? 128 + WTERMSIG(state) : WEXITSTATUS(state);
}

int perform_stop(struct performance *performance, struct buffer *out)
{
    /* Before its input ends, which would be the end of a scan, and a record. */
    (void)kill(performance->pid, SIGINT);
    return perform_end(performance, out);
}
