/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier: what a verified bundle says, as plain structures that papers are drawn from: its records with their details, its subjects with their
 * threads, what became of each thing, who signed what, what the verdict found. Nothing in it is believed that verify_read has not checked.
 * Not here: questions to it (dossier_look.h); words, languages, drawing.
 *
 * Text is as it was recorded: UTF-8 without control characters (SPEC 2.1), not escaped, no NUL behind it. Views live as long as the dossier.
 * A record is named by its index in the ledger (`record`, `until`, ...) or by its position in `records` (`at`, threads). NOTHING: none.
 */
#ifndef UNBROKEN_PRINTER_DOSSIER_H
#define UNBROKEN_PRINTER_DOSSIER_H

#include "verify/name.h"
#include "verify/verdict.h"

/* A part of one of the dossier's arrays: which one is said where it stands. */
struct dossier_run {
    size_t first, count;
};

enum dossier_shown { DOSSIER_SHOWN, DOSSIER_WITHHELD, DOSSIER_ERASED };

struct dossier_detail {
    uint64_t subject;       /* NOTHING: of the act as a whole */
    uint64_t name, ordinal; /* SPEC 5.4: detail_by_number */
    enum dossier_shown shown;
    uint64_t under;         /* not shown: the record of the order or erasure that covers it */
    enum value_type type;   /* this and what follows: shown only */
    struct view text;       /* integers in digits, lists joined by "; "; empty for files and bytes */
    struct view media;      /* VALUE_FILE: its type ... */
    struct hash file;       /* ... and SHA-256 */
    uint64_t length_bytes;  /* of a file, or of VALUE_BYTES */
    bool attached;          /* the file's bytes are in the bundle */
};

struct dossier_entry {
    uint64_t subject;
    enum role role;
    bool known;     /* the subject is of the closure; of others the bundle has no details */
    uint32_t facts; /* BIT(FACT_...): which of these are stated */
    uint64_t of_case, pieces, gross_mg, tare_mg, net_mg, outcome, office, print;
    struct dossier_run found, removed, put_on; /* in seals; empty and stated: none were there */
    struct dossier_run details;
};

struct dossier_record {
    uint64_t index;
    struct hash hash;
    uint64_t logged_s;
    bool is_act; /* else a heads record: the rest is empty */
    unsigned kind;
    struct hash act; /* act-id */
    uint64_t claimed_s;
    int offset_min;
    uint64_t seen_size; /* NOTHING in the founding */
    bool deviation, offline, has_code, has_from, has_to, has_foreign;
    uint64_t code; /* code_name */
    struct party from, to;
    struct foreign foreign;
    uint64_t place, due_s;
    uint64_t clock_old_s, clock_new_s; /* of a clock act */
    uint64_t answers;  /* the record of the act that it answers; of an adoption, that of the first lodge that keeps what it adopts */
    uint64_t amends;
    size_t late;       /* of a lodge or an adoption: the act that was lodged, in `late`; SIZE_MAX: none, or it is withheld */
    struct dossier_run signers;
    struct dossier_run entries; /* ascending by subject */
    struct dossier_run details;     /* of the act as a whole */
    struct dossier_run all_details; /* these, and then those of the entries */
};

/* As long as nothing of this changed: custody, as the rules of verify/ make it of the records. */
struct dossier_span {
    uint64_t thing;
    uint64_t record, until;    /* the record that began it, and the one that ended it: NOTHING while it lasts */
    uint64_t from_s, until_s;  /* when these two were logged */
    uint64_t claimed_s;        /* when the first signer of `record` says that it was */
    int offset_min;
    unsigned kind;             /* of the act that began it */
    enum thing_state state;    /* this, holder, place and open: of the outermost container that it was in (SPEC 7.1) */
    uint64_t holder;           /* also while it is in transit or out */
    uint64_t place;
    uint64_t in;               /* the container that it was in itself */
    uint64_t open;             /* the record of the release or hand out that is open */
    uint64_t person, office, to_place; /* to whom */
    uint64_t due_s;
};

