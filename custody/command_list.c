/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list, find: things by what they are now, and records by what they say.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/output.h"
#include "custody/table.h"
#include "verify/text.h"

/* ---- list ------------------------------------------------------------------------------------ */

struct filter {
    uint64_t of_case, holder; /* NOTHING: any */
    bool in_transit, overdue, allotted;
};

static bool matches(struct session *session, const struct filter *filter, const struct subject *subject)
{
    const struct thing *thing = subject->thing;
    bool moving = thing->state == THING_TRANSIT || thing->state == THING_OUT;

    if (filter->of_case != NOTHING && thing->of_case != filter->of_case) {
        return false;
    }
    if (filter->holder != NOTHING && (thing->state == THING_CLOSED || thing->state == THING_UNUSED ||
                                      thing_holder(ledger_world(session->txn), subject) != filter->holder)) {
        return false;
    }
    if (filter->in_transit && thing->state != THING_TRANSIT) {
        return false;
    }
    if (filter->overdue && (!moving || thing->open == NULL || thing->open->due_s == NOTHING || thing->open->due_s >= session->now_s)) {
        return false;
    }
    return !filter->allotted || thing->state == THING_UNUSED;
}

static void put_subject_name(const struct session *session, struct table *table, uint64_t number)
{
    char name[NAME_BYTES];

    if (number == NOTHING) {
        table_nothing(table);
    } else {
        session_name(session, number, name);
        table_string(table, name);
    }
}

static void list_row(struct session *session, const struct subject *subject, struct table *table)
{
    const struct thing *thing = subject->thing;
    bool registered = thing->of_case != NOTHING;
    struct buffer due = {0};

    put_subject_name(session, table, subject->number);
    table_string(table, type_name(subject->type));
    table_string(table, thing->voided ? "void" : state_name(thing->state));
    put_subject_name(session, table, thing->of_case);
    put_subject_name(session, table, thing->state == THING_UNUSED || thing->voided
                                         ? NOTHING
                                         : thing_holder(ledger_world(session->txn), subject));
    put_subject_name(session, table, thing->place);
    if (registered && thing->pieces != NOTHING) {
        table_number(table, thing->pieces);
    } else {
        table_nothing(table);
    }
    if (thing->net_mg != NOTHING && registered) {
        table_number(table, thing->net_mg);
    } else {
        table_nothing(table);
    }
    if (thing->open != NULL && thing->open->due_s != NOTHING) {
        text_time(&due, thing->open->due_s);
        table_text(table, buffer_view(&due));
    } else {
        table_nothing(table);
    }
    buffer_free(&due);
}

static enum status read_filter(struct session *session, struct filter *out, struct fault *fault)
{
    const struct args *args = session->args;
    const char *of_case = args_value(args, "--case");
    const char *holder = args_value(args, "--held-by");
    enum status status = STATUS_OK;

    *out = (struct filter){NOTHING, NOTHING, args_flag(args, "--in-transit"), args_flag(args, "--overdue"),
                           args_flag(args, "--allotted")};
    if (of_case != NULL) {
        status = session_subject_of(session, of_case, TYPE_CASE, &out->of_case, fault);
    }
    if (status == STATUS_OK && holder != NULL) {
        status = session_subject_of(session, holder, TYPE_PERSON, &out->holder, fault);
    }
    return status;
}

static enum status run_list(struct args *args, struct fault *fault)
{
    static const struct table_column columns[] = {{"thing", false}, {"type", false},  {"state", false},
                                                  {"case", false},  {"holder", false}, {"place", false},
                                                  {"pieces", true}, {"net-mg", true}, {"due", false}};
    struct table *table = NULL;
    struct session session;
    struct filter filter;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = read_filter(&session, &filter, fault);
    }
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    for (uint64_t n = 0; status == STATUS_OK && n < ledger_subjects(session.txn); n++) {
        const struct subject *subject = ledger_subject(session.txn, n, fault);

        if (subject == NULL) {
            status = fault->status;
        } else if (subject->thing != NULL && matches(&session, &filter, subject)) {
            list_row(&session, subject, table);
        }
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "things", table, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--json")) {
        (void)printf("%zu %s\n", table_rows(table), table_rows(table) == 1 ? "thing" : "things");
    }
    table_close(table);
    session_close(&session);
    return status;
}

