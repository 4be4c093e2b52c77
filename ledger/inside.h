/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside: what a ledger and its transactions consist of, for the files of ledger/ that implement ledger.h, export.h and care.h.
 */
#ifndef UNBROKEN_LEDGER_INSIDE_H
#define UNBROKEN_LEDGER_INSIDE_H

#include "ledger/attached.h"
#include "ledger/keys.h"
#include "ledger/ledger.h"
#include "ledger/signatures.h"
#include "verify/merkle.h"

enum { ORIGIN_BYTES_MAX = 64 + 10 + 52 + 1 };

/* The sizes of a ledger, as its last record's entry and two counters in the store say (keys.h). */
struct meta {
    uint64_t size;
    uint64_t subjects;
    uint64_t heads;      /* size of the ledger just after the last heads record; 0: none yet */
    uint64_t checkpoint; /* size of the latest signed checkpoint; 0: none yet */
    uint64_t checkpoints; /* how many were signed */
    uint64_t attachments; /* how many files are kept */
};

/* What a write transaction knows and the next one may use again, when no other process has committed between them. */
struct warm {
    bool valid;
    uint64_t stamp; /* of the commit after which it holds */
    struct world *world;
    struct merkle_frontier frontier;
    uint64_t logged_s; /* of the last record */
    bool has_seen;     /* a root that was computed for an act before */
    uint64_t seen_size;
    struct hash seen_root;
};

struct ledger {
    struct store *store;
    struct hasher *hasher;
    char *dir;
    char *head_path;
    bool append;
    bool scrub_due; /* when it was opened */
    bool recovering; /* LEDGER_RECOVER, LEDGER_MIRROR */
    bool mirror;     /* of somebody else's ledger: details are absent, breaches and steps of the clock are no reason to refuse (SPEC 15) */
    bool founding; /* record 0 is being written: there is nothing before it */
    struct ledger_state identity;
    char origin[ORIGIN_BYTES_MAX];
    bool has_succeeds;
    struct foreign succeeds;
    struct warm warm;
    struct {
        bool known;
        uint64_t size;
        struct hash root;
    } early; /* the remembered head as it was before the snapshot that is compared with it */
    struct ledger_txn *writing; /* the open write transaction, or NULL */
    /* Scratch, allocated once. */
    struct act *act;         /* the one being appended */
    struct act *other;       /* for rules: acts of older records */
    struct record *record;   /* the one being made */
    struct record *earlier;  /* older ones */
    struct buffer bytes;     /* record or state being encoded */
    struct buffer entry;     /* a record's entry in the store, and other values */
    struct buffer signature; /* what is signed */
    struct signatures *signatures; /* the thread of ledger_defer, or NULL */
};

struct ledger_txn {
    struct ledger *ledger;
    struct store_txn *store;
    bool write;
    bool failed; /* an append failed: only abort is left */
    bool changed;
    bool deferred; /* signatures are waited for at the commit */
    struct meta meta;
    struct world *world; /* a reader's own, opened when first asked for; a writer's is in ledger->warm */
    /* While an append runs. */
    const struct submission *submission;
    const struct hash *sheet_hashes;
    const struct ledger_listener *listener;
    const struct attached_lines *lines; /* a record is taken back, not made: details may be gone (restore.h) */
    const struct view *sheets; /* of record sheets_of, where a full check has them at hand */
    size_t sheet_count;
    uint64_t sheets_of;
    bool breached;
    char breach[FINDING_TEXT_BYTES + 32];
};

/* ---- ledger.c, txn.c */

/*
 * A new ledger in dir, which must be vacant: made beside its place and renamed whole. fill writes record 0, and whatever else belongs to it, into
 * the empty open store, and into the directory `hidden`.
 */
struct ledger_making {
    enum status (*fill)(void *context, struct ledger *ledger, const char *hidden, struct fault *fault);
    void *context;
};
MUST_USE enum status ledger_make(const char *dir, const struct ledger_making *making, struct fault *fault);
/* Works out who the ledger is, from record 0 and the state of subject 0. */
MUST_USE enum status ledger_identify(struct ledger_txn *txn, struct fault *fault);

/* For writing, with no other process in it (STORE_ALONE; wait false: STORE_ALONE_NOW); no head is remembered or compared. */
MUST_USE enum status ledger_open_alone(const char *dir, bool wait, struct ledger **out, struct fault *fault);

/* Forgets what was kept between write transactions. */
void warm_drop(struct ledger *ledger);
/* The world of a transaction; NULL with a fault when out of memory. */
struct world *txn_world(struct ledger_txn *txn, struct fault *fault);
/* Writes the changed subjects. */
MUST_USE enum status txn_flush(struct ledger_txn *txn, struct fault *fault);
/* "the ledger damaged at record N: what" */
enum status damaged(struct fault *fault, uint64_t index, const char *what);
/* The record's layer decoded into *record: version, index and length checked. */
MUST_USE enum status record_at(struct ledger_txn *txn, uint64_t index, struct record *record, struct fault *fault);

#endif
