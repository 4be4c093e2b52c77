/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_store: a subject's state as the value under its key. Deterministic: equal states give equal bytes, which is how fsck
 * compares. Left out, since they follow from other entries: number (the key), last_hash (the tree), kids (the keys).
 */
#ifndef UNBROKEN_LEDGER_STATE_STORE_H
#define UNBROKEN_LEDGER_STATE_STORE_H

#include "verify/state.h"

void state_encode(const struct subject *subject, struct buffer *out);
/*
 * Into a zeroed subject whose number is set; last_hash stays zero. Strict: what state_encode would not write is STATUS_DAMAGED.
 * On failure members are the caller's to free (subject_free_members). hasher: for the kids.
 */
MUST_USE enum status state_decode(struct hasher *hasher, struct view bytes, struct subject *out, struct fault *fault);

#endif
