/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree: each record's entry in the store ends with the nodes that it completes, so that an append writes in one place.
 */
#include "ledger/tree.h"

#include <assert.h>

size_t tree_completed(uint64_t index)
{
    size_t count = 1;

    for (uint64_t leaves = index + 1; leaves % 2 == 0; leaves /= 2) {
        count++;
    }
    return count;
}

bool tree_split(struct view entry, uint64_t index, struct tree_entry *out)
{
    size_t len = tree_completed(index) * HASH_BYTES;

    if (!keys_take(&entry, &out->subjects) || !keys_take(&entry, &out->heads) || entry.len <= len) {
        return false;
    }
    out->record = view_part(entry, 0, entry.len - len);
    out->nodes = view_part(entry, entry.len - len, len);
    return true;
}

enum status tree_node(struct ledger_txn *txn, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    uint64_t last = ((index + 1) << level) - 1;
    struct key key = keys_number(TABLE_RECORD, last);
    struct tree_entry entry;
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    if (status == STATUS_MISSING || (status == STATUS_OK && !tree_split(value, last, &entry))) {
        return damaged(fault, last, "it is missing or too short");
    }
    if (status == STATUS_OK) {
        *out = hash_of_view(view_part(entry.nodes, level * HASH_BYTES, HASH_BYTES));
    }
    return status;
}

static enum status read_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    return tree_node(context, level, index, out, fault);
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
        status = tree_node(txn, level, whole - 1, &frontier.peaks[frontier.count], fault);
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
    (void)level;
    (void)index;
    (void)fault;
    buffer_append_view(context, hash_view(node));
    return STATUS_OK;
}

enum status tree_append(struct ledger_txn *txn, const struct hash *leaf, struct buffer *nodes, struct fault *fault)
{
    struct warm *warm = &txn->ledger->warm;
    enum status status;

    assert(warm->frontier.size == txn->meta.size);
    status = merkle_append(txn->ledger->hasher, &warm->frontier, leaf, keep_node, nodes, fault);
    return status == STATUS_OK ? buffer_status(nodes, fault) : status;
}
