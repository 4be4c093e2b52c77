/* SPDX-License-Identifier: Apache-2.0 */
/*
 * between: the comparison of two verified files. Not here: words (report_between.c).
 */
#include "verify/between.h"

#include "verify/check.h"
#include "verify/passage.h"

#include <stdlib.h>
#include <string.h>

#define R(x) ((unsigned long long)(x))

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

/* A verdict_reader of the older file: its threads' heads outlive its bytes. */
static enum status read_older(void *context, struct check *check, struct fault *fault)
{
    struct between *out = context;
    out->asked = calloc(check->bundle.asked_count + 1, sizeof *out->asked);
    out->threads = calloc(check->leaf_count + 1, sizeof *out->threads);
    if (out->asked == NULL || out->threads == NULL) {
        return no_memory(fault);
    }
    for (size_t i = 0; i < check->bundle.asked_count; i++) {
        out->asked[out->asked_count++] = check->bundle.asked[i];
    }
    for (size_t i = 0; i < check->leaf_count; i++) {
        const struct heads_leaf *leaf = &check->leaves[i].leaf;
        out->threads[out->thread_count++] = (struct between_thread){ .subject = leaf->subject, .count = leaf->count, .last = leaf->last };
    }
    return STATUS_OK;
}

/* Both files' leaves are of the tree's own records: where they disagree, the heads of one of them are false. */
static void compare_threads(struct between *out, const struct check *check)
{
    for (size_t i = 0; i < out->thread_count && out->stop.status == 0; i++) {
        const struct between_thread *thread = &out->threads[i];
        const struct leaf_row *leaf = check_leaf(check, thread->subject);
        uint64_t count = 0, last = 0;
        for (size_t j = 0; leaf != NULL && j < leaf->count; j++) {
            uint64_t index = check->rows[check->threads[leaf->first + j].row].index;
            if (index < out->older.size) {
                count++;
                last = index;
            }
        }
        if (leaf != NULL && (count != thread->count || last != thread->last)) {
            stop_set(&out->stop, 1, "between", NOTHING, thread->subject,
                     "the older file says that %llu records touched subject %llu up to record %llu, the newer one that %llu did, up to record %llu",
                     R(thread->count), R(thread->subject), R(thread->last), R(count), R(last));
        }
    }
}

/*
 * A thing is asked about by itself; a case for every thing whose case it is. Where custody could not be replayed to the end nobody knows whose
 * case a thing is: then all things in the file count, for silence must not be said of too few.
 */
static enum status gather(const struct check *check, uint64_t asked, uint64_t **subjects, size_t *count, struct fault *fault)
{
    const struct subject *about = world_find(check->world, asked);
    bool all = (check->replay.unknown_kind || check->custody.status == 2) && about != NULL && about->type == TYPE_CASE;
    uint64_t *list = calloc(check->leaf_count + 1, sizeof *list);
    if (list == NULL) {
        return no_memory(fault);
    }
    *count = 0;
    for (size_t i = 0; i < check->leaf_count; i++) {
        uint64_t number = check->leaves[i].leaf.subject;
        const struct subject *subject = world_find(check->world, number);
        if (number == asked || (subject != NULL && subject->thing != NULL && (all || subject->thing->of_case == asked))) {
            list[(*count)++] = number;
        }
    }
    *subjects = list;
    return STATUS_OK;
}

static enum status keep_record(struct between *out, struct check *check, const struct passage_row *at, struct fault *fault)
{
    const struct row *row = check_row(check, at->index);
    void *records = out->records;
    if (row == NULL || !check_decode(row, check->record, check->act)) {
        return STATUS_OK;
    }
    if (!check_room(&records, out->record_count, &out->record_cap, sizeof *out->records)) {
        return no_memory(fault);
    }
    const struct act_rule *rule = act_rule(check->act->kind);
    out->records = records;
    out->records[out->record_count++] = (struct between_record){
        .index = at->index, .logged_s = row->logged_s, .act = rule == NULL ? "act of unknown kind" : rule->name, .subject = at->subject };
    return STATUS_OK;
}

