/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bitmap: a picture of black and white dots, as a label printer burns it. Not here: drawing it, nor a printer's language (zpl.h).
 */
#ifndef UNBROKEN_PRINTER_BITMAP_H
#define UNBROKEN_PRINTER_BITMAP_H

#include "verify/bytes.h"

enum { BITMAP_SIDE_MAX_DOTS = 32000 }; /* the longest label that ZPL's ^LL takes; at 600 dpi 1.3 m */

/*
 * Owned. Rows from the top, stride_bytes each, the leftmost dot in the highest bit of a row's first byte; 1 is black. Bits of a row behind
 * width_dots may be anything: who reads dots leaves them out. All zero is no picture.
 */
struct bitmap {
    unsigned width_dots, height_dots;
    size_t stride_bytes; /* at least (width_dots + 7) / 8 */
    uint8_t *bits;
};

/* All white. Errors: STATUS_REFUSED (a side of 0 or above BITMAP_SIDE_MAX_DOTS), STATUS_MEMORY. */
MUST_USE enum status bitmap_create(unsigned width_dots, unsigned height_dots, struct bitmap *out, struct fault *fault);
/* Accepts no picture. */
void bitmap_free(struct bitmap *bitmap);

/*
 * Copies a picture of one byte a dot, rows of stride_bytes (cairo's A8): 128 and more is black. It has as many dots as the bitmap; nothing
 * of it is kept.
 */
void bitmap_take(struct bitmap *bitmap, const uint8_t *coverage, size_t stride_bytes);

/* x and y lie inside (asserted). */
bool bitmap_black(const struct bitmap *bitmap, unsigned x, unsigned y);
void bitmap_blacken(struct bitmap *bitmap, unsigned x, unsigned y);

#endif
