/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forge: see forge.h.
 */
#include "tests/attack/forge.h"

#include "tests/attack/edit.h"
#include "verify/merkle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct buffer copy(struct view view)
{
    struct buffer buffer = { 0 };
    buffer_append_view(&buffer, view);
    return buffer;
}

static struct buffer *copies(const struct view *views, size_t count)
{
    struct buffer *out = forge_make(count, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        out[i] = copy(views[i]);
    }
    return out;
}

/* --- taking the ledger apart --- */

static void load_attachments(struct forge *forge, struct ledger_txn *txn, const struct forged *record)
{
    for (size_t i = 0; i < record->disclosure_count; i++) {
        struct disclosure disclosure;
        struct fault fault = { 0 };
        struct view bytes;
        forge_must(disclosure_decode(buffer_view(&record->disclosures[i]), &disclosure, &fault), &fault);
        if (disclosure.value.type != VALUE_FILE || ledger_attachment(txn, &disclosure.value.file.hash, &bytes, &fault) != STATUS_OK) {
            continue;
        }
        forge->attachments = realloc(forge->attachments, (forge->attachment_count + 1) * sizeof *forge->attachments);
        if (forge->attachments == NULL) {
            forge_die("out of memory");
        }
        forge->attachments[forge->attachment_count++] = copy(bytes);
    }
}

static void load_record(struct forge *forge, struct ledger_txn *txn, uint64_t index)
{
    struct fault fault = { 0 };
    struct view bytes;
    forge_must(ledger_record(txn, index, &bytes, &fault), &fault);
    forge_must(record_decode(bytes, forge->record, &fault), &fault);
    struct forged *record = forge_insert(forge, forge->count, forge->record->type, forge->record->logged_s);
    if (record->type == RECORD_HEADS) {
        return;
    }
    record->act = copy(forge->record->act);
    struct ledger_details details = { 0 };
    forge_must(ledger_details(txn, index, &details, &fault), &fault);
    record->sheets = copies(details.sheets, details.sheet_count);
    record->sheet_count = details.sheet_count;
    record->disclosures = copies(details.disclosures, details.disclosure_count);
    record->disclosure_count = details.disclosure_count;
    ledger_details_free(&details);
    load_attachments(forge, txn, record);
}

static void read_identity(struct forge *forge, const struct ledger *ledger, const char *dir)
{
    const struct ledger_state *identity = ledger_identity(ledger);
    memcpy(forge->station_key, identity->keys[identity->key_count - 1].key, sizeof forge->station_key);
    (void)snprintf(forge->origin, sizeof forge->origin, "%s", ledger_origin(ledger));
    (void)snprintf(forge->station_path, sizeof forge->station_path, "%s/station.key", dir);
}

void forge_load(struct forge *forge, const char *dir)
{
    struct fault fault = { 0 };
    struct ledger *ledger = NULL;
    struct ledger_txn *txn = NULL;
    memset(forge, 0, sizeof *forge);
    forge_must(key_initialise(&fault), &fault);
    forge_must(hasher_open(&forge->hasher, &fault), &fault);
    forge->record = forge_make(1, sizeof *forge->record);
    forge->act = forge_make(1, sizeof *forge->act);
    forge_must(ledger_open(dir, LEDGER_READ, NULL, &ledger, &fault), &fault);
    forge_must(ledger_begin(ledger, false, &txn, &fault), &fault);
    for (uint64_t i = 0; i < ledger_size(txn); i++) {
        load_record(forge, txn, i);
    }
    read_identity(forge, ledger, dir);
    ledger_abort(txn);
    ledger_close(ledger);
}

void forge_disguise(struct forge *forge, const char *dir)
{
    struct fault fault = { 0 };
    struct ledger *ledger = NULL;
    forge_must(ledger_open(dir, LEDGER_READ, NULL, &ledger, &fault), &fault);
    read_identity(forge, ledger, dir);
    ledger_close(ledger);
}

static void free_forged(struct forged *record)
{
    for (size_t i = 0; i < record->sheet_count; i++) {
        buffer_free(&record->sheets[i]);
    }
    for (size_t i = 0; i < record->disclosure_count; i++) {
        buffer_free(&record->disclosures[i]);
    }
    free(record->sheets);
    free(record->disclosures);
    buffer_free(&record->act);
    buffer_free(&record->bytes);
}

