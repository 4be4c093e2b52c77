/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify_parts: the parts of a certificate that are the same in every template: what was found, told in one order and never left out.
 */
#include "printer/certify_inside.h"

#include <string.h>

#include "verify/court.h"
#include "verify/state.h"
#include "verify/text.h"

enum { LISTED_MAX = 60 };

#define QR_SIDE_MM 50.0

/* ---- exceptions ------------------------------------------------------------------------------ */

static size_t count_findings(const struct verdict *verdict, bool breach)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        count += verdict->findings[i].breach == breach ? 1 : 0;
    }
    return count;
}

/* "record 41, KHPP-28-L: pieces: 2 pieces found, ...": the verifier's own words. */
static void put_findings(struct report *report, bool breach)
{
    const struct verdict *verdict = &report->dossier->verdict;
    struct text_style style = paper_style(&report->paper, 0.95, breach);
    size_t told = 0;
    for (size_t i = 0; i < verdict->finding_count && told < LISTED_MAX; i++) {
        const struct finding *finding = &verdict->findings[i];
        struct buffer text = { 0 };
        char name[NAME_BYTES];
        if (finding->breach != breach) {
            continue;
        }
        buffer_printf(&text, "• ");
        report_word(report, &text, finding->code);
        buffer_printf(&text, ": ");
        if (finding->record != NOTHING) {
            report_word(report, &text, N_("record"));
            buffer_printf(&text, " %llu, ", (unsigned long long)finding->record);
        }
        if (finding->subject != NOTHING) {
            buffer_printf(&text, "%s: ", dossier_name(report->dossier, finding->subject, name));
        }
        buffer_printf(&text, "%s", finding->text);
        paper_text(&report->paper, buffer_view(&text), &style);
        buffer_free(&text);
        told++;
    }
    size_t all = count_findings(verdict, breach);
    if (all > told) {
        report_say(report, 0.95, breach, N_("and %zu more, each among the certified lines below"), all - told);
    }
}

static void put_withheld(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    struct text_style style = paper_style(&report->paper, 0.95, false);
    for (size_t i = 0; i < verdict->withheld_count && i < LISTED_MAX; i++) {
        const struct verdict_withheld *withheld = &verdict->withheld[i];
        struct buffer text = { 0 };
        buffer_printf(&text, "• ");
        report_detail_name(report, &text, withheld->name);
        buffer_printf(&text, ", ");
        report_word(report, &text, N_("record"));
        buffer_printf(&text, " %llu: ", (unsigned long long)withheld->record);
        report_word(report, &text, withheld->erased ? N_("erased, under record") : N_("withheld, under record"));
        buffer_printf(&text, " %llu", (unsigned long long)withheld->under);
        paper_text(&report->paper, buffer_view(&text), &style);
        buffer_free(&text);
    }
    if (verdict->withheld_count > LISTED_MAX) {
        report_say(report, 0.95, false, N_("and %zu more details withheld or erased"), verdict->withheld_count - LISTED_MAX);
    }
}

static void put_exceptions(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    size_t breaches = count_findings(verdict, true), findings = count_findings(verdict, false);
    paper_heading(&report->paper, 2, N_("Exceptions"));
    if (breaches == 0) {
        report_say(report, 1.1, true, N_("No rule of custody was broken by the records."));
    } else {
        report_say(report, 1.1, true, N_("Rules of custody were broken. Breaches: %zu."), breaches);
        report_breaches(report);
        paper_space(&report->paper, 3);
        put_findings(report, true);
    }
    if (findings == 0) {
        report_say(report, 1.0, false, N_("There is no further finding for the court to weigh."));
    } else {
        report_say(report, 1.0, true, N_("For the court to weigh: %zu."), findings);
        put_findings(report, false);
    }
    if (verdict->withheld_count == 0) {
        report_say(report, 1.0, false, N_("Nothing is withheld or erased."));
    } else {
        report_say(report, 1.0, true, N_("Withheld or erased details: %zu. Each is named, with the order that covers it."), verdict->withheld_count);
        put_withheld(report);
    }
}

/* ---- things ---------------------------------------------------------------------------------- */

static bool asked_case(const struct report *report, uint64_t of_case)
{
    const struct dossier_subject *subject = of_case == NOTHING ? NULL : dossier_subject(report->dossier, of_case);
    return subject != NULL && subject->asked;
}

/* Is it about this group that the court asked? */
static bool is_certified(const struct report *report, const struct report_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct dossier_subject *subject = report->things[group->things[i]].subject;
        if (subject->asked || asked_case(report, subject->thing.of_case)) {
            return true;
        }
    }
    return false;
}

static void put_groups(struct report *report, const char *heading, void (*put)(struct report *, const struct report_group *))
{
    paper_heading(&report->paper, 2, heading);
    for (size_t i = 0; i < report->group_count && !paper_failed(&report->paper); i++) {
        if (is_certified(report, &report->groups[i])) {
            struct report_numbers names = { 0 };
            struct buffer title = { 0 };
            for (size_t k = 0; k < report->groups[i].count; k++) {
                report_number(report, &names, report->things[report->groups[i].things[k]].subject->number);
            }
            report_numbers_sort(&names);
            report_names(report, &title, &names, 6);
            paper_title(&report->paper, 3, buffer_view(&title));
            put(report, &report->groups[i]);
            report_numbers_free(&names);
            buffer_free(&title);
        }
    }
}

