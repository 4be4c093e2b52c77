/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundling: see the header.
 */
#include "custody/bundling.h"

#include <inttypes.h>
#include <stdio.h>

#include "custody/cosigning.h"
#include "custody/progress.h"
#include "verify/text.h"

enum status bundling_checkpoint(struct session *session, struct fault *fault)
{
    struct buffer note = {0};
    enum status status = cosigning_checkpoint(session, COSIGNING_MS, &note, NULL, fault);

    buffer_free(&note);
    return status;
}

enum status bundling_read(struct args *args, struct bundling *out, struct fault *fault)
{
    const char *order = args_value(args, "--order");
    enum status status = detail_names_read(args, "--withhold", &out->names, fault);

    out->what = args_flag(args, "--nothing-withheld") ? EXPORT_NOTHING : order != NULL ? EXPORT_ORDER : EXPORT_ALL_ORDERS;
    if (status == STATUS_OK && out->names.count > 0 && order == NULL) {
        return args_usage(args, fault, "--withhold needs --order RECORD: nothing is withheld without an order");
    }
    if (status == STATUS_OK && order != NULL && out->what == EXPORT_NOTHING) {
        return args_usage(args, fault, "--nothing-withheld and --order: one or the other");
    }
    if (status == STATUS_OK && order != NULL && !text_decimal(view_text(order), &out->order)) {
        return args_usage(args, fault, "--order %.40s: it is the number of a record", order);
    }
    return status;
}

enum status bundling_export(struct session *session, const struct subject_list *list, uint64_t since_size, bool without_attachments,
                            const struct bundling *bundling, struct buffer *out, uint64_t *withheld, struct fault *fault)
{
    struct progress_line line = {.what = "subjects"};
    struct export_request request = {.asked = list->numbers,
                                     .asked_count = list->count,
                                     .since_size = since_size,
                                     .without_attachments = without_attachments,
                                     .withholding = bundling->what,
                                     .order = bundling->order,
                                     .names = bundling->names.numbers,
                                     .name_count = bundling->names.count,
                                     .others = bundling->others,
                                     .other_count = bundling->other_count,
                                     .withheld = withheld,
                                     .progress = progress_to(&line)};
    enum status status = export_bundle(session->txn, &request, out, fault);

    progress_end(&line);
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}

enum status bundling_policy(struct session *session, struct buffer *out, struct fault *fault)
{
    if (session->identity->training) {
        buffer_append_view(out, view_text("# TRAINING: nothing in this ledger is evidence\n"));
    }
    enum status status = export_policy(session->ledger, out, fault);

    return status == STATUS_OK ? buffer_status(out, fault) : status;
}

void bundling_say(const struct bundling *bundling, uint64_t withheld)
{
    if (bundling->what == EXPORT_NOTHING) {
        (void)printf("nothing is withheld in it, whatever orders say: it is for the court alone\n");
    } else if (withheld > 0) {
        (void)printf("%" PRIu64 " %s withheld under %s; a verifier names each with its order\n", withheld, withheld == 1 ? "detail" : "details",
                     bundling->what == EXPORT_ORDER ? "that order" : "the orders in it");
    }
}
