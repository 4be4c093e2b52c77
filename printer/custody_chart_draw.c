/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_chart_draw: from top to bottom: lanes with their bars, a row of marks for seals, one for broken rules, the axis, the legend. Time
 * is to scale; what is too short to be seen is drawn as wide as a line.
 */
#include "printer/custody_chart_inside.h"

#include "verify/state.h"
#include "verify/text.h"

#include <math.h>
#include <stdlib.h>

#define NAMES_SHARE 0.25   /* of the width, at the left */
#define MARGIN_PT 6.0      /* right of the axis */
#define BAR_MIN_PT 1.6
#define RED_MIN_PT 5.0    /* what is late or missing is never overlooked */
#define TICK_MIN_PT 58.0
#define LABEL_MIN_PT 26.0
#define LABEL_ROWS 2
#define LEGEND_COLUMNS 3

static const char *const state_words[CHART_STATES] = {
    [CHART_HELD] = N_("held"),
    [CHART_TRANSIT] = N_("in transit, not yet accepted"),
    [CHART_OUT] = N_("out, with somebody without a key"),
    [CHART_LATE] = N_("late: past its time, or not answered for 30 days"),
    [CHART_MISSING] = N_("missing: not found at a stock-take"),
};

static const char *const mark_words[CHART_MARKS] = {
    [CHART_SEALED] = N_("seal put on (with record)"),
    [CHART_OPENED] = N_("seal taken off"),
    [CHART_DIFFERS] = N_("other seals found than expected"),
    [CHART_BREACH] = N_("another rule broken"),
    [CHART_CLOSED] = N_("left custody for good"),
};

/* A drawing under way. */
struct canvas {
    const struct custody_chart *chart;
    const struct chart_look *look;
    cairo_t *cairo;
    double width, y;
    struct fault fault;
};

static bool has_state(const struct custody_chart *chart, enum chart_state state)
{
    for (size_t i = 0; i < chart->bar_count; i++) {
        if (chart->bars[i].state == state) {
            return true;
        }
    }
    return false;
}

static bool has_mark(const struct custody_chart *chart, enum chart_mark mark)
{
    for (size_t i = 0; i < chart->point_count; i++) {
        if (chart->points[i].mark == mark) {
            return true;
        }
    }
    return false;
}

static bool has_row(const struct custody_chart *chart, bool seals)
{
    for (unsigned mark = 0; mark < CHART_MARKS; mark++) {
        if (chart_is_seal((enum chart_mark)mark) == seals && has_mark(chart, (enum chart_mark)mark)) {
            return true;
        }
    }
    return false;
}

/* ---- where things stand ---------------------------------------------------------------------- */

static double lane_height(const struct chart_look *look) { return look->base_pt * 2.1; }
static double line_height(const struct chart_look *look) { return look->base_pt * (look->languages.both ? 1.25 : 1.3); }
static double marks_height(const struct chart_look *look) { return look->base_pt * (1.5 + LABEL_ROWS * 0.95); }

