/* SPDX-License-Identifier: Apache-2.0 */
/*
 * who-had: who had a thing on a day, or at a moment.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/output.h"
#include "custody/table.h"
#include "custody/timeline.h"
#include "custody/timeparse.h"
#include "verify/text.h"

static void put_party(struct session *session, const struct span *span, struct buffer *out)
{
    struct party party = {span->person != NOTHING, span->office != NOTHING, span->to_place != NOTHING,
                          span->person,            span->office,            span->to_place};

    describe_party(session, &party, out);
}

/* The counterparty that a hand out names, for that thing or for the act as a whole. */
static void put_counterparty(struct session *session, uint64_t record, struct buffer *out)
{
    struct ledger_details details = {0};
    struct fault ignored;

    fault_clear(&ignored);
    if (ledger_details(session->txn, record, &details, &ignored) != STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < details.disclosure_count; i++) {
        struct disclosure disclosure;

        if (disclosure_decode(details.disclosures[i], &disclosure, &ignored) == STATUS_OK && disclosure.name == NAME_COUNTERPARTY) {
            value_print(&disclosure.value, out);
            break;
        }
    }
    ledger_details_free(&details);
}

/* "held", "in transit to KHPP-5-X Keo Store", "out with a clerk of the court", "closed (dispose)". */
static void put_custody(struct session *session, const struct span *span, struct buffer *out)
{
    struct buffer whom = {0};

    buffer_printf(out, "%s", state_name(span->state));
    if (span->state == THING_TRANSIT) {
        put_party(session, span, &whom);
        buffer_printf(out, "%s", whom.len == 0 ? "" : " to ");
    } else if (span->state == THING_OUT && span->open != NOTHING) {
        put_counterparty(session, span->open, &whom);
        buffer_printf(out, "%s", whom.len == 0 ? "" : " with ");
    } else if (span->state == THING_CLOSED) {
        buffer_printf(out, " (%s)", act_rule(span->kind)->name);
    }
    buffer_append_view(out, buffer_view(&whom));
    buffer_free(&whom);
}

static void put_span(struct session *session, const struct span *span, struct table *table)
{
    struct buffer text = {0};

    output_time_cell(table, span->from_s);
    output_time_cell(table, span->until_s);
    if (span->holder != NOTHING && span->state != THING_CLOSED) {
        describe_person(session, span->holder, &text);
    }
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    put_custody(session, span, &text);
    table_text(table, buffer_view(&text));
    output_name_cell(session, table, span->place);
    output_name_cell(session, table, span->in);
    table_number(table, span->record);
    buffer_reset(&text);
    text_time_local(&text, span->claimed_s, span->offset_min);
    table_text(table, buffer_view(&text));
    buffer_free(&text);
}

/* The first and the last moment that --on names: a whole day, or one moment. */
static enum status read_moment(struct session *session, uint64_t *first_s, uint64_t *last_s, struct fault *fault)
{
    const char *on = NULL;
    int offset_min = session->offset_min;
    enum status status = args_required(session->args, "--on", &on, fault);

    if (status == STATUS_OK) {
        status = timeparse(on, false, &offset_min, first_s, fault);
    }
    offset_min = session->offset_min;
    return status == STATUS_OK ? timeparse(on, true, &offset_min, last_s, fault) : status;
}

/* A thing, by its typed name. */
static enum status read_thing(struct session *session, const char *typed, uint64_t *number, struct fault *fault)
{
    const struct subject *subject;
    enum status status = session_subject(session, typed, number, fault);

    if (status != STATUS_OK) {
        return status;
    }
    subject = ledger_subject(session->txn, *number, fault);
    if (subject == NULL) {
        return fault->status;
    }
    if (subject->thing == NULL) {
        char name[NAME_BYTES];

        session_name(session, *number, name);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a %s: only items and containers are in somebody's hands", name,
                         type_name(subject->type));
    }
    return STATUS_OK;
}

/* For people: up to where the answer goes, and what its times are. */
static enum status say_covered(struct session *session, bool found, struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    struct buffer text = {0};
    struct view bytes;
    uint64_t last = ledger_size(session->txn) - 1;
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                         : ledger_record(session->txn, last, &bytes, fault);

    if (status == STATUS_OK) {
        status = record_decode(bytes, &scratch->record, fault);
    }
    if (status == STATUS_OK) {
        text_time(&text, scratch->record.logged_s);
        buffer_append_byte(&text, 0);
        status = buffer_status(&text, fault);
    }
    if (status == STATUS_OK) {
        (void)printf("%s\nfrom, until: when the station logged it; said: when its signers say it was\nas of record %" PRIu64 ", logged %s\n",
                     found ? "" : "nobody: no record of it is that old", last, (const char *)text.ptr);
    }
    buffer_free(&text);
    free(scratch);
    return status;
}

static enum status who_had(struct session *session, struct table *table, struct fault *fault)
{
    struct timeline timeline = {0};
    uint64_t number = 0;
    uint64_t first_s = 0;
    uint64_t last_s = 0;
    enum status status = read_moment(session, &first_s, &last_s, fault);

    if (status == STATUS_OK) {
        status = read_thing(session, session->args->arguments[0], &number, fault);
    }
    if (status == STATUS_OK) {
        status = timeline_of(session, number, &timeline, fault);
    }
    for (size_t i = 0; status == STATUS_OK && i < timeline.count; i++) {
        if (timeline_within(&timeline.spans[i], first_s, last_s)) {
            put_span(session, &timeline.spans[i], table);
        }
    }
    timeline_close(&timeline);
    return status;
}

static enum status run_who_had(struct args *args, struct fault *fault)
{
    static const struct table_column columns[] = {{"from", false},  {"until", false}, {"who", false},   {"custody", false},
                                                  {"place", false}, {"in", false},    {"record", true}, {"said", false}};
    struct table *table = NULL;
    struct session session;
    enum status status = session_read(args, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    if (status == STATUS_OK) {
        status = who_had(&session, table, fault);
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "custody", table, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--json")) {
        status = say_covered(&session, table_rows(table) > 0, fault);
    }
    table_close(table);
    session_close(&session);
    return status;
}

static const struct option who_options[] = {
    {"--on", OPTION_VALUE, "DATE[THH:MM]", "that day (of this machine's zone), or that moment"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_who[] = {
    {.words = "who-had", .arguments = "SUBJECT", .summary = "who had a thing on that day, also inside containers", .at_least = 1, .at_most = 1,
     .shared = ARGS_LEDGER | ARGS_JSON | ARGS_NOW, .options = who_options, .example = "unbroken who-had KHPP-17-R --on 2018-12-14",
     .json = "{\"ledger\", \"training\", \"custody\": [{\"from\", \"until\", \"who\", \"custody\", \"place\", \"in\", \"record\", \"said\"}]}\n"
             "  until: null while it lasts; who: who answers for it, also in transit and out; record: the one that began it",
     .run = run_who_had},
    {.words = NULL},
};
