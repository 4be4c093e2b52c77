/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp: RFC 3161 time-stamps over signed checkpoints: asked for over the network, or carried there and back as files.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/output.h"
#include "custody/timestamp_settings.h"
#include "custody/timestamping.h"
#include "custody/timestamps.h"
#include "custody/wholefile.h"

/* ---- over the network ------------------------------------------------------------------------ */

/* The authorities that are asked in one call. */
struct asking {
    struct timestamp_tsa tsas[TIMESTAMP_SETTINGS_MAX];
    const char *labels[TIMESTAMP_SETTINGS_MAX];
    struct buffer queries[TIMESTAMP_SETTINGS_MAX];
    struct fetch_answer answers[TIMESTAMP_SETTINGS_MAX];
    struct timestamp timestamps[TIMESTAMP_SETTINGS_MAX];
    size_t count, failed;
};

/* Those that have not stamped it yet, with a question each. */
static enum status choose(struct session *session, const struct timestamp_settings *settings, const struct timestamping_target *target, struct asking *asking,
                          struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < settings->count && status == STATUS_OK; i++) {
        struct timestamp_tsa tsa = timestamp_settings_tsa(&settings->tsas[i]);
        const char *label = timestamp_settings_label(&settings->tsas[i]);
        bool found = false;

        status = timestamping_has(session, target, tsa.ca, &found, fault);
        if (status == STATUS_OK && found && !args_flag(session->args, "--again")) {
            output_text(stdout, view_text(label));
            (void)printf(": the checkpoint of %" PRIu64 " records has a time-stamp that leads to its certificates already (--again gets another)\n",
                         target->size);
        } else if (status == STATUS_OK) {
            asking->tsas[asking->count] = tsa;
            asking->labels[asking->count] = label;
            status = timestamp_query(&target->imprint, tsa.policy, &asking->queries[asking->count], fault);
            asking->count++;
        }
    }
    return status;
}

/* One that fails takes nothing from the others: each is told on standard error, and the command fails in the end. */
static void tell_failure(const struct asking *asking, size_t i, const struct fault *why)
{
    (void)fprintf(stderr, "unbroken: ");
    output_text(stderr, view_text(asking->labels[i]));
    (void)fprintf(stderr, ": %s\n", why->text);
}

static enum status take_answers(struct fetcher *fetcher, struct asking *asking, struct fault *fault)
{
    for (size_t i = 0; i < asking->count; i++) {
        struct fault why = asking->answers[i].fault;
        enum status status = asking->answers[i].status;

        if (status == STATUS_OK) {
            fault_clear(&why);
            status = timestamp_accept(&asking->tsas[i], buffer_view(&asking->queries[i]), buffer_view(&asking->answers[i].body), fetcher,
                                      &asking->timestamps[i], &why);
        }
        if (status == STATUS_MEMORY) {
            return fault_set(fault, status, FAULT_NOWHERE, "%s", why.text);
        }
        if (status != STATUS_OK) {
            asking->failed++;
            tell_failure(asking, i, &why);
        }
    }
    return STATUS_OK;
}

static enum status ask(struct session *session, const struct timestamping_target *target, struct asking *asking, struct fault *fault)
{
    struct fetcher *fetcher = NULL;
    enum status status = fetcher_open(&fetcher, fault);

    if (status == STATUS_OK) {
        status = timestamp_ask(fetcher, asking->tsas, asking->queries, asking->count, asking->answers, fault);
    }
    if (status == STATUS_OK) {
        status = take_answers(fetcher, asking, fault);
    }
    fetcher_close(fetcher);
    if (status == STATUS_OK && asking->failed < asking->count) {
        status = timestamping_store(session, target, asking->timestamps, asking->count, fault);
    }
    if (status == STATUS_OK && asking->failed > 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%zu of %zu time-stamp authorities gave no time-stamp that counts", asking->failed,
                           asking->count);
    }
    return status;
}

static enum status stamp(struct session *session, const struct timestamp_settings *settings, struct fault *fault)
{
    struct asking *asking = calloc(1, sizeof *asking);
    struct timestamping_target target;
    enum status status;

    if (asking == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    status = timestamping_latest(session, &target, fault);
    if (status == STATUS_OK) {
        status = choose(session, settings, &target, asking, fault);
    }
    if (status == STATUS_OK && asking->count > 0) {
        status = ask(session, &target, asking, fault);
    }
    for (size_t i = 0; i < asking->count; i++) {
        buffer_free(&asking->queries[i]);
        fetch_answer_free(&asking->answers[i]);
        timestamp_free(&asking->timestamps[i]);
    }
    free(asking);
    return status;
}

/* ---- as files -------------------------------------------------------------------------------- */

static enum status write_request(struct session *session, const struct timestamp_settings *settings, const char *path, struct fault *fault)
{
    struct buffer query = {0};
    struct timestamping_target target;
    const char *policy = settings->count == 1 ? timestamp_settings_tsa(&settings->tsas[0]).policy : NULL;
    enum status status;

    if (wholefile_exists(path)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%.200s: exists; it may be the question that an answer is still to come to", path);
    }
    status = timestamping_latest(session, &target, fault);
    if (status == STATUS_OK) {
        status = timestamp_query(&target.imprint, policy, &query, fault);
    }
    if (status == STATUS_OK) {
        status = wholefile_write(path, buffer_view(&query), false, fault);
    }
    if (status == STATUS_OK) {
        output_text(stdout, view_text(path));
        (void)printf(": the question about the checkpoint of %" PRIu64 " records; keep it until the answer is taken in with --response\n", target.size);
    }
    buffer_free(&query);
    return status;
}

static enum status take_files(struct session *session, const struct timestamp_settings *settings, struct view query, struct view response,
                              struct fault *fault)
{
    struct timestamp_tsa tsa = timestamp_settings_tsa(&settings->tsas[0]);
    struct timestamp timestamp = {0};
    struct fetcher *fetcher = NULL;
    struct timestamping_target target;
    struct hash imprint;
    enum status status = timestamp_query_read(query, &imprint, fault);

