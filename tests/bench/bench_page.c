/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_page: the judge's page beside the C verifier: the case of the whole seizure, 1,026 pieces on 27 pallets, verified by the page's core under Node and by
 * unbroken-verify, and the QR symbols of a certificate's picture, A4 at 300 dpi as a phone or a scanner makes it, read as the page reads them. Prints and
 * judges nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/seizure.h"
#include "tests/bench/table.h"

enum { ROUNDS = 3, PATH_BYTES = 512, COMMAND_BYTES = 2048 };

/* As in BUILD, from anywhere. */
static void path_of(char out[PATH_BYTES], const char *below)
{
    (void)snprintf(out, PATH_BYTES, "%s%s%s", below[0] == '/' ? "" : seizure_home(), below[0] == '/' ? "" : "/", below);
}

/* The first number of what a command prints. */
static double told(const char *command)
{
    char line[64] = "";
    FILE *pipe = popen(command, "r");

    table_need(pipe != NULL && fgets(line, sizeof line, pipe) != NULL, command);
    table_need(pclose(pipe) == 0, command);
    return strtod(line, NULL);
}

static double taken(const char *command)
{
    double begin_s = table_now_s();

    table_need(system(command) == 0, command);
    return table_now_s() - begin_s;
}

static void put(const char *what, double ours_s, double goal_s, const char *raw, double raw_s)
{
    struct table_row row = {.ratio = raw_s > 0 ? raw_s / ours_s : -1};

    (void)snprintf(row.what, sizeof row.what, "%s", what);
    (void)snprintf(row.ours, sizeof row.ours, "%.2f s", ours_s);
    (void)snprintf(row.raw, sizeof row.raw, "%s", raw);
    (void)snprintf(row.goal, sizeof row.goal, "under %.0f s", goal_s);
    row.mark = ours_s < goal_s ? TABLE_MET : TABLE_MISSED;
    table_line(&row);
}

static void measure_verifying(const char *verifier, const char *script)
{
    char page[COMMAND_BYTES], program[COMMAND_BYTES], raw[64];
    double page_s[ROUNDS], program_s[ROUNDS];

    (void)snprintf(page, sizeof page, "node '%s' verify case.bundle court.policy", script);
    (void)snprintf(program, sizeof program, "'%s' --policy court.policy --training case.bundle >/dev/null", verifier);
    for (int i = 0; i < ROUNDS; i++) {
        page_s[i] = told(page);
        program_s[i] = taken(program);
    }
    (void)snprintf(raw, sizeof raw, "unbroken-verify %.2f s", table_median(program_s, ROUNDS));
    put("the page verifies the case of 1,026 pieces", table_median(page_s, ROUNDS), 3, raw, table_median(program_s, ROUNDS));
}

static void measure_reading(const char *script)
{
    char page[COMMAND_BYTES];
    double page_s[ROUNDS];

    table_need(system("pdftoppm -r 300 certificate.pdf scan") == 0, "pdftoppm");
    (void)snprintf(page, sizeof page, "node '%s' read scan-*.ppm", script);
    for (int i = 0; i < ROUNDS; i++) {
        page_s[i] = told(page);
    }
    put("  reads the QR of a certificate, A4 at 300 dpi", table_median(page_s, ROUNDS), 1, "", -1);
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
    (void)SEIZURE_RUN("certify", of_case, "-o", "certificate.pdf", "--key", "off.key", "--passphrase-file", "pass", "--ledger", "led", "--now",
                      "2018-12-14T10:00:00+07:00");
    (void)snprintf(command, sizeof command, "'%s' ledger policy --ledger led >court.policy 2>/dev/null", program);
    table_need(system(command) == 0, "the policy");
    measure_verifying(verifier, script);
    measure_reading(script);
    seizure_leave();
    table_end();
    return EXIT_SUCCESS;
}
