/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal_numbers: seal numbers as people type and scanners send them, to a fact of an act (SPEC 4, `seals`).
 */
#ifndef UNBROKEN_CUSTODY_SEAL_NUMBERS_H
#define UNBROKEN_CUSTODY_SEAL_NUMBERS_H

#include "verify/state.h"

/*
 * Appends the encoded set. Numbers stand apart by commas or spaces; digits of other scripts become ASCII; the one word "none" is the empty
 * set. Errors: STATUS_REFUSED (one that is longer than 64 bytes or no clean text, one twice, over 16, none at all), STATUS_MEMORY.
 */
MUST_USE enum status seal_numbers_parse(struct view typed, struct buffer *out, struct fault *fault);
/* Is the encoded set that of the thing now? */
bool seal_numbers_equal(struct view encoded, const struct thing *thing);
/* How many there are on it. */
size_t seal_numbers_on(const struct thing *thing);
/* The thing's own, encoded. Errors: STATUS_DAMAGED. */
MUST_USE enum status seal_numbers_of(const struct thing *thing, struct buffer *out, struct fault *fault);

#endif
