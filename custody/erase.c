/* SPDX-License-Identifier: Apache-2.0 */
/*
 * erase: details of one record are erased. Registrars are told before they sign away anything what is covered, what is not, and who was given
 * it before.
 */
#include "custody/erase.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/describe.h"
#include "custody/detail_names.h"
#include "custody/media.h"
#include "custody/output.h"
#include "custody/scrub.h"
#include "custody/wholefile.h"
#include "verify/text.h"

enum { DOCUMENT_BYTES_MAX = 512 << 20, TOLD_MAX = 20 };

const struct option erase_options[] = {
    {"--order", OPTION_VALUE, "TEXT", "the order: who ordered it, number, date"},
    {"--erase", OPTION_MANY, "NAME", "which details: witness, photograph ...; several with commas"},
    {"--subject", OPTION_MANY, "SUBJECT", "of which subjects of the record; otherwise of all, and what it says of all together"},
    {"--document", OPTION_VALUE, "FILE", "the order's paper, attached"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

struct erasing {
    struct session *session;
    uint64_t record;
    struct detail_names names;
    struct buffer document;       /* --document */
    struct subject_list subjects; /* ascending */
    bool whole;                   /* all that the record touches */
    struct describe_scratch scratch;
    uint64_t count; /* details that are covered */
};

static bool has_subject(const struct erasing *erasing, uint64_t subject)
{
    for (size_t i = 0; i < erasing->subjects.count; i++) {
        if (erasing->subjects.numbers[i] == subject) {
            return true;
        }
    }
    return false;
}

static enum status read_subjects(struct erasing *erasing, struct fault *fault)
{
    struct session *session = erasing->session;
    const struct act *act = &erasing->scratch.act;
    size_t given = args_count(session->args, "--subject");
    enum status status = STATUS_OK;

    for (size_t i = 0; i < given && status == STATUS_OK; i++) {
        const char *typed = args_nth(session->args, "--subject", i);

        status = subject_list_add(&erasing->subjects, session->identity, ledger_subjects(session->txn), view_text(typed), fault);
    }
    if (status == STATUS_OK && given > 0) {
        status = subject_list_sort(&erasing->subjects, session->identity->code, fault);
    }
    for (size_t i = 0; i < erasing->subjects.count && status == STATUS_OK; i++) {
        char name[NAME_BYTES];

        if (record_link(&erasing->scratch.record, erasing->subjects.numbers[i]) == NULL) {
            session_name(session, erasing->subjects.numbers[i], name);
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %" PRIu64 " does not touch %s", erasing->record, name);
        }
    }
    for (size_t i = 0; given == 0 && i < act->entry_count && status == STATUS_OK; i++) {
        status = subject_list_push(&erasing->subjects, act->entries[i].subject, fault);
    }
    erasing->whole = erasing->subjects.count == act->entry_count;
    return status;
}

/* ---- what is covered ------------------------------------------------------------------------- */

static enum status already_erased(struct erasing *erasing, uint64_t name, uint64_t *under, struct fault *fault)
{
    struct ledger_erased *list = NULL;
    size_t count = 0;
    enum status status = ledger_erased(erasing->session->txn, erasing->record, &list, &count, fault);

    *under = NOTHING;
    for (size_t i = 0; i < count; i++) {
        if (list[i].name == name && (list[i].subject == NOTHING ? erasing->whole : has_subject(erasing, list[i].subject))) {
            *under = list[i].under;
        }
    }
    free(list);
    return status;
}

/* A name must be there to be erased; what the record says of all together is erased with all or not at all (SPEC 3.7). */
static enum status check_name(struct erasing *erasing, const struct ledger_details *details, uint64_t name, struct fault *fault)
{
    const char *word = detail_by_number(name)->name;
    uint64_t under = NOTHING;
    size_t covered = 0;
    size_t together = 0;
    enum status status = STATUS_OK;

    if (name == NAME_ORPHAN) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s cannot be erased: custody is judged from it", word);
    }
    for (size_t i = 0; i < details->disclosure_count && status == STATUS_OK; i++) {
        struct disclosure disclosure;

        status = disclosure_decode(details->disclosures[i], &disclosure, fault);
        if (status == STATUS_OK && disclosure.name == name) {
            together += disclosure.has_subject ? 0u : 1u;
            covered += disclosure.has_subject ? has_subject(erasing, disclosure.subject) : erasing->whole;
        }
    }
    erasing->count += covered;
    if (status == STATUS_OK && together > 0 && !erasing->whole) {
        args_hint(erasing->session->args, "leave --subject out");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "record %" PRIu64 " says %s of all its %zu subjects together: it is erased for all of them or not at all",
                         erasing->record, word, erasing->scratch.act.entry_count);
    }
    if (status != STATUS_OK || covered > 0) {
        return status;
    }
    status = already_erased(erasing, name, &under, fault);
    if (status == STATUS_OK && under != NOTHING) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s of record %" PRIu64 " was erased already, by record %" PRIu64, word,
                         erasing->record, under);
    }
    return status != STATUS_OK ? status : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %" PRIu64 " says no %s%s", erasing->record,
                                                    word, args_count(erasing->session->args, "--subject") == 0 ? "" : " of this subject");
}

