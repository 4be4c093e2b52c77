/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allotted: the unused numbers that a signer has allotted: whoever registers, samples or splits takes his own tags, or those of the officer
 * who signs with him, for experts and carers allot none.
 */
#ifndef UNBROKEN_CUSTODY_ALLOTTED_H
#define UNBROKEN_CUSTODY_ALLOTTED_H

#include "custody/session.h"

/*
 * The lowest `want` unused numbers of that type, ascending, appended to out. Needs session_signers and a transaction.
 * Errors: STATUS_REFUSED (there are fewer; the hint says how to get more), STATUS_DAMAGED and the like from the store.
 */
MUST_USE enum status allotted_take(struct session *session, enum subject_type type, size_t want, struct subject_list *out,
                                   struct fault *fault);

#endif
