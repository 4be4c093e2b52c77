/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forge_bundle: the bundle that the real program would make of what was forged.
 */
#include "tests/attack/forge.h"

#include "ledger/witness_request.h"
#include "verify/bundle.h"
#include "verify/closure.h"
#include "verify/detail.h"
#include "verify/merkle.h"

#include <stdlib.h>
#include <string.h>

/* The subjects that the bundle is about, and what it is written with. */
struct making {
    struct forge *forge;
    struct bundle_writer *writer;
    struct merkle_source records, heads;
    uint64_t *members;
    size_t member_count;
    uint64_t *sizes; /* seen */
    size_t size_count;
};

static enum status read_record_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    struct forge *forge = context;
    if (level == 0) {
        *out = forge->records[index].hash;
        return STATUS_OK;
    }
    struct hash left, right;
    forge_must(read_record_node(context, level - 1, index * 2, &left, fault), fault);
    forge_must(read_record_node(context, level - 1, index * 2 + 1, &right, fault), fault);
    hash_node(forge->hasher, &left, &right, out);
    return STATUS_OK;
}

static enum status read_head_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    struct forge *forge = context;
    if (level == 0) {
        *out = forge->leaf_hashes[index];
        return STATUS_OK;
    }
    struct hash left, right;
    forge_must(read_head_node(context, level - 1, index * 2, &left, fault), fault);
    forge_must(read_head_node(context, level - 1, index * 2 + 1, &right, fault), fault);
    hash_node(forge->hasher, &left, &right, out);
    return STATUS_OK;
}

void forge_node(struct forge *forge, unsigned level, uint64_t index, struct hash *out)
{
    struct fault fault = { 0 };
    forge_must(read_record_node(forge, level, index, out, &fault), &fault);
}

void forge_root(struct forge *forge, size_t size, struct hash *out)
{
    struct merkle_source source = { .read = read_record_node, .context = forge, .hasher = forge->hasher };
    struct fault fault = { 0 };
    forge_must(merkle_root(&source, size, out, &fault), &fault);
}

static bool thread_record(void *context, uint64_t subject, uint64_t number, struct record *record, struct act *act)
{
    struct forge *forge = context;
    struct fault fault = { 0 };
    for (size_t i = 0; i < forge->count; i++) {
        forge_must(record_decode(buffer_view(&forge->records[i].bytes), record, &fault), &fault);
        const struct link *link = record->type == RECORD_ACT ? record_link(record, subject) : NULL;
        bool hidden = forge->records[i].hidden || (forge->records[i].omitted && forge->lie.on && subject == forge->lie.subject);
        if (link != NULL && link->number == number && !hidden) {
            forge_must(act_decode(record->act, act, &fault), &fault);
            return true;
        }
    }
    return false;
}

static bool is_in(const uint64_t *numbers, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number) {
            return true;
        }
    }
    return false;
}

static void put_attachment(struct making *making, struct view disclosed)
{
    struct forge *forge = making->forge;
    struct disclosure disclosure;
    struct fault fault = { 0 };
    forge_must(disclosure_decode(disclosed, &disclosure, &fault), &fault);
    for (size_t i = 0; disclosure.value.type == VALUE_FILE && i < forge->attachment_count; i++) {
        struct hash file;
        hash_data(forge->hasher, buffer_view(&forge->attachments[i]), &file);
        if (hash_equal(&file, &disclosure.value.file.hash)) {
            bundle_put_attachment(making->writer, buffer_view(&forge->attachments[i]));
        }
    }
}

static void put_disclosure(struct making *making, const struct forged *record, const struct hash *wanted)
{
    for (size_t i = 0; i < record->disclosure_count; i++) {
        struct hash digest;
        hash_data(making->forge->hasher, buffer_view(&record->disclosures[i]), &digest);
        if (hash_equal(&digest, wanted)) {
            bundle_put_disclosure(making->writer, buffer_view(&record->disclosures[i]));
            put_attachment(making, buffer_view(&record->disclosures[i]));
        }
    }
}

static void put_sheet(struct making *making, const struct forged *record, const struct hash *wanted)
{
    for (size_t i = 0; i < record->sheet_count; i++) {
        struct view sheet = buffer_view(&record->sheets[i]);
        struct hash hash;
        struct sheet_cursor cursor;
        struct sheet_line line;
        struct fault fault = { 0 };
        sheet_hash(making->forge->hasher, sheet, &hash);
        if (!hash_equal(&hash, wanted)) {
            continue;
        }
        bundle_put_sheet(making->writer, sheet);
        forge_must(sheet_open(sheet, &cursor, &fault), &fault);
        while (sheet_next(&cursor, &line)) {
            put_disclosure(making, record, &line.digest);
        }
    }
}

static bool is_wanted(const struct making *making, size_t at)
{
    struct forge *forge = making->forge;
    const struct forged *forged = &forge->records[at];
    struct fault fault = { 0 };
    bool wanted = at == 0 || at + 1 == forge->count;
    forge_must(record_decode(buffer_view(&forged->bytes), forge->record, &fault), &fault);
    for (size_t j = 0; forged->type == RECORD_ACT && j < forge->record->link_count; j++) {
        wanted = wanted || is_in(making->members, making->member_count, forge->record->links[j].subject);
    }
    return wanted && !forged->omitted;
}

