/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_details: V11: every sheet is here, every detail is disclosed as it was signed, or withheld or erased under a recorded order.
 */
#include "verify/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define R(x) ((unsigned long long)(x))

/* No case has so many; without a bound a small file could make any number, for a sheet may stand in many places (V11). */
enum { WITHHELD_MAX = 1000000 };

/*
 * Fills the erasure, else the order, that covers a detail (SPEC 3.7); false when there is none. A detail of the act as a whole is covered
 * by an order on any subject that the record touches.
 */
static bool find_cover(const struct check *check, const struct row *row, struct verdict_withheld *withheld)
{
    withheld->under = extents_erased(&check->extents, row->index, withheld->subject, withheld->name);
    withheld->erased = withheld->under != NOTHING;
    if (!withheld->erased && withheld->subject != NOTHING) {
        withheld->under = extents_ordered(&check->extents, withheld->subject, withheld->name);
    }
    for (size_t i = 0; !withheld->erased && withheld->subject == NOTHING && i < row->link_count; i++) {
        uint64_t under = extents_ordered(&check->extents, check->links[row->link_first + i].subject, withheld->name);
        withheld->under = under < withheld->under ? under : withheld->under;
    }
    return withheld->under != NOTHING;
}

static enum status keep_withheld(struct check *check, const struct verdict_withheld *withheld, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    void *list = verdict->withheld;
    if (verdict->withheld_count == WITHHELD_MAX) {
        stop_set(check->stop, 2, "limits", withheld->record, NOTHING, "more than %d details are withheld: one sheet stands in many places",
                 WITHHELD_MAX);
        return STATUS_OK;
    }
    if (!check_room(&list, verdict->withheld_count, &verdict->withheld_cap, sizeof *verdict->withheld)) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    verdict->withheld = list;
    verdict->withheld[verdict->withheld_count++] = *withheld;
    return STATUS_OK;
}

static bool in_its_place(const struct check *check, const struct act *act, uint64_t subject, const struct sheet_line *line,
                         const struct disclosure *disclosure)
{
    bool founding = act->kind == KIND_FOUND;
    return disclosure->has_ledger == !founding &&
           (founding || hash_equal(&disclosure->ledger, &check->verdict->ledger)) &&
           disclosure->author == act->signers[0].person && memcmp(disclosure->nonce, act->nonce, NONCE_BYTES) == 0 &&
           disclosure->has_subject == (subject != NOTHING) && (subject == NOTHING || disclosure->subject == subject) &&
           disclosure->name == line->name && disclosure->ordinal == line->ordinal;
}

/* Marks the bytes of a disclosed file, or tells that they are not in the bundle. */
static void note_attachment(struct check *check, const struct row *row, uint64_t subject, const struct attachment *file)
{
    size_t i = check_find(check->attachment_hashes, check->bundle.attachment_count, &file->hash);
    if (i != SIZE_MAX && check->bundle.attachments[i].len == file->length_bytes) {
        check->attachment_used[i] = true;
        return;
    }
    struct finding finding = { .code = "attachment-absent", .record = row->index, .subject = subject,
                               .text = "a file that this record attaches is not in the bundle: its hash alone is proven" };
    check->source.report(check->source.context, &finding);
}

static enum status check_line(struct check *check, const struct row *row, const struct act *act, uint64_t subject,
                              const struct sheet_line *line, struct fault *fault)
{
    struct disclosure disclosure;
    struct fault ignored = { 0 };
    size_t i = check_find(check->digests, check->bundle.disclosure_count, &line->digest);
    const struct detail_name *known = detail_by_number(line->name);
    const char *name = known == NULL ? "of an unknown name" : known->name;
    if (i != SIZE_MAX) {
        check->disclosure_used[i] = true;
        check->verdict->details++;
        if (disclosure_decode(check->bundle.disclosures[i], &disclosure, &ignored) != STATUS_OK ||
            !in_its_place(check, act, subject, line, &disclosure)) {
            stop_set(check->stop, 1, "detail", row->index, NOTHING, "record %llu: the detail \"%s\" is not the one that was signed",
                     R(row->index), name);
        } else if (disclosure.value.type == VALUE_FILE) {
            note_attachment(check, row, subject, &disclosure.value.file);
        }
        return STATUS_OK;
    }
    struct verdict_withheld withheld = { .record = row->index, .subject = subject, .name = line->name, .ordinal = line->ordinal };
    if (!find_cover(check, row, &withheld)) {
        stop_set(check->stop, 1, "withheld", row->index, NOTHING,
                 "record %llu: the detail \"%s\" is withheld or altered, and no recorded order covers that", R(row->index), name);
        return STATUS_OK;
    }
    return keep_withheld(check, &withheld, fault);
}

static enum status check_one_sheet(struct check *check, const struct row *row, const struct act *act, uint64_t subject,
                                   const struct hash *hash, struct fault *fault)
{
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct fault ignored = { 0 };
    enum status status = STATUS_OK;
    size_t i = check_find(check->sheet_hashes, check->bundle.sheet_count, hash);
    if (i == SIZE_MAX) {
        stop_set(check->stop, 1, "incomplete-sheet", row->index, NOTHING, "record %llu: a sheet of its details is missing", R(row->index));
        return STATUS_OK;
    }
    check->sheet_used[i] = true;
    if (sheet_open(check->bundle.sheets[i], &cursor, &ignored) != STATUS_OK) {
        stop_set(check->stop, 1, "malformed-sheet", row->index, NOTHING, "record %llu: a sheet is malformed: %s", R(row->index), ignored.text);
        return STATUS_OK;
    }
    while (status == STATUS_OK && check->stop->status == 0 && sheet_next(&cursor, &line)) {
        status = check_line(check, row, act, subject, &line, fault);
    }
    return status;
}

