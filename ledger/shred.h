/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shred: files whose bytes must not be read any more.
 */
#ifndef UNBROKEN_LEDGER_SHRED_H
#define UNBROKEN_LEDGER_SHRED_H

#include "verify/status.h"

/*
 * Overwrites the whole of an open file with zeros and syncs it; path is for the fault.
 * Errors: STATUS_REFUSED (it has another name, under which somebody keeps it: nothing is overwritten), STATUS_ENVIRONMENT, STATUS_FULL, STATUS_MEMORY.
 */
MUST_USE enum status shred_bytes(int file, const char *path, struct fault *fault);
/* The same for a file that nobody has open; then removes it. One that is not there is no fault. */
MUST_USE enum status shred_file(const char *path, struct fault *fault);
/* STATUS_REFUSED, with the way on: path has a name that is not ours. */
MUST_USE enum status shred_refuse(const char *path, struct fault *fault);

#endif
