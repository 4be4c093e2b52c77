/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forge: see forge.h.
 */
#include "tests/attack/forge.h"

#include "ledger/secret.h"
#include "verify/bundle.h"
#include "verify/closure.h"
#include "verify/detail.h"
#include "verify/merkle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void forge_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("attack: error: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static void must(enum status status, const struct fault *fault)
{
    if (status != STATUS_OK) {
        forge_die("%s", fault->text);
    }
}

static void *make(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (memory == NULL) {
        forge_die("out of memory");
    }
    return memory;
}

static struct buffer copy(struct view view)
{
    struct buffer buffer = { 0 };
    buffer_append_view(&buffer, view);
    return buffer;
}

/* --- taking the ledger apart --- */

static void load_attachments(struct forge *forge, struct ledger_txn *txn, const struct forged *record)
{
    for (size_t i = 0; i < record->disclosure_count; i++) {
        struct disclosure disclosure;
        struct fault fault = { 0 };
        struct view bytes;
        must(disclosure_decode(buffer_view(&record->disclosures[i]), &disclosure, &fault), &fault);
        if (disclosure.value.type != VALUE_FILE || ledger_attachment(txn, &disclosure.value.file.hash, &bytes, &fault) != STATUS_OK) {
            continue;
        }
        forge->attachments = realloc(forge->attachments, (forge->attachment_count + 1) * sizeof *forge->attachments);
        forge->attachments[forge->attachment_count++] = copy(bytes);
    }
}

static void load_record(struct forge *forge, struct ledger_txn *txn, uint64_t index)
{
    struct fault fault = { 0 };
    struct view bytes;
    must(ledger_record(txn, index, &bytes, &fault), &fault);
    must(record_decode(bytes, forge->record, &fault), &fault);
    struct forged *record = forge_insert(forge, forge->count, forge->record->type, forge->record->logged_s);
    if (record->type == RECORD_HEADS) {
        return;
    }
    record->act = copy(forge->record->act);
    struct ledger_details details = { 0 };
    must(ledger_details(txn, index, &details, &fault), &fault);
    record->sheet_count = details.sheet_count;
    record->sheets = make(details.sheet_count, sizeof *record->sheets);
    for (size_t i = 0; i < details.sheet_count; i++) {
        record->sheets[i] = copy(details.sheets[i]);
    }
    record->disclosure_count = details.disclosure_count;
    record->disclosures = make(details.disclosure_count, sizeof *record->disclosures);
    for (size_t i = 0; i < details.disclosure_count; i++) {
        record->disclosures[i] = copy(details.disclosures[i]);
    }
    ledger_details_free(&details);
    load_attachments(forge, txn, record);
}

void forge_load(struct forge *forge, const char *dir, const char *head_path)
{
    struct fault fault = { 0 };
    struct ledger *ledger = NULL;
    struct ledger_txn *txn = NULL;
    memset(forge, 0, sizeof *forge);
    must(key_initialise(&fault), &fault);
    must(hasher_open(&forge->hasher, &fault), &fault);
    forge->record = make(1, sizeof *forge->record);
    forge->act = make(1, sizeof *forge->act);
    must(ledger_open(dir, LEDGER_READ, head_path, &ledger, &fault), &fault);
    must(ledger_begin(ledger, false, &txn, &fault), &fault);
    for (uint64_t i = 0; i < ledger_size(txn); i++) {
        load_record(forge, txn, i);
    }
    const struct ledger_state *identity = ledger_identity(ledger);
    memcpy(forge->station_key, identity->keys[identity->key_count - 1].key, sizeof forge->station_key);
    (void)snprintf(forge->origin, sizeof forge->origin, "%s", ledger_origin(ledger));
    (void)snprintf(forge->station_path, sizeof forge->station_path, "%s/station.key", dir);
    ledger_abort(txn);
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
    must(act_decode(buffer_view(&forge->records[at].act), forge->act, &fault), &fault);
    return forge->act;
}

