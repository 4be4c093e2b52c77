/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundle: one file that proves, for a court. What is not signed yet is signed first.
 */
#include <inttypes.h>
#include <stdio.h>

#include "custody/bundling.h"
#include "custody/commands.h"
#include "custody/output.h"
#include "custody/wholefile.h"
#include "ledger/other.h"
#include "verify/bundle.h"
#include "verify/shown.h"
#include "verify/text.h"

/* The size of the checkpoint that an older paper or file of this ledger shows. */
static enum status size_in_file(struct ledger *ledger, const char *path, uint64_t *out, struct fault *fault)
{
    struct shown shown = {0};
    struct buffer file = {0};
    struct fault why;
    enum status status = wholefile_read(path, BUNDLE_BYTES_MAX, &file, fault);

    fault_clear(&why);
    if (status == STATUS_OK) {
        status = shown_read(ledger_hasher(ledger), buffer_view(&file), &shown, &why);
        if (status != STATUS_OK) {
            status = fault_set(fault, status == STATUS_MEMORY ? status : STATUS_REFUSED, FAULT_NOWHERE,
                               "--since %s: is no checkpoint, bundle, receipt or certificate: %s", path, why.text);
        } else if (!view_equal(shown.origin, view_text(ledger_origin(ledger)))) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "--since %s: is of another ledger", path);
        }
    }
    *out = shown.size;
    shown_close(&shown);
    buffer_free(&file);
    return status;
}

/* Each is looked at before anything is signed for nothing. files: as many as --with is given. */
static enum status read_others(struct session *session, struct buffer *files, struct bundling *bundling, struct fault *fault)
{
    struct args *args = session->args;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < args_count(args, "--with") && status == STATUS_OK; i++) {
        const char *path = args_nth(args, "--with", i);
        struct other other;
        struct fault why = {0};

        status = wholefile_read(path, BUNDLE_BYTES_MAX, &files[i], fault);
        if (status != STATUS_OK) {
            break;
        }
        status = other_read(session->ledger, buffer_view(&files[i]), &other, &why);
        if (status != STATUS_OK) {
            return fault_set(fault, status, FAULT_NOWHERE, "--with %s: %.400s", path, why.text);
        }
        bundling->others[bundling->other_count++] = other.bundle;
        if (!other.predecessor) {
            (void)fprintf(stderr, "unbroken: %s: is not of the ledger that this one succeeds: it stands beside, and no history goes on from it\n", path);
        }
    }
    return status;
}

static enum status read_subjects(struct session *session, struct subject_list *list, struct fault *fault)
{
    bool all = args_flag(session->args, "--all");

    if (all == (session->args->argument_count > 0)) {
        return args_usage(session->args, fault, "bundle needs CASE, SUBJECT... or --all, and not both");
    }
    return all ? STATUS_OK : session_subjects(session, 0, list, fault);
}

static enum status write_bundle(struct session *session, const struct subject_list *list, uint64_t since, const struct bundling *bundling,
                                const char *path, struct fault *fault)
{
    uint64_t withheld = 0;
    struct buffer file = {0};
    enum status status = bundling_export(session, list, since, args_flag(session->args, "--without-attachments"), bundling, &file, &withheld, fault);

    if (status == STATUS_OK) {
        status = wholefile_write(path, buffer_view(&file), args_flag(session->args, "--force"), fault);
        if (status == STATUS_REFUSED) {
            args_hint(session->args, "--force");
        }
    }
    if (status == STATUS_OK) {
        (void)printf("%s: %zu bytes, as of %" PRIu64 " records\n", path, file.len, ledger_size(session->txn));
        bundling_say(bundling, withheld);
    }
    buffer_free(&file);
    return status;
}

static enum status run_bundle(struct args *args, struct fault *fault)
{
    const char *since = args_value(args, "--since");
    const char *path = NULL;
    struct bundling bundling = {0};
    struct subject_list list = {0};
    struct session session;
    struct buffer others[BUNDLING_OTHERS_MAX] = {0};
    uint64_t since_size = 0;
    enum status status = args_count(args, "--with") > BUNDLING_OTHERS_MAX
                             ? args_usage(args, fault, "--with: at most %d bundles of other ledgers", BUNDLING_OTHERS_MAX)
                             : STATUS_OK;

    if (status == STATUS_OK) {
        status = args_required(args, "-o", &path, fault);
    }
    if (status == STATUS_OK) {
        status = bundling_read(args, &bundling, fault);
    }
    if (status == STATUS_OK && wholefile_exists(path) && !args_flag(args, "--force")) {
        args_hint(args, "--force");
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", path);
    }
    if (status == STATUS_OK) {
        status = session_open(args, LEDGER_APPEND, false, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = read_subjects(&session, &list, fault); /* before anything is signed for nothing */
    }
    if (status == STATUS_OK && since != NULL && !text_decimal(view_text(since), &since_size)) {
        status = size_in_file(session.ledger, since, &since_size, fault);
    }
    session_end(&session);
    if (status == STATUS_OK) {
        status = read_others(&session, others, &bundling, fault);
    }
    if (status == STATUS_OK) {
        status = bundling_checkpoint(&session, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(&session, false, fault);
    }
    if (status == STATUS_OK) {
        status = write_bundle(&session, &list, since_size, &bundling, path, fault);
    }
    subject_list_free(&list);
    session_close(&session);
    for (size_t i = 0; i < BUNDLING_OTHERS_MAX; i++) {
        buffer_free(&others[i]);
    }
    return status;
}

static const struct option bundle_options[] = {
    {"-o", OPTION_VALUE, "FILE", "where to write it"},
    {"--all", OPTION_FLAG, NULL, "the whole ledger"},
    {"--since", OPTION_VALUE, "FILE", "an older checkpoint, bundle, receipt or certificate, or its number of records: shown to be a part of this"},
    {"--with", OPTION_MANY, "BUNDLE", "put a bundle or certificate of another ledger inside: that of the predecessor, whose history a verdict then tells too"},
    {"--without-attachments", OPTION_FLAG, NULL, "leave attached files out; the verdict says so"},
    BUNDLING_OPTIONS,
    {"--force", OPTION_FLAG, NULL, "overwrite FILE"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_bundle[] = {
    {.words = "bundle", .arguments = "CASE or SUBJECT...", .summary = "write one file that proves what happened",
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_LEDGER | ARGS_NOW | ARGS_COSIGN, .options = bundle_options,
     .example = "unbroken bundle KHPP-10-6 -o case.bundle", .run = run_bundle},
    {.words = NULL},
};
