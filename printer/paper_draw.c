/* SPDX-License-Identifier: Apache-2.0 */
#include "printer/paper_inside.h"

#include <math.h>
#include <string.h>

#define GAP_PT 10.0

/* How cairo numbers the dots of an A1 picture. */
static const bool cairo_low_first = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

void paper_draw(struct paper *paper, double height_pt, paper_drawing *draw, void *context)
{
    paper_need(paper, height_pt);
    if (paper_failed(paper)) {
        return;
    }
    cairo_save(paper->cairo);
    cairo_translate(paper->cairo, paper->left_pt, paper->y_pt);
    draw(context, paper->cairo, paper->width_pt, height_pt);
    cairo_restore(paper->cairo);
    paper->y_pt += height_pt;
}

/* One dot a module. */
static cairo_surface_t *qr_picture(const struct qr *qr)
{
    cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_A1, (int)qr->side, (int)qr->side);
    uint8_t *rows = cairo_image_surface_get_data(picture);
    size_t stride = (size_t)cairo_image_surface_get_stride(picture);
    cairo_surface_flush(picture);
    for (unsigned at = 0; rows != NULL && at < qr->side * qr->side; at++) {
        uint32_t word;
        uint8_t *place = rows + at / qr->side * stride + at % qr->side / 32 * sizeof word;
        memcpy(&word, place, sizeof word); /* A1 is in words of the machine, its first dot in the lowest bit of a little-endian one */
        word |= (uint32_t)qr->modules[at] << (cairo_low_first ? at % qr->side % 32 : 31 - at % qr->side % 32);
        memcpy(place, &word, sizeof word);
    }
    cairo_surface_mark_dirty(picture);
    return picture;
}

static void put_picture(cairo_t *cairo, cairo_surface_t *picture, double x, double y, double side)
{
    unsigned modules = (unsigned)cairo_image_surface_get_width(picture);
    double module = side / (modules + 2 * QR_QUIET_MODULES);
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(picture);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
    cairo_save(cairo);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_translate(cairo, x + QR_QUIET_MODULES * module, y + QR_QUIET_MODULES * module);
    cairo_scale(cairo, module, module);
    cairo_mask(cairo, pattern);
    cairo_restore(cairo);
    cairo_pattern_destroy(pattern);
}

/* Into a picture: rectangles of whole dots, which is several times as fast there as a mask. */
static void fill_modules(cairo_t *cairo, const struct qr *qr, double x, double y, double module)
{
    cairo_save(cairo);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
    for (unsigned row = 0; row < qr->side; row++) {
        for (unsigned from = 0; from < qr->side; from++) {
            unsigned to = from;
            while (to < qr->side && qr->modules[row * qr->side + to] == 1) {
                to++;
            }
            if (to > from) {
                cairo_rectangle(cairo, x + (from + QR_QUIET_MODULES) * module, y + (row + QR_QUIET_MODULES) * module, (to - from) * module, module);
                from = to;
            }
        }
    }
    cairo_fill(cairo);
    cairo_restore(cairo);
}

void qr_draw(cairo_t *cairo, const struct qr *qr, double x, double y, double side)
{
    if (cairo_surface_get_type(cairo_get_target(cairo)) == CAIRO_SURFACE_TYPE_IMAGE) {
        fill_modules(cairo, qr, x, y, side / (qr->side + 2 * QR_QUIET_MODULES));
        return;
    }
    /* A picture of its own for each: of one that stands twice on a page, cairo 1.16 names the resource twice, which no PDF may. */
    cairo_surface_t *picture = qr_picture(qr);
    put_picture(cairo, picture, x, y, side);
    cairo_surface_destroy(picture);
}

/* On white, whatever mark is under the page. */
static void put_qr(struct paper *paper, const struct qr *qr, double x, double side)
{
    cairo_set_source_rgb(paper->cairo, 1, 1, 1);
    cairo_rectangle(paper->cairo, x, paper->y_pt, side, side);
    cairo_fill(paper->cairo);
    qr_draw(paper->cairo, qr, x, paper->y_pt, side);
}

