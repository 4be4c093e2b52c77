/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_suite: what the tests of custody/ share: a runner, a scratch directory, standard output caught in memory, and
 * children (programs, and functions on a terminal of their own) that are killed when they take too long.
 */
#ifndef UNBROKEN_TESTS_CUSTODY_SUITE_H
#define UNBROKEN_TESTS_CUSTODY_SUITE_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CHILD_LIMIT_S = 30, CHILD_TEXT_BYTES = 65536 };

/*
 * Runs the tests in a list that ends with NULL, each in a process of its own, in a scratch directory that is the working
 * directory and is removed afterwards. before (may be NULL) runs once, there, for all of them.
 */
int suite_run(const char *name, const TTest *const *tests, SFun before);
/* each (may be NULL) runs before each test, in its process. */
int suite_run_each(const char *name, const TTest *const *tests, SFun before, SFun each);

/* The file's path from the top of the tree, absolute. Lives until the next call. */
const char *suite_tree(const char *path);
void suite_write(const char *path, const char *text);
/* A NUL behind it; the caller frees. */
char *suite_read(const char *path);
/* How many names there are in a directory. */
size_t suite_count(const char *directory);

/* From here on a descriptor (1, 2) writes into memory; suite_caught gives it back and ends that. Lives until the next call. */
void suite_catch(int fd);
const char *suite_caught(void);
/* Standard input is this text from here on. */
void suite_feed(const char *text);

/* ---- children ---------------------------------------------------------------------------------- */

struct child_said {
    int code; /* exit code, or 128 and the signal */
    char text[CHILD_TEXT_BYTES]; /* standard output and error */
};

/* $BUILD/unbroken with these arguments (NULL at the end), without input and without a terminal. */
void child_unbroken(const char *const *arguments, struct child_said *said);
/* The same, standard output going to that descriptor; said->text is standard error alone. */
void child_unbroken_to(int output, const char *const *arguments, struct child_said *said);

/* What a child does; its result is the exit code. */
typedef int child_body(void *context);

/* In a session of its own, so that there is no /dev/tty. */
int child_alone(child_body *body, void *context);

/* A child on a terminal. */
struct child_tty {
    int fd;
    pid_t pid;
    size_t len;
    size_t mark; /* up to here it was expected already */
    char seen[CHILD_TEXT_BYTES];
};

void tty_open(struct child_tty *tty, child_body *body, void *context);
/* Waits until the text stands on the terminal behind what was expected before; fails the test when it does not come. */
void tty_expect(struct child_tty *tty, const char *text);
void tty_type(struct child_tty *tty, const char *text);
/* Reads to the end and gives the exit code. */
int tty_close(struct child_tty *tty);

#endif
