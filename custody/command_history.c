/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history: every record that touches a subject; of a thing also those of the containers it was in, while it was in them.
 */
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/output.h"
#include "custody/table.h"
#include "verify/passage.h"
#include "verify/text.h"

static const struct table_column columns[] = {{"number", true},   {"record", true}, {"logged", false},  {"act", false},
                                              {"code", false},    {"in", false},    {"signers", false}, {"to", false},
                                              {"subjects", true}, {"deviation", false}};

/* around: the container in whose thread the record stands, or NOTHING. */
static void put_row(struct session *session, const struct passage_row *row, uint64_t around, const struct describe_scratch *scratch,
                    struct table *table)
{
    const struct act *act = &scratch->act;
    const struct act_rule *rule = act_rule(act->kind);
    struct buffer text = {0};

    table_number(table, row->number);
    table_number(table, row->index);
    text_time(&text, scratch->record.logged_s);
    table_text(table, buffer_view(&text));
    table_string(table, rule == NULL ? "unknown" : rule->name);
    describe_code(session, row->index, act, &text);
    table_text(table, buffer_view(&text));
    output_name_cell(session, table, around);
    buffer_reset(&text);
    describe_signers(session, act, 0, &text);
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    if ((act->present & BIT(PAY_TO)) != 0) {
        describe_party(session, &act->to, &text);
    }
    table_text(table, buffer_view(&text));
    table_number(table, act->entry_count);
    table_string(table, (act->present & BIT(PAY_DEVIATION)) != 0 ? "DEVIATION" : "");
    buffer_free(&text);
}

static enum status put_rows(struct session *session, uint64_t subject, const struct passage *passage, struct describe_scratch *scratch,
                            struct table *table, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; status == STATUS_OK && i < passage->count; i++) {
        const struct passage_row *row = &passage->rows[i];

        if (i > 0 && row[-1].index == row->index) {
            continue; /* a record that touches what is around it too: told already */
        }
        status = describe_read(session, row->index, scratch, fault);
        if (status == STATUS_OK) {
            put_row(session, row, row->subject == subject ? NOTHING : row->subject, scratch, table);
        }
    }
    return status;
}

static enum status history(struct session *session, uint64_t subject, struct table *table, struct fault *fault)
{
    struct rules_source source = ledger_source(session->txn);
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    struct passage passage = {0};
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    if (status == STATUS_OK) {
        status = passage_find(&source, &subject, 1, &scratch->act, &passage, fault);
    }
    if (status == STATUS_OK) {
        status = put_rows(session, subject, &passage, scratch, table, fault);
    }
    passage_close(&passage);
    free(scratch);
    return status;
}

static enum status run_history(struct args *args, struct fault *fault)
{
    struct table *table = NULL;
    struct session session;
    uint64_t number = 0;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = session_subject(&session, args->arguments[0], &number, fault);
    }
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    if (status == STATUS_OK) {
        status = history(&session, number, table, fault);
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "history", table, fault);
    }
    table_close(table);
    session_close(&session);
    return status;
}

const struct command command_history[] = {
    {.words = "history", .arguments = "SUBJECT", .summary = "every record that touches it, also inside containers, in order", .at_least = 1,
     .at_most = 1, .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken history KHPP-17-R",
     .json = "{\"ledger\", \"training\", \"history\": [{\"number\", \"record\", \"logged\", \"act\", \"code\", \"in\", \"signers\", \"to\", "
             "\"subjects\", \"deviation\"}]}\n"
             "  in: the container that the record is about, while the thing was in it; number: in the thread of that container, or its own",
     .run = run_history},
    {.words = NULL},
};
