/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timeline: who had a thing, from which record to which: its own custody, or that of the outermost container that it was in
 * (SPEC 7.1), as the rules of verify/ make it of the records. Not here: words (command_question.c).
 */
#ifndef UNBROKEN_CUSTODY_TIMELINE_H
#define UNBROKEN_CUSTODY_TIMELINE_H

#include "custody/session.h"

/* As long as nothing of this changed. Numbers are NOTHING where there is none. */
struct span {
    uint64_t record, until;    /* the record that began it, and the one that ended it: NOTHING while it lasts */
    uint64_t from_s, until_s;  /* when these two were logged */
    uint64_t claimed_s;        /* when the first signer of `record` says that it was */
    int offset_min;
    unsigned kind;             /* of the act that began it */
    enum thing_state state;
    uint64_t holder;           /* also while it is in transit or out */
    uint64_t place;
    uint64_t in;               /* the container it is in itself; what is said of holder, place and state is of the outermost */
    uint64_t open;             /* the record of the release or hand out that is open */
    uint64_t person, office, to_place; /* to whom */
};

/* Owned; in the order of the records. Logged times go up, but where the station's clock was set back. */
struct timeline {
    struct span *spans;
    size_t count, cap;
};

/* Of an item or container. Errors: STATUS_DAMAGED, STATUS_MEMORY. */
MUST_USE enum status timeline_of(struct session *session, uint64_t thing, struct timeline *out, struct fault *fault);
void timeline_close(struct timeline *timeline);

/* Did it last at some moment from first_s to last_s? The moment of a handover is the receiver's. */
bool timeline_within(const struct span *span, uint64_t first_s, uint64_t last_s);

#endif
