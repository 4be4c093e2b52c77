/* SPDX-License-Identifier: Apache-2.0 */
/*
 * station: a ledger to be measured: three registrars, two officers, a custodian, and cases of a hundred items, each weighed again and again.
 * Every weighing is the record of the goals: one signer, one subject, six details. Any failure ends the program.
 */
#ifndef UNBROKEN_TESTS_BENCH_STATION_H
#define UNBROKEN_TESTS_BENCH_STATION_H

#include "ledger/compose.h"
#include "ledger/ledger.h"

enum { STATION_FOUNDERS = 3, STATION_OFFICER_NUMBER = 4, STATION_SECOND_NUMBER = 5, STATION_CUSTODIAN_NUMBER = 6, STATION_PEOPLE = 7,
       STATION_CASE_ITEMS = 100, STATION_WEIGHINGS = 10 };

struct station {
    char dir[128];
    struct hasher *hasher;
    struct secret *people[STATION_PEOPLE]; /* by person number */
    struct ledger *ledger;                /* open for appending, or NULL */
    struct hash id;
    uint64_t now_s; /* of the last record */
    uint64_t seen_size; /* what the next act's signers have seen */
    struct hash seen_root;
    uint64_t cases;
    uint64_t next_item; /* the next to be weighed */
};

/* A signed act, ready to be appended. */
struct station_act {
    struct draft draft;
    struct buffer act;
    struct view *parts;
    struct submission submission;
};

/* An act of the next record, its signers having seen what station_see saw. */
struct composer *station_compose(struct station *station, enum kind kind, struct act **act);
void station_signer(struct act *act, uint64_t person, uint64_t appointment, uint64_t capacity);
/* Signed by its signers; the composer is closed. */
struct station_act station_finish(struct station *station, struct composer *composer);

/* Founds a ledger in dir, which must not exist, and leaves it open. */
void station_found(struct station *station, const char *dir);
/* Opens one that station_found made, in another process or after station_shut. */
void station_open(struct station *station, const char *dir);
void station_shut(struct station *station);
void station_free(struct station *station);

/* Opens a case, allots and registers its items, weighs each ten times, and signs a checkpoint: 1,004 records. */
void station_add_case(struct station *station);
/* Subject number of an item, counted from 0 over all cases. */
uint64_t station_item(uint64_t number);
uint64_t station_items(const struct station *station);
uint64_t station_size(struct station *station);

/* The next signers have seen the whole ledger. */
void station_see(struct station *station);
/* Weighings of the next items, signed, not appended. */
void station_weigh(struct station *station, size_t count, struct station_act *out);
void station_act_free(struct station_act *act);
/* One transaction with all of them; returns when it is on disk. */
void station_append(struct station *station, const struct station_act *acts, size_t count);
void station_checkpoint(struct station *station);
/* Bytes of sheets and disclosures. */
uint64_t station_part_bytes(const struct station_act *act);

#endif
