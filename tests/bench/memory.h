/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory: what a process of its own takes at its peak beyond the ledger's map, which is page cache of the machine and not ours.
 */
#ifndef UNBROKEN_TESTS_BENCH_MEMORY_H
#define UNBROKEN_TESTS_BENCH_MEMORY_H

#include <stdint.h>

/* If argv asks for one of the jobs below, does it, prints the number and ends the process. */
void memory_serve(int argc, char **argv);
/* Starts this program again for a job on the ledger in dir: "nothing", "open", "append" or "fsck". Bytes. */
uint64_t memory_peak(const char *job, const char *dir);

#endif
