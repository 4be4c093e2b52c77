/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_check: see the header.
 */
#include "tests/support/sample_check.h"

#include "tests/support/sample_keys.h"
#include "tests/support/vectors.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void give_up(const char *what, const char *why)
{
    (void)fprintf(stderr, "sample_check: %s: %s\n", what, why);
    exit(125);
}

static void allocate(struct check *check)
{
    check->checkpoint = calloc(1, sizeof *check->checkpoint);
    check->record = calloc(1, sizeof *check->record);
    check->other_record = calloc(1, sizeof *check->other_record);
    check->act = calloc(1, sizeof *check->act);
    check->other_act = calloc(1, sizeof *check->other_act);
    check->sheet_hashes = calloc(check->bundle.sheet_count + 1, sizeof(struct hash));
    check->digests = calloc(check->bundle.disclosure_count + 1, sizeof(struct hash));
    check->attachment_hashes = calloc(check->bundle.attachment_count + 1, sizeof(struct hash));
    check->sheet_names = calloc(check->bundle.sheet_count + 1, sizeof *check->sheet_names);
    if (check->sheet_names == NULL || check->checkpoint == NULL || check->record == NULL || check->other_record == NULL || check->act == NULL ||
        check->other_act == NULL || check->sheet_hashes == NULL || check->digests == NULL || check->attachment_hashes == NULL) {
        give_up("memory", "none left");
    }
}

void sample_check_open(struct sample_check *s, const char *file, const char *policy)
{
    struct check *check = &s->check;

    memset(s, 0, sizeof *s);
    if (key_initialise(&s->fault) != STATUS_OK || hasher_open(&s->hasher, &s->fault) != STATUS_OK) {
        give_up("libraries", s->fault.text);
    }
    vectors_read(file, &s->file);
    vectors_read(policy, &s->policy_text);
    if (policy_parse(s->hasher, buffer_view(&s->policy_text), &s->policy, &s->fault) != STATUS_OK) {
        give_up(policy, s->fault.text);
    }
    s->options.as_of_s = NOTHING;
    *check = (struct check){.hasher = s->hasher, .policy = s->policy, .options = &s->options, .verdict = &s->verdict,
                            .stop = &s->verdict.stop};
    if (bundle_decode(s->hasher, buffer_view(&s->file), &check->bundle, &s->fault) != BUNDLE_OK) {
        give_up(file, s->fault.text);
    }
    allocate(check);
    if (checkpoint_parse(check->bundle.view.note, check->checkpoint, &s->fault) != STATUS_OK) {
        give_up(file, s->fault.text);
    }
    for (size_t i = 0; i < check->bundle.sheet_count; i++) {
        sheet_hash(s->hasher, check->bundle.sheets[i], &check->sheet_hashes[i]);
    }
    for (size_t i = 0; i < check->bundle.disclosure_count; i++) {
        hash_data(s->hasher, check->bundle.disclosures[i], &check->digests[i]);
    }
    for (size_t i = 0; i < check->bundle.attachment_count; i++) {
        hash_data(s->hasher, check->bundle.attachments[i], &check->attachment_hashes[i]);
    }
}

void sample_check_close(struct sample_check *s)
{
    struct check *check = &s->check;
    for (size_t i = 0; i < check->bundle.sheet_count; i++) {
        free(check->sheet_names[i].names);
    }
    void *const owned[] = {check->checkpoint, check->rows, check->briefs, check->sheet_names, check->links, check->threads,
                           check->leaves, check->sheet_hashes,
                           check->digests, check->attachment_hashes, check->sheet_used, check->disclosure_used,
                           check->attachment_used, check->seen_used, check->seen_roots, check->lodges,
                           check->record, check->other_record, check->act, check->other_act};

    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        free(owned[i]);
    }
    for (size_t i = 0; i < s->made_count; i++) {
        buffer_free(&s->made[i]);
    }
    free(s->edited_record);
    free(s->edited_act);
    buffer_free(&check->bytes);
    extents_free(&check->extents);
    bundle_close(&check->bundle);
    world_close(check->world);
    verdict_close(&s->verdict);
    policy_close(s->policy);
    hasher_close(s->hasher);
    buffer_free(&s->file);
    buffer_free(&s->policy_text);
    memset(s, 0, sizeof *s);
}

void sample_check_run(struct sample_check *s, enum sample_step first, enum sample_step before)
{
    enum status (*const steps[AT_END])(struct check *, struct fault *) = {
        check_records, check_threads, check_acts, check_closure, check_details, check_custody, check_views};

    if (first == AT_RECORDS && check_ends(&s->check, &s->fault) != STATUS_OK) {
        give_up("the ends", s->fault.text);
    }
    for (int i = (int)first; i < (int)before && s->verdict.stop.status == 0; i++) {
        if (steps[i](&s->check, &s->fault) != STATUS_OK) {
            give_up("a step", s->fault.text);
        }
    }
}

const char *sample_check_code(const struct sample_check *s)
{
    return s->verdict.stop.status == 0 ? "" : s->verdict.stop.code;
}

