/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label_signs: the biohazard sign (three open rings around a fourth, ISO 7010 W009's shape in its triangle) and a paw for a live animal,
 * drawn as paths: no font has to have them.
 */
#include "printer/label_inside.h"

#include <math.h>

#define TURN (2 * 3.14159265358979323846)
#define GAP 0.15

double label_signs_width(const struct label *label, double height)
{
    unsigned signs = (label->live ? 1u : 0u) + (label->hazard ? 1u : 0u);
    return signs * height * (1 + GAP);
}

/* In a unit square. */
static void paw(cairo_t *cairo)
{
    static const double toes[][3] = { { 0.18, 0.45, 0.11 }, { 0.38, 0.22, 0.12 }, { 0.62, 0.22, 0.12 }, { 0.82, 0.45, 0.11 } };
    for (size_t i = 0; i < sizeof toes / sizeof toes[0]; i++) {
        cairo_save(cairo);
        cairo_translate(cairo, toes[i][0], toes[i][1]);
        cairo_scale(cairo, toes[i][2], toes[i][2] * 1.35);
        cairo_new_sub_path(cairo);
        cairo_arc(cairo, 0, 0, 1, 0, TURN);
        cairo_restore(cairo);
    }
    cairo_new_sub_path(cairo);
    cairo_move_to(cairo, 0.5, 0.5);
    cairo_curve_to(cairo, 0.72, 0.5, 0.86, 0.72, 0.8, 0.86);
    cairo_curve_to(cairo, 0.72, 1.0, 0.6, 0.9, 0.5, 0.9);
    cairo_curve_to(cairo, 0.4, 0.9, 0.28, 1.0, 0.2, 0.86);
    cairo_curve_to(cairo, 0.14, 0.72, 0.28, 0.5, 0.5, 0.5);
    cairo_fill(cairo);
}

static void biohazard(cairo_t *cairo)
{
    double x = 0.5, y = 0.63;
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cairo, 0.06);
    cairo_move_to(cairo, 0.5, 0.05);
    cairo_line_to(cairo, 0.97, 0.93);
    cairo_line_to(cairo, 0.03, 0.93);
    cairo_close_path(cairo);
    cairo_stroke(cairo);
    cairo_set_line_width(cairo, 0.055);
    for (unsigned i = 0; i < 3; i++) {
        double angle = TURN * (i / 3.0) - TURN / 4;
        double ring_x = x + 0.115 * cos(angle), ring_y = y + 0.115 * sin(angle);
        cairo_new_sub_path(cairo);
        cairo_arc(cairo, ring_x, ring_y, 0.115, angle + TURN * 0.07, angle - TURN * 0.07 + TURN);
        cairo_stroke(cairo);
    }
    cairo_set_line_width(cairo, 0.03);
    cairo_arc(cairo, x, y, 0.085, 0, TURN);
    cairo_stroke(cairo);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_arc(cairo, x, y, 0.03, 0, TURN);
    cairo_fill(cairo);
}

void label_signs_draw(cairo_t *cairo, const struct label *label, double x, double y, double height)
{
    void (*const draw[])(cairo_t *) = { paw, biohazard };
    const bool wanted[] = { label->live, label->hazard };
    for (size_t i = 0; i < 2; i++) {
        if (wanted[i]) {
            cairo_save(cairo);
            cairo_translate(cairo, x, y);
            cairo_scale(cairo, height, height);
            cairo_set_source_rgb(cairo, 0, 0, 0);
            draw[i](cairo);
            cairo_restore(cairo);
            x += height * (1 + GAP);
        }
    }
}
