/* SPDX-License-Identifier: Apache-2.0 */
/*
 * others: V15: bundles of other ledgers inside a bundle; and where one is of the ledger that this one succeeds (SPEC 3.9), whether it fits what
 * the founders said of it, and the lives that things had there. Not here: tags (check_tag.c).
 */
#include "verify/exhibit.h"
#include "verify/job.h"

#include <stdio.h>
#include <stdlib.h>

#define R(x) ((unsigned long long)(x))

static void note_later(struct check *check, const struct verdict *old)
{
    struct finding finding = { .code = "succeeded-later", .record = NOTHING, .subject = NOTHING };
    (void)snprintf(finding.text, sizeof finding.text,
                   "the ledger that this one succeeds had %llu records when this file's bundle of it was made: the founders named a head of %llu",
                   R(old->size), R(check->verdict->succeeds.size));
    check->source.report(check->source.context, &finding);
}

/* The carried-over thing's life there, told under its number here. */
static void tell_lives(struct verdict *verdict, struct check *old)
{
    for (size_t i = 0; i < verdict->old_life_count; i++) {
        struct verdict_old_life *life = &verdict->old_lives[i];
        if (life->text.len == 0 && check_leaf(old, life->old) != NULL) {
            history_of(old, life->old, &life->text);
        }
    }
}

/* A verdict_reader: the other bundle stands; is it the predecessor's, and the one that the founders meant? */
static enum status read_other(void *context, struct check *old, struct fault *fault)
{
    struct check *check = context;
    struct verdict *verdict = check->verdict;
    const struct foreign *said = &verdict->succeeds;
    if (!verdict->has_succeeds || !hash_equal(&old->verdict->ledger, &said->ledger)) {
        return STATUS_OK;
    }
    const struct hash *root = check_proven_root(old, said->size);
    if (old->verdict->training != verdict->training) {
        stop_set(check->stop, 1, "succession", NOTHING, NOTHING, "a training ledger can only succeed a training ledger");
    } else if (root == NULL) {
        check_note(check, "succession", NOTHING,
                   "the bundle of the ledger that this one succeeds does not prove the head of %llu records that the founders named", R(said->size));
    } else if (!hash_equal(root, &said->root)) {
        stop_set(check->stop, 1, "succession", NOTHING, NOTHING,
                 "the founders named another history of the %llu records of the ledger that this one succeeds than its bundle holds", R(said->size));
    } else {
        verdict->before = old->verdict->size > said->size ? BEFORE_LATER : BEFORE_SAME;
        verdict->before_size = old->verdict->size;
    }
    if (check->stop->status == 0 && verdict->before == BEFORE_LATER) {
        note_later(check, old->verdict);
    }
    if (check->stop->status == 0 && root != NULL) {
        tell_lives(verdict, old);
    }
    for (size_t i = 0; i < verdict->old_life_count; i++) {
        if (verdict->old_lives[i].text.failed) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
    }
    return STATUS_OK;
}

bool check_carries(const struct check *check, const struct act *act, bool *rightly)
{
    const struct foreign *said = &check->verdict->succeeds;
    *rightly = act->foreign.size == said->size && hash_equal(&act->foreign.root, &said->root) && act->foreign.has_subject && !act->foreign.has_act;
    return act->kind == KIND_REGISTER && (act->present & BIT(PAY_FOREIGN)) != 0 && check->verdict->has_succeeds &&
           hash_equal(&act->foreign.ledger, &said->ledger);
}

/* Which record carried over that thing, and from which number: the first that registers it. */
static void find_carried(struct check *check, uint64_t subject)
{
    struct verdict *verdict = check->verdict;
    const struct leaf_row *leaf = check_leaf(check, subject);
    for (size_t i = 0; leaf != NULL && i < leaf->count; i++) {
        const struct row *row = &check->rows[check->threads[leaf->first + i].row];
        if (check->briefs[row - check->rows].kind != KIND_REGISTER || !check_decode(row, check->record, check->act)) {
            continue;
        }
        uint64_t before = 0;
        bool rightly = false;
        for (size_t j = 0; j < check->act->entry_count && check->act->entries[j].subject != subject; j++) {
            before += check->act->entries[j].role == ROLE_SUBJECT ? 1 : 0;
        }
        if (check_carries(check, check->act, &rightly) && rightly) {
            verdict->old_lives[verdict->old_life_count++] = (struct verdict_old_life){
                .subject = subject, .record = row->index, .old = check->act->foreign.subject + before };
        }
        return;
    }
}

static void find_all_carried(struct check *check)
{
    size_t asked = check->verdict->has_succeeds ? check->bundle.asked_count : 0;
    for (size_t i = 0; asked <= HISTORY_ASKED_MAX && i < asked; i++) {
        const struct subject *subject = world_find(check->world, check->bundle.asked[i]);
        if (subject != NULL && subject->thing != NULL) {
            find_carried(check, subject->number);
        }
    }
}

/* What the other bundle's verdict is to this one. */
static void count_other(struct check *check, const struct verdict *other)
{
    const char *why = other->stop.status != 0 ? other->stop.text : other->note_count > 0 ? other->notes[0].text : "";
    if (other->status == 1) {
        stop_set(check->stop, 1, "other", NOTHING, NOTHING, "the bundle of the other ledger inside: %.400s", why);
    } else if (other->status == 2) {
        check_note(check, "other", NOTHING, "the bundle of the other ledger inside: %.400s", why);
    } else if (other->status == 3) {
        struct finding finding = { .code = "other", .breach = true, .record = NOTHING, .subject = NOTHING,
                                   .text = "custody is broken in the other ledger whose bundle is inside" };
        check->source.report(check->source.context, &finding);
    }
}

enum status check_others(struct check *check, bool nested, struct fault *fault)
{
    struct verify_options options = { .as_of_s = NOTHING, .training = check->options->training, .tsa = check->options->tsa };
    enum status status = STATUS_OK;
    if (nested && check->bundle.other_count > 0) {
        stop_set(check->stop, 2, "unreadable", NOTHING, NOTHING, "a bundle inside the bundle holds a third");
        return STATUS_OK;
    }
    find_all_carried(check);
    for (size_t i = 0; i < check->bundle.other_count && status == STATUS_OK && check->stop->status == 0; i++) {
        const struct job job = { .file = check->bundle.others[i], .nested = true, .read = read_other, .context = check };
        struct verdict *other = calloc(1, sizeof *other);
        if (other == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        status = verify_job(check->hasher, check->policy, &job, &options, other, fault);
        if (status == STATUS_OK && check->stop->status == 0) {
            count_other(check, other);
        }
        verdict_close(other);
        free(other);
    }
    return status;
}
