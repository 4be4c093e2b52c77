/* SPDX-License-Identifier: Apache-2.0 */
/*
 * care: what an administrator does for a ledger: fsck, backup, status.
 */
#ifndef UNBROKEN_LEDGER_CARE_H
#define UNBROKEN_LEDGER_CARE_H

#include "ledger/ledger.h"

struct fsck_options {
    unsigned threads;        /* 0: all cores */
    bool without_signatures; /* everything else only: for measuring */
    struct progress progress;
};

struct fsck_report {
    uint64_t records, acts, signatures, subjects, details, attachments, checkpoints;
    uint64_t tokens;     /* time-stamps: each over its checkpoint; by whom is not judged */
    uint64_t withheld; /* details that are not here, under a recorded order */
    uint64_t breaches; /* of custody: counted, not an error of the ledger */
    uint64_t erased;      /* details that an erasure covers and that are gone */
    uint64_t unfinished;  /* details that an erasure covers and that are still here: ledger_scrub removes them */
    bool scrub_due;       /* erased bytes may still be read in freed pages: ledger_scrub */
    uint64_t elsewhere;   /* erasures that this older copy took over from its ledger: proven there, not here */
    bool head_missing; /* a checkpoint was signed, and no head is remembered here: a copy, or a lost file */
    struct stop stop;  /* status 0: everything holds; else the first contradiction by record index */
};

/*
 * Reads everything: every record decoded, hashed, linked, signed, replayed; every node, thread, index, state, heads root, checkpoint signature, sheet,
 * disclosure and attachment compared with what the records say; the remembered head. Damage is told in report->stop, not as an error.
 */
MUST_USE enum status ledger_fsck(struct ledger *ledger, const struct fsck_options *options, struct fsck_report *report,
                                 struct fault *fault);

/* A consistent copy (compacted) into a new directory while others write, with the station key; synced. STATUS_REFUSED if it exists. */
MUST_USE enum status ledger_backup(struct ledger *ledger, const char *dir, struct fault *fault);

struct ledger_report {
    uint64_t records, subjects, checkpoint_size, remembered_size;
    uint64_t last_logged_s;
    uint64_t file_bytes, used_bytes, free_bytes; /* data.mdb, pages in use, file system */
    bool scrub_due; /* as in fsck_report */
};
MUST_USE enum status ledger_report(struct ledger *ledger, struct ledger_report *out, struct fault *fault);

#endif
