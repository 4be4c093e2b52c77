/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_replay: a small world without a ledger: things and persons by number, acts made member by member, and what a
 * replay says of them. Keys and signatures there are none: rules_replay asks for neither.
 */
#ifndef UNBROKEN_TESTS_SAMPLE_REPLAY_H
#define UNBROKEN_TESTS_SAMPLE_REPLAY_H

#include "verify/rules.h"

enum { SAMPLE_ACTS = 12, SAMPLE_FINDINGS = 64, SAMPLE_SHEETS = 16, SAMPLE_TIME = 1544666584, SAMPLE_PERSONS = 9 };

/* Person N (1 to SAMPLE_PERSONS) is subject N; things are numbered behind them. */
struct sample_replay {
    struct hasher *hasher;
    struct world *world;
    struct replay replay;
    struct rules_source source;
    struct act *acts[SAMPLE_ACTS]; /* by index of the record; NULL: none */
    uint64_t index;                /* of the act in the making */
    struct act *act;
    struct record *record;
    struct buffer encoded[SAMPLE_SHEETS]; /* seals and sheets, alive until the end */
    size_t encoded_count;
    struct finding findings[SAMPLE_FINDINGS];
    size_t finding_count;
    struct stop stop;
};

void sample_replay_open(struct sample_replay *s);
void sample_replay_close(struct sample_replay *s);

/* A thing in that state, with 10 pieces where it is not unused. */
struct subject *sample_thing(struct sample_replay *s, uint64_t number, enum subject_type type, enum thing_state state,
                             uint64_t holder);
/* Begins an act of the next record: claimed and logged at SAMPLE_TIME, all before it seen, one signer. */
struct act *sample_begin(struct sample_replay *s, enum kind kind, uint64_t person, uint64_t capacity);
void sample_signer(struct sample_replay *s, uint64_t person, uint64_t capacity);
struct entry *sample_entry(struct sample_replay *s, uint64_t subject, enum role role);
/* States a number: pieces, a mass, a print, an outcome. */
void sample_state(struct entry *entry, unsigned fact, uint64_t number);
/* States seals; numbers end with NULL. */
void sample_seals(struct sample_replay *s, struct entry *entry, unsigned fact, const char *const *numbers);
#define SAMPLE_SEALS(s, entry, fact, ...) sample_seals(s, entry, fact, (const char *const[]){__VA_ARGS__})
/* A sheet of that entry with details of those names, ascending; a name may stand again. */
void sample_details(struct sample_replay *s, struct entry *entry, const unsigned *names, size_t count);
#define SAMPLE_DETAILS(s, entry, ...) \
    sample_details(s, entry, (const unsigned[]){__VA_ARGS__}, sizeof(const unsigned[]){__VA_ARGS__} / sizeof(unsigned))
/* Replays the act; its findings replace those of the act before. */
void sample_replay(struct sample_replay *s);
/* What is open at the end. */
void sample_end(struct sample_replay *s, const struct subject *subject, uint64_t now_s);
/* The breaches as text, "mass 10, pieces 10"; the act as a whole is "-". Findings come in parentheses: "(drift 10)". */
const char *sample_said(const struct sample_replay *s);

#endif
