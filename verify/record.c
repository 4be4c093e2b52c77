/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record: the record's own layer and the heads leaf, decoded and encoded (SPEC 4). The act inside stays bytes.
 */
#include "verify/record.h"

#include <assert.h>
#include <inttypes.h>

#include "verify/fields.h"
#include "verify/writer.h"

#define LEAF_DOMAIN "heads/1"

enum { RECORD_VERSION = 1, RECORD_FIELDS = 7, LEAF_FIELDS = 6 };

/* The third item, where every version known has the index; UINT64_MAX when it is no number. */
static uint64_t peek_index(struct reader reader, size_t count)
{
    uint64_t index;

    reader.fault = NULL;
    if (count < 3) {
        return UINT64_MAX;
    }
    (void)reader_skip(&reader, "version");
    (void)reader_skip(&reader, "type");
    index = field_num(&reader, "index");
    return reader.failed ? UINT64_MAX : index;
}

/* The record's first item is an integer other than 1. What may follow then is not ours to know. */
static bool is_other_version(struct reader reader, int64_t *version)
{
    reader.fault = NULL;
    *version = reader_int(&reader, "version");
    return !reader.failed && *version != RECORD_VERSION;
}

/* [ subject, number, before ]; number >= 1, before = null exactly when number = 1, before < index */
static void read_link(struct reader *reader, uint64_t index, struct link *out)
{
    size_t at = reader->offset;

    (void)reader_array(reader, 3, 3, "link");
    out->subject = field_num(reader, "link's subject");
    out->number = field_num(reader, "link's number");
    out->has_before = field_num_or_null(reader, &out->before, "link's record before");
    if (reader->failed) {
        return;
    }
    if (out->number == 0) {
        field_fail_at(reader, at, "link's number is 0");
    } else if (out->has_before != (out->number > 1)) {
        field_fail_at(reader, at, "a link names no record before exactly when its number is 1");
    } else if (out->has_before && out->before >= index) {
        field_fail_at(reader, at, "a link's record before is not before this record");
    }
}

static void read_links(struct reader *reader, struct record *out)
{
    out->link_count = reader_array(reader, 1, RECORD_LINKS_MAX, "links");
    for (size_t i = 0; i < out->link_count && !reader->failed; i++) {
        size_t at = reader->offset;

        read_link(reader, out->index, &out->links[i]);
        if (!reader->failed && i > 0 && out->links[i].subject <= out->links[i - 1].subject) {
            field_fail_at(reader, at, "links are not ascending by subject and distinct");
        }
    }
}

/* What follows the version. */
static void read_fields(struct reader *reader, struct record *out)
{
    size_t at;

    out->type = (enum record_type)reader_uint(reader, RECORD_HEADS, "type");
    (void)field_num(reader, "index"); /* out->index has it */
    at = reader->offset;
    out->has_prev = field_hash_or_null(reader, &out->prev, "prev");
    if (!reader->failed && out->has_prev != (out->index > 0)) {
        field_fail_at(reader, at, "prev is null exactly in the record with index 0");
    }
    if (out->type == RECORD_HEADS && out->index == 0) {
        field_fail_at(reader, at, "a heads record cannot have index 0");
    }
    out->logged_s = field_num(reader, "logged time");
    out->link_count = 0;
    if (out->type == RECORD_ACT) {
        read_links(reader, out);
        out->act = reader_bytes(reader, 0, RECORD_BYTES_MAX, "act");
    } else {
        out->act = view_of(NULL, 0);
        out->subjects = field_num(reader, "number of subjects");
        field_hash(reader, &out->root, "heads root");
    }
}

enum status record_decode(struct view bytes, struct record *out, struct fault *fault)
{
    struct fault own;
    struct reader reader;
    size_t count;
    int64_t version = 0;

    fault_clear(&own);
    out->bytes = bytes;
    out->index = UINT64_MAX;
    if (bytes.len > RECORD_BYTES_MAX) {
        return fault_set(fault, STATUS_DAMAGED, RECORD_BYTES_MAX, "record: %zu bytes long, allowed are %d", bytes.len,
                         RECORD_BYTES_MAX);
    }
    reader = reader_open(bytes, &own);
    count = reader_array(&reader, 1, SIZE_MAX, "record");
    if (!reader.failed) {
        out->index = peek_index(reader, count);
    }
    if (!reader.failed && is_other_version(reader, &version)) {
        return fault_set(fault, STATUS_REFUSED, out->index, "record: version %" PRId64 " is not known, only 1 is",
                         version);
    }
    (void)reader_uint(&reader, RECORD_VERSION, "version");
    if (!reader.failed && count != RECORD_FIELDS) {
        field_fail_at(&reader, 0, "a record has 7 fields");
    }
    read_fields(&reader, out);
    return field_layer_end(&reader, "record", fault);
}

static void write_links(struct buffer *out, const struct record *record)
{
    assert(record->link_count >= 1 && record->link_count <= RECORD_LINKS_MAX);
    writer_array(out, record->link_count);
    for (size_t i = 0; i < record->link_count; i++) {
        const struct link *link = &record->links[i];

        assert(i == 0 || record->links[i - 1].subject < link->subject);
        writer_array(out, 3);
        writer_uint(out, link->subject);
        writer_uint(out, link->number);
        field_write_num_or_null(out, link->has_before, link->before);
    }
}

void record_encode(const struct record *record, struct buffer *out)
{
    writer_array(out, RECORD_FIELDS);
    writer_uint(out, RECORD_VERSION);
    writer_uint(out, (uint64_t)record->type);
    writer_uint(out, record->index);
    field_write_hash_or_null(out, record->has_prev, &record->prev);
    writer_uint(out, record->logged_s);
    if (record->type == RECORD_ACT) {
        write_links(out, record);
        writer_bytes(out, record->act);
    } else {
        writer_uint(out, record->subjects);
        field_write_hash(out, &record->root);
    }
}

const struct link *record_link(const struct record *record, uint64_t subject)
{
    size_t from = 0;
    size_t to = record->link_count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (record->links[middle].subject < subject) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    if (from == record->link_count || record->links[from].subject != subject) {
        return NULL;
    }
    return &record->links[from];
}

enum status heads_leaf_decode(struct view bytes, struct heads_leaf *out, struct fault *fault)
{
    struct fault own;
    struct reader reader;

    fault_clear(&own);
    reader = reader_open(bytes, &own);
    (void)reader_array(&reader, LEAF_FIELDS, LEAF_FIELDS, "heads leaf");
    field_domain(&reader, LEAF_DOMAIN);
    field_hash(&reader, &out->ledger, "ledger");
    out->subject = field_num(&reader, "subject");
    out->count = field_num(&reader, "count");
    out->last = field_num(&reader, "last index");
    field_hash(&reader, &out->last_hash, "last record's hash");
    return field_layer_end(&reader, "heads leaf", fault);
}

void heads_leaf_encode(const struct heads_leaf *leaf, struct buffer *out)
{
    writer_array(out, LEAF_FIELDS);
    writer_text(out, view_text(LEAF_DOMAIN));
    field_write_hash(out, &leaf->ledger);
    writer_uint(out, leaf->subject);
    writer_uint(out, leaf->count);
    writer_uint(out, leaf->last);
    field_write_hash(out, &leaf->last_hash);
}
