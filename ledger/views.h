/* SPDX-License-Identifier: Apache-2.0 */
/*
 * views: what others have said of the ledger's signed checkpoints: cosignatures, which stand in the stored note, and time-stamp tokens beside
 * it; and the proofs that go with checkpoints. Not here: asking for them (collect.h, timestamp.h).
 */
#ifndef UNBROKEN_LEDGER_VIEWS_H
#define UNBROKEN_LEDGER_VIEWS_H

#include "ledger/ledger.h"
#include "verify/merkle.h"
#include "verify/policy.h"

/*
 * Adds to the stored checkpoint of that size the signature lines that are cosignatures, valid and not there yet, by witnesses of the policy, of a
 * time that is neither 0 nor after latest_s (NOTHING: whatever time); other lines are left out, as tlog-witness says. A stored line of one of these
 * witnesses that does not hold goes: it proves nothing, and every bundle that carries it fails (SPEC V4). Needs a write transaction.
 * signed_by[i]: the policy's witness i has cosigned it now.
 * Errors: STATUS_MISSING (no checkpoint of that size), STATUS_DAMAGED (lines that are none; the note would get longer than NOTE_BYTES_MAX or
 * have over NOTE_SIGNATURES_MAX lines), as store.
 */
MUST_USE enum status views_cosign(struct ledger_txn *txn, uint64_t size, const struct policy *policy, struct view lines, uint64_t latest_s,
                                  size_t *added, bool signed_by[POLICY_WITNESSES_MAX], struct fault *fault);
/*
 * What views_cosign makes of two parsed notes over one text, into out. True: it is another than `stored`. Nothing is stored. out may be what neither
 * of them borrows.
 */
bool views_merge(const struct policy *policy, const struct checkpoint *stored, const struct checkpoint *given, uint64_t latest_s, struct buffer *out,
                 size_t *added, bool signed_by[POLICY_WITNESSES_MAX]);
/* Which of the policy's witnesses have cosigned the stored checkpoint of that size, and when. STATUS_MISSING. times may be NULL. */
MUST_USE enum status views_cosigned(struct ledger_txn *txn, uint64_t size, const struct policy *policy, bool signed_by[POLICY_WITNESSES_MAX],
                                    uint64_t times[POLICY_WITNESSES_MAX], struct fault *fault);

/* A token over the checkpoint of that size, which its caller has checked. The same one twice is kept once. Needs a write transaction. */
MUST_USE enum status views_add_token(struct ledger_txn *txn, uint64_t size, struct view token, struct fault *fault);
enum { VIEWS_TOKENS_MAX = 16 };
/* The tokens over the checkpoint of that size; views live as the transaction does. */
MUST_USE enum status views_tokens(struct ledger_txn *txn, uint64_t size, struct view tokens[VIEWS_TOKENS_MAX], size_t *count, struct fault *fault);

/* Sizes of all signed checkpoints, ascending; free *out with free(). */
MUST_USE enum status views_sizes(struct ledger_txn *txn, uint64_t **out, size_t *count, struct fault *fault);

/* RFC 6962 proofs in this ledger's tree; 0 < old <= size, index < size, size <= ledger_size (asserted). old = 0 gives the empty path. */
MUST_USE enum status views_consistency(struct ledger_txn *txn, uint64_t old, uint64_t size, struct merkle_path *out, struct fault *fault);
MUST_USE enum status views_inclusion(struct ledger_txn *txn, uint64_t index, uint64_t size, struct merkle_path *out, struct fault *fault);

#endif
