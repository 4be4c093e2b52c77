/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cosigning: see the header.
 */
#include "custody/cosigning.h"

#include <stdlib.h>
#include <time.h>

#include "ledger/witnesses.h"
#include "verify/text.h"

enum status cosigning_policy(struct session *session, struct policy **out, struct fault *fault)
{
    enum status status = witnesses_read(session->ledger, out, fault);

    if (status == STATUS_MISSING) {
        fault_clear(fault);
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "this ledger has no witnesses");
        args_hint(session->args, "write lines `witness NAME VKEY URL`, `group`, `quorum` of a C2SP tlog-policy into a file, then: unbroken ledger witnesses --set FILE");
    }
    return status;
}

void cosigning_sentence(const struct collect_result *result, bool asked, struct buffer *out)
{
    switch (result->answer) {
    case COLLECT_HAD:
    case COLLECT_COSIGNED:
        buffer_printf(out, "cosigned at ");
        text_time(out, result->time_s);
        return;
    case COLLECT_NO_URL:
        buffer_printf(out, "not yet; it has no URL: unbroken ledger witness-request");
        return;
    case COLLECT_UNREACHED:
        buffer_printf(out, asked ? "not reached" : "not yet");
        break;
    case COLLECT_LATER:
        buffer_printf(out, "not yet, it says to ask again");
        break;
    case COLLECT_AHEAD:
        buffer_printf(out, "IT HAS SEEN %llu RECORDS: this ledger is behind. See unbroken ledger reconcile", (unsigned long long)result->size);
        return;
    case COLLECT_HISTORY:
        buffer_printf(out, "IT HAS SEEN ANOTHER HISTORY of this ledger, and refuses this one");
        break;
    case COLLECT_UNKNOWN:
        buffer_printf(out, "it does not know this ledger, or not its key: its operator takes the trust file (unbroken ledger policy)");
        break;
    case COLLECT_WRONG:
        buffer_printf(out, "its answer is not taken");
        break;
    }
    if (result->why[0] != '\0') {
        buffer_printf(out, ": %s", result->why);
    }
}

void cosigning_say(FILE *out, const struct policy *policy, const struct collect_report *report, bool asked)
{
    struct buffer missing = {0};

    for (size_t i = 0; i < report->count; i++) {
        struct buffer sentence = {0};

        cosigning_sentence(&report->results[i], asked, &sentence);
        (void)fputs("witness ", out);
        output_text(out, policy_witness(policy, i)->name);
        (void)fprintf(out, "%s: %.*s", policy_witness(policy, i)->in_auditors ? " (auditor)" : "", (int)sentence.len,
                      sentence.ptr == NULL ? "" : (const char *)sentence.ptr);
        if (!asked && policy_witness(policy, i)->url.len > 0) {
            (void)fputs(" (", out);
            output_text(out, policy_witness(policy, i)->url);
            (void)fputs(")", out);
        }
        (void)fputs("\n", out);
        buffer_free(&sentence);
    }
    policy_quorum_missing(policy, report->signed_by, &missing);
    if (missing.len > 0) {
        (void)fprintf(out, "the quorum still misses %.*s; asked again: unbroken ledger checkpoint\n", (int)missing.len, (const char *)missing.ptr);
    } else if (!policy_quorum_none(policy)) {
        (void)fprintf(out, "the quorum is met\n");
    }
    if (policy_has_auditors(policy) && !policy_auditors_met(policy, report->signed_by)) {
        (void)fprintf(out, "no auditor vouches for it yet: complete on the station's own word, and a court with this trust file could not check it; once one does, "
                           "unbroken vouch adds it to the bundles made now\n");
    }
    buffer_free(&missing);
}

static enum status ask(struct session *session, const struct policy *policy, uint64_t total_ms, struct collect_report *report, struct fault *fault)
{
    char *authorities = witnesses_authorities(session->ledger);
    struct collect_options options = {.now_s = (uint64_t)time(NULL), .connect_ms = total_ms < 5000 ? total_ms : 0, .total_ms = total_ms, .ca_file = authorities};
    enum status status = collect_cosignatures(session->ledger, policy, &options, report, fault);

    if (status == STATUS_OK) {
        (void)fflush(stdout);
        cosigning_say(stderr, policy, report, true);
        for (size_t i = 0; i < report->count; i++) {
            session->contradicted = session->contradicted || report->results[i].answer == COLLECT_HISTORY || report->results[i].answer == COLLECT_AHEAD;
        }
    }
    free(authorities);
    return status;
}

/* As it is stored, with whatever came to it: the checkpoint that was asked about, though another program may have signed a newer one meanwhile. */
static enum status read_again(struct session *session, uint64_t size, struct buffer *note, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    struct buffer stored = {0};
    enum status status = ledger_begin(session->ledger, false, &txn, fault);

    if (status == STATUS_OK) {
        status = ledger_checkpoint_at(txn, size, &stored, fault);
        ledger_abort(txn);
    }
    if (status == STATUS_OK) {
        buffer_reset(note);
        buffer_append_view(note, buffer_view(&stored));
        status = buffer_status(note, fault);
    }
    buffer_free(&stored);
    return status;
}

/* Asks, or looks at what is stored; *met: enough have signed. */
static enum status gather(struct session *session, const struct policy *policy, uint64_t total_ms, struct buffer *note, bool *met, struct fault *fault)
{
    struct collect_report *report = calloc(1, sizeof *report);
    enum status status = STATUS_OK;

    if (report == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = args_flag(session->args, "--no-witnesses") ? collect_stored(session->ledger, policy, report, fault)
                                                        : ask(session, policy, total_ms, report, fault);
    if (status == STATUS_OK) {
        status = read_again(session, report->size, note, fault);
    }
    *met = status == STATUS_OK && policy_quorum_met(policy, report->signed_by);
    free(report);
    return status;
}

enum status cosigning_checkpoint(struct session *session, uint64_t total_ms, struct buffer *note, bool *quorum, struct fault *fault)
{
    struct policy *policy = NULL;
    struct fault inner = {0};
    bool met = true;
    enum status status = session_checkpoint(session, note, fault);

    if (status == STATUS_OK) {
        enum status known = witnesses_read(session->ledger, &policy, &inner);

        if (known == STATUS_OK && gather(session, policy, total_ms, note, &met, &inner) != STATUS_OK) {
            (void)fprintf(stderr, "unbroken: the checkpoint is signed, but not all that the witnesses answered could be kept: %s\n", inner.text);
        } else if (known != STATUS_OK && known != STATUS_MISSING) {
            (void)fprintf(stderr, "unbroken: the checkpoint is signed, but no witness was asked: %s\n", inner.text);
            met = false;
        }
        policy_close(policy);
    }
    if (quorum != NULL) {
        *quorum = met;
    }
    return status;
}
