/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attached: walks the act's sheets in the order act, entries. What is sent in that order is found at once; any order is right.
 */
#include "ledger/attached.h"

#include <string.h>

/* Where the walk stands. `next` is where the match is when everything was sent in order. */
struct walk {
    const struct attached *attached;
    const struct attached_act *act;
    const struct attached_files *files;
    size_t next_sheet, sheets_used;
    size_t next_digest, digests_used;
    size_t files_used;
    const struct attached_lines *lines;
};

void attached_hash(struct hasher *hasher, struct attached *attached, struct hash *memory)
{
    attached->sheet_hashes = memory;
    attached->digests = memory + attached->sheet_count;
    attached->attachment_hashes = attached->digests + attached->disclosure_count;
    for (size_t i = 0; i < attached->sheet_count; i++) {
        sheet_hash(hasher, attached->sheets[i], &attached->sheet_hashes[i]);
    }
    for (size_t i = 0; i < attached->disclosure_count; i++) {
        hash_data(hasher, attached->disclosures[i], &attached->digests[i]);
    }
    for (size_t i = 0; i < attached->attachment_count; i++) {
        hash_data(hasher, attached->attachments[i], &attached->attachment_hashes[i]);
    }
}

/* Looks at `*next` first, then everywhere; count when it is nowhere. */
static size_t find(const struct hash *hashes, size_t count, const struct hash *hash, size_t *next)
{
    size_t i = *next;

    if (i >= count || !hash_equal(&hashes[i], hash)) {
        for (i = 0; i < count && !hash_equal(&hashes[i], hash); i++) {
        }
    }
    if (i < count) {
        *next = i + 1;
    }
    return i;
}

static enum status check_file(struct walk *walk, const struct attachment *file, struct fault *fault)
{
    const struct attached *attached = walk->attached;

    for (size_t i = 0; i < attached->attachment_count; i++) {
        if (attached->attachments[i].len == file->length_bytes && hash_equal(&attached->attachment_hashes[i], &file->hash)) {
            walk->files_used += attached->attachment_used[i] ? 0u : 1u;
            attached->attachment_used[i] = true;
            break;
        }
    }
    return walk->files == NULL ? STATUS_OK : walk->files->file(walk->files->context, file, fault);
}

/* V11: the disclosure of a line says what its place says. */
static enum status check_disclosure(struct walk *walk, uint64_t subject, const struct sheet_line *line, struct view bytes,
                                    struct fault *fault)
{
    const struct attached_act *act = walk->act;
    struct disclosure disclosure;
    enum status status = disclosure_decode(bytes, &disclosure, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (disclosure.has_ledger == act->founding || (!act->founding && !hash_equal(&disclosure.ledger, &act->ledger)) ||
        disclosure.author != act->author || memcmp(disclosure.nonce, act->nonce, NONCE_BYTES) != 0 ||
        (disclosure.has_subject ? disclosure.subject : NOTHING) != subject ||
        disclosure.name != line->name || disclosure.ordinal != line->ordinal) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "detail %llu, ordinal %llu, is bound to another act or place",
                         (unsigned long long)line->name, (unsigned long long)line->ordinal);
    }
    return disclosure.value.type == VALUE_FILE ? check_file(walk, &disclosure.value.file, fault) : STATUS_OK;
}

static enum status check_sheet(struct walk *walk, const struct attached_reference *reference, struct fault *fault)
{
    const struct attached *attached = walk->attached;
    size_t at = find(attached->sheet_hashes, attached->sheet_count, &reference->sheet, &walk->next_sheet);
    struct sheet_cursor cursor;
    struct sheet_line line;
    enum status status;

    if (at == attached->sheet_count) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a sheet that the act names is missing");
    }
    walk->sheets_used++;
    status = sheet_open(attached->sheets[at], &cursor, fault);
    while (status == STATUS_OK && sheet_next(&cursor, &line)) {
        size_t i = find(attached->digests, attached->disclosure_count, &line.digest, &walk->next_digest);
        bool there = i < attached->disclosure_count;
        bool right = walk->lines == NULL ? there : walk->lines->line(walk->lines->context, reference->subject, &line, there);

        if (there) {
            walk->digests_used++;
            status = check_disclosure(walk, reference->subject, &line, attached->disclosures[i], fault);
        } else if (!right) {
            status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the disclosure of detail %llu, ordinal %llu, is missing",
                               (unsigned long long)line.name, (unsigned long long)line.ordinal);
        }
    }
    return status;
}

/*
 * Digests bind subject, name and ordinal, so no two lines of an act share one, nor do two of its sheets: equal counts mean that nothing is
 * left over. The same file may be named twice, so files have flags.
 */
static enum status check_surplus(const struct walk *walk, struct fault *fault)
{
    const struct attached *attached = walk->attached;

    if (walk->sheets_used != attached->sheet_count) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a sheet is there that the act does not name");
    }
    if (walk->digests_used != attached->disclosure_count) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a disclosure is there that no sheet of the act names");
    }
    if (walk->files_used != attached->attachment_count) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "an attachment is there that no detail of the act names");
    }
    return STATUS_OK;
}

void attached_describe(const struct act *act, struct attached_reference *references, struct attached_act *out)
{
    size_t count = 0;

    *out = (struct attached_act){.founding = act->kind == KIND_FOUND, .ledger = act->ledger, .author = act->signers[0].person,
                                 .references = references};
    memcpy(out->nonce, act->nonce, NONCE_BYTES);
    if ((act->present & BIT(PAY_SHEET)) != 0) {
        references[count++] = (struct attached_reference){NOTHING, act->sheet};
    }
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].has_sheet) {
            references[count++] = (struct attached_reference){act->entries[i].subject, act->entries[i].sheet};
        }
    }
    out->reference_count = count;
}

enum status attached_check(const struct attached *attached, const struct attached_act *act,
                           const struct attached_files *files, const struct attached_lines *lines, struct fault *fault)
{
    struct walk walk = {.attached = attached, .act = act, .files = files, .lines = lines};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < act->reference_count && status == STATUS_OK; i++) {
        status = check_sheet(&walk, &act->references[i], fault);
    }
    return status == STATUS_OK ? check_surplus(&walk, fault) : status;
}
