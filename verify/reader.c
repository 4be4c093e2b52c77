/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader: one CBOR item at a time out of libcbor's streaming decoder, which never allocates. The
 * rules of the format that hold for every item are strict's; the ones that belong to a field are here.
 */
#include "verify/reader.h"

#include <assert.h>
#include <cbor/callbacks.h>
#include <cbor/streaming.h>
#include <inttypes.h>

#include "verify/strict.h"

/* What libcbor's callbacks say about one item. */
struct item {
    enum reader_type type; /* READER_END: nothing we know */
    uint64_t value;        /* integer, boolean, count; of a negative the n in -1 - n */
    struct view string;    /* borrows the input */
    size_t len;            /* of the head, and of the string with it */
};

static void on_number(void *context, enum reader_type type, uint64_t value)
{
    struct item *item = context;

    item->type = type;
    item->value = value;
}

static void on_string(void *context, enum reader_type type, const uint8_t *ptr, size_t len)
{
    struct item *item = context;

    item->type = type;
    item->string = view_of(ptr, len);
}

static void on_uint8(void *context, uint8_t value)
{
    on_number(context, READER_UINT, value);
}

static void on_uint16(void *context, uint16_t value)
{
    on_number(context, READER_UINT, value);
}

static void on_uint32(void *context, uint32_t value)
{
    on_number(context, READER_UINT, value);
}

static void on_uint64(void *context, uint64_t value)
{
    on_number(context, READER_UINT, value);
}

static void on_negative8(void *context, uint8_t value)
{
    on_number(context, READER_NEGATIVE, value);
}

static void on_negative16(void *context, uint16_t value)
{
    on_number(context, READER_NEGATIVE, value);
}

static void on_negative32(void *context, uint32_t value)
{
    on_number(context, READER_NEGATIVE, value);
}

static void on_negative64(void *context, uint64_t value)
{
    on_number(context, READER_NEGATIVE, value);
}

static void on_bytes(void *context, cbor_data ptr, size_t len)
{
    on_string(context, READER_BYTES, ptr, len);
}

static void on_text(void *context, cbor_data ptr, size_t len)
{
    on_string(context, READER_TEXT, ptr, len);
}

static void on_array(void *context, size_t count)
{
    on_number(context, READER_ARRAY, count);
}

static void on_map(void *context, size_t count)
{
    on_number(context, READER_MAP, count);
}

static void on_bool(void *context, bool value)
{
    on_number(context, READER_BOOL, value ? 1 : 0);
}

static void on_null(void *context)
{
    on_number(context, READER_NULL, 0);
}

/* Tags, floats, indefinite lengths, undefined: strict has refused them, and here they stay unknown. */
static const struct cbor_callbacks callbacks = {
    .uint8 = on_uint8,
    .uint16 = on_uint16,
    .uint32 = on_uint32,
    .uint64 = on_uint64,
    .negint8 = on_negative8,
    .negint16 = on_negative16,
    .negint32 = on_negative32,
    .negint64 = on_negative64,
    .byte_string_start = cbor_null_byte_string_start_callback,
    .byte_string = on_bytes,
    .string = on_text,
    .string_start = cbor_null_string_start_callback,
    .indef_array_start = cbor_null_indef_array_start_callback,
    .array_start = on_array,
    .indef_map_start = cbor_null_indef_map_start_callback,
    .map_start = on_map,
    .tag = cbor_null_tag_callback,
    .float2 = cbor_null_float2_callback,
    .float4 = cbor_null_float4_callback,
    .float8 = cbor_null_float8_callback,
    .undefined = cbor_null_undefined_callback,
    .null = on_null,
    .boolean = on_bool,
    .indef_break = cbor_null_indef_break_callback,
};

/* The next item, without consuming it. */
static void look(const struct reader *reader, struct item *out)
{
    struct cbor_decoder_result result;

    out->type = READER_END;
    if (reader->failed || reader->offset == reader->input.len) {
        return;
    }
    result = cbor_stream_decode(reader->input.ptr + reader->offset, reader->input.len - reader->offset, &callbacks, out);
    if (result.status != CBOR_DECODER_FINISHED) {
        out->type = READER_END;
        return;
    }
    out->len = result.read;
}

static void fail(struct reader *reader, const char *what, const char *rule)
{
    if (reader->failed) {
        return;
    }
    reader->failed = true;
    (void)fault_set(reader->fault, STATUS_DAMAGED, reader->offset, "byte %zu: %s %s", reader->offset, what, rule);
}

static void fail_range(struct reader *reader, const char *what, const char *unit, uint64_t value, uint64_t min,
                       uint64_t max)
{
    reader->failed = true;
    (void)fault_set(reader->fault, STATUS_DAMAGED, reader->offset,
                    "byte %zu: %s is %" PRIu64 "%s, allowed are %" PRIu64 " to %" PRIu64, reader->offset, what, value,
                    unit, min, max);
}

