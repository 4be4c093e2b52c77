/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict: the steps of SPEC 9 in their order, and what they add up to (SPEC 10).
 */
#include "verify/certificate.h"
#include "verify/court.h"
#include "verify/exhibit.h"
#include "verify/job.h"
#include "verify/pdf.h"

#include <stdlib.h>
#include <string.h>

/* V1 and V2. */
static enum status open_bundle(struct check *check, struct view file, struct fault *fault)
{
    struct fault why = { 0 };
    switch (bundle_decode(check->hasher, file, &check->bundle, &why)) {
    case BUNDLE_OK:
        return STATUS_OK;
    case BUNDLE_TRANSPORT:
        /* A bundle begins with an array's head, which is no letter of a text. */
        stop_set(check->stop, 2, "transport", NOTHING, NOTHING, "%s", check->file.len > 0 && check->file.ptr[0] < 0x80
                 ? "the file is text, and no bundle, certificate or exhibit: a checkpoint or a receipt goes with --since"
                 : "the file is damaged or cut off (its whole-file check does not hold): get another copy");
        return STATUS_OK;
    case BUNDLE_VERSION:
        stop_set(check->stop, 2, "version", NOTHING, NOTHING, "the file is of a version that this program does not know");
        return STATUS_OK;
    case BUNDLE_UNREADABLE:
        stop_set(check->stop, 2, "unreadable", NOTHING, NOTHING, "the file is no well-formed bundle: %s", why.text);
        check->stop->byte = why.at == FAULT_NOWHERE ? NOTHING : why.at;
        return STATUS_OK;
    case BUNDLE_MEMORY:
        break;
    }
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

static void keep_origin(struct verdict *verdict, const struct checkpoint *checkpoint)
{
    size_t len = checkpoint->origin.len < sizeof verdict->origin ? checkpoint->origin.len : sizeof verdict->origin - 1;
    memcpy(verdict->origin, checkpoint->origin.ptr, len);
    verdict->origin[len] = '\0';
    verdict->size = checkpoint->size;
    verdict->root = checkpoint->root;
    verdict->known = true;
}

/* V3: the policy's log signed this note. Also used for exhibits. */
static void check_signed(struct check *check, struct view note)
{
    struct fault why = { 0 };
    bool known = false;
    if (checkpoint_parse(note, check->checkpoint, &why) != STATUS_OK || check->checkpoint->size < 2) {
        stop_set(check->stop, 2, "unreadable", NOTHING, NOTHING, "the checkpoint is malformed: %s",
                 why.status == STATUS_OK ? "too few records" : why.text);
        return;
    }
    switch (check_log_signature(check->policy, check->checkpoint, &known)) {
    case NOTE_VALID:
        keep_origin(check->verdict, check->checkpoint);
        return;
    case NOTE_UNSIGNED:
        if (!known) {
            stop_set(check->stop, 2, "origin", NOTHING, NOTHING, "the policy does not name this ledger");
        } else {
            stop_set(check->stop, 2, "unsigned", NOTHING, NOTHING, "the checkpoint is not signed by the key that the policy gives for this ledger");
        }
        return;
    case NOTE_FAILED:
        stop_set(check->stop, 1, "checkpoint", NOTHING, NOTHING, "the station's signature on the checkpoint does not hold: the checkpoint was altered");
        return;
    case NOTE_DISAGREED:
        stop_set(check->stop, 2, "libraries", NOTHING, NOTHING, "libsodium and OpenSSL disagree about the checkpoint's signature");
        return;
    }
}

/* Hashes by which the bundle's parts are found; bundle_decode has checked that they ascend. */
static enum status index_parts(struct check *check, struct fault *fault)
{
    const struct bundle *bundle = &check->bundle;
    check->sheet_hashes = calloc(bundle->sheet_count + 1, sizeof(struct hash));
    check->digests = calloc(bundle->disclosure_count + 1, sizeof(struct hash));
    check->attachment_hashes = calloc(bundle->attachment_count + 1, sizeof(struct hash));
    check->sheet_names = calloc(bundle->sheet_count + 1, sizeof *check->sheet_names);
    if (check->sheet_names == NULL || check->sheet_hashes == NULL || check->digests == NULL || check->attachment_hashes == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < bundle->sheet_count; i++) {
        sheet_hash(check->hasher, bundle->sheets[i], &check->sheet_hashes[i]);
    }
    for (size_t i = 0; i < bundle->disclosure_count; i++) {
        hash_data(check->hasher, bundle->disclosures[i], &check->digests[i]);
    }
    for (size_t i = 0; i < bundle->attachment_count; i++) {
        hash_data(check->hasher, bundle->attachments[i], &check->attachment_hashes[i]);
    }
    return STATUS_OK;
}

static void add_up(struct check *check)
{
    struct verdict *verdict = check->verdict;
    bool broken = false;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        broken = broken || verdict->findings[i].breach;
    }
    if (verdict->stop.status != 0) {
        verdict->status = verdict->stop.status;
        verdict->code = verdict->stop.code;
    } else if (verdict->note_count > 0) {
        verdict->status = 2;
        verdict->code = verdict->notes[0].code;
    } else {
        verdict->status = broken ? 3 : 0;
        verdict->code = broken ? "custody" : "intact";
    }
}