static enum status find_records(struct between *out, struct check *check, struct between_subject *subject, struct fault *fault)
{
    struct passage passage = { 0 };
    uint64_t *subjects = NULL;
    size_t count = 0;
    enum status status = gather(check, subject->subject, &subjects, &count, fault);
    if (status == STATUS_OK) {
        status = passage_find(&check->source, subjects, count, check->other_act, &passage, fault);
    }
    subject->first = out->record_count;
    for (size_t i = 0; status == STATUS_OK && i < passage.count; i++) {
        bool again = i > 0 && passage.rows[i - 1].index == passage.rows[i].index;
        if (passage.rows[i].index >= out->older.size && !again) {
            status = keep_record(out, check, &passage.rows[i], fault);
        }
    }
    subject->count = out->record_count - subject->first;
    passage_close(&passage);
    free(subjects);
    return status;
}

/* A verdict_reader of the newer file. */
static enum status read_newer(void *context, struct check *check, struct fault *fault)
{
    struct between *out = context;
    const struct bundle *bundle = &check->bundle;
    if (out->asked == NULL || check->verdict->since_size != out->older.size) {
        return STATUS_OK;
    }
    compare_threads(out, check);
    out->answered = out->stop.status == 0;
    out->subjects = calloc(bundle->asked_count + 1, sizeof *out->subjects);
    enum status status = out->subjects == NULL ? no_memory(fault) : STATUS_OK;
    for (size_t i = 0, j = 0; out->answered && status == STATUS_OK && i < bundle->asked_count; i++) {
        while (j < out->asked_count && out->asked[j] < bundle->asked[i]) {
            j++;
        }
        if (j < out->asked_count && out->asked[j] == bundle->asked[i]) {
            const struct subject *known = world_find(check->world, bundle->asked[i]);
            struct between_subject *subject = &out->subjects[out->subject_count++];
            *subject = (struct between_subject){ .subject = bundle->asked[i], .type = known == NULL ? TYPE_NONE : known->type };
            status = find_records(out, check, subject, fault);
        }
    }
    return status;
}

static bool quorum_met(const struct verdict *verdict)
{
    bool met = verdict->stop.status == 0 && !verdict->quorum_none;
    for (size_t i = 0; i < verdict->note_count; i++) {
        met = met && strcmp(verdict->notes[i].code, "quorum") != 0;
    }
    return met;
}

/* SPEC 10: 1, 2, 3, 0. */
static void add_up(struct between *out)
{
    static const int worse[] = { 0, 3, 2, 1 };
    const struct verdict *files[] = { &out->older, &out->newer };
    out->status = out->older.status;
    out->code = out->older.code;
    if (worse[files[1]->status] > worse[files[0]->status] || files[0]->status == 0) {
        out->status = files[1]->status;
        out->code = files[1]->code;
    }
    if (out->stop.status != 0) {
        out->status = out->stop.status;
        out->code = out->stop.code;
    }
    out->witnessed = quorum_met(files[0]) && quorum_met(files[1]);
}

static enum between_use judge_use(const struct between *out)
{
    const struct verdict *older = &out->older, *newer = &out->newer;
    if (older->known && newer->known && strcmp(older->origin, newer->origin) != 0) {
        return BETWEEN_LEDGERS;
    }
    if (older->known && newer->known && older->size > newer->size) {
        return BETWEEN_ORDER;
    }
    return out->answered && out->subject_count == 0 ? BETWEEN_NOBODY : BETWEEN_FITS;
}

enum status verify_between(struct hasher *hasher, const struct policy *policy, struct view older, struct view newer,
                           const struct verify_options *options, struct between *out, struct fault *fault)
{
    struct verify_options first = { .as_of_s = NOTHING, .training = options->training, .tsa = options->tsa };
    struct verify_options second = *options;
    memset(out, 0, sizeof *out);
    second.since = older;
    enum status status = verify_read(hasher, policy, older, &first, read_older, out, &out->older, fault);
    if (status == STATUS_OK) {
        status = verify_read(hasher, policy, newer, &second, read_newer, out, &out->newer, fault);
    }
    if (status == STATUS_OK) {
        add_up(out);
        out->use = judge_use(out);
    }
    return status;
}

void between_close(struct between *between)
{
    verdict_close(&between->older);
    verdict_close(&between->newer);
    free(between->asked);
    free(between->threads);
    free(between->subjects);
    free(between->records);
    memset(between, 0, sizeof *between);
}
