/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_acts: V9, and in the same pass the replay of V12, whose contradiction waits until V10 and V11 have passed.
 */
#include "verify/check.h"
#include "verify/shape.h"

#include <stdio.h>

#include <stdlib.h>
#include <string.h>

#define R(x) ((unsigned long long)(x))

static bool has_leaf(void *context, uint64_t person)
{
    return check_leaf(context, person) != NULL;
}

/* The ledger itself is known from record 0, leaf or no leaf: its threshold and code are needed long before V10 misses the leaf. */
static bool is_member(void *context, uint64_t subject)
{
    return subject == 0 || check_leaf(context, subject) != NULL;
}

/* --- V9 --- */

static int by_hash(const void *a, const void *b)
{
    const struct hash *x = a, *y = b;
    return memcmp(x->bytes, y->bytes, HASH_BYTES);
}

struct id_row {
    struct hash id;
    size_t row;
};

static int by_id_and_row(const void *a, const void *b)
{
    const struct id_row *x = a, *y = b;
    int order = by_hash(&x->id, &y->id);
    return order != 0 ? order : x->row < y->row ? -1 : x->row > y->row ? 1 : 0;
}

/* Every act in brief, and V9.2: the lowest row whose act-id stood in an earlier row; SIZE_MAX when there is none. */
static enum status find_replayed(struct check *check, size_t *row, struct fault *fault)
{
    struct id_row *ids = calloc(check->row_count, sizeof *ids);
    size_t count = 0;
    check->briefs = calloc(check->row_count, sizeof *check->briefs);
    if (ids == NULL || check->briefs == NULL) {
        free(ids);
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < check->row_count; i++) {
        if (check_decode(&check->rows[i], check->record, check->act)) {
            act_brief_of(check->hasher, check->act, &check->briefs[i]);
            ids[count].id = check->briefs[i].id;
            ids[count++].row = i;
        }
    }
    qsort(ids, count, sizeof *ids, by_id_and_row);
    *row = SIZE_MAX;
    for (size_t i = 1; i < count; i++) {
        if (hash_equal(&ids[i].id, &ids[i - 1].id) && ids[i].row < *row) {
            *row = ids[i].row;
        }
    }
    free(ids);
    return STATUS_OK;
}

/* V9.10 */
static void check_seen(struct check *check, uint64_t index, const struct act *act)
{
    struct merkle_path path;
    size_t low = 0, high = check->bundle.seen_count;
    if ((act->present & BIT(PAY_SEEN)) == 0) {
        return;
    }
    if (act->seen_size > index) {
        stop_set(check->stop, 1, "seen", index, NOTHING, "record %llu claims to have seen %llu records", R(index), R(act->seen_size));
        return;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (check->bundle.seen[middle].size < act->seen_size) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == check->bundle.seen_count || check->bundle.seen[low].size != act->seen_size) {
        stop_set(check->stop, 2, "unreadable", NOTHING, NOTHING, "the bundle has no proof for size %llu, which record %llu has seen",
                 R(act->seen_size), R(index));
        return;
    }
    bool known = check->seen_used[low];
    bool right = known ? hash_equal(&check->seen_roots[low], &act->seen_root)
                       : bundle_path_nodes(&check->bundle, check->bundle.seen[low].path, &path) &&
                             merkle_check_consistency(check->hasher, act->seen_size, &act->seen_root, check->checkpoint->size,
                                                      &check->checkpoint->root, path.nodes, path.count);
    if (!right) {
        stop_set(check->stop, 1, "seen", index, NOTHING,
                 "record %llu: its signers saw another history of the first %llu records than this one", R(index), R(act->seen_size));
        return;
    }
    check->seen_used[low] = true;
    check->seen_roots[low] = act->seen_root;
}

/* V9.11 */
static void check_amends(struct check *check, uint64_t index, const struct act *act)
{
    if ((act->present & BIT(PAY_AMENDS)) == 0) {
        return;
    }
    const struct row *row = act->amends_index < index ? check_row(check, act->amends_index) : NULL;
    if (row == NULL && act->amends_index < index) {
        stop_set(check->stop, 1, "incomplete", NOTHING, act->entries[0].subject, "record %llu, which record %llu amends, is missing",
                 R(act->amends_index), R(index));
        return;
    }
    size_t linked = 0;
    for (size_t i = 0; row != NULL && i < row->link_count; i++) {
        /* Both ascend: an entry whose subject is not linked is never passed. */
        linked += linked < act->entry_count && check->links[row->link_first + i].subject == act->entries[linked].subject ? 1 : 0;
    }
    if (row == NULL || linked < act->entry_count || !hash_equal(&row->hash, &act->amends_hash)) {
        stop_set(check->stop, 1, "amends", index, NOTHING, "record %llu amends a record that is not as it says", R(index));
    }
}

static enum status remember(struct check *check, size_t row, const struct act *act, struct fault *fault)
{
    void *lodges = check->lodges;
    if (act->kind == KIND_LODGE && (act->present & BIT(PAY_ANSWERS)) != 0) {
        if (!check_room(&lodges, check->lodge_count, &check->lodge_cap, sizeof *check->lodges)) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        check->lodges = lodges;
        check->lodges[check->lodge_count++] = (struct lodged){ .act_id = act->answers, .row = row };
    }
    const struct row *amended = act->kind == KIND_ERASE ? check_row(check, act->amends_index) : NULL;
    return extents_add(&check->extents, check->rows[row].index, act, amended == NULL ? 0 : amended->link_count, fault);
}

