/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile_say: what reconciling found, for people and as JSON. count: of the sources.
 */
#ifndef UNBROKEN_CUSTODY_RECONCILE_SAY_H
#define UNBROKEN_CUSTODY_RECONCILE_SAY_H

#include "ledger/reconcile.h"

/* Where this ledger is, what each source is, what is missing. */
void reconcile_say_all(struct reconcile *reconcile, size_t count);
/* After reconcile_take. */
void reconcile_say_taken(struct reconcile *reconcile);
/* The way on when records are lost: what to type, with the newest signed head that anyone has shown. */
void reconcile_say_successor(struct reconcile *reconcile, const char *dir, size_t count);
MUST_USE enum status reconcile_say_json(struct reconcile *reconcile, size_t count, bool taken, struct fault *fault);

#endif
