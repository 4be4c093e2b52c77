/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check_records: the end of V3, V5 and V6: every record is what the checkpoint's tree holds, and the ledger is the one that the checkpoint names.
 */
#include "verify/check.h"

#include "verify/origin.h"

#include <stdlib.h>

#define R(x) ((unsigned long long)(x))

static enum status keep_links(struct check *check, struct row *row, struct fault *fault)
{
    const struct record *record = check->record;
    row->link_first = check->link_count;
    row->link_count = record->type == RECORD_ACT ? record->link_count : 0;
    for (size_t i = 0; i < row->link_count; i++) {
        void *links = check->links;
        if (!check_room(&links, check->link_count, &check->link_cap, sizeof *check->links)) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
        }
        check->links = links;
        const struct link *link = &record->links[i];
        check->links[check->link_count++] = (struct row_link){
            .subject = link->subject, .number = link->number, .before = link->has_before ? link->before : NOTHING,
            .row = check->row_count };
    }
    return STATUS_OK;
}

/* The record's layers, all of them. */
static bool decode_record(struct check *check, struct view bytes, uint64_t *index)
{
    struct fault fault = { 0 };
    enum status status = record_decode(bytes, check->record, &fault);
    if (status == STATUS_REFUSED) {
        stop_set(check->stop, 2, "version", check->record->index, NOTHING,
                 "a record is of a format version that this program does not know");
        return false;
    }
    *index = check->record->index;
    if (status == STATUS_OK && check->record->type == RECORD_ACT) {
        fault_clear(&fault);
        status = act_decode(check->record->act, check->act, &fault);
    }
    if (status != STATUS_OK) {
        stop_set(check->stop, 1, "malformed", check->record->index, NOTHING, "a record is malformed: %s", fault.text);
        return false;
    }
    return true;
}

static enum status check_record(struct check *check, const struct bundle_proof *proof, struct fault *fault)
{
    struct row *row = &check->rows[check->row_count];
    uint64_t index;
    struct merkle_path path;
    if (!decode_record(check, proof->bytes, &index)) {
        return STATUS_OK;
    }
    const struct row *before = check->row_count == 0 ? NULL : row - 1;
    if (index >= check->checkpoint->size || (before != NULL && index <= before->index)) {
        stop_set(check->stop, 2, "unreadable", NOTHING, NOTHING, "record %llu is out of order or beyond the checkpoint", R(index));
        return STATUS_OK;
    }
    row->bytes = proof->bytes;
    row->index = index;
    row->type = check->record->type;
    row->logged_s = check->record->logged_s;
    hash_leaf(check->hasher, proof->bytes, &row->hash);
    if (!bundle_path_nodes(&check->bundle, proof->path, &path) ||
        !merkle_check_inclusion(check->hasher, &row->hash, index, check->checkpoint->size, path.nodes, path.count,
                                &check->checkpoint->root)) {
        stop_set(check->stop, 1, "not-in-tree", index, NOTHING, "record %llu is not the record that the checkpoint covers", R(index));
        return STATUS_OK;
    }
    if (before != NULL && before->index + 1 == index && !hash_equal(&check->record->prev, &before->hash)) {
        stop_set(check->stop, 1, "chain", index, NOTHING, "record %llu does not follow record %llu: its link to it is another hash",
                 R(index), R(before->index));
        return STATUS_OK;
    }
    enum status status = keep_links(check, row, fault);
    check->row_count += status == STATUS_OK ? 1 : 0;
    return status;
}

/* V6: the founding act gives the ledger-id, and that the origin line. */
static enum status check_foundation(struct check *check, struct fault *fault)
{
    struct verdict *verdict = check->verdict;
    const struct row *last = &check->rows[check->row_count - 1];
    struct buffer origin = { 0 };
    bool is_founding = check_decode(&check->rows[0], check->record, check->act) && check->act->kind == KIND_FOUND &&
                       (check->act->present & BIT(PAY_FOUNDING)) != 0;
    if (is_founding) {
        const struct founding *founding = &check->act->founding;
        hash_prefixed(check->hasher, HASH_PREFIX_LEDGER, check->act->payload, &verdict->ledger);
        origin_line(founding->origin, founding->training, &verdict->ledger, &origin);
        verdict->training = founding->training;
        verdict->has_succeeds = founding->has_succeeds;
        verdict->succeeds = founding->succeeds;
    }
    if (buffer_status(&origin, fault) != STATUS_OK) {
        return STATUS_MEMORY;
    }
    bool same = is_founding && view_equal(buffer_view(&origin), check->checkpoint->origin);
    buffer_free(&origin);
    for (size_t i = 1; same && i < check->row_count; i++) {
        /* A second founding would have no ledger field; act_decode ties the two together. */
        same = !check_decode(&check->rows[i], check->other_record, check->other_act) || check->other_act->kind != KIND_FOUND;
    }
    if (!same) {
        stop_set(check->stop, 1, "ledger-id", 0, NOTHING, "the founding record is not that of the ledger which the checkpoint names");
        return STATUS_OK;
    }
    if (verdict->training && !check->options->training) {
        check_note(check, "training", NOTHING, "this is a TRAINING ledger: its records are exercises, not evidence");
    }
    struct fault ignored = { 0 };
    if (record_decode(last->bytes, check->record, &ignored) != STATUS_OK || check->record->type != RECORD_HEADS) {
        stop_set(check->stop, 2, "heads", last->index, NOTHING, "record %llu, the last, is no heads record: nothing says what is whole",
                 R(last->index));
        return STATUS_OK;
    }
    check->subjects = verdict->subjects = check->record->subjects;
    check->heads_root = check->record->root;
    verdict->logged_s = last->logged_s;
    return STATUS_OK;
}

/* Is it the record of that index? One whose index cannot be read may be: V5 says what is wrong with it. */
static bool may_be(struct check *check, size_t i, uint64_t index)
{
    struct fault ignored = { 0 };
    enum status status = record_decode(check->bundle.records[i].bytes, check->record, &ignored);
    return check->record->index == index || (status != STATUS_OK && check->record->index == NOTHING);
}

/* The first and the last record of the bundle are 0 and n-1 (V3), before any is checked. */
enum status check_ends(struct check *check, struct fault *fault)
{
    (void)fault;
    if (!may_be(check, 0, 0) || !may_be(check, check->bundle.record_count - 1, check->checkpoint->size - 1)) {
        stop_set(check->stop, 2, "unreadable", NOTHING, NOTHING, "the bundle lacks record 0 or record %llu",
                 R(check->checkpoint->size - 1));
    }
    return STATUS_OK;
}

enum status check_records(struct check *check, struct fault *fault)
{
    enum status status = STATUS_OK;
    check->rows = calloc(check->bundle.record_count, sizeof *check->rows);
    if (check->rows == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < check->bundle.record_count && status == STATUS_OK && check->stop->status == 0; i++) {
        status = check_record(check, &check->bundle.records[i], fault);
    }
    if (status == STATUS_OK && check->stop->status == 0) {
        status = check_foundation(check, fault);
    }
    check->verdict->records = check->row_count;
    return status;
}
