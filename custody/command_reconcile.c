/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile: a ledger that is behind, or has lost its remembered head, beside what others hold of it: what each source is, what is missing, and
 * with --take all of it taken back.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "custody/commands.h"
#include "custody/guard.h"
#include "custody/output.h"
#include "custody/papers.h"
#include "custody/progress.h"
#include "custody/reconcile_say.h"
#include "custody/wholefile.h"
#include "ledger/ask_heads.h"

/* ---- the command ----------------------------------------------------------------------------- */

static bool excused(const struct args *args, const struct policy_witness *witness)
{
    for (size_t i = 0; i < args_count(args, "--without-witness"); i++) {
        if (view_equal(witness->name, view_text(args_nth(args, "--without-witness", i)))) {
            return true;
        }
    }
    return false;
}

/* A name that is none of theirs would excuse nobody, and its writer would not know. */
static enum status check_excuses(struct args *args, const struct asked_heads *heads, struct fault *fault)
{
    for (size_t i = 0; i < args_count(args, "--without-witness"); i++) {
        const char *name = args_nth(args, "--without-witness", i);
        size_t w = 0;

        while (w < heads->count && !view_equal(heads->heads[w].witness->name, view_text(name))) {
            w++;
        }
        if (w == heads->count) {
            return args_usage(args, fault, "--without-witness %.80s: witnesses.policy of this ledger names no such witness", name);
        }
    }
    return STATUS_OK;
}

/*
 * What the station's own witnesses have seen is compared like everything else. They are asked before the ledger is locked: an answer may take its
 * time, and others go on writing.
 */
static enum status ask_witnesses(struct args *args, const char *dir, struct asked_heads *heads, struct papers *papers, struct fault *fault)
{
    struct ledger *ledger = NULL;
    enum status status = ledger_open(dir, LEDGER_READ, args_value(args, "--head"), &ledger, fault);

    if (status == STATUS_OK) {
        status = ask_heads(ledger, args_flag(args, "--offline"), heads, fault);
    }
    ledger_close(ledger);
    if (status == STATUS_OK) {
        status = check_excuses(args, heads, fault);
    }
    if (status == STATUS_OK && heads->count == 0 && !args_flag(args, "--json")) {
        (void)fprintf(stderr, "unbroken: this ledger names no witnesses: nobody else's memory was asked\n");
    }
    for (size_t i = 0; i < heads->count && status == STATUS_OK; i++) {
        const struct asked_head *head = &heads->heads[i];

        status = papers_witness(papers, head, excused(args, head->witness), fault);
    }
    return status;
}

/* Each exhibit in a file of its own: PATH, PATH.2 and so on. */
static enum status write_exhibits(struct args *args, struct reconcile *reconcile, size_t count, struct fault *fault)
{
    const char *path = args_value(args, "-o");
    size_t written = 0;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && path != NULL && status == STATUS_OK; i++) {
        const struct reconcile_result *result = &reconcile_results(reconcile)[i];
        struct buffer name = {0};

        if (result->exhibit.len == 0) {
            continue;
        }
        written++;
        buffer_printf(&name, written == 1 ? "%s" : "%s.%zu", path, written);
        buffer_append_byte(&name, '\0');
        status = buffer_status(&name, fault);
        if (status == STATUS_OK) {
            status = wholefile_write((const char *)name.ptr, buffer_view(&result->exhibit), false, fault);
        }
        if (status == STATUS_OK && !args_flag(args, "--json")) {
            (void)printf("%s: the exhibit of ", (const char *)name.ptr);
            output_text(stdout, view_text(result->name));
            (void)printf("; read it with: unbroken-verify --policy POLICY %s\n", (const char *)name.ptr);
        }
        buffer_free(&name);
    }
    return status;
}

/* What is wrong, where the report is not the end of it. */
static enum status refuse(struct args *args, const struct reconcile_report *report, struct fault *fault)
{
    if (report->here_differs || report->elsewhere) {
        args_hint(args, "nothing was changed; put a directory whose history is that of the remembered head in the place of this one, and keep this one for "
                        "the court");
    }
    if (!report->complete) {
        args_hint(args, "nothing was changed; look for more sources (--from), or see above");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s", report->problem);
    }
    if (report->forks == 0) {
        args_hint(args, "nothing was changed; bring them back, or say for each that it does without: --without-witness NAME");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "%" PRIu64 " of the station's witnesses showed no head: a newer one than is here may have been signed", report->silent);
    }
    args_hint(args, "nothing was changed; leave it out to take records back from the others, and keep it for the court");
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%" PRIu64 " of the sources show another history", report->forks);
}

