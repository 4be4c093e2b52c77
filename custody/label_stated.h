/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label_stated: what one record states of the many things in it that labels show, each detail read once.
 */
#ifndef UNBROKEN_CUSTODY_LABEL_STATED_H
#define UNBROKEN_CUSTODY_LABEL_STATED_H

#include "custody/session.h"
#include "verify/detail.h"

struct label_stated_row {
    uint64_t subject, name;
    struct value value; /* borrows the transaction */
};

/* record NOTHING and all else zero before use. */
struct label_stated {
    uint64_t record;
    struct ledger_details details;
    struct label_stated_row *rows; /* by subject and name */
    size_t count;
};

/* The details of that record, unless they are there. Errors: from the store, STATUS_MEMORY. */
MUST_USE enum status label_stated_read(struct session *session, uint64_t record, struct label_stated *stated, struct fault *fault);
void label_stated_free(struct label_stated *stated);
/* A description, specimen or hazard; NULL: it is not stated, or erased. */
const struct value *label_stated_find(const struct label_stated *stated, uint64_t subject, uint64_t name);

#endif
