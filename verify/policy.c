/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy: answers whether a set of witnesses is enough.
 * Not here: reading the lines (policy_text), checking cosignatures (note).
 */
#include "verify/policy.h"

#include <assert.h>
#include <stdlib.h>

#include "verify/policy_text.h"
#include "verify/text.h"

static void mark_auditors(struct policy *policy)
{
    for (size_t i = 0; i < policy->witness_count; i++) {
        int group = policy->witness_parents[i];

        while (group != NO_GROUP && group != policy->auditors) {
            group = policy->groups[group].parent;
        }
        policy->witnesses[i].in_auditors = group != NO_GROUP;
    }
}

enum status policy_parse(struct hasher *hasher, struct view text, struct policy **out, struct fault *fault)
{
    struct policy *policy;
    enum status status;

    if (text.len > POLICY_BYTES_MAX) {
        return fault_set(fault, STATUS_DAMAGED, 1, "a policy of %zu bytes is longer than %d", text.len,
                         POLICY_BYTES_MAX);
    }
    policy = calloc(1, sizeof *policy);
    if (policy == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a policy");
    }
    policy->auditors = NO_GROUP;
    buffer_append_view(&policy->text, text);
    status = buffer_status(&policy->text, fault);
    if (status == STATUS_OK) {
        status = policy_text_parse(policy, hasher, fault);
    }
    if (status != STATUS_OK) {
        policy_close(policy);
        return status;
    }
    mark_auditors(policy);
    hash_data(hasher, buffer_view(&policy->text), &policy->hash);
    *out = policy;
    return STATUS_OK;
}

void policy_close(struct policy *policy)
{
    if (policy != NULL) {
        buffer_free(&policy->text);
        free(policy);
    }
}

/* ---- answers ---- */

size_t policy_log_count(const struct policy *policy)
{
    return policy->log_count;
}

const struct verifier_key *policy_log(const struct policy *policy, size_t i)
{
    assert(i < policy->log_count);
    return &policy->logs[i];
}

size_t policy_witness_count(const struct policy *policy)
{
    return policy->witness_count;
}

const struct policy_witness *policy_witness(const struct policy *policy, size_t i)
{
    assert(i < policy->witness_count);
    return &policy->witnesses[i];
}

bool policy_quorum_none(const struct policy *policy)
{
    return policy->quorum == QUORUM_NONE;
}

bool policy_has_auditors(const struct policy *policy)
{
    return policy->auditors != NO_GROUP;
}

const struct hash *policy_hash(const struct policy *policy)
{
    return &policy->hash;
}

/* Which groups have enough members that signed. */
static void groups_met(const struct policy *policy, const bool *signed_by, bool met[POLICY_GROUPS_MAX])
{
    size_t count[POLICY_GROUPS_MAX] = {0};

    for (size_t i = 0; i < policy->witness_count; i++) {
        if (signed_by[i] && policy->witness_parents[i] != NO_GROUP) {
            count[policy->witness_parents[i]] += 1;
        }
    }
    for (size_t g = 0; g < policy->group_count; g++) {
        met[g] = count[g] >= policy->groups[g].threshold;
        if (met[g] && policy->groups[g].parent != NO_GROUP) {
            count[policy->groups[g].parent] += 1;
        }
    }
}

bool policy_quorum_met(const struct policy *policy, const bool *signed_by)
{
    bool met[POLICY_GROUPS_MAX];

    if (policy->quorum == QUORUM_NONE) {
        return true;
    }
    if (policy->quorum == QUORUM_WITNESS) {
        return signed_by[policy->quorum_index];
    }
    groups_met(policy, signed_by, met);
    return met[policy->quorum_index];
}

