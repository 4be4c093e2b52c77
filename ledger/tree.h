/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree: the ledger's Merkle tree in the store. Its leaves are the record hashes.
 */
#ifndef UNBROKEN_LEDGER_TREE_H
#define UNBROKEN_LEDGER_TREE_H

#include "ledger/inside.h"

/* Reads nodes of the ledger's tree (TABLE_NODE) or of the heads tree as stored (TABLE_HEADS). STATUS_DAMAGED where one is missing. */
struct merkle_source tree_source(struct ledger_txn *txn);
MUST_USE enum status tree_node(struct ledger_txn *txn, enum table table, unsigned level, uint64_t index,
                               struct hash *out, struct fault *fault);
/* The frontier of the first size leaves. */
MUST_USE enum status tree_frontier(struct ledger_txn *txn, uint64_t size, struct merkle_frontier *out,
                                   struct fault *fault);
/* Appends a record hash: the warm frontier and the nodes in the store. */
MUST_USE enum status tree_append(struct ledger_txn *txn, const struct hash *leaf, struct fault *fault);

#endif
