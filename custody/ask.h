/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask: a question on /dev/tty.
 */
#ifndef UNBROKEN_CUSTODY_ASK_H
#define UNBROKEN_CUSTODY_ASK_H

#include "verify/status.h"

/* STATUS_OK for "y" or "yes". Errors: STATUS_REFUSED (no terminal), STATUS_INTERRUPTED (anything else was said). */
MUST_USE enum status ask_yes(const char *question, struct fault *fault);

#endif
