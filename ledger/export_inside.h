/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export_inside: one bundle being collected, for export*.c alone.
 */
#ifndef UNBROKEN_LEDGER_EXPORT_INSIDE_H
#define UNBROKEN_LEDGER_EXPORT_INSIDE_H

#include "ledger/export.h"
#include "ledger/inside.h"
#include "verify/bundle.h"
#include "verify/extents.h"

/* A growing array of numbers. */
struct numbers {
    uint64_t *items;
    size_t count;
    size_t cap;
};

struct export {
    struct ledger_txn *txn;
    const struct export_request *request;
    struct bundle_writer *writer;
    struct merkle_source tree;
    uint64_t size;     /* n */
    uint64_t subjects; /* M */
    uint64_t *members; /* ascending */
    size_t member_count;
    struct numbers asked;
    struct numbers records; /* indexes, ascending when collected */
    struct numbers seen;
    struct extents extents; /* of the acts in the bundle */
    struct record *record;
    struct act *act;
};

/* Once sorted. */
bool numbers_have(const struct numbers *numbers, uint64_t number);

/* Sheets, disclosures and attachments of one act record, in export->record and export->act. */
MUST_USE enum status export_details(struct export *export, struct fault *fault);
/* What the act in export->act covers. */
MUST_USE enum status export_note_extents(struct export *export, struct fault *fault);
/* Once all are noted: the order of the request is in the bundle and covers what the request names; STATUS_REFUSED says why not. */
MUST_USE enum status export_check_order(struct export *export, struct fault *fault);
/* Older checkpoints: all of them, or the 256 that prove most. */
MUST_USE enum status export_anchors(struct export *export, struct fault *fault);
bool export_is_member(const struct export *export, uint64_t subject);

#endif
