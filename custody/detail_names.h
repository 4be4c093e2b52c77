/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detail_names: names of details, as typed in an option that may stand several times or hold several (witness,suspect).
 */
#ifndef UNBROKEN_CUSTODY_DETAIL_NAMES_H
#define UNBROKEN_CUSTODY_DETAIL_NAMES_H

#include "custody/args.h"
#include "verify/act.h"

struct detail_names {
    uint64_t numbers[FACT_NAMES_MAX]; /* ascending, distinct */
    size_t count;
};

/* Count 0 where the option does not stand. Errors (usage): a name that SPEC 5.4 does not have, one that stands twice, over 64. */
MUST_USE enum status detail_names_read(struct args *args, const char *option, struct detail_names *out, struct fault *fault);
bool detail_names_have(const struct detail_names *names, uint64_t number);
/* "witness, suspect" */
void detail_names_print(const uint64_t *numbers, size_t count, struct buffer *out);

#endif
