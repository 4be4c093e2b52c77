/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_events: what is open or late, where what was found was not what was expected, seals, stock-takes: each a table in the order of time.
 */
#include "printer/report_inside.h"

#include "verify/state.h"

#include <string.h>

#define RUNS 12

/* ---- open and late --------------------------------------------------------------------------- */

static const struct paper_column open_columns[] = {
    { .share = 1, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 1.8, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 3.4, .heading = N_("Things"), .align = ALIGN_LEFT },
    { .share = 2.6, .heading = N_("From"), .align = ALIGN_LEFT },
    { .share = 2.6, .heading = N_("To whom"), .align = ALIGN_LEFT },
    { .share = 1.8, .heading = N_("Due"), .align = ALIGN_LEFT },
    { .share = 1.3, .heading = N_("Late"), .align = ALIGN_LEFT },
};

enum { OPEN_COLUMNS = sizeof open_columns / sizeof open_columns[0] };

static void put_open(struct report *report, const struct dossier_record *record, const struct report_numbers *things, const struct dossier_thing *thing)
{
    struct buffer cells[OPEN_COLUMNS] = { { 0 } };
    buffer_printf(&cells[0], "%llu", (unsigned long long)record->index);
    report_time(report, &cells[1], record->logged_s);
    report_names(report, &cells[2], things, RUNS);
    report_signers(report, &cells[3], record);
    if (record->has_to) {
        report_party(report, &cells[4], &record->to);
    }
    for (size_t i = 0; i < record->all_details.count && record->kind == KIND_HANDOUT; i++) {
        const struct dossier_detail *detail = &report->dossier->details[record->all_details.first + i];
        if (detail->name == NAME_COUNTERPARTY) {
            buffer_append_view(&cells[4], view_text(cells[4].len == 0 ? "" : "; "));
            report_detail(report, &cells[4], detail);
            break;
        }
    }
    if (thing->due_s != NOTHING) {
        report_time(report, &cells[5], thing->due_s);
    }
    report_word(report, &cells[6], thing->overdue ? N_("LATE") : N_("not yet"));
    report_row(report, cells, OPEN_COLUMNS, thing->overdue);
}

void report_open(struct report *report)
{
    struct report_numbers records = { 0 };
    for (size_t i = 0; i < report->thing_count; i++) {
        const struct dossier_thing *thing = &report->things[i].subject->thing;
        if (thing->container == NOTHING) {
            report_number(report, &records, thing->open);
        }
    }
    report_numbers_sort(&records);
    paper_heading(&report->paper, 2, N_("Handovers that are still open"));
    if (records.count == 0) {
        report_say(report, 1.0, false, N_("None: whatever was released or handed out has been answered."));
    } else {
        paper_table_begin(&report->paper, open_columns, OPEN_COLUMNS, true);
        for (size_t i = 0; i < records.count; i++) {
            const struct dossier_record *record = dossier_record(report->dossier, records.list[i]);
            const struct dossier_thing *any = NULL;
            struct report_numbers things = { 0 };
            for (size_t k = 0; k < report->thing_count; k++) {
                const struct dossier_subject *subject = report->things[k].subject;
                if (subject->thing.open == records.list[i] && subject->thing.container == NOTHING) {
                    report_number(report, &things, subject->number);
                    any = &subject->thing;
                }
            }
            if (record != NULL && any != NULL) {
                put_open(report, record, &things, any);
            }
            report_numbers_free(&things);
        }
        paper_table_end(&report->paper);
    }
    report_numbers_free(&records);
}

/* ---- what was not as expected ---------------------------------------------------------------- */

static const struct paper_column event_columns[] = {
    { .share = 1, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 1.9, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 2.2, .heading = N_("What was done"), .align = ALIGN_LEFT },
    { .share = 3, .heading = N_("Things"), .align = ALIGN_LEFT },
    { .share = 5.4, .heading = N_("What was stated"), .align = ALIGN_LEFT },
};

enum { EVENT_COLUMNS = sizeof event_columns / sizeof event_columns[0] };

static void begin_event(struct report *report, const struct dossier_record *record, struct buffer cells[EVENT_COLUMNS])
{
    buffer_printf(&cells[0], "%llu", (unsigned long long)record->index);
    report_time(report, &cells[1], record->logged_s);
    report_act(report, &cells[2], record);
}

