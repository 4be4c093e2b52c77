/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_case: a whole seizure by the commands a person types, in this process: the 1,026 pieces of tests/data/ taken in and packed into their 27
 * pallets, the pallets sealed and handed over by scans, and the case's bundle made and verified. Opening a key file (its passphrase is made
 * slow on purpose) is measured beside it. Prints and judges nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "custody/commands.h"
#include "ledger/export.h"
#include "ledger/secret.h"
#include "tests/bench/table.h"
#include "verify/key.h"
#include "verify/name.h"
#include "verify/verdict.h"

enum { ROUNDS = 5, ITEMS = 1026, PALLETS = 27, WORDS_MAX = 40, FIRST_CASE = 7 };

#define LIST "tests/data/ppap-2018-12-13.csv"
#define TAIL "--ledger", "led", "--now", "2018-12-13T10:00:00+07:00", "--passphrase-file", "pass"
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static char list_path[512];

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

/* One command; its output goes nowhere. Seconds. */
static double run(const char *const *words)
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

/* Each call's text lives until the eighth call after it. */
static const char *name(uint64_t number)
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

/* Standard input is the pallets' tags from here on, with a seal number behind each. */
static void feed_pallets(uint64_t first, unsigned round)
{
    FILE *file = fopen("scans", "w");
    int fd;

    table_need(file != NULL, "scans");
    for (unsigned i = 0; i < PALLETS; i++) {
        (void)fprintf(file, "%s SEAL-%u-%u\n", name(first + i), round, i);
    }
    table_need(fclose(file) == 0, "scans");
    fd = open("scans", O_RDONLY);
    table_need(fd >= 0 && dup2(fd, STDIN_FILENO) >= 0 && close(fd) == 0, "standard input");
}

static double open_key(const char *path)
{
    struct secret *secret = NULL;
    struct fault fault = {0};
    double begin_s = table_now_s();

    table_must(secret_load(path, view_text("a passphrase"), &secret, &fault), &fault, path);
    begin_s = table_now_s() - begin_s;
    secret_close(secret);
    return begin_s;
}

/* Registrars 1 and 2, officers 3 and 5, custodian 4, place 6; cases from 7; then items, then containers. */
static void prepare(void)
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
    RUN("ledger", "init", "led", "--origin", "kh-pp.example/custody", "--code", "KHPP", "--threshold", "1", "--registrar", "r1.key",
        "--registrar", "r2.key", "--training", "--now", "2018-12-13T08:00:00+07:00", "--passphrase-file", "pass");
    RUN("person", "enrol", "--name", "Officer", "--office", "officer", "--key", "r1.key", "--key", "off.key", TAIL);
    RUN("person", "enrol", "--name", "Store", "--office", "custodian", "--key", "r1.key", "--key", "cust.key", TAIL);
    RUN("person", "enrol", "--name", "Second", "--office", "officer", "--key", "r1.key", "--key", "off2.key", TAIL);
    RUN("place", "open", "--name", "Store", "--key", "cust.key", TAIL);
    for (unsigned i = 0; i < ROUNDS; i++) {
        RUN("case", "open", "--docket", "PP 214/2018", "--law", "Forestry Law 2002", "--key", "off.key", TAIL);
    }
    (void)snprintf(count, sizeof count, "%d", ITEMS * ROUNDS);
    RUN("allot", count, "--key", "off.key", TAIL);
    (void)snprintf(count, sizeof count, "%d", PALLETS * ROUNDS);
    RUN("allot", count, "--containers", "--key", "off.key", TAIL);
}

static void print_s(const char *what, double s, const char *goal, double goal_s, const char *raw)
{
    struct table_row row = {.ratio = -1, .mark = goal_s <= 0 ? TABLE_NO_GOAL : s < goal_s ? TABLE_MET : TABLE_MISSED};

    (void)snprintf(row.what, sizeof row.what, "%s", what);
    (void)snprintf(row.ours, sizeof row.ours, "%.3f s", s);
    (void)snprintf(row.goal, sizeof row.goal, "%s", goal);
    (void)snprintf(row.raw, sizeof row.raw, "%s", raw);
    table_line(&row);
}

/* Seconds of a command, and those of the key files that it opens. */
struct timed {
    double all_s[ROUNDS], keys_s[ROUNDS];
};

static void print_timed(const char *what, struct timed *timed)
{
    char raw[80];

    (void)snprintf(raw, sizeof raw, "of which key files: %.3f s", table_median(timed->keys_s, ROUNDS));
    print_s(what, table_median(timed->all_s, ROUNDS), "", 0, raw);
}

