/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile: a ledger that is behind, or has lost its remembered head, is compared with what others hold of it; what is missing is taken back,
 * all of it or nothing (SPEC 3.9). Not here: reading files, and telling people (custody/command_reconcile.c).
 */
#ifndef UNBROKEN_LEDGER_RECONCILE_H
#define UNBROKEN_LEDGER_RECONCILE_H

#include "ledger/ledger.h"
#include "verify/policy.h"

struct reconcile;

/* A file (bundle, certificate, receipt or checkpoint), a ledger directory, or what a witness has answered. Borrowed until reconcile_close. */
struct reconcile_source {
    const char *name;
    struct view file;
    bool is_ledger;  /* name is the directory */
    const char *why; /* a witness that gave no answer: a sentence; else NULL */
    const struct policy_witness *witness; /* the file is a checkpoint that it must have cosigned; else NULL */
    bool excused;    /* the witness may be missing */
};

enum reconcile_kind { RECONCILE_BUNDLE, RECONCILE_CERTIFICATE, RECONCILE_RECEIPT, RECONCILE_CHECKPOINT, RECONCILE_LEDGER, RECONCILE_WITNESS };

enum reconcile_answer {
    RECONCILE_UNUSED, /* of another ledger, damaged, not signed: it says nothing here */
    RECONCILE_SAME,
    RECONCILE_OLDER,
    RECONCILE_NEWER,
    RECONCILE_FORK /* another history */
};

/* What one source is. */
struct reconcile_result {
    const char *name;
    enum reconcile_kind kind;
    enum reconcile_answer answer;
    char why[FAULT_TEXT_BYTES]; /* UNUSED: a sentence, escaped */
    uint64_t signed_size;       /* of the newest signed head that it shows; 0: none */
    uint64_t records;           /* of a ledger directory: how many it has */
    uint64_t holds;             /* of the missing records */
    struct buffer runs;         /* which: "41 to 47, 50" */
    bool has_head;              /* it has the remembered head, root and all */
    /* FORK: the first `size` records have the root `theirs`; those of `against` have `ours`. */
    struct {
        uint64_t size;
        struct hash theirs, ours;
        uint64_t first;       /* the first record that differs, where that is known; else NOTHING */
        const char *against;  /* NULL: this ledger; else the remembered head, or a source */
    } fork;
    struct buffer exhibit;         /* FORK: the file that proves it; empty: none */
    char no_exhibit[FAULT_TEXT_BYTES]; /* FORK: why there is none, as a sentence */
};

struct reconcile_head {
    uint64_t size;
    struct hash root;
};

struct reconcile_report {
    uint64_t records, checkpoint; /* here, before anything is taken back */
    bool remembered;
    struct reconcile_head head;      /* where one is remembered */
    bool here_differs;     /* the records here are not those of the remembered head */
    struct reconcile_head goal;      /* the newest head that was ever signed, as far as all of this tells; size 0: none */
    const char *goal_name; /* NULL: this ledger's own; else the remembered head or the source that shows it */
    uint64_t missing;      /* records below the goal that are not here */
    uint64_t beyond;       /* further ones that a ledger directory holds: no head covers them yet */
    bool complete;         /* all that is missing is at hand, and leads to the goal */
    uint64_t first_lost;   /* the first record that is missing, or lacks a sheet, in every source; NOTHING: none */
    char problem[FAULT_TEXT_BYTES]; /* not complete: a sentence */
    uint64_t withheld;     /* details that an order or erasure covers and no source has */
    uint64_t absent;       /* attached files that no source has */
    uint64_t forks;        /* sources of another history */
    uint64_t silent;       /* witnesses that gave no head that can be used, and are not excused */
    bool elsewhere;        /* one of them has the remembered head, and the records here are not of its history */
    uint64_t worked_out;   /* heads records that no source has, found again */
    uint64_t notes;        /* signed checkpoints that were not here */
    uint64_t cosignatures; /* of the station's witnesses, on checkpoints that were here without them */
    bool head_written;     /* reconcile_take: the remembered head is new */
};

/* Other writers wait until reconcile_close. Errors: as ledger_open. */
MUST_USE enum status reconcile_open(const char *dir, const char *head_path, struct reconcile **out, struct fault *fault);
void reconcile_close(struct reconcile *reconcile); /* accepts NULL */
struct ledger *reconcile_ledger(struct reconcile *reconcile);

/*
 * Opens and judges every source, and takes back what is missing in a transaction that reconcile_close throws away: so what the report says has been
 * tried. What is wrong with a source is in its result, what is missing or contradicts in the report; neither is an error.
 */
MUST_USE enum status reconcile_compare(struct reconcile *reconcile, const struct reconcile_source *sources, size_t count,
                                       const struct progress *progress, struct fault *fault);
/* After reconcile_compare; one for each source. Both live as long as reconcile. */
const struct reconcile_result *reconcile_results(const struct reconcile *reconcile);
const struct reconcile_report *reconcile_report(const struct reconcile *reconcile);

/*
 * After reconcile_compare, at most once: remembers the goal and commits; all or nothing. Errors: STATUS_REFUSED (not complete, a source of
 * another history is among them, or a witness is silent), as ledger_commit.
 */
MUST_USE enum status reconcile_take(struct reconcile *reconcile, struct fault *fault);

#endif
