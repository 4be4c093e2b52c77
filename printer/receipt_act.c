/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt_act: the first part of a receipt. Names of details that the form has a place for stand there; every other detail of the act stands
 * under its own name, so that nothing that was signed is left out.
 */
#include "printer/receipt_inside.h"

#include "verify/detail.h"
#include "verify/text.h"

#include <inttypes.h>
#include <stdio.h>

void receipt_words_put(const struct receipt_sheet *sheet, const char *english, struct buffer *out)
{
    words_both(out, &sheet->form->languages, english);
}

void receipt_put_name(const struct receipt_sheet *sheet, uint64_t number, struct buffer *out)
{
    const struct dossier_subject *subject = dossier_subject(sheet->dossier, number);
    char name[NAME_BYTES];

    buffer_printf(out, "%s", dossier_name(sheet->dossier, number, name));
    if (subject != NULL && subject->title_shown != DOSSIER_SHOWN) {
        buffer_append_byte(out, ' ');
        receipt_words_put(sheet, N_("(name withheld)"), out);
    } else if (subject != NULL && subject->title.len > 0) {
        buffer_append_byte(out, ' ');
        buffer_append_view(out, subject->title);
    }
}

void receipt_put_kg(uint64_t mg, struct buffer *out)
{
    buffer_printf(out, "%" PRIu64 ".%03" PRIu64, mg / 1000000, mg / 1000 % 1000);
    if (mg % 1000 != 0) {
        buffer_printf(out, "%03" PRIu64, mg % 1000);
    }
}

void receipt_put_value(const struct receipt_sheet *sheet, const struct dossier_detail *detail, struct buffer *out)
{
    char number[24];

    if (detail->shown != DOSSIER_SHOWN) {
        (void)snprintf(number, sizeof number, "%" PRIu64, detail->under);
        words_print(out, sheet->form->languages.first, detail->shown == DOSSIER_ERASED ? N_("erased under record %s") : N_("withheld under record %s"),
                    number);
    } else if (detail->type == VALUE_FILE) {
        buffer_append_view(out, detail->media);
        buffer_printf(out, ", %" PRIu64 " B, SHA-256 ", detail->length_bytes);
        text_hex(out, hash_view(&detail->file));
    } else if (detail->type == VALUE_BYTES) {
        buffer_printf(out, "%" PRIu64 " B", detail->length_bytes);
    } else {
        buffer_append_view(out, detail->text);
    }
}

/* ---- who ------------------------------------------------------------------------------------- */

static void put_person(const struct receipt_sheet *sheet, uint64_t person, uint64_t capacity, struct buffer *out)
{
    const struct dossier_subject *subject = dossier_subject(sheet->dossier, person);

    receipt_put_name(sheet, person, out);
    if (capacity != OFFICE_NONE) {
        buffer_printf(out, ", ");
        receipt_words_put(sheet, office_name((unsigned)capacity), out);
    }
    if (subject != NULL && subject->agency.len > 0) {
        buffer_printf(out, ", ");
        buffer_append_view(out, subject->agency);
    }
}

static void put_signers(const struct receipt_sheet *sheet, const struct dossier_record *record, const char *label)
{
    struct buffer text = { 0 };

    for (size_t i = 0; i < record->signers.count; i++) {
        const struct signer *signer = &sheet->dossier->signers[record->signers.first + i];
        buffer_reset(&text);
        put_person(sheet, signer->person, signer->capacity, &text);
        paper_fact(sheet->paper, label, buffer_view(&text));
    }
    buffer_free(&text);
}

/* "KHPP-5-W Keo Store; custodian; KHPP-9-J Customs store" */
static void put_party(const struct receipt_sheet *sheet, const char *label, const struct party *party)
{
    struct buffer text = { 0 };

    if (party->has_person) {
        put_person(sheet, party->person, party->has_office ? party->office : OFFICE_NONE, &text);
    } else if (party->has_office) {
        receipt_words_put(sheet, N_("any person of the office:"), &text);
        buffer_append_byte(&text, ' ');
        receipt_words_put(sheet, office_name((unsigned)party->office), &text);
    }
    if (party->has_place) {
        buffer_printf(&text, "%s", text.len > 0 ? "; " : "");
        receipt_put_name(sheet, party->place, &text);
    }
    paper_fact(sheet->paper, label, buffer_view(&text));
    buffer_free(&text);
}

static void put_who(const struct receipt_sheet *sheet)
{
    const struct dossier_record *record = sheet->record;
    const struct dossier_record *answered = record->answers == NOTHING ? NULL : dossier_record(sheet->dossier, record->answers);
    struct buffer text = { 0 };

    put_signers(sheet, record, N_("Signed by"));
    if (record->has_from) {
        put_party(sheet, N_("From"), &record->from);
    }
    if (record->has_to) {
        put_party(sheet, N_("To"), &record->to);
    }
    if (record->answers != NOTHING) {
        buffer_printf(&text, "%" PRIu64, record->answers);
        if (answered != NULL) {
            buffer_printf(&text, ": ");
            receipt_words_put(sheet, words_act(answered->kind), &text);
        }
        paper_fact(sheet->paper, N_("Answers record"), buffer_view(&text));
        if (answered != NULL) {
            put_signers(sheet, answered, N_("That was signed by"));
        }
    }
    buffer_free(&text);
}

/* ---- when, where ----------------------------------------------------------------------------- */

static void put_time(const struct receipt_sheet *sheet, const char *label, uint64_t time_s, int offset_min)
{
    struct buffer text = { 0 };

    receipt_time(&sheet->form->languages, time_s, offset_min, &text);
    paper_fact(sheet->paper, label, buffer_view(&text));
    buffer_free(&text);
}

