/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_inside: one pull on its way, for mirror*.c alone.
 */
#ifndef UNBROKEN_LEDGER_MIRROR_INSIDE_H
#define UNBROKEN_LEDGER_MIRROR_INSIDE_H

#include "ledger/inside.h"
#include "ledger/mirror.h"
#include "ledger/mirror_tree.h"

/* The records of one tile, and their sheets. Views borrow the buffers. */
struct mirror_batch {
    uint64_t first; /* index of the tile's first record */
    unsigned width;
    struct buffer entries, sheet_bytes;
    struct view records[TILE_WIDTH];
    size_t sheet_first[TILE_WIDTH], sheet_count[TILE_WIDTH]; /* in sheets */
    struct view *sheets;
    size_t sheet_cap;
};

struct mirror_pull {
    const char *dir;
    struct mirror_source *source;
    const struct policy *policy;
    const struct progress *progress;
    struct mirror_report *report;
    struct hasher *hasher;
    struct buffer note; /* the source's checkpoint */
    struct checkpoint *checkpoint; /* borrows note */
    struct mirror_tree *tree;
    struct ledger *ledger; /* NULL: not yet made */
    struct record *record; /* scratch */
    struct act *act;
    struct mirror_batch batch;
};

/* ---- mirror_batch.c */

/*
 * Reads the tile in which record `index` stands; its records have the hashes of the tree, and the sheets are those that the acts name. Errors:
 * STATUS_UNTRUSTED (they are not), as mirror_tree_open.
 */
MUST_USE enum status mirror_batch_read(struct mirror_pull *pull, uint64_t index, struct fault *fault);
void mirror_batch_free(struct mirror_batch *batch);

/* ---- mirror_take.c */

/* Makes the mirror, with record 0 of the batch. */
MUST_USE enum status mirror_found(struct mirror_pull *pull, struct fault *fault);
/* Takes everything up to the checkpoint, and the checkpoint. */
MUST_USE enum status mirror_take(struct mirror_pull *pull, struct fault *fault);

/* ---- mirror_mark.c */

MUST_USE enum status mirror_mark(struct ledger_txn *txn, struct fault *fault);
/* The checkpoint up to which records are being taken. STATUS_MISSING without a fault. */
MUST_USE enum status mirror_aim(struct ledger_txn *txn, struct view *note, struct fault *fault);
/* In a transaction of their own. */
MUST_USE enum status mirror_set_aim(struct mirror_pull *pull, struct fault *fault);
MUST_USE enum status mirror_set_refusal(struct mirror_pull *pull, uint64_t index, const char *text, struct fault *fault);
/* Everything was taken: neither is needed any more. */
MUST_USE enum status mirror_drop_marks(struct ledger_txn *txn, struct fault *fault);

/* ---- mirror_fork.c */

/* STATUS_OK: the source's history continues the mirror's, or is the same. Else STATUS_REFUSED, STATUS_UNTRUSTED with pull->report. */
MUST_USE enum status mirror_compare(struct mirror_pull *pull, struct fault *fault);
/* Writes an exhibit that verify's own reader takes as proof, and sets report->exhibit; where it takes it for none, report->why. */
MUST_USE enum status mirror_exhibit(struct mirror_pull *pull, const char *code, const char *name, struct view file, struct fault *fault);

/* ---- mirror_heads.c */

/*
 * Heads record pull->record, of the checkpoint, contradicts the records before it, which are all in the mirror: looks for a record that its heads
 * hide, and writes the exhibit; where it finds none, report->why.
 */
MUST_USE enum status mirror_false_heads(struct mirror_pull *pull, struct fault *fault);

#endif
