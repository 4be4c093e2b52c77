/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export: bundles from the store, as of the latest checkpoint (SPEC 4 `bundle`, 8). The closure is worked out by
 * verify's own closure code.
 */
#ifndef UNBROKEN_LEDGER_EXPORT_H
#define UNBROKEN_LEDGER_EXPORT_H

#include "ledger/ledger.h"

/* Which details are left out of those that orders in the bundle cover (SPEC 3.8). Erased ones always are. */
enum export_withholding {
    EXPORT_ALL_ORDERS, /* all */
    EXPORT_ORDER,      /* those of one order */
    EXPORT_NOTHING     /* none: for a court */
};

struct export_request {
    const uint64_t *asked; /* ascending, distinct; count 0: every subject */
    size_t asked_count;
    uint64_t since_size;   /* an older checkpoint's size that must be among the anchors, or 0 */
    bool without_attachments;
    const struct view *others; /* bundles of other ledgers, which other_read (other.h) has let pass */
    size_t other_count;
    enum export_withholding withholding;
    uint64_t order;        /* EXPORT_ORDER: the record of the order */
    const uint64_t *names; /* EXPORT_ORDER: the detail names that are withheld; count 0: all that the order covers */
    size_t name_count;
    uint64_t *withheld; /* NULL, or receives how many details were left out that are not erased */
    struct progress progress;
};

/* Errors: STATUS_MISSING (no such subject, no checkpoint yet, no checkpoint of since_size), STATUS_REFUSED (over 2 GiB; the order is none, is not in the bundle, or
 * does not cover a name; an erasure that no checkpoint covers yet). */
MUST_USE enum status export_bundle(struct ledger_txn *txn, const struct export_request *request, struct buffer *out,
                                   struct fault *fault);
/* The court's trust file: "log <vkey>", the station's witnesses or "quorum none", with comments (C2SP tlog-policy). */
MUST_USE enum status export_policy(struct ledger *ledger, struct buffer *out, struct fault *fault);

#endif
