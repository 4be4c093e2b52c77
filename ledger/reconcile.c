/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile: opening sources, comparing, and the whole of taking back. Judging a source: reconcile_judge.c; the way through the missing records: reconcile_walk.c.
 */
#include "ledger/reconcile_inside.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/head_file.h"
#include "verify/text.h"

enum { RUNS_MAX = 12 };

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* ---- opening --------------------------------------------------------------------------------- */

enum status reconcile_open(const char *dir, const char *head_path, struct reconcile **out, struct fault *fault)
{
    struct reconcile *reconcile = calloc(1, sizeof *reconcile);
    enum status status = reconcile == NULL ? no_memory(fault) : STATUS_OK;

    if (status == STATUS_OK) {
        reconcile->record = malloc(sizeof *reconcile->record);
        reconcile->act = malloc(sizeof *reconcile->act);
        status = reconcile->record == NULL || reconcile->act == NULL ? no_memory(fault) : STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = ledger_open(dir, LEDGER_RECOVER, head_path, &reconcile->ledger, fault);
    }
    if (status == STATUS_OK) {
        status = ledger_begin(reconcile->ledger, true, &reconcile->txn, fault);
    }
    if (status != STATUS_OK) {
        reconcile_close(reconcile);
        return status;
    }
    reconcile->of = (struct copy_of){reconcile->ledger->hasher, ledger_origin(reconcile->ledger), reconcile->ledger->dir};
    reconcile->own = (struct copy){.kind = COPY_LEDGER, .ledger = reconcile->ledger, .txn = reconcile->txn, .borrowed = true};
    for (size_t i = 0; i < reconcile->ledger->identity.key_count; i++) {
        copy_keys_add(&reconcile->keys, reconcile->ledger->identity.keys[i].key);
    }
    *out = reconcile;
    return STATUS_OK;
}

void reconcile_close(struct reconcile *reconcile)
{
    if (reconcile == NULL) {
        return;
    }
    for (size_t i = 0; i < reconcile->count; i++) {
        copy_close(&reconcile->copies[i]);
        buffer_free(&reconcile->results[i].runs);
        buffer_free(&reconcile->results[i].exhibit);
    }
    ledger_abort(reconcile->txn);
    ledger_close(reconcile->ledger);
    gaps_free(&reconcile->gaps);
    free(reconcile->copies);
    free(reconcile->results);
    free(reconcile->roots);
    free(reconcile->record);
    free(reconcile->act);
    free(reconcile);
}

struct ledger *reconcile_ledger(struct reconcile *reconcile)
{
    return reconcile->ledger;
}

const struct reconcile_result *reconcile_results(const struct reconcile *reconcile)
{
    return reconcile->results;
}

const struct reconcile_report *reconcile_report(const struct reconcile *reconcile)
{
    return &reconcile->report;
}

bool reconcile_usable(const struct reconcile *reconcile, size_t i)
{
    enum reconcile_answer answer = reconcile->results[i].answer;

    return answer != RECONCILE_UNUSED && answer != RECONCILE_FORK;
}

/* Trouble of the machine ends everything; anything else is the source's own. */
static bool is_trouble(enum status status)
{
    return status == STATUS_MEMORY;
}

static enum reconcile_kind kind_of(const struct reconcile_source *source, const struct copy *copy)
{
    static const enum reconcile_kind kinds[] = {[COPY_BUNDLE] = RECONCILE_BUNDLE, [COPY_PATHS] = RECONCILE_BUNDLE,
                                                [COPY_CHECKPOINT] = RECONCILE_CHECKPOINT,
                                                [COPY_RECEIPT] = RECONCILE_RECEIPT, [COPY_LEDGER] = RECONCILE_LEDGER};

    if (source->witness != NULL) {
        return RECONCILE_WITNESS;
    }
    return copy->certified ? RECONCILE_CERTIFICATE : kinds[copy->kind];
}

/* A witness shows a head that it has itself cosigned: an answer without that may be anybody's, and an old one. */
static enum status check_cosigned(const struct reconcile_source *source, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    uint64_t time_s = 0;
    enum status status = checkpoint == NULL ? no_memory(fault) : checkpoint_parse(source->file, checkpoint, fault);

    if (status == STATUS_OK && checkpoint_check(checkpoint, &source->witness->key, &time_s) != NOTE_VALID) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the head that it shows is not cosigned by its own key");
    }
    free(checkpoint);
    return status;
}

