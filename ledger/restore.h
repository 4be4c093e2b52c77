/* SPDX-License-Identifier: Apache-2.0 */
/*
 * restore: a lost record is taken back byte for byte (SPEC 3.9). Whatever an append checks is checked, by the same code; then the bytes that this
 * ledger would have written here must be the bytes that are taken back. Where they come from is copy.h's and reconcile.h's.
 *
 * All within one write transaction of a ledger that was opened with LEDGER_RECOVER.
 */
#ifndef UNBROKEN_LEDGER_RESTORE_H
#define UNBROKEN_LEDGER_RESTORE_H

#include "ledger/inside.h"

/* Before the first record: a number that is reserved for a draft in an old store may have been given since. */
MUST_USE enum status restore_begin(struct ledger_txn *txn, struct fault *fault);

/*
 * The next record: act or heads. record: decoded from the bytes; details: what goes with it, its member `act` is not looked at. lines
 * judges which details may be without their disclosure. Sentences begin "record N: ".
 * Errors: as ledger_append; STATUS_UNTRUSTED (it follows another record than the last one here, or is not what its act makes of it here);
 * then the transaction must be aborted.
 */
MUST_USE enum status restore_record(struct ledger_txn *txn, const struct record *record, const struct submission *details,
                                    const struct attached_lines *lines, struct fault *fault);

/*
 * The next record, a heads record that nobody holds: hash is the one that the record after it names (else NULL, and root is that of the tree with it),
 * before_s the logged time of the record after it (else NOTHING). *found false: the missing record is no heads record; the transaction must be aborted.
 */
MUST_USE enum status restore_heads(struct ledger_txn *txn, const struct hash *hash, const struct hash *root, uint64_t before_s,
                                   bool *found, struct fault *fault);

/*
 * A signed checkpoint of records that are here. *added: false when there is one of its size already. Errors: STATUS_UNTRUSTED (another ledger's,
 * another root than the tree has, not behind a heads record, not signed by the station key in force), STATUS_DAMAGED.
 */
MUST_USE enum status restore_note(struct ledger_txn *txn, struct view note, bool *added, struct fault *fault);

#endif
