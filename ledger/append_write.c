/* SPDX-License-Identifier: Apache-2.0 */
/*
 * append_write: a checked record goes into the store. Nothing is decided here.
 */
#include "ledger/append.h"
#include "ledger/tree.h"
#include "verify/shape.h"

static enum status put_number(struct ledger_txn *txn, const struct key *key, uint64_t number, struct fault *fault)
{
    uint8_t bytes[NUMBER_BYTES_MAX];

    return store_insert(txn->store, keys_view(key), view_of(bytes, keys_put(bytes, number)), fault);
}

/* The record with its nodes, then its sheets and disclosures, under ascending keys. */
static enum status put_record(struct ledger_txn *txn, const struct append_writing *writing, struct fault *fault)
{
    const struct submission *submission = writing->submission;
    uint64_t index = writing->record->index;
    struct key key = keys_number(TABLE_RECORD, index);
    struct buffer *entry = &txn->ledger->entry;
    enum status status;

    buffer_reset(entry);
    keys_append(entry, txn->meta.subjects);
    keys_append(entry, txn->meta.heads);
    buffer_append_view(entry, writing->record->bytes);
    status = tree_append(txn, writing->record_hash, entry, fault);
    if (status == STATUS_OK) {
        status = store_append(txn->store, keys_view(&key), buffer_view(entry), fault);
    }

    for (size_t i = 0; submission != NULL && i < submission->sheet_count && status == STATUS_OK; i++) {
        key = keys_part(index, PART_SHEET, i);
        status = store_append(txn->store, keys_view(&key), submission->sheets[i], fault);
    }
    for (size_t i = 0; submission != NULL && i < submission->disclosure_count && status == STATUS_OK; i++) {
        key = keys_part(index, PART_DISCLOSURE, i);
        status = store_append(txn->store, keys_view(&key), submission->disclosures[i], fault);
    }
    return status;
}

/* A file that is there already is kept once. */
static enum status put_attachments(struct ledger_txn *txn, const struct append_writing *writing, struct fault *fault)
{
    struct key counter = keys_table(TABLE_ATTACHMENT);
    uint8_t count[NUMBER_BYTES_MAX];
    uint64_t before = txn->meta.attachments;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < writing->submission->attachment_count && status == STATUS_OK; i++) {
        struct key key = keys_hash(TABLE_ATTACHMENT, &writing->attachment_hashes[i], HASH_BYTES);
        struct view there;

        status = store_get(txn->store, keys_view(&key), &there, fault);
        if (status == STATUS_MISSING) {
            status = store_insert(txn->store, keys_view(&key), writing->submission->attachments[i], fault);
            txn->meta.attachments++;
        }
    }
    if (status == STATUS_OK && txn->meta.attachments != before) {
        status = store_put(txn->store, keys_view(&counter), view_of(count, keys_put(count, txn->meta.attachments)), fault);
    }
    return status;
}

static enum status put_threads(struct ledger_txn *txn, const struct append_writing *writing, struct fault *fault)
{
    const struct record *record = writing->record;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < record->link_count && status == STATUS_OK; i++) {
        struct key key = keys_pair(TABLE_SUBJECT, record->links[i].subject, record->links[i].number);

        status = put_number(txn, &key, record->index, fault);
    }
    return status;
}

/* Who has had which key. A person may be given the same key again. */
static enum status put_kids(struct ledger_txn *txn, const struct append_writing *writing, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < writing->act->entry_count && status == STATUS_OK; i++) {
        const struct entry *entry = &writing->act->entries[i];
        uint8_t bytes[NUMBER_BYTES_MAX];
        struct hash kid;
        struct key key;

        if ((entry->facts.present & BIT(FACT_KEY)) == 0) {
            continue;
        }
        public_key_id(txn->ledger->hasher, &entry->facts.key, &kid);
        key = keys_hash(TABLE_KID, &kid, HASH_BYTES);
        status = store_put(txn->store, keys_view(&key), view_of(bytes, keys_put(bytes, entry->subject)), fault);
    }
    return status;
}

static enum status put_orphan(struct ledger_txn *txn, const struct append_writing *writing, struct fault *fault)
{
    struct key key = keys_hash(TABLE_ORPHAN, &writing->act->answers, HASH_BYTES);
    struct view there;
    enum status status = store_get(txn->store, keys_view(&key), &there, fault);

    return status == STATUS_MISSING ? put_number(txn, &key, writing->record->index, fault) : status;
}

static uint64_t opened_by(const struct act *act)
{
    uint64_t opened = 0;

    for (size_t i = 0; shape_opens(act->kind) && i < act->entry_count; i++) {
        opened += act->entries[i].role == ROLE_SUBJECT ? 1u : 0u;
    }
    return opened;
}

static enum status put_act(struct ledger_txn *txn, const struct append_writing *writing, struct fault *fault)
{
    struct key key = keys_hash(TABLE_ACT, writing->act_id, ACT_INDEX_BYTES);
    enum status status = put_number(txn, &key, writing->record->index, fault);

    if (status == STATUS_OK) {
        status = put_threads(txn, writing, fault);
    }
    if (status == STATUS_OK) {
        status = put_attachments(txn, writing, fault);
    }
    if (status == STATUS_OK) {
        status = put_kids(txn, writing, fault);
    }
    if (status == STATUS_OK && writing->keeps_orphan) {
        status = put_orphan(txn, writing, fault);
    }
    return status;
}

enum status append_write(struct ledger_txn *txn, const struct append_writing *writing, struct fault *fault)
{
    enum status status;

    /* The sizes with this record. */
    if (writing->act == NULL) {
        txn->meta.heads = writing->record->index + 1;
    } else {
        txn->meta.subjects += opened_by(writing->act);
    }
    status = put_record(txn, writing, fault);

    if (status == STATUS_OK && writing->act != NULL) {
        status = put_act(txn, writing, fault);
    }
    if (status == STATUS_OK) {
        txn->meta.size++;
        txn->ledger->warm.logged_s = writing->record->logged_s;
        txn->changed = true;
    }
    return status;
}
