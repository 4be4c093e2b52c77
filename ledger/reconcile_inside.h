/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile_inside: one reconciling on its way, for reconcile*.c alone.
 */
#ifndef UNBROKEN_LEDGER_RECONCILE_INSIDE_H
#define UNBROKEN_LEDGER_RECONCILE_INSIDE_H

#include "ledger/copy.h"
#include "ledger/gaps.h"
#include "ledger/reconcile.h"

#define RECONCILE_REMEMBERED "the remembered head" /* who says so, where no source does */

/* A root that the records must have at a size. */
struct reconcile_root {
    uint64_t size;
    struct hash root;
    const char *name; /* who says so */
};

struct reconcile {
    struct ledger *ledger;
    struct ledger_txn *txn;
    struct copy_of of;
    struct copy_keys keys;
    struct copy own; /* this ledger, without its checkpoints */
    struct copy *copies; /* zero where unused */
    struct reconcile_result *results;
    size_t count;
    struct reconcile_report report;
    struct reconcile_root *roots; /* ascending by size */
    size_t root_count;
    struct record *record; /* the one being looked at */
    struct act *act;
    struct gaps gaps;
};

/* Judged, and of this history as far as that can be told. */
bool reconcile_usable(const struct reconcile *reconcile, size_t i);

/* ---- reconcile_judge.c */

/* Judges every opened source; finds the head that is remembered and the goal. */
MUST_USE enum status reconcile_judge(struct reconcile *reconcile, struct fault *fault);

/* ---- reconcile_exhibits.c */

/* For each source of another history: the exhibit that proves it against this ledger or another source, or why there is none. Before anything is put. */
MUST_USE enum status reconcile_exhibits(struct reconcile *reconcile, struct fault *fault);

/* ---- reconcile_walk.c */

/*
 * Takes the missing records back in order, in the open transaction: each must be in a source with its sheets (a heads record may be worked out), and the
 * tree must have every root that is known. What is missing or contradicts is in report->problem, with STATUS_OK; other trouble is an error.
 */
MUST_USE enum status reconcile_walk(struct reconcile *reconcile, const struct progress *progress, struct fault *fault);

/* ---- reconcile_notes.c */

/*
 * Once all records are taken back: the signed checkpoints of all sources that are not here, and, on those that are, cosignatures of the station's
 * witnesses. One that is not of this tree is in report->problem, with STATUS_OK.
 */
MUST_USE enum status reconcile_take_notes(struct reconcile *reconcile, struct fault *fault);

/* ---- reconcile_gaps.c */

/* Once all records are taken back: is every missing detail covered? If not, report->problem. */
MUST_USE enum status reconcile_gaps(struct reconcile *reconcile, struct fault *fault);

#endif
