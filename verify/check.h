/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check: the state of one verification, shared by the files that carry out the steps of SPEC 9. Internal to verify/, but
 * for who reads a verified bundle's parts in verify_read: looking, not changing.
 */
#ifndef UNBROKEN_VERIFY_CHECK_H
#define UNBROKEN_VERIFY_CHECK_H

#include "verify/bundle.h"
#include "verify/extents.h"
#include "verify/verdict.h"

struct signed_statement;

/* A record of the bundle. */
struct row {
    struct view bytes;
    struct hash hash;
    uint64_t index;
    uint64_t logged_s;
    enum record_type type;
    size_t link_first, link_count; /* in check.links, as the record gives them */
};

/* A size of this ledger's tree and its root, proven. */
struct sized_root {
    uint64_t size;
    struct hash root;
};

/* A link of a record, flattened. */
struct row_link {
    uint64_t subject, number, before;
    size_t row;
};

struct leaf_row {
    struct heads_leaf leaf;
    size_t first, count; /* in check.threads: the links of this subject, by ascending record */
};

struct lodged {
    struct hash act_id;
    size_t row;
    bool judged;
    enum orphan_answer answer; /* where judged */
};

/* The names of a sheet's lines, ascending; none of a sheet that is malformed. */
struct sheet_names {
    bool known;
    uint64_t *names; /* owned */
    size_t count;
};

struct check {
    struct hasher *hasher;
    const struct policy *policy;
    const struct verify_options *options;
    struct verdict *verdict;
    struct stop *stop; /* verdict->stop */
    struct view file;  /* the bundle's bytes */
    const struct signed_statement *certificate; /* the statement that the bundle is to prove (certificate.h), or NULL */
    struct bundle bundle;
    struct checkpoint *checkpoint;
    struct row *rows;
    size_t row_count;
    struct act_brief *briefs; /* of each row that is an act */
    struct row_link *links;
    size_t link_count, link_cap;
    struct row_link *threads; /* the links to leaves, by subject and record */
    size_t thread_count;
    struct leaf_row *leaves;
    size_t leaf_count;
    struct hash *sheet_hashes, *digests, *attachment_hashes; /* parallel to the bundle's arrays, ascending */
    struct sheet_names *sheet_names; /* likewise */
    bool *sheet_used, *disclosure_used, *attachment_used, *seen_used;
    struct hash *seen_roots; /* of the sizes proven so far */
    struct sized_root *anchors; /* of the anchors proven so far, ascending by size */
    size_t anchor_count;
    struct sized_root vouched;  /* size 0: none */
    struct extents extents;
    struct lodged *lodges;
    size_t lodge_count, lodge_cap;
    struct world *world;
    struct replay replay;
    struct rules_source source;
    struct stop custody; /* the contradiction or note of V12, which comes after V10 and V11 */
    struct record *record, *other_record; /* scratch */
    struct act *act, *other_act;
    struct buffer bytes;
    uint64_t subjects; /* M */
    struct hash heads_root;
};

/* Steps; each returns with stop->status set when it stops. STATUS_MEMORY is the only error. */
MUST_USE enum status check_ends(struct check *check, struct fault *fault);       /* the end of V3 */
MUST_USE enum status check_records(struct check *check, struct fault *fault);    /* V5, V6 */
MUST_USE enum status check_threads(struct check *check, struct fault *fault);    /* V7, V8 */
MUST_USE enum status check_acts(struct check *check, struct fault *fault);       /* V9, and V12's replay */
MUST_USE enum status check_closure(struct check *check, struct fault *fault);    /* V10 */
MUST_USE enum status check_details(struct check *check, struct fault *fault);    /* V11 */
MUST_USE enum status check_custody(struct check *check, struct fault *fault);    /* the rest of V12 */
MUST_USE enum status check_views(struct check *check, struct fault *fault);      /* V13, V14 */
MUST_USE enum status check_witnesses(struct check *check, struct fault *fault);  /* V4 */
MUST_USE enum status check_quotes(struct check *check, struct fault *fault);     /* V13: what records quote */
MUST_USE enum status check_others(struct check *check, bool nested, struct fault *fault); /* V15 */
void check_tag(struct check *check);                                             /* V15 */

/* V14; a checkpoint as scratch. */
MUST_USE enum status check_freshness(struct check *check, struct checkpoint *scratch, struct fault *fault);
/* After the steps: the times of each record, and what they contradict (SPEC 2.2, 7.3.17c). */
MUST_USE enum status times_write(struct check *check, struct fault *fault);
/* After the steps: what each asked subject's verdict is. */
MUST_USE enum status asked_judge(struct check *check, struct fault *fault);
/* A note of this ledger: it parses and has the checkpoint's origin. */
bool check_view(const struct check *check, struct view note, struct checkpoint *out);
/*
 * Who of those that may speak for the station signed it: the key in force for that size (above n: at n), or else a log key of the policy which
 * is another of this ledger's station keys, or else one that the ledger does not know. The register must have been replayed.
 */
enum check_signer { SIGNER_NOBODY, SIGNER_STATION, SIGNER_REPLACED, SIGNER_POLICY };
enum check_signer check_signer(const struct check *check, const struct checkpoint *checkpoint);
/* The root of that size, where the bundle proves one: as its checkpoint, `seen`, an anchor or `vouched`; or NULL. V13 must have passed. */
const struct hash *check_proven_root(const struct check *check, uint64_t size);
/* Does this act carry things over from the ledger that the founding succeeds (3.9)? rightly: as it must. */
bool check_carries(const struct check *check, const struct act *act, bool *rightly);
/* Findings in the order of SPEC 13.6: of the records, breaches first, subject, code. */
void check_sort_findings(struct check *check);
/* Text of a file, escaped and cut to that many bytes. */
void check_escape(struct view text, char *out, size_t size);

/* Fills check->source (check_source.c). */
void check_source_open(struct check *check);

/* V3 and V4 for a note: which log key of the policy signed it. Used by bundles, --since and exhibits. */
enum note_answer check_log_signature(const struct policy *policy, const struct checkpoint *checkpoint, bool *known_origin);

/* Rows and leaves by number; NULL when not in the bundle. */
const struct row *check_row(const struct check *check, uint64_t index);
const struct leaf_row *check_leaf(const struct check *check, uint64_t subject);
/* Position of a hash in an ascending array, or SIZE_MAX. */
size_t check_find(const struct hash *hashes, size_t count, const struct hash *hash);
/* Decodes a row's record and act (both passed V5); false for a heads record. */
bool check_decode(const struct row *row, struct record *record, struct act *act);
/* The sheet with that hash. */
bool check_sheet(const struct check *check, const struct hash *hash, struct view *out);
/* The disclosure with that digest. */
bool check_disclosure(const struct check *check, const struct hash *digest, struct view *out);
void check_note(struct check *check, const char *code, uint64_t record, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Makes room for one more in a growing array. */
MUST_USE bool check_room(void **array, size_t count, size_t *cap, size_t size);

#endif
