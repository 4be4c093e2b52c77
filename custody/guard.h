/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard: runs the rest of a command in a child process. LMDB trusts its own pages: on a damaged file it can die of a signal, and an administrator
 * must then read a sentence and not "Segmentation fault".
 */
#ifndef UNBROKEN_CUSTODY_GUARD_H
#define UNBROKEN_CUSTODY_GUARD_H

#include "verify/status.h"

enum guard_side {
    GUARD_CHILD, /* go on: this process does the work */
    GUARD_DIED,  /* the child died of a signal: *number */
    GUARD_ALONE  /* no child could be made: do the work here */
};

/* Before anything is opened. In the parent it waits, and ends the process with the child's exit code when that ended by itself. */
MUST_USE enum guard_side guard_enter(int *number);

#endif
