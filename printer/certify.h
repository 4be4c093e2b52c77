/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify: the certificate for a court, drawn from a verified bundle and the statement that its certifier signed (SPEC 13.4 to 13.6), in the
 * order that a form gives (template.h). Not here: who may certify, and the attachment of the two to the PDF.
 */
#ifndef UNBROKEN_PRINTER_CERTIFY_H
#define UNBROKEN_PRINTER_CERTIFY_H

#include "printer/dossier.h"
#include "printer/template.h"

#define CERTIFY_SOFTWARE "Unbroken, format version 1"

struct certify_form {
    struct languages languages;
    const struct template *template;
    struct view web;      /* the address that the QR's text stands behind, ending in '#', or empty; borrowed */
    struct view agency;   /* at the head; empty: nothing; borrowed */
    const char *pdf;      /* the name of the certificate's file, for the command that repeats the check */
};

/*
 * Appends the PDF. The dossier is that of verify_certificate (verify/verdict.h) with dossier_reader: it has the certified lines. statement: the
 * signed statement's bytes. Same arguments, same bytes. Errors: STATUS_REFUSED (no certified lines: why; another form than the
 * statement's; a character that no font has), STATUS_DAMAGED (no statement), STATUS_ENVIRONMENT, STATUS_MEMORY; nothing is appended then
 * that is a whole PDF.
 */
MUST_USE enum status certify_write(const struct dossier *dossier, struct view statement, const struct certify_form *form, struct buffer *out,
                                   struct fault *fault);

#endif
