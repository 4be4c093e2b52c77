/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nodes: finds a 32-byte node in a growing run of distinct ones (the pool of a bundle) in constant time. Internal to
 * bundle.c and bundle_collect.c. The nodes of a file are chosen by whoever wrote it, so slots are picked by SipHash
 * under a key which the file's own hash gives: nobody can make millions of them fall into one slot.
 */
#ifndef UNBROKEN_VERIFY_NODES_H
#define UNBROKEN_VERIFY_NODES_H

#include "verify/hash.h"

#define NODES_NONE UINT32_MAX

/* Holds positions only; the nodes are the caller's. All zero but the key is the empty table. */
struct nodes {
    uint8_t key[16];
    uint32_t *slots; /* owned; NODES_NONE is free */
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
};

/* Makes room for that many nodes. False: out of memory, or more than fit. */
bool nodes_reserve(struct nodes *nodes, const uint8_t *pool, size_t count);
/*
 * The position of that node among the nodes put so far, or NODES_NONE; then it is put in as position nodes->count (the
 * caller has it, or will have it, at pool + 32 * position). There must be room (asserted).
 */
uint32_t nodes_put(struct nodes *nodes, const uint8_t *pool, const uint8_t *node);
/*
 * The position of the first node of a pool of whole nodes that stands in it before, or their number when all are
 * distinct. False: out of memory. `key` is a hash of the file that has the pool.
 */
bool nodes_first_double(struct view pool, const struct hash *key, size_t *position);
void nodes_free(struct nodes *nodes);

#endif
