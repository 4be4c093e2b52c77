/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asked: what the breaches mean for each subject that was asked for, and how many things a verdict is about.
 */
#include "verify/check.h"

#include <stdlib.h>

static void count_thing(void *context, struct subject *subject)
{
    struct verdict *verdict = context;
    if (subject->thing != NULL) {
        verdict->things[subject->thing->state]++;
    }
}

/* Both ascend by subject: the bundle's asked subjects and their verdicts. */
static void mark_broken(const struct check *check, uint64_t number)
{
    struct verdict *verdict = check->verdict;
    size_t low = 0, high = verdict->asked_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (verdict->asked[middle].subject < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < verdict->asked_count && verdict->asked[low].subject == number) {
        verdict->asked[low].broken = true;
    }
}

/* A breach of a subject breaks its custody; one of an act as a whole that of every subject that the act touched. */
static void mark_breach(const struct check *check, const struct finding *finding)
{
    const struct row *row = finding->subject == NOTHING ? check_row(check, finding->record) : NULL;
    if (finding->subject != NOTHING) {
        mark_broken(check, finding->subject);
    }
    for (size_t i = 0; row != NULL && i < row->link_count; i++) {
        mark_broken(check, check->links[row->link_first + i].subject);
    }
}

/* An asked case answers for all that the bundle holds. */
enum status asked_judge(struct check *check, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    bool any = false;
    if (!check->replay.unknown_kind) {
        world_each(check->world, count_thing, verdict);
    }
    verdict->custody_open = check->replay.unknown_kind || check->custody.status == 2;
    verdict->asked = calloc(check->bundle.asked_count + 1, sizeof *verdict->asked);
    if (verdict->asked == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < check->bundle.asked_count; i++) {
        const struct subject *subject = world_find(check->world, check->bundle.asked[i]);
        verdict->asked[verdict->asked_count++] = (struct verdict_asked){
            .subject = check->bundle.asked[i], .type = subject == NULL ? TYPE_NONE : subject->type,
            .records = subject == NULL ? 0 : subject->count };
    }
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (verdict->findings[i].breach) {
            any = true;
            mark_breach(check, &verdict->findings[i]);
        }
    }
    for (size_t i = 0; i < verdict->asked_count; i++) {
        verdict->asked[i].broken = verdict->asked[i].broken || (any && verdict->asked[i].type == TYPE_CASE);
    }
    return STATUS_OK;
}
