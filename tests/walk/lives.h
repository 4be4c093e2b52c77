/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lives: random lives of things, and a model of them that shares nothing with verify: a few arrays, and of SPEC 7 what the lives need.
 */
#ifndef UNBROKEN_TESTS_WALK_LIVES_H
#define UNBROKEN_TESTS_WALK_LIVES_H

#include "tests/walk/walk.h"

enum { LIVES_MAX = 4096, PLAN_THINGS = 4, TOUCHES = 64, JUDGED_MAX = 32, SNAPSHOTS = 64, ORPHANS = 4, UNSTATED = -1 };

enum life_state { LIFE_UNUSED, LIFE_HELD, LIFE_TRANSIT, LIFE_OUT, LIFE_CLOSED };

/* A record that touched a thing. */
struct touch {
    uint64_t record;
    uint64_t persons; /* mask of who signed it */
};

struct life {
    uint64_t number;
    bool box;
    enum life_state state;
    uint64_t holder, place, of_case; /* or NOTHING */
    uint64_t pieces, net_mg;         /* or NOTHING */
    int seal;                        /* number of the one seal on it; 0: none */
    uint64_t container;              /* or NOTHING */
    unsigned contents, levels;
    uint64_t chain;                  /* mask of who had it through his hands */
    uint64_t prints;
    uint64_t missing;                /* record, or NOTHING */
    /* the open release or hand out */
    uint64_t opened, opened_s, due_s, by;
    struct party to;
    struct hash release;
    /* the latest note */
    uint64_t noted;                  /* record, or NOTHING */
    struct who noter;
    struct touch touches[TOUCHES];   /* ring */
    size_t touch_count;
};

/* One act as it was thought up. Things stand in the main role: in pack and unpack what goes in or out, in sample and split the parent. */
struct plan {
    enum kind kind;
    size_t count;
    struct life *things[PLAN_THINGS];
    struct life *box;                   /* pack, unpack */
    struct life *child;                 /* sample, split, same as (the partner) */
    uint64_t of_case, former;           /* or NOTHING */
    struct who signers[4];
    size_t signer_count;
    struct party to;
    uint64_t code, place, due_s;        /* or NOTHING */
    uint64_t pieces[PLAN_THINGS];       /* or NOTHING: not stated */
    uint64_t net_mg[PLAN_THINGS], gross_mg, tare_mg, child_pieces, child_mg;
    int found[PLAN_THINGS];             /* seal number, 0: none found, UNSTATED */
    int removed, put_on;
    uint64_t outcome;
    bool explained, offline, with_remarks, births_add;
    uint64_t seen;                      /* how many records the signers had seen */
    struct hash seen_root;
    /* Rules broken on purpose that the model does not see by itself; subject NOTHING: the act.  */
    bool wrong_signers, missing_signer, unstated_seals;
    uint64_t print;
    struct signed_act *orphan;          /* lodge, adopt */
    size_t orphan_slot;
};

/* A release that was signed and kept back. */
struct orphan {
    bool used, lodged;
    struct life *life;
    struct plan plan;
    struct signed_act act;
    struct hash id;
};

struct lives {
    struct walk w;
    uint64_t seed; /* state of the generator */
    struct life *all;
    size_t count;
    int seals; /* numbers given out */
    struct told *foretold; /* breaches, as the model has them */
    size_t foretold_count, foretold_cap;
    struct { uint64_t size; struct hash root; } seen[SNAPSHOTS];
    size_t seen_count;
    struct orphan orphans[ORPHANS];
    unsigned rekeyed;
    size_t acts[KIND_COUNT], deviations, refused;
};

uint64_t lives_random(struct lives *l, uint64_t below);

/* Thinks up an act on things as they are; false: nothing came of it. May break rules. */
bool lives_plan(struct lives *l, struct plan *out);
/* The act of a plan, signed by its signers. */
struct signed_act lives_act(struct lives *l, const struct plan *plan, bool deviation);

/* The model: which breaches the plan has if it is logged in that record at that time. */
void model_judge(struct lives *l, const struct plan *plan, uint64_t record, uint64_t logged_s, struct told out[JUDGED_MAX], size_t *count);
/* And what becomes of the things. */
void model_apply(struct lives *l, const struct plan *plan, uint64_t record, uint64_t logged_s, const struct hash *id);
/* The holder of the outermost container. */
uint64_t model_holder(const struct lives *l, const struct life *life);
const struct life *model_outer(const struct lives *l, const struct life *life);
struct life *model_find(const struct lives *l, uint64_t number);
/* Fails where the ledger's state of a thing is another. */
void model_compare(const struct lives *l, const struct life *life, struct ledger_txn *txn);
/* What is open at the end. */
void model_end(struct lives *l, uint64_t now_s);
struct life *model_new(struct lives *l, uint64_t number, bool box);

#endif
