/* SPDX-License-Identifier: Apache-2.0 */
/*
 * taking: one thing from which parts are taken by sample or split, and the sum that must come out (SPEC 7.3.8): found = taken + lost +
 * remaining, in mass, and for a split in pieces.
 */
#ifndef UNBROKEN_CUSTODY_TAKING_H
#define UNBROKEN_CUSTODY_TAKING_H

#include "custody/parts.h"

struct taking {
    uint64_t number;                          /* the thing */
    uint64_t found_mg, loss_mg, remains_mg;   /* NOTHING: not stated, to be worked out */
    uint64_t pieces_before, pieces_after;     /* NOTHING: not known, to be worked out */
    struct part *parts;                       /* borrowed */
    size_t count;
};

/* Nothing stated. */
struct taking taking_blank(void);
/*
 * Works out what was not stated: found is the last net mass, loss is nothing, the rest remains; a sample is one piece. Checks the sum, and
 * a found mass that drifted. is_explained: --drift-explanation or --deviation is given, the latter also takes a sum that does not come out.
 * Needs a transaction. Errors: STATUS_REFUSED: what is missing or does not add up, with the figures.
 */
MUST_USE enum status taking_balance(struct session *session, bool split, struct taking *taking, struct fault *fault);
/* Facts of the parent's entry, the entries of the parts, the case. */
MUST_USE enum status taking_put(struct session *session, bool split, const struct taking *taking, struct composer *composer,
                                struct entry *parent, struct fault *fault);
/* "KHPP-12-2: 1850 g found = 2.5 g in 1 sample (KHPP-40-5) + 0 g lost + 1847.5 g that remain" */
void taking_print(const struct session *session, bool split, const struct taking *taking, struct buffer *out);

#endif
