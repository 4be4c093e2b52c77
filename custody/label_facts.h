/* SPDX-License-Identifier: Apache-2.0 */
/*
 * label_facts: what a label says of a thing, out of the ledger: what was stated when it was registered, and what it is now. Not here: drawing.
 */
#ifndef UNBROKEN_CUSTODY_LABEL_FACTS_H
#define UNBROKEN_CUSTODY_LABEL_FACTS_H

#include "custody/session.h"
#include "printer/label.h"

struct label_facts; /* labels and the texts that they borrow */

/* Web address before the tags and agency (may be empty) are borrowed. */
MUST_USE enum status label_facts_open(struct session *session, const char *web, const char *agency, const char *initials,
                                      struct label_facts **out, struct fault *fault);
void label_facts_close(struct label_facts *facts); /* accepts NULL */
/* Adds the label of a thing, as its next print. In a transaction. Errors: from the store, STATUS_MEMORY. */
MUST_USE enum status label_facts_add(struct label_facts *facts, const struct subject *subject, struct fault *fault);
/* All of them, once no more is added; borrowed. */
MUST_USE enum status label_facts_labels(struct label_facts *facts, const struct label **labels, size_t *count, struct fault *fault);

#endif
