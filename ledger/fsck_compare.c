/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fsck_compare: after the replay, every index, attachment and size in the store is compared with what the records say.
 */
#include "ledger/fsck_inside.h"

#include <sodium.h>
#include <stdlib.h>

#include "ledger/append.h"
#include "ledger/head_file.h"
#include "verify/token.h"

/* ---- indexes --------------------------------------------------------------------------------- */

/* How the entries of a table are read into a fingerprint. False: one is not of its form. */
typedef bool read_entry(struct fsck *fsck, struct view key, struct view value, struct fingerprint *out);

/* A record of a thread, or the subject's state: those are counted apart. */
static bool read_subject(struct fsck *fsck, struct view key, struct view value, struct fingerprint *out)
{
    uint64_t link[2];
    uint64_t index;

    if (!keys_take(&key, &link[0]) || !keys_only(key, &link[1])) {
        return false;
    }
    if (link[1] == NOTHING) {
        fsck->states++;
        return shadow_compare_state(fsck, link[0], value);
    }
    if (!keys_only(value, &index)) {
        return false;
    }
    fingerprint_add(fsck, out, link, sizeof link, index);
    return true;
}

static bool read_act(struct fsck *fsck, struct view key, struct view value, struct fingerprint *out)
{
    uint64_t index;

    if (key.len != ACT_INDEX_BYTES || !keys_only(value, &index)) {
        return false;
    }
    fingerprint_add(fsck, out, key.ptr, key.len, index);
    return true;
}

/* The mark, an erasure of this ledger's records, or one that was taken over: those hold a record. */
static bool read_erasure(struct fsck *fsck, struct view key, struct view value, struct fingerprint *out)
{
    uint64_t number;

    out->count++;
    if (key.len == 0) {
        fsck->report->scrub_due = true;
        return keys_only(value, &number) && number == 1;
    }
    if (keys_only(value, &number)) {
        return number == 0;
    }
    fsck->report->elsewhere++;
    return true;
}

static bool count_entry(struct fsck *fsck, struct view key, struct view value, struct fingerprint *out)
{
    (void)fsck;
    (void)key;
    (void)value;
    out->count++;
    return true;
}

static enum status read_table(struct fsck *fsck, enum table table, read_entry *read, struct fingerprint *out,
                              struct fault *fault)
{
    struct key prefix = keys_table(table);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    enum status status = store_walk(fsck->txn->store, keys_view(&prefix), NULL, &cursor, fault);

    *out = (struct fingerprint){0};
    while (status == STATUS_OK) {
        status = store_next(cursor, &key, &value, fault);
        if (status == STATUS_OK && !read(fsck, view_part(key, 1, key.len - 1), value, out)) {
            fsck_damage(fsck, NOTHING, "an entry of table '%c' is not of its form", (char)table);
        }
    }
    store_walk_end(cursor);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* Which record's entries are wrong: the slow way, once it is known that some are. */
static enum status locate(struct fsck *fsck, struct fault *fault)
{
    struct ledger *ledger = fsck->ledger;
    enum status status = STATUS_OK;

    for (uint64_t index = 0; index < fsck->txn->meta.size && status == STATUS_OK; index++) {
        struct hash id;
        struct key key;
        struct view value;
        uint64_t found;

        status = record_at(fsck->txn, index, ledger->record, fault);
        if (status != STATUS_OK || ledger->record->type != RECORD_ACT ||
            act_decode(ledger->record->act, ledger->act, NULL) != STATUS_OK) {
            continue;
        }
        act_id(ledger->hasher, ledger->act->payload, &id);
        key = keys_hash(TABLE_ACT, &id, ACT_INDEX_BYTES);
        if (store_get(fsck->txn->store, keys_view(&key), &value, NULL) != STATUS_OK || !keys_only(value, &found) ||
            found != index) {
            fsck_damage(fsck, index, "record %llu: the index of acts does not have it", (unsigned long long)index);
            return STATUS_OK;
        }
        for (size_t i = 0; i < ledger->record->link_count; i++) {
            const struct link *link = &ledger->record->links[i];

            if (ledger_thread(fsck->txn, link->subject, link->number, &found, NULL) != STATUS_OK || found != index) {
                fsck_damage(fsck, index, "record %llu: the thread of subject %llu does not have it", (unsigned long long)index,
                            (unsigned long long)link->subject);
                return STATUS_OK;
            }
        }
    }
    if (status == STATUS_OK) {
        fsck_damage(fsck, NOTHING, "the index of acts or threads has entries that belong to no record");
    }
    return status;
}

static enum status compare_indexes(struct fsck *fsck, uint64_t *entries, struct fault *fault)
{
    struct fingerprint threads;
    struct fingerprint acts;
    struct fingerprint orphans;
    struct fingerprint notes;
    struct fingerprint erasures;
    enum status status = read_table(fsck, TABLE_SUBJECT, read_subject, &threads, fault);

