/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name: the printed name of a subject, CODE-number-check (SPEC 3.2), for example KHPP-1042-4.
 * The check character is ISO 7064 MOD 37,36 over code and number.
 */
#ifndef UNBROKEN_VERIFY_NAME_H
#define UNBROKEN_VERIFY_NAME_H

#include "verify/bytes.h"

enum { NAME_CODE_MAX = 8, NAME_BYTES = 32 }; /* NAME_BYTES holds any name and its NUL */

/* A code is 2 to 8 characters A-Z 0-9, the first a letter. */
bool name_code_check(struct view code);

/* Writes "KHPP-1042-4" and a NUL. code must pass name_code_check; number <= 2^53-1 (asserted). */
void name_format(struct view code, uint64_t number, char out[NAME_BYTES]);

enum name_answer {
    NAME_OK,
    NAME_NOT_A_NAME,   /* not of the form at all */
    NAME_OTHER_LEDGER, /* right check character, another code */
    NAME_WRONG_CHECK   /* *number is what was typed; suggestion holds the nearest right name */
};

/*
 * Reads what a person typed or a scanner sent: lower case, missing hyphens, spaces around, Khmer
 * digits (U+17E0..U+17E9) are accepted. limit: subjects that exist (0: unknown).
 * suggestion (may be NULL): on NAME_WRONG_CHECK the nearest right name below limit: one digit or
 * the check character changed, or two neighbours swapped; a swap of neighbours is preferred to a changed
 * digit, that to a changed check character; among equals the smaller number; empty when none.
 */
MUST_USE enum name_answer name_parse(struct view code, struct view typed, uint64_t limit, uint64_t *number,
                                     char suggestion[NAME_BYTES]);

/* Without spaces, tabs, CR, LF and U+200B at the ends. Borrows. */
struct view name_trim(struct view text);

#endif
