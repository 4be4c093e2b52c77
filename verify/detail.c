/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detail: sheets, disclosures and their values (SPEC 3.7, 4). Whether a disclosure belongs to a line of a sheet is
 * the verifier's question.
 */
#include "verify/detail.h"

#include <assert.h>
#include <inttypes.h>

#include "verify/fields.h"
#include "verify/text.h"
#include "verify/writer.h"

#define DISCLOSURE_DOMAIN "unbroken/1 detail"

enum { DISCLOSURE_FIELDS = 9, MEDIA_TYPE_MAX = 128, FILE_HASH = 0, FILE_LENGTH = 1, FILE_TYPE = 2, FILE_KEYS = 3 };

/* ---- sheets ---- */

static void read_line(struct reader *reader, struct sheet_line *out)
{
    (void)reader_array(reader, 3, 3, "line");
    out->name = field_num(reader, "name");
    out->ordinal = field_num(reader, "ordinal");
    field_hash(reader, &out->digest, "digest");
}

/* Ascending by (name, ordinal), and the ordinals of a name are 0, 1, 2 ...: only this may follow. */
static bool line_follows(const struct sheet_line *before, const struct sheet_line *line)
{
    if (before != NULL && line->name == before->name) {
        return line->ordinal == before->ordinal + 1;
    }
    return line->ordinal == 0 && (before == NULL || line->name > before->name);
}

static void check_lines(struct reader *reader, size_t count)
{
    struct sheet_line lines[2]; /* this and the one before, in turn */

    for (size_t i = 0; i < count && !reader->failed; i++) {
        size_t at = reader->offset;

        read_line(reader, &lines[i % 2]);
        if (!reader->failed && !line_follows(i == 0 ? NULL : &lines[(i - 1) % 2], &lines[i % 2])) {
            field_fail_at(reader, at, "lines do not ascend by name with the ordinals 0, 1, 2 ...");
        }
    }
}

enum status sheet_open(struct view sheet, struct sheet_cursor *out, struct fault *fault)
{
    struct fault own;
    struct reader reader;
    size_t count;

    fault_clear(&own);
    if (sheet.len > SHEET_BYTES_MAX) {
        return fault_set(fault, STATUS_DAMAGED, SHEET_BYTES_MAX, "sheet: %zu bytes long, allowed are %d", sheet.len,
                         SHEET_BYTES_MAX);
    }
    reader = reader_open(sheet, &own);
    count = reader_array(&reader, 1, SHEET_LINES_MAX, "sheet");
    out->left = count;
    out->reader = reader;
    check_lines(&reader, count);
    /* The cursor stays at the first line; nothing behind it can fail, and `own` ends here. */
    out->reader.fault = NULL;
    return field_layer_end(&reader, "sheet", fault);
}

bool sheet_next(struct sheet_cursor *cursor, struct sheet_line *out)
{
    if (cursor->left == 0) {
        return false;
    }
    read_line(&cursor->reader, out);
    assert(!cursor->reader.failed);
    cursor->left--;
    return true;
}

void sheet_encode(const struct sheet_line *lines, size_t count, struct buffer *out)
{
    assert(count >= 1 && count <= SHEET_LINES_MAX);
    writer_array(out, count);
    for (size_t i = 0; i < count; i++) {
        assert(line_follows(i == 0 ? NULL : &lines[i - 1], &lines[i]));
        writer_array(out, 3);
        writer_uint(out, lines[i].name);
        writer_uint(out, lines[i].ordinal);
        field_write_hash(out, &lines[i].digest);
    }
}

void sheet_hash(struct hasher *hasher, struct view sheet, struct hash *out)
{
    hash_prefixed(hasher, HASH_PREFIX_SHEET, sheet, out);
}

/* ---- values ---- */

static void read_file_key(struct reader *reader, unsigned key)
{
    size_t at = reader->offset;
    int64_t found = reader_int(reader, "attachment key");

    if (!reader->failed && found != key) {
        field_fail_at(reader, at, "the attachment's keys are not 0, 1 and 2");
    }
}

static void read_file(struct reader *reader, struct attachment *out)
{
    (void)reader_map(reader, FILE_KEYS, FILE_KEYS, "attachment");
    read_file_key(reader, FILE_HASH);
    field_hash(reader, &out->hash, "attachment's hash");
    read_file_key(reader, FILE_LENGTH);
    out->length_bytes = field_num(reader, "attachment's length");
    read_file_key(reader, FILE_TYPE);
    out->media_type = reader_text(reader, 1, MEDIA_TYPE_MAX, "media type");
}

static struct view read_list(struct reader *reader)
{
    size_t begin = reader->offset;
    size_t count = reader_array(reader, 1, VALUE_ITEMS_MAX, "list");

    for (size_t i = 0; i < count && !reader->failed; i++) {
        if (reader_peek(reader) == READER_TEXT) {
            (void)reader_text(reader, 0, SIZE_MAX, "list item");
        } else {
            (void)reader_int(reader, "list item, no text,");
        }
    }
    return view_part(reader->input, begin, reader->offset - begin);
}

