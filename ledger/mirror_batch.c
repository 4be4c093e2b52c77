/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_batch: one tile of entries and one of sheets, taken apart and proven: records by the tree, sheets by the acts that name them.
 */
#include "ledger/mirror_inside.h"

#include <stdlib.h>

void mirror_batch_free(struct mirror_batch *batch)
{
    buffer_free(&batch->entries);
    buffer_free(&batch->sheet_bytes);
    free(batch->sheets);
}

static enum status not_proven(uint64_t index, const char *what, struct fault *fault)
{
    return fault_set(fault, STATUS_UNTRUSTED, index, "record %llu: %s", (unsigned long long)index, what);
}

/* A length and so many bytes from the front. */
static bool take_counted(struct view *from, unsigned length_bytes, size_t max, struct view *out)
{
    size_t len = 0;

    if (from->len < length_bytes) {
        return false;
    }
    for (unsigned i = 0; i < length_bytes; i++) {
        len = len << 8 | from->ptr[i];
    }
    if (len > max || len > from->len - length_bytes) {
        return false;
    }
    *out = view_part(*from, length_bytes, len);
    *from = view_part(*from, length_bytes + len, from->len - length_bytes - len);
    return true;
}

/* width entries and no more, unless the full tile came in the place of a partial one. */
static enum status split_entries(struct mirror_batch *batch, bool whole, struct fault *fault)
{
    struct view left = buffer_view(&batch->entries);

    for (unsigned i = 0; i < batch->width; i++) {
        if (!take_counted(&left, 2, RECORD_BYTES_MAX, &batch->records[i])) {
            return not_proven(batch->first + i, "the source's tile of entries ends before it does", fault);
        }
    }
    return left.len == 0 || (whole && batch->width < TILE_WIDTH)
               ? STATUS_OK
               : not_proven(batch->first + batch->width - 1, "the source's tile of entries goes on behind it", fault);
}

static enum status add_sheet(struct mirror_batch *batch, size_t at, struct view sheet, struct fault *fault)
{
    if (at == batch->sheet_cap) {
        size_t cap = batch->sheet_cap == 0 ? 1024 : batch->sheet_cap * 2;
        struct view *grown = realloc(batch->sheets, cap * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        batch->sheets = grown;
        batch->sheet_cap = cap;
    }
    batch->sheets[at] = sheet;
    return STATUS_OK;
}

static enum status split_sheets(struct mirror_batch *batch, bool whole, struct fault *fault)
{
    struct view left = buffer_view(&batch->sheet_bytes);
    size_t at = 0;
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < batch->width; i++) {
        size_t count = left.len < 2 ? SIZE_MAX : (size_t)left.ptr[0] << 8 | left.ptr[1];

        if (count > TILE_SHEETS_MAX) {
            return not_proven(batch->first + i, "the source's tile of sheets has none for it, or more than an act may have", fault);
        }
        left = view_part(left, 2, left.len - 2);
        batch->sheet_first[i] = at;
        batch->sheet_count[i] = count;
        while (count-- > 0) {
            struct view sheet;

            if (!take_counted(&left, 4, SHEET_BYTES_MAX, &sheet)) {
                return not_proven(batch->first + i, "the source's tile of sheets ends within those of it, or has one that is too long", fault);
            }
            status = add_sheet(batch, at++, sheet, fault);
            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    return left.len == 0 || (whole && batch->width < TILE_WIDTH)
               ? STATUS_OK
               : not_proven(batch->first + batch->width - 1, "the source's tile of sheets goes on behind those of it", fault);
}

/* ---- proof ----------------------------------------------------------------------------------- */

static bool is_named(const struct attached_reference *references, size_t count, const struct hash *sheet)
{
    for (size_t i = 0; i < count; i++) {
        if (hash_equal(&references[i].sheet, sheet)) {
            return true;
        }
    }
    return false;
}

static bool has_sheet(const struct hash *hashes, size_t count, const struct hash *wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (hash_equal(&hashes[i], wanted)) {
            return true;
        }
    }
    return false;
}

/*
 * As many sheets as the act names, and each of those. Sheets stand in no tree: were they wrong, that would be the source's doing alone, and not that
 * of whoever signed the checkpoint. What is no act is told when it is taken.
 */
static enum status prove_sheets(struct mirror_pull *pull, unsigned i, struct fault *fault)
{
    const struct mirror_batch *batch = &pull->batch;
    struct attached_reference references[ATTACHED_REFERENCES_MAX];
    struct attached_act described = {0};
    struct hash hashes[TILE_SHEETS_MAX];
    uint64_t index = batch->first + i;

    if (record_decode(batch->records[i], pull->record, NULL) == STATUS_OK && pull->record->type == RECORD_ACT &&
        act_decode(pull->record->act, pull->act, NULL) == STATUS_OK) {
        attached_describe(pull->act, references, &described);
    }
    if (described.reference_count != batch->sheet_count[i]) {
        return not_proven(index, "the source has more or fewer sheets of it than the act names", fault);
    }
    for (size_t k = 0; k < batch->sheet_count[i]; k++) {
        sheet_hash(pull->hasher, batch->sheets[batch->sheet_first[i] + k], &hashes[k]);
        if (!is_named(references, described.reference_count, &hashes[k])) {
            return not_proven(index, "the source has a sheet of it that the act does not name", fault);
        }
    }
    for (size_t k = 0; k < described.reference_count; k++) {
        if (!has_sheet(hashes, batch->sheet_count[i], &described.references[k].sheet)) {
            return not_proven(index, "the source's sheets are not those that the act names", fault);
        }
    }
    return STATUS_OK;
}

static enum status prove(struct mirror_pull *pull, const struct hash *leaves, struct fault *fault)
{
    struct mirror_batch *batch = &pull->batch;
    enum status status = STATUS_OK;

    for (unsigned i = 0; i < batch->width && status == STATUS_OK; i++) {
        struct hash hash;

        hash_leaf(pull->hasher, batch->records[i], &hash);
        status = hash_equal(&hash, &leaves[i]) ? prove_sheets(pull, i, fault)
                                               : not_proven(batch->first + i, "the source's entry is not the record of its checkpoint", fault);
    }
    return status;
}

enum status mirror_batch_read(struct mirror_pull *pull, uint64_t index, struct fault *fault)
{
    struct mirror_batch *batch = &pull->batch;
    const struct hash *leaves = NULL;
    struct tile tile;
    bool whole = false;
    enum status status = mirror_tree_leaves(pull->tree, index, &tile, &leaves, fault);

    if (status != STATUS_OK) {
        return status;
    }
    batch->first = tile.index * TILE_WIDTH;
    batch->width = tile.width;
    status = mirror_tree_read(pull->source, &tile, TILE_ENTRIES_BYTES_MAX, &batch->entries, &whole, fault);
    if (status == STATUS_OK) {
        status = split_entries(batch, whole, fault);
    }
    tile.kind = TILE_SHEETS;
    if (status == STATUS_OK) {
        status = mirror_tree_read(pull->source, &tile, TILE_SHEETS_BYTES_MAX, &batch->sheet_bytes, &whole, fault);
    }
    if (status == STATUS_OK) {
        status = split_sheets(batch, whole, fault);
    }
    return status == STATUS_OK ? prove(pull, leaves, fault) : status;
}
