/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One test file for all of command_*.c: their tables. What the commands do is tried end to end by the test_*.sh beside
 * this file, and through their tables by test_handover.c, test_session*.c and test_found.c.
 *
 * Breaks when a command cannot be reached, does not say what it is for, shows another command's example, or takes an
 * option that means two things.
 */
#include "custody/commands.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/custody_suite.h"
#include "verify/acts.h"

enum { COMMANDS_MAX = 128 };

static const struct command *commands[COMMANDS_MAX];
static size_t count;

static void gather(void)
{
    for (size_t f = 0; command_families[f] != NULL; f++) {
        ck_assert_ptr_nonnull(command_families[f]->words); /* no family is empty */
        for (const struct command *command = command_families[f]; command->words != NULL; command++) {
            ck_assert_uint_lt(count, COMMANDS_MAX);
            commands[count++] = command;
        }
    }
}

START_TEST(words_are_one_or_two)
{
    for (size_t i = 0; i < count; i++) {
        size_t spaces = 0;

        for (const char *at = commands[i]->words; *at != '\0'; at++) {
            ck_assert_msg(islower((unsigned char)*at) || *at == '-' || *at == ' ', "%s", commands[i]->words);
            spaces += *at == ' ' ? 1 : 0;
        }
        ck_assert_msg(spaces <= 1 && isalpha((unsigned char)commands[i]->words[0]), "%s", commands[i]->words);
    }
}
END_TEST

/* Neither the same words, nor one word that is another's first: the second could not be reached. */
START_TEST(no_command_hides_another)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            size_t len = strlen(commands[i]->words);

            ck_assert_msg(i == j || strncmp(commands[j]->words, commands[i]->words, len) != 0 ||
                              (commands[j]->words[len] != '\0' && commands[j]->words[len] != ' '),
                          "%s and %s", commands[i]->words, commands[j]->words);
        }
    }
}
END_TEST

START_TEST(each_says_what_it_is_for)
{
    for (size_t i = 0; i < count; i++) {
        const struct command *command = commands[i];

        ck_assert_msg(command->summary != NULL && strlen(command->summary) > 8, "%s", command->words);
        ck_assert_msg(strchr(command->summary, '\n') == NULL, "%s", command->words);
        ck_assert_ptr_nonnull(command->arguments);
        ck_assert_msg(command->run != NULL, "%s", command->words);
        ck_assert_msg(command->at_least <= command->at_most, "%s", command->words);
        /* Arguments that it takes have a name, and a name is of arguments that it takes. */
        ck_assert_msg((command->at_most > 0) == (command->arguments[0] != '\0'), "%s", command->words);
    }
}
END_TEST

START_TEST(each_example_is_its_own)
{
    for (size_t i = 0; i < count; i++) {
        char begin[64];
        size_t len = (size_t)snprintf(begin, sizeof begin, "unbroken %s", commands[i]->words);

        ck_assert_ptr_nonnull(commands[i]->example);
        ck_assert_msg(strncmp(commands[i]->example, begin, len) == 0 && strchr(" ", commands[i]->example[len]) != NULL, "%s",
                      commands[i]->example);
    }
}
END_TEST

static const struct option *own_option(const struct command *command, const char *name, size_t len)
{
    for (const struct option *option = command->options; option != NULL && option->name != NULL; option++) {
        if (strlen(option->name) == len && memcmp(option->name, name, len) == 0) {
            return option;
        }
    }
    return NULL;
}

/* Splits as a shell would, quotes of one kind; what stands behind > or # is the shell's own. */
static int split(char *text, char **argv, int max)
{
    int argc = 0;
    char *to = text;
    bool quoted = false;
    bool inside = false;

    for (char *at = text; *at != '\0'; at++) {
        char c = *at;

        if ((c == '>' || c == '#') && !quoted) {
            break;
        }
        if (!quoted && (c == ' ' || c == '\n' || c == '\\')) {
            if (inside) {
                *to++ = '\0';
            }
            inside = false;
            continue;
        }
        if (!inside && argc < max) {
            argv[argc++] = to;
            inside = true;
        }
        if (c == '\'') {
            quoted = !quoted;
        } else {
            *to++ = c;
        }
    }
    *to = '\0';
    return argc;
}

/* Its options exist, each is well used, and the arguments are as many as it takes. */
static void try_example(const struct command *command, const char *from, size_t len)
{
    char text[512];
    char *argv[64];
    struct fault fault;
    struct args args;
    int words = strchr(command->words, ' ') == NULL ? 2 : 3;
    int argc;

    (void)snprintf(text, sizeof text, "%.*s", (int)len, from);
    argc = split(text, argv, 64);
    ck_assert_int_ge(argc, words);
    fault_clear(&fault);
    ck_assert_msg(args_parse(command, argc - words, argv + words, &args, &fault) == STATUS_OK, "%.*s: %s", (int)len, from, fault.text);
    ck_assert(!args.help);
    args_close(&args);
}

/* One command a line; a backslash at its end goes on with the next. */
START_TEST(each_example_can_be_typed)
{
    for (size_t i = 0; i < count; i++) {
        const char *from = commands[i]->example;

        for (const char *at = from;; at++) {
            if (*at == '\0' || (*at == '\n' && at[-1] != '\\')) {
                if (strncmp(from, "openssl ", 8) != 0) { /* what to do with what was written */
                    try_example(commands[i], from, (size_t)(at - from));
                }
                from = at + 1;
            }
            if (*at == '\0') {
                break;
            }
        }
    }
}
END_TEST