static void read_value(struct reader *reader, struct value *out)
{
    switch (reader_peek(reader)) {
    case READER_TEXT:
        out->type = VALUE_TEXT;
        out->text = reader_text(reader, 0, SIZE_MAX, "value");
        break;
    case READER_UINT:
    case READER_NEGATIVE:
        out->type = VALUE_INT;
        out->number = reader_int(reader, "value");
        break;
    case READER_BYTES:
        out->type = VALUE_BYTES;
        out->text = reader_bytes(reader, 0, SIZE_MAX, "value");
        break;
    case READER_MAP:
        out->type = VALUE_FILE;
        read_file(reader, &out->file);
        break;
    case READER_ARRAY:
        out->type = VALUE_LIST;
        out->list = read_list(reader);
        break;
    default:
        reader_fail(reader, "value is neither text, integer, bytes, attachment nor list");
    }
}

static void write_value(struct buffer *out, const struct value *value)
{
    switch (value->type) {
    case VALUE_TEXT:
        writer_text(out, value->text);
        break;
    case VALUE_INT:
        writer_int(out, value->number);
        break;
    case VALUE_BYTES:
        writer_bytes(out, value->text);
        break;
    case VALUE_FILE:
        writer_map(out, FILE_KEYS);
        writer_uint(out, FILE_HASH);
        field_write_hash(out, &value->file.hash);
        writer_uint(out, FILE_LENGTH);
        writer_uint(out, value->file.length_bytes);
        writer_uint(out, FILE_TYPE);
        writer_text(out, value->file.media_type);
        break;
    case VALUE_LIST:
        buffer_append_view(out, value->list);
        break;
    }
}

static void print_list(struct view list, struct buffer *out)
{
    struct reader reader = reader_open_checked(list, NULL);
    size_t count = reader_array(&reader, 1, VALUE_ITEMS_MAX, "list");

    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            buffer_append_view(out, view_text("; "));
        }
        if (reader_peek(&reader) == READER_TEXT) {
            buffer_append_view(out, reader_text(&reader, 0, SIZE_MAX, "list item"));
        } else {
            buffer_printf(out, "%" PRId64, reader_int(&reader, "list item"));
        }
    }
    assert(!reader.failed);
}

void value_print(const struct value *value, struct buffer *out)
{
    switch (value->type) {
    case VALUE_TEXT:
        buffer_append_view(out, value->text);
        break;
    case VALUE_INT:
        buffer_printf(out, "%" PRId64, value->number);
        break;
    case VALUE_BYTES:
        text_hex(out, value->text);
        break;
    case VALUE_FILE:
        buffer_append_view(out, value->file.media_type);
        buffer_printf(out, ", %" PRIu64 " bytes, ", value->file.length_bytes);
        text_hex(out, hash_view(&value->file.hash));
        break;
    case VALUE_LIST:
        print_list(value->list, out);
        break;
    }
}

/* ---- disclosures ---- */

enum status disclosure_decode(struct view bytes, struct disclosure *out, struct fault *fault)
{
    struct fault own;
    struct reader reader;

    fault_clear(&own);
    if (bytes.len > DISCLOSURE_BYTES_MAX) {
        return fault_set(fault, STATUS_DAMAGED, DISCLOSURE_BYTES_MAX, "disclosure: %zu bytes long, allowed are %d",
                         bytes.len, DISCLOSURE_BYTES_MAX);
    }
    reader = reader_open(bytes, &own);
    (void)reader_array(&reader, DISCLOSURE_FIELDS, DISCLOSURE_FIELDS, "disclosure");
    field_domain(&reader, DISCLOSURE_DOMAIN);
    out->has_ledger = field_hash_or_null(&reader, &out->ledger, "ledger");
    out->author = field_num(&reader, "author");
    field_fixed(&reader, out->nonce, DETAIL_NONCE_BYTES, "nonce");
    out->has_subject = field_num_or_null(&reader, &out->subject, "subject");
    out->name = field_num(&reader, "name");
    out->ordinal = field_num(&reader, "ordinal");
    field_fixed(&reader, out->salt, SALT_BYTES, "salt");
    read_value(&reader, &out->value);
    return field_layer_end(&reader, "disclosure", fault);
}

void disclosure_encode(const struct disclosure *disclosure, struct buffer *out)
{
    writer_array(out, DISCLOSURE_FIELDS);
    writer_text(out, view_text(DISCLOSURE_DOMAIN));
    field_write_hash_or_null(out, disclosure->has_ledger, &disclosure->ledger);
    writer_uint(out, disclosure->author);
    writer_bytes(out, view_of(disclosure->nonce, DETAIL_NONCE_BYTES));
    field_write_num_or_null(out, disclosure->has_subject, disclosure->subject);
    writer_uint(out, disclosure->name);
    writer_uint(out, disclosure->ordinal);
    writer_bytes(out, view_of(disclosure->salt, SALT_BYTES));
    write_value(out, &disclosure->value);
}
