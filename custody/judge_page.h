/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge_page: the judge's page (verify/page/), which travels in the program, and a court's own copy of it: with the policy built in. Not here:
 * whether the policy is one.
 */
#ifndef UNBROKEN_CUSTODY_JUDGE_PAGE_H
#define UNBROKEN_CUSTODY_JUDGE_PAGE_H

#include "verify/bytes.h"

/* What stands in the page, once, where a court's policy goes. */
#define JUDGE_PAGE_PLACE "\"policy\":null"

/* The page as it was built, without a policy. */
struct view judge_page(void);
/*
 * The page with the policy's base64 in its place: whatever the policy says, nothing of it is markup there.
 * Errors: STATUS_DAMAGED: the place is not there, or not once. STATUS_MEMORY.
 */
MUST_USE enum status judge_page_fill(struct view page, struct view policy, struct buffer *out, struct fault *fault);

#endif
