/* SPDX-License-Identifier: Apache-2.0 */
/* certify_inside: what certify.c and certify_parts.c share. */
#ifndef UNBROKEN_PRINTER_CERTIFY_INSIDE_H
#define UNBROKEN_PRINTER_CERTIFY_INSIDE_H

#include "printer/certify.h"
#include "printer/report_inside.h"

struct certify {
    struct report report;           /* its form is `as_report`; of_case may be NULL */
    struct case_report_form as_report;
    const struct certify_form *form;
};

/* The part of that name, with its heading. */
void certify_part(struct certify *certify, enum template_part part);

#endif
