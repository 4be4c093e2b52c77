/* SPDX-License-Identifier: Apache-2.0 */
/*
 * views: see the header.
 */
#include "ledger/views.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/inside.h"
#include "ledger/tree.h"

/* A stored checkpoint and its parsed form, which borrows the bytes. Zero it before use. */
struct stored {
    struct buffer bytes;
    struct checkpoint *checkpoint;
};

static void stored_free(struct stored *stored)
{
    buffer_free(&stored->bytes);
    free(stored->checkpoint);
    stored->checkpoint = NULL;
}

static enum status parse_bytes(struct stored *stored, struct fault *fault)
{
    enum status status = buffer_status(&stored->bytes, fault);

    if (status != STATUS_OK) {
        return status;
    }
    stored->checkpoint = malloc(sizeof *stored->checkpoint);
    if (stored->checkpoint == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    return checkpoint_parse(buffer_view(&stored->bytes), stored->checkpoint, fault);
}

static enum status stored_read(struct ledger_txn *txn, uint64_t size, struct stored *out, struct fault *fault)
{
    enum status status = ledger_checkpoint_at(txn, size, &out->bytes, fault);

    return status == STATUS_OK ? parse_bytes(out, fault) : status;
}

/* ---- cosignatures ---------------------------------------------------------------------------- */

/* The witness's line, as the note that was parsed has it: checkpoint_check has said that there is exactly one. */
static void append_line(const struct checkpoint *from, const struct verifier_key *key, struct buffer *out)
{
    for (size_t i = 0; i < from->signature_count; i++) {
        const struct note_signature *line = &from->signatures[i];

        if (view_equal(line->name, key->name) && memcmp(line->id, key->id, sizeof key->id) == 0) {
            note_signature_line(line->name, line->id, view_of(line->bytes, line->len), out);
        }
    }
}

/* The stored text with the new lines alone behind it: what is wrong in them spoils nothing that is stored. */
static enum status parse_given(const struct checkpoint *stored, struct view lines, struct stored *out, struct fault *fault)
{
    struct fault inner = {0};
    enum status status;

    buffer_append_view(&out->bytes, stored->text);
    buffer_append_byte(&out->bytes, '\n');
    buffer_append_view(&out->bytes, lines);
    status = parse_bytes(out, &inner);
    return status == STATUS_OK ? status : fault_set(fault, status, FAULT_NOWHERE, "they are no signature lines: %.400s", inner.text);
}

/* Is it a line of a witness of the policy whose line does not hold? */
static bool is_spoilt(const struct policy *policy, const enum note_answer *answers, const struct note_signature *line)
{
    bool spoilt = false;

    for (size_t i = 0; i < policy_witness_count(policy); i++) {
        const struct verifier_key *key = &policy_witness(policy, i)->key;

        spoilt = spoilt || (answers[i] == NOTE_FAILED && view_equal(line->name, key->name) && memcmp(line->id, key->id, sizeof key->id) == 0);
    }
    return spoilt;
}

bool views_merge(const struct policy *policy, const struct checkpoint *stored, const struct checkpoint *given, uint64_t latest_s, struct buffer *out,
                 size_t *added, bool signed_by[POLICY_WITNESSES_MAX])
{
    enum note_answer answers[POLICY_WITNESSES_MAX] = {NOTE_UNSIGNED};
    bool changed = false;
    uint64_t time_s;

    *added = 0;
    for (size_t i = 0; i < policy_witness_count(policy); i++) {
        answers[i] = checkpoint_check(stored, &policy_witness(policy, i)->key, &time_s);
        signed_by[i] = answers[i] == NOTE_VALID;
    }
    buffer_append_view(out, stored->text);
    buffer_append_byte(out, '\n');
    for (size_t i = 0; i < stored->signature_count; i++) {
        const struct note_signature *line = &stored->signatures[i];

        if (is_spoilt(policy, answers, line)) {
            changed = true;
        } else {
            note_signature_line(line->name, line->id, view_of(line->bytes, line->len), out);
        }
    }
    for (size_t i = 0; i < policy_witness_count(policy); i++) {
        const struct verifier_key *key = &policy_witness(policy, i)->key;

        if ((answers[i] == NOTE_UNSIGNED || answers[i] == NOTE_FAILED) && checkpoint_check(given, key, &time_s) == NOTE_VALID && time_s != 0 &&
            time_s <= latest_s) {
            append_line(given, key, out);
            signed_by[i] = true;
            (*added)++;
        }
    }
    return changed || *added > 0;
}

static enum status store_note(struct ledger_txn *txn, uint64_t size, struct stored *note, struct fault *fault)
{
    struct key key = keys_number(TABLE_CHECKPOINT, size);
    enum status status = buffer_status(&note->bytes, fault);

