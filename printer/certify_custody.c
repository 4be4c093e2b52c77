/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify_custody: what was certified, thing by thing as the certified lines say it; the way of custody as a picture and as a table.
 */
#include "printer/certify_inside.h"
#include "printer/custody_chart.h"

#include <string.h>

#include "verify/state.h"

#define TITLE_PT 40.0

enum { PICTURES_MAX = 6, CLOSE_UPS = 1, RUNS = 8, SEALS_SHOWN = 6 };

/* ---- things ---------------------------------------------------------------------------------- */

static const struct paper_column thing_columns[] = {
    { .share = 1.5, .heading = N_("Thing"), .align = ALIGN_LEFT },
    { .share = 3.2, .heading = N_("Description"), .align = ALIGN_LEFT },
    { .share = 2, .heading = N_("Species"), .align = ALIGN_LEFT },
    { .share = 0.8, .heading = N_("Pieces"), .align = ALIGN_LEFT },
    { .share = 1.4, .heading = N_("Net mass"), .align = ALIGN_LEFT },
    { .share = 1.6, .heading = N_("Seals"), .align = ALIGN_LEFT },
    { .share = 1.2, .heading = N_("State"), .align = ALIGN_LEFT },
    { .share = 2, .heading = N_("Place"), .align = ALIGN_LEFT },
};

enum { THING_COLUMNS = sizeof thing_columns / sizeof thing_columns[0], STATE_COLUMN = 6 };

/* The lines of one thing follow one another; the columns are called as the lines are. */
static size_t put_thing(struct certify *certify, size_t at)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct buffer cells[THING_COLUMNS] = { { 0 } };
    size_t end = at;
    for (; end < verdict->line_count && verdict->lines[end].subject == verdict->lines[at].subject; end++) {
        if (strcmp(verdict->lines[end].label, CERTIFY_MISSING) == 0) { /* behind the line of the state */
            buffer_append_view(&cells[STATE_COLUMN], view_text("; "));
            report_word(&certify->report, &cells[STATE_COLUMN], N_("NOT FOUND at a stock-take"));
        }
        for (size_t k = 0; k < THING_COLUMNS; k++) {
            if (strcmp(verdict->lines[end].label, thing_columns[k].heading) == 0 && cells[k].len == 0) {
                const struct certified_line *line = &verdict->lines[end];
                buffer_append_view(&cells[k], buffer_view(&line->value));
                if (line->word != NULL) {
                    buffer_append_view(&cells[k], view_text(line->value.len == 0 ? "" : " ("));
                    report_word(&certify->report, &cells[k], line->word);
                    buffer_append_view(&cells[k], view_text(line->value.len == 0 ? "" : ")"));
                }
            }
        }
    }
    certify_row(certify, cells, THING_COLUMNS);
    return end;
}

/*
 * What was asked for and is no thing, line by line: cases, the ledger itself. People and places only where nothing else was asked for: beside
 * things they are in the bundle for their names.
 */
static void put_others(struct certify *certify)
{
    static const char *const all[] = { "Case", "Docket", "Law", "Court", "Asked for", "Person", "Agency", "Place" };
    enum { PLAIN = 5 };
    const struct verdict *verdict = &certify->report.dossier->verdict;
    uint64_t certifier = certify->statement.statement.certifier.person;
    size_t count = certify->things.count > 0 ? PLAIN : sizeof all / sizeof all[0];
    for (size_t i = 0; i < verdict->line_count && !paper_failed(&certify->report.paper); i++) {
        const struct certified_line *line = &verdict->lines[i];
        bool shown = false;
        for (size_t k = 0; k < count; k++) {
            shown = shown || strcmp(line->label, all[k]) == 0;
        }
        if (shown && line->subject != NOTHING && line->subject != certifier && !certify_has(certify, line->subject)) {
            struct buffer value = { 0 };
            certify_value(certify, &value, line);
            report_fact(&certify->report, line->label, &value);
        }
    }
}

