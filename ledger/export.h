/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export: bundles from the store, as of the latest checkpoint (SPEC 4 `bundle`, 8). The closure is worked out by
 * verify's own closure code.
 */
#ifndef UNBROKEN_LEDGER_EXPORT_H
#define UNBROKEN_LEDGER_EXPORT_H

#include "ledger/ledger.h"

struct export_request {
    const uint64_t *asked; /* ascending, distinct; count 0: every subject */
    size_t asked_count;
    uint64_t since_size;   /* an older checkpoint's size that must be among the anchors, or 0 */
    bool without_attachments;
    struct progress progress;
};

/* Errors: STATUS_MISSING (no such subject, no checkpoint yet, no checkpoint of since_size), STATUS_REFUSED (over 2 GiB). */
MUST_USE enum status export_bundle(struct ledger_txn *txn, const struct export_request *request, struct buffer *out,
                                   struct fault *fault);
/* The court's trust file: "log <vkey>" and "quorum none" with comments (C2SP tlog-policy). */
MUST_USE enum status export_policy(struct ledger *ledger, struct buffer *out, struct fault *fault);

#endif
