/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree: nodes stand under their position in the order of completion, so that an append writes behind the last key.
 */
#include "ledger/tree.h"

#include <assert.h>

enum status tree_node(struct ledger_txn *txn, enum table table, unsigned level, uint64_t index, struct hash *out,
                      struct fault *fault)
{
    struct key key = keys_number(table, keys_node_position(level, index));
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    if (status == STATUS_MISSING || (status == STATUS_OK && value.len != HASH_BYTES)) {
        return fault_set(fault, STATUS_DAMAGED, table == TABLE_NODE ? index << level : FAULT_NOWHERE,
                         "the store has no whole node (%u, %llu) of the %s tree", level, (unsigned long long)index,
                         table == TABLE_NODE ? "ledger's" : "heads");
    }
    if (status == STATUS_OK) {
        *out = hash_of_view(value);
    }
    return status;
}

static enum status read_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    return tree_node(context, TABLE_NODE, level, index, out, fault);
}

struct merkle_source tree_source(struct ledger_txn *txn)
{
    return (struct merkle_source){.read = read_node, .context = txn, .hasher = txn->ledger->hasher};
}

enum status tree_frontier(struct ledger_txn *txn, uint64_t size, struct merkle_frontier *out, struct fault *fault)
{
    struct merkle_frontier frontier = {.size = size};

    for (unsigned level = 64; level-- > 0;) {
        uint64_t whole = size >> level;
        enum status status;

        if (whole % 2 == 0) {
            continue;
        }
        status = tree_node(txn, TABLE_NODE, level, whole - 1, &frontier.peaks[frontier.count], fault);
        if (status != STATUS_OK) {
            return status;
        }
        frontier.count++;
    }
    *out = frontier;
    return STATUS_OK;
}

static enum status keep_node(void *context, unsigned level, uint64_t index, const struct hash *node,
                             struct fault *fault)
{
    struct ledger_txn *txn = context;
    struct key key = keys_number(TABLE_NODE, keys_node_position(level, index));

    return store_insert(txn->store, keys_view(&key), hash_view(node), fault);
}

enum status tree_append(struct ledger_txn *txn, const struct hash *leaf, struct fault *fault)
{
    struct warm *warm = &txn->ledger->warm;

    assert(warm->frontier.size == txn->meta.size);
    return merkle_append(txn->ledger->hasher, &warm->frontier, leaf, keep_node, txn, fault);
}
