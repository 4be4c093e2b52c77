/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signatures: checks the signatures of the acts of one write transaction on a thread of their own, while the transaction goes on:
 * a signature costs twice as much as all the rest of an append.
 */
#ifndef UNBROKEN_LEDGER_SIGNATURES_H
#define UNBROKEN_LEDGER_SIGNATURES_H

#include "verify/act.h"
#include "verify/key.h"

struct signatures; /* the thread and what waits for it */

/* Errors: STATUS_MEMORY, STATUS_ENVIRONMENT (no thread to be had). */
MUST_USE enum status signatures_open(struct signatures **out, struct fault *fault);
/* Ends the thread; what still waits is not checked. Accepts NULL. */
void signatures_close(struct signatures *signatures);
/* Hands over every signature of an act; copies what it needs. Blocks while very many wait. Out of memory is told by signatures_wait. */
void signatures_add(struct signatures *signatures, uint64_t index, const struct act *act,
                    const struct public_key *const keys[ACT_SIGNERS_MAX]);
/*
 * Waits until all are checked, and is empty afterwards, whatever it answers. Errors: STATUS_UNTRUSTED, fault->at = index of the first record
 * with a signature that does not hold; STATUS_MEMORY.
 */
MUST_USE enum status signatures_wait(struct signatures *signatures, struct fault *fault);

#endif
