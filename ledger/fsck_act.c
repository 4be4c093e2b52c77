/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fsck_act: the replay of one act.
 */
#include "ledger/fsck_inside.h"

#include <string.h>

#include "ledger/source.h"
#include "verify/shape.h"

/* What append checks outside verify's rules. NULL, or the rule that is broken. */
static const char *broken_place(struct fsck_walk *walk)
{
    const struct fsck *fsck = walk->fsck;
    const struct act *act = walk->act;
    uint64_t next = fsck->shadow_count;

    if ((act->kind == KIND_FOUND) != (walk->record->index == 0)) {
        return "a founding act stands in record 0 and nowhere else";
    }
    if (act->kind != KIND_FOUND && !hash_equal(&act->ledger, &fsck->ledger->identity.id)) {
        return "it was signed for another ledger";
    }
    if (act->kind != KIND_FOUND && act->seen_size > walk->record->index) {
        return "its signers had seen more records than there were";
    }
    if (walk->record->link_count != act->entry_count) {
        return "its links are not those of its entries";
    }
    for (size_t i = 0; i < act->entry_count; i++) {
        bool opens = shape_opens(act->kind) && act->entries[i].role == ROLE_SUBJECT;

        if (act->entries[i].subject != walk->record->links[i].subject ||
            (opens ? act->entries[i].subject != next : act->entries[i].subject >= fsck->shadow_count)) {
            return "it opens or names a subject out of turn";
        }
        next += opens ? 1u : 0u;
    }
    return NULL;
}

/* V9.11 */
static bool amends_rightly(struct fsck_walk *walk)
{
    const struct act *act = walk->act;
    struct record *amended = walk->fsck->ledger->earlier;
    struct hash hash;

    if ((act->present & BIT(PAY_AMENDS)) == 0) {
        return true;
    }
    if (act->amends_index >= walk->record->index ||
        record_at(walk->fsck->txn, act->amends_index, amended, NULL) != STATUS_OK) {
        return false;
    }
    hash_leaf(walk->fsck->ledger->hasher, amended->bytes, &hash);
    bool right = amended->type == RECORD_ACT && hash_equal(&hash, &act->amends_hash);
    for (size_t i = 0; i < act->entry_count && right; i++) {
        right = record_link(amended, act->entries[i].subject) != NULL;
    }
    return right;
}

/* The orphan's index names this record, or an earlier one that has counted it. */
static enum status check_orphan(struct fsck_walk *walk, const struct fsck_item *item, struct fault *fault)
{
    struct fsck *fsck = walk->fsck;
    const struct view *disclosures =
        item->disclosure_count == 0 ? NULL : walk->batch->parts + item->part_first + item->sheet_count;
    struct key key = keys_hash(TABLE_ORPHAN, &walk->act->answers, HASH_BYTES);
    struct view value;
    uint64_t index;
    enum status status;

    if (walk->act->kind != KIND_LODGE || (walk->act->present & BIT(PAY_ANSWERS)) == 0 ||
        !source_find_orphan(fsck->ledger->hasher, disclosures, item->disclosure_count, &walk->act->answers,
                            fsck->ledger->other)) {
        return STATUS_OK;
    }
    status = store_get(fsck->txn->store, keys_view(&key), &value, fault);
    if (status == STATUS_OK && keys_only(value, &index) && index <= item->index) {
        fsck->orphans += index == item->index ? 1u : 0u;
    } else if (status == STATUS_OK || status == STATUS_MISSING) {
        fsck_damage(fsck, item->index, "record %llu: the index of lodged acts does not have it",
                    (unsigned long long)item->index);
        status = STATUS_OK;
    }
    return status;
}

/* The index of erasures has this one. */
static enum status check_erasure(struct fsck_walk *walk, const struct fsck_item *item, struct fault *fault)
{
    struct fsck *fsck = walk->fsck;
    struct key key = keys_pair(TABLE_ERASURE, walk->act->amends_index, item->index);
    struct view value;
    enum status status;

    if (walk->act->kind != KIND_ERASE) {
        return STATUS_OK;
    }
    status = store_get(fsck->txn->store, keys_view(&key), &value, fault);
    fsck->erase_acts++;
    if (status == STATUS_MISSING) {
        fsck_damage(fsck, item->index, "record %llu: the index of erasures does not have it", (unsigned long long)item->index);
        status = STATUS_OK;
    }
    return status;
}

static enum status note_keys(struct fsck_walk *walk, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < walk->act->entry_count && status == STATUS_OK; i++) {
        const struct entry *entry = &walk->act->entries[i];
        struct hash kid;

        if ((entry->facts.present & BIT(FACT_KEY)) != 0) {
            public_key_id(walk->fsck->ledger->hasher, &entry->facts.key, &kid);
            status = shadow_note_key(walk->fsck, &kid, entry->subject, fault);
        }
    }
    return status;
}

