/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table: what the measuring programs share: a clock, medians, one line a measure, and an end when something fails. No line ever
 * decides whether a program succeeds: timings are told, not judged.
 */
#ifndef UNBROKEN_TESTS_BENCH_TABLE_H
#define UNBROKEN_TESTS_BENCH_TABLE_H

#include <stddef.h>

#include "verify/status.h"

/* Monotonic seconds. */
double table_now_s(void);
/* Processor seconds of all threads of this process. */
double table_processor_s(void);
/* Sorts values; the mean of the middle two when count is even. count >= 1. */
double table_median(double *values, size_t count);

enum table_mark { TABLE_NO_GOAL, TABLE_MET, TABLE_MISSED };

/* One line. Texts may be empty; ratio below 0: none. */
struct table_row {
    char what[64];
    char ours[40];
    char raw[80];
    double ratio;
    char goal[40];
    enum table_mark mark;
};

/* The heading; lines go to stdout and to $BUILD/bench.txt (build/bench.txt without BUILD). */
void table_begin(void);
void table_line(const struct table_row *row);
void table_end(void);
/* Two rates a second, the raw one `with` what; their ratio should be at least `goal`, or 0: none. */
void table_rates(const char *what, double ours, double raw, const char *with, double goal);

/* "12 345/s", "1 234 567/s"; TABLE_RATE_BYTES are enough. */
enum { TABLE_RATE_BYTES = 40 };
void table_rate(char *out, size_t len, double per_s);

/* Ends the program with the sentence when status is not STATUS_OK: there is nothing to measure then. */
void table_must(enum status status, const struct fault *fault, const char *doing);
/* The same for other libraries. */
void table_need(int holds, const char *doing);

#endif
