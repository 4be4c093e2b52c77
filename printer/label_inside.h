/* SPDX-License-Identifier: Apache-2.0 */
/* label_inside: what the label_*.c files share. Lengths in points. */
#ifndef UNBROKEN_PRINTER_LABEL_INSIDE_H
#define UNBROKEN_PRINTER_LABEL_INSIDE_H

#include "printer/label.h"
#include "printer/qr.h"
#include "printer/typeset.h"

enum { LABEL_LINES_MAX = 1 + STOCK_FIELDS + 1 };

struct labeller {
    struct typesetter typesetter;
    const struct stock *stock;
    struct languages languages;
    unsigned dpi;
    cairo_surface_t *image; /* of the picture drawn last, used again for one of that size; NULL before */
};

/* A line of a label: a text, or the signs. */
struct label_line {
    enum { LINE_NAME, LINE_TEXT, LINE_SIGNS } kind;
    struct buffer text; /* owned */
    bool bold;
    bool whole;         /* made smaller where it is too long, not cut */
    double size;        /* of the stock's text, e.g. 1.0; of LINE_NAME: of the stock's name */
};

/* In the order of the stock: training, name, fields. lines must hold LABEL_LINES_MAX; label_lines_free them. */
size_t label_lines(const struct labeller *labeller, const struct label *label, struct label_line *lines);
void label_lines_free(struct label_line *lines, size_t count);

/* How wide the signs are at that height. */
double label_signs_width(const struct label *label, double height);
/* The live sign, the biohazard sign, side by side from there on. */
void label_signs_draw(cairo_t *cairo, const struct label *label, double x, double y, double height);

/* Height of this label, with its margins. Errors as label_draw. */
MUST_USE enum status label_height(struct labeller *labeller, const struct label *label, double *out, struct fault *fault);
/* Draws it with its upper left corner at the origin. Errors: STATUS_REFUSED, STATUS_MEMORY, STATUS_ENVIRONMENT. */
MUST_USE enum status label_draw(struct labeller *labeller, const struct label *label, cairo_t *cairo, struct fault *fault);

#endif
