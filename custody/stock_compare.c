/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock_compare: what was counted against what should be here. Expected is what is held at the place or in a part of it; what a container
 * whose seals are all as recorded holds is vouched for by these, and not asked for.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "custody/seal_numbers.h"
#include "custody/stock.h"

enum { AROUND_MAX = 64 };

struct comparing {
    struct session *session;
    const struct places *places;
    uint64_t place;
    struct stock_count *count;
    struct stock_results *out;
};

/* The container around a thing, or NULL. */
static const struct subject *around(struct session *session, const struct subject *subject)
{
    uint64_t container = subject->thing->container;
    const struct subject *found = container == NOTHING ? NULL : world_find(ledger_world(session->txn), container);

    return found == NULL || found->thing == NULL ? NULL : found;
}

/* ---- containers ------------------------------------------------------------------------------ */

/* Every container around what was counted itself is open, whatever its seals say. */
static enum status mark_opened(struct comparing *comparing, struct fault *fault)
{
    for (size_t i = 0; i < comparing->count->count; i++) {
        const struct stock_line *line = &comparing->count->lines[i];
        const struct subject *subject = ledger_subject(comparing->session->txn, line->number, fault);

        if (subject == NULL) {
            return fault->status;
        }
        for (int depth = 0; depth < AROUND_MAX && subject != NULL && !line->absent; depth++) {
            struct stock_line *container;

            subject = around(comparing->session, subject);
            container = subject == NULL ? NULL : stock_find(comparing->count, subject->number);
            if (container != NULL) {
                container->opened = true;
            }
        }
    }
    return STATUS_OK;
}

static enum stock_vouch vouch_of(const struct stock_line *line, const struct thing *thing)
{
    struct seals found = {0};

    if (line->has_seals) {
        seals_read(buffer_view(&line->seals), &found);
    }
    if (line->absent || thing->seals == NULL || (line->has_seals && found.count == 0)) {
        return STOCK_SINGLY;
    }
    /* Read as others than recorded, a slip or not, it is still sealed: nobody has looked inside. */
    if (!line->has_seals || !seal_numbers_equal(buffer_view(&line->seals), thing)) {
        return line->opened ? STOCK_SINGLY : STOCK_UNREAD;
    }
    return line->opened ? STOCK_LEAKED : STOCK_VOUCHED;
}

static enum status judge_containers(struct comparing *comparing, struct fault *fault)
{
    for (size_t i = 0; i < comparing->count->count; i++) {
        struct stock_line *line = &comparing->count->lines[i];
        const struct subject *subject = ledger_subject(comparing->session->txn, line->number, fault);

        if (subject == NULL) {
            return fault->status;
        }
        line->vouch = vouch_of(line, subject->thing);
    }
    return STATUS_OK;
}

/* The counted container around a thing that speaks for it: the nearest that vouches, else the nearest of which nothing is known. */
static struct stock_line *speaker(struct comparing *comparing, const struct subject *subject)
{
    struct stock_line *found = NULL;

    for (int depth = 0; depth < AROUND_MAX && subject != NULL; depth++) {
        struct stock_line *line;

        subject = around(comparing->session, subject);
        line = subject == NULL ? NULL : stock_find(comparing->count, subject->number);
        if (line != NULL && line->vouch == STOCK_VOUCHED) {
            return line;
        }
        found = found == NULL && line != NULL && line->vouch != STOCK_SINGLY ? line : found;
    }
    return found;
}

/* ---- one thing ------------------------------------------------------------------------------- */

static void put_seals(struct buffer *out, const struct seals *seals)
{
    buffer_printf(out, "%s", seals->count == 0 ? "none" : "");
    for (size_t i = 0; i < seals->count; i++) {
        buffer_printf(out, "%s%.*s", i == 0 ? "" : ", ", (int)seals->numbers[i].len, (const char *)seals->numbers[i].ptr);
    }
}

/* What was found on it and is not what the record has (SPEC 7.3.5, 7.3.6). */
static void put_differences(const struct stock_line *line, const struct thing *thing, struct buffer *out)
{
    if (line->has_seals && !seal_numbers_equal(buffer_view(&line->seals), thing)) {
        struct seals found, recorded = {0};

        seals_read(buffer_view(&line->seals), &found);
        if (thing->seals != NULL) {
            seal_set_view(thing->seals, &recorded);
        }
        buffer_printf(out, "seals ");
        put_seals(out, &found);
        buffer_printf(out, " instead of ");
        put_seals(out, &recorded);
    }
    if (line->pieces != NOTHING && thing->pieces != NOTHING && line->pieces != thing->pieces) {
        buffer_printf(out, "%s%" PRIu64 " %s instead of %" PRIu64, out->len == 0 ? "" : "; ", line->pieces,
                      line->pieces == 1 ? "piece" : "pieces", thing->pieces);
    }
}

