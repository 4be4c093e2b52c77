/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy: opening. A bundle is checked against a policy that names this ledger and the station keys that are known or that the bundle itself gives
 * in the thread of subject 0: the ledger's name pins the founders, the founders sign station keys, and V13 asks whether the key was in force.
 */
#include "ledger/copy.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ledger/files.h"
#include "ledger/station.h"
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
    return file.len > 0 && file.ptr[0] < 0x80; /* a bundle begins with a CBOR array */
}

void copy_close(struct copy *copy)
{
    free(copy->notes);
    bundle_close(&copy->bundle);
    free(copy->indexes);
    free(copy->sheets);
    free(copy->digests);
    free(copy->files);
    copy_held_free(&copy->held);
    ledger_abort(copy->txn);
    ledger_close(copy->ledger);
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

/* Of this ledger, and signed: then it is kept. */
static enum status take_note(struct ledger *ours, const struct copy_keys *keys, struct view bytes, struct copy *copy,
                             struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    struct fault inner = {0};
    enum status status;

    if (checkpoint == NULL) {
        return no_memory(fault);
    }
    if (checkpoint_parse(bytes, checkpoint, &inner) != STATUS_OK || checkpoint->size == 0) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "it is neither a checkpoint nor a bundle");
    } else if (!view_equal(checkpoint->origin, view_text(ours->origin))) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is of another ledger");
    } else if (!signed_by_any(ours->hasher, keys, checkpoint)) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "it is not signed by a station key of this ledger, or its signature does not hold");
    } else {
        status = add_note(copy, bytes, checkpoint, fault);
    }
    free(checkpoint);
    return status;
}

/* ---- bundles --------------------------------------------------------------------------------- */

/* Indexes of the records; station keys that the founding and acts of registrars give, before anything is proven. */
static enum status read_records(struct copy *copy, struct copy_keys *keys, struct fault *fault)
{
    struct record *record = malloc(sizeof *record);
    struct act *act = malloc(sizeof *act);
    enum status status = record == NULL || act == NULL ? no_memory(fault) : STATUS_OK;

