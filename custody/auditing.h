/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auditing: the report of an auditor, for people and as JSON.
 */
#ifndef UNBROKEN_CUSTODY_AUDITING_H
#define UNBROKEN_CUSTODY_AUDITING_H

#include "custody/args.h"

/* The command `mirror audit`. */
extern const struct option auditing_options[];
MUST_USE enum status auditing_run(struct args *args, struct fault *fault);

#endif