/* The sheets of an act, and the size that its signers had seen. */
static void put_act_parts(struct making *making, size_t at)
{
    const struct forged *forged = &making->forge->records[at];
    const struct act *act = forge_act(making->forge, at);
    if ((act->present & BIT(PAY_SHEET)) != 0) {
        put_sheet(making, forged, &act->sheet);
    }
    for (size_t j = 0; j < act->entry_count; j++) {
        if (act->entries[j].has_sheet && is_in(making->members, making->member_count, act->entries[j].subject)) {
            put_sheet(making, forged, &act->entries[j].sheet);
        }
    }
    if ((act->present & BIT(PAY_SEEN)) != 0 && !is_in(making->sizes, making->size_count, act->seen_size)) {
        making->sizes[making->size_count++] = act->seen_size;
    }
}

static void put_records(struct making *making)
{
    struct forge *forge = making->forge;
    struct merkle_path path;
    struct fault fault = { 0 };
    for (size_t i = 0; i < forge->count; i++) {
        if (!is_wanted(making, i)) {
            continue;
        }
        forge_must(merkle_prove_inclusion(&making->records, i, forge->count, &path, &fault), &fault);
        bundle_put_record(making->writer, buffer_view(&forge->records[i].bytes), &path);
        if (forge->records[i].type == RECORD_ACT) {
            put_act_parts(making, i);
        }
    }
}

static int by_number(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? -1 : x > y;
}

/* A size that is no longer reached gets some path: the verifier must refuse it before it looks. */
static void put_seen(struct making *making)
{
    uint64_t count = making->forge->count;
    struct merkle_path path;
    struct fault fault = { 0 };
    qsort(making->sizes, making->size_count, sizeof *making->sizes, by_number);
    for (size_t i = 0; i < making->size_count; i++) {
        uint64_t size = making->sizes[i] < count ? making->sizes[i] : count;
        forge_must(merkle_prove_consistency(&making->records, size, count, &path, &fault), &fault);
        bundle_put_seen(making->writer, making->sizes[i], &path);
    }
}

static void put_leaves(struct making *making)
{
    for (size_t i = 0; i < making->member_count; i++) {
        uint64_t member = making->members[i];
        struct buffer bytes = { 0 };
        struct merkle_path path;
        struct fault fault = { 0 };
        heads_leaf_encode(&making->forge->leaves[member], &bytes);
        forge_must(merkle_prove_inclusion(&making->heads, member, making->forge->subjects, &path, &fault), &fault);
        bundle_put_leaf(making->writer, buffer_view(&bytes), &path);
        buffer_free(&bytes);
    }
}

void forge_checkpoint(struct forge *forge, size_t size, struct buffer *note)
{
    struct secret *secret = NULL;
    struct fault fault = { 0 };
    struct hash root;
    uint8_t signature[SIGNATURE_BYTES], id[4];
    forge_root(forge, size, &root);
    forge_must(secret_load(forge->station_path, view_of(NULL, 0), &secret, &fault), &fault);
    checkpoint_text(view_text(forge->origin), size, &root, note);
    forge_must(secret_sign(secret, buffer_view(note), signature, &fault), &fault);
    verifier_key_id(forge->hasher, view_text(forge->origin), 1, forge->station_key, id);
    buffer_append_byte(note, '\n');
    note_signature_line(view_text(forge->origin), id, view_of(signature, sizeof signature), note);
    secret_close(secret);
}

void forge_request(struct forge *forge, uint64_t old, struct buffer *out)
{
    struct merkle_source source = { .read = read_record_node, .context = forge, .hasher = forge->hasher };
    struct merkle_path path = { 0 };
    struct fault fault = { 0 };
    struct buffer note = { 0 };
    if (old > 0 && old < forge->count) {
        forge_must(merkle_prove_consistency(&source, old, forge->count, &path, &fault), &fault);
    }
    forge_checkpoint(forge, forge->count, &note);
    witness_request_format(old, &path, buffer_view(&note), out);
    buffer_free(&note);
}

static void put_anchor(struct making *making, uint64_t size)
{
    struct buffer note = { 0 };
    struct merkle_path path;
    struct fault fault = { 0 };
    if (size > making->forge->count) {
        forge_die("there is no older view of %llu records", (unsigned long long)size);
    }
    forge_checkpoint(making->forge, size, &note);
    forge_must(merkle_prove_consistency(&making->records, size, making->forge->count, &path, &fault), &fault);
    bundle_put_anchor(making->writer, buffer_view(&note), NULL, 0, &path);
    buffer_free(&note);
}

void forge_bundle(struct forge *forge, uint64_t asked, uint64_t anchor, struct buffer *out)
{
    struct closure_source closure = { .context = forge, .record = thread_record };
    struct making making = { .forge = forge,
                             .records = { .read = read_record_node, .context = forge, .hasher = forge->hasher },
                             .heads = { .read = read_head_node, .context = forge, .hasher = forge->hasher } };
    struct fault fault = { 0 };
    struct buffer note = { 0 };
    making.sizes = forge_make(forge->count, sizeof *making.sizes);
    forge_must(closure_find(&closure, &asked, 1, forge->subjects, forge->record, forge->act, &making.members, &making.member_count,
                            &fault), &fault);
    forge_must(bundle_writer_open(forge->hasher, &making.writer, &fault), &fault);
    forge_checkpoint(forge, forge->count, &note);
    bundle_put_view(making.writer, buffer_view(&note), NULL, 0);
    put_records(&making);
    bundle_put_asked(making.writer, asked);
    put_leaves(&making);
    put_seen(&making);
    if (anchor != UINT64_MAX) {
        put_anchor(&making, anchor);
    }
    forge_must(bundle_write(making.writer, out, &fault), &fault);
    bundle_writer_close(making.writer);
    buffer_free(&note);
    free(making.members);
    free(making.sizes);
}
