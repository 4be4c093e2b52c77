/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shown: every paper and file that a station gives out is a witness against it; this is where one is read as such.
 */
#include "verify/shown.h"

#include <stdlib.h>
#include <string.h>

#include "verify/bundle.h"
#include "verify/paper.h"
#include "verify/pdf.h"
#include "verify/receipt.h"
#include "verify/statement.h"

static bool is_array(struct view file)
{
    return file.len > 0 && file.ptr[0] >= 0x80 && file.ptr[0] < 0xa0; /* a note begins with text */
}

static enum status from_bundle(struct hasher *hasher, struct view file, struct shown *out, struct fault *fault)
{
    struct bundle bundle = { 0 };
    switch (bundle_decode(hasher, file, &bundle, fault)) {
    case BUNDLE_OK:
        buffer_append_view(&out->note, bundle.view.note);
        bundle_close(&bundle);
        return buffer_status(&out->note, fault);
    case BUNDLE_MEMORY:
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    default:
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the bundle is damaged or cut off");
    }
}

static enum status from_receipt(struct hasher *hasher, struct view bytes, struct shown *out, struct fault *fault)
{
    struct receipt *receipt = calloc(1, sizeof *receipt);
    if (receipt == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    enum status status = receipt_decode(bytes, receipt, fault);
    if (status == STATUS_OK) {
        out->has_record = true;
        out->index = receipt->index;
        out->record = receipt->record;
        status = receipt_note(hasher, receipt, &out->note, fault);
    }
    free(receipt);
    return status;
}

static enum status from_paper(struct hasher *hasher, struct view text, struct shown *out, struct fault *fault)
{
    struct buffer bytes = { 0 };
    struct signed_statement statement;
    enum paper_kind kind;
    enum status status = paper_read(text, &kind, &bytes, fault);
    if (status == STATUS_OK && kind == PAPER_RECEIPT) {
        status = from_receipt(hasher, buffer_view(&bytes), out, fault);
    } else if (status == STATUS_OK) {
        status = statement_decode(buffer_view(&bytes), &statement, fault);
        if (status == STATUS_OK) {
            statement_note(&statement.statement, &out->note);
            status = buffer_status(&out->note, fault);
        }
    }
    buffer_free(&bytes);
    return status;
}

static enum status read_any(struct hasher *hasher, struct view file, struct shown *out, struct fault *fault)
{
    struct view bundle, statement;
    if (pdf_is(file)) {
        enum status status = pdf_extract(file, &bundle, &statement, fault);
        return status == STATUS_OK ? from_bundle(hasher, bundle, out, fault) : status;
    }
    if (is_array(file)) {
        return from_bundle(hasher, file, out, fault);
    }
    if (paper_is_text(file)) {
        return from_paper(hasher, file, out, fault);
    }
    if (file.len > NOTE_BYTES_MAX) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the file is longer than a checkpoint, and nothing else that shows one");
    }
    buffer_append_view(&out->note, file);
    return buffer_status(&out->note, fault);
}

enum status shown_read(struct hasher *hasher, struct view file, struct shown *out, struct fault *fault)
{
    enum status status = read_any(hasher, file, out, fault);
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    if (checkpoint == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (status == STATUS_OK) {
        status = checkpoint_parse(buffer_view(&out->note), checkpoint, fault);
    }
    if (status == STATUS_OK) {
        out->origin = checkpoint->origin;
        out->size = checkpoint->size;
    }
    free(checkpoint);
    if (status != STATUS_OK) {
        shown_close(out);
    }
    return status;
}

void shown_close(struct shown *shown)
{
    buffer_free(&shown->note);
    memset(shown, 0, sizeof *shown);
}
