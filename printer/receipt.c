/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt: what a receipt is drawn from is read where the bundle is verified; then each copy is drawn: head, act, things, boxes, proof.
 */
#include "printer/receipt_inside.h"

#include "verify/check.h"
#include "verify/receipt.h"
#include "verify/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LEDGER_SHORT = 16 };

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
    struct receipt_paper *out;
    uint64_t record;
};

static enum status encode_under(struct check *check, const struct row *row, const struct checkpoint *checkpoint, struct buffer *out,
                                struct fault *fault)
{
    const struct subject *ledger = world_find(check->world, 0);
    struct merkle_path path;
    struct receipt receipt;

    assert(ledger != NULL && ledger->ledger != NULL);
    if (!bundle_path_nodes(&check->bundle, check->bundle.records[row - check->rows].path, &path)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %" PRIu64 ": its path is too long for a receipt", row->index);
    }
    enum status status = receipt_make(check->hasher, checkpoint, view_text(ledger->ledger->origin), ledger->ledger->training, &ledger->ledger->id,
                                      row->index, &row->hash, &path, &receipt, fault);
    if (status == STATUS_OK) {
        receipt_encode(&receipt, out);
        status = buffer_status(out, fault);
    }
    return status;
}

/* The whole signed checkpoint; where it has more lines, or other ones, than a receipt holds, the station's line alone. */
static enum status make_receipt(struct check *check, const struct row *row, struct buffer *out, struct fault *fault)
{
    struct fault why = { 0 };
    enum status status = encode_under(check, row, check->checkpoint, out, &why);

    if (status != STATUS_REFUSED || check->checkpoint->signature_count < 2) {
        return status == STATUS_OK ? STATUS_OK : fault_set(fault, status, why.at, "%s", why.text);
    }
    struct checkpoint *alone = malloc(sizeof *alone);
    struct view note = check->checkpoint->note;
    size_t end = check->checkpoint->text.len + 1; /* behind the blank line */
    while (end < note.len && note.ptr[end] != '\n') {
        end++;
    }
    status = alone == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                           : checkpoint_parse(view_part(note, 0, end + 1), alone, fault);
    if (status == STATUS_OK) {
        status = encode_under(check, row, alone, out, fault);
    }
    free(alone);
    return status;
}

static enum status read_parts(void *context, struct check *check, struct fault *fault)
{
    struct reading *reading = context;
    struct receipt_paper *out = reading->out;
    const struct row *row = check_row(check, reading->record);
    enum status status = dossier_reader(&out->dossier, check, fault);

    if (status == STATUS_OK && (row == NULL || row->type != RECORD_ACT)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %" PRIu64 " is no act of this bundle: there is nothing to give a receipt for",
                         reading->record);
    }
    if (status == STATUS_OK) {
        const struct note_signature *line = &check->checkpoint->signatures[0];
        struct buffer bytes = { 0 };
        buffer_append(&bytes, line->id, sizeof line->id);
        buffer_append(&bytes, line->bytes, line->len);
        text_base64(&out->signature, buffer_view(&bytes));
        out->signature.failed = out->signature.failed || bytes.failed;
        buffer_free(&bytes);
        status = buffer_status(&out->signature, fault);
    }
    return status == STATUS_OK ? make_receipt(check, row, &out->bytes, fault) : status;
}

/* Signatures of others that are still to come are no fault of the records: whoever stands at the counter gets his paper, and it says what is lacking. */
static bool waits_for_others(const struct verdict *verdict)
{
    bool waits = verdict->status == 2 && verdict->stop.status == 0;

    for (size_t i = 0; i < verdict->note_count; i++) {
        waits = waits && (strcmp(verdict->notes[i].code, "quorum") == 0 || strcmp(verdict->notes[i].code, "auditors") == 0);
    }
    return waits;
}

enum status receipt_paper_open(struct hasher *hasher, const struct policy *policy, struct view bundle, const struct verify_options *options,
                               uint64_t record, struct view web, struct receipt_paper *out, struct fault *fault)
{
    struct reading reading = { out, record };
    const struct verdict *verdict = &out->dossier.verdict;
    enum status status = verify_read(hasher, policy, bundle, options, read_parts, &reading, &out->dossier.verdict, fault);

    if (status == STATUS_OK && (!out->dossier.read || (verdict->status != 0 && verdict->status != 3 && !waits_for_others(verdict)))) {
        const char *why = verdict->note_count > 0 ? verdict->notes[0].text : verdict->stop.text;
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "no receipt is printed of what does not verify: status %d, %s: %.300s", verdict->status,
                           verdict->code, why);
    }
    if (status == STATUS_OK) {
        out->row = (size_t)(dossier_record(&out->dossier, record) - out->dossier.records);
        status = paper_write(PAPER_RECEIPT, buffer_view(&out->bytes), RECEIPT_QR_BYTES, web, &out->texts, fault);
    }
    if (status != STATUS_OK) {
        receipt_paper_close(out);
    }
    return status;
}

void receipt_paper_close(struct receipt_paper *receipt)
{
    dossier_close(&receipt->dossier);
    buffer_free(&receipt->bytes);
    buffer_free(&receipt->signature);
    paper_texts_free(&receipt->texts);
}

