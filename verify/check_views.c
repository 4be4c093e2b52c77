/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_views: V4 and V13: what witnesses, auditors and older checkpoints say about this one. Not here: what records quote (times.c), V14
 * (check_since.c).
 */
#include "verify/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define R(x) ((unsigned long long)(x))

static enum status keep_time(struct check *check, uint64_t size, uint64_t time_s, struct view who, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    void *times = verdict->times;
    if (!check_room(&times, verdict->time_count, &verdict->time_cap, sizeof *verdict->times)) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    verdict->times = times;
    struct verdict_time *slot = &verdict->times[verdict->time_count++];
    slot->size = size;
    slot->time_s = time_s;
    check_escape(who, slot->who, sizeof slot->who);
    return STATUS_OK;
}

/* Whose view it is that witnesses have cosigned. */
enum view_place { VIEW_OLDER, VIEW_THIS, VIEW_LATER };

static enum status keep_witness(struct check *check, const struct policy_witness *witness, enum view_place place, uint64_t size, uint64_t time_s,
                                struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    bool here = place == VIEW_THIS;
    void *list = here ? verdict->witnesses : verdict->later;
    size_t *count = here ? &verdict->witness_count : &verdict->later_count;
    if (!check_room(&list, *count, here ? &verdict->witness_cap : &verdict->later_cap, sizeof *verdict->witnesses)) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    *(here ? &verdict->witnesses : &verdict->later) = list;
    struct verdict_witness *slot = (struct verdict_witness *)list + (*count)++;
    check_escape(witness->name, slot->name, sizeof slot->name);
    slot->size = size;
    slot->time_s = time_s;
    slot->auditor = witness->in_auditors;
    return STATUS_OK;
}

/* Which witnesses of the policy cosigned; a line of a known witness that fails is STATUS_UNTRUSTED. */
static enum status cosigned(struct check *check, const struct checkpoint *checkpoint, enum view_place place, bool *signed_by,
                            struct fault *fault)
{
    for (size_t i = 0; i < policy_witness_count(check->policy); i++) {
        const struct policy_witness *witness = policy_witness(check->policy, i);
        uint64_t time_s = 0;
        enum note_answer answer = checkpoint_check(checkpoint, &witness->key, &time_s);
        signed_by[i] = answer == NOTE_VALID;
        if (answer == NOTE_FAILED || answer == NOTE_DISAGREED) {
            return STATUS_UNTRUSTED;
        }
        if (answer != NOTE_VALID) {
            continue;
        }
        if (keep_time(check, checkpoint->size, time_s, witness->name, fault) != STATUS_OK ||
            (place != VIEW_OLDER && keep_witness(check, witness, place, checkpoint->size, time_s, fault) != STATUS_OK)) {
            return STATUS_MEMORY;
        }
    }
    return STATUS_OK;
}

/* RFC 3161 tokens over a note's text; those that do not hold are findings, never more (trust is by option). */
static enum status keep_tokens(struct check *check, const struct checkpoint *checkpoint, const struct bundle_view *view,
                               struct fault *fault)
{
    struct hash imprint;
    hash_data(check->hasher, checkpoint->text, &imprint);
    enum status status = STATUS_OK;
    for (size_t i = 0; check->options->tsa != NULL && i < view->token_count && status == STATUS_OK; i++) {
        struct buffer name = { 0 };
        struct fault why = { 0 };
        uint64_t time_s = 0;
        if (token_check(check->options->tsa, check->bundle.tokens[view->token_first + i], &imprint, &time_s, &name, &why) == STATUS_OK) {
            status = keep_time(check, checkpoint->size, time_s, buffer_view(&name), fault);
        } else {
            struct finding finding = { .code = "token", .record = NOTHING, .subject = NOTHING };
            (void)snprintf(finding.text, sizeof finding.text, "a time-stamp token is not used: %.250s", why.text);
            check->source.report(check->source.context, &finding);
        }
        buffer_free(&name);
    }
    return status;
}

