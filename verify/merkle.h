/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merkle: the tree of RFC 6962 2.1. Proving reads stored nodes through a callback; checking takes
 * values only. A node is named (level, index): the hash of the complete subtree over the leaves
 * [index << level, (index + 1) << level).
 */
#ifndef UNBROKEN_VERIFY_MERKLE_H
#define UNBROKEN_VERIFY_MERKLE_H

#include "verify/hash.h"

enum { MERKLE_PATH_MAX = 64 };

struct merkle_path {
    size_t count;
    struct hash nodes[MERKLE_PATH_MAX];
};

/* Reads complete subtrees only. */
struct merkle_source {
    enum status (*read)(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault);
    void *context;
    struct hasher *hasher;
};

/* Root of the first `size` leaves; size 0 gives SHA-256 of nothing. */
MUST_USE enum status merkle_root(const struct merkle_source *source, uint64_t size, struct hash *out,
                                 struct fault *fault);
/* RFC 6962 2.1.1 audit path of leaf index in the tree of size leaves; index < size asserted. */
MUST_USE enum status merkle_prove_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                                            struct merkle_path *out, struct fault *fault);
/* RFC 6962 2.1.2 consistency path; 0 < old <= size asserted; old == size gives the empty path. */
MUST_USE enum status merkle_prove_consistency(const struct merkle_source *source, uint64_t old, uint64_t size,
                                              struct merkle_path *out, struct fault *fault);

/* RFC 9162 2.1.3.2. True when the path leads from the leaf hash to the root, no node too many. */
bool merkle_check_inclusion(struct hasher *hasher, const struct hash *leaf, uint64_t index, uint64_t size,
                            const struct hash *path, size_t count, const struct hash *root);
/* The root that the path leads to. False: index or path cannot be in a tree of that size. */
bool merkle_root_of_inclusion(struct hasher *hasher, const struct hash *leaf, uint64_t index, uint64_t size,
                              const struct hash *path, size_t count, struct hash *root);
/*
 * RFC 9162 2.1.4.2. True when the tree of `old` leaves is a prefix of the tree of `size` leaves.
 * old == 0: the path is empty and old_root is the hash of nothing. old == size: empty path, equal roots.
 */
bool merkle_check_consistency(struct hasher *hasher, uint64_t old, const struct hash *old_root, uint64_t size,
                              const struct hash *root, const struct hash *path, size_t count);

/*
 * Both roots that a consistency path leads to (RFC 9162 2.1.4.2), 0 < old < size (asserted): start is the node that the
 * computation begins with (the old root itself where old is a power of two, else the path's first node), path the nodes after
 * it. False: a node too few or too many.
 */
bool merkle_roots_from_path(struct hasher *hasher, uint64_t old, uint64_t size, const struct hash *start,
                            const struct hash *path, size_t count, struct hash *old_root, struct hash *root);

/*
 * Appending: the stack of complete subtrees of a growing tree. All zero is the empty tree.
 * `level` of the k-th set bit of size, from the highest, is the level of peaks[k].
 */
struct merkle_frontier {
    uint64_t size;
    size_t count;
    struct hash peaks[MERKLE_PATH_MAX];
};

/* Called for each complete subtree that the new leaf finishes, leaf itself first (level 0). */
typedef enum status merkle_node_sink(void *context, unsigned level, uint64_t index, const struct hash *node,
                                     struct fault *fault);

/* Appends a leaf; sink may be NULL. */
MUST_USE enum status merkle_append(struct hasher *hasher, struct merkle_frontier *frontier, const struct hash *leaf,
                                   merkle_node_sink *sink, void *context, struct fault *fault);
void merkle_frontier_root(struct hasher *hasher, const struct merkle_frontier *frontier, struct hash *out);

#endif
