/* SPDX-License-Identifier: Apache-2.0 */
/*
 * other: a bundle of another ledger that is to stand inside one of this ledger (SPEC 4 `others`, V15), looked at before it is put there: above all
 * that of the ledger which this one succeeds (SPEC 3.9).
 */
#ifndef UNBROKEN_LEDGER_OTHER_H
#define UNBROKEN_LEDGER_OTHER_H

#include "ledger/ledger.h"

struct other {
    struct view bundle;    /* the file, or the part of a certificate's PDF; borrows it */
    struct hash ledger;
    char code[9];          /* CODE of its names */
    uint64_t size, subjects; /* of its checkpoint */
    bool predecessor;      /* it is of the ledger that `ours` succeeds, and proves the head that the founders named */
};

/*
 * It verifies under the station keys that it proves itself. Errors, without the file's name: STATUS_REFUSED (of this very ledger, training and
 * real, holds others itself, or of the predecessor and does not prove the head that the founders named), STATUS_UNTRUSTED (it does not verify, or
 * shows another history than the founders named), STATUS_DAMAGED, STATUS_MEMORY.
 */
MUST_USE enum status other_read(struct ledger *ours, struct view file, struct other *out, struct fault *fault);

#endif
