/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_file: the adapter to qpdf. Its first error stays with it until it is asked for, so callers build objects freely and ask at the end.
 */
#include "printer/pdf_inside.h"

#include "verify/strict.h"
#include "verify/text.h"

#include <string.h>

/* qpdf's error or warning as ours. doing: "read", "written". */
static enum status fault_of(struct pdf_file *file, qpdf_error error, enum status status, const char *doing, struct fault *fault)
{
    struct buffer text = { 0 };
    enum qpdf_error_code_e code = qpdf_get_error_code(file->qpdf, error);
    unsigned long long at = qpdf_get_error_file_position(file->qpdf, error);
    const char *detail = qpdf_get_error_message_detail(file->qpdf, error);
    if (code == qpdf_e_password) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the PDF is encrypted; it must not be");
    }
    if (strstr(detail, "bad_alloc") != NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for the PDF");
    }
    text_escape(&text, view_text(detail));
    if (at > 0) {
        (void)fault_set(fault, status, at, "the PDF cannot be %s: byte %llu: %.*s", doing, at, (int)text.len, (const char *)text.ptr);
    } else {
        (void)fault_set(fault, status, FAULT_NOWHERE, "the PDF cannot be %s: %.*s", doing, (int)text.len, (const char *)text.ptr);
    }
    buffer_free(&text);
    return status;
}

/* The first error or warning since the last time. */
static enum status tell(struct pdf_file *file, enum status status, const char *doing, struct fault *fault)
{
    if (qpdf_has_error(file->qpdf)) {
        return fault_of(file, qpdf_get_error(file->qpdf), status, doing, fault);
    }
    if (qpdf_more_warnings(file->qpdf)) {
        return fault_of(file, qpdf_next_warning(file->qpdf), STATUS_DAMAGED, doing, fault);
    }
    return STATUS_OK;
}

enum status pdf_file_open(struct view bytes, struct pdf_file *out, struct fault *fault)
{
    struct pdf_file file = { .qpdf = qpdf_init() };
    qpdf_silence_errors(file.qpdf);
    qpdf_set_suppress_warnings(file.qpdf, QPDF_TRUE);
    qpdf_set_attempt_recovery(file.qpdf, QPDF_FALSE);
    (void)qpdf_read_memory(file.qpdf, "PDF", bytes.len == 0 ? "" : (const char *)bytes.ptr, bytes.len, NULL);
    enum status status = tell(&file, STATUS_DAMAGED, "read", fault);
    if (status == STATUS_OK && qpdf_is_encrypted(file.qpdf)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the PDF is encrypted; it must not be");
    }
    if (status == STATUS_OK) {
        int pages = qpdf_get_num_pages(file.qpdf);
        file.root = qpdf_get_root(file.qpdf);
        status = tell(&file, STATUS_DAMAGED, "read", fault);
        if (status == STATUS_OK && pages < 1) {
            status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the PDF cannot be read: it has no page");
        }
    }
    if (status != STATUS_OK) {
        pdf_file_close(&file);
        return status;
    }
    *out = file;
    return STATUS_OK;
}

enum status pdf_file_write(struct pdf_file *file, struct buffer *out, struct fault *fault)
{
    enum status status = tell(file, STATUS_ENVIRONMENT, "changed", fault);
    if (status == STATUS_OK) {
        (void)qpdf_init_write_memory(file->qpdf);
        qpdf_set_object_stream_mode(file->qpdf, qpdf_o_disable);
        qpdf_set_stream_data_mode(file->qpdf, qpdf_s_preserve);
        qpdf_set_linearization(file->qpdf, QPDF_FALSE);
        qpdf_set_newline_before_endstream(file->qpdf, QPDF_TRUE);
        qpdf_set_deterministic_ID(file->qpdf, QPDF_TRUE);
        qpdf_set_minimum_pdf_version(file->qpdf, "1.7");
        (void)qpdf_write(file->qpdf);
        status = tell(file, STATUS_ENVIRONMENT, "written", fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    size_t len = out->len;
    buffer_append(out, qpdf_get_buffer(file->qpdf), qpdf_get_buffer_length(file->qpdf));
    status = buffer_status(out, fault);
    out->len = status == STATUS_OK ? out->len : len;
    return status;
}

void pdf_file_close(struct pdf_file *file)
{
    if (file->qpdf != NULL) {
        qpdf_cleanup(&file->qpdf);
    }
    *file = (struct pdf_file){ 0 };
}

void pdf_file_put_text(struct pdf_file *file, qpdf_oh dictionary, const char *key, const char *text)
{
    qpdf_oh_replace_key(file->qpdf, dictionary, key, qpdf_oh_new_unicode_string(file->qpdf, text));
}

void pdf_file_put_name(struct pdf_file *file, qpdf_oh dictionary, const char *key, const char *name)
{
    qpdf_oh_replace_key(file->qpdf, dictionary, key, qpdf_oh_new_name(file->qpdf, name));
}

qpdf_oh pdf_file_dictionary(struct pdf_file *file, qpdf_oh dictionary, const char *key)
{
    qpdf_oh there = qpdf_oh_get_key(file->qpdf, dictionary, key);
    if (!qpdf_oh_is_dictionary(file->qpdf, there)) {
        there = qpdf_oh_new_dictionary(file->qpdf);
        qpdf_oh_replace_key(file->qpdf, dictionary, key, there);
    }
    return there;
}

enum status pdf_file_check_text(const char *what, const char *text, struct fault *fault)
{
    struct fault rule = { 0 };
    if (text == NULL) {
        return STATUS_OK;
    }
    if (strlen(text) > PDF_TEXT_BYTES_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s of the PDF has %zu bytes; at most %d are allowed", what, strlen(text),
                         PDF_TEXT_BYTES_MAX);
    }
    if (strict_check_text(view_text(text), &rule) != STATUS_OK) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s of the PDF: %s", what, rule.text);
    }
    return STATUS_OK;
}
