/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case_report: the prosecutor's report on one case, drawn from a dossier: what the verdict is, what a defence lawyer would find, who must
 * testify and on what, every item with its history, and how to repeat the check. It is no certificate: nothing on it is signed. Not here:
 * where the bundle comes from, and its attachment to the PDF.
 */
#ifndef UNBROKEN_PRINTER_CASE_REPORT_H
#define UNBROKEN_PRINTER_CASE_REPORT_H

#include "printer/dossier.h"
#include "printer/words.h"

struct case_report_form {
    struct languages languages;
    int offset_min;     /* of all dates and times on it */
    const char *bundle; /* the name of the attached file, for the command that repeats the check */
    struct view agency; /* at the head; empty: nothing; borrowed */
};

/*
 * Appends the PDF. The dossier is of a bundle that was asked for exactly one case. Same dossier and form: same bytes; its date is the logged
 * time of the last record. Errors: STATUS_REFUSED (the bundle did not pass its check: why; not one case; a character that no font has),
 * STATUS_ENVIRONMENT, STATUS_MEMORY; nothing is appended then that is a whole PDF.
 */
MUST_USE enum status case_report_write(const struct dossier *dossier, const struct case_report_form *form, struct buffer *out, struct fault *fault);

#endif
