/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_take: proven records go in, by the code that appends and takes back, one commit for each tile. What that code refuses here stands under the
 * station's signature: it is kept as a contradiction.
 */
#include "ledger/mirror_inside.h"

#include <stdio.h>
#include <string.h>

#include "ledger/restore.h"

#define R(x) ((unsigned long long)(x))

static bool let_be_absent(void *context, uint64_t subject, const struct sheet_line *line, bool there)
{
    (void)context;
    (void)subject;
    (void)line;
    (void)there;
    return true;
}

static const struct attached_lines absent = {.line = let_be_absent};

static struct submission details_of(const struct mirror_batch *batch, uint64_t index)
{
    size_t i = (size_t)(index - batch->first);

    return (struct submission){.sheets = batch->sheets == NULL ? NULL : batch->sheets + batch->sheet_first[i], .sheet_count = batch->sheet_count[i]};
}

/* ---- record 0 -------------------------------------------------------------------------------- */

static enum status append_founding(struct mirror_pull *pull, struct ledger_txn *txn, struct fault *fault)
{
    struct submission details = details_of(&pull->batch, 0);
    struct ledger *ledger = txn->ledger;
    uint64_t index;
    enum status status = record_decode(pull->batch.records[0], pull->record, fault);

    if (status == STATUS_OK && pull->record->type != RECORD_ACT) {
        status = fault_set(fault, STATUS_UNTRUSTED, 0, "record 0 is no founding act");
    }
    if (status == STATUS_OK) {
        details.act = pull->record->act;
        txn->lines = &absent;
        status = ledger_append(txn, &details, pull->record->logged_s, NULL, &index, fault);
        txn->lines = NULL;
    }
    if (status == STATUS_OK && !view_equal(ledger->record->bytes, pull->record->bytes)) {
        status = fault_set(fault, STATUS_UNTRUSTED, 0, "record 0 is not what its act makes of it");
    }
    return status;
}

/* The name pins the founders (SPEC 3.1): only then is it the ledger that the checkpoint is of. */
static enum status check_origin(struct mirror_pull *pull, struct ledger *ledger, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(ledger, false, &txn, fault);

    if (status == STATUS_OK) {
        status = ledger_identify(txn, fault);
    }
    if (status == STATUS_OK && !view_equal(pull->checkpoint->origin, view_text(ledger->origin))) {
        status = fault_set(fault, STATUS_UNTRUSTED, 0, "record 0 founds %s, which is not the ledger of the checkpoint", ledger->origin);
    }
    ledger_abort(txn);
    return status;
}

static enum status fill_mirror(void *context, struct ledger *ledger, const char *hidden, struct fault *fault)
{
    struct mirror_pull *pull = context;
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(ledger, true, &txn, fault);

    (void)hidden;
    if (status != STATUS_OK) {
        return status;
    }
    ledger->mirror = true;
    status = mirror_mark(txn, fault);
    if (status == STATUS_OK) {
        status = append_founding(pull, txn, fault);
    }
    if (status != STATUS_OK) {
        ledger_abort(txn);
        return status;
    }
    status = ledger_commit(txn, fault);
    return status == STATUS_OK ? check_origin(pull, ledger, fault) : status;
}

enum status mirror_found(struct mirror_pull *pull, struct fault *fault)
{
    enum status status = mirror_batch_read(pull, 0, fault);

    if (status == STATUS_OK) {
        status = ledger_make(pull->dir, &(struct ledger_making){fill_mirror, pull}, fault);
    }
    pull->report->made = status == STATUS_OK;
    return status;
}

/* ---- all others ------------------------------------------------------------------------------ */

/*
 * Is it the record that is wrong? Not where this machine is in trouble, this mirror's own store is damaged, or this program is too old for it.
 */
static bool is_contradiction(struct mirror_pull *pull, enum status status, const struct fault *fault)
{
    struct fault inner = {0};

    if ((status != STATUS_DAMAGED && status != STATUS_REFUSED && status != STATUS_UNTRUSTED) || fault->at == FAULT_NOWHERE ||
        strstr(fault->text, "store is damaged") != NULL || fault->at < pull->batch.first || fault->at >= pull->batch.first + pull->batch.width) {
        return false;
    }
    if (record_decode(pull->batch.records[fault->at - pull->batch.first], pull->record, &inner) == STATUS_REFUSED) {
        return false;
    }
    return pull->record->type != RECORD_ACT || act_decode(pull->record->act, pull->act, &inner) != STATUS_OK || act_rule(pull->act->kind) != NULL;
}

static enum status take_record(struct mirror_pull *pull, struct ledger_txn *txn, uint64_t index, struct fault *fault)
{
    struct submission details = details_of(&pull->batch, index);
    struct fault inner = {0};
    enum status status = record_decode(pull->batch.records[index - pull->batch.first], pull->record, &inner);

    if (status != STATUS_OK) {
        return fault_set(fault, status, index, "record %llu: %.450s", R(index), inner.text);
    }
    status = restore_record(txn, pull->record, &details, &absent, &inner);
    return status == STATUS_OK ? status : fault_set(fault, status, index, "%s", inner.text);
}

