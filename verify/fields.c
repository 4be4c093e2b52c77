/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fields: reading and writing of the fields that several layers share.
 */
#include "verify/fields.h"

#include <string.h>

#include "verify/act.h"
#include "verify/writer.h"

void field_domain(struct reader *reader, const char *domain)
{
    size_t at = reader->offset;
    struct view text = reader_text(reader, 0, SIZE_MAX, "domain text");

    if (!reader->failed && !view_equal(text, view_text(domain))) {
        field_fail_at(reader, at, "the domain text is another");
    }
}

uint64_t field_num(struct reader *reader, const char *what)
{
    return reader_uint(reader, NUM_MAX, what);
}

bool field_num_or_null(struct reader *reader, uint64_t *out, const char *what)
{
    if (reader_take_null(reader)) {
        return false;
    }
    *out = field_num(reader, what);
    return true;
}

void field_fixed(struct reader *reader, uint8_t *out, size_t len, const char *what)
{
    struct view bytes = reader_bytes(reader, len, len, what);

    if (!reader->failed) {
        memcpy(out, bytes.ptr, len);
    }
}

void field_hash(struct reader *reader, struct hash *out, const char *what)
{
    field_fixed(reader, out->bytes, HASH_BYTES, what);
}

bool field_hash_or_null(struct reader *reader, struct hash *out, const char *what)
{
    if (reader_take_null(reader)) {
        return false;
    }
    field_hash(reader, out, what);
    return true;
}

void field_fail_at(struct reader *reader, size_t at, const char *rule)
{
    if (reader->failed) {
        return;
    }
    reader->offset = at;
    reader_fail(reader, rule);
}

enum status field_layer_end(struct reader *reader, const char *layer, struct fault *fault)
{
    enum status status = reader_end(reader);

    if (status == STATUS_OK) {
        return STATUS_OK;
    }
    return fault_set(fault, reader->fault->status, reader->fault->at, "%s: %s", layer, reader->fault->text);
}

void field_write_hash(struct buffer *out, const struct hash *hash)
{
    writer_bytes(out, hash_view(hash));
}

void field_write_num_or_null(struct buffer *out, bool has, uint64_t value)
{
    if (has) {
        writer_uint(out, value);
    } else {
        writer_null(out);
    }
}

void field_write_hash_or_null(struct buffer *out, bool has, const struct hash *hash)
{
    if (has) {
        field_write_hash(out, hash);
    } else {
        writer_null(out);
    }
}
