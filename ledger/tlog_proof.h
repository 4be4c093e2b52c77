/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tlog_proof: one record's proof as C2SP tlog-proof@v1: its index, its inclusion path, and the latest checkpoint as it is stored, cosignatures too.
 * The leaf that it proves is the record's bytes; they are not in it.
 */
#ifndef UNBROKEN_LEDGER_TLOG_PROOF_H
#define UNBROKEN_LEDGER_TLOG_PROOF_H

#include "ledger/ledger.h"

/* Appends the proof. Errors: STATUS_MISSING (no such record, or the latest checkpoint does not cover it yet), STATUS_DAMAGED, STATUS_MEMORY. */
MUST_USE enum status tlog_proof_write(struct ledger_txn *txn, uint64_t index, struct buffer *out, struct fault *fault);

#endif
