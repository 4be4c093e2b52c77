/* SPDX-License-Identifier: Apache-2.0 */
/* witness_inside: what the files witness*.c share. */
#ifndef UNBROKEN_LEDGER_WITNESS_INSIDE_H
#define UNBROKEN_LEDGER_WITNESS_INSIDE_H

#include <sys/stat.h>

#include "ledger/secret.h"
#include "ledger/witness.h"
#include "ledger/witness_request.h"

enum {
    WITNESS_LOG_TYPE = 1,       /* of a log's key: Ed25519 */
    WITNESS_KEY_TYPE = 4,       /* of its own: cosignature/v1 */
    WITNESS_LOGS_BYTES_MAX = 4 * 1024 * 1024,
    WITNESS_EXHIBITS_MAX = 64,  /* of one ledger: what proves misconduct once more is not kept */
    ORIGIN_HASH_BYTES = 65      /* with its NUL */
};

struct witness {
    char *dir;
    struct hasher *hasher;
    struct secret *secret;
    struct buffer name;
    struct verifier_key key;    /* its own; borrows name */
    struct witness_guard guard; /* allow NULL: none */
    bool auditor;               /* DIR/auditor is there: it signs nothing without a guard */
    uint64_t training_now_s;    /* 0: none */
    struct buffer logs_text;    /* logs.policy as it was read; what logs borrow */
    struct stat logs_file;      /* of which file */
    struct verifier_key *logs;
    size_t log_count;
};

/* What the files say of one ledger. Zero it before use; witness_state_free. */
struct witness_state {
    char origin_hash[ORIGIN_HASH_BYTES];
    bool cosigned; /* else the rest is empty */
    struct buffer note;
    struct checkpoint *latest; /* borrows note */
    uint64_t time_s;           /* of its own cosignature */
};

/* ---- witness_logs.c -------------------------------------------------------------------------- */

/* Reads logs.policy again if it is another file than the one that was read. */
MUST_USE enum status witness_logs_refresh(struct witness *witness, struct fault *fault);

/* ---- witness_state.c ------------------------------------------------------------------------- */

/* Waits for the lock of DIR; *lock is to be given to witness_unlock. */
MUST_USE enum status witness_lock(const struct witness *witness, int *lock, struct fault *fault);
void witness_unlock(int lock);
void witness_origin_hash(struct hasher *hasher, struct view origin, char out[ORIGIN_HASH_BYTES]);
/* "DIR/ORIGIN-HASH/NAME", owned; NULL when out of memory. */
char *witness_path(const struct witness *witness, const char *origin_hash, const char *name);
/*
 * Reads the latest checkpoint of that origin and checks that it is the witness's own. STATUS_DAMAGED: it is not, or it is gone while older ones
 * are there: then nothing must be signed.
 */
MUST_USE enum status witness_state_read(struct witness *witness, struct view origin, struct witness_state *out, struct fault *fault);
void witness_state_free(struct witness_state *state);
/* checkpoints/SIZE of the latest one, where a crash or a full disk kept it from being written. */
MUST_USE enum status witness_state_mend(struct witness *witness, const struct witness_state *state, struct fault *fault);
/* Makes this note, of that size, the latest. Only after STATUS_OK may anybody see it. */
/* Synced, with its directory. */
MUST_USE enum status witness_settle(const char *path, struct fault *fault);
MUST_USE enum status witness_state_write(struct witness *witness, const char *origin_hash, uint64_t size, struct view note, struct fault *fault);
/* The checkpoint of that size that was cosigned once. STATUS_MISSING. out borrows note. */
MUST_USE enum status witness_kept(struct witness *witness, struct view origin, const char *origin_hash, uint64_t size, struct buffer *note,
                                  struct checkpoint *out, struct fault *fault);

/* ---- witness_convict.c ----------------------------------------------------------------------- */

/*
 * Does the checkpoint, signed by its log (note: with its lines alone), contradict one that is kept? *forked, and the exhibit is written unless
 * one of these sizes is there, or very many are: exhibit is then "". Errors: of the disk.
 */
MUST_USE enum status witness_convict(struct witness *witness, const char *origin_hash, const struct witness_request *request,
                                     const struct checkpoint *asked, struct view note, bool *forked, uint64_t *kept_size, char exhibit[128],
                                     struct fault *fault);
/* The names of the exhibits of that ledger, each with a newline, ascending. */
MUST_USE enum status witness_exhibits(struct witness *witness, const char *origin_hash, struct buffer *out, size_t *count, struct fault *fault);

#endif
