/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit: what an auditor says on the ground of a mirror (SPEC 15): which breaches of custody its records show, what could not be checked, and for
 * which checkpoints he may sign as a witness. Breaches are published and hinder nothing; what contradicts the structure is never signed for.
 */
#ifndef UNBROKEN_LEDGER_AUDIT_H
#define UNBROKEN_LEDGER_AUDIT_H

#include "ledger/care.h"
#include "ledger/mirror.h"
#include "ledger/witness.h"

struct audit_report {
    struct fsck_report fsck;
    uint64_t size;     /* of the latest signed checkpoint; 0: none */
    struct hash root;  /* of that size */
    uint64_t breaches, findings; /* findings are no breaches */
    uint64_t unjudged; /* findings `orphan`: a thing that an adoption touched whose act is not here, and what would be a breach of it afterwards */
    bool refused;      /* the last pull met a contradiction */
    struct mirror_refusal refusal;
};

/*
 * Replays everything, as ledger_fsck, and looks at what is open at the end (SPEC 7.3.11, 15). listener is told of every finding and breach: those of a record in the order of the
 * records, then those of the end, by subject. Nothing that is damaged or contradicts is an error: see out->fsck.stop and refused.
 */
MUST_USE enum status audit_mirror(struct ledger *mirror, const struct progress *progress, const struct ledger_listener *listener,
                                  struct audit_report *out, struct fault *fault);

/* ---- the guard of a witness ------------------------------------------------------------------ */

struct audit_guard;
enum { AUDIT_MIRRORS_MAX = 64 };

MUST_USE enum status audit_guard_open(struct audit_guard **out, struct fault *fault);
void audit_guard_close(struct audit_guard *guard); /* accepts NULL */
/* One more mirror. Errors: as ledger_open; STATUS_REFUSED (no mirror, one of that ledger is there, too many). */
MUST_USE enum status audit_guard_add(struct audit_guard *guard, const char *dir, struct fault *fault);
/* The mirror that was added as number i (asserted). */
struct ledger *audit_guard_mirror(const struct audit_guard *guard, size_t i);
/*
 * For witness_set_guard: lives as long as the guard. STATUS_OK where the mirror's replayed records have that root at that size, the last of them its heads record. STATUS_MISSING: they do not
 * reach so far yet. STATUS_UNTRUSTED: no mirror of that ledger is here, another root, or the mirror has refused a record below that size.
 */
const struct witness_guard *audit_guard_of(struct audit_guard *guard);

/*
 * Asks the witness for its cosignature on the mirror's latest checkpoint, with the proof from the mirror's own tree. The witness must trust that
 * ledger's key. lines: the signature lines. Errors: STATUS_MISSING (the mirror has no checkpoint; or the guard's), STATUS_REFUSED, STATUS_UNTRUSTED with
 * what the witness answers.
 */
MUST_USE enum status audit_cosign(struct ledger *mirror, struct witness *witness, uint64_t now_s, struct buffer *lines, struct fault *fault);

#endif
