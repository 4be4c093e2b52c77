/* SPDX-License-Identifier: Apache-2.0 */
/*
 * items: a list of things as officers write it (CSV, columns as in tests/data/README.md), checked row by row.
 */
#ifndef UNBROKEN_CUSTODY_ITEMS_H
#define UNBROKEN_CUSTODY_ITEMS_H

#include "verify/bytes.h"

enum item_column { ITEM_REF, ITEM_DESCRIPTION, ITEM_SPECIES, ITEM_SPECIMEN, ITEM_QUANTITY, ITEM_UNIT, ITEM_WEIGHT, ITEM_LENGTH,
                   ITEM_CONDITION, ITEM_MARKS, ITEM_PACKAGE, ITEM_CARRIED, ITEM_COLUMNS };

struct item {
    uint64_t line;
    struct view text[ITEM_COLUMNS]; /* as written; points into the list */
    uint64_t pieces;
    bool is_weighed, is_measured;
    uint64_t net_mg;
    uint64_t length_mm;
    bool is_carried;      /* carried over from the ledger that this one succeeds, where it was number `old` */
    uint64_t old;
};

/* Owned. */
struct item_list {
    struct item *items;
    size_t count;
    struct buffer text;
};

/*
 * Reads a whole list. Each mistake is appended to errors as "PATH:LINE: column N (name): rule\n"; *mistakes counts them.
 * Errors: STATUS_DAMAGED (no list at all), STATUS_MEMORY.
 */
MUST_USE enum status item_list_read(struct view file, const char *path, struct item_list *out, struct buffer *errors,
                                    size_t *mistakes, struct fault *fault);
void item_list_free(struct item_list *list);

#endif
