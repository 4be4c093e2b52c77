/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy_find: one part of a copy. A bundle's parts ascend by index or hash; of a ledger directory, the details of the record that was asked for last
 * are kept with their hashes.
 */
#include "ledger/copy.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/tree.h"

static int compare_indexes(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

static int compare_hashes(const void *left, const void *right)
{
    const struct hash *a = left;
    const struct hash *b = right;

    return memcmp(a->bytes, b->bytes, HASH_BYTES);
}

/* Where a hash stands among ascending ones. */
static bool find_hash(const struct hash *hashes, size_t count, const struct hash *hash, size_t *at)
{
    const struct hash *found = count == 0 ? NULL : bsearch(hash, hashes, count, sizeof *hash, compare_hashes);

    if (found != NULL) {
        *at = (size_t)(found - hashes);
    }
    return found != NULL;
}

bool copy_find_record(struct copy *copy, struct hasher *hasher, uint64_t index, struct view *out)
{
    struct hash stored;
    struct hash hash;

    if (copy->kind == COPY_BUNDLE) {
        const uint64_t *found = bsearch(&index, copy->indexes, copy->bundle.record_count, sizeof index, compare_indexes);

        if (found != NULL) {
            *out = copy->bundle.records[found - copy->indexes].bytes;
        }
        return found != NULL;
    }
    if (copy->kind != COPY_LEDGER || index >= ledger_size(copy->txn) || ledger_record(copy->txn, index, out, NULL) != STATUS_OK ||
        tree_node(copy->txn, 0, index, &stored, NULL) != STATUS_OK) {
        return false;
    }
    hash_leaf(hasher, *out, &hash);
    return hash_equal(&hash, &stored);
}

void copy_held_free(struct copy_held *held)
{
    ledger_details_free(&held->details);
    free(held->sheets);
    free(held->digests);
    *held = (struct copy_held){0};
}

static bool hold(struct copy *copy, struct hasher *hasher, uint64_t index)
{
    struct copy_held *held = &copy->held;

    if (held->known && held->index == index) {
        return true;
    }
    copy_held_free(held);
    if (index >= ledger_size(copy->txn) || ledger_details(copy->txn, index, &held->details, NULL) != STATUS_OK) {
        return false;
    }
    held->sheets = calloc(held->details.sheet_count + 1, sizeof *held->sheets);
    held->digests = calloc(held->details.disclosure_count + 1, sizeof *held->digests);
    if (held->sheets == NULL || held->digests == NULL) {
        copy_held_free(held);
        return false;
    }
    for (size_t i = 0; i < held->details.sheet_count; i++) {
        sheet_hash(hasher, held->details.sheets[i], &held->sheets[i]);
    }
    for (size_t i = 0; i < held->details.disclosure_count; i++) {
        hash_data(hasher, held->details.disclosures[i], &held->digests[i]);
    }
    held->index = index;
    held->known = true;
    return true;
}

static bool find_held(const struct hash *hashes, const struct view *views, size_t count, const struct hash *hash, struct view *out)
{
    for (size_t i = 0; i < count; i++) {
        if (hash_equal(&hashes[i], hash)) {
            *out = views[i];
            return true;
        }
    }
    return false;
}

bool copy_find_sheet(struct copy *copy, struct hasher *hasher, uint64_t index, const struct hash *hash, struct view *out)
{
    size_t at;

    if (copy->kind == COPY_BUNDLE && find_hash(copy->sheets, copy->bundle.sheet_count, hash, &at)) {
        *out = copy->bundle.sheets[at];
        return true;
    }
    return copy->kind == COPY_LEDGER && hold(copy, hasher, index) &&
           find_held(copy->held.sheets, copy->held.details.sheets, copy->held.details.sheet_count, hash, out);
}

bool copy_find_disclosure(struct copy *copy, struct hasher *hasher, uint64_t index, const struct hash *digest, struct view *out)
{
    size_t at;

    if (copy->kind == COPY_BUNDLE && find_hash(copy->digests, copy->bundle.disclosure_count, digest, &at)) {
        *out = copy->bundle.disclosures[at];
        return true;
    }
    return copy->kind == COPY_LEDGER && hold(copy, hasher, index) &&
           find_held(copy->held.digests, copy->held.details.disclosures, copy->held.details.disclosure_count, digest, out);
}

bool copy_find_file(struct copy *copy, struct hasher *hasher, const struct attachment *file, struct view *out)
{
    struct hash hash;
    size_t at;

    if (copy->kind == COPY_BUNDLE && find_hash(copy->files, copy->bundle.attachment_count, &file->hash, &at)) {
        *out = copy->bundle.attachments[at];
        return out->len == file->length_bytes;
    }
    if (copy->kind != COPY_LEDGER || ledger_attachment(copy->txn, &file->hash, out, NULL) != STATUS_OK ||
        out->len != file->length_bytes) {
        return false;
    }
    hash_data(hasher, *out, &hash);
    return hash_equal(&hash, &file->hash);
}
