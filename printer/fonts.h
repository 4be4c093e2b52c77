/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fonts: the fonts of all paper: exactly the named files of Debian's fonts-noto-core, whatever else the machine has or has configured.
 * So the same input gives the same bytes everywhere, and no glyph ever comes from a font that nobody chose.
 */
#ifndef UNBROKEN_PRINTER_FONTS_H
#define UNBROKEN_PRINTER_FONTS_H

#include "verify/status.h"

#include <stdbool.h>
#include <stdint.h>

struct fonts; /* opaque */

/* Errors: STATUS_ENVIRONMENT (a file is not there: named, with its package), STATUS_MEMORY. One thread uses it. */
MUST_USE enum status fonts_open(struct fonts **out, struct fault *fault);
void fonts_close(struct fonts *fonts); /* accepts NULL */
/* Has one of the fonts a glyph for it? */
bool fonts_have(const struct fonts *fonts, uint32_t code_point);

#endif
