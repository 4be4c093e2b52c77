/* SPDX-License-Identifier: Apache-2.0 */
/*
 * append: one act becomes a record, when a verifier would accept it. Everything is checked before anything is written.
 */
#include "ledger/append.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/attached.h"
#include "ledger/erasures.h"
#include "ledger/source.h"
#include "ledger/tree.h"

/* A contradiction that a verifier would find. */
static enum status stop_fault(const struct stop *stop, struct fault *fault)
{
    enum status status = STATUS_REFUSED;

    if (strcmp(stop->code, "memory") == 0) {
        status = STATUS_MEMORY;
    } else if (strcmp(stop->code, "libraries") == 0) {
        status = STATUS_ENVIRONMENT;
    } else if (strcmp(stop->code, "signature") == 0) {
        status = STATUS_UNTRUSTED;
    } else if (strncmp(stop->code, "malformed", strlen("malformed")) == 0) {
        status = STATUS_DAMAGED;
    }
    return fault_set(fault, status, FAULT_NOWHERE, "%s: %s", stop->code, stop->text);
}

static enum status make_record(struct append *append, uint64_t logged_s, struct fault *fault)
{
    struct ledger_txn *txn = append->txn;
    struct ledger *ledger = txn->ledger;
    struct record *record = append->record;
    struct world *world = txn_world(txn, fault);

    if (world == NULL) {
        return STATUS_MEMORY;
    }
    record->type = RECORD_ACT;
    record->index = txn->meta.size;
    record->has_prev = txn->meta.size > 0;
    record->logged_s = logged_s;
    record->act = append->submission->act;
    record->link_count = append->act->entry_count;
    if (record->has_prev) {
        enum status status = tree_node(txn, 0, record->index - 1, &record->prev, fault);

        if (status != STATUS_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < record->link_count; i++) {
        struct link *link = &record->links[i];
        const struct subject *subject = world_find(world, append->act->entries[i].subject);

        link->subject = append->act->entries[i].subject;
        link->has_before = subject != NULL;
        link->number = subject == NULL ? 1 : subject->count + 1;
        link->before = subject == NULL ? 0 : subject->last;
    }
    buffer_reset(&ledger->bytes);
    record_encode(record, &ledger->bytes);
    if (ledger->bytes.len > RECORD_BYTES_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the record would have %zu bytes, more than %d", ledger->bytes.len,
                         RECORD_BYTES_MAX);
    }
    record->bytes = buffer_view(&ledger->bytes);
    hash_leaf(ledger->hasher, record->bytes, &append->record_hash);
    return buffer_status(&ledger->bytes, fault) == STATUS_OK ? world_status(world, fault) : STATUS_MEMORY;
}

/* The world may not have loaded the person who had a key that is given now. */
static enum status note_keys(const struct append *append, struct world *world, struct fault *fault)
{
    for (size_t i = 0; i < append->act->entry_count; i++) {
        const struct facts *facts = &append->act->entries[i].facts;
        struct hash kid;
        struct key key;
        struct view value;
        uint64_t person;
        enum status status;

        if ((facts->present & BIT(FACT_KEY)) == 0) {
            continue;
        }
        public_key_id(append->txn->ledger->hasher, &facts->key, &kid);
        key = keys_hash(TABLE_KID, &kid, HASH_BYTES);
        status = store_get(append->txn->store, keys_view(&key), &value, fault);
        if (status == STATUS_MISSING) {
            continue;
        }
        if (status != STATUS_OK) {
            return status;
        }
        if (!keys_only(value, &person)) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: the owner of a key");
        }
        if (!world_note_key(world, &kid, person)) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
    }
    return STATUS_OK;
}

/* Signers, keys, offices and custody, by verify's own code; then the act's effect. */
static enum status replay_act(struct append *append, const struct ledger_listener *listener, struct fault *fault)
{
    struct ledger_txn *txn = append->txn;
    struct ledger *ledger = txn->ledger;
    struct world *world = txn_world(txn, fault);
    struct rules_source source = source_over(txn);
    struct replay replay = {.world = world, .hasher = ledger->hasher, .source = &source, .scratch = ledger->other,
                            .rigour = SIGNATURE_FAST};
    const struct public_key *keys[ACT_SIGNERS_MAX];
    struct stop stop = {0};
    enum status status = note_keys(append, world, fault);

