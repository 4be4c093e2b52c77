/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lodge: acts that were signed in time and come too late. Refusing them must not make them vanish: a custodian keeps them, byte for
 * byte and without effect (SPEC 7.3.17). Two others may take them over: command_adopt.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/drafts.h"
#include "custody/late.h"
#include "custody/output.h"
#include "custody/stated.h"

#define DRAFT_MEDIA_TYPE "application/cbor"

/* The signed act of a draft, decoded; bytes and parts are the caller's to free. */
static enum status signed_act(const struct draft *draft, struct buffer *bytes, struct view **parts, struct act *out, struct fault *fault)
{
    struct submission submission;
    enum status status = draft_submission(draft, bytes, parts, &submission, fault);

    return status == STATUS_OK ? act_decode(buffer_view(bytes), out, fault) : status;
}

/* All complete, and each fit to be kept. */
static enum status check_drafts(struct session *session, struct drafts *drafts, struct act *act, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < drafts->count && status == STATUS_OK; i++) {
        struct buffer bytes = {0};
        struct view *parts = NULL;

        status = drafts_all_signed(session, drafts, i, fault);
        if (status == STATUS_OK) {
            status = signed_act(&drafts->list[i], &bytes, &parts, act, fault);
        }
        if (status == STATUS_OK) {
            status = late_check(session, act, fault);
        }
        buffer_free(&bytes);
        free(parts);
    }
    return status;
}

/* Would `submit` record them all? The transaction is spent either way. */
static bool in_time(struct session *session, const struct drafts *drafts)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < drafts->count && status == STATUS_OK; i++) {
        struct submission submission;
        struct fault ignored = {0};
        struct buffer bytes = {0};
        struct view *parts = NULL;
        uint64_t index;

        status = draft_submission(&drafts->list[i], &bytes, &parts, &submission, &ignored);
        if (status == STATUS_OK) {
            status = ledger_append(session->txn, &submission, session->now_s, NULL, &index, &ignored);
        }
        buffer_free(&bytes);
        free(parts);
    }
    return status == STATUS_OK;
}

/* The act's own bytes as the rules read them, and the whole draft beside them: its details and files belong to it. */
static enum status put_orphan(struct session *session, struct composer *composer, const struct draft *draft, const struct act *act,
                              struct view bytes, struct fault *fault)
{
    struct hasher *hasher = ledger_hasher(session->ledger);
    struct value value = {.type = VALUE_BYTES, .text = bytes};
    struct subject_list things = {0};
    struct act *lodge = composer_act(composer);
    struct buffer file = {0};
    enum status status = late_things(session, act, &things, fault);

    for (size_t i = 0; i < things.count && status == STATUS_OK; i++) {
        (void)composer_entry(composer, things.numbers[i], ROLE_SUBJECT);
    }
    subject_list_free(&things);
    if (status == STATUS_OK) {
        status = draft_file_encode(hasher, &session->identity->id, draft, 1, &file, fault);
    }
    if (status == STATUS_OK) {
        lodge->present |= BIT(PAY_ANSWERS) | BIT(PAY_FROM);
        act_id(hasher, act->payload, &lodge->answers);
        lodge->from = (struct party){.has_person = true, .person = act->signers[0].person};
        composer_detail(composer, NOTHING, NAME_ORPHAN, &value);
        composer_file(composer, NOTHING, NAME_DOCUMENT, buffer_view(&file), DRAFT_MEDIA_TYPE);
        status = stated_put(session->args, composer, fault);
    }
    buffer_free(&file);
    return status;
}

static enum status lodge_one(struct session *session, const struct draft *draft, struct act *act, uint64_t *index, struct fault *fault)
{
    struct composer *composer = NULL;
    struct buffer bytes = {0};
    struct view *parts = NULL;
    enum status status = signed_act(draft, &bytes, &parts, act, fault);

    if (status == STATUS_OK) {
        status = session_compose(session, KIND_LODGE, &composer, fault);
    }
    if (status == STATUS_OK) {
        status = put_orphan(session, composer, draft, act, buffer_view(&bytes), fault);
    }
    if (status == STATUS_OK) {
        status = session_append(session, composer, index, fault);
        composer = NULL;
    }
    composer_close(composer);
    buffer_free(&bytes);
    free(parts);
    return status;
}

static enum status lodge_all(struct session *session, struct drafts *drafts, struct act *act, struct fault *fault)
{
    struct args *args = session->args;
    uint64_t first = 0, index = 0;
    enum status status = check_drafts(session, drafts, act, fault);

    if (status == STATUS_OK && in_time(session, drafts)) {
        args_hint(args, "unbroken submit %s", args->arguments[0]);
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s does not come too late: it can be recorded", args->arguments[0]);
    }
    if (status == STATUS_OK) {
        status = session_begin(session, true, fault);
    }
    for (size_t i = 0; i < drafts->count && status == STATUS_OK; i++) {
        status = lodge_one(session, &drafts->list[i], act, &index, fault);
        first = i == 0 ? index : first;
    }
    if (status == STATUS_OK) {
        status = session_commit(session, fault);
    }
    if (status == STATUS_OK && session->draft_path == NULL) {
        (void)printf("lodged %zu %s, without effect until adopted", drafts->count, drafts->count == 1 ? "act" : "acts");
        output_records(first, index);
        drafts_unlink(args);
    }
    return status;
}

static enum status run_lodge(struct args *args, struct fault *fault)
{
    struct act *act = malloc(sizeof *act);
    struct drafts drafts = {0};
    struct session session;
    enum status status = act == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : stated_check(args, KIND_LODGE, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_LODGE, &session, fault);
    }
    if (status != STATUS_OK) {
        free(act);
        return status;
    }
    session_end(&session); /* nobody waits for the reading of files */
    status = drafts_read_copies(args, ledger_hasher(session.ledger), &drafts, fault);
    if (status == STATUS_OK) {
        status = drafts_same_ledger(&session, &drafts, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(&session, true, fault);
    }
    if (status == STATUS_OK) {
        status = lodge_all(&session, &drafts, act, fault);
    }
    drafts_free(&drafts);
    free(act);
    session_close(&session);
    return status;
}

static const struct option lodge_options[] = {
    {"--remarks", OPTION_VALUE, "TEXT", "how and when it came, and why so late"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_late[] = {
    {.words = "lodge", .arguments = "FILE...", .summary = "keep a signed draft that came too late, without effect; a custodian signs",
     .at_least = 1, .at_most = ACT_SIGNERS_MAX, .shared = ARGS_ACT, .options = lodge_options,
     .example = "unbroken lodge accept.draft --remarks 'brought on 5 March; no network at Koh Thom' --key custodian.key", .run = run_lodge},
    {.words = NULL},
};
