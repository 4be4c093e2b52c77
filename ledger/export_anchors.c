/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export_anchors: older checkpoints that travel with a bundle, and the policy by which a court checks it.
 */
#include "ledger/export_inside.h"

#include <stdlib.h>

#include "verify/text.h"

enum { ANCHORS_MAX = 256 };

/* All checkpoints below n, ascending. */
static enum status list_checkpoints(struct export *export, struct numbers *sizes, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_CHECKPOINT);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    enum status status = store_walk(export->txn->store, keys_view(&prefix), NULL, &cursor, fault);

    while (status == STATUS_OK) {
        uint64_t size = 0;

        status = store_next(cursor, &key, &value, fault);
        if (status == STATUS_OK && key.len == prefix.len) {
            continue; /* the count */
        }
        if (status == STATUS_OK && !keys_only(view_part(key, 1, key.len - 1), &size)) {
            status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: the size of a checkpoint");
        }
        if (status == STATUS_OK && size < export->size && !numbers_add(sizes, size)) {
            status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
    }
    store_walk_end(cursor);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* First the size that the reader has, then the earliest that covers each record of the bundle, then the most recent. */
static void choose(const struct export *export, const struct numbers *sizes, bool *chosen)
{
    size_t left = sizes->count < ANCHORS_MAX ? sizes->count : ANCHORS_MAX;
    size_t at = 0;

    for (size_t i = 0; i < sizes->count && left > 0; i++) {
        if (sizes->items[i] == export->request->since_size) {
            chosen[i] = true;
            left--;
        }
    }
    for (size_t i = 0; i < export->records.count && left > 0; i++) {
        while (at < sizes->count && sizes->items[at] <= export->records.items[i]) {
            at++;
        }
        if (at < sizes->count && !chosen[at]) {
            chosen[at] = true;
            left--;
        }
    }
    for (size_t i = sizes->count; i-- > 0 && left > 0;) {
        if (!chosen[i]) {
            chosen[i] = true;
            left--;
        }
    }
}

static enum status put_anchor(struct export *export, uint64_t size, struct fault *fault)
{
    struct buffer note = {0};
    struct merkle_path path;
    enum status status = ledger_checkpoint_at(export->txn, size, &note, fault);

    if (status == STATUS_OK) {
        status = merkle_prove_consistency(&export->tree, size, export->size, &path, fault);
    }
    if (status == STATUS_OK) {
        bundle_put_anchor(export->writer, buffer_view(&note), NULL, 0, &path);
    }
    buffer_free(&note);
    return status;
}

/* The checkpoint that the reader has must be one of ours. */
static enum status check_since(const struct export *export, const struct numbers *sizes, struct fault *fault)
{
    uint64_t since = export->request->since_size;

    if (since == 0 || since == export->size) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizes->count; i++) {
        if (sizes->items[i] == since) {
            return STATUS_OK;
        }
    }
    return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no checkpoint of %llu records was signed before the latest",
                     (unsigned long long)since);
}

enum status export_anchors(struct export *export, struct fault *fault)
{
    struct numbers sizes = {0};
    bool *chosen = NULL;
    enum status status = list_checkpoints(export, &sizes, fault);

    if (status == STATUS_OK) {
        status = check_since(export, &sizes, fault);
    }
    if (status == STATUS_OK) {
        chosen = calloc(sizes.count + 1, sizeof *chosen);
        if (chosen == NULL) {
            status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        } else {
            choose(export, &sizes, chosen);
        }
    }
    for (size_t i = 0; i < sizes.count && status == STATUS_OK; i++) {
        if (chosen[i]) {
            status = put_anchor(export, sizes.items[i], fault);
        }
    }
    free(chosen);
    free(sizes.items);
    return status;
}

/* ---- policy ---------------------------------------------------------------------------------- */

enum status export_policy(struct ledger *ledger, struct buffer *out, struct fault *fault)
{
    struct view origin = view_text(ledger->origin);
    struct ledger_txn *txn = NULL;
    const struct subject *subject = NULL;
    const uint8_t *key = NULL;
    enum status status = ledger_begin(ledger, false, &txn, fault);

    if (status != STATUS_OK) {
        return status;
    }
    subject = ledger_subject(txn, 0, fault);
    if (subject != NULL && subject->ledger != NULL) {
        /* The key that signed what is exported now. */
        key = station_key_at(subject->ledger, txn->meta.checkpoint != 0 ? txn->meta.checkpoint : txn->meta.size);
    }
    if (key == NULL) {
        status = fault_set(fault, STATUS_DAMAGED, 0, "the store says no station key");
    } else {
        buffer_printf(out, "# Whose signed checkpoints are trusted: the ledger %s\n# Ledger-id (SHA-256) ", ledger->identity.code);
        text_hex(out, hash_view(&ledger->identity.id));
        buffer_printf(out, "%s\n", ledger->identity.training ? ", for TRAINING only" : "");
        buffer_printf(out, "# Compare both with a copy that you have from another source.\nlog ");
        verifier_key_format(ledger->hasher, origin, 1, key, out);
        buffer_printf(out, "\nquorum none\n");
        status = buffer_status(out, fault);
    }
    ledger_abort(txn);
    return status;
}
