/* SPDX-License-Identifier: Apache-2.0 */
/*
 * weight_chart: the scale at the left begins where the curve needs it, and says so by its numbers: a loss of two of a hundred would not be
 * seen on one that begins at nothing.
 */
#include "printer/weight_chart.h"

#include "verify/state.h"
#include "verify/text.h"

#include <math.h>

#define LEFT_PT 62.0
#define RIGHT_PT 34.0
#define TOP_PT 12.0
#define FOOT_PT 24.0
#define LEAST_MG 1000.0
#define HEIGHT_PT 120.0
#define RED 0.78, 0.0, 0.0

void weight_print(struct buffer *out, uint64_t mass_mg)
{
    struct buffer text = { 0 };
    buffer_printf(&text, "%llu.%06llu", (unsigned long long)(mass_mg / 1000000), (unsigned long long)(mass_mg % 1000000));
    while (text.len > 0 && text.ptr[text.len - 1] == '0') {
        text.len--;
    }
    text.len -= text.len > 0 && text.ptr[text.len - 1] == '.' ? 1 : 0;
    buffer_append_view(out, buffer_view(&text));
    buffer_append_view(out, view_text(" kg"));
    buffer_free(&text);
}

static double band(uint64_t expected_mg)
{
    return fmax((double)expected_mg * 0.02, LEAST_MG);
}

bool weight_chart_outside(const struct weight_point *point)
{
    return point->expected_mg != NOTHING && fabs((double)point->net_mg - (double)point->expected_mg) > band(point->expected_mg);
}

static void scale(const struct weight_chart *chart, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < chart->count; i++) {
        const struct weight_point *point = &chart->points[i];
        double around = point->expected_mg == NOTHING ? 0 : band(point->expected_mg);
        double middle = point->expected_mg == NOTHING ? (double)point->net_mg : (double)point->expected_mg;
        *low = fmin(*low, fmin((double)point->net_mg, middle - around));
        *high = fmax(*high, fmax((double)point->net_mg, middle + around));
    }
    double room = fmax((*high - *low) * 0.08, 1);
    *low = fmax(0, *low - room);
    *high += room;
}

static double level(const struct weight_chart *chart, double height_pt, double mass_mg)
{
    double low, high;
    scale(chart, &low, &high);
    return TOP_PT + (height_pt - TOP_PT - FOOT_PT) * (high - mass_mg) / (high - low);
}

double weight_chart_y(const struct weight_chart *chart, double height_pt, uint64_t mass_mg)
{
    return level(chart, height_pt, (double)mass_mg);
}

double weight_chart_x(const struct weight_chart *chart, double width_pt, uint64_t time_s)
{
    uint64_t from = UINT64_MAX, until = 0;
    for (size_t i = 0; i < chart->count; i++) {
        from = chart->points[i].time_s < from ? chart->points[i].time_s : from;
        until = chart->points[i].time_s > until ? chart->points[i].time_s : until;
    }
    double plot = width_pt - LEFT_PT - RIGHT_PT;
    return until <= from || time_s < from ? LEFT_PT : LEFT_PT + plot * ((double)(time_s - from) / (double)(until - from));
}

static enum status put_text(const struct weight_chart *chart, cairo_t *cairo, struct buffer *text, double x, double y, enum text_align align,
                            struct fault *fault)
{
    struct text_style style = { .size_pt = chart->base_pt * 0.72 };
    PangoLayout *layout = NULL;
    double width = 0;
    enum status status = text->failed ? buffer_status(text, fault) : typeset(chart->typesetter, buffer_view(text), &style, 0, &layout, fault);
    if (status == STATUS_OK) {
        typeset_size(layout, &width, NULL);
        typeset_draw(cairo, layout, x - (align == ALIGN_RIGHT ? width : align == ALIGN_CENTRE ? width / 2 : 0), y, 0);
        g_object_unref(layout);
    }
    buffer_free(text);
    return status;
}

/* Three weights at the left, with lines across. */
static enum status put_scale(const struct weight_chart *chart, cairo_t *cairo, double width, double height, struct fault *fault)
{
    enum status status = STATUS_OK;
    double low, high;
    scale(chart, &low, &high);
    cairo_set_line_width(cairo, 0.3);
    for (int i = 0; i <= 2 && status == STATUS_OK; i++) {
        struct buffer text = { 0 };
        double mass = low + (high - low) * i / 2, y = level(chart, height, mass);
        cairo_set_source_rgb(cairo, 0.65, 0.65, 0.65);
        cairo_move_to(cairo, LEFT_PT, y);
        cairo_line_to(cairo, width - RIGHT_PT, y);
        cairo_stroke(cairo);
        weight_print(&text, (uint64_t)mass / 100 * 100);
        status = put_text(chart, cairo, &text, LEFT_PT - 5, y - chart->base_pt * 0.5, ALIGN_RIGHT, fault);
    }
    return status;
}

