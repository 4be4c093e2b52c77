/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt: the root stands in it nowhere: it is what record and path lead to, so a receipt cannot contradict itself.
 */
#include "verify/receipt.h"

#include <string.h>

#include "verify/fields.h"
#include "verify/writer.h"

#define RECEIPT_DOMAIN "unbroken receipt/1"

enum { RECEIPT_FIELDS = 9, SIGNATURE_FIELDS = 3, ID_BYTES = 4, COSIGNATURE_BYTES = 72 };

/* ---- making ---------------------------------------------------------------------------------- */

static enum status take_lines(const struct checkpoint *checkpoint, struct receipt *out, struct fault *fault)
{
    out->signature_count = checkpoint->signature_count < RECEIPT_SIGNATURES_MAX ? checkpoint->signature_count : RECEIPT_SIGNATURES_MAX;
    for (size_t i = 0; i < out->signature_count; i++) {
        const struct note_signature *line = &checkpoint->signatures[i];
        struct receipt_signature *to = &out->signatures[i];
        if ((line->len != SIGNATURE_BYTES && line->len != COSIGNATURE_BYTES) || line->name.len > NOTE_NAME_MAX) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "signature %zu of the checkpoint is of a kind that a receipt cannot hold", i + 1);
        }
        to->own = view_equal(line->name, checkpoint->origin);
        to->name = line->name;
        memcpy(to->id, line->id, sizeof to->id);
        memcpy(to->value, line->bytes, line->len);
        to->len = line->len;
    }
    if (!out->signatures[0].own) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the first signature of the checkpoint is not the station's");
    }
    return STATUS_OK;
}

/* A note without its last lines is a signed note too. */
static bool is_front(struct view part, struct view whole)
{
    return part.len <= whole.len && view_equal(part, view_part(whole, 0, part.len));
}

enum status receipt_make(struct hasher *hasher, const struct checkpoint *checkpoint, struct view origin, bool training,
                         const struct hash *ledger, uint64_t index, const struct hash *record, const struct merkle_path *path,
                         struct receipt *out, struct fault *fault)
{
    struct buffer note = { 0 };
    struct fault why = { 0 };
    memset(out, 0, sizeof *out);
    out->origin = origin;
    out->ledger = *ledger;
    out->training = training;
    out->size = checkpoint->size;
    out->index = index;
    out->record = *record;
    out->path = *path;
    enum status status = take_lines(checkpoint, out, fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = receipt_note(hasher, out, &note, &why);
    if (status == STATUS_MEMORY) {
        (void)fault_set(fault, status, FAULT_NOWHERE, "%s", why.text);
    } else if (status != STATUS_OK || !is_front(buffer_view(&note), checkpoint->note)) {
        status = fault_set(fault, STATUS_UNTRUSTED, index, "record %llu and its path do not lead to this checkpoint of this ledger",
                           (unsigned long long)index);
    }
    buffer_free(&note);
    return status;
}

void receipt_encode(const struct receipt *receipt, struct buffer *out)
{
    writer_array(out, RECEIPT_FIELDS);
    writer_text(out, view_text(RECEIPT_DOMAIN));
    writer_text(out, receipt->origin);
    field_write_hash(out, &receipt->ledger);
    writer_bool(out, receipt->training);
    writer_uint(out, receipt->size);
    writer_array(out, receipt->signature_count);
    for (size_t i = 0; i < receipt->signature_count; i++) {
        const struct receipt_signature *signature = &receipt->signatures[i];
        writer_array(out, SIGNATURE_FIELDS);
        if (signature->own) {
            writer_null(out);
        } else {
            writer_text(out, signature->name);
        }
        writer_bytes(out, view_of(signature->id, sizeof signature->id));
        writer_bytes(out, view_of(signature->value, signature->len));
    }
    writer_uint(out, receipt->index);
    field_write_hash(out, &receipt->record);
    writer_array(out, receipt->path.count);
    for (size_t i = 0; i < receipt->path.count; i++) {
        field_write_hash(out, &receipt->path.nodes[i]);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static void read_signature(struct reader *reader, struct receipt_signature *out)
{
    (void)reader_array(reader, SIGNATURE_FIELDS, SIGNATURE_FIELDS, "signature");
    out->own = reader_take_null(reader);
    if (!out->own) {
        out->name = reader_text(reader, 1, NOTE_NAME_MAX, "name of a signature");
    }
    field_fixed(reader, out->id, sizeof out->id, "key id");
    size_t at = reader->offset;
    struct view value = reader_bytes(reader, SIGNATURE_BYTES, COSIGNATURE_BYTES, "signature value");
    if (!reader->failed && value.len != SIGNATURE_BYTES && value.len != COSIGNATURE_BYTES) {
        field_fail_at(reader, at, "a signature has neither 64 nor 72 bytes");
    }
    if (!reader->failed) {
        memcpy(out->value, value.ptr, value.len);
        out->len = value.len;
    }
}

enum status receipt_decode(struct view bytes, struct receipt *out, struct fault *fault)
{
    struct fault own;
    fault_clear(&own);
    struct reader reader = reader_open(bytes, &own);
    memset(out, 0, sizeof *out);
    (void)reader_array(&reader, RECEIPT_FIELDS, RECEIPT_FIELDS, "receipt");
    field_domain(&reader, RECEIPT_DOMAIN);
    out->origin = reader_text(&reader, 1, ORIGIN_BYTES_MAX, "origin");
    field_hash(&reader, &out->ledger, "ledger-id");
    out->training = reader_bool(&reader, "training");
    out->size = field_num(&reader, "size");
    out->signature_count = reader_array(&reader, 1, RECEIPT_SIGNATURES_MAX, "signatures");
    for (size_t i = 0; i < out->signature_count && !reader.failed; i++) {
        read_signature(&reader, &out->signatures[i]);
    }
    if (!reader.failed && !out->signatures[0].own) {
        reader_fail(&reader, "the first signature is not the station's");
    }
    out->index = field_num(&reader, "index");
    field_hash(&reader, &out->record, "record hash");
    out->path.count = reader_array(&reader, 0, MERKLE_PATH_MAX, "path");
    for (size_t i = 0; i < out->path.count && !reader.failed; i++) {
        field_hash(&reader, &out->path.nodes[i], "node");
    }
    return field_layer_end(&reader, "receipt", fault);
}

enum status receipt_note(struct hasher *hasher, const struct receipt *receipt, struct buffer *out, struct fault *fault)
{
    struct buffer origin = { 0 };
    struct hash root;
    if (!merkle_root_of_inclusion(hasher, &receipt->record, receipt->index, receipt->size, receipt->path.nodes, receipt->path.count, &root)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the receipt's path is not one of record %llu in %llu records",
                         (unsigned long long)receipt->index, (unsigned long long)receipt->size);
    }
    origin_line(receipt->origin, receipt->training, &receipt->ledger, &origin);
    checkpoint_text(buffer_view(&origin), receipt->size, &root, out);
    buffer_append_byte(out, '\n');
    for (size_t i = 0; i < receipt->signature_count; i++) {
        const struct receipt_signature *signature = &receipt->signatures[i];
        note_signature_line(signature->own ? buffer_view(&origin) : signature->name, signature->id, view_of(signature->value, signature->len), out);
    }
    out->failed = out->failed || origin.failed;
    buffer_free(&origin);
    return buffer_status(out, fault);
}
