/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registrars: enough of them stay to sign for the register (SPEC 6.5), or nobody could ever be enrolled or appointed again.
 */
#ifndef UNBROKEN_CUSTODY_REGISTRARS_H
#define UNBROKEN_CUSTODY_REGISTRARS_H

#include "custody/session.h"

/* STATUS_REFUSED when fewer than the threshold are left once that person can no longer sign as registrar. */
MUST_USE enum status registrars_enough(struct session *session, uint64_t without, struct fault *fault);

#endif
