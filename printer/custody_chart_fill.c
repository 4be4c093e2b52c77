/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custody_chart_fill: see the header. Patterns are lines and dots of the page itself, not pictures: they stay sharp, and copy.
 */
#include "printer/custody_chart_inside.h"

#include <math.h>

#define STEP_PT 3.0
#define RED 0.78, 0.0, 0.0

/* Lines at 45 degrees through the clip; to the right for slope 1, to the left for -1. */
static void hatch(cairo_t *cairo, double x, double y, double width, double height, double slope)
{
    for (double at = x - height; at < x + width + height; at += STEP_PT) {
        cairo_move_to(cairo, at, slope > 0 ? y + height : y);
        cairo_line_to(cairo, at + height, slope > 0 ? y : y + height);
    }
    cairo_stroke(cairo);
}

static void dots(cairo_t *cairo, double x, double y, double width, double height)
{
    for (double row = STEP_PT / 2; row < height; row += STEP_PT) {
        for (double at = STEP_PT / 2; at < width; at += STEP_PT) {
            cairo_arc(cairo, x + at, y + row, 0.65, 0, 2 * M_PI);
            cairo_close_path(cairo);
        }
    }
    cairo_fill(cairo);
}

/* White crosses side by side, at least one. */
static void crosses(cairo_t *cairo, double x, double y, double width, double height)
{
    double side = height * 0.5, top = y + height * 0.25;
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_set_line_width(cairo, 1.4);
    double first = width < side * 1.8 ? x + (width - side) / 2 : x + side * 0.4; /* one that is cut is still a cross */
    for (double at = first; at == first || at + side <= x + width; at += side * 1.8) {
        cairo_move_to(cairo, at, top);
        cairo_line_to(cairo, at + side, top + side);
        cairo_move_to(cairo, at + side, top);
        cairo_line_to(cairo, at, top + side);
    }
    cairo_stroke(cairo);
}

static void ground(cairo_t *cairo, enum chart_state state)
{
    if (state == CHART_HELD) {
        cairo_set_source_rgb(cairo, 0.8, 0.8, 0.8);
    } else if (state == CHART_MISSING) {
        cairo_set_source_rgb(cairo, RED);
    } else if (state == CHART_LATE) {
        cairo_set_source_rgb(cairo, 1, 0.86, 0.86);
    } else {
        cairo_set_source_rgb(cairo, 1, 1, 1);
    }
    cairo_paint(cairo);
}

static void pattern(cairo_t *cairo, enum chart_state state, double x, double y, double width, double height)
{
    cairo_set_line_width(cairo, 0.8);
    cairo_set_source_rgb(cairo, 0.1, 0.1, 0.1);
    if (state == CHART_TRANSIT) {
        hatch(cairo, x, y, width, height, 1);
    } else if (state == CHART_OUT) {
        dots(cairo, x, y, width, height);
    } else if (state == CHART_LATE) {
        cairo_set_source_rgb(cairo, RED);
        hatch(cairo, x, y, width, height, 1);
        hatch(cairo, x, y, width, height, -1);
    } else if (state == CHART_MISSING) {
        crosses(cairo, x, y, width, height);
    }
}

void chart_fill(cairo_t *cairo, enum chart_state state, double x, double y, double width, double height)
{
    cairo_save(cairo);
    cairo_rectangle(cairo, x, y, width, height);
    cairo_clip(cairo);
    ground(cairo, state);
    pattern(cairo, state, x, y, width, height);
    cairo_restore(cairo);
    cairo_set_line_width(cairo, state == CHART_MISSING ? 1.4 : 0.7);
    if (state == CHART_LATE) {
        cairo_set_source_rgb(cairo, RED);
    } else {
        cairo_set_source_rgb(cairo, 0, 0, 0);
    }
    cairo_rectangle(cairo, x, y, width, height);
    cairo_stroke(cairo);
}

/* ---- signs ----------------------------------------------------------------------------------- */

bool chart_is_seal(enum chart_mark mark)
{
    return mark == CHART_SEALED || mark == CHART_OPENED || mark == CHART_DIFFERS;
}

static void triangle(cairo_t *cairo, double x, double y, double half)
{
    cairo_move_to(cairo, x - half, y - half);
    cairo_line_to(cairo, x + half, y - half);
    cairo_line_to(cairo, x, y + half);
    cairo_close_path(cairo);
}

static void crossed_circle(cairo_t *cairo, double x, double y, double half)
{
    double arm = half * 0.55;
    cairo_set_source_rgb(cairo, RED);
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x, y, half, 0, 2 * M_PI);
    cairo_move_to(cairo, x - arm, y - arm);
    cairo_line_to(cairo, x + arm, y + arm);
    cairo_move_to(cairo, x + arm, y - arm);
    cairo_line_to(cairo, x - arm, y + arm);
    cairo_stroke(cairo);
}

static void flag(cairo_t *cairo, double x, double y, double half)
{
    cairo_set_source_rgb(cairo, RED);
    cairo_move_to(cairo, x, y - half);
    cairo_line_to(cairo, x + half * 1.6, y - half * 0.4);
    cairo_line_to(cairo, x, y + half * 0.2);
    cairo_fill(cairo);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_move_to(cairo, x, y - half);
    cairo_line_to(cairo, x, y + half);
    cairo_stroke(cairo);
}

void chart_sign(cairo_t *cairo, enum chart_mark mark, double x, double y, double size)
{
    double half = size / 2;
    cairo_save(cairo);
    cairo_set_line_width(cairo, 0.9);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    if (mark == CHART_SEALED) {
        triangle(cairo, x, y, half);
        cairo_fill(cairo);
    } else if (mark == CHART_OPENED) {
        triangle(cairo, x, y, half);
        cairo_stroke(cairo);
    } else if (mark == CHART_DIFFERS) {
        crossed_circle(cairo, x, y, half);
    } else if (mark == CHART_BREACH) {
        flag(cairo, x, y, half);
    } else {
        cairo_rectangle(cairo, x - half * 0.8, y - half * 0.8, half * 1.6, half * 1.6);
        cairo_fill(cairo);
    }
    cairo_restore(cairo);
}
