/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk: things in every state, and one act of every kind for each of them, by signers of every office: the makings of test_walk.c.
 */
#ifndef UNBROKEN_TESTS_WALK_WALK_H
#define UNBROKEN_TESTS_WALK_WALK_H

#include "tests/ledger/fixture.h"
#include "tests/walk/told.h"

/*
 * The people: fixture's registrars 1 to 3, CUSTODIAN, who holds what "another" holds, and OFFICER, who registers everything;
 * then for each office a first person, around whom the walk turns, and a twin of the same office.
 */
struct who {
    uint64_t person;
    unsigned office;
};

enum walk_state {
    STATE_UNUSED, STATE_UNUSED_BOX,
    STATE_HELD, STATE_HELD_BY_OTHER, STATE_SEALED,
    STATE_TO_SIGNER, STATE_TO_OFFICE, STATE_TO_PLACE, STATE_TO_OTHER, STATE_FROM_SIGNER,
    STATE_OUT, STATE_OUT_BY_OTHER,
    STATE_CLOSED, STATE_VOID,
    STATE_PACKED, STATE_PACKED_BY_OTHER,
    STATE_BOX, STATE_BOX_SEALED,
    STATE_COUNT
};

/* Who signs: the first person (held by, released to ...) alone, with a twin, with another office, with three more, or behind the twin. */
enum walk_set { SET_ALONE, SET_TWIN, SET_OTHER, SET_THREE, SET_BEHIND_TWIN, SET_COUNT };

/* What a trial needs beside its thing. */
enum walk_aux { AUX_NONE, AUX_UNUSED, AUX_ITEM, AUX_BOX, AUX_COUNT };

struct trial {
    enum kind kind;
    unsigned variant;  /* code of an animal, place of the thing in the act ... */
    enum walk_aux aux; /* unused item; item, container held by the first person */
};

const struct trial *walk_trials(size_t *count);
const char *walk_state_name(enum walk_state state);
const char *walk_set_name(enum walk_set set);
/* Why this combination is no well-formed act at all; NULL: it is one. */
const char *walk_impossible(const struct trial *trial, enum walk_state state);

struct walk {
    struct fixture f;
    unsigned office; /* of the first person */
    uint64_t cases[2], place, case_record, place_record; /* and the records that opened them */
    struct ledger_txn *txn;
    uint64_t last; /* record that walk_append made */
    struct buffer seals, other_seals, no_seals, names; /* encoded: S1, N1, none; detail names */
};

/* A thing for every trial and every set of signers, all in one state. */
struct group {
    enum walk_state state;
    size_t count; /* things */
    uint64_t first;
    uint64_t inner; /* what is in them, or what they are in; 0: none */
    uint64_t aux[AUX_COUNT]; /* the first of each sort */
    struct hash released;    /* the latest release of all things; undefined where there was none */
    uint64_t amended;        /* record that touches all things: the latest that their holder signed, if any */
    struct hash amended_hash;
    struct signed_act *orphans; /* of each thing: a weighing by the first person, not logged */
};

/* Ledger with people, cases, place. */
void walk_open(struct walk *w, unsigned office);
/* One more person, an expert. Within w->txn. */
uint64_t walk_enrol(struct walk *w);
void walk_close(struct walk *w);

struct who walk_first(const struct walk *w);
struct who walk_twin(const struct walk *w);
/* Of an office that neither the first person nor CUSTODIAN has. */
struct who walk_witness(const struct walk *w);
/* The signers of that set, in order. */
size_t walk_signers(const struct walk *w, enum walk_set set, struct who out[4]);

/* Appends within w->txn, wants no breach, and lets the next signers have seen it. Frees the act. */
uint64_t walk_append(struct walk *w, struct signed_act act);

void group_open(struct walk *w, enum walk_state state, struct group *out);
void group_close(struct group *group);
bool group_is_box(enum walk_state state);
bool group_is_sealed(enum walk_state state);

/* The trial that thing i of a group is for. */
const struct trial *walk_trial_of(size_t i, enum walk_set *set);
/* The act of trial i, signed by its set. */
struct signed_act walk_act(struct walk *w, const struct group *group, size_t i, bool deviation);

/* Acts that are on no thing, with every set of signers. */
size_t register_count(void);
enum kind register_kind(size_t i, enum walk_set *set);
/* Is it done to a person who is enrolled for it alone? */
bool register_has_own(size_t i);
/* own: that person. Opening acts open the next number. */
struct signed_act register_act(struct walk *w, size_t i, uint64_t own, bool deviation);

#endif