void forge_close(struct forge *forge)
{
    for (size_t i = 0; i < forge->count; i++) {
        free_forged(&forge->records[i]);
    }
    for (size_t i = 0; i < forge->attachment_count; i++) {
        buffer_free(&forge->attachments[i]);
    }
    free(forge->records);
    free(forge->attachments);
    free(forge->leaves);
    free(forge->leaf_hashes);
    free(forge->record);
    free(forge->act);
    hasher_close(forge->hasher);
}

/* --- changing it --- */

struct forged *forge_insert(struct forge *forge, size_t at, enum record_type type, uint64_t logged_s)
{
    if (forge->count == forge->cap) {
        forge->cap = forge->cap == 0 ? 64 : forge->cap * 2;
        forge->records = realloc(forge->records, forge->cap * sizeof *forge->records);
        if (forge->records == NULL) {
            forge_die("out of memory");
        }
    }
    memmove(forge->records + at + 1, forge->records + at, (forge->count - at) * sizeof *forge->records);
    forge->count++;
    forge->records[at] = (struct forged){ .type = type, .logged_s = logged_s };
    return &forge->records[at];
}

void forge_remove(struct forge *forge, size_t at)
{
    free_forged(&forge->records[at]);
    memmove(forge->records + at, forge->records + at + 1, (forge->count - at - 1) * sizeof *forge->records);
    forge->count--;
}

void forge_set_act(struct forge *forge, size_t at, struct view act)
{
    struct buffer kept = copy(act);
    buffer_free(&forge->records[at].act);
    forge->records[at].act = kept;
}

struct act *forge_act(struct forge *forge, size_t at)
{
    struct fault fault = { 0 };
    forge_must(act_decode(buffer_view(&forge->records[at].act), forge->act, &fault), &fault);
    return forge->act;
}

static struct buffer *copies_of(const struct buffer *buffers, size_t count)
{
    struct buffer *out = forge_make(count, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        out[i] = copy(buffer_view(&buffers[i]));
    }
    return out;
}

size_t forge_append(struct forge *forge, struct view act, const struct forged *details)
{
    struct forged from = details == NULL ? (struct forged){ 0 } : *details;
    struct buffer kept = copy(act);
    size_t at = forge->count - 1;
    struct forged *record = forge_insert(forge, at, RECORD_ACT, forge->records[at].logged_s);
    record->act = kept;
    record->sheets = copies_of(from.sheets, from.sheet_count);
    record->sheet_count = from.sheet_count;
    record->disclosures = copies_of(from.disclosures, from.disclosure_count);
    record->disclosure_count = from.disclosure_count;
    return at;
}

void forge_put_act(struct forge *forge, size_t at)
{
    struct buffer act = { 0 };
    edit_encode(forge->act, &act);
    forge_set_act(forge, at, buffer_view(&act));
    buffer_free(&act);
}

void forge_sign(struct forge *forge, size_t i, const struct secret *secret)
{
    struct act_signature *signature = &forge->act->signatures[i];
    struct buffer payload = { 0 }, bytes = { 0 }, header = { 0 };
    struct fault fault = { 0 };
    public_key_id(forge->hasher, secret_public(secret), &signature->kid);
    signature->algorithm = secret_public(secret)->algorithm;
    sig_header_encode(signature->algorithm, &signature->kid, &header);
    memcpy(forge->headers[i], header.ptr, header.len);
    signature->header = view_of(forge->headers[i], header.len);
    payload_encode(forge->act, &payload);
    signed_bytes(signature->header, buffer_view(&payload), &bytes);
    forge_must(secret_sign(secret, buffer_view(&bytes), signature->value, &fault), &fault);
    buffer_free(&payload);
    buffer_free(&bytes);
    buffer_free(&header);
}

size_t forge_find(struct forge *forge, uint64_t subject, unsigned kind, size_t end)
{
    for (size_t i = end; i > 0; i--) {
        if (forge->records[i - 1].type != RECORD_ACT) {
            continue;
        }
        const struct act *act = forge_act(forge, i - 1);
        for (size_t j = 0; j < act->entry_count; j++) {
            if (act->entries[j].subject == subject && (kind == KIND_COUNT || act->kind == kind)) {
                return i - 1;
            }
        }
    }
    return SIZE_MAX;
}

