/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_look: questions to a dossier. None goes through all of it for one answer. Subjects and records that the bundle does not have are
 * no errors: NULL, false or an empty run.
 */
#ifndef UNBROKEN_PRINTER_DOSSIER_LOOK_H
#define UNBROKEN_PRINTER_DOSSIER_LOOK_H

#include "printer/dossier.h"
#include "verify/passage.h"

/* The record of that index. */
const struct dossier_record *dossier_record(const struct dossier *dossier, uint64_t index);
const struct dossier_subject *dossier_subject(const struct dossier *dossier, uint64_t number);
/* The printed name of any subject, of the closure or not. */
const char *dossier_name(const struct dossier *dossier, uint64_t number, char out[NAME_BYTES]);
/* The entry of that subject in a record (or in a late act). */
const struct dossier_entry *dossier_entry(const struct dossier *dossier, const struct dossier_record *record, uint64_t subject);

/* The first detail of that name which a record states: of the subject, or else of the act as a whole (subject NOTHING: of that alone). */
const struct dossier_detail *dossier_detail(const struct dossier *dossier, const struct dossier_record *record, uint64_t subject,
                                            uint64_t name);
/* The first detail of that name of the subject itself in its thread, corrections aside: as it was first stated. */
const struct dossier_detail *dossier_stated(const struct dossier *dossier, const struct dossier_subject *subject, uint64_t name);

/* Where a subject's thread states facts. */
struct dossier_fact {
    size_t number; /* how far the thread was read; zero it before the first call */
    const struct dossier_record *record;
    const struct dossier_entry *entry; /* of the subject in that record; of an adoption, in the late act where that states it */
    bool adopted;                      /* it is the late act's */
};

/*
 * The next record of the thread in which the subject's entry states one of these facts (mask of BIT(FACT_...)): found, removed and put on
 * are its seals' history; gross, tare and net its weighings; outcome its stock-takes; pieces its counts. False: there is none.
 */
bool dossier_next(const struct dossier *dossier, const struct dossier_subject *subject, uint32_t facts, struct dossier_fact *fact);

/* Findings and breaches at that record, in verdict.findings; of index NOTHING: at none. */
struct dossier_run dossier_findings(const struct dossier *dossier, uint64_t index);

/*
 * Persons and places that records name (where it was put, to whom it was released) and that are not of the closure: of them the bundle says
 * nothing but the number. Who makes a paper asks for them too, and has their names. Ascending; the caller frees. Errors: STATUS_MEMORY.
 */
MUST_USE enum status dossier_strangers(const struct dossier *dossier, uint64_t **numbers, size_t *count, struct fault *fault);

/* A thing's way through time (verify/passage.h), and what was found on it. Owned. */
struct dossier_passage {
    struct passage passage;
    size_t *findings; /* in verdict.findings, ascending: of the things, of containers on the way, of acts as a whole on the way */
    size_t finding_count;
};

/* Of things together, each record once per thread. Errors: STATUS_MEMORY; *out is empty then. */
MUST_USE enum status dossier_passage(const struct dossier *dossier, const uint64_t *things, size_t count, struct dossier_passage *out,
                                     struct fault *fault);
void dossier_passage_close(struct dossier_passage *passage);

#endif
