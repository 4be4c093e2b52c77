/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange: what goes between a station and a witness that no network joins, on paper (SPEC 14.3): the request one way, the signature lines back; and
 * where the witness cannot sign because it has cosigned another size, a page that says which. One page with a few facts, what to do with it, and the QR.
 */
#ifndef UNBROKEN_PRINTER_EXCHANGE_H
#define UNBROKEN_PRINTER_EXCHANGE_H

#include "printer/words.h"
#include "verify/hash.h"
#include "verify/paper.h"

/* Bytes in one QR: so few while nine of them hold all, else so many. */
enum { EXCHANGE_QR_BYTES = 500, EXCHANGE_QR_BYTES_MAX = 800 };

enum exchange_kind {
    EXCHANGE_REQUEST, /* U1W: the body of add-checkpoint */
    EXCHANGE_ANSWER,  /* U1S: signature lines */
    EXCHANGE_SIZE     /* no QR: the witness has cosigned `old`, and the request began elsewhere */
};

/* Borrows everything. */
struct exchange_form {
    enum exchange_kind kind;
    struct languages languages;
    bool training;
    struct view origin;      /* the ledger's origin line */
    uint64_t size;           /* of the checkpoint */
    struct hash root;
    uint64_t old;            /* what the witness cosigned before; 0: nothing */
    struct view witness;     /* its name; of a request: for whom, or empty: for any */
    struct view command;     /* what the receiver runs, "unbroken witness sign DIR --paper request.txt --pdf answer.pdf"; not of EXCHANGE_SIZE */
    uint64_t made_s;
    int offset_min;
};

/* The texts of the QR, for the page and for a text file. Errors: STATUS_REFUSED (nothing, or over 9 * EXCHANGE_QR_BYTES_MAX bytes), STATUS_MEMORY. */
MUST_USE enum status exchange_texts(enum exchange_kind kind, struct view bytes, struct paper_texts *out, struct fault *fault);
/* Appends the PDF. texts: NULL for EXCHANGE_SIZE. Errors: those of paper.h. */
MUST_USE enum status exchange_draw(const struct exchange_form *form, const struct paper_texts *texts, struct buffer *out, struct fault *fault);

#endif