/* A group as it stands: how many more of its members it needs, and how many it has that have not signed. */
static void count_open(const struct policy *policy, size_t group, const bool *signed_by, const bool *met, size_t *needed, size_t *open)
{
    size_t served = 0;

    *open = 0;
    for (size_t i = 0; i < policy->witness_count; i++) {
        served += policy->witness_parents[i] == (int)group && signed_by[i] ? 1u : 0u;
        *open += policy->witness_parents[i] == (int)group && !signed_by[i] ? 1u : 0u;
    }
    for (size_t g = 0; g < group; g++) {
        served += policy->groups[g].parent == (int)group && met[g] ? 1u : 0u;
        *open += policy->groups[g].parent == (int)group && !met[g] ? 1u : 0u;
    }
    *needed = policy->groups[group].threshold - served;
}

static void put_between(bool *first, const char *between, struct buffer *out)
{
    buffer_printf(out, "%s", *first ? "" : between);
    *first = false;
}

/*
 * What a group still needs; all that are left are joined by "and". A member that is the only one needs no brackets. Groups have members that were
 * defined before them, so this goes at most POLICY_GROUPS_MAX deep.
 */
static void put_group(const struct policy *policy, size_t group, const bool *signed_by, const bool *met, struct buffer *out)
{
    size_t needed, open;
    bool first = true;

    count_open(policy, group, signed_by, met, &needed, &open);
    const char *between = needed == open ? " and " : ", ";
    if (needed != open) {
        buffer_printf(out, "%zu more of ", needed);
    }
    for (size_t i = 0; i < policy->witness_count; i++) {
        if (policy->witness_parents[i] == (int)group && !signed_by[i]) {
            put_between(&first, between, out);
            text_escape(out, policy->witnesses[i].name);
        }
    }
    for (size_t g = 0; g < group; g++) {
        if (policy->groups[g].parent == (int)group && !met[g]) {
            size_t inner_needed, inner_open;

            count_open(policy, g, signed_by, met, &inner_needed, &inner_open);
            bool brackets = open > 1 && inner_open > 1;

            put_between(&first, between, out);
            buffer_printf(out, "%s", brackets ? "(" : "");
            put_group(policy, g, signed_by, met, out);
            buffer_printf(out, "%s", brackets ? ")" : "");
        }
    }
}

void policy_quorum_missing(const struct policy *policy, const bool *signed_by, struct buffer *out)
{
    bool met[POLICY_GROUPS_MAX];

    if (policy_quorum_met(policy, signed_by)) {
        return;
    }
    if (policy->quorum == QUORUM_WITNESS) {
        text_escape(out, policy->witnesses[policy->quorum_index].name);
        return;
    }
    groups_met(policy, signed_by, met);
    put_group(policy, policy->quorum_index, signed_by, met, out);
}

bool policy_auditors_met(const struct policy *policy, const bool *signed_by)
{
    bool met[POLICY_GROUPS_MAX];

    if (policy->auditors == NO_GROUP) {
        return false;
    }
    groups_met(policy, signed_by, met);
    return met[policy->auditors];
}

/*
 * Exact, because the groups are trees over distinct witnesses: what one member does never binds another.
 * Share the witnesses out between two histories A and B. A witness serves one of them. A group can always
 * be made to serve one alone; call it double if it can serve both at once. Of its n members, let d be
 * double: these count for both; of the n - d others x serve A and the rest serve B. Both reach the
 * threshold k when d + x >= k and d + (n - d - x) >= k, so k - d <= x <= n - k; since k <= n, such an x
 * between 0 and n - d exists exactly when k - d <= n - k, that is 2k <= n + d.
 */
bool policy_quorum_splits(const struct policy *policy)
{
    size_t doubles[POLICY_GROUPS_MAX] = {0};
    bool is_double[POLICY_GROUPS_MAX] = {false};

    for (size_t g = 0; g < policy->group_count; g++) {
        const struct policy_group *group = &policy->groups[g];

        is_double[g] = 2 * group->threshold <= group->member_count + doubles[g];
        if (is_double[g] && group->parent != NO_GROUP) {
            doubles[group->parent] += 1;
        }
    }
    return policy->quorum == QUORUM_NONE || (policy->quorum == QUORUM_GROUP && is_double[policy->quorum_index]);
}