static enum status push(struct stock_results *results, const struct stock_result *result, struct fault *fault)
{
    if (results->count == results->cap) {
        size_t cap = results->cap == 0 ? 64 : results->cap * 2;
        struct stock_result *grown = realloc(results->list, cap * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu things", cap);
        }
        results->list = grown;
        results->cap = cap;
    }
    results->list[results->count++] = *result;
    results->tally[result->outcome]++;
    results->differing += result->differs.len > 0 ? 1 : 0;
    return STATUS_OK;
}

/* The tag alone: of what should be here, or was missing already, that is a thing not found. */
static unsigned outcome_of_tag(const struct thing *thing, bool expected)
{
    return expected || thing->missing != NOTHING ? STOCK_NOT_FOUND : STOCK_TAG_ALONE;
}

static enum status counted(struct comparing *comparing, const struct subject *subject, const struct stock_line *line, bool expected,
                           struct fault *fault)
{
    struct stock_result result = {.number = subject->number, .line = line, .last = subject->last, .outside = NOTHING};
    const struct stock_line *container = speaker(comparing, subject);
    const struct thing *thing = subject->thing;

    if (line->absent) {
        result.outcome = outcome_of_tag(thing, expected);
        return push(comparing->out, &result, fault);
    }
    if (container != NULL && container->vouch == STOCK_LEAKED) {
        result.outside = container->number;
    }
    put_differences(line, thing, &result.differs);
    if (buffer_status(&result.differs, fault) != STATUS_OK) {
        buffer_free(&result.differs);
        return fault->status;
    }
    if (!expected || result.outside != NOTHING) {
        result.outcome = STOCK_NOT_EXPECTED;
    } else {
        bool intact = line->has_seals && thing->seals != NULL && seal_numbers_equal(buffer_view(&line->seals), thing);

        result.outcome = intact ? STOCK_INTACT : STOCK_FOUND;
    }
    if (line->print > 0 && line->print < thing->prints) {
        result.latest_print = thing->prints;
    }
    if (push(comparing->out, &result, fault) != STATUS_OK) {
        buffer_free(&result.differs);
    }
    return fault->status;
}

static enum status not_counted(struct comparing *comparing, const struct subject *subject, struct fault *fault)
{
    const struct stock_result result = {.number = subject->number, .outcome = STOCK_NOT_FOUND, .last = subject->last, .outside = NOTHING};
    struct stock_line *container = speaker(comparing, subject);

    /* No seal vouches for what was missed already. */
    if (container == NULL || subject->thing->missing != NOTHING) {
        return push(comparing->out, &result, fault);
    }
    container->contents++;
    if (container->vouch == STOCK_VOUCHED) {
        comparing->out->vouched++;
    } else {
        comparing->out->uncounted++;
    }
    return STATUS_OK;
}

static bool is_expected(const struct comparing *comparing, const struct subject *subject)
{
    struct whereabouts where;

    whereabouts_of(ledger_world(comparing->session->txn), subject, &where);
    return where.state == THING_HELD && subject->thing->state == THING_HELD &&
           places_within(comparing->places, where.place, comparing->place);
}

enum status stock_compare(struct session *session, const struct places *places, uint64_t place, struct stock_count *count,
                          struct stock_results *out, struct fault *fault)
{
    struct comparing comparing = {session, places, place, count, out};
    enum status status;

    *out = (struct stock_results){.first_record = NOTHING, .last_record = NOTHING};
    status = mark_opened(&comparing, fault);
    if (status == STATUS_OK) {
        status = judge_containers(&comparing, fault);
    }
    for (uint64_t n = 0; status == STATUS_OK && n < ledger_subjects(session->txn); n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);
        const struct stock_line *line;
        bool expected;

        if (subject == NULL) {
            return fault->status;
        }
        if (subject->thing == NULL) {
            continue;
        }
        line = stock_find(count, n);
        expected = is_expected(&comparing, subject);
        if (line != NULL) {
            status = counted(&comparing, subject, line, expected, fault);
        } else if (expected) {
            status = not_counted(&comparing, subject, fault);
        }
    }
    return status;
}