/* --- hashing everything anew --- */

static void grow_leaves(struct forge *forge, uint64_t subject)
{
    if (subject < forge->subjects) {
        return;
    }
    forge->leaves = realloc(forge->leaves, (subject + 1) * sizeof *forge->leaves);
    forge->leaf_hashes = realloc(forge->leaf_hashes, (subject + 1) * sizeof *forge->leaf_hashes);
    if (forge->leaves == NULL || forge->leaf_hashes == NULL) {
        forge_die("out of memory");
    }
    for (uint64_t s = forge->subjects; s <= subject; s++) {
        forge->leaves[s] = (struct heads_leaf){ .subject = s };
    }
    forge->subjects = subject + 1;
}

static void make_heads(struct forge *forge, struct record *record)
{
    bool lies = forge->lie.on && record->index >= forge->lie.from && record->index <= forge->lie.until;
    struct heads_leaf honest = lies ? forge->leaves[forge->lie.subject] : (struct heads_leaf){ 0 };
    struct merkle_frontier frontier = { 0 };
    struct buffer bytes = { 0 };
    struct fault fault = { 0 };
    for (uint64_t s = 0; s < forge->subjects; s++) {
        if (lies && s == forge->lie.subject) {
            forge->leaves[s] = forge->lie.leaf;
        }
        forge->leaves[s].ledger = forge->ledger;
        buffer_reset(&bytes);
        heads_leaf_encode(&forge->leaves[s], &bytes);
        hash_leaf(forge->hasher, buffer_view(&bytes), &forge->leaf_hashes[s]);
        forge_must(merkle_append(forge->hasher, &frontier, &forge->leaf_hashes[s], NULL, NULL, &fault), &fault);
    }
    buffer_free(&bytes);
    record->subjects = forge->subjects;
    merkle_frontier_root(forge->hasher, &frontier, &record->root);
    if (lies && record->index + 1 < forge->count) {
        forge->leaves[forge->lie.subject] = honest; /* the records after it go on from the truth */
    }
}

static void make_links(struct forge *forge, size_t at, struct record *record)
{
    const struct act *act = forge_act(forge, at);
    record->link_count = act->entry_count;
    for (size_t i = 0; i < act->entry_count; i++) {
        grow_leaves(forge, act->entries[i].subject);
        struct heads_leaf *leaf = &forge->leaves[act->entries[i].subject];
        record->links[i] = (struct link){ .subject = leaf->subject, .number = leaf->count + 1, .has_before = leaf->count > 0,
                                          .before = leaf->last };
    }
}

static void advance_threads(struct forge *forge, size_t at)
{
    const struct forged *forged = &forge->records[at];
    for (size_t j = 0; j < forge->record->link_count && !forged->hidden; j++) {
        struct heads_leaf *leaf = &forge->leaves[forge->record->links[j].subject];
        if (forge->lie.on && at == forge->lie.record && leaf->subject == forge->lie.subject) {
            forge->lie.leaf = *leaf;
        }
        leaf->count++;
        leaf->last = at;
        leaf->last_hash = forged->hash;
    }
}

static void chain_one(struct forge *forge, size_t at)
{
    struct forged *forged = &forge->records[at];
    struct record *record = forge->record;
    record->type = forged->type;
    record->index = at;
    record->has_prev = at > 0;
    record->logged_s = forged->logged_s;
    record->link_count = 0;
    if (at > 0) {
        record->prev = forge->records[at - 1].hash;
    }
    if (forged->type == RECORD_HEADS) {
        if (at + 1 == forge->count && forge->invented > 0) {
            grow_leaves(forge, forge->subjects + forge->invented - 1);
        }
        make_heads(forge, record);
    } else {
        make_links(forge, at, record);
        record->act = buffer_view(&forged->act);
    }
    if (at == 0) {
        hash_prefixed(forge->hasher, HASH_PREFIX_LEDGER, forge->act->payload, &forge->ledger);
    }
    buffer_reset(&forged->bytes);
    record_encode(record, &forged->bytes);
    hash_leaf(forge->hasher, buffer_view(&forged->bytes), &forged->hash);
    advance_threads(forge, at);
}

void forge_chain(struct forge *forge)
{
    forge->subjects = 0;
    for (size_t i = 0; i < forge->count; i++) {
        chain_one(forge, i);
    }
}
