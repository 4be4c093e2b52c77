/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allot, void: numbers for things. What makes things of them is in command_register.c.
 */
#include <inttypes.h>
#include <stdio.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "verify/text.h"

enum { ALLOT_MAX = 100000 };

/* ---- allot ----------------------------------------------------------------------------------- */

static enum status allot_batch(struct session *session, uint64_t first, uint64_t count, enum subject_type type,
                               struct fault *fault)
{
    struct composer *composer = NULL;
    uint64_t index = 0;
    enum status status = session_compose(session, KIND_ALLOT, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    for (uint64_t n = first; n < first + count; n++) {
        struct entry *entry = composer_entry(composer, n, ROLE_SUBJECT);

        entry->facts.present = BIT(FACT_TYPE);
        entry->facts.type = type;
    }
    return session_append(session, composer, &index, fault);
}

static enum status run_allot(struct args *args, struct fault *fault)
{
    enum subject_type type = args_flag(args, "--containers") ? TYPE_CONTAINER : TYPE_ITEM;
    struct session session;
    uint64_t count = 0;
    uint64_t first;
    char from[NAME_BYTES];
    char to[NAME_BYTES];
    enum status status;

    if (!text_decimal(view_text(args->arguments[0]), &count) || count == 0 || count > ALLOT_MAX) {
        return args_usage(args, fault, "allot %.40s: a number from 1 to %d", args->arguments[0], ALLOT_MAX);
    }
    status = session_start(args, KIND_ALLOT, &session, fault);
    if (status != STATUS_OK) {
        return status;
    }
    first = ledger_subjects(session.txn);
    for (uint64_t done = 0; done < count && status == STATUS_OK; done += SESSION_BATCH) {
        uint64_t batch = count - done < SESSION_BATCH ? count - done : SESSION_BATCH;

        status = allot_batch(&session, first + done, batch, type, fault);
    }
    if (status == STATUS_OK) {
        status = session_commit(&session, fault);
    }
    if (status == STATUS_OK && session.draft_path == NULL) {
        session_name(&session, first, from);
        session_name(&session, first + count - 1, to);
        (void)printf("allotted %" PRIu64 " %s%s: %s%s%s\n", count, type_name(type), count == 1 ? "" : "s", from, count == 1 ? "" : "..",
                     count == 1 ? "" : to);
    }
    session_close(&session);
    return status;
}

/* ---- void ------------------------------------------------------------------------------------ */

static enum status void_batch(struct session *session, const uint64_t *numbers, size_t count, uint64_t code, struct fault *fault)
{
    const char *remarks = args_value(session->args, "--remarks");
    struct composer *composer = NULL;
    uint64_t index = 0;
    enum status status = session_compose(session, KIND_VOID, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    composer_act(composer)->present |= BIT(PAY_CODE);
    composer_act(composer)->code = code;
    if (remarks != NULL) {
        composer_text(composer, NOTHING, NAME_REMARKS, remarks);
    }
    for (size_t i = 0; i < count; i++) {
        (void)composer_entry(composer, numbers[i], ROLE_SUBJECT);
    }
    return session_append(session, composer, &index, fault);
}

static enum status run_void(struct args *args, struct fault *fault)
{
    struct subject_list list = {0};
    struct session session;
    const char *reason = NULL;
    int code = -1;
    enum status status = args_required(args, "--reason", &reason, fault);

    if (status != STATUS_OK) {
        return status;
    }
    code = code_number(KIND_VOID, view_text(reason));
    if (code < 0) {
        return args_usage(args, fault, "--reason %.40s: damaged, lost, misprinted, 'not needed' or other", reason);
    }
    status = session_start(args, KIND_VOID, &session, fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = session_subjects(&session, 0, &list, fault);
    for (size_t done = 0; done < list.count && status == STATUS_OK; done += SESSION_BATCH) {
        size_t batch = list.count - done < SESSION_BATCH ? list.count - done : SESSION_BATCH;

        status = void_batch(&session, list.numbers + done, batch, (uint64_t)code, fault);
    }
    if (status == STATUS_OK) {
        status = session_commit(&session, fault);
    }
    if (status == STATUS_OK && session.draft_path == NULL) {
        (void)printf("void (%s): ", reason);
        output_runs(&session, list.numbers, list.count);
        (void)printf("\n");
    }
    subject_list_free(&list);
    session_close(&session);
    return status;
}

static const struct option allot_options[] = {
    {"--containers", OPTION_FLAG, NULL, "numbers for containers instead of items"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option void_options[] = {
    {"--reason", OPTION_VALUE, "REASON", "damaged, lost, misprinted, 'not needed' or other"},
    {"--remarks", OPTION_VALUE, "TEXT", "more about it"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
const struct command command_thing[] = {
    {.words = "allot", .arguments = "N", .summary = "allot numbers for tags; each is used or void one day", .at_least = 1,
     .at_most = 1, .shared = ARGS_ACT, .options = allot_options, .example = "unbroken allot 1060 --key sok-dara.key",
     .run = run_allot},
    {.words = "void", .arguments = "SUBJECT...", .summary = "make unused numbers void; two offices sign", .at_least = 1,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = void_options,
     .example = "unbroken void KHPP-1041-6 --reason damaged --key sok-dara.key --key custodian.key", .run = run_void},
    {.words = NULL},
};
