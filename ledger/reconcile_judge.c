/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile_judge: what one source is: the same history, older, newer, or another; and which head is the newest that was signed.
 */
#include "ledger/reconcile_inside.h"

#include <stdio.h>

#include "ledger/head_file.h"

static void set_fork(struct reconcile *reconcile, size_t i, uint64_t size, const struct hash *theirs, const struct hash *ours,
                     const char *against)
{
    struct reconcile_result *result = &reconcile->results[i];

    if (result->answer == RECONCILE_FORK) {
        return;
    }
    result->answer = RECONCILE_FORK;
    result->fork.size = size;
    result->fork.theirs = *theirs;
    result->fork.ours = *ours;
    result->fork.first = NOTHING;
    result->fork.against = against;
    reconcile->report.forks++;
}

/* Its signed heads of sizes that are here. */
static enum status judge_notes(struct reconcile *reconcile, size_t i, struct fault *fault)
{
    const struct copy *copy = &reconcile->copies[i];
    enum status status = STATUS_OK;

    for (size_t n = 0; n < copy->note_count && status == STATUS_OK; n++) {
        const struct copy_note *note = &copy->notes[n];
        struct hash root;

        if (note->size > ledger_size(reconcile->txn)) {
            continue;
        }
        status = ledger_root(reconcile->txn, note->size, &root, fault);
        if (status == STATUS_OK && !hash_equal(&root, &note->root)) {
            set_fork(reconcile, i, note->size, &note->root, &root, NULL);
        }
    }
    return status;
}

/* The records that a bundle or receipt shows, against those here. */
static void judge_records(struct reconcile *reconcile, size_t i)
{
    struct hash theirs;
    struct hash ours;
    uint64_t index;

    if (copy_first_record(&reconcile->copies[i], &reconcile->own, reconcile->ledger->hasher, &index, &theirs, &ours)) {
        set_fork(reconcile, i, index + 1, &theirs, &ours, NULL);
        reconcile->results[i].fork.first = index;
    }
}

/* A ledger directory: what both have must have one root. Its tree is its own word; the walk recomputes it. */
static enum status judge_ledger(struct reconcile *reconcile, size_t i, struct fault *fault)
{
    struct copy *copy = &reconcile->copies[i];
    uint64_t ours_size = ledger_size(reconcile->txn);
    uint64_t size = ledger_size(copy->txn) < ours_size ? ledger_size(copy->txn) : ours_size;
    struct hash ours;
    struct hash theirs;
    enum status status = ledger_root(reconcile->txn, size, &ours, fault);

    if (status == STATUS_OK) {
        status = ledger_root(copy->txn, size, &theirs, fault);
    }
    if (status == STATUS_OK && !hash_equal(&ours, &theirs)) {
        set_fork(reconcile, i, size, &theirs, &ours, NULL);
        return copy_first_difference(reconcile->txn, copy->txn, size, &reconcile->results[i].fork.first, fault);
    }
    return status;
}

static enum status judge(struct reconcile *reconcile, size_t i, struct fault *fault)
{
    struct reconcile_result *result = &reconcile->results[i];
    const struct reconcile_report *report = &reconcile->report;
    struct fault inner = {0};
    uint64_t size = result->kind == RECONCILE_LEDGER ? result->records : result->signed_size;
    enum status status = judge_notes(reconcile, i, fault);

    if (status == STATUS_OK) {
        judge_records(reconcile, i);
    }
    if (status == STATUS_OK && result->kind == RECONCILE_LEDGER) {
        status = judge_ledger(reconcile, i, &inner);
        if (status == STATUS_DAMAGED) {
            result->answer = RECONCILE_UNUSED;
            (void)snprintf(result->why, sizeof result->why, "%s", inner.text);
            return STATUS_OK;
        }
    }
    if (status == STATUS_OK && result->answer != RECONCILE_FORK) {
        bool same = size == report->records || (result->kind != RECONCILE_LEDGER && size == report->checkpoint);

        result->answer = same ? RECONCILE_SAME : size > report->records ? RECONCILE_NEWER : RECONCILE_OLDER;
    }
    return status;
}

/* ---- the goal -------------------------------------------------------------------------------- */

static void raise_goal(struct reconcile_report *report, uint64_t size, const struct hash *root, const char *name)
{
    if (size > report->goal.size) {
        report->goal.size = size;
        report->goal.root = *root;
        report->goal_name = name;
    }
}

static enum status read_head(struct reconcile *reconcile, struct fault *fault)
{
    struct reconcile_report *report = &reconcile->report;
    struct head head = {0};
    struct hash root;
    enum status status = head_read(reconcile->ledger, &head, fault);

