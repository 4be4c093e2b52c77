/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_attach: files embedded in a finished PDF (ISO 32000-2 7.11.4, 14.13), stored as they are, so that a small verifier takes them out
 * without parsing or decompressing (SPEC 13.5); and the PDF's own title and language. Not here: what a page shows.
 */
#ifndef UNBROKEN_PRINTER_PDF_ATTACH_H
#define UNBROKEN_PRINTER_PDF_ATTACH_H

#include "verify/bytes.h"

#define PDF_MEDIA_BUNDLE "application/vnd.unbroken.bundle"
#define PDF_MEDIA_STATEMENT "application/vnd.unbroken.statement"

enum { PDF_ATTACHMENTS_MAX = 16, PDF_ATTACHMENT_NAME_MAX = 64, PDF_TEXT_BYTES_MAX = 1000 };
#define PDF_ATTACHED_BYTES_MAX ((size_t)1 << 30) /* of all attachments together */

/* All borrowed. */
struct pdf_attachment {
    const char *name;        /* "case.bundle": 1 to 64 of A-Z a-z 0-9 . - _, no dot in front; two names differ, also in lower case */
    const char *description; /* for people; UTF-8 by the text rule of SPEC 2.1; NULL: none */
    const char *media_type;  /* PDF_MEDIA_BUNDLE; two words of a-z 0-9 . - + with a slash between */
    struct view bytes;
};

/* Of the document as a whole; NULL: stays as it is. UTF-8, borrowed, each at most PDF_TEXT_BYTES_MAX bytes. */
struct pdf_data {
    const char *title, *author, *subject, *keywords;
    const char *language; /* BCP 47: "km", "en-US" */
};

/*
 * Appends the PDF with its attachments (none: only the data is set) to out. The viewer's window shows the title; cairo's dates are mended. Same input, same bytes.
 * Errors, out unchanged: STATUS_DAMAGED (pdf is no readable PDF; at = byte offset, where there is one), STATUS_REFUSED (encrypted, has
 * attachments already; a name, type, text or size against the rules above), STATUS_ENVIRONMENT (qpdf's text), STATUS_MEMORY.
 */
MUST_USE enum status pdf_attach(struct view pdf, const struct pdf_data *data, const struct pdf_attachment *attachments, size_t count,
                                struct buffer *out, struct fault *fault);

#endif
