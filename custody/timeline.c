/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timeline: the records of the thing and of all that its custody can come from are replayed in order: containers with what is in
 * them, what it was split off from, and whoever signed an act that was lodged for one of these.
 */
#include "custody/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "custody/describe.h"
#include "custody/whereabouts.h"
#include "ledger/past.h"

/* ---- whose records it takes ------------------------------------------------------------------- */

struct gather {
    struct session *session;
    struct describe_scratch *scratch;
    bool *is_member; /* by subject */
    bool *is_read;   /* by record */
    struct subject_list members; /* in order of arrival */
    struct subject_list records;
};

static bool is_member(void *context, uint64_t subject)
{
    const struct gather *gather = context;

    return subject < ledger_subjects(gather->session->txn) && gather->is_member[subject];
}

static enum status add_member(struct gather *gather, uint64_t subject, struct fault *fault)
{
    if (is_member(gather, subject) || subject >= ledger_subjects(gather->session->txn)) {
        return STATUS_OK;
    }
    gather->is_member[subject] = true;
    return subject_list_push(&gather->members, subject, fault);
}

static enum status add_role(struct gather *gather, enum role role, struct fault *fault)
{
    const struct act *act = &gather->scratch->act;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
        if (act->entries[i].role == role) {
            status = add_member(gather, act->entries[i].subject, fault);
        }
    }
    return status;
}

static bool has_child(struct gather *gather)
{
    const struct act *act = &gather->scratch->act;
    bool found = false;

    for (size_t i = 0; i < act->entry_count; i++) {
        found = found || (act->entries[i].role == ROLE_CHILD && is_member(gather, act->entries[i].subject));
    }
    return found;
}

/*
 * What one record in the thread of a member brings in. With a container all that is in it: it is closed when the last is taken out, and
 * what is taken out is in it only when it was not packed elsewhere in between.
 */
static enum status follow(struct gather *gather, struct fault *fault)
{
    const struct act *act = &gather->scratch->act;
    enum status status = STATUS_OK;

    if (act->kind == KIND_LODGE && (act->present & BIT(PAY_FROM)) != 0 && act->from.has_person) {
        status = add_member(gather, act->from.person, fault);
    }
    if (act->kind == KIND_PACK || act->kind == KIND_UNPACK) {
        status = add_role(gather, ROLE_CONTAINER, fault);
        return status == STATUS_OK ? add_role(gather, ROLE_SUBJECT, fault) : status;
    }
    if (status == STATUS_OK && has_child(gather)) {
        status = add_role(gather, act->kind == KIND_ANIMAL ? ROLE_SUBJECT : ROLE_PARENT, fault);
    }
    return status;
}

static enum status gather_thread(struct gather *gather, uint64_t member, struct fault *fault)
{
    const struct subject *subject = ledger_subject(gather->session->txn, member, fault);
    enum status status = subject == NULL ? fault->status : STATUS_OK;

    for (uint64_t number = 1; status == STATUS_OK && number <= subject->count; number++) {
        uint64_t index = 0;

        status = ledger_thread(gather->session->txn, member, number, &index, fault);
        if (status != STATUS_OK || gather->is_read[index]) {
            continue;
        }
        gather->is_read[index] = true;
        status = subject_list_push(&gather->records, index, fault);
        if (status == STATUS_OK) {
            status = describe_read(gather->session, index, gather->scratch, fault);
        }
        if (status == STATUS_OK) {
            status = follow(gather, fault);
        }
    }
    return status;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;

    return *x < *y ? -1 : *x > *y ? 1 : 0;
}

static enum status gather_all(struct gather *gather, uint64_t thing, struct fault *fault)
{
    enum status status = add_member(gather, thing, fault);

    for (size_t i = 0; i < gather->members.count && status == STATUS_OK; i++) {
        status = gather_thread(gather, gather->members.numbers[i], fault);
    }
    if (status == STATUS_OK && gather->records.count > 0) {
        qsort(gather->records.numbers, gather->records.count, sizeof *gather->records.numbers, by_number);
    }
    return status;
}

/* ---- spans ------------------------------------------------------------------------------------ */

