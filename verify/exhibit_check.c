/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exhibit_check: V16. Not here: the layout of exhibits (exhibit.c).
 */
#include "verify/exhibit.h"
#include "verify/text.h"

#include <stdlib.h>
#include <string.h>

static void no_exhibit(struct verdict *verdict, const char *why)
{
    stop_set(&verdict->stop, 2, "no-exhibit", NOTHING, NOTHING, "the file proves nothing: %s", why);
}

/* A note of the policy's log; anything else stops. */
static bool read_signed(const struct policy *policy, struct view note, struct checkpoint *out, struct verdict *verdict)
{
    struct fault fault = { 0 };
    bool known = false;
    if (checkpoint_parse(note, out, &fault) != STATUS_OK || check_log_signature(policy, out, &known) != NOTE_VALID) {
        stop_set(&verdict->stop, 2, "unreadable", NOTHING, NOTHING, "a checkpoint in the exhibit is malformed, or not signed by a log of the policy");
        return false;
    }
    return true;
}

/* Did one key sign both? Where the station's key was replaced, an old one may be a thief's, and no exhibit tells. */
static bool one_key(const struct policy *policy, const struct checkpoint *a, const struct checkpoint *b)
{
    uint64_t ignored;
    for (size_t i = 0; i < policy_log_count(policy); i++) {
        const struct verifier_key *key = policy_log(policy, i);
        if (checkpoint_check(a, key, &ignored) == NOTE_VALID && checkpoint_check(b, key, &ignored) == NOTE_VALID) {
            return true;
        }
    }
    return false;
}

/* The nodes lead from the older size to b's root, but not from a's root (V16). */
static void check_fork(struct hasher *hasher, const struct policy *policy, struct view file, struct checkpoint *a,
                       struct verdict *verdict)
{
    struct fork_exhibit *fork = calloc(1, sizeof *fork);
    struct checkpoint *b = calloc(1, sizeof *b);
    struct fault fault = { 0 };
    struct hash older, newer;
    if (fork == NULL || b == NULL) {
        stop_set(&verdict->stop, 2, "memory", NOTHING, NOTHING, "out of memory");
    } else if (fork_decode(file, fork, &fault) != STATUS_OK) {
        stop_set(&verdict->stop, 2, "unreadable", NOTHING, NOTHING, "the exhibit is malformed: %s", fault.text);
        verdict->stop.byte = fault.at;
    } else if (read_signed(policy, fork->a, a, verdict) && read_signed(policy, fork->b, b, verdict)) {
        bool equal_sizes = a->size == b->size;
        if (!view_equal(a->origin, b->origin)) {
            stop_set(&verdict->stop, 2, "unreadable", NOTHING, NOTHING, "the two checkpoints are of different ledgers");
        } else if (a->size < 1 || a->size > b->size || (equal_sizes && (fork->nodes.count != 0 || hash_equal(&a->root, &b->root)))) {
            no_exhibit(verdict, "the checkpoints do not contradict each other");
        } else if (!equal_sizes &&
                   (fork->nodes.count == 0 ||
                    !merkle_roots_from_path(hasher, a->size, b->size, fork->nodes.nodes, fork->nodes.nodes + 1,
                                            fork->nodes.count - 1, &older, &newer) ||
                    !hash_equal(&newer, &b->root) || hash_equal(&older, &a->root))) {
            no_exhibit(verdict, "the path does not show that the one history leaves the other");
        } else {
            stop_set(&verdict->stop, 1, "fork", NOTHING, NOTHING,
                     "%s signed two histories: of %llu and of %llu records, which contradict each other", one_key(policy, a, b) ? "the station"
                     : "two keys of the policy (the station's, or one that it replaced and somebody else may have)", (unsigned long long)a->size,
                     (unsigned long long)b->size);
            *a = *b; /* its last note is what it is of (SPEC 16.1) */
        }
    }
    free(fork);
    free(b);
}

struct heads_claim {
    struct false_heads_exhibit exhibit;
    struct record heads, record;
    struct act act;
    struct heads_leaf leaf;
};

static bool in_tree(struct hasher *hasher, const struct exhibit_part *part, uint64_t index, uint64_t size, const struct hash *root)
{
    struct hash hash;
    hash_leaf(hasher, part->bytes, &hash);
    return merkle_check_inclusion(hasher, &hash, index, size, part->path.nodes, part->path.count, root);
}

