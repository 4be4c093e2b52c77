/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fsck_shadow: every subject as the replay has it, in the store's own compact encoding, so that millions fit into memory. The world that
 * verify's rules work on holds a few thousand at a time.
 */
#include "ledger/fsck_inside.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/heads.h"
#include "ledger/state_store.h"
#include "ledger/tree.h"

enum { WORLD_SUBJECTS_MAX = 8192 };

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

static struct view state_of(const struct shadow *shadow)
{
    uint32_t len;

    if (shadow->state == NULL) {
        return view_of(NULL, 0);
    }
    memcpy(&len, shadow->state, sizeof len);
    return view_of(shadow->state + sizeof len, len);
}

static enum status load(void *context, struct subject *out, struct fault *fault)
{
    struct fsck *fsck = context;
    enum status status;

    if (out->number >= fsck->shadow_count) {
        return STATUS_MISSING;
    }
    status = state_decode(fsck->ledger->hasher, state_of(&fsck->shadows[out->number]), out, fault);
    fsck->loaded += out->person != NULL ? PERSON_WEIGHT : 1u;
    return status == STATUS_OK ? tree_node(fsck->txn, 0, out->last, &out->last_hash, fault) : status;
}

enum status shadow_open(struct fsck *fsck, struct fault *fault)
{
    fsck->loaded = 0;
    return world_open(load, fsck, &fsck->world, fault);
}

void shadow_close(struct fsck *fsck)
{
    world_close(fsck->world);
    fsck->world = NULL;
    for (size_t i = 0; i < fsck->shadow_count; i++) {
        free(fsck->shadows[i].state);
    }
    free(fsck->shadows);
    free(fsck->heads);
    free(fsck->changed);
    free(fsck->kids);
}

struct settling {
    struct fsck *fsck;
    bool failed;
};

static void settle_subject(void *context, struct subject *subject)
{
    struct settling *settling = context;
    struct fsck *fsck = settling->fsck;
    struct buffer *bytes = &fsck->ledger->bytes;
    struct shadow *shadow = &fsck->shadows[subject->number];
    uint32_t len;
    uint8_t *state;

    if (!subject->dirty) {
        return;
    }
    buffer_reset(bytes);
    state_encode(subject, bytes);
    len = (uint32_t)bytes->len;
    state = bytes->failed ? NULL : realloc(shadow->state, sizeof len + bytes->len);
    if (state == NULL) {
        settling->failed = true;
        return;
    }
    memcpy(state, &len, sizeof len);
    memcpy(state + sizeof len, bytes->ptr, bytes->len);
    shadow->state = state;
    subject->dirty = false;
}

enum status shadow_settle(struct fsck *fsck, bool always, struct fault *fault)
{
    struct settling settling = {fsck, false};
    enum status status = STATUS_OK;

    if (!always && fsck->loaded < WORLD_SUBJECTS_MAX) {
        return STATUS_OK;
    }
    world_each(fsck->world, settle_subject, &settling);
    if (settling.failed) {
        return no_memory(fault);
    }
    world_close(fsck->world);
    fsck->world = NULL;
    status = shadow_open(fsck, fault);
    /* The new world knows of nobody's keys yet. */
    for (size_t i = 0; i < fsck->kid_count && status == STATUS_OK; i++) {
        if (!world_note_key(fsck->world, &fsck->kids[i].kid, fsck->kids[i].person)) {
            status = no_memory(fault);
        }
    }
    return status;
}

enum status shadow_note_key(struct fsck *fsck, const struct hash *kid, uint64_t person, struct fault *fault)
{
    if (world_key_owner(fsck->world, kid) != NOTHING) {
        return STATUS_OK;
    }
    if (!fsck_room((void **)&fsck->kids, fsck->kid_count, &fsck->kid_cap, sizeof *fsck->kids)) {
        return no_memory(fault);
    }
    fsck->kids[fsck->kid_count++] = (struct fsck_kid){*kid, person};
    return STATUS_OK;
}

/* ---- threads --------------------------------------------------------------------------------- */

static bool touch(struct fsck *fsck, uint64_t subject)
{
    if (fsck->shadows[subject].changed) {
        return true;
    }
    if (!fsck_room((void **)&fsck->changed, fsck->changed_count, &fsck->changed_cap, sizeof *fsck->changed)) {
        return false;
    }
    fsck->changed[fsck->changed_count++] = subject;
    fsck->shadows[subject].changed = true;
    return true;
}

enum status shadow_advance(struct fsck *fsck, const struct record *record, bool *right, struct fault *fault)
{
    *right = true;
    for (size_t i = 0; i < record->link_count; i++) {
        const struct link *link = &record->links[i];
        struct shadow *shadow;

        if (link->subject == fsck->shadow_count && link->number == 1) {
            if (!fsck_room((void **)&fsck->shadows, fsck->shadow_count, &fsck->shadow_cap, sizeof *fsck->shadows)) {
                return no_memory(fault);
            }
            fsck->shadows[fsck->shadow_count++] = (struct shadow){0};
        }
        if (link->subject >= fsck->shadow_count) {
            *right = false;
            return STATUS_OK;
        }
        shadow = &fsck->shadows[link->subject];
        if (link->number != shadow->count + 1 || (link->has_before && link->before != shadow->last)) {
            *right = false;
            return STATUS_OK;
        }
        shadow->count = link->number;
        shadow->last = record->index;
        if (!touch(fsck, link->subject)) {
            return no_memory(fault);
        }
    }
    return STATUS_OK;
}

/* ---- heads ----------------------------------------------------------------------------------- */

