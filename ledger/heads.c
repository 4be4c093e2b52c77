/* SPDX-License-Identifier: Apache-2.0 */
/*
 * heads: changed leaves over stored nodes.
 */
#include "ledger/heads.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/tree.h"

/* A touched subject: its thread so far, and the hash of its leaf. count 0: it is not opened yet. */
struct change {
    uint64_t subject;
    uint64_t count;
    uint64_t last;
    struct hash leaf;
};

struct heads {
    struct ledger_txn *txn;
    struct change *changes; /* ascending by subject, distinct */
    size_t count;
    size_t cap;
    uint64_t opened;
    struct buffer bytes; /* a leaf being encoded */
};

void heads_close(struct heads *heads)
{
    if (heads == NULL) {
        return;
    }
    free(heads->changes);
    buffer_free(&heads->bytes);
    free(heads);
}

uint64_t heads_opened(const struct heads *heads)
{
    return heads->opened;
}

enum status heads_leaf(struct ledger_txn *txn, uint64_t subject, uint64_t count, uint64_t last, struct buffer *bytes,
                       struct fault *fault)
{
    struct heads_leaf leaf = {.ledger = txn->ledger->identity.id, .subject = subject, .count = count, .last = last};
    enum status status = tree_node(txn, 0, last, &leaf.last_hash, fault);

    if (status != STATUS_OK) {
        return status;
    }
    heads_leaf_encode(&leaf, bytes);
    return buffer_status(bytes, fault);
}

/* Works out the hash of a leaf that has changed. */
static enum status hash_change(struct heads *heads, struct change *change, struct fault *fault)
{
    enum status status;

    buffer_reset(&heads->bytes);
    status = heads_leaf(heads->txn, change->subject, change->count, change->last, &heads->bytes, fault);
    if (status == STATUS_OK) {
        hash_leaf(heads->txn->ledger->hasher, buffer_view(&heads->bytes), &change->leaf);
    }
    return status;
}

/* ---- collecting ------------------------------------------------------------------------------ */