size_t sample_check_findings(const struct sample_check *s, const char *code)
{
    size_t count = 0;

    for (size_t i = 0; i < s->verdict.finding_count; i++) {
        count += strcmp(s->verdict.findings[i].code, code) == 0 ? 1 : 0;
    }
    return count;
}

struct row *sample_check_row(struct sample_check *s, uint64_t index)
{
    for (size_t i = 0; i < s->check.row_count; i++) {
        if (s->check.rows[i].index == index) {
            return &s->check.rows[i];
        }
    }
    give_up("a row", "not in the bundle");
    return NULL;
}

struct act *sample_check_edit(struct sample_check *s, uint64_t index)
{
    s->edited = sample_check_row(s, index);
    if (s->edited_act == NULL) {
        s->edited_record = calloc(1, sizeof *s->edited_record);
        s->edited_act = calloc(1, sizeof *s->edited_act);
    }
    if (s->edited_record == NULL || s->edited_act == NULL || !check_decode(s->edited, s->edited_record, s->edited_act)) {
        give_up("an act", "not decoded");
    }
    return s->edited_act;
}

void sample_check_resign(struct sample_check *s)
{
    static const char *const names[] = {NULL, "anna", "boris", "chan", "dara"};
    struct act *act = s->edited_act;
    struct buffer payload = {0}, message = {0}, whole = {0};

    assert(s->made_count < SAMPLE_MADE);
    payload_encode(act, &payload);
    for (size_t i = 0; i < act->signer_count; i++) {
        assert(act->signers[i].person >= 1 && act->signers[i].person <= 4);
        buffer_reset(&message);
        signed_bytes(act->signatures[i].header, buffer_view(&payload), &message);
        sample_signature(names[act->signers[i].person], buffer_view(&message), act->signatures[i].value);
    }
    act_encode(buffer_view(&payload), act->signatures, act->signer_count, &whole);
    s->edited_record->act = buffer_view(&whole);
    record_encode(s->edited_record, &s->made[s->made_count]);
    s->edited->bytes = buffer_view(&s->made[s->made_count++]);
    buffer_free(&payload);
    buffer_free(&message);
    buffer_free(&whole);
}

static const struct merkle_path *nodes_of(const struct bundle *bundle, struct bundle_path path, struct merkle_path *out)
{
    bool short_enough = bundle_path_nodes(bundle, path, out);

    assert(short_enough);
    (void)short_enough;
    return out;
}

static void put_proofs(struct bundle_writer *writer, const struct bundle *bundle)
{
    struct merkle_path path;

    for (size_t i = 0; i < bundle->record_count; i++) {
        bundle_put_record(writer, bundle->records[i].bytes, nodes_of(bundle, bundle->records[i].path, &path));
    }
    for (size_t i = 0; i < bundle->leaf_count; i++) {
        bundle_put_leaf(writer, bundle->leaves[i].bytes, nodes_of(bundle, bundle->leaves[i].path, &path));
    }
    for (size_t i = 0; i < bundle->seen_count; i++) {
        bundle_put_seen(writer, bundle->seen[i].size, nodes_of(bundle, bundle->seen[i].path, &path));
    }
    for (size_t i = 0; i < bundle->anchor_count; i++) {
        const struct bundle_view *view = &bundle->anchors[i].view;

        bundle_put_anchor(writer, view->note, bundle->tokens + view->token_first, view->token_count,
                          nodes_of(bundle, bundle->anchors[i].path, &path));
    }
    if (bundle->has_vouched) {
        const struct bundle_view *view = &bundle->vouched.view;

        bundle_put_vouched(writer, view->note, bundle->tokens + view->token_first, view->token_count,
                           nodes_of(bundle, bundle->vouched.path, &path));
    }
}

void sample_bundle_write(struct hasher *hasher, const struct bundle *bundle, struct buffer *out)
{
    struct bundle_writer *writer = NULL;
    struct fault fault = {0};

    if (bundle_writer_open(hasher, &writer, &fault) != STATUS_OK) {
        give_up("bundle writer", fault.text);
    }
    bundle_put_view(writer, bundle->view.note, bundle->tokens + bundle->view.token_first, bundle->view.token_count);
    for (size_t i = 0; i < bundle->asked_count; i++) {
        bundle_put_asked(writer, bundle->asked[i]);
    }
    put_proofs(writer, bundle);
    for (size_t i = 0; i < bundle->sheet_count; i++) {
        bundle_put_sheet(writer, bundle->sheets[i]);
    }
    for (size_t i = 0; i < bundle->disclosure_count; i++) {
        bundle_put_disclosure(writer, bundle->disclosures[i]);
    }
    for (size_t i = 0; i < bundle->attachment_count; i++) {
        bundle_put_attachment(writer, bundle->attachments[i]);
    }
    for (size_t i = 0; i < bundle->other_count; i++) {
        bundle_put_other(writer, bundle->others[i]);
    }
    if (bundle_write(writer, out, &fault) != STATUS_OK) {
        give_up("bundle writer", fault.text);
    }
    bundle_writer_close(writer);
}
