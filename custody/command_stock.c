/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stocktake, stocktakes: a blind count of a place, and the counts that there were.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "custody/stock.h"

/* ---- stocktake ------------------------------------------------------------------------------- */

/* Two persons, one of them a custodian beside the counter: asked before anybody counts for an hour. */
static enum status check_signers(struct session *session, struct fault *fault)
{
    bool custodian = false;

    for (size_t i = 1; i < session->signer_count; i++) {
        custodian = custodian || session->signers[i].signer.capacity == OFFICE_CUSTODIAN;
        for (size_t j = 0; j < i; j++) {
            if (session->signers[i].signer.person == session->signers[j].signer.person) {
                return args_usage(session->args, fault, "stocktake: the counter and the custodian are two persons");
            }
        }
    }
    return custodian ? STATUS_OK
                     : args_usage(session->args, fault, "stocktake needs two keys: --key of the counter first, then --key of a custodian");
}

/* Everything between the end of the scan and the commit, in one transaction. */
static enum status close_count(struct session *session, uint64_t place, struct stock_count *count, struct stock_results *results,
                               struct fault *fault)
{
    struct places places = {0};
    enum status status = session_begin(session, true, fault);

    if (status == STATUS_OK) {
        status = places_load(session, &places, fault);
    }
    if (status == STATUS_OK) {
        status = stock_compare(session, &places, place, count, results, fault);
    }
    if (status == STATUS_OK) {
        status = stock_outside(session, results, fault);
    }
    if (status == STATUS_OK) {
        status = stock_record(session, place, results, fault);
    }
    if (status == STATUS_OK && results->count > 0) {
        status = session_commit(session, fault);
    }
    places_free(&places);
    return status;
}

static enum status count_place(struct session *session, uint64_t place, struct fault *fault)
{
    struct stock_count count = {0};
    struct stock_results results = {0};
    enum status status = stock_scan(session, &count, fault);

    if (status == STATUS_OK && count.count == 0 && !args_flag(session->args, "--empty")) {
        args_hint(session->args, "--empty where there is nothing at all");
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "nothing was counted; nothing was recorded");
    }
    if (status == STATUS_OK && count.count > 0 && args_flag(session->args, "--empty")) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "--empty, and %zu things were counted; nothing was recorded", count.count);
    }
    if (status == STATUS_OK) {
        status = close_count(session, place, &count, &results, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(session, false, fault);
    }
    if (status == STATUS_OK) {
        status = stock_say(session, place, &results, fault);
    }
    stock_results_free(&results);
    stock_free(&count);
    return status;
}

static enum status run_stocktake(struct args *args, struct fault *fault)
{
    struct session session;
    uint64_t place = 0;
    enum status status;

