/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict: the whole check of one file (SPEC 9 to 11): bytes in, verdict out. No clock, network, environment or writing.
 */
#ifndef UNBROKEN_VERIFY_VERDICT_H
#define UNBROKEN_VERIFY_VERDICT_H

#include "verify/policy.h"
#include "verify/rules.h"
#include "verify/token.h"

struct verify_options {
    struct view since;         /* an older paper or file that shows a checkpoint (shown.h); empty: none */
    uint64_t as_of_s;          /* NOTHING: none */
    bool training;             /* training ledgers are accepted */
    struct view tag;           /* a scanned tag or typed name; empty: none */
    const struct token_trust *tsa; /* NULL: tokens are not looked at */
};

enum { VERDICT_NOTES_MAX = 16, HISTORY_ASKED_MAX = 3 };

struct verdict_note {
    const char *code;
    uint64_t record, subject; /* or NOTHING */
    char text[FAULT_TEXT_BYTES];
};

/* A witness of the policy has cosigned the checkpoint of that size. */
struct verdict_witness {
    char name[128]; /* escaped */
    uint64_t size;
    uint64_t time_s;
    bool auditor;
};

/* Every record below `size` existed at time_s, says `who`. */
struct verdict_time {
    uint64_t size;
    uint64_t time_s;
    char who[160]; /* escaped */
};

/* No record of that index or a higher one existed before time_s: this one quotes what `who` signed then. */
struct verdict_quote {
    uint64_t record;
    uint64_t time_s;
    char who[160]; /* escaped */
};

/* What a record quotes of a public beacon (detail 161): for people to look up; it proves nothing by itself. */
struct verdict_beacon {
    uint64_t record;
    struct buffer text; /* owned; escaped */
};

/* When a record was made, and on whose word (SPEC 2.2). */
struct verdict_moment {
    uint64_t record;
    const char *act;      /* "heads" of a heads record, "unknown" of an act of unknown kind */
    uint64_t claimed_s;   /* NOTHING of a heads record */
    int offset_min;
    uint64_t logged_s;
    size_t not_after;     /* in verdict.times, or SIZE_MAX: proven by nobody but the station */
    size_t not_before;    /* in verdict.quotes, or SIZE_MAX */
};

/* What a successor's verdict knows of the ledger before it (V15). */
enum verdict_before { BEFORE_ABSENT, BEFORE_SAME, BEFORE_LATER };

/* The history in the succeeded ledger of a thing that was carried over (SPEC 3.9): lines as in `history`. */
struct verdict_old_life {
    uint64_t subject;  /* here */
    uint64_t record;   /* which registers it */
    uint64_t old;      /* its number there */
    struct buffer text; /* owned; empty: the old ledger's bundle is not inside, or does not have it */
};

struct verdict_withheld {
    uint64_t record, subject, name, ordinal; /* subject NOTHING: of the act as a whole */
    uint64_t under; /* the record of the erasure, or else of the order, that covers it: the first, if there are several */
    bool erased;
};

struct verdict_asked {
    uint64_t subject;
    enum subject_type type;
    uint64_t records; /* in its thread */
    bool broken;      /* a breach of custody of it, or of an act that touched it */
};

struct court_topic;

enum { VERDICT_TOPIC_RECORDS = 10 };

/* What a court will ask of the breaches of one code (court.h), and of whom. */
struct verdict_topic {
    const struct court_topic *about;
    size_t count;
    bool more; /* there are further records */
    uint64_t records[VERDICT_TOPIC_RECORDS];
    struct buffer who[VERDICT_TOPIC_RECORDS]; /* its signers, escaped */
};

/*
 * What a certificate's page may say as fact, in the order of SPEC 13.6. label and word are fixed English texts that a paper translates by
 * msgid; what the ledger says stands in value, escaped.
 */
struct certified_line {
    const char *label;
    struct buffer value; /* owned; may be empty */
    const char *word;    /* or NULL */
    uint64_t subject;    /* the line is about this one, or NOTHING: about the whole */
};

enum { CERTIFICATE_NUMBER_BYTES = 20 };