    for (size_t i = 0; i < copy->bundle.record_count && status == STATUS_OK; i++) {
        struct fault ignored = {0};

        if (record_decode(copy->bundle.records[i].bytes, record, &ignored) != STATUS_OK) {
            copy->indexes[i] = record->index; /* verify will say what is wrong */
            continue;
        }
        copy->indexes[i] = record->index;
        if (record->type != RECORD_ACT || record_link(record, 0) == NULL || act_decode(record->act, act, &ignored) != STATUS_OK) {
            continue;
        }
        if ((act->present & BIT(PAY_FOUNDING)) != 0) {
            copy_keys_add(keys, act->founding.station);
        } else if ((act->entries[0].facts.present & BIT(FACT_STATION)) != 0) {
            copy_keys_add(keys, act->entries[0].facts.station);
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
    if (copy->indexes == NULL || copy->sheets == NULL || copy->digests == NULL || copy->files == NULL) {
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

static enum status make_policy(const struct ledger *ours, const struct copy_keys *keys, struct policy **out, struct fault *fault)
{
    struct buffer text = {0};
    enum status status;

    for (size_t i = 0; i < keys->count && i < POLICY_LOGS_MAX; i++) {
        buffer_printf(&text, "log ");
        verifier_key_format(ours->hasher, view_text(ours->origin), 1, keys->keys[i], &text);
        buffer_printf(&text, "\n");
    }
    buffer_printf(&text, "quorum none\n");
    status = buffer_status(&text, fault);
    if (status == STATUS_OK) {
        status = policy_parse(ours->hasher, buffer_view(&text), out, fault);
    }
    buffer_free(&text);
    return status;
}

/* Notes that say nothing against the records: an orphan's bytes withheld, an act of a later version, a bundle of another ledger inside. */
static bool may_stand(const char *code)
{
    return strcmp(code, "orphan") == 0 || strcmp(code, "unknown-kind") == 0 || strcmp(code, "other") == 0;
}

static enum status verify_bundle(struct ledger *ours, const struct copy_keys *keys, struct view file, struct fault *fault)
{
    struct verify_options options = {.as_of_s = UINT64_MAX, .training = ours->identity.training};
    struct verdict *verdict = calloc(1, sizeof *verdict);
    struct policy *policy = NULL;
    enum status status = verdict == NULL ? no_memory(fault) : make_policy(ours, keys, &policy, fault);

    if (status == STATUS_OK) {
        status = verify_file(ours->hasher, policy, file, &options, verdict, fault);
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

static enum status open_bundle(struct ledger *ours, struct copy_keys *keys, struct view file, struct copy *copy, struct fault *fault)
{
    struct copy_keys trusted = *keys;
    struct fault inner = {0};
    enum bundle_answer answer = bundle_decode(ours->hasher, file, &copy->bundle, &inner);
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
    status = index_parts(ours->hasher, copy, fault);
    if (status == STATUS_OK) {
        status = read_records(copy, &trusted, fault);
    }
    if (status == STATUS_OK) {
        status = take_note(ours, &trusted, bundle->view.note, copy, fault);
    }
    if (status == STATUS_OK) {
        status = verify_bundle(ours, &trusted, file, fault);
    }
    /* Proven now: its keys, and with it the older and later views that it carries. */
    if (status == STATUS_OK) {
        *keys = trusted;
    }
    for (size_t i = 0; i < bundle->anchor_count && status == STATUS_OK; i++) {
        status = take_note(ours, keys, bundle->anchors[i].view.note, copy, fault);
    }
    if (status == STATUS_OK && bundle->has_vouched) {
        status = take_note(ours, keys, bundle->vouched.view.note, copy, fault);
    }
    return status;
}

enum status copy_open_file(struct ledger *ours, struct copy_keys *keys, struct view file, struct copy *out,
                           struct fault *fault)
{
    enum status status;

    *out = (struct copy){.kind = COPY_CHECKPOINT};
    status = copy_is_text(file) ? take_note(ours, keys, file, out, fault) : open_bundle(ours, keys, file, out, fault);
    if (status != STATUS_OK) {
        copy_close(out);
    }
    return status;
}

/* ---- ledger directories ---------------------------------------------------------------------- */

/* One process must not open the same database twice. */
static enum status check_other(const struct ledger *ours, const char *dir, struct fault *fault)
{
    char *here = files_path(ours->dir, "data.mdb");
    char *there = files_path(dir, "data.mdb");
    struct stat a;
    struct stat b;
    enum status status = here == NULL || there == NULL ? no_memory(fault) : STATUS_OK;

    if (status == STATUS_OK && stat(there, &b) != 0) {
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "there is no ledger in it");
    }
    if (status == STATUS_OK && stat(here, &a) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is this ledger itself");
    }
    free(here);
    free(there);
    return status;
}

static enum status list_notes(struct ledger *ours, const struct copy_keys *keys, struct copy *copy, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_CHECKPOINT);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    enum status status = store_walk(copy->txn->store, keys_view(&prefix), NULL, &cursor, fault);

    while (status == STATUS_OK) {
        status = store_next(cursor, &key, &value, fault);
        if (status == STATUS_OK && key.len > prefix.len) {
            status = take_note(ours, keys, value, copy, fault);
        }
    }
    store_walk_end(cursor);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

enum status copy_open_ledger(struct ledger *ours, struct copy_keys *keys, const char *dir, struct copy *out, struct fault *fault)
{
    enum status status = check_other(ours, dir, fault);

    *out = (struct copy){.kind = COPY_LEDGER};
    if (status == STATUS_OK) {
        status = ledger_open(dir, LEDGER_READ, NULL, &out->ledger, fault);
    }
    if (status == STATUS_OK && !hash_equal(&out->ledger->identity.id, &ours->identity.id)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is another ledger: %s", ledger_origin(out->ledger));
    }
    if (status == STATUS_OK) {
        for (size_t i = 0; i < out->ledger->identity.key_count; i++) {
            copy_keys_add(keys, out->ledger->identity.keys[i].key);
        }
        status = ledger_begin(out->ledger, false, &out->txn, fault);
    }
    if (status == STATUS_OK) {
        status = list_notes(ours, keys, out, fault);
    }
    if (status != STATUS_OK) {
        copy_close(out);
    }
    return status;
}
