/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mirror_mark: what a mirror has in its store that a ledger has not (keys.h).
 */
#include "ledger/mirror_inside.h"

#include <stdio.h>

enum { MARK_AIM = 0, MARK_REFUSAL = 1 };

enum status mirror_mark(struct ledger_txn *txn, struct fault *fault)
{
    struct key key = keys_table(TABLE_MIRROR);
    uint8_t one[NUMBER_BYTES_MAX];

    txn->changed = true;
    return store_put(txn->store, keys_view(&key), view_of(one, keys_put(one, 1)), fault);
}

enum status mirror_aim(struct ledger_txn *txn, struct view *note, struct fault *fault)
{
    struct key key = keys_number(TABLE_MIRROR, MARK_AIM);

    return store_get(txn->store, keys_view(&key), note, fault);
}

static enum status set(struct mirror_pull *pull, uint64_t which, struct view value, struct fault *fault)
{
    struct key key = keys_number(TABLE_MIRROR, which);
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(pull->ledger, true, &txn, fault);

    if (status != STATUS_OK) {
        return status;
    }
    txn->changed = true;
    status = store_put(txn->store, keys_view(&key), value, fault);
    if (status != STATUS_OK) {
        ledger_abort(txn);
        return status;
    }
    return ledger_commit(txn, fault);
}

enum status mirror_set_aim(struct mirror_pull *pull, struct fault *fault)
{
    return set(pull, MARK_AIM, buffer_view(&pull->note), fault);
}

enum status mirror_set_refusal(struct mirror_pull *pull, uint64_t index, const char *text, struct fault *fault)
{
    struct buffer value = {0};
    enum status status;

    keys_append(&value, index);
    buffer_append_view(&value, view_text(text));
    status = buffer_status(&value, fault);
    if (status == STATUS_OK) {
        status = set(pull, MARK_REFUSAL, buffer_view(&value), fault);
    }
    buffer_free(&value);
    return status;
}

enum status mirror_drop_marks(struct ledger_txn *txn, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (uint64_t which = MARK_AIM; which <= MARK_REFUSAL && status == STATUS_OK; which++) {
        struct key key = keys_number(TABLE_MIRROR, which);

        status = store_delete(txn->store, keys_view(&key), fault);
        txn->changed = txn->changed || status == STATUS_OK;
        status = status == STATUS_MISSING ? STATUS_OK : status;
    }
    return status;
}

enum status mirror_refused(struct ledger_txn *txn, struct mirror_refusal *out, struct fault *fault)
{
    struct key key = keys_number(TABLE_MIRROR, MARK_REFUSAL);
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    if (status == STATUS_OK && !keys_take(&value, &out->index)) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: what the mirror refused");
    }
    if (status == STATUS_OK) {
        (void)snprintf(out->text, sizeof out->text, "%.*s", value.len > 400 ? 400 : (int)value.len, (const char *)value.ptr);
    }
    return status;
}
