/* SPDX-License-Identifier: Apache-2.0 */
/* measure_bundle: the proof of one item, made and verified in this process; signatures measured apart and taken off. */
#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/export.h"
#include "tests/bench/table.h"
#include "verify/bundle.h"
#include "verify/verdict.h"

enum { ROUNDS = 21, SAMPLE = 100 };

#define GOAL_S 0.005

struct times {
    double make_s[ROUNDS];
    double verify_s[ROUNDS];
    double signature_s[ROUNDS]; /* of one, by both libraries */
};

static double make(struct station *station, uint64_t item, struct buffer *out)
{
    struct export_request request = {.asked = &item, .asked_count = 1};
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    double begin_s = table_now_s();

    table_must(ledger_begin(station->ledger, false, &txn, &fault), &fault, "reading");
    table_must(export_bundle(txn, &request, out, &fault), &fault, "making a bundle");
    ledger_abort(txn);
    return table_now_s() - begin_s;
}

/* Older checkpoints in the bundle, each with a signature. */
static uint64_t anchors(struct hasher *hasher, const struct buffer *file)
{
    struct bundle bundle = {0};
    struct fault fault = {0};
    uint64_t count;

    table_need(bundle_decode(hasher, buffer_view(file), &bundle, &fault) == BUNDLE_OK, "reading a bundle");
    count = bundle.anchor_count;
    bundle_close(&bundle);
    return count;
}

/* The policy is read each time, as a court's program does. */
static double verify(struct hasher *hasher, const struct buffer *policy_text, const struct buffer *bundle,
                     uint64_t *signatures)
{
    struct verify_options options = {.as_of_s = NOTHING};
    struct policy *policy = NULL;
    struct verdict verdict;
    struct fault fault = {0};
    double begin_s = table_now_s();
    double took_s;

    table_must(policy_parse(hasher, buffer_view(policy_text), &policy, &fault), &fault, "reading a policy");
    table_must(verify_file(hasher, policy, buffer_view(bundle), &options, &verdict, &fault), &fault, "verifying");
    if (verdict.status != 0) {
        fprintf(stderr, "bench: error: the bundle has status %d, %s: %s\n", verdict.status, verdict.code, verdict.stop.text);
        exit(EXIT_FAILURE);
    }
    took_s = table_now_s() - begin_s;
    *signatures = verdict.signatures + 1 + anchors(hasher, bundle); /* one a checkpoint */
    verdict_close(&verdict);
    policy_close(policy);
    return took_s;
}

static void print_times(struct times *times, uint64_t size, size_t len, uint64_t signatures)
{
    double make_s = table_median(times->make_s, ROUNDS);
    double verify_s = table_median(times->verify_s, ROUNDS);
    double signatures_s = table_median(times->signature_s, ROUNDS) * (double)signatures;
    struct table_row row = {.ratio = -1};

    (void)snprintf(row.what, sizeof row.what, "bundle of one item among %llu records", (unsigned long long)size);
    (void)snprintf(row.ours, sizeof row.ours, "%zu bytes", len);
    table_line(&row);
    row = (struct table_row){.what = "  made", .ratio = -1, .goal = "under 5 ms"};
    (void)snprintf(row.ours, sizeof row.ours, "%.2f ms", make_s * 1e3);
    row.mark = make_s < GOAL_S ? TABLE_MET : TABLE_MISSED;
    table_line(&row);
    row = (struct table_row){.ratio = -1, .goal = "under 5 ms"};
    (void)snprintf(row.what, sizeof row.what, "  verified, less its %llu signatures", (unsigned long long)signatures);
    (void)snprintf(row.ours, sizeof row.ours, "%.2f ms", (verify_s - signatures_s) * 1e3);
    (void)snprintf(row.raw, sizeof row.raw, "%.2f ms of %.2f, both libraries", signatures_s * 1e3, verify_s * 1e3);
    row.mark = verify_s - signatures_s < GOAL_S ? TABLE_MET : TABLE_MISSED;
    table_line(&row);
}

void measure_bundle(struct station *station)
{
    uint64_t item = station_item(STATION_CASE_ITEMS / 2);
    struct measure_batch batch;
    struct buffer policy = {0};
    struct buffer bundle = {0};
    struct times times;
    struct fault fault = {0};
    uint64_t signatures = 0;

    measure_batch_make(station, SAMPLE, &batch);
    table_must(export_policy(station->ledger, &policy, &fault), &fault, "making a policy");
    for (size_t i = 0; i < ROUNDS; i++) {
        buffer_free(&bundle);
        times.make_s[i] = make(station, item, &bundle);
        times.verify_s[i] = verify(station->hasher, &policy, &bundle, &signatures);
        times.signature_s[i] =
            (raw_sodium_s(batch.messages, SAMPLE) + raw_openssl_s(batch.messages, SAMPLE)) / SAMPLE;
    }
    print_times(&times, station_size(station), bundle.len, signatures);
    buffer_free(&bundle);
    buffer_free(&policy);
    measure_batch_free(&batch);
}
