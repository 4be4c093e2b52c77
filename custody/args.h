/* SPDX-License-Identifier: Apache-2.0 */
/*
 * args: the command line, declared: each command is a row with its options, help and example. An option that is
 * unknown, doubled or without its value is refused before anything is opened.
 */
#ifndef UNBROKEN_CUSTODY_ARGS_H
#define UNBROKEN_CUSTODY_ARGS_H

#include <stdio.h>

#include "verify/bytes.h"

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

enum option_kind { OPTION_FLAG, OPTION_VALUE, OPTION_MANY };

struct option {
    const char *name;  /* "--to"; NULL ends a list */
    enum option_kind kind;
    const char *value; /* "PERSON"; NULL for a flag */
    const char *help;
};

/* Options that many commands share: mask. */
enum { ARGS_LEDGER = 1, ARGS_NOW = 2, ARGS_KEYS = 4, ARGS_SIGN = 8, ARGS_JSON = 16, ARGS_COSIGN = 32 };

struct args;

struct command {
    const char *words;     /* "person enrol"; NULL ends a list */
    const char *arguments; /* "SUBJECT..." */
    const char *summary;
    size_t at_least, at_most; /* arguments */
    unsigned shared;
    const struct option *options; /* NULL: none of its own */
    const char *example;
    const char *json; /* the shape of --json, where shared has ARGS_JSON */
    /* On failure the fault is printed by main. */
    enum status (*run)(struct args *args, struct fault *fault);
};

enum { ARGS_GIVEN_MAX = 4096, ARGS_HINT_BYTES = 256 };

struct given {
    const struct option *option;
    const char *value; /* "" for a flag */
    struct buffer file; /* what stated_check has read of the file that value names; owned */
};

/* Borrows argv. */
struct args {
    const struct command *command;
    struct given *given;
    size_t given_count;
    const char **arguments;
    size_t argument_count;
    bool help;
    bool training;              /* set once the ledger is known to be one */
    bool is_usage;             /* the failure is one of usage: exit code 2 */
    int exit_code;             /* of a command whose answer is its exit code, and of its failures that are none of usage; 0: the usual ones */
    char hint[ARGS_HINT_BYTES]; /* printed after the error; "" when the reader cannot act */
};

/* argv without the program and the command's words. Errors: STATUS_REFUSED (usage), STATUS_MEMORY. */
MUST_USE enum status args_parse(const struct command *command, int argc, char **argv, struct args *out,
                                struct fault *fault);
void args_close(struct args *args);

/* The value, "" for a flag that stands there, NULL when it does not. The name must be declared (asserted). */
const char *args_value(const struct args *args, const char *name);
bool args_flag(const struct args *args, const char *name);
/* May the command be given this option at all? For code that serves several commands. */
bool args_declares(const struct args *args, const char *name);
size_t args_count(const struct args *args, const char *name);
/* The i-th value of an OPTION_MANY. */
const char *args_nth(const struct args *args, const char *name, size_t i);
/* As args_value, but a missing one is a usage error. */
MUST_USE enum status args_required(struct args *args, const char *name, const char **out, struct fault *fault);

/* Marks a usage error and fills the fault. */
enum status args_usage(struct args *args, struct fault *fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* What the reader can do about the error that follows. The first hint stays. */
void args_hint(struct args *args, const char *format, ...) __attribute__((format(printf, 2, 3)));

void args_help(FILE *out, const struct command *command);

#endif
