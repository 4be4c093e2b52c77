/* SPDX-License-Identifier: Apache-2.0 */
/*
 * restore: ledger_append and the heads of a checkpoint, with the logged time of the lost record; then the bytes are compared.
 */
#include "ledger/restore.h"

#include <assert.h>
#include <stdlib.h>

#include "ledger/append.h"
#include "ledger/station.h"
#include "ledger/tree.h"

enum status restore_begin(struct ledger_txn *txn, struct fault *fault)
{
    struct hash holder;
    uint64_t since_s;
    enum status status = append_reservation(txn, &holder, &since_s, fault);

    assert(txn->write && txn->ledger->recovering);
    if (status == STATUS_OK) {
        return append_drop_reservation(txn, fault);
    }
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* The same sentence with the record's number in front. */
static enum status of_record(uint64_t index, enum status status, const struct fault *inner, struct fault *fault)
{
    return fault_set(fault, status, index, "record %llu: %.450s", (unsigned long long)index, inner->text);
}

static enum status not_ours(struct ledger_txn *txn, uint64_t index, const char *why, struct fault *fault)
{
    txn->failed = true;
    return fault_set(fault, STATUS_UNTRUSTED, index, "record %llu: %s", (unsigned long long)index, why);
}

static enum status check_place(struct ledger_txn *txn, const struct record *record, struct fault *fault)
{
    struct hash prev;
    enum status status;

    if (record->index != txn->meta.size || !record->has_prev) {
        return not_ours(txn, record->index, "it is not the one that is missing next", fault);
    }
    status = tree_node(txn, 0, record->index - 1, &prev, fault);
    if (status == STATUS_OK && !hash_equal(&prev, &record->prev)) {
        return not_ours(txn, record->index, "it follows another record than the one before it here: it is of another history", fault);
    }
    return status;
}

/* What was just written stands in ledger->record. */
static enum status compare(struct ledger_txn *txn, const struct record *record, struct fault *fault)
{
    if (view_equal(txn->ledger->record->bytes, record->bytes)) {
        return STATUS_OK;
    }
    return not_ours(txn, record->index,
                    record->type == RECORD_HEADS ? "its heads are not those of the records before it here"
                                                 : "its links are not those that its act has here",
                    fault);
}

enum status restore_record(struct ledger_txn *txn, const struct record *record, const struct submission *details,
                           const struct attached_lines *lines, struct fault *fault)
{
    struct submission submission = *details;
    struct fault inner = {0};
    uint64_t index;
    enum status status;

    assert(txn->write && txn->ledger->recovering);
    if (txn->failed) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a record of this transaction was refused: abort it first");
    }
    status = check_place(txn, record, fault);
    if (status != STATUS_OK) {
        return status;
    }
    if (record->type == RECORD_HEADS) {
        status = append_heads(txn, record->logged_s, &inner);
        txn->failed = status != STATUS_OK;
    } else {
        submission.act = record->act;
        txn->lines = lines;
        status = ledger_append(txn, &submission, record->logged_s, NULL, &index, &inner);
        txn->lines = NULL;
    }
    return status == STATUS_OK ? compare(txn, record, fault) : of_record(record->index, status, &inner, fault);
}

enum status restore_heads(struct ledger_txn *txn, const struct hash *hash, const struct hash *root, uint64_t before_s, bool *found,
                          struct fault *fault)
{
    const struct append_lost lost = {.hash = hash, .root = root, .before_s = before_s};
    enum status status;

    assert(txn->write && txn->ledger->recovering);
    *found = false;
    status = txn->failed ? fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a record of this transaction was refused: abort it first")
                         : append_lost_heads(txn, &lost, found, fault);
    txn->failed = txn->failed || !*found;
    return status;
}

/* ---- checkpoints ----------------------------------------------------------------------------- */

static enum status check_note(struct ledger_txn *txn, const struct checkpoint *checkpoint, struct fault *fault)
{
    struct ledger *ledger = txn->ledger;
    unsigned long long size = checkpoint->size;
    const struct subject *subject;
    const uint8_t *station;
    struct hash root;
    enum status status;

    if (!view_equal(checkpoint->origin, view_text(ledger->origin))) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the checkpoint of %llu records is another ledger's", size);
    }
    status = ledger_root(txn, checkpoint->size, &root, fault);
    if (status == STATUS_OK && (checkpoint->size == 0 || !hash_equal(&root, &checkpoint->root))) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the checkpoint of %llu records has another root than the records here", size);
    }
    if (status == STATUS_OK) {
        status = record_at(txn, checkpoint->size - 1, ledger->earlier, fault);
    }
    if (status == STATUS_OK && ledger->earlier->type != RECORD_HEADS) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the checkpoint of %llu records does not stand behind a heads record", size);
    }
    if (status != STATUS_OK) {
        return status;
    }
    subject = ledger_subject(txn, 0, fault);
    station = subject == NULL || subject->ledger == NULL ? NULL : station_key_at(subject->ledger, checkpoint->size);
    if (station == NULL || !station_signed(ledger->hasher, checkpoint, station)) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                         "the checkpoint of %llu records is not signed by the station key that was in force then", size);
    }
    return STATUS_OK;
}

enum status restore_note(struct ledger_txn *txn, struct view note, bool *added, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct key key;
    struct view there;
    enum status status;

    assert(txn->write && txn->ledger->recovering);
    *added = false;
    status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                : checkpoint_parse(note, checkpoint, fault);
    if (status == STATUS_OK) {
        status = check_note(txn, checkpoint, fault);
    }
    if (status == STATUS_OK) {
        key = keys_number(TABLE_CHECKPOINT, checkpoint->size);
        status = store_get(txn->store, keys_view(&key), &there, fault);
        if (status == STATUS_MISSING) {
            status = append_note(txn, checkpoint->size, note, fault);
            *added = status == STATUS_OK;
        }
    }
    free(checkpoint);
    return status;
}
