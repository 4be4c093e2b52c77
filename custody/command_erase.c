/* SPDX-License-Identifier: Apache-2.0 */
/*
 * order, erase: what a bundle may leave out, and what nobody is to read any more.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/detail_names.h"
#include "custody/erase.h"
#include "custody/media.h"
#include "custody/session.h"
#include "custody/wholefile.h"

enum { DOCUMENT_BYTES_MAX = 512 << 20 };

struct ordering {
    struct detail_names names;
    struct buffer encoded; /* fact 15 */
    const char *text;
    struct buffer document;
    const char *media_type; /* NULL: none */
};

/* One act for each batch of subjects. */
static enum status order_batch(struct session *session, const struct ordering *ordering, const uint64_t *subjects, size_t count,
                               uint64_t *index, struct fault *fault)
{
    struct composer *composer = NULL;
    enum status status = session_compose(session, KIND_ORDER, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = composer_entry(composer, subjects[i], ROLE_SUBJECT);

        entry->facts.present |= BIT(FACT_NAMES);
        entry->facts.names = buffer_view(&ordering->encoded);
    }
    composer_text(composer, NOTHING, NAME_ORDER, ordering->text);
    if (ordering->media_type != NULL) {
        composer_file(composer, NOTHING, NAME_DOCUMENT, buffer_view(&ordering->document), ordering->media_type);
    }
    return session_append(session, composer, index, fault);
}

static void say_ordered(const struct session *session, const struct ordering *ordering, const struct subject_list *list, uint64_t index)
{
    struct buffer text = {0};

    detail_names_print(ordering->names.numbers, ordering->names.count, &text);
    buffer_printf(&text, " of ");
    subject_list_print(session->identity->code, list->numbers, list->count, &text);
    (void)printf("to be withheld: %.*s: record %" PRIu64 "\n", (int)text.len, (const char *)text.ptr, index);
    (void)printf("From the next bundle on they are left out wherever this order stands (unbroken bundle --help); bundles made before still hold them.\n");
    buffer_free(&text);
}

static enum status order(struct session *session, const struct ordering *ordering, struct fault *fault)
{
    struct subject_list list = {0};
    uint64_t index = 0;
    enum status status = session_subjects(session, 0, &list, fault);

    for (size_t at = 0; at < list.count && status == STATUS_OK; at += SESSION_BATCH) {
        size_t count = list.count - at < SESSION_BATCH ? list.count - at : SESSION_BATCH;

        status = order_batch(session, ordering, list.numbers + at, count, &index, fault);
    }
    if (status == STATUS_OK) {
        status = session_commit(session, fault);
    }
    if (status == STATUS_OK && session->draft_path == NULL) {
        say_ordered(session, ordering, &list, index);
    }
    subject_list_free(&list);
    return status;
}

static enum status read_ordering(struct args *args, struct ordering *out, struct fault *fault)
{
    const char *path = args_value(args, "--document");
    enum status status = args_required(args, "--order", &out->text, fault);

    if (status == STATUS_OK) {
        status = detail_names_read(args, "--withhold", &out->names, fault);
    }
    if (status == STATUS_OK && out->names.count == 0) {
        status = args_usage(args, fault, "order needs --withhold NAME");
    }
    if (status == STATUS_OK) {
        names_encode(out->names.numbers, out->names.count, &out->encoded);
        status = buffer_status(&out->encoded, fault);
    }
    if (status == STATUS_OK && path != NULL) {
        out->media_type = media_type_of(path);
        status = wholefile_read_filled(path, DOCUMENT_BYTES_MAX, &out->document, fault);
    }
    return status;
}

static enum status run_order(struct args *args, struct fault *fault)
{
    struct ordering ordering = {0};
    struct session session;
    enum status status = read_ordering(args, &ordering, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_ORDER, &session, fault);
    }
    if (status == STATUS_OK) {
        status = order(&session, &ordering, fault);
        session_close(&session);
    }
    buffer_free(&ordering.encoded);
    buffer_free(&ordering.document);
    return status;
}

static const struct option order_options[] = {
    {"--order", OPTION_VALUE, "TEXT", "the order: who ordered it, number, date"},
    {"--withhold", OPTION_MANY, "NAME", "which details: witness, suspect ...; several with commas"},
    {"--document", OPTION_VALUE, "FILE", "the order's paper, attached"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_erase[] = {
    {.words = "order", .arguments = "SUBJECT...",
     .summary = "order that details be left out of bundles; a prosecutor or the court signs", .at_least = 1,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = order_options,
     .example = "unbroken order KHPP-10-6 --withhold witness --order 'Order 77/18 of the investigating judge' \\\n"
                "    --document order-77.pdf --key prosecutor.key",
     .run = run_order},
    {.words = "erase", .arguments = "RECORD",
     .summary = "erase details of one record for ever; registrars sign", .at_least = 1, .at_most = 1,
     .shared = ARGS_ACT, .options = erase_options,
     .example = "unbroken erase 12 --subject KHPP-10-6 --erase witness --order 'Order 78/18 of the court' \\\n"
                "    --key court.key --key customs.key",
     .run = erase_run},
    {.words = NULL},
};
