/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exhibit: see the header.
 */
#include "ledger/exhibit.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/inside.h"
#include "ledger/views.h"
#include "verify/verdict.h"
#include "verify/writer.h"

enum { FALSE_HEADS_FIELDS = 5 };

/* [ bytes, [* hash] ] */
static void put_part(const struct exhibit_part *part, struct buffer *out)
{
    writer_array(out, 2);
    writer_bytes(out, part->bytes);
    writer_array(out, part->path.count);
    for (size_t i = 0; i < part->path.count; i++) {
        writer_bytes(out, hash_view(&part->path.nodes[i]));
    }
}

void exhibit_encode(const struct false_heads_exhibit *exhibit, struct buffer *out)
{
    writer_array(out, FALSE_HEADS_FIELDS);
    writer_text(out, view_text("unbroken false-heads/1"));
    writer_bytes(out, exhibit->note);
    put_part(&exhibit->heads, out);
    if (exhibit->has_leaf) {
        put_part(&exhibit->leaf, out);
    } else {
        writer_null(out);
    }
    put_part(&exhibit->record, out);
}

enum status exhibit_proven(struct hasher *hasher, const struct policy *policy, struct view file, const char *code, struct fault *fault)
{
    struct verify_options options = {.as_of_s = NOTHING, .training = true};
    struct verdict *verdict = calloc(1, sizeof *verdict);
    enum status status = verdict == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                         : verify_file(hasher, policy, file, &options, verdict, fault);

    if (status == STATUS_OK && (verdict->stop.status != 1 || strcmp(verdict->stop.code, code) != 0)) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%.400s", verdict->stop.text);
    }
    if (verdict != NULL) {
        verdict_close(verdict);
    }
    free(verdict);
    return status;
}

static enum status read_part(struct ledger_txn *txn, uint64_t index, uint64_t size, struct exhibit_part *out, struct fault *fault)
{
    enum status status = index < size ? ledger_record(txn, index, &out->bytes, fault) : STATUS_MISSING;

    if (status == STATUS_MISSING) {
        return fault_set(fault, status, FAULT_NOWHERE, "record %llu is not below the checkpoint", (unsigned long long)index);
    }
    return status == STATUS_OK ? views_inclusion(txn, index, size, &out->path, fault) : status;
}

/* The size of the note, which must be one that this ledger has. */
static enum status note_size(struct ledger_txn *txn, struct view note, uint64_t *size, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    enum status status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                            : checkpoint_parse(note, checkpoint, fault);

    if (status == STATUS_OK && (checkpoint->size == 0 || checkpoint->size > ledger_size(txn))) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the checkpoint is of %llu records, which are not all here",
                           (unsigned long long)checkpoint->size);
    }
    *size = status == STATUS_OK ? checkpoint->size : 0;
    free(checkpoint);
    return status;
}

enum status exhibit_false_heads(struct ledger_txn *txn, const struct policy *policy, struct view note, uint64_t heads,
                                const struct exhibit_part *leaf, uint64_t record, struct buffer *out, struct fault *fault)
{
    struct false_heads_exhibit *exhibit = calloc(1, sizeof *exhibit);
    struct buffer file = {0};
    uint64_t size = 0;
    enum status status = exhibit == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : note_size(txn, note, &size, fault);

    if (status == STATUS_OK) {
        exhibit->note = note;
        exhibit->has_leaf = leaf != NULL;
        exhibit->leaf = leaf != NULL ? *leaf : exhibit->leaf;
        status = read_part(txn, heads, size, &exhibit->heads, fault);
    }
    if (status == STATUS_OK) {
        status = read_part(txn, record, size, &exhibit->record, fault);
    }
    if (status == STATUS_OK) {
        exhibit_encode(exhibit, &file);
        status = buffer_status(&file, fault);
    }
    if (status == STATUS_OK) {
        status = exhibit_proven(ledger_hasher(txn->ledger), policy, buffer_view(&file), "false-heads", fault);
    }
    if (status == STATUS_OK) {
        buffer_append_view(out, buffer_view(&file));
        status = buffer_status(out, fault);
    }
    buffer_free(&file);
    free(exhibit);
    return status;
}
