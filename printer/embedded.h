/* SPDX-License-Identifier: Apache-2.0 */
/*
 * embedded: the data files of printer/ (stocks, templates, translations), which travel in the program, so that it needs no folder of its own.
 */
#ifndef UNBROKEN_PRINTER_EMBEDDED_H
#define UNBROKEN_PRINTER_EMBEDDED_H

#include "verify/bytes.h"

/* By its name as in embedded.S, e.g. "km.mo"; false: there is none. */
bool embedded_find(const char *name, struct view *out);
/* The n-th file whose name begins so ("templates/"), in alphabetical order; NULL: there are fewer. */
const char *embedded_name(const char *beginning, size_t n);

#endif
