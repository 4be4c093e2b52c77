/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fork: the exhibit that shows that a ledger's owner signed two histories (SPEC 4 `fork`, V16): does it prove that, and its bytes. Its reader
 * is the verifier's (verify/bundle.h fork_decode, verify/exhibit.h).
 */
#ifndef UNBROKEN_LEDGER_FORK_H
#define UNBROKEN_LEDGER_FORK_H

#include "verify/merkle.h"
#include "verify/note.h"

/*
 * V16: one origin, 1 <= a->size <= b->size, and: sizes are equal, there are no nodes and the roots differ; or the nodes lead to b's root and to
 * another root than a's at a's size. nodes: the consistency path of RFC 9162 2.1.4.2 in the history of b, in front the node that its
 * computation begins with (where a's size is a power of two: b's own root at that size). Signatures are not looked at.
 */
bool fork_proven(struct hasher *hasher, const struct checkpoint *a, const struct checkpoint *b, const struct merkle_path *nodes);
/*
 * Such nodes out of a path as merkle_prove_consistency makes it in the history of b, 0 < old <= size; own_root: of b's history at size old
 * (looked at only where old is a power of two and smaller than size). False: one node too many.
 */
bool fork_nodes(uint64_t old, uint64_t size, const struct merkle_path *path, const struct hash *own_root, struct merkle_path *out);
/* Appends the file. a, b: whole signed notes, a's size not above b's. */
void fork_encode(struct view a, struct view b, const struct merkle_path *nodes, struct buffer *out);

#endif
