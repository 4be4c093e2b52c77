/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledger: care of a ledger: policy, checkpoint, fsck, backup, status. Founding is in found.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "custody/bundling.h"
#include "custody/clock.h"
#include "custody/commands.h"
#include "custody/cosigning.h"
#include "custody/found.h"
#include "custody/guard.h"
#include "custody/output.h"
#include "custody/progress.h"
#include "custody/scrub.h"
#include "ledger/care.h"
#include "ledger/export.h"
#include "verify/text.h"

static enum status run_policy(struct args *args, struct fault *fault)
{
    struct session session;
    struct buffer policy = {0};
    enum status status = session_open(args, LEDGER_READ, true, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = bundling_policy(&session, &policy, fault);
    if (status == STATUS_OK) {
        output_bytes(stdout, buffer_view(&policy));
    }
    buffer_free(&policy);
    session_close(&session);
    return status;
}

static enum status run_checkpoint(struct args *args, struct fault *fault)
{
    struct session session;
    struct buffer note = {0};
    bool quorum = true;
    enum status status = session_open(args, LEDGER_APPEND, true, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = cosigning_checkpoint(&session, COSIGNING_MS, &note, &quorum, fault);
    if (status == STATUS_OK) {
        /* The note goes out alone, so that `> court.checkpoint` is a file that tools read; its origin says training. */
        if (session.identity->training) {
            (void)fprintf(stderr, "unbroken: TRAINING\n");
        }
        output_bytes(stdout, buffer_view(&note));
    }
    if (status == STATUS_OK && session.contradicted) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "a witness has seen another history of this ledger, or more records than it has: append nothing");
        args_hint(args, "unbroken ledger reconcile compares this ledger with what each witness holds");
    }
    if (status == STATUS_OK && !quorum && args_flag(args, "--require-quorum")) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the checkpoint is signed, but too few witnesses have cosigned it");
    }
    buffer_free(&note);
    session_close(&session);
    return status;
}

static const struct option checkpoint_options[] = {
    {"--require-quorum", OPTION_FLAG, NULL, "end with an error while the witnesses' quorum is not met; what was got is kept"},
    {NULL, OPTION_FLAG, NULL, NULL},
};

static void print_fsck(const struct fsck_report *report)
{
    (void)printf("%" PRIu64 " records, %" PRIu64 " acts, %" PRIu64 " signatures, %" PRIu64 " subjects, %" PRIu64
                 " details, %" PRIu64 " attachments, %" PRIu64 " checkpoints\n",
                 report->records, report->acts, report->signatures, report->subjects, report->details,
                 report->attachments, report->checkpoints);
    if (report->tokens > 0) {
        (void)printf("%" PRIu64 " time-stamps, each over its checkpoint (by whom: unbroken ledger timestamps)\n", report->tokens);
    }
    (void)printf("%" PRIu64 " breaches of custody\n", report->breaches);
    if (report->erased > 0) {
        (void)printf("%" PRIu64 " details erased by recorded erasures\n", report->erased);
    }
    if (report->withheld > 0) {
        (void)printf("%" PRIu64 " details are not here, under a recorded order: they were not had back with their records\n", report->withheld);
    }
    if (report->absent > 0) {
        (void)printf("%" PRIu64 " details are not here: this is a mirror\n", report->absent);
    }
    if (report->elsewhere > 0) {
        (void)printf("%" PRIu64 " erasures taken over from the ledger of which this is an older copy: that ledger proves them, this copy does not\n",
                     report->elsewhere);
    }
    if (report->unfinished > 0) {
        (void)printf("%" PRIu64 " details that a record erases are STILL HERE: unbroken ledger scrub\n", report->unfinished);
    }
    if (report->scrub_due) {
        (void)printf("erased details may still be read in freed parts of the file: unbroken ledger scrub\n");
    }
}

