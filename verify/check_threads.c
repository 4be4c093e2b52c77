/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_threads: V7, V8 and V10: the heads tree says how many records each subject has; all of them are here, and so is every
 * subject that the closure needs.
 */
#include "verify/check.h"
#include "verify/closure.h"

#include <stdlib.h>

#define R(x) ((unsigned long long)(x))

/* V7 for one leaf. */
static void check_one_leaf(struct check *check, const struct bundle_proof *proof)
{
    struct leaf_row *row = &check->leaves[check->leaf_count];
    struct fault fault = { 0 };
    struct merkle_path path;
    struct hash hash;
    if (heads_leaf_decode(proof->bytes, &row->leaf, &fault) != STATUS_OK) {
        stop_set(check->stop, 1, "malformed-leaf", NOTHING, NOTHING, "a heads leaf is malformed: %s", fault.text);
        return;
    }
    uint64_t subject = row->leaf.subject;
    if (check->leaf_count > 0 && subject <= row[-1].leaf.subject) {
        stop_set(check->stop, 2, "unreadable", NOTHING, NOTHING, "the leaves are out of order at subject %llu", R(subject));
        return;
    }
    hash_leaf(check->hasher, proof->bytes, &hash);
    if (!hash_equal(&row->leaf.ledger, &check->verdict->ledger) || subject >= check->subjects ||
        !bundle_path_nodes(&check->bundle, proof->path, &path) ||
        !merkle_check_inclusion(check->hasher, &hash, subject, check->subjects, path.nodes, path.count, &check->heads_root)) {
        stop_set(check->stop, 1, "leaf", NOTHING, subject, "the head of subject %llu is not the one in the heads record", R(subject));
        return;
    }
    check->leaf_count++;
}

static int by_subject_and_row(const void *a, const void *b)
{
    const struct row_link *x = a, *y = b;
    if (x->subject != y->subject) {
        return x->subject < y->subject ? -1 : 1;
    }
    return x->row < y->row ? -1 : x->row > y->row ? 1 : 0;
}

/* Gathers the links to leaves, sorted by subject and record. */
static enum status gather(struct check *check, struct fault *fault)
{
    check->threads = calloc(check->link_count + 1, sizeof *check->threads);
    if (check->threads == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < check->link_count; i++) {
        if (check_leaf(check, check->links[i].subject) != NULL) {
            check->threads[check->thread_count++] = check->links[i];
        }
    }
    qsort(check->threads, check->thread_count, sizeof *check->threads, by_subject_and_row);
    size_t at = 0;
    for (size_t i = 0; i < check->leaf_count; i++) {
        struct leaf_row *row = &check->leaves[i];
        row->first = at;
        while (at < check->thread_count && check->threads[at].subject == row->leaf.subject) {
            at++;
        }
        row->count = at - row->first;
    }
    return STATUS_OK;
}

/* V8: the heads record counts every subject that a record before it touches; one that it does not count would be hidden. */
static void check_counted(struct check *check)
{
    for (size_t i = 0; i < check->link_count; i++) {
        const struct row_link *link = &check->links[i];
        if (link->subject >= check->subjects) {
            stop_set(check->stop, 1, "thread", NOTHING, link->subject,
                     "record %llu touches subject %llu, but the heads record says that there are only %llu subjects",
                     R(check->rows[link->row].index), R(link->subject), R(check->subjects));
            return;
        }
    }
}

