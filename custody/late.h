/* SPDX-License-Identifier: Apache-2.0 */
/*
 * late: acts that were signed in time and come too late (SPEC 7.3.17): may they be kept, are they what they say, what would they do.
 */
#ifndef UNBROKEN_CUSTODY_LATE_H
#define UNBROKEN_CUSTODY_LATE_H

#include "custody/describe.h"
#include "custody/session.h"

/* A kept act: its id, the record of the lodge that keeps it, and both acts. Views live as long as the transaction. */
struct late_act {
    struct hash id;
    uint64_t lodged;
    struct describe_scratch lodge;
    struct act act;
};

/* Things of this ledger that an act touches, in its roles; the rest of it (cases, places) is nothing to keep it for. */
MUST_USE enum status late_things(struct session *session, const struct act *act, struct subject_list *out, struct fault *fault);
/* Could a refused act be kept: it touches a thing, opens nothing, and is neither recorded nor kept already? */
bool late_may_keep(struct session *session, const struct act *act);
/*
 * STATUS_REFUSED with why not: as above; of another ledger; a signer who is nobody here; or a signature by no key that its signer was
 * ever given (revoked or replaced since does not matter). act: decoded with its signatures.
 */
MUST_USE enum status late_check(struct session *session, const struct act *act, struct fault *fault);
/* The act kept by the lodge in record out->lodged. STATUS_MISSING without a fault: that record keeps none. */
MUST_USE enum status late_read(struct session *session, struct late_act *out, struct fault *fault);
/* The same of what was typed: the lodge's record ("45"), or the act-id in 64 hexadecimal digits. STATUS_MISSING, STATUS_REFUSED. */
MUST_USE enum status late_find(struct session *session, const char *typed, struct late_act *out, struct fault *fault);
/* Does it say something of that thing in role 0, as adoption reads it? */
bool late_concerns(const struct late_act *late, uint64_t number);
/* The adoption of that act for that thing since its lodging, or NOTHING. */
MUST_USE enum status late_adopted(struct session *session, uint64_t subject, const struct hash *id, uint64_t lodged, uint64_t *index,
                                  struct fault *fault);
/* What its adoption would do, in words. */
void late_effect(struct session *session, const struct act *act, struct buffer *out);

#endif
