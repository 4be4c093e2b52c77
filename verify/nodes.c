/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nodes: open addressing with linear steps, at most half full.
 */
#include "verify/nodes.h"

#include <assert.h>
#include <sodium/crypto_shorthash.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS_FIRST = 256 };

_Static_assert(crypto_shorthash_KEYBYTES == 16, "the key is SipHash's");

/* The slot where the node is, or the free one where it belongs. */
static size_t find_slot(const struct nodes *nodes, const uint8_t *pool, const uint8_t *node)
{
    uint8_t digest[crypto_shorthash_BYTES];
    uint64_t number;
    size_t slot;

    (void)crypto_shorthash(digest, node, HASH_BYTES, nodes->key);
    memcpy(&number, digest, sizeof number);
    slot = (size_t)number & (nodes->slot_count - 1);
    while (nodes->slots[slot] != NODES_NONE &&
           memcmp(pool + (size_t)nodes->slots[slot] * HASH_BYTES, node, HASH_BYTES) != 0) {
        slot = (slot + 1) & (nodes->slot_count - 1);
    }
    return slot;
}

bool nodes_reserve(struct nodes *nodes, const uint8_t *pool, size_t count)
{
    struct nodes grown = *nodes;

    if (count >= NODES_NONE / 2) {
        return false;
    }
    if (nodes->slot_count >= 2 * count && nodes->slot_count > 0) {
        return true;
    }
    grown.slot_count = nodes->slot_count == 0 ? SLOTS_FIRST : nodes->slot_count;
    while (grown.slot_count < 2 * count) {
        grown.slot_count *= 2;
    }
    grown.slots = malloc(grown.slot_count * sizeof grown.slots[0]);
    if (grown.slots == NULL) {
        return false;
    }
    memset(grown.slots, 0xff, grown.slot_count * sizeof grown.slots[0]);
    for (uint32_t i = 0; i < nodes->count; i++) {
        grown.slots[find_slot(&grown, pool, pool + (size_t)i * HASH_BYTES)] = i;
    }
    free(nodes->slots);
    *nodes = grown;
    return true;
}

uint32_t nodes_put(struct nodes *nodes, const uint8_t *pool, const uint8_t *node)
{
    size_t slot;

    assert(nodes->slot_count >= 2 * (nodes->count + 1));
    slot = find_slot(nodes, pool, node);
    if (nodes->slots[slot] == NODES_NONE) {
        nodes->slots[slot] = (uint32_t)nodes->count;
        nodes->count++;
        return NODES_NONE;
    }
    return nodes->slots[slot];
}

void nodes_free(struct nodes *nodes)
{
    free(nodes->slots);
    nodes->slots = NULL;
    nodes->slot_count = 0;
    nodes->count = 0;
}

bool nodes_first_double(struct view pool, const struct hash *key, size_t *position)
{
    struct nodes nodes = {.slots = NULL};
    size_t count = pool.len / HASH_BYTES;
    bool enough;
    size_t i = 0;

    memcpy(nodes.key, key->bytes, sizeof nodes.key);
    enough = nodes_reserve(&nodes, pool.ptr, count);
    while (enough && i < count && nodes_put(&nodes, pool.ptr, pool.ptr + i * HASH_BYTES) == NODES_NONE) {
        i++;
    }
    *position = i;
    nodes_free(&nodes);
    return enough;
}
