/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrub: an erased detail cannot be read any more from the ledger's file, nor from a copy of it (SPEC 3.8).
 */
#ifndef UNBROKEN_LEDGER_SCRUB_H
#define UNBROKEN_LEDGER_SCRUB_H

#include "ledger/ledger.h"

struct scrub_report {
    uint64_t records;              /* how many the store has */
    uint64_t taken;                /* erasures that the copy did not know of */
    uint64_t details, attachments; /* removed now; those of an erasure's own commit are gone already */
    bool rewritten;                /* the new file is in its place; a fault beside it: the old one is not overwritten yet */
};

/*
 * The ledger in dir (living NULL), or an older copy of `living` in dir: takes over its erasures, removes what they cover and is still there, and
 * writes the file anew, the old one overwritten. Stopped anywhere, the old or the new file is whole, and the next ledger_open for appending,
 * or the next call, goes on. wait: up to five seconds for others who have dir open.
 * Errors: STATUS_REFUSED (others have it open; its file has another name; it is no copy of living, or a newer one), STATUS_FULL, as ledger_open.
 */
MUST_USE enum status ledger_scrub(const char *dir, struct ledger *living, bool wait, struct scrub_report *out, struct fault *fault);
/* STATUS_REFUSED, with the way on: the ledger's file has another name (a hard or symbolic link), and nothing may be removed from it until it has not. */
MUST_USE enum status ledger_scrub_check(const char *dir, struct fault *fault);

#endif