/* V8 for one subject. */
static void check_thread(struct check *check, const struct leaf_row *row)
{
    const struct heads_leaf *leaf = &row->leaf;
    unsigned long long s = leaf->subject;
    uint64_t before = NOTHING;
    for (size_t i = 0; i < row->count; i++) {
        const struct row_link *link = &check->threads[row->first + i];
        if (link->number > i + 1) {
            stop_set(check->stop, 1, "incomplete", NOTHING, leaf->subject, "record %zu in the thread of subject %llu is missing", i + 1, s);
        } else if (link->number < i + 1 || link->before != before) {
            stop_set(check->stop, 1, "thread", NOTHING, leaf->subject, "the thread of subject %llu contradicts itself at record %llu", s,
                     R(check->rows[link->row].index));
        }
        if (check->stop->status != 0) {
            return;
        }
        before = check->rows[link->row].index;
    }
    if (row->count < leaf->count) {
        stop_set(check->stop, 1, "incomplete", NOTHING, leaf->subject, "subject %llu has %llu records, and %zu are here", s,
                 R(leaf->count), row->count);
        return;
    }
    const struct row *last = row->count == 0 ? NULL : &check->rows[check->threads[row->first + row->count - 1].row];
    if (row->count > leaf->count || last == NULL || last->index != leaf->last || !hash_equal(&last->hash, &leaf->last_hash)) {
        stop_set(check->stop, 1, "thread", NOTHING, leaf->subject, "the thread of subject %llu does not end where the heads record says", s);
    }
}

enum status check_threads(struct check *check, struct fault *fault)
{
    check->leaves = calloc(check->bundle.leaf_count, sizeof *check->leaves);
    if (check->leaves == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < check->bundle.leaf_count && check->stop->status == 0; i++) {
        check_one_leaf(check, &check->bundle.leaves[i]);
    }
    for (size_t i = 0; i < check->bundle.asked_count && check->stop->status == 0; i++) {
        if (check->bundle.asked[i] >= check->subjects) {
            stop_set(check->stop, 1, "never-issued", NOTHING, check->bundle.asked[i], "number %llu was never issued by this ledger",
                     R(check->bundle.asked[i]));
        }
    }
    if (check->stop->status != 0) {
        return STATUS_OK;
    }
    check_counted(check);
    enum status status = check->stop->status == 0 ? gather(check, fault) : STATUS_OK;
    for (size_t i = 0; i < check->leaf_count && status == STATUS_OK && check->stop->status == 0; i++) {
        check_thread(check, &check->leaves[i]);
    }
    return status;
}

/* --- V10 --- */

static bool thread_record(void *context, uint64_t subject, uint64_t number, struct record *record, struct act *act)
{
    const struct check *check = context;
    const struct leaf_row *row = check_leaf(check, subject);
    if (row == NULL || number > row->count) {
        return false;
    }
    return check_decode(&check->rows[check->threads[row->first + number - 1].row], record, act);
}

/* Every record but the first and the last touches a member. */
static void check_surplus(struct check *check)
{
    for (size_t i = 1; i + 1 < check->row_count && check->stop->status == 0; i++) {
        const struct row *row = &check->rows[i];
        bool touches = false;
        for (size_t j = 0; j < row->link_count && !touches; j++) {
            touches = check_leaf(check, check->links[row->link_first + j].subject) != NULL;
        }
        if (!touches) {
            stop_set(check->stop, 2, "surplus", row->index, NOTHING, "record %llu belongs to nothing that was asked for", R(row->index));
        }
    }
}

enum status check_closure(struct check *check, struct fault *fault)
{
    const struct closure_source source = { .context = check, .record = thread_record };
    uint64_t *members = NULL;
    size_t count = 0;
    enum status status = closure_find(&source, check->bundle.asked, check->bundle.asked_count, check->subjects, check->record,
                                      check->act, &members, &count, fault);
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count && check->stop->status == 0; i++) {
        if (check_leaf(check, members[i]) == NULL) {
            stop_set(check->stop, 1, "incomplete", NOTHING, members[i], "subject %llu belongs to the closure and is missing", R(members[i]));
        }
    }
    size_t at = 0;
    for (size_t i = 0; i < check->leaf_count && check->stop->status == 0; i++) {
        while (at < count && members[at] < check->leaves[i].leaf.subject) {
            at++;
        }
        if (at == count || members[at] != check->leaves[i].leaf.subject) {
            stop_set(check->stop, 2, "surplus", NOTHING, check->leaves[i].leaf.subject, "subject %llu was not asked for and does not belong here",
                     R(check->leaves[i].leaf.subject));
        }
    }
    free(members);
    check_surplus(check);
    return STATUS_OK;
}
