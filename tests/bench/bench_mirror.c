/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_mirror: how many records a second are exported as tiles, taken from them into a mirror (each replayed), and audited; and how long a consistency
 * proof takes, in that ledger and in a tree of a million records. Beside it the bare parts: the signatures by libsodium, the walk with LMDB and
 * SHA-256, the hashes of a proof's check. Prints and judges nothing. Works in a new directory under TMPDIR (/var/tmp: not in memory).
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ledger/audit.h"
#include "ledger/tiles.h"
#include "ledger/views.h"
#include "tests/bench/measure.h"
#include "tests/bench/table.h"

enum { RECORDS = 50000, GROUP = 1000, PATH_BYTES = 160, MILLION = 1000000, LEVELS = 21, PROOFS = 5000 };

static char root[PATH_BYTES - 32], ledger_dir[PATH_BYTES], tiles_dir[PATH_BYTES], mirror_dir[PATH_BYTES];

/* One signature a record, six details. */
static void grow(struct station *station)
{
    struct station_act *acts = calloc(GROUP, sizeof *acts);

    table_need(acts != NULL, "memory");
    station_add_case(station);
    while (station_size(station) < RECORDS) {
        station_see(station);
        station_weigh(station, GROUP, acts);
        station_append(station, acts, GROUP);
        for (size_t i = 0; i < GROUP; i++) {
            station_act_free(&acts[i]);
        }
    }
    station_checkpoint(station);
    free(acts);
}

static struct policy *policy_for(struct station *station)
{
    const struct ledger_state *identity = ledger_identity(station->ledger);
    struct buffer text = {0};
    struct policy *policy = NULL;
    struct fault fault = {0};

    buffer_printf(&text, "log ");
    verifier_key_format(station->hasher, view_text(ledger_origin(station->ledger)), 1, identity->keys[identity->key_count - 1].key, &text);
    buffer_printf(&text, "\nquorum none\n");
    table_must(policy_parse(station->hasher, buffer_view(&text), &policy, &fault), &fault, "reading the policy");
    buffer_free(&text);
    return policy;
}

/* ---- records ---------------------------------------------------------------------------------- */

static double export_s(struct station *station)
{
    struct ledger_txn *txn = NULL;
    struct tiles_report report;
    struct fault fault = {0};
    double begin_s = table_now_s();

    table_must(ledger_begin(station->ledger, false, &txn, &fault), &fault, "reading");
    table_must(tiles_export(txn, tiles_dir, NULL, &report, &fault), &fault, "exporting");
    ledger_abort(txn);
    return table_now_s() - begin_s;
}

static double pull_s(const struct policy *policy)
{
    struct mirror_source *source = NULL;
    struct mirror_report report;
    struct fault fault = {0};
    double begin_s = table_now_s();

    table_must(mirror_source_open(tiles_dir, NULL, &source, &fault), &fault, "opening the tiles");
    table_must(mirror_pull(mirror_dir, source, policy, NULL, &report, &fault), &fault, "pulling");
    mirror_source_close(source);
    return table_now_s() - begin_s;
}

static double audit_s(void)
{
    struct ledger *mirror = NULL;
    struct audit_report report;
    struct fault fault = {0};
    double begin_s;

    table_must(ledger_open(mirror_dir, LEDGER_READ, NULL, &mirror, &fault), &fault, "opening the mirror");
    begin_s = table_now_s();
    table_must(audit_mirror(mirror, NULL, NULL, &report, &fault), &fault, "auditing");
    table_need(report.fsck.stop.status == 0, "auditing");
    ledger_close(mirror);
    return table_now_s() - begin_s;
}

static void measure_records(struct station *station)
{
    struct measure_batch batch;
    struct policy *policy = policy_for(station);
    double records = (double)station_size(station);
    double raw_signatures;
    double raw_walk;
    uint64_t bytes = 0;
    double exported_s = export_s(station);

    measure_batch_make(station, GROUP, &batch);
    raw_signatures = GROUP / raw_sodium_s(batch.messages, GROUP);
    measure_batch_free(&batch);
    station_shut(station);
    raw_walk = records / raw_walk_s(ledger_dir, &bytes);
    table_rates("tiles exported, records", records / exported_s, raw_walk, "walk, LMDB + SHA-256", 0);
    table_rates("mirror pulled and replayed, records", records / pull_s(policy), raw_signatures, "libsodium, 1 core", 0);
    table_rates("mirror audited, records", records / audit_s(), raw_signatures, "libsodium, 1 core", 0);
    policy_close(policy);
}

/* ---- proofs ----------------------------------------------------------------------------------- */

static struct hash *nodes[LEVELS];