static void put_entries(struct report *report, const struct dossier_record *record, struct buffer *out)
{
    struct report_numbers things = { 0 };
    for (size_t i = 0; i < record->entries.count; i++) {
        report_number(report, &things, report->dossier->entries[record->entries.first + i].subject);
    }
    report_numbers_sort(&things);
    report_names(report, out, &things, RUNS);
    report_numbers_free(&things);
}

static bool is_discrepancy_word(uint64_t name)
{
    const struct detail_name *rule = detail_by_number(name);
    return name == NAME_DRIFT || name == NAME_REASON || (rule != NULL && strcmp(rule->name, "discrepancy") == 0);
}

/* Refusals, acceptances with a discrepancy, withdrawals, deviations, and whatever states a discrepancy in words. */
static bool is_discrepancy(const struct dossier *dossier, const struct dossier_record *record)
{
    bool word = false;
    for (size_t i = 0; i < record->all_details.count; i++) {
        const struct detail_name *rule = detail_by_number(dossier->details[record->all_details.first + i].name);
        word = word || (rule != NULL && strcmp(rule->name, "discrepancy") == 0);
    }
    return word || record->deviation || record->kind == KIND_REFUSE || record->kind == KIND_WITHDRAW ||
           (record->kind == KIND_ACCEPT && record->has_code && record->code == 3);
}

static void put_discrepancy(struct report *report, const struct dossier_record *record)
{
    struct buffer cells[EVENT_COLUMNS] = { { 0 } };
    struct dossier_run found = dossier_findings(report->dossier, record->index);
    begin_event(report, record, cells);
    put_entries(report, record, &cells[3]);
    for (size_t i = 0; i < record->all_details.count; i++) {
        const struct dossier_detail *detail = &report->dossier->details[record->all_details.first + i];
        bool again = i > 0 && detail[-1].name == detail->name && view_equal(detail[-1].text, detail->text);
        if (is_discrepancy_word(detail->name) && !again) {
            buffer_append_view(&cells[4], view_text(cells[4].len == 0 ? "" : "; "));
            report_detail_name(report, &cells[4], detail->name);
            buffer_append_view(&cells[4], view_text(": "));
            report_detail(report, &cells[4], detail);
        }
    }
    for (size_t i = 0; i < found.count && i < 4; i++) {
        buffer_append_view(&cells[4], view_text(cells[4].len == 0 ? "" : "; "));
        buffer_append_view(&cells[4], view_text(report->dossier->verdict.findings[found.first + i].text));
    }
    report_row(report, cells, EVENT_COLUMNS, false);
}

void report_discrepancies(struct report *report)
{
    const struct dossier *dossier = report->dossier;
    size_t count = 0;
    paper_heading(&report->paper, 2, N_("Discrepancies, refusals, deviations"));
    for (size_t i = 0; i < dossier->record_count; i++) {
        count += dossier->records[i].is_act && is_discrepancy(dossier, &dossier->records[i]) ? 1 : 0;
    }
    if (count == 0) {
        report_say(report, 1.0, false, N_("None was recorded."));
        return;
    }
    paper_table_begin(&report->paper, event_columns, EVENT_COLUMNS, true);
    for (size_t i = 0; i < dossier->record_count && !paper_failed(&report->paper); i++) {
        if (dossier->records[i].is_act && is_discrepancy(dossier, &dossier->records[i])) {
            put_discrepancy(report, &dossier->records[i]);
        }
    }
    paper_table_end(&report->paper);
}

/* ---- seals ----------------------------------------------------------------------------------- */

static const struct paper_column seal_columns[] = {
    { .share = 2, .heading = N_("Thing"), .align = ALIGN_LEFT },
    { .share = 1, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 1.9, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 2.4, .heading = N_("What was done"), .align = ALIGN_LEFT },
    { .share = 1.9, .heading = N_("Seals found"), .align = ALIGN_LEFT },
    { .share = 1.9, .heading = N_("Taken off"), .align = ALIGN_LEFT },
    { .share = 1.9, .heading = N_("Put on"), .align = ALIGN_LEFT },
};

enum { SEAL_COLUMNS = sizeof seal_columns / sizeof seal_columns[0] };

