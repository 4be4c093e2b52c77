/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamping: the checkpoint that a time-stamp is over, and time-stamps kept in the ledger.
 */
#ifndef UNBROKEN_CUSTODY_TIMESTAMPING_H
#define UNBROKEN_CUSTODY_TIMESTAMPING_H

#include "custody/session.h"
#include "ledger/timestamp.h"

/* A signed checkpoint, and what a time-stamp over it is over. */
struct timestamping_target {
    uint64_t size;
    struct hash imprint;
};

/* The target that is this note. STATUS_DAMAGED. */
MUST_USE enum status timestamping_of(struct session *session, struct view note, struct timestamping_target *out, struct fault *fault);
/* The latest checkpoint; records that none covers are signed first, and that is said; the witnesses are asked as for every checkpoint (cosigning.h). No transaction may be open. */
MUST_USE enum status timestamping_latest(struct session *session, struct timestamping_target *out, struct fault *fault);
/* The checkpoint with that imprint, newest first. STATUS_REFUSED: there is none. No transaction may be open. */
MUST_USE enum status timestamping_asked(struct session *session, const struct hash *imprint, struct timestamping_target *out, struct fault *fault);
/* *found is set where a stored time-stamp over it leads to these certificates. STATUS_DAMAGED: they are none. No transaction may be open. */
MUST_USE enum status timestamping_has(struct session *session, const struct timestamping_target *target, struct view ca, bool *found,
                                      struct fault *fault);
/* Stores those that have a token, in one commit, and says so. No transaction may be open. */
MUST_USE enum status timestamping_store(struct session *session, const struct timestamping_target *target, const struct timestamp *timestamps,
                                        size_t count, struct fault *fault);

#endif