    if (status == STATUS_MISSING) {
        return STATUS_OK;
    }
    report->remembered = status == STATUS_OK;
    report->head = (struct reconcile_head){head.size, head.root};
    if (status == STATUS_OK && report->head.size <= report->records) {
        status = ledger_root(reconcile->txn, report->head.size, &root, fault);
        report->here_differs = status == STATUS_OK && !hash_equal(&root, &report->head.root);
    }
    return status;
}

/* This ledger's own word, the remembered head's, and that of every source of this history. */
static enum status find_goal(struct reconcile *reconcile, struct fault *fault)
{
    struct reconcile_report *report = &reconcile->report;
    struct hash root;
    enum status status = STATUS_OK;

    if (report->checkpoint > 0) {
        status = ledger_root(reconcile->txn, report->checkpoint, &root, fault);
        raise_goal(report, report->checkpoint, &root, NULL);
    }
    if (report->remembered) {
        raise_goal(report, report->head.size, &report->head.root, RECONCILE_REMEMBERED);
    }
    for (size_t i = 0; i < reconcile->count; i++) {
        for (size_t n = 0; n < reconcile->copies[i].note_count && reconcile_usable(reconcile, i); n++) {
            const struct copy_note *note = &reconcile->copies[i].notes[n];

            raise_goal(report, note->size, &note->root, reconcile->results[i].name);
        }
    }
    report->missing = report->goal.size > report->records ? report->goal.size - report->records : 0;
    return status;
}

/* A head that all others must agree with where they speak of its size. */
static enum status judge_against(struct reconcile *reconcile, const struct reconcile_head *head, const char *name, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < reconcile->count && head->size > 0 && status == STATUS_OK; i++) {
        struct copy *copy = &reconcile->copies[i];
        struct hash root;

        for (size_t n = 0; n < copy->note_count && reconcile_usable(reconcile, i); n++) {
            if (copy->notes[n].size == head->size && !hash_equal(&copy->notes[n].root, &head->root)) {
                set_fork(reconcile, i, head->size, &copy->notes[n].root, &head->root, name);
            }
        }
        if (!reconcile_usable(reconcile, i) || copy->kind != COPY_LEDGER || ledger_size(copy->txn) < head->size) {
            continue;
        }
        status = ledger_root(copy->txn, head->size, &root, fault);
        if (status == STATUS_OK && !hash_equal(&root, &head->root)) {
            set_fork(reconcile, i, head->size, &root, &head->root, name);
        }
    }
    return status;
}

/* Who has the remembered head: where that is not this ledger's history, this is the ledger that must give way. */
static void find_head(struct reconcile *reconcile)
{
    struct reconcile_report *report = &reconcile->report;

    for (size_t i = 0; i < reconcile->count && report->remembered; i++) {
        struct reconcile_result *result = &reconcile->results[i];
        struct copy *copy = &reconcile->copies[i];
        struct hash root;

        result->has_head = result->answer != RECONCILE_UNUSED && copy->kind == COPY_LEDGER &&
                           ledger_root(copy->txn, report->head.size, &root, NULL) == STATUS_OK &&
                           hash_equal(&root, &report->head.root);
        for (size_t n = 0; n < copy->note_count && result->answer != RECONCILE_UNUSED; n++) {
            result->has_head = result->has_head ||
                               (copy->notes[n].size == report->head.size && hash_equal(&copy->notes[n].root, &report->head.root));
        }
        report->elsewhere = report->elsewhere || (result->has_head && result->answer == RECONCILE_FORK);
    }
}

enum status reconcile_judge(struct reconcile *reconcile, struct fault *fault)
{
    const struct reconcile_report *report = &reconcile->report;
    enum status status = read_head(reconcile, fault);

    for (size_t i = 0; i < reconcile->count && status == STATUS_OK; i++) {
        if (reconcile_usable(reconcile, i)) {
            status = judge(reconcile, i, fault);
        }
    }
    if (status == STATUS_OK) {
        find_head(reconcile);
    }
    if (status == STATUS_OK && report->remembered) {
        status = judge_against(reconcile, &report->head, RECONCILE_REMEMBERED, fault);
    }
    if (status == STATUS_OK) {
        status = find_goal(reconcile, fault);
    }
    if (status == STATUS_OK) {
        status = judge_against(reconcile, &report->goal, report->goal_name, fault);
    }
    return status == STATUS_OK && report->forks > 0 ? reconcile_exhibits(reconcile, fault) : status;
}
