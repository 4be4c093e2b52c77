/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt_things: the things of the act, one row each, over as many pages as it takes: what each is, its pieces and net mass, the seals that
 * were found, removed and put on, its condition, and every detail that the act states of it. What the act does not state itself is taken from
 * the latest record before it that does.
 */
#include "printer/receipt_inside.h"

#include "verify/text.h"

#include <inttypes.h>

/* What a thing's earlier records say of it up to the act: the latest of each. */
struct so_far {
    uint64_t pieces, net_mg; /* or NOTHING */
    const struct dossier_detail *condition;
};

static void look_back(const struct receipt_sheet *sheet, const struct dossier_subject *subject, struct so_far *out)
{
    const struct dossier *dossier = sheet->dossier;

    *out = (struct so_far){ NOTHING, NOTHING, NULL };
    for (size_t i = 0; i < subject->thread.count; i++) {
        const struct dossier_record *record = &dossier->records[dossier->thread[subject->thread.first + i]];
        const struct dossier_entry *entry = record->index > sheet->record->index ? NULL : dossier_entry(dossier, record, subject->number);

        if (entry == NULL) {
            break;
        }
        out->pieces = (entry->facts & BIT(FACT_PIECES)) != 0 ? entry->pieces : out->pieces;
        out->net_mg = (entry->facts & BIT(FACT_NET)) != 0 ? entry->net_mg : out->net_mg;
        for (size_t k = 0; k < entry->details.count; k++) {
            const struct dossier_detail *detail = &dossier->details[entry->details.first + k];
            if (detail->name == NAME_CONDITION) {
                out->condition = detail;
            }
        }
    }
}

/* A line "label: value" behind what is there. */
static void begin_line(const struct receipt_sheet *sheet, const char *label, struct buffer *out)
{
    buffer_printf(out, "%s", out->len > 0 ? "\n" : "");
    receipt_words_put(sheet, label, out);
    buffer_printf(out, ": ");
}

static void put_seals(const struct receipt_sheet *sheet, const struct dossier_entry *entry, unsigned fact, const char *label,
                      const struct dossier_run *seals, struct buffer *out)
{
    if ((entry->facts & BIT(fact)) == 0) {
        return;
    }
    begin_line(sheet, label, out);
    for (size_t i = 0; i < seals->count; i++) {
        buffer_printf(out, "%s", i == 0 ? "" : ", ");
        buffer_append_view(out, sheet->dossier->seals[seals->first + i]);
    }
    if (seals->count == 0) {
        receipt_words_put(sheet, N_("none"), out);
    }
}

static void put_mass(const struct receipt_sheet *sheet, const struct dossier_entry *entry, unsigned fact, const char *label, uint64_t mg,
                     struct buffer *out)
{
    if ((entry->facts & BIT(fact)) != 0) {
        begin_line(sheet, label, out);
        receipt_put_kg(mg, out);
        buffer_printf(out, " kg");
    }
}

static void put_detail(const struct receipt_sheet *sheet, const struct dossier_detail *detail, struct buffer *out)
{
    buffer_printf(out, "%s", out->len > 0 ? "\n" : "");
    receipt_detail_label(&sheet->form->languages, detail->name, out);
    buffer_printf(out, ": ");
    receipt_put_value(sheet, detail, out);
}

