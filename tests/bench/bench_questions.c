/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_questions: what a prosecutor asks, of a ledger of 100,000 records of mixed acts, by the program itself, from its start to its end
 * (and the processor's share of that, which other work on the machine does not stretch); beside them the bare walk of all entries with LMDB and SHA-256. Prints and judges nothing. Works in a new directory under TMPDIR
 * (/var/tmp: not in memory).
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/bench/mixed.h"
#include "tests/bench/raw.h"
#include "tests/bench/table.h"
#include "verify/name.h"

enum { RECORDS = 100000, PALLETS = 50, PATH_BYTES = 160, ROUNDS = 5 };

static void grow(struct mixed *mixed, uint64_t records)
{
    do {
        mixed_round(mixed, PALLETS, station_size(mixed->station) + PALLETS * 60 > records);
        if (isatty(STDERR_FILENO)) {
            fprintf(stderr, "\r%llu records ", (unsigned long long)station_size(mixed->station));
        }
    } while (station_size(mixed->station) < records);
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r                \r");
    }
}

/* Processor seconds of all children so far. */
static double children_s(void)
{
    struct rusage used;

    table_need(getrusage(RUSAGE_CHILDREN, &used) == 0, "getrusage");
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* The median of a few runs of the program. Its output is of no interest here: the tests read it. */
static void ask(const char *dir, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void ask(const char *dir, const char *format, ...)
{
    const char *build = getenv("BUILD");
    char question[128];
    char command[512];
    double took_s[ROUNDS];
    double worked_s[ROUNDS];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(question, sizeof question, format, arguments);
    va_end(arguments);
    (void)snprintf(command, sizeof command, "'%s/unbroken' %s --ledger '%s' >/dev/null", build == NULL ? "build" : build, question, dir);
    for (int i = 0; i < ROUNDS; i++) {
        double begin_s = table_now_s();
        double before_s = children_s();

        table_need(system(command) == 0, question);
        took_s[i] = table_now_s() - begin_s;
        worked_s[i] = children_s() - before_s;
    }
    printf("%-56s %.3f s, processor %.3f s\n", question, table_median(took_s, ROUNDS), table_median(worked_s, ROUNDS));
}

static const char *name_of(uint64_t number, char out[NAME_BYTES])
{
    name_format(view_text("BENCH"), number, out);
    return out;
}

static void ask_all(const char *dir, const struct mixed *mixed)
{
    char name[NAME_BYTES];

    ask(dir, "who-had %s --on 2018-12-13", name_of(STATION_PEOPLE + 2, name));
    ask(dir, "who-had %s --on 2018-12-13", name_of(mixed->first, name));
    ask(dir, "history %s", name_of(STATION_PEOPLE + 2, name));
    ask(dir, "in-hands-of %s", name_of(STATION_CUSTODIAN_NUMBER, name));
    ask(dir, "in-hands-of %s --json", name_of(STATION_OFFICER_NUMBER, name));
    ask(dir, "list --overdue");
    ask(dir, "list --json");
    ask(dir, "seals %s", name_of(mixed->first, name));
    ask(dir, "seals --case %s", name_of(mixed->of_case, name));
    ask(dir, "signed-by %s", name_of(STATION_CUSTODIAN_NUMBER, name));
    ask(dir, "signed-by %s --from 2018-12-13 --to 2018-12-13", name_of(STATION_SECOND_NUMBER, name));
}

int main(void)
{
    const char *parent = getenv("TMPDIR");
    char root[PATH_BYTES - 32];
    char dir[PATH_BYTES];
    char command[PATH_BYTES + 16];
    struct station station;
    struct mixed mixed;
    uint64_t bytes = 0;
    double walk_s;

    (void)snprintf(root, sizeof root, "%s/unbroken-bench-XXXXXX", parent == NULL ? "/var/tmp" : parent);
    table_need(mkdtemp(root) != NULL, "making a directory");
    (void)snprintf(dir, sizeof dir, "%s/ledger", root);
    station_found(&station, dir);
    mixed = mixed_begin(&station);
    grow(&mixed, RECORDS);
    printf("%llu records of mixed acts, %llu subjects\n", (unsigned long long)station_size(&station), (unsigned long long)mixed.subjects);
    station_shut(&station);
    station_free(&station);
    walk_s = raw_walk_s(dir, &bytes);
    walk_s = raw_walk_s(dir, &bytes); /* the second: from memory, as the questions */
    printf("%-56s %.3f s (%.1f MiB)\n", "bare walk of all entries, LMDB + SHA-256", walk_s, (double)bytes / 1048576);
    ask_all(dir, &mixed);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", root);
    table_need(system(command) == 0, "clearing up");
    return EXIT_SUCCESS;
}
