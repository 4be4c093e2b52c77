/* SPDX-License-Identifier: Apache-2.0 */
/*
 * merkle: RFC 6962 2.1 without recursion. Ranges of leaves are half-open, [begin, begin + count).
 */
#include "verify/merkle.h"

#include <assert.h>
#include <string.h>

/* The largest power of two below count, where RFC 6962 2.1 splits; count > 1. */
static uint64_t split(uint64_t count)
{
    uint64_t half = 1;

    while (half < count - half) {
        half *= 2;
    }
    return half;
}

/*
 * Hash of the leaves [begin, begin + count), count > 0, begin a multiple of a power of two that is
 * no smaller than count: folds the complete subtrees, one a set bit of count, from the right.
 */
static enum status range_root(const struct merkle_source *source, uint64_t begin, uint64_t count, struct hash *out,
                              struct fault *fault)
{
    bool first = true;

    for (unsigned level = 0; level < 64 && count >> level != 0; level++) {
        uint64_t whole = count >> level;
        struct hash node;
        enum status status;

        if (whole % 2 == 0) {
            continue;
        }
        status = source->read(source->context, level, (begin >> level) + whole - 1, &node, fault);
        if (status != STATUS_OK) {
            return status;
        }
        if (first) {
            *out = node;
        } else {
            hash_node(source->hasher, &node, out, out);
        }
        first = false;
    }
    return STATUS_OK;
}

enum status merkle_root(const struct merkle_source *source, uint64_t size, struct hash *out, struct fault *fault)
{
    struct hash root;
    enum status status;

    if (size == 0) {
        hash_data(source->hasher, view_of(NULL, 0), out);
        return STATUS_OK;
    }
    status = range_root(source, 0, size, &root, fault);
    if (status == STATUS_OK) {
        *out = root;
    }
    return status;
}

/* Adds the hash of a range to a path. */
static enum status push_range(const struct merkle_source *source, uint64_t begin, uint64_t count,
                              struct merkle_path *path, struct fault *fault)
{
    enum status status;

    assert(path->count < MERKLE_PATH_MAX);
    status = range_root(source, begin, count, &path->nodes[path->count], fault);
    if (status == STATUS_OK) {
        path->count++;
    }
    return status;
}

/* The proofs are collected from the root down; RFC 6962 lists them from the leaves up. */
static void reverse(struct merkle_path *path)
{
    for (size_t i = 0; i < path->count / 2; i++) {
        struct hash node = path->nodes[i];

        path->nodes[i] = path->nodes[path->count - 1 - i];
        path->nodes[path->count - 1 - i] = node;
    }
}

enum status merkle_prove_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                                   struct merkle_path *out, struct fault *fault)
{
    uint64_t begin = 0;
    uint64_t count = size;

    assert(index < size);
    out->count = 0;
    while (count > 1) {
        uint64_t half = split(count);
        enum status status;

        if (index - begin < half) {
            status = push_range(source, begin + half, count - half, out, fault);
            count = half;
        } else {
            status = push_range(source, begin, half, out, fault);
            begin += half;
            count -= half;
        }
        if (status != STATUS_OK) {
            out->count = 0;
            return status;
        }
    }
    reverse(out);
    return STATUS_OK;
}

enum status merkle_prove_consistency(const struct merkle_source *source, uint64_t old, uint64_t size,
                                     struct merkle_path *out, struct fault *fault)
{
    uint64_t begin = 0;
    uint64_t count = size;
    enum status status = STATUS_OK;

    assert(old > 0 && old <= size);
    out->count = 0;
    while (status == STATUS_OK && old != begin + count) {
        uint64_t half = split(count);

        if (old - begin <= half) {
            status = push_range(source, begin + half, count - half, out, fault);
            count = half;
        } else {
            status = push_range(source, begin, half, out, fault);
            begin += half;
            count -= half;
        }
    }
    /* Where the old tree is a subtree from leaf 0, its root is known and is not sent. */
    if (status == STATUS_OK && begin != 0) {
        status = push_range(source, begin, count, out, fault);
    }
    if (status != STATUS_OK) {
        out->count = 0;
        return status;
    }
    reverse(out);
    return STATUS_OK;
}

/* A node's index and the last index of its level, on the way up from the leaves (RFC 9162 2.1.3.2). */
struct climb {
    uint64_t node;
    uint64_t last;
};

static void climb_up(struct climb *climb)
{
    climb->node >>= 1;
    climb->last >>= 1;
}