struct reader reader_open(struct view input, struct fault *fault)
{
    struct reader reader = reader_open_checked(input, fault);

    reader.failed = strict_check(input, fault) != STATUS_OK;
    return reader;
}

struct reader reader_open_checked(struct view input, struct fault *fault)
{
    return (struct reader){.input = input, .fault = fault};
}

enum reader_type reader_peek(const struct reader *reader)
{
    struct item item;

    look(reader, &item);
    return item.type;
}

uint64_t reader_uint(struct reader *reader, uint64_t max, const char *what)
{
    struct item item;

    look(reader, &item);
    if (item.type != READER_UINT) {
        fail(reader, what, "is not an unsigned integer");
        return 0;
    }
    if (item.value > max) {
        fail_range(reader, what, "", item.value, 0, max);
        return 0;
    }
    reader->offset += item.len;
    return item.value;
}

int64_t reader_int(struct reader *reader, const char *what)
{
    struct item item;

    look(reader, &item);
    if ((item.type != READER_UINT && item.type != READER_NEGATIVE) || item.value > INT64_MAX) {
        fail(reader, what, "is not an integer");
        return 0;
    }
    reader->offset += item.len;
    return item.type == READER_UINT ? (int64_t)item.value : -1 - (int64_t)item.value;
}

bool reader_bool(struct reader *reader, const char *what)
{
    struct item item;

    look(reader, &item);
    if (item.type != READER_BOOL) {
        fail(reader, what, "is neither true nor false");
        return false;
    }
    reader->offset += item.len;
    return item.value != 0;
}

static struct view read_string(struct reader *reader, enum reader_type type, size_t min, size_t max, const char *what)
{
    struct item item;

    look(reader, &item);
    if (item.type != type) {
        fail(reader, what, type == READER_TEXT ? "is not a text string" : "is not a byte string");
        return view_of(NULL, 0);
    }
    if (item.string.len < min || item.string.len > max) {
        fail_range(reader, what, " bytes long", item.string.len, min, max);
        return view_of(NULL, 0);
    }
    reader->offset += item.len;
    return item.string;
}

struct view reader_bytes(struct reader *reader, size_t min, size_t max, const char *what)
{
    return read_string(reader, READER_BYTES, min, max, what);
}

struct view reader_text(struct reader *reader, size_t min, size_t max, const char *what)
{
    return read_string(reader, READER_TEXT, min, max, what);
}

static size_t read_count(struct reader *reader, enum reader_type type, size_t min, size_t max, const char *what)
{
    struct item item;

    look(reader, &item);
    if (item.type != type) {
        fail(reader, what, type == READER_MAP ? "is not a map" : "is not an array");
        return 0;
    }
    if (item.value < min || item.value > max) {
        fail_range(reader, what, type == READER_MAP ? " pairs long" : " items long", item.value, min, max);
        return 0;
    }
    reader->offset += item.len;
    return (size_t)item.value;
}

size_t reader_array(struct reader *reader, size_t min, size_t max, const char *what)
{
    return read_count(reader, READER_ARRAY, min, max, what);
}

size_t reader_map(struct reader *reader, size_t min, size_t max, const char *what)
{
    return read_count(reader, READER_MAP, min, max, what);
}

bool reader_take_null(struct reader *reader)
{
    struct item item;

    look(reader, &item);
    if (item.type != READER_NULL) {
        return false;
    }
    reader->offset += item.len;
    return true;
}

struct view reader_skip(struct reader *reader, const char *what)
{
    size_t begin = reader->offset;
    uint64_t owed = 1;

    while (owed > 0) {
        struct item item;

        look(reader, &item);
        if (item.type == READER_END) {
            fail(reader, what, "is missing");
            return view_of(NULL, 0);
        }
        reader->offset += item.len;
        owed--;
        if (item.type == READER_ARRAY || item.type == READER_MAP) {
            /* strict has bounded every count by the bytes, so this cannot overflow. */
            assert(item.value <= reader->input.len);
            owed += item.type == READER_MAP ? 2 * item.value : item.value;
        }
    }
    return view_part(reader->input, begin, reader->offset - begin);
}

void reader_fail(struct reader *reader, const char *rule)
{
    if (reader->failed) {
        return;
    }
    reader->failed = true;
    (void)fault_set(reader->fault, STATUS_DAMAGED, reader->offset, "byte %zu: %s", reader->offset, rule);
}

enum status reader_end(struct reader *reader)
{
    if (!reader->failed && reader->offset != reader->input.len) {
        reader_fail(reader, "bytes follow the last field");
    }
    return reader->failed ? STATUS_DAMAGED : STATUS_OK;
}
