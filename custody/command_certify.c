/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify: the certificate for a court, as a PDF with the records and the signed statement in it. What does not pass the check is not certified.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "custody/certifying.h"
#include "custody/commands.h"
#include "custody/wholefile.h"
#include "verify/name.h"

#define FORM "general"

/* A name of a form in the program, or a file: what has a dot or a slash in it. */
static enum status read_template(struct args *args, struct template *out, struct fault *fault)
{
    const char *typed = args_value(args, "--template");
    struct buffer file = {0};
    struct fault why = {0};

    if (typed == NULL || strpbrk(typed, "./") == NULL) {
        enum status status = template_builtin(typed == NULL ? FORM : typed, out, fault);
        args->is_usage = args->is_usage || status == STATUS_MISSING;
        return status;
    }
    enum status status = wholefile_read_filled(typed, TEMPLATE_FILE_BYTES_MAX, &file, fault);
    if (status == STATUS_OK) {
        status = template_read(buffer_view(&file), out, &why);
        status = status == STATUS_OK ? STATUS_OK : fault_set(fault, status, why.at, "%.120s: %s", typed, why.text);
    }
    buffer_free(&file);
    return status;
}

static enum status read_options(struct args *args, const char **path, struct certifying *job, struct fault *fault)
{
    const char *directory = NULL;
    enum status status = args_required(args, "-o", path, fault);

    job->certificates = args_value(args, "--sign-certificate");
    job->key = args_value(args, "--sign-key");
    job->from = args_value(args, "--from");
    if (status == STATUS_OK && (job->from == NULL) == (args->argument_count == 0)) {
        return args_usage(args, fault, "certify needs CASE or SUBJECT..., or --from BUNDLE");
    }
    if (status == STATUS_OK && job->from != NULL && (args_value(args, "--order") != NULL || args_flag(args, "--nothing-withheld"))) {
        return args_usage(args, fault, "--from: what that bundle withholds was settled when it was made");
    }
    if (status == STATUS_OK && (job->certificates == NULL) != (job->key == NULL)) {
        return args_usage(args, fault, "--sign-certificate and --sign-key go together");
    }
    if (status == STATUS_OK) {
        status = bundling_read(args, &job->bundling, fault);
    }
    if (status == STATUS_OK) {
        status = session_directory(args, &directory, fault);
    }
    if (status == STATUS_OK) {
        status = paper_settings_read(args, directory, &job->settings, fault);
    }
    if (status == STATUS_OK) {
        status = read_template(args, &job->template, fault);
    }
    if (status == STATUS_OK && wholefile_exists(*path) && !args_flag(args, "--force")) {
        args_hint(args, "--force");
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", *path);
    }
    return status;
}

static void say(const struct session *session, const struct certifying *job, const char *path)
{
    char name[NAME_BYTES];

    session_name(session, job->certifier.signer.person, name);
    (void)printf("%s: certificate %s, %zu bytes, as of %" PRIu64 " records; %zu certified lines\n", path, job->number, job->pdf.len, job->size, job->lines);
    (void)printf("%s\n", job->verdict == 0 ? "intact, and custody unbroken" : "intact, but a rule of custody is broken: the certificate says so first");
    (void)printf("certified by %s, %s; the records and the signed statement are in it: unbroken-verify checks the file\n", name,
                 office_name((unsigned)job->certifier.signer.capacity));
    bundling_say(&job->bundling, job->withheld);
}

static enum status run_certify(struct args *args, struct fault *fault)
{
    struct certifying job = {0};
    struct session session;
    const char *path = NULL;
    enum status status = read_options(args, &path, &job, fault);

    if (status == STATUS_OK) {
        status = session_open(args, LEDGER_APPEND, false, &session, fault);
    }
    if (status != STATUS_OK) {
        certifying_close(&job);
        return status;
    }
    status = certifying_signer(&session, &job, fault);
    if (status == STATUS_OK) {
        status = session_keys(&session, fault);
    }
    if (status == STATUS_OK) {
        status = certifying_make(&session, &job, fault);
    }
    if (status == STATUS_OK) {
        status = wholefile_write(path, buffer_view(&job.pdf), args_flag(args, "--force"), fault);
    }
    if (status == STATUS_OK) {
        say(&session, &job, path);
    }
    certifying_close(&job);
    session_close(&session);
    return status;
}

static const struct option certify_options[] = {
    {"-o", OPTION_VALUE, "FILE", "where to write the PDF"},
    {"--from", OPTION_VALUE, "BUNDLE", "certify this bundle, of the things and of the certifier, which auditors vouch for by now (unbroken vouch)"},
    {"--template", OPTION_VALUE, "FORM", "general, us-fre-902, india-bsa-63, cambodia, vietnam, or a file of your own; else general"},
    PAPER_LANGUAGE_OPTION,
    PAPER_WEB_OPTION,
    BUNDLING_OPTIONS,
    {"--as-office", OPTION_VALUE, "OFFICE", "the office in which the certifier signs, where several are held"},
    {"--sign-certificate", OPTION_VALUE, "PEM", "also sign the PDF itself (PAdES): the certificate, and its issuers behind it"},
    {"--sign-key", OPTION_VALUE, "PEM", "its key, P-256 or RSA"},
    {"--sign-passphrase-file", OPTION_VALUE, "FILE", "its first line is the passphrase of that key"},
    {"--force", OPTION_FLAG, NULL, "overwrite FILE"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_certify[] = {
    {.words = "certify", .arguments = "CASE or SUBJECT...", .summary = "the certificate for a court: one PDF with page, records and signed statement",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_LEDGER | ARGS_NOW | ARGS_KEYS | ARGS_COSIGN, .options = certify_options,
     .example = "unbroken certify KHPP-28-L -o certificate.pdf --language km,en --key prosecutor.key", .run = run_certify},
    {.words = NULL},
};