static void measure_story(void)
{
    struct timed seal, release, accept;
    double intake_s[ROUNDS], key_s[ROUNDS];
    char raw[80];

    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t pallet = FIRST_CASE + ROUNDS + ITEMS * ROUNDS + PALLETS * i;

        key_s[i] = open_key("off.key");
        intake_s[i] = RUN("register", name(FIRST_CASE + i), "--items", list_path, "--pack-by", "package", "--key", "off.key", TAIL) -
                      key_s[i];
        feed_pallets(pallet, i);
        seal.keys_s[i] = open_key("off.key") + open_key("off2.key");
        seal.all_s[i] = RUN("seal", "--scan", "--key", "off.key", "--key", "off2.key", TAIL);
        feed_pallets(pallet, i);
        release.keys_s[i] = open_key("off.key");
        release.all_s[i] = RUN("release", "--scan", "--to", "custodian", "--purpose", "storage", "--key", "off.key", TAIL);
        feed_pallets(pallet, i);
        accept.keys_s[i] = open_key("cust.key");
        accept.all_s[i] = RUN("accept", "--scan", "--as", "sealed", "--place", name(6), "--key", "cust.key", TAIL);
    }
    (void)snprintf(raw, sizeof raw, "one key file, taken off: %.3f s", table_median(key_s, ROUNDS));
    print_s("intake of 1,026 items, packed into 27 pallets", table_median(intake_s, ROUNDS), "under 0.5 s beyond its signatures", 0.5, raw);
    print_timed("27 pallets sealed by scans", &seal);
    print_timed("27 pallets released by scans", &release);
    print_timed("27 pallets accepted by scans", &accept);
}

static double make(struct buffer *bundle, struct buffer *policy)
{
    struct export_request request = {.asked_count = 1};
    struct ledger *ledger = NULL;
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    uint64_t asked = FIRST_CASE;
    double begin_s = table_now_s();

    request.asked = &asked;
    buffer_free(bundle);
    buffer_free(policy);
    table_must(ledger_open("led", LEDGER_READ, NULL, &ledger, &fault), &fault, "opening");
    table_must(ledger_begin(ledger, false, &txn, &fault), &fault, "reading");
    table_must(export_bundle(txn, &request, bundle, &fault), &fault, "making a bundle");
    begin_s = table_now_s() - begin_s;
    ledger_abort(txn);
    table_must(export_policy(ledger, policy, &fault), &fault, "making a policy");
    ledger_close(ledger);
    return begin_s;
}

static double check(const struct buffer *bundle, const struct buffer *policy_text, uint64_t *signatures)
{
    struct verify_options options = {.as_of_s = NOTHING, .training = true};
    struct hasher *hasher = NULL;
    struct policy *policy = NULL;
    struct verdict verdict;
    struct fault fault = {0};
    double begin_s = table_now_s();

    table_must(hasher_open(&hasher, &fault), &fault, "hashing");
    table_must(policy_parse(hasher, buffer_view(policy_text), &policy, &fault), &fault, "reading a policy");
    table_must(verify_file(hasher, policy, buffer_view(bundle), &options, &verdict, &fault), &fault, "verifying");
    begin_s = table_now_s() - begin_s;
    table_need(verdict.status == 0, "a case that verifies");
    *signatures = verdict.signatures;
    verdict_close(&verdict);
    policy_close(policy);
    hasher_close(hasher);
    return begin_s;
}

static void measure_bundle_of_case(void)
{
    double make_s[ROUNDS], check_s[ROUNDS];
    struct buffer bundle = {0}, policy = {0};
    struct table_row row = {.ratio = -1};
    uint64_t signatures = 0;
    char raw[80];

    RUN("ledger", "checkpoint", "--ledger", "led", "--now", "2018-12-13T11:00:00+07:00");
    for (unsigned i = 0; i < ROUNDS; i++) {
        make_s[i] = make(&bundle, &policy);
        check_s[i] = check(&bundle, &policy, &signatures);
    }
    (void)snprintf(row.what, sizeof row.what, "bundle of the whole seizure");
    (void)snprintf(row.ours, sizeof row.ours, "%zu bytes", bundle.len);
    (void)snprintf(row.raw, sizeof row.raw, "the list itself: 86 023 bytes");
    table_line(&row);
    print_s("  made", table_median(make_s, ROUNDS), "", 0, "");
    (void)snprintf(raw, sizeof raw, "%llu signatures, by both libraries", (unsigned long long)signatures);
    print_s("  verified", table_median(check_s, ROUNDS), "", 0, raw);
    buffer_free(&bundle);
    buffer_free(&policy);
}

int main(void)
{
    const char *parent = getenv("TMPDIR");
    char root[128];
    char here[400];
    char command[160];
    struct fault fault = {0};

    (void)snprintf(root, sizeof root, "%s/unbroken-bench-XXXXXX", parent == NULL ? "/var/tmp" : parent);
    table_need(getcwd(here, sizeof here) != NULL && mkdtemp(root) != NULL, "making a directory");
    (void)snprintf(list_path, sizeof list_path, "%s/" LIST, here);
    table_must(key_initialise(&fault), &fault, "the libraries");
    table_begin();
    table_need(chdir(root) == 0, "a directory");
    prepare();
    measure_story();
    measure_bundle_of_case();
    table_need(chdir(here) == 0, "back");
    table_end();
    (void)snprintf(command, sizeof command, "rm -rf '%s'", root);
    table_need(system(command) == 0, "clearing up");
    return EXIT_SUCCESS;
}
