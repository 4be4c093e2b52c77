/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy: opening of files; directories: copy_ledger.c. A bundle is checked against a policy that names this ledger and the station keys that are
 * known or that the bundle itself gives in the thread of subject 0: the ledger's name pins the founders, the founders sign station keys, and V13
 * asks whether the key was in force.
 */
#include "ledger/copy.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/station.h"
#include "verify/paper.h"
#include "verify/pdf.h"
#include "verify/shown.h"
#include "verify/text.h"
#include "verify/verdict.h"

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

void copy_keys_add(struct copy_keys *keys, const uint8_t key[ED25519_BYTES])
{
    for (size_t i = 0; i < keys->count; i++) {
        if (memcmp(keys->keys[i], key, ED25519_BYTES) == 0) {
            return;
        }
    }
    if (keys->count < STATION_KEYS_MAX) {
        memcpy(keys->keys[keys->count++], key, ED25519_BYTES);
    }
}

bool copy_is_text(struct view file)
{
    return file.len > 0 && file.ptr[0] < 0x80 && !pdf_is(file); /* a bundle begins with a CBOR array */
}

void copy_close(struct copy *copy)
{
    free(copy->notes);
    bundle_close(&copy->bundle);
    buffer_free(&copy->shown);
    free(copy->indexes);
    free(copy->seen_roots);
    free(copy->sheets);
    free(copy->digests);
    free(copy->files);
    copy_held_free(&copy->held);
    if (!copy->borrowed) {
        ledger_abort(copy->txn);
        ledger_close(copy->ledger);
    }
    *copy = (struct copy){0};
}

static enum status add_note(struct copy *copy, struct view bytes, const struct checkpoint *parsed, struct fault *fault)
{
    if (copy->note_count == copy->note_cap) {
        size_t cap = copy->note_cap == 0 ? 8 : copy->note_cap * 2;
        struct copy_note *grown = realloc(copy->notes, cap * sizeof *grown);

        if (grown == NULL) {
            return no_memory(fault);
        }
        copy->notes = grown;
        copy->note_cap = cap;
    }
    copy->notes[copy->note_count++] = (struct copy_note){bytes, parsed->size, parsed->root};
    return STATUS_OK;
}

static bool signed_by_any(struct hasher *hasher, const struct copy_keys *keys, const struct checkpoint *checkpoint)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (station_signed(hasher, checkpoint, keys->keys[i])) {
            return true;
        }
    }
    return false;
}

enum status copy_take_note(const struct copy_of *of, const struct copy_keys *keys, struct view bytes, struct copy *copy, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct fault inner = {0};
    enum status status;

    if (checkpoint == NULL) {
        return no_memory(fault);
    }
    if (checkpoint_parse(bytes, checkpoint, &inner) != STATUS_OK || checkpoint->size == 0) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "it is no checkpoint, bundle, receipt or certificate");
    } else if (!view_equal(checkpoint->origin, view_text(of->origin))) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is of another ledger");
    } else if (!signed_by_any(of->hasher, keys, checkpoint)) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "it is not signed by a station key of this ledger, or its signature does not hold");
    } else {
        status = add_note(copy, bytes, checkpoint, fault);
    }
    free(checkpoint);
    return status;
}

/* ---- bundles --------------------------------------------------------------------------------- */

static int compare_seen(const void *size, const void *seen)
{
    const uint64_t *a = size;
    const struct bundle_seen *b = seen;

    return (*a > b->size) - (*a < b->size);
}

/* What an act says, before anything is proven: station keys that the founding and acts of registrars give, the root that its signers had seen. */
static void read_act(struct copy *copy, const struct act *act, struct copy_keys *keys)
{
    const struct bundle *bundle = &copy->bundle;
    const struct bundle_seen *seen = NULL;

    if ((act->present & BIT(PAY_FOUNDING)) != 0) {
        copy_keys_add(keys, act->founding.station);
    } else if ((act->entries[0].facts.present & BIT(FACT_STATION)) != 0) {
        copy_keys_add(keys, act->entries[0].facts.station);
    }
    if ((act->present & BIT(PAY_SEEN)) != 0 && bundle->seen_count > 0) {
        seen = bsearch(&act->seen_size, bundle->seen, bundle->seen_count, sizeof *seen, compare_seen);
    }
    if (seen != NULL) {
        copy->seen_roots[seen - bundle->seen] = act->seen_root;
    }
}

