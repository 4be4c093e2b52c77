/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify_proof: the result in plain words; what the paper rests on, with the QR of the certified statement; what none of it proves; how to
 * repeat the check; where people sign.
 */
#include "printer/certify_inside.h"

#include <math.h>
#include <stdlib.h>

#include "verify/paper.h"
#include "verify/text.h"

/* A module is a whole number of dots at 600 an inch: a camera needs 0.35 mm, and the symbol 40 mm. */
#define DOT_MM (25.4 / 600)
#define DOTS_MIN 10
#define SIDE_MM_MIN 42.0
#define QR_SIDE_MAX 89 /* version 18 */
#define BOX_MM 30.0

/* ---- result ---------------------------------------------------------------------------------- */

void certify_result(struct certify *certify)
{
    struct report *report = &certify->report;
    const struct verdict *verdict = &report->dossier->verdict;
    struct buffer value = { 0 };
    paper_heading(&report->paper, 2, N_("Result of the check"));
    if (certify->statement.statement.status == 0) {
        report_say(report, 1.25, true, N_("The records are unaltered, whole and genuine, and by them custody is unbroken."));
    } else {
        report_say(report, 1.25, true, N_("The records are unaltered, whole and genuine, but by them custody is broken. Breaches: %llu."),
                   (unsigned long long)certify->statement.statement.breaches);
    }
    buffer_printf(&value, "%llu", (unsigned long long)verdict->size);
    certify_fact(certify, N_("As of so many records of the ledger"), &value);
    words_time(&value, certify->form->languages.first, verdict->logged_s, certify->words.offset_min);
    certify_fact(certify, N_("Time of the last of them, on the station's word"), &value);
    buffer_printf(&value, "UTC%c%02d:%02d", certify->words.offset_min < 0 ? '-' : '+', abs(certify->words.offset_min) / 60, abs(certify->words.offset_min) % 60);
    certify_fact(certify, N_("Dates and times on this paper"), &value);
}

/* ---- proof ----------------------------------------------------------------------------------- */

static void put_number(struct certify *certify, const char *label, uint64_t number)
{
    struct buffer value = { 0 };
    buffer_printf(&value, "%llu", (unsigned long long)number);
    certify_fact(certify, label, &value);
}

static void put_proven(struct certify *certify, const char *label, const struct verdict_time *time)
{
    struct report *report = &certify->report;
    struct buffer value = { 0 };
    report_cell(report, &value, N_("the first %llu records existed by then, says %s:"), (unsigned long long)time->size, time->who);
    buffer_append_byte(&value, ' ');
    words_time(&value, certify->form->languages.first, time->time_s, certify->words.offset_min);
    certify_fact(certify, label, &value);
}

/* The first moment at which others had seen anything of this ledger, and the last. */
static void put_times(struct certify *certify)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct buffer value = { 0 };
    const struct verdict_time *first = NULL, *last = NULL;
    for (size_t i = 0; i < verdict->time_count; i++) {
        const struct verdict_time *time = &verdict->times[i];
        first = first == NULL || time->time_s < first->time_s ? time : first;
        last = last == NULL || time->time_s > last->time_s ? time : last;
    }
    if (first == NULL) {
        report_cell(&certify->report, &value, N_("none: no witness and no time stamp covers these records; all times are the signers' and the station's word"));
        certify_fact(certify, N_("Proven time"), &value);
    } else {
        put_proven(certify, N_("Earliest proven time"), first);
        put_proven(certify, N_("Latest proven time"), last);
    }
}

static void put_identity(struct certify *certify)
{
    struct report *report = &certify->report;
    const struct dossier *dossier = report->dossier;
    const struct verdict *verdict = &dossier->verdict;
    struct buffer value = { 0 };
    buffer_printf(&value, "%s", verdict->origin);
    certify_fact(certify, N_("Ledger"), &value);
    certify_hash(certify, N_("Ledger-id"), &verdict->ledger);
    if (verdict->has_succeeds) {
        certify_hash(certify, N_("Its founders say that it succeeds the ledger"), &verdict->succeeds.ledger);
    }
    if (dossier->record_count > 0) {
        report_cell(report, &value, N_("%zu, the first with the number %llu, the last with %llu"), dossier->record_count,
                    (unsigned long long)dossier->records[0].index, (unsigned long long)dossier->records[dossier->record_count - 1].index);
        certify_fact(certify, N_("Records in the bundle"), &value);
    }
    put_number(certify, N_("Records in the checkpoint"), verdict->size);
    text_base64(&value, hash_view(&verdict->root));
    certify_fact(certify, N_("Root of the checkpoint"), &value);
    text_base64(&value, view_of(certify->statement.statement.log_signature, SIGNATURE_BYTES));
    certify_fact(certify, N_("Signature of the station under it"), &value);
    put_times(certify);
    for (size_t i = 0; i < verdict->witness_count; i++) {
        buffer_printf(&value, "%s, ", verdict->witnesses[i].name);
        words_time(&value, certify->form->languages.first, verdict->witnesses[i].time_s, certify->words.offset_min);
        certify_fact(certify, verdict->witnesses[i].auditor ? N_("Auditor") : N_("Witness"), &value);
    }
    certify_hash(certify, N_("Attached bundle, its check at the end"), &certify->statement.statement.bundle);
    certify_hash(certify, N_("SHA-256 of the policy that it was checked with"), &certify->statement.statement.policy);
    certify_hash(certify, N_("The certifier's key"), &certify->statement.kid);
    buffer_printf(&value, "%s", CERTIFY_SOFTWARE);
    certify_fact(certify, N_("Software"), &value);
}

