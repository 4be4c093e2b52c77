/* SPDX-License-Identifier: Apache-2.0 */
/*
 * writer: the heads come from libcbor's encoders, which choose the shortest form; the order of
 * map keys is the caller's.
 */
#include "verify/writer.h"

#include <assert.h>
#include <cbor/encoding.h>

enum { HEAD_BYTES_MAX = 9 };

typedef size_t encoder(size_t value, unsigned char *ptr, size_t size);

/* libcbor's size_t encoders share one signature; those of integers take uint64_t. */
static void write_head(struct buffer *out, encoder *encode, size_t value)
{
    uint8_t head[HEAD_BYTES_MAX];
    size_t len = encode(value, head, sizeof head);

    assert(len > 0);
    buffer_append(out, head, len);
}

void writer_uint(struct buffer *out, uint64_t value)
{
    uint8_t head[HEAD_BYTES_MAX];
    size_t len = cbor_encode_uint(value, head, sizeof head);

    assert(len > 0);
    buffer_append(out, head, len);
}

void writer_int(struct buffer *out, int64_t value)
{
    uint8_t head[HEAD_BYTES_MAX];
    size_t len;

    if (value >= 0) {
        writer_uint(out, (uint64_t)value);
        return;
    }
    /* -1 - value, which cannot overflow, is what RFC 8949 3.1 stores. */
    len = cbor_encode_negint((uint64_t)(-1 - value), head, sizeof head);
    assert(len > 0);
    buffer_append(out, head, len);
}

void writer_bytes(struct buffer *out, struct view bytes)
{
    write_head(out, cbor_encode_bytestring_start, bytes.len);
    buffer_append_view(out, bytes);
}

void writer_text(struct buffer *out, struct view text)
{
    write_head(out, cbor_encode_string_start, text.len);
    buffer_append_view(out, text);
}

void writer_array(struct buffer *out, size_t count)
{
    write_head(out, cbor_encode_array_start, count);
}

void writer_map(struct buffer *out, size_t pairs)
{
    write_head(out, cbor_encode_map_start, pairs);
}

void writer_bool(struct buffer *out, bool value)
{
    uint8_t head[HEAD_BYTES_MAX];
    size_t len = cbor_encode_bool(value, head, sizeof head);

    assert(len > 0);
    buffer_append(out, head, len);
}

void writer_null(struct buffer *out)
{
    uint8_t head[HEAD_BYTES_MAX];
    size_t len = cbor_encode_null(head, sizeof head);

    assert(len > 0);
    buffer_append(out, head, len);
}
