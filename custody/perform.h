/* SPDX-License-Identifier: Apache-2.0 */
/*
 * perform: runs a command line as it stands there, with the programs themselves: `unbroken` is the running program once more, and
 * `unbroken-verify` the one beside it. Not here: a shell; of its language only quotes and a last "> FILE" are known.
 */
#ifndef UNBROKEN_CUSTODY_PERFORM_H
#define UNBROKEN_CUSTODY_PERFORM_H

#include <signal.h>
#include <sys/types.h>

#include "verify/bytes.h"

enum { PERFORM_WORDS_MAX = 40 };

/* A command line taken apart. Owned. */
struct perform_line {
    char *words[PERFORM_WORDS_MAX + 1]; /* NULL behind the last */
    size_t count;
    char *file; /* "> FILE", or NULL */
};

/* What "{slot}" stands for; NULL: there is none (asserted). */
typedef const char *perform_slot(const void *context, struct view slot);

/*
 * A template into words: 'single quotes' keep spaces, {slots} are filled in afterwards, so that nothing in them is taken for a quote.
 * Errors: STATUS_MEMORY. A template that is no command line is our own bug (asserted).
 */
MUST_USE enum status perform_parse(const char *template, perform_slot *slot, const void *context, struct perform_line *out,
                                   struct fault *fault);
void perform_free(struct perform_line *line);
/* As it would be typed into a shell, "\" at the end of a line that goes on; options begin lines where it is long. */
void perform_print(const struct perform_line *line, struct buffer *out);
/* Text with its {slots} filled in. */
void perform_fill(const char *text, perform_slot *slot, const void *context, struct buffer *out);

/* Is unbroken-verify there? Errors: STATUS_MISSING. */
MUST_USE enum status perform_check(struct fault *fault);

/* A program that runs. */
struct performance {
    pid_t pid;
    int input;  /* its standard input; -1: closed */
    int output; /* its standard output and error; with "> FILE" its error alone */
};

/* Its signals are those of mask; its standard input waits for perform_say or perform_end. Errors: STATUS_ENVIRONMENT. */
MUST_USE enum status perform_start(const struct perform_line *line, const sigset_t *mask, struct performance *out,
                                   struct fault *fault);
/* One line to its standard input. A program that has ended does not mind. */
void perform_say(struct performance *performance, const char *line);
/* Its next line, with the line's end, appended to out; false: there is no more. */
bool perform_hear(struct performance *performance, struct buffer *out);
/* Closes its input, appends all that it still says, and waits: the exit code, or 128 and the signal. */
int perform_end(struct performance *performance, struct buffer *out);
/* The same, after it was asked to stop (SIGINT). */
int perform_stop(struct performance *performance, struct buffer *out);

#endif