    free(note->checkpoint);
    note->checkpoint = NULL;
    if (status == STATUS_OK) {
        status = parse_bytes(note, fault);
    }
    if (status == STATUS_OK) {
        txn->changed = true;
        status = store_put(txn->store, keys_view(&key), buffer_view(&note->bytes), fault);
    }
    return status;
}

enum status views_cosign(struct ledger_txn *txn, uint64_t size, const struct policy *policy, struct view lines, uint64_t latest_s,
                         size_t *added, bool signed_by[POLICY_WITNESSES_MAX], struct fault *fault)
{
    struct stored stored = {0};
    struct stored given = {0};
    struct stored merged = {0};
    enum status status = stored_read(txn, size, &stored, fault);

    assert(txn->write);
    *added = 0;
    if (status == STATUS_OK) {
        status = parse_given(stored.checkpoint, lines, &given, fault);
    }
    if (status == STATUS_OK && views_merge(policy, stored.checkpoint, given.checkpoint, latest_s, &merged.bytes, added, signed_by)) {
        status = store_note(txn, size, &merged, fault);
    }
    stored_free(&stored);
    stored_free(&given);
    stored_free(&merged);
    return status;
}

enum status views_cosigned(struct ledger_txn *txn, uint64_t size, const struct policy *policy, bool signed_by[POLICY_WITNESSES_MAX],
                           uint64_t times[POLICY_WITNESSES_MAX], struct fault *fault)
{
    struct stored stored = {0};
    enum status status = stored_read(txn, size, &stored, fault);

    for (size_t i = 0; status == STATUS_OK && i < policy_witness_count(policy); i++) {
        uint64_t time_s;

        signed_by[i] = checkpoint_check(stored.checkpoint, &policy_witness(policy, i)->key, &time_s) == NOTE_VALID;
        if (times != NULL) {
            times[i] = signed_by[i] ? time_s : 0;
        }
    }
    stored_free(&stored);
    return status;
}

/* ---- tokens ---------------------------------------------------------------------------------- */

enum status views_tokens(struct ledger_txn *txn, uint64_t size, struct view tokens[VIEWS_TOKENS_MAX], size_t *count, struct fault *fault)
{
    struct key prefix = keys_number(TABLE_TOKEN, size);
    struct store_cursor *cursor = NULL;
    struct view key;
    enum status status = store_walk(txn->store, keys_view(&prefix), NULL, &cursor, fault);

    *count = 0;
    while (status == STATUS_OK && *count < VIEWS_TOKENS_MAX) {
        status = store_next(cursor, &key, &tokens[*count], fault);
        *count += status == STATUS_OK ? 1u : 0u;
    }
    store_walk_end(cursor);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

enum status views_add_token(struct ledger_txn *txn, uint64_t size, struct view token, struct fault *fault)
{
    struct view tokens[VIEWS_TOKENS_MAX];
    size_t count = 0;
    struct key at = keys_number(TABLE_CHECKPOINT, size);
    struct view note;
    enum status status = store_get(txn->store, keys_view(&at), &note, fault);

    assert(txn->write);
    if (status == STATUS_MISSING) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no checkpoint of %llu records was signed", (unsigned long long)size);
    }
    if (status == STATUS_OK) {
        status = views_tokens(txn, size, tokens, &count, fault);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (view_equal(tokens[i], token)) {
            return STATUS_OK;
        }
    }
    if (status == STATUS_OK && count == VIEWS_TOKENS_MAX) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the checkpoint of %llu records has %d time-stamps already",
                           (unsigned long long)size, VIEWS_TOKENS_MAX);
    }
    if (status != STATUS_OK) {
        return status;
    }
    at = keys_pair(TABLE_TOKEN, size, count);
    txn->changed = true;
    return store_insert(txn->store, keys_view(&at), token, fault);
}

/* ---- sizes and proofs ------------------------------------------------------------------------ */

enum status views_sizes(struct ledger_txn *txn, uint64_t **out, size_t *count, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_CHECKPOINT);
    struct store_cursor *cursor = NULL;
    uint64_t *sizes = calloc((size_t)txn->meta.checkpoints + 1, sizeof *sizes);
    struct view key;
    struct view value;
    size_t found = 0;
    enum status status = sizes == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                       : store_walk(txn->store, keys_view(&prefix), NULL, &cursor, fault);

    while (status == STATUS_OK) {
        status = store_next(cursor, &key, &value, fault);
        if (status == STATUS_OK && key.len == prefix.len) {
            continue; /* the count */
        }
        if (status == STATUS_OK && (found == txn->meta.checkpoints || !keys_only(view_part(key, 1, key.len - 1), &sizes[found++]))) {
            status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: the sizes of its checkpoints");
        }
    }
    store_walk_end(cursor);
    if (status != STATUS_MISSING) {
        free(sizes);
        return status;
    }
    *out = sizes;
    *count = found;
    return STATUS_OK;
}

enum status views_consistency(struct ledger_txn *txn, uint64_t old, uint64_t size, struct merkle_path *out, struct fault *fault)
{
    struct merkle_source source = tree_source(txn);

    assert(old <= size && size > 0 && size <= txn->meta.size);
    if (old == 0) {
        out->count = 0;
        return STATUS_OK;
    }
    return merkle_prove_consistency(&source, old, size, out, fault);
}

enum status views_inclusion(struct ledger_txn *txn, uint64_t index, uint64_t size, struct merkle_path *out, struct fault *fault)
{
    struct merkle_source source = tree_source(txn);

    assert(index < size && size <= txn->meta.size);
    return merkle_prove_inclusion(&source, index, size, out, fault);
}
