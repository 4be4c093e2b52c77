/* SPDX-License-Identifier: Apache-2.0 */
/* table: see table.h. */
#include "tests/bench/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static FILE *table_file;

static double clock_s(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double table_now_s(void)
{
    return clock_s(CLOCK_MONOTONIC);
}

double table_processor_s(void)
{
    return clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

double table_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

__attribute__((format(printf, 1, 2))) static void both(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vprintf(format, arguments);
    va_end(arguments);
    (void)fflush(stdout);
    if (table_file != NULL) {
        va_start(arguments, format);
        (void)vfprintf(table_file, format, arguments);
        va_end(arguments);
    }
}

void table_begin(void)
{
    const char *folder = getenv("BUILD");
    char path[256];

    (void)snprintf(path, sizeof path, "%s/bench.txt", folder == NULL ? "build" : folder);
    table_file = fopen(path, "w");
    if (table_file == NULL) {
        fprintf(stderr, "bench: hint: %s cannot be written; the lines stand here only\n", path);
    }
    both("%-53s %15s  %-34s %6s  %s\n", "measure", "ours", "raw", "ratio", "goal");
}

void table_line(const struct table_row *row)
{
    static const char *const marks[] = {"", "  met", "  MISSED"};
    char ratio[16] = "";

    if (row->ratio >= 0) {
        (void)snprintf(ratio, sizeof ratio, "%.2f", row->ratio);
    }
    both("%-53s %15s  %-34s %6s  %s%s\n", row->what, row->ours, row->raw, ratio, row->goal, marks[row->mark]);
}

void table_end(void)
{
    if (table_file != NULL) {
        (void)fclose(table_file);
        table_file = NULL;
    }
}

void table_rate(char *out, size_t len, double per_s)
{
    long long rate = (long long)(per_s + 0.5);

    if (rate >= 1000000) {
        (void)snprintf(out, len, "%lld %03lld %03lld/s", rate / 1000000, rate / 1000 % 1000, rate % 1000);
    } else if (rate >= 1000) {
        (void)snprintf(out, len, "%lld %03lld/s", rate / 1000, rate % 1000);
    } else {
        (void)snprintf(out, len, "%.*f/s", per_s < 100 ? 1 : 0, per_s);
    }
}

void table_rates(const char *what, double ours, double raw, const char *with, double goal)
{
    struct table_row row = {.ratio = ours / raw};
    char rate[TABLE_RATE_BYTES];

    (void)snprintf(row.what, sizeof row.what, "%s", what);
    table_rate(row.ours, sizeof row.ours, ours);
    table_rate(rate, sizeof rate, raw);
    (void)snprintf(row.raw, sizeof row.raw, "%s %s", rate, with);
    if (goal > 0) {
        (void)snprintf(row.goal, sizeof row.goal, "%.2f or more", goal);
        row.mark = row.ratio >= goal ? TABLE_MET : TABLE_MISSED;
    }
    table_line(&row);
}

void table_must(enum status status, const struct fault *fault, const char *doing)
{
    if (status != STATUS_OK) {
        fprintf(stderr, "bench: error: %s: %s: %s\n", doing, status_name(status), fault->text);
        exit(EXIT_FAILURE);
    }
}

void table_need(int holds, const char *doing)
{
    if (!holds) {
        fprintf(stderr, "bench: error: %s failed\n", doing);
        exit(EXIT_FAILURE);
    }
}
