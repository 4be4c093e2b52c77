/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ini: "name = value" lines with the line where each stands. libinih reads lines of 200 bytes, which are 60 Khmer letters; longer
 * ones are handed to it in pieces.
 */
#ifndef UNBROKEN_PRINTER_INI_H
#define UNBROKEN_PRINTER_INI_H

#include "verify/bytes.h"

struct ini_line {
    uint64_t line;       /* where the name stands */
    const char *section; /* "" before the first */
    const char *name;
    const char *value;   /* continuation lines joined with one space */
};

/* Called for each value; false stops, with a fault of the caller's own. */
typedef bool ini_value(void *context, const struct ini_line *line);

/* Errors: STATUS_DAMAGED, fault->at = line; STATUS_MEMORY; STATUS_INTERRUPTED when the callback stopped. */
MUST_USE enum status ini_read(struct view file, ini_value *value, void *context, struct fault *fault);

#endif
