/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate: V17: does a certified statement say what its bundle proves, and is it by the person whom it names; and all that the
 * certificate's page may say as fact (SPEC 13.6), for people to compare and for the printer to draw.
 */
#ifndef UNBROKEN_VERIFY_CERTIFICATE_H
#define UNBROKEN_VERIFY_CERTIFICATE_H

#include "verify/check.h"
#include "verify/statement.h"

/*
 * A verdict_reader (verdict.h) for who is about to certify: fills *context, a struct statement, with all that the bundle and its verdict say.
 * Left to the caller: made_s, offset_min, template, certifier. Its views borrow the bundle's file. STATUS_REFUSED where custody could not be
 * judged: then there is nothing to certify.
 */
MUST_USE enum status certificate_draft(void *context, struct check *check, struct fault *fault);

/* V17 behind V1 to V16: sets check->stop. */
MUST_USE enum status certificate_check(struct check *check, struct fault *fault);
/* The certified lines, into check->verdict. Errors: STATUS_MEMORY. */
MUST_USE enum status certified_write(struct check *check, struct fault *fault);

/* Does the statement count it? Not what depends on who reads: a tag in somebody's hand, another ledger's bundle, a time-stamp (SPEC 13.4). */
bool certificate_counts(const struct finding *finding);

#endif
