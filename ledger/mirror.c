/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror: one pull from beginning to end.
 */
#include "ledger/mirror_inside.h"

#include <stdlib.h>

#include "ledger/files.h"

static void close_pull(struct mirror_pull *pull)
{
    mirror_tree_close(pull->tree);
    ledger_close(pull->ledger);
    mirror_batch_free(&pull->batch);
    buffer_free(&pull->note);
    free(pull->checkpoint);
    free(pull->record);
    free(pull->act);
    hasher_close(pull->hasher);
}

/* Signed by a log of the policy, under its own origin. */
static enum status check_signature(const struct mirror_pull *pull, struct fault *fault)
{
    enum note_answer answer = NOTE_UNSIGNED;
    uint64_t time_s;

    for (size_t i = 0; i < policy_log_count(pull->policy) && answer == NOTE_UNSIGNED; i++) {
        if (view_equal(policy_log(pull->policy, i)->name, pull->checkpoint->origin)) {
            answer = checkpoint_check(pull->checkpoint, policy_log(pull->policy, i), &time_s);
        }
    }
    if (answer == NOTE_DISAGREED) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the two libraries differ on the checkpoint's signature");
    }
    return answer == NOTE_VALID ? STATUS_OK
                                : fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the source's checkpoint %s",
                                            answer == NOTE_FAILED ? "has a signature that does not hold" : "is not signed by a log of the policy");
}

static enum status read_checkpoint(struct mirror_pull *pull, struct fault *fault)
{
    struct mirror_wanted wanted = {.path = "checkpoint", .max = NOTE_BYTES_MAX};
    struct fault inner = {0};
    enum status status = mirror_source_read(pull->source, &wanted, 1, fault);

    pull->note = wanted.body;
    if (status == STATUS_OK && wanted.missing) {
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "the source has no checkpoint: there are no tiles, or nothing was signed yet");
    }
    if (status == STATUS_OK && (checkpoint_parse(buffer_view(&pull->note), pull->checkpoint, &inner) != STATUS_OK || pull->checkpoint->size == 0)) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the source's checkpoint cannot be read: %.400s",
                           inner.text[0] == '\0' ? "it is of no records" : inner.text);
    }
    if (status == STATUS_OK) {
        status = check_signature(pull, fault);
    }
    pull->report->size = status == STATUS_OK ? pull->checkpoint->size : 0;
    return status;
}

static enum status open_pull(struct mirror_pull *pull, struct fault *fault)
{
    enum status status = hasher_open(&pull->hasher, fault);

    pull->checkpoint = malloc(sizeof *pull->checkpoint);
    pull->record = malloc(sizeof *pull->record);
    pull->act = malloc(sizeof *pull->act);
    if (status == STATUS_OK && (pull->checkpoint == NULL || pull->record == NULL || pull->act == NULL)) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (status == STATUS_OK) {
        status = read_checkpoint(pull, fault);
    }
    return status == STATUS_OK ? mirror_tree_open(pull->source, pull->hasher, pull->checkpoint, &pull->tree, fault) : status;
}

/* Nothing is asked of the source for a mirror of another ledger. */
static enum status open_mirror(struct mirror_pull *pull, struct fault *fault)
{
    enum status status = ledger_open(pull->dir, LEDGER_MIRROR, NULL, &pull->ledger, fault);

    if (status == STATUS_OK && !view_equal(pull->checkpoint->origin, view_text(pull->ledger->origin))) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a mirror of %s: the source is another ledger", pull->dir, pull->ledger->origin);
    }
    return status;
}

enum status mirror_pull(const char *dir, struct mirror_source *source, const struct policy *policy, const struct progress *progress,
                        struct mirror_report *report, struct fault *fault)
{
    struct mirror_pull pull = {.dir = dir, .source = source, .policy = policy, .progress = progress, .report = report};
    bool vacant = files_is_vacant(dir);
    enum status status;

    *report = (struct mirror_report){0};
    status = open_pull(&pull, fault);
    if (status == STATUS_OK && vacant) {
        status = mirror_found(&pull, fault);
    }
    if (status == STATUS_OK) {
        status = open_mirror(&pull, fault);
    }
    if (status == STATUS_OK) {
        status = mirror_compare(&pull, fault);
    }
    if (status == STATUS_OK) {
        status = mirror_set_aim(&pull, fault);
    }
    if (status == STATUS_OK) {
        status = mirror_take(&pull, fault);
    }
    close_pull(&pull);
    return status;
}
