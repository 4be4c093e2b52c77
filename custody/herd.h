/* SPDX-License-Identifier: Apache-2.0 */
/*
 * herd: animals that are counted together. The ledger counts pieces; which of them live is told by the thread.
 */
#ifndef UNBROKEN_CUSTODY_HERD_H
#define UNBROKEN_CUSTODY_HERD_H

#include "custody/session.h"

enum { HERD_CONDITION = 1, HERD_BIRTH = 2, HERD_DEATH = 3, HERD_FREED = 4 }; /* payload key 13 of `animal`, SPEC 5.3 */

/*
 * How many were recorded dead and left in the count; NOTHING: some of the dead or of the living were split off since, the acts do not say
 * which. Needs a transaction. Errors: as the store's, STATUS_MEMORY.
 */
MUST_USE enum status herd_dead_within(struct session *session, const struct subject *subject, uint64_t *out, struct fault *fault);

/*
 * Does its registration call it something that lives? False where the unit is another than `animal`, or the term code another than LIV or EGL; true
 * where nothing is said. Errors: as the store's, STATUS_MEMORY.
 */
MUST_USE enum status herd_lives(struct session *session, const struct subject *subject, bool *out, struct fault *fault);

#endif
