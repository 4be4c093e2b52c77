/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/receipts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "custody/cosigning.h"
#include "custody/describe.h"
#include "custody/timestamp_settings.h"
#include "custody/wholefile.h"
#include "ledger/export.h"

/* ---- which record ---------------------------------------------------------------------------- */

/* Acts that somebody is given a receipt for when only the thing is named. */
static bool is_given(unsigned kind)
{
    switch (kind) {
    case KIND_SEIZE: case KIND_REGISTER: case KIND_RELEASE: case KIND_ACCEPT: case KIND_REFUSE: case KIND_WITHDRAW: case KIND_HANDOUT:
    case KIND_TAKEBACK: case KIND_CONSUME: case KIND_DISPOSE: return true;
    default: return false;
    }
}

static enum status latest_of(struct session *session, uint64_t subject, uint64_t *record, struct fault *fault)
{
    const struct subject *known = ledger_subject(session->txn, subject, fault);
    struct describe_scratch *scratch = calloc(1, sizeof *scratch);
    enum status status = known == NULL ? fault->status
                         : scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                           : STATUS_OK;
    bool found = false;
    char name[NAME_BYTES];

    for (uint64_t number = status == STATUS_OK ? known->count : 0; number > 0 && status == STATUS_OK && !found; number--) {
        status = ledger_thread(session->txn, subject, number, record, fault);
        if (status == STATUS_OK) {
            status = describe_read(session, *record, scratch, fault);
            found = status == STATUS_OK && is_given(scratch->act.kind);
        }
    }
    free(scratch);
    if (status == STATUS_OK && !found) {
        session_name(session, subject, name);
        return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "%s has no seizure, handover or disposal yet: name a record by its number", name);
    }
    return status;
}

enum status receipts_find(struct session *session, const char *typed, uint64_t *record, struct fault *fault)
{
    uint64_t subject = 0;

    if (typed[0] >= '0' && typed[0] <= '9') {
        return session_record(session, typed, record, fault);
    }
    enum status status = session_subject(session, typed, &subject, fault);
    return status == STATUS_OK ? latest_of(session, subject, record, fault) : status;
}

/* ---- what goes into its bundle --------------------------------------------------------------- */

static enum status ask(struct subject_list *list, uint64_t number, struct fault *fault)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->numbers[i] == number) {
            return STATUS_OK;
        }
    }
    return subject_list_push(list, number, fault);
}

static enum status ask_party(struct subject_list *list, const struct party *party, struct fault *fault)
{
    enum status status = party->has_person ? ask(list, party->person, fault) : STATUS_OK;

    return status == STATUS_OK && party->has_place ? ask(list, party->place, fault) : status;
}

static bool is_thing(const struct subject *subject)
{
    return subject->type == TYPE_ITEM || subject->type == TYPE_CONTAINER;
}

/* The things alone where there are any: their case comes with them, and a case that is asked for brings all its things. */
static enum status ask_entries(struct session *session, const struct act *act, struct subject_list *list, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (int things = 1; things >= 0 && list->count == 0; things--) {
        for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
            const struct subject *subject = ledger_subject(session->txn, act->entries[i].subject, fault);
            status = subject == NULL ? fault->status : things == 1 && !is_thing(subject) ? STATUS_OK : ask(list, act->entries[i].subject, fault);
        }
    }
    return status;
}

/* The entries, and who and what else the paper names. */
static enum status subjects_of(struct session *session, uint64_t record, struct subject_list *list, struct fault *fault)
{
    struct describe_scratch *scratch = calloc(1, sizeof *scratch);
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                         : describe_read(session, record, scratch, fault);

    if (status == STATUS_MISSING) {
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "record %" PRIu64 " is no act: there is nothing to give a receipt for", record);
    }
    if (status == STATUS_OK) {
        const struct act *act = &scratch->act;
        status = ask_entries(session, act, list, fault);
        if (status == STATUS_OK && (act->present & BIT(PAY_FROM)) != 0) {
            status = ask_party(list, &act->from, fault);
        }
        if (status == STATUS_OK && (act->present & BIT(PAY_TO)) != 0) {
            status = ask_party(list, &act->to, fault);
        }
        if (status == STATUS_OK && (act->present & BIT(PAY_PLACE)) != 0) {
            status = ask(list, act->place, fault);
        }
    }
    free(scratch);
    return status == STATUS_OK ? subject_list_sort(list, session->identity->code, fault) : status;
}

/* Signs what is not signed yet, and makes the bundle. */
static enum status make_bundle(struct session *session, uint64_t record, struct buffer *out, struct fault *fault)
{
    struct subject_list list = {0};
    struct buffer note = {0};
    enum status status = session_begin(session, false, fault);

