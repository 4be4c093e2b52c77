/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qr: a text as a QR symbol (ISO/IEC 18004). What the text says is SPEC 3.2 and 13; how large its modules are is for who draws it.
 */
#ifndef UNBROKEN_PRINTER_QR_H
#define UNBROKEN_PRINTER_QR_H

#include "verify/bytes.h"

enum qr_level { QR_MEDIUM, QR_QUARTILE, QR_HIGH }; /* 15, 25, 30 % of the symbol may be lost */

enum { QR_QUIET_MODULES = 4 }; /* to be left white on each side */

/* Owned. side modules each way, without the quiet zone; one byte each, 1 is black. */
struct qr {
    unsigned side;
    uint8_t *modules;
};

/* text: printable ASCII. Errors: STATUS_REFUSED (too long for that level), STATUS_MEMORY. */
MUST_USE enum status qr_encode(struct view text, enum qr_level level, struct qr *out, struct fault *fault);
void qr_free(struct qr *qr);

#endif
