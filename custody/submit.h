/* SPDX-License-Identifier: Apache-2.0 */
/*
 * submit: the commands `submit` and `discard`.
 */
#ifndef UNBROKEN_CUSTODY_SUBMIT_H
#define UNBROKEN_CUSTODY_SUBMIT_H

#include "custody/args.h"

MUST_USE enum status submit_run(struct args *args, struct fault *fault);
MUST_USE enum status discard_run(struct args *args, struct fault *fault);

#endif
