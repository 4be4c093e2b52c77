/* SPDX-License-Identifier: Apache-2.0 */
/*
 * collect_inside: one collecting on its way, for collect*.c alone.
 */
#ifndef UNBROKEN_LEDGER_COLLECT_INSIDE_H
#define UNBROKEN_LEDGER_COLLECT_INSIDE_H

#include "ledger/collect.h"
#include "ledger/fetch.h"

/* One witness that is being asked. */
struct asking {
    size_t witness;
    uint64_t old;
    char *url;
    struct buffer body;
    bool again; /* it named the size that it has: asked once more */
};

struct collecting {
    struct ledger *ledger;
    const struct policy *policy;
    const struct collect_options *options;
    struct collect_report *report;
    struct fetcher *fetcher;
    struct asking *askings;
    size_t count;
};

/*
 * What one witness's answer means, into its result; a cosignature that holds is stored. *again: it named the size that it has, now in asking->old:
 * ask it once more. Errors: as store.
 */
MUST_USE enum status collect_judge(struct collecting *collecting, struct asking *asking, const struct fetch_answer *answer, bool *again,
                                   struct fault *fault);

#endif
