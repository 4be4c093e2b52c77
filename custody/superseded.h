/* SPDX-License-Identifier: Apache-2.0 */
/*
 * superseded: is the label whose tag was read the latest of its thing? A tag says which print it stands on (SPEC 3.2), the ledger which is the latest.
 */
#ifndef UNBROKEN_CUSTODY_SUPERSEDED_H
#define UNBROKEN_CUSTODY_SUPERSEDED_H

#include "custody/session.h"

/*
 * STATUS_REFUSED, with a sentence that begins with the thing's name, where the print is not the latest on record: an older one, with the date of the
 * latest, or one that was never made. STATUS_OK for the latest, for a thing without prints, and for print 0 (a typed name). In a transaction.
 */
MUST_USE enum status superseded_check(struct session *session, const struct subject *subject, uint64_t print, struct fault *fault);
/* Warns on the terminal of a tag of such a label; says nothing of anything else. In a transaction. */
void superseded_warn(struct session *session, struct view typed);

#endif
