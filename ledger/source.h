/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source: what verify's rules ask of older records, answered from the store and from the submission being appended.
 */
#ifndef UNBROKEN_LEDGER_SOURCE_H
#define UNBROKEN_LEDGER_SOURCE_H

#include "ledger/inside.h"

/* Findings go to txn->listener; the first breach is kept in txn->breach. */
struct rules_source source_over(struct ledger_txn *txn);
/* The orphan act that a lodging record's first detail `orphan-act` is, into scratch; false when it is none with that act-id. */
bool source_find_orphan(struct hasher *hasher, const struct view *disclosures, size_t count, const struct hash *act_id,
                        struct act *scratch);

/*
 * In a mirror, whose lodges are without the acts that they keep: what an adoption does cannot be judged there. The note that says so is taken out
 * of the stop, and told as a finding `orphan` of each thing of the act, which is no breach.
 */
void source_pass_over(struct ledger_txn *txn, const struct record *record, const struct act *act, struct stop *stop);

#endif
