/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf: takes the bundle and the certified statement out of a certificate's PDF by the profile of SPEC 13.5. No PDF is parsed and nothing is
 * decompressed: what a viewer shows is not looked at.
 */
#ifndef UNBROKEN_VERIFY_PDF_H
#define UNBROKEN_VERIFY_PDF_H

#include "verify/bytes.h"

/* The names of the media types, as they stand in the PDF. */
#define PDF_BUNDLE "/application#2fvnd.unbroken.bundle"
#define PDF_STATEMENT "/application#2fvnd.unbroken.statement"

enum { PDF_DICTIONARY_BYTES_MAX = 1024 };

/* Does it begin as a PDF? */
bool pdf_is(struct view file);
/*
 * Exactly one of each, borrowed from file. Time is linear in the file. Errors: STATUS_DAMAGED, fault->at = byte offset of the attachment
 * that breaks a rule, or FAULT_NOWHERE.
 */
MUST_USE enum status pdf_extract(struct view file, struct view *bundle, struct view *statement, struct fault *fault);

#endif