static enum status read_records(struct copy *copy, struct copy_keys *keys, struct fault *fault)
{
    struct record *record = malloc(sizeof *record);
    struct act *act = malloc(sizeof *act);
    enum status status = record == NULL || act == NULL ? no_memory(fault) : STATUS_OK;

    for (size_t i = 0; i < copy->bundle.record_count && status == STATUS_OK; i++) {
        struct fault ignored = {0};
        bool decoded = record_decode(copy->bundle.records[i].bytes, record, &ignored) == STATUS_OK;

        copy->indexes[i] = record->index; /* verify will say what is wrong */
        if (decoded && record->type == RECORD_ACT && act_decode(record->act, act, &ignored) == STATUS_OK) {
            read_act(copy, act, keys);
        }
    }
    free(record);
    free(act);
    return status;
}

static enum status index_parts(struct hasher *hasher, struct copy *copy, struct fault *fault)
{
    const struct bundle *bundle = &copy->bundle;

    copy->indexes = calloc(bundle->record_count + 1, sizeof *copy->indexes);
    copy->sheets = calloc(bundle->sheet_count + 1, sizeof *copy->sheets);
    copy->digests = calloc(bundle->disclosure_count + 1, sizeof *copy->digests);
    copy->files = calloc(bundle->attachment_count + 1, sizeof *copy->files);
    copy->seen_roots = calloc(bundle->seen_count + 1, sizeof *copy->seen_roots);
    if (copy->seen_roots == NULL || copy->indexes == NULL || copy->sheets == NULL || copy->digests == NULL || copy->files == NULL) {
        return no_memory(fault);
    }
    for (size_t i = 0; i < bundle->sheet_count; i++) {
        sheet_hash(hasher, bundle->sheets[i], &copy->sheets[i]);
    }
    for (size_t i = 0; i < bundle->disclosure_count; i++) {
        hash_data(hasher, bundle->disclosures[i], &copy->digests[i]);
    }
    for (size_t i = 0; i < bundle->attachment_count; i++) {
        hash_data(hasher, bundle->attachments[i], &copy->files[i]);
    }
    return STATUS_OK;
}

enum status copy_policy(const struct copy_of *of, const struct copy_keys *keys, struct policy **out, struct fault *fault)
{
    struct buffer text = {0};
    enum status status;

    for (size_t i = 0; i < keys->count && i < POLICY_LOGS_MAX; i++) {
        buffer_printf(&text, "log ");
        verifier_key_format(of->hasher, view_text(of->origin), 1, keys->keys[i], &text);
        buffer_printf(&text, "\n");
    }
    buffer_printf(&text, "quorum none\n");
    status = buffer_status(&text, fault);
    if (status == STATUS_OK) {
        status = policy_parse(of->hasher, buffer_view(&text), out, fault);
    }
    buffer_free(&text);
    return status;
}

/* Notes that say nothing against the records: an orphan's bytes withheld, an act of a later version, a bundle of another ledger inside. */
static bool may_stand(const char *code)
{
    return strcmp(code, "orphan") == 0 || strcmp(code, "unknown-kind") == 0 || strcmp(code, "other") == 0;
}

static enum status verify_bundle(const struct copy_of *of, const struct copy_keys *keys, struct view file, struct fault *fault)
{
    struct verify_options options = {.as_of_s = UINT64_MAX, .training = true}; /* the origin says which it is */
    struct verdict *verdict = calloc(1, sizeof *verdict);
    struct policy *policy = NULL;
    enum status status = verdict == NULL ? no_memory(fault) : copy_policy(of, keys, &policy, fault);

    if (status == STATUS_OK) {
        status = verify_file(of->hasher, policy, file, &options, verdict, fault);
        if (status == STATUS_OK && verdict->stop.status != 0) {
            status = fault_set(fault, verdict->stop.status == 1 ? STATUS_UNTRUSTED : STATUS_DAMAGED, FAULT_NOWHERE,
                               "it does not verify: %s: %.400s", verdict->stop.code, verdict->stop.text);
        }
        for (size_t i = 0; i < verdict->note_count && status == STATUS_OK; i++) {
            if (!may_stand(verdict->notes[i].code)) {
                status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "it does not verify: %s: %.400s", verdict->notes[i].code,
                                   verdict->notes[i].text);
            }
        }
        verdict_close(verdict);
    }
    policy_close(policy);
    free(verdict);
    return status;
}