enum status check_witnesses(struct check *check, struct fault *fault)
{
    bool signed_by[POLICY_WITNESSES_MAX] = { false };
    enum status status = cosigned(check, check->checkpoint, VIEW_THIS, signed_by, fault);
    if (status == STATUS_UNTRUSTED) {
        stop_set(check->stop, 1, "cosignature", NOTHING, NOTHING, "a witness's signature on the checkpoint does not hold");
        return STATUS_OK;
    }
    check->verdict->quorum_none = policy_quorum_none(check->policy);
    check->verdict->quorum_splits = policy_quorum_splits(check->policy);
    check->verdict->audited = policy_auditors_met(check->policy, signed_by);
    if (status == STATUS_OK && !policy_quorum_none(check->policy) && !policy_quorum_met(check->policy, signed_by)) {
        check_note(check, "quorum", NOTHING, "too few of the policy's witnesses have cosigned this checkpoint");
    }
    return status;
}

/* --- V13 --- */

static bool signed_by_key(const struct check *check, const struct checkpoint *checkpoint, const uint8_t *key)
{
    struct verifier_key verifier = { .name = checkpoint->origin, .type = 1 };
    uint64_t time_s = 0;
    verifier.key = (struct public_key){ .algorithm = KEY_ED25519, .len = ED25519_BYTES };
    memcpy(verifier.key.bytes, key, ED25519_BYTES);
    verifier_key_id(check->hasher, verifier.name, 1, key, verifier.id);
    return checkpoint_check(checkpoint, &verifier, &time_s) == NOTE_VALID;
}

static bool is_station_key(const struct ledger_state *ledger, const struct public_key *key)
{
    bool is = false;
    for (size_t i = 0; i < ledger->key_count; i++) {
        is = is || memcmp(ledger->keys[i].key, key->bytes, ED25519_BYTES) == 0;
    }
    return is;
}

enum check_signer check_signer(const struct check *check, const struct checkpoint *checkpoint)
{
    const struct subject *subject = world_find(check->world, 0);
    const struct ledger_state *ledger = subject == NULL ? NULL : subject->ledger;
    const uint8_t *in_force = ledger == NULL ? NULL : station_key_at(ledger, checkpoint->size);
    enum check_signer signer = SIGNER_NOBODY;
    uint64_t time_s = 0;
    if (in_force == NULL || signed_by_key(check, checkpoint, in_force)) {
        return in_force == NULL ? SIGNER_NOBODY : SIGNER_STATION;
    }
    for (size_t i = 0; i < policy_log_count(check->policy) && signer != SIGNER_REPLACED; i++) {
        const struct verifier_key *key = policy_log(check->policy, i);
        if (view_equal(key->name, checkpoint->origin) && checkpoint_check(checkpoint, key, &time_s) == NOTE_VALID) {
            signer = is_station_key(ledger, &key->key) ? SIGNER_REPLACED : SIGNER_POLICY;
        }
    }
    return signer;
}

const struct hash *check_proven_root(const struct check *check, uint64_t size)
{
    const struct bundle *bundle = &check->bundle;
    size_t low = 0, high = bundle->seen_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (bundle->seen[middle].size < size) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < bundle->seen_count && bundle->seen[low].size == size) {
        return &check->seen_roots[low];
    }
    for (low = 0, high = check->anchor_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (check->anchors[middle].size < size) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return size == check->checkpoint->size                                      ? &check->checkpoint->root
           : low < check->anchor_count && check->anchors[low].size == size      ? &check->anchors[low].root
           : check->vouched.size == size && size > 0                            ? &check->vouched.root
                                                                                : NULL;
}

static bool consistent(const struct check *check, const struct bundle_anchor *anchor, const struct checkpoint *older,
                       const struct checkpoint *newer)
{
    struct merkle_path path;
    return bundle_path_nodes(&check->bundle, anchor->path, &path) &&
           merkle_check_consistency(check->hasher, older->size, &older->root, newer->size, &newer->root, path.nodes, path.count);
}

static enum status check_anchor(struct check *check, const struct bundle_anchor *anchor, struct checkpoint *older,
                                uint64_t *before, struct fault *fault)
{
    bool signed_by[POLICY_WITNESSES_MAX] = { false };
    if (!check_view(check, anchor->view.note, older) || older->size > check->checkpoint->size || older->size <= *before) {
        stop_set(check->stop, 2, "unreadable", NOTHING, NOTHING, "an older checkpoint in the bundle is malformed, foreign or out of order");
        return STATUS_OK;
    }
    *before = older->size;
    enum status status = cosigned(check, older, VIEW_OLDER, signed_by, fault);
    if (status == STATUS_UNTRUSTED || check_signer(check, older) != SIGNER_STATION || !consistent(check, anchor, older, check->checkpoint)) {
        stop_set(check->stop, 1, "anchor", NOTHING, NOTHING,
                 "the checkpoint of size %llu is not one that this history continues, or a signature on it does not hold", R(older->size));
        return STATUS_OK;
    }
    check->anchors[check->anchor_count++] = (struct sized_root){ .size = older->size, .root = older->root };
    return status == STATUS_OK ? keep_tokens(check, older, &anchor->view, fault) : status;
}

