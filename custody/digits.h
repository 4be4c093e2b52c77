/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digits: a scanner in front of a Khmer keyboard layout types Khmer digits (U+17E0..U+17E9): they are mapped back.
 */
#ifndef UNBROKEN_CUSTODY_DIGITS_H
#define UNBROKEN_CUSTODY_DIGITS_H

#include "verify/bytes.h"

/* Appends text with Khmer digits as ASCII ones; everything else as it is. */
void digits_to_ascii(struct view text, struct buffer *out);

#endif
