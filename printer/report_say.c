/* SPDX-License-Identifier: Apache-2.0 */
/*
 * report_say: the small texts of the report: names, times, acts, seals, in one language or two.
 */
#include "printer/report_inside.h"

#include "verify/state.h"
#include "verify/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- numbers --------------------------------------------------------------------------------- */

void report_number(struct report *report, struct report_numbers *numbers, uint64_t number)
{
    if (number == NOTHING || (numbers->count > 0 && numbers->list[numbers->count - 1] == number)) {
        return;
    }
    if (numbers->count == numbers->cap) {
        size_t cap = numbers->cap == 0 ? 8 : numbers->cap * 2;
        uint64_t *list = realloc(numbers->list, cap * sizeof *list);
        if (list == NULL) {
            paper_fail(&report->paper, &(struct fault){ .status = STATUS_MEMORY, .at = FAULT_NOWHERE, .text = "out of memory" });
            return;
        }
        numbers->list = list;
        numbers->cap = cap;
    }
    numbers->list[numbers->count++] = number;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

void report_numbers_sort(struct report_numbers *numbers)
{
    size_t kept = 0;
    if (numbers->count > 0) {
        qsort(numbers->list, numbers->count, sizeof *numbers->list, by_number);
    }
    for (size_t i = 0; i < numbers->count; i++) {
        if (kept == 0 || numbers->list[kept - 1] != numbers->list[i]) {
            numbers->list[kept++] = numbers->list[i];
        }
    }
    numbers->count = kept;
}

void report_numbers_free(struct report_numbers *numbers)
{
    free(numbers->list);
    *numbers = (struct report_numbers){ 0 };
}

/* ---- two languages --------------------------------------------------------------------------- */

enum language report_second(const struct report *report)
{
    return report->form->languages.both ? report->form->languages.second : report->form->languages.first;
}

void report_flush(struct report *report, double size, bool bold)
{
    struct text_style style = paper_style(&report->paper, size, bold);
    if (report->form->languages.both && !view_equal(buffer_view(&report->first), buffer_view(&report->second))) {
        paper_beside(&report->paper, buffer_view(&report->first), buffer_view(&report->second), &style);
    } else {
        paper_text(&report->paper, buffer_view(&report->first), &style);
    }
    buffer_reset(&report->first);
    buffer_reset(&report->second);
}

void report_join(struct report *report, struct buffer *out)
{
    buffer_append_view(out, buffer_view(&report->first));
    if (report->form->languages.both && !view_equal(buffer_view(&report->first), buffer_view(&report->second))) {
        buffer_append_view(out, view_text(" / "));
        buffer_append_view(out, buffer_view(&report->second));
    }
    buffer_reset(&report->first);
    buffer_reset(&report->second);
}

void report_word(struct report *report, struct buffer *out, const char *english)
{
    words_both(out, &report->form->languages, english);
}

void report_line(struct report *report, const char *english)
{
    struct text_style style = paper_style(&report->paper, 1.0, true);
    paper_need(&report->paper, style.size_pt * 5);
    paper_space(&report->paper, style.size_pt * 0.4);
    paper_words(&report->paper, english, &style);
}

/* ---- subjects and records -------------------------------------------------------------------- */

void report_subject(struct report *report, struct buffer *out, uint64_t number)
{
    char name[NAME_BYTES];
    const struct dossier_subject *subject = dossier_subject(report->dossier, number);
    if (number == NOTHING) {
        return;
    }
    buffer_append_view(out, view_text(dossier_name(report->dossier, number, name)));
    if (subject != NULL && subject->title_shown != DOSSIER_SHOWN) {
        buffer_append_view(out, view_text(" ("));
        report_word(report, out, subject->title_shown == DOSSIER_ERASED ? N_("name erased") : N_("name withheld"));
        buffer_append_view(out, view_text(")"));
    } else if (subject != NULL && subject->title.len > 0) {
        buffer_append_byte(out, ' ');
        buffer_append_view(out, subject->title);
    }
}

void report_names(struct report *report, struct buffer *out, const struct report_numbers *numbers, size_t runs_max)
{
    char name[NAME_BYTES];
    size_t runs = 0;
    for (size_t i = 0, end; i < numbers->count; i = end) {
        for (end = i + 1; end < numbers->count && numbers->list[end] == numbers->list[end - 1] + 1; end++) {
        }
        if (runs == runs_max) {
            buffer_append_view(out, view_text("; "));
            report_cell(report, out, N_("%zu more"), numbers->count - i);
            return;
        }
        buffer_append_view(out, view_text(runs == 0 ? "" : ", "));
        buffer_append_view(out, view_text(dossier_name(report->dossier, numbers->list[i], name)));
        if (end > i + 1) {
            buffer_append_view(out, view_text(end > i + 2 ? " … " : ", "));
            buffer_append_view(out, view_text(dossier_name(report->dossier, numbers->list[end - 1], name)));
        }
        if (end > i + 2) {
            buffer_printf(out, " (%zu)", end - i);
        }
        runs++;
    }
}

void report_records(struct buffer *out, const struct report_numbers *numbers, size_t runs_max)
{
    size_t runs = 0;
    for (size_t i = 0, end; i < numbers->count; i = end) {
        for (end = i + 1; end < numbers->count && numbers->list[end] == numbers->list[end - 1] + 1; end++) {
        }
        if (runs == runs_max) {
            buffer_append_view(out, view_text(" …"));
            return;
        }
        buffer_printf(out, "%s%llu", runs == 0 ? "" : ", ", (unsigned long long)numbers->list[i]);
        if (end > i + 1) {
            buffer_printf(out, "–%llu", (unsigned long long)numbers->list[end - 1]);
        }
        runs++;
    }
}

static void put_time(const struct report *report, struct buffer *out, uint64_t time_s, size_t len)
{
    struct buffer text = { 0 };
    text_time_local(&text, time_s, report->form->offset_min);
    if (text.len >= 16 && text.ptr[0] != '@') {
        text.ptr[10] = ' ';
        text.len = len;
    }
    buffer_append_view(out, buffer_view(&text));
    buffer_free(&text);
}

void report_time(const struct report *report, struct buffer *out, uint64_t time_s)
{
    put_time(report, out, time_s, 16);
}

void report_date(const struct report *report, struct buffer *out, uint64_t time_s)
{
    put_time(report, out, time_s, 10);
}

void report_act(struct report *report, struct buffer *out, const struct dossier_record *record)
{
    const char *code = record->has_code ? code_name(record->kind, record->code) : "";
    report_word(report, out, words_act(record->kind));
    if (code[0] != '\0') {
        buffer_append_view(out, view_text(" ("));
        report_word(report, out, code);
        buffer_append_view(out, view_text(")"));
    }
    if (record->deviation) {
        buffer_append_view(out, view_text(", "));
        report_word(report, out, N_("DEVIATION from the rule"));
    }
    if (record->offline) {
        buffer_append_view(out, view_text(", "));
        report_word(report, out, N_("signed offline"));
    }
}

static void put_office(struct report *report, struct buffer *out, uint64_t office)
{
    if (office < OFFICE_COUNT) {
        report_word(report, out, office_name((unsigned)office));
    } else {
        buffer_printf(out, "%llu", (unsigned long long)office);
    }
}

void report_signers(struct report *report, struct buffer *out, const struct dossier_record *record)
{
    for (size_t i = 0; i < record->signers.count; i++) {
        const struct signer *signer = &report->dossier->signers[record->signers.first + i];
        buffer_append_view(out, view_text(i == 0 ? "" : "; "));
        report_subject(report, out, signer->person);
        if (signer->capacity != 0) {
            buffer_append_view(out, view_text(", "));
            put_office(report, out, signer->capacity);
        }
    }
}

void report_party(struct report *report, struct buffer *out, const struct party *party)
{
    if (party->has_person) {
        report_subject(report, out, party->person);
    } else if (party->has_office) {
        put_office(report, out, party->office);
    }
    if (party->has_place) {
        buffer_append_view(out, view_text(party->has_person || party->has_office ? " @ " : ""));
        report_subject(report, out, party->place);
    }
}

void report_seals(struct report *report, struct buffer *out, struct dossier_run seals)
{
    if (seals.count == 0) {
        report_word(report, out, N_("none"));
    }
    for (size_t i = 0; i < seals.count; i++) {
        buffer_append_view(out, view_text(i == 0 ? "" : ", "));
        buffer_append_view(out, report->dossier->seals[seals.first + i]);
    }
}

void report_detail_name(struct report *report, struct buffer *out, uint64_t name)
{
    const struct detail_name *rule = detail_by_number(name);
    size_t from = out->len;
    report_word(report, out, rule == NULL ? N_("detail of unknown name") : rule->name);
    for (size_t i = from; i < out->len; i++) {
        out->ptr[i] = out->ptr[i] == '-' ? ' ' : out->ptr[i];
    }
}

void report_detail(struct report *report, struct buffer *out, const struct dossier_detail *detail)
{
    if (detail->shown != DOSSIER_SHOWN) {
        report_cell(report, out, detail->shown == DOSSIER_ERASED ? N_("(erased under record %llu)") : N_("(withheld under record %llu)"),
                    (unsigned long long)detail->under);
    } else if (detail->type == VALUE_FILE) {
        buffer_append_view(out, detail->media);
        buffer_printf(out, ", %llu B, SHA-256 ", (unsigned long long)detail->length_bytes);
        text_hex(out, view_of(detail->file.bytes, sizeof detail->file.bytes));
        if (!detail->attached) {
            buffer_append_view(out, view_text(" "));
            report_word(report, out, N_("(the file itself is not in the bundle)"));
        }
    } else if (detail->type == VALUE_BYTES) {
        buffer_printf(out, "%llu B", (unsigned long long)detail->length_bytes);
    } else {
        buffer_append_view(out, detail->text);
    }
}

void report_duration(struct report *report, struct buffer *out, uint64_t seconds)
{
    if (seconds >= 86400) {
        report_cell(report, out, N_("%llu d %llu h"), (unsigned long long)(seconds / 86400), (unsigned long long)(seconds % 86400 / 3600));
    } else if (seconds >= 3600) {
        report_cell(report, out, N_("%llu h %llu min"), (unsigned long long)(seconds / 3600), (unsigned long long)(seconds % 3600 / 60));
    } else {
        report_cell(report, out, N_("%llu min"), (unsigned long long)(seconds / 60));
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

void report_row(struct report *report, struct buffer *cells, size_t count, bool bold)
{
    struct view views[PAPER_COLUMNS_MAX] = { { 0 } };
    for (size_t i = 0; i < count; i++) {
        struct fault fault = { 0 };
        if (buffer_status(&cells[i], &fault) != STATUS_OK) {
            paper_fail(&report->paper, &fault);
        }
        views[i] = buffer_view(&cells[i]);
    }
    paper_row(&report->paper, views, bold);
    for (size_t i = 0; i < count; i++) {
        buffer_free(&cells[i]);
    }
}

void report_fact(struct report *report, const char *label, struct buffer *value)
{
    struct fault fault = { 0 };
    if (buffer_status(value, &fault) != STATUS_OK) {
        paper_fail(&report->paper, &fault);
    } else if (value->len > 0) {
        paper_fact(&report->paper, label, buffer_view(value));
    }
    buffer_free(value);
}
