/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger witnesses: whom the station asks, and who has answered. Without a network: command_exchange.c; the witness's own side: command_witness.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/cosigning.h"
#include "custody/wholefile.h"
#include "ledger/witnesses.h"
#include "verify/text.h"

enum { AUTHORITIES_BYTES_MAX = 1 << 20 };

/* ---- ledger witnesses ------------------------------------------------------------------------ */

static json_t *witness_json(const struct policy_witness *witness, const struct collect_result *result)
{
    bool cosigned = result->answer == COLLECT_HAD;
    struct buffer time = {0};
    json_t *row;

    text_time(&time, result->time_s);
    row = json_pack("{s:o,s:o,s:o,s:b,s:b,s:o}", "name", output_string(witness->name), "key-name", output_string(witness->key.name), "url",
                    output_string(witness->url), "auditor", witness->in_auditors ? 1 : 0, "cosigned", cosigned ? 1 : 0, "time",
                    cosigned ? output_string(buffer_view(&time)) : json_null());
    buffer_free(&time);
    return row;
}

static enum status tell_json(const struct session *session, const struct policy *policy, const struct collect_report *report, struct fault *fault)
{
    struct buffer missing = {0};
    json_t *out = output_envelope(session);
    json_t *rows = json_array();
    json_t *body;

    for (size_t i = 0; i < report->count; i++) {
        (void)json_array_append_new(rows, witness_json(policy_witness(policy, i), &report->results[i]));
    }
    policy_quorum_missing(policy, report->signed_by, &missing);
    body = json_pack("{s:I,s:o,s:b,s:o,s:b,s:b}", "checkpoint", (json_int_t)report->size, "witnesses", rows, "quorum-met",
                     policy_quorum_met(policy, report->signed_by) ? 1 : 0, "missing", output_string(buffer_view(&missing)), "audited",
                     policy_auditors_met(policy, report->signed_by) ? 1 : 0, "splits", policy_quorum_splits(policy) ? 1 : 0);
    buffer_free(&missing);
    if (out == NULL || body == NULL || json_object_set_new(out, "witnesses", body) != 0) {
        json_decref(out);
        out = NULL;
    }
    return output_json(out, fault);
}

static void tell(const struct policy *policy, const struct collect_report *report)
{
    if (report->size == 0) {
        (void)printf("no checkpoint was signed yet: unbroken ledger checkpoint\n");
    } else {
        (void)printf("checkpoint of %" PRIu64 " records\n", report->size);
    }
    cosigning_say(stdout, policy, report, false);
    if (policy_quorum_splits(policy)) {
        (void)printf("two sets of witnesses that share nobody could each meet this quorum: two histories could be shown. Of n witnesses\n"
                     "of whom some may lie, 1 + 2n/3 (rounded down) keep two halves apart\n");
    }
}

static enum status install(struct args *args, struct session *session, const char *path, struct fault *fault)
{
    const char *ca = args_value(args, "--ca");
    struct buffer text = {0};
    struct buffer pem = {0};
    struct fault inner = {0};
    enum status status = STATUS_OK;

    if (strcmp(path, "none") == 0) {
        status = ca != NULL ? args_usage(args, fault, "--set none takes no --ca") : witnesses_remove(session->ledger, fault);
        if (status == STATUS_OK) {
            (void)printf("no witness is asked any more; courts keep the trust file that they have\n");
        }
        return status;
    }
    status = wholefile_read(path, POLICY_BYTES_MAX, &text, fault);
    if (status == STATUS_OK && ca != NULL) {
        status = wholefile_read_filled(ca, AUTHORITIES_BYTES_MAX, &pem, fault);
    }
    if (status == STATUS_OK) {
        status = witnesses_install(session->ledger, buffer_view(&text), buffer_view(&pem), &inner);
        if (status != STATUS_OK) {
            status = fault_set(fault, status, inner.at, "--set %s: %.400s", path, inner.text);
        }
    }
    buffer_free(&text);
    buffer_free(&pem);
    if (status == STATUS_OK) {
        (void)printf("the witnesses are set. Now give the new trust file to the courts, and publish its SHA-256: unbroken ledger policy\n"
                     "and to each witness, which takes the ledger's key from it: unbroken witness trust\n");
    }
    return status;
}

static enum status show(struct args *args, struct session *session, struct fault *fault)
{
    struct collect_report *report = calloc(1, sizeof *report);
    struct policy *policy = NULL;
    enum status status = report == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                        : cosigning_policy(session, &policy, fault);

    if (status == STATUS_OK) {
        struct fault inner = {0};

        status = collect_stored(session->ledger, policy, report, &inner);
        if (status == STATUS_MISSING) {
            status = STATUS_OK; /* nothing was signed yet: who will be asked is shown all the same */
        } else if (status != STATUS_OK) {
            status = fault_set(fault, status, inner.at, "%s", inner.text);
        }
    }
    if (status == STATUS_OK && args_flag(args, "--json")) {
        status = tell_json(session, policy, report, fault);
    } else if (status == STATUS_OK) {
        tell(policy, report);
    }
    policy_close(policy);
    free(report);
    return status;
}

static enum status run_witnesses(struct args *args, struct fault *fault)
{
    const char *set = args_value(args, "--set");
    struct session session;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (set == NULL && args_value(args, "--ca") != NULL) {
        status = args_usage(args, fault, "--ca goes with --set");
    } else {
        status = set != NULL ? install(args, &session, set, fault) : show(args, &session, fault);
    }
    session_close(&session);
    return status;
}

static const struct option witnesses_options[] = {
    {"--set", OPTION_VALUE, "FILE", "lines `witness NAME VKEY URL`, `group`, `quorum` of a C2SP tlog-policy; or none: there are no witnesses any more"},
    {"--ca", OPTION_VALUE, "PEM", "with --set: the authorities that their HTTPS certificates come from, instead of this machine's; without it they stay as they are"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_witnesses[] = {
    {.words = "ledger witnesses", .arguments = "", .summary = "who cosigns the checkpoints, who has cosigned the latest, what is missing",
     .shared = ARGS_LEDGER | ARGS_JSON, .options = witnesses_options, .example = "unbroken ledger witnesses --set witnesses.policy --ca ministry-ca.pem",
     .json = "{\"ledger\", \"training\", \"witnesses\": {\"checkpoint\": N, \"witnesses\": [{\"name\", \"key-name\", \"url\", \"auditor\": BOOL, "
             "\"cosigned\": BOOL, \"time\"}], \"quorum-met\": BOOL, \"missing\": TEXT, \"audited\": BOOL, \"splits\": BOOL}}",
     .run = run_witnesses},
    {.words = NULL},
};
