/* SPDX-License-Identifier: Apache-2.0 */
/*
 * touch: acts on things that are named on the command line or scanned: what people find on each thing (seals, pieces) is compared
 * with the record, acts are made in batches, and one commit records them all or none.
 *
 * A line of a scan is a tag or name, and behind it what is read on the thing: seal numbers, `pieces=N`, or what the plan's read_words
 * takes (a weight, a count). Where a sealed thing's seals must be read and do not stand on its line, they are the lines that follow.
 */
#ifndef UNBROKEN_CUSTODY_TOUCH_H
#define UNBROKEN_CUSTODY_TOUCH_H

#include "custody/session.h"

/* One thing, and what was found on it. */
struct touched {
    uint64_t number;
    uint64_t pieces;     /* NOTHING: none were counted */
    uint64_t gross_mg, tare_mg, net_mg; /* NOTHING: not weighed */
    bool has_seals;
    struct buffer seals; /* fact 6 or 8 as encoded; owned */
    uint64_t group;      /* one act for each: the record whose release is answered, or the case */
    struct hash act;     /* the release that is answered */
};

struct touch;

/* What a kind of act takes from its command line; constant. */
struct touch_plan {
    enum kind kind;
    const char *done;        /* "released" */
    const char *code_option; /* "--purpose": payload key 13; NULL: none, or the command sets it */
    size_t first;            /* arguments before the things */
    bool states_pieces;      /* entries state the pieces that the ledger has, or --pieces */
    unsigned seals;          /* FACT_FOUND or FACT_PUT_ON: what seal numbers behind a tag are; 0: none are read */
    bool answers;            /* grouped by the release that is open on each thing (SPEC 7.3.4) */
    bool by_case;            /* grouped by the case of each thing, which the act touches too */
    enum role role;          /* of the things; 0: subject */
    bool alone;              /* each thing in an act of its own */
    bool listed;             /* the command puts the things in (touch_push) before touch_run; none need be named */
    /*
     * The words behind a tag in a scan, into *touched (not yet among the things); what touch->said then holds stands behind the "ok".
     * NULL: seal numbers and pieces. Called in a read transaction; a refusal is told and the line is not in it.
     */
    enum status (*read_words)(struct touch *touch, struct view words, struct touched *touched, struct fault *refusal);
    /* More of an act, and of one entry; may be NULL. */
    enum status (*put_act)(struct touch *touch, struct composer *composer, struct fault *fault);
    enum status (*put_thing)(struct touch *touch, const struct touched *touched, struct composer *composer, struct entry *entry,
                             struct fault *fault);
};

struct touch {
    struct session session;
    const struct touch_plan *plan;
    void *context;           /* of the command's hooks */
    bool has_code;
    uint64_t code;
    bool states_pieces;      /* as planned, unless the command knows better */
    bool has_to;
    struct party to;
    bool has_due;
    uint64_t due_s;
    uint64_t place;          /* NOTHING: none */
    uint64_t of_case;        /* of the act being made, where plan->by_case; NOTHING: of none */
    bool taken_out;          /* the command has taken the things out of their containers before, in the same commit */
    struct touched *things;
    size_t count, cap;
    struct buffer pending;   /* in a scan: seal numbers of the last thing, while not all are read */
    struct buffer said;      /* in a scan: what read_words has to say of this thing, fit for a terminal */
    bool awaiting;
    size_t refused_lines;
    uint64_t first_record, last_record;
};

/* Checks the words of the command line, opens the session and finds the signers; then fill the rest, then touch_run. */
MUST_USE enum status touch_open(struct args *args, const struct touch_plan *plan, struct touch *out, struct fault *fault);
/* Things from the arguments or --scan, all acts, one commit; says what was done. */
MUST_USE enum status touch_run(struct touch *touch, struct fault *fault);
void touch_close(struct touch *touch);
/* The three in one, for a plan that needs no more. */
MUST_USE enum status touch_all(struct args *args, const struct touch_plan *plan, struct fault *fault);

/* Refuses a word behind a tag: shown escaped, with what is wrong. */
MUST_USE enum status touch_refuse_word(struct view word, const char *what, struct fault *refusal);

/* --due, --place: into touch, where given. */
MUST_USE enum status touch_due(struct touch *touch, struct fault *fault);
MUST_USE enum status touch_place(struct touch *touch, struct fault *fault);

/* WORD as the code of this kind of act, or a usage error with the words that there are. */
MUST_USE enum status touch_code(struct args *args, enum kind kind, const char *option, uint64_t *out, struct fault *fault);

/* The options that go with every such command, and those of a comparison of seals and of pieces. */
#define TOUCH_SCAN_OPTION {"--scan", OPTION_FLAG, NULL, "read names and tags from a scanner on standard input"}
#define TOUCH_PIECES_OPTION {"--pieces", OPTION_MANY, "NAME=N", "pieces counted, where other than recorded; in a scan: pieces=N behind the tag"}
#define TOUCH_FOUND_OPTION                                                                                                 \
    {"--found", OPTION_MANY, "NAME=SEAL,...", "the seal numbers read on it; of a single thing without NAME=; in a scan: behind the tag"}
#define TOUCH_RECORDED_OPTION {"--seals-as-recorded", OPTION_FLAG, NULL, "every seal was compared and is the one recorded"}
#define TOUCH_TEXT_OPTIONS                                                                                                 \
    {"--remarks", OPTION_VALUE, "TEXT", "what else should be known"},                                                      \
        {"--witness", OPTION_MANY, "TEXT", "who saw it"},                                                                  \
        {"--photograph", OPTION_MANY, "FILE", "what it looked like"},                                                      \
    {"--document", OPTION_MANY, "FILE", "a paper that goes with it"}

/* For plans by case: puts the act's case in as role 1, so that the case's thread tells of it. */
MUST_USE enum status touch_put_case(struct touch *touch, struct composer *composer, struct fault *fault);

/* Is it a thing that this act may touch? A first look; the ledger decides when it appends. */
MUST_USE enum status touch_check(struct touch *touch, uint64_t number, struct fault *fault);
/* Into things; *out until the next one. */
MUST_USE enum status touch_push(struct touch *touch, uint64_t number, struct touched **out, struct fault *fault);

/* ---- for touch*.c only ----------------------------------------------------------------------- */

bool touch_lists(const struct touch *touch, uint64_t number);
/* Everything from --scan. The write transaction is given up meanwhile and begun again. */
MUST_USE enum status touch_scan(struct touch *touch, struct fault *fault);
/* Everything from the arguments, --pieces and --found. */
MUST_USE enum status touch_named(struct touch *touch, struct fault *fault);
/* Must an act of this kind say which seals it found on a sealed thing (SPEC 7.3.5)? Unseal and reseal say more, in their own way. */
bool touch_must_find(const struct touch *touch);
/* Seal numbers into *touched; where they were found, other ones than the recorded are refused, without a word about which those are. */
MUST_USE enum status touch_put_seals(struct touch *touch, struct touched *touched, struct view numbers, struct fault *fault);

#endif
