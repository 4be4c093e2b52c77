/* SPDX-License-Identifier: Apache-2.0 */
/* pdf_inside: what pdf_file.c, pdf_attach.c and pdf_sign.c share: a PDF in memory as qpdf's objects. Nobody else includes it. */
#ifndef UNBROKEN_PRINTER_PDF_INSIDE_H
#define UNBROKEN_PRINTER_PDF_INSIDE_H

#include "printer/pdf_attach.h"

#include <qpdf/qpdf-c.h>

struct pdf_file {
    qpdf_data qpdf;
    qpdf_oh root; /* the catalog */
};

/*
 * bytes stay alive until pdf_file_close. Nothing is repaired: what qpdf would only warn of is an error. Errors: STATUS_DAMAGED, at = byte
 * offset where qpdf tells one; STATUS_REFUSED (encrypted); STATUS_MEMORY.
 */
MUST_USE enum status pdf_file_open(struct view bytes, struct pdf_file *out, struct fault *fault);
/*
 * Appends the PDF: no object streams, no linearisation, streams as they were given, an ID that follows from the content. Same objects, same
 * bytes. Errors: the first that any call on the file met; out is then unchanged.
 */
MUST_USE enum status pdf_file_write(struct pdf_file *file, struct buffer *out, struct fault *fault);
void pdf_file_close(struct pdf_file *file); /* accepts a closed one */

/* dictionary[key] = UTF-8 text. */
void pdf_file_put_text(struct pdf_file *file, qpdf_oh dictionary, const char *key, const char *text);
/* dictionary[key] = name, e.g. "/Data". */
void pdf_file_put_name(struct pdf_file *file, qpdf_oh dictionary, const char *key, const char *name);
/* dictionary[key] as a dictionary that may be changed; a new one where there is none. */
qpdf_oh pdf_file_dictionary(struct pdf_file *file, qpdf_oh dictionary, const char *key);
/* The text rule of SPEC 2.1 and a length; NULL passes. what: "the reason". Errors: STATUS_REFUSED. */
MUST_USE enum status pdf_file_check_text(const char *what, const char *text, struct fault *fault);

/* The work of pdf_attach between reading and writing. */
MUST_USE enum status pdf_attach_objects(struct pdf_file *file, const struct pdf_data *data, const struct pdf_attachment *attachments,
                                        size_t count, struct fault *fault);

#endif
