/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seizure: the search and seizure record as a form: a commented template, and the filled form read back with its lines.
 */
#ifndef UNBROKEN_CUSTODY_SEIZURE_H
#define UNBROKEN_CUSTODY_SEIZURE_H

#include <stdio.h>

#include "ledger/compose.h"

/* Prints the template: every field, what it asks, which must be filled. */
void seizure_template(FILE *out);

/* Told of each value that is filled in. */
typedef void seizure_value(void *context, uint64_t name, const char *value);

/*
 * Reads a filled form. Each mistake is appended to errors as "PATH:LINE: rule\n"; *mistakes counts them.
 * Errors: STATUS_DAMAGED (not a form), STATUS_MEMORY. Values are told only when there is no mistake.
 */
MUST_USE enum status seizure_read(struct view file, const char *path, int offset_min, seizure_value *value, void *context,
                                  struct buffer *errors, size_t *mistakes, struct fault *fault);

#endif
