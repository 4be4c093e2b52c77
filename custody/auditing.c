/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auditing: see the header. What is published is what a court may hold against the ledger, and what nobody has looked at.
 */
#include "custody/auditing.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "custody/guard.h"
#include "custody/output.h"
#include "custody/progress.h"
#include "custody/wholefile.h"
#include "ledger/audit.h"
#include "verify/name.h"
#include "verify/text.h"

/* A finding takes the place of one line: they are written as they are heard. */
struct auditing {
    struct args *args;
    const struct ledger_state *identity;
    struct buffer breaches, steps, unjudged; /* lines of text */
    json_t *json_breaches, *json_steps, *json_unjudged;
    struct audit_report report;
};

static void name_of(const struct auditing *auditing, uint64_t subject, char out[NAME_BYTES])
{
    name_format(view_text(auditing->identity->code), subject, out);
}

static json_t *finding_json(const struct auditing *auditing, const struct finding *finding)
{
    char name[NAME_BYTES] = "";

    if (finding->subject != UINT64_MAX) {
        name_of(auditing, finding->subject, name);
    }
    return json_pack("{s:o,s:o,s:s,s:o}", "record", finding->record == UINT64_MAX ? json_null() : json_integer((json_int_t)finding->record), "subject",
                     name[0] == '\0' ? json_null() : json_string(name), "code", finding->code, "text", output_string(view_text(finding->text)));
}

static void put_line(const struct auditing *auditing, const struct finding *finding, struct buffer *out)
{
    char name[NAME_BYTES];

    buffer_printf(out, "  ");
    if (finding->record != UINT64_MAX) {
        buffer_printf(out, "record %" PRIu64, finding->record);
    }
    if (finding->subject != UINT64_MAX) {
        name_of(auditing, finding->subject, name);
        buffer_printf(out, "%s%s", finding->record != UINT64_MAX ? ", " : "", name);
    }
    buffer_printf(out, ": %s: %s\n", finding->code, finding->text);
}

/* Of the findings that are no breaches only those are published that are an auditor's: the clock, and what he cannot judge. */
static void hear(void *context, const struct finding *finding)
{
    struct auditing *auditing = context;
    bool json = args_flag(auditing->args, "--json");
    struct buffer *lines = NULL;
    json_t *list = NULL;

    if (finding->breach) {
        lines = &auditing->breaches;
        list = auditing->json_breaches;
    } else if (strcmp(finding->code, "orphan") == 0) {
        lines = &auditing->unjudged;
        list = auditing->json_unjudged;
    } else if (strcmp(finding->code, "clock") == 0) {
        lines = &auditing->steps;
        list = auditing->json_steps;
    } else {
        return;
    }
    if (json) {
        (void)json_array_append_new(list, finding_json(auditing, finding));
    } else {
        put_line(auditing, finding, lines);
    }
}

/* ---- exhibits -------------------------------------------------------------------------------- */

static bool is_exhibit(const char *name)
{
    size_t len = strlen(name);

    return (strncmp(name, "fork-", 5) == 0 || strncmp(name, "false-heads-", 12) == 0) && len > 8 && strcmp(name + len - 8, ".exhibit") == 0;
}

/* What a pull has written into the mirror's directory: proofs that the station lied. The name, or each in turn. */
static size_t find_exhibits(const struct auditing *auditing, struct buffer *lines, json_t *list)
{
    const char *mirror = auditing->args->arguments[0];
    DIR *entries = opendir(mirror);
    const struct dirent *entry;
    size_t count = 0;

    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (!is_exhibit(entry->d_name)) {
            continue;
        }
        count++;
        if (list != NULL) {
            (void)json_array_append_new(list, output_string(view_text(entry->d_name)));
        } else {
            buffer_printf(lines, "EXHIBIT ");
            text_escape(lines, view_text(mirror));
            buffer_printf(lines, "/%s: proof that the station lied, found at a pull: unbroken-verify reads it\n", entry->d_name);
        }
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    return count;
}

/* ---- for people ------------------------------------------------------------------------------ */

