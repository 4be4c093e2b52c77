/* SPDX-License-Identifier: Apache-2.0 */
/*
 * subject: from what a person types or a scanner sends to subject numbers: names (KHPP-1042-4), tag texts
 * (U1/KHPP-1042-4/LLLLLLLLLLLLLLLL/1, behind a web address or not) and ranges of names (KHPP-12-2..KHPP-40-V). SPEC 3.2.
 */
#ifndef UNBROKEN_CUSTODY_SUBJECT_H
#define UNBROKEN_CUSTODY_SUBJECT_H

#include "verify/state.h"

enum { SUBJECT_RANGE_MAX = 1000000 };

/*
 * limit: how many subjects there are (M). print (may be NULL): the tag's print number, 0 for a typed name.
 * Errors: STATUS_REFUSED (not a name, wrong check character with the nearest right name, another ledger, damaged tag),
 * STATUS_MISSING (never issued). The text is fit for a terminal.
 */
MUST_USE enum status subject_parse(const struct ledger_state *ledger, uint64_t limit, struct view typed, uint64_t *number,
                                   uint64_t *print, struct fault *fault);

/* Owned; in the order in which they were named. */
struct subject_list {
    uint64_t *numbers;
    size_t count, cap;
};

/* A name, a tag text or a range. Errors: as above, STATUS_REFUSED (named twice is found by subject_list_sort), STATUS_MEMORY. */
MUST_USE enum status subject_list_add(struct subject_list *list, const struct ledger_state *ledger, uint64_t limit,
                                      struct view typed, struct fault *fault);
MUST_USE enum status subject_list_push(struct subject_list *list, uint64_t number, struct fault *fault);
/* Ascending. STATUS_REFUSED when one stands twice. */
MUST_USE enum status subject_list_sort(struct subject_list *list, const char *code, struct fault *fault);
void subject_list_free(struct subject_list *list);

/* "KHPP-12-2" or, for runs, "KHPP-12-2..KHPP-40-V", joined by ", ". numbers ascending. */
void subject_list_print(const char *code, const uint64_t *numbers, size_t count, struct buffer *out);

#endif
