/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certify: the certificate for a judge as a PDF, drawn from a verified certificate: a dossier whose verdict has the certified lines (SPEC 13.6). What
 * stands on it and in which words is a template's (template.h), which a lawyer may edit; facts are the verdict's and the dossier's alone. Not here:
 * making and signing the statement, and attaching it.
 */
#ifndef UNBROKEN_PRINTER_CERTIFY_H
#define UNBROKEN_PRINTER_CERTIFY_H

#include "printer/dossier.h"
#include "printer/template.h"
#include "printer/words.h"

struct certify_form {
    const struct template *template;
    struct languages languages;
    int offset_min;            /* of all dates and times on it */
    uint64_t made_s;           /* as in the statement */
    struct signer certifier;   /* likewise */
    struct view qr;            /* the statement as paper text (SPEC 13.2), one part */
    const char *file;          /* the name under which the certificate is likely kept, for the command that repeats the check */
    const char *software;      /* name and version */
};

/*
 * Appends the PDF. Same dossier and form: same bytes. Errors: STATUS_REFUSED (the dossier is of no certificate, or did not pass; a character that
 * no font has), STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status certify_write(const struct dossier *dossier, const struct certify_form *form, struct buffer *out, struct fault *fault);

#endif
