/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle_write: writes the file from what bundle_collect.c has. Nodes are numbered only now, because the pool is in
 * the order in which the file uses them, not in the order in which the parts came.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "verify/bundle_writer.h"
#include "verify/fields.h"
#include "verify/writer.h"

#define BUNDLE_DOMAIN "unbroken bundle/1"

enum { BUNDLE_FIELDS = 14 };

/* ---- numbering ---- */

/* The pool as the file has it, and the new position of each node. */
struct numbering {
    uint32_t *position; /* owned, by old position; NODES_NONE: not met */
    uint32_t count;
    struct buffer pool;
};

static uint32_t use_at(const struct bundle_writer *writer, size_t i)
{
    uint32_t use;

    memcpy(&use, writer->uses.ptr + i * sizeof use, sizeof use);
    return use;
}

static void number_path(const struct bundle_writer *writer, struct bundle_path path, struct numbering *numbering)
{
    for (size_t i = 0; i < path.count; i++) {
        uint32_t use = use_at(writer, path.first + i);

        if (numbering->position[use] == NODES_NONE) {
            numbering->position[use] = numbering->count;
            numbering->count++;
            buffer_append(&numbering->pool, writer->pool.ptr + (size_t)use * HASH_BYTES, HASH_BYTES);
        }
    }
}

/* The array in a buffer, and its length. */
static const void *array_of(const struct buffer *buffer, size_t size, size_t *count)
{
    *count = buffer->len / size;
    return buffer->ptr;
}

static void number_proofs(const struct bundle_writer *writer, const struct buffer *array, struct numbering *numbering)
{
    size_t count;
    const struct bundle_proof *proofs = array_of(array, sizeof *proofs, &count);

    for (size_t i = 0; i < count; i++) {
        number_path(writer, proofs[i].path, numbering);
    }
}

/* In the order of use of SPEC 4. False: out of memory. */
static bool number_nodes(const struct bundle_writer *writer, struct numbering *out)
{
    size_t seen_count;
    const struct bundle_seen *seen = array_of(&writer->seen, sizeof *seen, &seen_count);
    size_t anchor_count;
    const struct bundle_anchor *anchors = array_of(&writer->anchors, sizeof *anchors, &anchor_count);

    out->position = malloc((writer->nodes.count + 1) * sizeof out->position[0]);
    if (out->position == NULL) {
        return false;
    }
    memset(out->position, 0xff, (writer->nodes.count + 1) * sizeof out->position[0]);
    number_proofs(writer, &writer->records, out);
    number_proofs(writer, &writer->leaves, out);
    for (size_t i = 0; i < seen_count; i++) {
        number_path(writer, seen[i].path, out);
    }
    for (size_t i = 0; i < anchor_count; i++) {
        number_path(writer, anchors[i].path, out);
    }
    if (writer->has_vouched) {
        number_path(writer, writer->vouched.path, out);
    }
    return !out->pool.failed;
}

/* ---- writing ---- */

static void write_path(const struct bundle_writer *writer, const struct numbering *numbering, struct bundle_path path,
                       struct buffer *out)
{
    writer_array(out, path.count);
    for (size_t i = 0; i < path.count; i++) {
        writer_uint(out, numbering->position[use_at(writer, path.first + i)]);
    }
}

static void write_views(struct buffer *out, const struct view *views, size_t count)
{
    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        writer_bytes(out, views[i]);
    }
}

static void write_view(const struct bundle_writer *writer, const struct bundle_view *view, struct buffer *out)
{
    size_t count;
    const struct view *tokens = array_of(&writer->tokens, sizeof *tokens, &count);

    writer_array(out, 2);
    writer_bytes(out, view->note);
    write_views(out, view->token_count == 0 ? NULL : tokens + view->token_first, view->token_count);
}

static void write_anchor(const struct bundle_writer *writer, const struct numbering *numbering,
                         const struct bundle_anchor *anchor, struct buffer *out)
{
    writer_array(out, 2);
    write_view(writer, &anchor->view, out);
    write_path(writer, numbering, anchor->path, out);
}

static void write_proofs(const struct bundle_writer *writer, const struct numbering *numbering,
                         const struct buffer *array, struct buffer *out)
{
    size_t count;
    const struct bundle_proof *proofs = array_of(array, sizeof *proofs, &count);

    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        writer_array(out, 2);
        writer_bytes(out, proofs[i].bytes);
        write_path(writer, numbering, proofs[i].path, out);
    }
}

