/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pen: how a certified line is written (SPEC 13.6). Internal to certified.c and pen.c.
 */
#ifndef UNBROKEN_VERIFY_PEN_H
#define UNBROKEN_VERIFY_PEN_H

#include "verify/certificate.h"
#include "verify/told.h"

struct pen {
    struct check *check;
    struct told *told;     /* by leaf */
    struct buffer nowhere; /* for what found no room */
};

/* A line; its value is appended to by the caller until the next line. */
struct buffer *pen_line(struct pen *pen, uint64_t subject, const char *label, const char *word);
/* A number, or "not stated" for NOTHING. */
void pen_number(struct pen *pen, uint64_t subject, const char *label, uint64_t value);
/* Appends "KHPP-3-A", or "KHPP-3-A (Sok Dara)". */
void pen_name(const struct pen *pen, uint64_t number, struct buffer *out);
void pen_called(const struct pen *pen, uint64_t number, struct buffer *out);
/* A line that names a subject, or "not stated" for NOTHING. */
void pen_subject(struct pen *pen, uint64_t subject, const char *label, uint64_t number);
/* A line with one of the texts; word where it is shown. */
void pen_told(struct pen *pen, uint64_t subject, const char *label, const struct told *told, size_t slot, const char *word);
/* NULL: the bundle has no leaf of it. */
const struct told *pen_told_of(const struct pen *pen, uint64_t number);
/* Each handling in the bundle, a line a record. Uses the check's scratch. */
void pen_records(struct pen *pen);

#endif
