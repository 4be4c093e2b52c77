/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seals: when a thing, and the containers around it, were sealed and opened, why, and before whom.
 */
#include <stdio.h>
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/output.h"
#include "custody/table.h"
#include "verify/passage.h"
#include "verify/text.h"

enum { NAME_SEAL_CONDITION = 104 };

static const struct table_column columns[] = {{"thing", false},   {"record", true},  {"logged", false}, {"act", false},
                                              {"found", false},   {"removed", false}, {"put-on", false}, {"reason", false},
                                              {"by", false},      {"before", false}, {"deviation", false}};

/* ---- one record ------------------------------------------------------------------------------- */

static void put_seals(const struct facts *facts, unsigned fact, struct view encoded, struct table *table)
{
    struct buffer text = {0};
    struct seals seals = {0};

    if ((facts->present & BIT(fact)) == 0) {
        table_nothing(table);
        return;
    }
    seals_read(encoded, &seals);
    for (size_t i = 0; i < seals.count; i++) {
        buffer_printf(&text, "%s", i == 0 ? "" : ", ");
        buffer_append_view(&text, seals.numbers[i]);
    }
    table_text(table, seals.count == 0 ? view_text("none") : buffer_view(&text));
    buffer_free(&text);
}

/* Appends what the record says under these names of that thing, or of the act as a whole. */
static enum status put_details(struct session *session, uint64_t index, uint64_t thing, const uint64_t *names, size_t count,
                               struct buffer *out, struct fault *fault)
{
    struct ledger_details details = {0};
    enum status status = ledger_details(session->txn, index, &details, fault);

    for (size_t i = 0; i < details.disclosure_count && status == STATUS_OK; i++) {
        struct disclosure disclosure;
        bool wanted = false;

        status = disclosure_decode(details.disclosures[i], &disclosure, fault);
        for (size_t k = 0; k < count && status == STATUS_OK; k++) {
            wanted = wanted || disclosure.name == names[k];
        }
        if (wanted && (!disclosure.has_subject || disclosure.subject == thing)) {
            buffer_printf(out, "%s", out->len == 0 ? "" : "; ");
            value_print(&disclosure.value, out);
        }
    }
    ledger_details_free(&details);
    return status;
}

/* Why: the code, and what was said. Before whom: the further signers, and the witnesses named. */
static enum status put_why(struct session *session, uint64_t index, uint64_t thing, const struct act *act, struct table *table,
                           struct fault *fault)
{
    static const uint64_t said[] = {NAME_REASON, NAME_REMARKS, NAME_SEAL_CONDITION};
    static const uint64_t witness[] = {NAME_WITNESS};
    struct buffer text = {0};
    struct buffer before = {0};
    enum status status;

    buffer_printf(&text, "%s", (act->present & BIT(PAY_CODE)) == 0 ? "" : code_name(act->kind, act->code));
    status = put_details(session, index, thing, said, sizeof said / sizeof said[0], &text, fault);
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    describe_person(session, act->signers[0].person, &text);
    table_text(table, buffer_view(&text));
    describe_signers(session, act, 1, &before);
    if (status == STATUS_OK) {
        status = put_details(session, index, thing, witness, 1, &before, fault);
    }
    table_text(table, buffer_view(&before));
    buffer_free(&text);
    buffer_free(&before);
    return status;
}

static const struct entry *entry_of(const struct act *act, uint64_t subject)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].subject == subject) {
            return &act->entries[i];
        }
    }
    return NULL;
}

static bool about_seals(const struct act *act, const struct entry *entry)
{
    const uint32_t facts = BIT(FACT_FOUND) | BIT(FACT_REMOVED) | BIT(FACT_PUT_ON);

    return entry != NULL && ((entry->facts.present & facts) != 0 || act->kind == KIND_SEAL || act->kind == KIND_UNSEAL ||
                             act->kind == KIND_RESEAL);
}

/* Scratch: the record as it stands, and the act whose seals count: its own, or the late one that it adopts (SPEC 7.3.17). */
struct reading {
    struct describe_scratch own;
    struct act orphan;
};

static enum status put_record(struct session *session, const struct rules_source *source, const struct passage_row *row,
                              struct reading *reading, struct table *table, struct fault *fault)
{
    const struct act *act = &reading->own.act;
    const struct act_rule *rule;
    const struct entry *entry;
    bool adopts = act->kind == KIND_ADOPT &&
                  source->orphan(source->context, row->subject, row->index, &act->answers, &reading->orphan) == ORPHAN_FOUND;
    struct buffer text = {0};
    enum status status;

