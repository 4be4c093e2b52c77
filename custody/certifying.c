/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/certifying.h"

#include <stdlib.h>
#include <string.h>

#include "custody/passphrase.h"
#include "custody/timestamp_settings.h"
#include "custody/wholefile.h"
#include "printer/certify.h"
#include "printer/dossier_look.h"
#include "printer/pdf_sign.h"
#include "verify/certificate.h"

#define PDF_NAME "certificate.pdf"
#define BUNDLE_NAME "case.bundle"
#define STATEMENT_NAME "certificate.statement"

enum { PEM_BYTES_MAX = 65536 };

/* What lives as long as a certificate is made. */
struct making {
    struct statement draft; /* of the last bundle; its views borrow that */
    struct session *session;
    struct certifying *job;
    struct hasher *hasher;
    struct policy *policy;
    struct verify_options options;
    struct dossier dossier;
};

/* ---- the bundle ------------------------------------------------------------------------------ */

/* What was named, and the certifier, whose key and office the bundle is to prove (SPEC 13.4). */
static enum status find_subjects(struct session *session, struct certifying *job, struct fault *fault)
{
    bool named = false;
    enum status status = session_subjects(session, 0, &job->list, fault);

    if (status == STATUS_OK) {
        status = session_certifier(session, &job->certifier, fault);
    }
    for (size_t i = 0; i < job->list.count; i++) {
        named = named || job->list.numbers[i] == job->certifier.signer.person;
    }
    if (status == STATUS_OK && !named) {
        status = subject_list_push(&job->list, job->certifier.signer.person, fault);
    }
    return status == STATUS_OK ? subject_list_sort(&job->list, session->identity->code, fault) : status;
}

static enum status refuse(struct args *args, const struct verdict *verdict, struct fault *fault)
{
    /* A court that checks it by the trust file would not get further than this either. */
    if (strcmp(verdict->code, "quorum") == 0 || strcmp(verdict->code, "auditors") == 0) {
        args_hint(args, "ask again until they have signed: unbroken ledger checkpoint; who is missing: unbroken ledger witnesses");
    }
    const char *why = verdict->stop.status != 0 ? verdict->stop.text : verdict->note_count > 0 ? verdict->notes[0].text : verdict->code;
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s, so it is not certified (%s): %s",
                     verdict->status == 1 ? "the records do not pass the check" : "the records could not be checked in full", verdict->code, why);
}

/* A verdict_reader: the draft of the statement, and the dossier. */
static enum status draft_reader(void *context, struct check *check, struct fault *fault)
{
    struct making *making = context;
    enum status status = certificate_draft(&making->draft, check, fault);

    return status == STATUS_OK ? dossier_reader(&making->dossier, check, fault) : status;
}

/* What the bundle says by the station's own policy; what does not pass goes no further. */
static enum status draft(struct making *making, struct fault *fault)
{
    struct verdict *verdict = &making->dossier.verdict;
    enum status status = verify_read(making->hasher, making->policy, buffer_view(&making->job->bundle), &making->options, draft_reader, making, verdict, fault);

    if ((verdict->status == 1 || verdict->status == 2) && (status == STATUS_OK || status == STATUS_REFUSED)) {
        fault_clear(fault);
        status = refuse(making->session->args, verdict, fault);
    }
    return status;
}

/* People and places that the records name and that the bundle says nothing of: the judge is to read their names. */
static enum status add_strangers(struct making *making, size_t *added, struct fault *fault)
{
    struct subject_list *list = &making->job->list;
    uint64_t *numbers = NULL;
    enum status status = dossier_strangers(&making->dossier, &numbers, added, fault);

    for (size_t i = 0; i < *added && status == STATUS_OK; i++) {
        status = subject_list_push(list, numbers[i], fault);
    }
    free(numbers);
    dossier_close(&making->dossier);
    return status == STATUS_OK ? subject_list_sort(list, making->session->identity->code, fault) : status;
}

static enum status export_once(struct making *making, struct fault *fault)
{
    struct certifying *job = making->job;

    buffer_reset(&job->bundle);
    job->withheld = 0;
    enum status status = bundling_export(making->session, &job->list, 0, false, &job->bundling, &job->bundle, &job->withheld, fault);
    return status == STATUS_OK ? draft(making, fault) : status;
}

/* Twice where names are missing, both in one transaction: of one checkpoint. */
static enum status export(struct making *making, struct fault *fault)
{
    size_t added = 0;
    enum status status = session_begin(making->session, false, fault);

