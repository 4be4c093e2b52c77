/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passage: a thing's way through time: the records of its own thread, and those of the threads of the containers that it was
 * in, and of those around them, while it was in them (SPEC 7.1, 7.3.9). Not here: who held what (rules.h), and words.
 */
#ifndef UNBROKEN_VERIFY_PASSAGE_H
#define UNBROKEN_VERIFY_PASSAGE_H

#include "verify/rules.h"

struct passage_row {
    uint64_t index;   /* of the record */
    uint64_t subject; /* in whose thread it stands: one that was asked for, or a container */
    uint64_t number;  /* its number in that thread */
};

struct passage {
    struct passage_row *rows; /* owned */
    size_t count;
};

/*
 * The passage of these things, merged: ascending by record, and for one record what is inside before what is around it. From the
 * record that packs a thing to the one that takes it out, those two included, a container's records count. Of source, `thread` and
 * `act_at` are asked, of any record. scratch is for the acts. Errors: STATUS_MEMORY; *out is then empty.
 */
MUST_USE enum status passage_find(const struct rules_source *source, const uint64_t *subjects, size_t count, struct act *scratch,
                                  struct passage *out, struct fault *fault);
void passage_close(struct passage *passage);

#endif
