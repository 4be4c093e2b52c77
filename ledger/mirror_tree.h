/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_tree: the tree that a source shows under one signed checkpoint. Every hash that comes out of here leads to that checkpoint's root: a
 * partial tile stands at the right edge, and all of these together make the root; a full tile makes a hash of the tile above it. A few tiles are
 * kept, whatever the size.
 */
#ifndef UNBROKEN_LEDGER_MIRROR_TREE_H
#define UNBROKEN_LEDGER_MIRROR_TREE_H

#include "ledger/mirror_source.h"
#include "ledger/tiles.h"
#include "verify/merkle.h"

struct mirror_tree;

/*
 * Reads the right edge. All borrowed but the checkpoint's size and root, which are copied; the checkpoint's size is above 0 (asserted).
 * Errors: STATUS_UNTRUSTED (the tiles make another root), STATUS_MISSING (no such tile, not even the full one), as mirror_source_read.
 */
MUST_USE enum status mirror_tree_open(struct mirror_source *source, struct hasher *hasher, const struct checkpoint *checkpoint,
                                      struct mirror_tree **out, struct fault *fault);
void mirror_tree_close(struct mirror_tree *tree); /* accepts NULL */

/* Any node below the checkpoint's size; for roots and proofs of sizes up to that. Errors as mirror_tree_open. */
struct merkle_source mirror_tree_nodes(struct mirror_tree *tree);

/* The record hashes of the tile in which record `index` stands, tile->width of them; live until the next call. */
MUST_USE enum status mirror_tree_leaves(struct mirror_tree *tree, uint64_t index, struct tile *tile, const struct hash **out, struct fault *fault);

/*
 * A tile of the source, or, where a partial one has gone, the full one that replaced it: *whole. Not checked but for its greatest length.
 * Errors: STATUS_MISSING, as mirror_source_read.
 */
MUST_USE enum status mirror_tree_read(struct mirror_source *source, const struct tile *tile, size_t max, struct buffer *out, bool *whole,
                                      struct fault *fault);

#endif
