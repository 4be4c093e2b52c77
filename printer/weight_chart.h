/* SPDX-License-Identifier: Apache-2.0 */
/*
 * weight_chart: the weights of one thing over time as a curve, each with the band in which SPEC 7.3.7 expects it after the one before:
 * two of a hundred, or one gram where that is more. Not here: whether a rule was broken (verify/).
 */
#ifndef UNBROKEN_PRINTER_WEIGHT_CHART_H
#define UNBROKEN_PRINTER_WEIGHT_CHART_H

#include "printer/paper.h"

struct weight_point {
    uint64_t time_s;
    uint64_t record;
    uint64_t net_mg;
    uint64_t expected_mg; /* the weight before, less what was taken off as samples; NOTHING (verify/state.h): there was none */
};

struct weight_chart {
    const struct weight_point *points; /* borrowed; in order of the records */
    size_t count;
    int offset_min; /* of the dates */
    struct typesetter *typesetter; /* borrowed */
    double base_pt;
};

/* Is it out of the band? */
bool weight_chart_outside(const struct weight_point *point);
/* "1.830000 kg" without the zeros at its end: "1.83 kg". */
void weight_print(struct buffer *out, uint64_t mass_mg);
/* Where a weight stands, in points from the top of a drawing of that height. */
double weight_chart_y(const struct weight_chart *chart, double height_pt, uint64_t mass_mg);
double weight_chart_x(const struct weight_chart *chart, double width_pt, uint64_t time_s);
/* Draws it with its upper left corner at the origin. Errors: STATUS_ENVIRONMENT, STATUS_MEMORY. */
MUST_USE enum status weight_chart_draw(const struct weight_chart *chart, cairo_t *cairo, double width_pt, double height_pt, struct fault *fault);
/* On a paper; nothing for fewer than two points. */
void weight_chart_put(struct paper *paper, const struct weight_point *points, size_t count, int offset_min);

#endif
