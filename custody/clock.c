/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock: after a step of the station's clock, back or by more than 31 days (a quiet month, a flat battery), nothing is
 * recorded until registrars sign an act that names the time before and the time now (SPEC 2.2).
 */
#include "custody/clock.h"

#include <stdio.h>

#include "custody/session.h"

const struct option clock_options[] = {
    {"--reason", OPTION_VALUE, "TEXT", "why the clock stepped, and how the time now is known to be right"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

static enum status last_logged(struct session *session, uint64_t *out, struct fault *fault)
{
    struct record record;
    struct view bytes;
    enum status status = ledger_record(session->txn, ledger_size(session->txn) - 1, &bytes, fault);

    if (status == STATUS_OK) {
        status = record_decode(bytes, &record, fault);
    }
    if (status == STATUS_OK) {
        *out = record.logged_s;
    }
    return status;
}

enum status clock_run(struct args *args, struct fault *fault)
{
    struct composer *composer = NULL;
    struct session session;
    struct act *act;
    const char *reason = NULL;
    uint64_t before_s = 0;
    enum status status = args_required(args, "--reason", &reason, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_CLOCK, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = last_logged(&session, &before_s, fault);
    if (status == STATUS_OK) {
        status = session_compose(&session, KIND_CLOCK, &composer, fault);
    }
    if (status == STATUS_OK) {
        (void)composer_entry(composer, 0, ROLE_SUBJECT); /* the ledger itself */
        act = composer_act(composer);
        act->present |= BIT(PAY_CLOCK);
        act->clock_old_s = before_s;
        act->clock_new_s = session.now_s;
        composer_text(composer, NOTHING, NAME_REASON, reason);
        status = session_finish(&session, composer, "the clock is as the registrars say", fault);
    }
    session_close(&session);
    return status;
}
