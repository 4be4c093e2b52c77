/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle: the file that proves (SPEC 4, `bundle`, `fork`, `false-heads`; SPEC 9 V1 and V2). Layout only: what the
 * parts say is checked by verdict.c.
 */
#ifndef UNBROKEN_VERIFY_BUNDLE_H
#define UNBROKEN_VERIFY_BUNDLE_H

#include "verify/hash.h"
#include "verify/merkle.h"
#include "verify/record.h"

#define BUNDLE_BYTES_MAX UINT64_C(2147483647)

/* A run of positions in the bundle's flat list of positions. */
struct bundle_path {
    size_t first;
    size_t count;
};

struct bundle_view {
    struct view note;
    size_t token_first, token_count; /* in bundle.tokens */
};

struct bundle_proof {
    struct view bytes; /* record or heads-leaf layer */
    struct bundle_path path;
};

struct bundle_seen {
    uint64_t size;
    struct bundle_path path;
};

struct bundle_anchor {
    struct bundle_view view;
    struct bundle_path path;
};

/* Views borrow the file; the arrays are owned (bundle_close). Zero it before use. */
struct bundle {
    struct bundle_view view;
    struct view pool;
    uint64_t *positions;
    size_t position_count;
    struct view *tokens;
    size_t token_count;
    struct bundle_proof *records;
    size_t record_count;
    uint64_t *asked;
    size_t asked_count;
    struct bundle_proof *leaves;
    size_t leaf_count;
    struct bundle_seen *seen;
    size_t seen_count;
    struct bundle_anchor *anchors;
    size_t anchor_count;
    bool has_vouched;
    struct bundle_anchor vouched;
    struct view *sheets;
    size_t sheet_count;
    struct view *disclosures;
    size_t disclosure_count;
    struct view *attachments;
    size_t attachment_count;
    struct view *others;
    size_t other_count;
};

enum file_kind { FILE_BUNDLE, FILE_FORK, FILE_FALSE_HEADS };

/* By the first bytes (SPEC V2); anything that is no exhibit is taken for a bundle. */
enum file_kind file_kind(struct view file);

enum bundle_answer { BUNDLE_OK, BUNDLE_TRANSPORT, BUNDLE_VERSION, BUNDLE_UNREADABLE, BUNDLE_MEMORY };

/*
 * V1 and V2: whole-file check, strict scan, layout, pool order, orders of sheets, disclosures (by digest) and attachments.
 * fault->at = byte offset in the file, text = the rule. On any other answer than BUNDLE_OK nothing is owned.
 */
MUST_USE enum bundle_answer bundle_decode(struct hasher *hasher, struct view file, struct bundle *out,
                                          struct fault *fault);
void bundle_close(struct bundle *bundle);
/* Copies the nodes of a path; false when it is longer than MERKLE_PATH_MAX. */
bool bundle_path_nodes(const struct bundle *bundle, struct bundle_path path, struct merkle_path *out);

/*
 * Writing. The writer collects parts in any order and sorts what SPEC 4 wants sorted; records, leaves, seen and anchors
 * are given in ascending order. It copies all that it is given, so nothing has to stay alive.
 */
struct bundle_writer; /* opaque */
MUST_USE enum status bundle_writer_open(struct hasher *hasher, struct bundle_writer **out, struct fault *fault);
void bundle_writer_close(struct bundle_writer *writer); /* accepts NULL */
/* Out of memory is sticky and told by bundle_write. The view is put once (asserted). */
void bundle_put_view(struct bundle_writer *writer, struct view note, const struct view *tokens, size_t count);
void bundle_put_record(struct bundle_writer *writer, struct view record, const struct merkle_path *path);
void bundle_put_asked(struct bundle_writer *writer, uint64_t subject);
void bundle_put_leaf(struct bundle_writer *writer, struct view leaf, const struct merkle_path *path);
void bundle_put_seen(struct bundle_writer *writer, uint64_t size, const struct merkle_path *path);
void bundle_put_anchor(struct bundle_writer *writer, struct view note, const struct view *tokens, size_t count,
                       const struct merkle_path *path);
void bundle_put_vouched(struct bundle_writer *writer, struct view note, const struct view *tokens, size_t count,
                        const struct merkle_path *path);
void bundle_put_sheet(struct bundle_writer *writer, struct view sheet);             /* the same twice is put once */
void bundle_put_disclosure(struct bundle_writer *writer, struct view disclosure);   /* likewise */
void bundle_put_attachment(struct bundle_writer *writer, struct view attachment);   /* likewise */
void bundle_put_other(struct bundle_writer *writer, struct view bundle);
/* Appends the whole file with its check. Errors: STATUS_MEMORY, STATUS_REFUSED (too long). */
MUST_USE enum status bundle_write(struct bundle_writer *writer, struct buffer *out, struct fault *fault);

/* Exhibits; views borrow. Errors: STATUS_DAMAGED, at = byte offset. */
enum { EXHIBIT_PATH_MAX = 64 };
struct exhibit_part {
    struct view bytes;
    struct merkle_path path;
};
struct fork_exhibit {
    struct view a, b;
    struct merkle_path nodes;
};
struct false_heads_exhibit {
    struct view note;
    struct exhibit_part heads;
    bool has_leaf;
    struct exhibit_part leaf;
    struct exhibit_part record;
};
MUST_USE enum status fork_decode(struct view file, struct fork_exhibit *out, struct fault *fault);
MUST_USE enum status false_heads_decode(struct view file, struct false_heads_exhibit *out, struct fault *fault);

#endif
