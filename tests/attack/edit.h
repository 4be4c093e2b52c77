/* SPDX-License-Identifier: Apache-2.0 */
/*
 * edit: what is changed in one act, sheet or detail. The crude attacker stops here; the clever one hashes and signs everything after
 * it anew.
 */
#ifndef UNBROKEN_TESTS_EDIT_H
#define UNBROKEN_TESTS_EDIT_H

#include "tests/attack/request.h"
#include "verify/act.h"
#include "verify/detail.h"

/* Changes the decoded act as that edit says; false when there is no edit of that name. It dies where there is nothing to change. */
bool edit_act(const char *name, const struct request *request, struct act *act);
/* The payload and the signatures of a changed act, encoded. */
void edit_encode(const struct act *act, struct buffer *out);
/* The detail `listed-weight` of that subject, with "1 g" in its place; false when the disclosure is another. */
bool edit_disclosure(struct view bytes, uint64_t subject, struct buffer *out);
/* The sheet with one digest in the place of another (NULL: without that line); false when it does not have it. */
bool edit_sheet(struct view bytes, const struct hash *before, const struct hash *after, struct buffer *out);

#endif
