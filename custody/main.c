/* SPDX-License-Identifier: Apache-2.0 */
/*
 * unbroken: people's side of the ledger. Here: finding the command, errors and exit codes
 * (0 done, 1 refused or failed, 2 usage).
 */
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "custody/commands.h"
#include "verify/key.h"

/* How many words of argv the command's words take; 0: it is another command. */
static int matches(const struct command *command, int argc, char **argv)
{
    const char *space = strchr(command->words, ' ');
    size_t first = space == NULL ? strlen(command->words) : (size_t)(space - command->words);

    if (argc < 1 || strlen(argv[0]) != first || memcmp(argv[0], command->words, first) != 0) {
        return 0;
    }
    if (space == NULL) {
        return 1;
    }
    return argc >= 2 && strcmp(argv[1], space + 1) == 0 ? 2 : 0;
}

static const struct command *find(int argc, char **argv, int *words)
{
    for (size_t f = 0; command_families[f] != NULL; f++) {
        for (const struct command *command = command_families[f]; command->words != NULL; command++) {
            *words = matches(command, argc, argv);
            if (*words > 0) {
                return command;
            }
        }
    }
    return NULL;
}

static void put_heading(FILE *out, const struct command *family)
{
    for (const struct command_heading *heading = command_headings; heading->family != NULL; heading++) {
        if (heading->family == family) {
            (void)fprintf(out, "\n%s\n", heading->text);
        }
    }
}

/* All commands under their headings, or those that begin with this word. */
static size_t list_commands(FILE *out, const char *word)
{
    size_t count = 0;

    for (size_t f = 0; command_families[f] != NULL; f++) {
        if (word == NULL) {
            put_heading(out, command_families[f]);
        }
        for (const struct command *command = command_families[f]; command->words != NULL; command++) {
            size_t len = word == NULL ? 0 : strlen(word);

            if (word == NULL || (strncmp(command->words, word, len) == 0 && command->words[len] == ' ')) {
                (void)fprintf(out, "  %-23s %s\n", command->words, command->summary);
                count++;
            }
        }
    }
    return count;
}

static int no_command(int argc, char **argv)
{
    bool help = argc > 1 && (strcmp(argv[argc - 1], "--help") == 0 || strcmp(argv[argc - 1], "-h") == 0);
    const char *word = argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;

    if (help && (word == NULL || argc == 3)) {
        (void)printf("unbroken COMMAND ...: a custody ledger of seized things\n%s", word == NULL ? "" : "\n");
        if (list_commands(stdout, word) > 0) {
            (void)printf("\nunbroken COMMAND --help tells more; unbroken --version\n");
            return EXIT_DONE;
        }
    }
    if (word == NULL) {
        (void)fprintf(stderr, "unbroken: error: which command?\n");
    } else {
        (void)fprintf(stderr, "unbroken: error: there is no command \"%s%s%s\"\n", word, argc > 2 ? " " : "",
                      argc > 2 ? argv[2] : "");
        (void)list_commands(stderr, word);
    }
    (void)fprintf(stderr, "unbroken: hint: unbroken --help\n");
    return EXIT_USAGE;
}

static int tell(const struct args *args, const struct fault *fault)
{
    (void)fflush(stdout);
    if (args->training) {
        (void)fprintf(stderr, "unbroken: TRAINING\n");
    }
    (void)fprintf(stderr, "unbroken: error: %s\n", fault->text[0] == '\0' ? status_name(fault->status) : fault->text);
    if (args->hint[0] != '\0') {
        (void)fprintf(stderr, "unbroken: hint: %s\n", args->hint);
    } else if (fault->status == STATUS_FULL) {
        (void)fprintf(stderr, "unbroken: hint: nothing is lost: make space, then do it again\n");
    }
    return args->is_usage ? EXIT_USAGE : args->exit_code != EXIT_DONE ? args->exit_code : EXIT_REFUSED;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct fault fault;
    struct args args;
    int code = EXIT_DONE;
    enum status status;

    fault_clear(&fault);
    status = args_parse(command, argc, argv, &args, &fault);
    if (status == STATUS_OK && args.help) {
        args_help(stdout, command);
        args_close(&args);
        return EXIT_DONE;
    }
    if (status == STATUS_OK) {
        status = key_initialise(&fault);
    }
    if (status == STATUS_OK) {
        status = command->run(&args, &fault);
    }
    if (status == STATUS_OK && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        status = fault_set(&fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%sthe output could not be written",
                           (command->shared & (ARGS_NOW | ARGS_JSON)) == ARGS_NOW ? "it was done, but " : "");
    }
    if (status != STATUS_OK) {
        code = tell(&args, &fault);
    } else {
        code = args.exit_code;
    }
    args_close(&args);
    return code;
}

int main(int argc, char **argv)
{
    /*
     * All text is UTF-8, whatever the environment says: in the POSIX locale libsmartcols 2.38 never comes back from a
     * table with a Khmer name in it.
     */
    (void)setlocale(LC_CTYPE, "C.UTF-8");

    /* What is large goes back to the system when it is freed (a key's stretching takes 32 MB), and grows without a copy. */
    (void)mallopt(M_MMAP_THRESHOLD, 256 * 1024);

    const struct command *command;
    int words = 0;

    (void)signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write, not a death in the middle */
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        (void)printf("unbroken: format version 1\n");
        return EXIT_DONE;
    }
    command = find(argc - 1, argv + 1, &words);
    if (command == NULL) {
        return no_command(argc, argv);
    }
    return run(command, argc - 1 - words, argv + 1 + words);
}
