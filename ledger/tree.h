/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree: the ledger's Merkle tree in the store. Its leaves are the record hashes.
 */
#ifndef UNBROKEN_LEDGER_TREE_H
#define UNBROKEN_LEDGER_TREE_H

#include "ledger/inside.h"

struct merkle_source tree_source(struct ledger_txn *txn);
/* A node of the tree. It stands with the record that completed it; STATUS_DAMAGED where that is missing or too short. */
MUST_USE enum status tree_node(struct ledger_txn *txn, unsigned level, uint64_t index, struct hash *out,
                               struct fault *fault);
/* How many nodes the record with that index completes. */
size_t tree_completed(uint64_t index);
/* A record's entry in the store (keys.h). */
struct tree_entry {
    uint64_t subjects, heads;
    struct view record;
    struct view nodes;
};
/* False when it is too short or its numbers are not numbers. */
bool tree_split(struct view entry, uint64_t index, struct tree_entry *out);
/* The frontier of the first size leaves. */
MUST_USE enum status tree_frontier(struct ledger_txn *txn, uint64_t size, struct merkle_frontier *out,
                                   struct fault *fault);
/* Appends a record hash to the warm frontier; the nodes that it completes are appended to `nodes`. */
MUST_USE enum status tree_append(struct ledger_txn *txn, const struct hash *leaf, struct buffer *nodes,
                                 struct fault *fault);

#endif
