/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extend: both paths end at the root, so they are walked from their ends: each step splits the larger tree as RFC 6962 2.1 does, and goes into
 * the half with the leaf.
 */
#include "ledger/extend.h"

#include <assert.h>
#include <string.h>

/* The nodes above where the walk is, the highest first. */
struct walk {
    struct hasher *hasher;
    uint64_t index, old, size;
    const struct merkle_path *path, *consistency;
    size_t path_left, consistency_left; /* not walked yet */
    bool inside;                        /* the consistency path begins with the root of the old half: old is no longer the whole old tree */
    struct merkle_path above;
};

/* The largest power of two below size; size > 1. */
static uint64_t split_of(uint64_t size)
{
    uint64_t half = 1;

    while (half < size - half) {
        half *= 2;
    }
    return half;
}

static void put_above(struct walk *walk, const struct hash *node)
{
    walk->above.nodes[walk->above.count++] = *node;
}

/* The right half as it is in the larger tree: what the rest of the consistency path leads to. */
static bool right_half(struct walk *walk, uint64_t half, struct hash *out)
{
    const struct merkle_path *rest = walk->consistency;
    struct hash ignored;

    return walk->consistency_left > 0 &&
           merkle_roots_from_path(walk->hasher, walk->old - half, walk->size - half, rest->nodes, rest->nodes + 1, walk->consistency_left - 1, &ignored,
                                  out);
}

/* One step down; false where a node is missing. *done: what is left of `path` belongs to both trees. */
static bool step(struct walk *walk, bool *done)
{
    uint64_t half = split_of(walk->size);
    struct hash node;

    if (walk->consistency_left == 0 || walk->above.count == MERKLE_PATH_MAX) {
        return false;
    }
    walk->consistency_left--;
    node = walk->consistency->nodes[walk->consistency_left];
    if (walk->old <= half) { /* all of the right half is new */
        put_above(walk, &node);
        walk->size = half;
        return true;
    }
    if (walk->path_left == 0) {
        return false;
    }
    walk->path_left--;
    walk->inside = true;
    if (walk->index >= half) {
        put_above(walk, &node);
        walk->index -= half;
        walk->old -= half;
        walk->size -= half;
        return true;
    }
    *done = true;
    if (!right_half(walk, half, &node)) {
        return false;
    }
    put_above(walk, &node);
    return true;
}

bool extend_path(struct hasher *hasher, uint64_t index, uint64_t old, const struct merkle_path *path, uint64_t size,
                 const struct merkle_path *consistency, struct merkle_path *out)
{
    struct walk walk = {.hasher = hasher, .index = index, .old = old, .size = size, .path = path, .consistency = consistency,
                        .path_left = path->count, .consistency_left = consistency->count};
    bool done = false;

    assert(index < old && old <= size);
    while (!done && walk.old < walk.size) {
        if (!step(&walk, &done)) {
            return false;
        }
    }
    if ((!done && walk.consistency_left != (walk.inside ? 1u : 0u)) || walk.path_left + walk.above.count > MERKLE_PATH_MAX) {
        return false;
    }
    memcpy(out->nodes, path->nodes, walk.path_left * sizeof *out->nodes);
    out->count = walk.path_left;
    while (walk.above.count > 0) {
        out->nodes[out->count++] = walk.above.nodes[--walk.above.count];
    }
    return true;
}
