/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fsck_inside: one full check, for fsck*.c alone. One thread replays the records in order (fsck_replay.c); the others do what needs no order:
 * hashes, signatures, details (fsck_work.c). fsck_shadow.c keeps what replay makes of the subjects; fsck.c compares all of it with the store.
 */
#ifndef UNBROKEN_LEDGER_FSCK_INSIDE_H
#define UNBROKEN_LEDGER_FSCK_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "ledger/attached.h"
#include "ledger/care.h"
#include "ledger/erasures.h"
#include "ledger/gaps.h"
#include "ledger/inside.h"
#include "ledger/witnesses.h"

enum { FSCK_BATCH = 256, FSCK_THREADS_MAX = 64, FINGERPRINT_KEY_BYTES = 16 };

/* A person in memory is as large as this many things. */
enum { PERSON_WEIGHT = 16 };

/* A signature to be checked, with the key that was in force. */
struct fsck_signature {
    struct view header;
    struct view payload;
    struct public_key key;
    uint64_t index;
    uint64_t person;
    uint8_t value[SIGNATURE_BYTES];
};

/* What the workers are to do for one record. Views borrow the map. */
struct fsck_item {
    uint64_t index;
    struct view record;
    const uint8_t *leaf; /* the record's hash as stored */
    bool is_act;         /* and replay has accepted it */
    struct view payload;
    uint64_t seen_size; /* 0: none */
    struct hash seen_root;
    size_t part_first, sheet_count, disclosure_count; /* in batch.parts */
    size_t signature_first, signature_count;          /* in batch.signatures */
    struct attached_act described; /* its references are in batch.references, from reference_first on */
    size_t reference_first;
    bool has_note;    /* a checkpoint of index + 1 records is stored */
    struct view note;
    struct hash root; /* of index + 1 records */
    uint8_t station[ED25519_BYTES];
};

struct fsck_batch {
    struct fsck_batch *next;
    size_t count;
    struct fsck_item items[FSCK_BATCH];
    struct view *parts;
    size_t part_count, part_cap;
    struct attached_reference *references;
    size_t reference_count, reference_cap;
    struct fsck_signature *signatures;
    size_t signature_count, signature_cap;
};

/* Batches that are free, and those that wait for a worker. */
struct fsck_queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct fsck_batch *free;
    struct fsck_batch *first, *last;
    bool closed; /* no more will come */
};

/* A subject as replay has it: the encoded state, and the tip of its thread. */
struct shadow {
    uint8_t *state; /* owned: four bytes of length, then the encoding of state_store.h */
    uint64_t count;
    uint64_t last;
    bool changed; /* since the last heads record */
};

/* An unordered collection: how many, and the sum of their keyed hashes. Equal collections have equal fingerprints. */
struct fingerprint {
    uint64_t count;
    uint64_t sum;
};

struct fsck_kid {
    struct hash kid;
    uint64_t person;
};

struct fsck {
    struct ledger *ledger;
    struct ledger_txn *txn;
    const struct fsck_options *options;
    struct fsck_report *report;
    struct policy *witnesses; /* the station's; NULL: none. Only read while the workers run */
    uint8_t key[FINGERPRINT_KEY_BYTES];
    /* Shared with the workers; guarded by queue.lock where it is not atomic. */
    struct fsck_queue queue;
    struct stop stop; /* the first contradiction by record index */
    struct fault fault;
    enum status status; /* trouble that is not damage */
    atomic_bool stopped;
    struct fingerprint acts;
    uint64_t signatures, details;
    uint64_t erased, unfinished; /* details under an erasure that are gone, or still here */
    struct extents erasures;     /* what all erasures cover; read before the workers begin */
    struct gaps gaps;            /* details that are missing otherwise */
    uint64_t *files; /* keyed hashes of the files that details name and the store has */
    size_t file_count, file_cap;
    /* Replay's own. */
    struct shadow *shadows;
    size_t shadow_count, shadow_cap;
    struct hash *heads; /* nodes by position, as of the last heads record */
    size_t heads_count, heads_cap;
    uint64_t *changed; /* subjects touched since then */
    size_t changed_count, changed_cap;
    struct fsck_kid *kids;
    size_t kid_count, kid_cap;
    struct fingerprint threads;
    uint64_t orphans;
    uint64_t erase_acts;
    struct extents orders; /* what all orders cover */
    uint64_t states; /* in the store */
    uint64_t parts; /* sheets and disclosures */
    uint64_t last_heads; /* size after the last heads record */
    uint64_t last_checkpoint;
    uint64_t heads_subjects;
    struct world *world;
    size_t loaded; /* subjects in the world, persons by their weight */
};

