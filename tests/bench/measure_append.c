/* SPDX-License-Identifier: Apache-2.0 */
/* measure_append: durable appends beside what a commit and a signature cost anyway. */
#include "tests/bench/measure.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/table.h"

enum { SINGLES = 400, ROUNDS_MAX = SINGLES };

void measure_batch_make(struct station *station, size_t count, struct measure_batch *out)
{
    const uint8_t *key = secret_public(station->people[STATION_OFFICER_NUMBER])->bytes;
    struct fault fault = {0};

    out->count = count;
    out->acts = calloc(count, sizeof *out->acts);
    out->messages = calloc(count, sizeof *out->messages);
    out->bytes = calloc(count, sizeof *out->bytes);
    table_need(out->acts != NULL && out->messages != NULL && out->bytes != NULL, "memory");
    station_weigh(station, count, out->acts);
    for (size_t i = 0; i < count; i++) {
        const struct draft *draft = &out->acts[i].draft;

        signed_bytes(view_of(draft->headers[0], draft->header_len[0]), buffer_view(&draft->payload), &out->bytes[i]);
        table_must(buffer_status(&out->bytes[i], &fault), &fault, "building what is signed");
        out->messages[i] = (struct raw_message){out->bytes[i].ptr, out->bytes[i].len, draft->signatures[0], key};
    }
}

void measure_batch_free(struct measure_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        station_act_free(&batch->acts[i]);
        buffer_free(&batch->bytes[i]);
    }
    free(batch->acts);
    free(batch->messages);
    free(batch->bytes);
}

/* What the newest `count` records brought, each with its sheets and disclosures in one piece. */
static void newest(struct station *station, const struct measure_batch *batch, struct buffer *pieces,
                   struct raw_value *values)
{
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};

    table_must(ledger_begin(station->ledger, false, &txn, &fault), &fault, "reading");
    for (size_t i = 0; i < batch->count; i++) {
        const struct submission *submission = &batch->acts[i].submission;
        struct view record;

        table_must(ledger_record(txn, ledger_size(txn) - batch->count + i, &record, &fault), &fault, "reading a record");
        buffer_append_view(&pieces[i], record);
        for (size_t j = 0; j < submission->sheet_count; j++) {
            buffer_append_view(&pieces[i], submission->sheets[j]);
        }
        for (size_t j = 0; j < submission->disclosure_count; j++) {
            buffer_append_view(&pieces[i], submission->disclosures[j]);
        }
        table_must(buffer_status(&pieces[i], &fault), &fault, "reading a record");
        values[i] = (struct raw_value){pieces[i].ptr, pieces[i].len};
    }
    ledger_abort(txn);
}

struct times {
    double ours_s, sodium_s, lmdb_s; /* of one transaction */
    size_t record_bytes;
};

/* One transaction of ours, then the same signatures and bytes by the bare libraries. */
static struct times measure_transaction(struct station *station, struct raw_store *bare, size_t group)
{
    struct measure_batch batch;
    struct buffer *pieces = calloc(group, sizeof *pieces);
    struct raw_value *values = calloc(group, sizeof *values);
    struct times out;
    double begin_s;

    table_need(pieces != NULL && values != NULL, "memory");
    station_see(station);
    measure_batch_make(station, group, &batch);
    begin_s = table_now_s();
    station_append(station, batch.acts, group);
    out.ours_s = table_now_s() - begin_s;
    newest(station, &batch, pieces, values);
    out.sodium_s = raw_sodium_s(batch.messages, group);
    out.lmdb_s = raw_store_commit_s(bare, values, group);
    out.record_bytes = pieces[0].len;
    for (size_t i = 0; i < group; i++) {
        buffer_free(&pieces[i]);
    }
    free(pieces);
    free(values);
    measure_batch_free(&batch);
    return out;
}

/* Medians of so many transactions. */
static struct times measure_rounds(struct station *station, struct raw_store *bare, size_t group, size_t rounds)
{
    double ours_s[ROUNDS_MAX];
    double sodium_s[ROUNDS_MAX];
    double both_s[ROUNDS_MAX];
    struct times out = {0};

    table_need(rounds <= ROUNDS_MAX, "so many rounds");
    for (size_t i = 0; i < rounds; i++) {
        out = measure_transaction(station, bare, group);
        ours_s[i] = out.ours_s;
        sodium_s[i] = out.sodium_s;
        both_s[i] = out.sodium_s + out.lmdb_s;
    }
    out.ours_s = table_median(ours_s, rounds);
    out.sodium_s = table_median(sodium_s, rounds);
    out.lmdb_s = table_median(both_s, rounds) - out.sodium_s;
    return out;
}

double measure_single(struct station *station, struct raw_store *bare)
{
    struct times times = measure_rounds(station, bare, 1, SINGLES);
    char what[64];

    (void)snprintf(what, sizeof what, "append, one durable record of %zu bytes", times.record_bytes);
    table_rates(what, 1 / times.ours_s, 1 / (times.sodium_s + times.lmdb_s), "LMDB + libsodium", 0.85);
    return 1 / times.ours_s;
}

void measure_group(struct station *station, struct raw_store *bare, size_t group, size_t rounds)
{
    struct times times = measure_rounds(station, bare, group, rounds);
    double records = (double)group;
    char what[64];

    (void)snprintf(what, sizeof what, "append, %zu records a transaction", group);
    table_rates(what, records / times.ours_s, records / times.sodium_s, "libsodium", 0.8);
    table_rates("  beside both libraries", records / times.ours_s, records / (times.sodium_s + times.lmdb_s),
                "LMDB + libsodium", 0);
}
