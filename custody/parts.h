/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parts: what is taken off a thing and becomes a thing of its own: samples, parts of a split, carcasses. How it is written down
 * (`--into mass=2.5,ref=S-1`, or a row of a list), which numbers it gets, and its entry in the act.
 */
#ifndef UNBROKEN_CUSTODY_PARTS_H
#define UNBROKEN_CUSTODY_PARTS_H

#include "custody/session.h"

enum part_text { PART_REF, PART_DESCRIPTION, PART_PACKAGE, PART_CONDITION, PART_TEXTS };

struct part {
    uint64_t number; /* of the new thing; NOTHING until it has one */
    struct view to;  /* the number that was named for it; empty: the next unused one. Borrowed */
    uint64_t pieces; /* NOTHING: not stated */
    uint64_t net_mg; /* NOTHING: not stated */
    struct view text[PART_TEXTS]; /* as given; empty: not. Borrowed */
};

/* Owned; the texts are borrowed. */
struct part_list {
    struct part *parts;
    size_t count, cap;
};

/* In help texts. */
#define PARTS_FORM "mass=G,pieces=N,to=NUMBER,ref=TEXT,description=TEXT,package=TEXT,condition=TEXT"

MUST_USE enum status parts_push(struct part_list *list, const struct part *part, struct fault *fault);
/* A part of which nothing is said. */
struct part parts_blank(void);
/* "mass=2.5,pieces=1,ref=S-1": a comma ends a value only where a known word and `=` follow. Errors: STATUS_REFUSED; text is fit for a terminal. */
MUST_USE enum status parts_parse(const char *text, struct part *out, struct fault *fault);
/* Every --into of the command line. Errors: a usage error. */
MUST_USE enum status parts_options(struct args *args, struct part_list *out, struct fault *fault);
/*
 * Gives each its number: the one named (an unused item), the others the signers' next unused ones in order (allotted.h).
 * Errors: STATUS_REFUSED: a number named twice or not unused, or too few unused ones.
 */
MUST_USE enum status parts_number(struct session *session, struct part_list *list, struct fault *fault);
/* Its entry (role 4) with pieces, mass and details; `called` where no description was given. Errors: STATUS_REFUSED (512 entries are there). */
MUST_USE enum status parts_put(struct composer *composer, const struct part *part, const char *called, struct fault *fault);
/* Sums of what is stated; *with_mass: how many state a mass. */
void parts_sum(const struct part *parts, size_t count, uint64_t *pieces, uint64_t *net_mg, size_t *with_mass);
/* The names of the parts as runs. */
void parts_print(const struct session *session, const struct part *parts, size_t count, struct buffer *out);
void parts_free(struct part_list *list);

#endif
