/* SPDX-License-Identifier: Apache-2.0 */
/*
 * script: makes any text fit for paper: what cannot be seen is made visible, and Khmer, Lao and Thai, which are written without spaces, may be
 * broken between words. Not here: fonts and shapes (typeset.h).
 */
#ifndef UNBROKEN_PRINTER_SCRIPT_H
#define UNBROKEN_PRINTER_SCRIPT_H

#include "verify/bytes.h"

struct script; /* ICU's iterator of line breaks; one thread uses it */

MUST_USE enum status script_open(struct script **out, struct fault *fault);
void script_close(struct script *script); /* accepts NULL */

/*
 * Appends the text. Controls (but newline), bidirectional controls, and other characters without a mark of their own become "‹U+202E›", as
 * does what is no UTF-8 ("‹0xFF›") and each combining mark after eight in a row. U+200B is put where a line may be broken inside a run
 * of letters of scripts without spaces, and after each hundred letters without a space. Errors: STATUS_ENVIRONMENT (ICU), STATUS_MEMORY.
 */
MUST_USE enum status script_prepare(struct script *script, struct view text, struct buffer *out, struct fault *fault);

/*
 * Where the text (valid UTF-8) may be cut so that words stay whole: the last such place that is at most `limit` bytes in; 0 when there is none.
 */
size_t script_cut(struct script *script, struct view text, size_t limit);

#endif