/* SPEC 7.3.17c. act is NULL for a heads record. */
static void note_times(struct check *check, const struct row *row, const struct act *act)
{
    const struct row *before = row == check->rows ? NULL : row - 1;
    struct finding finding = { .record = row->index, .subject = NOTHING };
    if (before != NULL && (act == NULL || act->kind != KIND_CLOCK) &&
        (row->logged_s < before->logged_s ||
         (before->index + 1 == row->index && row->logged_s - before->logged_s > UINT64_C(31) * 86400))) {
        finding.code = "clock";
        (void)snprintf(finding.text, sizeof finding.text, "the station's clock stepped between records %llu and %llu", R(before->index),
                       R(row->index));
        check->source.report(check, &finding);
    }
    if (act == NULL || (act->present & BIT(PAY_OFFLINE)) != 0) {
        return;
    }
    uint64_t apart = act->claimed_s > row->logged_s ? act->claimed_s - row->logged_s : row->logged_s - act->claimed_s;
    if (apart > 86400) {
        finding.code = "claimed";
        (void)snprintf(finding.text, sizeof finding.text, "the time claimed and the time logged are over a day apart");
        check->source.report(check, &finding);
    }
}

/* SPEC 7.3.17c */
static void note_carried(struct check *check, uint64_t index, const struct act *act)
{
    bool rightly = false;
    if (!check_carries(check, act, &rightly) || rightly) {
        return;
    }
    for (size_t i = 0; i < act->entry_count; i++) {
        struct finding finding = { .code = "carried", .record = index, .subject = act->entries[i].subject };
        if (act->entries[i].role == ROLE_SUBJECT && check_leaf(check, finding.subject) != NULL) {
            (void)snprintf(finding.text, sizeof finding.text, "said to be carried over from the ledger that this one succeeds, but not from the head "
                           "that the founders named, or not from a subject of it");
            check->source.report(check, &finding);
        }
    }
}

/* V9.5, which comes before V9.7. */
static void note_unknown(struct check *check, uint64_t index, const struct act *act)
{
    shape_check(&check->replay, check->record, act, check->stop);
    if (check->stop->status == 0) {
        check->replay.unknown_kind = true; /* also where a contradiction of V12 has ended the replay: V12 is left out */
        check_note(check, "unknown-kind", index, "record %llu is an act of a kind that this program does not know", R(index));
    }
}

static enum status check_one(struct check *check, size_t i, struct fault *fault)
{
    const struct row *row = &check->rows[i];
    const struct public_key *keys[ACT_SIGNERS_MAX];
    struct act *act = check->act;
    if (act_rule(act->kind) == NULL) {
        note_unknown(check, row->index, act);
    }
    authority_check(&check->replay, check->record, act, keys, &check->bytes, check->stop);
    if (check->stop->status == 0) {
        check_seen(check, row->index, act);
    }
    if (check->stop->status == 0 && act_rule(act->kind) != NULL) {
        check_amends(check, row->index, act);
    }
    if (check->stop->status != 0) {
        return STATUS_OK;
    }
    check->verdict->signatures += act->signer_count;
    enum status status = remember(check, i, act, fault);
    note_times(check, row, act);
    note_carried(check, row->index, act);
    if (status == STATUS_OK && check->custody.status == 0) {
        rules_replay(&check->replay, check->record, act, &check->custody);
    }
    if (status == STATUS_OK) {
        status = authority_apply(&check->replay, check->record, &row->hash, act, is_member, check, fault);
    }
    if (status == STATUS_REFUSED) {
        stop_set(check->stop, 2, "limits", row->index, NOTHING, "%s", fault->text);
        fault_clear(fault);
        status = STATUS_OK;
    }
    return status;
}

static enum status open_replay(struct check *check, struct fault *fault)
{
    check_source_open(check);
    check->seen_used = calloc(check->bundle.seen_count + 1, sizeof *check->seen_used);
    check->seen_roots = calloc(check->bundle.seen_count + 1, sizeof *check->seen_roots);
    if (check->seen_used == NULL || check->seen_roots == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    enum status status = world_open(NULL, NULL, &check->world, fault);
    check->replay = (struct replay){ .world = check->world, .hasher = check->hasher, .source = &check->source,
                                     .scratch = check->other_act, .rigour = SIGNATURE_BOTH,
                                     .has_leaf = has_leaf };
    return status;
}

enum status check_acts(struct check *check, struct fault *fault)
{
    size_t replayed = SIZE_MAX;
    enum status status = open_replay(check, fault);
    if (status == STATUS_OK) {
        status = find_replayed(check, &replayed, fault);
    }
    for (size_t i = 0; i < check->row_count && status == STATUS_OK && check->stop->status == 0; i++) {
        const struct row *row = &check->rows[i];
        if (!check_decode(row, check->record, check->act)) {
            note_times(check, row, NULL);
            continue;
        }
        if ((check->act->present & BIT(PAY_LEDGER)) != 0 && !hash_equal(&check->act->ledger, &check->verdict->ledger)) {
            stop_set(check->stop, 1, "foreign", row->index, NOTHING, "record %llu was signed for another ledger", R(row->index));
        } else if (i == replayed) {
            stop_set(check->stop, 1, "replayed", row->index, NOTHING, "record %llu repeats an act that was logged before", R(row->index));
        } else {
            status = check_one(check, i, fault);
        }
    }
    for (size_t i = 0; i < check->bundle.seen_count && status == STATUS_OK && check->stop->status == 0; i++) {
        if (!check->seen_used[i]) {
            stop_set(check->stop, 2, "surplus", NOTHING, NOTHING, "the bundle proves size %llu, which no act has seen",
                     R(check->bundle.seen[i].size));
        }
    }
    return status;
}
