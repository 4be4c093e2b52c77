/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/certifying.h"

#include <stdlib.h>
#include <string.h>

#include "custody/passphrase.h"
#include "custody/wholefile.h"
#include "printer/certify.h"
#include "printer/dossier_look.h"
#include "verify/certificate.h"
#include "verify/paper.h"
#include "verify/text.h"

enum { TEMPLATE_FILE_BYTES_MAX = 1 << 20, PEM_BYTES_MAX = 1 << 20, ROUNDS_MAX = 3 };

#define SOFTWARE "Unbroken, format version 1"

/* ---- the command line ------------------------------------------------------------------------ */

/* "cambodia", or a file: its name without folder and ending is what the statement calls the form. */
static enum status read_template(struct args *args, struct certifying *work, struct fault *fault)
{
    const char *typed = args_value(args, "--template") == NULL ? "general" : args_value(args, "--template");
    const char *slash = strrchr(typed, '/');
    const char *base = slash == NULL ? typed : slash + 1;
    size_t len = strcspn(base, ".");
    struct buffer file = {0};
    struct fault why = {0};
    enum status status;

    if (len == 0 || len >= sizeof work->template_name) {
        return args_usage(args, fault, "--template %.60s: its name has from 1 to 24 letters", typed);
    }
    memcpy(work->template_name, base, len);
    if (strpbrk(typed, "./") == NULL) {
        return template_own(typed, &work->template, fault);
    }
    status = wholefile_read(typed, TEMPLATE_FILE_BYTES_MAX, &file, fault);
    if (status == STATUS_OK && template_read(buffer_view(&file), &work->template, &why) != STATUS_OK) {
        status = fault_set(fault, why.status, why.at, "%s: %.400s", typed, why.text);
    }
    buffer_free(&file);
    return status;
}

enum status certifying_read(struct args *args, struct certifying *work, struct fault *fault)
{
    const char *directory = NULL;
    enum status status = args_required(args, "-o", &work->path, fault);

    if (status == STATUS_OK) {
        status = bundling_read(args, &work->bundling, fault);
    }
    if (status == STATUS_OK) {
        status = session_directory(args, &directory, fault);
    }
    if (status == STATUS_OK) {
        status = paper_settings_read(args, directory, &work->settings, fault);
    }
    if (status == STATUS_OK && (args_value(args, "--sign-certificate") == NULL) != (args_value(args, "--sign-key") == NULL)) {
        return args_usage(args, fault, "--sign-certificate and --sign-key go together");
    }
    if (status == STATUS_OK) {
        status = read_template(args, work, fault);
    }
    if (status == STATUS_OK && wholefile_exists(work->path) && !args_flag(args, "--force")) {
        args_hint(args, "--force");
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", work->path);
    }
    return status;
}

void certifying_close(struct certifying *work)
{
    template_close(&work->template);
    pdf_signer_close(work->signer);
    buffer_free(&work->bundle);
    buffer_free(&work->statement);
    buffer_free(&work->pdf);
}

/* ---- the PDF's own signature ----------------------------------------------------------------- */

static enum status ask_passphrase(void *context, struct view *passphrase, struct fault *fault)
{
    struct passphrase **out = context;
    enum status status = *out != NULL ? STATUS_OK : passphrase_ask("the key that signs the PDF", false, out, fault);

    *passphrase = *out == NULL ? view_of(NULL, 0) : passphrase_view(*out);
    return status;
}

static enum status open_signer(struct certifying *work, struct fault *fault)
{
    struct args *args = work->session.args;
    const char *certificate = args_value(args, "--sign-certificate"), *key = args_value(args, "--sign-key");
    const char *file = args_value(args, "--sign-passphrase-file");
    struct buffer certificates = {0}, pem = {0};
    struct passphrase *passphrase = NULL;
    struct fault why = {0};
    enum status status = certificate == NULL ? STATUS_OK : wholefile_read_filled(certificate, PEM_BYTES_MAX, &certificates, fault);

    if (certificate == NULL) {
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = wholefile_read_filled(key, PEM_BYTES_MAX, &pem, fault);
    }
    if (status == STATUS_OK && file != NULL) {
        status = passphrase_read(file, &passphrase, fault);
    }
    if (status == STATUS_OK &&
        pdf_signer_open(buffer_view(&certificates), buffer_view(&pem), work->session.now_s, ask_passphrase, &passphrase, &work->signer, &why) != STATUS_OK) {
        status = fault_set(fault, why.status, why.at, "%s, %s: %.300s", certificate, key, why.text);
    }
    passphrase_close(passphrase);
    if (pem.ptr != NULL) {
        memset(pem.ptr, 0, pem.len);
    }
    buffer_free(&pem);
    buffer_free(&certificates);
    return status;
}

