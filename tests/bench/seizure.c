/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "tests/bench/seizure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "custody/commands.h"
#include "ledger/secret.h"
#include "tests/bench/table.h"
#include "verify/key.h"
#include "verify/name.h"

enum { WORDS_MAX = 40 };

static char home[400], root[128];

void seizure_enter(char *list, size_t list_bytes)
{
    const char *parent = getenv("TMPDIR");
    struct fault fault = {0};

    (void)snprintf(root, sizeof root, "%s/unbroken-bench-XXXXXX", parent == NULL ? "/var/tmp" : parent);
    table_need(getcwd(home, sizeof home) != NULL && mkdtemp(root) != NULL, "making a directory");
    (void)snprintf(list, list_bytes, "%s/" SEIZURE_LIST, home);
    table_must(key_initialise(&fault), &fault, "the libraries");
    table_need(chdir(root) == 0, "a directory");
}

void seizure_leave(void)
{
    char command[160];

    table_need(chdir(home) == 0, "back");
    (void)snprintf(command, sizeof command, "rm -rf '%s'", root);
    table_need(system(command) == 0, "clearing up");
}

const char *seizure_home(void)
{
    return home;
}

static const struct command *find(const char *const *words, int *taken)
{
    char two[64];

    (void)snprintf(two, sizeof two, "%s %s", words[0], words[1]);
    for (size_t f = 0; command_families[f] != NULL; f++) {
        for (const struct command *command = command_families[f]; command->words != NULL; command++) {
            if (strcmp(command->words, words[0]) == 0 || strcmp(command->words, two) == 0) {
                *taken = strcmp(command->words, two) == 0 ? 2 : 1;
                return command;
            }
        }
    }
    table_need(0, words[0]);
    return NULL;
}

double seizure_run(const char *const *words)
{
    static char *argv[WORDS_MAX];
    struct fault fault = {0};
    struct args args;
    int taken = 0;
    int argc = 0;
    const struct command *command = find(words, &taken);
    double begin_s;
    int kept = dup(STDOUT_FILENO);

    for (const char *const *at = words + taken; *at != NULL; at++) {
        free(argv[argc]);
        argv[argc++] = strdup(*at);
    }
    table_must(args_parse(command, argc, argv, &args, &fault), &fault, words[0]);
    (void)fflush(stdout);
    table_need(freopen("/dev/null", "w", stdout) != NULL, "/dev/null");
    begin_s = table_now_s();
    table_must(command->run(&args, &fault), &fault, words[0]);
    begin_s = table_now_s() - begin_s;
    (void)fflush(stdout);
    table_need(dup2(kept, STDOUT_FILENO) >= 0 && close(kept) == 0, "standard output");
    args_close(&args);
    return begin_s;
}

const char *seizure_name(uint64_t number)
{
    static char names[8][NAME_BYTES];
    static size_t next;
    char *out = names[next++ % 8];

    name_format(view_text("KHPP"), number, out);
    return out;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    table_need(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, path);
}

double seizure_open_key(const char *path)
{
    struct secret *secret = NULL;
    struct fault fault = {0};
    double begin_s = table_now_s();

    table_must(secret_load(path, view_text("a passphrase"), &secret, &fault), &fault, path);
    begin_s = table_now_s() - begin_s;
    secret_close(secret);
    return begin_s;
}

void seizure_prepare(unsigned cases)
{
    static const char *const keys[] = {"r1.key", "r2.key", "off.key", "cust.key", "off2.key"};
    struct fault fault = {0};
    char count[16];

    write_file("pass", "a passphrase\n");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        uint8_t seed[32];
        struct secret *secret = NULL;

        memset(seed, (int)i + 1, sizeof seed);
        table_must(secret_from_seed(seed, &secret, &fault), &fault, "a key");
        table_must(secret_save(secret, keys[i], view_text("a passphrase"), &fault), &fault, keys[i]);
        secret_close(secret);
    }
    SEIZURE_RUN("ledger", "init", "led", "--origin", "kh-pp.example/custody", "--code", "KHPP", "--threshold", "1", "--registrar", "r1.key",
        "--registrar", "r2.key", "--training", "--now", "2018-12-13T08:00:00+07:00", "--passphrase-file", "pass");
    SEIZURE_RUN("person", "enrol", "--name", "Officer", "--office", "officer", "--key", "r1.key", "--key", "off.key", SEIZURE_TAIL);
    SEIZURE_RUN("person", "enrol", "--name", "Store", "--office", "custodian", "--key", "r1.key", "--key", "cust.key", SEIZURE_TAIL);
    SEIZURE_RUN("person", "enrol", "--name", "Second", "--office", "officer", "--key", "r1.key", "--key", "off2.key", SEIZURE_TAIL);
    SEIZURE_RUN("place", "open", "--name", "Store", "--key", "cust.key", SEIZURE_TAIL);
    for (unsigned i = 0; i < cases; i++) {
        SEIZURE_RUN("case", "open", "--docket", "PP 214/2018", "--law", "Forestry Law 2002", "--key", "off.key", SEIZURE_TAIL);
    }
    (void)snprintf(count, sizeof count, "%u", SEIZURE_ITEMS * cases);
    SEIZURE_RUN("allot", count, "--key", "off.key", SEIZURE_TAIL);
    (void)snprintf(count, sizeof count, "%u", SEIZURE_PALLETS * cases);
    SEIZURE_RUN("allot", count, "--containers", "--key", "off.key", SEIZURE_TAIL);
}
