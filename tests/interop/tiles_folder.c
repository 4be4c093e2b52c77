/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tiles_folder: a ledger of 601 records as a folder of tiles, with a tlog-proof of some of its records, for check.go to judge.
 *
 *   tiles_folder OUT     OUT/tiles, OUT/proofs/INDEX, OUT/records/INDEX, OUT/vkey
 */
#include "tests/ledger/fixture.c"

#include "ledger/files.h"
#include "ledger/tiles.h"
#include "ledger/tlog_proof.h"

enum { RECORDS = 600, PROVEN_EACH = 23 };

static void put(const char *out, const char *name, struct view bytes)
{
    char *path = files_path(out, name);

    OK(files_make_parents(path, FAULT));
    OK(files_put(path, bytes, 0644, FAULT));
    free(path);
}

static void put_record(struct ledger_txn *txn, uint64_t index, const char *out)
{
    struct buffer proof = {0};
    struct view record;
    char name[64];

    OK(tlog_proof_write(txn, index, &proof, FAULT));
    OK(ledger_record(txn, index, &record, FAULT));
    (void)snprintf(name, sizeof name, "proofs/%llu", (unsigned long long)index);
    put(out, name, buffer_view(&proof));
    (void)snprintf(name, sizeof name, "records/%llu", (unsigned long long)index);
    put(out, name, record);
    buffer_free(&proof);
}

static void grow(struct fixture *f)
{
    struct ledger_txn *txn = NULL;

    OK(ledger_begin(f->ledger, true, &txn, FAULT));
    while (ledger_size(txn) < RECORDS) {
        struct signed_act act = noting(f, CUSTODIAN, "a note", 0);
        uint64_t index;

        f->now_s += 60;
        OK(ledger_append(txn, &act.submission, f->now_s, NULL, &index, FAULT));
        signed_free(&act);
    }
    OK(ledger_commit(txn, FAULT));
    fixture_checkpoint(f);
}

static const char *out_dir;

/* A test, since the fixture asserts. */
START_TEST(write_all)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct ledger_txn *txn = NULL;
    struct secret *station = NULL;
    struct tiles_report report;
    struct buffer vkey = {0};
    char *dir = files_path(out_dir, "tiles");

    fixture_make(f, NULL);
    grow(f);
    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(files_make_parents(dir, FAULT));
    OK(tiles_export(txn, dir, NULL, &report, FAULT));
    for (uint64_t index = 0; index < report.size; index += PROVEN_EACH) {
        put_record(txn, index, out_dir);
    }
    put_record(txn, report.size - 1, out_dir);
    OK(secret_from_seed(f->seed, &station, FAULT));
    verifier_key_format(f->hasher, view_text(ledger_origin(f->ledger)), 1, secret_public(station)->bytes, &vkey);
    put(out_dir, "vkey", buffer_view(&vkey));
    secret_close(station);
    buffer_free(&vkey);
    free(dir);
    ledger_abort(txn);
    fixture_remove(f);
    free(f);
}
END_TEST

int main(int argc, char **argv)
{
    const TTest *const tests[] = {write_all, NULL};

    if (argc != 2) {
        (void)fputs("tiles_folder OUT\n", stderr);
        return 1;
    }
    out_dir = argv[1];
    return run_tests("tiles_folder", tests);
}
