/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stocks: what labels are printed on, from a data file (stocks.ini, which says what each line means). Not here: drawing (label.h).
 */
#ifndef UNBROKEN_PRINTER_STOCKS_H
#define UNBROKEN_PRINTER_STOCKS_H

#include "verify/bytes.h"

enum stock_layout { STOCK_STACKED, STOCK_ENDS, STOCK_CORNERS, STOCK_ONE, STOCK_COLUMN };

enum stock_field { STOCK_AGENCY, STOCK_CASE, STOCK_ITEM, STOCK_DESCRIPTION, STOCK_WHEN, STOCK_SEALS, STOCK_SIGNS, STOCK_PRINT, STOCK_FIELDS };

enum { STOCK_NAME_BYTES = 32, STOCK_TITLE_BYTES = 128, STOCKS_MAX = 64 };

/* Lengths in millimetres, letters in points. */
struct stock {
    char name[STOCK_NAME_BYTES], title[STOCK_TITLE_BYTES];
    double width, height; /* height 0: a roll */
    enum stock_layout layout;
    double qr, margin;
    unsigned dpi;
    double name_pt, text_pt;
    size_t field_count;
    enum stock_field fields[STOCK_FIELDS];
    unsigned columns, rows; /* 0: no sheet */
    double left, top, across, down;
};

struct stocks {
    size_t count;
    struct stock stocks[STOCKS_MAX];
};

/*
 * Reads such a file. Errors: STATUS_DAMAGED, at = line (unknown section word, value out of its range, a label that does not hold its QR or
 * a sheet that does not hold its labels: the text says which), STATUS_MEMORY.
 */
MUST_USE enum status stocks_read(struct view file, struct stocks *out, struct fault *fault);
/* The stocks that travel in the program. */
MUST_USE enum status stocks_own(struct stocks *out, struct fault *fault);
/* NULL: there is none of that name. */
const struct stock *stocks_find(const struct stocks *stocks, const char *name);

#endif
