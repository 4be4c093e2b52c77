/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare_heads: a bundle says by its heads record how long each thread in it is; whoever shows a longer one below that heads record shows the
 * station's lie (V16 `false-heads`). The exhibit wants heads record and hidden record under one checkpoint, so where the two copies are of
 * different sizes, the path in the smaller tree is extended into the larger.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/compare_inside.h"
#include "ledger/exhibit.h"
#include "ledger/extend.h"

struct hunt {
    struct hasher *hasher;
    const struct policy *policy;
    struct copy *liar, *other;
    const struct copy_note *note; /* the liar's checkpoint */
    uint64_t heads;               /* its last record's index */
    uint64_t subjects;            /* as that says */
    struct heads_leaf *leaves;    /* of the liar's bundle, ascending by subject */
    struct record *record;
    /* What was found. */
    bool found;
    size_t leaf; /* SIZE_MAX: the subject has none, for it is not counted */
    uint64_t hidden, subject;
};

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* All of it was verified with the bundle. */
static enum status hunt_open(struct hunt *hunt, struct fault *fault)
{
    const struct bundle *bundle = &hunt->liar->bundle;
    enum status status = STATUS_OK;

    hunt->leaves = calloc(bundle->leaf_count + 1, sizeof *hunt->leaves);
    hunt->record = malloc(sizeof *hunt->record);
    if (hunt->leaves == NULL || hunt->record == NULL) {
        return no_memory(fault);
    }
    status = record_decode(bundle->records[bundle->record_count - 1].bytes, hunt->record, fault);
    hunt->note = &hunt->liar->notes[0];
    hunt->heads = hunt->note->size - 1;
    hunt->subjects = hunt->record->subjects;
    for (size_t i = 0; i < bundle->leaf_count && status == STATUS_OK; i++) {
        status = heads_leaf_decode(bundle->leaves[i].bytes, &hunt->leaves[i], fault);
    }
    return status;
}

static void keep(struct hunt *hunt, size_t leaf, uint64_t hidden, uint64_t subject)
{
    hunt->found = true;
    hunt->leaf = leaf;
    hunt->hidden = hidden;
    hunt->subject = subject;
}

/* ---- against a ledger directory -------------------------------------------------------------- */

/* The thread of a subject there: is a record of that number below the heads record, and behind `after`? */
static enum status thread_below(struct hunt *hunt, uint64_t subject, uint64_t number, size_t leaf, uint64_t after, struct fault *fault)
{
    struct fault inner = {0};
    uint64_t index = 0;
    enum status status = ledger_thread(hunt->other->txn, subject, number, &index, &inner);

    if (status == STATUS_OK && index < hunt->heads && (after == NOTHING || index > after)) {
        keep(hunt, leaf, index, subject);
    }
    return status == STATUS_OK || status == STATUS_MISSING ? STATUS_OK : fault_set(fault, status, inner.at, "%.400s", inner.text);
}

static enum status hunt_ledger(struct hunt *hunt, struct fault *fault)
{
    struct hash root;
    enum status status = hunt->note->size > ledger_size(hunt->other->txn) ? STATUS_MISSING
                                                                          : ledger_root(hunt->other->txn, hunt->note->size, &root, fault);

    if (status != STATUS_OK || !hash_equal(&root, &hunt->note->root)) {
        return status == STATUS_MISSING ? STATUS_OK : status;
    }
    status = thread_below(hunt, hunt->subjects, 1, SIZE_MAX, NOTHING, fault);
    for (size_t i = 0; i < hunt->liar->bundle.leaf_count && status == STATUS_OK && !hunt->found; i++) {
        const struct heads_leaf *leaf = &hunt->leaves[i];

        status = thread_below(hunt, leaf->subject, leaf->count + 1, i, NOTHING, fault);
        if (status == STATUS_OK && !hunt->found) {
            status = thread_below(hunt, leaf->subject, leaf->count, i, leaf->last, fault);
        }
    }
    return status;
}

/* ---- against a bundle ------------------------------------------------------------------------ */

static int compare_leaf(const void *subject, const void *leaf)
{
    const uint64_t *a = subject;
    const struct heads_leaf *b = leaf;

    return (*a > b->subject) - (*a < b->subject);
}

/* What the record in hand says, against the leaves. */
static void look_at_links(struct hunt *hunt)
{
    const struct record *record = hunt->record;

    for (size_t i = 0; i < record->link_count && !hunt->found; i++) {
        const struct link *link = &record->links[i];
        const struct heads_leaf *leaf = bsearch(&link->subject, hunt->leaves, hunt->liar->bundle.leaf_count, sizeof *leaf, compare_leaf);

        if (link->subject >= hunt->subjects) {
            keep(hunt, SIZE_MAX, record->index, link->subject);
        } else if (leaf != NULL && (link->number > leaf->count || record->index > leaf->last)) {
            keep(hunt, (size_t)(leaf - hunt->leaves), record->index, link->subject);
        }
    }
}

static enum status hunt_bundle(struct hunt *hunt, struct fault *fault)
{
    const struct copy *other = hunt->other;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < other->bundle.record_count && status == STATUS_OK && !hunt->found && other->indexes[i] < hunt->heads; i++) {
        status = record_decode(other->bundle.records[i].bytes, hunt->record, fault);
        if (status == STATUS_OK && hunt->record->type == RECORD_ACT) {
            look_at_links(hunt);
        }
    }
    return status;
}

