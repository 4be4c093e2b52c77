/* SPDX-License-Identifier: Apache-2.0 */
/*
 * whereabouts: where a thing is now, through the containers around it, and since when it is not in the store. Not here: who had it before.
 */
#ifndef UNBROKEN_CUSTODY_WHEREABOUTS_H
#define UNBROKEN_CUSTODY_WHEREABOUTS_H

#include "custody/describe.h"

enum { WHEREABOUTS_DAY_S = 86400, WHEREABOUTS_UNANSWERED_DAYS = 30 };

struct whereabouts {
    const struct subject *top;  /* the outermost container, or the thing itself */
    enum thing_state state;     /* this and what follows is of top (SPEC 7.1) */
    uint64_t holder, place;     /* NOTHING: none */
    const struct open_release *open; /* NULL: neither in transit nor out */
};

/* subject is a thing. Borrows the world. */
void whereabouts_of(struct world *world, const struct subject *subject, struct whereabouts *out);

/* Past its due time, or in transit without one for over 30 days: what a verdict says of it at that time (SPEC 7.3.15). */
bool whereabouts_overdue(const struct whereabouts *where, uint64_t now_s);

/* Held, in transit or out, and at no place: somebody has it. */
bool whereabouts_out_of_store(const struct whereabouts *where);

/* A record's time and kind: the last one asked for is kept, since one record is many things'. All zero before use; free scratch. */
struct whereabouts_clock {
    struct describe_scratch *scratch;
    bool known;
    uint64_t index;
    uint64_t logged_s;
    unsigned kind;
};

/* The time of a record. NOTHING in *logged_s when it is not there. Errors: STATUS_MEMORY, STATUS_DAMAGED. */
MUST_USE enum status whereabouts_logged(struct session *session, struct whereabouts_clock *clock, uint64_t index, uint64_t *logged_s,
                                        struct fault *fault);
/*
 * Since when it is out of the store: the time and record of the release or hand out, or of the act that gave it to its holder. NOTHING for
 * what is not out of the store.
 */
MUST_USE enum status whereabouts_since(struct session *session, struct whereabouts_clock *clock, const struct whereabouts *where,
                                       uint64_t *since_s, uint64_t *record, struct fault *fault);

/* Whole days from one time to another; 0 where it is not earlier. */
uint64_t whereabouts_days(uint64_t from_s, uint64_t to_s);

#endif
