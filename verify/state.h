/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state: what the records so far make of each subject (SPEC 6.3, 6.4, 7.1). The recorder keeps it in its store, the
 * verifier and fsck rebuild it by replay; authority.c and rules.c read and change it for both.
 */
#ifndef UNBROKEN_VERIFY_STATE_H
#define UNBROKEN_VERIFY_STATE_H

#include "verify/act.h"
#include "verify/record.h"

#define NOTHING UINT64_MAX /* no subject, no index, no time */

/* Seal numbers owned by the state: text is count strings, each one length byte and its bytes. */
struct seal_set {
    size_t count;
    size_t len;
    uint8_t text[SEALS_MAX * (SEAL_BYTES_MAX + 1)];
};

void seal_set_from(const struct seals *seals, struct seal_set *out);
void seal_set_view(const struct seal_set *set, struct seals *out); /* borrows set */
bool seal_set_equal(const struct seal_set *a, const struct seal_set *b); /* NULL is the empty set */
/* (from - removed) + put on, sorted; false when more than SEALS_MAX. */
bool seal_set_change(const struct seal_set *from, const struct seals *removed, const struct seals *put_on,
                     struct seal_set *out);

/* A release or hand out that nobody has answered yet. */
struct open_release {
    bool handed_out; /* for taking back; a release is for accepting (SPEC 7.3.15) */
    uint64_t index;
    struct hash act; /* its act-id */
    uint64_t by;     /* its first signer */
    uint64_t person, office, place; /* to whom; NOTHING where null */
    uint64_t due_s;  /* NOTHING if none */
    uint64_t logged_s;
};

/* An item or container. */
struct thing {
    enum thing_state state;
    bool voided;
    bool opened_before;      /* held at least once */
    uint8_t levels;          /* of containers in and with this one that it ever had: an item 0 (SPEC 7.3.9) */
    uint32_t contents;       /* things in this container, as its own thread counts them (SPEC 7.3.9) */
    uint64_t of_case;        /* NOTHING until registered */
    uint64_t holder;         /* person; also while in transit; NOTHING if unused */
    uint64_t place;          /* NOTHING if none stated */
    uint64_t pieces;         /* NOTHING until stated */
    uint64_t net_mg;         /* NOTHING until weighed */
    uint64_t container;      /* the container it is in, or NOTHING */
    struct open_release *open; /* owned; NULL when nothing is open */
    uint64_t missing;        /* index of the stock-take that did not find it, or NOTHING */
    uint64_t prints;
    struct seal_set *seals;  /* owned; NULL when unsealed */
};

enum { PERSON_KEYS_MAX = 64, PERSON_APPOINTMENTS_MAX = 64 };

struct person_key {
    uint64_t from; /* index of the record that gave it; in force for records after it */
    struct public_key key;
    struct hash kid;
    bool endorsed; /* the first key, or replaced with the old key's signature */
};

struct appointment {
    uint64_t number; /* in the person's thread */
    uint64_t index;
    uint64_t office;
    uint64_t ended;  /* index, or NOTHING */
};

struct person {
    size_t key_count;
    struct person_key keys[PERSON_KEYS_MAX];
    size_t appointment_count;
    struct appointment appointments[PERSON_APPOINTMENTS_MAX];
    uint64_t revoked;      /* index of the revocation of the latest key, or NOTHING */
    uint64_t doubted_from; /* index, or NOTHING: the earliest from which signatures were doubted */
};

enum { STATION_KEYS_MAX = 64 };

struct station_key {
    uint64_t from; /* index of the record that gave it */
    uint8_t key[ED25519_BYTES];
};

/* Subject 0. */
struct ledger_state {
    struct hash id;
    char origin[65];
    char code[9];
    bool training;
    uint64_t threshold;
    size_t founder_count;
    size_t key_count;
    struct station_key keys[STATION_KEYS_MAX];
};

/* One subject. `count`, `last` and `last_hash` are those of its thread so far (the heads leaf). */
struct subject {
    uint64_t number;
    enum subject_type type;
    bool dirty;           /* changed since loaded: for the recorder */
    uint64_t count;
    uint64_t last;
    struct hash last_hash;
    struct thing *thing;          /* item, container */
    struct person *person;        /* person */
    struct ledger_state *ledger;  /* subject 0 */
};

/*
 * All subjects known, by number. With a loader, an unknown subject is asked of it once (the recorder's
 * store); without, it is not there.
 */
struct world;
/* Fills *out (a zeroed subject with number set); STATUS_MISSING when there is none. May allocate members with subject_as. */
typedef enum status world_loader(void *context, struct subject *out, struct fault *fault);

MUST_USE enum status world_open(world_loader *loader, void *context, struct world **out, struct fault *fault);
void world_close(struct world *world); /* accepts NULL */
/* NULL when unknown, or when memory ran out or the loader failed (world_status). */
struct subject *world_find(struct world *world, uint64_t number);
/* Makes a new subject of that type; NULL when memory ran out. It must not be known yet (asserted). */
struct subject *world_add(struct world *world, uint64_t number, enum subject_type type);
/* Gives a zeroed subject the member for its type. False: out of memory. */
bool subject_as(struct subject *subject, enum subject_type type);
void subject_free_members(struct subject *subject);
MUST_USE enum status world_status(const struct world *world, struct fault *fault);
/* Visits every subject in memory, in no order. */
void world_each(struct world *world, void (*visit)(void *context, struct subject *subject), void *context);
/* Who has had this kid, or NOTHING; world_note_key tells it of one. (Loaded persons are noted by the loader's caller.) */
uint64_t world_key_owner(struct world *world, const struct hash *kid);
bool world_note_key(struct world *world, const struct hash *kid, uint64_t person);

/* The key in force for a record with that index, or NULL (SPEC 6.3). */
const struct person_key *person_key_at(const struct person *person, uint64_t index);
/* The appointment of that number in force for a record with that index, or NULL (SPEC 6.4). */
const struct appointment *person_appointment_at(const struct person *person, uint64_t number, uint64_t index);
/* An appointment of that office in force now, or NULL: what a signer's program puts into the payload. */
const struct appointment *person_office(const struct person *person, unsigned office);
/* The station key in force for a checkpoint of that size. */
const uint8_t *station_key_at(const struct ledger_state *ledger, uint64_t size);

#endif