    if (status == STATUS_OK) {
        status = export_once(making, fault);
    }
    if (status == STATUS_OK) {
        status = add_strangers(making, &added, fault);
    }
    if (status == STATUS_OK && added > 0) {
        status = export_once(making, fault);
    }
    dossier_close(&making->dossier);
    session_end(making->session);
    return status;
}

/* Looks before it signs; signs what is not signed yet; then makes the bundle. */
static enum status make_bundle(struct making *making, struct fault *fault)
{
    enum status status = session_begin(making->session, false, fault);

    if (status == STATUS_OK) {
        status = find_subjects(making->session, making->job, fault);
    }
    session_end(making->session);
    if (status == STATUS_OK) {
        status = bundling_checkpoint(making->session, fault);
    }
    return status == STATUS_OK ? export(making, fault) : status;
}

/* ---- the statement --------------------------------------------------------------------------- */

static enum status sign_statement(struct making *making, const struct statement *statement, struct fault *fault)
{
    const struct session_signer *certifier = &making->job->certifier;
    const struct public_key *key = secret_public(certifier->secret);
    struct buffer header = {0}, payload = {0}, message = {0};
    uint8_t signature[SIGNATURE_BYTES];
    struct hash kid;
    enum status status = statement_encode(statement, &payload, fault);

    public_key_id(making->hasher, key, &kid);
    sig_header_encode(key->algorithm, &kid, &header);
    statement_to_sign(buffer_view(&header), buffer_view(&payload), &message);
    if (status == STATUS_OK) {
        status = buffer_status(&message, fault);
    }
    if (status == STATUS_OK) {
        status = secret_sign(certifier->secret, buffer_view(&message), signature, fault);
    }
    if (status == STATUS_OK) {
        statement_seal(buffer_view(&header), buffer_view(&payload), signature, &making->job->statement);
        status = buffer_status(&making->job->statement, fault);
    }
    buffer_free(&header);
    buffer_free(&payload);
    buffer_free(&message);
    return status;
}

static enum status make_statement(struct making *making, struct fault *fault)
{
    struct statement *statement = &making->draft;

    statement->made_s = making->session->now_s;
    statement->offset_min = making->session->offset_min;
    statement->template = view_text(making->job->template.name);
    statement->certifier = making->job->certifier.signer;
    return sign_statement(making, statement, fault);
}

/* ---- the page -------------------------------------------------------------------------------- */

/* With the certified lines: V17 is checked here. */
static enum status open_dossier(struct making *making, struct fault *fault)
{
    struct dossier *dossier = &making->dossier;
    enum status status = verify_certificate(making->hasher, making->policy, buffer_view(&making->job->statement), buffer_view(&making->job->bundle),
                                            &making->options, dossier_reader, dossier, &dossier->verdict, fault);

    return status == STATUS_OK && (dossier->verdict.status == 1 || dossier->verdict.status == 2) ? refuse(making->session->args, &dossier->verdict, fault) : status;
}

static enum status make_page(struct making *making, struct buffer *out, struct fault *fault)
{
    const struct certifying *job = making->job;
    struct certify_form form = {.languages = job->settings.languages, .template = &job->template, .web = view_text(job->settings.web),
                                .agency = view_text(job->settings.agency), .pdf = PDF_NAME};
    enum status status = open_dossier(making, fault);

    return status == STATUS_OK ? certify_write(&making->dossier, buffer_view(&job->statement), &form, out, fault) : status;
}

static enum status attach(struct making *making, struct view page, struct fault *fault)
{
    struct certifying *job = making->job;
    struct pdf_data data = {.language = language_tag(job->settings.languages.first)};
    const struct pdf_attachment attachments[] = {
        {.name = BUNDLE_NAME, .description = "the bundle of records that the certificate is about", .media_type = PDF_MEDIA_BUNDLE, .bytes = buffer_view(&job->bundle)},
        {.name = STATEMENT_NAME, .description = "the statement that the certifier signed", .media_type = PDF_MEDIA_STATEMENT, .bytes = buffer_view(&job->statement)},
    };
    struct pdf_signature signature = {.signer = job->signer, .reason = "certificate of the custody of evidence"};

    return job->signer == NULL ? pdf_attach(page, &data, attachments, 2, &job->pdf, fault) : pdf_sign(page, &data, attachments, 2, &signature, &job->pdf, fault);
}

