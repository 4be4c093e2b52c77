/* SPDX-License-Identifier: Apache-2.0 */
/*
 * told: lists of breaches, as one teller or another tells them, and where two lists part.
 */
#ifndef UNBROKEN_TESTS_WALK_TOLD_H
#define UNBROKEN_TESTS_WALK_TOLD_H

#include "verify/rules.h"

struct told {
    uint64_t record, subject; /* or NOTHING */
    char code[24];
};

/* All zero is the empty list; free it with told_free. */
struct told_list {
    struct told *list;
    size_t count, cap;
};

void told_add(struct told_list *to, const char *code, uint64_t record, uint64_t subject);
void told_add_all(struct told_list *to, const struct told_list *from);
/* Sorts, and drops what stands twice: SPEC 7.3.17b. */
void told_sort(struct told_list *list);
void told_free(struct told_list *list);
/* Of two sorted lists: fails with the first breaches that only one of them has. */
void told_same(const char *what, const char *name_a, const struct told_list *a, const char *name_b, const struct told_list *b);

#endif