void paper_qr(struct paper *paper, const struct qr *qr, double side_mm, struct view caption)
{
    double side = side_mm * POINTS_PER_MM, height = 0;
    struct text_style style = paper_style(paper, 0.85, false);
    PangoLayout *layout = caption.len == 0 ? NULL : paper_layout(paper, caption, &style, paper->width_pt - side - GAP_PT);
    if (layout != NULL) {
        typeset_size(layout, NULL, &height);
    }
    paper_need(paper, fmax(side, height));
    if (!paper_failed(paper)) {
        put_qr(paper, qr, paper->left_pt, side);
        if (layout != NULL) {
            typeset_draw(paper->cairo, layout, paper->left_pt + side + GAP_PT, paper->y_pt + GAP_PT, 0);
        }
        paper->y_pt += fmax(side, height + GAP_PT);
    }
    if (layout != NULL) {
        g_object_unref(layout);
    }
}

void paper_qrs(struct paper *paper, const struct qr *qrs, const struct view *captions, size_t count, double side_mm)
{
    double side = side_mm * POINTS_PER_MM;
    struct text_style style = paper_style(paper, 0.75, false);
    size_t in_row = (size_t)fmax(1, floor(paper->width_pt / side));
    style.align = ALIGN_CENTRE;
    for (size_t from = 0; from < count && !paper_failed(paper); from += in_row) {
        double height = style.size_pt * 3;
        paper_need(paper, side + height);
        for (size_t i = from; i < count && i < from + in_row && !paper_failed(paper); i++) {
            double x = paper->left_pt + (double)(i - from) * side;
            put_qr(paper, &qrs[i], x, side);
            PangoLayout *layout = captions[i].len == 0 ? NULL : paper_layout(paper, captions[i], &style, side);
            if (layout != NULL) {
                typeset_draw(paper->cairo, layout, x, paper->y_pt + side, 0);
                g_object_unref(layout);
            }
        }
        paper->y_pt += side + height;
    }
}

void paper_codes(struct paper *paper, const struct paper_texts *texts, double dot_mm, unsigned dots_min, unsigned dots_max)
{
    struct qr qrs[PAPER_PARTS_MAX] = { { 0 } };
    struct buffer captions[PAPER_PARTS_MAX] = { { 0 } };
    struct view views[PAPER_PARTS_MAX] = { { 0 } };
    unsigned modules = 0;

    for (size_t i = 0; i < texts->count; i++) {
        struct fault fault = { 0 };
        if (qr_encode(buffer_view(&texts->texts[i]), QR_MEDIUM, &qrs[i], &fault) != STATUS_OK) {
            paper_fail(paper, &fault);
        }
        modules = qrs[i].side > modules ? qrs[i].side : modules;
        if (texts->count > 1) {
            buffer_printf(&captions[i], "%zu/%zu", i + 1, texts->count);
        }
        views[i] = buffer_view(&captions[i]);
    }
    if (!paper_failed(paper)) {
        double all_mm = (modules + 2 * QR_QUIET_MODULES) * dot_mm, dots = floor(paper->width_pt / POINTS_PER_MM / all_mm);
        paper_qrs(paper, qrs, views, texts->count, all_mm * fmin(fmax(dots, dots_min), dots_max));
    }
    for (size_t i = 0; i < texts->count; i++) {
        qr_free(&qrs[i]);
        buffer_free(&captions[i]);
    }
}

void paper_boxes(struct paper *paper, const char *const *captions, size_t count, double height_mm)
{
    double height = height_mm * POINTS_PER_MM;
    double width = (paper->width_pt - GAP_PT * (double)(count - 1)) / (double)count;
    struct text_style style = paper_style(paper, 0.75, false);
    paper_need(paper, height + GAP_PT);
    for (size_t i = 0; i < count && !paper_failed(paper); i++) {
        double x = paper->left_pt + (double)i * (width + GAP_PT);
        struct buffer text = { 0 };
        paper_both(paper, captions[i], &text);
        PangoLayout *layout = paper_layout(paper, buffer_view(&text), &style, width - 6);
        cairo_set_source_rgb(paper->cairo, 0.3, 0.3, 0.3);
        cairo_set_line_width(paper->cairo, 0.6);
        cairo_rectangle(paper->cairo, x, paper->y_pt, width, height);
        cairo_stroke(paper->cairo);
        if (layout != NULL) {
            typeset_draw(paper->cairo, layout, x + 3, paper->y_pt + 2, 0.3);
            g_object_unref(layout);
        }
        buffer_free(&text);
    }
    paper->y_pt += height + GAP_PT * 0.6;
}