/* ---- the exhibit ----------------------------------------------------------------------------- */

static bool part_of(const struct bundle *bundle, const struct bundle_proof *proof, struct exhibit_part *out)
{
    out->bytes = proof->bytes;
    return bundle_path_nodes(bundle, proof->path, &out->path);
}

static const struct bundle_proof *record_of(const struct copy *copy, uint64_t index)
{
    size_t i = 0;

    while (copy->indexes[i] != index) {
        i++;
    }
    return &copy->bundle.records[i];
}

/* The path of `part`, in the tree of `smaller`, becomes one in the tree of `larger`, where that proves that it continues the other. */
static bool lift(struct hunt *hunt, uint64_t index, const struct copy *smaller, struct copy *larger, struct exhibit_part *part)
{
    const struct copy_note *old = &smaller->notes[0];
    struct merkle_path path = part->path;
    struct merkle_path consistency;
    struct hash root;

    return copy_root(larger, old->size, &root, NULL) == STATUS_OK && hash_equal(&root, &old->root) &&
           copy_bundle_path(larger, old->size, &consistency) &&
           extend_path(hunt->hasher, index, old->size, &path, larger->notes[0].size, &consistency, &part->path);
}

/* Both records under the checkpoint of the larger bundle. False: no path leads from the one to the other. */
static bool join_bundles(struct hunt *hunt, struct false_heads_exhibit *exhibit)
{
    const struct bundle *bundle = &hunt->liar->bundle;
    struct copy *liar = hunt->liar;
    struct copy *other = hunt->other;

    if (!part_of(bundle, &bundle->records[bundle->record_count - 1], &exhibit->heads) ||
        !part_of(&other->bundle, record_of(other, hunt->hidden), &exhibit->record)) {
        return false;
    }
    exhibit->note = other->notes[0].size > liar->notes[0].size ? other->notes[0].bytes : liar->notes[0].bytes;
    return other->notes[0].size > liar->notes[0].size ? lift(hunt, hunt->heads, liar, other, &exhibit->heads)
                                                      : lift(hunt, hunt->hidden, other, liar, &exhibit->record);
}

static enum status from_bundles(struct hunt *hunt, const struct exhibit_part *leaf, struct buffer *out, struct fault *fault)
{
    struct false_heads_exhibit *exhibit = calloc(1, sizeof *exhibit);
    enum status status = exhibit == NULL ? no_memory(fault) : STATUS_OK;

    if (status == STATUS_OK && !join_bundles(hunt, exhibit)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                           "an exhibit needs the path from the smaller signed head to the larger: neither bundle has it. A bundle of the larger made with "
                           "--since the smaller gives one, and shows whether it is a fork");
    }
    if (status == STATUS_OK) {
        exhibit->has_leaf = leaf != NULL;
        exhibit->leaf = leaf != NULL ? *leaf : exhibit->leaf;
        exhibit_encode(exhibit, out);
        status = buffer_status(out, fault);
    }
    if (status == STATUS_OK) {
        status = exhibit_proven(hunt->hasher, hunt->policy, buffer_view(out), "false-heads", fault);
    }
    free(exhibit);
    return status;
}

static enum status make_exhibit(struct hunt *hunt, struct compare_report *report, struct fault *fault)
{
    const struct bundle *bundle = &hunt->liar->bundle;
    struct exhibit_part leaf;
    const struct exhibit_part *shown = hunt->leaf == SIZE_MAX ? NULL : &leaf;
    struct buffer file = {0};
    struct fault inner = {0};
    enum status status = STATUS_OK;

    if (shown != NULL && !part_of(bundle, &bundle->leaves[hunt->leaf], &leaf)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the path of a heads leaf has too many nodes");
    }
    if (hunt->other->kind == COPY_LEDGER) {
        status = exhibit_false_heads(hunt->other->txn, hunt->policy, hunt->note->bytes, hunt->heads, shown, hunt->hidden, &file, &inner);
    } else {
        status = from_bundles(hunt, shown, &file, &inner);
    }
    if (status == STATUS_OK) {
        report->exhibit = file;
        return STATUS_OK;
    }
    buffer_free(&file);
    (void)snprintf(report->why, sizeof report->why, "%.400s", inner.text);
    return status == STATUS_REFUSED ? STATUS_OK : fault_set(fault, status, inner.at, "%.400s", inner.text);
}

enum status compare_heads(struct hasher *hasher, const struct policy *policy, struct copy *liar, struct copy *other,
                          struct compare_report *out, struct fault *fault)
{
    struct hunt hunt = {.hasher = hasher, .policy = policy, .liar = liar, .other = other, .leaf = SIZE_MAX};
    enum status status = STATUS_OK;

    if (liar->kind != COPY_BUNDLE || (other->kind != COPY_BUNDLE && other->kind != COPY_LEDGER)) {
        return STATUS_OK;
    }
    status = hunt_open(&hunt, fault);
    if (status == STATUS_OK) {
        status = other->kind == COPY_LEDGER ? hunt_ledger(&hunt, fault) : hunt_bundle(&hunt, fault);
    }
    if (status == STATUS_OK && hunt.found) {
        out->answer = COMPARE_FALSE_HEADS;
        out->heads = hunt.heads;
        out->hidden = hunt.hidden;
        out->subject = hunt.subject;
        status = make_exhibit(&hunt, out, fault);
    }
    free(hunt.leaves);
    free(hunt.record);
    return status;
}
