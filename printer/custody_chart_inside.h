/* SPDX-License-Identifier: Apache-2.0 */
/* custody_chart_inside: what custody_chart_draw.c needs of custody_chart_fill.c: patterns and signs that differ without colour. */
#ifndef UNBROKEN_PRINTER_CUSTODY_CHART_INSIDE_H
#define UNBROKEN_PRINTER_CUSTODY_CHART_INSIDE_H

#include "printer/custody_chart.h"

/* A bar, filled as its state asks. */
void chart_fill(cairo_t *cairo, enum chart_state state, double x, double y, double width, double height);
/* A sign around that point, of that size from side to side. */
void chart_sign(cairo_t *cairo, enum chart_mark mark, double x, double y, double size);
/* A small flag would be lost among seals: marks of broken rules stand in a row of their own. */
bool chart_is_seal(enum chart_mark mark);

#endif
