/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_details: the lines of a sheet with what was disclosed of them, and what withholds or erased the others (SPEC 3.7).
 */
#include "printer/dossier_inside.h"

/* As verify/ has it (V11): an erasure of this record, or else an order, covers what is not there. */
static void tell_cover(const struct check *check, uint64_t index, struct dossier_detail *detail)
{
    detail->under = extents_erased(&check->extents, index, detail->subject, detail->name);
    detail->shown = detail->under == NOTHING ? DOSSIER_WITHHELD : DOSSIER_ERASED;
    if (detail->under != NOTHING) {
        return;
    }
    if (detail->subject != NOTHING) {
        detail->under = extents_ordered(&check->extents, detail->subject, detail->name);
        return;
    }
    const struct row *row = check_row(check, index);
    for (size_t i = 0; row != NULL && i < row->link_count; i++) {
        uint64_t under = extents_ordered(&check->extents, check->links[row->link_first + i].subject, detail->name);
        detail->under = under < detail->under ? under : detail->under;
    }
}

static bool is_attached(const struct check *check, const struct attachment *file)
{
    size_t i = check_find(check->attachment_hashes, check->bundle.attachment_count, &file->hash);
    return i != SIZE_MAX && check->bundle.attachments[i].len == file->length_bytes;
}

static enum status keep_value(struct dossier_filling *filling, const struct value *value, struct dossier_detail *detail)
{
    struct dossier *dossier = filling->dossier;
    struct buffer text = { 0 };
    enum status status = STATUS_OK;
    detail->shown = DOSSIER_SHOWN;
    detail->type = value->type;
    switch (value->type) {
    case VALUE_FILE:
        detail->file = value->file.hash;
        detail->length_bytes = value->file.length_bytes;
        detail->attached = is_attached(filling->check, &value->file);
        return dossier_keep(dossier, value->file.media_type, &detail->media, filling->fault);
    case VALUE_BYTES:
        detail->length_bytes = value->text.len;
        return STATUS_OK;
    case VALUE_TEXT:
        return dossier_keep(dossier, value->text, &detail->text, filling->fault);
    case VALUE_INT: case VALUE_LIST:
        break;
    }
    value_print(value, &text);
    status = buffer_status(&text, filling->fault);
    if (status == STATUS_OK) {
        status = dossier_keep(dossier, buffer_view(&text), &detail->text, filling->fault);
    }
    buffer_free(&text);
    return status;
}

static enum status add_detail(struct dossier_filling *filling, uint64_t index, uint64_t subject, const struct sheet_line *line)
{
    struct dossier *dossier = filling->dossier;
    struct dossier_detail detail = { .subject = subject, .name = line->name, .ordinal = line->ordinal, .under = NOTHING };
    struct disclosure disclosure;
    struct fault ignored = { 0 };
    struct view bytes;
    enum status status = STATUS_OK;
    if (check_disclosure(filling->check, &line->digest, &bytes) && disclosure_decode(bytes, &disclosure, &ignored) == STATUS_OK) {
        status = keep_value(filling, &disclosure.value, &detail);
    } else {
        tell_cover(filling->check, index, &detail);
    }
    void *details = dossier->details;
    if (status == STATUS_OK) {
        status = dossier_room(&details, dossier->detail_count, &dossier->detail_cap, sizeof *dossier->details, filling->fault);
    }
    if (status == STATUS_OK) {
        dossier->details = details;
        dossier->details[dossier->detail_count++] = detail;
    }
    return status;
}

enum status dossier_fill_sheet(struct dossier_filling *filling, uint64_t index, uint64_t subject, const struct hash *sheet)
{
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct fault ignored = { 0 };
    struct view bytes;
    enum status status = STATUS_OK;
    if (!check_sheet(filling->check, sheet, &bytes) || sheet_open(bytes, &cursor, &ignored) != STATUS_OK) {
        return STATUS_OK;
    }
    while (status == STATUS_OK && sheet_next(&cursor, &line)) {
        status = add_detail(filling, index, subject, &line);
    }
    return status;
}