/* The earliest time before which somebody else says that this record was there. */
static const struct verdict_time *proven(const struct receipt_sheet *sheet)
{
    const struct verdict *verdict = &sheet->dossier->verdict;
    const struct verdict_time *earliest = NULL;

    for (size_t i = 0; i < verdict->time_count; i++) {
        const struct verdict_time *time = &verdict->times[i];
        if (time->size > sheet->record->index && (earliest == NULL || time->time_s < earliest->time_s)) {
            earliest = time;
        }
    }
    return earliest;
}

static void put_when(const struct receipt_sheet *sheet)
{
    const struct dossier_record *record = sheet->record;
    const struct verdict_time *time = proven(sheet);
    struct buffer text = { 0 };

    put_time(sheet, N_("Time claimed by the signers"), record->claimed_s, record->offset_min);
    put_time(sheet, N_("Time logged by the station"), record->logged_s, record->offset_min);
    if (time != NULL) {
        receipt_time(&sheet->form->languages, time->time_s, record->offset_min, &text);
        buffer_printf(&text, ", %s", time->who);
    } else {
        receipt_words_put(sheet, N_("on this paper, nobody but the station says so"), &text);
    }
    paper_fact(sheet->paper, N_("Proven not later than"), buffer_view(&text));
    if (record->due_s != NOTHING) {
        put_time(sheet, N_("Due back or answered by"), record->due_s, record->offset_min);
    }
    if (record->place != NOTHING) {
        buffer_reset(&text);
        receipt_put_name(sheet, record->place, &text);
        paper_fact(sheet->paper, N_("Place"), buffer_view(&text));
    }
    buffer_free(&text);
}

/* ---- what ------------------------------------------------------------------------------------ */

static void put_code(const struct receipt_sheet *sheet)
{
    const struct dossier_record *record = sheet->record;
    const char *label = receipt_code_label(record->kind);
    struct buffer text = { 0 };

    if (!record->has_code || label == NULL) {
        return;
    }
    if (code_name(record->kind, record->code)[0] != '\0') {
        receipt_words_put(sheet, code_name(record->kind, record->code), &text);
    } else {
        buffer_printf(&text, "%" PRIu64, record->code);
    }
    paper_fact(sheet->paper, label, buffer_view(&text));
    buffer_free(&text);
}

static bool is_thing(const struct dossier_subject *subject)
{
    return subject != NULL && subject->is_thing;
}

static bool among(const uint64_t *numbers, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number) {
            return true;
        }
    }
    return false;
}

/* The cases of the entries, and those of the things; each once. */
static void put_cases(const struct receipt_sheet *sheet)
{
    const struct dossier *dossier = sheet->dossier;
    const struct dossier_run *entries = &sheet->record->entries;
    uint64_t said[ACT_ENTRIES_MAX];
    size_t said_count = 0;
    struct buffer text = { 0 };

    for (size_t i = 0; i < entries->count && said_count < ACT_ENTRIES_MAX; i++) {
        const struct dossier_entry *entry = &dossier->entries[entries->first + i];
        const struct dossier_subject *subject = dossier_subject(dossier, entry->subject);
        uint64_t of_case = is_thing(subject) ? subject->thing.of_case
                           : subject != NULL && subject->type == TYPE_CASE ? entry->subject
                                                                          : NOTHING;
        if (of_case == NOTHING || among(said, said_count, of_case)) {
            continue;
        }
        said[said_count++] = of_case;
        buffer_reset(&text);
        receipt_put_name(sheet, of_case, &text);
        paper_fact(sheet->paper, entry->role == ROLE_FORMER_CASE ? N_("Former case") : N_("Case"), buffer_view(&text));
    }
    buffer_free(&text);
}

/* Details of the act as a whole, and of the entries that are no things: cases, persons, places. */
static void put_details(const struct receipt_sheet *sheet, const struct dossier_run *run)
{
    struct buffer label = { 0 }, value = { 0 };

    for (size_t i = 0; i < run->count; i++) {
        const struct dossier_detail *detail = &sheet->dossier->details[run->first + i];
        buffer_reset(&label);
        buffer_reset(&value);
        receipt_detail_label(&sheet->form->languages, detail->name, &label);
        receipt_put_value(sheet, detail, &value);
        paper_pair(sheet->paper, buffer_view(&label), buffer_view(&value));
    }
    buffer_free(&label);
    buffer_free(&value);
}

static void put_flags(const struct receipt_sheet *sheet)
{
    struct text_style bold = paper_style(sheet->paper, 1.0, true);

    if (sheet->record->deviation) {
        paper_words(sheet->paper, N_("The signers declare that this departs from the rules of custody."), &bold);
    }
    if (sheet->record->offline) {
        paper_words(sheet->paper, N_("Signed away from the station, without sight of the newest records."), &bold);
    }
}

void receipt_put_act(const struct receipt_sheet *sheet)
{
    const struct dossier_record *record = sheet->record;
    struct buffer text = { 0 };

    buffer_printf(&text, "%" PRIu64 ": ", record->index);
    receipt_words_put(sheet, words_act(record->kind), &text);
    paper_fact(sheet->paper, N_("Record and act"), buffer_view(&text));
    put_cases(sheet);
    put_who(sheet);
    put_when(sheet);
    put_code(sheet);
    put_details(sheet, &record->details);
    for (size_t i = 0; i < record->entries.count; i++) {
        const struct dossier_entry *entry = &sheet->dossier->entries[record->entries.first + i];
        if (!is_thing(dossier_subject(sheet->dossier, entry->subject))) {
            put_details(sheet, &entry->details);
        }
    }
    put_flags(sheet);
    buffer_free(&text);
}
