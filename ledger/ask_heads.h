/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask_heads: the newest head that each of the station's witnesses has seen: GET URL/ORIGIN-HASH/checkpoint (tlog-witness), side by side. What an
 * answer is worth is for reconcile.h to say.
 */
#ifndef UNBROKEN_LEDGER_ASK_HEADS_H
#define UNBROKEN_LEDGER_ASK_HEADS_H

#include "ledger/ledger.h"
#include "verify/policy.h"

struct asked_head {
    const struct policy_witness *witness;
    struct buffer note;         /* owned; empty: none */
    char why[FAULT_TEXT_BYTES]; /* none: a sentence, escaped */
};

/* Zero it before use; ask_heads_free when done. */
struct asked_heads {
    struct policy *policy; /* the station's (witnesses.h); NULL: it has no witnesses */
    struct asked_head heads[POLICY_WITNESSES_MAX];
    size_t count;
};

/*
 * No witnesses: count is 0. offline: nobody is asked, and each says so. Errors: STATUS_DAMAGED (witnesses.policy), STATUS_MEMORY,
 * STATUS_ENVIRONMENT; that a witness does not answer is none.
 */
MUST_USE enum status ask_heads(struct ledger *ledger, bool offline, struct asked_heads *out, struct fault *fault);
void ask_heads_free(struct asked_heads *heads);

#endif
