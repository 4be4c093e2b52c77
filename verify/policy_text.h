/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_text: the inside of a policy, for policy.c alone, and the reader of its lines.
 */
#ifndef UNBROKEN_VERIFY_POLICY_TEXT_H
#define UNBROKEN_VERIFY_POLICY_TEXT_H

#include "verify/policy.h"

enum { NO_GROUP = -1 };

/*
 * A name is a member of at most one group, and of groups defined later only: so the groups are trees, and
 * each node needs only its parent. Going through the groups in their order meets children before parents.
 */
struct policy_group {
    struct view name;
    size_t threshold;
    size_t member_count;
    int parent; /* index of a later group, or NO_GROUP */
};

enum quorum_kind { QUORUM_UNSET, QUORUM_NONE, QUORUM_WITNESS, QUORUM_GROUP };

struct policy {
    struct buffer text; /* what the views of this struct borrow */
    struct hash hash;
    size_t log_count;
    size_t witness_count;
    size_t group_count;
    struct verifier_key logs[POLICY_LOGS_MAX];
    struct policy_witness witnesses[POLICY_WITNESSES_MAX];
    int witness_parents[POLICY_WITNESSES_MAX];
    struct policy_group groups[POLICY_GROUPS_MAX];
    enum quorum_kind quorum;
    size_t quorum_index;
    int auditors; /* index of the group "auditors", or NO_GROUP */
};

/*
 * Reads policy->text into the rest of *policy, which is otherwise zero but for auditors = NO_GROUP.
 * Errors: STATUS_DAMAGED (at = line number from 1), STATUS_MEMORY.
 */
MUST_USE enum status policy_text_parse(struct policy *policy, struct hasher *hasher, struct fault *fault);

#endif
