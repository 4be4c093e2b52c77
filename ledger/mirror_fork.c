/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_fork: is what the source shows the history that the mirror has? If it is not, two checkpoints that the station signed contradict each other,
 * and one file proves that.
 */
#include "ledger/mirror_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/exhibit.h"
#include "ledger/files.h"
#include "ledger/fork.h"
#include "ledger/views.h"

#define R(x) ((unsigned long long)(x))

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
}

enum status mirror_exhibit(struct mirror_pull *pull, const char *code, const char *name, struct view file, struct fault *fault)
{
    struct mirror_report *report = pull->report;
    struct fault why = {0};
    char *path;
    enum status status = exhibit_proven(pull->hasher, pull->policy, file, code, &why);

    if (status == STATUS_REFUSED) {
        (void)snprintf(report->why, sizeof report->why, "%s", why.text);
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return fault_set(fault, status, FAULT_NOWHERE, "%s", why.text);
    }
    path = files_path(pull->dir, name);
    status = path == NULL ? no_memory(fault) : files_replace(path, file, 0644, fault);
    if (status == STATUS_OK) {
        (void)snprintf(report->exhibit, sizeof report->exhibit, "%s", name);
    }
    free(path);
    return status;
}

/* ---- one checkpoint of ours against the source ------------------------------------------------ */

/* Where both trees have the smaller size, its root in the history of the larger one, and the path from there; *known false: that tree is not here. */
struct meeting {
    bool known;
    bool ours_first; /* ours is the smaller */
    struct hash own_root;
    struct merkle_path path;
};

static enum status meet(struct mirror_pull *pull, struct ledger_txn *txn, uint64_t ours, struct meeting *out, struct fault *fault)
{
    struct merkle_source nodes = mirror_tree_nodes(pull->tree);
    uint64_t theirs = pull->checkpoint->size;
    enum status status = STATUS_OK;

    *out = (struct meeting){.ours_first = ours <= theirs, .known = ours <= theirs || ours <= txn->meta.size};
    if (out->ours_first) {
        status = merkle_root(&nodes, ours, &out->own_root, fault);
        return status == STATUS_OK ? merkle_prove_consistency(&nodes, ours, theirs, &out->path, fault) : status;
    }
    if (out->known) {
        status = ledger_root(txn, theirs, &out->own_root, fault);
        status = status == STATUS_OK ? views_consistency(txn, theirs, ours, &out->path, fault) : status;
    }
    return status;
}

static enum status prove(struct mirror_pull *pull, struct view note, const struct checkpoint *ours, const struct meeting *meeting, struct fault *fault)
{
    struct view theirs = buffer_view(&pull->note);
    uint64_t low = meeting->ours_first ? ours->size : pull->checkpoint->size;
    uint64_t high = meeting->ours_first ? pull->checkpoint->size : ours->size;
    struct merkle_path nodes;
    struct buffer file = {0};
    char name[MIRROR_PATH_BYTES];
    enum status status = STATUS_OK;

    if (fork_nodes(low, high, &meeting->path, &meeting->own_root, &nodes)) {
        fork_encode(meeting->ours_first ? note : theirs, meeting->ours_first ? theirs : note, &nodes, &file);
        (void)snprintf(name, sizeof name, "fork-%llu-%llu.exhibit", R(low), R(high));
        status = buffer_status(&file, fault);
        status = status == STATUS_OK ? mirror_exhibit(pull, "fork", name, buffer_view(&file), fault) : status;
    }
    buffer_free(&file);
    return status;
}

static enum status try_note(struct mirror_pull *pull, struct ledger_txn *txn, struct view note, struct checkpoint *scratch, struct fault *fault)
{
    const struct hash *smaller;
    struct meeting meeting;
    enum status status;

    if (checkpoint_parse(note, scratch, NULL) != STATUS_OK || scratch->size == 0) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: one of its checkpoints");
    }
    status = meet(pull, txn, scratch->size, &meeting, fault);
    if (status != STATUS_OK || !meeting.known) {
        return status;
    }
    smaller = meeting.ours_first ? &scratch->root : &pull->checkpoint->root;
    return hash_equal(smaller, &meeting.own_root) ? STATUS_OK : prove(pull, note, scratch, &meeting, fault);
}

/* ---- all of ours ----------------------------------------------------------------------------- */

static enum status try_all(struct mirror_pull *pull, struct ledger_txn *txn, const uint64_t *sizes, size_t count, struct fault *fault)
{
    struct checkpoint *scratch = malloc(sizeof *scratch);
    struct view note;
    enum status status = scratch == NULL ? no_memory(fault) : mirror_aim(txn, &note, fault);

    if (status == STATUS_OK) {
        status = try_note(pull, txn, note, scratch, fault);
    }
    status = status == STATUS_MISSING ? STATUS_OK : status;
    for (size_t i = 0; i < count && pull->report->exhibit[0] == '\0' && status == STATUS_OK; i++) {
        struct key key = keys_number(TABLE_CHECKPOINT, sizes[i]);

        status = store_get(txn->store, keys_view(&key), &note, fault);
        if (status == STATUS_OK) {
            status = try_note(pull, txn, note, scratch, fault);
        }
    }
    free(scratch);
    return status;
}

