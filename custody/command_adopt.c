/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adopt, lodged: what becomes of acts that came too late and are kept (command_late.c). Two others, of two offices, may give them
 * their effect (SPEC 7.3.17).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/late.h"
#include "custody/output.h"
#include "custody/stated.h"
#include "verify/text.h"

/* ---- adopt ----------------------------------------------------------------------------------- */

/* Whose word it is cannot be one of the two others (SPEC 7.3.17). */
static enum status check_adopters(struct session *session, const struct late_act *kept, struct fault *fault)
{
    for (size_t i = 0; i < session->signer_count && !args_flag(session->args, "--deviation"); i++) {
        for (size_t k = 0; k < kept->act.signer_count; k++) {
            if (session->signers[i].signer.person == kept->act.signers[k].person) {
                char name[NAME_BYTES];

                session_name(session, kept->act.signers[k].person, name);
                return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s signed the act that came too late: two others adopt it", name);
            }
        }
    }
    return STATUS_OK;
}

/* The things named, or all of which the act was not adopted yet. */
static enum status things_to_adopt(struct session *session, const struct late_act *kept, struct subject_list *out, struct fault *fault)
{
    bool named = session->args->argument_count > 1;
    enum status status = named ? session_subjects(session, 1, out, fault) : late_things(session, &kept->act, out, fault);
    size_t left = 0;
    char name[NAME_BYTES];

    for (size_t i = 0; i < out->count && status == STATUS_OK; i++) {
        uint64_t number = out->numbers[i], adopted = NOTHING;

        session_name(session, number, name);
        if (named && !late_concerns(kept, number)) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is not among the things of the act that came too late", name);
        }
        status = late_adopted(session, number, &kept->id, kept->lodged, &adopted, fault);
        if (status == STATUS_OK && named && adopted != NOTHING) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it was adopted for %s already, in record %" PRIu64, name, adopted);
        }
        if (status == STATUS_OK && adopted == NOTHING && late_concerns(kept, number)) {
            out->numbers[left++] = number;
        }
    }
    out->count = status == STATUS_OK ? left : out->count;
    return status == STATUS_OK && left == 0
               ? fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the act of record %" PRIu64 " was adopted already", kept->lodged)
               : status;
}

static enum status adopt(struct session *session, struct late_act *kept, struct fault *fault)
{
    struct composer *composer = NULL;
    struct subject_list list = {0};
    char done[96];
    enum status status = late_find(session, session->args->arguments[0], kept, fault);

    if (status == STATUS_OK && !rules_allow_adoption(kept->act.kind)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "\"%s\" has no effect by adoption: what was done is done and signed anew",
                           act_rule(kept->act.kind)->name);
    }
    if (status == STATUS_OK) {
        status = check_adopters(session, kept, fault);
    }
    if (status == STATUS_OK) {
        status = things_to_adopt(session, kept, &list, fault);
    }
    if (status == STATUS_OK) {
        status = session_compose(session, KIND_ADOPT, &composer, fault);
    }
    if (status == STATUS_OK) {
        struct act *act = composer_act(composer);

        act->present |= BIT(PAY_ANSWERS);
        act->answers = kept->id;
        for (size_t i = 0; i < list.count; i++) {
            (void)composer_entry(composer, list.numbers[i], ROLE_SUBJECT);
        }
        status = stated_put(session->args, composer, fault);
    }
    if (status == STATUS_OK) {
        (void)snprintf(done, sizeof done, "adopted the %s of record %" PRIu64 " for %zu %s", act_rule(kept->act.kind)->name, kept->lodged,
                       list.count, list.count == 1 ? "thing" : "things");
        status = session_finish(session, composer, done, fault);
        composer = NULL;
    }
    composer_close(composer);
    subject_list_free(&list);
    return status;
}

static enum status run_adopt(struct args *args, struct fault *fault)
{
    struct late_act *kept = malloc(sizeof *kept);
    struct session session;
    enum status status = kept == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : stated_check(args, KIND_ADOPT, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_ADOPT, &session, fault);
        if (status == STATUS_OK) {
            status = adopt(&session, kept, fault);
            session_close(&session);
        }
    }
    free(kept);
    return status;
}

/* ---- lodged ---------------------------------------------------------------------------------- */

/* Things of a kept act by what has become of them. */
static enum status sort_things(struct session *session, const struct late_act *kept, struct subject_list *open, uint64_t *adopted,
                               struct fault *fault)
{
    struct subject_list all = {0};
    enum status status = late_things(session, &kept->act, &all, fault);

    *adopted = NOTHING;
    for (size_t i = 0; i < all.count && status == STATUS_OK; i++) {
        uint64_t index = NOTHING;

        status = late_adopted(session, all.numbers[i], &kept->id, kept->lodged, &index, fault);
        if (status == STATUS_OK && index == NOTHING) {
            status = subject_list_push(open, all.numbers[i], fault);
        }
        *adopted = index == NOTHING ? *adopted : index;
    }
    subject_list_free(&all);
    return status;
}

