/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_inside: how a dossier is filled while the verified parts are there. Internal to the dossier's files.
 */
#ifndef UNBROKEN_PRINTER_DOSSIER_INSIDE_H
#define UNBROKEN_PRINTER_DOSSIER_INSIDE_H

#include "printer/dossier.h"
#include "verify/check.h"

/* Nesting is at most 4; what was packed deeper by a deviation is followed as far as the rules follow it. */
enum { DOSSIER_AROUND_MAX = 64 };

/* An act-id and where it stands. */
struct dossier_id {
    struct hash id;
    size_t at;   /* position of the record; of lodges the first with this id */
    size_t late; /* of lodges: the first that keeps an act which can be read, in dossier.late; or SIZE_MAX */
    uint64_t lodge; /* the record of that one */
};

struct dossier_spans;

/* All that is needed while filling. */
struct dossier_filling {
    struct dossier *dossier;
    struct check *check; /* its record, act and other_act are scratch */
    struct dossier_id *acts, *lodges; /* ascending by id; of lodges each id once */
    size_t act_count, lodge_count;
    struct dossier_spans *spans;
    struct fault *fault;
};

/* ---- memory (dossier_keep.c) ---- */

/* Room for one more in a growing array. Errors: STATUS_MEMORY. */
MUST_USE enum status dossier_room(void **array, size_t count, size_t *cap, size_t size, struct fault *fault);
/* A copy of that text, as long as the dossier lives. Errors: STATUS_MEMORY. */
MUST_USE enum status dossier_keep(struct dossier *dossier, struct view text, struct view *out, struct fault *fault);
/* Copies of these seal numbers, into dossier->seals. Errors: STATUS_MEMORY. */
MUST_USE enum status dossier_keep_seals(struct dossier *dossier, const struct seals *seals, struct dossier_run *out, struct fault *fault);
void dossier_store_close(struct dossier_store *store); /* accepts NULL */

/* ---- parts, in the order in which they are filled; each STATUS_MEMORY at most, if nothing else is said ---- */

/* Numbers, types and threads of the closure (dossier_subjects.c). */
MUST_USE enum status dossier_fill_subjects(struct dossier_filling *filling);
/* Records and all that hangs on them (dossier_records.c); steps the spans. */
MUST_USE enum status dossier_fill_records(struct dossier_filling *filling);
/* Details of one sheet, when the bundle has it (dossier_details.c). subject: or NOTHING. */
MUST_USE enum status dossier_fill_sheet(struct dossier_filling *filling, uint64_t index, uint64_t subject, const struct hash *sheet);
/* Titles, corrections, signatures, findings by subject (dossier_subjects.c), once the records are there. */
MUST_USE enum status dossier_fill_about(struct dossier_filling *filling);
/* States at the end, order in the case, parents (dossier_things.c), once the records are there. */
MUST_USE enum status dossier_fill_things(struct dossier_filling *filling);

/* Spans (dossier_spans.c): one step for each act, in order. STATUS_REFUSED: too many. */
MUST_USE enum status dossier_spans_open(struct dossier_filling *filling);
/* check->record and check->act are the decoded record of that row. */
MUST_USE enum status dossier_spans_step(struct dossier_filling *filling, const struct row *row);
/* Puts them in order, each thing's together. */
void dossier_spans_finish(struct dossier_filling *filling);
void dossier_spans_close(struct dossier_spans *spans); /* accepts NULL */

/* Position of a subject of the closure, or SIZE_MAX. */
size_t dossier_position(const struct dossier *dossier, uint64_t subject);

#endif