/* How many nodes are complete in a tree of that many leaves. */
static uint64_t complete_nodes(uint64_t leaves)
{
    uint64_t nodes = 0;

    for (; leaves > 0; leaves /= 2) {
        nodes += leaves;
    }
    return nodes;
}

static enum status read_heads(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    const struct fsck *fsck = context;

    (void)fault;
    *out = fsck->heads[keys_node_position(level, index)];
    return STATUS_OK;
}

/* The leaf of a changed subject, and the complete nodes above it. */
static enum status renew(struct fsck *fsck, uint64_t subject, struct fault *fault)
{
    struct buffer *bytes = &fsck->ledger->bytes;
    const struct shadow *shadow = &fsck->shadows[subject];
    uint64_t index = subject;
    struct hash *node = &fsck->heads[keys_node_position(0, subject)];
    enum status status;

    buffer_reset(bytes);
    status = heads_leaf(fsck->txn, subject, shadow->count, shadow->last, bytes, fault);
    if (status != STATUS_OK) {
        return status;
    }
    hash_leaf(fsck->ledger->hasher, buffer_view(bytes), node);
    for (unsigned level = 1; (index / 2 + 1) <= fsck->shadow_count >> level; level++) {
        const struct hash *left = &fsck->heads[keys_node_position(level - 1, index & ~UINT64_C(1))];
        const struct hash *right = &fsck->heads[keys_node_position(level - 1, index | 1)];

        index /= 2;
        hash_node(fsck->ledger->hasher, left, right, &fsck->heads[keys_node_position(level, index)]);
    }
    return STATUS_OK;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

enum status shadow_heads_root(struct fsck *fsck, struct hash *out, struct fault *fault)
{
    struct merkle_source source = {.read = read_heads, .context = fsck, .hasher = fsck->ledger->hasher};
    uint64_t nodes = complete_nodes(fsck->shadow_count);
    enum status status = STATUS_OK;

    while (fsck->heads_count < nodes) {
        if (!fsck_room((void **)&fsck->heads, fsck->heads_count, &fsck->heads_cap, sizeof *fsck->heads)) {
            return no_memory(fault);
        }
        fsck->heads[fsck->heads_count++] = (struct hash){0};
    }
    /* Ascending, so that a new subject's left neighbours are there. */
    if (fsck->changed_count > 0) {
        qsort(fsck->changed, fsck->changed_count, sizeof *fsck->changed, compare_numbers);
    }
    for (size_t i = 0; i < fsck->changed_count && status == STATUS_OK; i++) {
        status = renew(fsck, fsck->changed[i], fault);
        fsck->shadows[fsck->changed[i]].changed = false;
    }
    fsck->changed_count = 0;
    fsck->heads_subjects = fsck->shadow_count;
    return status == STATUS_OK ? merkle_root(&source, fsck->shadow_count, out, fault) : status;
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* The nodes at positions 0, 1, 2 ... */
static enum status compare_heads(struct fsck *fsck, uint64_t count, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_HEADS);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    uint64_t number = 0;
    uint64_t found;
    enum status status = store_walk(fsck->txn->store, keys_view(&prefix), NULL, &cursor, fault);

    while (status == STATUS_OK) {
        status = store_next(cursor, &key, &value, fault);
        if (status != STATUS_OK) {
            break;
        }
        if (number >= count || !keys_only(view_part(key, 1, key.len - 1), &found) || found != number ||
            !view_equal(value, hash_view(&fsck->heads[number]))) {
            fsck_damage(fsck, NOTHING, "node %llu of the heads tree is not what the records say", (unsigned long long)number);
            break;
        }
        number++;
    }
    store_walk_end(cursor);
    if (status == STATUS_MISSING && number < count) {
        fsck_damage(fsck, NOTHING, "node %llu of the heads tree is missing", (unsigned long long)number);
    }
    return status == STATUS_MISSING ? STATUS_OK : status;
}

bool shadow_compare_state(struct fsck *fsck, uint64_t subject, struct view value)
{
    if (subject < fsck->shadow_count && view_equal(value, state_of(&fsck->shadows[subject]))) {
        return true;
    }
    fsck_damage(fsck, subject < fsck->shadow_count ? fsck->shadows[subject].last : NOTHING,
                "the state of subject %llu is not what the records say", (unsigned long long)subject);
    return false;
}

/* Each key that was given is in the index with its person; the number of entries says that no other is. */
static enum status compare_kids(struct fsck *fsck, struct fault *fault)
{
    for (size_t i = 0; i < fsck->kid_count; i++) {
        struct key key = keys_hash(TABLE_KID, &fsck->kids[i].kid, HASH_BYTES);
        struct view value;
        uint64_t person;
        enum status status = store_get(fsck->txn->store, keys_view(&key), &value, fault);

        if (status == STATUS_OK && keys_only(value, &person) && person == fsck->kids[i].person) {
            continue;
        }
        if (status != STATUS_OK && status != STATUS_MISSING) {
            return status;
        }
        fsck_damage(fsck, NOTHING, "the index of keys is wrong for person %llu", (unsigned long long)fsck->kids[i].person);
    }
    return STATUS_OK;
}

enum status shadow_compare(struct fsck *fsck, uint64_t *entries, struct fault *fault)
{
    uint64_t nodes = complete_nodes(fsck->heads_subjects);
    enum status status = compare_heads(fsck, nodes, fault);

    if (status == STATUS_OK) {
        status = compare_kids(fsck, fault);
    }
    *entries += nodes + fsck->kid_count;
    return status;
}