/* As a court would: of the finished PDF alone. What differs here never leaves the station. */
static enum status check_pdf(struct making *making, struct fault *fault)
{
    struct certifying *job = making->job;
    struct verdict verdict = {0};
    enum status status = verify_file(making->hasher, making->policy, buffer_view(&job->pdf), &making->options, &verdict, fault);

    if (status == STATUS_OK && (verdict.status != making->dossier.verdict.status || verdict.line_count != making->dossier.verdict.line_count ||
                                strcmp(verdict.certificate, making->dossier.verdict.certificate) != 0)) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the finished certificate does not say what it was drawn from: %s",
                           verdict.stop.status != 0 ? verdict.stop.text : verdict.code);
    }
    if (status == STATUS_OK) {
        memcpy(job->number, verdict.certificate, sizeof verdict.certificate);
        job->verdict = verdict.status;
        job->size = verdict.size;
        job->lines = verdict.line_count;
        for (size_t i = 0; i < verdict.finding_count; i++) {
            job->breaches += verdict.findings[i].breach ? 1 : 0;
        }
    }
    verdict_close(&verdict);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static enum status read_policy(struct making *making, struct fault *fault)
{
    struct buffer text = {0};
    enum status status = bundling_policy(making->session, &text, fault);

    if (status == STATUS_OK) {
        status = policy_parse(making->hasher, buffer_view(&text), &making->policy, fault);
    }
    buffer_free(&text);
    return status;
}

enum status certifying_make(struct session *session, struct certifying *job, struct fault *fault)
{
    struct making making = {.session = session, .job = job, .hasher = ledger_hasher(session->ledger),
                            .options = {.as_of_s = NOTHING, .training = session->identity->training}};
    struct token_trust *tsa = NULL;
    struct buffer page = {0};
    enum status status = read_policy(&making, fault);

    if (status == STATUS_OK) {
        status = timestamp_settings_trust(session, &tsa, fault);
        making.options.tsa = tsa;
    }
    if (status == STATUS_OK) {
        status = make_bundle(&making, fault);
    }
    if (status == STATUS_OK) {
        status = make_statement(&making, fault);
    }
    if (status == STATUS_OK) {
        status = make_page(&making, &page, fault);
    }
    if (status == STATUS_OK) {
        status = attach(&making, buffer_view(&page), fault);
    }
    if (status == STATUS_OK) {
        status = check_pdf(&making, fault);
    }
    dossier_close(&making.dossier);
    policy_close(making.policy);
    token_trust_close(tsa);
    buffer_free(&page);
    return status;
}

void certifying_close(struct certifying *job)
{
    template_close(&job->template);
    pdf_signer_close(job->signer);
    subject_list_free(&job->list);
    buffer_free(&job->bundle);
    buffer_free(&job->statement);
    buffer_free(&job->pdf);
}

/* ---- PAdES ----------------------------------------------------------------------------------- */

/* Where the passphrase of the PEM key comes from. */
struct asking {
    const struct certifying *job;
    const char *file;
    struct passphrase *passphrase;
};

static enum status ask(void *context, struct view *out, struct fault *fault)
{
    struct asking *asking = context;
    enum status status = asking->file != NULL ? passphrase_read(asking->file, &asking->passphrase, fault) : passphrase_ask(asking->job->key, false, &asking->passphrase, fault);

    *out = status == STATUS_OK ? passphrase_view(asking->passphrase) : (struct view){0};
    return status;
}

enum status certifying_signer(struct session *session, struct certifying *job, struct fault *fault)
{
    struct buffer certificates = {0}, key = {0};
    struct asking asking = {.job = job, .file = args_value(session->args, "--sign-passphrase-file")};

    if (job->certificates == NULL) {
        return STATUS_OK;
    }
    enum status status = wholefile_read_filled(job->certificates, PEM_BYTES_MAX, &certificates, fault);
    if (status == STATUS_OK) {
        status = wholefile_read_filled(job->key, PEM_BYTES_MAX, &key, fault);
    }
    if (status == STATUS_OK) {
        status = pdf_signer_open(buffer_view(&certificates), buffer_view(&key), session->now_s, ask, &asking, &job->signer, fault);
        if (status != STATUS_OK && status != STATUS_MEMORY) {
            struct fault why = *fault;
            status = fault_set(fault, status, FAULT_NOWHERE, "--sign-certificate %.100s, --sign-key %.100s: %s", job->certificates, job->key, why.text);
        }
    }
    if (key.ptr != NULL) {
        explicit_bzero(key.ptr, key.cap);
    }
    passphrase_close(asking.passphrase);
    buffer_free(&certificates);
    buffer_free(&key);
    return status;
}
