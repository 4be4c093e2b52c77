/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drawing: what the files of printer/ that draw share of cairo and Pango. Nobody else includes it.
 */
#ifndef UNBROKEN_PRINTER_DRAWING_H
#define UNBROKEN_PRINTER_DRAWING_H

#include "printer/fonts.h"

#include <cairo.h>
#include <pango/pangocairo.h>

#define POINTS_PER_MM (72.0 / 25.4)

/* A context for layouts in points; text is neither hinted nor moved to a grid. The caller unrefs it. */
PangoContext *fonts_context(struct fonts *fonts);
/* The families, for font descriptions. */
const char *fonts_families(void);

#endif
