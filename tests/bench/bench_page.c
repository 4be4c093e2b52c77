/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_page: the judge's page beside the C verifier: the case of the whole seizure, 1,026 pieces on 27 pallets, verified by the page's core under Node and by
 * unbroken-verify, and the QR symbols of a certificate's picture, A4 at 300 dpi as a phone or a scanner makes it, read as the page reads them. Compared are
 * processor seconds, which other work on the machine does not stretch. Prints and judges nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "tests/bench/seizure.h"
#include "tests/bench/table.h"

enum { ROUNDS = 3, PATH_BYTES = 512, COMMAND_BYTES = 2048 };

/* As in BUILD, from anywhere. */
static void path_of(char out[PATH_BYTES], const char *below)
{
    (void)snprintf(out, PATH_BYTES, "%s%s%s", below[0] == '/' ? "" : seizure_home(), below[0] == '/' ? "" : "/", below);
}

struct cost {
    double seconds, processor_s;
};

/* The two numbers that page.mjs prints. */
static struct cost told(const char *command)
{
    struct cost out;
    char line[64] = "", *rest;
    FILE *pipe = popen(command, "r");

    table_need(pipe != NULL && fgets(line, sizeof line, pipe) != NULL, command);
    table_need(pclose(pipe) == 0, command);
    out.seconds = strtod(line, &rest);
    out.processor_s = strtod(rest, NULL);
    return out;
}

/* Processor seconds of all children so far. */
static double children_s(void)
{
    struct rusage used;

    table_need(getrusage(RUSAGE_CHILDREN, &used) == 0, "getrusage");
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double worked(const char *command)
{
    double before_s = children_s();

    table_need(system(command) == 0, command);
    return children_s() - before_s;
}

static void put(const char *what, const struct cost costs[ROUNDS], double goal_s, const char *raw, double raw_s)
{
    struct table_row row = {.ratio = -1};
    double seconds[ROUNDS], processor_s[ROUNDS];
    double median_s;

    for (int i = 0; i < ROUNDS; i++) {
        seconds[i] = costs[i].seconds;
        processor_s[i] = costs[i].processor_s;
    }
    median_s = table_median(processor_s, ROUNDS);
    (void)snprintf(row.what, sizeof row.what, "%s", what);
    (void)snprintf(row.ours, sizeof row.ours, "%.2f s, processor %.2f s", table_median(seconds, ROUNDS), median_s);
    (void)snprintf(row.raw, sizeof row.raw, "%s", raw);
    row.ratio = raw_s > 0 ? raw_s / median_s : -1;
    (void)snprintf(row.goal, sizeof row.goal, "processor under %.0f s", goal_s);
    row.mark = median_s < goal_s ? TABLE_MET : TABLE_MISSED;
    table_line(&row);
}

static void measure_verifying(const char *verifier, const char *script)
{
    char page[COMMAND_BYTES], program[COMMAND_BYTES], raw[64];
    struct cost costs[ROUNDS];
    double program_s[ROUNDS];

    (void)snprintf(page, sizeof page, "node '%s' verify case.bundle court.policy", script);
    (void)snprintf(program, sizeof program, "'%s' --policy court.policy --training case.bundle >/dev/null", verifier);
    for (int i = 0; i < ROUNDS; i++) {
        costs[i] = told(page);
        program_s[i] = worked(program);
    }
    (void)snprintf(raw, sizeof raw, "unbroken-verify %.2f s", table_median(program_s, ROUNDS));
    put("the page verifies the case of 1,026 pieces", costs, 3, raw, table_median(program_s, ROUNDS));
}

static void measure_reading(const char *script)
{
    char page[COMMAND_BYTES];
    struct cost costs[ROUNDS];

    table_need(system("pdftoppm -r 300 certificate.pdf scan") == 0, "pdftoppm");
    (void)snprintf(page, sizeof page, "node '%s' read scan-*.ppm", script);
    for (int i = 0; i < ROUNDS; i++) {
        costs[i] = told(page);
    }
    put("  reads the QR of a certificate, A4 at 300 dpi", costs, 1, "", -1);
}

int main(void)
{
    static char list[PATH_BYTES];
    char verifier[PATH_BYTES], program[PATH_BYTES], script[PATH_BYTES], name[PATH_BYTES], command[COMMAND_BYTES];
    const char *build = getenv("BUILD") == NULL ? "build" : getenv("BUILD");
    const char *of_case;

    table_begin();
    seizure_enter(list, sizeof list);
    (void)snprintf(name, sizeof name, "%s/unbroken-verify", build);
    path_of(verifier, name);
    (void)snprintf(name, sizeof name, "%s/unbroken", build);
    path_of(program, name);
    path_of(script, "tests/bench/page.mjs");
    seizure_prepare(1);
    of_case = seizure_name(SEIZURE_FIRST_CASE);
    (void)SEIZURE_RUN("register", of_case, "--items", list, "--pack-by", "package", "--key", "off.key", SEIZURE_TAIL);
    (void)SEIZURE_RUN("bundle", of_case, "-o", "case.bundle", "--ledger", "led", "--now", "2018-12-14T10:00:00+07:00");
    (void)SEIZURE_RUN("certify", seizure_name(SEIZURE_FIRST_CASE + 1), "-o", "certificate.pdf", "--key", "off.key", "--passphrase-file", "pass", "--ledger", "led", "--now",
                      "2018-12-14T10:00:00+07:00");
    (void)snprintf(command, sizeof command, "'%s' ledger policy --ledger led >court.policy 2>/dev/null", program);
    table_need(system(command) == 0, "the policy");
    measure_verifying(verifier, script);
    measure_reading(script);
    seizure_leave();
    table_end();
    return EXIT_SUCCESS;
}