static bool holds(const struct audit_report *report)
{
    return report->fsck.stop.status == 0 && !report->refused;
}

static void put_structure(const struct audit_report *report, struct buffer *out)
{
    if (report->fsck.stop.status != 0) {
        buffer_printf(out, "structure: DOES NOT HOLD: %s: %s\n", report->fsck.stop.code, report->fsck.stop.text);
        buffer_printf(out, "  this mirror was sound when its records were taken: either its disk is damaged, or somebody has changed it\n");
        return;
    }
    buffer_printf(out, "structure: holds: %" PRIu64 " records, %" PRIu64 " signatures, %" PRIu64 " subjects, every heads record recomputed\n",
                  report->fsck.records, report->fsck.signatures, report->fsck.subjects);
    if (report->refused) {
        buffer_printf(out, "structure: DOES NOT HOLD from record %" PRIu64 " on, which the station has signed: %s\n", report->refusal.index,
                      report->refusal.text);
    }
}

static void put_unchecked(const struct auditing *auditing, struct buffer *out)
{
    const struct audit_report *report = &auditing->report;

    buffer_printf(out, "not checked: %" PRIu64 " details and all attached files: a mirror has none\n", report->fsck.absent);
    if (report->unjudged > 0) {
        buffer_printf(out, "not checked: late acts that were taken over (adopt): they are details, so how these things stand from then on is not known here; and "
                           "what is said above of what lay in them or was made of them may be wrong:\n");
        buffer_append_view(out, buffer_view(&auditing->unjudged));
    }
}

static void put_text(const struct auditing *auditing, const char *origin, struct buffer *out)
{
    const struct audit_report *report = &auditing->report;

    buffer_printf(out, "audit of %s\n", origin);
    if (report->size > 0) {
        buffer_printf(out, "checkpoint: %" PRIu64 " records, root ", report->size);
        text_base64(out, hash_view(&report->root));
        buffer_printf(out, "\n");
    }
    put_structure(report, out);
    if (report->fsck.stop.status != 0) {
        return;
    }
    buffer_printf(out, "breaches of custody: %" PRIu64 "\n", report->breaches);
    buffer_append_view(out, buffer_view(&auditing->breaches));
    if (auditing->steps.len > 0) {
        buffer_printf(out, "the clock:\n");
        buffer_append_view(out, buffer_view(&auditing->steps));
    }
    buffer_printf(out, "other findings: %" PRIu64 ", for a verdict to tell\n", report->findings);
    put_unchecked(auditing, out);
    if (find_exhibits(auditing, out, NULL) == 0 && holds(report)) {
        buffer_printf(out, "nothing contradicts the structure: checkpoints of up to %" PRIu64 " records may be cosigned\n", report->fsck.records);
    }
}

/* ---- for programs ---------------------------------------------------------------------------- */

static void put_json(struct auditing *auditing, const char *origin, struct buffer *out)
{
    const struct audit_report *report = &auditing->report;
    struct buffer root = {0};
    json_t *body;
    json_t *all;
    char *text = NULL;

    text_base64(&root, hash_view(&report->root));
    body = json_pack("{s:b,s:I,s:I,s:o,s:I,s:I,s:O,s:O,s:O,s:I,s:I,s:o}", "holds", holds(report) ? 1 : 0, "records", (json_int_t)report->fsck.records,
                     "checkpoint", (json_int_t)report->size, "root", output_string(buffer_view(&root)), "signatures",
                     (json_int_t)report->fsck.signatures, "subjects", (json_int_t)report->fsck.subjects, "breaches", auditing->json_breaches, "clock",
                     auditing->json_steps, "not-judged", auditing->json_unjudged, "findings", (json_int_t)report->findings, "absent-details",
                     (json_int_t)report->fsck.absent, "contradiction", json_null());
    if (body != NULL && !holds(report)) {
        const char *why = report->fsck.stop.status != 0 ? report->fsck.stop.text : report->refusal.text;

        (void)json_object_set_new(body, "contradiction", output_string(view_text(why)));
    }
    if (body != NULL) {
        json_t *exhibits = json_array();

        (void)find_exhibits(auditing, NULL, exhibits);
        (void)json_object_set_new(body, "exhibits", exhibits);
    }
    all = json_pack("{s:s,s:b,s:o}", "ledger", origin, "training", auditing->identity->training ? 1 : 0, "audit", body);
    text = all == NULL ? NULL : json_dumps(all, JSON_INDENT(1));
    if (text == NULL) {
        out->failed = true;
    } else {
        buffer_printf(out, "%s\n", text);
    }
    free(text);
    json_decref(all);
    buffer_free(&root);
}

