/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mass: what a scale shows, as integer milligrams and back. No floating point: 0.1 g is not a binary fraction.
 */
#ifndef UNBROKEN_CUSTODY_MASS_H
#define UNBROKEN_CUSTODY_MASS_H

#include "verify/bytes.h"

/* In words for messages. */
#define MASS_FORM "a weight like 1850, 1850.5 or \"3.23 kg\""

/* Grams with at most three decimals, no unit: "1850", "1850.5"; Khmer digits too. False: not so, or above 2^53-1 milligrams. */
bool mass_grams(struct view text, uint64_t *out_mg);
/* The same with or without a unit behind it, mg, g or kg: "1850", "1850.5 g", "3.23kg" (down to the milligram). Without one: grams. */
bool mass_parse(struct view text, uint64_t *out_mg);
/* Grams without a unit and without idle zeros: "1850.5". */
void mass_print(uint64_t mg, struct buffer *out);
/* "-38.85" or "+2.5" or "0": now less before, in grams. */
void mass_print_change(uint64_t before_mg, uint64_t now_mg, struct buffer *out);
/* "-2.1": the change in percent of before, cut off behind the tenth as the finding `drift` does. "" when before is 0. */
void mass_print_percent(uint64_t before_mg, uint64_t now_mg, struct buffer *out);
/*
 * The three weights of a weighing, UINT64_MAX where one was not read: *net_mg is worked out where gross and tare stand alone.
 * Errors: STATUS_REFUSED: nothing to go by, gross or tare alone, tare above gross, a net that is another than gross less tare.
 */
MUST_USE enum status mass_net(uint64_t gross_mg, uint64_t tare_mg, uint64_t *net_mg, struct fault *fault);
/* Must this change be explained (SPEC 7.3.7)? */
bool mass_drifts(uint64_t before_mg, uint64_t now_mg);

#endif
