/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zpl: a label as ZPL II, the language of Zebra's printers and of most that imitate them: one picture, nothing else. No text from outside,
 * no font and no barcode command ever stands in it, so nothing in a record can command a printer, and every printer burns the same dots.
 * Not here: sending it (send.h).
 */
#ifndef UNBROKEN_PRINTER_ZPL_H
#define UNBROKEN_PRINTER_ZPL_H

#include "printer/bitmap.h"

#define ZPL_MEDIA_TYPE "application/vnd.zebra-zpl"

/*
 * Appends one label, printed once; any number may follow one another. The picture is one ^GFA field in Zebra's run-length coding. What an
 * earlier job may have left set in the printer (home, shift, orientation, mirror, reverse) is set back first.
 * Errors: STATUS_MEMORY.
 */
MUST_USE enum status zpl_label(const struct bitmap *bitmap, struct buffer *out, struct fault *fault);

#endif