    if (status == STATUS_OK) {
        status = read_table(fsck, TABLE_ACT, read_act, &acts, fault);
    }
    if (status == STATUS_OK) {
        status = read_table(fsck, TABLE_ORPHAN, count_entry, &orphans, fault);
    }
    if (status == STATUS_OK) {
        status = read_table(fsck, TABLE_CHECKPOINT, count_entry, &notes, fault);
    }
    if (status == STATUS_OK) {
        status = read_table(fsck, TABLE_ERASURE, read_erasure, &erasures, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    *entries += threads.count + fsck->states + acts.count + orphans.count + notes.count + erasures.count;
    if (erasures.count != fsck->erase_acts + fsck->report->elsewhere + (fsck->report->scrub_due ? 1u : 0u)) {
        fsck_damage(fsck, NOTHING, "the index of erasures has entries that belong to no record");
    }
    notes.count -= notes.count > 0 ? 1u : 0u; /* the count itself */
    if (fsck->states != fsck->shadow_count) {
        fsck_damage(fsck, NOTHING, "%llu subjects have a state, but there are %llu", (unsigned long long)fsck->states,
                    (unsigned long long)fsck->shadow_count);
    }
    if (orphans.count != fsck->orphans) {
        fsck_damage(fsck, NOTHING, "the index of lodged acts has entries that belong to no record");
    }
    if (notes.count != fsck->report->checkpoints) {
        fsck_damage(fsck, NOTHING, "a checkpoint is stored that stands behind no heads record");
    }
    if (threads.count != fsck->threads.count || threads.sum != fsck->threads.sum || acts.count != fsck->acts.count ||
        acts.sum != fsck->acts.sum) {
        return locate(fsck, fault);
    }
    return STATUS_OK;
}

/* ---- attachments ----------------------------------------------------------------------------- */

static int compare_names(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

/* Each file has the hash under which it is kept, and is named by a detail. */
static enum status compare_attachments(struct fsck *fsck, uint64_t *entries, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_ATTACHMENT);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    enum status status = store_walk(fsck->txn->store, keys_view(&prefix), NULL, &cursor, fault);

    if (fsck->file_count > 0) {
        qsort(fsck->files, fsck->file_count, sizeof *fsck->files, compare_names);
    }
    while (status == STATUS_OK) {
        struct hash hash;
        uint64_t name;

        status = store_next(cursor, &key, &value, fault);
        if (status != STATUS_OK) {
            break;
        }
        if (key.len == prefix.len) {
            (*entries)++; /* the count */
            continue;
        }
        fsck->report->attachments++;
        hash_data(fsck->ledger->hasher, value, &hash);
        (void)crypto_shorthash((unsigned char *)&name, hash.bytes, HASH_BYTES, fsck->key);
        if (!view_equal(view_part(key, 1, key.len - 1), hash_view(&hash))) {
            fsck_damage(fsck, NOTHING, "an attachment is not the file whose hash it is kept under");
        } else if (fsck->file_count == 0 ||
                   bsearch(&name, fsck->files, fsck->file_count, sizeof name, compare_names) == NULL) {
            fsck_damage(fsck, NOTHING, "an attachment is named by no detail");
        }
    }
    store_walk_end(cursor);
    *entries += fsck->report->attachments;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* ---- time-stamps ----------------------------------------------------------------------------- */

/* Over the checkpoint under whose size it stands; who signed it is for those to judge who know whom they trust. */
static enum status check_token(struct fsck *fsck, struct view key, struct view token, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct view rest = view_part(key, 1, key.len - 1);
    struct token_facts facts;
    struct buffer note = {0}, name = {0};
    struct fault inner = {0};
    struct hash imprint;
    uint64_t size = 0, number = 0;
    enum status status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    if (status == STATUS_OK) {
        status = keys_take(&rest, &size) && keys_only(rest, &number) ? ledger_checkpoint_at(fsck->txn, size, &note, &inner) : STATUS_DAMAGED;
    }
    if (status == STATUS_OK) {
        status = checkpoint_parse(buffer_view(&note), checkpoint, &inner);
    }
    if (status == STATUS_OK) {
        hash_data(fsck->ledger->hasher, checkpoint->text, &imprint);
        status = token_read(token, &facts, &name, &inner);
    }
    if (status == STATUS_OK && !hash_equal(&imprint, &facts.imprint)) {
        status = fault_set(&inner, STATUS_DAMAGED, FAULT_NOWHERE, "it is over something else");
    }
    free(checkpoint);
    buffer_free(&note);
    buffer_free(&name);
    if (status == STATUS_DAMAGED || status == STATUS_UNTRUSTED || status == STATUS_MISSING) {
        fsck_damage(fsck, NOTHING, "a time-stamp of the checkpoint of %llu records: %s", (unsigned long long)size, inner.text);
        return STATUS_OK;
    }
    return status == STATUS_OK || checkpoint == NULL ? status : fault_set(fault, status, inner.at, "%s", inner.text);
}

static enum status compare_tokens(struct fsck *fsck, uint64_t *entries, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_TOKEN);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view token;
    enum status status = store_walk(fsck->txn->store, keys_view(&prefix), NULL, &cursor, fault);

    while (status == STATUS_OK) {
        status = store_next(cursor, &key, &token, fault);
        if (status == STATUS_OK) {
            status = check_token(fsck, key, token, fault);
            fsck->report->tokens++;
        }
    }
    store_walk_end(cursor);
    *entries += fsck->report->tokens;
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static enum status compare_rest(struct fsck *fsck, uint64_t entries, struct fault *fault)
{
    const struct meta *meta = &fsck->txn->meta;
    struct fault inner = {0};
    struct hash holder;
    uint64_t since_s;
    enum status status = append_reservation(fsck->txn, &holder, &since_s, &inner);

    entries += status == STATUS_OK ? 1u : 0u; /* the reservation */
    if (status == STATUS_DAMAGED) {
        fsck_damage(fsck, NOTHING, "%s", inner.text);
    } else if (status != STATUS_OK && status != STATUS_MISSING) {
        return fault_set(fault, status, inner.at, "%s", inner.text);
    }
    if (meta->subjects != fsck->shadow_count || meta->heads != fsck->last_heads ||
        meta->checkpoint != fsck->last_checkpoint || meta->checkpoints != fsck->report->checkpoints ||
        meta->attachments != fsck->report->attachments) {
        fsck_damage(fsck, NOTHING, "the store's sizes are not what the records say");
    }
    if (entries != store_count(fsck->txn->store)) {
        fsck_damage(fsck, NOTHING, "the store has %llu entries, but %llu belong to the ledger",
                    (unsigned long long)store_count(fsck->txn->store), (unsigned long long)entries);
    }
    status = store_check_paths(fsck->txn->store, &inner);
    if (status == STATUS_DAMAGED) {
        fsck_damage(fsck, NOTHING, "%s", inner.text);
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return fault_set(fault, status, inner.at, "%s", inner.text);
    }
    struct head head;
    if (meta->checkpoint > 0 && head_read(fsck->txn->ledger, &head, &inner) == STATUS_MISSING) {
        fsck->report->head_missing = true; /* no word of the store's own: ledger_open refuses to append then */
        return STATUS_OK;
    }
    fault_clear(&inner);
    status = head_compare(fsck->txn, &inner);
    if (status == STATUS_REFUSED || status == STATUS_DAMAGED) {
        fsck_damage(fsck, NOTHING, "%s", inner.text);
        return STATUS_OK;
    }
    return status == STATUS_OK ? STATUS_OK : fault_set(fault, status, inner.at, "%s", inner.text);
}

/* A detail may be gone when an order covers it: a record that was taken back from a bundle. */
static enum status compare_gaps(struct fsck *fsck, struct fault *fault)
{
    const struct gap *gap = NULL;
    enum status status;

    extents_sort(&fsck->orders);
    status = gaps_uncovered(&fsck->gaps, fsck->txn, &fsck->orders, &gap, fault);
    fsck->report->withheld = fsck->gaps.count;
    if (status == STATUS_OK && gap != NULL) {
        struct stop stop = {0};

        stop_set(&stop, 1, "detail", gap->record, NOTHING,
                 "record %llu: the disclosure of detail %llu, ordinal %llu, is missing, and no order or erasure covers it",
                 (unsigned long long)gap->record, (unsigned long long)gap->name, (unsigned long long)gap->ordinal);
        fsck_contradiction(fsck, &stop);
    }
    return status;
}

enum status fsck_compare(struct fsck *fsck, struct fault *fault)
{
    uint64_t entries = fsck->report->records + fsck->parts;
    enum status status = shadow_settle(fsck, true, fault);

    if (status == STATUS_OK) {
        status = shadow_compare(fsck, &entries, fault);
    }
    if (status == STATUS_OK) {
        status = compare_indexes(fsck, &entries, fault);
    }
    if (status == STATUS_OK) {
        status = compare_attachments(fsck, &entries, fault);
    }
    if (status == STATUS_OK) {
        status = compare_tokens(fsck, &entries, fault);
    }
    if (status == STATUS_OK) {
        status = compare_gaps(fsck, fault);
    }
    return status == STATUS_OK ? compare_rest(fsck, entries, fault) : status;
}
