/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fsck_work: what can be checked of one record without the ones before it. Each worker has its own hasher, scratch and snapshot.
 */
#include "ledger/fsck_inside.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/tree.h"

/* Peaks that were read last, by level: the next tree of nearly that size has nearly the same. */
struct peaks {
    bool known[64];
    uint64_t index[64];
    struct hash hash[64];
};

struct fsck_worker {
    struct fsck *fsck;
    struct hasher *hasher;
    struct ledger_txn *txn;
    struct checkpoint *checkpoint;
    struct buffer bytes;
    struct hash *hashes;
    size_t hash_count, hash_cap;
    struct peaks peaks;
    uint64_t seen_size;
    struct hash seen_root;
    /* Added to the whole after each batch. */
    struct fingerprint acts;
    uint64_t signatures, details, erased, unfinished, absent;
    uint64_t index; /* of the record whose details are checked */
};

enum status fsck_worker_open(struct fsck *fsck, struct fsck_worker **out, struct fault *fault)
{
    struct fsck_worker *worker = calloc(1, sizeof *worker);
    enum status status = STATUS_MEMORY;

    if (worker != NULL) {
        worker->fsck = fsck;
        worker->checkpoint = malloc(sizeof *worker->checkpoint);
        status = worker->checkpoint == NULL ? STATUS_MEMORY : STATUS_OK;
    }
    if (status == STATUS_MEMORY) {
        fsck_worker_close(worker);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = hasher_open(&worker->hasher, fault);
    if (status == STATUS_OK) {
        status = ledger_begin(fsck->ledger, false, &worker->txn, fault);
    }
    if (status != STATUS_OK) {
        fsck_worker_close(worker);
        return status;
    }
    *out = worker;
    return STATUS_OK;
}

void fsck_worker_close(struct fsck_worker *worker)
{
    if (worker == NULL) {
        return;
    }
    ledger_abort(worker->txn);
    hasher_close(worker->hasher);
    free(worker->checkpoint);
    buffer_free(&worker->bytes);
    free(worker->hashes);
    free(worker);
}

static void damage(struct fsck_worker *worker, uint64_t index, const char *code, const char *what)
{
    struct stop stop = {0};

    stop_set(&stop, 1, code, index, NOTHING, "record %llu: %s", (unsigned long long)index, what);
    fsck_contradiction(worker->fsck, &stop);
}

/* ---- seen ------------------------------------------------------------------------------------ */

static enum status read_peak(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    struct fsck_worker *worker = context;
    struct peaks *peaks = &worker->peaks;
    enum status status = STATUS_OK;

    if (!peaks->known[level] || peaks->index[level] != index) {
        status = tree_node(worker->txn, level, index, &peaks->hash[level], fault);
        peaks->known[level] = status == STATUS_OK;
        peaks->index[level] = index;
    }
    *out = peaks->hash[level];
    return status;
}

static void check_seen(struct fsck_worker *worker, const struct fsck_item *item)
{
    struct merkle_source source = {.read = read_peak, .context = worker, .hasher = worker->hasher};

    if (item->seen_size == 0) {
        return;
    }
    if (item->seen_size != worker->seen_size) {
        worker->seen_size = 0;
        if (merkle_root(&source, item->seen_size, &worker->seen_root, NULL) != STATUS_OK) {
            damage(worker, item->index, "seen", "the tree that its signers had seen cannot be read");
            return;
        }
        worker->seen_size = item->seen_size;
    }
    if (!hash_equal(&worker->seen_root, &item->seen_root)) {
        damage(worker, item->index, "seen", "its signers had seen another history");
    }
}

/* ---- details --------------------------------------------------------------------------------- */

/* A file that a detail names: its bytes are checked where the attachments are walked. */
static enum status note_file(void *context, const struct attachment *file, struct fault *fault)
{
    struct fsck_worker *worker = context;
    struct fsck *fsck = worker->fsck;
    struct key key = keys_hash(TABLE_ATTACHMENT, &file->hash, HASH_BYTES);
    struct view bytes;
    uint64_t name;
    bool room;
    enum status status = store_get(worker->txn->store, keys_view(&key), &bytes, fault);