    act = adopts ? &reading->orphan : act;
    rule = act_rule(act->kind);
    entry = entry_of(act, row->subject);
    if (rule == NULL || !about_seals(act, entry)) {
        return STATUS_OK;
    }
    output_name_cell(session, table, row->subject);
    table_number(table, row->index);
    output_time_cell(table, reading->own.record.logged_s);
    buffer_printf(&text, "%s%s%s", adopts ? "adopt (" : "", rule->name, adopts ? ")" : "");
    table_text(table, buffer_view(&text));
    buffer_free(&text);
    put_seals(&entry->facts, FACT_FOUND, entry->facts.found, table);
    put_seals(&entry->facts, FACT_REMOVED, entry->facts.removed, table);
    put_seals(&entry->facts, FACT_PUT_ON, entry->facts.put_on, table);
    status = put_why(session, row->index, row->subject, act, table, fault);
    table_string(table, (reading->own.act.present & BIT(PAY_DEVIATION)) != 0 ? "DEVIATION" : "");
    return status;
}

/* ---- all of them ------------------------------------------------------------------------------ */

static enum status put_rows(struct session *session, const struct subject_list *things, struct table *table, struct fault *fault)
{
    struct rules_source source = ledger_source(session->txn);
    struct reading *reading = malloc(sizeof *reading);
    struct passage passage = {0};
    enum status status = reading == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    if (status == STATUS_OK) {
        status = passage_find(&source, things->numbers, things->count, &reading->own.act, &passage, fault);
    }
    for (size_t i = 0; i < passage.count && status == STATUS_OK; i++) {
        const struct passage_row *row = &passage.rows[i];

        if (i == 0 || row[-1].index != row->index) {
            status = describe_read(session, row->index, &reading->own, fault);
        }
        if (status == STATUS_OK) {
            status = put_record(session, &source, row, reading, table, fault);
        }
    }
    passage_close(&passage);
    free(reading);
    return status;
}

/* What is of the case now. */
static enum status things_of(struct session *session, uint64_t of_case, struct subject_list *out, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (uint64_t n = 0; status == STATUS_OK && n < ledger_subjects(session->txn); n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);

        if (subject == NULL) {
            status = fault->status;
        } else if (subject->thing != NULL && subject->thing->of_case == of_case) {
            status = subject_list_push(out, n, fault);
        }
    }
    return status;
}

static enum status check_things(struct session *session, const struct subject_list *things, struct fault *fault)
{
    for (size_t i = 0; i < things->count; i++) {
        const struct subject *subject = ledger_subject(session->txn, things->numbers[i], fault);
        char name[NAME_BYTES];

        if (subject == NULL) {
            return fault->status;
        }
        if (subject->thing == NULL) {
            session_name(session, things->numbers[i], name);
            if (subject->type == TYPE_CASE) {
                args_hint(session->args, "unbroken seals --case %s", name);
            }
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a %s: only items and containers have seals", name,
                             type_name(subject->type));
        }
    }
    return STATUS_OK;
}

static enum status read_things(struct session *session, struct subject_list *out, struct fault *fault)
{
    const char *typed = args_value(session->args, "--case");
    uint64_t of_case = NOTHING;
    enum status status;

    if ((typed == NULL) == (session->args->argument_count == 0)) {
        return args_usage(session->args, fault, "seals needs SUBJECT... or --case CASE, and not both");
    }
    if (typed == NULL) {
        status = session_subjects(session, 0, out, fault);
        return status == STATUS_OK ? check_things(session, out, fault) : status;
    }
    status = session_subject_of(session, typed, TYPE_CASE, &of_case, fault);
    return status == STATUS_OK ? things_of(session, of_case, out, fault) : status;
}

static enum status run_seals(struct args *args, struct fault *fault)
{
    struct subject_list things = {0};
    struct table *table = NULL;
    struct session session;
    enum status status = session_read(args, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = read_things(&session, &things, fault);
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    if (status == STATUS_OK) {
        status = put_rows(&session, &things, table, fault);
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "seals", table, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--json") && table_rows(table) == 0) {
        (void)printf("no seal was put on, looked at or opened\n");
    }
    subject_list_free(&things);
    table_close(table);
    session_close(&session);
    return status;
}

static const struct option seals_options[] = {
    {"--case", OPTION_VALUE, "CASE", "all things of this case, instead of SUBJECT..."},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_seals[] = {
    {.words = "seals", .arguments = "SUBJECT...", .summary = "which seals were put on and opened, why, and before whom", .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_LEDGER | ARGS_JSON, .options = seals_options, .example = "unbroken seals KHPP-17-R",
     .json = "{\"ledger\", \"training\", \"seals\": [{\"thing\", \"record\", \"logged\", \"act\", \"found\", \"removed\", \"put-on\", "
             "\"reason\", \"by\", \"before\", \"deviation\"}]}\n"
             "  thing: the item, or a container while the item was in it; found, removed, put-on: null where the record does not say",
     .run = run_seals},
    {.words = NULL},
};
