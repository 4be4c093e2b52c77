/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror: somebody else's ledger, taken from its tiles and replayed; and the auditor's cosignature on that ground.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "custody/auditing.h"
#include "custody/commands.h"
#include "custody/output.h"
#include "custody/progress.h"
#include "custody/timeparse.h"
#include "custody/wholefile.h"
#include "ledger/audit.h"
#include "ledger/mirror.h"

/* ---- pull ------------------------------------------------------------------------------------ */

static const struct option pull_options[] = {
    {"--from", OPTION_VALUE, "URL or FOLDER", "the station's tiles: https://, http://, or what `unbroken ledger export tiles` has written"},
    {"--policy", OPTION_VALUE, "POLICY", "whose key may sign for that ledger: its `log` line"},
    {"--ca", OPTION_VALUE, "PEM", "the authorities trusted for https; else the machine's"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

static enum status read_policy(const char *path, struct policy **out, struct fault *fault)
{
    struct buffer text = {0};
    struct hasher *hasher = NULL;
    struct fault why = {0};
    enum status status = wholefile_read_filled(path, POLICY_BYTES_MAX, &text, fault);

    if (status == STATUS_OK) {
        status = hasher_open(&hasher, fault);
    }
    if (status == STATUS_OK) {
        status = policy_parse(hasher, buffer_view(&text), out, &why);
        status = status == STATUS_OK ? status : fault_set(fault, status, why.at, "%s: %s", path, why.text);
    }
    hasher_close(hasher);
    buffer_free(&text);
    return status;
}

/* What contradicts is told before the error, which says what it is. */
static void say_contradiction(const char *dir, const char *policy, const struct mirror_report *report)
{
    if (report->exhibit[0] != '\0') {
        (void)printf("EXHIBIT ");
        output_text(stdout, view_text(dir));
        (void)printf("/%s: proves it to anyone who has the station's key: unbroken-verify --policy ", report->exhibit);
        output_text(stdout, view_text(policy));
        (void)printf(" FILE\nKeep the mirror and the source as they are; give the exhibit to the court, the other witnesses and auditors. Nothing more is taken "
                     "from this source.\n");
    } else {
        (void)printf("no exhibit: ");
        output_text(stdout, view_text(report->why));
        (void)printf("\n");
    }
}

static void say_pulled(const char *dir, const struct mirror_report *report)
{
    output_text(stdout, view_text(dir));
    (void)printf(": %" PRIu64 " records", report->records);
    if (report->records > report->before) {
        (void)printf(", %" PRIu64 " of them new, each replayed", report->records - report->before);
    }
    if (report->size > 0 && report->size == report->records) {
        (void)printf("; %s", report->is_new ? "its checkpoint is new" : "nothing else is new");
    }
    (void)printf("\n");
}

static void announce_training(struct args *args, const char *dir)
{
    struct ledger *mirror = NULL;

    if (ledger_open(dir, LEDGER_READ, NULL, &mirror, NULL) == STATUS_OK) {
        args->training = ledger_identity(mirror)->training;
        if (args->training) {
            output_training(ledger_origin(mirror));
        }
        ledger_close(mirror);
    }
}

static enum status run_pull(struct args *args, struct fault *fault)
{
    struct progress_line line = {.what = "records"};
    struct progress progress = progress_to(&line);
    const char *dir = args->arguments[0];
    const char *from = NULL;
    const char *policy_path = NULL;
    struct mirror_source *source = NULL;
    struct policy *policy = NULL;
    struct mirror_report report = {0};
    enum status status = args_required(args, "--from", &from, fault);

    if (status == STATUS_OK) {
        status = args_required(args, "--policy", &policy_path, fault);
    }
    if (status == STATUS_OK) {
        status = read_policy(policy_path, &policy, fault);
    }
    if (status == STATUS_OK) {
        status = mirror_source_open(from, args_value(args, "--ca"), &source, fault);
    }
    if (status == STATUS_OK) {
        status = mirror_pull(dir, source, policy, &progress, &report, fault);
        progress_end(&line);
        announce_training(args, dir);
        if (report.records > 0) {
            say_pulled(dir, &report);
        }
        if (report.contradicts) {
            say_contradiction(dir, policy_path, &report);
        }
    }
    mirror_source_close(source);
    policy_close(policy);
    return status;
}

/* ---- cosign ---------------------------------------------------------------------------------- */

static const struct option cosign_options[] = {
    {"--witness", OPTION_VALUE, "DIR", "the auditor's own key and state: unbroken witness init, unbroken witness trust"},
    {"-o", OPTION_VALUE, "FILE", "where to write the signature lines; else to standard output"},
    {"--force", OPTION_FLAG, NULL, "overwrite FILE"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

static enum status read_clock(struct args *args, const struct ledger *mirror, struct witness *witness, uint64_t *now_s, struct fault *fault)
{
    const char *now = args_value(args, "--now");
    int offset_min;
    enum status status;

    *now_s = (uint64_t)time(NULL);
    offset_min = timeparse_local_offset(*now_s);
    if (now == NULL) {
        return STATUS_OK;
    }
    if (!ledger_identity(mirror)->training) {
        return args_usage(args, fault, "--now is for training ledgers only");
    }
    status = timeparse(now, false, &offset_min, now_s, fault);
    if (status == STATUS_OK) {
        witness_set_training_clock(witness, *now_s);
    }
    return status;
}

static enum status give_lines(struct args *args, struct view lines, struct fault *fault)
{
    const char *path = args_value(args, "-o");
    enum status status;

    if (path == NULL) {
        output_bytes(stdout, lines); /* alone: what `unbroken ledger cosign` takes */
        return STATUS_OK;
    }
    status = wholefile_write(path, lines, args_flag(args, "--force"), fault);
    if (status == STATUS_REFUSED) {
        args_hint(args, "--force");
    }
    return status;
}

static enum status cosign(struct args *args, struct ledger *mirror, struct audit_guard *guard, struct witness *witness, struct fault *fault)
{
    struct buffer lines = {0};
    uint64_t now_s = 0;
    enum status status;

    witness_set_guard(witness, audit_guard_of(guard));
    status = witness_mark_auditor(witness, fault);
    if (status == STATUS_OK) {
        status = read_clock(args, mirror, witness, &now_s, fault);
    }
    if (status == STATUS_OK) {
        status = audit_cosign(mirror, witness, now_s, &lines, fault);
    }
    if (status == STATUS_OK) {
        status = give_lines(args, buffer_view(&lines), fault);
    }
    buffer_free(&lines);
    return status;
}

/* The lines are kept by the witness too: asked again, it signs again. */
static enum status run_cosign(struct args *args, struct fault *fault)
{
    const char *path = args_value(args, "-o");
    const char *witness_dir = NULL;
    struct audit_guard *guard = NULL;
    struct witness *witness = NULL;
    struct ledger *mirror = NULL;
    enum status status = args_required(args, "--witness", &witness_dir, fault);

    if (status == STATUS_OK && path != NULL && wholefile_exists(path) && !args_flag(args, "--force")) {
        args_hint(args, "--force");
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s: exists and is not overwritten", path);
    }
    if (status == STATUS_OK) {
        status = audit_guard_open(&guard, fault);
    }
    if (status == STATUS_OK) {
        status = audit_guard_add(guard, args->arguments[0], fault);
    }
    if (status == STATUS_OK) {
        mirror = audit_guard_mirror(guard, 0);
        args->training = ledger_identity(mirror)->training;
        if (args->training) {
            (void)fprintf(stderr, "unbroken: TRAINING\n");
        }
        status = witness_open(witness_dir, &witness, fault);
    }
    if (status == STATUS_OK) {
        status = cosign(args, mirror, guard, witness, fault);
    }
    witness_close(witness);
    audit_guard_close(guard);
    return status;
}

const struct command command_mirror[] = {
    {.words = "mirror pull", .arguments = "MIRROR", .at_least = 1, .at_most = 1,
     .summary = "take a ledger's records from its tiles and replay each; goes on where it stopped", .options = pull_options,
     .example = "unbroken mirror pull mirror --from https://custody.example/ledger --policy court.policy", .run = run_pull},
    {.words = "mirror audit", .arguments = "MIRROR", .at_least = 1, .at_most = 1,
     .summary = "an auditor's report: does the structure hold, which rules of custody were broken, what was not checked", .shared = ARGS_JSON,
     .options = auditing_options, .example = "unbroken mirror audit mirror -o 2018-12-13.audit",
     .json = "{\"ledger\", \"training\", \"audit\": {\"holds\": BOOL, \"records\": N, \"checkpoint\": N, \"root\", \"breaches\": [{\"record\", \"subject\", \"code\", "
             "\"text\"}], \"clock\": [...], \"not-judged\": [...], \"absent-details\": N, \"contradiction\": TEXT or null}}",
     .run = auditing_run},
    {.words = "mirror cosign", .arguments = "MIRROR", .at_least = 1, .at_most = 1,
     .summary = "cosign the latest checkpoint that the mirror has replayed, as an auditor", .shared = ARGS_NOW, .options = cosign_options,
     .example = "unbroken mirror cosign mirror --witness auditor -o cosignature   # the station: unbroken ledger cosign cosignature", .run = run_cosign},
    {.words = NULL},
};
