/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt: the paper that who gives and who receives take home, and keep.
 */
#include <inttypes.h>
#include <stdio.h>

#include "custody/commands.h"
#include "custody/receipts.h"
#include "verify/text.h"

static enum status read_form(struct args *args, struct receipt_form *out, struct fault *fault)
{
    const char *language = args_value(args, "--language"), *copies = args_value(args, "--copies");
    uint64_t count = 2;
    struct fault why = {0};

    *out = (struct receipt_form){.roll = args_flag(args, "--roll")};
    if (copies != NULL && (!text_decimal(view_text(copies), &count) || count < 1 || count > RECEIPT_COPIES_MAX)) {
        return args_usage(args, fault, "--copies %.40s: it is a number from 1 to %d", copies, RECEIPT_COPIES_MAX);
    }
    out->copies = (size_t)count;
    if (language != NULL && languages_parse(language, &out->languages, &why) != STATUS_OK) {
        return args_usage(args, fault, "--language %s", why.text);
    }
    return STATUS_OK;
}

static void say(const struct receipt_job *job)
{
    if (job->pdf != NULL) {
        (void)printf("%s: %zu %s of the receipt for record %" PRIu64 ", under the checkpoint of %" PRIu64 " records, %zu QR each\n", job->pdf,
                     job->form.copies, job->form.copies == 1 ? "copy" : "copies", job->record, job->size, job->symbols);
    }
    if (job->text != NULL) {
        (void)printf("%s: the text of its QR, for unbroken-verify --since\n", job->text);
    }
    if (job->verdict == 3) {
        (void)printf("the records are intact, but a rule of custody was broken: the receipt says which\n");
    }
}

static enum status run_receipt(struct args *args, struct fault *fault)
{
    struct receipt_job job = {.pdf = args_value(args, "-o"), .text = args_value(args, "--text"), .replace = args_flag(args, "--force")};
    struct session session;
    enum status status = read_form(args, &job.form, fault);

    if (status == STATUS_OK && job.pdf == NULL && job.text == NULL) {
        status = args_usage(args, fault, "receipt needs -o FILE, --text FILE or both");
    }
    if (status == STATUS_OK) {
        status = receipts_check(args, &job, fault);
    }
    if (status == STATUS_OK) {
        status = session_open(args, LEDGER_APPEND, false, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = session_begin(&session, false, fault);
    if (status == STATUS_OK) {
        status = receipts_find(&session, args->arguments[0], &job.record, fault);
    }
    session_end(&session);
    if (status == STATUS_OK) {
        status = receipts_make(&session, &job, fault);
    }
    if (status == STATUS_OK) {
        say(&job);
    }
    session_close(&session);
    return status;
}

static const struct option receipt_options[] = {
    {"-o", OPTION_VALUE, "FILE", "where to write the PDF"},
    {"--text", OPTION_VALUE, "FILE", "where to write the text of its QR, for unbroken-verify --since without scanning"},
    {"--roll", OPTION_FLAG, NULL, "for an 80 mm roll, a long page a copy; else A5"},
    {"--copies", OPTION_VALUE, "N", "how many: the first for who gives (the authority), the second for who receives (the owner); else 2"},
    {"--language", OPTION_VALUE, "km,en", "en, km or vi, or two of them side by side"},
    {"--force", OPTION_FLAG, NULL, "overwrite the files"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_receipt[] = {
    {.words = "receipt", .arguments = "RECORD or SUBJECT", .summary = "print what was handed over, in copies that prove later that nothing was rewritten",
     .at_least = 1, .at_most = 1, .shared = ARGS_LEDGER | ARGS_NOW, .options = receipt_options,
     .example = "unbroken receipt KHPP-28-L -o receipt.pdf --language km,en", .run = run_receipt},
    {.words = NULL},
};