/* The description in front, the role where it is a special one, then everything that the entry states. */
static void put_said(const struct receipt_sheet *sheet, const struct dossier_subject *subject, const struct dossier_entry *entry,
                     const struct so_far *so_far, struct buffer *out)
{
    if (subject->title_shown != DOSSIER_SHOWN) {
        receipt_words_put(sheet, N_("(description withheld)"), out);
    } else {
        buffer_append_view(out, subject->title);
    }
    if (entry->role != ROLE_SUBJECT) {
        begin_line(sheet, N_("In this act"), out);
        receipt_words_put(sheet, role_name(entry->role), out);
    }
    if ((entry->facts & BIT(FACT_OUTCOME)) != 0) {
        begin_line(sheet, N_("Outcome"), out);
        receipt_words_put(sheet, outcome_name(entry->outcome), out);
    }
    put_seals(sheet, entry, FACT_FOUND, N_("Seals found on it"), &entry->found, out);
    put_seals(sheet, entry, FACT_REMOVED, N_("Seals removed"), &entry->removed, out);
    put_seals(sheet, entry, FACT_PUT_ON, N_("Seals put on"), &entry->put_on, out);
    put_mass(sheet, entry, FACT_GROSS, N_("Gross"), entry->gross_mg, out);
    put_mass(sheet, entry, FACT_TARE, N_("Tare"), entry->tare_mg, out);
    bool condition = false;
    for (size_t i = 0; i < entry->details.count; i++) {
        const struct dossier_detail *detail = &sheet->dossier->details[entry->details.first + i];
        condition = condition || detail->name == NAME_CONDITION;
        /* The description stands in front already, where this is the act that gave it. */
        if (detail->name != NAME_DESCRIPTION || detail->shown != DOSSIER_SHOWN || !view_equal(detail->text, subject->title)) {
            put_detail(sheet, detail, out);
        }
    }
    if (!condition && so_far->condition != NULL) {
        put_detail(sheet, so_far->condition, out);
    }
}

/* A5: number, name, what is said, pieces, net. On a roll the last two are lines of what is said. */
static void put_thing(const struct receipt_sheet *sheet, const struct dossier_subject *subject, const struct dossier_entry *entry, size_t nth)
{
    struct buffer number = { 0 }, said = { 0 }, pieces = { 0 }, net = { 0 };
    struct so_far so_far;

    look_back(sheet, subject, &so_far);
    buffer_printf(&number, "%zu", nth);
    if (so_far.pieces != NOTHING) {
        buffer_printf(&pieces, "%" PRIu64, so_far.pieces);
    }
    if (so_far.net_mg != NOTHING) {
        receipt_put_kg(so_far.net_mg, &net);
    }
    put_said(sheet, subject, entry, &so_far, &said);
    if (sheet->form->roll && pieces.len > 0) {
        begin_line(sheet, N_("Pieces"), &said);
        buffer_append_view(&said, buffer_view(&pieces));
    }
    if (sheet->form->roll && net.len > 0) {
        begin_line(sheet, N_("Net kg"), &said);
        buffer_append_view(&said, buffer_view(&net));
    }
    const struct view cells[] = { buffer_view(&number), view_text(subject->name), buffer_view(&said), buffer_view(&pieces), buffer_view(&net) };
    paper_row(sheet->paper, cells, false);
    buffer_free(&number);
    buffer_free(&said);
    buffer_free(&pieces);
    buffer_free(&net);
}

static const struct paper_column page_columns[] = {
    { .share = 5, .heading = N_("No."), .align = ALIGN_LEFT },
    { .share = 21, .heading = N_("Thing"), .align = ALIGN_LEFT },
    { .share = 56, .heading = N_("What it is, seals, condition"), .align = ALIGN_LEFT },
    { .share = 10, .heading = N_("Pieces"), .align = ALIGN_RIGHT },
    { .share = 14, .heading = N_("Net kg"), .align = ALIGN_RIGHT },
};

static const struct paper_column roll_columns[] = {
    { .share = 8, .heading = N_("No."), .align = ALIGN_LEFT },
    { .share = 33, .heading = N_("Thing"), .align = ALIGN_LEFT },
    { .share = 65, .heading = N_("What it is, seals, condition"), .align = ALIGN_LEFT },
};

void receipt_put_things(const struct receipt_sheet *sheet)
{
    const struct dossier *dossier = sheet->dossier;
    const struct dossier_run *entries = &sheet->record->entries;
    size_t nth = 0;

    for (size_t i = 0; i < entries->count; i++) {
        const struct dossier_entry *entry = &dossier->entries[entries->first + i];
        const struct dossier_subject *subject = dossier_subject(dossier, entry->subject);
        if (subject == NULL || !subject->is_thing) {
            continue;
        }
        if (nth == 0) {
            paper_heading(sheet->paper, 3, N_("Things"));
            paper_table_begin(sheet->paper, sheet->form->roll ? roll_columns : page_columns, sheet->form->roll ? 3 : 5, true);
        }
        put_thing(sheet, subject, entry, ++nth);
    }
    if (nth > 0) {
        paper_table_end(sheet->paper);
    }
}
