/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export_details: sheets and disclosures of the bundle's acts. A detail that is erased, or withheld under an order in the bundle, is left out:
 * its line on the sheet stays, so the verifier names it.
 */
#include "ledger/export_inside.h"

#include <stdlib.h>

#include "ledger/erasures.h"
#include "verify/detail.h"

/* An erasure stands in the thread of what it amends: the amended record is in the bundle too, but comes earlier. */
static enum status count_links(struct export *export, uint64_t index, size_t *links, struct fault *fault)
{
    struct record *amended = export->txn->ledger->earlier;
    enum status status = record_at(export->txn, index, amended, fault);

    *links = status == STATUS_OK && amended->type == RECORD_ACT ? amended->link_count : 0;
    return status;
}

enum status export_note_extents(struct export *export, struct fault *fault)
{
    const struct export_request *request = export->request;
    const struct act *act = export->act;
    uint64_t index = export->record->index;
    size_t links = 0;
    enum status status = STATUS_OK;

    if (act->kind == KIND_ERASE) {
        status = count_links(export, act->amends_index, &links, fault);
    } else if (act->kind == KIND_ORDER && (request->withholding == EXPORT_NOTHING ||
                                           (request->withholding == EXPORT_ORDER && index != request->order))) {
        return STATUS_OK;
    }
    return status == STATUS_OK ? extents_add(&export->extents, index, act, links, fault) : status;
}

static bool names_it(const struct export *export, uint64_t name)
{
    for (size_t i = 0; i < export->extents.count; i++) {
        if (export->extents.items[i].record == NOTHING && export->extents.items[i].name == name) {
            return true;
        }
    }
    return false;
}

enum status export_check_order(struct export *export, struct fault *fault)
{
    const struct export_request *request = export->request;
    unsigned long long order = request->order;
    enum status status;

    if (request->withholding != EXPORT_ORDER) {
        return STATUS_OK;
    }
    if (order >= export->size) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "there is no record %llu in the latest checkpoint, which has %llu", order,
                         (unsigned long long)export->size);
    }
    status = record_at(export->txn, order, export->record, fault);
    if (status != STATUS_OK) {
        return status;
    }
    if (export->record->type != RECORD_ACT || act_decode(export->record->act, export->act, NULL) != STATUS_OK ||
        export->act->kind != KIND_ORDER) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %llu is no order that details be withheld", order);
    }
    if (export->act->signers[0].capacity != OFFICE_PROSECUTOR && export->act->signers[0].capacity != OFFICE_COURT) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "the order of record %llu was signed by no prosecutor and no court: no verifier would accept what is withheld under it",
                         order);
    }
    if (!numbers_have(&export->records, request->order)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "the order of record %llu is about nothing in this bundle, and would not be in it: nothing can be withheld under it", order);
    }
    for (size_t i = 0; i < request->name_count; i++) {
        const struct detail_name *known = detail_by_number(request->names[i]);

        if (!names_it(export, request->names[i])) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the order of record %llu does not cover \"%s\": it cannot be withheld", order,
                             known == NULL ? "that name" : known->name);
        }
    }
    return STATUS_OK;
}

static bool is_withheld(const struct export *export, const struct entry *entry, uint64_t name)
{
    const struct export_request *request = export->request;
    bool wanted = request->name_count == 0;

    for (size_t i = 0; i < request->name_count && !wanted; i++) {
        wanted = request->names[i] == name;
    }
    if (!wanted || entry != NULL) {
        return wanted && extents_ordered(&export->extents, entry->subject, name) != NOTHING;
    }
    for (size_t i = 0; i < export->record->link_count; i++) {
        if (extents_ordered(&export->extents, export->record->links[i].subject, name) != NOTHING) {
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

/* No erasure in the bundle covers it: a later one may, or one that an older copy has only heard of; else the store has lost it. */
static enum status missing(struct export *export, const struct entry *entry, uint64_t name, struct fault *fault)
{
    uint64_t index = export->record->index;
    struct extents extents = {0};
    uint64_t under = NOTHING;
    enum status status = erasures_read(export->txn, index, &extents, fault);

    if (status == STATUS_OK) {
        under = extents_erased(&extents, index, entry == NULL ? NOTHING : entry->subject, name);
        status = under == NOTHING ? damaged(fault, index, "one of its details is missing; unbroken ledger fsck tells whether an order covers it: then leave it out under that order")
                                  : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                                              "a detail of record %llu was erased by record %llu, which %s: no bundle can prove that yet",
                                              (unsigned long long)index, (unsigned long long)under,
                                              under < export->txn->meta.size ? "no checkpoint covers" : "this older copy does not have");
    }
    extents_free(&extents);
    return status;
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
    uint64_t ignored = 0;
    size_t next = 0;

    if (at == kept->details.sheet_count || sheet_open(kept->details.sheets[at], &cursor, &inner) != STATUS_OK) {
        return damaged(fault, export->record->index, "one of its sheets is missing or cannot be read");
    }
    bundle_put_sheet(export->writer, kept->details.sheets[at]);
    while (status == STATUS_OK && sheet_next(&cursor, &line)) {
        size_t i = find(kept->digests, count, &line.digest, next);

        next = i + 1;
        if (extents_erased(&export->extents, export->record->index, entry == NULL ? NOTHING : entry->subject, line.name) != NOTHING) {
            continue;
        }
        if (is_withheld(export, entry, line.name)) {
            *(export->request->withheld != NULL ? export->request->withheld : &ignored) += 1;
            continue;
        }
        if (i == count) {
            return missing(export, entry, line.name, fault);
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