static void put_seals_of(struct report *report, const struct dossier_subject *subject)
{
    struct dossier_fact fact = { 0 };
    bool first = true;
    while (dossier_next(report->dossier, subject, BIT(FACT_FOUND) | BIT(FACT_REMOVED) | BIT(FACT_PUT_ON), &fact) && !paper_failed(&report->paper)) {
        struct buffer cells[SEAL_COLUMNS] = { { 0 } };
        buffer_append_view(&cells[0], view_text(first ? subject->name : ""));
        buffer_printf(&cells[1], "%llu", (unsigned long long)fact.record->index);
        report_time(report, &cells[2], fact.record->logged_s);
        report_act(report, &cells[3], fact.record);
        if ((fact.entry->facts & BIT(FACT_FOUND)) != 0) {
            report_seals(report, &cells[4], fact.entry->found);
        }
        if ((fact.entry->facts & BIT(FACT_REMOVED)) != 0) {
            report_seals(report, &cells[5], fact.entry->removed);
        }
        if ((fact.entry->facts & BIT(FACT_PUT_ON)) != 0) {
            report_seals(report, &cells[6], fact.entry->put_on);
        }
        report_row(report, cells, SEAL_COLUMNS, false);
        first = false;
    }
}

void report_seal_history(struct report *report)
{
    paper_heading(&report->paper, 2, N_("Seals, thing by thing"));
    report_say(report, 1.0, false, N_("Only things that ever had a seal, or of which somebody stated which seals were found."));
    paper_table_begin(&report->paper, seal_columns, SEAL_COLUMNS, true);
    for (size_t i = 0; i < report->thing_count && !paper_failed(&report->paper); i++) {
        put_seals_of(report, report->things[i].subject);
    }
    paper_table_end(&report->paper);
}

/* ---- stock-takes ----------------------------------------------------------------------------- */

/* "found: KHPP-12-2 … ; not found: ..." */
static void put_outcomes(struct report *report, const struct dossier_record *record, struct buffer *out)
{
    for (uint64_t outcome = 1; outcome <= 4; outcome++) {
        struct report_numbers things = { 0 };
        for (size_t i = 0; i < record->entries.count; i++) {
            const struct dossier_entry *entry = &report->dossier->entries[record->entries.first + i];
            if ((entry->facts & BIT(FACT_OUTCOME)) != 0 && entry->outcome == outcome) {
                report_number(report, &things, entry->subject);
            }
        }
        report_numbers_sort(&things);
        if (things.count > 0) {
            buffer_append_view(out, view_text(out->len == 0 ? "" : "; "));
            report_word(report, out, outcome_name(outcome));
            buffer_printf(out, " (%zu): ", things.count);
            report_names(report, out, &things, RUNS);
        }
        report_numbers_free(&things);
    }
}

static const struct paper_column stocktake_columns[] = {
    { .share = 1, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 1.9, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 3.6, .heading = N_("By whom"), .align = ALIGN_LEFT },
    { .share = 6, .heading = N_("Result"), .align = ALIGN_LEFT },
};

enum { STOCKTAKE_COLUMNS = sizeof stocktake_columns / sizeof stocktake_columns[0] };

void report_stocktakes(struct report *report)
{
    const struct dossier *dossier = report->dossier;
    bool any = false;
    paper_heading(&report->paper, 2, N_("Stock-takes"));
    for (size_t i = 0; i < dossier->record_count && !any; i++) {
        any = dossier->records[i].is_act && dossier->records[i].kind == KIND_STOCKTAKE;
    }
    if (!any) {
        report_say(report, 1.0, false, N_("Nothing of this case was ever counted at a stock-take."));
        return;
    }
    paper_table_begin(&report->paper, stocktake_columns, STOCKTAKE_COLUMNS, true);
    for (size_t i = 0; i < dossier->record_count && !paper_failed(&report->paper); i++) {
        const struct dossier_record *record = &dossier->records[i];
        if (!record->is_act || record->kind != KIND_STOCKTAKE) {
            continue;
        }
        struct buffer cells[STOCKTAKE_COLUMNS] = { { 0 } };
        buffer_printf(&cells[0], "%llu", (unsigned long long)record->index);
        report_time(report, &cells[1], record->logged_s);
        report_signers(report, &cells[2], record);
        put_outcomes(report, record, &cells[3]);
        report_row(report, cells, STOCKTAKE_COLUMNS, false);
    }
    paper_table_end(&report->paper);
}
