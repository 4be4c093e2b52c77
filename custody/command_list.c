/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list: things by what they are now. Filters narrow each other down.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/output.h"
#include "custody/places.h"
#include "custody/table.h"
#include "custody/whereabouts.h"
#include "verify/text.h"

enum { COLUMNS_MAX = 24, DAYS_MAX = 36500 };

struct filter {
    uint64_t of_case, holder, at, container; /* NOTHING: any */
    bool in_transit, overdue, allotted, out, out_of_store, missing;
    uint64_t longer_than_days; /* NOTHING: any */
};

struct listing {
    struct session *session;
    struct filter filter;
    struct places places;
    struct whereabouts_clock clock;
    struct table_column columns[COLUMNS_MAX];
    size_t column_count;
    bool json, clocks, counterparty, missing; /* which columns there are */
    struct table *table;
};

/* A thing, with what is looked up of it once. */
struct row {
    const struct subject *subject;
    struct whereabouts where;
    uint64_t since_s, by_record; /* of what is out of the store, else NOTHING */
};

static bool matches_state(const struct listing *listing, const struct row *row)
{
    const struct filter *filter = &listing->filter;
    const struct thing *thing = row->subject->thing;
    enum thing_state state = row->where.state;

    if (filter->in_transit && state != THING_TRANSIT) {
        return false;
    }
    if (filter->out && state != THING_OUT) {
        return false;
    }
    if (filter->out_of_store && row->since_s == NOTHING) {
        return false;
    }
    if (filter->overdue && !whereabouts_overdue(&row->where, listing->session->now_s)) {
        return false;
    }
    if (filter->longer_than_days != NOTHING &&
        (row->since_s == NOTHING || whereabouts_days(row->since_s, listing->session->now_s) <= filter->longer_than_days)) {
        return false;
    }
    if (filter->missing && thing->missing == NOTHING) {
        return false;
    }
    return !filter->allotted || thing->state == THING_UNUSED;
}

static bool matches(const struct listing *listing, const struct row *row)
{
    const struct filter *filter = &listing->filter;
    enum thing_state state = row->where.state;

    if (filter->of_case != NOTHING && row->subject->thing->of_case != filter->of_case) {
        return false;
    }
    if (filter->holder != NOTHING && (state == THING_CLOSED || state == THING_UNUSED || row->where.holder != filter->holder)) {
        return false;
    }
    if (filter->container != NOTHING && row->subject->thing->container != filter->container) {
        return false;
    }
    /* What is in transit or out lies no longer where it was, whoever answers for it. */
    if (filter->at != NOTHING && (state != THING_HELD || !places_within(&listing->places, row->where.place, filter->at))) {
        return false;
    }
    return matches_state(listing, row);
}

/* Nothing for NOTHING. */
static void put_number(struct table *table, uint64_t number)
{
    if (number == NOTHING) {
        table_nothing(table);
    } else {
        table_number(table, number);
    }
}

/* Kilograms for people, to the gram, or to the milligram where there are any. */
static void put_net(const struct listing *listing, uint64_t net_mg)
{
    enum { MG_PER_KG = 1000000 };
    struct buffer text = {0};

    if (listing->json || net_mg == NOTHING) {
        put_number(listing->table, net_mg);
        return;
    }
    buffer_printf(&text, "%" PRIu64 ".%06" PRIu64, net_mg / MG_PER_KG, net_mg % MG_PER_KG);
    while (!text.failed && text.ptr[text.len - 1] == '0' && text.ptr[text.len - 4] != '.') {
        text.len--;
    }
    table_text(listing->table, buffer_view(&text));
    buffer_free(&text);
}

/* Who has it, in the words of the hand out. */
static enum status put_counterparty(struct listing *listing, const struct row *row, struct fault *fault)
{
    const struct open_release *open = row->where.open;
    struct ledger_details details = {0};
    struct buffer name = {0};
    enum status status = STATUS_OK;

    if (open == NULL || row->where.state != THING_OUT) {
        table_nothing(listing->table);
        return STATUS_OK;
    }
    status = ledger_details(listing->session->txn, open->index, &details, fault);
    for (size_t i = 0; i < details.disclosure_count && status == STATUS_OK && name.len == 0; i++) {
        struct disclosure disclosure;

        status = disclosure_decode(details.disclosures[i], &disclosure, fault);
        if (status == STATUS_OK && disclosure.name == NAME_COUNTERPARTY &&
            (!disclosure.has_subject || disclosure.subject == row->where.top->number)) {
            value_print(&disclosure.value, &name);
        }
    }
    table_text(listing->table, buffer_view(&name));
    buffer_free(&name);
    ledger_details_free(&details);
    return status;
}