    if (status == STATUS_OK) {
        status = subjects_of(session, record, &list, fault); /* before anything is signed for nothing */
    }
    session_end(session);
    if (status == STATUS_OK) {
        status = cosigning_checkpoint(session, COSIGNING_COUNTER_MS, &note, NULL, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(session, false, fault);
    }
    if (status == STATUS_OK) {
        struct export_request request = {.asked = list.numbers, .asked_count = list.count, .without_attachments = true};
        status = export_bundle(session->txn, &request, out, fault);
    }
    session_end(session);
    if (status == STATUS_OK) {
        status = buffer_status(out, fault);
    }
    subject_list_free(&list);
    buffer_free(&note);
    return status;
}

/* ---- the paper ------------------------------------------------------------------------------- */

/*
 * The ledger's trust file without what it asks of the witnesses: who has cosigned is printed, but a receipt is given at the counter whether they can be
 * reached or not.
 */
static enum status counter_policy(struct session *session, struct buffer *out, struct fault *fault)
{
    struct buffer whole = {0};
    enum status status = export_policy(session->ledger, &whole, fault);
    struct view rest = buffer_view(&whole);

    while (status == STATUS_OK && rest.len > 0) {
        const uint8_t *end = memchr(rest.ptr, '\n', rest.len);
        size_t len = end == NULL ? rest.len : (size_t)(end - rest.ptr) + 1;
        struct view line = view_part(rest, 0, len);

        if ((len > 4 && memcmp(line.ptr, "log ", 4) == 0) || (len > 8 && memcmp(line.ptr, "witness ", 8) == 0)) {
            buffer_append_view(out, line);
        }
        rest = view_part(rest, len, rest.len - len);
    }
    buffer_append_view(out, view_text("quorum none\n"));
    buffer_free(&whole);
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}

static enum status open_paper(struct session *session, const struct receipt_job *job, struct receipt_paper *out, struct fault *fault)
{
    struct hasher *hasher = ledger_hasher(session->ledger);
    struct verify_options options = {.as_of_s = NOTHING, .training = session->identity->training};
    struct token_trust *tsa = NULL;
    struct buffer bundle = {0}, text = {0};
    struct policy *policy = NULL;
    enum status status = make_bundle(session, job->record, &bundle, fault);

    if (status == STATUS_OK) {
        status = counter_policy(session, &text, fault);
    }
    if (status == STATUS_OK) {
        status = policy_parse(hasher, buffer_view(&text), &policy, fault);
    }
    if (status == STATUS_OK) {
        status = timestamp_settings_trust(session, &tsa, fault);
    }
    if (status == STATUS_OK) {
        options.tsa = tsa;
        status = receipt_paper_open(hasher, policy, buffer_view(&bundle), &options, job->record, job->web, out, fault);
    }
    policy_close(policy);
    token_trust_close(tsa);
    buffer_free(&bundle);
    buffer_free(&text);
    return status;
}

/* The text first: where the PDF cannot be written then, the text goes again, unless it took the place of another. */
static enum status write_files(const struct receipt_job *job, struct view pdf, struct view text, struct fault *fault)
{
    bool was_there = job->text != NULL && wholefile_exists(job->text);
    enum status status = job->text == NULL ? STATUS_OK : wholefile_write(job->text, text, job->replace, fault);

    if (status == STATUS_OK && job->pdf != NULL) {
        status = wholefile_write(job->pdf, pdf, job->replace, fault);
        if (status != STATUS_OK && job->text != NULL && !was_there) {
            (void)unlink(job->text);
        }
    }
    return status;
}

enum status receipts_check(struct args *args, const struct receipt_job *job, struct fault *fault)
{
    const char *const paths[] = {job->pdf, job->text};

    for (size_t i = 0; i < 2 && !job->replace; i++) {
        if (paths[i] != NULL && wholefile_exists(paths[i])) {
            args_hint(args, "--force");
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", paths[i]);
        }
    }
    return STATUS_OK;
}

enum status receipts_make(struct session *session, struct receipt_job *job, struct fault *fault)
{
    struct receipt_paper receipt = {0};
    struct buffer pdf = {0}, text = {0};
    enum status status = open_paper(session, job, &receipt, fault);

    if (status != STATUS_OK) {
        return status;
    }
    job->broken = receipt_paper_broken(&receipt);
    job->size = receipt.dossier.verdict.size;
    job->symbols = receipt.texts.count;
    receipt_paper_text(&receipt, &text);
    status = buffer_status(&text, fault);
    if (status == STATUS_OK && job->pdf != NULL) {
        status = receipt_paper_draw(&receipt, &job->form, &pdf, fault);
    }
    if (status == STATUS_OK) {
        status = write_files(job, buffer_view(&pdf), buffer_view(&text), fault);
    }
    buffer_free(&pdf);
    buffer_free(&text);
    receipt_paper_close(&receipt);
    return status;
}