static void lodged_row(struct session *session, const struct late_act *kept, const struct subject_list *open, uint64_t adopted,
                       struct table *table)
{
    const struct act_rule *rule = act_rule(kept->act.kind);
    struct buffer text = {0};
    char name[NAME_BYTES];

    table_number(table, kept->lodged);
    table_string(table, rule == NULL ? "unknown" : rule->name);
    session_name(session, kept->act.signers[0].person, name);
    buffer_printf(&text, "%s ", name);
    describe_detail(session, kept->act.signers[0].person, NAME_PERSON, &text);
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    text_time_local(&text, kept->act.claimed_s, kept->act.offset_min);
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    subject_list_print(session->identity->code, open->numbers, open->count, &text);
    table_text(table, buffer_view(&text));
    buffer_reset(&text);
    late_effect(session, &kept->act, &text);
    table_text(table, buffer_view(&text));
    if (adopted == NOTHING) {
        table_nothing(table);
    } else {
        table_number(table, adopted);
    }
    buffer_reset(&text);
    text_hex(&text, hash_view(&kept->id));
    table_text(table, buffer_view(&text));
    buffer_free(&text);
}

static enum status list_one(struct session *session, struct late_act *kept, struct table *table, struct fault *fault)
{
    struct subject_list open = {0};
    uint64_t adopted = NOTHING;
    enum status status = late_read(session, kept, fault);

    if (status == STATUS_OK) {
        status = sort_things(session, kept, &open, &adopted, fault);
    }
    if (status == STATUS_OK && (open.count > 0 || args_flag(session->args, "--all"))) {
        lodged_row(session, kept, &open, adopted, table);
    }
    subject_list_free(&open);
    return status;
}

/* The records of all lodges that keep an act, ascending; the ledger gives them in the order of act-ids. */
static enum status all_lodged(struct session *session, struct subject_list *out, struct fault *fault)
{
    struct hash id = {{0}};
    uint64_t index = 0;
    enum status status = ledger_next_orphan(session->txn, true, &id, &index, fault);

    while (status == STATUS_OK) {
        status = subject_list_push(out, index, fault);
        if (status == STATUS_OK) {
            status = ledger_next_orphan(session->txn, false, &id, &index, fault);
        }
    }
    return status == STATUS_MISSING ? subject_list_sort(out, session->identity->code, fault) : status;
}

static enum status run_lodged(struct args *args, struct fault *fault)
{
    static const struct table_column columns[] = {{"record", true},  {"act", false},    {"signed-by", false}, {"claimed", false},
                                                  {"things", false}, {"effect", false}, {"adopted-in", true}, {"act-id", false}};
    struct late_act *kept = malloc(sizeof *kept);
    struct subject_list list = {0};
    struct table *table = NULL;
    struct session session;
    enum status status = kept == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                      : session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        free(kept);
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = all_lodged(&session, &list, fault);
    }
    if (status == STATUS_OK) {
        status = table_open(columns, sizeof columns / sizeof columns[0], &table, fault);
    }
    for (size_t i = 0; i < list.count && status == STATUS_OK; i++) {
        kept->lodged = list.numbers[i];
        status = list_one(&session, kept, table, fault);
    }
    if (status == STATUS_OK) {
        status = output_table(&session, "lodged", table, fault);
    }
    if (status == STATUS_OK && !args_flag(args, "--json")) {
        (void)printf("%zu kept %s\n", table_rows(table), table_rows(table) == 1 ? "act" : "acts");
    }
    table_close(table);
    subject_list_free(&list);
    free(kept);
    session_close(&session);
    return status;
}

static const struct option adopt_options[] = {
    {"--reason", OPTION_VALUE, "TEXT", "why it came late, and why it is believed"},
    {"--remarks", OPTION_VALUE, "TEXT", "what else should be known"},
    {"--document", OPTION_MANY, "FILE", "a paper that goes with it"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option lodged_options[] = {
    {"--all", OPTION_FLAG, NULL, "those that were adopted too"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_adopt[] = {
    {.words = "adopt", .arguments = "RECORD [SUBJECT...]",
     .summary = "give a lodged act its effect (RECORD of the lodge, or its act-id); two others of two offices sign", .at_least = 1,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = adopt_options,
     .example = "unbroken adopt 45 --reason 'signed at Koh Thom on 4 March, where there was no network' \\\n"
                "    --key colleague.key --key prosecutor.key",
     .run = run_adopt},
    {.words = "lodged", .arguments = "", .summary = "acts that came too late and are kept: of what, and what adoption would do",
     .shared = ARGS_LEDGER | ARGS_JSON, .options = lodged_options, .example = "unbroken lodged",
     .json = "{\"ledger\", \"training\", \"lodged\": [{\"record\", \"act\", \"signed-by\", \"claimed\", \"things\", \"effect\", "
             "\"adopted-in\", \"act-id\"}]}",
     .run = run_lodged},
    {.words = NULL},
};
