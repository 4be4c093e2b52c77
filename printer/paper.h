/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paper: a document that flows over pages: headings, paragraphs, tables, drawings, QR symbols, one under another; at the end a PDF with
 * "page n of m" at the foot of each page. Same calls, same bytes. Not here: what a paper says. Internal to printer/.
 *
 * Errors are sticky, as in a buffer: the first is kept, later calls do nothing, and paper_finish tells it.
 */
#ifndef UNBROKEN_PRINTER_PAPER_H
#define UNBROKEN_PRINTER_PAPER_H

#include "printer/qr.h"
#include "printer/typeset.h"
#include "printer/words.h"
#include "verify/paper.h"

struct paper_form {
    double width_mm, height_mm, margin_mm; /* height 0: a page as long as what is on it (a roll), of at most 4.9 m */
    double base_pt;                        /* size of plain text: 9 on A4 */
    struct languages languages;
    const char *title, *subject;           /* UTF-8, for the PDF's own data */
    uint64_t made_s;                       /* its date in the PDF: never the clock's */
    struct view foot;                      /* stands at the foot of each page beside the page's number; borrowed */
    struct view mark;                      /* stands large and grey under the text of each page: "TRAINING"; empty: nothing; borrowed */
};

struct paper_page {
    cairo_surface_t *surface; /* a recording */
    double height_pt;
    bool first;               /* of a copy: pages are numbered from here */
};

struct paper {
    struct paper_form form;
    struct typesetter *typesetter; /* borrowed */
    struct paper_page *pages;
    size_t page_count, page_cap;
    cairo_t *cairo;                /* of the last page */
    double y_pt;                   /* from the top of the page */
    double left_pt, width_pt, bottom_pt; /* of what may be written on */
    struct fault fault;
    struct paper_table *table;     /* open, or NULL: its heading stands again on each new page */
};

/* typesetter, and what form borrows, stay alive until paper_finish. */
MUST_USE enum status paper_open(struct typesetter *typesetter, const struct paper_form *form, struct paper *out, struct fault *fault);
/* Appends the PDF to out and closes the paper, also on failure. Errors: the first that any call met. */
MUST_USE enum status paper_finish(struct paper *paper, struct buffer *out, struct fault *fault);
/* What follows is a paper of its own in the same PDF (another copy): a new page, numbered from 1; of a roll, of its own length. */
void paper_part(struct paper *paper);
/* Gives up: closes without a PDF; accepts a closed one. */
void paper_drop(struct paper *paper);

/* Has an error been met? */
bool paper_failed(const struct paper *paper);
/* Keeps an error of the caller's own, unless there is one. */
void paper_fail(struct paper *paper, const struct fault *fault);

/* ---- text ------------------------------------------------------------------------------------ */

/* Plain text of this paper. size: of the base, e.g. 1.0, 1.4. */
struct text_style paper_style(const struct paper *paper, double size, bool bold);
/* A paragraph, broken over pages where it must be. */
void paper_text(struct paper *paper, struct view text, const struct text_style *style);
/* A text of the program in the paper's language; where it has two, side by side in two columns. */
void paper_words(struct paper *paper, const char *english, const struct text_style *style);
/* Two texts side by side, which go on over pages together. */
void paper_beside(struct paper *paper, struct view left, struct view right, const struct text_style *style);
/* A heading (level 1 to 3), never alone at the foot of a page; both languages in one line. */
void paper_heading(struct paper *paper, unsigned level, const char *english);
/* The same with a text that is no text of the program. */
void paper_title(struct paper *paper, unsigned level, struct view text);
void paper_space(struct paper *paper, double height_pt);
void paper_rule(struct paper *paper);
/* A new page unless that much is left on this one. */
void paper_need(struct paper *paper, double height_pt);
void paper_break(struct paper *paper); /* a new page, unless this one is empty */

/* ---- tables (paper_table.c) ------------------------------------------------------------------ */

enum { PAPER_COLUMNS_MAX = 10 };

struct paper_column {
    double share;          /* of the width; all shares are added up */
    const char *heading;   /* English; both languages are shown; NULL: empty */
    enum text_align align;
};

/* NULL headings in all columns: no heading row. lines: a thin rule under each row. columns are borrowed until paper_table_end. */
void paper_table_begin(struct paper *paper, const struct paper_column *columns, size_t count, bool lines);
/* One cell for each column (an empty view leaves it empty). A row that does not fit goes on over the page. bold: of all cells. */
void paper_row(struct paper *paper, const struct view *cells, bool bold);
void paper_table_end(struct paper *paper);
/* "label  value" in two columns, a row on its own: label is a text of the program. */
void paper_fact(struct paper *paper, const char *label, struct view value);
/* The same with a label that is put together. */
void paper_pair(struct paper *paper, struct view label, struct view value);

/* ---- pictures (paper_draw.c) ----------------------------------------------------------------- */

/* Draws in a box of the paper's whole width and that height (kept on one page); the origin is its upper left corner, in points. */
typedef void paper_drawing(void *context, cairo_t *cairo, double width_pt, double height_pt);
void paper_draw(struct paper *paper, double height_pt, paper_drawing *draw, void *context);
/* A QR symbol with its quiet zone, left, of that side; beside it text, top to bottom. caption may be empty. */
void paper_qr(struct paper *paper, const struct qr *qr, double side_mm, struct view caption);
/* Several beside one another, as many in a row as fit, each with its caption under it. */
void paper_qrs(struct paper *paper, const struct qr *qrs, const struct view *captions, size_t count, double side_mm);
/*
 * The QR of all parts of a paper (SPEC 13.2), with "1/2" under each where there are several. A module is so many dots of the printer wide as fit the
 * paper's width, at least dots_min and at most dots_max.
 */
void paper_codes(struct paper *paper, const struct paper_texts *texts, double dot_mm, unsigned dots_min, unsigned dots_max);
/* Empty boxes side by side, of that height, with a caption in each: for signatures, thumbprints and stamps. captions are English texts. */
void paper_boxes(struct paper *paper, const char *const *captions, size_t count, double height_mm);
/* The modules of a symbol, with its quiet zone, in a square of that side, upper left corner there. */
void qr_draw(cairo_t *cairo, const struct qr *qr, double x, double y, double side);

#endif
