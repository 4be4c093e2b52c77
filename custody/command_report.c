/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report: the prosecutor's report on a case as a PDF, with the bundle that it is drawn from attached. What does not pass the check of the
 * station's own policy is not drawn.
 */
#include <inttypes.h>
#include <stdio.h>

#include "custody/bundling.h"
#include "custody/commands.h"
#include "custody/paper_settings.h"
#include "custody/timestamp_settings.h"
#include "custody/wholefile.h"
#include "printer/case_report.h"
#include "printer/pdf_attach.h"
#include "verify/text.h"

#define BUNDLE_NAME "case.bundle"

/* What the command was given. */
struct request {
    const char *path, *typed;
    struct bundling bundling;
    struct paper_settings settings;
};

static enum status read_request(struct args *args, struct request *out, struct fault *fault)
{
    const char *directory = NULL;
    enum status status = args_required(args, "-o", &out->path, fault);

    if (status == STATUS_OK) {
        status = args_required(args, "--case", &out->typed, fault);
    }
    if (status == STATUS_OK) {
        status = bundling_read(args, &out->bundling, fault);
    }
    if (status == STATUS_OK) {
        status = session_directory(args, &directory, fault);
    }
    if (status == STATUS_OK) {
        status = paper_settings_read(args, directory, &out->settings, fault);
    }
    if (status == STATUS_OK && wholefile_exists(out->path) && !args_flag(args, "--force")) {
        args_hint(args, "--force");
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", out->path);
    }
    return status;
}

/* The case by its name; then what is not signed yet is signed, and its bundle made. */
static enum status make_bundle(struct session *session, const struct request *request, struct buffer *bundle, uint64_t *withheld, struct fault *fault)
{
    struct subject_list list = {0};
    uint64_t of_case = 0;
    enum status status = session_begin(session, false, fault);

    if (status == STATUS_OK) {
        status = session_subject_of(session, request->typed, TYPE_CASE, &of_case, fault);
    }
    if (status == STATUS_OK) {
        status = subject_list_push(&list, of_case, fault);
    }
    session_end(session);
    if (status == STATUS_OK) {
        status = bundling_checkpoint(session, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(session, false, fault);
    }
    if (status == STATUS_OK) {
        status = bundling_export(session, &list, 0, false, &request->bundling, bundle, withheld, fault);
    }
    subject_list_free(&list);
    return status;
}

static enum status open_dossier(struct session *session, struct view bundle, struct dossier *out, struct fault *fault)
{
    struct buffer text = {0};
    struct policy *policy = NULL;
    struct verify_options options = {.as_of_s = NOTHING, .training = session->identity->training};
    struct token_trust *tsa = NULL;
    enum status status = bundling_policy(session, &text, fault);

    if (status == STATUS_OK) {
        status = policy_parse(ledger_hasher(session->ledger), buffer_view(&text), &policy, fault);
    }
    if (status == STATUS_OK) {
        status = timestamp_settings_trust(session, &tsa, fault);
    }
    if (status == STATUS_OK) {
        options.tsa = tsa;
        status = dossier_open(ledger_hasher(session->ledger), policy, bundle, &options, out, fault);
    }
    policy_close(policy);
    token_trust_close(tsa);
    buffer_free(&text);
    return status;
}

static enum status write_report(struct session *session, const struct request *request, struct view bundle, uint64_t withheld, struct fault *fault)
{
    struct dossier dossier = {0};
    struct buffer page = {0};
    struct buffer pdf = {0};
    struct pdf_attachment attachment = {.name = BUNDLE_NAME, .description = "the bundle that the report is drawn from", .media_type = PDF_MEDIA_BUNDLE, .bytes = bundle};
    struct pdf_data data = {.language = language_tag(request->settings.languages.first)};
    struct case_report_form form = {.languages = request->settings.languages,
                                    .offset_min = session->offset_min,
                                    .bundle = BUNDLE_NAME,
                                    .agency = view_text(request->settings.agency)};
    enum status status = open_dossier(session, bundle, &dossier, fault);

    if (status == STATUS_OK) {
        status = case_report_write(&dossier, &form, &page, fault);
    }
    if (status == STATUS_OK) {
        status = pdf_attach(buffer_view(&page), &data, &attachment, 1, &pdf, fault);
    }
    if (status == STATUS_OK) {
        status = wholefile_write(request->path, buffer_view(&pdf), args_flag(session->args, "--force"), fault);
    }
    if (status == STATUS_OK) {
        (void)printf("%s: %zu bytes, as of %" PRIu64 " records; %s\n", request->path, pdf.len, dossier.verdict.size,
                     dossier.verdict.status == 0   ? "intact, and custody unbroken"
                     : dossier.verdict.status == 3 ? "intact, but rules of custody were broken"
                                                   : "it could not be checked in full");
        (void)printf("the bundle is in it; it is a report, no certificate\n");
        bundling_say(&request->bundling, withheld);
    }
    dossier_close(&dossier);
    buffer_free(&page);
    buffer_free(&pdf);
    return status;
}

static enum status run_report(struct args *args, struct fault *fault)
{
    struct request request = {0};
    struct session session;
    struct buffer bundle = {0};
    uint64_t withheld = 0;
    enum status status = read_request(args, &request, fault);

    if (status == STATUS_OK) {
        status = session_open(args, LEDGER_APPEND, false, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = make_bundle(&session, &request, &bundle, &withheld, fault);
    if (status == STATUS_OK) {
        status = write_report(&session, &request, buffer_view(&bundle), withheld, fault);
    }
    buffer_free(&bundle);
    session_close(&session);
    return status;
}

static const struct option report_options[] = {
    {"--case", OPTION_VALUE, "CASE", "the case that it is on"},
    {"-o", OPTION_VALUE, "FILE", "where to write it"},
    PAPER_LANGUAGE_OPTION,
    BUNDLING_OPTIONS,
    {"--force", OPTION_FLAG, NULL, "overwrite FILE"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_report[] = {
    {.words = "report", .arguments = "", .summary = "the prosecutor's report on a case: every thing, who must testify, what the defence will find",
     .shared = ARGS_LEDGER | ARGS_NOW | ARGS_COSIGN, .options = report_options, .example = "unbroken report --case KHPP-10-6 -o report.pdf", .run = run_report},
    {.words = NULL},
};
