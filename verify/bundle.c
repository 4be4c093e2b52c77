/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle: the outer layer of the file that proves, read once from its first byte to its last (SPEC 4, V1, V2).
 * Time is linear in the file; the arrays are as long as the counts that the strict scan has bounded by the bytes.
 */
#include "verify/bundle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "verify/detail.h"
#include "verify/fields.h"
#include "verify/nodes.h"

#define BUNDLE_DOMAIN "unbroken bundle/1"
#define DOMAIN_START "unbroken "

enum { BUNDLE_FIELDS = 14, BUNDLE_BYTES_MIN = 35, CHECK_BYTES = 2 + HASH_BYTES, NOTE_BYTES_MAX = 65536,
       GROW_FIRST = 64 };

/* ---- what the decoder carries along ---- */

struct decoder {
    struct reader reader;
    struct hasher *hasher;
    struct bundle *out;
    size_t node_count;      /* in the pool */
    size_t nodes_used;      /* positions met so far are exactly 0 ... nodes_used - 1 */
    size_t position_room;
    size_t token_room;
    bool out_of_memory;
};

static void fail_memory(struct decoder *decoder)
{
    decoder->out_of_memory = true;
    (void)fault_set(decoder->reader.fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for the bundle");
    reader_fail(&decoder->reader, "out of memory");
}

/* Owned memory for a counted array; NULL for none, or after a failure. */
static void *take_array(struct decoder *decoder, size_t count, size_t size)
{
    void *array = NULL;

    if (!decoder->reader.failed && count > 0) {
        array = calloc(count, size);
        if (array == NULL) {
            fail_memory(decoder);
        }
    }
    return array;
}

/* The list with room for `more` behind its `used` items. Without memory the reader fails and the list is as it was. */
static void *grow(struct decoder *decoder, void *list, size_t used, size_t more, size_t size, size_t *room)
{
    size_t wanted = *room == 0 ? GROW_FIRST : *room;
    void *grown;

    if (decoder->reader.failed || more <= *room - used) {
        return list;
    }
    while (wanted - used < more) {
        wanted *= 2; /* at most twice the bytes of the file */
    }
    grown = wanted > SIZE_MAX / size ? NULL : realloc(list, wanted * size);
    if (grown == NULL) {
        fail_memory(decoder);
        return list;
    }
    *room = wanted;
    return grown;
}

/* ---- parts ---- */

/* Position 0 is the first node used; a position not used before is the number of positions used before it. */
static void read_path(struct decoder *decoder, struct bundle_path *path)
{
    struct bundle *out = decoder->out;
    struct reader *reader = &decoder->reader;
    size_t count = reader_array(reader, 0, SIZE_MAX, "path");

    path->first = out->position_count;
    path->count = count;
    out->positions = grow(decoder, out->positions, out->position_count, count, sizeof out->positions[0],
                          &decoder->position_room);
    for (size_t i = 0; i < count && !reader->failed; i++) {
        size_t at = reader->offset;
        uint64_t position = field_num(reader, "position");

        if (!reader->failed && position >= decoder->node_count) {
            field_fail_at(reader, at, "position is not in the pool");
        }
        if (!reader->failed && position > decoder->nodes_used) {
            field_fail_at(reader, at, "nodes of the pool are not in order of first use");
        }
        decoder->nodes_used += position == decoder->nodes_used ? 1 : 0;
        out->positions[out->position_count] = position;
        out->position_count++;
    }
}

static void read_view(struct decoder *decoder, struct bundle_view *view)
{
    struct bundle *out = decoder->out;
    struct reader *reader = &decoder->reader;

    (void)reader_array(reader, 2, 2, "view");
    view->note = reader_bytes(reader, 0, NOTE_BYTES_MAX, "note");
    view->token_first = out->token_count;
    view->token_count = reader_array(reader, 0, SIZE_MAX, "tokens");
    out->tokens = grow(decoder, out->tokens, out->token_count, view->token_count, sizeof out->tokens[0],
                       &decoder->token_room);
    for (size_t i = 0; i < view->token_count && !reader->failed; i++) {
        out->tokens[out->token_count] = reader_bytes(reader, 0, SIZE_MAX, "token");
        out->token_count++;
    }
}

/* [ view, path ] */
static void read_anchor(struct decoder *decoder, struct bundle_anchor *anchor)
{
    (void)reader_array(&decoder->reader, 2, 2, "anchor");
    read_view(decoder, &anchor->view);
    read_path(decoder, &anchor->path);
}

/* [* [ bytes, path ]] */
static struct bundle_proof *read_proofs(struct decoder *decoder, size_t min, const char *what, size_t *count)
{
    struct reader *reader = &decoder->reader;
    size_t declared = reader_array(reader, min, SIZE_MAX, what);
    struct bundle_proof *proofs = take_array(decoder, declared, sizeof *proofs);

    for (size_t i = 0; i < declared && !reader->failed; i++) {
        (void)reader_array(reader, 2, 2, what);
        proofs[i].bytes = reader_bytes(reader, 0, SIZE_MAX, what);
        read_path(decoder, &proofs[i].path);
    }
    *count = declared;
    return proofs;
}

static void read_asked(struct decoder *decoder)
{
    struct reader *reader = &decoder->reader;
    struct bundle *out = decoder->out;

    out->asked_count = reader_array(reader, 1, SIZE_MAX, "asked");
    out->asked = take_array(decoder, out->asked_count, sizeof out->asked[0]);
    for (size_t i = 0; i < out->asked_count && !reader->failed; i++) {
        size_t at = reader->offset;

        out->asked[i] = field_num(reader, "asked subject");
        if (!reader->failed && i > 0 && out->asked[i] <= out->asked[i - 1]) {
            field_fail_at(reader, at, "asked subjects are not ascending and distinct");
        }
    }
}

static void read_seen(struct decoder *decoder)
{
    struct reader *reader = &decoder->reader;
    struct bundle *out = decoder->out;

    out->seen_count = reader_array(reader, 0, SIZE_MAX, "seen");
    out->seen = take_array(decoder, out->seen_count, sizeof out->seen[0]);
    for (size_t i = 0; i < out->seen_count && !reader->failed; i++) {
        size_t at;

        (void)reader_array(reader, 2, 2, "seen");
        at = reader->offset;
        out->seen[i].size = field_num(reader, "seen size");
        if (!reader->failed && i > 0 && out->seen[i].size <= out->seen[i - 1].size) {
            field_fail_at(reader, at, "seen sizes are not ascending and distinct");
        }
        read_path(decoder, &out->seen[i].path);
    }
}

static void read_anchors(struct decoder *decoder)
{
    struct reader *reader = &decoder->reader;
    struct bundle *out = decoder->out;

    out->anchor_count = reader_array(reader, 0, SIZE_MAX, "anchors");
    out->anchors = take_array(decoder, out->anchor_count, sizeof out->anchors[0]);
    for (size_t i = 0; i < out->anchor_count && !reader->failed; i++) {
        read_anchor(decoder, &out->anchors[i]);
    }
    out->has_vouched = !reader_take_null(reader);
    if (out->has_vouched) {
        read_anchor(decoder, &out->vouched);
    }
}

/* By which a list is sorted; NULL: it is not. */
typedef void list_digest(struct hasher *hasher, struct view item, struct hash *out);

/* [* bytes], ascending by digest and therefore distinct. */
static struct view *read_list(struct decoder *decoder, const char *what, list_digest *digest, const char *rule,
                              size_t *count)
{
    struct reader *reader = &decoder->reader;
    size_t declared = reader_array(reader, 0, SIZE_MAX, what);
    struct view *list = take_array(decoder, declared, sizeof *list);
    struct hash hashes[2]; /* of this and of the one before, in turn */

    for (size_t i = 0; i < declared && !reader->failed; i++) {
        size_t at = reader->offset;

        list[i] = reader_bytes(reader, 0, SIZE_MAX, what);
        if (reader->failed || digest == NULL) {
            continue;
        }
        digest(decoder->hasher, list[i], &hashes[i % 2]);
        if (i > 0 && memcmp(hashes[(i - 1) % 2].bytes, hashes[i % 2].bytes, HASH_BYTES) >= 0) {
            field_fail_at(reader, at, rule);
        }
    }
    *count = declared;
    return list;
}

/* ---- the pool ---- */

static void read_pool(struct decoder *decoder)
{
    size_t at = decoder->reader.offset;
    struct view pool = reader_bytes(&decoder->reader, 0, SIZE_MAX, "pool");

    if (pool.len % HASH_BYTES != 0) {
        field_fail_at(&decoder->reader, at, "the pool is not a whole number of nodes");
    }
    decoder->out->pool = pool;
    decoder->node_count = pool.len / HASH_BYTES;
}

/* Every node is used, and none stands twice. */
static void check_pool(struct decoder *decoder, const struct hash *check)
{
    struct view pool = decoder->out->pool;
    size_t wrong = decoder->nodes_used;
    const char *rule = "a node of the pool is not used";

    if (decoder->reader.failed) {
        return;
    }
    if (decoder->nodes_used == decoder->node_count) {
        rule = "a node stands twice in the pool";
        if (!nodes_first_double(pool, check, &wrong)) {
            fail_memory(decoder);
        }
    }
    if (wrong < decoder->node_count) {
        field_fail_at(&decoder->reader, (size_t)(pool.ptr - decoder->reader.input.ptr) + wrong * HASH_BYTES, rule);
    }
}

/* ---- the file ---- */

/* V1: the last item is the hash of all that is before it. NULL, and the hash, or the rule that is broken. */
static const char *transport_trouble(struct hasher *hasher, struct view file, struct hash *check)
{
    size_t body;

    if (file.len < BUNDLE_BYTES_MIN) {
        return "the file is shorter than 35 bytes";
    }
    if (file.len > BUNDLE_BYTES_MAX) {
        return "the file is longer than 2^31-1 bytes";
    }
    body = file.len - CHECK_BYTES;
    if (file.ptr[body] != 0x58 || file.ptr[body + 1] != HASH_BYTES) {
        return "the file does not end with its whole-file check";
    }
    hash_data(hasher, view_part(file, 0, body), check);
    if (memcmp(check->bytes, file.ptr + body + 2, HASH_BYTES) != 0) {
        return "the whole-file check does not match: the file was damaged on its way";
    }
    return NULL;
}

/* A first item of text that begins "unbroken " and is none of the three of version 1. */
static bool is_other_version(struct reader reader)
{
    static const char *const known[] = {BUNDLE_DOMAIN, "unbroken fork/1", "unbroken false-heads/1"};
    struct fault ignored;
    struct view domain;

    fault_clear(&ignored);
    reader.fault = &ignored;
    (void)reader_array(&reader, 1, SIZE_MAX, "bundle");
    domain = reader_text(&reader, 0, SIZE_MAX, "domain text");
    if (reader.failed || domain.len < strlen(DOMAIN_START) ||
        memcmp(domain.ptr, DOMAIN_START, strlen(DOMAIN_START)) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (view_equal(domain, view_text(known[i]))) {
            return false;
        }
    }
    return true;
}

/* V2, from the first item to the last. */
static void read_fields(struct decoder *decoder, const struct hash *check)
{
    struct bundle *out = decoder->out;
    struct reader *reader = &decoder->reader;

    (void)reader_array(reader, BUNDLE_FIELDS, BUNDLE_FIELDS, "bundle");
    field_domain(reader, BUNDLE_DOMAIN);
    read_view(decoder, &out->view);
    read_pool(decoder);
    out->records = read_proofs(decoder, 2, "record", &out->record_count);
    read_asked(decoder);
    out->leaves = read_proofs(decoder, 1, "leaf", &out->leaf_count);
    read_seen(decoder);
    read_anchors(decoder);
    check_pool(decoder, check);
    out->sheets = read_list(decoder, "sheet", sheet_hash, "sheets are not ascending by hash", &out->sheet_count);
    out->disclosures = read_list(decoder, "disclosure", hash_data, "disclosures are not ascending by digest",
                                 &out->disclosure_count);
    out->attachments = read_list(decoder, "attachment", hash_data, "attachments are not ascending by SHA-256",
                                 &out->attachment_count);
    out->others = read_list(decoder, "other", NULL, NULL, &out->other_count);
    (void)reader_bytes(reader, HASH_BYTES, HASH_BYTES, "check");
}

enum bundle_answer bundle_decode(struct hasher *hasher, struct view file, struct bundle *out, struct fault *fault)
{
    struct decoder decoder = {.hasher = hasher, .out = out};
    struct hash check;
    const char *trouble = transport_trouble(hasher, file, &check);

    *out = (struct bundle){.pool = {NULL, 0}};
    if (trouble != NULL) {
        (void)fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s", trouble);
        return BUNDLE_TRANSPORT;
    }
    decoder.reader = reader_open(file, fault);
    if (!decoder.reader.failed && is_other_version(decoder.reader)) {
        (void)fault_set(fault, STATUS_DAMAGED, 0, "the file is of a version that is not known");
        return BUNDLE_VERSION;
    }
    read_fields(&decoder, &check);
    if (reader_end(&decoder.reader) == STATUS_OK) {
        return BUNDLE_OK;
    }
    bundle_close(out);
    return decoder.out_of_memory ? BUNDLE_MEMORY : BUNDLE_UNREADABLE;
}

void bundle_close(struct bundle *bundle)
{
    free(bundle->positions);
    free(bundle->tokens);
    free(bundle->records);
    free(bundle->asked);
    free(bundle->leaves);
    free(bundle->seen);
    free(bundle->anchors);
    free(bundle->sheets);
    free(bundle->disclosures);
    free(bundle->attachments);
    free(bundle->others);
    *bundle = (struct bundle){.pool = {NULL, 0}};
}

bool bundle_path_nodes(const struct bundle *bundle, struct bundle_path path, struct merkle_path *out)
{
    if (path.count > MERKLE_PATH_MAX) {
        return false;
    }
    assert(path.first <= bundle->position_count && path.count <= bundle->position_count - path.first);
    out->count = path.count;
    for (size_t i = 0; i < path.count; i++) {
        size_t position = (size_t)bundle->positions[path.first + i];

        memcpy(out->nodes[i].bytes, bundle->pool.ptr + position * HASH_BYTES, HASH_BYTES);
    }
    return true;
}