static void put_clocks(struct listing *listing, const struct row *row)
{
    const struct open_release *open = row->where.open;
    uint64_t now_s = listing->session->now_s;
    bool late = open != NULL && open->due_s != NOTHING && open->due_s < now_s;

    output_time_cell(listing->table, row->since_s);
    put_number(listing->table, row->by_record);
    put_number(listing->table, row->since_s == NOTHING ? NOTHING : whereabouts_days(row->since_s, now_s));
    put_number(listing->table, late ? whereabouts_days(open->due_s, now_s) : NOTHING);
}

static enum status put_missing(struct listing *listing, uint64_t index, struct fault *fault)
{
    uint64_t logged_s = NOTHING;
    enum status status = STATUS_OK;

    if (index != NOTHING) {
        status = whereabouts_logged(listing->session, &listing->clock, index, &logged_s, fault);
    }
    put_number(listing->table, index);
    output_time_cell(listing->table, logged_s);
    return status;
}

static enum status put_row(struct listing *listing, const struct row *row, struct fault *fault)
{
    const struct thing *thing = row->subject->thing;
    struct session *session = listing->session;
    struct table *table = listing->table;
    bool registered = thing->of_case != NOTHING;
    enum status status = STATUS_OK;

    output_name_cell(session, table, row->subject->number);
    table_string(table, type_name(row->subject->type));
    table_string(table, thing->voided ? "void" : state_name(row->where.state));
    output_name_cell(session, table, thing->of_case);
    output_name_cell(session, table, thing->state == THING_UNUSED || thing->voided ? NOTHING : row->where.holder);
    output_name_cell(session, table, row->where.place);
    output_name_cell(session, table, thing->container);
    put_number(table, registered ? thing->pieces : NOTHING);
    put_net(listing, registered ? thing->net_mg : NOTHING);
    output_time_cell(table, row->where.open == NULL ? NOTHING : row->where.open->due_s);
    if (listing->clocks) {
        put_clocks(listing, row);
    }
    if (listing->counterparty) {
        status = put_counterparty(listing, row, fault);
    }
    if (listing->missing && status == STATUS_OK) {
        status = put_missing(listing, thing->missing, fault);
    }
    return status;
}

static void add_column(struct listing *listing, const char *name, bool right)
{
    listing->columns[listing->column_count++] = (struct table_column){name, right};
}

/* For people, only what was asked for: a line is long enough. */
static void choose_columns(struct listing *listing)
{
    static const char *const always[] = {"thing", "type", "state", "case", "holder", "place", "in"};
    const struct filter *filter = &listing->filter;

    listing->clocks = listing->json || filter->in_transit || filter->overdue || filter->out || filter->out_of_store ||
                      filter->longer_than_days != NOTHING;
    listing->counterparty = listing->json || filter->out;
    listing->missing = listing->json || filter->missing;
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++) {
        add_column(listing, always[i], false);
    }
    add_column(listing, "pieces", true);
    add_column(listing, listing->json ? "net-mg" : "net-kg", true);
    add_column(listing, "due", false);
    if (listing->clocks) {
        add_column(listing, "since", false);
        add_column(listing, "by-record", true);
        add_column(listing, "days", true);
        add_column(listing, "days-late", true);
    }
    if (listing->counterparty) {
        add_column(listing, "counterparty", false);
    }
    if (listing->missing) {
        add_column(listing, "missing-by-record", true);
        add_column(listing, "missing-since", false);
    }
}

static enum status read_filter(struct session *session, struct filter *out, struct fault *fault)
{
    struct args *args = session->args;
    const char *of_case = args_value(args, "--case");
    const char *holder = args_value(args, "--held-by");
    const char *at = args_value(args, "--at");
    const char *container = args_value(args, "--in");
    const char *days = args_value(args, "--longer-than");
    enum status status = STATUS_OK;

