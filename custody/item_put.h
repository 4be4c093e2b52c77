/* SPDX-License-Identifier: Apache-2.0 */
/*
 * item_put: what a line of an officer's list says, as facts and details of a `register` act.
 */
#ifndef UNBROKEN_CUSTODY_ITEM_PUT_H
#define UNBROKEN_CUSTODY_ITEM_PUT_H

#include "custody/items.h"
#include "ledger/compose.h"

/* The entry of that thing, which stands in that case. */
void item_put(struct composer *composer, uint64_t subject, uint64_t of_case, const struct item *item);
/* One cell as a detail of that name; an empty one is none. */
void item_text_put(struct composer *composer, uint64_t subject, const struct item *item, enum item_column column, uint64_t name);

#endif
