/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt_proof: the last part of a receipt: the verdict that the station came to before it printed; ledger, record and checkpoint in letters, in
 * full, for a reader without a scanner; the same as QR; and what it is good for, in a few sentences.
 */
#include "printer/receipt_inside.h"

#include "verify/text.h"

#include <inttypes.h>
#include <string.h>

enum { BREACHES_SAID_MAX = 12, HEX_GROUP = 8 };

/* A module is a whole number of dots at 600 (A5) and at 203 dots an inch (roll). */
#define PAGE_DOT_MM (25.4 / 600)
#define PAGE_DOTS 10
#define ROLL_DOT_MM (25.4 / 203)
#define ROLL_DOTS_MIN 3
#define ROLL_DOTS_MAX 5

/* ---- the verdict ----------------------------------------------------------------------------- */

static void put_breaches(const struct receipt_sheet *sheet)
{
    const struct verdict *verdict = &sheet->dossier->verdict;
    struct text_style plain = paper_style(sheet->paper, 0.9, false);
    struct buffer text = { 0 };
    size_t said = 0;

    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (!finding->breach || ++said > BREACHES_SAID_MAX) {
            continue;
        }
        buffer_reset(&text);
        if (finding->record != NOTHING) {
            receipt_words_put(sheet, N_("Record"), &text);
            buffer_printf(&text, " %" PRIu64 ": ", finding->record);
        }
        receipt_words_put(sheet, finding->code, &text);
        buffer_printf(&text, ": %s", finding->text);
        paper_text(sheet->paper, buffer_view(&text), &plain);
    }
    if (said > BREACHES_SAID_MAX) {
        buffer_reset(&text);
        words_print(&text, sheet->form->languages.first, N_("and %zu more, which a bundle shows"), said - BREACHES_SAID_MAX);
        paper_text(sheet->paper, buffer_view(&text), &plain);
    }
    buffer_free(&text);
}

static void put_result(const struct receipt_sheet *sheet)
{
    struct text_style bold = paper_style(sheet->paper, 1.0, true);

    if (!receipt_paper_broken(sheet->receipt)) {
        paper_words(sheet->paper, N_("The station verified before printing: the records of these things are intact, and custody is unbroken."), &bold);
    } else {
        paper_words(sheet->paper, N_("The station verified before printing: the records of these things are intact, but a rule of custody was broken."), &bold);
        put_breaches(sheet);
    }
}

/* ---- in letters ------------------------------------------------------------------------------ */

/* A fact in letters, of at most three lines, is not torn apart at the end of a page: it is compared letter by letter. */
static void put_fact(const struct receipt_sheet *sheet, const char *label, struct view value)
{
    paper_need(sheet->paper, sheet->paper->form.base_pt * 4.5);
    paper_fact(sheet->paper, label, value);
}

static void put_hash(const struct receipt_sheet *sheet, const char *label, const struct hash *hash)
{
    struct buffer hex = { 0 }, groups = { 0 };

    text_hex(&hex, hash_view(hash));
    for (size_t i = 0; i < hex.len; i++) {
        if (i > 0 && i % HEX_GROUP == 0) {
            buffer_append_byte(&groups, ' ');
        }
        buffer_append_byte(&groups, hex.ptr[i]);
    }
    put_fact(sheet, label, buffer_view(&groups));
    buffer_free(&hex);
    buffer_free(&groups);
}

/* Who has signed the checkpoint beside the station, and when: not later than then the record was there. */
static void put_witnesses(const struct receipt_sheet *sheet)
{
    const struct verdict *verdict = &sheet->dossier->verdict;
    struct text_style plain = paper_style(sheet->paper, 0.9, false);
    struct buffer text = { 0 };
    bool lacking = false;

    for (size_t i = 0; i < verdict->witness_count; i++) {
        buffer_reset(&text);
        buffer_printf(&text, "%s, ", verdict->witnesses[i].name);
        receipt_time(&sheet->form->languages, verdict->witnesses[i].time_s, sheet->record->offset_min, &text);
        put_fact(sheet, verdict->witnesses[i].auditor ? N_("Auditor") : N_("Witness"), buffer_view(&text));
    }
    for (size_t i = 0; i < verdict->note_count; i++) {
        lacking = lacking || strcmp(verdict->notes[i].code, "quorum") == 0;
    }
    if (verdict->witness_count == 0) {
        paper_words(sheet->paper, N_("Witnesses: none. Nobody but the station has signed the state of the ledger that this paper rests on."), &plain);
    }
    if (lacking) {
        paper_words(sheet->paper, N_("Fewer witnesses than the court's policy asks for had signed when this was printed. A bundle that is asked for later shows who signed later."), &plain);
    }
    buffer_free(&text);
}

static void put_letters(const struct receipt_sheet *sheet)
{
    const struct verdict *verdict = &sheet->dossier->verdict;
    struct buffer text = { 0 };

    put_fact(sheet, N_("Ledger"), view_text(verdict->origin));
    buffer_printf(&text, "%" PRIu64, sheet->record->index);
    put_fact(sheet, N_("Record"), buffer_view(&text));
    put_hash(sheet, N_("Record's hash"), &sheet->record->hash);
    buffer_reset(&text);
    buffer_printf(&text, "%" PRIu64, verdict->size);
    put_fact(sheet, N_("Checkpoint: records"), buffer_view(&text));
    buffer_reset(&text);
    text_base64(&text, hash_view(&verdict->root));
    put_fact(sheet, N_("Checkpoint: root"), buffer_view(&text));
    buffer_reset(&text);
    receipt_time(&sheet->form->languages, verdict->logged_s, sheet->record->offset_min, &text);
    put_fact(sheet, N_("Checkpoint: logged"), buffer_view(&text));
    put_fact(sheet, N_("Station's signature"), buffer_view(&sheet->receipt->signature));
    put_witnesses(sheet);
    buffer_free(&text);
}

/* ---- as QR ----------------------------------------------------------------------------------- */

static void put_qrs(const struct receipt_sheet *sheet)
{
    if (sheet->form->roll) {
        paper_codes(sheet->paper, &sheet->receipt->texts, ROLL_DOT_MM, ROLL_DOTS_MIN, ROLL_DOTS_MAX);
    } else {
        paper_codes(sheet->paper, &sheet->receipt->texts, PAGE_DOT_MM, PAGE_DOTS, PAGE_DOTS);
    }
}

void receipt_put_proof(const struct receipt_sheet *sheet)
{
    struct text_style plain = paper_style(sheet->paper, 1.0, false), bold = paper_style(sheet->paper, 1.0, true);
    struct text_style small = paper_style(sheet->paper, 0.9, false);

    paper_heading(sheet->paper, 3, N_("Proof"));
    put_result(sheet);
    paper_space(sheet->paper, 2);
    put_letters(sheet);
    paper_space(sheet->paper, 3);
    paper_words(sheet->paper, N_("Keep this paper. It shows later whether the ledger was rewritten: no record up to the checkpoint above can be changed, removed or put in without contradicting it."), &bold);
    paper_words(sheet->paper, N_("To use it, scan every code into a text file named receipt.txt, one line a code, in any order. Ask the station for a bundle of these things, and run:"), &plain);
    paper_text(sheet->paper, view_text("unbroken-verify --policy court.policy FILE.bundle --since receipt.txt"), &small);
    paper_space(sheet->paper, 4);
    put_qrs(sheet);
}
