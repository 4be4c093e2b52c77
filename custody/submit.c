/* SPDX-License-Identifier: Apache-2.0 */
/*
 * submit, discard: what becomes of a draft.
 */
#include "custody/submit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "custody/drafts.h"
#include "custody/late.h"
#include "custody/output.h"
#include "custody/scrub.h"

static void tell_finding(void *context, const struct finding *finding)
{
    (void)context;
    (void)fprintf(stderr, "unbroken: %s: %s\n", finding->breach ? "breach of custody" : "finding", finding->text);
}

/* What was signed in time must not be lost because it comes too late (SPEC 7.3.17). */
static void hint_lodge(struct session *session, const struct act *act)
{
    if (late_may_keep(session, act)) {
        args_hint(session->args, "if it was signed in time and comes too late: unbroken lodge %s --key CUSTODIAN.key keeps it, without effect until two others adopt it",
                  session->args->arguments[0]);
    }
}

static enum status submit_one(struct session *session, const struct draft *draft, const struct act *act, uint64_t *index,
                              struct fault *fault)
{
    const struct ledger_listener listener = {tell_finding, NULL};
    struct submission submission;
    struct buffer bytes = {0};
    struct view *parts = NULL;
    enum status status = draft_submission(draft, &bytes, &parts, &submission, fault);

    if (status == STATUS_OK) {
        status = ledger_append(session->txn, &submission, session->now_s, &listener, index, fault);
        if (status == STATUS_REFUSED || status == STATUS_UNTRUSTED) {
            hint_lodge(session, act);
        }
    }
    buffer_free(&bytes);
    free(parts);
    return status;
}

enum status submit_run(struct args *args, struct fault *fault)
{
    struct drafts drafts = {0};
    struct session session;
    uint64_t first = 0;
    uint64_t index = 0;
    bool erases = false;
    enum status status = session_open(args, LEDGER_APPEND, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = drafts_read_copies(args, ledger_hasher(session.ledger), &drafts, fault);
    if (status == STATUS_OK) {
        status = drafts_same_ledger(&session, &drafts, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(&session, true, fault);
    }
    for (size_t i = 0; i < drafts.count && status == STATUS_OK; i++) {
        status = drafts_all_signed(&session, &drafts, i, fault);
        if (status == STATUS_OK) {
            erases = erases || drafts.act->kind == KIND_ERASE;
            status = drafts.act->kind == KIND_ERASE ? scrub_check(args, fault) : STATUS_OK;
        }
        if (status == STATUS_OK) {
            status = submit_one(&session, &drafts.list[i], drafts.act, &index, fault);
        }
        first = i == 0 ? index : first;
    }
    if (status == STATUS_OK) {
        status = session_commit(&session, fault);
    }
    if (status == STATUS_OK) {
        (void)printf("recorded %zu %s", drafts.count, drafts.count == 1 ? "act" : "acts");
        output_records(first, index);
        drafts_unlink(args);
    }
    drafts_free(&drafts);
    session_close(&session);
    return status == STATUS_OK && erases ? scrub_finish(args, fault) : status;
}

enum status discard_run(struct args *args, struct fault *fault)
{
    struct drafts drafts = {0};
    struct session session;
    struct hash id;
    enum status status = session_open(args, LEDGER_APPEND, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = drafts_read(args->arguments[0], ledger_hasher(session.ledger), &drafts, fault);
    if (status == STATUS_OK) {
        status = drafts_same_ledger(&session, &drafts, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(&session, true, fault);
    }
    if (status == STATUS_OK) {
        act_id(ledger_hasher(session.ledger), buffer_view(&drafts.list[0].payload), &id);
        status = ledger_unreserve(session.txn, &id, fault);
        if (status == STATUS_MISSING) {
            fault_clear(fault); /* it held no number */
            status = STATUS_OK;
        }
    }
    if (status == STATUS_OK) {
        status = ledger_commit(session.txn, fault);
        session.txn = NULL;
    }
    if (status == STATUS_OK && unlink(args->arguments[0]) != 0) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s: cannot be deleted: %s", args->arguments[0], strerror(errno));
    }
    if (status == STATUS_OK) {
        (void)printf("discarded; nothing of it was recorded\n");
    }
    drafts_free(&drafts);
    session_close(&session);
    return status;
}