/* ---- fsck.c */

/* Keeps the contradiction with the smallest record index. Any thread. record NOTHING: after all others. */
void fsck_contradiction(struct fsck *fsck, const struct stop *stop);
void fsck_damage(struct fsck *fsck, uint64_t record, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Trouble of the machine: ends the check. */
void fsck_trouble(struct fsck *fsck, enum status status, const struct fault *fault);
void fingerprint_add(const struct fsck *fsck, struct fingerprint *fingerprint, const void *bytes, size_t len,
                     uint64_t index);
/* Room for one more in a growing array, by a quarter each time; false: out of memory. */
bool fsck_room(void **array, size_t count, size_t *cap, size_t size);

/* ---- fsck_shadow.c */

MUST_USE enum status shadow_open(struct fsck *fsck, struct fault *fault);
void shadow_close(struct fsck *fsck);
/* Writes the changed subjects of the world back; begins a new world where it has grown large, or always. */
MUST_USE enum status shadow_settle(struct fsck *fsck, bool always, struct fault *fault);
/* The tips of the record's threads move on; its links are checked against them. False: a link is wrong. */
MUST_USE enum status shadow_advance(struct fsck *fsck, const struct record *record, bool *right, struct fault *fault);
MUST_USE enum status shadow_note_key(struct fsck *fsck, const struct hash *kid, uint64_t person, struct fault *fault);
/* Root of the heads of all subjects now. */
MUST_USE enum status shadow_heads_root(struct fsck *fsck, struct hash *out, struct fault *fault);
/* Compares heads and keys in the store with what replay has; states one by one. */
bool shadow_compare_state(struct fsck *fsck, uint64_t subject, struct view value);
MUST_USE enum status shadow_compare(struct fsck *fsck, uint64_t *entries, struct fault *fault);

/* ---- fsck_replay.c, fsck_act.c */

/* Where the walk stands. */
struct fsck_walk {
    struct fsck *fsck;
    struct store_cursor *cursor;
    struct view key, value; /* the entry that is next */
    bool ended;
    struct merkle_frontier frontier;
    const uint8_t *prev; /* stored hash of the record before */
    uint64_t prev_logged_s;
    struct record *record;
    struct act *act;
    struct rules_source source;
    struct replay replay;
    struct fsck_batch *batch;
};

/* Replays everything and hands batches to the workers. Contradictions are in fsck->stop. */
MUST_USE enum status fsck_replay(struct fsck *fsck, struct fault *fault);
/* The act of walk->record: verify's checks and effects, and what append checks besides. */
MUST_USE enum status fsck_replay_act(struct fsck_walk *walk, struct fsck_item *item, struct fault *fault);

/* ---- fsck_compare.c */

/* Everything that is not a record, once all have been replayed. */
MUST_USE enum status fsck_compare(struct fsck *fsck, struct fault *fault);

/* ---- fsck_work.c */

struct fsck_worker;
MUST_USE enum status fsck_worker_open(struct fsck *fsck, struct fsck_worker **out, struct fault *fault);
void fsck_worker_close(struct fsck_worker *worker); /* accepts NULL */
/* The life of a worker's thread: takes batches until the queue is closed. context: the worker. */
void *fsck_work(void *context);

/* ---- fsck_queue.c */

MUST_USE enum status queue_open(struct fsck_queue *queue, size_t batches, struct fault *fault);
void queue_free(struct fsck_queue *queue);
/* An empty batch; waits until there is one. */
struct fsck_batch *queue_take_free(struct fsck_queue *queue);
void queue_put(struct fsck_queue *queue, struct fsck_batch *batch);
/* The next batch to be worked on; NULL when no more will come. */
struct fsck_batch *queue_take(struct fsck_queue *queue);
void queue_give_back(struct fsck_queue *queue, struct fsck_batch *batch);
void queue_end(struct fsck_queue *queue);

#endif
