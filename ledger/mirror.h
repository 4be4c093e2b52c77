/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror: somebody else's copy of a ledger: every record and sheet, taken from tiles (SPEC 15) and replayed on the way in by the code that appends,
 * byte for byte; no details, no attachments, no key of the station. It is a ledger directory like any other, marked as a mirror. Not here: where
 * tiles come from (mirror_source.h), what an auditor says of it (audit.h).
 */
#ifndef UNBROKEN_LEDGER_MIRROR_H
#define UNBROKEN_LEDGER_MIRROR_H

#include "ledger/ledger.h"
#include "ledger/mirror_source.h"
#include "verify/policy.h"

enum { MIRROR_PATH_BYTES = 96 };

struct mirror_report {
    bool made;         /* there was no mirror before */
    uint64_t before;   /* records of the mirror then, and now */
    uint64_t records;
    uint64_t size;     /* of the checkpoint that the source shows; 0: it was not even read */
    bool is_new;       /* that checkpoint, or a cosignature on it, was not here */
    bool contradicts;  /* what the checkpoint has is another history, or contradicts itself: not the source's fault, but that of whoever signed it */
    char exhibit[MIRROR_PATH_BYTES]; /* the name, in dir, of a file that proves it to anyone (SPEC V16); "": none */
    char why[FAULT_TEXT_BYTES];      /* contradicts, without an exhibit: why there is none */
};

/*
 * Takes all records up to the source's signed checkpoint into the mirror dir, which is made where there is none. They are committed tile by tile:
 * whoever ends it at any moment finds a mirror of which every record is one that a signed checkpoint has, and goes on from there.
 * policy: who may sign for that ledger. ledger_close everything that has dir open in this process first.
 * Errors: STATUS_MISSING (the source has no checkpoint, or lacks a tile), STATUS_UNTRUSTED (not signed by a log of the policy; tiles that are not
 * those of the checkpoint: nothing of them was taken; report->contradicts), STATUS_REFUSED (another ledger; older than the mirror; dir is no mirror),
 * STATUS_DAMAGED, STATUS_INTERRUPTED (what was taken stays), STATUS_FULL, STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status mirror_pull(const char *dir, struct mirror_source *source, const struct policy *policy, const struct progress *progress,
                                 struct mirror_report *report, struct fault *fault);

/*
 * What the last pull refused: the record that contradicts those before it, and a sentence. STATUS_MISSING without a fault: nothing.
 */
struct mirror_refusal {
    uint64_t index;
    char text[FAULT_TEXT_BYTES];
};
MUST_USE enum status mirror_refused(struct ledger_txn *txn, struct mirror_refusal *out, struct fault *fault);

#endif
