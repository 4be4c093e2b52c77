/* SPDX-License-Identifier: Apache-2.0 */
/* measure: the measures of bench_ledger, in the order in which it takes them. Each prints its lines of the table. */
#ifndef UNBROKEN_TESTS_BENCH_MEASURE_H
#define UNBROKEN_TESTS_BENCH_MEASURE_H

#include "tests/bench/station.h"
#include "tests/bench/raw.h"

/* Signed acts and what was signed, for us and for the bare library. */
struct measure_batch {
    size_t count;
    struct station_act *acts;
    struct raw_message *messages;
    struct buffer *bytes;
};

/* Weighings of the next items, composed and signed: outside every timed part. */
void measure_batch_make(struct station *station, size_t count, struct measure_batch *out);
void measure_batch_free(struct measure_batch *batch);

/* measure_append.c. bare: on the same disk. single says how many records a second we append. */
double measure_single(struct station *station, struct raw_store *bare);
void measure_group(struct station *station, struct raw_store *bare, size_t group, size_t rounds);

/* measure_bundle.c: one old item of the ledger as it stands. */
void measure_bundle(struct station *station);

/* measure_check.c: the ledger is shut. messages: for the bare libraries. fsck says how many records a second it checks. */
double measure_fsck(const char *dir, const struct raw_message *messages, size_t count);
void measure_disk(const char *dir);
void measure_memory(const char *dir);

#endif
