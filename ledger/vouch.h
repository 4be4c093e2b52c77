/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vouch: an older bundle of this ledger is given what others have said since: cosignatures and time-stamps of its checkpoint and of its anchors, and
 * the latest checkpoint that the auditors have cosigned, with the proof that it continues the bundle's (SPEC 4 `vouched`). Records, leaves and details
 * stay byte for byte. Not here: telling people.
 */
#ifndef UNBROKEN_LEDGER_VOUCH_H
#define UNBROKEN_LEDGER_VOUCH_H

#include "ledger/ledger.h"
#include "verify/policy.h"

struct vouched {
    uint64_t size;       /* of the bundle's checkpoint */
    bool audited;        /* by the auditors of the policy, itself or by a later one */
    uint64_t audited_at; /* the size of that one */
    bool quorum;         /* of the bundle's own checkpoint */
};

/*
 * policy: whose cosignatures count. Errors: STATUS_DAMAGED (no bundle), STATUS_REFUSED (another ledger's; a checkpoint that this ledger has not
 * signed), STATUS_UNTRUSTED (of that size this ledger has signed another root), STATUS_MEMORY, as store.
 */
MUST_USE enum status vouch_bundle(struct ledger_txn *txn, const struct policy *policy, struct view file, struct vouched *said, struct buffer *out,
                                  struct fault *fault);

#endif
