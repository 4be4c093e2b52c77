/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table: rows and columns for people (libsmartcols) and the same as JSON (jansson).
 */
#ifndef UNBROKEN_CUSTODY_TABLE_H
#define UNBROKEN_CUSTODY_TABLE_H

#include <jansson.h>
#include <stdio.h>

#include "verify/bytes.h"

struct table_column {
    const char *name; /* heading, and key in JSON */
    bool right;       /* numbers stand to the right */
};

struct table;

MUST_USE enum status table_open(const struct table_column *columns, size_t count, struct table **out, struct fault *fault);
void table_close(struct table *table); /* accepts NULL */
/* Cells are put in row by row. Text is copied and is not escaped by the caller. Trouble is sticky (table_print). */
void table_text(struct table *table, struct view text);
void table_string(struct table *table, const char *text);
void table_number(struct table *table, uint64_t number);
void table_nothing(struct table *table); /* empty, null in JSON */
size_t table_rows(const struct table *table);
MUST_USE enum status table_print(const struct table *table, FILE *out, struct fault *fault);
/* An array of objects; NULL: out of memory. */
json_t *table_json(const struct table *table);

#endif
