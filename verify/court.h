/* SPDX-License-Identifier: Apache-2.0 */
/*
 * court: what a judge or a defence lawyer will ask of each broken rule, and who can answer: the people who signed the record.
 * Not here: whether a rule was broken (rules.h).
 */
#ifndef UNBROKEN_VERIFY_COURT_H
#define UNBROKEN_VERIFY_COURT_H

#include "verify/check.h"

enum { COURT_QUESTIONS = 2 };

/* Questions that the breaches of one code raise; the second may be NULL. */
struct court_topic {
    const char *code;
    const char *questions[COURT_QUESTIONS];
};

const struct court_topic *court_topics(size_t *count);
/* NULL for a code that raises none. */
const struct court_topic *court_topic(const char *code);

/*
 * Fills verdict->topics and verdict->reasons from the breaches and the disclosed details, all escaped. Uses the check's scratch.
 * Errors: STATUS_MEMORY.
 */
MUST_USE enum status court_prepare(struct check *check, struct fault *fault);

#endif
