/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier_spans: who had each thing, from which record to which: the records are replayed over a world of their own, and whenever custody of
 * a thing changed, it and what is in it begin a new span. What an act does not touch, and is in nothing that it touches, is not looked at.
 */
#include "printer/dossier_inside.h"

#include <stdlib.h>
#include <string.h>

/* What is of the thing itself, and what is in what: a tree, by positions of subjects. */
struct track {
    bool seen, changed;
    struct dossier_span own; /* state, holder, place, in, open and to whom; not of its outermost container */
    size_t around, inside, next, before; /* container; first thing in it; neighbours in the same container; SIZE_MAX: none */
    size_t last; /* its last span; SIZE_MAX: none */
};

struct dossier_spans {
    struct world *world;
    struct rules_source source;
    struct replay replay;
    struct stop stop;
    struct track *tracks;
};

/* The findings of a replay are in the verdict already. */
static void say_nothing(void *context, const struct finding *finding)
{
    (void)context;
    (void)finding;
}

enum status dossier_spans_open(struct dossier_filling *filling)
{
    struct check *check = filling->check;
    struct dossier_spans *spans = calloc(1, sizeof *spans);
    if (spans != NULL) {
        filling->spans = spans;
        spans->tracks = calloc(filling->dossier->subject_count + 1, sizeof *spans->tracks);
    }
    if (spans == NULL || spans->tracks == NULL) {
        return fault_set(filling->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a dossier");
    }
    for (size_t i = 0; i < filling->dossier->subject_count; i++) {
        struct track *track = &spans->tracks[i];
        track->around = track->inside = track->next = track->before = track->last = SIZE_MAX;
    }
    spans->source = check->source;
    spans->source.report = say_nothing;
    spans->replay = (struct replay){ .hasher = check->hasher, .source = &spans->source, .scratch = check->other_act, .rigour = SIGNATURE_BOTH };
    enum status status = world_open(NULL, NULL, &spans->world, filling->fault);
    spans->replay.world = spans->world;
    return status;
}

void dossier_spans_close(struct dossier_spans *spans)
{
    if (spans != NULL) {
        world_close(spans->world);
        free(spans->tracks);
        free(spans);
    }
}

/* ---- what is in what --------------------------------------------------------------------------- */

static void take_out(struct track *tracks, size_t at)
{
    struct track *track = &tracks[at];
    if (track->around == SIZE_MAX) {
        return;
    }
    if (track->before != SIZE_MAX) {
        tracks[track->before].next = track->next;
    } else {
        tracks[track->around].inside = track->next;
    }
    if (track->next != SIZE_MAX) {
        tracks[track->next].before = track->before;
    }
    track->around = track->next = track->before = SIZE_MAX;
}

/* The rules let nothing be in itself; the tree does not rely on it. */
static bool may_be_in(const struct track *tracks, size_t at, size_t container)
{
    for (int i = 0; i < DOSSIER_AROUND_MAX; i++) {
        if (container == SIZE_MAX) {
            return true;
        }
        if (container == at) {
            return false;
        }
        container = tracks[container].around;
    }
    return false;
}

static void put_in(struct track *tracks, size_t at, size_t container)
{
    struct track *track = &tracks[at];
    if (container == SIZE_MAX || !may_be_in(tracks, at, container)) {
        return;
    }
    track->around = container;
    track->next = tracks[container].inside;
    if (track->next != SIZE_MAX) {
        tracks[track->next].before = at;
    }
    tracks[container].inside = at;
}

/* ---- spans ------------------------------------------------------------------------------------- */

static bool same(const struct dossier_span *a, const struct dossier_span *b)
{
    return a->state == b->state && a->holder == b->holder && a->place == b->place && a->in == b->in && a->open == b->open;
}

static struct dossier_span own_now(const struct thing *thing)
{
    bool is_open = thing->open != NULL && (thing->state == THING_TRANSIT || thing->state == THING_OUT);
    const struct open_release *open = is_open ? thing->open : NULL;
    return (struct dossier_span){ .state = thing->state,
                                  .holder = thing->holder,
                                  .place = thing->place,
                                  .in = thing->container,
                                  .open = open == NULL ? NOTHING : open->index,
                                  .person = open == NULL ? NOTHING : open->person,
                                  .office = open == NULL ? NOTHING : open->office,
                                  .to_place = open == NULL ? NOTHING : open->place,
                                  .due_s = open == NULL ? NOTHING : open->due_s };
}

static void look_at(struct dossier_filling *filling, uint64_t number)
{
    struct dossier_spans *spans = filling->spans;
    size_t at = dossier_position(filling->dossier, number);
    const struct subject *subject = at == SIZE_MAX ? NULL : world_find(spans->world, number);
    if (subject == NULL || subject->thing == NULL) {
        return;
    }
    struct track *track = &spans->tracks[at];
    struct dossier_span now = own_now(subject->thing);
    if (!track->seen || now.in != track->own.in) {
        take_out(spans->tracks, at);
        put_in(spans->tracks, at, now.in == NOTHING ? SIZE_MAX : dossier_position(filling->dossier, now.in));
    }
    track->changed = !track->seen || !same(&now, &track->own);
    track->seen = true;
    track->own = now;
}

/* Its own container, and else what is said of the outermost. */
static struct dossier_span span_of(const struct dossier_filling *filling, size_t at, const struct row *row)
{
    const struct track *tracks = filling->spans->tracks;
    size_t top = at;
    for (int i = 0; i < DOSSIER_AROUND_MAX && tracks[top].around != SIZE_MAX; i++) {
        top = tracks[top].around;
    }
    struct dossier_span span = tracks[top].own;
    span.thing = filling->dossier->subjects[at].number;
    span.in = tracks[at].own.in;
    span.record = row->index;
    span.from_s = row->logged_s;
    span.until = span.until_s = NOTHING;
    span.claimed_s = filling->check->act->claimed_s;
    span.offset_min = filling->check->act->offset_min;
    span.kind = filling->check->act->kind;
    return span;
}

static enum status add_span(struct dossier_filling *filling, size_t at, const struct row *row)
{
    struct dossier *dossier = filling->dossier;
    struct track *track = &filling->spans->tracks[at];
    struct dossier_span now = span_of(filling, at, row);
    struct dossier_span *last = track->last == SIZE_MAX ? NULL : &dossier->spans[track->last];
    void *spans = dossier->spans;
    if (!track->seen || (last != NULL && same(last, &now))) {
        return STATUS_OK;
    }
    if (last != NULL) {
        last->until = row->index;
        last->until_s = row->logged_s;
    }
    if (dossier->span_count == DOSSIER_SPANS_MAX) {
        return fault_set(filling->fault, STATUS_REFUSED, row->index, "the things of this bundle changed hands more than %d times: ask for fewer",
                         DOSSIER_SPANS_MAX);
    }
    enum status status = dossier_room(&spans, dossier->span_count, &dossier->span_cap, sizeof *dossier->spans, filling->fault);
    if (status == STATUS_OK) {
        dossier->spans = spans;
        track->last = dossier->span_count;
        dossier->spans[dossier->span_count++] = now;
    }
    return status;
}

/* The thing and all that is in it. */
static enum status add_all(struct dossier_filling *filling, size_t root, const struct row *row)
{
    const struct track *tracks = filling->spans->tracks;
    size_t at = root;
    enum status status = add_span(filling, root, row);
    while (status == STATUS_OK) {
        if (tracks[at].inside != SIZE_MAX) {
            at = tracks[at].inside;
        } else {
            while (at != root && tracks[at].next == SIZE_MAX) {
                at = tracks[at].around;
            }
            if (at == root) {
                break;
            }
            at = tracks[at].next;
        }
        status = add_span(filling, at, row);
    }
    return status;
}

static bool is_member(void *context, uint64_t subject)
{
    return dossier_position(context, subject) != SIZE_MAX;
}

static enum status apply(struct dossier_filling *filling, const struct row *row)
{
    struct dossier_spans *spans = filling->spans;
    const struct check *check = filling->check;
    if (spans->stop.status == 0) { /* else an orphan is withheld: what it did is not known, nor what would follow from it */
        rules_apply(&spans->replay, check->record, check->act, &spans->stop);
    }
    return authority_apply(&spans->replay, check->record, &row->hash, check->act, is_member, filling->dossier, filling->fault);
}

enum status dossier_spans_step(struct dossier_filling *filling, const struct row *row)
{
    struct dossier_spans *spans = filling->spans;
    const struct act *act = filling->check->act;
    enum status status = apply(filling, row);
    for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
        look_at(filling, act->entries[i].subject);
    }
    for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
        size_t at = dossier_position(filling->dossier, act->entries[i].subject);
        if (at != SIZE_MAX && spans->tracks[at].changed) {
            spans->tracks[at].changed = false;
            status = add_all(filling, at, row);
        }
    }
    return status;
}

/* ---- in order ---------------------------------------------------------------------------------- */

static int by_thing(const void *a, const void *b)
{
    const struct dossier_span *x = a, *y = b;
    if (x->thing != y->thing) {
        return x->thing < y->thing ? -1 : 1;
    }
    return x->record < y->record ? -1 : x->record > y->record ? 1 : 0;
}

void dossier_spans_finish(struct dossier_filling *filling)
{
    struct dossier *dossier = filling->dossier;
    if (dossier->span_count > 0) {
        qsort(dossier->spans, dossier->span_count, sizeof *dossier->spans, by_thing);
    }
    for (size_t i = 0; i < dossier->span_count; i++) {
        struct dossier_run *run = &dossier->subjects[dossier_position(dossier, dossier->spans[i].thing)].thing.spans;
        run->first = run->count == 0 ? i : run->first;
        run->count++;
    }
}