void certify_things(struct certify *certify)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct report *report = &certify->report;
    paper_heading(&report->paper, 2, N_("What is certified"));
    put_others(certify);
    if (certify->things.count == 0) {
        report_say(report, 1.0, false, N_("No thing was asked for."));
        return;
    }
    report_say(report, 1.0, false, N_("Things: %zu. So they are by the last record of each."), certify->things.count);
    if (certify->things.count > CERTIFY_FEW) {
        certify_kinds(certify);
        return;
    }
    paper_table_begin(&report->paper, thing_columns, THING_COLUMNS, true);
    for (size_t i = 0; i < verdict->line_count && !paper_failed(&report->paper);) {
        i = strcmp(verdict->lines[i].label, "Thing") == 0 ? put_thing(certify, i) : i + 1;
    }
    paper_table_end(&report->paper);
}

/* ---- the picture ----------------------------------------------------------------------------- */

static void put_picture(struct certify *certify, const struct report_group *group)
{
    struct report *report = &certify->report;
    struct custody_chart chart = { 0 };
    struct report_numbers names = { 0 };
    struct buffer title = { 0 };
    const struct dossier_subject *subject = report->things[group->things[0]].subject;
    for (size_t i = 0; i < group->count; i++) {
        report_number(report, &names, report->things[group->things[i]].subject->number);
    }
    report_numbers_sort(&names);
    report_names(report, &title, &names, RUNS);
    custody_chart_of(report->dossier, subject->number, &certify->form->languages, &chart);
    chart.offset_min = certify->words.offset_min;
    custody_chart_need(&report->paper, &chart, TITLE_PT);
    paper_title(&report->paper, 3, buffer_view(&title));
    if (group->count > 1 && chart.bar_count > 0) {
        report_say(report, 0.85, false, N_("The picture is that of %s; the times of the others may differ by hours, not by days."), subject->name);
    }
    custody_chart_put_close(&report->paper, &chart, CLOSE_UPS);
    custody_chart_close(&chart);
    report_numbers_free(&names);
    buffer_free(&title);
}

static bool is_certified(const struct certify *certify, const struct report_group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        if (certify_has(certify, certify->report.things[group->things[i]].subject->number)) {
            return true;
        }
    }
    return false;
}

