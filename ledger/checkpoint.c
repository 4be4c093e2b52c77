/* SPDX-License-Identifier: Apache-2.0 */
/*
 * checkpoint: heads record, commit; then what is new is read again and recomputed, the head remembered, and only then signed.
 * A crash between leaves a heads record without a signature, which the next checkpoint signs.
 */
#include "ledger/append.h"
#include "ledger/files.h"
#include "ledger/head_file.h"
#include "ledger/heads.h"
#include "ledger/secret.h"
#include "ledger/station.h"
#include "ledger/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNED_NOTE = 1 }; /* key type of the station: Ed25519 over the text */

/* The first transaction. Nothing is written where the last record is a heads record already. */
static enum status close_records(struct ledger *ledger, uint64_t now_s, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(ledger, true, &txn, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (txn->meta.heads != txn->meta.size) {
        status = append_heads(txn, now_s, fault);
    }
    if (status != STATUS_OK) {
        ledger_abort(txn);
        return status;
    }
    return ledger_commit(txn, fault);
}

/* ---- recomputing ----------------------------------------------------------------------------- */

/* What is recomputed from the last signed size on. */
struct recount {
    struct ledger_txn *txn;
    struct merkle_frontier frontier;
    struct heads *heads;
    struct hash prev;
    uint64_t subjects; /* at the last signed size */
};

static enum status compare_node(void *context, unsigned level, uint64_t index, const struct hash *node,
                                struct fault *fault)
{
    struct hash stored;
    enum status status = tree_node(context, level, index, &stored, fault);

    if (status == STATUS_OK && !hash_equal(&stored, node)) {
        return damaged(fault, ((index + 1) << level) - 1, "a node of the tree is not the hash of what is below it");
    }
    return status;
}

/* The last signed state: its note, its root, its heads. */
static enum status recount_from_signed(struct recount *recount, struct fault *fault)
{
    struct ledger_txn *txn = recount->txn;
    struct ledger *ledger = txn->ledger;
    uint64_t size = txn->meta.checkpoint;
    struct checkpoint *checkpoint;
    struct buffer note = {0};
    struct hash root;
    enum status status = tree_frontier(txn, size, &recount->frontier, fault);

    if (status != STATUS_OK || size == 0) {
        return status;
    }
    checkpoint = malloc(sizeof *checkpoint);
    status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                : ledger_checkpoint_at(txn, size, &note, fault);
    if (status == STATUS_OK) {
        merkle_frontier_root(ledger->hasher, &recount->frontier, &root);
        if (checkpoint_parse(buffer_view(&note), checkpoint, NULL) != STATUS_OK || checkpoint->size != size ||
            !view_equal(checkpoint->origin, view_text(ledger->origin)) || !hash_equal(&checkpoint->root, &root)) {
            status = damaged(fault, size - 1, "the tree is not that of the last checkpoint");
        }
    }
    free(checkpoint);
    buffer_free(&note);
    if (status == STATUS_OK) {
        status = record_at(txn, size - 1, ledger->earlier, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (ledger->earlier->type != RECORD_HEADS) {
        return damaged(fault, size - 1, "it is not the heads record of the last checkpoint");
    }
    hash_leaf(ledger->hasher, ledger->earlier->bytes, &recount->prev);
    recount->subjects = ledger->earlier->subjects;
    status = heads_root(recount->heads, recount->subjects, &root, fault);
    if (status == STATUS_OK && !hash_equal(&root, &ledger->earlier->root)) {
        return damaged(fault, size - 1, "the heads tree is not that of the last checkpoint");
    }
    return status;
}

static enum status recount_record(struct recount *recount, uint64_t index, struct fault *fault)
{
    struct ledger *ledger = recount->txn->ledger;
    struct record *record = ledger->earlier;
    struct hash hash;
    struct hash root;
    enum status status = record_at(recount->txn, index, record, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (record->has_prev && !hash_equal(&record->prev, &recount->prev)) {
        return damaged(fault, index, "it does not follow the record before");
    }
    hash_leaf(ledger->hasher, record->bytes, &hash);
    recount->prev = hash;
    status = merkle_append(ledger->hasher, &recount->frontier, &hash, compare_node, recount->txn, fault);
    if (status == STATUS_OK) {
        status = heads_advance(recount->heads, record, fault);
    }
    if (status != STATUS_OK || record->type != RECORD_HEADS) {
        return status;
    }
    if (record->subjects != recount->subjects + heads_opened(recount->heads)) {
        return damaged(fault, index, "its number of subjects is wrong");
    }
    status = heads_root(recount->heads, record->subjects, &root, fault);
    if (status == STATUS_OK && !hash_equal(&root, &record->root)) {
        return damaged(fault, index, "its heads are not those of the records before");
    }
    return status;
}

/* Everything between the last signed size and the last heads record, from the bytes as they are on disk. */
static enum status recompute(struct ledger_txn *txn, struct hash *root, struct fault *fault)
{
    struct recount recount = {.txn = txn};
    enum status status = heads_open(txn, txn->meta.checkpoint, txn->meta.heads, &recount.heads, fault);

    if (status == STATUS_OK) {
        status = recount_from_signed(&recount, fault);
    }
    for (uint64_t index = txn->meta.checkpoint; index < txn->meta.heads && status == STATUS_OK; index++) {
        status = recount_record(&recount, index, fault);
    }
    if (status == STATUS_OK && txn->ledger->earlier->type != RECORD_HEADS) {
        status = damaged(fault, txn->meta.heads - 1, "it is not a heads record");
    }
    if (status == STATUS_OK) {
        merkle_frontier_root(txn->ledger->hasher, &recount.frontier, root);
    }
    heads_close(recount.heads);
    return status;
}

/* ---- signing --------------------------------------------------------------------------------- */

/* The key in station.key, which must be the one in force for a checkpoint of that size. */
static enum status load_station(struct ledger_txn *txn, uint64_t size, struct secret **out, struct fault *fault)
{
    const struct subject *subject = ledger_subject(txn, 0, fault);
    const uint8_t *in_force = subject == NULL ? NULL : station_key_at(subject->ledger, size);
    char *path = files_path(txn->ledger->dir, "station.key");
    enum status status;

    if (in_force == NULL || path == NULL) {
        free(path);
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store says no station key");
    }
    status = secret_load(path, view_of(NULL, 0), out, fault);
    if (status == STATUS_OK && (secret_public(*out)->algorithm != KEY_ED25519 ||
                                memcmp(secret_public(*out)->bytes, in_force, ED25519_BYTES) != 0)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is not the station key in force", path);
        secret_close(*out);
        *out = NULL;
    }
    free(path);
    return status;
}

/* The signature is asked for once more, by verify's own check, before anyone sees it. */
static enum status check_note(struct ledger *ledger, const struct public_key *station, struct view note,
                              struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    enum status status = STATUS_OK;

    if (checkpoint == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = checkpoint_parse(note, checkpoint, fault);
    if (status == STATUS_OK && !station_signed(ledger->hasher, checkpoint, station->bytes)) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the station's own signature does not hold");
    }
    free(checkpoint);
    return status;
}

static enum status sign_note(struct ledger_txn *txn, const struct head *head, struct buffer *note,
                             struct fault *fault)
{
    struct ledger *ledger = txn->ledger;
    struct view origin = view_text(ledger->origin);
    struct secret *station = NULL;
    uint8_t signature[SIGNATURE_BYTES];
    uint8_t id[4];
    enum status status = load_station(txn, head->size, &station, fault);

    if (status != STATUS_OK) {
        return status;
    }
    checkpoint_text(origin, head->size, &head->root, note);
    status = buffer_status(note, fault);
    if (status == STATUS_OK) {
        status = secret_sign(station, buffer_view(note), signature, fault);
    }
    if (status == STATUS_OK) {
        verifier_key_id(ledger->hasher, origin, SIGNED_NOTE, secret_public(station)->bytes, id);
        buffer_append_byte(note, '\n');
        note_signature_line(origin, id, view_of(signature, sizeof signature), note);
        status = buffer_status(note, fault);
    }
    if (status == STATUS_OK) {
        status = check_note(ledger, secret_public(station), buffer_view(note), fault);
    }
    secret_close(station);
    return status;
}

enum status append_note(struct ledger_txn *txn, uint64_t size, struct view note, struct fault *fault)
{
    struct key key = keys_number(TABLE_CHECKPOINT, size);
    struct key latest = keys_table(TABLE_CHECKPOINT);
    struct buffer *entry = &txn->ledger->entry;
    enum status status = store_insert(txn->store, keys_view(&key), note, fault);

    if (status != STATUS_OK) {
        return status;
    }
    txn->meta.checkpoint = size > txn->meta.checkpoint ? size : txn->meta.checkpoint;
    txn->meta.checkpoints++;
    txn->changed = true;
    buffer_reset(entry);
    keys_append(entry, txn->meta.checkpoint);
    keys_append(entry, txn->meta.checkpoints);
    return store_put(txn->store, keys_view(&latest), buffer_view(entry), fault);
}

/*
 * The second transaction. Its write lock keeps two stations' programs from remembering an older head after a newer one. Records that were
 * appended since the heads record wait for the next checkpoint.
 */
static enum status sign_heads(struct ledger_txn *txn, struct buffer *note, struct fault *fault)
{
    struct head head = {.size = txn->meta.heads};
    enum status status = head_compare(txn, fault);

    if (status == STATUS_OK) {
        status = recompute(txn, &head.root, fault);
    }
    if (status == STATUS_OK) {
        status = head_write(txn->ledger, &head, fault);
    }
    if (status == STATUS_OK) {
        status = sign_note(txn, &head, note, fault);
    }
    return status == STATUS_OK ? append_note(txn, head.size, buffer_view(note), fault) : status;
}

enum status ledger_checkpoint(struct ledger *ledger, uint64_t now_s, struct buffer *note, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    struct buffer made = {0};
    enum status status;

    if (ledger->recovering) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the ledger was opened to take lost records back: nothing is signed");
    }
    status = close_records(ledger, now_s, fault);

    if (status == STATUS_OK) {
        status = ledger_begin(ledger, true, &txn, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (txn->meta.checkpoint == txn->meta.heads) {
        status = ledger_latest_checkpoint(txn, &made, fault);
    } else {
        status = sign_heads(txn, &made, fault);
    }
    if (status == STATUS_OK) {
        status = ledger_commit(txn, fault);
    } else {
        ledger_abort(txn);
    }
    if (status == STATUS_OK) {
        buffer_append_view(note, buffer_view(&made));
        status = buffer_status(note, fault);
    }
    buffer_free(&made);
    return status;
}

enum status ledger_checkpoint_at(struct ledger_txn *txn, uint64_t size, struct buffer *note, struct fault *fault)
{
    struct key key = keys_number(TABLE_CHECKPOINT, size);
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    if (status == STATUS_MISSING) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no checkpoint of %llu records was signed",
                         (unsigned long long)size);
    }
    if (status == STATUS_OK) {
        buffer_append_view(note, value);
        status = buffer_status(note, fault);
    }
    return status;
}

enum status ledger_latest_checkpoint(struct ledger_txn *txn, struct buffer *note, struct fault *fault)
{
    if (txn->meta.checkpoint == 0) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no checkpoint was signed yet");
    }
    return ledger_checkpoint_at(txn, txn->meta.checkpoint, note, fault);
}
