/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places: the tree of places (a store, its rooms, racks, shelves): a place is a part of the one that its opening names. A place is opened
 * once and names one that is older, so there are no circles; a record that names another is read as naming none.
 */
#ifndef UNBROKEN_CUSTODY_PLACES_H
#define UNBROKEN_CUSTODY_PLACES_H

#include "custody/session.h"

struct place {
    uint64_t number;
    uint64_t within; /* NOTHING: a part of no other */
};

/* Owned; ascending by number. */
struct places {
    struct place *list;
    size_t count, cap;
};

/* Numbers ascend. within is taken where it is a place of the list. */
MUST_USE enum status places_add(struct places *places, uint64_t number, uint64_t within, struct fault *fault);
/* All places of the ledger; session->txn is open. */
MUST_USE enum status places_load(struct session *session, struct places *out, struct fault *fault);
void places_free(struct places *places);

/* Its position in the list; count when it is none (NOTHING included). */
size_t places_at(const struct places *places, uint64_t number);
/* Is it root, or in a part of root? */
bool places_within(const struct places *places, uint64_t place, uint64_t root);

/*
 * The positions of the list in the order of a printed tree: each place before its parts, parts ascending; and how deep each position of the
 * list is. Both have room for count.
 */
MUST_USE enum status places_order(const struct places *places, size_t *order, size_t *depths, struct fault *fault);

#endif