static bool add_change(struct heads *heads, const struct link *link)
{
    if (heads->count == heads->cap) {
        size_t cap = heads->cap == 0 ? 64 : heads->cap * 2;
        struct change *grown = realloc(heads->changes, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        heads->changes = grown;
        heads->cap = cap;
    }
    heads->changes[heads->count++] = (struct change){.subject = link->subject, .count = link->number - 1, .last = link->before};
    return true;
}

static int compare_changes(const void *left, const void *right)
{
    const struct change *a = left;
    const struct change *b = right;

    if (a->subject != b->subject) {
        return a->subject < b->subject ? -1 : 1;
    }
    return (a->count > b->count) - (a->count < b->count);
}

/* Of each subject only its first link in the run is kept: it says what was before. */
static void keep_first(struct heads *heads)
{
    size_t kept = 0;

    qsort(heads->changes, heads->count, sizeof *heads->changes, compare_changes);
    for (size_t i = 0; i < heads->count; i++) {
        if (kept == 0 || heads->changes[kept - 1].subject != heads->changes[i].subject) {
            heads->changes[kept++] = heads->changes[i];
        }
    }
    heads->count = kept;
}

static enum status collect(struct heads *heads, uint64_t from, uint64_t to, struct fault *fault)
{
    struct record *record = heads->txn->ledger->earlier;

    for (uint64_t index = from; index < to; index++) {
        enum status status = record_at(heads->txn, index, record, fault);

        for (size_t i = 0; status == STATUS_OK && record->type == RECORD_ACT && i < record->link_count; i++) {
            if (!add_change(heads, &record->links[i])) {
                status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
            }
        }
        if (status != STATUS_OK) {
            return status;
        }
        /* A long run touches the same subjects again and again. */
        if (heads->count == heads->cap && heads->cap >= 4096) {
            keep_first(heads);
        }
    }
    if (heads->count > 0) {
        keep_first(heads);
    }
    return STATUS_OK;
}

enum status heads_open(struct ledger_txn *txn, uint64_t from, uint64_t to, struct heads **out, struct fault *fault)
{
    struct heads *heads = calloc(1, sizeof *heads);
    enum status status;

    if (heads == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    heads->txn = txn;
    status = collect(heads, from, to, fault);
    for (size_t i = 0; i < heads->count && status == STATUS_OK; i++) {
        if (heads->changes[i].count > 0) {
            status = hash_change(heads, &heads->changes[i], fault);
        }
    }
    if (status != STATUS_OK) {
        heads_close(heads);
        return status;
    }
    *out = heads;
    return STATUS_OK;
}

/* The first change of a subject that is not below `subject`. */
static size_t first_from(const struct heads *heads, uint64_t subject)
{
    size_t low = 0;
    size_t high = heads->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (heads->changes[middle].subject < subject) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

enum status heads_advance(struct heads *heads, const struct record *record, struct fault *fault)
{
    for (size_t i = 0; record->type == RECORD_ACT && i < record->link_count; i++) {
        const struct link *link = &record->links[i];
        size_t at = first_from(heads, link->subject);
        struct change *change = &heads->changes[at];
        enum status status;

        assert(at < heads->count && change->subject == link->subject);
        if (link->number != change->count + 1 || (link->has_before && link->before != change->last)) {
            return damaged(fault, record->index, "a link does not follow its thread");
        }
        heads->opened += change->count == 0 ? 1u : 0u;
        change->count = link->number;
        change->last = record->index;
        status = hash_change(heads, change, fault);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

/* A node as of the last heads record. */
static enum status stored_node(struct ledger_txn *txn, unsigned level, uint64_t index, struct hash *out,
                               struct fault *fault)
{
    struct key key = keys_number(TABLE_HEADS, keys_node_position(level, index));
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    if (status == STATUS_MISSING || (status == STATUS_OK && value.len != HASH_BYTES)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: node (%u, %llu) of the heads tree",
                         level, (unsigned long long)index);
    }
    if (status == STATUS_OK) {
        *out = hash_of_view(value);
    }
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A node over a changed leaf is worked out, at most 53 levels deep; others are read. */
static enum status overlaid(const struct heads *heads, unsigned level, uint64_t index, struct hash *out,
                            struct fault *fault)
{
    size_t at = first_from(heads, index << level);
    struct hash right;
    enum status status;

    if (at == heads->count || heads->changes[at].subject >> level != index) {
        return stored_node(heads->txn, level, index, out, fault);
    }
    if (level == 0) {
        *out = heads->changes[at].leaf;
        return STATUS_OK;
    }
    status = overlaid(heads, level - 1, index * 2, out, fault);
    if (status == STATUS_OK) {
        status = overlaid(heads, level - 1, index * 2 + 1, &right, fault);
    }
    if (status == STATUS_OK) {
        hash_node(heads->txn->ledger->hasher, out, &right, out);
    }
    return status;
}

static enum status read_overlaid(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    return overlaid(context, level, index, out, fault);
}

struct merkle_source heads_source(const struct heads *heads)
{
    /* The source's context is not const, but it is only read here. */
    return (struct merkle_source){
        .read = read_overlaid, .context = (void *)(uintptr_t)heads, .hasher = heads->txn->ledger->hasher};
}

enum status heads_root(const struct heads *heads, uint64_t subjects, struct hash *out, struct fault *fault)
{
    struct merkle_source source = heads_source(heads);

    return merkle_root(&source, subjects, out, fault);
}

/* ---- writing --------------------------------------------------------------------------------- */

struct fresh {
    uint64_t index;
    struct hash hash;
};

/* The sibling of a fresh node: fresh itself, when it is the next one, or read. */
static enum status sibling(const struct heads *heads, unsigned level, const struct fresh *node,
                           const struct fresh *next, struct hash *out, struct fault *fault)
{
    uint64_t index = node->index ^ 1;

    if (next != NULL && next->index == index) {
        *out = next->hash;
        return STATUS_OK;
    }
    return stored_node(heads->txn, level, index, out, fault);
}

/* Turns the fresh nodes of a level into those above them that are complete; their number, in place. */
static enum status climb(const struct heads *heads, unsigned level, uint64_t subjects, struct fresh *nodes,
                         size_t *count, struct fault *fault)
{
    size_t above = 0;

    for (size_t i = 0; i < *count; i++) {
        const struct fresh *next = i + 1 < *count ? &nodes[i + 1] : NULL;
        struct fresh parent = {.index = nodes[i].index / 2};
        struct hash other;
        enum status status;

        if (parent.index + 1 > subjects >> (level + 1)) {
            break;
        }
        status = sibling(heads, level, &nodes[i], next, &other, fault);
        if (status != STATUS_OK) {
            return status;
        }
        if (nodes[i].index % 2 == 0) {
            hash_node(heads->txn->ledger->hasher, &nodes[i].hash, &other, &parent.hash);
        } else {
            hash_node(heads->txn->ledger->hasher, &other, &nodes[i].hash, &parent.hash);
        }
        if (next != NULL && next->index == (nodes[i].index ^ 1)) {
            i++;
        }
        nodes[above++] = parent;
    }
    *count = above;
    return STATUS_OK;
}

enum status heads_store(struct heads *heads, uint64_t subjects, struct fault *fault)
{
    struct fresh *nodes = malloc((heads->count + 1) * sizeof *nodes);
    enum status status = STATUS_OK;
    size_t count = heads->count;

    if (nodes == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        nodes[i] = (struct fresh){heads->changes[i].subject, heads->changes[i].leaf};
    }
    for (unsigned level = 0; count > 0 && status == STATUS_OK; level++) {
        for (size_t i = 0; i < count && status == STATUS_OK; i++) {
            struct key key = keys_number(TABLE_HEADS, keys_node_position(level, nodes[i].index));

            status = store_put(heads->txn->store, keys_view(&key), hash_view(&nodes[i].hash), fault);
        }
        if (status == STATUS_OK) {
            status = climb(heads, level, subjects, nodes, &count, fault);
        }
    }
    free(nodes);
    return status;
}