    if (status != STATUS_OK) {
        return status;
    }
    memcpy(replay.code, ledger->identity.code, sizeof replay.code);
    authority_check(&replay, append->record, append->act, keys, txn->deferred ? NULL : &ledger->signature, &stop);
    status = world_status(world, fault);
    if (status != STATUS_OK || stop.status != 0) {
        return status != STATUS_OK ? status : stop_fault(&stop, fault);
    }
    if (txn->deferred) {
        signatures_add(ledger->signatures, append->record->index, append->act, keys);
    }
    txn->listener = listener;
    txn->breached = false;
    rules_replay(&replay, append->record, append->act, &stop);
    source_pass_over(txn, append->record, append->act, &stop);
    txn->listener = NULL;
    status = world_status(world, fault);
    if (status != STATUS_OK || stop.status != 0) {
        return status != STATUS_OK ? status : stop_fault(&stop, fault);
    }
    if (txn->breached && (append->act->present & BIT(PAY_DEVIATION)) == 0 && !ledger->mirror) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s", txn->breach);
    }
    return authority_apply(&replay, append->record, &append->record_hash, append->act, NULL, NULL, fault);
}

/* Sheets, disclosures and attachments; hashes stay in append->attached. */
static enum status check_attached(struct append *append, struct hash *memory, bool *used, struct fault *fault)
{
    const struct submission *submission = append->submission;
    struct hasher *hasher = append->txn->ledger->hasher;
    struct attached_reference references[ATTACHED_REFERENCES_MAX];
    struct attached_act described;

    append->attached = (struct attached){.sheets = submission->sheets,
                                         .sheet_count = submission->sheet_count,
                                         .disclosures = submission->disclosures,
                                         .disclosure_count = submission->disclosure_count,
                                         .attachments = submission->attachments,
                                         .attachment_used = used,
                                         .attachment_count = submission->attachment_count};
    attached_hash(hasher, &append->attached, memory);
    append->txn->sheet_hashes = append->attached.sheet_hashes;
    append->keeps_orphan = append->act->kind == KIND_LODGE && (append->act->present & BIT(PAY_ANSWERS)) != 0 &&
                           source_find_orphan(hasher, submission->disclosures, submission->disclosure_count,
                                              &append->act->answers, append->txn->ledger->other);
    attached_describe(append->act, references, &described);
    return attached_check(&append->attached, &described, NULL, append->txn->lines, fault);
}

static enum status check_all(struct append *append, uint64_t logged_s, const struct ledger_listener *listener,
                             struct hash *memory, bool *used, struct fault *fault)
{
    enum status status = act_decode(append->submission->act, append->act, fault);

    if (status == STATUS_OK) {
        status = append_check_identity(append, fault);
    }
    if (status == STATUS_OK) {
        status = append_check_time(append->txn, logged_s, append->act, fault);
    }
    if (status == STATUS_OK) {
        status = append_check_numbers(append, fault);
    }
    if (status == STATUS_OK) {
        status = append_check_seen(append, fault);
    }
    if (status == STATUS_OK) {
        status = append_check_amends(append, fault);
    }
    if (status == STATUS_OK) {
        status = check_attached(append, memory, used, fault);
    }
    if (status == STATUS_OK) {
        status = append_check_reservation(append, logged_s, fault);
    }
    if (status == STATUS_OK) {
        status = make_record(append, logged_s, fault);
    }
    return status == STATUS_OK ? replay_act(append, listener, fault) : status;
}

enum status ledger_append(struct ledger_txn *txn, const struct submission *submission, uint64_t logged_s,
                          const struct ledger_listener *listener, uint64_t *index, struct fault *fault)
{
    struct ledger *ledger = txn->ledger;
    struct append append = {.txn = txn, .submission = submission, .act = ledger->act, .record = ledger->record};
    size_t hashes = submission->sheet_count + submission->disclosure_count + submission->attachment_count;
    struct hash *memory = NULL;
    bool *used = NULL;
    enum status status = STATUS_OK;

    assert(txn->write);
    if (txn->failed) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "an act of this transaction was refused: abort it first");
    }
    if (ledger->recovering && txn->lines == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the ledger was opened to take lost records back: nothing new is recorded");
    }
    memory = malloc((hashes + 1) * sizeof *memory);
    used = calloc(submission->attachment_count + 1, sizeof *used);
    if (memory == NULL || used == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        goto done;
    }
    txn->submission = submission;
    status = check_all(&append, logged_s, listener, memory, used, fault);
    txn->submission = NULL;
    txn->sheet_hashes = NULL;
    if (status == STATUS_OK) {
        *index = append.record->index;
        status = append_write(txn, &(struct append_writing){.submission = submission, .record = append.record, .act = append.act,
                                                            .act_id = &append.id, .record_hash = &append.record_hash,
                                                            .attachment_hashes = append.attached.attachment_hashes,
                                                            .keeps_orphan = append.keeps_orphan},
                              fault);
    }
    if (status == STATUS_OK && append.act->kind == KIND_ERASE) {
        status = erasures_apply(txn, *index, append.act, fault);
    }
done:
    txn->changed = true;
    txn->failed = status != STATUS_OK;
    free(memory);
    free(used);
    return status;
}