/* ---- certified lines ------------------------------------------------------------------------- */

static const struct paper_column line_columns[] = {
    { .share = 1.0, .heading = N_("Line"), .align = ALIGN_RIGHT },
    { .share = 3.0, .heading = N_("What it is"), .align = ALIGN_LEFT },
    { .share = 9.0, .heading = N_("What the records say"), .align = ALIGN_LEFT },
};

/* "value" or "value (word)", the word translated. */
static void put_value(struct report *report, const struct certified_line *line, struct buffer *out)
{
    buffer_append_view(out, buffer_view(&line->value));
    if (line->word != NULL) {
        buffer_printf(out, "%s", line->value.len == 0 ? "" : " (");
        report_word(report, out, line->word);
        buffer_printf(out, "%s", line->value.len == 0 ? "" : ")");
    }
}

static void put_lines(struct report *report)
{
    const struct verdict *verdict = &report->dossier->verdict;
    paper_heading(&report->paper, 2, N_("Certified lines"));
    report_say(report, 1.0, false, N_("unbroken-verify prints these lines, with these numbers, out of the files that are attached to this paper. A paper that says otherwise is forged."));
    paper_table_begin(&report->paper, line_columns, 3, true);
    for (size_t i = 0; i < verdict->line_count && !paper_failed(&report->paper);) {
        struct buffer cells[3] = { { 0 } };
        size_t first = i;
        report_word(report, &cells[1], verdict->lines[i].label);
        put_value(report, &verdict->lines[i], &cells[2]);
        /* What is said of one thing stands together: a thousand things are a thousand rows. */
        for (i++; i < verdict->line_count && verdict->lines[i].subject != NOTHING && verdict->lines[i].subject == verdict->lines[first].subject &&
                  strcmp(verdict->lines[first].label, "Thing") == 0 && strcmp(verdict->lines[i].label, "Thing") != 0;
             i++) {
            buffer_printf(&cells[2], "; ");
            report_word(report, &cells[2], verdict->lines[i].label);
            buffer_printf(&cells[2], ": ");
            put_value(report, &verdict->lines[i], &cells[2]);
        }
        buffer_printf(&cells[0], i - first > 1 ? "%zu–%zu" : "%zu", first + 1, i);
        report_row(report, cells, 3, false);
    }
    paper_table_end(&report->paper);
}

/* ---- proof ----------------------------------------------------------------------------------- */

static void put_proof(struct certify *certify)
{
    struct report *report = &certify->report;
    struct qr qr = { 0 };
    struct fault fault = { 0 };
    struct buffer caption = { 0 };
    paper_heading(&report->paper, 2, N_("The proof"));
    report_identity(report);
    if (qr_encode(certify->form->qr, QR_MEDIUM, &qr, &fault) != STATUS_OK) {
        paper_fail(&report->paper, &fault);
    }
    report_cell(report, &caption, N_("The certified statement: what is certified, the signed checkpoint that it stands on, and the certifier's signature. It is attached to this file too."));
    buffer_printf(&caption, "\n%s", report->dossier->verdict.certificate);
    paper_qr(&report->paper, &qr, QR_SIDE_MM, buffer_view(&caption));
    buffer_free(&caption);
    qr_free(&qr);
}

static void put_check(struct certify *certify)
{
    struct report *report = &certify->report;
    struct text_style strong = paper_style(&report->paper, 1.0, true);
    struct buffer command = { 0 };
    paper_heading(&report->paper, 2, N_("How to repeat the check"));
    report_say(report, 1.0, false, N_("On any computer, without a network, with the court's policy (the file with the ledger's key) from somebody whom you trust:"));
    buffer_printf(&command, "unbroken-verify --policy court.policy%s %s", report->dossier->verdict.training ? " --training" : "", certify->form->file);
    paper_text(&report->paper, buffer_view(&command), &strong);
    report_say(report, 1.0, false, N_("It checks the records that are attached to this file and prints every certified line. The program does not see this page: compare the lines with it."));
    buffer_free(&command);
}

void certify_part(struct certify *certify, enum template_part part)
{
    struct report *report = &certify->report;
    switch (part) {
    case TEMPLATE_EXCEPTIONS: put_exceptions(report); return;
    case TEMPLATE_RESULT: report_result(report); return;
    case TEMPLATE_THINGS: put_groups(report, N_("What is certified"), report_group_things); return;
    case TEMPLATE_TIMELINE: put_groups(report, N_("Custody over time"), report_group_picture); return;
    case TEMPLATE_HISTORY: put_groups(report, N_("Every handling"), report_group_story); return;
    case TEMPLATE_SEALS: report_seal_history(report); return;
    case TEMPLATE_TESTIFY: report_people(report); return;
    case TEMPLATE_NOT_PROVEN: report_not_proven(report); return;
    case TEMPLATE_TIMES: report_basis(report); return;
    case TEMPLATE_LINES: put_lines(report); return;
    case TEMPLATE_PROOF: put_proof(certify); return;
    case TEMPLATE_CHECK: put_check(certify); return;
    case TEMPLATE_PARTS: return;
    }
}
