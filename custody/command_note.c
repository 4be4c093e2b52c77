/* SPDX-License-Identifier: Apache-2.0 */
/*
 * note, attach, correct.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/commands.h"
#include "custody/describe.h"
#include "custody/wholefile.h"
#include "custody/media.h"
#include "verify/text.h"

enum { ATTACHMENT_BYTES_MAX = 512 << 20 };

/* ---- note ------------------------------------------------------------------------------------ */

/* One act for each batch of subjects; fill puts the act's own details in. */
static enum status for_batches(struct session *session, enum kind kind, size_t from, const char *done,
                               void (*fill)(void *context, struct composer *composer), void *context, struct fault *fault)
{
    struct subject_list list = {0};
    uint64_t index = 0;
    enum status status = session_subjects(session, from, &list, fault);

    for (size_t at = 0; at < list.count && status == STATUS_OK; at += SESSION_BATCH) {
        struct composer *composer = NULL;

        status = session_compose(session, kind, &composer, fault);
        if (status == STATUS_OK) {
            for (size_t i = at; i < list.count && i < at + SESSION_BATCH; i++) {
                (void)composer_entry(composer, list.numbers[i], ROLE_SUBJECT);
            }
            fill(context, composer);
            status = session_append(session, composer, &index, fault);
        }
    }
    if (status == STATUS_OK) {
        status = session_commit(session, fault);
    }
    if (status == STATUS_OK && session->draft_path == NULL) {
        (void)printf("%s: record %llu\n", done, (unsigned long long)index);
    }
    subject_list_free(&list);
    return status;
}

static void fill_note(void *context, struct composer *composer)
{
    composer_text(composer, NOTHING, NAME_NOTE, context);
}

static enum status run_note(struct args *args, struct fault *fault)
{
    struct session session;
    const char *text = NULL;
    char *copy = NULL;
    enum status status = args_required(args, "--text", &text, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_NOTE, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    copy = strdup(text);
    status = copy == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                          : for_batches(&session, KIND_NOTE, 0, "noted", fill_note, copy, fault);
    free(copy);
    session_close(&session);
    return status;
}

/* ---- attach ---------------------------------------------------------------------------------- */

struct attaching {
    struct view bytes;
    const char *media_type;
    const char *description;
};

static void fill_attachment(void *context, struct composer *composer)
{
    const struct attaching *attaching = context;

    composer_file(composer, NOTHING, NAME_ATTACHMENT, attaching->bytes, attaching->media_type);
    if (attaching->description != NULL) {
        composer_text(composer, NOTHING, NAME_DESCRIPTION, attaching->description);
    }
}

static enum status run_attach(struct args *args, struct fault *fault)
{
    struct attaching attaching = {.media_type = args_value(args, "--media-type"), .description = args_value(args, "--description")};
    struct session session;
    struct buffer file = {0};
    enum status status = wholefile_read_filled(args->arguments[0], ATTACHMENT_BYTES_MAX, &file, fault);

    if (status == STATUS_OK) {
        attaching.bytes = buffer_view(&file);
        if (attaching.media_type == NULL) {
            attaching.media_type = media_type_of(args->arguments[0]);
        }
        if (!media_type_check(attaching.media_type)) {
            status = args_usage(args, fault, "--media-type %.60s: TYPE/SUBTYPE, like image/jpeg", attaching.media_type);
        }
    }
    if (status == STATUS_OK) {
        status = session_start(args, KIND_ATTACH, &session, fault);
    }
    if (status == STATUS_OK) {
        status = for_batches(&session, KIND_ATTACH, 1, "attached", fill_attachment, &attaching, fault);
        session_close(&session);
    }
    buffer_free(&file);
    return status;
}

/* ---- correct --------------------------------------------------------------------------------- */

/* Does the record have a detail of that name for that subject (or, has_subject false, as a whole)? */
static enum status has_detail(struct session *session, uint64_t index, uint64_t subject, bool has_subject, uint64_t name,
                              bool *found, struct fault *fault)
{
    struct ledger_details details = {0};
    struct disclosure disclosure;
    enum status status = ledger_details(session->txn, index, &details, fault);

    *found = false;
    for (size_t i = 0; status == STATUS_OK && i < details.disclosure_count; i++) {
        status = disclosure_decode(details.disclosures[i], &disclosure, fault);
        *found = *found || (status == STATUS_OK && disclosure.has_subject == has_subject &&
                            (!has_subject || disclosure.subject == subject) && disclosure.name == name);
    }
    ledger_details_free(&details);
    return status;
}

/* The subject that is corrected: --subject, or the only one of the record. */
static enum status corrected_subject(struct session *session, const struct act *act, uint64_t *out, struct fault *fault)
{
    const char *typed = args_value(session->args, "--subject");
    enum status status;

    if (typed == NULL && act->entry_count == 1) {
        *out = act->entries[0].subject;
        return STATUS_OK;
    }
    if (typed == NULL) {
        return args_usage(session->args, fault, "record %s touches %zu subjects: --subject says which is corrected",
                          session->args->arguments[0], act->entry_count);
    }
    status = session_subject(session, typed, out, fault);
    for (size_t i = 0; status == STATUS_OK && i < act->entry_count; i++) {
        if (act->entries[i].subject == *out) {
            return STATUS_OK;
        }
    }
    return status != STATUS_OK ? status : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %s does not touch %s",
                                                    session->args->arguments[0], typed);
}

