/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock: a stock-take, blind until it is closed: first what is there (stock_scan), then against what should be (stock_compare), then the acts
 * (stock_record), and after the commit what came out (stock_say). Nothing of the ledger's expectation is shown, or looked up, before the close.
 *
 * A line of the count is a tag or name, behind it the seal numbers read on the thing ("none" where it has no seal) and `pieces=N` where they
 * were counted; or `! NAME WHAT`: the tag is there, and instead of the thing WHAT. A later line corrects an earlier one of the same thing;
 * but that the tag was alone only `thing=here` behind it takes back: the loose tag may have been scanned again.
 */
#ifndef UNBROKEN_CUSTODY_STOCK_H
#define UNBROKEN_CUSTODY_STOCK_H

#include "custody/places.h"
#include "custody/whereabouts.h"

/* ---- what was counted ------------------------------------------------------------------------ */

/* What the seals of a container that was counted say of its contents. */
enum stock_vouch {
    STOCK_SINGLY, /* nothing: it is open, or its seals differ; its contents are asked for one by one */
    STOCK_VOUCHED, /* all seals are as recorded */
    STOCK_UNREAD, /* it is sealed, and its seals were not read, or not as recorded: its contents are neither found nor missing */
    STOCK_LEAKED  /* all seals are as recorded, and yet a thing that should be in it was counted outside: likewise */
};

struct stock_line {
    uint64_t number;
    uint64_t pieces;       /* NOTHING: not counted */
    uint64_t print;        /* of the tag; 0: a name was typed */
    bool absent;           /* the tag alone is there */
    bool has_seals;
    struct buffer seals;   /* fact 6 as encoded; owned */
    struct buffer instead; /* what is there instead; owned */
    /* Of a container, from stock_compare: */
    bool opened;           /* a thing that should be in it was counted */
    enum stock_vouch vouch;
    uint64_t contents;     /* how many things it vouches for, or were not counted in it */
};

/* Owned. */
struct stock_count {
    struct stock_line *lines; /* in the order in which they were first counted */
    size_t count, cap;
    uint32_t *positions; /* by subject number: position + 1, 0: not counted */
    size_t position_count;
};

/* NULL: not counted. */
struct stock_line *stock_find(const struct stock_count *count, uint64_t number);
/* The line of that thing, new or not. */
MUST_USE enum status stock_put(struct stock_count *count, uint64_t number, struct stock_line **out, bool *is_new, struct fault *fault);
void stock_free(struct stock_count *count);

/* Everything from standard input. The session's transaction is given up. Errors: as scan_lines. */
MUST_USE enum status stock_scan(struct session *session, struct stock_count *count, struct fault *fault);

/* ---- what came out --------------------------------------------------------------------------- */

/* Fact 9 of a stock-take (SPEC 5.3). */
enum { STOCK_FOUND = 1, STOCK_INTACT = 2, STOCK_NOT_FOUND = 3, STOCK_NOT_EXPECTED = 4, STOCK_OUTCOMES = 5,
       STOCK_TAG_ALONE = 0 /* no outcome: the tag alone of a thing that is not expected here; a note says so */ };

struct stock_result {
    uint64_t number;
    unsigned outcome;
    const struct stock_line *line; /* NULL: nothing of it was there */
    uint64_t last;                 /* its last record before the count */
    uint64_t outside;              /* the sealed container that it should be in, or NOTHING */
    uint64_t latest_print;         /* where the tag that was read is an older one; else 0 */
    bool in_chain;                 /* the counter is of its chain of custody, and a deviation says so */
    struct buffer differs;         /* "seals A instead of B; 3 pieces instead of 4"; empty: all is as recorded. Owned */
};

/* Owned; ascending by number. Borrows the count. */
struct stock_results {
    struct stock_result *list;
    size_t count, cap;
    uint64_t tally[STOCK_OUTCOMES]; /* by outcome */
    uint64_t differing, vouched, uncounted;
    uint64_t first_record, last_record;
};

/* Every thing that is expected at the place or in a part of it, and every thing counted. session->txn is open. */
MUST_USE enum status stock_compare(struct session *session, const struct places *places, uint64_t place, struct stock_count *count,
                                   struct stock_results *out, struct fault *fault);
void stock_results_free(struct stock_results *results);

/*
 * Is the first signer outside the chain of custody of everything in the result (SPEC 7.2)? Otherwise STATUS_REFUSED with the record that puts
 * him in it; with --deviation each such thing is marked.
 */
MUST_USE enum status stock_outside(struct session *session, struct stock_results *results, struct fault *fault);
/* All acts, in the open write transaction; the commit is the caller's. */
MUST_USE enum status stock_record(struct session *session, uint64_t place, struct stock_results *results, struct fault *fault);
/* On standard output, of what was committed; session->txn is open. */
MUST_USE enum status stock_say(struct session *session, uint64_t place, const struct stock_results *results, struct fault *fault);

#endif