/* Records [from, to) of the batch, in one commit; *taken false: another process has written in between. fault->at: the record that was refused. */
static enum status take_range(struct mirror_pull *pull, uint64_t from, uint64_t to, bool *taken, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(pull->ledger, true, &txn, fault);

    *taken = false;
    if (status != STATUS_OK) {
        return status;
    }
    if (txn->meta.size != from) {
        ledger_abort(txn);
        return STATUS_OK;
    }
    ledger_defer(txn);
    for (uint64_t index = from; index < to && status == STATUS_OK; index++) {
        status = take_record(pull, txn, index, fault);
    }
    if (status != STATUS_OK) {
        ledger_abort(txn);
        return status;
    }
    *taken = true;
    return ledger_commit(txn, fault);
}

/* Everything before the record that was refused is taken; then it is kept what was wrong, and proven where that can be. */
static enum status convict(struct mirror_pull *pull, uint64_t from, const struct fault *why, struct fault *fault)
{
    bool taken = true;
    enum status status = why->at > from ? take_range(pull, from, why->at, &taken, fault) : STATUS_OK;

    if (status == STATUS_OK && !taken) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "another process fills this mirror: nothing is wrong, try again");
    }
    pull->report->contradicts = true;
    if (status == STATUS_OK) {
        status = mirror_set_refusal(pull, why->at, why->text, fault);
    }
    if (status == STATUS_OK && record_decode(pull->batch.records[why->at - pull->batch.first], pull->record, NULL) == STATUS_OK &&
        pull->record->type == RECORD_HEADS) {
        status = mirror_false_heads(pull, fault);
    }
    return status == STATUS_OK ? fault_set(fault, STATUS_UNTRUSTED, why->at, "the signed checkpoint of %llu records has a record that contradicts those before it: %.380s",
                                           R(pull->checkpoint->size), why->text)
                               : status;
}

static enum status step(const struct mirror_pull *pull, uint64_t done, struct fault *fault)
{
    const struct progress *progress = pull->progress;

    if (progress != NULL && progress->step != NULL && !progress->step(progress->context, done, pull->checkpoint->size)) {
        return fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "stopped: the first %llu records are here, and the rest can be taken later", R(done));
    }
    return STATUS_OK;
}

static enum status size_now(struct mirror_pull *pull, uint64_t *out, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(pull->ledger, false, &txn, fault);

    *out = status == STATUS_OK ? txn->meta.size : 0;
    pull->report->records = *out;
    ledger_abort(txn);
    return status;
}

static enum status take_tile(struct mirror_pull *pull, uint64_t from, struct fault *fault)
{
    struct fault inner = {0};
    bool taken = false;
    enum status status = mirror_batch_read(pull, from, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = take_range(pull, from, pull->batch.first + pull->batch.width, &taken, &inner);
    if (status == STATUS_OK) {
        return STATUS_OK;
    }
    return is_contradiction(pull, status, &inner) ? convict(pull, from, &inner, fault) : fault_set(fault, status, inner.at, "%s", inner.text);
}

/* ---- the checkpoint -------------------------------------------------------------------------- */

/* One that is here already may have got cosignatures since. */
static enum status renew_note(struct mirror_pull *pull, struct ledger_txn *txn, struct fault *fault)
{
    struct key key = keys_number(TABLE_CHECKPOINT, pull->checkpoint->size);
    struct view there;
    enum status status = store_get(txn->store, keys_view(&key), &there, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (there.len < pull->note.len && memcmp(there.ptr, pull->note.ptr, there.len) == 0) {
        pull->report->is_new = true;
        txn->changed = true;
        status = store_put(txn->store, keys_view(&key), buffer_view(&pull->note), fault);
    }
    return status;
}

static enum status keep_note(struct mirror_pull *pull, struct ledger_txn *txn, struct fault *fault)
{
    enum status status = restore_note(txn, buffer_view(&pull->note), &pull->report->is_new, fault);

    if (status == STATUS_OK && !pull->report->is_new) {
        status = renew_note(pull, txn, fault);
    }
    return status == STATUS_OK ? mirror_drop_marks(txn, fault) : status;
}

static enum status take_note(struct mirror_pull *pull, struct fault *fault)
{
    struct ledger_txn *txn = NULL;
    struct fault inner = {0};
    enum status status = ledger_begin(pull->ledger, true, &txn, fault);

    if (status != STATUS_OK) {
        return status;
    }
    status = keep_note(pull, txn, &inner);
    if (status == STATUS_OK) {
        return ledger_commit(txn, fault);
    }
    ledger_abort(txn);
    if (status == STATUS_UNTRUSTED) {
        pull->report->contradicts = true;
        (void)snprintf(pull->report->why, sizeof pull->report->why, "SPEC has no exhibit for a checkpoint that its ledger does not allow");
        status = mirror_set_refusal(pull, pull->checkpoint->size - 1, inner.text, fault);
        status = status == STATUS_OK ? STATUS_UNTRUSTED : status;
    }
    return fault_set(fault, status, inner.at, "%s", inner.text);
}

enum status mirror_take(struct mirror_pull *pull, struct fault *fault)
{
    uint64_t size = 0;
    enum status status = size_now(pull, &size, fault);

    while (status == STATUS_OK && size < pull->checkpoint->size) {
        status = take_tile(pull, size, fault);
        if (status == STATUS_OK) {
            status = size_now(pull, &size, fault);
        } else {
            struct fault ignored = {0};
            enum status asked = size_now(pull, &size, &ignored);

            (void)asked; /* only for the report */
        }
        if (status == STATUS_OK) {
            status = step(pull, size, fault);
        }
    }
    return status == STATUS_OK ? take_note(pull, fault) : status;
}
