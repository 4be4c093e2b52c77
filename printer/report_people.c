/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_people: who must testify and on what: everyone who signed a record of this case's things, with the office and the record that gave
 * it; and those without a key, of whom only papers speak.
 */
#include "printer/report_inside.h"

#include "verify/state.h"

static const struct paper_column columns[] = {
    { .share = 3, .heading = N_("Who"), .align = ALIGN_LEFT },
    { .share = 2.4, .heading = N_("Agency"), .align = ALIGN_LEFT },
    { .share = 2.4, .heading = N_("Office (record that gave it)"), .align = ALIGN_LEFT },
    { .share = 1.1, .heading = N_("Signed"), .align = ALIGN_LEFT },
    { .share = 5, .heading = N_("On what (records)"), .align = ALIGN_LEFT },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* The number of an appointment is that of the record in the person's own thread; a founder has his office by the founding itself. */
static uint64_t appointment_record(const struct dossier *dossier, const struct dossier_subject *person, uint64_t number)
{
    number = number == 0 && person->thread.count > 0 && dossier->records[dossier->thread[person->thread.first]].kind == KIND_FOUND ? 1 : number;
    return number == 0 || number > person->thread.count ? NOTHING : dossier->records[dossier->thread[person->thread.first + number - 1]].index;
}

static void put_offices(struct report *report, const struct dossier_subject *person, struct buffer *out)
{
    const struct dossier *dossier = report->dossier;
    for (size_t i = 0; i < person->signatures.count; i++) {
        const struct dossier_signature *at = &dossier->signatures[person->signatures.first + i];
        bool told = at->capacity == 0 || at->capacity >= OFFICE_COUNT;
        for (size_t k = 0; k < i && !told; k++) {
            const struct dossier_signature *before = &dossier->signatures[person->signatures.first + k];
            told = before->capacity == at->capacity && appointment_record(dossier, person, before->appointment) == appointment_record(dossier, person, at->appointment);
        }
        if (told) {
            continue;
        }
        uint64_t record = appointment_record(dossier, person, at->appointment);
        buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
        report_word(report, out, office_name((unsigned)at->capacity));
        if (record != NOTHING) {
            buffer_printf(out, " (%llu)", (unsigned long long)record);
        }
    }
}

/* "release: 41, 55; accept: 60" */
static void put_records(struct report *report, const struct dossier_subject *person, struct buffer *out)
{
    const struct dossier *dossier = report->dossier;
    for (unsigned kind = 0; kind < 256; kind++) {
        struct report_numbers records = { 0 };
        for (size_t i = 0; i < person->signatures.count; i++) {
            const struct dossier_record *record = &dossier->records[dossier->signatures[person->signatures.first + i].at];
            if (record->kind == kind) {
                report_number(report, &records, record->index);
            }
        }
        report_numbers_sort(&records);
        if (records.count > 0) {
            buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
            report_word(report, out, words_act(kind));
            buffer_append_view(out, view_text(": "));
            report_records(out, &records, 24);
        }
        report_numbers_free(&records);
    }
}

static void put_person(struct report *report, const struct dossier_subject *person)
{
    struct buffer cells[COLUMNS] = { { 0 } };
    report_subject(report, &cells[0], person->number);
    buffer_append_view(&cells[1], person->agency);
    put_offices(report, person, &cells[2]);
    buffer_printf(&cells[3], "%zu", person->signatures.count);
    put_records(report, person, &cells[4]);
    report_row(report, cells, COLUMNS, false);
}

/* ---- those without a key --------------------------------------------------------------------- */

static const struct paper_column outsiders[] = {
    { .share = 1, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 1.8, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 1.8, .heading = N_("What was done"), .align = ALIGN_LEFT },
    { .share = 5, .heading = N_("Who, as the signers wrote it down"), .align = ALIGN_LEFT },
};

enum { OUTSIDERS = sizeof outsiders / sizeof outsiders[0] };

static bool is_outsider(uint64_t name)
{
    const struct detail_name *rule = detail_by_number(name);
    return name == NAME_COUNTERPARTY || name == NAME_WITNESS || name == NAME_OWNER || name == NAME_RECIPIENT ||
           (rule != NULL && view_equal(view_text(rule->name), view_text("counterparty-identity")));
}

static void put_outsiders(struct report *report, const struct dossier_record *record)
{
    struct buffer cells[OUTSIDERS] = { { 0 } };
    for (size_t i = 0; i < record->all_details.count; i++) {
        const struct dossier_detail *detail = &report->dossier->details[record->all_details.first + i];
        bool again = i > 0 && detail[-1].name == detail->name && view_equal(detail[-1].text, detail->text);
        if (is_outsider(detail->name) && !again) {
            buffer_append_view(&cells[3], view_text(cells[3].len == 0 ? "" : "; "));
            report_detail_name(report, &cells[3], detail->name);
            buffer_append_view(&cells[3], view_text(": "));
            report_detail(report, &cells[3], detail);
        }
    }
    if (cells[3].len > 0) {
        buffer_printf(&cells[0], "%llu", (unsigned long long)record->index);
        report_time(report, &cells[1], record->logged_s);
        report_act(report, &cells[2], record);
        report_row(report, cells, OUTSIDERS, false);
    }
}

void report_people(struct report *report)
{
    const struct dossier *dossier = report->dossier;
    paper_heading(&report->paper, 2, N_("Who must testify, and on what"));
    report_say(report, 1.0, false, N_("A record's hash does not replace the witness. Each of these people signed with a key of their own; the number in brackets is the record that gave the office."));
    paper_table_begin(&report->paper, columns, COLUMNS, true);
    for (size_t i = 0; i < dossier->subject_count && !paper_failed(&report->paper); i++) {
        if (dossier->subjects[i].type == TYPE_PERSON && dossier->subjects[i].signatures.count > 0) {
            put_person(report, &dossier->subjects[i]);
        }
    }
    paper_table_end(&report->paper);
    report_line(report, N_("People without a key: witnesses, owners, counterparties"));
    report_say(report, 1.0, false, N_("Of these only the words of those who signed the record speak, and papers that are attached to it."));
    paper_table_begin(&report->paper, outsiders, OUTSIDERS, true);
    for (size_t i = 0; i < dossier->record_count && !paper_failed(&report->paper); i++) {
        put_outsiders(report, &dossier->records[i]);
    }
    paper_table_end(&report->paper);
}