    if (status == STATUS_OK) {
        status = timestamping_asked(session, &imprint, &target, fault);
    }
    if (status == STATUS_OK && tsa.fetch_lists) {
        status = fetcher_open(&fetcher, fault);
    }
    if (status == STATUS_OK) {
        status = timestamp_accept(&tsa, query, response, fetcher, &timestamp, fault);
    }
    if (status == STATUS_OK) {
        status = timestamping_store(session, &target, &timestamp, 1, fault);
    }
    timestamp_free(&timestamp);
    fetcher_close(fetcher);
    return status;
}

/* The question beside the answer: FILE.tsq for FILE.tsr. */
static enum status question_path(struct args *args, const char *response, struct buffer *out, struct fault *fault)
{
    const char *request = args_value(args, "--request");
    size_t len = strlen(response);

    if (request == NULL && (len < 5 || strcmp(response + len - 4, ".tsr") != 0)) {
        return args_usage(args, fault, "--response: its name ends in .tsr, with the question beside it as .tsq; or --request FILE says where that is");
    }
    if (request != NULL) {
        buffer_append_view(out, view_text(request));
    } else {
        buffer_append(out, response, len - 4);
        buffer_append_view(out, view_text(".tsq"));
    }
    buffer_append_byte(out, 0);
    return buffer_status(out, fault);
}

static enum status take_response(struct session *session, const struct timestamp_settings *settings, const char *path, struct fault *fault)
{
    struct buffer question = {0}, query = {0}, response = {0};
    enum status status = question_path(session->args, path, &question, fault);

    if (status == STATUS_OK) {
        status = wholefile_read_filled((const char *)question.ptr, TIMESTAMP_QUERY_MAX, &query, fault);
    }
    if (status == STATUS_OK) {
        status = wholefile_read_filled(path, TIMESTAMP_ANSWER_MAX, &response, fault);
    }
    if (status == STATUS_OK) {
        status = take_files(session, settings, buffer_view(&query), buffer_view(&response), fault);
    }
    buffer_free(&question);
    buffer_free(&query);
    buffer_free(&response);
    return status;
}

static enum status run_timestamp(struct args *args, struct fault *fault)
{
    const char *request = args_value(args, "--request");
    const char *response = args_value(args, "--response");
    struct timestamp_settings *settings = calloc(1, sizeof *settings);
    const char *directory = NULL;
    struct session session;
    enum status status = settings == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : session_directory(args, &directory, fault);

    if (status == STATUS_OK) {
        status = timestamp_settings_read(args, directory, settings, fault);
    }
    if (status == STATUS_OK && response == NULL && request == NULL && (settings->count == 0 || settings->tsas[0].url[0] == '\0')) {
        status = args_usage(args, fault, "which time-stamp authority? --tsa URL --ca FILE, or the ledger's timestamp.ini");
    }
    if (status == STATUS_OK && response != NULL && settings->count != 1) {
        status = args_usage(args, fault, "--response needs one authority: --ca FILE, or --tsa NAME of the ledger's timestamp.ini");
    }
    if (status == STATUS_OK) {
        status = session_open(args, LEDGER_APPEND, false, &session, fault);
        if (status == STATUS_OK) {
            status = response != NULL  ? take_response(&session, settings, response, fault)
                     : request != NULL ? write_request(&session, settings, request, fault)
                                       : stamp(&session, settings, fault);
            session_close(&session);
        }
    }
    if (settings != NULL) {
        timestamp_settings_free(settings);
    }
    free(settings);
    return status;
}

static const struct option timestamp_options[] = {
    TIMESTAMP_OPTIONS,
    {"--again", OPTION_FLAG, NULL, "even where the checkpoint has a time-stamp of that authority"},
    {"--request", OPTION_VALUE, "FILE.tsq", "write the question to a file instead, to be carried to an authority"},
    {"--response", OPTION_VALUE, "FILE.tsr", "take in the answer that was carried back"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

static const struct option timestamps_options[] = {
    TIMESTAMP_OPTIONS,
    {"--write", OPTION_VALUE, "DIR", "write them, and the texts that they are over, as files for other programs"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_timestamp[] = {
    {.words = "ledger timestamp", .arguments = "", .summary = "have the latest checkpoint time-stamped (RFC 3161)", .shared = ARGS_LEDGER | ARGS_NOW | ARGS_COSIGN,
     .options = timestamp_options,
     .example = "unbroken ledger timestamp --tsa http://tsa.example/tsr --ca tsa-ca.pem --crl fetch\n"
                "unbroken ledger timestamp --request friday.tsq   # without a network: carry it to the authority,\n"
                "unbroken ledger timestamp --response friday.tsr --ca tsa-ca.pem   # and its answer back",
     .run = run_timestamp},
    {.words = "ledger timestamps", .arguments = "", .summary = "the time-stamps over checkpoints, and whether they hold", .shared = ARGS_LEDGER | ARGS_JSON,
     .options = timestamps_options,
     .example = "unbroken ledger timestamps --ca tsa-ca.pem --write stamps\n"
                "openssl ts -verify -token_in -in stamps/41-1.tst -data stamps/41.txt -CAfile tsa-ca.pem",
     .json = "{\"ledger\", \"training\", \"timestamps\": [{\"records\": N, \"time\", \"authority\", \"serial\", \"lists\": N, \"holds\": \"yes\"/\"NO\"/null}]}",
     .run = timestamps_run},
    {.words = NULL},
};
