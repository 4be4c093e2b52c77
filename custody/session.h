/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session: what a command needs between opening the ledger and the commit: keys, whose they are, in which office they
 * sign, the clock, one transaction, and the draft file where an act waits for signatures.
 *
 * Order of calls for an act:  session_open, session_keys, session_begin(write), session_signers,
 *   { session_compose, ..., session_append } once or more, session_commit, session_close.
 */
#ifndef UNBROKEN_CUSTODY_SESSION_H
#define UNBROKEN_CUSTODY_SESSION_H

#include "custody/args.h"
#include "custody/subject.h"
#include "ledger/compose.h"
#include "verify/name.h"

enum { SESSION_BATCH = 256 };

struct session_key {
    const char *path;
    struct secret *secret;
    uint64_t person; /* NOTHING: nobody in this ledger (yet) */
    bool taken;      /* nobody's, and spoken for by the command */
};

struct session_signer {
    struct signer signer;
    const struct secret *secret; /* NULL: signs later, in a draft */
};

struct session {
    struct args *args;
    struct ledger *ledger;
    struct ledger_txn *txn;
    const struct ledger_state *identity;
    uint64_t now_s;
    int offset_min;
    struct session_key keys[ACT_SIGNERS_MAX];
    size_t key_count;
    struct session_signer signers[ACT_SIGNERS_MAX];
    size_t signer_count;
    const char *draft_path; /* NULL: record */
    struct draft *drafts;
    size_t draft_count;
    bool opens; /* a draft holds an act that opens a subject */
    bool contradicted; /* a witness that was asked has seen another history, or more records (cosigning.h) */
    bool judged; /* the command itself says which acts are deviations, and tells what they find */
};

/* Opens the ledger, reads the clock. A training ledger is announced on standard output, unless quiet or --json. */
MUST_USE enum status session_open(struct args *args, enum ledger_mode mode, bool quiet, struct session *out,
                                  struct fault *fault);
void session_close(struct session *session);
/* Loads the keys of --key or UNBROKEN_KEY; asks for passphrases. None at all is a usage error, except for a draft. */
MUST_USE enum status session_keys(struct session *session, struct fault *fault);
/* The same without a ledger (session->ledger NULL). */
MUST_USE enum status session_load_keys(struct session *session, struct fault *fault);
/* One key file, its passphrase from --passphrase-file or asked. */
MUST_USE enum status session_load_key(struct session *session, const char *path, struct fault *fault);
/* For writing, the clock is read again once it is this one's turn. */
MUST_USE enum status session_begin(struct session *session, bool write, struct fault *fault);
/* ledger_checkpoint at the time of now; nothing may be open. */
MUST_USE enum status session_checkpoint(struct session *session, struct buffer *note, struct fault *fault);
void session_end(struct session *session); /* aborts what is open */
/* The directory of --ledger or UNBROKEN_LEDGER. */
MUST_USE enum status session_directory(struct args *args, const char **out, struct fault *fault);

/* Finds each key's person, and an appointment in force for the office that this kind of act needs. */
MUST_USE enum status session_signers(struct session *session, enum kind kind, struct fault *fault);
/*
 * The one key that was given, and its person in an office in force, for a statement that is no act: that of --as-office, else the first held of
 * prosecutor, court, custodian, registrar, any other. Needs a transaction.
 */
MUST_USE enum status session_certifier(struct session *session, struct session_signer *out, struct fault *fault);
/* Who holds that key now, or NOTHING. */
uint64_t session_person_of(struct session *session, const struct public_key *key);
/* One more signer (an enrollee, a person's new key). */
MUST_USE enum status session_add_signer(struct session *session, struct signer signer, const struct secret *secret,
                                        struct fault *fault);
/* A key of --key that is nobody's, or NULL. */
struct session_key *session_new_key(struct session *session);

/* Begins an act with ledger, clock, seen, signers and deviation filled in. */
MUST_USE enum status session_compose(struct session *session, enum kind kind, struct composer **out, struct fault *fault);
/* Finishes and signs it; records it (index receives its number) or adds it to the draft. Closes the composer always. */
MUST_USE enum status session_append(struct session *session, struct composer *composer, uint64_t *index, struct fault *fault);
/* Commits, or writes the draft file. Says where a draft is and whose signatures it needs. */
MUST_USE enum status session_commit(struct session *session, struct fault *fault);

/* The first four calls in one: session_open for appending, session_keys, session_begin, session_signers. */
MUST_USE enum status session_start(struct args *args, enum kind kind, struct session *out, struct fault *fault);
/* session_append and session_commit. done: what to say when it is recorded ("noted"); the record's number is added. */
MUST_USE enum status session_finish(struct session *session, struct composer *composer, const char *done, struct fault *fault);

/* session_open and session_begin for reading. On failure everything is closed. */
MUST_USE enum status session_read(struct args *args, struct session *out, struct fault *fault);

/* ---- subjects -------------------------------------------------------------------------------- */

void session_name(const struct session *session, uint64_t number, char out[NAME_BYTES]);
const char *session_article(enum subject_type type); /* "an" item */
MUST_USE enum status session_subject(struct session *session, const char *typed, uint64_t *number, struct fault *fault);
/* The same, of that type. */
MUST_USE enum status session_subject_of(struct session *session, const char *typed, enum subject_type type, uint64_t *number,
                                        struct fault *fault);
/* Arguments from `from` on, names, tags and ranges; ascending. */
MUST_USE enum status session_subjects(struct session *session, size_t from, struct subject_list *out, struct fault *fault);
/* A record number, as printed: "41". */
MUST_USE enum status session_record(struct session *session, const char *typed, uint64_t *index, struct fault *fault);

#endif
