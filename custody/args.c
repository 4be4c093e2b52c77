/* SPDX-License-Identifier: Apache-2.0 */
/*
 * args: parsing by declaration, and help. Not here: what the options mean (the commands).
 */
#include "custody/args.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct option ledger_options[] = {
    {"--ledger", OPTION_VALUE, "DIR", "the ledger's directory (or UNBROKEN_LEDGER)"},
    {"--head", OPTION_VALUE, "FILE", "where the last signed head is remembered (beside DIR)"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option now_options[] = {
    {"--now", OPTION_VALUE, "TIME", "the clock, in training ledgers only: 2018-12-13T09:00:00+07:00"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option key_options[] = {
    {"--key", OPTION_MANY, "FILE", "a signer's key file, in the order of signing (or UNBROKEN_KEY)"},
    {"--passphrase-file", OPTION_MANY, "FILE", "its first line is the passphrase; one for all keys or one for each"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option sign_options[] = {
    {"--as-office", OPTION_MANY, "OFFICE", "the office in which each signer signs, where several would do"},
    {"--draft", OPTION_VALUE, "FILE", "write a draft for others to sign, instead of recording"},
    {"--offline", OPTION_FLAG, NULL, "with --draft: it is signed where the ledger cannot be reached, and says so"},
    {"--signer", OPTION_MANY, "PERSON", "with --draft: who else signs, in the order of signing; PERSON=OFFICE"},
    {"--deviation", OPTION_VALUE, "REASON", "record it although it breaks a rule of custody; shown in every verdict"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option cosign_options[] = {
    {"--no-witnesses", OPTION_FLAG, NULL, "do not ask the witnesses for their cosignatures now"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option json_options[] = {
    {"--json", OPTION_FLAG, NULL, "print JSON"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option no_options[] = {{NULL, OPTION_FLAG, NULL, NULL}};

enum { GROUPS = 7 };

static const struct option *group(const struct command *command, size_t i)
{
    switch (i) {
    case 0: return command->options == NULL ? no_options : command->options;
    case 1: return (command->shared & ARGS_JSON) != 0 ? json_options : no_options;
    case 2: return (command->shared & ARGS_SIGN) != 0 ? sign_options : no_options;
    case 3: return (command->shared & ARGS_KEYS) != 0 ? key_options : no_options;
    case 4: return (command->shared & ARGS_COSIGN) != 0 ? cosign_options : no_options;
    case 5: return (command->shared & ARGS_LEDGER) != 0 ? ledger_options : no_options;
    default: return (command->shared & ARGS_NOW) != 0 ? now_options : no_options;
    }
}

static const struct option *find_option(const struct command *command, struct view name)
{
    for (size_t g = 0; g < GROUPS; g++) {
        for (const struct option *option = group(command, g); option->name != NULL; option++) {
            if (view_equal(view_text(option->name), name)) {
                return option;
            }
        }
    }
    return NULL;
}

enum status args_usage(struct args *args, struct fault *fault, const char *format, ...)
{
    char text[FAULT_TEXT_BYTES];
    va_list list;

    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    args->is_usage = true;
    args_hint(args, "unbroken %s --help", args->command->words);
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s", text);
}

void args_hint(struct args *args, const char *format, ...)
{
    va_list list;

    if (args->hint[0] == '\0') {
        va_start(list, format);
        (void)vsnprintf(args->hint, sizeof args->hint, format, list);
        va_end(list);
    }
}

/* One option and, unless it is a flag, its value: "--to=X" or "--to X". Returns how many of argv it took; 0: fault. */
static int take_option(struct args *args, int left, char **argv, struct fault *fault)
{
    const char *equals = strchr(argv[0], '=');
    struct view name = equals == NULL ? view_text(argv[0]) : view_of(argv[0], (size_t)(equals - argv[0]));
    const struct option *option = find_option(args->command, name);
    const char *value = "";
    int taken = 1;

    if (option == NULL) {
        (void)args_usage(args, fault, "%s has no option %.*s", args->command->words, (int)name.len, (const char *)name.ptr);
        return 0;
    }
    for (size_t i = 0; i < args->given_count && option->kind != OPTION_MANY; i++) {
        if (args->given[i].option == option) {
            (void)args_usage(args, fault, "%s stands twice", option->name);
            return 0;
        }
    }
    if (option->kind == OPTION_FLAG && equals != NULL) {
        (void)args_usage(args, fault, "%s takes no value", option->name);
        return 0;
    }
    if (option->kind != OPTION_FLAG) {
        if (equals == NULL && left < 2) {
            (void)args_usage(args, fault, "%s needs a value: %s", option->name, option->value);
            return 0;
        }
        value = equals != NULL ? equals + 1 : argv[1];
        taken = equals != NULL ? 1 : 2;
    }
    args->given[args->given_count++] = (struct given){.option = option, .value = value};
    return taken;
}

enum status args_parse(const struct command *command, int argc, char **argv, struct args *out, struct fault *fault)
{
    bool options = true;

    *out = (struct args){.command = command};
    out->given = calloc((size_t)argc + 1, sizeof *out->given);
    out->arguments = calloc((size_t)argc + 1, sizeof *out->arguments);
    if (out->given == NULL || out->arguments == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %d arguments", argc);
    }
    for (int i = 0; i < argc;) {
        int taken = 1;

        if (options && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            out->help = true;
            return STATUS_OK;
        }
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && argv[i][0] == '-' && argv[i][1] != '\0') {
            taken = take_option(out, argc - i, argv + i, fault);
            if (taken == 0) {
                return STATUS_REFUSED;
            }
        } else {
            out->arguments[out->argument_count++] = argv[i];
        }
        i += taken;
    }
    if (out->argument_count < command->at_least) {
        return args_usage(out, fault, "%s needs %s", command->words, command->arguments);
    }
    if (out->argument_count > command->at_most) {
        return args_usage(out, fault, "%s: one argument too many: %s", command->words, out->arguments[command->at_most]);
    }
    return STATUS_OK;
}

void args_close(struct args *args)
{
    for (size_t i = 0; i < args->given_count; i++) {
        buffer_free(&args->given[i].file);
    }
    free(args->given);
    free(args->arguments);
    args->given = NULL;
    args->given_count = 0;
    args->arguments = NULL;
}

bool args_declares(const struct args *args, const char *name)
{
    return find_option(args->command, view_text(name)) != NULL;
}

size_t args_count(const struct args *args, const char *name)
{
    const struct option *option = find_option(args->command, view_text(name));
    size_t count = 0;

    assert(option != NULL); /* a command asks only for what it has declared */
    for (size_t i = 0; i < args->given_count; i++) {
        count += args->given[i].option == option ? 1 : 0;
    }
    return count;
}

const char *args_nth(const struct args *args, const char *name, size_t nth)
{
    const struct option *option = find_option(args->command, view_text(name));

    assert(option != NULL);
    for (size_t i = 0; i < args->given_count; i++) {
        if (args->given[i].option == option && nth-- == 0) {
            return args->given[i].value;
        }
    }
    return NULL;
}

const char *args_value(const struct args *args, const char *name)
{
    return args_nth(args, name, 0);
}

bool args_flag(const struct args *args, const char *name)
{
    return args_value(args, name) != NULL;
}

enum status args_required(struct args *args, const char *name, const char **out, struct fault *fault)
{
    *out = args_value(args, name);
    if (*out == NULL || (*out)[0] == '\0') {
        return args_usage(args, fault, "%s needs %s", args->command->words, name);
    }
    return STATUS_OK;
}

void args_help(FILE *out, const struct command *command)
{
    bool any = false;

    (void)fprintf(out, "unbroken %s%s%s\n\n%s\n", command->words, command->arguments[0] == '\0' ? "" : " ", command->arguments,
                  command->summary);
    for (size_t g = 0; g < GROUPS; g++) {
        for (const struct option *option = group(command, g); option->name != NULL; option++) {
            char left[64];

            (void)snprintf(left, sizeof left, "%s%s%s", option->name, option->value == NULL ? "" : " ",
                           option->value == NULL ? "" : option->value);
            (void)fprintf(out, "%s  %-26s %s%s\n", any ? "" : "\n", left, option->help,
                          option->kind == OPTION_MANY ? "; may stand several times" : "");
            any = true;
        }
    }
    (void)fprintf(out, "\nexample:\n  %s\n", command->example);
    if (command->json != NULL) {
        (void)fprintf(out, "\n--json prints:\n  %s\n", command->json);
    }
}
