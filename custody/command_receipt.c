/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt: the paper that who gives and who receives take home, and keep.
 */
#include "custody/commands.h"
#include "custody/receipts.h"

static enum status run_receipt(struct args *args, struct fault *fault)
{
    struct receipt_job job = {.pdf = args_value(args, "-o"), .text = args_value(args, "--text"), .replace = args_flag(args, "--force")};
    struct session session;
    enum status status = receipts_form(args, &job, fault);

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
        receipts_say(&job);
    }
    session_close(&session);
    return status;
}

static const struct option receipt_options[] = {
    {"-o", OPTION_VALUE, "FILE", "where to write the PDF"},
    {"--text", OPTION_VALUE, "FILE", "where to write the text of its QR, for unbroken-verify --since without scanning"},
    {"--roll", OPTION_FLAG, NULL, "for an 80 mm roll, a long page a copy; else A5"},
    {"--copies", OPTION_VALUE, "N", "how many: the first for who gives (the authority), the second for who receives (the owner); else 2"},
    PAPER_LANGUAGE_OPTION,
    PAPER_WEB_OPTION,
    {"--force", OPTION_FLAG, NULL, "overwrite the files"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_receipt[] = {
    {.words = "receipt", .arguments = "RECORD or SUBJECT", .summary = "print what was handed over, in copies that prove later that nothing was rewritten",
     .at_least = 1, .at_most = 1, .shared = ARGS_LEDGER | ARGS_NOW | ARGS_COSIGN, .options = receipt_options,
     .example = "unbroken receipt KHPP-28-L -o receipt.pdf --language km,en", .run = run_receipt},
    {.words = NULL},
};