static enum status fork_found(struct mirror_pull *pull, struct ledger_txn *txn, uint64_t size, struct fault *fault)
{
    uint64_t *sizes = NULL;
    size_t count = 0;
    enum status status = views_sizes(txn, &sizes, &count, fault);

    pull->report->contradicts = true;
    if (status == STATUS_OK) {
        (void)snprintf(pull->report->why, sizeof pull->report->why,
                       "no checkpoint that this mirror keeps can be set against it: a later one of either history, or a bundle, may: unbroken compare");
        status = try_all(pull, txn, sizes, count, fault);
    }
    free(sizes);
    return status == STATUS_OK ? fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                                           "FORK: the source shows another history: its first %llu records are not those that this mirror has or was shown, and its station has signed both",
                                           R(size))
                               : status;
}

/*
 * A signed head that was shown before, and whose records could not all be taken, or were refused: what the source shows now must go on from it.
 * Without this, a station could show one history, hold back its records, and then show another.
 */
static enum status compare_aim(struct mirror_pull *pull, struct ledger_txn *txn, struct fault *fault)
{
    struct merkle_source nodes = mirror_tree_nodes(pull->tree);
    struct checkpoint *aim = malloc(sizeof *aim);
    struct hash there;
    struct view note;
    enum status status = aim == NULL ? no_memory(fault) : mirror_aim(txn, &note, fault);

    if (status == STATUS_OK && checkpoint_parse(note, aim, NULL) != STATUS_OK) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: the checkpoint that the mirror was shown");
    }
    if (status == STATUS_OK && aim->size > pull->checkpoint->size) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                           "the source goes back: its checkpoint is of %llu records, but a signed one of %llu was shown before", R(pull->checkpoint->size), R(aim->size));
    }
    if (status == STATUS_OK) {
        status = merkle_root(&nodes, aim->size, &there, fault);
    }
    if (status == STATUS_OK && !hash_equal(&there, &aim->root)) {
        status = fork_found(pull, txn, aim->size, fault);
    }
    free(aim);
    return status == STATUS_MISSING && fault->status == STATUS_OK ? STATUS_OK : status;
}

/* Signed by a key of the policy that this mirror does not know to have been replaced before that size: whoever has an old key must not fill it. */
static enum status check_key(const struct mirror_pull *pull, struct fault *fault)
{
    const struct ledger_state *identity = ledger_identity(pull->ledger);
    const uint8_t *now = station_key_at(identity, pull->checkpoint->size);
    uint64_t time_s;

    for (size_t i = 0; i < policy_log_count(pull->policy); i++) {
        const struct verifier_key *key = policy_log(pull->policy, i);
        bool replaced = false;

        for (size_t k = 0; k < identity->key_count; k++) {
            replaced = replaced || memcmp(identity->keys[k].key, key->key.bytes, ED25519_BYTES) == 0;
        }
        replaced = replaced && (now == NULL || memcmp(now, key->key.bytes, ED25519_BYTES) != 0);
        if (!replaced && view_equal(key->name, pull->checkpoint->origin) && checkpoint_check(pull->checkpoint, key, &time_s) == NOTE_VALID) {
            return STATUS_OK;
        }
    }
    return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                     "the source's checkpoint of %llu records is signed with a station key that a record before it replaced: whoever shows it has an old key",
                     R(pull->checkpoint->size));
}

enum status mirror_compare(struct mirror_pull *pull, struct fault *fault)
{
    struct merkle_source nodes = mirror_tree_nodes(pull->tree);
    uint64_t theirs = pull->checkpoint->size;
    struct ledger_txn *txn = NULL;
    struct hash here;
    struct hash there;
    uint64_t both;
    enum status status = check_key(pull, fault);

    if (status == STATUS_OK) {
        status = ledger_begin(pull->ledger, false, &txn, fault);
    }
    if (status != STATUS_OK) {
        return status;
    }
    pull->report->records = txn->meta.size;
    pull->report->before = pull->report->made ? 0 : txn->meta.size;
    both = txn->meta.size < theirs ? txn->meta.size : theirs;
    status = ledger_root(txn, both, &here, fault);
    if (status == STATUS_OK) {
        status = merkle_root(&nodes, both, &there, fault);
    }
    if (status == STATUS_OK && !hash_equal(&here, &there)) {
        status = fork_found(pull, txn, both, fault);
    } else if (status == STATUS_OK && theirs < txn->meta.size) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                           "the source goes back: its checkpoint is of %llu records, but %llu were signed before and are here; an old export, or a station "
                           "that was put back",
                           R(theirs), R(txn->meta.size));
    } else if (status == STATUS_OK) {
        status = compare_aim(pull, txn, fault);
    }
    ledger_abort(txn);
    return status;
}
