/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare: two copies of one ledger, each of whatever kind: do they show one history, which of them is later, and is that proven? Where they
 * contradict each other, the exhibit that proves it to anyone who has the station's key (SPEC V16), or why there can be none. Not here: reading
 * files, and telling people (custody/command_compare.c).
 */
#ifndef UNBROKEN_LEDGER_COMPARE_H
#define UNBROKEN_LEDGER_COMPARE_H

#include "ledger/reconcile.h"

enum compare_answer {
    COMPARE_SAME,        /* of one size and root */
    COMPARE_LATER,       /* one continues the other, and it is shown */
    COMPARE_UNPROVEN,    /* nothing contradicts, and nothing shows that one continues the other */
    COMPARE_FORK,        /* two histories */
    COMPARE_FALSE_HEADS  /* one history; heads that hide one of its records */
};

enum compare_proof {
    COMPARE_BY_TREE, /* the records of a ledger directory */
    COMPARE_BY_PATH  /* a bundle's path from the smaller size */
};

/* Indexes are 0 for the first copy, 1 for the second. */
struct compare_report {
    enum compare_answer answer;
    /*
     * Does not verify, and why: its signed head and the paths to it alone are compared, and nothing but a contradiction comes of it. "": nothing is
     * wrong with it.
     */
    char doubts[2][FAULT_TEXT_BYTES];
    uint64_t sizes[2]; /* of the newest signed head that each shows; 0: none */
    int later;         /* LATER, and UNPROVEN with two sizes: which */
    enum compare_proof proof;
    int prover;        /* LATER: who has that proof */
    /* FORK: the first `size` records have two roots; or record `first` has two hashes, where that alone is known: size is then 0. */
    uint64_t size;
    uint64_t first; /* the first record that differs, or NOTHING: not known */
    struct hash roots[2];
    /*
     * FALSE_HEADS: `liar` shows heads record `heads`, which hides record `hidden` of the subject's thread, or the subject as a whole; the other
     * shows that.
     */
    int liar;
    uint64_t heads, hidden, subject;
    struct buffer exhibit;   /* empty: none */
    char why[FAULT_TEXT_BYTES]; /* none: a sentence that says why */
};

struct compare;

/*
 * Opens both; they are borrowed until compare_close. policy: whose log keys sign for the ledger, and under which an exhibit must prove what it
 * says; NULL: the station keys that a bundle proves or a ledger directory states. Errors, with the name of what is wrong: STATUS_REFUSED (two
 * ledgers, an exhibit, the policy has no key of this ledger), STATUS_UNTRUSTED (not signed by such a key; a bundle that does not verify),
 * STATUS_DAMAGED, STATUS_MEMORY, STATUS_ENVIRONMENT.
 */
MUST_USE enum status compare_open(const struct reconcile_source sources[2], const struct policy *policy, struct compare **out, struct fault *fault);
void compare_close(struct compare *compare); /* accepts NULL */
/* The origin line of both. */
const char *compare_origin(const struct compare *compare);
/* How many records that one has; NOTHING where it is no ledger directory. */
uint64_t compare_records(const struct compare *compare, int i);
/* Once. The report lives as long as compare. Errors: STATUS_DAMAGED, STATUS_MEMORY, STATUS_ENVIRONMENT. */
MUST_USE enum status compare_run(struct compare *compare, const struct compare_report **out, struct fault *fault);

#endif