/* The large scratch structs; not before the file is known to be whole: `others` may hold a million that are nothing. */
static enum status make_room(struct check *check, struct fault *fault)
{
    check->checkpoint = calloc(1, sizeof *check->checkpoint);
    check->record = calloc(1, sizeof *check->record);
    check->other_record = calloc(1, sizeof *check->other_record);
    check->act = calloc(1, sizeof *check->act);
    check->other_act = calloc(1, sizeof *check->other_act);
    if (check->checkpoint == NULL || check->record == NULL || check->other_record == NULL || check->act == NULL ||
        check->other_act == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    return STATUS_OK;
}

static enum status run_steps(struct check *check, bool nested, struct fault *fault)
{
    enum status (*const steps[])(struct check *, struct fault *) = {
        index_parts, check_ends, check_witnesses, check_records, check_threads, check_acts, check_closure, check_details, check_custody, check_views };
    enum status status = open_bundle(check, check->file, fault);
    if (status == STATUS_OK && check->stop->status == 0) {
        status = make_room(check, fault);
    }
    if (status == STATUS_OK && check->stop->status == 0) {
        check_signed(check, check->bundle.view.note);
    }
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == STATUS_OK && check->stop->status == 0; i++) {
        status = steps[i](check, fault);
    }
    if (status == STATUS_OK && check->stop->status == 0) {
        status = check_others(check, nested, fault);
    }
    if (status == STATUS_OK && check->stop->status == 0 && check->certificate != NULL) {
        status = certificate_check(check, fault);
    }
    if (status == STATUS_OK && check->stop->status == 0 && check->options->tag.len > 0) {
        check_tag(check);
    }
    return status;
}

static void close_check(struct check *check)
{
    for (size_t i = 0; check->sheet_names != NULL && i < check->bundle.sheet_count; i++) {
        free(check->sheet_names[i].names);
    }
    extents_free(&check->extents);
    bundle_close(&check->bundle);
    world_close(check->world);
    void *const owned[] = { check->checkpoint, check->rows, check->briefs, check->sheet_names, check->links, check->threads, check->leaves, check->sheet_hashes,
                            check->digests, check->attachment_hashes, check->sheet_used, check->disclosure_used,
                            check->attachment_used, check->seen_used, check->seen_roots, check->anchors, check->lodges,
                            check->record, check->other_record, check->act, check->other_act };
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        free(owned[i]);
    }
    buffer_free(&check->bytes);
}

/* What is said of a bundle that nothing stopped. */
static enum status tell(struct check *check, const struct job *job, struct fault *fault)
{
    struct verdict *out = check->verdict;
    memcpy(out->code_text, check->replay.code, sizeof out->code_text);
    enum status status = asked_judge(check, fault);
    if (status == STATUS_OK) {
        status = times_write(check, fault);
    }
    check_sort_findings(check);
    if (status == STATUS_OK) {
        history_write(check, &out->history);
        status = buffer_status(&out->history, fault);
    }
    if (status == STATUS_OK) {
        status = court_prepare(check, fault);
    }
    if (status == STATUS_OK && check->certificate != NULL) {
        status = certified_write(check, fault);
    }
    return status == STATUS_OK && job->read != NULL ? job->read(job->context, check, fault) : status;
}