void forge_put_act(struct forge *forge, size_t at)
{
    struct buffer payload = { 0 }, act = { 0 };
    payload_encode(forge->act, &payload);
    act_encode(buffer_view(&payload), forge->act->signatures, forge->act->signature_count, &act);
    forge_set_act(forge, at, buffer_view(&act));
    buffer_free(&payload);
    buffer_free(&act);
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

static void make_heads(struct forge *forge, struct record *record, const struct hash *ledger)
{
    struct merkle_frontier frontier = { 0 };
    struct buffer bytes = { 0 };
    struct fault fault = { 0 };
    for (uint64_t s = 0; s < forge->subjects; s++) {
        forge->leaves[s].ledger = *ledger;
        buffer_reset(&bytes);
        heads_leaf_encode(&forge->leaves[s], &bytes);
        hash_leaf(forge->hasher, buffer_view(&bytes), &forge->leaf_hashes[s]);
        must(merkle_append(forge->hasher, &frontier, &forge->leaf_hashes[s], NULL, NULL, &fault), &fault);
    }
    buffer_free(&bytes);
    record->subjects = forge->subjects;
    merkle_frontier_root(forge->hasher, &frontier, &record->root);
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

void forge_chain(struct forge *forge)
{
    struct hash ledger = { { 0 } };
    forge->subjects = 0;
    for (size_t i = 0; i < forge->count; i++) {
        struct forged *forged = &forge->records[i];
        struct record *record = forge->record;
        record->type = forged->type;
        record->index = i;
        record->has_prev = i > 0;
        record->logged_s = forged->logged_s;
        if (i > 0) {
            record->prev = forge->records[i - 1].hash;
        }
        if (forged->type == RECORD_HEADS) {
            make_heads(forge, record, &ledger);
        } else {
            make_links(forge, i, record);
            record->act = buffer_view(&forged->act);
            if (i == 0) {
                hash_prefixed(forge->hasher, HASH_PREFIX_LEDGER, forge->act->payload, &ledger);
            }
        }
        buffer_reset(&forged->bytes);
        record_encode(record, &forged->bytes);
        hash_leaf(forge->hasher, buffer_view(&forged->bytes), &forged->hash);
        for (size_t j = 0; forged->type == RECORD_ACT && j < record->link_count; j++) {
            struct heads_leaf *leaf = &forge->leaves[record->links[j].subject];
            leaf->count++;
            leaf->last = i;
            leaf->last_hash = forged->hash;
        }
    }
}

/* --- the bundle --- */

static enum status read_record_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    struct forge *forge = context;
    if (level == 0) {
        *out = forge->records[index].hash;
        return STATUS_OK;
    }
    struct hash left, right;
    must(read_record_node(context, level - 1, index * 2, &left, fault), fault);
    must(read_record_node(context, level - 1, index * 2 + 1, &right, fault), fault);
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
    must(read_head_node(context, level - 1, index * 2, &left, fault), fault);
    must(read_head_node(context, level - 1, index * 2 + 1, &right, fault), fault);
    hash_node(forge->hasher, &left, &right, out);
    return STATUS_OK;
}

static bool thread_record(void *context, uint64_t subject, uint64_t number, struct record *record, struct act *act)
{
    struct forge *forge = context;
    struct fault fault = { 0 };
    for (size_t i = 0; i < forge->count; i++) {
        must(record_decode(buffer_view(&forge->records[i].bytes), record, &fault), &fault);
        const struct link *link = record->type == RECORD_ACT ? record_link(record, subject) : NULL;
        if (link != NULL && link->number == number) {
            must(act_decode(record->act, act, &fault), &fault);
            return true;
        }
    }
    return false;
}

static bool is_in(const uint64_t *members, size_t count, uint64_t subject)
{
    for (size_t i = 0; i < count; i++) {
        if (members[i] == subject) {
            return true;
        }
    }
    return false;
}

static void put_sheet(struct forge *forge, struct bundle_writer *writer, const struct forged *record, const struct hash *wanted)
{
    for (size_t i = 0; i < record->sheet_count; i++) {
        struct hash hash;
        struct sheet_cursor cursor;
        struct sheet_line line;
        struct fault fault = { 0 };
        sheet_hash(forge->hasher, buffer_view(&record->sheets[i]), &hash);
        if (!hash_equal(&hash, wanted)) {
            continue;
        }
        bundle_put_sheet(writer, buffer_view(&record->sheets[i]));
        must(sheet_open(buffer_view(&record->sheets[i]), &cursor, &fault), &fault);
        while (sheet_next(&cursor, &line)) {
            for (size_t j = 0; j < record->disclosure_count; j++) {
                struct hash digest;
                struct disclosure disclosure;
                hash_data(forge->hasher, buffer_view(&record->disclosures[j]), &digest);
                if (!hash_equal(&digest, &line.digest)) {
                    continue;
                }
                bundle_put_disclosure(writer, buffer_view(&record->disclosures[j]));
                must(disclosure_decode(buffer_view(&record->disclosures[j]), &disclosure, &fault), &fault);
                for (size_t k = 0; disclosure.value.type == VALUE_FILE && k < forge->attachment_count; k++) {
                    struct hash file;
                    hash_data(forge->hasher, buffer_view(&forge->attachments[k]), &file);
                    if (hash_equal(&file, &disclosure.value.file.hash)) {
                        bundle_put_attachment(writer, buffer_view(&forge->attachments[k]));
                    }
                }
            }
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

static void put_records(struct forge *forge, struct bundle_writer *writer, const uint64_t *members, size_t member_count)
{
    struct merkle_source source = { .read = read_record_node, .context = forge, .hasher = forge->hasher };
    uint64_t *sizes = make(forge->count, sizeof *sizes);
    size_t size_count = 0;
    struct merkle_path path;
    struct fault fault = { 0 };
    for (size_t i = 0; i < forge->count; i++) {
        struct forged *forged = &forge->records[i];
        must(record_decode(buffer_view(&forged->bytes), forge->record, &fault), &fault);
        bool wanted = i == 0 || i + 1 == forge->count;
        for (size_t j = 0; forged->type == RECORD_ACT && j < forge->record->link_count && !wanted; j++) {
            wanted = is_in(members, member_count, forge->record->links[j].subject);
        }
        if (!wanted || forged->omitted) {
            continue;
        }
        must(merkle_prove_inclusion(&source, i, forge->count, &path, &fault), &fault);
        bundle_put_record(writer, buffer_view(&forged->bytes), &path);
        if (forged->type != RECORD_ACT) {
            continue;
        }
        const struct act *act = forge_act(forge, i);
        if ((act->present & BIT(PAY_SHEET)) != 0) {
            put_sheet(forge, writer, forged, &act->sheet);
        }
        for (size_t j = 0; j < act->entry_count; j++) {
            if (act->entries[j].has_sheet && is_in(members, member_count, act->entries[j].subject)) {
                put_sheet(forge, writer, forged, &act->entries[j].sheet);
            }
        }
        if ((act->present & BIT(PAY_SEEN)) != 0 && !is_in(sizes, size_count, act->seen_size)) {
            sizes[size_count++] = act->seen_size;
        }
    }
    qsort(sizes, size_count, sizeof *sizes, by_number);
    for (size_t i = 0; i < size_count; i++) {
        uint64_t size = sizes[i] < forge->count ? sizes[i] : forge->count;
        must(merkle_prove_consistency(&source, size, forge->count, &path, &fault), &fault);
        bundle_put_seen(writer, sizes[i], &path);
    }
    free(sizes);
}

static void put_leaves(struct forge *forge, struct bundle_writer *writer, const uint64_t *members, size_t member_count)
{
    struct merkle_source source = { .read = read_head_node, .context = forge, .hasher = forge->hasher };
    for (size_t i = 0; i < member_count; i++) {
        struct buffer bytes = { 0 };
        struct merkle_path path;
        struct fault fault = { 0 };
        heads_leaf_encode(&forge->leaves[members[i]], &bytes);
        must(merkle_prove_inclusion(&source, members[i], forge->subjects, &path, &fault), &fault);
        bundle_put_leaf(writer, buffer_view(&bytes), &path);
        buffer_free(&bytes);
    }
}

static void sign_checkpoint(struct forge *forge, struct buffer *note)
{
    struct merkle_source source = { .read = read_record_node, .context = forge, .hasher = forge->hasher };
    struct secret *secret = NULL;
    struct fault fault = { 0 };
    struct hash root;
    uint8_t signature[SIGNATURE_BYTES], id[4];
    must(merkle_root(&source, forge->count, &root, &fault), &fault);
    must(secret_load(forge->station_path, view_of(NULL, 0), &secret, &fault), &fault);
    checkpoint_text(view_text(forge->origin), forge->count, &root, note);
    must(secret_sign(secret, buffer_view(note), signature, &fault), &fault);
    verifier_key_id(forge->hasher, view_text(forge->origin), 1, forge->station_key, id);
    buffer_append_byte(note, '\n');
    note_signature_line(view_text(forge->origin), id, view_of(signature, sizeof signature), note);
    secret_close(secret);
}

void forge_bundle(struct forge *forge, uint64_t asked, struct buffer *out)
{
    struct closure_source closure = { .context = forge, .record = thread_record };
    struct bundle_writer *writer = NULL;
    struct fault fault = { 0 };
    struct buffer note = { 0 };
    uint64_t *members = NULL;
    size_t count = 0;
    must(closure_find(&closure, &asked, 1, forge->subjects, forge->record, forge->act, &members, &count, &fault), &fault);
    must(bundle_writer_open(forge->hasher, &writer, &fault), &fault);
    sign_checkpoint(forge, &note);
    bundle_put_view(writer, buffer_view(&note), NULL, 0);
    put_records(forge, writer, members, count);
    bundle_put_asked(writer, asked);
    put_leaves(forge, writer, members, count);
    must(bundle_write(writer, out, &fault), &fault);
    bundle_writer_close(writer);
    buffer_free(&note);
    free(members);
}