static enum status open_bundle(const struct copy_of *of, struct copy_keys *keys, struct view file, struct copy *copy, struct fault *fault)
{
    struct copy_keys trusted = *keys;
    struct fault inner = {0};
    enum bundle_answer answer = bundle_decode(of->hasher, file, &copy->bundle, &inner);
    struct bundle *bundle = &copy->bundle;
    enum status status;

    copy->kind = COPY_BUNDLE;
    if (answer == BUNDLE_MEMORY) {
        return no_memory(fault);
    }
    if (answer != BUNDLE_OK) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "%s",
                         answer == BUNDLE_TRANSPORT ? "it is no whole bundle: damaged, cut off, or no bundle at all"
                                                    : "it is not a bundle that this program can read");
    }
    status = index_parts(of->hasher, copy, fault);
    if (status == STATUS_OK) {
        status = read_records(copy, &trusted, fault);
    }
    if (status == STATUS_OK) {
        status = copy_take_note(of, &trusted, bundle->view.note, copy, fault);
    }
    if (status == STATUS_OK) {
        status = verify_bundle(of, &trusted, file, fault);
    }
    /* Proven now: its keys, and with it the older and later views that it carries. */
    if (status == STATUS_OK) {
        *keys = trusted;
    }
    for (size_t i = 0; i < bundle->anchor_count && status == STATUS_OK; i++) {
        status = copy_take_note(of, keys, bundle->anchors[i].view.note, copy, fault);
    }
    if (status == STATUS_OK && bundle->has_vouched) {
        status = copy_take_note(of, keys, bundle->vouched.view.note, copy, fault);
    }
    return status;
}

/* ---- papers ---------------------------------------------------------------------------------- */

/* The PDF's own words are not looked at; what is proven by itself is the bundle in it. */
static enum status open_certificate(const struct copy_of *of, struct copy_keys *keys, struct view file, struct copy *copy, struct fault *fault)
{
    struct view bundle;
    struct view statement;
    struct fault inner = {0};

    copy->certified = true;
    if (pdf_extract(file, &bundle, &statement, &inner) != STATUS_OK) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "it is no certificate that this program can read: %.400s", inner.text);
    }
    return open_bundle(of, keys, bundle, copy, fault);
}

static enum status open_paper(const struct copy_of *of, const struct copy_keys *keys, struct view file, struct copy *out, struct fault *fault)
{
    struct shown shown = {0};
    struct fault inner = {0};
    enum status status = shown_read(of->hasher, file, &shown, &inner);

    if (status == STATUS_MEMORY) {
        return no_memory(fault);
    }
    if (status != STATUS_OK) {
        return fault_set(fault, status, FAULT_NOWHERE, "it shows no checkpoint that this program can read: %.400s", inner.text);
    }
    out->kind = shown.has_record ? COPY_RECEIPT : COPY_CHECKPOINT;
    out->index = shown.index;
    out->record = shown.record;
    out->shown = shown.note;
    return copy_take_note(of, keys, buffer_view(&out->shown), out, fault);
}

enum status copy_open_file(const struct copy_of *of, struct copy_keys *keys, struct view file, struct copy *out,
                           struct fault *fault)
{
    enum status status;

    *out = (struct copy){.kind = COPY_CHECKPOINT};
    if (file_kind(file) != FILE_BUNDLE) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is an exhibit, and proves by itself what it says: unbroken-verify --policy POLICY EXHIBIT");
    }
    if (pdf_is(file)) {
        status = open_certificate(of, keys, file, out, fault);
    } else if (paper_is_text(file)) {
        status = open_paper(of, keys, file, out, fault);
    } else {
        status = copy_is_text(file) ? copy_take_note(of, keys, file, out, fault) : open_bundle(of, keys, file, out, fault);
    }
    if (status != STATUS_OK) {
        copy_close(out);
    }
    return status;
}
