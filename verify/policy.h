/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy: C2SP tlog-policy: which logs and witnesses a court trusts, and how many witnesses must
 * have cosigned. One group name is reserved: "auditors" (SPEC 9.2).
 * Stricter than C2SP in two things: a log's key may not also be a witness's (nobody vouches for himself),
 * and no witness may be named "auditors". Logs have keys of type 1, witnesses of type 4.
 */
#ifndef UNBROKEN_VERIFY_POLICY_H
#define UNBROKEN_VERIFY_POLICY_H

#include "verify/note.h"

enum { POLICY_LOGS_MAX = 32, POLICY_WITNESSES_MAX = 64, POLICY_GROUPS_MAX = 32, POLICY_BYTES_MAX = 65536 };

struct policy_witness {
    struct view name;
    struct verifier_key key;
    struct view url; /* where it answers; empty: not said. It says where to go, not whom to trust */
    bool in_auditors; /* member, directly or through nested groups, of the group named "auditors" */
};

struct policy; /* opaque; owns a copy of the text that its views borrow */

/* Errors: STATUS_DAMAGED, fault->at = line number from 1, text names line and rule. */
MUST_USE enum status policy_parse(struct hasher *hasher, struct view text, struct policy **out, struct fault *fault);
void policy_close(struct policy *policy); /* accepts NULL */

size_t policy_log_count(const struct policy *policy);
const struct verifier_key *policy_log(const struct policy *policy, size_t i);
size_t policy_witness_count(const struct policy *policy);
const struct policy_witness *policy_witness(const struct policy *policy, size_t i);

/* "quorum none" */
bool policy_quorum_none(const struct policy *policy);
bool policy_has_auditors(const struct policy *policy);
/* signed_by[i] says whether witness i has cosigned. True when the quorum holds. */
bool policy_quorum_met(const struct policy *policy, const bool *signed_by);
/*
 * What would meet it, appended as text: "court.example/w", "1 more of a, b", "a and d and (1 more of b, c)". Names as the policy has them, escaped.
 * Nothing when it is met.
 */
void policy_quorum_missing(const struct policy *policy, const bool *signed_by, struct buffer *out);
/* The same for the group "auditors"; false when there is none. */
bool policy_auditors_met(const struct policy *policy, const bool *signed_by);
/* True when two disjoint sets of witnesses could each satisfy the quorum (a split view is possible). */
bool policy_quorum_splits(const struct policy *policy);
/* SHA-256 of the policy's bytes, for comparison with a published copy. */
const struct hash *policy_hash(const struct policy *policy);

#endif
