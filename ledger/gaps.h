/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gaps: details whose disclosure a ledger does not have, though no erasure removed it: those of records that were taken back from bundles (SPEC 3.9).
 * Such a gap is no damage where an order or erasure covers it, wherever in the ledger that act stands: so gaps are gathered, and judged at the end.
 */
#ifndef UNBROKEN_LEDGER_GAPS_H
#define UNBROKEN_LEDGER_GAPS_H

#include "ledger/inside.h"
#include "verify/extents.h"

struct gap {
    uint64_t record;
    uint64_t subject; /* NOTHING: of the act as a whole */
    uint64_t name, ordinal;
};

/* Zero it before use. */
struct gaps {
    struct gap *items;
    size_t count, cap;
    bool failed; /* out of memory: told by gaps_uncovered */
};

void gaps_free(struct gaps *gaps);
void gaps_add(struct gaps *gaps, uint64_t record, uint64_t subject, const struct sheet_line *line);
/* The first gap by record that nothing covers; *out NULL: none. extents: all orders and erasures, sorted. Errors: STATUS_MEMORY, STATUS_DAMAGED. */
MUST_USE enum status gaps_uncovered(struct gaps *gaps, struct ledger_txn *txn, const struct extents *extents, const struct gap **out,
                                    struct fault *fault);

#endif
