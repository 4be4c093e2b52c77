/* SPDX-License-Identifier: Apache-2.0 */
/*
 * read: what a transaction can be asked. Everything that comes from the store is checked for its length and place.
 */
#include "ledger/inside.h"

#include <stdlib.h>

#include "ledger/tree.h"

uint64_t ledger_size(const struct ledger_txn *txn)
{
    return txn->meta.size;
}

uint64_t ledger_subjects(const struct ledger_txn *txn)
{
    return txn->meta.subjects;
}

enum status ledger_root(struct ledger_txn *txn, uint64_t size, struct hash *out, struct fault *fault)
{
    struct merkle_source source = tree_source(txn);

    if (size > txn->meta.size) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "the ledger has %llu records, not %llu",
                         (unsigned long long)txn->meta.size, (unsigned long long)size);
    }
    return merkle_root(&source, size, out, fault);
}

enum status ledger_record(struct ledger_txn *txn, uint64_t index, struct view *out, struct fault *fault)
{
    struct key key = keys_number(TABLE_RECORD, index);
    struct tree_entry entry;
    struct view value;
    enum status status;

    if (index >= txn->meta.size) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "there is no record %llu: the ledger has %llu",
                         (unsigned long long)index, (unsigned long long)txn->meta.size);
    }
    status = store_get(txn->store, keys_view(&key), &value, fault);
    if (status == STATUS_MISSING || (status == STATUS_OK && !tree_split(value, index, &entry))) {
        return damaged(fault, index, "it is missing or too short");
    }
    if (status == STATUS_OK) {
        *out = entry.record;
    }
    return status;
}

enum status record_at(struct ledger_txn *txn, uint64_t index, struct record *record, struct fault *fault)
{
    struct fault inner = {0};
    struct view bytes;
    enum status status = ledger_record(txn, index, &bytes, fault);

    if (status != STATUS_OK) {
        return status;
    }
    /* Its own fault says a byte offset; ours says the record. */
    if (record_decode(bytes, record, &inner) != STATUS_OK) {
        return damaged(fault, index, inner.text);
    }
    return record->index == index ? STATUS_OK : damaged(fault, index, "it says another index");
}

enum status ledger_thread(struct ledger_txn *txn, uint64_t subject, uint64_t number, uint64_t *index,
                          struct fault *fault)
{
    struct key key = keys_pair(TABLE_SUBJECT, subject, number);
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    if (status == STATUS_MISSING) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "subject %llu has no record number %llu",
                         (unsigned long long)subject, (unsigned long long)number);
    }
    if (status == STATUS_OK && (!keys_only(value, index) || *index >= txn->meta.size)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: thread of subject %llu, number %llu",
                         (unsigned long long)subject, (unsigned long long)number);
    }
    return status;
}

enum status ledger_find_act(struct ledger_txn *txn, const struct hash *act_id_, uint64_t *index, struct fault *fault)
{
    struct key key = keys_hash(TABLE_ACT, act_id_, ACT_INDEX_BYTES);
    struct ledger *ledger = txn->ledger;
    struct fault inner = {0};
    struct hash found;
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    if (status == STATUS_OK && (!keys_only(value, index) || *index >= txn->meta.size)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: an act's index");
    }
    if (status == STATUS_OK) {
        status = record_at(txn, *index, ledger->earlier, fault);
    }
    if (status == STATUS_OK &&
        (ledger->earlier->type != RECORD_ACT || act_decode(ledger->earlier->act, ledger->other, &inner) != STATUS_OK)) {
        return damaged(fault, *index, "its act cannot be read");
    }
    if (status == STATUS_OK) {
        /* The key is cut short: another act may begin alike. */
        act_id(ledger->hasher, ledger->other->payload, &found);
        status = hash_equal(&found, act_id_) ? STATUS_OK : STATUS_MISSING;
    }
    if (status == STATUS_MISSING) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "the ledger has no act with that id");
    }
    return status;
}

/* Adds a view to one of the two arrays, which grow by doubling. */
static bool add_view(struct view **array, size_t *count, struct view value)
{
    if ((*count & (*count - 1)) == 0) {
        size_t room = *count == 0 ? 8 : *count * 2;
        struct view *grown = *count != 0 && *count < 8 ? *array : realloc(*array, room * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        *array = grown;
    }
    (*array)[(*count)++] = value;
    return true;
}

/*
 * One entry under the record: part and sequence number must be the next of its kind; of disclosures some may have been erased. least: the
 * smallest number that the next disclosure may have.
 */
static enum status add_part(struct ledger_details *out, uint64_t *least, uint64_t index, struct view rest, struct view value,
                            struct fault *fault)
{
    unsigned part = rest.ptr[0];
    uint64_t seq;
    bool kept;

    if ((part != PART_SHEET && part != PART_DISCLOSURE) || !keys_only(view_part(rest, 1, rest.len - 1), &seq) ||
        (part == PART_SHEET ? seq != out->sheet_count : seq < *least)) {
        return damaged(fault, index, "its sheets and disclosures are not in order");
    }
    *least = part == PART_SHEET ? 0 : seq + 1;
    if (part == PART_SHEET) {
        kept = add_view(&out->sheets, &out->sheet_count, value);
    } else {
        kept = add_view(&out->disclosures, &out->disclosure_count, value);
    }
    return kept ? STATUS_OK : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

enum status ledger_details(struct ledger_txn *txn, uint64_t index, struct ledger_details *out, struct fault *fault)
{
    struct key key = keys_number(TABLE_RECORD, index);
    struct store_cursor *cursor = NULL;
    struct view found;
    struct view value;
    uint64_t least = 0;
    enum status status = store_walk(txn->store, keys_view(&key), NULL, &cursor, fault);

    *out = (struct ledger_details){0};
    while (status == STATUS_OK) {
        status = store_next(cursor, &found, &value, fault);
        if (status == STATUS_OK && found.len > key.len) {
            status = add_part(out, &least, index, view_part(found, key.len, found.len - key.len), value, fault);
        }
    }
    store_walk_end(cursor);
    if (status != STATUS_MISSING) {
        ledger_details_free(out);
        return status;
    }
    return STATUS_OK;
}

void ledger_details_free(struct ledger_details *details)
{
    free(details->sheets);
    free(details->disclosures);
    *details = (struct ledger_details){0};
}

enum status ledger_attachment(struct ledger_txn *txn, const struct hash *hash, struct view *out, struct fault *fault)
{
    struct key key = keys_hash(TABLE_ATTACHMENT, hash, HASH_BYTES);
    enum status status = store_get(txn->store, keys_view(&key), out, fault);

    if (status == STATUS_MISSING) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "the ledger does not hold that attachment");
    }
    return status;
}

struct world *ledger_world(struct ledger_txn *txn)
{
    return txn_world(txn, NULL);
}

const struct subject *ledger_subject(struct ledger_txn *txn, uint64_t number, struct fault *fault)
{
    struct world *world = txn_world(txn, fault);
    const struct subject *subject = world == NULL ? NULL : world_find(world, number);

    if (subject == NULL && world != NULL && world_status(world, fault) == STATUS_OK) {
        (void)fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "there is no subject %llu: the ledger has %llu",
                        (unsigned long long)number, (unsigned long long)txn->meta.subjects);
    }
    return subject;
}