static enum status fsck_json(const struct session *session, const struct fsck_report *report, struct fault *fault)
{
    json_t *out = output_envelope(session);
    json_t *body = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:b,s:b}", "records", (json_int_t)report->records, "acts",
                             (json_int_t)report->acts, "signatures", (json_int_t)report->signatures, "subjects",
                             (json_int_t)report->subjects, "details", (json_int_t)report->details, "attachments",
                             (json_int_t)report->attachments, "checkpoints", (json_int_t)report->checkpoints, "time-stamps", (json_int_t)report->tokens, "breaches",
                             (json_int_t)report->breaches, "erased", (json_int_t)report->erased, "erased-still-here",
                             (json_int_t)report->unfinished, "withheld",
                             (json_int_t)report->withheld, "scrub-due", report->scrub_due ? 1 : 0, "holds", report->stop.status == 0 ? 1 : 0);

    if (out == NULL || body == NULL || json_object_set_new(out, "fsck", body) != 0) {
        json_decref(out);
        out = NULL;
    }
    return output_json(out, fault);
}

static enum status fsck_here(struct args *args, struct fault *fault)
{
    struct progress_line line = {.what = "records"};
    struct fsck_options options = {.progress = progress_to(&line)};
    struct fsck_report report = {0};
    struct session session;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = ledger_fsck(session.ledger, &options, &report, fault);
    progress_end(&line);
    if (status == STATUS_OK && args_flag(args, "--json")) {
        status = fsck_json(&session, &report, fault);
    } else if (status == STATUS_OK) {
        print_fsck(&report);
    }
    if (status == STATUS_OK && report.stop.status != 0) {
        status = fault_set(fault, STATUS_DAMAGED, report.stop.record, "the ledger does not hold: %s: %s", report.stop.code,
                           report.stop.text);
        args_hint(args, "append nothing; keep the directory as it is and restore the newest backup elsewhere");
    } else if (status == STATUS_OK && !args_flag(args, "--json")) {
        (void)printf("everything holds%s%s\n", ledger_is_mirror(session.ledger) ? ": a mirror, in which nothing is recorded or signed" : "",
                     report.head_missing ? "; but no signed head is remembered here: "
                                                                 "appending is refused (see: unbroken ledger reconcile --help)" : "");
    }
    session_close(&session);
    return status;
}

static enum status run_fsck(struct args *args, struct fault *fault)
{
    int number = 0;

    if (guard_enter(&number) != GUARD_DIED) {
        return fsck_here(args, fault);
    }
    args_hint(args, "append nothing; keep the directory as it is and restore the newest backup elsewhere");
    return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE,
                     "the database file is damaged: reading its pages ended with signal %d, before anything could be said of its records", number);
}

static enum status run_backup(struct args *args, struct fault *fault)
{
    struct session session;
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    (void)umask(S_IRWXG | S_IRWXO); /* names of witnesses and the station's key: for the owner alone */
    status = ledger_backup(session.ledger, args->arguments[0], fault);
    if (status == STATUS_OK) {
        (void)printf(ledger_is_mirror(session.ledger) ? "copy of the mirror in %s\n" : "backup in %s, with the station's key: keep it as safe as the ledger\n",
                     args->arguments[0]);
    }
    session_close(&session);
    return status;
}

static enum status status_json(const struct session *session, const struct ledger_report *report, struct fault *fault)
{
    json_t *out = output_envelope(session);
    json_t *body = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "records", (json_int_t)report->records, "subjects",
                             (json_int_t)report->subjects, "checkpoint", (json_int_t)report->checkpoint_size, "remembered",
                             (json_int_t)report->remembered_size, "last-logged", (json_int_t)report->last_logged_s, "file-bytes",
                             (json_int_t)report->file_bytes, "used-bytes", (json_int_t)report->used_bytes, "free-bytes",
                             (json_int_t)report->free_bytes);
    const struct foreign *succeeds = ledger_succeeds(session->ledger);

    if (body != NULL && succeeds != NULL) {
        (void)json_object_set_new(body, "succeeds", output_succeeds_json(succeeds));
    }
    if (out == NULL || body == NULL || json_object_set_new(out, "status", body) != 0) {
        json_decref(out);
        out = NULL;
    }
    return output_json(out, fault);
}