    if (status == STATUS_MISSING) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (bytes.len != file->length_bytes) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "an attachment has another length than its detail says");
    }
    (void)crypto_shorthash((unsigned char *)&name, file->hash.bytes, HASH_BYTES, fsck->key);
    (void)pthread_mutex_lock(&fsck->queue.lock);
    room = fsck_room((void **)&fsck->files, fsck->file_count, &fsck->file_cap, sizeof *fsck->files);
    if (room) {
        fsck->files[fsck->file_count++] = name;
    }
    (void)pthread_mutex_unlock(&fsck->queue.lock);
    return room ? STATUS_OK : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* A detail may be missing where an erasure covers it, and should then. Whether an order does is asked at the end: it may be a later record. */
static bool note_line(void *context, uint64_t subject, const struct sheet_line *line, bool there)
{
    struct fsck_worker *worker = context;
    bool erased = extents_erased(&worker->fsck->erasures, worker->index, subject, line->name) != NOTHING;

    worker->erased += erased && !there ? 1u : 0u;
    worker->unfinished += erased && there ? 1u : 0u;
    if (!there && !erased && worker->fsck->ledger->mirror) {
        worker->absent++;
    } else if (!there && !erased) {
        (void)pthread_mutex_lock(&worker->fsck->queue.lock);
        gaps_add(&worker->fsck->gaps, worker->index, subject, line);
        (void)pthread_mutex_unlock(&worker->fsck->queue.lock);
    }
    return true;
}

