/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_sign: qpdf writes the signature's dictionary with room in it; then its two gaps are filled in place: which bytes are signed, and the
 * CMS over them. No byte moves.
 */
#include "printer/pdf_inside.h"
#include "printer/pdf_sign.h"

#include "verify/hash.h"
#include "verify/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* As qpdf writes the two keys, which are neighbours. */
#define RANGE_BEFORE "/ByteRange [ 0 "
#define RANGE_ROOM "9999999999 9999999999 9999999999"
#define CONTENTS_BEFORE " ] /Contents "
#define LARGEST 9999999999ULL

/* Widget: printed, not to be moved; its rectangle is empty (ISO 32000-2 12.7.5.5). */
#define WIDGET_PRINT_LOCKED 132
/* Form: there are signatures; a change is to be appended, never written over (12.7.3). */
#define FORM_SIGNED_APPEND_ONLY 3

/* ---- objects --------------------------------------------------------------------------------- */

static enum status check_signature(struct pdf_file *file, const struct pdf_signature *signature, struct fault *fault)
{
    enum status status = pdf_file_check_text("the signer's name", signature->name, fault);
    status = status != STATUS_OK ? status : pdf_file_check_text("the reason of the signature", signature->reason, fault);
    status = status != STATUS_OK ? status : pdf_file_check_text("the place of the signature", signature->place, fault);
    if (status == STATUS_OK && (qpdf_oh_has_key(file->qpdf, file->root, "/AcroForm") || qpdf_oh_has_key(file->qpdf, file->root, "/Perms"))) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the PDF has a form or a signature already");
    }
    return status;
}

/* The signer's name, and "D:20181213020304Z". */
static void put_who_and_when(struct pdf_file *file, qpdf_oh dictionary, const struct pdf_signature *signature, struct buffer *text)
{
    if (signature->name != NULL) {
        buffer_append_view(text, view_text(signature->name));
    } else {
        pdf_signer_name(signature->signer, text);
    }
    if (text->len > 0) {
        qpdf_oh name = qpdf_oh_new_binary_unicode_string(file->qpdf, (const char *)text->ptr, text->len);
        qpdf_oh_replace_key(file->qpdf, dictionary, "/Name", name);
    }
    struct buffer iso = { 0 };
    text_time(&iso, pdf_signer_time(signature->signer));
    buffer_reset(text);
    buffer_append_view(text, view_text("D:"));
    for (size_t i = 0; i < iso.len; i++) {
        if (iso.ptr[i] != '-' && iso.ptr[i] != ':' && iso.ptr[i] != 'T') {
            buffer_append_byte(text, iso.ptr[i]);
        }
    }
    text->failed = text->failed || iso.failed;
    if (!text->failed) {
        qpdf_oh_replace_key(file->qpdf, dictionary, "/M", qpdf_oh_new_binary_string(file->qpdf, (const char *)text->ptr, text->len));
    }
    buffer_free(&iso);
}

/* Its contents begin with a mark that stands nowhere else in the file, since it follows from all else that is in it. */
static qpdf_oh signature_dictionary(struct pdf_file *file, const struct pdf_signature *signature, const struct hash *mark, struct buffer *text)
{
    static const char *const range = "[ 0 " RANGE_ROOM " ]";
    char room[PDF_SIGNATURE_BYTES_MAX] = { 0 };
    memcpy(room, mark->bytes, HASH_BYTES);
    qpdf_oh dictionary = qpdf_oh_new_dictionary(file->qpdf);
    pdf_file_put_name(file, dictionary, "/Type", "/Sig");
    pdf_file_put_name(file, dictionary, "/Filter", "/Adobe.PPKLite");
    pdf_file_put_name(file, dictionary, "/SubFilter", "/ETSI.CAdES.detached");
    qpdf_oh_replace_key(file->qpdf, dictionary, "/ByteRange", qpdf_oh_parse(file->qpdf, range));
    qpdf_oh_replace_key(file->qpdf, dictionary, "/Contents", qpdf_oh_new_binary_string(file->qpdf, room, sizeof room));
    if (signature->reason != NULL) {
        pdf_file_put_text(file, dictionary, "/Reason", signature->reason);
    }
    if (signature->place != NULL) {
        pdf_file_put_text(file, dictionary, "/Location", signature->place);
    }
    put_who_and_when(file, dictionary, signature, text);
    return qpdf_make_indirect_object(file->qpdf, dictionary);
}

