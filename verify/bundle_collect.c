/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle_collect: takes the parts of a bundle in whatever order they come and keeps a copy of each; nodes are kept
 * once.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "verify/bundle_writer.h"
#include "verify/detail.h"

enum { CHUNK_BYTES = 65536 };

enum status bundle_writer_open(struct hasher *hasher, struct bundle_writer **out, struct fault *fault)
{
    struct bundle_writer *writer = calloc(1, sizeof *writer);

    if (writer == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a bundle");
    }
    /* The key of `nodes` stays zero: these nodes come from a tree of our own. */
    writer->hasher = hasher;
    *out = writer;
    return STATUS_OK;
}

void bundle_writer_close(struct bundle_writer *writer)
{
    if (writer == NULL) {
        return;
    }
    while (writer->chunks != NULL) {
        struct chunk *next = writer->chunks->next;

        free(writer->chunks);
        writer->chunks = next;
    }
    nodes_free(&writer->nodes);
    buffer_free(&writer->pool);
    buffer_free(&writer->uses);
    buffer_free(&writer->tokens);
    buffer_free(&writer->records);
    buffer_free(&writer->asked);
    buffer_free(&writer->leaves);
    buffer_free(&writer->seen);
    buffer_free(&writer->anchors);
    buffer_free(&writer->sheets);
    buffer_free(&writer->disclosures);
    buffer_free(&writer->attachments);
    buffer_free(&writer->others);
    free(writer);
}

/* ---- collecting ---- */

/* A copy that lives as long as the writer; the empty view when there is no memory. */
static struct view keep(struct bundle_writer *writer, struct view bytes)
{
    struct chunk *chunk = writer->chunks;
    uint8_t *copy;

    if (bytes.len == 0) {
        return view_of(NULL, 0);
    }
    if (bytes.len > writer->chunk_left) {
        size_t room = bytes.len > CHUNK_BYTES ? bytes.len : CHUNK_BYTES;

        chunk = room > SIZE_MAX - sizeof *chunk ? NULL : malloc(sizeof *chunk + room);
        if (chunk == NULL) {
            writer->out_of_memory = true;
            return view_of(NULL, 0);
        }
        chunk->next = writer->chunks;
        chunk->room = room;
        writer->chunks = chunk;
        writer->chunk_left = room;
    }
    copy = chunk->bytes + (chunk->room - writer->chunk_left);
    memcpy(copy, bytes.ptr, bytes.len);
    writer->chunk_left -= bytes.len;
    writer->len_bytes += bytes.len;
    return view_of(copy, bytes.len);
}

/* Adds an element to one of the writer's arrays. */
static void add(struct bundle_writer *writer, struct buffer *array, const void *element, size_t size)
{
    buffer_append(array, element, size);
    writer->out_of_memory = writer->out_of_memory || array->failed;
}

static struct bundle_path keep_path(struct bundle_writer *writer, const struct merkle_path *path)
{
    struct bundle_path kept = {writer->uses.len / sizeof(uint32_t), path->count};

    assert(path->count <= MERKLE_PATH_MAX);
    if (!nodes_reserve(&writer->nodes, writer->pool.ptr, writer->nodes.count + path->count)) {
        writer->out_of_memory = true;
    }
    for (size_t i = 0; i < path->count && !writer->out_of_memory; i++) {
        uint32_t next = (uint32_t)writer->nodes.count;
        uint32_t use = nodes_put(&writer->nodes, writer->pool.ptr, path->nodes[i].bytes);

        if (use == NODES_NONE) {
            add(writer, &writer->pool, path->nodes[i].bytes, HASH_BYTES);
            use = next;
        }
        add(writer, &writer->uses, &use, sizeof use);
    }
    return kept;
}

static struct bundle_view keep_view(struct bundle_writer *writer, struct view note, const struct view *tokens,
                                    size_t count)
{
    struct bundle_view kept = {keep(writer, note), writer->tokens.len / sizeof(struct view), count};

    for (size_t i = 0; i < count; i++) {
        struct view token = keep(writer, tokens[i]);

        add(writer, &writer->tokens, &token, sizeof token);
    }
    return kept;
}

void bundle_put_view(struct bundle_writer *writer, struct view note, const struct view *tokens, size_t count)
{
    assert(!writer->has_view);
    writer->has_view = true;
    writer->view = keep_view(writer, note, tokens, count);
}

static void put_proof(struct bundle_writer *writer, struct buffer *array, struct view bytes,
                      const struct merkle_path *path)
{
    struct bundle_proof proof = {keep(writer, bytes), keep_path(writer, path)};

    add(writer, array, &proof, sizeof proof);
}

void bundle_put_record(struct bundle_writer *writer, struct view record, const struct merkle_path *path)
{
    put_proof(writer, &writer->records, record, path);
}

void bundle_put_asked(struct bundle_writer *writer, uint64_t subject)
{
    add(writer, &writer->asked, &subject, sizeof subject);
}

void bundle_put_leaf(struct bundle_writer *writer, struct view leaf, const struct merkle_path *path)
{
    put_proof(writer, &writer->leaves, leaf, path);
}

void bundle_put_seen(struct bundle_writer *writer, uint64_t size, const struct merkle_path *path)
{
    struct bundle_seen seen = {size, keep_path(writer, path)};

    add(writer, &writer->seen, &seen, sizeof seen);
}

void bundle_put_anchor(struct bundle_writer *writer, struct view note, const struct view *tokens, size_t count,
                       const struct merkle_path *path)
{
    struct bundle_anchor anchor = {keep_view(writer, note, tokens, count), keep_path(writer, path)};

    add(writer, &writer->anchors, &anchor, sizeof anchor);
}

void bundle_put_vouched(struct bundle_writer *writer, struct view note, const struct view *tokens, size_t count,
                        const struct merkle_path *path)
{
    assert(!writer->has_vouched);
    writer->has_vouched = true;
    writer->vouched.view = keep_view(writer, note, tokens, count);
    writer->vouched.path = keep_path(writer, path);
}

void bundle_put_sheet(struct bundle_writer *writer, struct view sheet)
{
    struct listed listed = {.bytes = keep(writer, sheet)};

    sheet_hash(writer->hasher, sheet, &listed.digest);
    add(writer, &writer->sheets, &listed, sizeof listed);
}

static void put_hashed(struct bundle_writer *writer, struct buffer *array, struct view bytes)
{
    struct listed listed = {.bytes = keep(writer, bytes)};

    hash_data(writer->hasher, bytes, &listed.digest);
    add(writer, array, &listed, sizeof listed);
}

void bundle_put_disclosure(struct bundle_writer *writer, struct view disclosure)
{
    put_hashed(writer, &writer->disclosures, disclosure);
}

void bundle_put_attachment(struct bundle_writer *writer, struct view attachment)
{
    put_hashed(writer, &writer->attachments, attachment);
}

void bundle_put_other(struct bundle_writer *writer, struct view bundle)
{
    struct view kept = keep(writer, bundle);

    add(writer, &writer->others, &kept, sizeof kept);
}