void certify_timeline(struct certify *certify)
{
    struct report *report = &certify->report;
    size_t shown = 0, left = 0;
    paper_heading(&report->paper, 2, N_("Custody as a picture"));
    for (size_t i = 0; i < report->group_count && !paper_failed(&report->paper); i++) {
        if (!is_certified(certify, &report->groups[i])) {
            continue;
        }
        if (shown < PICTURES_MAX) {
            put_picture(certify, &report->groups[i]);
            shown++;
        } else {
            left += report->groups[i].count;
        }
    }
    if (shown == 0) {
        report_say(report, 1.0, false, N_("No thing was asked for."));
    }
    if (left > 0) {
        report_say(report, 1.0, true, N_("Of further things, %zu, whose ways differ from these, there is no picture here: their histories stand in the table."), left);
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

static const struct paper_column history_columns[] = {
    { .share = 1.05, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 2.6, .heading = N_("Claimed; logged"), .align = ALIGN_LEFT },
    { .share = 1.6, .heading = N_("Act, purpose"), .align = ALIGN_LEFT },
    { .share = 2.6, .heading = N_("From, by whom"), .align = ALIGN_LEFT },
    { .share = 1.8, .heading = N_("To"), .align = ALIGN_LEFT },
    { .share = 1.7, .heading = N_("Place"), .align = ALIGN_LEFT },
    { .share = 1.9, .heading = N_("Seals"), .align = ALIGN_LEFT },
    { .share = 2.8, .heading = N_("Things"), .align = ALIGN_LEFT },
};

enum { HISTORY_COLUMNS = sizeof history_columns / sizeof history_columns[0] };

static bool has_seal(const struct report *report, struct dossier_run run, const struct view *told, size_t count, size_t i)
{
    for (size_t k = 0; k < count && k < SEALS_SHOWN; k++) {
        if (view_equal(told[k], report->dossier->seals[run.first + i])) {
            return true;
        }
    }
    return false;
}

/* "found: A, B, and 3 more": of all entries that state it; each number once. */
static void put_seals(struct certify *certify, const struct dossier_record *record, unsigned fact, const char *word, struct buffer *out)
{
    struct report *report = &certify->report;
    struct view told[SEALS_SHOWN] = { { 0 } };
    size_t count = 0, left = 0;
    bool stated = false;
    struct buffer list = { 0 };
    for (size_t i = 0; i < record->entries.count; i++) {
        const struct dossier_entry *entry = &report->dossier->entries[record->entries.first + i];
        struct dossier_run run = fact == FACT_FOUND ? entry->found : fact == FACT_REMOVED ? entry->removed : entry->put_on;
        if (!entry->known) {
            continue; /* another case's */
        }
        stated = stated || (entry->facts & BIT(fact)) != 0;
        for (size_t k = 0; (entry->facts & BIT(fact)) != 0 && k < run.count; k++) {
            if (has_seal(report, run, told, count, k)) {
                continue;
            }
            if (count == SEALS_SHOWN) {
                left++;
                continue;
            }
            told[count] = report->dossier->seals[run.first + k];
            buffer_append_view(&list, view_text(count == 0 ? "" : ", "));
            buffer_append_view(&list, told[count++]);
        }
    }
    if (stated) {
        buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
        report_word(report, out, word);
        buffer_append_byte(out, ' ');
        buffer_append_view(out, buffer_view(&list));
        if (count == 0) {
            report_word(report, out, N_("none"));
        } else if (left > 0) {
            buffer_append_view(out, view_text("; "));
            report_cell(report, out, N_("%zu more"), left);
        }
    }
    buffer_free(&list);
}

/* Claimed by who signed, logged by the station: two things, also where they are equal. */
static void put_times(struct certify *certify, const struct dossier_record *record, struct buffer *out)
{
    report_time(&certify->report, out, record->claimed_s);
    buffer_append_byte(out, '\n');
    report_time(&certify->report, out, record->logged_s);
}

/* Who gave it and signs is named once. */
static bool has_signed(const struct report *report, const struct dossier_record *record, const struct party *party)
{
    for (size_t i = 0; i < record->signers.count && party->has_person && !party->has_place; i++) {
        if (report->dossier->signers[record->signers.first + i].person == party->person) {
            return true;
        }
    }
    return false;
}

static void put_record(struct certify *certify, const struct dossier_record *record)
{
    struct report *report = &certify->report;
    struct buffer cells[HISTORY_COLUMNS] = { { 0 } };
    struct report_numbers things = { 0 };
    buffer_printf(&cells[0], "%llu", (unsigned long long)record->index);
    put_times(certify, record, &cells[1]);
    report_act(report, &cells[2], record);
    if (record->has_from && !has_signed(report, record, &record->from)) {
        report_party(report, &cells[3], &record->from);
        buffer_append_view(&cells[3], view_text("; "));
    }
    report_signers(report, &cells[3], record);
    if (record->has_to) {
        report_party(report, &cells[4], &record->to);
    }
    report_subject(report, &cells[5], record->place);
    put_seals(certify, record, FACT_FOUND, N_("found:"), &cells[6]);
    put_seals(certify, record, FACT_REMOVED, N_("taken off:"), &cells[6]);
    put_seals(certify, record, FACT_PUT_ON, N_("put on:"), &cells[6]);
    certify_record_things(certify, record, &things);
    report_names(report, &cells[7], &things, RUNS);
    certify_row(certify, cells, HISTORY_COLUMNS);
    report_numbers_free(&things);
}

void certify_history(struct certify *certify)
{
    struct report *report = &certify->report;
    const struct dossier *dossier = report->dossier;
    paper_heading(&report->paper, 2, N_("Custody record by record"));
    report_say(report, 1.0, false, N_("Above, the time that the signers claim; below it, the time at which the station logged the record. Who received is told by the record of the acceptance."));
    paper_table_begin(&report->paper, history_columns, HISTORY_COLUMNS, true);
    for (size_t i = 0; i < dossier->record_count && !paper_failed(&report->paper); i++) {
        if (dossier->records[i].is_act && dossier->records[i].kind > KIND_CLOCK) {
            put_record(certify, &dossier->records[i]);
        }
    }
    paper_table_end(&report->paper);
}