static void print_status(const struct session *session, const struct ledger_report *report)
{
    struct buffer logged = {0};

    text_time(&logged, report->last_logged_s);
    (void)printf("%s\n", ledger_origin(session->ledger));
    if (ledger_succeeds(session->ledger) != NULL) {
        output_succeeds(ledger_succeeds(session->ledger));
    }
    (void)printf("%" PRIu64 " records, the last of %.*s; %" PRIu64 " subjects\n", report->records, (int)logged.len,
                 (const char *)logged.ptr, report->subjects);
    (void)printf("checkpoint of %" PRIu64 " records; %" PRIu64 " not signed yet; remembered: %" PRIu64 "\n",
                 report->checkpoint_size, report->records - report->checkpoint_size, report->remembered_size);
    (void)printf("%" PRIu64 " kB on disk, %" PRIu64 " kB in use, %" PRIu64 " MB free\n", report->file_bytes / 1024,
                 report->used_bytes / 1024, report->free_bytes / 1048576);
    if (report->scrub_due) {
        (void)printf("erased details may still be read in freed parts of the file: unbroken ledger scrub\n");
    }
    if (ledger_is_mirror(session->ledger)) {
        (void)printf("a mirror, in which nothing is recorded or signed\n");
    } else if (report->remembered_size > report->records) {
        (void)printf("BEHIND its remembered head: records are missing and appending is refused (see: unbroken ledger reconcile --help)\n");
    } else if (report->remembered_size == 0 && report->checkpoint_size > 0) {
        (void)printf("no signed head is remembered: appending is refused (see: unbroken ledger reconcile --help)\n");
    }
    buffer_free(&logged);
}

static enum status run_status(struct args *args, struct fault *fault)
{
    struct session session;
    struct ledger_report report = {0};
    enum status status = session_open(args, LEDGER_READ, false, &session, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = ledger_report(session.ledger, &report, fault);
    if (status == STATUS_OK && args_flag(args, "--json")) {
        status = status_json(&session, &report, fault);
    } else if (status == STATUS_OK) {
        print_status(&session, &report);
    }
    session_close(&session);
    return status;
}

const struct command command_ledger[] = {
    {.words = "ledger init", .arguments = "DIR", .summary = "found a ledger; all registrars sign with their keys", .at_least = 1,
     .at_most = 1, .options = found_options,
     .example = "unbroken ledger init ledger --origin kh-pp.example/custody --code KHPP --threshold 2 \\\n"
                "    --registrar court.key,name='Chan Sophea',agency='Court registry' \\\n"
                "    --registrar customs.key --registrar forestry.key",
     .run = found_run},
    {.words = "ledger policy", .arguments = "", .summary = "print the court's trust file (C2SP tlog-policy)",
     .shared = ARGS_LEDGER, .example = "unbroken ledger policy > court.policy", .run = run_policy},
    {.words = "ledger checkpoint", .arguments = "", .summary = "sign the ledger's head, have it cosigned by the witnesses, and print it (C2SP checkpoint)",
     .shared = ARGS_LEDGER | ARGS_NOW | ARGS_COSIGN, .options = checkpoint_options, .example = "unbroken ledger checkpoint > 2018-12-13.checkpoint", .run = run_checkpoint},
    {.words = "ledger fsck", .arguments = "", .summary = "read and recompute everything, on all cores",
     .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken ledger fsck",
     .json = "{\"ledger\", \"training\", \"fsck\": {\"records\": N, \"acts\": N, ... \"breaches\": N, \"holds\": BOOL}}", .run = run_fsck},
    {.words = "ledger backup", .arguments = "DIR", .summary = "copy the ledger while others write", .at_least = 1, .at_most = 1,
     .shared = ARGS_LEDGER, .example = "unbroken ledger backup /mnt/disk/2018-12-13", .run = run_backup},
    {.words = "ledger scrub", .arguments = "[DIR]",
     .summary = "make erased details unreadable: in the ledger's file, or in the backup DIR", .at_most = 1,
     .shared = ARGS_LEDGER, .example = "unbroken ledger scrub /mnt/disk/2018-12-13   # that backup keeps its records and loses what was erased since",
     .run = scrub_run},
    {.words = "ledger clock", .arguments = "", .summary = "after a step of the clock, or 31 days without a record: registrars say that the time is right",
     .shared = ARGS_ACT, .options = clock_options,
     .example = "unbroken ledger clock --reason 'no seizure since June; compared with the court clock' \\\n"
                "    --key court.key --key customs.key",
     .run = clock_run},
    {.words = "ledger status", .arguments = "", .summary = "how large it is, what is unsigned, what is free",
     .shared = ARGS_LEDGER | ARGS_JSON, .example = "unbroken ledger status",
     .json = "{\"ledger\", \"training\", \"status\": {\"records\": N, \"subjects\": N, \"checkpoint\": N, \"remembered\": N, ...}}",
     .run = run_status},
    {.words = NULL},
};