static enum status check_record_details(struct check *check, const struct row *row, struct fault *fault)
{
    const struct act *act = check->act;
    enum status status = STATUS_OK;
    if (!check_decode(row, check->record, check->act)) {
        return STATUS_OK;
    }
    if ((act->present & BIT(PAY_SHEET)) != 0) {
        status = check_one_sheet(check, row, act, NOTHING, &act->sheet, fault);
    }
    for (size_t i = 0; i < act->entry_count && status == STATUS_OK && check->stop->status == 0; i++) {
        const struct entry *entry = &act->entries[i];
        if (entry->has_sheet && check_leaf(check, entry->subject) != NULL) {
            status = check_one_sheet(check, row, act, entry->subject, &entry->sheet, fault);
        }
    }
    return status;
}

static bool all_used(const bool *used, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!used[i]) {
            return false;
        }
    }
    return true;
}

enum status check_details(struct check *check, struct fault *fault)
{
    enum status status = STATUS_OK;
    check->sheet_used = calloc(check->bundle.sheet_count + 1, sizeof(bool));
    check->disclosure_used = calloc(check->bundle.disclosure_count + 1, sizeof(bool));
    check->attachment_used = calloc(check->bundle.attachment_count + 1, sizeof(bool));
    if (check->sheet_used == NULL || check->disclosure_used == NULL || check->attachment_used == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    extents_sort(&check->extents);
    for (size_t i = 0; i < check->row_count && status == STATUS_OK && check->stop->status == 0; i++) {
        status = check_record_details(check, &check->rows[i], fault);
    }
    if (status == STATUS_OK && check->stop->status == 0 &&
        (!all_used(check->sheet_used, check->bundle.sheet_count) ||
         !all_used(check->disclosure_used, check->bundle.disclosure_count) ||
         !all_used(check->attachment_used, check->bundle.attachment_count))) {
        stop_set(check->stop, 2, "surplus", NOTHING, NOTHING, "the bundle holds a sheet, a detail or a file that belongs to no record of it");
    }
    return status;
}

/* --- the rest of V12 --- */

static void note_doubted_row(struct check *check, const struct row *row, uint64_t *from)
{
    const struct act *act = check->act;
    for (size_t j = 0; j < act->signer_count; j++) {
        const struct leaf_row *leaf = check_leaf(check, act->signers[j].person);
        struct finding finding = { .code = "key-doubted", .record = row->index, .subject = act->signers[j].person,
                                   .text = "a signer's key was doubted later, for this time too" };
        if (leaf != NULL && from[leaf - check->leaves] <= row->index) {
            check->source.report(check->source.context, &finding);
        }
    }
    for (size_t j = 0; j < act->entry_count && (act->kind == KIND_REKEY || act->kind == KIND_REVOKE); j++) {
        const struct facts *facts = &act->entries[j].facts;
        const struct leaf_row *leaf = check_leaf(check, act->entries[j].subject);
        if (leaf != NULL && (facts->present & BIT(FACT_DOUBTED)) != 0 && facts->doubted < from[leaf - check->leaves]) {
            from[leaf - check->leaves] = facts->doubted;
        }
    }
}

/* Signatures by a key that was doubted later, from this record on or before it: read backwards, the earliest doubt met so far decides. */
static enum status note_doubted(struct check *check, struct fault *fault)
{
    uint64_t *from = calloc(check->leaf_count + 1, sizeof *from);
    if (from == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < check->leaf_count; i++) {
        from[i] = NOTHING;
    }
    for (size_t i = check->row_count; i > 0; i--) {
        if (check_decode(&check->rows[i - 1], check->record, check->act)) {
            note_doubted_row(check, &check->rows[i - 1], from);
        }
    }
    free(from);
    return STATUS_OK;
}

static void note_corrected(struct check *check)
{
    for (size_t i = 0; i < check->row_count; i++) {
        if (check_decode(&check->rows[i], check->record, check->act) && check->act->kind == KIND_CORRECT &&
            (check->act->present & BIT(PAY_AMENDS)) != 0) {
            struct finding finding = { .code = "corrected", .record = check->act->amends_index };
            (void)snprintf(finding.text, sizeof finding.text, "this record was corrected by record %llu; both stand",
                           R(check->rows[i].index));
            for (size_t j = 0; j < check->act->entry_count; j++) {
                finding.subject = check->act->entries[j].subject;
                if (check_leaf(check, finding.subject) != NULL) {
                    check->source.report(check->source.context, &finding);
                }
            }
        }
    }
}

enum status check_custody(struct check *check, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    const struct stop *custody = &check->custody;
    if (check->replay.unknown_kind) {
        verdict->finding_count = 0; /* custody cannot be judged */
        return STATUS_OK;
    }
    if (custody->status == 1 || (custody->status == 2 && strcmp(custody->code, "orphan") != 0)) {
        *check->stop = *custody;
        return strcmp(custody->code, "memory") == 0 ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;
    }
    if (custody->status == 2) {
        check_note(check, "orphan", custody->record, "%s", custody->text);
    }
    for (size_t i = 0; i < check->leaf_count; i++) {
        const struct subject *subject = world_find(check->world, check->leaves[i].leaf.subject);
        if (subject != NULL) {
            rules_end(&check->replay, subject, verdict->logged_s);
        }
    }
    if (note_doubted(check, fault) != STATUS_OK) {
        return STATUS_MEMORY;
    }
    note_corrected(check);
    check_sort_findings(check);
    return check->custody.status == 2 && strcmp(check->custody.code, "memory") == 0
               ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;
}
