/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify_blocks: the blocks of a form on the page. Text of the form is filled in once; what is filled in stands as it is.
 */
#include "printer/certify_inside.h"

#define BOX_MM 26.0

/* ---- texts ----------------------------------------------------------------------------------- */

/* A text of the form in the i-th language of the paper. */
static void fill(struct certify *certify, struct view text, int i, struct buffer *out)
{
    struct view values[PLACE_COUNT];
    for (int k = 0; k < PLACE_COUNT; k++) {
        values[k] = buffer_view(&certify->places[i][k]);
    }
    template_fill(text, values, out);
}

static struct view text_in(const struct certify *certify, const struct template_block *block, int i)
{
    return buffer_view(&block->texts[i == 0 ? certify->form->languages.first : report_second(&certify->report)]);
}

/* Into the report's two scratch texts. */
static void fill_both(struct certify *certify, const struct template_block *block, const char *before)
{
    struct report *report = &certify->report;
    buffer_append_view(&report->first, view_text(before));
    buffer_append_view(&report->second, view_text(before));
    fill(certify, text_in(certify, block, 0), 0, &report->first);
    fill(certify, text_in(certify, block, 1), 1, &report->second);
}

static void put_head(struct certify *certify, const struct template_block *block)
{
    struct report *report = &certify->report;
    struct text_style style = paper_style(&report->paper, 1.0, true);
    struct buffer text = { 0 };
    style.align = ALIGN_CENTRE;
    fill_both(certify, block, "");
    report_join(report, &text);
    paper_text(&report->paper, buffer_view(&text), &style);
    paper_space(&report->paper, 2);
    buffer_free(&text);
}

/* Title, whose paper it is, its number, and that it is training. */
static void put_title(struct certify *certify, const struct template_block *block)
{
    struct report *report = &certify->report;
    struct buffer text = { 0 };
    struct text_style bold = paper_style(&report->paper, 1.1, true);
    if (certify->form->agency.len > 0) {
        paper_text(&report->paper, certify->form->agency, &bold);
    }
    fill_both(certify, block, "");
    paper_title(&report->paper, 1, buffer_view(&report->first));
    if (certify->form->languages.both) {
        paper_title(&report->paper, 2, buffer_view(&report->second));
    }
    buffer_reset(&report->first);
    buffer_reset(&report->second);
    buffer_printf(&text, "%s", report->dossier->verdict.certificate);
    report_fact(report, N_("Number of this certificate"), &text);
    if (report->dossier->verdict.training) {
        report_say(report, 1.6, true, N_("TRAINING LEDGER: everything here is practice, and nothing is evidence."));
    }
    paper_rule(&report->paper);
}

static void put_heading(struct certify *certify, const struct template_block *block)
{
    struct buffer text = { 0 };
    fill_both(certify, block, "");
    report_join(&certify->report, &text);
    paper_title(&certify->report.paper, 2, buffer_view(&text));
    buffer_free(&text);
}

static void put_paragraph(struct certify *certify, const struct template_block *block)
{
    fill_both(certify, block, block->kind == TEMPLATE_POINT ? "• " : "");
    report_flush(&certify->report, 1.0, false);
    paper_space(&certify->report.paper, 3);
}

/* ---- to be filled in ------------------------------------------------------------------------- */

static const struct paper_column line_columns[] = { { .share = 3.6, .align = ALIGN_LEFT }, { .share = 6.4, .align = ALIGN_LEFT } };

static void put_line(struct certify *certify, const struct template_block *block)
{
    struct report *report = &certify->report;
    struct buffer cells[2] = { { 0 } };
    fill_both(certify, block, "");
    report_join(report, &cells[0]);
    if (block->value.len > 0) {
        fill(certify, buffer_view(&block->value), 0, &report->first);
        fill(certify, buffer_view(&block->value), 1, &report->second);
        report_join(report, &cells[1]);
    } else {
        buffer_append_view(&cells[1], view_text(" \n ")); /* room to write */
    }
    paper_table_begin(&report->paper, line_columns, 2, true);
    report_row(report, cells, 2, false);
    paper_table_end(&report->paper);
}