/* What every command has comes from args.c: no command may give one of those names, or one of its own twice. */
START_TEST(options_mean_one_thing)
{
    static const struct {
        unsigned mask;
        const char *names[6];
    } shared[] = {{ARGS_LEDGER, {"--ledger", "--head"}},
                  {ARGS_NOW, {"--now"}},
                  {ARGS_KEYS, {"--key", "--passphrase-file"}},
                  {ARGS_SIGN, {"--as-office", "--draft", "--offline", "--signer", "--deviation"}},
                  {ARGS_JSON, {"--json"}}};

    for (size_t i = 0; i < count; i++) {
        const struct command *command = commands[i];

        for (size_t g = 0; g < sizeof shared / sizeof shared[0]; g++) {
            for (size_t n = 0; n < 6 && shared[g].names[n] != NULL && (command->shared & shared[g].mask) != 0; n++) {
                ck_assert_msg(own_option(command, shared[g].names[n], strlen(shared[g].names[n])) == NULL, "%s %s",
                              command->words, shared[g].names[n]);
            }
        }
        for (const struct option *option = command->options; option != NULL && option->name != NULL; option++) {
            ck_assert_msg(own_option(command, option->name, strlen(option->name)) == option, "%s %s twice", command->words,
                          option->name);
            ck_assert_msg(option->name[0] == '-' && strcmp(option->name, "--help") != 0 && strcmp(option->name, "-h") != 0, "%s",
                          option->name);
            ck_assert_msg((option->kind == OPTION_FLAG) == (option->value == NULL), "%s %s", command->words, option->name);
            ck_assert_msg(option->help != NULL && option->help[0] != '\0', "%s %s", command->words, option->name);
        }
    }
}
END_TEST

/* Every command that signs also has keys, a ledger and a clock. */
START_TEST(signing_needs_keys)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_msg((commands[i]->shared & ARGS_SIGN) == 0 || (commands[i]->shared & ARGS_ACT) == ARGS_ACT, "%s",
                      commands[i]->words);
    }
}
END_TEST

START_TEST(json_is_documented)
{
    for (size_t i = 0; i < count; i++) {
        const struct command *command = commands[i];

        ck_assert_msg(((command->shared & ARGS_JSON) != 0) == (command->json != NULL), "%s", command->words);
        ck_assert_msg(command->json == NULL || command->json[0] == '{', "%s", command->words);
    }
}
END_TEST

START_TEST(help_tells_all_of_it)
{
    for (size_t i = 0; i < count; i++) {
        const struct command *command = commands[i];
        struct child_said *said = malloc(sizeof *said);
        const char *space = strchr(command->words, ' ');
        char first[32];

        ck_assert_ptr_nonnull(said);
        (void)snprintf(first, sizeof first, "%.*s", space == NULL ? 31 : (int)(space - command->words), command->words);
        child_unbroken((const char *const[]){first, space == NULL ? "--help" : space + 1, space == NULL ? NULL : "--help", NULL},
                       said);
        ck_assert_int_eq(said->code, EXIT_DONE);
        ck_assert_msg(strncmp(said->text, "unbroken ", 9) == 0 &&
                          strncmp(said->text + 9, command->words, strlen(command->words)) == 0,
                      "%s", said->text);
        ck_assert_msg(strstr(said->text, command->summary) != NULL, "%s", command->words);
        ck_assert_msg(strstr(said->text, command->example) != NULL, "%s", command->words);
        ck_assert_msg(command->json == NULL || strstr(said->text, command->json) != NULL, "%s", command->words);
        for (const struct option *option = command->options; option != NULL && option->name != NULL; option++) {
            ck_assert_msg(strstr(said->text, option->help) != NULL, "%s %s", command->words, option->name);
        }
        free(said);
    }
}
END_TEST

/* Each act of SPEC 7.2 can be done by a command whose words are given here. */
START_TEST(each_act_has_a_command)
{
    static const char *const words[KIND_COUNT] = {
        "ledger init", "person enrol", "person appoint", "person end", "person rekey", "person revoke", "ledger station-key",
        "ledger clock", "place open", "case open", "allot", "void", "seize", "register", "move", "pack", "unpack", "seal", "unseal",
        "reseal", "release", "accept", "refuse", "withdraw", "handout", "takeback", "shelve", "stocktake", "weigh", "examine",
        "identify", "sample", "split", "animal", "consume", "dispose", "attach", "note", "label", "disclose", "correct", "same-as",
        "lodge", "adopt", "order", "erase"};

    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        bool found = false;

        for (size_t i = 0; i < count; i++) {
            size_t len = strlen(words[kind]);

            found = found || (strncmp(commands[i]->words, words[kind], len) == 0 && strchr(" ", commands[i]->words[len]) != NULL);
        }
        ck_assert_msg(found, "no command makes the act \"%s\"", act_rule(kind)->name);
    }
}
END_TEST

/* A heading whose family is gone would vanish from the help, and its commands would stand under another. */
START_TEST(headings_stand_above_families_in_order)
{
    size_t at = 0;

    ck_assert_ptr_eq(command_headings[0].family, command_families[0]);
    for (const struct command_heading *heading = command_headings; heading->family != NULL; heading++) {
        while (command_families[at] != NULL && command_families[at] != heading->family) {
            at++;
        }
        ck_assert_msg(command_families[at] != NULL, "%s", heading->text);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {words_are_one_or_two,    no_command_hides_another,  each_says_what_it_is_for,
                                  each_example_is_its_own, each_example_can_be_typed, options_mean_one_thing,
                                  signing_needs_keys,      json_is_documented,        help_tells_all_of_it,
                                  each_act_has_a_command,  headings_stand_above_families_in_order,
                                  NULL};

    return suite_run("commands", tests, gather);
}