/* SPEC 3.1: an origin line ends in the ledger-id. */
static bool of_ledger(const struct checkpoint *note, const struct hash *ledger)
{
    struct buffer id = { 0 };
    text_base32(&id, hash_view(ledger));
    bool same = !id.failed && note->origin.len > id.len && note->origin.ptr[note->origin.len - id.len - 1] == '/' &&
                view_equal(view_part(note->origin, note->origin.len - id.len, id.len), buffer_view(&id));
    buffer_free(&id);
    return same;
}

/* Does the act record contradict what the heads record says? */
static bool contradicts(struct hasher *hasher, const struct checkpoint *note, const struct heads_claim *claim)
{
    const struct record *record = &claim->record;
    if (!claim->exhibit.has_leaf) {
        return record->links[record->link_count - 1].subject >= claim->heads.subjects;
    }
    const struct link *link = record_link(record, claim->leaf.subject);
    return link != NULL && of_ledger(note, &claim->leaf.ledger) && in_tree(hasher, &claim->exhibit.leaf, claim->leaf.subject, claim->heads.subjects, &claim->heads.root) &&
           (claim->leaf.count < link->number || claim->leaf.last < record->index);
}

static void check_false_heads(struct hasher *hasher, const struct policy *policy, struct view file, struct checkpoint *note,
                              struct verdict *verdict)
{
    struct heads_claim *claim = calloc(1, sizeof *claim);
    struct fault fault = { 0 };
    if (claim == NULL) {
        stop_set(&verdict->stop, 2, "memory", NOTHING, NOTHING, "out of memory");
        return;
    }
    if (false_heads_decode(file, &claim->exhibit, &fault) != STATUS_OK ||
        record_decode(claim->exhibit.heads.bytes, &claim->heads, &fault) != STATUS_OK ||
        record_decode(claim->exhibit.record.bytes, &claim->record, &fault) != STATUS_OK || claim->heads.type != RECORD_HEADS ||
        claim->record.type != RECORD_ACT || act_decode(claim->record.act, &claim->act, &fault) != STATUS_OK ||
        (claim->exhibit.has_leaf && heads_leaf_decode(claim->exhibit.leaf.bytes, &claim->leaf, &fault) != STATUS_OK)) {
        stop_set(&verdict->stop, 2, "unreadable", NOTHING, NOTHING, "the exhibit is malformed: %s",
                 fault.status == STATUS_OK ? "it has not a heads record and the record of an act" : fault.text);
    } else if (read_signed(policy, claim->exhibit.note, note, verdict)) {
        bool proven = claim->heads.index > claim->record.index && claim->heads.index < note->size &&
                      in_tree(hasher, &claim->exhibit.heads, claim->heads.index, note->size, &note->root) &&
                      in_tree(hasher, &claim->exhibit.record, claim->record.index, note->size, &note->root) &&
                      contradicts(hasher, note, claim);
        if (proven) {
            stop_set(&verdict->stop, 1, "false-heads", NOTHING, NOTHING,
                     "the heads record %llu hides record %llu of the same tree: the station lied about what is whole",
                     (unsigned long long)claim->heads.index, (unsigned long long)claim->record.index);
        } else {
            no_exhibit(verdict, "the heads do not contradict the record");
        }
    }
    free(claim);
}

/* Whose it is: what the last note that was read says, which a log of the policy has signed. */
static void name_ledger(const struct checkpoint *checkpoint, struct verdict *verdict)
{
    static const char training[] = "/training/";
    const struct view origin = checkpoint->origin;
    if (verdict->stop.status != 1 || origin.len >= sizeof verdict->origin) {
        return;
    }
    memcpy(verdict->origin, origin.ptr, origin.len);
    verdict->origin[origin.len] = '\0';
    verdict->training = strstr(verdict->origin, training) != NULL;
    verdict->size = checkpoint->size;
    verdict->root = checkpoint->root;
    verdict->known = true;
}

void exhibit_check(struct hasher *hasher, const struct policy *policy, struct view file, struct checkpoint *checkpoint,
                   struct verdict *verdict)
{
    if (file_kind(file) == FILE_FORK) {
        check_fork(hasher, policy, file, checkpoint, verdict);
    } else {
        check_false_heads(hasher, policy, file, checkpoint, verdict);
    }
    name_ledger(checkpoint, verdict);
}