static size_t legend_rows(const struct custody_chart *chart)
{
    size_t count = 0;
    if (chart->bare) {
        return 0;
    }
    for (unsigned i = 0; i < CHART_STATES; i++) {
        count += has_state(chart, (enum chart_state)i) ? 1 : 0;
    }
    for (unsigned i = 0; i < CHART_MARKS; i++) {
        count += has_mark(chart, (enum chart_mark)i) ? 1 : 0;
    }
    return (count + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
}

static double legend_height(const struct chart_look *look) { return line_height(look) * (look->languages.both ? 2 : 1.6); }

double custody_chart_height(const struct custody_chart *chart, const struct chart_look *look)
{
    double marks = marks_height(look) * ((has_row(chart, true) ? 1 : 0) + (has_row(chart, false) ? 1 : 0));
    return lane_height(look) * (double)chart->lane_count + marks + look->base_pt * 2.6 + legend_height(look) * (double)legend_rows(chart);
}

double custody_chart_x(const struct custody_chart *chart, const struct chart_look *look, double width_pt, uint64_t time_s)
{
    double left = width_pt * NAMES_SHARE, right = width_pt - MARGIN_PT;
    (void)look;
    if (time_s <= chart->from_s || chart->until_s <= chart->from_s) {
        return left;
    }
    if (time_s >= chart->until_s) {
        return right;
    }
    return left + (right - left) * ((double)(time_s - chart->from_s) / (double)(chart->until_s - chart->from_s));
}

static double place_of(const struct canvas *canvas, uint64_t time_s)
{
    return custody_chart_x(canvas->chart, canvas->look, canvas->width, time_s);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* At most that many lines, with its left edge, middle or right edge at x; returns its width. */
static double put_text(struct canvas *canvas, struct view text, double x, double y, double width, int lines, enum text_align align, double size)
{
    struct text_style style = { .size_pt = canvas->look->base_pt * size };
    PangoLayout *layout = NULL;
    double wide = 0;
    if (canvas->fault.status != STATUS_OK || text.len == 0 ||
        typeset_short(canvas->look->typesetter, text, &style, width, lines, &layout, &canvas->fault) != STATUS_OK) {
        return 0;
    }
    PangoRectangle box;
    pango_layout_get_extents(layout, NULL, &box);
    wide = (double)box.width / PANGO_SCALE;
    x -= align == ALIGN_LEFT ? 0 : align == ALIGN_RIGHT ? wide : wide / 2;
    typeset_draw(canvas->cairo, layout, x, y, 0);
    g_object_unref(layout);
    return wide;
}

static void put_words(struct canvas *canvas, const char *english, double x, double y, double width, int lines, double size)
{
    struct buffer text = { 0 };
    words_both(&text, &canvas->look->languages, english);
    (void)put_text(canvas, buffer_view(&text), x, y, width, lines, ALIGN_LEFT, size);
    buffer_free(&text);
}

/* ---- the axis -------------------------------------------------------------------------------- */

static uint64_t tick_step(const struct canvas *canvas)
{
    static const uint64_t steps[] = { 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 15552000, 31536000 };
    double plot = canvas->width * (1 - NAMES_SHARE) - MARGIN_PT;
    double span = (double)(canvas->chart->until_s - canvas->chart->from_s);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        double wide = steps[i] < 86400 ? TICK_MIN_PT * 1.6 : TICK_MIN_PT;
        if (span / (double)steps[i] * wide <= plot) {
            return steps[i];
        }
    }
    return (uint64_t)(span / plot * TICK_MIN_PT / 31536000 + 1) * 31536000;
}

/* "2018-12-13", with the time of day where ticks are closer than a day. */
static void put_date(struct canvas *canvas, uint64_t time_s, bool time_too, double x, double y)
{
    struct buffer text = { 0 };
    text_time_local(&text, time_s, canvas->chart->offset_min); /* 2018-12-13T09:03:00+07:00 */
    if (!text.failed && text.len >= 16) {
        text.len = time_too ? 16 : 10;
        text.ptr[10] = ' ';
        (void)put_text(canvas, view_of(text.ptr, text.len), x, y, 0, 1, ALIGN_CENTRE, 0.72);
    }
    buffer_free(&text);
}

static void put_axis(struct canvas *canvas, double top)
{
    const struct custody_chart *chart = canvas->chart;
    uint64_t step = tick_step(canvas);
    int64_t offset_s = (int64_t)chart->offset_min * 60;
    uint64_t from = (uint64_t)((int64_t)chart->from_s + offset_s);
    cairo_set_line_width(canvas->cairo, 0.7);
    cairo_set_source_rgb(canvas->cairo, 0, 0, 0);
    cairo_move_to(canvas->cairo, place_of(canvas, chart->from_s), canvas->y);
    cairo_line_to(canvas->cairo, place_of(canvas, chart->until_s), canvas->y);
    cairo_stroke(canvas->cairo);
    for (uint64_t local = (from + step - 1) / step * step; local <= chart->until_s + (uint64_t)(offset_s > 0 ? offset_s : 0); local += step) {
        uint64_t time_s = (uint64_t)((int64_t)local - offset_s);
        double x = place_of(canvas, time_s);
        if (time_s > chart->until_s) {
            break;
        }
        cairo_set_line_width(canvas->cairo, 0.3);
        cairo_set_source_rgb(canvas->cairo, 0.6, 0.6, 0.6);
        cairo_move_to(canvas->cairo, x, top);
        cairo_line_to(canvas->cairo, x, canvas->y + 3);
        cairo_stroke(canvas->cairo);
        put_date(canvas, time_s, step < 86400, fmin(x, canvas->width - TICK_MIN_PT * 0.4), canvas->y + 3);
    }
}

/* ---- lanes ----------------------------------------------------------------------------------- */

static void put_bar(struct canvas *canvas, const struct chart_bar *bar, double top)
{
    const struct custody_chart *chart = canvas->chart;
    if (bar->until_s < chart->from_s || bar->from_s > chart->until_s) {
        return;
    }
    double height = lane_height(canvas->look);
    bool over = bar->state == CHART_MISSING || bar->state == CHART_LATE;
    double x = place_of(canvas, bar->from_s), y = top + height * ((double)bar->lane + (over ? 0.28 : 0.16));
    double width = fmax(over ? RED_MIN_PT : BAR_MIN_PT, place_of(canvas, bar->until_s) - x);
    x = fmin(x, canvas->width - MARGIN_PT + 2 - width);
    chart_fill(canvas->cairo, bar->state, x, y, width, height * (over ? 0.44 : 0.68));
    if (width > LABEL_MIN_PT && bar->state == CHART_HELD) {
        (void)put_text(canvas, buffer_view(&bar->label), x + 3, y + height * 0.12, width - 5, 1, ALIGN_LEFT, 0.75);
    }
}

static void put_lanes(struct canvas *canvas)
{
    double height = lane_height(canvas->look), top = canvas->y;
    for (size_t i = 0; i < canvas->chart->lane_count; i++) {
        double y = top + height * (double)i;
        (void)put_text(canvas, buffer_view(&canvas->chart->lanes[i]), 0, y + height * 0.06, canvas->width * NAMES_SHARE - 6, 2, ALIGN_LEFT, 0.74);
        cairo_set_source_rgb(canvas->cairo, 0.8, 0.8, 0.8);
        cairo_set_line_width(canvas->cairo, 0.3);
        cairo_move_to(canvas->cairo, 0, y + height);
        cairo_line_to(canvas->cairo, canvas->width, y + height);
        cairo_stroke(canvas->cairo);
    }
    for (unsigned over = 0; over < 2; over++) {
        for (size_t i = 0; i < canvas->chart->bar_count; i++) {
            const struct chart_bar *bar = &canvas->chart->bars[i];
            if ((bar->state == CHART_MISSING || bar->state == CHART_LATE) == (over == 1)) {
                put_bar(canvas, bar, top);
            }
        }
    }
    canvas->y += height * (double)canvas->chart->lane_count;
}

/* ---- marks ----------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    const struct chart_point *x = a, *y = b;
    return x->time_s != y->time_s ? (x->time_s < y->time_s ? -1 : 1) : x->record != y->record ? (x->record < y->record ? -1 : 1) : 0;
}

/* Record numbers stand under their signs, in the first row that has room; where none has, "…" stands for them, and the tables have them all. */
static void put_number(struct canvas *canvas, const struct chart_point *point, double x, double ends[LABEL_ROWS], double *dots)
{
    double size = canvas->look->base_pt;
    struct buffer text = { 0 };
    buffer_printf(&text, "%llu", (unsigned long long)point->record);
    double half = (double)text.len * size * 0.2;
    bool put = point->record == NOTHING;
    for (size_t row = 0; row < LABEL_ROWS && !put; row++) {
        if (x - half > ends[row] + 1) {
            (void)put_text(canvas, buffer_view(&text), x, canvas->y + size * (1.25 + (double)row * 0.95), 0, 1, ALIGN_CENTRE, 0.7);
            ends[row] = x + half;
            put = true;
        }
    }
    if (!put && x > *dots + size) {
        ends[0] = x + half + put_text(canvas, view_text("…"), x + half, canvas->y + size * 1.25, 0, 1, ALIGN_LEFT, 0.7);
        *dots = x;
    }
    buffer_free(&text);
}

static void put_marks(struct canvas *canvas, struct chart_point *sorted, bool seals)
{
    double size = canvas->look->base_pt, ends[LABEL_ROWS], dots = -1000;
    for (size_t row = 0; row < LABEL_ROWS; row++) {
        ends[row] = -1000;
    }
    put_words(canvas, seals ? N_("seals") : N_("broken rules"), 0, canvas->y + size * 0.15, canvas->width * NAMES_SHARE - 6, 2, 0.74);
    for (size_t i = 0; i < canvas->chart->point_count; i++) {
        double x = place_of(canvas, sorted[i].time_s);
        bool inside = sorted[i].time_s >= canvas->chart->from_s && sorted[i].time_s <= canvas->chart->until_s;
        if (inside && chart_is_seal(sorted[i].mark) == seals) {
            chart_sign(canvas->cairo, sorted[i].mark, x, canvas->y + size * 0.75, size * 0.8);
            put_number(canvas, &sorted[i], x, ends, &dots);
        }
    }
    canvas->y += marks_height(canvas->look);
}

static enum status put_all_marks(struct canvas *canvas)
{
    const struct custody_chart *chart = canvas->chart;
    struct chart_point *sorted = calloc(chart->point_count + 1, sizeof *sorted);
    if (sorted == NULL) {
        return fault_set(&canvas->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < chart->point_count; i++) {
        sorted[i] = chart->points[i];
    }
    qsort(sorted, chart->point_count, sizeof *sorted, by_time);
    for (unsigned row = 0; row < 2; row++) {
        if (has_row(chart, row == 0)) {
            put_marks(canvas, sorted, row == 0);
        }
    }
    free(sorted);
    return STATUS_OK;
}

/* ---- the legend ------------------------------------------------------------------------------ */

static void put_legend_entry(struct canvas *canvas, size_t at, bool is_state, unsigned what)
{
    double size = canvas->look->base_pt, column = canvas->width / LEGEND_COLUMNS;
    double x = column * (double)(at % LEGEND_COLUMNS), y = canvas->y + legend_height(canvas->look) * (double)(at / LEGEND_COLUMNS);
    if (is_state) {
        chart_fill(canvas->cairo, (enum chart_state)what, x + 0.7, y + 1, size * 2.4, size);
    } else {
        chart_sign(canvas->cairo, (enum chart_mark)what, x + size * 1.2, y + size * 0.6, size * 0.9);
    }
    put_words(canvas, is_state ? state_words[what] : mark_words[what], x + size * 3, y, column - size * 3.5, canvas->look->languages.both ? 2 : 1, 0.72);
}

static void put_legend(struct canvas *canvas)
{
    size_t at = 0;
    for (unsigned i = 0; i < CHART_STATES; i++) {
        if (has_state(canvas->chart, (enum chart_state)i)) {
            put_legend_entry(canvas, at++, true, i);
        }
    }
    for (unsigned i = 0; i < CHART_MARKS; i++) {
        if (has_mark(canvas->chart, (enum chart_mark)i)) {
            put_legend_entry(canvas, at++, false, i);
        }
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

enum status custody_chart_draw(const struct custody_chart *chart, const struct chart_look *look, cairo_t *cairo, double width_pt, struct fault *fault)
{
    struct canvas canvas = { .chart = chart, .look = look, .cairo = cairo, .width = width_pt };
    if (chart->failed) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    double bottom = lane_height(look) * (double)chart->lane_count + marks_height(look) * ((has_row(chart, true) ? 1 : 0) + (has_row(chart, false) ? 1 : 0));
    canvas.y = bottom;
    put_axis(&canvas, 0);
    canvas.y = 0;
    put_lanes(&canvas);
    enum status status = put_all_marks(&canvas);
    canvas.y = bottom + look->base_pt * 2.2;
    if (status == STATUS_OK && !chart->bare) {
        put_legend(&canvas);
    }
    return canvas.fault.status == STATUS_OK ? STATUS_OK : fault_set(fault, canvas.fault.status, canvas.fault.at, "%s", canvas.fault.text);
}

/* What a drawing on a paper needs. */
struct on_paper {
    struct paper *paper;
    const struct custody_chart *chart;
    struct chart_look look;
};

static void draw_on_paper(void *context, cairo_t *cairo, double width_pt, double height_pt)
{
    struct on_paper *on = context;
    struct fault fault = { 0 };
    (void)height_pt;
    if (custody_chart_draw(on->chart, &on->look, cairo, width_pt, &fault) != STATUS_OK) {
        paper_fail(on->paper, &fault);
    }
}

void custody_chart_need(struct paper *paper, const struct custody_chart *chart, double title_pt)
{
    struct chart_look look = { .typesetter = paper->typesetter, .languages = paper->form.languages, .base_pt = paper->form.base_pt };
    double page = paper->bottom_pt - paper->form.margin_mm * POINTS_PER_MM, height = title_pt + custody_chart_height(chart, &look);
    paper_need(paper, height < page ? height : page);
}

void custody_chart_put(struct paper *paper, const struct custody_chart *chart)
{
    struct on_paper on = { .paper = paper, .chart = chart,
                           .look = { .typesetter = paper->typesetter, .languages = paper->form.languages, .base_pt = paper->form.base_pt } };
    if (chart->bar_count > 0 || chart->failed) {
        paper_draw(paper, custody_chart_height(chart, &on.look), draw_on_paper, &on);
    }
}
