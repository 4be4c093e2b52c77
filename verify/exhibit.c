/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exhibit: the two small files that prove a station's lie, and how a file's kind is told by its first bytes
 * (SPEC 4 `fork` and `false-heads`, V2). What they prove is checked by the verifier (V16).
 */
#include <string.h>

#include "verify/bundle.h"
#include "verify/fields.h"

#define FORK_DOMAIN "unbroken fork/1"
#define FALSE_HEADS_DOMAIN "unbroken false-heads/1"

enum { FORK_FIELDS = 4, FALSE_HEADS_FIELDS = 5, NOTE_BYTES_MAX = 65536 };

/* An array head of that many items, then that text with its head: RFC 8949 3, both shorter than 24. */
static bool starts_as(struct view file, uint8_t fields, const char *domain)
{
    struct view text = view_text(domain);

    return file.len >= 2 + text.len && file.ptr[0] == 0x80 + fields && file.ptr[1] == 0x60 + text.len &&
           memcmp(file.ptr + 2, text.ptr, text.len) == 0;
}

enum file_kind file_kind(struct view file)
{
    if (starts_as(file, FORK_FIELDS, FORK_DOMAIN)) {
        return FILE_FORK;
    }
    return starts_as(file, FALSE_HEADS_FIELDS, FALSE_HEADS_DOMAIN) ? FILE_FALSE_HEADS : FILE_BUNDLE;
}

/* [* hash] */
static void read_nodes(struct reader *reader, struct merkle_path *out)
{
    out->count = reader_array(reader, 0, EXHIBIT_PATH_MAX, "nodes");
    for (size_t i = 0; i < out->count && !reader->failed; i++) {
        field_hash(reader, &out->nodes[i], "node");
    }
}

/* [ bytes, [* hash] ] */
static void read_part(struct reader *reader, const char *what, struct exhibit_part *out)
{
    (void)reader_array(reader, 2, 2, what);
    out->bytes = reader_bytes(reader, 0, SIZE_MAX, what);
    read_nodes(reader, &out->path);
}

enum status fork_decode(struct view file, struct fork_exhibit *out, struct fault *fault)
{
    struct fault own;
    struct reader reader;

    fault_clear(&own);
    reader = reader_open(file, &own);
    (void)reader_array(&reader, FORK_FIELDS, FORK_FIELDS, "fork");
    field_domain(&reader, FORK_DOMAIN);
    out->a = reader_bytes(&reader, 0, NOTE_BYTES_MAX, "note a");
    out->b = reader_bytes(&reader, 0, NOTE_BYTES_MAX, "note b");
    read_nodes(&reader, &out->nodes);
    return field_layer_end(&reader, "fork", fault);
}

enum status false_heads_decode(struct view file, struct false_heads_exhibit *out, struct fault *fault)
{
    struct fault own;
    struct reader reader;

    fault_clear(&own);
    reader = reader_open(file, &own);
    (void)reader_array(&reader, FALSE_HEADS_FIELDS, FALSE_HEADS_FIELDS, "false-heads");
    field_domain(&reader, FALSE_HEADS_DOMAIN);
    out->note = reader_bytes(&reader, 0, NOTE_BYTES_MAX, "note");
    read_part(&reader, "heads record", &out->heads);
    out->has_leaf = !reader_take_null(&reader);
    if (out->has_leaf) {
        read_part(&reader, "heads leaf", &out->leaf);
    }
    read_part(&reader, "record", &out->record);
    return field_layer_end(&reader, "false-heads", fault);
}