/* ---- the bundle ------------------------------------------------------------------------------ */

static enum status push_once(struct subject_list *list, uint64_t number, struct fault *fault)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->numbers[i] == number) {
            return STATUS_OK;
        }
    }
    return subject_list_push(list, number, fault);
}

/* Whoever and whatever the records name, so that the page has more than numbers: until the bundle has them all. */
static enum status export_named(struct certifying *work, const struct policy *policy, struct subject_list *list, struct fault *fault)
{
    struct session *session = &work->session;
    struct verify_options options = {.as_of_s = NOTHING, .training = session->identity->training};
    size_t strangers = 1;
    enum status status = STATUS_OK;

    for (unsigned round = 0; round < ROUNDS_MAX && strangers > 0 && status == STATUS_OK; round++) {
        struct dossier dossier = {0};
        uint64_t *numbers = NULL;

        strangers = 0;
        buffer_free(&work->bundle);
        status = subject_list_sort(list, session->identity->code, fault);
        if (status == STATUS_OK) {
            status = bundling_export(session, list, 0, false, &work->bundling, &work->bundle, &work->withheld, fault);
        }
        if (status == STATUS_OK) {
            status = dossier_open(ledger_hasher(session->ledger), policy, buffer_view(&work->bundle), &options, &dossier, fault);
        }
        if (status == STATUS_OK && dossier.read) {
            status = dossier_strangers(&dossier, &numbers, &strangers, fault);
        }
        for (size_t i = 0; i < strangers && status == STATUS_OK; i++) {
            status = push_once(list, numbers[i], fault);
        }
        free(numbers);
        dossier_close(&dossier);
    }
    return status;
}

/* The things, and the certifier, whose key and office the bundle must prove. */
static enum status read_subjects(struct certifying *work, struct subject_list *list, struct fault *fault)
{
    struct session *session = &work->session;
    enum status status = session_begin(session, false, fault);

    if (status == STATUS_OK) {
        status = session_signers(session, KIND_NOTE, fault);
    }
    if (status == STATUS_OK && session->signer_count != 1) {
        status = args_usage(session->args, fault, "one person certifies: one --key");
    }
    if (status == STATUS_OK) {
        status = session_subjects(session, 0, list, fault);
    }
    if (status == STATUS_OK) {
        status = push_once(list, session->signers[0].signer.person, fault);
    }
    session_end(session);
    return status;
}

/* ---- the statement --------------------------------------------------------------------------- */

static enum status refuse(const struct verdict *verdict, struct fault *fault)
{
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "this is not certified, for the records do not pass their own check: %.380s",
                     verdict->stop.status != 0    ? verdict->stop.text
                     : verdict->note_count > 0 ? verdict->notes[0].text
                                                  : "custody cannot be judged");
}

static enum status sign(struct certifying *work, const struct statement *statement, struct fault *fault)
{
    const struct secret *secret = work->session.signers[0].secret;
    const struct public_key *key = secret_public(secret);
    struct buffer payload = {0}, header = {0}, message = {0};
    uint8_t signature[SIGNATURE_BYTES];
    struct hash kid;
    enum status status = statement_encode(statement, &payload, fault);

    if (status == STATUS_OK) {
        public_key_id(ledger_hasher(work->session.ledger), key, &kid);
        sig_header_encode(key->algorithm, &kid, &header);
        statement_to_sign(buffer_view(&header), buffer_view(&payload), &message);
        status = buffer_status(&message, fault);
    }
    if (status == STATUS_OK) {
        status = secret_sign(secret, buffer_view(&message), signature, fault);
    }
    if (status == STATUS_OK) {
        statement_seal(buffer_view(&header), buffer_view(&payload), signature, &work->statement);
        status = buffer_status(&work->statement, fault);
    }
    buffer_free(&payload);
    buffer_free(&header);
    buffer_free(&message);
    return status;
}

static enum status make_statement(struct certifying *work, const struct policy *policy, struct fault *fault)
{
    struct session *session = &work->session;
    struct verify_options options = {.as_of_s = NOTHING, .training = session->identity->training};
    struct statement statement = {.made_s = 0};
    struct verdict verdict;
    enum status status = verify_read(ledger_hasher(session->ledger), policy, buffer_view(&work->bundle), &options, certificate_draft, &statement, &verdict, fault);

    if (status == STATUS_OK && verdict.status != 0 && verdict.status != 3) {
        status = refuse(&verdict, fault);
    }
    if (status == STATUS_OK) {
        statement.made_s = session->now_s;
        statement.offset_min = session->offset_min;
        statement.template = view_text(work->template_name);
        statement.certifier = session->signers[0].signer;
        status = sign(work, &statement, fault);
    }
    verdict_close(&verdict);
    return status;
}