/* A station's or, above n, a later key that the ledger cannot know yet; never one that it has replaced. */
static bool speaks_for_station(enum check_signer signer)
{
    return signer == SIGNER_STATION || signer == SIGNER_POLICY;
}

static enum status check_vouched(struct check *check, struct checkpoint *later, struct fault *fault)
{
    const struct bundle_anchor *vouched = &check->bundle.vouched;
    bool signed_by[POLICY_WITNESSES_MAX] = { false };
    bool known = false;
    if (!check->bundle.has_vouched) {
        return STATUS_OK;
    }
    bool readable = check_view(check, vouched->view.note, later) && later->size >= check->checkpoint->size;
    enum note_answer log = readable ? check_log_signature(check->policy, later, &known) : NOTE_FAILED;
    bool right = (log == NOTE_VALID || log == NOTE_UNSIGNED) && speaks_for_station(check_signer(check, later)) &&
                 consistent(check, vouched, check->checkpoint, later);
    enum status status = right ? cosigned(check, later, VIEW_LATER, signed_by, fault) : STATUS_UNTRUSTED;
    if (status == STATUS_UNTRUSTED) {
        stop_set(check->stop, 1, "vouched", NOTHING, NOTHING, "the later checkpoint that auditors vouch for does not continue this one");
        return STATUS_OK;
    }
    check->vouched = (struct sized_root){ .size = later->size, .root = later->root };
    check->verdict->audited_later = !check->verdict->audited && policy_auditors_met(check->policy, signed_by);
    check->verdict->audited = check->verdict->audited || check->verdict->audited_later;
    return status == STATUS_OK ? keep_tokens(check, later, &vouched->view, fault) : status;
}

static void check_station_key(struct check *check)
{
    switch (check_signer(check, check->checkpoint)) {
    case SIGNER_STATION:
        return;
    case SIGNER_REPLACED:
        stop_set(check->stop, 1, "station-key", NOTHING, NOTHING,
                 "the checkpoint is signed with a station key that a record in this file has replaced: whoever has that key signed another ending");
        return;
    case SIGNER_POLICY:
    case SIGNER_NOBODY:
        check_note(check, "station-key", NOTHING, "the policy's key for this ledger is none that the ledger knows: ask for a new policy");
        return;
    }
}

static enum status check_all(struct check *check, struct checkpoint *scratch, struct fault *fault)
{
    uint64_t before = 0;
    enum status status = keep_tokens(check, check->checkpoint, &check->bundle.view, fault);
    for (size_t i = 0; i < check->bundle.anchor_count && status == STATUS_OK && check->stop->status == 0; i++) {
        status = check_anchor(check, &check->bundle.anchors[i], scratch, &before, fault);
    }
    if (status == STATUS_OK && check->stop->status == 0) {
        check_station_key(check);
    }
    if (status == STATUS_OK && check->stop->status == 0) {
        status = check_vouched(check, scratch, fault);
    }
    if (status == STATUS_OK && check->stop->status == 0) {
        if (policy_has_auditors(check->policy) && !check->verdict->audited) {
            check_note(check, "auditors", NOTHING, "the policy names auditors, and none vouches for this checkpoint or a later one");
        }
        status = check_quotes(check, fault);
        check_sort_findings(check);
    }
    return status == STATUS_OK && check->stop->status == 0 ? check_freshness(check, scratch, fault) : status;
}

enum status check_views(struct check *check, struct fault *fault)
{
    struct checkpoint *scratch = calloc(1, sizeof *scratch);
    check->anchors = calloc(check->bundle.anchor_count + 1, sizeof *check->anchors);
    enum status status = scratch == NULL || check->anchors == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                                                   : check_all(check, scratch, fault);
    free(scratch);
    return status;
}