/* A field and its invisible widget in one dictionary, on the first page. */
static void put_field(struct pdf_file *file, qpdf_oh signature)
{
    qpdf_oh page = qpdf_get_page_n(file->qpdf, 0);
    qpdf_oh field = qpdf_oh_new_dictionary(file->qpdf);
    pdf_file_put_name(file, field, "/Type", "/Annot");
    pdf_file_put_name(file, field, "/Subtype", "/Widget");
    pdf_file_put_name(file, field, "/FT", "/Sig");
    pdf_file_put_text(file, field, "/T", "Signature");
    qpdf_oh_replace_key(file->qpdf, field, "/V", signature);
    qpdf_oh_replace_key(file->qpdf, field, "/P", page);
    qpdf_oh_replace_key(file->qpdf, field, "/Rect", qpdf_oh_parse(file->qpdf, "[ 0 0 0 0 ]"));
    qpdf_oh_replace_key(file->qpdf, field, "/F", qpdf_oh_new_integer(file->qpdf, WIDGET_PRINT_LOCKED));
    field = qpdf_make_indirect_object(file->qpdf, field);

    qpdf_oh annotations = qpdf_oh_get_key(file->qpdf, page, "/Annots");
    if (!qpdf_oh_is_array(file->qpdf, annotations)) {
        annotations = qpdf_oh_new_array(file->qpdf);
        qpdf_oh_replace_key(file->qpdf, page, "/Annots", annotations);
    }
    qpdf_oh_append_item(file->qpdf, annotations, field);

    qpdf_oh fields = qpdf_oh_new_array(file->qpdf);
    qpdf_oh_append_item(file->qpdf, fields, field);
    qpdf_oh form = pdf_file_dictionary(file, file->root, "/AcroForm");
    qpdf_oh_replace_key(file->qpdf, form, "/Fields", fields);
    qpdf_oh_replace_key(file->qpdf, form, "/SigFlags", qpdf_oh_new_integer(file->qpdf, FORM_SIGNED_APPEND_ONLY));
}

/* ---- the two gaps ---------------------------------------------------------------------------- */

/* H over the hashes of the PDF and of each attachment: no text among them can have it in it. */
static enum status make_mark(struct view pdf, const struct pdf_attachment *attachments, size_t count, struct hash *out, struct fault *fault)
{
    struct hasher *hasher = NULL;
    struct buffer hashes = { 0 };
    enum status status = hasher_open(&hasher, fault);
    if (status != STATUS_OK) {
        return status;
    }
    hash_data(hasher, pdf, out);
    buffer_append(&hashes, out->bytes, HASH_BYTES);
    for (size_t i = 0; i < count; i++) {
        hash_data(hasher, attachments[i].bytes, out);
        buffer_append(&hashes, out->bytes, HASH_BYTES);
    }
    status = buffer_status(&hashes, fault);
    if (status == STATUS_OK) {
        hash_data(hasher, buffer_view(&hashes), out);
    }
    buffer_free(&hashes);
    hasher_close(hasher);
    return status;
}

/* Where the numbers of the byte range begin; the mark must stand exactly once. */
static enum status find_gaps(const struct buffer *file, const struct hash *mark, size_t *at, struct fault *fault)
{
    struct buffer wanted = { 0 };
    buffer_append_view(&wanted, view_text(RANGE_BEFORE RANGE_ROOM CONTENTS_BEFORE "<"));
    text_hex(&wanted, hash_view(mark));
    enum status status = buffer_status(&wanted, fault);
    if (status == STATUS_OK) {
        const uint8_t *first = memmem(file->ptr, file->len, wanted.ptr, wanted.len);
        size_t from = first == NULL ? 0 : (size_t)(first - file->ptr) + 1;
        if (first == NULL || memmem(file->ptr + from, file->len - from, wanted.ptr, wanted.len) != NULL) {
            status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the PDF cannot be signed: the place of the signature is not found in what qpdf wrote");
        } else {
            *at = from - 1 + strlen(RANGE_BEFORE);
        }
    }
    buffer_free(&wanted);
    return status;
}

