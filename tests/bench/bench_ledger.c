/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_ledger: one ledger grows to 100,000 records; on the way and at the end everything is measured that the project has promised, beside
 * the bare libraries in the same run. Prints and judges nothing. Works in a new directory under TMPDIR (/var/tmp: not in memory).
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/measure.h"
#include "tests/bench/memory.h"
#include "tests/bench/table.h"

enum { SAMPLE = 4000, COMMITS = 1000, PATH_BYTES = 160 };

/* git does the same, one after the other; it has its own clock and process. */
static void measure_git(const char *root, double append_per_s, double check_per_s)
{
    char command[512];
    char line[64] = "";
    char *rest = NULL;
    double appended_s;
    double verified_s;
    FILE *git;
    char what[64];

    (void)snprintf(command, sizeof command, "sh tests/bench/git_peer.sh '%s/git' %d", root, COMMITS);
    git = popen(command, "r");
    table_need(git != NULL && fgets(line, sizeof line, git) != NULL && pclose(git) == 0, "git_peer.sh");
    appended_s = strtod(line, &rest);
    verified_s = strtod(rest, NULL);
    (void)snprintf(what, sizeof what, "beside git, %d signed commits: append", COMMITS);
    table_rates(what, append_per_s, COMMITS / appended_s, "git", 0);
    table_rates("  verify", check_per_s, COMMITS / verified_s, "git", 0);
}

static void grow(struct station *station, uint64_t cases)
{
    while (station->cases < cases) {
        station_add_case(station);
        if (isatty(STDERR_FILENO)) {
            fprintf(stderr, "\r%llu cases ", (unsigned long long)station->cases);
        }
    }
    if (isatty(STDERR_FILENO)) {
        fprintf(stderr, "\r              \r");
    }
}

/* Everything that needs the ledger open. */
static double measure_open(struct station *station, const char *scratch)
{
    struct raw_store *bare = raw_store_open(scratch);
    double per_s;

    grow(station, 1);
    measure_bundle(station);
    grow(station, 10);
    measure_bundle(station);
    grow(station, 100);
    measure_bundle(station);
    station->next_item = 0;
    per_s = measure_single(station, bare);
    measure_group(station, bare, 100, 31);
    measure_group(station, bare, 1000, 9);
    raw_store_close(bare);
    station_checkpoint(station);
    return per_s;
}

int main(int argc, char **argv)
{
    const char *parent = getenv("TMPDIR");
    char root[PATH_BYTES - 32];
    char dir[PATH_BYTES];
    char scratch[PATH_BYTES];
    char command[PATH_BYTES + 16];
    struct station station;
    struct measure_batch batch;
    double append_per_s;
    double check_per_s;

    memory_serve(argc, argv);
    (void)snprintf(root, sizeof root, "%s/unbroken-bench-XXXXXX", parent == NULL ? "/var/tmp" : parent);
    table_need(mkdtemp(root) != NULL, "making a directory");
    (void)snprintf(dir, sizeof dir, "%s/ledger", root);
    (void)snprintf(scratch, sizeof scratch, "%s/bare", root);
    table_begin();
    station_found(&station, dir);
    append_per_s = measure_open(&station, scratch);
    measure_batch_make(&station, SAMPLE, &batch);
    station_shut(&station);
    check_per_s = measure_fsck(dir, batch.messages, batch.count);
    measure_batch_free(&batch);
    station_free(&station);
    measure_disk(dir);
    measure_memory(dir);
    measure_git(root, append_per_s, check_per_s);
    table_end();
    (void)snprintf(command, sizeof command, "rm -rf '%s'", root);
    table_need(system(command) == 0, "clearing up");
    return EXIT_SUCCESS;
}