static enum status check_names(struct erasing *erasing, struct fault *fault)
{
    struct ledger_details details = {0};
    enum status status = ledger_details(erasing->session->txn, erasing->record, &details, fault);

    for (size_t i = 0; i < erasing->names.count && status == STATUS_OK; i++) {
        status = check_name(erasing, &details, erasing->names.numbers[i], fault);
    }
    ledger_details_free(&details);
    return status;
}

/* ---- what is told ---------------------------------------------------------------------------- */

/* One record of a subject's thread: the same names said again, or a disclosure to somebody. */
static enum status tell_record(struct erasing *erasing, uint64_t subject, uint64_t index, struct fault *fault)
{
    struct session *session = erasing->session;
    struct ledger_details details = {0};
    char about[NAME_BYTES];
    enum status status = ledger_details(session->txn, index, &details, fault);

    session_name(session, subject, about);
    for (size_t i = 0; i < details.disclosure_count && status == STATUS_OK; i++) {
        struct disclosure disclosure;
        struct buffer value = {0};

        status = disclosure_decode(details.disclosures[i], &disclosure, fault);
        if (status != STATUS_OK || (disclosure.has_subject && disclosure.subject != subject)) {
            continue;
        }
        if (detail_names_have(&erasing->names, disclosure.name)) {
            (void)printf("not erased: record %" PRIu64 " says %s of %s too\n", index, detail_by_number(disclosure.name)->name, about);
        } else if (disclosure.name == NAME_RECIPIENT && index > erasing->record) {
            value_print(&disclosure.value, &value);
            (void)printf("given to others: record %" PRIu64 " says that %s was disclosed to ", index, about);
            output_text(stdout, buffer_view(&value));
            (void)printf("\n");
        }
        buffer_free(&value);
    }
    ledger_details_free(&details);
    return status;
}

static enum status tell_threads(struct erasing *erasing, struct fault *fault)
{
    struct session *session = erasing->session;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < erasing->subjects.count && i < TOLD_MAX && status == STATUS_OK; i++) {
        uint64_t subject = erasing->subjects.numbers[i];
        const struct subject *is = ledger_subject(session->txn, subject, fault);
        uint64_t count = is == NULL ? 0 : is->count;

        status = is == NULL ? fault->status : STATUS_OK;
        for (uint64_t n = 1; n <= count && status == STATUS_OK; n++) {
            uint64_t index = 0;

            status = ledger_thread(session->txn, subject, n, &index, fault);
            if (status == STATUS_OK && index != erasing->record) {
                status = tell_record(erasing, subject, index, fault);
            }
        }
    }
    return status;
}

/* ---- the act --------------------------------------------------------------------------------- */

static enum status compose(struct erasing *erasing, struct view names, const char *order, struct composer **out, struct fault *fault)
{
    struct session *session = erasing->session;
    const char *path = args_value(session->args, "--document");
    struct composer *composer = NULL;
    struct view bytes;
    enum status status = ledger_record(session->txn, erasing->record, &bytes, fault);

