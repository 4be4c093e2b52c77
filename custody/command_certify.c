/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify: the certificate for a judge: a statement on the records, signed with the certifier's key, on paper and in the file, with the records
 * attached. What does not pass the check of the station's own policy is not certified; a broken rule of custody is, and stands first.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/bundling.h"
#include "custody/certifying.h"
#include "custody/commands.h"
#include "custody/wholefile.h"
#include "verify/text.h"

static enum status run_certify(struct args *args, struct fault *fault)
{
    struct certifying *work = calloc(1, sizeof *work);
    enum status status = work == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : certifying_read(args, work, fault);

    if (status == STATUS_OK) {
        status = session_open(args, LEDGER_APPEND, false, &work->session, fault);
        if (status == STATUS_OK) {
            status = certifying_make(work, fault);
            if (status == STATUS_OK) {
                status = wholefile_write(work->path, buffer_view(&work->pdf), args_flag(args, "--force"), fault);
            }
            if (status == STATUS_OK) {
                (void)printf("%s: certificate %s, %zu bytes, as of %" PRIu64 " records; %s\n", work->path, work->number, work->pdf.len, work->size,
                             work->status == 0 ? "intact, and custody unbroken" : "intact, but rules of custody were broken: they stand first");
                (void)printf("the bundle and the signed statement are in it: unbroken-verify --policy court.policy %s\n", work->path);
                bundling_say(&work->bundling, work->withheld);
            }
            session_close(&work->session);
        }
    }
    if (work != NULL) {
        certifying_close(work);
    }
    free(work);
    return status;
}

static const struct option certify_options[] = {
    {"-o", OPTION_VALUE, "FILE", "where to write it"},
    {"--template", OPTION_VALUE, "NAME", "general, us-fre-902, india-bsa-63, cambodia, vietnam, or a file of that form (printer/templates/)"},
    PAPER_LANGUAGE_OPTION,
    PAPER_WEB_OPTION,
    {"--as-office", OPTION_MANY, "OFFICE", "the office in which the certifier signs, where several would do"},
    BUNDLING_OPTIONS,
    {"--sign-certificate", OPTION_VALUE, "PEM", "sign the PDF too (PAdES): the signer's certificate, and behind it its issuers"},
    {"--sign-key", OPTION_VALUE, "PEM", "and its key, P-256 or RSA"},
    {"--sign-passphrase-file", OPTION_VALUE, "FILE", "the passphrase of that key"},
    {"--force", OPTION_FLAG, NULL, "overwrite FILE"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_certify[] = {
    {.words = "certify", .arguments = "SUBJECT...", .summary = "a certificate for a judge, signed, with the records inside", .at_least = 1, .at_most = ARGS_GIVEN_MAX,
     .shared = ARGS_LEDGER | ARGS_NOW | ARGS_KEYS, .options = certify_options,
     .example = "unbroken certify KHPP-28-L -o certificate.pdf --template cambodia --language km,en --key prosecutor.key", .run = run_certify},
    {.words = NULL},
};