struct verdict {
    int status;        /* 0..3 */
    const char *code;  /* "intact", "custody", or that of the stop or first note */
    struct stop stop;
    struct verdict_note notes[VERDICT_NOTES_MAX];
    size_t note_count;
    struct finding *findings; /* breaches and findings in order of the records */
    size_t finding_count, finding_cap;
    struct verdict_topic *topics; /* in the order in which their codes occur */
    size_t topic_count;
    struct buffer *reasons; /* of each breach `deviation`, in their order: as stated, escaped; empty: none */
    size_t reason_count, reason_cap;
    struct verdict_withheld *withheld;
    size_t withheld_count, withheld_cap;
    struct verdict_asked *asked;
    size_t asked_count;
    struct verdict_witness *witnesses; /* on the checkpoint */
    size_t witness_count, witness_cap;
    struct verdict_witness *later;     /* on the later view that the bundle carries (`vouched`) */
    size_t later_count, later_cap;
    struct verdict_time *times;
    size_t time_count, time_cap;
    struct verdict_quote *quotes;      /* ascending by record */
    size_t quote_count, quote_cap;
    struct verdict_beacon *beacons;
    size_t beacon_count, beacon_cap;
    struct verdict_moment *moments;    /* of every record of the bundle, ascending */
    size_t moment_count;
    struct verdict_old_life old_lives[HISTORY_ASKED_MAX]; /* of asked things that were carried over; as many as there are */
    size_t old_life_count;
    struct buffer history; /* text: the asked things' lives, one line a record; empty for more than a few */
    struct certified_line *lines; /* of a certificate whose custody was judged; none of a bundle, or when the check stopped */
    size_t line_count, line_cap;
    char certificate[CERTIFICATE_NUMBER_BYTES]; /* its number; "" when it is none */
    struct hash certified_policy; /* its SHA-256; another than `policy` is told */
    char origin[192];
    char code_text[9];     /* CODE */
    struct hash ledger, policy, root;
    bool has_succeeds;     /* the founding names a ledger that this one succeeds */
    struct foreign succeeds;
    enum verdict_before before; /* its bundle is inside, and fits */
    uint64_t before_size;  /* of that bundle */
    bool known;            /* origin, size and root above were signed by the policy's log */
    bool training, quorum_none, quorum_splits, audited;
    bool audited_later;    /* audited, and it is the later view that the auditors have signed */
    bool custody_open;     /* an act of unknown kind or a withheld orphan: what is not broken is not known to be unbroken */
    uint64_t size;         /* n */
    uint64_t since_size;   /* of the older paper that this file was shown to continue; 0: none was given */
    uint64_t logged_s;     /* of record n-1: the station's word */
    uint64_t subjects, records, signatures, details;
    uint64_t things[THING_SAME]; /* items and containers of the closure, by their state at the end (enum thing_state) */
};

/*
 * Verifies a bundle, an exhibit or a certificate's PDF. The verdict is always filled; free it with verdict_close.
 * Errors: STATUS_MEMORY only.
 */
MUST_USE enum status verify_file(struct hasher *hasher, const struct policy *policy, struct view file,
                                 const struct verify_options *options, struct verdict *out, struct fault *fault);
/*
 * The same; and where nothing stopped the check, `reader` is shown the verified parts before they are let go (check.h: rows, threads,
 * sheets, disclosures, the world at the end), for papers that are drawn from them. What it returns is returned.
 */
struct check;
typedef enum status verdict_reader(void *context, struct check *check, struct fault *fault);
MUST_USE enum status verify_read(struct hasher *hasher, const struct policy *policy, struct view file,
                                 const struct verify_options *options, verdict_reader *reader, void *context, struct verdict *out,
                                 struct fault *fault);
/* V17 for who has both parts of a certificate before there is a PDF: the signed statement and the bundle. reader may be NULL. */
MUST_USE enum status verify_certificate(struct hasher *hasher, const struct policy *policy, struct view statement, struct view bundle,
                                        const struct verify_options *options, verdict_reader *reader, void *context, struct verdict *out,
                                        struct fault *fault);
void verdict_close(struct verdict *verdict);

/* The verdict for people, and as JSON (SPEC 11). Text from records is escaped. */
void verdict_print(const struct verdict *verdict, struct buffer *out);
void verdict_json(const struct verdict *verdict, struct buffer *out);

#endif
