/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fsck_replay: walks the records as they lie in the store, replays each, and hands the rest of the work on.
 */
#include "ledger/fsck_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/append.h"
#include "ledger/source.h"
#include "ledger/tree.h"

/* ---- entries --------------------------------------------------------------------------------- */

static enum status next_entry(struct fsck_walk *walk, struct fault *fault)
{
    enum status status = store_next(walk->cursor, &walk->key, &walk->value, fault);

    walk->ended = status == STATUS_MISSING;
    return walk->ended ? STATUS_OK : status;
}

/* The sheets and disclosures that follow a record. False: not in order, or none of ours. */
static enum status take_parts(struct fsck_walk *walk, struct fsck_item *item, const struct key *key, bool *right,
                              struct fault *fault)
{
    struct fsck_batch *batch = walk->batch;

    uint64_t least = 0; /* the smallest number of the next disclosure: erased ones are gone */

    item->part_first = batch->part_count;
    *right = true;
    while (!walk->ended && walk->key.len > key->len && memcmp(walk->key.ptr, key->bytes, key->len) == 0) {
        unsigned part = walk->key.ptr[key->len];
        bool is_sheet = part == PART_SHEET && item->disclosure_count == 0;
        uint64_t seq;
        enum status status;

        if ((!is_sheet && part != PART_DISCLOSURE) ||
            !keys_only(view_part(walk->key, key->len + 1, walk->key.len - key->len - 1), &seq) ||
            (is_sheet ? seq != item->sheet_count : seq < least)) {
            *right = false;
            return STATUS_OK;
        }
        if (!fsck_room((void **)&batch->parts, batch->part_count, &batch->part_cap, sizeof *batch->parts)) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        batch->parts[batch->part_count++] = walk->value;
        walk->fsck->parts++;
        least = is_sheet ? 0 : seq + 1;
        item->sheet_count += is_sheet ? 1u : 0u;
        item->disclosure_count += is_sheet ? 0u : 1u;
        status = next_entry(walk, fault);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

/* ---- the tree -------------------------------------------------------------------------------- */

struct nodes {
    struct view stored;
    bool right;
};

static enum status compare_node(void *context, unsigned level, uint64_t index, const struct hash *node,
                                struct fault *fault)
{
    struct nodes *nodes = context;

    (void)index;
    (void)fault;
    nodes->right = nodes->right && memcmp(nodes->stored.ptr + level * HASH_BYTES, node->bytes, HASH_BYTES) == 0;
    return STATUS_OK;
}

/* The nodes behind the record, from its stored hash upwards; that hash itself is a worker's to check. */
static enum status check_nodes(struct fsck_walk *walk, struct view stored, bool *right, struct fault *fault)
{
    struct nodes nodes = {stored, true};
    struct hash leaf = hash_of_view(view_part(stored, 0, HASH_BYTES));
    enum status status =
        merkle_append(walk->fsck->ledger->hasher, &walk->frontier, &leaf, compare_node, &nodes, fault);

    *right = nodes.right;
    return status;
}

/* A checkpoint of this size, if one is stored: a worker checks root and signature. */
static enum status take_note(struct fsck_walk *walk, struct fsck_item *item, struct fault *fault)
{
    struct fsck *fsck = walk->fsck;
    uint64_t size = item->index + 1;
    struct key key = keys_number(TABLE_CHECKPOINT, size);
    enum status status = store_get(fsck->txn->store, keys_view(&key), &item->note, fault);
    const struct subject *ledger;
    const uint8_t *station;

    if (status == STATUS_MISSING) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    ledger = world_find(fsck->world, 0);
    station = ledger == NULL || ledger->ledger == NULL ? NULL : station_key_at(ledger->ledger, size);
    if (station == NULL) {
        return world_status(fsck->world, fault);
    }
    memcpy(item->station, station, ED25519_BYTES);
    merkle_frontier_root(fsck->ledger->hasher, &walk->frontier, &item->root);
    item->has_note = true;
    fsck->report->checkpoints++;
    fsck->last_checkpoint = size;
    return STATUS_OK;
}

static enum status check_heads(struct fsck_walk *walk, struct fsck_item *item, struct fault *fault)
{
    struct fsck *fsck = walk->fsck;
    struct hash root;
    enum status status = shadow_heads_root(fsck, &root, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (walk->record->subjects != fsck->shadow_count || !hash_equal(&root, &walk->record->root)) {
        fsck_damage(fsck, item->index, "record %llu: its heads are not those of the records before",
                    (unsigned long long)item->index);
        return STATUS_OK;
    }
    fsck->last_heads = item->index + 1;
    return take_note(walk, item, fault);
}

/* SPEC 7.3.17c. In a ledger of one's own no such record is appended; a mirror takes what the station has signed. */
static void check_time(struct fsck_walk *walk)
{
    const struct record *record = walk->record;
    struct finding finding = {.code = "clock", .record = record->index, .subject = NOTHING};
    uint64_t prev_s = walk->prev_logged_s;
    bool steps = record->index > 0 && (record->logged_s < prev_s || record->logged_s - prev_s > APPEND_LEAP_MAX_S);

    walk->prev_logged_s = record->logged_s;
    if (!steps || (record->type == RECORD_ACT && act_decode(record->act, walk->act, NULL) == STATUS_OK && walk->act->kind == KIND_CLOCK)) {
        return;
    }
    (void)snprintf(finding.text, sizeof finding.text, "the station's clock stepped between records %llu and %llu",
                   (unsigned long long)record->index - 1, (unsigned long long)record->index);
    walk->source.report(walk->source.context, &finding);
}

/* ---- records --------------------------------------------------------------------------------- */

static enum status replay_record(struct fsck_walk *walk, uint64_t index, struct fault *fault)
{
    struct fsck *fsck = walk->fsck;
    struct fsck_item *item = &walk->batch->items[walk->batch->count];
    struct key key = keys_number(TABLE_RECORD, index);
    unsigned long long number = index;
    struct fault inner = {0};
    struct tree_entry entry;
    bool right;
    enum status status;

    *item = (struct fsck_item){.index = index};
    if (walk->ended || !view_equal(walk->key, keys_view(&key)) || !tree_split(walk->value, index, &entry)) {
        fsck_damage(fsck, index, "record %llu is missing or too short", number);
        return STATUS_OK;
    }
    item->record = entry.record;
    item->leaf = entry.nodes.ptr;
    status = check_nodes(walk, entry.nodes, &right, fault);
    if (status == STATUS_OK && !right) {
        fsck_damage(fsck, index, "record %llu: a node of the tree is not the hash of what is below it", number);
    }
    if (status == STATUS_OK) {
        status = next_entry(walk, fault);
    }
    if (status == STATUS_OK) {
        status = take_parts(walk, item, &key, &right, fault);
    }
    if (status == STATUS_OK && !right) {
        fsck_damage(fsck, index, "record %llu: its sheets and disclosures are not in order", number);
    }
    if (status != STATUS_OK) {
        return status;
    }
    walk->batch->count++;
    if (record_decode(item->record, walk->record, &inner) != STATUS_OK) {
        fsck_damage(fsck, index, "record %llu: %s", number, inner.text);
    } else if (walk->record->index != index ||
               (index > 0 && memcmp(walk->record->prev.bytes, walk->prev, HASH_BYTES) != 0)) {
        fsck_damage(fsck, index, "record %llu does not follow the record before", number);
    } else {
        check_time(walk);
        status = walk->record->type == RECORD_HEADS ? check_heads(walk, item, fault) : fsck_replay_act(walk, item, fault);
    }
    walk->prev = item->leaf;
    if (status == STATUS_OK && (entry.subjects != fsck->shadow_count || entry.heads != fsck->last_heads)) {
        fsck_damage(fsck, index, "record %llu: its entry says other sizes than the records", number);
    }
    return status;
}

static enum status replay_all(struct fsck_walk *walk, struct fault *fault)
{
    struct fsck *fsck = walk->fsck;
    const struct progress *progress = &fsck->options->progress;
    uint64_t size = fsck->txn->meta.size;
    enum status status = next_entry(walk, fault);

    for (uint64_t index = 0; index < size && status == STATUS_OK && !atomic_load(&fsck->stopped); index++) {
        if (walk->batch == NULL) {
            walk->batch = queue_take_free(&fsck->queue);
        }
        status = replay_record(walk, index, fault);
        fsck->report->records = index + 1;
        if (walk->batch->count == FSCK_BATCH) {
            queue_put(&fsck->queue, walk->batch);
            walk->batch = NULL;
            if (progress->step != NULL && !progress->step(progress->context, index + 1, size)) {
                return fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "stopped: not everything was checked");
            }
        }
    }
    if (status == STATUS_OK && !atomic_load(&fsck->stopped) && !walk->ended) {
        fsck_damage(fsck, size, "there are entries behind the last record, %llu", (unsigned long long)size - 1);
    }
    return status;
}

enum status fsck_replay(struct fsck *fsck, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_RECORD);
    struct fsck_walk walk = {.fsck = fsck, .record = fsck->ledger->record, .act = fsck->ledger->act,
                        .source = source_over(fsck->txn)};
    enum status status = store_walk(fsck->txn->store, keys_view(&prefix), NULL, &walk.cursor, fault);

    walk.replay = (struct replay){.hasher = fsck->ledger->hasher, .source = &walk.source, .scratch = fsck->ledger->other};
    memcpy(walk.replay.code, fsck->ledger->identity.code, sizeof walk.replay.code);
    if (status == STATUS_OK) {
        status = replay_all(&walk, fault);
    }
    if (walk.batch != NULL) {
        queue_put(&fsck->queue, walk.batch);
    }
    store_walk_end(walk.cursor);
    return status;
}
