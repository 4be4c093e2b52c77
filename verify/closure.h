/* SPDX-License-Identifier: Apache-2.0 */
/*
 * closure: SPEC 8, worked out over whatever can give the records of a thread: the verifier's bundle or the recorder's store.
 */
#ifndef UNBROKEN_VERIFY_CLOSURE_H
#define UNBROKEN_VERIFY_CLOSURE_H

#include "verify/record.h"

struct closure_source {
    void *context;
    /*
     * The records of a subject's thread, by number from 1: decodes record and act. False when there is no such number
     * (the end, or not in the bundle).
     */
    bool (*record)(void *context, uint64_t subject, uint64_t number, struct record *record, struct act *act);
};

/*
 * members: ascending subject numbers, owned by the caller (free). scratch record and act are used by the walk.
 * limit: numbers >= limit never enter (they do not exist).
 * Errors: STATUS_MEMORY.
 */
MUST_USE enum status closure_find(const struct closure_source *source, const uint64_t *asked, size_t asked_count,
                                  uint64_t limit, struct record *record, struct act *act, uint64_t **members,
                                  size_t *count, struct fault *fault);

#endif
