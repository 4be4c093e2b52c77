/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cosigning: a signed checkpoint goes to the station's witnesses at once, for every command that signs one. What they answer is told on standard error,
 * and is no error of the command: what was signed is signed. Not here: who they are (ledger/witnesses.h), what their answers mean (ledger/collect.h).
 */
#ifndef UNBROKEN_CUSTODY_COSIGNING_H
#define UNBROKEN_CUSTODY_COSIGNING_H

#include "custody/output.h"
#include "ledger/collect.h"

/* How long all of the witnesses may take together, for a paper that somebody waits for at a counter, and for the others. */
enum { COSIGNING_COUNTER_MS = 3000, COSIGNING_MS = 10000 };

/*
 * session_checkpoint; then, where witnesses are configured and --no-witnesses does not stand, those that lack are asked. note receives the
 * checkpoint as it is stored then. Once it is signed nothing is an error any more: what could not be kept is told. quorum (may be NULL): no witnesses, or enough of them. Nothing may be open.
 */
MUST_USE enum status cosigning_checkpoint(struct session *session, uint64_t total_ms, struct buffer *note, bool *quorum, struct fault *fault);

/* The configured witnesses; without any, STATUS_MISSING with a hint. Errors: as witnesses_read. Close with policy_close. */
MUST_USE enum status cosigning_policy(struct session *session, struct policy **out, struct fault *fault);
/* "court: cosigned at ..." for each of them, and what the quorum and the auditors still miss; on standard error, or, not asked, in the table of `ledger witnesses` with their URLs. */
void cosigning_say(FILE *out, const struct policy *policy, const struct collect_report *report, bool asked);
/* The sentence about one witness, escaped, without its name. */
void cosigning_sentence(const struct collect_result *result, bool asked, struct buffer *out);

#endif
