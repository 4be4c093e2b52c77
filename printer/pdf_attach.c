/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_attach: each file stands in a stream of its own, which a file specification names; the catalog lists the specifications twice: by name
 * for people (/Names /EmbeddedFiles), as associated files for programs (/AF).
 */
#include "printer/pdf_inside.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ" LETTERS DIGITS "._-"
#define TYPE_CHARACTERS LETTERS DIGITS ".+-"
#define LANGUAGE_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ" LETTERS DIGITS "-"

enum { TYPE_WORD_MAX = 63, LANGUAGE_MAX = 35 };

/* ---- what is allowed ------------------------------------------------------------------------- */

static bool name_is_good(const char *name)
{
    size_t len = strlen(name);
    return len >= 1 && len <= PDF_ATTACHMENT_NAME_MAX && name[0] != '.' && strspn(name, NAME_CHARACTERS) == len;
}

static bool type_is_good(const char *type)
{
    size_t first = strspn(type, TYPE_CHARACTERS);
    if (first == 0 || first > TYPE_WORD_MAX || type[first] != '/') {
        return false;
    }
    size_t second = strspn(type + first + 1, TYPE_CHARACTERS);
    return second >= 1 && second <= TYPE_WORD_MAX && type[first + 1 + second] == '\0';
}

/* Messages show no more of a bad name than its number: it may be anything. */
static enum status check_attachments(const struct pdf_attachment *attachments, size_t count, struct fault *fault)
{
    size_t left = PDF_ATTACHED_BYTES_MAX;
    if (count > PDF_ATTACHMENTS_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%zu files to attach to the PDF; at most %d are allowed", count, PDF_ATTACHMENTS_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        const struct pdf_attachment *file = &attachments[i];
        if (!name_is_good(file->name)) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                             "attachment %zu of the PDF: a name is 1 to %d letters, digits, dots, hyphens and underscores, with no dot in front", i + 1,
                             PDF_ATTACHMENT_NAME_MAX);
        }
        for (size_t other = 0; other < i; other++) {
            if (strcasecmp(file->name, attachments[other].name) == 0) {
                return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "two attachments of the PDF are called %s", file->name);
            }
        }
        if (!type_is_good(file->media_type)) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "attachment %s of the PDF: its media type is not of the form application/pdf", file->name);
        }
        if (file->bytes.len > left) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "attachment %s of the PDF: all attachments together are larger than %zu bytes",
                             file->name, PDF_ATTACHED_BYTES_MAX);
        }
        left -= file->bytes.len;
        enum status status = pdf_file_check_text("the description of an attachment", file->description, fault);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status check_data(const struct pdf_data *data, struct fault *fault)
{
    enum status status = pdf_file_check_text("the title", data->title, fault);
    status = status != STATUS_OK ? status : pdf_file_check_text("the author", data->author, fault);
    status = status != STATUS_OK ? status : pdf_file_check_text("the subject", data->subject, fault);
    status = status != STATUS_OK ? status : pdf_file_check_text("the keywords", data->keywords, fault);
    if (status == STATUS_OK && data->language != NULL) {
        size_t len = strlen(data->language);
        if (len < 2 || len > LANGUAGE_MAX || strspn(data->language, LANGUAGE_CHARACTERS) != len) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the language of the PDF is not a tag of BCP 47, such as km or en-US");
        }
    }
    return status;
}

/* What this PDF must not have yet: a viewer shows attachments of whatever origin as ours. */
static enum status check_catalog(struct pdf_file *file, struct fault *fault)
{
    qpdf_oh names = qpdf_oh_get_key(file->qpdf, file->root, "/Names");
    if (qpdf_oh_has_key(file->qpdf, file->root, "/AF") ||
        (qpdf_oh_is_dictionary(file->qpdf, names) && qpdf_oh_has_key(file->qpdf, names, "/EmbeddedFiles"))) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the PDF has attachments already");
    }
    return STATUS_OK;
}

/* ---- objects --------------------------------------------------------------------------------- */

/* SPEC 13.5: these keys, no others; qpdf adds /Length. */
static qpdf_oh embedded_stream(struct pdf_file *file, const struct pdf_attachment *attachment)
{
    char subtype[2 * TYPE_WORD_MAX + 3] = "/";
    memcpy(subtype + 1, attachment->media_type, strlen(attachment->media_type) + 1);
    qpdf_oh stream = qpdf_oh_new_stream(file->qpdf);
    qpdf_oh nothing = qpdf_oh_new_null(file->qpdf);
    static const unsigned char none[1] = { 0 };
    qpdf_oh_replace_stream_data(file->qpdf, stream, attachment->bytes.len == 0 ? none : attachment->bytes.ptr, attachment->bytes.len, nothing, nothing);
    qpdf_oh dictionary = qpdf_oh_get_dict(file->qpdf, stream);
    pdf_file_put_name(file, dictionary, "/Type", "/EmbeddedFile");
    pdf_file_put_name(file, dictionary, "/Subtype", subtype);
    qpdf_oh params = pdf_file_dictionary(file, dictionary, "/Params");
    qpdf_oh_replace_key(file->qpdf, params, "/Size", qpdf_oh_new_integer(file->qpdf, (long long)attachment->bytes.len));
    return stream;
}

