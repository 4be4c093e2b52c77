/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_cover: whose case it is, the record of search and seizure, and the verdict in plain words with what is wrong first.
 */
#include "printer/report_weak.h"

#include "verify/court.h"

/* ---- the case -------------------------------------------------------------------------------- */

/* Every detail of a run under its own name. */
static void put_details(struct report *report, struct dossier_run run)
{
    for (size_t i = 0; i < run.count; i++) {
        const struct dossier_detail *detail = &report->dossier->details[run.first + i];
        struct buffer value = { 0 }, label = { 0 };
        report_detail_name(report, &label, detail->name);
        report_detail(report, &value, detail);
        paper_pair(&report->paper, buffer_view(&label), buffer_view(&value));
        buffer_free(&label);
        buffer_free(&value);
    }
}

static void put_record(struct report *report, const struct dossier_record *record)
{
    struct buffer value = { 0 };
    const struct dossier_entry *entry = dossier_entry(report->dossier, record, report->of_case->number);
    buffer_printf(&value, "%llu", (unsigned long long)record->index);
    report_fact(report, N_("Record"), &value);
    report_signers(report, &value, record);
    report_fact(report, N_("Signed by"), &value);
    words_time(&value, report->form->languages.first, record->claimed_s, record->offset_min);
    report_fact(report, N_("Time as its signers say"), &value);
    words_time(&value, report->form->languages.first, record->logged_s, report->form->offset_min);
    report_fact(report, N_("Time as the station logged it"), &value);
    put_details(report, record->details);
    put_details(report, entry == NULL ? (struct dossier_run){ 0 } : entry->details);
}

static void put_case_records(struct report *report, unsigned kind, const char *heading)
{
    const struct dossier *dossier = report->dossier;
    bool any = false;
    for (size_t i = 0; i < report->of_case->thread.count; i++) {
        const struct dossier_record *record = &dossier->records[dossier->thread[report->of_case->thread.first + i]];
        if (record->is_act && record->kind == kind) {
            paper_heading(&report->paper, 3, heading);
            put_record(report, record);
            any = true;
        }
    }
    if (!any && kind == KIND_SEIZE) {
        paper_heading(&report->paper, 3, heading);
        report_say(report, 1.0, true, N_("No record of search and seizure is in this case."));
    }
}

void report_cover(struct report *report)
{
    struct buffer text = { 0 };
    struct text_style agency = paper_style(&report->paper, 1.1, true);
    if (report->form->agency.len > 0) {
        paper_text(&report->paper, report->form->agency, &agency);
    }
    paper_heading(&report->paper, 1, N_("Report on the custody of evidence"));
    report_subject(report, &text, report->of_case->number);
    paper_title(&report->paper, 2, buffer_view(&text));
    buffer_free(&text);
    report_say(report, 1.0, false, N_("For the prosecutor. Drawn from a bundle of signed records, which was checked before and is attached to this file. It is no certificate: "
                                      "nobody has signed this paper, and where it and the records differ, the records count."));
    if (report->dossier->verdict.training) {
        report_say(report, 1.4, true, N_("TRAINING LEDGER: everything here is practice, and nothing is evidence."));
    }
    paper_rule(&report->paper);
}

/* ---- the verdict ----------------------------------------------------------------------------- */

static size_t count_breaches(const struct verdict *verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        count += verdict->findings[i].breach ? 1 : 0;
    }
    return count;
}

static void put_result(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    size_t breaches = count_breaches(verdict);
    if (verdict->status == 0) {
        report_say(report, 1.25, true, N_("The records are unaltered, whole and genuine, and by them custody is unbroken."));
    } else if (verdict->status == 3) {
        report_say(report, 1.25, true, N_("The records are unaltered, whole and genuine, but custody is broken. Breaches: %zu."), breaches);
    } else {
        report_say(report, 1.25, true, N_("It could not be checked in full: this is neither a pass nor a failure."));
    }
    for (size_t i = 0; i < verdict->note_count; i++) {
        report_say(report, 1.0, true, N_("Not checked (%s): %s"), verdict->notes[i].code, verdict->notes[i].text);
    }
    if (!report->dossier->custody_known) {
        report_say(report, 1.0, true, N_("A record is of a kind that this program does not know, or a late act is withheld: what is not told here as broken is not known to be unbroken."));
    }
}

/* What is wrong, in one line for each rule that was broken. */
static void put_exceptions(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    for (size_t i = 0; i < verdict->topic_count; i++) {
        struct report_numbers records = { 0 }, things = { 0 };
        struct buffer text = { 0 };
        struct text_style style = paper_style(&report->paper, 1.0, false);
        size_t count = 0;
        for (size_t k = 0; k < verdict->finding_count; k++) {
            const struct finding *finding = &verdict->findings[k];
            if (finding->breach && court_topic(finding->code) == verdict->topics[i].about) {
                report_number(report, &records, finding->record);
                report_number(report, &things, finding->subject);
                count++;
            }
        }
        report_numbers_sort(&records);
        report_numbers_sort(&things);
        buffer_append_view(&text, view_text("• "));
        report_word(report, &text, weak_title(verdict->topics[i].about->code));
        buffer_printf(&text, " (%zu): ", count);
        report_word(report, &text, records.count == 1 ? N_("record") : N_("records"));
        buffer_append_byte(&text, ' ');
        report_records(&text, &records, 20);
        buffer_append_view(&text, view_text(things.count == 0 ? "" : "; "));
        report_names(report, &text, &things, 8);
        paper_text(&report->paper, buffer_view(&text), &style);
        report_numbers_free(&records);
        report_numbers_free(&things);
        buffer_free(&text);
    }
}

static void put_basis(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    struct buffer value = { 0 };
    buffer_printf(&value, "%llu", (unsigned long long)verdict->size);
    report_fact(report, N_("As of so many records of the ledger"), &value);
    words_time(&value, report->form->languages.first, verdict->logged_s, report->form->offset_min);
    report_fact(report, N_("Time of the last of them, on the station's word"), &value);
    for (size_t i = 0; i < verdict->time_count; i++) {
        report_cell(report, &value, N_("the first %llu records existed by then, says %s:"), (unsigned long long)verdict->times[i].size, verdict->times[i].who);
        buffer_append_byte(&value, ' ');
        words_time(&value, report->form->languages.first, verdict->times[i].time_s, report->form->offset_min);
        report_fact(report, N_("Proven time"), &value);
    }
    if (verdict->time_count == 0) {
        report_cell(report, &value, N_("none: no witness and no time stamp covers these records; all times are the signers' and the station's word"));
        report_fact(report, N_("Proven time"), &value);
    }
    int offset_min = report->form->offset_min < 0 ? -report->form->offset_min : report->form->offset_min;
    buffer_printf(&value, "UTC%c%02d:%02d", report->form->offset_min < 0 ? '-' : '+', offset_min / 60, offset_min % 60);
    report_fact(report, N_("Dates and times on this paper"), &value);
}

void report_verdict(struct report *report)
{
    paper_heading(&report->paper, 2, N_("What the check says"));
    put_result(report);
    put_exceptions(report);
    paper_space(&report->paper, 4);
    put_basis(report);
    put_case_records(report, KIND_OPEN_CASE, N_("The case"));
    put_case_records(report, KIND_SEIZE, N_("The record of search and seizure"));
}
