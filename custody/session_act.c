/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session_act: making acts, signing them with the keys at hand, and recording them or laying them into a draft file.
 * All acts of one command go into one write transaction: all or nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "custody/wholefile.h"
#include "custody/session.h"

/* Acts that open a subject name exactly the next number (SPEC 3.4). */
static bool opens_subject(unsigned kind)
{
    return kind == KIND_ENROL || kind == KIND_PLACE || kind == KIND_OPEN_CASE || kind == KIND_ALLOT;
}

enum status session_compose(struct session *session, enum kind kind, struct composer **out, struct fault *fault)
{
    const char *deviation = args_value(session->args, "--deviation");
    struct composer *composer = NULL;
    struct act *act;
    enum status status = composer_open(ledger_hasher(session->ledger), kind, &composer, fault);

    if (status != STATUS_OK) {
        return status;
    }
    act = composer_act(composer);
    act->present |= BIT(PAY_LEDGER) | BIT(PAY_SEEN);
    act->ledger = session->identity->id;
    act->claimed_s = session->now_s;
    act->offset_min = session->offset_min;
    act->seen_size = ledger_size(session->txn);
    status = ledger_root(session->txn, act->seen_size, &act->seen_root, fault);
    act->signer_count = session->signer_count;
    for (size_t i = 0; i < session->signer_count; i++) {
        act->signers[i] = session->signers[i].signer;
    }
    if (args_flag(session->args, "--offline")) {
        act->present |= BIT(PAY_OFFLINE);
    }
    if (deviation != NULL && !session->judged) {
        act->present |= BIT(PAY_DEVIATION);
        composer_text(composer, NOTHING, NAME_REASON, deviation);
    }
    if (status != STATUS_OK) {
        composer_close(composer);
        return status;
    }
    *out = composer;
    return STATUS_OK;
}

/* Whose slot is whose, for those who sign far from the ledger. Who comes new to it shows the key in the act itself. */
static enum status put_kids(struct session *session, struct draft *draft, struct fault *fault)
{
    for (size_t i = 0; i < session->signer_count; i++) {
        const struct signer *signer = &session->signers[i].signer;
        const struct subject *subject = signer->capacity == 0 ? NULL : ledger_subject(session->txn, signer->person, fault);
        const struct person_key *key = subject == NULL ? NULL : person_key_at(subject->person, ledger_size(session->txn));

        if (subject == NULL && signer->capacity != 0) {
            return fault->status;
        }
        draft->has_kid[i] = key != NULL;
        if (key != NULL) {
            draft->kids[i] = key->kid;
        }
    }
    return STATUS_OK;
}

static void tell_finding(void *context, const struct finding *finding)
{
    struct args *args = context;

    if (finding->breach && !args_flag(args, "--deviation")) {
        args_hint(args, "see to it; or --deviation REASON records it although a rule is broken, and every verdict says so");
    }
    (void)fprintf(stderr, "unbroken: %s: %s\n", finding->breach ? "breach of custody" : "finding", finding->text);
}

static enum status record_draft(struct session *session, const struct draft *draft, uint64_t *index, struct fault *fault)
{
    const struct ledger_listener listener = {session->judged ? NULL : tell_finding, session->args};
    struct submission submission;
    struct buffer act = {0};
    struct view *parts = NULL;
    enum status status = draft_submission(draft, &act, &parts, &submission, fault);

    if (status == STATUS_OK) {
        status = ledger_append(session->txn, &submission, session->now_s, &listener, index, fault);
    }
    buffer_free(&act);
    free(parts);
    return status;
}

static enum status keep_draft(struct session *session, struct draft *draft, bool opens, struct fault *fault)
{
    struct draft *grown = realloc(session->drafts, (session->draft_count + 1) * sizeof *grown);

    if (grown == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a draft");
    }
    session->drafts = grown;
    if (session->draft_count > 0 && (opens || session->opens)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a draft opens subjects in one act only: ask for fewer");
    }
    session->opens = session->opens || opens;
    session->drafts[session->draft_count++] = *draft;
    *draft = (struct draft){0};
    return STATUS_OK;
}

