/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shown: which checkpoint an older paper or file shows (SPEC V14): a note, a bundle, a receipt or certified statement as paper text, or a
 * certificate's PDF. Nothing is trusted by reading.
 */
#ifndef UNBROKEN_VERIFY_SHOWN_H
#define UNBROKEN_VERIFY_SHOWN_H

#include "verify/hash.h"

/* Zero it before use; shown_close when done. */
struct shown {
    struct buffer note; /* a checkpoint that parses; owned */
    struct view origin; /* its first line; borrows the note */
    uint64_t size;
    bool has_record;    /* a receipt: */
    uint64_t index;
    struct hash record;
};

/* Errors: STATUS_DAMAGED with the reason, fault->at as of the part that is wrong; STATUS_MEMORY. */
MUST_USE enum status shown_read(struct hasher *hasher, struct view file, struct shown *out, struct fault *fault);
void shown_close(struct shown *shown);

#endif
