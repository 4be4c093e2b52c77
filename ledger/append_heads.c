/* SPDX-License-Identifier: Apache-2.0 */
/*
 * append_heads: the heads record of all records so far (SPEC 3.5): made, or found again when it was lost. All that it says follows from the records
 * before it, but the second in which it was logged.
 */
#include "ledger/append.h"
#include "ledger/heads.h"
#include "ledger/tree.h"

/* The root of the heads of all records, with the changed nodes written. */
static enum status renew_heads(struct ledger_txn *txn, struct hash *root, struct fault *fault)
{
    struct record *record = txn->ledger->earlier;
    struct heads *heads = NULL;
    enum status status = heads_open(txn, txn->meta.heads, txn->meta.size, &heads, fault);

    for (uint64_t index = txn->meta.heads; index < txn->meta.size && status == STATUS_OK; index++) {
        status = record_at(txn, index, record, fault);
        if (status == STATUS_OK) {
            status = heads_advance(heads, record, fault);
        }
    }
    if (status == STATUS_OK) {
        status = heads_root(heads, txn->meta.subjects, root, fault);
    }
    if (status == STATUS_OK) {
        status = heads_store(heads, txn->meta.subjects, fault);
    }
    heads_close(heads);
    return status;
}

/* Everything but the logged time, in ledger->record. */
static enum status compose(struct ledger_txn *txn, struct fault *fault)
{
    struct record *record = txn->ledger->record;
    enum status status = renew_heads(txn, &record->root, fault);

    if (status == STATUS_OK) {
        status = tree_node(txn, 0, txn->meta.size - 1, &record->prev, fault);
    }
    record->type = RECORD_HEADS;
    record->index = txn->meta.size;
    record->has_prev = true;
    record->link_count = 0;
    record->subjects = txn->meta.subjects;
    return status;
}

static void encode(struct ledger *ledger, uint64_t logged_s, struct hash *hash)
{
    struct record *record = ledger->record;

    record->logged_s = logged_s;
    buffer_reset(&ledger->bytes);
    record_encode(record, &ledger->bytes);
    record->bytes = buffer_view(&ledger->bytes);
    hash_leaf(ledger->hasher, record->bytes, hash);
}

static enum status write_heads(struct ledger_txn *txn, const struct hash *hash, struct fault *fault)
{
    struct append_writing writing = {.record = txn->ledger->record, .record_hash = hash};
    enum status status = buffer_status(&txn->ledger->bytes, fault);

    return status == STATUS_OK ? append_write(txn, &writing, fault) : status;
}

enum status append_heads(struct ledger_txn *txn, uint64_t now_s, struct fault *fault)
{
    struct hash hash;
    enum status status = append_check_time(txn, now_s, NULL, fault);

    if (status == STATUS_OK) {
        status = compose(txn, fault);
    }
    if (status == STATUS_OK) {
        encode(txn->ledger, now_s, &hash);
        status = write_heads(txn, &hash, fault);
    }
    return status;
}

/* Is it the one that was lost? */
static enum status fits(struct ledger_txn *txn, const struct append_lost *lost, const struct hash *hash, bool *out, struct fault *fault)
{
    struct merkle_frontier frontier = txn->ledger->warm.frontier;
    struct hash root;
    enum status status = STATUS_OK;

    *out = lost->hash != NULL && hash_equal(lost->hash, hash);
    if (lost->hash == NULL) {
        status = merkle_append(txn->ledger->hasher, &frontier, hash, NULL, NULL, fault);
        merkle_frontier_root(txn->ledger->hasher, &frontier, &root);
        *out = status == STATUS_OK && hash_equal(lost->root, &root);
    }
    return status;
}

enum status append_lost_heads(struct ledger_txn *txn, const struct append_lost *lost, bool *found, struct fault *fault)
{
    uint64_t logged_s = txn->ledger->warm.logged_s;
    uint64_t last_s = logged_s + APPEND_LEAP_MAX_S < lost->before_s ? logged_s + APPEND_LEAP_MAX_S : lost->before_s;
    struct hash hash;
    enum status status = compose(txn, fault);

    *found = false;
    for (; status == STATUS_OK && !*found && logged_s <= last_s; logged_s++) {
        encode(txn->ledger, logged_s, &hash);
        status = fits(txn, lost, &hash, found, fault);
    }
    return status == STATUS_OK && *found ? write_heads(txn, &hash, fault) : status;
}
