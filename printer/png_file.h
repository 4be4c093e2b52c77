/* SPDX-License-Identifier: Apache-2.0 */
/*
 * png_file: a picture of black and white dots as a PNG of one bit a dot, which says how many dots make an inch.
 */
#ifndef UNBROKEN_PRINTER_PNG_FILE_H
#define UNBROKEN_PRINTER_PNG_FILE_H

#include "printer/bitmap.h"

/* Appends it. Errors: STATUS_ENVIRONMENT (libpng), STATUS_MEMORY. */
MUST_USE enum status png_file(const struct bitmap *bitmap, unsigned dpi, struct buffer *out, struct fault *fault);

#endif
