/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_sign: a PAdES signature (ETSI EN 319 142-1, level B-B; /SubFilter ETSI.CAdES.detached) in a finished PDF, in one pass with its
 * attachments. The whole file is signed; nothing is drawn on a page. It tells a viewer who signed the paper; what is proven is in the bundle.
 */
#ifndef UNBROKEN_PRINTER_PDF_SIGN_H
#define UNBROKEN_PRINTER_PDF_SIGN_H

#include "printer/pdf_attach.h"
#include "printer/pdf_signer.h"

enum { PDF_SIGNATURE_BYTES_MAX = 8192 }; /* left for the CMS with its certificates */

/* All borrowed. Texts: UTF-8 by the text rule of SPEC 2.1, at most PDF_TEXT_BYTES_MAX bytes; NULL: not said. */
struct pdf_signature {
    const struct pdf_signer *signer; /* its time is the signature's */
    const char *name;                /* NULL: the certificate's common name */
    const char *reason, *place;
};

/*
 * As pdf_attach (count may be 0), and signed. Errors, out unchanged: those of pdf_attach; STATUS_REFUSED also where the PDF has a form or a
 * signature already, or where CMS and certificates are larger than PDF_SIGNATURE_BYTES_MAX; those of pdf_signer_sign.
 */
MUST_USE enum status pdf_sign(struct view pdf, const struct pdf_data *data, const struct pdf_attachment *attachments, size_t count,
                              const struct pdf_signature *signature, struct buffer *out, struct fault *fault);

#endif