/* With everything compared: tells, and takes back when it may. */
static enum status conclude(struct args *args, struct reconcile *reconcile, const char *dir, size_t count, struct fault *fault)
{
    const struct reconcile_report *report = reconcile_report(reconcile);
    bool json = args_flag(args, "--json");
    bool wanted = args_flag(args, "--take");
    bool take = wanted && report->complete && report->forks == 0 && report->silent == 0;
    enum status status = STATUS_OK;

    if (!json) {
        reconcile_say_all(reconcile, count);
    }
    status = write_exhibits(args, reconcile, count, fault);
    if (take && status == STATUS_OK) {
        status = reconcile_take(reconcile, fault);
    }
    if (json) {
        enum status told = reconcile_say_json(reconcile, count, take && status == STATUS_OK, fault);

        status = status == STATUS_OK ? told : status;
    } else if (take && status == STATUS_OK) {
        reconcile_say_taken(reconcile);
    } else if (!wanted && report->complete && report->forks == 0 && status == STATUS_OK &&
               (report->missing + report->beyond + report->cosignatures > 0 || (!report->remembered && report->goal.size > 0))) {
        (void)printf("nothing was changed: with --take they are taken back, all or none, and the newest signed head is remembered\n");
        if (report->silent > 0) {
            (void)printf("but first by what the witnesses have seen: %" PRIu64 " of them showed no head\n", report->silent);
        }
    } else if (!report->complete && report->first_lost != UINT64_MAX && !report->elsewhere) {
        reconcile_say_successor(reconcile, dir, count);
    }
    if (status == STATUS_OK && (!report->complete || report->forks > 0 || (wanted && report->silent > 0))) {
        status = refuse(args, report, fault);
    }
    return status;
}

static enum status reconcile_here(struct args *args, struct fault *fault)
{
    struct progress_line line = {.what = "records"};
    struct progress progress = progress_to(&line);
    struct papers papers = {0};
    struct asked_heads *heads = calloc(1, sizeof *heads);
    struct reconcile *reconcile = NULL;
    const char *dir = NULL;
    enum status status = heads == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : session_directory(args, &dir, fault);

    for (size_t i = 0; i < args_count(args, "--from") && status == STATUS_OK; i++) {
        status = papers_read(&papers, args_nth(args, "--from", i), fault);
    }
    if (status == STATUS_OK) {
        status = ask_witnesses(args, dir, heads, &papers, fault);
    }
    if (status == STATUS_OK) {
        status = reconcile_open(dir, args_value(args, "--head"), &reconcile, fault);
    }
    if (status == STATUS_OK) {
        args->training = ledger_identity(reconcile_ledger(reconcile))->training;
        if (args->training && !args_flag(args, "--json")) {
            output_training(ledger_origin(reconcile_ledger(reconcile)));
        }
        status = reconcile_compare(reconcile, papers.list, papers.count, &progress, fault);
        progress_end(&line);
    }
    if (status == STATUS_OK) {
        status = conclude(args, reconcile, dir, papers.count, fault);
    }
    reconcile_close(reconcile);
    papers_free(&papers);
    if (heads != NULL) {
        ask_heads_free(heads);
    }
    free(heads);
    return status;
}

static enum status run_reconcile(struct args *args, struct fault *fault)
{
    int number = 0;

    if (guard_enter(&number) != GUARD_DIED) {
        return reconcile_here(args, fault);
    }
    args_hint(args, "find out which with: unbroken ledger fsck --ledger DIR");
    return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE,
                     "the database file of this ledger or of a source is damaged: reading its pages ended with signal %d; nothing was changed", number);
}

static const struct option reconcile_options[] = {
    {"--from", OPTION_MANY, "SOURCE", "a bundle, certificate, receipt or signed checkpoint, a ledger directory (a backup, a mirror), or a folder of such files"},
    {"--take", OPTION_FLAG, NULL, "take back what is missing, all or nothing, and remember the newest signed head"},
    {"--offline", OPTION_FLAG, NULL, "do not ask the station's witnesses; --take then needs --without-witness for each"},
    {"--without-witness", OPTION_MANY, "NAME", "take back though that witness showed no head"},
    {"-o", OPTION_VALUE, "EXHIBIT", "where another history can be proven, write the file that proves it"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

const struct command command_reconcile[] = {
    {.words = "ledger reconcile", .arguments = "", .summary = "compare a restored ledger with what others hold of it; take back what is missing",
     .shared = ARGS_LEDGER | ARGS_JSON, .options = reconcile_options,
     .example = "unbroken ledger reconcile --from /media/usb/ledger-2018-12-14 --from case.bundle --take",
     .json = "{\"ledger\", \"training\", \"reconcile\": {\"records\": N, \"remembered\": N or null, \"goal\": N, \"missing\": N, \"complete\": BOOL, "
             "\"taken\": BOOL, ..., \"sources\": [{\"name\", \"kind\", \"answer\", \"signed\", \"records\", \"holds\"}]}}",
     .run = run_reconcile},
    {.words = NULL},
};
