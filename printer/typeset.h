/* SPDX-License-Identifier: Apache-2.0 */
/*
 * typeset: text to shaped lines (Pango, HarfBuzz), in points. A character for which no font has a glyph is an error, always: an empty box on
 * a paper for a court may stand for anything. Internal to printer/.
 */
#ifndef UNBROKEN_PRINTER_TYPESET_H
#define UNBROKEN_PRINTER_TYPESET_H

#include "printer/drawing.h"
#include "printer/script.h"

enum text_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

struct text_style {
    double size_pt;
    bool bold;
    enum text_align align;
    double grey; /* 0 black to 1 white */
};

struct typesetter {
    struct fonts *fonts;
    PangoContext *context;
    struct script *script;
};

MUST_USE enum status typesetter_open(struct typesetter *out, struct fault *fault);
void typesetter_close(struct typesetter *typesetter);

/*
 * A layout of that width (0: one line as long as it is); the caller unrefs it. Words longer than a line are broken. Text from anywhere: see
 * script_prepare. Errors: STATUS_REFUSED (no glyph: names the character and the text), STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status typeset(struct typesetter *typesetter, struct view text, const struct text_style *style, double width_pt,
                             PangoLayout **out, struct fault *fault);
/* The same in at most that many lines: what is too long is cut behind a word, and ends with "…". */
MUST_USE enum status typeset_short(struct typesetter *typesetter, struct view text, const struct text_style *style, double width_pt,
                                   int lines, PangoLayout **out, struct fault *fault);
/* Its size in points; each may be NULL. */
void typeset_size(PangoLayout *layout, double *width_pt, double *height_pt);
/* Draws it with its upper left corner there. */
void typeset_draw(cairo_t *cairo, PangoLayout *layout, double x_pt, double y_pt, double grey);

#endif