static void put_qr(struct certify *certify)
{
    struct report *report = &certify->report;
    struct paper_texts texts = { 0 };
    struct qr qr = { 0 };
    struct buffer caption = { 0 };
    struct fault fault = { 0 };
    enum status status = paper_write(PAPER_STATEMENT, certify->bytes, STATEMENT_BYTES_MAX, certify->form->web, &texts, &fault);
    if (status == STATUS_OK) {
        status = qr_encode(buffer_view(&texts.texts[0]), QR_MEDIUM, &qr, &fault);
    }
    if (status == STATUS_OK && (qr.side > QR_SIDE_MAX || texts.count != 1)) {
        status = fault_set(&fault, STATUS_REFUSED, FAULT_NOWHERE, "the certified statement does not fit into its QR: a shorter address is needed");
    }
    if (status != STATUS_OK) {
        paper_fail(&report->paper, &fault);
    } else {
        double all = qr.side + 2 * QR_QUIET_MODULES;
        double dots = fmax(DOTS_MIN, ceil(SIDE_MM_MIN / (qr.side * DOT_MM)));
        buffer_printf(&caption, "%s\n\n", report->dossier->verdict.certificate);
        report_cell(report, &caption, N_("The certified statement, signed by the certifier: the same bytes as in this file. It shows the ledger's checkpoint, so it is a witness against a ledger "
                                         "that was rewritten: unbroken-verify takes its text with --since."));
        paper_qr(&report->paper, &qr, all * dots * DOT_MM, buffer_view(&caption));
    }
    buffer_free(&caption);
    qr_free(&qr);
    paper_texts_free(&texts);
}

void certify_proof(struct certify *certify)
{
    paper_heading(&certify->report.paper, 2, N_("Proof"));
    put_identity(certify);
    put_qr(certify);
}

/* ---- limits ---------------------------------------------------------------------------------- */

void certify_not_proven(struct certify *certify)
{
    struct report *report = &certify->report;
    const struct verdict *verdict = &report->dossier->verdict;
    paper_heading(&report->paper, 2, N_("What this does not prove"));
    report_say(report, 1.0, false, N_("- that what was recorded is true, or that nothing happened which nobody recorded: a record's hash does not replace the witness;"));
    report_say(report, 1.0, false, N_("- that a key was used by its owner: \"genuine\" means signed with the key of a person who was in office then;"));
    report_say(report, 1.0, false, N_("- when something happened, beyond what is said under \"Proof\" as proven time: other times are the word of the signers and of the station;"));
    report_say(report, 1.0, false, N_("- when this paper was made: that is the certifier's word; what was recorded since then, and whether the certifier's key was revoked since, is shown by a bundle of today;"));
    if (verdict->witness_count == 0) {
        report_say(report, 1.0, false, N_("- that no later records were cut off, and no earlier ones taken out that no later signer had seen: no witness has signed with the station;"));
    }
    if (!verdict->audited) {
        report_say(report, 1.0, false, N_("- by anybody but the station, that nothing is left out: no auditor has recomputed its heads. A false one can be exposed by whoever holds a record that it hides;"));
    }
    report_say(report, 1.0, false, N_("- that the page before you says what was certified: no program has seen it. Compare the numbered lines."));
    report_say(report, 1.0, true, N_("Whether this is admitted as evidence is for the judge."));
}

/* ---- the check again ------------------------------------------------------------------------- */

void certify_repeat(struct certify *certify)
{
    struct report *report = &certify->report;
    struct text_style bold = paper_style(&report->paper, 1.0, true);
    struct buffer command = { 0 };
    paper_heading(&report->paper, 2, N_("Repeat the check"));
    report_say(report, 1.0, false, N_("This needs the PDF file, not its print: the records and the statement are attached to it. Get the court's policy (the file with the ledger's key) from somebody "
                                      "whom you trust, compare its SHA-256 with the one under \"Proof\", and run, on any computer, without a network:"));
    buffer_printf(&command, "unbroken-verify --policy court.policy%s %s", report->dossier->verdict.training ? " --training" : "", certify->form->pdf);
    paper_text(&report->paper, buffer_view(&command), &bold);
    buffer_free(&command);
    report_say(report, 1.0, false, N_("It prints the result, and every certified line with its number: compare each with this paper. If you have an older receipt, certificate or bundle of this "
                                      "ledger, add --since with it: a history that was rewritten since then is found."));
}

void certify_signatures(struct certify *certify)
{
    static const char *const captions[] = { N_("The certifier: signature"), N_("Thumbprint"), N_("Stamp of the office") };
    struct report *report = &certify->report;
    struct buffer value = { 0 };
    const struct signer *signer = &certify->statement.statement.certifier;
    paper_need(&report->paper, (BOX_MM + 30) * POINTS_PER_MM);
    paper_heading(&report->paper, 2, N_("Signatures"));
    report_subject(report, &value, signer->person);
    buffer_append_view(&value, view_text(", "));
    report_word(report, &value, signer->capacity < OFFICE_COUNT ? office_name((unsigned)signer->capacity) : N_("unknown"));
    certify_fact(certify, N_("Certified by"), &value);
    words_time(&value, certify->form->languages.first, certify->statement.statement.made_s, certify->words.offset_min);
    certify_fact(certify, N_("Certified at"), &value);
    paper_boxes(&report->paper, captions, 3, BOX_MM);
}