enum status session_append(struct session *session, struct composer *composer, uint64_t *index, struct fault *fault)
{
    bool opens = opens_subject(composer_act(composer)->kind);
    struct draft draft = {0};
    enum status status = composer_finish(composer, &draft, fault);

    if (status == STATUS_OK && session->draft_path != NULL) {
        status = put_kids(session, &draft, fault);
    }
    for (size_t i = 0; i < session->signer_count && status == STATUS_OK; i++) {
        if (session->signers[i].secret != NULL) {
            status = draft_sign(ledger_hasher(session->ledger), &draft, i, session->signers[i].secret, fault);
        }
    }
    if (status == STATUS_OK && session->draft_path != NULL) {
        status = keep_draft(session, &draft, opens, fault);
    } else if (status == STATUS_OK) {
        status = record_draft(session, &draft, index, fault);
    }
    draft_free(&draft);
    composer_close(composer);
    return status;
}

static void say_draft(const struct session *session)
{
    const struct draft *draft = &session->drafts[0];
    bool first = true;

    (void)printf("draft of %zu %s in %s", session->draft_count, session->draft_count == 1 ? "act" : "acts", session->draft_path);
    for (size_t i = 0; i < draft->signer_count; i++) {
        char name[NAME_BYTES];

        if (!draft->is_signed[i]) {
            session_name(session, session->signers[i].signer.person, name);
            (void)printf("%s %s", first ? "; still to sign:" : ",", name);
            first = false;
        }
    }
    (void)printf("%s\n", first ? "; all have signed" : "");
}

/* The file first: a reservation without a file would hold up everyone for a day. */
static enum status commit_draft(struct session *session, struct fault *fault)
{
    struct hasher *hasher = ledger_hasher(session->ledger);
    struct buffer file = {0};
    struct hash id;
    enum status status = draft_file_encode(hasher, &session->identity->id, session->drafts, session->draft_count, &file, fault);

    if (status == STATUS_OK && session->opens) {
        act_id(hasher, buffer_view(&session->drafts[0].payload), &id);
        status = ledger_reserve(session->txn, &id, session->now_s, fault);
    }
    if (status == STATUS_OK) {
        status = wholefile_write(session->draft_path, buffer_view(&file), false, fault);
    }
    buffer_free(&file);
    if (status == STATUS_OK && session->opens) {
        status = ledger_commit(session->txn, fault);
        session->txn = NULL;
        if (status != STATUS_OK) {
            (void)unlink(session->draft_path);
        }
    }
    if (status == STATUS_OK) {
        say_draft(session);
    }
    return status;
}

enum status session_commit(struct session *session, struct fault *fault)
{
    enum status status;

    if (session->draft_path != NULL) {
        return commit_draft(session, fault);
    }
    status = ledger_commit(session->txn, fault);
    session->txn = NULL;
    return status;
}

enum status session_start(struct args *args, enum kind kind, struct session *out, struct fault *fault)
{
    enum status status = session_open(args, LEDGER_APPEND, false, out, fault);

    if (status != STATUS_OK) {
        return status;
    }
    /* A draft that cannot be written is told before anyone types a passphrase. */
    if (out->draft_path != NULL && wholefile_exists(out->draft_path)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", out->draft_path);
    }
    if (status == STATUS_OK) {
        status = session_keys(out, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(out, true, fault);
    }
    if (status == STATUS_OK) {
        status = session_signers(out, kind, fault);
    }
    if (status != STATUS_OK) {
        session_close(out);
    }
    return status;
}

enum status session_finish(struct session *session, struct composer *composer, const char *done, struct fault *fault)
{
    uint64_t index = 0;
    enum status status = session_append(session, composer, &index, fault);

    if (status == STATUS_OK) {
        status = session_commit(session, fault);
    }
    if (status == STATUS_OK && session->draft_path == NULL) {
        (void)printf("%s: record %" PRIu64 "\n", done, index);
    }
    return status;
}