static enum status open_source(struct reconcile *reconcile, const struct reconcile_source *source, struct copy *copy, struct fault *fault)
{
    enum status status = STATUS_OK;

    if (source->why != NULL) {
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "%.400s", source->why);
    }
    if (source->is_ledger) {
        return copy_open_ledger(&reconcile->of, &reconcile->keys, source->name, copy, fault);
    }
    if (source->witness != NULL) {
        status = check_cosigned(source, fault);
    }
    return status == STATUS_OK ? copy_open_file(&reconcile->of, &reconcile->keys, source->file, copy, fault) : status;
}

static enum status open_copy(struct reconcile *reconcile, const struct reconcile_source *source, size_t i, struct fault *fault)
{
    struct reconcile_result *result = &reconcile->results[i];
    struct copy *copy = &reconcile->copies[i];
    struct fault inner = {0};
    enum status status = open_source(reconcile, source, copy, &inner);

    if (status != STATUS_OK && is_trouble(status)) {
        return fault_set(fault, status, FAULT_NOWHERE, "%s", inner.text);
    }
    if (status != STATUS_OK) {
        result->kind = source->is_ledger ? RECONCILE_LEDGER : source->witness != NULL ? RECONCILE_WITNESS
                       : copy_is_text(source->file) ? RECONCILE_CHECKPOINT : RECONCILE_BUNDLE;
        reconcile->report.silent += source->witness != NULL && !source->excused ? 1u : 0u;
        (void)snprintf(result->why, sizeof result->why, "%s", inner.text);
        return STATUS_OK;
    }
    result->kind = kind_of(source, copy);
    result->answer = RECONCILE_SAME; /* until it is judged */
    result->records = copy->kind == COPY_LEDGER ? ledger_size(copy->txn) : 0;
    result->signed_size = copy_newest(copy) == NULL ? 0 : copy_newest(copy)->size;
    return STATUS_OK;
}

/* Checkpoints in text come last: by then all station keys are known. */
static enum status open_copies(struct reconcile *reconcile, const struct reconcile_source *sources, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < reconcile->count && status == STATUS_OK; i++) {
            bool is_text = !sources[i].is_ledger && copy_is_text(sources[i].file);

            reconcile->results[i].name = sources[i].name;
            if (is_text == (pass == 1)) {
                status = open_copy(reconcile, &sources[i], i, fault);
            }
        }
    }
    return status;
}

/* ---- comparing ------------------------------------------------------------------------------- */

static int compare_roots(const void *left, const void *right)
{
    const struct reconcile_root *a = left;
    const struct reconcile_root *b = right;

    return (a->size > b->size) - (a->size < b->size);
}

/* Every root that is known of a size beyond what is here. */
static enum status gather_roots(struct reconcile *reconcile, struct fault *fault)
{
    const struct reconcile_report *report = &reconcile->report;
    size_t room = 1;

    for (size_t i = 0; i < reconcile->count; i++) {
        room += reconcile->copies[i].note_count;
    }
    reconcile->roots = calloc(room, sizeof *reconcile->roots);
    if (reconcile->roots == NULL) {
        return no_memory(fault);
    }
    if (report->remembered && report->head.size > report->records) {
        reconcile->roots[reconcile->root_count++] = (struct reconcile_root){report->head.size, report->head.root, RECONCILE_REMEMBERED};
    }
    for (size_t i = 0; i < reconcile->count; i++) {
        for (size_t n = 0; n < reconcile->copies[i].note_count && reconcile_usable(reconcile, i); n++) {
            const struct copy_note *note = &reconcile->copies[i].notes[n];

            if (note->size > report->records) {
                reconcile->roots[reconcile->root_count++] =
                    (struct reconcile_root){note->size, note->root, reconcile->results[i].name};
            }
        }
    }
    qsort(reconcile->roots, reconcile->root_count, sizeof *reconcile->roots, compare_roots);
    return STATUS_OK;
}

/* Another missing record that it holds: "41 to 47, 50". */
static void add_run(struct buffer *runs, uint64_t first, uint64_t last, size_t *count)
{
    (*count)++;
    if (*count > RUNS_MAX) {
        buffer_printf(runs, "%s", *count == RUNS_MAX + 1 ? " ..." : "");
        return;
    }
    buffer_printf(runs, "%s%llu", *count == 1 ? "" : ", ", (unsigned long long)first);
    if (last > first) {
        buffer_printf(runs, " to %llu", (unsigned long long)last);
    }
}

