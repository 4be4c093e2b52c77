/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_list: many samples or parts as a CSV list, one new thing in a row: parent, mass_g, pieces, to, ref, description, package,
 * condition; and found_g, loss_g, remains_g of the parent, in one of its rows.
 */
#ifndef UNBROKEN_CUSTODY_SAMPLE_LIST_H
#define UNBROKEN_CUSTODY_SAMPLE_LIST_H

#include "custody/listing.h"
#include "custody/taking.h"

/* Owned; texts are borrowed from the listing. Sorted by parent once sample_list_find was called. */
struct sample_list {
    struct listing listing;
    struct part_list parts;      /* one for each row */
    struct taking *takings;      /* one for each parent, with its run of parts */
    size_t *rows;                /* the first row of each */
    size_t taking_count;
    uint64_t *parents;           /* of each row */
    uint64_t (*stated_mg)[3];    /* found, loss, remains of each row */
};

/* Reads and checks it, without a ledger. `done`: what did not happen when it is refused. Errors: as listing_open. Free in every case. */
MUST_USE enum status sample_list_open(const char *path, const char *done, struct sample_list *out, struct fault *fault);
/* Finds the parents, numbers the parts in the order of the rows, and makes the takings. Needs a transaction. Errors: STATUS_REFUSED. */
MUST_USE enum status sample_list_find(struct session *session, struct sample_list *list, const char *done, struct fault *fault);
void sample_list_free(struct sample_list *list);

#endif