/* ---- the page -------------------------------------------------------------------------------- */

static enum status draw(struct certifying *work, const struct dossier *dossier, struct buffer *page, struct fault *fault)
{
    const char *slash = strrchr(work->path, '/');
    struct paper_texts texts = {0};
    struct certify_form form = {.template = &work->template, .languages = work->settings.languages, .offset_min = work->session.offset_min,
                                .made_s = work->session.now_s, .certifier = work->session.signers[0].signer,
                                .file = slash == NULL ? work->path : slash + 1, .software = SOFTWARE};
    enum status status = paper_write(PAPER_STATEMENT, buffer_view(&work->statement), STATEMENT_BYTES_MAX, view_text(work->settings.web), &texts, fault);

    if (status == STATUS_OK) {
        form.qr = buffer_view(&texts.texts[0]);
        status = certify_write(dossier, &form, page, fault);
    }
    paper_texts_free(&texts);
    return status;
}

static enum status attach(struct certifying *work, struct view page, struct fault *fault)
{
    const struct pdf_attachment attachments[] = {
        {.name = "case.bundle", .description = "the records, for unbroken-verify", .media_type = PDF_MEDIA_BUNDLE, .bytes = buffer_view(&work->bundle)},
        {.name = "certified.statement", .description = "the certified statement, signed", .media_type = PDF_MEDIA_STATEMENT, .bytes = buffer_view(&work->statement)}};
    const struct pdf_data data = {.language = language_tag(work->settings.languages.first)};
    const struct pdf_signature signature = {.signer = work->signer, .reason = "Certificate of custody"};

    return work->signer == NULL ? pdf_attach(page, &data, attachments, 2, &work->pdf, fault)
                                : pdf_sign(page, &data, attachments, 2, &signature, &work->pdf, fault);
}

/* What a court will do first, done before the file has its name. */
static enum status check_whole(struct certifying *work, const struct policy *policy, struct fault *fault)
{
    struct verify_options options = {.as_of_s = NOTHING, .training = work->session.identity->training};
    struct verdict verdict;
    enum status status = verify_file(ledger_hasher(work->session.ledger), policy, buffer_view(&work->pdf), &options, &verdict, fault);

    if (status == STATUS_OK && ((verdict.status != 0 && verdict.status != 3) || verdict.line_count == 0)) {
        status = refuse(&verdict, fault);
    }
    memcpy(work->number, verdict.certificate, sizeof work->number);
    work->size = verdict.size;
    work->status = verdict.status;
    verdict_close(&verdict);
    return status;
}

static enum status make_paper(struct certifying *work, const struct policy *policy, struct fault *fault)
{
    struct verify_options options = {.as_of_s = NOTHING, .training = work->session.identity->training};
    struct dossier dossier = {0};
    struct buffer page = {0};
    enum status status = verify_certificate(ledger_hasher(work->session.ledger), policy, buffer_view(&work->statement), buffer_view(&work->bundle), &options,
                                            dossier_reader, &dossier, &dossier.verdict, fault);

    if (status == STATUS_OK) {
        status = draw(work, &dossier, &page, fault);
    }
    if (status == STATUS_OK) {
        status = attach(work, buffer_view(&page), fault);
    }
    if (status == STATUS_OK) {
        status = check_whole(work, policy, fault);
    }
    buffer_free(&page);
    dossier_close(&dossier);
    return status;
}

enum status certifying_make(struct certifying *work, struct fault *fault)
{
    struct session *session = &work->session;
    struct subject_list list = {0};
    struct buffer text = {0};
    struct policy *policy = NULL;
    enum status status = open_signer(work, fault);

    if (status == STATUS_OK) {
        status = session_keys(session, fault);
    }
    if (status == STATUS_OK) {
        status = read_subjects(work, &list, fault);
    }
    if (status == STATUS_OK) {
        status = bundling_checkpoint(session, fault);
    }
    if (status == STATUS_OK) {
        status = session_begin(session, false, fault);
    }
    if (status == STATUS_OK) {
        status = bundling_policy(session, &text, fault);
    }
    if (status == STATUS_OK) {
        status = policy_parse(ledger_hasher(session->ledger), buffer_view(&text), &policy, fault);
    }
    if (status == STATUS_OK) {
        status = export_named(work, policy, &list, fault);
    }
    if (status == STATUS_OK) {
        status = make_statement(work, policy, fault);
    }
    if (status == STATUS_OK) {
        status = make_paper(work, policy, fault);
    }
    policy_close(policy);
    buffer_free(&text);
    subject_list_free(&list);
    return status;
}
