/* SPDX-License-Identifier: Apache-2.0 */
/* measure_check: the full check of a ledger, what it takes on disk and in memory. */
#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ledger/care.h"
#include "tests/bench/memory.h"
#include "tests/bench/table.h"

enum { ROUNDS = 3 };

#define MIB (1 << 20)

struct times {
    double fsck_s[ROUNDS];
    double busy_s[ROUNDS]; /* processor time of fsck, all threads */
    double without_busy_s[ROUNDS];
    double sodium_s[ROUNDS];
    double sodium_busy_s[ROUNDS];
    double sodium_all_s[ROUNDS];
    double openssl_s[ROUNDS];
    double walk_busy_s[ROUNDS];
};

static double fsck(const char *dir, const struct fsck_options *options, struct fsck_report *report, double *busy_s)
{
    struct ledger *ledger = NULL;
    struct fault fault = {0};
    double begin_busy_s = table_processor_s();
    double begin_s = table_now_s();
    double took_s;

    table_must(ledger_open(dir, LEDGER_READ, NULL, &ledger, &fault), &fault, "opening");
    table_must(ledger_fsck(ledger, options, report, &fault), &fault, "fsck");
    took_s = table_now_s() - begin_s;
    *busy_s = table_processor_s() - begin_busy_s;
    if (report->stop.status != 0) {
        fprintf(stderr, "bench: error: fsck: %s: %s\n", report->stop.code, report->stop.text);
        exit(EXIT_FAILURE);
    }
    ledger_close(ledger);
    return took_s;
}

static void print_without(double per_s, double walk_per_s)
{
    struct table_row row = {.what = "  without signatures, by processor time, a core", .ratio = per_s / walk_per_s};
    char rate[TABLE_RATE_BYTES];

    table_rate(row.ours, sizeof row.ours, per_s);
    table_rate(rate, sizeof rate, walk_per_s);
    (void)snprintf(row.raw, sizeof row.raw, "%s LMDB walk + SHA-256", rate);
    (void)snprintf(row.goal, sizeof row.goal, "400 000/s or more");
    row.mark = per_s >= 400000 ? TABLE_MET : TABLE_MISSED;
    table_line(&row);
}

/* One round of everything; the report is that of the whole check. */
static void measure_round(const char *dir, const struct raw_message *messages, size_t count, unsigned cores,
                          struct times *times, size_t i, struct fsck_report *report)
{
    const struct fsck_options whole = {0};
    const struct fsck_options without = {.without_signatures = true};
    struct fsck_report ignored = {0};
    double busy_s = table_processor_s();
    uint64_t bytes;

    times->sodium_s[i] = raw_sodium_s(messages, count);
    times->sodium_busy_s[i] = table_processor_s() - busy_s;
    *report = (struct fsck_report){0};
    times->fsck_s[i] = fsck(dir, &whole, report, &times->busy_s[i]);
    times->sodium_all_s[i] = raw_sodium_threads_s(messages, count, cores);
    times->openssl_s[i] = raw_openssl_s(messages, count);
    (void)fsck(dir, &without, &ignored, &times->without_busy_s[i]);
    busy_s = table_processor_s();
    (void)raw_walk_s(dir, &bytes);
    times->walk_busy_s[i] = table_processor_s() - busy_s;
}

double measure_fsck(const char *dir, const struct raw_message *messages, size_t count)
{
    unsigned cores = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    struct fsck_report report = {0};
    struct times times;
    double each = (double)count;
    double ours;
    double signatures;
    char what[64];

    for (size_t i = 0; i < ROUNDS; i++) {
        measure_round(dir, messages, count, cores, &times, i, &report);
    }
    ours = table_median(times.fsck_s, ROUNDS);
    signatures = (double)report.signatures;
    (void)snprintf(what, sizeof what, "fsck of %llu records, %u cores", (unsigned long long)report.records, cores);
    table_rates(what, signatures / ours, each * cores / table_median(times.sodium_s, ROUNDS), "libsodium x cores", 0.9);
    table_rates("  by processor time, a core", signatures / table_median(times.busy_s, ROUNDS),
                each / table_median(times.sodium_busy_s, ROUNDS), "libsodium", 0);
    table_rates("  beside all cores at once", signatures / ours, each * cores / table_median(times.sodium_all_s, ROUNDS),
                "libsodium, all at once", 0);
    table_rates("  beside OpenSSL", signatures / ours, each * cores / table_median(times.openssl_s, ROUNDS),
                "OpenSSL x cores", 0);
    print_without((double)report.records / table_median(times.without_busy_s, ROUNDS),
                  (double)report.records / table_median(times.walk_busy_s, ROUNDS));
    return (double)report.records / ours;
}

