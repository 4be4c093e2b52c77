/* SPDX-License-Identifier: Apache-2.0 */
/*
 * species: what a thing is said to be, by whom and on what ground: what an officer presumed when he registered it stays apart from what an
 * expert identified, and a presumptive identification from a confirmed one.
 */
#ifndef UNBROKEN_CUSTODY_SPECIES_H
#define UNBROKEN_CUSTODY_SPECIES_H

#include <jansson.h>
#include <stdio.h>

#include "custody/describe.h"

/*
 * What one record says of it, appended to the array "species" of out, which is made with the first: {"as": "presumed" | "presumptive" |
 * "confirmed", "name", "by", "person", "office", "record", "logged", "method", "confirmed-by", "corrects"}. scratch: the record as
 * describe_read gave it.
 */
MUST_USE enum status species_add(struct session *session, uint64_t subject, const struct describe_scratch *scratch, json_t *out,
                                 struct fault *fault);
/* A line for each, escaped: "species confirmed: Loxodonta africana (KHPP-7-S Chan Lina, expert, record 41, ...)". */
void species_print(const json_t *list, FILE *out); /* accepts NULL */

#endif
