/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress: "1,024 of 10,000" on standard error, on a terminal only.
 */
#ifndef UNBROKEN_CUSTODY_PROGRESS_H
#define UNBROKEN_CUSTODY_PROGRESS_H

#include "ledger/ledger.h"

/* All zero but `what`, before use. */
struct progress_line {
    const char *what; /* "records" */
    uint64_t shown_ms;
    bool open;
};

/* For the ledger's long functions; borrows line. */
struct progress progress_to(struct progress_line *line);
/* Wipes the line. */
void progress_end(struct progress_line *line);

#endif
