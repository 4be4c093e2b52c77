/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label: the label of a thing, on a stock, as PDF, picture or ZPL. It identifies and proves nothing (SPEC 3.2): its QR hold the tag's text and no
 * fact of the case; the facts stand beside them in letters, for people. What does not fit is made smaller, then cut behind a word; nothing
 * ever reaches over the label's margin. Not here: print numbers, which are the ledger's.
 */
#ifndef UNBROKEN_PRINTER_LABEL_H
#define UNBROKEN_PRINTER_LABEL_H

#include "printer/bitmap.h"
#include "printer/stocks.h"
#include "printer/words.h"

/* Texts as recorded; all borrowed. Empty: on the label a line to be filled in by hand, or nothing. */
struct label {
    struct view name;        /* KHPP-1042-4 */
    struct view tag;         /* U1/KHPP-1042-4/LLLLLLLLLLLLLLLL/PRINT, with an address before it or not */
    struct view agency;
    struct view of_case;     /* its name and docket */
    struct view description;
    struct view when;        /* "2018-12-13 09:03" */
    struct view initials;
    struct view seals;       /* "KH-41001, KH-41002" */
    uint64_t item, items;    /* the item-th of items in its case; 0: in none yet */
    uint64_t print;          /* 1 is the first */
    bool blank;              /* of a number that has no thing yet: lines for pen and ink */
    bool live, hazard, training;
};

struct labeller; /* opaque; one thread uses it */

/* dpi 0: the stock's own. stock stays alive. Errors: STATUS_ENVIRONMENT (fonts, ICU), STATUS_REFUSED (dpi), STATUS_MEMORY. */
MUST_USE enum status labeller_open(const struct stock *stock, const struct languages *languages, unsigned dpi, struct labeller **out,
                                   struct fault *fault);
void labeller_close(struct labeller *labeller); /* accepts NULL */
unsigned labeller_dpi(const struct labeller *labeller);

/* Told after each label. */
typedef void label_told(void *context, size_t done);

/*
 * One PDF: a page a label, or sheets, of which the first is used from its label start_at on (1: the first; 0 as 1). made_s: its date.
 * Errors: STATUS_REFUSED (no glyph for a text; a tag too long for the stock; start_at beyond the sheet), STATUS_MEMORY.
 */
MUST_USE enum status labels_pdf(struct labeller *labeller, const struct label *labels, size_t count, unsigned start_at, uint64_t made_s,
                                label_told *told, void *context, struct buffer *out, struct fault *fault);
/* All of them as ZPL, one after another. Sheets are refused. Errors as above. */
MUST_USE enum status labels_zpl(struct labeller *labeller, const struct label *labels, size_t count, label_told *told, void *context,
                                struct buffer *out, struct fault *fault);
/* One label as a picture of black and white dots, owned by the caller; as a PNG with its resolution in it. Errors as above. */
MUST_USE enum status label_bitmap(struct labeller *labeller, const struct label *label, struct bitmap *out, struct fault *fault);
MUST_USE enum status label_png(struct labeller *labeller, const struct label *label, struct buffer *out, struct fault *fault);

#endif
