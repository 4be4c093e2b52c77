/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export_details: sheets and disclosures of the bundle's acts. A detail that an order or erase act in the bundle covers is left out:
 * its line on the sheet stays, so the verifier names it as withheld.
 */
#include "ledger/export_inside.h"

#include <stdlib.h>

#include "verify/detail.h"

enum status export_note_extents(struct export *export, struct fault *fault)
{
    const struct act *act = export->act;

    if (act->kind != KIND_ORDER && act->kind != KIND_ERASE) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < act->entry_count; i++) {
        uint64_t names[FACT_NAMES_MAX];
        size_t count = 0;

        if ((act->entries[i].facts.present & BIT(FACT_NAMES)) != 0) {
            count = names_read(act->entries[i].facts.names, names);
        }
        for (size_t j = 0; j < count; j++) {
            if (export->extent_count == export->extent_cap) {
                size_t cap = export->extent_cap == 0 ? 16 : export->extent_cap * 2;
                struct extent *grown = realloc(export->extents, cap * sizeof *grown);

                if (grown == NULL) {
                    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
                }
                export->extents = grown;
                export->extent_cap = cap;
            }
            export->extents[export->extent_count++] = (struct extent){act->entries[i].subject, names[j]};
        }
    }
    return STATUS_OK;
}

/* SPEC 3.7; entry NULL: a detail of the act as a whole. */
static bool is_covered(const struct export *export, const struct entry *entry, uint64_t name)
{
    for (size_t i = 0; i < export->extent_count; i++) {
        const struct extent *extent = &export->extents[i];

        if (extent->name == name && (entry == NULL ? record_link(export->record, extent->subject) != NULL
                                                   : entry->subject == extent->subject)) {
            return true;
        }
    }
    return false;
}

static enum status put_attachment(struct export *export, struct view disclosure, struct fault *fault)
{
    struct disclosure decoded;
    struct fault inner = {0};
    struct view bytes;
    enum status status;

    if (disclosure_decode(disclosure, &decoded, &inner) != STATUS_OK) {
        return damaged(fault, export->record->index, inner.text);
    }
    if (decoded.value.type != VALUE_FILE || export->request->without_attachments) {
        return STATUS_OK;
    }
    status = ledger_attachment(export->txn, &decoded.value.file.hash, &bytes, &inner);
    if (status == STATUS_OK && bytes.len == decoded.value.file.length_bytes) {
        bundle_put_attachment(export->writer, bytes);
        return STATUS_OK;
    }
    /* One that was never given to the station is a finding, not an error. */
    return status == STATUS_OK || status == STATUS_MISSING ? STATUS_OK : fault_set(fault, status, inner.at, "%s", inner.text);
}

/* The stored details of a record, with their hashes. */
struct kept {
    struct ledger_details details;
    struct hash *sheets;
    struct hash *digests;
};

static enum status load_kept(struct export *export, struct kept *out, struct fault *fault)
{
    struct hasher *hasher = export->txn->ledger->hasher;
    enum status status = ledger_details(export->txn, export->record->index, &out->details, fault);

    if (status != STATUS_OK) {
        return status;
    }
    out->sheets = malloc((out->details.sheet_count + 1) * sizeof *out->sheets);
    out->digests = malloc((out->details.disclosure_count + 1) * sizeof *out->digests);
    if (out->sheets == NULL || out->digests == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < out->details.sheet_count; i++) {
        sheet_hash(hasher, out->details.sheets[i], &out->sheets[i]);
    }
    for (size_t i = 0; i < out->details.disclosure_count; i++) {
        hash_data(hasher, out->details.disclosures[i], &out->digests[i]);
    }
    return STATUS_OK;
}

/* Position of a hash, or count. `next` is looked at first: details stand in the order of their lines. */
static size_t find(const struct hash *hashes, size_t count, const struct hash *hash, size_t next)
{
    if (next < count && hash_equal(&hashes[next], hash)) {
        return next;
    }
    for (size_t i = 0; i < count; i++) {
        if (hash_equal(&hashes[i], hash)) {
            return i;
        }
    }
    return count;
}

static enum status put_sheet(struct export *export, const struct kept *kept, const struct entry *entry,
                             const struct hash *hash, struct fault *fault)
{
    size_t at = find(kept->sheets, kept->details.sheet_count, hash, 0);
    size_t count = kept->details.disclosure_count;
    struct fault inner = {0};
    struct sheet_cursor cursor;
    struct sheet_line line;
    enum status status = STATUS_OK;
    size_t next = 0;

    if (at == kept->details.sheet_count || sheet_open(kept->details.sheets[at], &cursor, &inner) != STATUS_OK) {
        return damaged(fault, export->record->index, "one of its sheets is missing or cannot be read");
    }
    bundle_put_sheet(export->writer, kept->details.sheets[at]);
    while (status == STATUS_OK && sheet_next(&cursor, &line)) {
        size_t i = find(kept->digests, count, &line.digest, next);

        next = i + 1;
        if (is_covered(export, entry, line.name)) {
            continue;
        }
        if (i == count) {
            return damaged(fault, export->record->index, "one of its details is missing");
        }
        bundle_put_disclosure(export->writer, kept->details.disclosures[i]);
        status = put_attachment(export, kept->details.disclosures[i], fault);
    }
    return status;
}

enum status export_details(struct export *export, struct fault *fault)
{
    const struct act *act = export->act;
    struct kept kept = {0};
    enum status status = load_kept(export, &kept, fault);

    if (status == STATUS_OK && (act->present & BIT(PAY_SHEET)) != 0) {
        status = put_sheet(export, &kept, NULL, &act->sheet, fault);
    }
    for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
        const struct entry *entry = &act->entries[i];

        if (entry->has_sheet && export_is_member(export, entry->subject)) {
            status = put_sheet(export, &kept, entry, &entry->sheet, fault);
        }
    }
    ledger_details_free(&kept.details);
    free(kept.sheets);
    free(kept.digests);
    return status;
}