enum status verify_job(struct hasher *hasher, const struct policy *policy, const struct job *job, const struct verify_options *options,
                              struct verdict *out, struct fault *fault)
{
    struct check check = { .hasher = hasher, .policy = policy, .options = options, .verdict = out, .stop = &out->stop, .file = job->file,
                           .certificate = job->certificate };
    memset(out, 0, sizeof *out);
    out->policy = *policy_hash(policy);
    enum status status = STATUS_OK;
    if (job->certificate != NULL || file_kind(job->file) == FILE_BUNDLE) {
        status = run_steps(&check, job->nested, fault);
        add_up(&check);
        if (status == STATUS_OK && check.world != NULL && out->stop.status == 0) {
            status = tell(&check, job, fault);
        }
    } else {
        status = make_room(&check, fault);
        if (status == STATUS_OK) {
            exhibit_check(hasher, policy, job->file, check.checkpoint, out);
        }
        add_up(&check);
    }
    close_check(&check);
    return status;
}

enum status verify_file(struct hasher *hasher, const struct policy *policy, struct view file,
                        const struct verify_options *options, struct verdict *out, struct fault *fault)
{
    return verify_read(hasher, policy, file, options, NULL, NULL, out, fault);
}

/* A certificate that cannot be taken apart: V17 stops before there is a check. */
static void stop_unreadable(const struct policy *policy, const struct fault *why, struct verdict *out)
{
    struct check check = { .verdict = out };
    memset(out, 0, sizeof *out);
    out->policy = *policy_hash(policy);
    stop_set(&out->stop, 2, "unreadable", NOTHING, NOTHING, "%s", why->text);
    add_up(&check);
}

enum status verify_certificate(struct hasher *hasher, const struct policy *policy, struct view statement, struct view bundle,
                               const struct verify_options *options, verdict_reader *reader, void *context, struct verdict *out,
                               struct fault *fault)
{
    struct signed_statement certificate;
    struct fault why = { 0 };
    const struct job job = { .file = bundle, .certificate = &certificate, .read = reader, .context = context };
    if (statement_decode(statement, &certificate, &why) != STATUS_OK) {
        stop_unreadable(policy, &why, out);
        return STATUS_OK;
    }
    return verify_job(hasher, policy, &job, options, out, fault);
}

enum status verify_read(struct hasher *hasher, const struct policy *policy, struct view file, const struct verify_options *options,
                        verdict_reader *reader, void *context, struct verdict *out, struct fault *fault)
{
    const struct job job = { .file = file, .read = reader, .context = context };
    struct view bundle, statement;
    struct fault why = { 0 };
    if (!pdf_is(file)) {
        return verify_job(hasher, policy, &job, options, out, fault);
    }
    if (pdf_extract(file, &bundle, &statement, &why) != STATUS_OK) {
        stop_unreadable(policy, &why, out);
        return STATUS_OK;
    }
    return verify_certificate(hasher, policy, statement, bundle, options, reader, context, out, fault);
}

void verdict_close(struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->topic_count; i++) {
        for (size_t j = 0; j < verdict->topics[i].count; j++) {
            buffer_free(&verdict->topics[i].who[j]);
        }
    }
    for (size_t i = 0; i < verdict->reason_count; i++) {
        buffer_free(&verdict->reasons[i]);
    }
    for (size_t i = 0; i < verdict->line_count; i++) {
        buffer_free(&verdict->lines[i].value);
    }
    free(verdict->lines);
    free(verdict->topics);
    free(verdict->reasons);
    free(verdict->findings);
    free(verdict->withheld);
    free(verdict->asked);
    free(verdict->witnesses);
    free(verdict->later);
    free(verdict->times);
    free(verdict->quotes);
    for (size_t i = 0; i < verdict->beacon_count; i++) {
        buffer_free(&verdict->beacons[i].text);
    }
    free(verdict->beacons);
    free(verdict->moments);
    buffer_free(&verdict->history);
    for (size_t i = 0; i < HISTORY_ASKED_MAX; i++) {
        buffer_free(&verdict->old_lives[i].text);
    }
    memset(verdict, 0, sizeof *verdict);
}