/* Says which bytes are signed: all but the contents, from "<" to ">". */
static void fill_range(struct buffer *file, size_t at, struct view parts[2])
{
    char range[sizeof RANGE_ROOM];
    size_t open = at + strlen(RANGE_ROOM CONTENTS_BEFORE), close = open + 2 + (size_t)2 * PDF_SIGNATURE_BYTES_MAX;
    assert(file->len <= LARGEST && close <= file->len && file->ptr[open] == '<' && file->ptr[close - 1] == '>');
    int len = snprintf(range, sizeof range, "%zu %zu %zu", open, close, file->len - close);
    assert(len > 0 && (size_t)len < sizeof range);
    memset(file->ptr + at, ' ', strlen(RANGE_ROOM));
    memcpy(file->ptr + at, range, (size_t)len);
    parts[0] = view_of(file->ptr, open);
    parts[1] = view_of(file->ptr + close, file->len - close);
}

static enum status fill_gaps(struct buffer *file, const struct pdf_signature *signature, const struct hash *mark, struct fault *fault)
{
    size_t at = 0;
    struct view parts[2];
    struct buffer der = { 0 }, hex = { 0 };
    enum status status = find_gaps(file, mark, &at, fault);
    if (status != STATUS_OK) {
        return status;
    }
    fill_range(file, at, parts);
    status = pdf_signer_sign(signature->signer, parts, 2, &der, fault);
    if (status == STATUS_OK && der.len > PDF_SIGNATURE_BYTES_MAX) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                           "the signature with its certificates has %zu bytes, more than the %d that are left for it: give fewer issuers' certificates", der.len,
                           PDF_SIGNATURE_BYTES_MAX);
    }
    if (status == STATUS_OK) {
        text_hex(&hex, buffer_view(&der));
        status = buffer_status(&hex, fault);
    }
    if (status == STATUS_OK) {
        uint8_t *contents = file->ptr + parts[0].len + 1;
        memset(contents, '0', (size_t)2 * PDF_SIGNATURE_BYTES_MAX);
        memcpy(contents, hex.ptr, hex.len);
    }
    buffer_free(&hex);
    buffer_free(&der);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* The PDF with everything but the signature's value. */
static enum status compose(struct pdf_file *file, const struct pdf_data *data, const struct pdf_attachment *attachments, size_t count,
                           const struct pdf_signature *signature, const struct hash *mark, struct buffer *out, struct fault *fault)
{
    struct buffer text = { 0 };
    enum status status = check_signature(file, signature, fault);
    status = status != STATUS_OK ? status : pdf_attach_objects(file, data, attachments, count, fault);
    if (status == STATUS_OK) {
        put_field(file, signature_dictionary(file, signature, mark, &text));
        status = buffer_status(&text, fault);
    }
    status = status != STATUS_OK ? status : pdf_file_write(file, out, fault);
    buffer_free(&text);
    return status;
}

enum status pdf_sign(struct view pdf, const struct pdf_data *data, const struct pdf_attachment *attachments, size_t count,
                     const struct pdf_signature *signature, struct buffer *out, struct fault *fault)
{
    struct pdf_file file = { 0 };
    struct buffer whole = { 0 };
    struct hash mark;
    enum status status = pdf_file_open(pdf, &file, fault);
    status = status != STATUS_OK ? status : make_mark(pdf, attachments, count, &mark, fault);
    status = status != STATUS_OK ? status : compose(&file, data, attachments, count, signature, &mark, &whole, fault);
    pdf_file_close(&file);
    status = status != STATUS_OK ? status : fill_gaps(&whole, signature, &mark, fault);
    if (status == STATUS_OK) {
        size_t before = out->len;
        buffer_append_view(out, buffer_view(&whole));
        status = buffer_status(out, fault);
        out->len = status == STATUS_OK ? out->len : before;
    }
    buffer_free(&whole);
    return status;
}