static struct span span_now(struct past *past, const struct subject *subject)
{
    struct whereabouts where;
    const struct open_release *open;
    const struct record *record = past_record(past);
    const struct act *act = past_act(past);

    whereabouts_of(past_world(past), subject, &where);
    open = where.open;
    return (struct span){.record = record->index,
                         .until = NOTHING,
                         .from_s = record->logged_s,
                         .until_s = NOTHING,
                         .claimed_s = act->claimed_s,
                         .offset_min = act->offset_min,
                         .kind = act->kind,
                         .state = where.state,
                         .holder = where.holder,
                         .place = where.place,
                         .in = subject->thing->container,
                         .open = open == NULL ? NOTHING : open->index,
                         .person = open == NULL ? NOTHING : open->person,
                         .office = open == NULL ? NOTHING : open->office,
                         .to_place = open == NULL ? NOTHING : open->place};
}

static bool same(const struct span *a, const struct span *b)
{
    return a->state == b->state && a->holder == b->holder && a->place == b->place && a->in == b->in && a->open == b->open;
}

static enum status add_span(struct timeline *timeline, const struct span *now, struct fault *fault)
{
    struct span *last = timeline->count == 0 ? NULL : &timeline->spans[timeline->count - 1];

    if (last != NULL && same(last, now)) {
        return STATUS_OK;
    }
    if (last != NULL) {
        last->until = now->record;
        last->until_s = now->from_s;
    }
    if (timeline->count == timeline->cap) {
        size_t cap = timeline->cap == 0 ? 16 : timeline->cap * 2;
        struct span *spans = realloc(timeline->spans, cap * sizeof *spans);

        if (spans == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        timeline->spans = spans;
        timeline->cap = cap;
    }
    timeline->spans[timeline->count++] = *now;
    return STATUS_OK;
}

static enum status replay(struct gather *gather, uint64_t thing, struct timeline *out, struct fault *fault)
{
    const struct subject_list *records = &gather->records;
    struct past *past = NULL;
    enum status status = past_open(gather->session->txn, is_member, gather, &past, fault);

    for (size_t i = 0; i < records->count && status == STATUS_OK; i++) {
        const struct subject *subject;

        status = past_step(past, records->numbers[i], fault);
        subject = status == STATUS_OK ? world_find(past_world(past), thing) : NULL;
        if (subject != NULL && subject->thing != NULL) {
            struct span now = span_now(past, subject);

            status = add_span(out, &now, fault);
        }
    }
    past_close(past);
    return status;
}

enum status timeline_of(struct session *session, uint64_t thing, struct timeline *out, struct fault *fault)
{
    struct gather gather = {.session = session,
                            .scratch = malloc(sizeof *gather.scratch),
                            .is_member = calloc(ledger_subjects(session->txn), sizeof *gather.is_member),
                            .is_read = calloc(ledger_size(session->txn), sizeof *gather.is_read)};
    bool room = gather.scratch != NULL && gather.is_member != NULL && gather.is_read != NULL;
    enum status status = room ? STATUS_OK : fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");

    *out = (struct timeline){0};
    if (status == STATUS_OK) {
        status = gather_all(&gather, thing, fault);
    }
    if (status == STATUS_OK) {
        status = replay(&gather, thing, out, fault);
    }
    if (status != STATUS_OK) {
        timeline_close(out);
    }
    subject_list_free(&gather.members);
    subject_list_free(&gather.records);
    free(gather.scratch);
    free(gather.is_member);
    free(gather.is_read);
    return status;
}

void timeline_close(struct timeline *timeline)
{
    free(timeline->spans);
    *timeline = (struct timeline){0};
}

bool timeline_within(const struct span *span, uint64_t first_s, uint64_t last_s)
{
    /* After a step back of the clock a span ends before it begins: it is shown for all that lies between, rather than for nothing. */
    uint64_t low = span->from_s < span->until_s ? span->from_s : span->until_s;
    uint64_t high = span->from_s < span->until_s ? span->until_s : span->from_s;

    return low <= last_s && (first_s < high || low == high) && first_s <= high;
}
