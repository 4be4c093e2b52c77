/* SPDX-License-Identifier: Apache-2.0 */
/*
 * weigh_list: the weights of many things as a CSV list: name,gross_g,tare_g,net_g,drift_explanation. Net alone, or gross and tare.
 */
#ifndef UNBROKEN_CUSTODY_WEIGH_LIST_H
#define UNBROKEN_CUSTODY_WEIGH_LIST_H

#include "custody/listing.h"
#include "custody/session.h"

struct weigh_row {
    size_t row;
    uint64_t number; /* of the thing, once it is found */
    uint64_t gross_mg, tare_mg, net_mg; /* NOTHING: not read; net always stands */
};

/* Owned. */
struct weigh_list {
    struct listing listing;
    struct weigh_row *rows;
};

/* Reads and checks it, without a ledger. Errors: as listing_open. Free in every case. */
MUST_USE enum status weigh_list_open(const char *path, struct weigh_list *out, struct fault *fault);
/*
 * Finds the things, and sorts the rows by their numbers; a drift that is explained neither in its row nor for `all` is a mistake too.
 * Needs a transaction. Errors: STATUS_REFUSED (all mistakes are told on stderr), as the store's.
 */
MUST_USE enum status weigh_list_find(struct session *session, struct weigh_list *list, bool all_explained, struct fault *fault);
/* The row of that thing, or NULL. After weigh_list_find. */
const struct weigh_row *weigh_list_row(const struct weigh_list *list, uint64_t number);
/* Why its weight differs, or the empty view. */
struct view weigh_list_explanation(const struct weigh_list *list, const struct weigh_row *row);
void weigh_list_free(struct weigh_list *list);

#endif
