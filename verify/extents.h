/* SPDX-License-Identifier: Apache-2.0 */
/*
 * extents: which details `order` and `erase` acts cover, by name (SPEC 3.7). Not here: whether a detail is there or not.
 */
#ifndef UNBROKEN_VERIFY_EXTENTS_H
#define UNBROKEN_VERIFY_EXTENTS_H

#include "verify/act.h"

/* One name of one subject that one act covers. NOTHING is verify/state.h's. */
struct extent {
    uint64_t subject; /* NOTHING: details of the act as a whole (erasures only) */
    uint64_t name;
    uint64_t record; /* the only record in which it is erased; NOTHING: an order, which holds for all */
    uint64_t under;  /* the record of the order or erasure */
};

/* Owns items; free with extents_free. All zero: empty. */
struct extents {
    struct extent *items;
    size_t count, cap;
};

/*
 * Adds what the act of record `index` covers; nothing for other kinds, or for an order that is no prosecutor's or court's. links: how many
 * subjects the record touches that an erasure amends. STATUS_MEMORY is the only error.
 */
MUST_USE enum status extents_add(struct extents *extents, uint64_t index, const struct act *act, size_t links, struct fault *fault);
/* To be called once all are added, before anything is found. */
void extents_sort(struct extents *extents);
/* The record of the first erasure of that detail of that record (subject NOTHING: of the act as a whole), or NOTHING. */
uint64_t extents_erased(const struct extents *extents, uint64_t record, uint64_t subject, uint64_t name);
/* The record of the first order that withholds that name of that subject, or NOTHING. */
uint64_t extents_ordered(const struct extents *extents, uint64_t subject, uint64_t name);
void extents_free(struct extents *extents);

#endif