static enum status read_node(void *context, unsigned level, uint64_t index, struct hash *out, struct fault *fault)
{
    (void)context;
    (void)fault;
    *out = nodes[level][index];
    return STATUS_OK;
}

static void make_tree(struct hasher *hasher)
{
    for (unsigned level = 0; level < LEVELS; level++) {
        uint64_t count = (uint64_t)MILLION >> level;

        nodes[level] = calloc(count + 1, sizeof *nodes[level]);
        table_need(nodes[level] != NULL, "memory");
        for (uint64_t i = 0; i < count; i++) {
            if (level == 0) {
                hash_leaf(hasher, view_of(&i, sizeof i), &nodes[0][i]);
            } else {
                hash_node(hasher, &nodes[level - 1][2 * i], &nodes[level - 1][2 * i + 1], &nodes[level][i]);
            }
        }
    }
}

/* A size below that of the tree, another each time. */
static uint64_t old_size(uint64_t i, uint64_t size)
{
    return 1 + i * UINT64_C(2654435761) % (size - 1);
}

static double hashes_per_s(struct hasher *hasher)
{
    struct hash hash = {{0}};
    double begin_s = table_now_s();

    for (int i = 0; i < MILLION; i++) {
        hash_node(hasher, &hash, &hash, &hash);
    }
    return MILLION / (table_now_s() - begin_s);
}

static void measure_million(struct hasher *hasher, double hashes)
{
    struct merkle_source source = {.read = read_node, .hasher = hasher};
    struct merkle_path *paths = calloc(PROOFS, sizeof *paths);
    struct hash *roots = calloc(PROOFS, sizeof *roots);
    struct fault fault = {0};
    struct hash top;
    double begin_s;

    table_need(paths != NULL && roots != NULL, "memory");
    make_tree(hasher);
    table_must(merkle_root(&source, MILLION, &top, &fault), &fault, "proving");
    begin_s = table_now_s();
    for (uint64_t i = 0; i < PROOFS; i++) {
        table_must(merkle_prove_consistency(&source, old_size(i, MILLION), MILLION, &paths[i], &fault), &fault, "proving");
    }
    table_rates("consistency proofs made, of 1,000,000", PROOFS / (table_now_s() - begin_s), hashes, "SHA-256 of 65 bytes", 0);
    for (uint64_t i = 0; i < PROOFS; i++) {
        table_must(merkle_root(&source, old_size(i, MILLION), &roots[i], &fault), &fault, "proving");
    }
    begin_s = table_now_s();
    for (uint64_t i = 0; i < PROOFS; i++) {
        table_need(merkle_check_consistency(hasher, old_size(i, MILLION), &roots[i], MILLION, &top, paths[i].nodes, paths[i].count), "checking");
    }
    table_rates("consistency proofs checked, of 1,000,000", PROOFS / (table_now_s() - begin_s), hashes, "SHA-256 of 65 bytes", 0);
    for (unsigned level = 0; level < LEVELS; level++) {
        free(nodes[level]);
    }
    free(paths);
    free(roots);
}

static void measure_stored(struct station *station, double hashes)
{
    struct ledger_txn *txn = NULL;
    struct merkle_path path;
    struct fault fault = {0};
    uint64_t size;
    double begin_s;

    table_must(ledger_begin(station->ledger, false, &txn, &fault), &fault, "reading");
    size = ledger_size(txn);
    begin_s = table_now_s();
    for (uint64_t i = 0; i < PROOFS; i++) {
        table_must(views_consistency(txn, old_size(i, size), size, &path, &fault), &fault, "proving");
    }
    table_rates("consistency proofs from the store", PROOFS / (table_now_s() - begin_s), hashes, "SHA-256 of 65 bytes", 0);
    ledger_abort(txn);
}

int main(void)
{
    const char *parent = getenv("TMPDIR");
    char command[PATH_BYTES + 16];
    struct station station;
    double hashes;

    (void)snprintf(root, sizeof root, "%s/unbroken-bench-XXXXXX", parent == NULL ? "/var/tmp" : parent);
    table_need(mkdtemp(root) != NULL, "making a directory");
    (void)snprintf(ledger_dir, sizeof ledger_dir, "%s/ledger", root);
    (void)snprintf(tiles_dir, sizeof tiles_dir, "%s/tiles", root);
    (void)snprintf(mirror_dir, sizeof mirror_dir, "%s/mirror", root);
    table_begin();
    station_found(&station, ledger_dir);
    grow(&station);
    hashes = hashes_per_s(station.hasher);
    measure_stored(&station, hashes);
    measure_million(station.hasher, hashes);
    measure_records(&station);
    station_free(&station);
    table_end();
    (void)snprintf(command, sizeof command, "rm -rf '%s'", root);
    table_need(system(command) == 0, "clearing up");
    return EXIT_SUCCESS;
}
