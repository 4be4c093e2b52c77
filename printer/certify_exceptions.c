/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify_exceptions: what is wrong, before anything else is said: breaches with place and reason, gaps, what is withheld, findings, what nobody
 * witnessed. Where there is nothing of a kind, it says so.
 */
#include "printer/certify_inside.h"

#include <string.h>

#include "verify/certificate.h"

enum { ROWS_MAX = 40, RUNS = 8 };

/* ---- breaches and findings ------------------------------------------------------------------- */

static const struct paper_column columns[] = {
    { .share = 0.9, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 1.6, .heading = N_("Logged"), .align = ALIGN_LEFT },
    { .share = 2.4, .heading = N_("Things"), .align = ALIGN_LEFT },
    { .share = 1.8, .heading = N_("Place"), .align = ALIGN_LEFT },
    { .share = 5.3, .heading = N_("What"), .align = ALIGN_LEFT },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

/* Those that stand among the certified lines. */
static bool is_told(const struct finding *finding, bool breach)
{
    return finding->breach == breach && (certificate_counts(finding) || strcmp(finding->code, "other") == 0);
}

static bool is_same(const struct finding *a, const struct finding *b)
{
    return a->breach == b->breach && a->record == b->record && a->record != NOTHING && a->subject != NOTHING && strcmp(a->code, b->code) == 0;
}

/* Where it was: as the record says, or where the thing was then. */
static uint64_t place_of(const struct certify *certify, const struct finding *finding)
{
    const struct dossier *dossier = certify->report.dossier;
    const struct dossier_record *record = finding->record == NOTHING ? NULL : dossier_record(dossier, finding->record);
    const struct dossier_subject *subject = finding->subject == NOTHING ? NULL : dossier_subject(dossier, finding->subject);
    uint64_t place = record == NULL || !record->is_act ? NOTHING : record->place;
    for (size_t i = 0; subject != NULL && subject->is_thing && place == NOTHING && i < subject->thing.spans.count; i++) {
        const struct dossier_span *span = &dossier->spans[subject->thing.spans.first + i];
        if (span->record <= finding->record && (span->until == NOTHING || span->until > finding->record)) {
            place = span->place;
        }
    }
    return place;
}

/* The reason that the signers of the n-th deviation state. */
static void put_reason(struct certify *certify, size_t deviation, struct buffer *out)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct report *report = &certify->report;
    buffer_append_byte(out, '\n');
    report_word(report, out, N_("Reason stated:"));
    buffer_append_byte(out, ' ');
    if (deviation < verdict->reason_count && verdict->reasons[deviation].len > 0) {
        buffer_append_view(out, buffer_view(&verdict->reasons[deviation]));
    } else {
        report_word(report, out, N_("not stated"));
    }
}

static void put_row(struct certify *certify, const struct finding *finding, const struct report_numbers *things, size_t deviation)
{
    struct report *report = &certify->report;
    struct buffer cells[COLUMNS] = { { 0 } };
    const struct dossier_record *record = finding->record == NOTHING ? NULL : dossier_record(report->dossier, finding->record);
    if (finding->record != NOTHING) {
        buffer_printf(&cells[0], "%llu", (unsigned long long)finding->record);
    }
    if (record != NULL) {
        report_time(report, &cells[1], record->logged_s);
    }
    report_names(report, &cells[2], things, RUNS);
    report_subject(report, &cells[3], place_of(certify, finding));
    report_word(report, &cells[4], finding->code);
    buffer_printf(&cells[4], ": %s", finding->text);
    if (finding->breach && strcmp(finding->code, "deviation") == 0) {
        put_reason(certify, deviation, &cells[4]);
    }
    certify_row(certify, cells, COLUMNS);
}

/* Findings of one record and code that follow one another are one row: a thousand tusks in one late lorry. */
static void put_table(struct certify *certify, bool breach)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct report *report = &certify->report;
    size_t rows = 0, deviations = 0, left = 0;
    paper_table_begin(&report->paper, columns, COLUMNS, true);
    for (size_t i = 0, end; i < verdict->finding_count && !paper_failed(&report->paper); i = end) {
        const struct finding *finding = &verdict->findings[i];
        struct report_numbers things = { 0 };
        end = i + 1;
        if (is_told(finding, breach)) {
            report_number(report, &things, finding->subject);
            for (; end < verdict->finding_count && strcmp(finding->code, "deviation") != 0 && is_same(finding, &verdict->findings[end]); end++) {
                report_number(report, &things, verdict->findings[end].subject);
            }
            report_numbers_sort(&things);
            if (things.count == 0 && finding->record != NOTHING && dossier_record(report->dossier, finding->record) != NULL) {
                certify_record_things(certify, dossier_record(report->dossier, finding->record), &things);
            }
            if (rows++ < ROWS_MAX) {
                put_row(certify, finding, &things, deviations);
            } else {
                left += end - i;
            }
        }
        deviations += finding->breach && strcmp(finding->code, "deviation") == 0 ? 1 : 0;
        report_numbers_free(&things);
    }
    paper_table_end(&report->paper);
    if (left > 0) {
        report_say(report, 1.0, true, N_("And further ones, %zu: each of them stands among the certified lines at the end."), left);
    }
}