/* An item or container at the end. */
struct dossier_thing {
    enum thing_state state;    /* state, holder, place and open: of the outermost container (SPEC 7.1) */
    bool voided;
    uint64_t holder, place, outermost; /* outermost: itself where it is in none */
    uint64_t of_case, pieces, net_mg, container;
    struct dossier_run seals;
    uint64_t prints;
    uint64_t missing;          /* the stock-take that did not find it */
    uint64_t open, open_s, due_s, to_person, to_office, to_place; /* the open release or hand out: its record, when it was logged ... */
    bool overdue;              /* ... and it is past its due time, or unanswered for more than 30 days (SPEC 7.3.15) */
    uint64_t registered_case;  /* of the record that registered it */
    uint64_t item, items;      /* the how manieth of how many things that were registered in that case, containers too; 0: it was not */
    uint64_t parent, parted;   /* what it was split off, sampled from or born of, and in which record */
    struct dossier_run spans;
};

struct dossier_subject {
    uint64_t number;
    enum subject_type type;
    char name[NAME_BYTES]; /* KHPP-28-L */
    bool asked;
    struct view title;     /* as first stated: name of the person or place, docket, description; empty: none, or not shown */
    enum dossier_shown title_shown;
    struct view agency;    /* of a person */
    struct dossier_run thread;      /* in thread */
    struct dossier_run findings;    /* in about: what stands at it, and at acts as a whole that touched it */
    struct dossier_run corrections; /* in corrections */
    struct dossier_run signatures;  /* in signatures: of a person */
    bool is_thing;
    struct dossier_thing thing;
};

/* One signature in the bundle. */
struct dossier_signature {
    uint64_t person, appointment, capacity; /* the office in which he signed: SPEC 5.1 */
    size_t at;
};

struct dossier_correction {
    uint64_t subject;
    size_t at;     /* the correcting record, */
    size_t detail; /* what it states, in details: `reason` and `remarks` aside */
};

struct dossier_store;

/* Zero it before use. */
struct dossier {
    struct verdict verdict; /* also code, origin, size, root, ledger, training, policy: of the file as it was verified */
    bool read;              /* what follows is there: nothing stopped the check. Else the verdict is all that there is */
    bool custody_known;     /* else an act is of an unknown kind, or an orphan is withheld: things are shown as far as the rules could go */
    struct view note;       /* the signed checkpoint */
    uint64_t threshold;     /* of registrars */
    struct dossier_record *records; /* ascending by index */
    size_t record_count;
    struct dossier_record *late;    /* signed acts that were lodged; index, logged_s, hash and details say nothing */
    size_t late_count, late_cap;
    struct dossier_entry *entries;
    size_t entry_count, entry_cap;
    struct dossier_detail *details;
    size_t detail_count, detail_cap;
    struct signer *signers;
    size_t signer_count, signer_cap;
    struct view *seals;
    size_t seal_count, seal_cap;
    struct dossier_subject *subjects; /* the closure, ascending */
    size_t subject_count;
    size_t *thread; /* positions in records */
    size_t thread_count;
    struct dossier_span *spans;
    size_t span_count, span_cap;
    size_t *about; /* positions in verdict.findings */
    size_t about_count;
    struct dossier_correction *corrections;
    size_t correction_count, correction_cap;
    struct dossier_signature *signatures; /* by person and record */
    size_t signature_count;
    struct dossier_store *store; /* of the texts */
};

enum { DOSSIER_SPANS_MAX = 4194304 };

/*
 * Verifies the file and keeps what it says; file may go afterwards. A bundle that fails or cannot be checked is no error: *out has the
 * verdict alone then. Errors: STATUS_MEMORY; STATUS_REFUSED (more than DOSSIER_SPANS_MAX spans): *out is closed then.
 */
MUST_USE enum status dossier_open(struct hasher *hasher, const struct policy *policy, struct view file, const struct verify_options *options,
                                  struct dossier *out, struct fault *fault);
/*
 * The same as a verdict_reader (verify/verdict.h), for who verifies by himself: context is a zeroed struct dossier, of which `verdict` is where
 * the verdict goes. Errors: as above, but closing is the caller's.
 */
MUST_USE enum status dossier_reader(void *context, struct check *check, struct fault *fault);
void dossier_close(struct dossier *dossier); /* accepts a zeroed one */

#endif
