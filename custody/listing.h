/* SPDX-License-Identifier: Apache-2.0 */
/*
 * listing: a whole CSV list in memory, under known headings in any order. Every mistake is told with its line and column; a list with
 * one is not used. What the cells mean is its caller's.
 */
#ifndef UNBROKEN_CUSTODY_LISTING_H
#define UNBROKEN_CUSTODY_LISTING_H

#include "verify/bytes.h"

enum { LISTING_BYTES_MAX = 256 << 20, LISTING_COLUMNS_MAX = 16 };

struct listing_column {
    const char *name;
    bool must; /* the column must be there, and no cell of it be empty */
};

/* Owned. Borrows path and columns. */
struct listing {
    const char *path;
    const struct listing_column *columns;
    size_t column_count;
    size_t where[LISTING_COLUMNS_MAX]; /* at which place in the file each column stands; SIZE_MAX: not in this list */
    size_t cells;                      /* headings in the file */
    bool has_header, failed;
    size_t count, cap;                 /* rows */
    uint64_t *lines;
    struct view *views;                /* count x column_count, once all is read */
    size_t *ends;
    struct buffer text;
    struct buffer errors;              /* "PATH:LINE: column N (name): rule\n" each */
    size_t mistakes;
};

/* Errors: STATUS_DAMAGED (no list at all, or a broken quote), STATUS_MEMORY. Mistakes are no errors: look at them. Free in every case. */
MUST_USE enum status listing_read(struct view file, const char *path, const struct listing_column *columns, size_t column_count,
                                  struct listing *out, struct fault *fault);
void listing_free(struct listing *listing);
/* The empty view where the column is not there. */
struct view listing_cell(const struct listing *listing, size_t row, size_t column);
void listing_mistake(struct listing *listing, size_t row, size_t column, const char *rule);

/*
 * Reads PATH; check (may be NULL) looks at every cell and tells mistakes. All are printed on stderr, and with any the list is refused;
 * `done` is what then did not happen: "weighed".
 * Errors: as wholefile_read and listing_read, STATUS_REFUSED.
 */
MUST_USE enum status listing_open(const char *path, const struct listing_column *columns, size_t column_count,
                                  void (*check)(void *context, struct listing *listing), void *context, const char *done,
                                  struct listing *out, struct fault *fault);
/* Prints the mistakes found since, and refuses the list if there are any. */
MUST_USE enum status listing_verdict(struct listing *listing, const char *done, struct fault *fault);

#endif