/* One "name=value". */
static enum status put_correction(struct session *session, struct composer *composer, uint64_t index, uint64_t subject,
                                  const char *text, struct fault *fault)
{
    const char *equals = strchr(text, '=');
    const struct detail_name *name = equals == NULL ? NULL : detail_by_name(view_of(text, (size_t)(equals - text)));
    struct value value = {.type = VALUE_TEXT};
    uint64_t number = 0;
    bool found = false;
    enum status status;

    if (name == NULL || (name->type != DETAIL_TEXT && name->type != DETAIL_INT)) {
        return args_usage(session->args, fault, "%.80s: NAME=VALUE, with the name of a detail in words or numbers", text);
    }
    status = has_detail(session, index, subject, true, name->number, &found, fault);
    if (status == STATUS_OK && !found) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %llu says no %s of this subject, so there is none to correct",
                         (unsigned long long)index, name->name);
    }
    value.text = view_text(equals + 1);
    if (name->type == DETAIL_INT) {
        if (!text_decimal(value.text, &number)) {
            return args_usage(session->args, fault, "%s takes a whole number", name->name);
        }
        value.type = VALUE_INT;
        value.number = (int64_t)number;
    }
    if (status == STATUS_OK) {
        composer_detail(composer, subject, name->number, &value);
    }
    return status;
}

static enum status correct(struct session *session, const char *reason, struct describe_scratch *scratch, struct fault *fault)
{
    struct args *args = session->args;
    struct composer *composer = NULL;
    struct view bytes;
    uint64_t index = 0;
    uint64_t subject = 0;
    char done[64];
    enum status status = session_record(session, args->arguments[0], &index, fault);

    if (status == STATUS_OK) {
        status = describe_read(session, index, scratch, fault);
    }
    if (status == STATUS_MISSING && fault->status == STATUS_OK) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %llu is a heads record: there is nothing to correct",
                         (unsigned long long)index);
    }
    if (status == STATUS_OK) {
        status = corrected_subject(session, &scratch->act, &subject, fault);
    }
    if (status == STATUS_OK) {
        status = session_compose(session, KIND_CORRECT, &composer, fault);
    }
    if (status == STATUS_OK) {
        struct act *act = composer_act(composer);

        status = ledger_record(session->txn, index, &bytes, fault);
        act->present |= BIT(PAY_AMENDS);
        act->amends_index = index;
        if (status == STATUS_OK) {
            hash_leaf(ledger_hasher(session->ledger), bytes, &act->amends_hash);
        }
        (void)composer_entry(composer, subject, ROLE_SUBJECT);
        /* Of the act as a whole: the entry's sheet holds only names that the record has (SPEC 7.3.16). */
        composer_text(composer, NOTHING, NAME_REASON, reason);
    }
    for (size_t i = 1; i < args->argument_count && status == STATUS_OK; i++) {
        status = put_correction(session, composer, index, subject, args->arguments[i], fault);
    }
    if (status == STATUS_OK) {
        (void)snprintf(done, sizeof done, "record %llu corrected", (unsigned long long)index);
        status = session_finish(session, composer, done, fault);
        composer = NULL;
    }
    composer_close(composer);
    return status;
}

static enum status run_correct(struct args *args, struct fault *fault)
{
    struct describe_scratch *scratch = NULL;
    struct session session;
    const char *reason = NULL;
    enum status status = args_required(args, "--reason", &reason, fault);

    if (status == STATUS_OK) {
        status = session_start(args, KIND_CORRECT, &session, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    scratch = malloc(sizeof *scratch);
    status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                             : correct(&session, reason, scratch, fault);
    free(scratch);
    session_close(&session);
    return status;
}

static const struct option note_options[] = {
    {"--text", OPTION_VALUE, "TEXT", "the note"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option attach_options[] = {
    {"--media-type", OPTION_VALUE, "TYPE", "image/jpeg and the like; otherwise by the file's name"},
    {"--description", OPTION_VALUE, "TEXT", "what it shows"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
static const struct option correct_options[] = {
    {"--reason", OPTION_VALUE, "TEXT", "why"},
    {"--subject", OPTION_VALUE, "SUBJECT", "which, where the record touches several"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_note[] = {
    {.words = "note", .arguments = "SUBJECT...", .summary = "note something about anything", .at_least = 1,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = note_options,
     .example = "unbroken note KHPP-17-R --text 'tip broken off, lies beside it' --key custodian.key", .run = run_note},
    {.words = "attach", .arguments = "FILE SUBJECT...", .summary = "attach a photograph, a receipt, a document", .at_least = 2,
     .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = attach_options,
     .example = "unbroken attach scene.jpg KHPP-10-6 --key sok-dara.key", .run = run_attach},
    {.words = "correct", .arguments = "RECORD NAME=VALUE...", .summary = "correct details; the old ones stay; two offices sign",
     .at_least = 2, .at_most = ARGS_GIVEN_MAX, .shared = ARGS_ACT, .options = correct_options,
     .example = "unbroken correct 41 --subject KHPP-17-R marks='ink number 41' --reason 'misread 14' \\\n"
                "    --key sok-dara.key --key custodian.key",
     .run = run_correct},
    {.words = NULL},
};
