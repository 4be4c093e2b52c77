/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quote: a checkpoint with the cosignatures that came to it, fit to be quoted in a record (SPEC 3.6: `cosigned-checkpoint`).
 */
#ifndef UNBROKEN_LEDGER_QUOTE_H
#define UNBROKEN_LEDGER_QUOTE_H

#include "ledger/ledger.h"

/* Zero it before use. */
struct quote {
    struct buffer note; /* the station's line and those of cosignatures alone; at most NOTE_SIGNATURES_MAX lines, so always fit for a detail */
    uint64_t size;
    size_t cosignatures;
};

/* The newest checkpoint that has a cosignature, by whomever; none has: out is zero. Errors: as ledger_checkpoint_at. */
MUST_USE enum status quote_newest(struct ledger_txn *txn, struct quote *out, struct fault *fault);
void quote_free(struct quote *quote); /* zero afterwards; accepts a zero one */

#endif
