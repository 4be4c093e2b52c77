/* SPDX-License-Identifier: Apache-2.0 */
/* paper_inside: what paper.c, paper_table.c and paper_draw.c share. */
#ifndef UNBROKEN_PRINTER_PAPER_INSIDE_H
#define UNBROKEN_PRINTER_PAPER_INSIDE_H

#include "printer/paper.h"

/* Layouts that stand side by side and go on over pages together. */
struct paper_cell {
    PangoLayout *layout; /* owned by who fills it; NULL: empty */
    double x_pt;
    double grey;
};

/* Draws them line by line from y_pt on, and moves y_pt below the longest. */
void paper_flow(struct paper *paper, const struct paper_cell *cells, size_t count);
/* A layout in that width, or NULL with the error kept. */
PangoLayout *paper_layout(struct paper *paper, struct view text, const struct text_style *style, double width_pt);
/* A roll's last page ends where its text does. */
void paper_end_page(struct paper *paper);
/* Begins the next page, with the heading of an open table. */
void paper_next_page(struct paper *paper);
/* The heading row of the open table. */
void paper_table_heading(struct paper *paper);
/* Both languages of a text of the program, appended. */
void paper_both(const struct paper *paper, const char *english, struct buffer *out);

#endif
