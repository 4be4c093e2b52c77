/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zpl_state: a label printer's answer to ~HS (ZPL II Programming Guide, "Host Status Return"): three lines of figures. Not here: asking (send.h).
 */
#ifndef UNBROKEN_PRINTER_ZPL_STATE_H
#define UNBROKEN_PRINTER_ZPL_STATE_H

#include "verify/bytes.h"

#define ZPL_ASK_STATE "~HS\r\n"

enum { ZPL_ANSWER_MAX_BYTES = 1024 }; /* a real one has about 80 */

enum zpl_trouble {
    ZPL_PAPER_OUT = 1 << 0,
    ZPL_HEAD_OPEN = 1 << 1,
    ZPL_RIBBON_OUT = 1 << 2,
    ZPL_PAUSED = 1 << 3,
    ZPL_BUFFER_FULL = 1 << 4,
    ZPL_TOO_COLD = 1 << 5,
    ZPL_TOO_HOT = 1 << 6,
    ZPL_SETTINGS_LOST = 1 << 7, /* "corrupt RAM" */
};

struct zpl_state {
    unsigned troubles; /* of enum zpl_trouble */
    unsigned lines;    /* how many of the three were there */
};

/*
 * Reads what has come so far: bytes between lines, and lines of another kind, are skipped. True: the first two lines are there, all that is
 * looked at here; the third belongs to the answer all the same.
 */
bool zpl_state_read(struct view answer, struct zpl_state *out);

/* Appends "out of paper, head open": at least one trouble. */
void zpl_state_say(unsigned troubles, struct buffer *out);

#endif
