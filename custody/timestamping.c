/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamping: see the header.
 */
#include "custody/timestamping.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/cosigning.h"
#include "custody/output.h"
#include "ledger/care.h"
#include "ledger/views.h"
#include "verify/text.h"

/* ---- which checkpoint ------------------------------------------------------------------------ */

enum status timestamping_of(struct session *session, struct view note, struct timestamping_target *out, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    enum status status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : checkpoint_parse(note, checkpoint, fault);

    if (status == STATUS_OK) {
        out->size = checkpoint->size;
        hash_data(ledger_hasher(session->ledger), checkpoint->text, &out->imprint);
    }
    free(checkpoint);
    return status;
}

enum status timestamping_latest(struct session *session, struct timestamping_target *out, struct fault *fault)
{
    struct ledger_report before = {0};
    struct buffer note = {0};
    enum status status = ledger_report(session->ledger, &before, fault);

    if (status == STATUS_OK) {
        status = cosigning_checkpoint(session, COSIGNING_MS, &note, NULL, fault);
    }
    if (status == STATUS_OK) {
        status = timestamping_of(session, buffer_view(&note), out, fault);
    }
    if (status == STATUS_OK && out->size > before.checkpoint_size) {
        (void)printf("records were not signed yet: a checkpoint of %" PRIu64 " records is signed now\n", out->size);
    }
    buffer_free(&note);
    return status;
}

enum status timestamping_asked(struct session *session, const struct hash *imprint, struct timestamping_target *out, struct fault *fault)
{
    uint64_t *sizes = NULL;
    size_t count = 0;
    bool found = false;
    enum status status = session_begin(session, false, fault);

    if (status == STATUS_OK) {
        status = views_sizes(session->txn, &sizes, &count, fault);
    }
    while (status == STATUS_OK && count > 0 && !found) {
        struct buffer note = {0};

        status = ledger_checkpoint_at(session->txn, sizes[--count], &note, fault);
        if (status == STATUS_OK) {
            status = timestamping_of(session, buffer_view(&note), out, fault);
        }
        found = status == STATUS_OK && hash_equal(&out->imprint, imprint);
        buffer_free(&note);
    }
    free(sizes);
    session_end(session);
    if (status == STATUS_OK && !found) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the question is about no checkpoint of this ledger");
    }
    return status;
}

/* ---- what comes of it ------------------------------------------------------------------------ */

static void say_kept(const struct timestamping_target *target, const struct timestamp *timestamp)
{
    struct buffer time = {0};

    text_time(&time, timestamp->time_s);
    (void)printf("checkpoint of %" PRIu64 " records: time-stamped ", target->size);
    output_bytes(stdout, buffer_view(&time));
    (void)printf(" by ");
    output_text(stdout, buffer_view(&timestamp->name));
    (void)printf("%s\n", !timestamp->lists_checked ? "; revocation was not looked at: no list is configured"
                         : timestamp->lists_kept   ? "; not revoked, and the lists are kept with it"
                                                   : "; not revoked, but the lists are too long to be kept with it: keep them elsewhere");
    buffer_free(&time);
}

enum status timestamping_store(struct session *session, const struct timestamping_target *target, const struct timestamp *timestamps, size_t count, struct fault *fault)
{
    enum status status = session_begin(session, true, fault);

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (timestamps[i].token.len > 0) {
            status = views_add_token(session->txn, target->size, buffer_view(&timestamps[i].token), fault);
        }
    }
    if (status != STATUS_OK) {
        session_end(session);
        return status;
    }
    status = ledger_commit(session->txn, fault);
    session->txn = NULL;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (timestamps[i].token.len > 0) {
            say_kept(target, &timestamps[i]);
        }
    }
    return status;
}

enum status timestamping_has(struct session *session, const struct timestamping_target *target, struct view ca, bool *found, struct fault *fault)
{
    struct view tokens[VIEWS_TOKENS_MAX];
    struct token_trust *trust = NULL;
    size_t count = 0;
    enum status status = token_trust_open(ca, &trust, fault);

    if (status == STATUS_OK) {
        status = session_begin(session, false, fault);
    }
    if (status == STATUS_OK) {
        status = views_tokens(session->txn, target->size, tokens, &count, fault);
    }
    for (size_t i = 0; i < count && status == STATUS_OK && !*found; i++) {
        struct buffer name = {0};
        uint64_t time_s = 0;

        *found = token_check(trust, tokens[i], &target->imprint, &time_s, &name, NULL) == STATUS_OK;
        buffer_free(&name);
    }
    session_end(session);
    token_trust_close(trust);
    return status;
}