static void check_details(struct fsck_worker *worker, const struct fsck_batch *batch, const struct fsck_item *item)
{
    const struct view *parts = batch->parts == NULL ? NULL : batch->parts + item->part_first;
    struct attached attached = {.sheets = parts,
                                .sheet_count = item->sheet_count,
                                .disclosures = parts == NULL ? NULL : parts + item->sheet_count,
                                .disclosure_count = item->disclosure_count};
    struct attached_files files = {note_file, worker};
    struct attached_lines lines = {note_line, worker};
    struct attached_act described = item->described; /* the references may have moved since */
    struct fault fault = {0};
    enum status status;

    while (worker->hash_cap < item->sheet_count + item->disclosure_count + 1) {
        if (!fsck_room((void **)&worker->hashes, worker->hash_cap, &worker->hash_cap, sizeof *worker->hashes)) {
            (void)fault_set(&fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
            fsck_trouble(worker->fsck, STATUS_MEMORY, &fault);
            return;
        }
    }
    attached_hash(worker->hasher, &attached, worker->hashes);
    described.references = batch->references + item->reference_first;
    worker->index = item->index;
    status = attached_check(&attached, &described, &files, &lines, &fault);
    if (status == STATUS_DAMAGED) {
        damage(worker, item->index, "detail", fault.text);
    } else if (status != STATUS_OK) {
        fsck_trouble(worker->fsck, status, &fault);
    }
    worker->details += item->disclosure_count;
}

/* ---- signatures ------------------------------------------------------------------------------ */

static void check_signature(struct fsck_worker *worker, const struct fsck_signature *signature)
{
    buffer_reset(&worker->bytes);
    signed_bytes(signature->header, signature->payload, &worker->bytes);
    if (worker->bytes.failed) {
        struct fault fault = {0};

        (void)fault_set(&fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        fsck_trouble(worker->fsck, STATUS_MEMORY, &fault);
        return;
    }
    if (signature_check(&signature->key, buffer_view(&worker->bytes), signature->value, SIGNATURE_FAST) != SIGNATURE_VALID) {
        damage(worker, signature->index, "signature", "a signature does not match its signer's key");
    }
    worker->signatures++;
}

/* A line of a configured witness that does not hold would fail every bundle (SPEC V4); of others' lines nothing is known here. */
static void check_cosignatures(struct fsck_worker *worker, uint64_t index)
{
    const struct policy *witnesses = worker->fsck->witnesses;
    uint64_t time_s;

    for (size_t i = 0; witnesses != NULL && i < policy_witness_count(witnesses); i++) {
        if (checkpoint_check(worker->checkpoint, &policy_witness(witnesses, i)->key, &time_s) == NOTE_FAILED) {
            damage(worker, index, "cosignature", "a witness's cosignature on the checkpoint behind it does not hold");
        }
    }
}

static void check_note(struct fsck_worker *worker, const struct fsck_item *item)
{
    const struct fsck *fsck = worker->fsck;
    struct verifier_key key = {.name = view_text(fsck->ledger->origin), .type = 1};
    uint64_t time_s;

    key.key = (struct public_key){.algorithm = KEY_ED25519, .len = ED25519_BYTES};
    memcpy(key.key.bytes, item->station, ED25519_BYTES);
    verifier_key_id(worker->hasher, key.name, key.type, item->station, key.id);
    if (checkpoint_parse(item->note, worker->checkpoint, NULL) != STATUS_OK ||
        !view_equal(worker->checkpoint->origin, key.name) || worker->checkpoint->size != item->index + 1 ||
        !hash_equal(&worker->checkpoint->root, &item->root)) {
        damage(worker, item->index, "checkpoint", "the checkpoint behind it says another size or root");
    } else if (!fsck->options->without_signatures && checkpoint_check(worker->checkpoint, &key, &time_s) != NOTE_VALID) {
        damage(worker, item->index, "checkpoint", "the station's signature on the checkpoint behind it does not hold");
    } else if (!fsck->options->without_signatures) {
        check_cosignatures(worker, item->index);
    }
}

/* ---- items ----------------------------------------------------------------------------------- */

static void check_item(struct fsck_worker *worker, const struct fsck_batch *batch, const struct fsck_item *item)
{
    struct hash hash;

    hash_leaf(worker->hasher, item->record, &hash);
    if (memcmp(hash.bytes, item->leaf, HASH_BYTES) != 0) {
        damage(worker, item->index, "damaged", "its hash is not that in the tree");
        return;
    }
    if (item->has_note) {
        check_note(worker, item);
    }
    /* A record that replay did not accept has nothing more to check. */
    if (!item->is_act) {
        return;
    }
    act_id(worker->hasher, item->payload, &hash);
    fingerprint_add(worker->fsck, &worker->acts, hash.bytes, ACT_INDEX_BYTES, item->index);
    check_seen(worker, item);
    if (item->described.reference_count + item->sheet_count + item->disclosure_count > 0) {
        check_details(worker, batch, item);
    }
    for (size_t i = 0; i < item->signature_count; i++) {
        check_signature(worker, &batch->signatures[item->signature_first + i]);
    }
}

void *fsck_work(void *context)
{
    struct fsck_worker *worker = context;
    struct fsck *fsck = worker->fsck;

    for (;;) {
        struct fsck_batch *batch = queue_take(&fsck->queue);

        if (batch == NULL) {
            break;
        }
        for (size_t i = 0; i < batch->count; i++) {
            check_item(worker, batch, &batch->items[i]);
        }
        queue_give_back(&fsck->queue, batch);
    }
    (void)pthread_mutex_lock(&fsck->queue.lock);
    fsck->acts.count += worker->acts.count;
    fsck->acts.sum += worker->acts.sum;
    fsck->signatures += worker->signatures;
    fsck->details += worker->details;
    fsck->erased += worker->erased;
    fsck->unfinished += worker->unfinished;
    fsck->report->absent += worker->absent;
    (void)pthread_mutex_unlock(&fsck->queue.lock);
    return NULL;
}
