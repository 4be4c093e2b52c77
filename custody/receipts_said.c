/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipts_said: receipts as commands ask for them, alone or with the act that they are for, and what is said of them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "custody/receipts.h"
#include "verify/text.h"

enum status receipts_form(struct args *args, struct receipt_job *job, struct fault *fault)
{
    const char *copies = args_declares(args, "--copies") ? args_value(args, "--copies") : NULL;
    const char *directory = NULL;
    uint64_t count = 2;

    if (copies != NULL && (!text_decimal(view_text(copies), &count) || count < 1 || count > RECEIPT_COPIES_MAX)) {
        return args_usage(args, fault, "--copies %.40s: it is a number from 1 to %d", copies, RECEIPT_COPIES_MAX);
    }
    enum status status = session_directory(args, &directory, fault);
    if (status == STATUS_OK) {
        status = paper_settings_read(args, directory, &job->settings, fault);
    }
    if (status == STATUS_OK) {
        job->form = (struct receipt_form){.roll = args_declares(args, "--roll") && args_flag(args, "--roll"),
                                          .copies = (size_t)count,
                                          .languages = job->settings.languages,
                                          .agency = view_text(job->settings.agency)};
        job->web = view_text(job->settings.web);
    }
    return status;
}

void receipts_say(const struct receipt_job *job)
{
    if (job->pdf != NULL) {
        (void)printf("%s: %zu %s of the receipt for record %" PRIu64 ", under the checkpoint of %" PRIu64 " records, %zu QR each\n", job->pdf,
                     job->form.copies, job->form.copies == 1 ? "copy" : "copies", job->record, job->size, job->symbols);
    }
    if (job->text != NULL) {
        (void)printf("%s: the text of its QR, for unbroken-verify --since\n", job->text);
    }
    if (job->broken) {
        (void)printf("the records are intact, but a rule of custody was broken: the receipt says which\n");
    }
}

/* ---- with the act that it is for ------------------------------------------------------------- */

enum status receipts_early(struct session *session, struct fault *fault)
{
    struct args *args = session->args;
    struct receipt_job job = {.pdf = args_value(args, "--receipt-pdf")};
    enum status status = receipts_form(args, &job, fault);

    if (status == STATUS_OK && job.pdf != NULL && session->draft_path != NULL) {
        return args_usage(args, fault, "--receipt-pdf: a draft has no receipt before it is recorded; then: unbroken receipt RECORD");
    }
    return status == STATUS_OK ? receipts_check(args, &job, fault) : status;
}

/* "a.pdf", or "a-41.pdf" where there are several. */
static void put_path(const char *pdf, bool several, uint64_t record, struct buffer *out)
{
    size_t len = strlen(pdf), ending = len > 4 && strcmp(pdf + len - 4, ".pdf") == 0 ? 4 : 0;

    if (several) {
        buffer_append(out, pdf, len - ending);
        buffer_printf(out, "-%" PRIu64 "%s", record, pdf + len - ending);
    } else {
        buffer_append(out, pdf, len);
    }
    buffer_append_byte(out, '\0');
}

enum status receipts_after(struct session *session, uint64_t first, uint64_t last, struct fault *fault)
{
    const char *pdf = args_value(session->args, "--receipt-pdf");
    struct receipt_job job = {0};
    struct buffer path = {0};
    enum status status = pdf == NULL ? STATUS_OK : receipts_form(session->args, &job, fault);

    for (uint64_t record = first; pdf != NULL && record <= last && status == STATUS_OK; record++) {
        buffer_reset(&path);
        put_path(pdf, first != last, record, &path);
        job.record = record;
        status = buffer_status(&path, fault);
        if (status == STATUS_OK) {
            job.pdf = (const char *)path.ptr;
            status = receipts_make(session, &job, fault);
        }
        if (status == STATUS_OK) {
            receipts_say(&job);
        } else {
            args_hint(session->args, "record %" PRIu64 " stands, only its paper is missing: unbroken receipt %" PRIu64 " -o FILE", record, record);
        }
    }
    buffer_free(&path);
    return status;
}
