/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv: rows of a comma-separated file (RFC 4180, UTF-8) with the line where each begins.
 */
#ifndef UNBROKEN_CUSTODY_CSV_H
#define UNBROKEN_CUSTODY_CSV_H

#include "verify/bytes.h"

enum { CSV_COLUMNS_MAX = 64 };

/* Called for each row that is not empty; false stops. Cells live during the call. count may be CSV_COLUMNS_MAX + 1: too many. */
typedef bool csv_row(void *context, uint64_t line, const struct view *cells, size_t count);

/* A byte order mark is passed over. Errors: STATUS_DAMAGED (quotes), fault->at = line; STATUS_MEMORY. */
MUST_USE enum status csv_read(struct view file, csv_row *row, void *context, struct fault *fault);

#endif
