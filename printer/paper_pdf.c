/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper_pdf: the recorded pages as a PDF, each with its foot and its mark.
 */
#include "printer/paper_inside.h"

#include "verify/text.h"

#include <cairo-pdf.h>

#include <math.h>

#define GUTTER_PT 12.0
#define MARK_GREY 0.88
#define MARK_EVERY_PT 420.0 /* on a roll */

static cairo_status_t take_bytes(void *context, const unsigned char *bytes, unsigned len)
{
    struct buffer *out = context;
    buffer_append(out, bytes, len);
    return out->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static void put_data(const struct paper *paper, cairo_surface_t *pdf)
{
    struct buffer date = { 0 };
    text_time(&date, paper->form.made_s);
    buffer_append_byte(&date, '\0');
    if (!date.failed && date.ptr[0] != '@') {
        cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, (const char *)date.ptr);
        cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_MOD_DATE, (const char *)date.ptr);
    }
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, paper->form.title);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_SUBJECT, paper->form.subject == NULL ? "" : paper->form.subject);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "Unbroken");
    buffer_free(&date);
}

/* Its number among the pages of its copy, and how many these are. */
static size_t page_number(const struct paper *paper, size_t page, size_t *of)
{
    size_t first = page, end = page + 1;
    while (!paper->pages[first].first) {
        first--;
    }
    while (end < paper->page_count && !paper->pages[end].first) {
        end++;
    }
    *of = end - first;
    return page - first + 1;
}

static void put_foot(struct paper *paper, cairo_t *cairo, size_t page)
{
    struct text_style style = { .size_pt = paper->form.base_pt * 0.75, .align = ALIGN_RIGHT, .grey = 0.25 };
    struct buffer number = { 0 };
    size_t of = 0, nth = page_number(paper, page, &of);
    double y = paper->bottom_pt + 4;
    cairo_set_source_rgb(cairo, 0.6, 0.6, 0.6);
    cairo_set_line_width(cairo, 0.4);
    cairo_move_to(cairo, paper->left_pt, y);
    cairo_line_to(cairo, paper->left_pt + paper->width_pt, y);
    cairo_stroke(cairo);
    words_print(&number, paper->form.languages.first, N_("page %zu of %zu"), nth, of);
    PangoLayout *right = paper_layout(paper, buffer_view(&number), &style, paper->width_pt);
    double width = 0;
    style.align = ALIGN_LEFT;
    if (right != NULL) {
        typeset_draw(cairo, right, paper->left_pt, y + 2, style.grey);
        PangoRectangle ink;
        pango_layout_get_extents(right, NULL, &ink);
        width = (double)ink.width / PANGO_SCALE;
        g_object_unref(right);
    }
    PangoLayout *left = NULL;
    struct fault fault = { 0 };
    if (!paper_failed(paper) && typeset_short(paper->typesetter, paper->form.foot, &style, paper->width_pt - width - GUTTER_PT, 1, &left, &fault) != STATUS_OK) {
        paper_fail(paper, &fault);
    }
    if (left != NULL) {
        typeset_draw(cairo, left, paper->left_pt, y + 2, style.grey);
        g_object_unref(left);
    }
    buffer_free(&number);
}

/* Slanting, as wide as the page; on a roll again and again. Outlines, for it is no part of the page's text. */
static void put_mark(struct paper *paper, cairo_t *cairo, double width, double height)
{
    struct text_style style = { .size_pt = 40, .bold = true };
    PangoLayout *layout = paper->form.mark.len == 0 ? NULL : paper_layout(paper, paper->form.mark, &style, 0);
    double text_width = 0, text_height = 0;
    if (layout == NULL) {
        return;
    }
    typeset_size(layout, &text_width, &text_height);
    double angle = paper->form.height_mm > 0 ? atan2(height, width) : 0.6;
    double scale = 0.8 * fmin(width / cos(angle), height / sin(angle)) / fmax(text_width, 1);
    double every = paper->form.height_mm > 0 ? height : MARK_EVERY_PT;
    for (double middle = fmin(every, height) / 2; middle < height; middle += every) {
        cairo_save(cairo);
        cairo_translate(cairo, width / 2, middle);
        cairo_rotate(cairo, -angle);
        cairo_scale(cairo, scale, scale);
        cairo_set_source_rgb(cairo, MARK_GREY, MARK_GREY, MARK_GREY);
        cairo_move_to(cairo, -text_width / 2, -text_height / 2);
        pango_cairo_layout_path(cairo, layout);
        cairo_fill(cairo);
        cairo_restore(cairo);
    }
    g_object_unref(layout);
}

static void put_page(struct paper *paper, cairo_surface_t *pdf, size_t page)
{
    double width = paper->form.width_mm * POINTS_PER_MM;
    cairo_pdf_surface_set_size(pdf, width, paper->pages[page].height_pt);
    cairo_t *cairo = cairo_create(pdf);
    put_mark(paper, cairo, width, paper->pages[page].height_pt);
    cairo_set_source_surface(cairo, paper->pages[page].surface, 0, 0);
    cairo_paint(cairo);
    if (paper->form.height_mm > 0) {
        put_foot(paper, cairo, page);
    }
    cairo_show_page(cairo);
    cairo_destroy(cairo);
}

enum status paper_finish(struct paper *paper, struct buffer *out, struct fault *fault)
{
    if (!paper_failed(paper)) {
        paper_end_page(paper);
        cairo_surface_t *pdf = cairo_pdf_surface_create_for_stream(take_bytes, out, paper->form.width_mm * POINTS_PER_MM, paper->pages[0].height_pt);
        put_data(paper, pdf);
        for (size_t i = 0; i < paper->page_count; i++) {
            put_page(paper, pdf, i);
        }
        cairo_surface_finish(pdf);
        if (cairo_surface_status(pdf) != CAIRO_STATUS_SUCCESS) {
            paper_fail(paper, &(struct fault){ .status = STATUS_MEMORY, .at = FAULT_NOWHERE, .text = "out of memory" });
        }
        cairo_surface_destroy(pdf);
    }
    struct fault first = paper->fault;
    paper_drop(paper);
    return first.status == STATUS_OK ? STATUS_OK : fault_set(fault, first.status, first.at, "%s", first.text);
}
