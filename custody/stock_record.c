/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stock_record: the acts of a count, all in one transaction. What is as recorded goes into acts of many things; what differs from the record
 * is a breach that is recorded all the same (SPEC 7.3.5, 7.3.6): a deviation, an act of its own for each thing, so that nobody else's reason
 * stands on it.
 *
 * All acts of one count pin the same history: by that they are known as one count.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "custody/stock.h"

/* An act's seals take at most this, so that its record fits (SPEC 4: 65535 bytes). */
enum { SEALS_BYTES_MAX = 24 * 1024 };

struct recording {
    struct session *session;
    uint64_t place;
    struct stock_results *results;
    uint64_t seen_size;
    struct hash seen_root;
};

/* One kind of act for one kind of result. */
enum group { GROUP_PLAIN, GROUP_IN_CHAIN, GROUP_DIFFERS, GROUP_TAG_ALONE, GROUP_COUNT };

static enum group group_of(const struct stock_result *result)
{
    if (result->outcome == STOCK_TAG_ALONE) {
        return GROUP_TAG_ALONE;
    }
    return result->differs.len > 0 ? GROUP_DIFFERS : result->in_chain ? GROUP_IN_CHAIN : GROUP_PLAIN;
}

static void put_text(struct composer *composer, uint64_t subject, uint64_t name, struct buffer *text)
{
    struct value value = {.type = VALUE_TEXT, .text = buffer_view(text)};

    if (text->len > 0) {
        composer_detail(composer, subject, name, &value);
    }
    buffer_free(text);
}

/* What the container's seals say of its contents; which container this one should be in; an old label. */
static void put_remarks(const struct recording *recording, struct composer *composer, const struct stock_result *result)
{
    const struct stock_line *line = result->line;
    struct buffer text = {0};
    char name[NAME_BYTES];

    if (line->contents > 0) {
        const char *things = line->contents == 1 ? "thing" : "things";

        buffer_printf(&text, line->vouch == STOCK_VOUCHED ? "its seals, all as recorded, vouch for %" PRIu64 " %s in it"
                             : line->vouch == STOCK_UNREAD ? "its seals were not read as recorded: %" PRIu64 " %s in it neither found nor missing"
                                                           : "something was counted outside it: %" PRIu64 " %s in it neither found nor missing",
                      line->contents, things);
        put_text(composer, result->number, NAME_REMARKS, &text);
    }
    if (result->outside != NOTHING) {
        session_name(recording->session, result->outside, name);
        buffer_printf(&text, "found outside %s, in which it is packed and whose seals are as recorded", name);
        put_text(composer, result->number, NAME_REMARKS, &text);
    }
    if (result->latest_print > 0) {
        buffer_printf(&text, "the label on it is print %" PRIu64 ", the latest is print %" PRIu64, line->print, result->latest_print);
        put_text(composer, result->number, NAME_REMARKS, &text);
    }
}

static void put_entry(const struct recording *recording, struct composer *composer, const struct stock_result *result)
{
    const struct stock_line *line = result->line;
    struct entry *entry = composer_entry(composer, result->number, ROLE_SUBJECT);
    struct buffer text = {0};

    if (result->outcome == STOCK_TAG_ALONE) {
        buffer_printf(&text, "at a stock-take its tag was found without it; there was instead: ");
        buffer_append_view(&text, buffer_view(&line->instead));
        put_text(composer, result->number, NAME_NOTE, &text);
        return;
    }
    entry->facts.present = BIT(FACT_OUTCOME);
    entry->facts.outcome = result->outcome;
    if (line == NULL) {
        return;
    }
    if (line->absent) {
        buffer_append_view(&text, view_text("its tag is there without it; instead: "));
        buffer_append_view(&text, buffer_view(&line->instead));
        put_text(composer, result->number, NAME_FINDING, &text);
        return;
    }
    if (line->has_seals) {
        entry->facts.present |= BIT(FACT_FOUND);
        entry->facts.found = buffer_view(&line->seals);
    }
    if (line->pieces != NOTHING) {
        entry->facts.present |= BIT(FACT_PIECES);
        entry->facts.pieces = line->pieces;
    }
    put_remarks(recording, composer, result);
}

static enum status begin_act(const struct recording *recording, enum group group, const struct stock_result *first,
                             struct composer **out, struct fault *fault)
{
    const char *reason = args_value(recording->session->args, "--deviation");
    enum status status = session_compose(recording->session, group == GROUP_TAG_ALONE ? KIND_NOTE : KIND_STOCKTAKE, out, fault);
    struct buffer text = {0};
    struct act *act;

    if (status != STATUS_OK || group == GROUP_TAG_ALONE) {
        return status;
    }
    act = composer_act(*out);
    act->seen_size = recording->seen_size;
    act->seen_root = recording->seen_root;
    act->present |= BIT(PAY_PLACE);
    act->place = recording->place;
    if (group == GROUP_DIFFERS) {
        buffer_printf(&text, "found at the stock-take: ");
        buffer_append_view(&text, buffer_view(&first->differs));
        put_text(*out, NOTHING, NAME_REASON, &text);
    }
    if (first->in_chain && reason != NULL) {
        composer_text(*out, NOTHING, NAME_REASON, reason);
    }
    act->present |= group == GROUP_PLAIN ? 0u : BIT(PAY_DEVIATION);
    return STATUS_OK;
}

/* One act: from *at on, things of that group, as many as go into it. *at moves behind the last. */
static enum status one_act(const struct recording *recording, enum group group, size_t *at, struct fault *fault)
{
    const struct stock_results *results = recording->results;
    size_t most = group == GROUP_DIFFERS ? 1 : SESSION_BATCH;
    struct composer *composer = NULL;
    size_t seals_bytes = 0;
    size_t taken = 0;
    uint64_t index = NOTHING;
    enum status status = begin_act(recording, group, &results->list[*at], &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    for (; *at < results->count && taken < most && seals_bytes < SEALS_BYTES_MAX; (*at)++) {
        const struct stock_result *result = &results->list[*at];

        if (group_of(result) == group) {
            put_entry(recording, composer, result);
            seals_bytes += result->line == NULL ? 0 : result->line->seals.len;
            taken++;
        }
    }
    status = session_append(recording->session, composer, &index, fault);
    if (status == STATUS_OK && group != GROUP_TAG_ALONE) {
        recording->results->first_record = recording->results->first_record == NOTHING ? index : recording->results->first_record;
        recording->results->last_record = index;
    }
    return status;
}

enum status stock_record(struct session *session, uint64_t place, struct stock_results *results, struct fault *fault)
{
    struct recording recording = {session, place, results, ledger_size(session->txn), {{0}}};
    enum status status = ledger_root(session->txn, recording.seen_size, &recording.seen_root, fault);

    session->judged = true;
    for (enum group group = GROUP_PLAIN; group < GROUP_COUNT && status == STATUS_OK; group++) {
        size_t at = 0;

        while (at < results->count && status == STATUS_OK) {
            if (group_of(&results->list[at]) == group) {
                status = one_act(&recording, group, &at, fault);
            } else {
                at++;
            }
        }
    }
    return status;
}
