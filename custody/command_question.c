/* SPDX-License-Identifier: Apache-2.0 */
/*
 * in-hands-of, signed-by: what a prosecutor asks of a person. Of a thing: command_who.c, command_seals.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/hands.h"
#include "custody/output.h"
#include "custody/table.h"
#include "custody/timeparse.h"
#include "verify/text.h"
#include "verify/writer.h"

/* ---- in whose hands --------------------------------------------------------------------------- */

static void put_hands(struct session *session, const struct hands_row *row, struct table *table, struct fault *fault)
{
    const struct subject *subject = ledger_subject(session->txn, row->thing, fault);
    bool there = row->last_record == NOTHING;

    output_name_cell(session, table, row->thing);
    table_string(table, subject == NULL ? "" : type_name(subject->type));
    output_name_cell(session, table, subject == NULL || subject->thing == NULL ? NOTHING : subject->thing->of_case);
    output_time_cell(table, row->first_s);
    table_number(table, row->first_record);
    output_name_cell(session, table, row->in);
    output_time_cell(table, row->last_s);
    if (there) {
        table_nothing(table);
    } else {
        table_number(table, row->last_record);
    }
    table_number(table, row->times);
    table_string(table, there ? "yes" : "no");
}

static enum status run_in_hands(struct args *args, struct fault *fault)
{
    static const struct table_column columns[] = {{"thing", false},       {"type", false}, {"case", false},  {"first", false},
                                                  {"first-record", true}, {"in", false},   {"last", false},  {"last-record", true},
                                                  {"times", true},        {"still", false}};
    struct table *table = NULL;
    struct hands_row *rows = NULL;
    struct session session;
    uint64_t person = 0;
    size_t count = 0;
    enum status status = session_read(args, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = session_subject_of(&session, args->arguments[0], TYPE_PERSON, &person, fault);
    if (status == STATUS_OK) {
        status = hands_of(&session, person, &rows, &count, fault);
    }
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        put_hands(&session, &rows[i], table, fault);
        status = fault->status;
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "things", table, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--json")) {
        (void)printf("%zu %s\n", count, count == 1 ? "thing" : "things");
    }
    free(rows);
    table_close(table);
    session_close(&session);
    return status;
}

/* ---- what was signed -------------------------------------------------------------------------- */

struct signed_by {
    uint64_t person, first_s, last_s;
    struct buffer signer; /* how a signer who is that person begins in a record's bytes: there is one encoding (SPEC 2.1) */
};

enum { SHOWN_SUBJECTS = 3 };

/* What the act is on: all of a few or of one run, else the first ones and how many more. */
static void put_subjects(const struct session *session, const struct act *act, struct buffer *out)
{
    uint64_t numbers[ACT_ENTRIES_MAX];
    bool run = true;
    size_t shown;

    for (size_t i = 0; i < act->entry_count; i++) {
        numbers[i] = act->entries[i].subject;
        run = run && numbers[i] - numbers[0] == i;
    }
    shown = run || act->entry_count <= SHOWN_SUBJECTS ? act->entry_count : SHOWN_SUBJECTS;
    subject_list_print(session->identity->code, numbers, shown, out);
    if (shown < act->entry_count) {
        buffer_printf(out, " and %zu more", act->entry_count - shown);
    }
}

static void put_signed(struct session *session, const struct describe_scratch *scratch, const struct signer *signer, struct table *table)
{
    const struct act *act = &scratch->act;
    const struct act_rule *rule = act_rule(act->kind);
    struct buffer text = {0};

    table_number(table, scratch->record.index);
    output_time_cell(table, scratch->record.logged_s);
    text_time_local(&text, act->claimed_s, act->offset_min);
    table_text(table, buffer_view(&text));
    table_string(table, signer->capacity == 0 ? "person concerned"
                        : signer->capacity < OFFICE_COUNT ? office_name((unsigned)signer->capacity) : "unknown");
    table_string(table, rule == NULL ? "unknown" : rule->name);
    describe_code(session, scratch->record.index, act, &text);
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    put_subjects(session, act, &text);
    table_text(table, buffer_view(&text));
    table_string(table, (act->present & BIT(PAY_DEVIATION)) != 0 ? "DEVIATION" : "");
    buffer_free(&text);
}