    *out = (struct filter){.of_case = NOTHING, .holder = NOTHING, .at = NOTHING, .container = NOTHING, .in_transit = args_flag(args, "--in-transit"),
                           .overdue = args_flag(args, "--overdue"), .allotted = args_flag(args, "--allotted"),
                           .out = args_flag(args, "--out"), .out_of_store = args_flag(args, "--out-of-store"),
                           .missing = args_flag(args, "--missing"), .longer_than_days = NOTHING};
    if (days != NULL && (!text_decimal(view_text(days), &out->longer_than_days) || out->longer_than_days > DAYS_MAX)) {
        return args_usage(args, fault, "--longer-than %.40s: a whole number of days, at most %d", days, DAYS_MAX);
    }
    if (of_case != NULL) {
        status = session_subject_of(session, of_case, TYPE_CASE, &out->of_case, fault);
    }
    if (status == STATUS_OK && holder != NULL) {
        status = session_subject_of(session, holder, TYPE_PERSON, &out->holder, fault);
    }
    if (status == STATUS_OK && container != NULL) {
        status = session_subject_of(session, container, TYPE_CONTAINER, &out->container, fault);
    }
    if (status == STATUS_OK && at != NULL) {
        status = session_subject_of(session, at, TYPE_PLACE, &out->at, fault);
    }
    return status;
}

static enum status list_things(struct listing *listing, struct fault *fault)
{
    struct session *session = listing->session;
    enum status status = STATUS_OK;

    for (uint64_t n = 0; status == STATUS_OK && n < ledger_subjects(session->txn); n++) {
        struct row row = {.subject = ledger_subject(session->txn, n, fault)};

        if (row.subject == NULL) {
            return fault->status;
        }
        if (row.subject->thing == NULL) {
            continue;
        }
        whereabouts_of(ledger_world(session->txn), row.subject, &row.where);
        status = whereabouts_since(session, &listing->clock, &row.where, &row.since_s, &row.by_record, fault);
        if (status == STATUS_OK && matches(listing, &row)) {
            status = put_row(listing, &row, fault);
        }
    }
    return status;
}

static enum status run_list(struct args *args, struct fault *fault)
{
    struct session session;
    struct listing listing = {.session = &session, .json = args_flag(args, "--json")};
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = read_filter(&session, &listing.filter, fault);
    }
    if (status == STATUS_OK && listing.filter.at != NOTHING) {
        status = places_load(&session, &listing.places, fault);
    }
    if (status == STATUS_OK) {
        choose_columns(&listing);
        status = table_open(listing.columns, listing.column_count, &listing.table, fault);
    }
    if (status == STATUS_OK) {
        status = list_things(&listing, fault);
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "things", listing.table, fault);
    }
    if (status == STATUS_OK && !listing.json) {
        (void)printf("%zu %s\n", table_rows(listing.table), table_rows(listing.table) == 1 ? "thing" : "things");
    }
    table_close(listing.table);
    places_free(&listing.places);
    free(listing.clock.scratch);
    session_close(&session);
    return status;
}

static const struct option list_options[] = {
    {"--case", OPTION_VALUE, "CASE", "things of this case"},
    {"--held-by", OPTION_VALUE, "PERSON", "things that this person answers for"},
    {"--in", OPTION_VALUE, "CONTAINER", "things packed into this container"},
    {"--at", OPTION_VALUE, "PLACE", "things held at this place or in a part of it, also inside containers"},
    {"--in-transit", OPTION_FLAG, NULL, "released and not answered"},
    {"--out", OPTION_FLAG, NULL, "with somebody who has no key: a court, an owner, a courier"},
    {"--out-of-store", OPTION_FLAG, NULL, "in transit, out, or held at no place; since when"},
    {"--longer-than", OPTION_VALUE, "DAYS", "out of the store for more days than this"},
    {"--overdue", OPTION_FLAG, NULL, "in transit or out past their due time, or in transit for over 30 days without one"},
    {"--missing", OPTION_FLAG, NULL, "not found at a stock-take, and not since"},
    {"--allotted", OPTION_FLAG, NULL, "numbers that are neither used nor void"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_list[] = {
    {.words = "list", .arguments = "", .summary = "list things", .shared = ARGS_LEDGER | ARGS_JSON | ARGS_NOW,
     .options = list_options, .example = "unbroken list --case KHPP-10-6 --in-transit",
     .json = "{\"ledger\", \"training\", \"things\": [{\"thing\", \"type\", \"state\", \"case\", \"holder\", \"place\", \"in\", \"pieces\", "
             "\"net-mg\", \"due\", \"since\", \"by-record\", \"days\", \"days-late\", \"counterparty\", \"missing-by-record\", "
             "\"missing-since\"}]}\n"
             "  state, holder, place, due: in a container, those of the outermost one; since, by-record, days: out of the store",
     .run = run_list},
    {.words = NULL},
};