/* The signatures of the act, with the keys that authority_check found for them. */
static enum status take_signatures(struct fsck_walk *walk, struct fsck_item *item,
                                   const struct public_key *const keys[ACT_SIGNERS_MAX], struct fault *fault)
{
    struct fsck_batch *batch = walk->batch;
    const struct act *act = walk->act;

    item->signature_first = batch->signature_count;
    for (size_t i = 0; i < act->signer_count; i++) {
        struct fsck_signature *signature;

        if (!fsck_room((void **)&batch->signatures, batch->signature_count, &batch->signature_cap,
                       sizeof *batch->signatures)) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        signature = &batch->signatures[batch->signature_count++];
        signature->header = act->signatures[i].header;
        signature->payload = act->payload;
        signature->key = *keys[i];
        signature->index = item->index;
        signature->person = act->signers[i].person;
        memcpy(signature->value, act->signatures[i].value, SIGNATURE_BYTES);
    }
    item->signature_count = act->signer_count;
    return STATUS_OK;
}

/* What the workers need of the act. */
static enum status describe_item(const struct fsck_walk *walk, struct fsck_item *item, struct fault *fault)
{
    const struct act *act = walk->act;
    struct fsck_batch *batch = walk->batch;

    item->is_act = true;
    item->payload = act->payload;
    item->seen_size = act->kind == KIND_FOUND ? 0 : act->seen_size;
    item->seen_root = act->seen_root;
    while (batch->reference_cap < batch->reference_count + ATTACHED_REFERENCES_MAX) {
        if (!fsck_room((void **)&batch->references, batch->reference_cap, &batch->reference_cap, sizeof *batch->references)) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
    }
    item->reference_first = batch->reference_count;
    attached_describe(act, batch->references + batch->reference_count, &item->described);
    batch->reference_count += item->described.reference_count;
    return STATUS_OK;
}

static enum status apply_act(struct fsck_walk *walk, struct fsck_item *item, struct stop *stop, struct fault *fault)
{
    struct fsck *fsck = walk->fsck;
    struct hash hash = hash_of_view(view_of(item->leaf, HASH_BYTES));
    bool right = false;
    enum status status = STATUS_OK;

    /* Rules mostly ask for the sheets of the act itself: they are at hand. */
    fsck->txn->sheets = item->sheet_count == 0 ? NULL : walk->batch->parts + item->part_first;
    fsck->txn->sheet_count = item->sheet_count;
    fsck->txn->sheets_of = item->index;
    rules_replay(&walk->replay, walk->record, walk->act, stop);
    source_pass_over(fsck->txn, walk->record, walk->act, stop);
    fsck->txn->sheets = NULL;
    if (stop->status != 0) {
        fsck_contradiction(fsck, stop);
        return STATUS_OK;
    }
    status = note_keys(walk, fault);
    if (status == STATUS_OK) {
        status = shadow_advance(fsck, walk->record, &right, fault);
    }
    if (status == STATUS_OK && !right) {
        fsck_damage(fsck, item->index, "record %llu: a link does not follow its thread", (unsigned long long)item->index);
        return STATUS_OK;
    }
    for (size_t i = 0; i < walk->record->link_count; i++) {
        uint64_t link[2] = {walk->record->links[i].subject, walk->record->links[i].number};

        fingerprint_add(fsck, &fsck->threads, link, sizeof link, item->index);
    }
    if (status == STATUS_OK) {
        if (shape_opens(walk->act->kind)) {
            fsck->loaded += walk->act->kind == KIND_ENROL ? PERSON_WEIGHT : walk->act->entry_count;
        }
        status = authority_apply(&walk->replay, walk->record, &hash, walk->act, NULL, NULL, fault);
    }
    if (status == STATUS_OK) {
        status = check_orphan(walk, item, fault);
    }
    if (status == STATUS_OK) {
        status = check_erasure(walk, item, fault);
    }
    return status == STATUS_OK ? shadow_settle(fsck, false, fault) : status;
}

enum status fsck_replay_act(struct fsck_walk *walk, struct fsck_item *item, struct fault *fault)
{
    struct fsck *fsck = walk->fsck;
    const struct public_key *keys[ACT_SIGNERS_MAX];
    struct stop stop = {0};
    struct fault inner = {0};
    const char *broken;
    enum status status;

    if (act_decode(walk->record->act, walk->act, &inner) != STATUS_OK) {
        fsck_damage(fsck, item->index, "record %llu: %s", (unsigned long long)item->index, inner.text);
        return STATUS_OK;
    }
    broken = broken_place(walk);
    if (broken == NULL && !amends_rightly(walk)) {
        broken = "it amends another record than it says";
    }
    if (broken != NULL) {
        fsck_damage(fsck, item->index, "record %llu: %s", (unsigned long long)item->index, broken);
        return STATUS_OK;
    }
    walk->replay.world = fsck->world;
    authority_check(&walk->replay, walk->record, walk->act, keys, NULL, &stop);
    status = world_status(fsck->world, fault);
    if (status != STATUS_OK || stop.status != 0) {
        fsck_contradiction(fsck, &stop);
        return status;
    }
    status = describe_item(walk, item, fault);
    fsck->report->acts++;
    if (status == STATUS_OK && walk->act->kind == KIND_ORDER) {
        status = extents_add(&fsck->orders, item->index, walk->act, 0, fault);
    }
    if (status == STATUS_OK && !fsck->options->without_signatures) {
        status = take_signatures(walk, item, keys, fault);
    }
    return status == STATUS_OK ? apply_act(walk, item, &stop, fault) : status;
}
