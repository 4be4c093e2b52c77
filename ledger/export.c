/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export: a bundle as of the latest checkpoint: closure, records, leaves, proofs. Anchors: export_anchors.c; details: export_details.c.
 */
#include "ledger/export_inside.h"
#include "ledger/views.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/heads.h"
#include "ledger/tree.h"
#include "verify/closure.h"

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

static bool numbers_add(struct numbers *numbers, uint64_t number)
{
    if (numbers->count == numbers->cap) {
        size_t cap = numbers->cap == 0 ? 64 : numbers->cap * 2;
        uint64_t *grown = realloc(numbers->items, cap * sizeof *grown);

        if (grown == NULL) {
            return false;
        }
        numbers->items = grown;
        numbers->cap = cap;
    }
    numbers->items[numbers->count++] = number;
    return true;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

/* Ascending and distinct. */
static void numbers_sort(struct numbers *numbers)
{
    size_t kept = 0;

    if (numbers->count == 0) {
        return;
    }
    qsort(numbers->items, numbers->count, sizeof *numbers->items, compare_numbers);
    for (size_t i = 0; i < numbers->count; i++) {
        if (kept == 0 || numbers->items[kept - 1] != numbers->items[i]) {
            numbers->items[kept++] = numbers->items[i];
        }
    }
    numbers->count = kept;
}

bool numbers_have(const struct numbers *numbers, uint64_t number)
{
    return bsearch(&number, numbers->items, numbers->count, sizeof number, compare_numbers) != NULL;
}

bool export_is_member(const struct export *export, uint64_t subject)
{
    return bsearch(&subject, export->members, export->member_count, sizeof subject, compare_numbers) != NULL;
}

/* ---- what belongs to the bundle -------------------------------------------------------------- */

static enum status find_size(struct export *export, struct fault *fault)
{
    struct ledger_txn *txn = export->txn;
    enum status status;

    if (txn->meta.checkpoint == 0) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no checkpoint was signed yet: there is nothing that a bundle could prove");
    }
    export->size = txn->meta.checkpoint;
    status = record_at(txn, export->size - 1, export->record, fault);
    if (status != STATUS_OK) {
        return status;
    }
    if (export->record->type != RECORD_HEADS) {
        return damaged(fault, export->size - 1, "it is not the heads record of the checkpoint");
    }
    export->subjects = export->record->subjects;
    return STATUS_OK;
}

static enum status find_asked(struct export *export, struct fault *fault)
{
    const struct export_request *request = export->request;
    size_t count = request->asked_count;

    for (uint64_t i = 0; i < (count == 0 ? export->subjects : count); i++) {
        uint64_t subject = count == 0 ? i : request->asked[i];

        if (subject >= export->subjects) {
            return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE,
                             "there is no subject %llu in the latest checkpoint, which has %llu", (unsigned long long)subject,
                             (unsigned long long)export->subjects);
        }
        if (!numbers_add(&export->asked, subject)) {
            return no_memory(fault);
        }
    }
    numbers_sort(&export->asked);
    return STATUS_OK;
}

static bool closure_record(void *context, uint64_t subject, uint64_t number, struct record *record, struct act *act)
{
    struct export *export = context;
    uint64_t index;

    return ledger_thread(export->txn, subject, number, &index, NULL) == STATUS_OK && index < export->size &&
           record_at(export->txn, index, record, NULL) == STATUS_OK && record->type == RECORD_ACT &&
           act_decode(record->act, act, NULL) == STATUS_OK;
}

/*
 * The thread of a member below n: its records are the bundle's, its count and last make the leaf. The thread may have
 * grown since.
 */
static enum status walk_thread(struct export *export, uint64_t subject, uint64_t *count, uint64_t *last,
                               struct fault *fault)
{
    for (*count = 0;; (*count)++) {
        struct fault inner = {0};
        uint64_t index;
        enum status status = ledger_thread(export->txn, subject, *count + 1, &index, &inner);

        if (status == STATUS_MISSING || (status == STATUS_OK && index >= export->size)) {
            break;
        }
        if (status != STATUS_OK) {
            return fault_set(fault, status, inner.at, "%s", inner.text);
        }
        if (!numbers_add(&export->records, index)) {
            return no_memory(fault);
        }
        *last = index;
    }
    if (*count == 0) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: subject %llu has no thread",
                         (unsigned long long)subject);
    }
    return STATUS_OK;
}

/* ---- putting --------------------------------------------------------------------------------- */

/* The stored heads are those of the last heads record; subjects touched since n are laid over as they were. */
static enum status put_leaves(struct export *export, struct fault *fault)
{
    struct ledger_txn *txn = export->txn;
    uint64_t end = txn->meta.heads > export->size ? txn->meta.heads : export->size;
    struct heads *heads = NULL;
    struct buffer leaf = {0};
    struct merkle_path path;
    enum status status = heads_open(txn, export->size, end, &heads, fault);

    for (size_t i = 0; i < export->member_count && status == STATUS_OK; i++) {
        uint64_t subject = export->members[i];
        struct merkle_source source = heads_source(heads);
        uint64_t count;
        uint64_t last = 0;

        buffer_reset(&leaf);
        status = walk_thread(export, subject, &count, &last, fault);
        if (status == STATUS_OK) {
            status = heads_leaf(txn, subject, count, last, &leaf, fault);
        }
        if (status == STATUS_OK) {
            status = merkle_prove_inclusion(&source, subject, export->subjects, &path, fault);
        }
        if (status == STATUS_OK) {
            bundle_put_leaf(export->writer, buffer_view(&leaf), &path);
        }
    }
    heads_close(heads);
    buffer_free(&leaf);
    return status;
}