/* ---- find ------------------------------------------------------------------------------------ */

/* Case is folded for ASCII letters; other scripts are compared byte by byte. */
static bool contains(struct view text, const char *wanted)
{
    size_t len = strlen(wanted);

    for (size_t at = 0; at + len <= text.len; at++) {
        size_t i = 0;

        while (i < len && tolower(text.ptr[at + i]) == tolower((unsigned char)wanted[i])) {
            i++;
        }
        if (i == len) {
            return true;
        }
    }
    return false;
}

static enum status find_in(struct session *session, uint64_t index, const char *wanted, struct table *table, struct fault *fault)
{
    struct ledger_details details = {0};
    struct buffer value = {0};
    enum status status = ledger_details(session->txn, index, &details, fault);

    for (size_t i = 0; i < details.disclosure_count && status == STATUS_OK; i++) {
        struct disclosure disclosure;

        status = disclosure_decode(details.disclosures[i], &disclosure, fault);
        buffer_reset(&value);
        if (status == STATUS_OK) {
            value_print(&disclosure.value, &value);
        }
        if (status == STATUS_OK && contains(buffer_view(&value), wanted)) {
            const struct detail_name *name = detail_by_number(disclosure.name);

            table_number(table, index);
            put_subject_name(session, table, disclosure.has_subject ? disclosure.subject : NOTHING);
            table_string(table, name == NULL ? "unknown" : name->name);
            table_text(table, buffer_view(&value));
        }
    }
    buffer_free(&value);
    ledger_details_free(&details);
    return status;
}

static enum status run_find(struct args *args, struct fault *fault)
{
    static const struct table_column columns[] = {{"record", true}, {"subject", false}, {"name", false}, {"value", false}};
    struct table *table = NULL;
    struct session session;
    enum status status;

    if (args->arguments[0][0] == '\0') {
        return args_usage(args, fault, "find needs a text");
    }
    status = session_open(args, LEDGER_READ, false, &session, fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    for (uint64_t index = 0; status == STATUS_OK && index < ledger_size(session.txn); index++) {
        status = find_in(&session, index, args->arguments[0], table, fault);
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "found", table, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--json")) {
        (void)printf("%zu found\n", table_rows(table));
    }
    table_close(table);
    session_close(&session);
    return status;
}

static const struct option list_options[] = {
    {"--case", OPTION_VALUE, "CASE", "things of this case"},
    {"--held-by", OPTION_VALUE, "PERSON", "things that this person answers for"},
    {"--in-transit", OPTION_FLAG, NULL, "released and not answered"},
    {"--overdue", OPTION_FLAG, NULL, "in transit or out past their due time"},
    {"--allotted", OPTION_FLAG, NULL, "numbers that are neither used nor void"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_list[] = {
    {.words = "list", .arguments = "", .summary = "list things", .shared = ARGS_LEDGER | ARGS_JSON | ARGS_NOW,
     .options = list_options, .example = "unbroken list --case KHPP-10-6 --in-transit",
     .json = "{\"ledger\", \"training\", \"things\": [{\"thing\", \"type\", \"state\", \"case\", \"holder\", \"place\", \"pieces\", \"net-mg\", "
             "\"due\"}]}",
     .run = run_list},
    {.words = "find", .arguments = "TEXT", .summary = "find a text in the details of all records", .at_least = 1, .at_most = 1,
     .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken find 'ink number 41'",
     .json = "{\"ledger\", \"training\", \"found\": [{\"record\", \"subject\", \"name\", \"value\"}]}", .run = run_find},
    {.words = NULL},
};