static size_t count_told(const struct verdict *verdict, bool breach)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        count += is_told(&verdict->findings[i], breach) ? 1 : 0;
    }
    return count;
}

static void put_breaches(struct certify *certify)
{
    size_t count = count_told(&certify->report.dossier->verdict, true);
    if (count == 0) {
        report_say(&certify->report, 1.0, true, N_("Breaches of a rule of custody: none."));
    } else {
        report_say(&certify->report, 1.1, true, N_("Breaches of a rule of custody: %zu."), count);
        put_table(certify, true);
    }
}

static void put_findings(struct certify *certify)
{
    size_t count = count_told(&certify->report.dossier->verdict, false);
    if (count == 0) {
        report_say(&certify->report, 1.0, true, N_("Findings, which break no rule but should be known: none."));
    } else {
        report_say(&certify->report, 1.0, true, N_("Findings, which break no rule but should be known: %zu."), count);
        put_table(certify, false);
    }
}

/* ---- gaps, and what is withheld -------------------------------------------------------------- */

static void put_gaps(struct certify *certify)
{
    struct buffer how_long = { 0 };
    uint64_t longest = 0;
    for (size_t i = 0; i < certify->gap_count; i++) {
        const struct certify_gap *gap = &certify->gaps[i];
        uint64_t length = gap->until_s > gap->from_s ? gap->until_s - gap->from_s : 0;
        longest = length > longest ? length : longest;
    }
    if (certify->gap_count == 0) {
        report_say(&certify->report, 1.0, true, N_("Gaps: none."));
    } else {
        report_duration(&certify->report, &how_long, longest);
        report_say(&certify->report, 1.0, true, N_("Gaps, counted for each thing: %zu; the longest: %.*s. Each of them stands under \"Gaps\"."), certify->gap_count,
                   (int)how_long.len, (const char *)how_long.ptr);
    }
    buffer_free(&how_long);
}

static const struct paper_column withheld_columns[] = {
    { .share = 1, .heading = N_("Record"), .align = ALIGN_LEFT },
    { .share = 3, .heading = N_("Of what"), .align = ALIGN_LEFT },
    { .share = 3, .heading = N_("Which detail"), .align = ALIGN_LEFT },
    { .share = 4, .heading = N_("Under what"), .align = ALIGN_LEFT },
};

static void put_withheld_row(struct certify *certify, const struct verdict_withheld *withheld)
{
    struct report *report = &certify->report;
    struct buffer cells[4] = { { 0 } };
    buffer_printf(&cells[0], "%llu", (unsigned long long)withheld->record);
    if (withheld->subject == NOTHING) {
        report_word(report, &cells[1], N_("the act as a whole"));
    } else {
        report_subject(report, &cells[1], withheld->subject);
    }
    report_detail_name(report, &cells[2], withheld->name);
    report_cell(report, &cells[3], withheld->erased ? N_("erased under record %llu") : N_("withheld under record %llu"), (unsigned long long)withheld->under);
    certify_row(certify, cells, 4);
}

static void put_withheld(struct certify *certify)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct report *report = &certify->report;
    if (verdict->withheld_count == 0) {
        report_say(report, 1.0, true, N_("Details withheld or erased: none."));
        return;
    }
    report_say(report, 1.0, true, N_("Details withheld or erased: %zu."), verdict->withheld_count);
    paper_table_begin(&report->paper, withheld_columns, 4, true);
    for (size_t i = 0; i < verdict->withheld_count && i < ROWS_MAX; i++) {
        put_withheld_row(certify, &verdict->withheld[i]);
    }
    paper_table_end(&report->paper);
    if (verdict->withheld_count > ROWS_MAX) {
        report_say(report, 1.0, true, N_("And further ones, %zu: unbroken-verify names each of them."), verdict->withheld_count - ROWS_MAX);
    }
}

/* Who besides the station could have seen that the past was rewritten. */
static void put_witnesses(struct certify *certify)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    if (verdict->witness_count == 0) {
        report_say(&certify->report, 1.0, true, N_("Witnesses: none. Nobody but the station has signed the state of the ledger that this paper rests on."));
    }
    for (size_t i = 0; i < verdict->note_count; i++) {
        report_say(&certify->report, 1.0, true, N_("Not checked (%s): %s"), verdict->notes[i].code, verdict->notes[i].text);
    }
}

void certify_exceptions(struct certify *certify)
{
    paper_heading(&certify->report.paper, 2, N_("Exceptions, to be read first"));
    put_breaches(certify);
    put_gaps(certify);
    put_withheld(certify);
    put_findings(certify);
    put_witnesses(certify);
    paper_space(&certify->report.paper, 4);
    paper_rule(&certify->report.paper);
    paper_space(&certify->report.paper, 4);
}
