/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify_lines: the certified lines as unbroken-verify prints them (SPEC 13.6): number, label, value, word. The lines of many things are set
 * one behind another: a thousand tusks are fifty pages, and not three hundred.
 */
#include "printer/certify_inside.h"

#include <string.h>

static const struct paper_column columns[] = {
    { .share = 0.7, .align = ALIGN_RIGHT },
    { .share = 3, .heading = N_("What"), .align = ALIGN_LEFT },
    { .share = 8.3, .heading = N_("As certified"), .align = ALIGN_LEFT },
};

/* Of many things: the number of the first line, the thing, all its lines. */
static const struct paper_column packed[] = {
    { .share = 0.8, .align = ALIGN_RIGHT },
    { .share = 1.4, .heading = N_("Thing"), .align = ALIGN_LEFT },
    { .share = 9.8, .heading = N_("As certified"), .align = ALIGN_LEFT },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static void put_row(struct certify *certify, size_t i)
{
    const struct certified_line *line = &certify->report.dossier->verdict.lines[i];
    struct buffer cells[COLUMNS] = { { 0 } };
    buffer_printf(&cells[0], "%zu.", i + 1);
    certify_word(certify, &cells[1], line->label);
    certify_value(certify, &cells[2], line);
    certify_row(certify, cells, COLUMNS);
}

/* All lines of one thing in one paragraph; returns the first line behind it. */
static size_t put_thing(struct certify *certify, size_t at)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct buffer cells[COLUMNS] = { { 0 } };
    size_t end = at;
    buffer_printf(&cells[0], "%zu.", at + 1);
    buffer_append_view(&cells[1], buffer_view(&verdict->lines[at].value));
    for (; end < verdict->line_count && verdict->lines[end].subject == verdict->lines[at].subject; end++) {
        buffer_printf(&cells[2], "%s%zu. ", end == at ? "" : "   ", end + 1);
        certify_word(certify, &cells[2], verdict->lines[end].label);
        buffer_append_view(&cells[2], view_text(": "));
        certify_value(certify, &cells[2], &verdict->lines[end]);
    }
    certify_row(certify, cells, COLUMNS);
    return end;
}

void certify_lines(struct certify *certify)
{
    struct report *report = &certify->report;
    const struct verdict *verdict = &report->dossier->verdict;
    bool many = certify->things.count > CERTIFY_FEW, is_packed = false;
    paper_break(&report->paper);
    paper_heading(&report->paper, 2, N_("The certified lines, to compare"));
    report_say(report, 1.0, false, N_("unbroken-verify prints exactly these lines, with these numbers, from the file. Where another page of this paper says otherwise, these lines count; where these lines "
                                      "differ from what the program prints, the paper is forged."));
    paper_table_begin(&report->paper, columns, COLUMNS, true);
    for (size_t i = 0; i < verdict->line_count && !paper_failed(&report->paper);) {
        bool thing = many && strcmp(verdict->lines[i].label, "Thing") == 0;
        if (thing != is_packed) {
            paper_table_end(&report->paper);
            paper_table_begin(&report->paper, thing ? packed : columns, COLUMNS, true);
            is_packed = thing;
        }
        if (thing) {
            i = put_thing(certify, i);
        } else {
            put_row(certify, i++);
        }
    }
    paper_table_end(&report->paper);
}
