/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts: the facts of an entry (SPEC 4, `facts`), a part of act.c that is long enough for a file of its own.
 * Internal to act.c; seals and names are declared in act.h.
 */
#ifndef UNBROKEN_VERIFY_FACTS_H
#define UNBROKEN_VERIFY_FACTS_H

#include "verify/act.h"

/* Borrows the reader's input. Touches only the members that are present. */
void facts_read(struct reader *reader, struct facts *out);
void facts_write(struct buffer *out, const struct facts *facts);

#endif