    if (!args_flag(args, "--scan")) {
        return args_usage(args, fault, "stocktake needs --scan: what is there is read from a scanner or typed, line by line");
    }
    if (args_value(args, "--draft") != NULL) {
        return args_usage(args, fault, "stocktake takes no --draft: what came out would be known before the second signature");
    }
    status = session_start(args, KIND_STOCKTAKE, &session, fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = check_signers(&session, fault);
    if (status == STATUS_OK) {
        status = session_subject_of(&session, args->arguments[0], TYPE_PLACE, &place, fault);
    }
    if (status == STATUS_OK) {
        status = count_place(&session, place, fault);
    }
    session_close(&session);
    return status;
}

/* ---- stocktakes ------------------------------------------------------------------------------ */

/* One count: its acts follow each other and saw the same history (stock_record.c). */
struct past_count {
    uint64_t first, last, logged_s, place, seen_size, counter, custodian, tally[STOCK_OUTCOMES], deviations;
    struct hash seen_root;
};

struct looking {
    struct session *session;
    struct places places;
    uint64_t within; /* NOTHING: all places */
    struct table *table;
    bool open;
    struct past_count now;
};

static void put_person(struct session *session, struct table *table, uint64_t person)
{
    struct buffer name = {0};

    output_name_cell(session, table, person);
    if (person != NOTHING) {
        describe_detail(session, person, NAME_PERSON, &name);
    }
    table_text(table, buffer_view(&name));
    buffer_free(&name);
}

static void put_count(struct looking *looking)
{
    const struct past_count *now = &looking->now;
    struct table *table = looking->table;
    struct buffer name = {0};

    if (!looking->open) {
        return;
    }
    looking->open = false;
    table_number(table, now->first);
    table_number(table, now->last);
    output_time_cell(table, now->logged_s);
    output_name_cell(looking->session, table, now->place);
    describe_detail(looking->session, now->place, NAME_PLACE, &name);
    table_text(table, buffer_view(&name));
    put_person(looking->session, table, now->counter);
    put_person(looking->session, table, now->custodian);
    table_number(table, now->tally[STOCK_FOUND] + now->tally[STOCK_INTACT]);
    table_number(table, now->tally[STOCK_INTACT]);
    table_number(table, now->tally[STOCK_NOT_FOUND]);
    table_number(table, now->tally[STOCK_NOT_EXPECTED]);
    table_number(table, now->deviations);
    buffer_free(&name);
}

static uint64_t custodian_of(const struct act *act)
{
    for (size_t i = 1; i < act->signer_count; i++) {
        if (act->signers[i].capacity == OFFICE_CUSTODIAN) {
            return act->signers[i].person;
        }
    }
    return NOTHING;
}

static void add_act(struct looking *looking, const struct record *record, const struct act *act)
{
    struct past_count *now = &looking->now;
    uint64_t place = (act->present & BIT(PAY_PLACE)) != 0 ? act->place : NOTHING;

    if (!looking->open || record->index != now->last + 1 || place != now->place || act->seen_size != now->seen_size ||
        !hash_equal(&act->seen_root, &now->seen_root)) {
        put_count(looking);
        looking->open = true;
        *now = (struct past_count){.first = record->index, .logged_s = record->logged_s, .place = place, .seen_size = act->seen_size,
                                   .seen_root = act->seen_root, .counter = act->signers[0].person, .custodian = custodian_of(act)};
    }
    now->last = record->index;
    now->deviations += (act->present & BIT(PAY_DEVIATION)) != 0 ? act->entry_count : 0;
    for (size_t i = 0; i < act->entry_count; i++) {
        uint64_t outcome = act->entries[i].facts.outcome;

        if ((act->entries[i].facts.present & BIT(FACT_OUTCOME)) != 0 && outcome < STOCK_OUTCOMES) {
            now->tally[outcome]++;
        }
    }
}

static enum status look_at_all(struct looking *looking, struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    struct session *session = looking->session;
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a record") : STATUS_OK;

    for (uint64_t index = 0; status == STATUS_OK && index < ledger_size(session->txn); index++) {
        status = describe_read(session, index, scratch, fault);
        if (status == STATUS_OK && scratch->act.kind == KIND_STOCKTAKE &&
            (looking->within == NOTHING || ((scratch->act.present & BIT(PAY_PLACE)) != 0 &&
                                            places_within(&looking->places, scratch->act.place, looking->within)))) {
            add_act(looking, &scratch->record, &scratch->act);
        }
        status = status == STATUS_MISSING ? STATUS_OK : status; /* a heads record */
    }
    put_count(looking);
    free(scratch);
    return status;
}

static enum status show_counts(struct looking *looking, struct fault *fault)
{
    static const struct table_column columns[] = {
        {"record", true}, {"to-record", true}, {"logged", false}, {"place", false}, {"place-name", false}, {"counter", false},
        {"counter-name", false}, {"custodian", false}, {"custodian-name", false}, {"found", true}, {"seal-intact", true},
        {"not-found", true}, {"not-expected", true}, {"deviations", true}};
    struct args *args = looking->session->args;
    enum status status = STATUS_OK;

    if (args->argument_count > 0) {
        status = session_subject_of(looking->session, args->arguments[0], TYPE_PLACE, &looking->within, fault);
    }
    if (status == STATUS_OK) {
        status = places_load(looking->session, &looking->places, fault);
    }
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &looking->table, fault);
    }
    if (status == STATUS_OK) {
        status = look_at_all(looking, fault);
    }
    if (status == STATUS_OK) {
        status = output_table(looking->session, "stocktakes", looking->table, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--json")) {
        (void)printf("%zu %s\n", table_rows(looking->table), table_rows(looking->table) == 1 ? "stock-take" : "stock-takes");
    }
    return status;
}

static enum status run_stocktakes(struct args *args, struct fault *fault)
{
    struct session session;
    struct looking looking = {.session = &session, .within = NOTHING};
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = show_counts(&looking, fault);
    }
    table_close(looking.table);
    places_free(&looking.places);
    session_close(&session);
    return status;
}

static const struct option stocktake_options[] = {
    {"--scan", OPTION_FLAG, NULL, "read standard input: TAG, behind it the seals as read (none: no seal) and pieces=N if counted; or ! TAG WHAT-IS-THERE-INSTEAD (taken back by TAG thing=here)"},
    {"--empty", OPTION_FLAG, NULL, "there is nothing at all: a count without a line is meant"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_stock[] = {
    {.words = "stocktake", .arguments = "PLACE",
     .summary = "count blindly what is at a place and its parts; a counter from outside the chain signs first, then a custodian",
     .at_least = 1, .at_most = 1, .shared = ARGS_ACT, .options = stocktake_options,
     .example = "unbroken stocktake KHPP-9-O --scan --key counter.key --key custodian.key", .run = run_stocktake},
    {.words = "stocktakes", .arguments = "[PLACE]", .summary = "list the stock-takes that there were, of all places or of one and its parts",
     .at_most = 1, .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken stocktakes KHPP-9-O",
     .json = "{\"ledger\", \"training\", \"stocktakes\": [{\"record\", \"to-record\", \"logged\", \"place\", \"place-name\", \"counter\", "
             "\"counter-name\", \"custodian\", \"custodian-name\", \"found\", \"seal-intact\", \"not-found\", \"not-expected\", \"deviations\"}]}",
     .run = run_stocktakes},
    {.words = NULL},
};