/* ---- the command ----------------------------------------------------------------------------- */

static enum status give(struct auditing *auditing, const char *origin, struct fault *fault)
{
    const char *path = args_value(auditing->args, "-o");
    struct buffer out = {0};
    enum status status;

    if (args_flag(auditing->args, "--json")) {
        put_json(auditing, origin, &out);
    } else {
        put_text(auditing, origin, &out);
    }
    status = buffer_status(&out, fault);
    if (status == STATUS_OK && path == NULL) {
        output_bytes(stdout, buffer_view(&out));
    } else if (status == STATUS_OK) {
        status = wholefile_write(path, buffer_view(&out), args_flag(auditing->args, "--force"), fault);
        if (status == STATUS_REFUSED) {
            args_hint(auditing->args, "--force");
        }
    }
    buffer_free(&out);
    return status;
}

static enum status audit(struct auditing *auditing, struct ledger *mirror, struct fault *fault)
{
    struct progress_line line = {.what = "records"};
    struct progress progress = progress_to(&line);
    struct ledger_listener listener = {hear, auditing};
    const struct audit_report *report = &auditing->report;
    enum status status = audit_mirror(mirror, &progress, &listener, &auditing->report, fault);

    progress_end(&line);
    if (status == STATUS_OK) {
        status = give(auditing, ledger_origin(mirror), fault);
    }
    if (status == STATUS_OK && report->fsck.stop.status != 0) {
        status = fault_set(fault, STATUS_DAMAGED, report->fsck.stop.record, "the mirror does not hold: %s: %s", report->fsck.stop.code, report->fsck.stop.text);
        args_hint(auditing->args, "cosign nothing; keep it as it is, and pull another mirror beside it");
    } else if (status == STATUS_OK && report->refused) {
        status = fault_set(fault, STATUS_UNTRUSTED, report->refusal.index, "the ledger contradicts itself from record %" PRIu64 " on: %.400s",
                           report->refusal.index, report->refusal.text);
    }
    return status;
}

static enum status audit_here(struct args *args, struct fault *fault)
{
    struct auditing auditing = {.args = args, .json_breaches = json_array(), .json_steps = json_array(), .json_unjudged = json_array()};
    struct ledger *mirror = NULL;
    enum status status = ledger_open(args->arguments[0], LEDGER_READ, NULL, &mirror, fault);

    if (status == STATUS_OK) {
        auditing.identity = ledger_identity(mirror);
        args->training = auditing.identity->training;
        if (args->training && !args_flag(args, "--json")) {
            output_training(ledger_origin(mirror));
        }
        status = audit(&auditing, mirror, fault);
    }
    ledger_close(mirror);
    json_decref(auditing.json_breaches);
    json_decref(auditing.json_steps);
    json_decref(auditing.json_unjudged);
    buffer_free(&auditing.breaches);
    buffer_free(&auditing.steps);
    buffer_free(&auditing.unjudged);
    return status;
}

enum status auditing_run(struct args *args, struct fault *fault)
{
    int number = 0;

    if (guard_enter(&number) != GUARD_DIED) {
        return audit_here(args, fault);
    }
    args_hint(args, "cosign nothing; keep it as it is, and pull another mirror beside it");
    return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the database file of the mirror is damaged: reading its pages ended with signal %d", number);
}

const struct option auditing_options[] = {
    {"-o", OPTION_VALUE, "REPORT", "where to write it, to be published; else to standard output"},
    {"--force", OPTION_FLAG, NULL, "overwrite REPORT"},
    {NULL, OPTION_FLAG, NULL, NULL},
};
