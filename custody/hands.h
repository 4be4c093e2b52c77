/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hands: every thing that was ever in one person's hands, in a container too: held by that person, or released by that person and
 * not yet accepted. All records are replayed. Not here: one thing's whole story (timeline.h).
 */
#ifndef UNBROKEN_CUSTODY_HANDS_H
#define UNBROKEN_CUSTODY_HANDS_H

#include "custody/session.h"

struct hands_row {
    uint64_t thing;
    uint64_t times;                /* how often it came into these hands */
    uint64_t first_record, last_record; /* that brought it for the first time, and took it away for the last: NOTHING while it is there */
    uint64_t first_s, last_s;      /* when these were logged */
    uint64_t in;                   /* the container it was in when it first came, or NOTHING */
};

/* Ascending by thing; the caller frees *rows. Errors: STATUS_DAMAGED, STATUS_MEMORY. */
MUST_USE enum status hands_of(struct session *session, uint64_t person, struct hands_row **rows, size_t *count, struct fault *fault);

#endif
