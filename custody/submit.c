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
#include "custody/output.h"
#include "custody/scrub.h"

/* Who has not signed, by name. */
static enum status all_signed(struct session *session, const struct draft *draft, struct act *act, struct fault *fault)
{
    enum status status = payload_decode(buffer_view(&draft->payload), act, fault);
    char missing[256] = "";
    size_t used = 0;

    for (size_t i = 0; status == STATUS_OK && i < act->signer_count; i++) {
        if (!draft->is_signed[i] && used < sizeof missing) {
            char name[NAME_BYTES];

            session_name(session, act->signers[i].person, name);
            used += (size_t)snprintf(missing + used, sizeof missing - used, "%s%s", used == 0 ? "" : ", ", name);
        }
    }
    if (used > 0) {
        args_hint(session->args, "unbroken sign %s, by each of them", session->args->arguments[0]);
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "not all signers have signed: still to sign: %s", missing);
    }
    return status;
}

static enum status submit_one(struct session *session, const struct draft *draft, uint64_t *index, struct fault *fault)
{
    struct submission submission;
    struct buffer act = {0};
    struct view *parts = NULL;
    enum status status = draft_submission(draft, &act, &parts, &submission, fault);

    if (status == STATUS_OK) {
        status = ledger_append(session->txn, &submission, session->now_s, NULL, index, fault);
    }
    buffer_free(&act);
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
    status = drafts_read(args->arguments[0], ledger_hasher(session.ledger), &drafts, fault);
    if (status == STATUS_OK) {
        status = drafts_same_ledger(&session, &drafts, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(&session, true, fault);
    }
    for (size_t i = 0; i < drafts.count && status == STATUS_OK; i++) {
        status = all_signed(&session, &drafts.list[i], drafts.act, fault);
        if (status == STATUS_OK) {
            erases = erases || drafts.act->kind == KIND_ERASE;
            status = submit_one(&session, &drafts.list[i], &index, fault);
        }
        first = i == 0 ? index : first;
    }
    if (status == STATUS_OK) {
        status = session_commit(&session, fault);
    }
    if (status == STATUS_OK) {
        (void)printf("recorded %zu %s", drafts.count, drafts.count == 1 ? "act" : "acts");
        output_records(first, index);
        if (unlink(args->arguments[0]) != 0) {
            (void)fprintf(stderr, "unbroken: hint: %s is recorded and may be deleted\n", args->arguments[0]);
        }
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
