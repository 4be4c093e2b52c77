/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify: opens the paper, has the form's blocks written one after another, and closes it.
 */
#include "printer/certify_inside.h"

#include <stdlib.h>
#include <string.h>

#include "verify/text.h"

#define MARGIN_MM 15.0
#define BASE_PT 9.0
#define LINES_TOGETHER 4.5

/* ---- what parts share ------------------------------------------------------------------------ */

bool certify_has(const struct certify *certify, uint64_t thing)
{
    size_t low = 0, high = certify->things.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (certify->things.list[middle] < thing) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < certify->things.count && certify->things.list[low] == thing;
}

void certify_word(struct certify *certify, struct buffer *out, const char *english)
{
    const struct languages *languages = &certify->form->languages;
    report_word(&certify->report, out, english);
    if (languages->first != LANGUAGE_EN && !(languages->both && languages->second == LANGUAGE_EN) &&
        strcmp(words_in(languages->first, english), english) != 0) {
        buffer_printf(out, " / %s", english);
    }
}

void certify_value(struct certify *certify, struct buffer *out, const struct certified_line *line)
{
    buffer_append_view(out, buffer_view(&line->value));
    if (line->word != NULL) {
        buffer_append_view(out, view_text(line->value.len == 0 ? "" : " ("));
        certify_word(certify, out, line->word);
        buffer_append_view(out, view_text(line->value.len == 0 ? "" : ")"));
    }
}

void certify_hash(struct certify *certify, const char *label, const struct hash *hash)
{
    struct buffer value = { 0 };
    text_hex(&value, hash_view(hash));
    certify_fact(certify, label, &value);
}

void certify_record_things(struct certify *certify, const struct dossier_record *record, struct report_numbers *things)
{
    const struct dossier *dossier = certify->report.dossier;
    for (size_t i = 0; i < record->entries.count; i++) {
        const struct dossier_entry *entry = &dossier->entries[record->entries.first + i];
        const struct dossier_subject *subject = dossier_subject(dossier, entry->subject);
        if (subject != NULL && subject->is_thing) {
            report_number(&certify->report, things, entry->subject);
        }
    }
    report_numbers_sort(things);
}

void certify_row(struct certify *certify, struct buffer *cells, size_t count)
{
    paper_need(&certify->report.paper, BASE_PT * LINES_TOGETHER);
    report_row(&certify->report, cells, count, false);
}

void certify_fact(struct certify *certify, const char *label, struct buffer *value)
{
    paper_need(&certify->report.paper, BASE_PT * LINES_TOGETHER);
    report_fact(&certify->report, label, value);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* The things of which the certified lines tell: they ascend. */
static void find_things(struct certify *certify)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    for (size_t i = 0; i < verdict->line_count; i++) {
        if (strcmp(verdict->lines[i].label, "Thing") == 0) {
            report_number(&certify->report, &certify->things, verdict->lines[i].subject);
        }
    }
    report_numbers_sort(&certify->things);
}

static enum status check_input(const struct certify *certify, struct fault *fault)
{
    const struct dossier *dossier = certify->report.dossier;
    const struct verdict *verdict = &dossier->verdict;
    if (!dossier->read || verdict->line_count == 0 || (verdict->status != 0 && verdict->status != 3)) {
        const char *text = verdict->stop.status != 0 ? verdict->stop.text : verdict->note_count > 0 ? verdict->notes[0].text : verdict->code;
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "there is nothing to certify: %s", text);
    }
    if (!view_equal(certify->statement.statement.template, view_text(certify->form->template->name))) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the statement was signed for another form than \"%s\"", certify->form->template->name);
    }
    return STATUS_OK;
}

static void put_foot(const struct certify *certify, struct buffer *out)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct buffer root = { 0 };
    text_base64(&root, hash_view(&verdict->root));
    words_print(out, certify->form->languages.first, N_("Certificate %s. The ledger then: %llu records, root %.*s"), verdict->certificate,
                (unsigned long long)verdict->size, (int)root.len, (const char *)root.ptr);
    buffer_free(&root);
}

static enum status write_paper(struct certify *certify, struct typesetter *typesetter, struct buffer *out, struct fault *fault)
{
    const struct verdict *verdict = &certify->report.dossier->verdict;
    struct buffer foot = { 0 };
    put_foot(certify, &foot);
    struct paper_form form = { .width_mm = 210, .height_mm = 297, .margin_mm = MARGIN_MM, .base_pt = BASE_PT, .languages = certify->form->languages,
                               .title = verdict->certificate, .subject = "Unbroken certificate", .made_s = certify->statement.statement.made_s,
                               .foot = buffer_view(&foot) };
    form.mark = view_text(verdict->training ? words_in(certify->form->languages.first, N_("TRAINING")) : "");
    enum status status = paper_open(typesetter, &form, &certify->report.paper, fault);
    if (status == STATUS_OK) {
        for (size_t i = 0; i < certify->form->template->count && !paper_failed(&certify->report.paper); i++) {
            certify_block(certify, &certify->form->template->blocks[i]);
        }
        status = paper_finish(&certify->report.paper, out, fault);
    }
    buffer_free(&foot);
    return status;
}

static void close_certify(struct certify *certify)
{
    report_groups_free(&certify->report);
    report_numbers_free(&certify->things);
    free(certify->gaps);
    buffer_free(&certify->report.first);
    buffer_free(&certify->report.second);
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < PLACE_COUNT; k++) {
            buffer_free(&certify->places[i][k]);
        }
    }
}

enum status certify_write(const struct dossier *dossier, struct view statement, const struct certify_form *form, struct buffer *out,
                          struct fault *fault)
{
    struct certify certify = { .form = form, .bytes = statement };
    struct typesetter typesetter = { 0 };
    enum status status = statement_decode(statement, &certify.statement, fault);
    if (status != STATUS_OK) {
        return status;
    }
    certify.words = (struct case_report_form){ .languages = form->languages, .offset_min = certify.statement.statement.offset_min };
    certify.report.dossier = dossier;
    certify.report.form = &certify.words;
    status = check_input(&certify, fault);
    if (status == STATUS_OK) {
        find_things(&certify);
        certify_places(&certify);
        status = report_groups_make(&certify.report, fault);
    }
    if (status == STATUS_OK) {
        status = certify_gaps_find(&certify, fault);
    }
    if (status == STATUS_OK) {
        status = typesetter_open(&typesetter, fault);
    }
    if (status == STATUS_OK) {
        status = write_paper(&certify, &typesetter, out, fault);
    }
    typesetter_close(&typesetter);
    close_certify(&certify);
    return status;
}
