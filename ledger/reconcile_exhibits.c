/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile_exhibits: another history is not only told, it is proven where that can be: against this ledger, else against another source.
 */
#include <stdio.h>
#include <string.h>

#include "ledger/compare_inside.h"
#include "ledger/reconcile_inside.h"

/* One pair. A source whose directory is damaged makes no exhibit, and says why. */
static enum status try_pair(struct reconcile *reconcile, const struct policy *policy, struct copy *other, struct reconcile_result *result, struct copy *copy,
                            struct fault *fault)
{
    struct compare_report report = {0};
    struct fault inner = {0};
    enum status status = compare_copies(reconcile->ledger->hasher, policy, other, copy, &report, &inner);

    if (status == STATUS_MEMORY) {
        return fault_set(fault, status, FAULT_NOWHERE, "out of memory");
    }
    if (status == STATUS_OK && report.answer == COMPARE_FORK && report.exhibit.len > 0) {
        result->exhibit = report.exhibit;
        return STATUS_OK;
    }
    if (result->no_exhibit[0] == '\0') {
        (void)snprintf(result->no_exhibit, sizeof result->no_exhibit, "%.400s",
                       status != STATUS_OK ? inner.text : report.why[0] != '\0' ? report.why : "what contradicts it is signed by nobody");
    }
    if (status == STATUS_OK) {
        compare_free(&report);
    }
    return STATUS_OK;
}

static enum status prove(struct reconcile *reconcile, const struct policy *policy, struct copy *own, size_t i, struct fault *fault)
{
    struct reconcile_result *result = &reconcile->results[i];
    struct copy *copy = &reconcile->copies[i];
    enum status status = try_pair(reconcile, policy, own, result, copy, fault);

    for (size_t j = 0; j < reconcile->count && status == STATUS_OK && result->exhibit.len == 0; j++) {
        if (j != i && reconcile->results[j].answer != RECONCILE_UNUSED) {
            status = try_pair(reconcile, policy, &reconcile->copies[j], result, copy, fault);
        }
    }
    return status;
}

enum status reconcile_exhibits(struct reconcile *reconcile, struct fault *fault)
{
    struct policy *policy = NULL;
    struct copy own = {0};
    enum status status = copy_policy(&reconcile->of, &reconcile->keys, &policy, fault);

    if (status == STATUS_OK) {
        status = copy_borrow_ledger(&reconcile->of, &reconcile->keys, reconcile->txn, &own, fault);
    }
    for (size_t i = 0; i < reconcile->count && status == STATUS_OK; i++) {
        if (reconcile->results[i].answer == RECONCILE_FORK) {
            status = prove(reconcile, policy, &own, i, fault);
        }
    }
    copy_close(&own);
    policy_close(policy);
    return status;
}
