/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile_gaps: details of records taken back may be gone only under an order or erasure, which may stand in any record.
 */
#include "ledger/reconcile_inside.h"

#include <stdio.h>

#include "ledger/erasures.h"

/* What all erasures and orders of the ledger cover, with those that were taken back. */
static enum status read_extents(struct reconcile *reconcile, struct extents *out, struct fault *fault)
{
    enum status status = erasures_read(reconcile->txn, NOTHING, out, fault);

    for (uint64_t index = 0; index < ledger_size(reconcile->txn) && status == STATUS_OK; index++) {
        status = record_at(reconcile->txn, index, reconcile->record, fault);
        if (status == STATUS_OK && reconcile->record->type == RECORD_ACT &&
            act_decode(reconcile->record->act, reconcile->act, NULL) == STATUS_OK && reconcile->act->kind == KIND_ORDER) {
            status = extents_add(out, index, reconcile->act, 0, fault);
        }
    }
    extents_sort(out);
    return status;
}

enum status reconcile_gaps(struct reconcile *reconcile, struct fault *fault)
{
    struct reconcile_report *report = &reconcile->report;
    struct extents extents = {0};
    const struct gap *gap = NULL;
    enum status status = STATUS_OK;

    report->withheld = reconcile->gaps.count;
    if (reconcile->gaps.count > 0 || reconcile->gaps.failed) {
        status = read_extents(reconcile, &extents, fault);
    }
    if (status == STATUS_OK) {
        status = gaps_uncovered(&reconcile->gaps, reconcile->txn, &extents, &gap, fault);
    }
    if (status == STATUS_OK && gap != NULL) {
        (void)snprintf(report->problem, sizeof report->problem,
                       "record %llu: the detail %llu, ordinal %llu, is in none of the sources, and no order or erasure covers it",
                       (unsigned long long)gap->record, (unsigned long long)gap->name, (unsigned long long)gap->ordinal);
        report->first_lost = gap->record;
    }
    extents_free(&extents);
    return status;
}
