/* SPDX-License-Identifier: Apache-2.0 */
/*
 * told: what the records of a verified bundle call each of its subjects: the texts that a certificate states (SPEC 13.6). One pass over the
 * records, the last statement counts.
 */
#ifndef UNBROKEN_VERIFY_TOLD_H
#define UNBROKEN_VERIFY_TOLD_H

#include "verify/check.h"

enum { TOLD_TEXTS = 3, TOLD_BYTES_MAX = 400 };

/* By type: person: person-name, agency; place: place-name; case: docket, law, court; thing: description, species. */
struct told {
    struct buffer texts[TOLD_TEXTS]; /* escaped, cut at TOLD_BYTES_MAX; empty: nothing stated */
    bool hidden[TOLD_TEXTS];         /* stated, but withheld or erased */
    bool cut[TOLD_TEXTS];
    const char *identified;          /* of a thing: "presumed" by who registered it, else "presumptive" or "confirmed" by an expert; NULL: none */
};

/* One for each of check->leaves, in their order; owned by the caller (told_close). Uses the check's scratch. Errors: STATUS_MEMORY. */
MUST_USE enum status told_read(struct check *check, struct told **out, struct fault *fault);
void told_close(struct told *told, size_t count); /* accepts NULL */

#endif