static enum status decode_act(struct export *export, struct fault *fault)
{
    struct fault inner = {0};

    if (act_decode(export->record->act, export->act, &inner) != STATUS_OK) {
        return damaged(fault, export->record->index, inner.text);
    }
    return STATUS_OK;
}

/* Records with their paths; what their signers had seen and what they cover is noted on the way. */
static enum status put_records(struct export *export, struct fault *fault)
{
    struct merkle_path path;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < export->records.count && status == STATUS_OK; i++) {
        uint64_t index = export->records.items[i];

        status = record_at(export->txn, index, export->record, fault);
        if (status == STATUS_OK) {
            status = merkle_prove_inclusion(&export->tree, index, export->size, &path, fault);
        }
        if (status != STATUS_OK) {
            break;
        }
        bundle_put_record(export->writer, export->record->bytes, &path);
        if (export->record->type != RECORD_ACT) {
            continue;
        }
        status = decode_act(export, fault);
        if (status == STATUS_OK && (export->act->present & BIT(PAY_SEEN)) != 0 &&
            !numbers_add(&export->seen, export->act->seen_size)) {
            status = no_memory(fault);
        }
        if (status == STATUS_OK) {
            status = export_note_extents(export, fault);
        }
    }
    return status;
}

static enum status put_seen(struct export *export, struct fault *fault)
{
    struct merkle_path path;
    enum status status = STATUS_OK;

    numbers_sort(&export->seen);
    for (size_t i = 0; i < export->seen.count && status == STATUS_OK; i++) {
        uint64_t seen = export->seen.items[i];

        if (seen == 0 || seen > export->size) {
            return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: an act has seen %llu records",
                             (unsigned long long)seen);
        }
        status = merkle_prove_consistency(&export->tree, seen, export->size, &path, fault);
        if (status == STATUS_OK) {
            bundle_put_seen(export->writer, seen, &path);
        }
    }
    return status;
}

static enum status put_details(struct export *export, struct fault *fault)
{
    const struct progress *progress = &export->request->progress;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < export->records.count && status == STATUS_OK; i++) {
        if (progress->step != NULL && !progress->step(progress->context, i, export->records.count)) {
            return fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "stopped: nothing was written");
        }
        status = record_at(export->txn, export->records.items[i], export->record, fault);
        if (status != STATUS_OK || export->record->type != RECORD_ACT) {
            continue;
        }
        status = decode_act(export, fault);
        if (status == STATUS_OK) {
            status = export_details(export, fault);
        }
    }
    return status;
}

static enum status put_all(struct export *export, struct fault *fault)
{
    struct view tokens[VIEWS_TOKENS_MAX];
    struct buffer note = {0};
    size_t token_count = 0;
    enum status status = ledger_checkpoint_at(export->txn, export->size, &note, fault);

    if (status == STATUS_OK) {
        status = views_tokens(export->txn, export->size, tokens, &token_count, fault);
    }
    if (status == STATUS_OK) {
        bundle_put_view(export->writer, buffer_view(&note), tokens, token_count);
        for (size_t i = 0; i < export->asked.count; i++) {
            bundle_put_asked(export->writer, export->asked.items[i]);
        }
        status = put_leaves(export, fault);
    }
    buffer_free(&note);
    if (status == STATUS_OK && (!numbers_add(&export->records, 0) || !numbers_add(&export->records, export->size - 1))) {
        status = no_memory(fault);
    }
    if (status == STATUS_OK) {
        numbers_sort(&export->records);
        status = put_records(export, fault);
    }
    if (status == STATUS_OK) {
        status = put_seen(export, fault);
    }
    if (status == STATUS_OK) {
        status = export_anchors(export, fault);
    }
    for (size_t i = 0; i < export->request->other_count; i++) {
        bundle_put_other(export->writer, export->request->others[i]);
    }
    extents_sort(&export->extents);
    if (status == STATUS_OK) {
        status = export_check_order(export, fault);
    }
    return status == STATUS_OK ? put_details(export, fault) : status;
}

enum status export_bundle(struct ledger_txn *txn, const struct export_request *request, struct buffer *out,
                          struct fault *fault)
{
    struct export export = {.txn = txn, .request = request, .tree = tree_source(txn)};
    struct closure_source source = {.context = &export, .record = closure_record};
    enum status status = STATUS_OK;

    export.record = malloc(sizeof *export.record);
    export.act = malloc(sizeof *export.act);
    if (export.record == NULL || export.act == NULL) {
        status = no_memory(fault);
    }
    if (status == STATUS_OK) {
        status = find_size(&export, fault);
    }
    if (status == STATUS_OK) {
        status = find_asked(&export, fault);
    }
    if (status == STATUS_OK) {
        status = closure_find(&source, export.asked.items, export.asked.count, export.subjects, export.record, export.act,
                              &export.members, &export.member_count, fault);
    }
    if (status == STATUS_OK) {
        status = bundle_writer_open(txn->ledger->hasher, &export.writer, fault);
    }
    if (status == STATUS_OK) {
        status = put_all(&export, fault);
    }
    if (status == STATUS_OK) {
        status = bundle_write(export.writer, out, fault);
    }
    bundle_writer_close(export.writer);
    free(export.members);
    free(export.asked.items);
    free(export.records.items);
    free(export.seen.items);
    extents_free(&export.extents);
    free(export.record);
    free(export.act);
    return status;
}
