/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_station: a small training ledger made by the commands themselves, in this process, in the working directory.
 * Included as text, since the tests of the other layers have no custody to link.
 *
 * led: founders 1 and 2 (r1.key, r2.key; one must sign), officer 3 (off.key), custodian 4 (cust.key), case 5, place 6,
 * numbers 7 to 16 allotted to the officer, of which 7, 8 and 9 are registered: records 0 to 6.
 */
#ifndef UNBROKEN_TESTS_CUSTODY_STATION_H
#define UNBROKEN_TESTS_CUSTODY_STATION_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/session.h"
#include "ledger/secret.h"
#include "tests/support/custody_suite.h"

#define STATION_MAYBE __attribute__((unused)) static
#define STATION_NOW "2018-12-13T10:00:00+07:00"

enum { STATION_RECORDS = 7, STATION_REGISTRAR = 1, STATION_OFFICER = 3, STATION_CUSTODIAN = 4, STATION_CASE = 5, STATION_PLACE = 6,
       STATION_FIRST = 7, STATION_LAST = 16 };

#define WORDS(...) (const char *const[]){__VA_ARGS__, NULL}

/* The command whose words begin the list, and how many words these are. */
STATION_MAYBE const struct command *station_command(const char *const *words, int *taken)
{
    char two[64];

    (void)snprintf(two, sizeof two, "%s %s", words[0], words[1] == NULL ? "" : words[1]);
    for (size_t f = 0; command_families[f] != NULL; f++) {
        for (const struct command *command = command_families[f]; command->words != NULL; command++) {
            if (strcmp(command->words, words[0]) == 0 || strcmp(command->words, two) == 0) {
                *taken = strchr(command->words, ' ') == NULL ? 1 : 2;
                return command;
            }
        }
    }
    ck_abort_msg("there is no command %s", two);
    return NULL;
}

/* Parses a command line, which must be well-formed; args_close is the caller's. */
STATION_MAYBE void station_args(const char *const *words, struct args *args)
{
    static char *argv[1024];
    struct fault fault = {0};
    int taken = 0;
    int argc = 0;
    const struct command *command = station_command(words, &taken);

    while (words[taken + argc] != NULL) {
        argv[argc] = (char *)(uintptr_t)words[taken + argc]; /* only read */
        argc++;
    }
    ck_assert_msg(args_parse(command, argc, argv, args, &fault) == STATUS_OK, "%s: %s", words[0], fault.text);
}

/* Runs a command; what it printed on standard output is in suite_caught's text. */
STATION_MAYBE enum status station_try(const char *const *words, struct fault *fault, const char **said)
{
    struct args args;
    enum status status;

    fault_clear(fault);
    station_args(words, &args);
    suite_catch(1);
    status = args.command->run(&args, fault);
    *said = suite_caught();
    args_close(&args);
    return status;
}

/* One that must succeed. */
STATION_MAYBE const char *station_do(const char *const *words)
{
    struct fault fault;
    const char *said;
    enum status status = station_try(words, &fault, &said);

    ck_assert_msg(status == STATUS_OK, "%s %s: %s: %s", words[0], words[1], status_name(status), fault.text);
    return said;
}

/* Each call's text lives until the eighth call after it. */
STATION_MAYBE const char *station_name(uint64_t number)
{
    static char names[8][NAME_BYTES];
    static size_t next;
    char *out = names[next++ % 8];

    name_format(view_text("KHPP"), number, out);
    return out;
}

/* From a seed, so that the same name is the same key. */
STATION_MAYBE void station_key(const char *path, uint8_t fill)
{
    struct secret *secret = NULL;
    struct fault fault = {0};
    uint8_t seed[32];

    memset(seed, fill, sizeof seed);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(secret_from_seed(seed, &secret, &fault), STATUS_OK);
    ck_assert_msg(secret_save(secret, path, view_text("a passphrase"), &fault) == STATUS_OK, "%s", fault.text);
    secret_close(secret);
}

#define STATION_TAIL "--ledger", "led", "--now", STATION_NOW, "--passphrase-file", "pass"

STATION_MAYBE void station_people(void)
{
    suite_write("pass", "a passphrase\n");
    station_key("r1.key", 1);
    station_key("r2.key", 2);
    station_key("off.key", 3);
    station_key("cust.key", 4);
}

STATION_MAYBE void station_make(void)
{
    station_people();
    station_do(WORDS("ledger", "init", "led", "--origin", "kh-pp.example/custody", "--code", "KHPP", "--threshold", "1",
                     "--registrar", "r1.key", "--registrar", "r2.key", "--training", "--now", "2018-12-13T08:00:00+07:00",
                     "--passphrase-file", "pass"));
    station_do(WORDS("person", "enrol", "--name", "Sok Dara", "--office", "officer", "--key", "r1.key", "--key", "off.key",
                     STATION_TAIL));
    station_do(WORDS("person", "enrol", "--name", "Keo Store", "--office", "custodian", "--key", "r1.key", "--key", "cust.key",
                     STATION_TAIL));
    station_do(WORDS("case", "open", "--docket", "PP 214/2018", "--law", "Forestry Law", "--key", "off.key", STATION_TAIL));
    station_do(WORDS("place", "open", "--name", "Store", "--key", "cust.key", STATION_TAIL));
    station_do(WORDS("allot", "10", "--key", "off.key", STATION_TAIL));
    suite_write("items.csv", "ref,description,quantity,unit\nT-1,tusk,1,piece\nT-2,tusk,1,piece\nT-3,tusks,2,piece\n");
    station_do(WORDS("register", station_name(STATION_CASE), "--items", "items.csv", "--key", "off.key", STATION_TAIL));
}

STATION_MAYBE uint64_t station_records(void)
{
    struct ledger *ledger = NULL;
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    uint64_t size;

    ck_assert_msg(ledger_open("led", LEDGER_READ, NULL, &ledger, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert_int_eq(ledger_begin(ledger, false, &txn, &fault), STATUS_OK);
    size = ledger_size(txn);
    ledger_abort(txn);
    ledger_close(ledger);
    return size;
}

#endif