static void tick(struct view text, struct buffer *out)
{
    size_t at = 0;
    struct view part;
    while (template_split(text, &at, &part)) {
        bool ticked = part.len > 0 && part.ptr[0] == '*';
        buffer_append_view(out, view_text(ticked ? "[X]\u00A0" : "[\u00A0\u00A0\u00A0]\u00A0"));
        buffer_append_view(out, ticked ? view_part(part, 1, part.len - 1) : part);
        buffer_append_view(out, view_text("    "));
    }
}

static void put_choice(struct certify *certify, const struct template_block *block)
{
    struct report *report = &certify->report;
    tick(text_in(certify, block, 0), &report->first);
    tick(text_in(certify, block, 1), &report->second);
    report_flush(report, 1.0, false);
    paper_space(&report->paper, 4);
}

/* Captions in both languages; paper_boxes looks them up once more, and finds no translation of what is translated. */
static void put_boxes(struct certify *certify, const struct template_block *block)
{
    struct buffer captions[TEMPLATE_BOXES_MAX] = { { 0 } };
    const char *texts[TEMPLATE_BOXES_MAX] = { "" };
    size_t at[2] = { 0 }, count = 0;
    struct view part[2];
    while (count < TEMPLATE_BOXES_MAX && template_split(text_in(certify, block, 0), &at[0], &part[0]) &&
           template_split(text_in(certify, block, 1), &at[1], &part[1])) {
        struct buffer *caption = &captions[count];
        buffer_append_view(caption, part[0]);
        if (!view_equal(part[0], part[1])) {
            buffer_append_view(caption, view_text(" / "));
            buffer_append_view(caption, part[1]);
        }
        buffer_append_byte(caption, '\0');
        texts[count++] = caption->failed ? "" : (const char *)caption->ptr;
    }
    paper_boxes(&certify->report.paper, texts, count, BOX_MM);
    paper_space(&certify->report.paper, 4);
    for (size_t i = 0; i < count; i++) {
        struct fault fault = { 0 };
        if (buffer_status(&captions[i], &fault) != STATUS_OK) {
            paper_fail(&certify->report.paper, &fault);
        }
        buffer_free(&captions[i]);
    }
}

/* ---- which ----------------------------------------------------------------------------------- */

static void put_part(struct certify *certify, enum template_part part)
{
    switch (part) {
    case PART_EXCEPTIONS: certify_exceptions(certify); break;
    case PART_RESULT: certify_result(certify); break;
    case PART_THINGS: certify_things(certify); break;
    case PART_TIMELINE: certify_timeline(certify); break;
    case PART_HISTORY: certify_history(certify); break;
    case PART_SEALS: report_seal_history(&certify->report); break;
    case PART_GAPS: certify_gaps(certify); break;
    case PART_TESTIFY: report_people(&certify->report); break;
    case PART_NOT_PROVEN: certify_not_proven(certify); break;
    case PART_PROOF: certify_proof(certify); break;
    case PART_LINES: certify_lines(certify); break;
    case PART_REPEAT: certify_repeat(certify); break;
    case PART_SIGNATURES: certify_signatures(certify); break;
    case PART_COUNT: break;
    }
}

void certify_block(struct certify *certify, const struct template_block *block)
{
    switch (block->kind) {
    case TEMPLATE_HEAD: put_head(certify, block); break;
    case TEMPLATE_TITLE: put_title(certify, block); break;
    case TEMPLATE_HEADING: put_heading(certify, block); break;
    case TEMPLATE_PARAGRAPH:
    case TEMPLATE_POINT: put_paragraph(certify, block); break;
    case TEMPLATE_LINE: put_line(certify, block); break;
    case TEMPLATE_CHOICE: put_choice(certify, block); break;
    case TEMPLATE_BOXES: put_boxes(certify, block); break;
    case TEMPLATE_PAGE: paper_break(&certify->report.paper); break;
    case TEMPLATE_PART: put_part(certify, block->part); break;
    }
}
