/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exhibit: writing `false-heads` (SPEC 4), and asking verify's own reader whether an exhibit proves what it says before it leaves: V16 under
 * the policy of whoever is to read it. The other kind of exhibit: fork.h.
 */
#ifndef UNBROKEN_LEDGER_EXHIBIT_H
#define UNBROKEN_LEDGER_EXHIBIT_H

#include "ledger/ledger.h"
#include "verify/bundle.h"
#include "verify/policy.h"

/* Appends the file. */
void exhibit_encode(const struct false_heads_exhibit *exhibit, struct buffer *out);

/*
 * The file is an exhibit with status 1 and this code ("fork", "false-heads"). Errors: STATUS_REFUSED, with what the verifier says of it;
 * STATUS_MEMORY.
 */
MUST_USE enum status exhibit_proven(struct hasher *hasher, const struct policy *policy, struct view file, const char *code, struct fault *fault);

/*
 * Appends the exhibit that heads record `heads` contradicts record `record`, both of this ledger or mirror and below the size of the signed note,
 * which is of this ledger's history. leaf: what the heads tree is said to hold, with its path there (a bundle shows it); NULL: the record touches a
 * subject that the heads record does not count. Errors: STATUS_REFUSED (no contradiction, not signed by a log of the policy, another root),
 * STATUS_MISSING (no such record), STATUS_DAMAGED, STATUS_MEMORY; out is then unchanged.
 */
MUST_USE enum status exhibit_false_heads(struct ledger_txn *txn, const struct policy *policy, struct view note, uint64_t heads,
                                         const struct exhibit_part *leaf, uint64_t record, struct buffer *out, struct fault *fault);

#endif