/* From the weight before to this one: the band within which it was expected, between dashed lines. */
static void put_band(const struct weight_chart *chart, cairo_t *cairo, double width, double height, size_t i)
{
    const struct weight_point *point = &chart->points[i];
    static const double dashes[] = { 3, 2 };
    double x = weight_chart_x(chart, width, chart->points[i - 1].time_s), until = weight_chart_x(chart, width, point->time_s);
    double top = level(chart, height, (double)point->expected_mg + band(point->expected_mg));
    double bottom = level(chart, height, fmax(0, (double)point->expected_mg - band(point->expected_mg)));
    cairo_rectangle(cairo, x, top, until - x, bottom - top);
    cairo_set_source_rgb(cairo, 0.92, 0.92, 0.92);
    cairo_fill(cairo);
    cairo_set_source_rgb(cairo, 0.35, 0.35, 0.35);
    cairo_set_line_width(cairo, 0.5);
    cairo_set_dash(cairo, dashes, 2, 0);
    cairo_move_to(cairo, x, top);
    cairo_line_to(cairo, until, top);
    cairo_move_to(cairo, x, bottom);
    cairo_line_to(cairo, until, bottom);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, NULL, 0, 0);
}

static void put_curve(const struct weight_chart *chart, cairo_t *cairo, double width, double height)
{
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_set_line_width(cairo, 1);
    cairo_new_path(cairo); /* a text leaves a point behind */
    for (size_t i = 0; i < chart->count; i++) {
        cairo_line_to(cairo, weight_chart_x(chart, width, chart->points[i].time_s), weight_chart_y(chart, height, chart->points[i].net_mg));
    }
    cairo_stroke(cairo);
}

/* A dot, or a ring with a cross where it is out of its band; its record's number above, its date at the foot where there is room. */
static enum status put_point(const struct weight_chart *chart, cairo_t *cairo, double width, double height, size_t i, double *dates_end,
                             struct fault *fault)
{
    const struct weight_point *point = &chart->points[i];
    double x = weight_chart_x(chart, width, point->time_s), y = weight_chart_y(chart, height, point->net_mg), arm = 2.4;
    struct buffer number = { 0 }, date = { 0 };
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x, y, weight_chart_outside(point) ? 4.2 : 2.2, 0, 2 * M_PI);
    if (weight_chart_outside(point)) {
        cairo_move_to(cairo, x - arm, y - arm);
        cairo_line_to(cairo, x + arm, y + arm);
        cairo_move_to(cairo, x + arm, y - arm);
        cairo_line_to(cairo, x - arm, y + arm);
        cairo_set_source_rgb(cairo, RED);
        cairo_set_line_width(cairo, 1.2);
        cairo_stroke(cairo);
    } else {
        cairo_set_source_rgb(cairo, 0, 0, 0);
        cairo_fill(cairo);
    }
    buffer_printf(&number, "%llu", (unsigned long long)point->record);
    enum status status = put_text(chart, cairo, &number, x, y - chart->base_pt * 1.45, ALIGN_CENTRE, fault);
    if (status == STATUS_OK && x - 20 > *dates_end) {
        text_time_local(&date, point->time_s, chart->offset_min);
        date.len = date.len > 10 ? 10 : date.len;
        status = put_text(chart, cairo, &date, x, height - FOOT_PT + 6, ALIGN_CENTRE, fault);
        *dates_end = x + 22;
    }
    return status;
}

enum status weight_chart_draw(const struct weight_chart *chart, cairo_t *cairo, double width_pt, double height_pt, struct fault *fault)
{
    double dates_end = -1000;
    for (size_t i = 1; i < chart->count; i++) {
        if (chart->points[i].expected_mg != NOTHING) {
            put_band(chart, cairo, width_pt, height_pt, i);
        }
    }
    enum status status = put_scale(chart, cairo, width_pt, height_pt, fault);
    put_curve(chart, cairo, width_pt, height_pt);
    for (size_t i = 0; i < chart->count && status == STATUS_OK; i++) {
        status = put_point(chart, cairo, width_pt, height_pt, i, &dates_end, fault);
    }
    return status;
}

struct on_paper {
    struct paper *paper;
    struct weight_chart chart;
};

static void draw_on_paper(void *context, cairo_t *cairo, double width_pt, double height_pt)
{
    struct on_paper *on = context;
    struct fault fault = { 0 };
    if (weight_chart_draw(&on->chart, cairo, width_pt, height_pt, &fault) != STATUS_OK) {
        paper_fail(on->paper, &fault);
    }
}

void weight_chart_put(struct paper *paper, const struct weight_point *points, size_t count, int offset_min)
{
    struct on_paper on = { .paper = paper,
                           .chart = { .points = points, .count = count, .offset_min = offset_min, .typesetter = paper->typesetter, .base_pt = paper->form.base_pt } };
    if (count >= 2) {
        paper_draw(paper, HEIGHT_PT, draw_on_paper, &on);
    }
}