/* By the findings: the status may be 2, where others have not signed yet. */
bool receipt_paper_broken(const struct receipt_paper *receipt)
{
    const struct verdict *verdict = &receipt->dossier.verdict;
    bool broken = verdict->status == 3;

    for (size_t i = 0; i < verdict->finding_count; i++) {
        broken = broken || verdict->findings[i].breach;
    }
    return broken;
}

void receipt_paper_text(const struct receipt_paper *receipt, struct buffer *out)
{
    for (size_t i = 0; i < receipt->texts.count; i++) {
        buffer_append_view(out, buffer_view(&receipt->texts.texts[i]));
        buffer_append_byte(out, '\n');
    }
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void put_head(const struct receipt_sheet *sheet, const struct receipt_title *title, size_t copy)
{
    struct paper *paper = sheet->paper;
    struct text_style bold = paper_style(paper, 1.1, true), plain = paper_style(paper, 0.9, false), large = paper_style(paper, 1.4, true);
    struct buffer text = { 0 };

    if (sheet->dossier->verdict.training) {
        paper_words(paper, N_("TRAINING: this paper is no evidence"), &large);
    }
    if (sheet->form->agency.len > 0) {
        paper_text(paper, sheet->form->agency, &plain);
    }
    paper_heading(paper, 2, title->title);
    receipt_words_put(sheet, receipt_copy(title, copy), &text);
    buffer_printf(&text, " (%zu/%zu)", copy + 1, sheet->form->copies);
    paper_text(paper, buffer_view(&text), &bold);
    paper_rule(paper);
    paper_space(paper, 3);
    buffer_free(&text);
}

/* Two in a row where the paper is narrow. */
static void put_boxes(const struct receipt_sheet *sheet, const struct receipt_title *title)
{
    const char *const *captions = receipt_boxes(title);

    paper_space(sheet->paper, 4);
    if (sheet->form->roll) {
        paper_boxes(sheet->paper, captions, 2, 26);
        paper_boxes(sheet->paper, captions + 2, 2, 26);
    } else {
        paper_boxes(sheet->paper, captions, 4, 26);
    }
}

static void put_copies(const struct receipt_sheet *sheet)
{
    const struct receipt_title *title = receipt_title(sheet->record->kind);

    for (size_t copy = 0; copy < sheet->form->copies && !paper_failed(sheet->paper); copy++) {
        if (copy > 0) {
            paper_part(sheet->paper);
        }
        put_head(sheet, title, copy);
        receipt_put_act(sheet);
        receipt_put_things(sheet);
        put_boxes(sheet, title);
        receipt_put_proof(sheet);
    }
}

/* The ledger in short, for the foot of a page: the origin line with 16 characters of its id, as on a tag (SPEC 3.2). */
static void put_ledger(const char *origin, struct buffer *out)
{
    const char *id = strrchr(origin, '/');
    size_t len = id == NULL ? strlen(origin) : (size_t)(id - origin) + 1 + LEDGER_SHORT;

    buffer_append(out, origin, len < strlen(origin) ? len : strlen(origin));
}

/* With a typesetter open. */
static enum status draw_with(struct typesetter *typesetter, const struct receipt_paper *receipt, const struct receipt_form *form, struct buffer *out,
                             struct fault *fault)
{
    const struct verdict *verdict = &receipt->dossier.verdict;
    struct buffer foot = { 0 }, title = { 0 }, mark = { 0 };
    struct paper paper;

    assert(form->copies >= 1 && form->copies <= RECEIPT_COPIES_MAX);
    struct receipt_sheet sheet = { receipt, form, &receipt->dossier, &receipt->dossier.records[receipt->row], &paper };
    if (verdict->training) {
        receipt_words_put(&sheet, N_("TRAINING"), &mark);
        buffer_append_view(&foot, buffer_view(&mark));
        buffer_printf(&foot, " · ");
    }
    receipt_words_put(&sheet, N_("Receipt"), &foot);
    buffer_printf(&foot, " · %" PRIu64 " · ", sheet.record->index);
    put_ledger(verdict->origin, &foot);
    buffer_printf(&title, "%s, %s, %" PRIu64, words_in(form->languages.first, receipt_title(sheet.record->kind)->title), verdict->origin, sheet.record->index);
    buffer_append_byte(&title, '\0');
    struct paper_form page = { .width_mm = form->roll ? 80 : 148, .height_mm = form->roll ? 0 : 210, .margin_mm = form->roll ? 4 : 10, .base_pt = 8,
                               .languages = form->languages, .title = (const char *)title.ptr, .made_s = verdict->logged_s,
                               .foot = buffer_view(&foot), .mark = buffer_view(&mark) };
    enum status status = foot.failed || title.failed || mark.failed ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                                                    : paper_open(typesetter, &page, &paper, fault);
    if (status == STATUS_OK) {
        put_copies(&sheet);
        status = paper_finish(&paper, out, fault);
    }
    buffer_free(&foot);
    buffer_free(&title);
    buffer_free(&mark);
    return status;
}

enum status receipt_paper_draw(const struct receipt_paper *receipt, const struct receipt_form *form, struct buffer *out, struct fault *fault)
{
    struct typesetter typesetter;
    enum status status = typesetter_open(&typesetter, fault);

    if (status == STATUS_OK) {
        status = draw_with(&typesetter, receipt, form, out, fault);
        typesetter_close(&typesetter);
    }
    return status == STATUS_OK ? buffer_status(out, fault) : status;
}
