/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness: a C2SP tlog-witness: cosigns checkpoints of any number of ledgers after checking that each continues the last, and keeps every
 * checkpoint that it cosigned, whole, so that it can convict. Its state is on disk before an answer leaves. Not here: HTTP (witness_http.c), and
 * what an auditor checks beside that (audit.h).
 *
 * DIR/witness.key              Ed25519, PKCS#8 PEM, 0600
 * DIR/name                     the name that it signs under
 * DIR/auditor                  is there when it is an auditor's (witness_mark_auditor)
 * DIR/logs.policy              the ledgers that it knows: `log` lines of a C2SP tlog-policy, of any number
 * DIR/lock                     held while a request is checked and its checkpoint written, so that two processes may sign from one directory
 * DIR/ORIGIN-HASH/checkpoint   the latest checkpoint that it cosigned: with the log's signature and its own
 * DIR/ORIGIN-HASH/checkpoints/SIZE   each one that it ever cosigned
 * DIR/ORIGIN-HASH/fork-SIZE-SIZE.exhibit  what it convicts with (SPEC V16)
 * ORIGIN-HASH: SHA-256 of the origin line, lower-case hex, as in tlog-witness.
 *
 * DIR/ORIGIN-HASH/checkpoint is what counts: written whole before an answer leaves, and only ever replaced by one that continues it.
 * checkpoints/SIZE is written behind it, and made good before the next one where a crash came between.
 */
#ifndef UNBROKEN_LEDGER_WITNESS_H
#define UNBROKEN_LEDGER_WITNESS_H

#include "verify/note.h"

struct witness;

/*
 * What must hold beside consistency before it signs; an auditor's replay is one. STATUS_OK: sign. STATUS_MISSING: not yet (503, the station asks
 * again). Anything else: never (422), the fault's text says why.
 */
struct witness_guard {
    enum status (*allow)(void *context, const struct checkpoint *checkpoint, struct fault *fault);
    void *context;
};

/* Makes DIR, which must be vacant, with a new key. Errors: STATUS_REFUSED (not vacant, a name that is none), STATUS_ENVIRONMENT, STATUS_FULL. */
MUST_USE enum status witness_found(const char *dir, struct view name, struct fault *fault);
MUST_USE enum status witness_open(const char *dir, struct witness **out, struct fault *fault);
void witness_close(struct witness *witness); /* accepts NULL */
/* guard: borrowed; NULL: consistency is enough. */
void witness_set_guard(struct witness *witness, const struct witness_guard *guard);
/*
 * From now on, and in every later process, nothing is signed without a guard: a key of the policies' group `auditors` says that all was replayed
 * (SPEC 15.3), and must not say it by a forgotten option.
 */
MUST_USE enum status witness_mark_auditor(struct witness *witness, struct fault *fault);
/* A clock for checkpoints of training ledgers alone, as everywhere; 0: none, they have the time of the others. */
void witness_set_training_clock(struct witness *witness, uint64_t now_s);
/* Does the origin line name a training ledger (SPEC 3.1)? */
bool witness_is_training(struct view origin);
/* "name+id+key", C2SP vkey of type 4. */
void witness_vkey(const struct witness *witness, struct buffer *out);
/*
 * Takes the `log` lines of a policy into logs.policy; one that it knows already stays. *added: how many were new. A witness that is being served
 * sees them with its next request. Errors: STATUS_DAMAGED (no policy), STATUS_REFUSED (a key that is the witness's own, or another origin's).
 * only: other keys of the origins that the policy names are trusted no more (a station key that was replaced); *dropped: how many.
 */
MUST_USE enum status witness_trust(struct witness *witness, struct view policy, bool only, size_t *added, size_t *dropped, struct fault *fault);

struct witness_answer {
    unsigned http_status; /* 200, 400, 403, 404, 409, 422, 500, 503 */
    bool is_size;         /* body is a size: text/x.tlog.size */
    struct buffer body;   /* 200: signature lines; else a sentence with a newline, or the size. Owned by the caller. */
    char about[192];      /* "ORIGIN SIZE", for logs; not escaped, cut where it is long; "" unless the log's signature holds */
    char exhibit[128];    /* path of an exhibit that was just written, below DIR; "": none */
    struct fault trouble; /* of a 500: what the witness's own log should say, and the answer does not */
};

/* tlog-witness `add-checkpoint`. now_s: the time that a cosignature states, not 0. Always answers; a trouble of its own is 500. */
void witness_add_checkpoint(struct witness *witness, struct view body, uint64_t now_s, struct witness_answer *out);
/* The latest checkpoint of the ledger with that origin hash (64 hex digits). STATUS_MISSING. */
MUST_USE enum status witness_latest(struct witness *witness, struct view origin_hash, struct buffer *out, struct fault *fault);

/* What the witness holds of one ledger; everything is borrowed. */
struct witness_ledger {
    struct view origin;
    const char *origin_hash; /* 64 hex digits */
    size_t key_count;        /* keys that are trusted for it */
    bool cosigned;           /* else the rest is zero */
    uint64_t size, time_s;   /* of the latest checkpoint, and when it was cosigned */
    struct hash root;
    struct view exhibits;    /* names of files, each with a newline, ascending */
};

typedef enum status witness_visitor(void *context, const struct witness_ledger *ledger, struct fault *fault);
/* Each origin of logs.policy once, in its order. Errors: the visitor's, STATUS_DAMAGED (the state of one), STATUS_ENVIRONMENT. */
MUST_USE enum status witness_each(struct witness *witness, witness_visitor *visit, void *context, struct fault *fault);

#endif