/* True when the sibling stands on the left; lone nodes are then promoted to the level that has it. */
static bool climb_from_right(struct climb *climb)
{
    bool from_right = climb->node % 2 == 1 || climb->node == climb->last;

    while (from_right && climb->node % 2 == 0 && climb->node != 0) {
        climb_up(climb);
    }
    climb_up(climb);
    return from_right;
}

bool merkle_root_of_inclusion(struct hasher *hasher, const struct hash *leaf, uint64_t index, uint64_t size,
                              const struct hash *path, size_t count, struct hash *root)
{
    struct climb climb = {index, size - 1};

    *root = *leaf;
    if (index >= size) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (climb.last == 0) {
            return false;
        }
        if (climb_from_right(&climb)) {
            hash_node(hasher, &path[i], root, root);
        } else {
            hash_node(hasher, root, &path[i], root);
        }
    }
    return climb.last == 0;
}

bool merkle_check_inclusion(struct hasher *hasher, const struct hash *leaf, uint64_t index, uint64_t size,
                            const struct hash *path, size_t count, const struct hash *root)
{
    struct hash found;

    return merkle_root_of_inclusion(hasher, leaf, index, size, path, count, &found) && hash_equal(&found, root);
}

bool merkle_roots_from_path(struct hasher *hasher, uint64_t old, uint64_t size, const struct hash *start,
                            const struct hash *path, size_t count, struct hash *old_root, struct hash *root)
{
    struct climb climb = {old - 1, size - 1};

    assert(old > 0 && old < size);
    *old_root = *start;
    *root = *start;
    while (climb.node % 2 == 1) {
        climb_up(&climb);
    }
    for (size_t i = 0; i < count; i++) {
        if (climb.last == 0) {
            return false;
        }
        if (climb_from_right(&climb)) {
            hash_node(hasher, &path[i], old_root, old_root);
            hash_node(hasher, &path[i], root, root);
        } else {
            hash_node(hasher, root, &path[i], root);
        }
    }
    return climb.last == 0;
}

static bool check_growth(struct hasher *hasher, uint64_t old, const struct hash *old_root, uint64_t size,
                         const struct hash *root, const struct hash *path, size_t count)
{
    bool old_is_whole = (old & (old - 1)) == 0; /* a power of two: its root starts the path */
    size_t used = old_is_whole ? 0 : 1;
    struct hash before;
    struct hash after;

    if (count == 0) {
        return false;
    }
    return merkle_roots_from_path(hasher, old, size, old_is_whole ? old_root : path, path + used, count - used, &before,
                                  &after) &&
           hash_equal(&before, old_root) && hash_equal(&after, root);
}

bool merkle_check_consistency(struct hasher *hasher, uint64_t old, const struct hash *old_root, uint64_t size,
                              const struct hash *root, const struct hash *path, size_t count)
{
    struct hash nothing;

    if (old > size) {
        return false;
    }
    if (old == 0) {
        hash_data(hasher, view_of(NULL, 0), &nothing);
        return count == 0 && hash_equal(old_root, &nothing) && (size > 0 || hash_equal(root, &nothing));
    }
    if (old == size) {
        return count == 0 && hash_equal(old_root, root);
    }
    return check_growth(hasher, old, old_root, size, root, path, count);
}

enum status merkle_append(struct hasher *hasher, struct merkle_frontier *frontier, const struct hash *leaf,
                          merkle_node_sink *sink, void *context, struct fault *fault)
{
    struct hash node = *leaf;
    uint64_t index = frontier->size;
    size_t count = frontier->count;

    assert(frontier->size < UINT64_MAX);
    for (unsigned level = 0;; level++) {
        if (sink != NULL) {
            enum status status = sink(context, level, index, &node, fault);

            /* The frontier has not been touched: the caller may drop its transaction and go on. */
            if (status != STATUS_OK) {
                return status;
            }
        }
        if (index % 2 == 0) {
            break;
        }
        count--;
        hash_node(hasher, &frontier->peaks[count], &node, &node);
        index /= 2;
    }
    frontier->peaks[count] = node;
    frontier->count = count + 1;
    frontier->size++;
    return STATUS_OK;
}

void merkle_frontier_root(struct hasher *hasher, const struct merkle_frontier *frontier, struct hash *out)
{
    struct hash root;

    if (frontier->count == 0) {
        hash_data(hasher, view_of(NULL, 0), out);
        return;
    }
    root = frontier->peaks[frontier->count - 1];
    for (size_t i = frontier->count - 1; i > 0; i--) {
        hash_node(hasher, &frontier->peaks[i - 1], &root, &root);
    }
    *out = root;
}