/* ---- disk ------------------------------------------------------------------------------------ */

/* Every record, sheet and disclosure. */
static uint64_t bytes_told(struct ledger *ledger)
{
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    uint64_t bytes = 0;

    table_must(ledger_begin(ledger, false, &txn, &fault), &fault, "reading");
    for (uint64_t index = 0; index < ledger_size(txn); index++) {
        struct ledger_details details;
        struct view record;

        table_must(ledger_record(txn, index, &record, &fault), &fault, "reading a record");
        table_must(ledger_details(txn, index, &details, &fault), &fault, "reading details");
        bytes += record.len;
        for (size_t i = 0; i < details.sheet_count; i++) {
            bytes += details.sheets[i].len;
        }
        for (size_t i = 0; i < details.disclosure_count; i++) {
            bytes += details.disclosures[i].len;
        }
        ledger_details_free(&details);
    }
    ledger_abort(txn);
    return bytes;
}

static void print_disk(const char *what, uint64_t ours, uint64_t told, bool goal)
{
    struct table_row row = {.ratio = (double)ours / (double)told};

    (void)snprintf(row.what, sizeof row.what, "%s", what);
    (void)snprintf(row.ours, sizeof row.ours, "%.1f MiB", (double)ours / MIB);
    (void)snprintf(row.raw, sizeof row.raw, "%.1f MiB told", (double)told / MIB);
    if (goal) {
        (void)snprintf(row.goal, sizeof row.goal, "1.60 or less");
        row.mark = row.ratio <= 1.6 ? TABLE_MET : TABLE_MISSED;
    }
    table_line(&row);
}

void measure_disk(const char *dir)
{
    struct ledger *ledger = NULL;
    struct ledger_report report;
    struct fault fault = {0};
    uint64_t told;

    table_must(ledger_open(dir, LEDGER_READ, NULL, &ledger, &fault), &fault, "opening");
    told = bytes_told(ledger);
    table_must(ledger_report(ledger, &report, &fault), &fault, "status");
    ledger_close(ledger);
    print_disk("disk, the whole file", report.file_bytes, told, true);
    print_disk("  pages in use", report.used_bytes, told, false);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void print_memory(const char *what, uint64_t ours, uint64_t start, uint64_t goal)
{
    struct table_row row = {.ratio = -1, .mark = ours <= goal ? TABLE_MET : TABLE_MISSED};

    (void)snprintf(row.what, sizeof row.what, "%s", what);
    (void)snprintf(row.ours, sizeof row.ours, "%.1f MiB", (double)ours / MIB);
    (void)snprintf(row.raw, sizeof row.raw, "%.1f MiB libraries alone", (double)start / MIB);
    (void)snprintf(row.goal, sizeof row.goal, "%.1f MiB or less", (double)goal / MIB);
    table_line(&row);
}

void measure_memory(const char *dir)
{
    struct ledger *ledger = NULL;
    struct ledger_report report;
    struct fault fault = {0};
    uint64_t start = memory_peak("nothing", dir);
    uint64_t goal;

    table_must(ledger_open(dir, LEDGER_READ, NULL, &ledger, &fault), &fault, "opening");
    table_must(ledger_report(ledger, &report, &fault), &fault, "status");
    ledger_close(ledger);
    goal = 16 * (uint64_t)MIB + 256 * report.subjects;
    print_memory("memory beyond the map: open", memory_peak("open", dir), start, goal);
    print_memory("  append 1 + 1 000 and checkpoint", memory_peak("append", dir), start, goal);
    print_memory("  fsck", memory_peak("fsck", dir), start, goal);
}
