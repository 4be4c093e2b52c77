/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reserve: the next subject number is kept for a draft that is being signed (SPEC 3.4).
 */
#include "ledger/append.h"

#include <assert.h>

#include "verify/text.h"

#define RESERVATION_S UINT64_C(86400)

enum status append_reservation(struct ledger_txn *txn, struct hash *act_id, uint64_t *since_s, struct fault *fault)
{
    struct key key = keys_table(TABLE_RESERVATION);
    struct view value;
    enum status status = store_get(txn->store, keys_view(&key), &value, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (value.len < HASH_BYTES || !keys_only(view_part(value, HASH_BYTES, value.len - HASH_BYTES), since_s)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the store is damaged: the reservation of a number");
    }
    *act_id = hash_of_view(view_part(value, 0, HASH_BYTES));
    return STATUS_OK;
}

bool append_reservation_holds(uint64_t since_s, uint64_t now_s)
{
    return now_s < since_s || now_s - since_s < RESERVATION_S;
}

enum status append_drop_reservation(struct ledger_txn *txn, struct fault *fault)
{
    struct key key = keys_table(TABLE_RESERVATION);

    txn->changed = true;
    return store_delete(txn->store, keys_view(&key), fault);
}

enum status append_reserved_fault(const struct hash *act_id, uint64_t since_s, struct fault *fault)
{
    struct buffer text = {0};

    text_hex(&text, view_part(hash_view(act_id), 0, 8));
    buffer_printf(&text, " since ");
    text_time(&text, since_s);
    buffer_append_byte(&text, 0);
    (void)fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                    "the next subject number is reserved for the draft of act %s: log or drop that first",
                    text.failed ? "?" : (char *)text.ptr);
    buffer_free(&text);
    return STATUS_REFUSED;
}

enum status ledger_reserve(struct ledger_txn *txn, const struct hash *act_id, uint64_t now_s, struct fault *fault)
{
    struct key key = keys_table(TABLE_RESERVATION);
    struct buffer value = {0};
    struct hash holder;
    uint64_t since_s;
    enum status status = append_reservation(txn, &holder, &since_s, fault);

    assert(txn->write);
    if (status == STATUS_OK && !hash_equal(&holder, act_id) && append_reservation_holds(since_s, now_s)) {
        return append_reserved_fault(&holder, since_s, fault);
    }
    if (status != STATUS_OK && status != STATUS_MISSING) {
        return status;
    }
    buffer_append_view(&value, hash_view(act_id));
    keys_append(&value, now_s);
    status = buffer_status(&value, fault);
    if (status == STATUS_OK) {
        txn->changed = true;
        status = store_put(txn->store, keys_view(&key), buffer_view(&value), fault);
    }
    buffer_free(&value);
    return status;
}

enum status ledger_unreserve(struct ledger_txn *txn, const struct hash *act_id, struct fault *fault)
{
    struct hash holder;
    uint64_t since_s;
    enum status status = append_reservation(txn, &holder, &since_s, fault);

    assert(txn->write);
    if (status == STATUS_OK && hash_equal(&holder, act_id)) {
        return append_drop_reservation(txn, fault);
    }
    /* Nothing of that act's is reserved: nothing to undo. */
    return status == STATUS_MISSING ? STATUS_OK : status;
}
