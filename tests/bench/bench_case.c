/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_case: a whole seizure by the commands a person types, in this process: the 1,026 pieces of tests/data/ taken in and packed into their 27
 * pallets, the pallets sealed and handed over by scans, and the case's bundle made and verified. Opening a key file (its passphrase is made
 * slow on purpose) is measured beside it. Prints and judges nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ledger/export.h"
#include "tests/bench/seizure.h"
#include "tests/bench/table.h"
#include "verify/verdict.h"

enum { ROUNDS = 5 };

static char list_path[512];

/* Standard input is the pallets' tags from here on, with a seal number behind each. */
static void feed_pallets(uint64_t first, unsigned round)
{
    FILE *file = fopen("scans", "w");
    int fd;

    table_need(file != NULL, "scans");
    for (unsigned i = 0; i < SEIZURE_PALLETS; i++) {
        (void)fprintf(file, "%s SEAL-%u-%u\n", seizure_name(first + i), round, i);
    }
    table_need(fclose(file) == 0, "scans");
    fd = open("scans", O_RDONLY);
    table_need(fd >= 0 && dup2(fd, STDIN_FILENO) >= 0 && close(fd) == 0, "standard input");
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
        uint64_t pallet = SEIZURE_FIRST_CASE + ROUNDS + SEIZURE_ITEMS * ROUNDS + SEIZURE_PALLETS * i;

        key_s[i] = seizure_open_key("off.key");
        intake_s[i] = SEIZURE_RUN("register", seizure_name(SEIZURE_FIRST_CASE + i), "--items", list_path, "--pack-by", "package", "--key", "off.key", SEIZURE_TAIL) -
                      key_s[i];
        feed_pallets(pallet, i);
        seal.keys_s[i] = seizure_open_key("off.key") + seizure_open_key("off2.key");
        seal.all_s[i] = SEIZURE_RUN("seal", "--scan", "--key", "off.key", "--key", "off2.key", SEIZURE_TAIL);
        feed_pallets(pallet, i);
        release.keys_s[i] = seizure_open_key("off.key");
        release.all_s[i] = SEIZURE_RUN("release", "--scan", "--to", "custodian", "--purpose", "storage", "--key", "off.key", SEIZURE_TAIL);
        feed_pallets(pallet, i);
        accept.keys_s[i] = seizure_open_key("cust.key");
        accept.all_s[i] = SEIZURE_RUN("accept", "--scan", "--as", "sealed", "--place", seizure_name(6), "--key", "cust.key", SEIZURE_TAIL);
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
    uint64_t asked = SEIZURE_FIRST_CASE;
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

    SEIZURE_RUN("ledger", "checkpoint", "--ledger", "led", "--now", "2018-12-13T11:00:00+07:00");
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
    table_begin();
    seizure_enter(list_path, sizeof list_path);
    seizure_prepare(ROUNDS);
    measure_story();
    measure_bundle_of_case();
    seizure_leave();
    table_end();
    return EXIT_SUCCESS;
}
