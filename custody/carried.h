/* SPDX-License-Identifier: Apache-2.0 */
/*
 * carried: things that are carried over from the ledger that this one succeeds (SPEC 3.9): the column `carried-over` of an officer's list names them as
 * that ledger did. An act says so of things whose old numbers follow one another.
 */
#ifndef UNBROKEN_CUSTODY_CARRIED_H
#define UNBROKEN_CUSTODY_CARRIED_H

#include "custody/args.h"
#include "custody/items.h"
#include "ledger/ledger.h"

/* The names against the bundle of --from-ledger. Nothing carried over: nothing is asked for. Errors: STATUS_REFUSED, as other_read. */
MUST_USE enum status carried_check(struct args *args, struct ledger *ledger, const struct item_list *list, struct fault *fault);
/* How many things from `from` on, at least one and at most `most`, go into one act; behind the list's end stand things that are not carried over. */
size_t carried_run(const struct item_list *list, size_t from, size_t most);
/* The act registers this one, and those whose old numbers follow. carried_check has passed. */
void carried_put(const struct item *first, const struct ledger *ledger, struct act *act);

#endif
