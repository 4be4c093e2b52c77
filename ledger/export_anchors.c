/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export_anchors: older checkpoints that travel with a bundle, and the policy by which a court checks it.
 */
#include "ledger/export_inside.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/views.h"
#include "ledger/witnesses.h"
#include "verify/text.h"

enum { ANCHORS_MAX = 256 };

/* The signed checkpoints below n, ascending. */
struct older {
    uint64_t *sizes;
    bool *proven; /* somebody else than the station says when: it is cosigned or time-stamped */
    bool *chosen;
    size_t count;
    size_t left; /* how many more may be chosen */
};

static void older_free(struct older *older)
{
    free(older->sizes);
    free(older->proven);
    free(older->chosen);
}

/* More signature lines than the station's one; each begins with an em dash. */
static bool is_cosigned(struct view note)
{
    static const char start[] = "\n\xe2\x80\x94 ";
    size_t lines = 0;

    for (size_t at = 0; at + sizeof start - 1 <= note.len; at++) {
        lines += memcmp(note.ptr + at, start, sizeof start - 1) == 0 ? 1u : 0u;
    }
    return lines > 1;
}

static enum status look(struct export *export, struct older *older, size_t i, struct fault *fault)
{
    struct view tokens[VIEWS_TOKENS_MAX];
    struct buffer note = {0};
    size_t count = 0;
    enum status status = ledger_checkpoint_at(export->txn, older->sizes[i], &note, fault);

    if (status == STATUS_OK) {
        status = views_tokens(export->txn, older->sizes[i], tokens, &count, fault);
    }
    older->proven[i] = status == STATUS_OK && (count > 0 || is_cosigned(buffer_view(&note)));
    buffer_free(&note);
    return status;
}

static enum status list(struct export *export, struct older *older, struct fault *fault)
{
    enum status status = views_sizes(export->txn, &older->sizes, &older->count, fault);

    while (status == STATUS_OK && older->count > 0 && older->sizes[older->count - 1] >= export->size) {
        older->count--;
    }
    if (status == STATUS_OK) {
        older->left = older->count < ANCHORS_MAX ? older->count : ANCHORS_MAX;
        older->proven = calloc(older->count + 1, sizeof *older->proven);
        older->chosen = calloc(older->count + 1, sizeof *older->chosen);
        if (older->proven == NULL || older->chosen == NULL) {
            status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
    }
    for (size_t i = 0; i < older->count && status == STATUS_OK; i++) {
        status = look(export, older, i, fault);
    }
    return status;
}

static void choose(struct older *older, size_t i)
{
    if (!older->chosen[i] && older->left > 0) {
        older->chosen[i] = true;
        older->left--;
    }
}

/* For each record of the bundle, the earliest that covers it and is proven; without one, the earliest at all. */
static void cover(const struct export *export, struct older *older)
{
    size_t first = 0;
    size_t proven = 0;

    for (size_t i = 0; i < export->records.count; i++) {
        while (first < older->count && older->sizes[first] <= export->records.items[i]) {
            first++;
        }
        proven = proven < first ? first : proven;
        while (proven < older->count && !older->proven[proven]) {
            proven++;
        }
        if (proven < older->count) {
            choose(older, proven);
        } else if (first < older->count) {
            choose(older, first);
        }
    }
}

/* First the size that the reader has, then those that prove times, then the most recent. */
static void choose_all(const struct export *export, struct older *older)
{
    for (size_t i = 0; i < older->count; i++) {
        if (older->sizes[i] == export->request->since_size) {
            choose(older, i);
        }
    }
    cover(export, older);
    for (size_t i = older->count; i-- > 0 && older->left > 0;) {
        choose(older, i);
    }
}

static enum status put_anchor(struct export *export, uint64_t size, struct fault *fault)
{
    struct view tokens[VIEWS_TOKENS_MAX];
    struct buffer note = {0};
    struct merkle_path path;
    size_t count = 0;
    enum status status = ledger_checkpoint_at(export->txn, size, &note, fault);

    if (status == STATUS_OK) {
        status = views_tokens(export->txn, size, tokens, &count, fault);
    }
    if (status == STATUS_OK) {
        status = merkle_prove_consistency(&export->tree, size, export->size, &path, fault);
    }
    if (status == STATUS_OK) {
        bundle_put_anchor(export->writer, buffer_view(&note), tokens, count, &path);
    }
    buffer_free(&note);
    return status;
}

/* The checkpoint that the reader has must be one of ours. */
static enum status check_since(const struct export *export, const struct older *older, struct fault *fault)
{
    uint64_t since = export->request->since_size;

    if (since == 0 || since == export->size) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < older->count; i++) {
        if (older->sizes[i] == since) {
            return STATUS_OK;
        }
    }
    return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no checkpoint of %llu records was signed before the latest",
                     (unsigned long long)since);
}

enum status export_anchors(struct export *export, struct fault *fault)
{
    struct older older = {0};
    enum status status = list(export, &older, fault);

    if (status == STATUS_OK) {
        status = check_since(export, &older, fault);
    }
    if (status == STATUS_OK) {
        choose_all(export, &older);
    }
    for (size_t i = 0; i < older.count && status == STATUS_OK; i++) {
        if (older.chosen[i]) {
            status = put_anchor(export, older.sizes[i], fault);
        }
    }
    older_free(&older);
    return status;
}

/* ---- policy ---------------------------------------------------------------------------------- */

/* The station's own witnesses, as they are configured; without any, no quorum is asked for. */
static enum status put_witnesses(struct ledger *ledger, struct buffer *out, struct fault *fault)
{
    struct policy *policy = NULL;
    struct buffer text = {0};
    struct fault inner = {0};
    enum status status = witnesses_read(ledger, &policy, &inner);

    policy_close(policy);
    if (status == STATUS_MISSING) {
        buffer_printf(out, "quorum none\n");
        return buffer_status(out, fault);
    }
    if (status == STATUS_OK) {
        status = witnesses_text(ledger, &text, &inner);
    }
    buffer_append_view(out, buffer_view(&text));
    buffer_free(&text);
    return status == STATUS_OK ? buffer_status(out, fault) : fault_set(fault, status, inner.at, "%s", inner.text);
}

enum status export_policy(struct ledger *ledger, struct buffer *out, struct fault *fault)
{
    struct view origin = view_text(ledger->origin);
    struct ledger_txn *txn = NULL;
    const struct subject *subject = NULL;
    const uint8_t *key = NULL;
    struct hash key_hash;
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
        buffer_printf(out, "# SHA-256 of the station's key, as `unbroken witness trust` shows it: ");
        hash_data(ledger->hasher, view_of(key, ED25519_BYTES), &key_hash);
        text_hex(out, hash_view(&key_hash));
        buffer_printf(out, "\n# Compare them with a copy that you have from another source.\nlog ");
        verifier_key_format(ledger->hasher, origin, 1, key, out);
        buffer_append_byte(out, '\n');
        status = put_witnesses(ledger, out, fault);
    }
    ledger_abort(txn);
    return status;
}
