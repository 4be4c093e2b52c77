/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy_tree: what a copy proves of the ledger's tree. A bundle proves its own checkpoint's root, those of the older views in it, and those that
 * its acts had seen, each with the path that leads to its checkpoint; a ledger directory has the whole tree.
 */
#include "ledger/copy.h"

#include <stdlib.h>

#include "ledger/views.h"

const struct copy_note *copy_newest(const struct copy *copy)
{
    const struct copy_note *newest = NULL;

    for (size_t i = 0; i < copy->note_count; i++) {
        newest = newest == NULL || copy->notes[i].size > newest->size ? &copy->notes[i] : newest;
    }
    return newest;
}

static const struct copy_note *note_of(const struct copy *copy, uint64_t size)
{
    for (size_t i = 0; i < copy->note_count; i++) {
        if (copy->notes[i].size == size) {
            return &copy->notes[i];
        }
    }
    return NULL;
}

static size_t seen_of(const struct copy *copy, uint64_t size)
{
    size_t i = 0;

    while (i < copy->bundle.seen_count && copy->bundle.seen[i].size != size) {
        i++;
    }
    return i;
}

enum status copy_root(struct copy *copy, uint64_t size, struct hash *out, struct fault *fault)
{
    const struct copy_note *note = note_of(copy, size);
    size_t seen = seen_of(copy, size);

    if (copy->kind == COPY_LEDGER && size <= ledger_size(copy->txn)) {
        return ledger_root(copy->txn, size, out, fault);
    }
    if (note == NULL && seen == copy->bundle.seen_count) {
        return STATUS_MISSING;
    }
    *out = note != NULL ? note->root : copy->seen_roots[seen];
    return STATUS_OK;
}

bool copy_record_hash(struct copy *copy, struct hasher *hasher, uint64_t index, struct hash *out)
{
    struct view bytes;

    if (copy->kind == COPY_RECEIPT && copy->index == index) {
        *out = copy->record;
        return true;
    }
    if (!copy_find_record(copy, hasher, index, &bytes)) {
        return false;
    }
    hash_leaf(hasher, bytes, out);
    return true;
}

/* The view is its first note, the anchors are the next ones (copy.c). */
bool copy_bundle_path(const struct copy *copy, uint64_t old, struct merkle_path *out)
{
    const struct bundle *bundle = &copy->bundle;
    size_t seen = seen_of(copy, old);

    if (copy->kind != COPY_BUNDLE && copy->kind != COPY_PATHS) {
        return false;
    }
    if (copy->notes[0].size == old) {
        out->count = 0;
        return true;
    }
    if (seen < bundle->seen_count) {
        return bundle_path_nodes(bundle, bundle->seen[seen].path, out);
    }
    for (size_t i = 0; i < bundle->anchor_count; i++) {
        if (copy->notes[1 + i].size == old) {
            return bundle_path_nodes(bundle, bundle->anchors[i].path, out);
        }
    }
    return false;
}

/* The smallest of its checkpoints that covers that many records. */
static const struct copy_note *note_above(const struct copy *copy, uint64_t size)
{
    const struct copy_note *found = NULL;

    for (size_t i = 0; i < copy->note_count; i++) {
        const struct copy_note *note = &copy->notes[i];

        found = note->size >= size && (found == NULL || note->size < found->size) ? note : found;
    }
    return found;
}

enum status copy_consistency(struct copy *copy, uint64_t old, const struct copy_note **note, struct merkle_path *out, struct fault *fault)
{
    *note = note_above(copy, old);
    out->count = 0;
    if (*note == NULL) {
        return STATUS_MISSING;
    }
    if ((*note)->size == old) {
        return STATUS_OK;
    }
    if (copy->kind == COPY_LEDGER && (*note)->size <= ledger_size(copy->txn)) {
        return views_consistency(copy->txn, old, (*note)->size, out, fault);
    }
    if (!copy_bundle_path(copy, old, out)) {
        return STATUS_MISSING;
    }
    *note = &copy->notes[0];
    return STATUS_OK;
}

static size_t shown_count(const struct copy *copy)
{
    return copy->kind == COPY_BUNDLE ? copy->bundle.record_count : copy->kind == COPY_RECEIPT ? 1 : 0;
}

bool copy_first_record(struct copy *a, struct copy *b, struct hasher *hasher, uint64_t *index, struct hash *in_a, struct hash *in_b)
{
    struct copy *fewer = shown_count(a) > 0 && (shown_count(b) == 0 || shown_count(a) < shown_count(b)) ? a : b;

    for (size_t i = 0; i < shown_count(fewer); i++) {
        *index = fewer->kind == COPY_RECEIPT ? fewer->index : fewer->indexes[i];
        if (copy_record_hash(a, hasher, *index, in_a) && copy_record_hash(b, hasher, *index, in_b) && !hash_equal(in_a, in_b)) {
            return true;
        }
    }
    return false;
}

/* Roots that are equal stay behind, those that differ stay ahead: the first record that differs is between. */
enum status copy_first_difference(struct ledger_txn *a, struct ledger_txn *b, uint64_t size, uint64_t *first, struct fault *fault)
{
    uint64_t low = 0;
    uint64_t high = size - 1;
    enum status status = STATUS_OK;

    while (low < high && status == STATUS_OK) {
        uint64_t middle = low + (high - low) / 2;
        struct hash in_a;
        struct hash in_b;

        status = ledger_root(a, middle + 1, &in_a, fault);
        if (status == STATUS_OK) {
            status = ledger_root(b, middle + 1, &in_b, fault);
        }
        if (status == STATUS_OK && hash_equal(&in_a, &in_b)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *first = low;
    return status;
}
