/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mixed: a ledger in which everything happens: pallets of items are registered, weighed, noted, packed, sealed, handed over by
 * one record, opened, unpacked, and their items handed over one by one.
 */
#ifndef UNBROKEN_TESTS_BENCH_MIXED_H
#define UNBROKEN_TESTS_BENCH_MIXED_H

#include "tests/bench/station.h"

enum { MIXED_ITEMS = 20 };

struct mixed {
    struct station *station; /* founded, without cases */
    uint64_t subjects;       /* M */
    uint64_t of_case, place; /* of the last round */
    uint64_t first;          /* the first pallet's first item of the last round; its container stands behind its items */
};

struct mixed mixed_begin(struct station *station);
/* So many pallets from the opening of their case on; stays: they are left in transit, packed and sealed. */
void mixed_round(struct mixed *mixed, size_t pallets, bool stays);

#endif
