/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory: see memory.h. The peak is VmHWM of /proc/self/status; from it goes what of data.mdb is mapped in at the end of the job, which is
 * the most that was, as long as the ledger stays open.
 */
#include "tests/bench/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/care.h"
#include "tests/bench/station.h"
#include "tests/bench/table.h"

enum { GROUP = 1000 };

/* The number of kB in the first line that begins with name; behind a line that contains `after`, when that is not NULL. */
static uint64_t kilobytes(const char *path, const char *after, const char *name)
{
    FILE *file = fopen(path, "r");
    char line[512];
    uint64_t found = 0;
    bool reached = after == NULL;

    table_need(file != NULL, path);
    while (fgets(line, sizeof line, file) != NULL) {
        if (!reached) {
            reached = strstr(line, after) != NULL;
        } else if (strncmp(line, name, strlen(name)) == 0) {
            found = strtoull(line + strlen(name), NULL, 10);
            break;
        }
    }
    (void)fclose(file);
    return found;
}

static void print_peak(void)
{
    uint64_t map = kilobytes("/proc/self/smaps", "data.mdb", "Rss:");

    printf("%llu\n", (unsigned long long)(kilobytes("/proc/self/status", NULL, "VmHWM:") - map) * 1024);
}

/* One single record, then a group of 1,000 and a checkpoint. One act at a time is held. */
static void append(const char *dir)
{
    struct station station;
    struct station_act act;
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    uint64_t index;

    station_open(&station, dir);
    station_weigh(&station, 1, &act);
    station_append(&station, &act, 1);
    station_act_free(&act);
    station_see(&station);
    table_must(ledger_begin(station.ledger, true, &txn, &fault), &fault, "appending");
    for (int i = 0; i < GROUP; i++) {
        station.now_s++;
        station_weigh(&station, 1, &act);
        table_must(ledger_append(txn, &act.submission, station.now_s, NULL, &index, &fault), &fault, "appending");
        station_act_free(&act);
    }
    table_must(ledger_commit(txn, &fault), &fault, "committing");
    station_checkpoint(&station);
    print_peak();
    station_free(&station);
}

static void check(const char *dir)
{
    struct fsck_options options = {0};
    struct fsck_report report = {0};
    struct ledger *ledger = NULL;
    struct fault fault = {0};

    table_must(key_initialise(&fault), &fault, "starting libsodium");
    table_must(ledger_open(dir, LEDGER_READ, NULL, &ledger, &fault), &fault, "opening");
    table_must(ledger_fsck(ledger, &options, &report, &fault), &fault, "fsck");
    print_peak();
    ledger_close(ledger);
}

void memory_serve(int argc, char **argv)
{
    if (argc != 4 || strcmp(argv[1], "--memory") != 0) {
        return;
    }
    if (strcmp(argv[2], "append") == 0) {
        append(argv[3]);
    } else if (strcmp(argv[2], "fsck") == 0) {
        check(argv[3]);
    } else if (strcmp(argv[2], "open") == 0) {
        struct station station;

        station_open(&station, argv[3]);
        print_peak();
        station_free(&station);
    } else {
        print_peak();
    }
    exit(EXIT_SUCCESS);
}

uint64_t memory_peak(const char *job, const char *dir)
{
    char self[512] = "";
    char command[1024];
    char line[32] = "";
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    FILE *child = NULL;

    table_need(len > 0, "finding this program");
    (void)snprintf(command, sizeof command, "'%s' --memory %s '%s'", self, job, dir);
    child = popen(command, "r");
    table_need(child != NULL && fgets(line, sizeof line, child) != NULL, "measuring in another process");
    table_need(pclose(child) == 0, "measuring in another process");
    return strtoull(line, NULL, 10);
}
