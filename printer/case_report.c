/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case_report: opens the paper, has its parts written in their order, and closes it.
 */
#include "printer/report_inside.h"

#include "verify/state.h"
#include "verify/text.h"

#define MARGIN_MM 15.0
#define BASE_PT 9.0

/* The one case that the bundle was asked for. */
static enum status find_case(const struct dossier *dossier, const struct dossier_subject **out, struct fault *fault)
{
    if (!dossier->read) {
        const char *text = dossier->verdict.stop.status != 0 ? dossier->verdict.stop.text : dossier->verdict.code;
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the bundle does not pass its own check, so no report is drawn from it: %s", text);
    }
    *out = NULL;
    for (size_t i = 0; i < dossier->subject_count; i++) {
        const struct dossier_subject *subject = &dossier->subjects[i];
        if (!subject->asked || subject->type != TYPE_CASE) {
            continue;
        }
        if (*out != NULL) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a report is on one case; the bundle was asked for %s and %s", (*out)->name, subject->name);
        }
        *out = subject;
    }
    return *out != NULL ? STATUS_OK : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a report is on a case; the bundle was asked for none");
}

static void put_foot(const struct report *report, struct buffer *out)
{
    struct buffer root = { 0 };
    text_base64(&root, view_of(report->dossier->verdict.root.bytes, sizeof report->dossier->verdict.root.bytes));
    words_print(out, report->form->languages.first, N_("Report on %s, no certificate. The ledger then: %llu records, root %.*s"), report->of_case->name,
                (unsigned long long)report->dossier->verdict.size, (int)root.len, (const char *)root.ptr);
    buffer_free(&root);
}

static void put_parts(struct report *report)
{
    report_cover(report);
    report_verdict(report);
    report_overview(report);
    report_attack(report);
    report_people(report);
    report_open(report);
    report_discrepancies(report);
    report_seal_history(report);
    report_stocktakes(report);
    report_weights(report);
    report_items(report);
    report_proof(report);
}

static enum status write_paper(struct report *report, struct typesetter *typesetter, struct buffer *out, struct fault *fault)
{
    struct buffer title = { 0 }, foot = { 0 };
    buffer_printf(&title, "%s", report->of_case->name);
    buffer_append_byte(&title, '\0');
    put_foot(report, &foot);
    struct paper_form form = { .width_mm = 210, .height_mm = 297, .margin_mm = MARGIN_MM, .base_pt = BASE_PT, .languages = report->form->languages,
                               .title = title.failed ? "" : (const char *)title.ptr, .subject = "Unbroken report, no certificate",
                               .made_s = report->dossier->verdict.logged_s, .foot = buffer_view(&foot) };
    form.mark = view_text(report->dossier->verdict.training ? words_in(report->form->languages.first, N_("TRAINING")) : "");
    enum status status = paper_open(typesetter, &form, &report->paper, fault);
    if (status == STATUS_OK) {
        put_parts(report);
        status = paper_finish(&report->paper, out, fault);
    }
    buffer_free(&title);
    buffer_free(&foot);
    return status;
}

enum status case_report_write(const struct dossier *dossier, const struct case_report_form *form, struct buffer *out, struct fault *fault)
{
    struct typesetter typesetter = { 0 };
    struct report report = { .dossier = dossier, .form = form };
    enum status status = find_case(dossier, &report.of_case, fault);
    if (status == STATUS_OK) {
        status = report_groups_make(&report, fault);
    }
    if (status == STATUS_OK) {
        status = typesetter_open(&typesetter, fault);
    }
    if (status == STATUS_OK) {
        status = write_paper(&report, &typesetter, out, fault);
    }
    typesetter_close(&typesetter);
    report_groups_free(&report);
    buffer_free(&report.first);
    buffer_free(&report.second);
    return status;
}