/* Who holds which of the missing records. */
static enum status count_held(struct reconcile *reconcile, size_t i, struct fault *fault)
{
    struct reconcile_result *result = &reconcile->results[i];
    uint64_t from = reconcile->report.records;
    uint64_t to = reconcile->report.missing > 0 ? reconcile->report.goal.size : from;
    uint64_t first = NOTHING;
    size_t runs = 0;

    for (uint64_t index = from; index <= to; index++) {
        struct view bytes;
        bool holds = index < to && copy_find_record(&reconcile->copies[i], reconcile->ledger->hasher, index, &bytes);

        result->holds += holds ? 1u : 0u;
        if (holds && first == NOTHING) {
            first = index;
        } else if (!holds && first != NOTHING) {
            add_run(&result->runs, first, index - 1, &runs);
            first = NOTHING;
        }
    }
    return buffer_status(&result->runs, fault);
}

enum status reconcile_compare(struct reconcile *reconcile, const struct reconcile_source *sources, size_t count,
                              const struct progress *progress, struct fault *fault)
{
    struct reconcile_report *report = &reconcile->report;
    enum status status = STATUS_OK;

    assert(reconcile->copies == NULL);
    reconcile->copies = calloc(count + 1, sizeof *reconcile->copies);
    reconcile->results = calloc(count + 1, sizeof *reconcile->results);
    if (reconcile->copies == NULL || reconcile->results == NULL) {
        return no_memory(fault);
    }
    reconcile->count = count;
    *report = (struct reconcile_report){.records = ledger_size(reconcile->txn),
                                        .checkpoint = reconcile->txn->meta.checkpoint,
                                        .first_lost = NOTHING};
    status = open_copies(reconcile, sources, fault);
    if (status == STATUS_OK) {
        status = reconcile_judge(reconcile, fault);
    }
    if (status == STATUS_OK) {
        status = gather_roots(reconcile, fault);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (reconcile_usable(reconcile, i)) {
            status = count_held(reconcile, i, fault);
        }
    }
    if (status == STATUS_OK && report->here_differs) {
        (void)snprintf(report->problem, sizeof report->problem,
                       "the first %llu records here are not those of the remembered head: this is another history, and nothing is mended in it",
                       (unsigned long long)report->head.size);
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = reconcile_walk(reconcile, progress, fault);
    }
    if (status == STATUS_OK && report->problem[0] == '\0') {
        status = reconcile_take_notes(reconcile, fault);
    }
    report->complete = status == STATUS_OK && report->problem[0] == '\0';
    return status;
}

/* ---- taking back ----------------------------------------------------------------------------- */

/* In the end the tree has the newest head that was signed; it is remembered before anything is committed, as before a signature. */
static enum status reach_goal(struct reconcile *reconcile, struct fault *fault)
{
    struct reconcile_report *report = &reconcile->report;
    struct hash root;
    enum status status = STATUS_OK;

    if (report->goal.size == 0) {
        return STATUS_OK;
    }
    status = ledger_root(reconcile->txn, report->goal.size, &root, fault);
    if (status == STATUS_OK && !hash_equal(&root, &report->goal.root)) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the %llu records do not have the root of the newest signed head",
                         (unsigned long long)report->goal.size);
    }
    if (status == STATUS_OK && (!report->remembered || report->head.size < report->goal.size)) {
        status = head_write(reconcile->ledger, &(struct head){report->goal.size, report->goal.root}, fault);
        report->head_written = status == STATUS_OK;
    }
    return status;
}

enum status reconcile_take(struct reconcile *reconcile, struct fault *fault)
{
    struct reconcile_report *report = &reconcile->report;
    struct ledger_txn *txn = reconcile->txn;
    enum status status;

    assert(reconcile->copies != NULL && txn != NULL);
    if (!report->complete) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s", report->problem);
    }
    if (report->forks > 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a source shows another history: nothing is taken back while it is among them");
    }
    if (report->silent > 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "%llu of the station's witnesses showed no head: what they have seen is not known, and a smaller head is not taken for the newest",
                         (unsigned long long)report->silent);
    }
    status = reach_goal(reconcile, fault);
    if (status == STATUS_OK) {
        reconcile->txn = NULL;
        status = ledger_commit(txn, fault);
    }
    return status;
}