static qpdf_oh file_specification(struct pdf_file *file, const struct pdf_attachment *attachment)
{
    qpdf_oh specification = qpdf_oh_new_dictionary(file->qpdf);
    qpdf_oh stream = embedded_stream(file, attachment);
    pdf_file_put_name(file, specification, "/Type", "/Filespec");
    pdf_file_put_text(file, specification, "/F", attachment->name);
    pdf_file_put_text(file, specification, "/UF", attachment->name);
    if (attachment->description != NULL) {
        pdf_file_put_text(file, specification, "/Desc", attachment->description);
    }
    pdf_file_put_name(file, specification, "/AFRelationship", "/Data");
    qpdf_oh files = pdf_file_dictionary(file, specification, "/EF");
    qpdf_oh_replace_key(file->qpdf, files, "/F", stream);
    qpdf_oh_replace_key(file->qpdf, files, "/UF", stream);
    return qpdf_make_indirect_object(file->qpdf, specification);
}

static int compare_names(const void *a, const void *b)
{
    const struct pdf_attachment *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

/* A name tree is ascending (ISO 32000-2 7.9.6); /AF keeps the caller's order. */
static void put_attachments(struct pdf_file *file, const struct pdf_attachment *attachments, size_t count)
{
    const struct pdf_attachment *sorted[PDF_ATTACHMENTS_MAX];
    qpdf_oh specifications[PDF_ATTACHMENTS_MAX];
    qpdf_oh associated = qpdf_oh_new_array(file->qpdf), names = qpdf_oh_new_array(file->qpdf);
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &attachments[i];
        specifications[i] = file_specification(file, &attachments[i]);
        qpdf_oh_append_item(file->qpdf, associated, specifications[i]);
    }
    qsort(sorted, count, sizeof sorted[0], compare_names);
    for (size_t i = 0; i < count; i++) {
        qpdf_oh_append_item(file->qpdf, names, qpdf_oh_new_unicode_string(file->qpdf, sorted[i]->name));
        qpdf_oh_append_item(file->qpdf, names, specifications[sorted[i] - attachments]);
    }
    qpdf_oh tree = pdf_file_dictionary(file, pdf_file_dictionary(file, file->root, "/Names"), "/EmbeddedFiles");
    qpdf_oh_replace_key(file->qpdf, tree, "/Names", names);
    qpdf_oh_replace_key(file->qpdf, file->root, "/AF", associated);
}

/* cairo 1.16 writes a date without the "D:" that ISO 32000-2 7.9.4 wants in front. */
static void mend_date(struct pdf_file *file, qpdf_oh info, const char *key)
{
    char date[64] = "D:";
    qpdf_oh there = qpdf_oh_get_key(file->qpdf, info, key);
    if (!qpdf_oh_is_string(file->qpdf, there)) {
        return;
    }
    const char *text = qpdf_oh_get_string_value(file->qpdf, there);
    size_t len = strlen(text);
    if (text[0] >= '0' && text[0] <= '9' && len + 2 < sizeof date) {
        memcpy(date + 2, text, len + 1);
        qpdf_oh_replace_key(file->qpdf, info, key, qpdf_oh_new_string(file->qpdf, date));
    }
}

static void put_data(struct pdf_file *file, const struct pdf_data *data)
{
    const char *const keys[] = { "/Title", "/Author", "/Subject", "/Keywords" };
    const char *const texts[] = { data->title, data->author, data->subject, data->keywords };
    qpdf_oh trailer = qpdf_get_trailer(file->qpdf);
    qpdf_oh info = qpdf_oh_get_key(file->qpdf, trailer, "/Info");
    if (!qpdf_oh_is_dictionary(file->qpdf, info)) {
        info = qpdf_make_indirect_object(file->qpdf, qpdf_oh_new_dictionary(file->qpdf));
        qpdf_oh_replace_key(file->qpdf, trailer, "/Info", info);
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (texts[i] != NULL) {
            pdf_file_put_text(file, info, keys[i], texts[i]);
        }
    }
    mend_date(file, info, "/CreationDate");
    mend_date(file, info, "/ModDate");
    if (data->language != NULL) {
        pdf_file_put_text(file, file->root, "/Lang", data->language);
    }
    qpdf_oh preferences = pdf_file_dictionary(file, file->root, "/ViewerPreferences");
    qpdf_oh_replace_key(file->qpdf, preferences, "/DisplayDocTitle", qpdf_oh_new_bool(file->qpdf, QPDF_TRUE));
}

enum status pdf_attach_objects(struct pdf_file *file, const struct pdf_data *data, const struct pdf_attachment *attachments, size_t count,
                               struct fault *fault)
{
    enum status status = check_data(data, fault);
    status = status != STATUS_OK ? status : check_attachments(attachments, count, fault);
    status = status != STATUS_OK || count == 0 ? status : check_catalog(file, fault);
    if (status == STATUS_OK) {
        put_data(file, data);
        if (count > 0) {
            put_attachments(file, attachments, count);
        }
    }
    return status;
}

enum status pdf_attach(struct view pdf, const struct pdf_data *data, const struct pdf_attachment *attachments, size_t count, struct buffer *out,
                       struct fault *fault)
{
    struct pdf_file file = { 0 };
    enum status status = pdf_file_open(pdf, &file, fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = pdf_attach_objects(&file, data, attachments, count, fault);
    if (status == STATUS_OK) {
        status = pdf_file_write(&file, out, fault);
    }
    pdf_file_close(&file);
    return status;
}