/* Most records are by others: they are not decoded. */
static bool may_have_signed(const struct signed_by *wanted, struct view record)
{
    return memmem(record.ptr, record.len, wanted->signer.ptr, wanted->signer.len) != NULL;
}

static enum status put_all_signed(struct session *session, const struct signed_by *wanted, struct table *table, struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    for (uint64_t index = 0; status == STATUS_OK && index < ledger_size(session->txn); index++) {
        struct view record;

        status = ledger_record(session->txn, index, &record, fault);
        if (status != STATUS_OK || !may_have_signed(wanted, record)) {
            continue;
        }
        status = describe_read(session, index, scratch, fault);
        if (status == STATUS_MISSING && fault->status == STATUS_OK) {
            status = STATUS_OK; /* a heads record: nobody signs it */
            continue;
        }
        for (size_t i = 0; status == STATUS_OK && i < scratch->act.signer_count; i++) {
            uint64_t logged_s = scratch->record.logged_s;

            if (scratch->act.signers[i].person == wanted->person && logged_s >= wanted->first_s && logged_s <= wanted->last_s) {
                put_signed(session, scratch, &scratch->act.signers[i], table);
            }
        }
    }
    free(scratch);
    return status;
}

static enum status read_wanted(struct session *session, struct signed_by *out, struct fault *fault)
{
    const char *from = args_value(session->args, "--from");
    const char *to = args_value(session->args, "--to");
    int offset_min = session->offset_min;
    enum status status = session_subject_of(session, session->args->arguments[0], TYPE_PERSON, &out->person, fault);

    out->first_s = 0;
    out->last_s = NOTHING;
    writer_array(&out->signer, 3);
    writer_uint(&out->signer, out->person);
    if (status == STATUS_OK) {
        status = buffer_status(&out->signer, fault);
    }
    if (status == STATUS_OK && from != NULL) {
        status = timeparse(from, false, &offset_min, &out->first_s, fault);
    }
    offset_min = session->offset_min;
    if (status == STATUS_OK && to != NULL) {
        status = timeparse(to, true, &offset_min, &out->last_s, fault);
    }
    if (status == STATUS_OK && out->last_s < out->first_s) {
        return args_usage(session->args, fault, "--to %s is before --from %s", to, from);
    }
    return status;
}

static enum status run_signed_by(struct args *args, struct fault *fault)
{
    static const struct table_column columns[] = {{"record", true}, {"logged", false}, {"said", false}, {"as", false},
                                                  {"act", false},   {"code", false},   {"on", false},   {"deviation", false}};
    struct table *table = NULL;
    struct session session;
    struct signed_by wanted = {0};
    enum status status = session_read(args, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = read_wanted(&session, &wanted, fault);
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    if (status == STATUS_OK) {
        status = put_all_signed(&session, &wanted, table, fault);
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "signed", table, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--json")) {
        (void)printf("%zu %s\n", table_rows(table), table_rows(table) == 1 ? "signature" : "signatures");
    }
    buffer_free(&wanted.signer);
    table_close(table);
    session_close(&session);
    return status;
}

static const struct option signed_options[] = {
    {"--from", OPTION_VALUE, "DATE[THH:MM]", "logged then or later"},
    {"--to", OPTION_VALUE, "DATE[THH:MM]", "logged then or before; a day counts to its end"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_question[] = {
    {.words = "in-hands-of", .arguments = "PERSON", .summary = "every thing that was ever in this person's hands", .at_least = 1,
     .at_most = 1, .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken in-hands-of KHPP-4-Y",
     .json = "{\"ledger\", \"training\", \"things\": [{\"thing\", \"type\", \"case\", \"first\", \"first-record\", \"in\", \"last\", "
             "\"last-record\", \"times\", \"still\"}]}\n"
             "  in: the container in which it first came; last, last-record: null while it is still there",
     .run = run_in_hands},
    {.words = "signed-by", .arguments = "PERSON", .summary = "every record that this person signed", .at_least = 1, .at_most = 1,
     .shared = ARGS_LEDGER | ARGS_JSON | ARGS_NOW, .options = signed_options,
     .example = "unbroken signed-by KHPP-4-Y --from 2018-12-01 --to 2018-12-31",
     .json = "{\"ledger\", \"training\", \"signed\": [{\"record\", \"logged\", \"said\", \"as\", \"act\", \"code\", \"on\", \"deviation\"}]}",
     .run = run_signed_by},
    {.words = NULL},
};
