/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare_inside: comparing two copies that are open, for compare*.c and reconcile*.c alone.
 */
#ifndef UNBROKEN_LEDGER_COMPARE_INSIDE_H
#define UNBROKEN_LEDGER_COMPARE_INSIDE_H

#include "ledger/compare.h"
#include "ledger/copy.h"

/* policy: under which the exhibit must prove what it says. Errors: STATUS_DAMAGED, STATUS_MEMORY, STATUS_ENVIRONMENT. */
MUST_USE enum status compare_copies(struct hasher *hasher, const struct policy *policy, struct copy *a, struct copy *b, struct compare_report *out,
                                    struct fault *fault);
/* Of a report that compare_copies has filled. */
void compare_free(struct compare_report *report);

/* ---- compare_heads.c */

/* Heads in the bundle `liar` against records that `other` shows: fills the report where they contradict each other, and leaves it else. */
MUST_USE enum status compare_heads(struct hasher *hasher, const struct policy *policy, struct copy *liar, struct copy *other,
                                   struct compare_report *out, struct fault *fault);

#endif