static void write_seen(const struct bundle_writer *writer, const struct numbering *numbering, struct buffer *out)
{
    size_t count;
    const struct bundle_seen *seen = array_of(&writer->seen, sizeof *seen, &count);

    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        writer_array(out, 2);
        writer_uint(out, seen[i].size);
        write_path(writer, numbering, seen[i].path, out);
    }
}

static void write_anchors(const struct bundle_writer *writer, const struct numbering *numbering, struct buffer *out)
{
    size_t count;
    const struct bundle_anchor *anchors = array_of(&writer->anchors, sizeof *anchors, &count);

    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        write_anchor(writer, numbering, &anchors[i], out);
    }
    if (writer->has_vouched) {
        write_anchor(writer, numbering, &writer->vouched, out);
    } else {
        writer_null(out);
    }
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

static int compare_listed(const void *a, const void *b)
{
    return memcmp(((const struct listed *)a)->digest.bytes, ((const struct listed *)b)->digest.bytes, HASH_BYTES);
}

/* Sorts an array in its buffer and drops what stands twice. */
static void sort_distinct(struct buffer *array, size_t size, int (*compare)(const void *, const void *))
{
    size_t count = array->len / size;
    size_t kept = 0;

    if (count == 0) {
        return;
    }
    qsort(array->ptr, count, size, compare);
    for (size_t i = 1; i < count; i++) {
        if (compare(array->ptr + kept * size, array->ptr + i * size) != 0) {
            kept++;
            memmove(array->ptr + kept * size, array->ptr + i * size, size);
        }
    }
    array->len = (kept + 1) * size;
}

static void write_asked(struct bundle_writer *writer, struct buffer *out)
{
    size_t count;
    const uint64_t *asked;

    sort_distinct(&writer->asked, sizeof *asked, compare_numbers);
    asked = array_of(&writer->asked, sizeof *asked, &count);
    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        writer_uint(out, asked[i]);
    }
}

static void write_listed(struct buffer *array, struct buffer *out)
{
    size_t count;
    const struct listed *list;

    sort_distinct(array, sizeof *list, compare_listed);
    list = array_of(array, sizeof *list, &count);
    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        writer_bytes(out, list[i].bytes);
    }
}

/* All items but the check. */
static void write_body(struct bundle_writer *writer, const struct numbering *numbering, struct buffer *out)
{
    size_t other_count;
    const struct view *others = array_of(&writer->others, sizeof *others, &other_count);

    writer_array(out, BUNDLE_FIELDS);
    writer_text(out, view_text(BUNDLE_DOMAIN));
    write_view(writer, &writer->view, out);
    writer_bytes(out, buffer_view(&numbering->pool));
    write_proofs(writer, numbering, &writer->records, out);
    write_asked(writer, out);
    write_proofs(writer, numbering, &writer->leaves, out);
    write_seen(writer, numbering, out);
    write_anchors(writer, numbering, out);
    write_listed(&writer->sheets, out);
    write_listed(&writer->disclosures, out);
    write_listed(&writer->attachments, out);
    write_views(out, others, other_count);
}

static enum status too_long(uint64_t len, struct fault *fault)
{
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the bundle would be %" PRIu64 " bytes long, allowed are %"
                     PRIu64, len, BUNDLE_BYTES_MAX);
}

enum status bundle_write(struct bundle_writer *writer, struct buffer *out, struct fault *fault)
{
    struct numbering numbering = {.position = NULL};
    struct hash check;
    size_t start = out->len;
    enum status status = STATUS_OK;

    assert(writer->has_view);
    if (writer->len_bytes > BUNDLE_BYTES_MAX) {
        return too_long(writer->len_bytes, fault);
    }
    if (writer->out_of_memory || !number_nodes(writer, &numbering)) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a bundle");
        goto done;
    }
    write_body(writer, &numbering, out);
    status = buffer_status(out, fault);
    if (status != STATUS_OK) {
        goto done;
    }
    hash_data(writer->hasher, view_part(buffer_view(out), start, out->len - start), &check);
    field_write_hash(out, &check);
    status = buffer_status(out, fault);
    if (status == STATUS_OK && out->len - start > BUNDLE_BYTES_MAX) {
        status = too_long(out->len - start, fault);
    }
done:
    if (status != STATUS_OK) {
        out->len = start;
    }
    free(numbering.position);
    buffer_free(&numbering.pool);
    return status;
}
