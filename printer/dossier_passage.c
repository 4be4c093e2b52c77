/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_passage: a thing's way through time, by the rules of verify/passage.h, from what a dossier kept; and the findings on it.
 */
#include "printer/dossier_look.h"

#include <stdlib.h>
#include <string.h>

#include "printer/dossier_inside.h"

/* A source's context is not const; what is asked is. */
struct asked {
    const struct dossier *dossier;
};

static bool thread_of(void *context, uint64_t subject, uint64_t number, uint64_t *index)
{
    const struct dossier *dossier = ((const struct asked *)context)->dossier;
    const struct dossier_subject *found = dossier_subject(dossier, subject);
    if (found == NULL || number < 1 || number > found->thread.count) {
        return false;
    }
    *index = dossier->records[dossier->thread[found->thread.first + number - 1]].index;
    return true;
}

/* Of an act a passage asks the kind, and the subjects and roles of its entries: that is what a dossier has at hand. */
static bool act_of(void *context, uint64_t index, struct act *scratch)
{
    const struct dossier *dossier = ((const struct asked *)context)->dossier;
    const struct dossier_record *record = dossier_record(dossier, index);
    if (record == NULL || !record->is_act) {
        return false;
    }
    scratch->kind = record->kind;
    scratch->entry_count = record->entries.count;
    for (size_t i = 0; i < record->entries.count; i++) {
        scratch->entries[i].subject = dossier->entries[record->entries.first + i].subject;
        scratch->entries[i].role = dossier->entries[record->entries.first + i].role;
    }
    return true;
}

static int by_position(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y ? 1 : 0;
}

static bool is_among(const uint64_t *things, size_t count, uint64_t subject)
{
    for (size_t i = 0; i < count; i++) {
        if (things[i] == subject) {
            return true;
        }
    }
    return false;
}

static enum status add_finding(struct dossier_passage *out, size_t *cap, size_t finding, struct fault *fault)
{
    void *findings = out->findings;
    enum status status = dossier_room(&findings, out->finding_count, cap, sizeof *out->findings, fault);
    if (status == STATUS_OK) {
        out->findings = findings;
        out->findings[out->finding_count++] = finding;
    }
    return status;
}

/* At each record on the way: what stands at the thread in which it was met, and at the act as a whole. */
static enum status find_on_way(const struct dossier *dossier, struct dossier_passage *out, size_t *cap, struct fault *fault)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < out->passage.count && status == STATUS_OK; i++) {
        const struct passage_row *row = &out->passage.rows[i];
        struct dossier_run run = dossier_findings(dossier, row->index);
        for (size_t j = run.first; j < run.first + run.count && status == STATUS_OK; j++) {
            uint64_t subject = dossier->verdict.findings[j].subject;
            if (subject == NOTHING || subject == row->subject) {
                status = add_finding(out, cap, j, fault);
            }
        }
    }
    return status;
}

/* What stands at the things and at no record: a print that was superseded. */
static enum status find_nowhere(const struct dossier *dossier, const uint64_t *things, size_t count, struct dossier_passage *out, size_t *cap,
                                struct fault *fault)
{
    struct dossier_run run = dossier_findings(dossier, NOTHING);
    enum status status = STATUS_OK;
    for (size_t j = run.first; j < run.first + run.count && status == STATUS_OK; j++) {
        if (is_among(things, count, dossier->verdict.findings[j].subject)) {
            status = add_finding(out, cap, j, fault);
        }
    }
    return status;
}

static void once_each(struct dossier_passage *out)
{
    size_t kept = 0;
    if (out->finding_count > 0) {
        qsort(out->findings, out->finding_count, sizeof *out->findings, by_position);
    }
    for (size_t i = 0; i < out->finding_count; i++) {
        if (kept == 0 || out->findings[kept - 1] != out->findings[i]) {
            out->findings[kept++] = out->findings[i];
        }
    }
    out->finding_count = kept;
}

enum status dossier_passage(const struct dossier *dossier, const uint64_t *things, size_t count, struct dossier_passage *out,
                            struct fault *fault)
{
    struct asked asked = { dossier };
    const struct rules_source source = { .context = &asked, .thread = thread_of, .act_at = act_of };
    struct act *scratch = calloc(1, sizeof *scratch);
    size_t cap = 0;
    memset(out, 0, sizeof *out);
    if (scratch == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a dossier");
    }
    enum status status = passage_find(&source, things, count, scratch, &out->passage, fault);
    if (status == STATUS_OK) {
        status = find_on_way(dossier, out, &cap, fault);
    }
    if (status == STATUS_OK) {
        status = find_nowhere(dossier, things, count, out, &cap, fault);
    }
    free(scratch);
    if (status == STATUS_OK) {
        once_each(out);
    } else {
        dossier_passage_close(out);
    }
    return status;
}

void dossier_passage_close(struct dossier_passage *passage)
{
    passage_close(&passage->passage);
    free(passage->findings);
    memset(passage, 0, sizeof *passage);
}