    if (status == STATUS_OK) {
        status = session_compose(session, KIND_ERASE, &composer, fault);
    }
    if (status == STATUS_OK) {
        struct act *act = composer_act(composer);

        act->present |= BIT(PAY_AMENDS);
        act->amends_index = erasing->record;
        hash_leaf(ledger_hasher(session->ledger), bytes, &act->amends_hash);
        for (size_t i = 0; i < erasing->subjects.count; i++) {
            struct entry *entry = composer_entry(composer, erasing->subjects.numbers[i], ROLE_SUBJECT);

            entry->facts.present |= BIT(FACT_NAMES);
            entry->facts.names = names;
        }
        composer_text(composer, NOTHING, NAME_ORDER, order);
        if (path != NULL) {
            composer_file(composer, NOTHING, NAME_DOCUMENT, buffer_view(&erasing->document), media_type_of(path));
        }
        *out = composer;
    }
    return status;
}

static enum status erase(struct erasing *erasing, const char *order, struct fault *fault)
{
    struct session *session = erasing->session;
    struct composer *composer = NULL;
    struct buffer names = {0};
    char done[96];
    enum status status = session->draft_path == NULL ? scrub_check(session->args, fault) : STATUS_OK;

    if (status == STATUS_OK) {
        status = session_record(session, session->args->arguments[0], &erasing->record, fault);
    }
    if (status == STATUS_OK) {
        status = describe_read(session, erasing->record, &erasing->scratch, fault);
        if (status == STATUS_MISSING && fault->status == STATUS_OK) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %" PRIu64 " is a heads record: it says nothing that could be erased",
                             erasing->record);
        }
    }
    if (status == STATUS_OK) {
        status = read_subjects(erasing, fault);
    }
    if (status == STATUS_OK) {
        status = check_names(erasing, fault);
    }
    if (status == STATUS_OK) {
        names_encode(erasing->names.numbers, erasing->names.count, &names);
        status = buffer_status(&names, fault);
    }
    if (status == STATUS_OK) {
        status = compose(erasing, buffer_view(&names), order, &composer, fault);
    }
    if (status == STATUS_OK) {
        status = tell_threads(erasing, fault);
    }
    if (status == STATUS_OK) {
        (void)snprintf(done, sizeof done, "erased %" PRIu64 " %s of record %" PRIu64, erasing->count, erasing->count == 1 ? "detail" : "details",
                       erasing->record);
        status = session_finish(session, composer, done, fault);
        composer = NULL;
    }
    composer_close(composer);
    buffer_free(&names);
    return status;
}

enum status erase_run(struct args *args, struct fault *fault)
{
    struct erasing *erasing = NULL;
    struct session session;
    struct detail_names names;
    struct buffer document = {0};
    const char *order = NULL;
    const char *path = args_value(args, "--document");
    bool draft = false;
    enum status status = args_required(args, "--order", &order, fault);

    if (status == STATUS_OK) {
        status = detail_names_read(args, "--erase", &names, fault);
    }
    if (status == STATUS_OK && names.count == 0) {
        status = args_usage(args, fault, "erase needs --erase NAME");
    }
    if (status == STATUS_OK && path != NULL) {
        status = wholefile_read_filled(path, DOCUMENT_BYTES_MAX, &document, fault); /* before anyone waits for us */
    }
    if (status == STATUS_OK) {
        status = session_start(args, KIND_ERASE, &session, fault);
    }
    if (status != STATUS_OK) {
        buffer_free(&document);
        return status;
    }
    erasing = calloc(1, sizeof *erasing);
    if (erasing == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    } else {
        erasing->session = &session;
        erasing->names = names;
        erasing->document = document;
        status = erase(erasing, order, fault);
        subject_list_free(&erasing->subjects);
    }
    draft = session.draft_path != NULL;
    free(erasing);
    buffer_free(&document);
    session_close(&session);
    return status == STATUS_OK && !draft ? scrub_finish(args, fault) : status;
}
