/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_weak: the weak points of a case, as a defence lawyer would look for them: every breach and finding of the verdict, and patterns that
 * break no rule but raise a question (report_patterns.c). Internal to the report.
 */
#ifndef UNBROKEN_PRINTER_REPORT_WEAK_H
#define UNBROKEN_PRINTER_REPORT_WEAK_H

#include "printer/report_inside.h"

struct weak_topic {
    const char *code;         /* of the finding, or of the pattern */
    const char *title;        /* English */
    const char *questions[2]; /* NULL: those of verify/court.h */
    bool pattern;             /* looked for here, not by the verifier */
};

/* In the order in which they are told: the gravest first. */
const struct weak_topic *weak_topics(size_t *count);

/* The title of that code; of one that is no topic, that of the last. */
const char *weak_title(const char *code);

struct weak_point {
    size_t topic, order; /* order: of arrival */
    uint64_t record, thing; /* or NOTHING */
    struct view text;       /* what is to be said of it, borrowed; may be empty */
    uint64_t seconds;       /* how long it lasted; 0: nothing is said */
    uint64_t under;         /* the record of the order or erasure; NOTHING: none */
};

/* Owned. */
struct weak_points {
    struct weak_point *list;
    size_t count, cap;
};

/* Failed memory goes to the paper. A code that is no topic is put under the last one, "other". */
void weak_add(struct report *report, struct weak_points *points, const char *code, uint64_t record, uint64_t thing, struct view text, uint64_t seconds);
/* The patterns of handovers, seals and people (report_patterns.c), and of what is missing in the records (report_lacks.c). */
void weak_patterns(struct report *report, struct weak_points *points);
void weak_lacks(struct report *report, struct weak_points *points);

#endif
