/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper: pages are recorded and drawn into the PDF at the end (paper_pdf.c), when their number is known.
 */
#include "printer/paper_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FOOT_PT 22.0
#define ROLL_PT 14000.0 /* PDF's own limit is 14400 */
#define GUTTER_PT 12.0

bool paper_failed(const struct paper *paper)
{
    return paper->fault.status != STATUS_OK;
}

void paper_fail(struct paper *paper, const struct fault *fault)
{
    if (!paper_failed(paper)) {
        paper->fault = *fault;
    }
}

static void fail_memory(struct paper *paper)
{
    if (!paper_failed(paper)) {
        (void)fault_set(&paper->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
}

/* ---- pages ----------------------------------------------------------------------------------- */

static double page_height(const struct paper *paper)
{
    return paper->form.height_mm > 0 ? paper->form.height_mm * POINTS_PER_MM : ROLL_PT;
}

void paper_end_page(struct paper *paper)
{
    if (paper->page_count > 0 && paper->form.height_mm <= 0) {
        paper->pages[paper->page_count - 1].height_pt = ceil(paper->y_pt + paper->form.margin_mm * POINTS_PER_MM);
    }
}

static void add_page(struct paper *paper, bool first)
{
    if (paper->page_count == paper->page_cap) {
        size_t cap = paper->page_cap == 0 ? 16 : paper->page_cap * 2;
        struct paper_page *pages = realloc(paper->pages, cap * sizeof *pages);
        if (pages == NULL) {
            fail_memory(paper);
            return;
        }
        paper->pages = pages;
        paper->page_cap = cap;
    }
    paper_end_page(paper);
    cairo_rectangle_t extents = { 0, 0, paper->form.width_mm * POINTS_PER_MM, page_height(paper) };
    struct paper_page *page = &paper->pages[paper->page_count++];
    *page = (struct paper_page){ .height_pt = extents.height, .first = first };
    page->surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents);
    if (paper->cairo != NULL) {
        cairo_destroy(paper->cairo);
    }
    paper->cairo = cairo_create(page->surface);
    paper->y_pt = paper->form.margin_mm * POINTS_PER_MM;
}

void paper_next_page(struct paper *paper)
{
    if (paper_failed(paper)) {
        return;
    }
    add_page(paper, false);
    if (paper->table != NULL) {
        paper_table_heading(paper);
    }
}

void paper_break(struct paper *paper)
{
    if (paper->y_pt > paper->form.margin_mm * POINTS_PER_MM) {
        paper_next_page(paper);
    }
}

void paper_part(struct paper *paper)
{
    if (!paper_failed(paper)) {
        add_page(paper, true);
    }
}

void paper_need(struct paper *paper, double height_pt)
{
    if (!paper_failed(paper) && paper->y_pt + height_pt > paper->bottom_pt) {
        paper_break(paper);
    }
}

enum status paper_open(struct typesetter *typesetter, const struct paper_form *form, struct paper *out, struct fault *fault)
{
    double margin = form->margin_mm * POINTS_PER_MM;
    *out = (struct paper){ .form = *form, .typesetter = typesetter, .left_pt = margin };
    out->width_pt = form->width_mm * POINTS_PER_MM - 2 * margin;
    out->bottom_pt = page_height(out) - margin - (form->height_mm > 0 ? FOOT_PT : 0);
    add_page(out, true);
    if (paper_failed(out)) {
        paper_drop(out);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    return STATUS_OK;
}

void paper_drop(struct paper *paper)
{
    if (paper->cairo != NULL) {
        cairo_destroy(paper->cairo);
    }
    for (size_t i = 0; i < paper->page_count; i++) {
        cairo_surface_destroy(paper->pages[i].surface);
    }
    free(paper->pages);
    *paper = (struct paper){ 0 };
}

/* ---- text ------------------------------------------------------------------------------------ */

struct text_style paper_style(const struct paper *paper, double size, bool bold)
{
    return (struct text_style){ .size_pt = paper->form.base_pt * size, .bold = bold };
}

PangoLayout *paper_layout(struct paper *paper, struct view text, const struct text_style *style, double width_pt)
{
    PangoLayout *layout = NULL;
    struct fault fault = { 0 };
    if (!paper_failed(paper) && typeset(paper->typesetter, text, style, width_pt, &layout, &fault) != STATUS_OK) {
        paper_fail(paper, &fault);
    }
    return layout;
}

/* ---- what stands side by side ---- */

enum { STEPS_MAX = 256 }; /* on one page at once */

/* Where each cell has come to; NULL: at its end. A step is one line of each; it is as high as the highest of them. */
struct flow {
    const struct paper_cell *cells;
    size_t count;
    PangoLayoutIter *lines[PAPER_COLUMNS_MAX];
};

static bool flow_ended(const struct flow *flow)
{
    for (size_t i = 0; i < flow->count; i++) {
        if (flow->lines[i] != NULL) {
            return false;
        }
    }
    return true;
}

static void flow_free(struct flow *flow)
{
    for (size_t i = 0; i < flow->count; i++) {
        if (flow->lines[i] != NULL) {
            pango_layout_iter_free(flow->lines[i]);
            flow->lines[i] = NULL;
        }
    }
}

static void next_line(PangoLayoutIter **line)
{
    if (!pango_layout_iter_next_line(*line)) {
        pango_layout_iter_free(*line);
        *line = NULL;
    }
}

static double step_height(const struct flow *flow)
{
    double height = 0;
    for (size_t i = 0; i < flow->count; i++) {
        PangoRectangle box = { 0 };
        if (flow->lines[i] != NULL) {
            pango_layout_iter_get_line_extents(flow->lines[i], NULL, &box);
            height = fmax(height, (double)box.height / PANGO_SCALE);
        }
    }
    return height;
}

/* How many steps from here on fit on this page: at least one. tops[k]: where step k begins, below y_pt; tops[steps]: where they end. */
static size_t count_steps(const struct paper *paper, const struct flow *flow, double tops[STEPS_MAX + 1])
{
    struct flow ahead = { .cells = flow->cells, .count = flow->count };
    size_t steps = 0;
    for (size_t i = 0; i < flow->count; i++) {
        ahead.lines[i] = flow->lines[i] == NULL ? NULL : pango_layout_iter_copy(flow->lines[i]);
    }
    tops[0] = 0;
    while (steps < STEPS_MAX && !flow_ended(&ahead)) {
        double end = tops[steps] + step_height(&ahead);
        if (steps > 0 && paper->y_pt + end > paper->bottom_pt) {
            break;
        }
        tops[++steps] = end;
        for (size_t i = 0; i < ahead.count; i++) {
            if (ahead.lines[i] != NULL) {
                next_line(&ahead.lines[i]);
            }
        }
    }
    flow_free(&ahead);
    return steps;
}

static void draw_line(struct paper *paper, const struct paper_cell *cell, PangoLayoutIter *line, double top_pt)
{
    PangoRectangle box = { 0 };
    pango_layout_iter_get_line_extents(line, NULL, &box);
    double baseline = (double)(pango_layout_iter_get_baseline(line) - box.y) / PANGO_SCALE;
    cairo_set_source_rgb(paper->cairo, cell->grey, cell->grey, cell->grey);
    cairo_move_to(paper->cairo, cell->x_pt + (double)box.x / PANGO_SCALE, top_pt + baseline);
    pango_cairo_show_layout_line(paper->cairo, pango_layout_iter_get_line_readonly(line));
}

/* On each page cell after cell: who copies text out of the PDF gets a label and then its value, not their lines in turns. */
void paper_flow(struct paper *paper, const struct paper_cell *cells, size_t count)
{
    struct flow flow = { .cells = cells, .count = count };
    double tops[STEPS_MAX + 1];
    for (size_t i = 0; i < count; i++) {
        flow.lines[i] = cells[i].layout == NULL ? NULL : pango_layout_get_iter(cells[i].layout);
    }
    while (!flow_ended(&flow) && !paper_failed(paper)) {
        paper_need(paper, step_height(&flow));
        size_t steps = count_steps(paper, &flow, tops);
        for (size_t i = 0; i < count && !paper_failed(paper); i++) {
            for (size_t k = 0; k < steps && flow.lines[i] != NULL; k++) {
                draw_line(paper, &cells[i], flow.lines[i], paper->y_pt + tops[k]);
                next_line(&flow.lines[i]);
            }
        }
        paper->y_pt += tops[steps];
    }
    flow_free(&flow);
}

void paper_text(struct paper *paper, struct view text, const struct text_style *style)
{
    struct paper_cell cell = { .layout = paper_layout(paper, text, style, paper->width_pt), .x_pt = paper->left_pt, .grey = style->grey };
    if (cell.layout != NULL) {
        paper_flow(paper, &cell, 1);
        g_object_unref(cell.layout);
    }
}

void paper_beside(struct paper *paper, struct view left, struct view right, const struct text_style *style)
{
    double width = (paper->width_pt - GUTTER_PT) / 2;
    struct paper_cell cells[2] = {
        { .layout = paper_layout(paper, left, style, width), .x_pt = paper->left_pt, .grey = style->grey },
        { .layout = paper_layout(paper, right, style, width), .x_pt = paper->left_pt + width + GUTTER_PT, .grey = style->grey },
    };
    if (!paper_failed(paper)) {
        paper_flow(paper, cells, 2);
    }
    for (size_t i = 0; i < 2; i++) {
        if (cells[i].layout != NULL) {
            g_object_unref(cells[i].layout);
        }
    }
}

void paper_words(struct paper *paper, const char *english, const struct text_style *style)
{
    const struct languages *languages = &paper->form.languages;
    if (languages->both) {
        paper_beside(paper, view_text(words_in(languages->first, english)), view_text(words_in(languages->second, english)), style);
    } else {
        paper_text(paper, view_text(words_in(languages->first, english)), style);
    }
}

void paper_both(const struct paper *paper, const char *english, struct buffer *out)
{
    words_both(out, &paper->form.languages, english);
}

void paper_title(struct paper *paper, unsigned level, struct view text)
{
    static const double sizes[] = { 1.9, 1.35, 1.1 };
    struct text_style style = paper_style(paper, sizes[level > 3 ? 2 : level - 1], true);
    paper_space(paper, level == 1 ? 0 : style.size_pt * 0.7);
    paper_need(paper, style.size_pt * 5);
    paper_text(paper, text, &style);
    paper_space(paper, style.size_pt * 0.3);
}

void paper_heading(struct paper *paper, unsigned level, const char *english)
{
    struct buffer text = { 0 };
    paper_both(paper, english, &text);
    paper_title(paper, level, buffer_view(&text));
    buffer_free(&text);
}

void paper_space(struct paper *paper, double height_pt)
{
    if (paper->y_pt > paper->form.margin_mm * POINTS_PER_MM) {
        paper->y_pt += height_pt;
    }
}

void paper_rule(struct paper *paper)
{
    if (paper_failed(paper)) {
        return;
    }
    cairo_set_source_rgb(paper->cairo, 0.55, 0.55, 0.55);
    cairo_set_line_width(paper->cairo, 0.4);
    cairo_move_to(paper->cairo, paper->left_pt, paper->y_pt + 1.5);
    cairo_line_to(paper->cairo, paper->left_pt + paper->width_pt, paper->y_pt + 1.5);
    cairo_stroke(paper->cairo);
    paper->y_pt += 3;
}
