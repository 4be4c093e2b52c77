/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_views: V4 and V13: what witnesses, auditors and older checkpoints say about this one. Not here: V14 (check_since.c).
 */
#include "verify/check.h"

#include "verify/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define R(x) ((unsigned long long)(x))

static void escape_into(struct view text, char *out, size_t size)
{
    struct buffer escaped = { 0 };
    text_escape(&escaped, text);
    (void)snprintf(out, size, "%.*s", escaped.len > size - 1 ? (int)(size - 1) : (int)escaped.len,
                   escaped.ptr == NULL ? "" : (const char *)escaped.ptr);
    buffer_free(&escaped);
}

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
    escape_into(who, slot->who, sizeof slot->who);
    return STATUS_OK;
}

static enum status keep_witness(struct check *check, const struct policy_witness *witness, uint64_t time_s, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    void *witnesses = verdict->witnesses;
    if (!check_room(&witnesses, verdict->witness_count, &verdict->witness_cap, sizeof *verdict->witnesses)) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    verdict->witnesses = witnesses;
    struct verdict_witness *slot = &verdict->witnesses[verdict->witness_count++];
    escape_into(witness->name, slot->name, sizeof slot->name);
    slot->time_s = time_s;
    slot->auditor = witness->in_auditors;
    return STATUS_OK;
}

/* Which witnesses of the policy cosigned; a line of a known witness that fails is STATUS_UNTRUSTED. */
static enum status cosigned(struct check *check, const struct checkpoint *checkpoint, bool mine, bool *signed_by,
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
            (mine && keep_witness(check, witness, time_s, fault) != STATUS_OK)) {
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
    enum status status = cosigned(check, check->checkpoint, true, signed_by, fault);
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

bool check_station_signed(const struct check *check, const struct checkpoint *checkpoint)
{
    const struct subject *ledger = world_find(check->world, 0);
    const uint8_t *key = ledger == NULL || ledger->ledger == NULL ? NULL : station_key_at(ledger->ledger, checkpoint->size);
    struct verifier_key verifier = { .name = checkpoint->origin, .type = 1 };
    uint64_t time_s = 0;
    if (key == NULL) {
        return false;
    }
    verifier.key = (struct public_key){ .algorithm = KEY_ED25519, .len = ED25519_BYTES };
    memcpy(verifier.key.bytes, key, ED25519_BYTES);
    verifier_key_id(check->hasher, verifier.name, 1, key, verifier.id);
    return checkpoint_check(checkpoint, &verifier, &time_s) == NOTE_VALID;
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
    enum status status = cosigned(check, older, false, signed_by, fault);
    if (status == STATUS_UNTRUSTED || !check_station_signed(check, older) || !consistent(check, anchor, older, check->checkpoint)) {
        stop_set(check->stop, 1, "anchor", NOTHING, NOTHING,
                 "the checkpoint of size %llu is not one that this history continues, or a signature on it does not hold", R(older->size));
        return STATUS_OK;
    }
    return status == STATUS_OK ? keep_tokens(check, older, &anchor->view, fault) : status;
}

static enum status check_vouched(struct check *check, struct checkpoint *later, struct fault *fault)
{
    const struct bundle_anchor *vouched = &check->bundle.vouched;
    bool signed_by[POLICY_WITNESSES_MAX] = { false };
    bool known = false;
    if (!check->bundle.has_vouched) {
        return STATUS_OK;
    }
    bool right = check_view(check, vouched->view.note, later) && later->size >= check->checkpoint->size &&
                 check_log_signature(check->policy, later, &known) == NOTE_VALID &&
                 consistent(check, vouched, check->checkpoint, later);
    enum status status = right ? cosigned(check, later, false, signed_by, fault) : STATUS_UNTRUSTED;
    if (status == STATUS_UNTRUSTED) {
        stop_set(check->stop, 1, "vouched", NOTHING, NOTHING, "the later checkpoint that auditors vouch for does not continue this one");
        return STATUS_OK;
    }
    check->verdict->audited = check->verdict->audited || policy_auditors_met(check->policy, signed_by);
    return status;
}

enum status check_views(struct check *check, struct fault *fault)
{
    struct checkpoint *one = calloc(1, sizeof *one), *two = calloc(1, sizeof *two);
    uint64_t before = 0;
    enum status status = one == NULL || two == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                                    : keep_tokens(check, check->checkpoint, &check->bundle.view, fault);
    for (size_t i = 0; i < check->bundle.anchor_count && status == STATUS_OK && check->stop->status == 0; i++) {
        status = check_anchor(check, &check->bundle.anchors[i], one, &before, fault);
    }
    if (status == STATUS_OK && check->stop->status == 0 && !check_station_signed(check, check->checkpoint)) {
        check_note(check, "station-key", NOTHING, "the station's key has changed: ask for a new policy");
    }
    if (status == STATUS_OK && check->stop->status == 0) {
        status = check_vouched(check, one, fault);
    }
    if (status == STATUS_OK && check->stop->status == 0) {
        if (policy_has_auditors(check->policy) && !check->verdict->audited) {
            check_note(check, "auditors", NOTHING, "the policy names auditors, and none vouches for this checkpoint or a later one");
        }
        status = check_freshness(check, one, two, fault);
    }
    free(one);
    free(two);
    return status;
}
