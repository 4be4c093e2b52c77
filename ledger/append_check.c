/* SPDX-License-Identifier: Apache-2.0 */
/*
 * append_check: may this act stand here at all: its time, its ledger, its numbers, what its signers had seen, what it amends.
 * Signers and custody are verify's (append.c).
 */
#include "ledger/append.h"

#include "ledger/tree.h"
#include "verify/shape.h"
#include "verify/text.h"

/* How far a clock act's word may be off. */
#define CLOCK_SLACK_S UINT64_C(86400)

enum status append_check_time(const struct ledger_txn *txn, uint64_t logged_s, const struct act *act,
                              struct fault *fault)
{
    uint64_t last_s = txn->ledger->warm.logged_s;
    struct buffer text = {0};

    if (logged_s > NUM_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the logged time is beyond what a record can say");
    }
    if (txn->meta.size == 0 || txn->ledger->mirror || (logged_s >= last_s && logged_s - last_s <= APPEND_LEAP_MAX_S)) {
        return STATUS_OK;
    }
    if (act != NULL && act->kind == KIND_CLOCK && (act->present & BIT(PAY_CLOCK)) != 0 && act->clock_old_s == last_s &&
        logged_s >= act->clock_new_s && logged_s - act->clock_new_s <= CLOCK_SLACK_S) {
        return STATUS_OK;
    }
    buffer_printf(&text, "logged at ");
    text_time(&text, logged_s);
    buffer_printf(&text, ", but the record before at ");
    text_time(&text, last_s);
    buffer_printf(&text, ": a step %s needs a signed clock act that names both times (unbroken ledger clock)",
                  logged_s < last_s ? "back" : "of more than 31 days");
    buffer_append_byte(&text, 0);
    (void)fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s", text.failed ? "the clock has moved" : (char *)text.ptr);
    buffer_free(&text);
    return STATUS_REFUSED;
}

/* The right ledger, a kind that is known, and an act that is not here yet. */
enum status append_check_identity(struct append *append, struct fault *fault)
{
    const struct act *act = append->act;
    struct ledger_txn *txn = append->txn;
    struct key key;
    struct view value;
    enum status status;
    uint64_t index = 0;

    if (act_rule(act->kind) == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "this program does not know acts of kind %u", act->kind);
    }
    if ((act->kind == KIND_FOUND) != (txn->meta.size == 0)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "a founding act stands in record 0 and nowhere else");
    }
    if (txn->meta.size > 0 && !hash_equal(&act->ledger, &txn->ledger->identity.id)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "foreign: the act was signed for another ledger");
    }
    act_id(txn->ledger->hasher, act->payload, &append->id);
    key = keys_hash(TABLE_ACT, &append->id, ACT_INDEX_BYTES);
    status = store_get(txn->store, keys_view(&key), &value, fault);
    if (status == STATUS_OK && keys_only(value, &index)) {
        return fault_set(fault, STATUS_REFUSED, index, "replayed: this act is in the ledger already, in record %llu",
                         (unsigned long long)index);
    }
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* SPEC 3.4: subjects are opened without a gap; all others exist. */
enum status append_check_numbers(const struct append *append, struct fault *fault)
{
    const struct act *act = append->act;
    uint64_t next = append->txn->meta.subjects;
    bool opens = shape_opens(act->kind);

    for (size_t i = 0; i < act->entry_count; i++) {
        const struct entry *entry = &act->entries[i];

        if (opens && entry->role == ROLE_SUBJECT) {
            if (entry->subject != next) {
                return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                                 "the act opens subject %llu, but the next number is %llu: it must be composed and signed anew",
                                 (unsigned long long)entry->subject, (unsigned long long)next);
            }
            next++;
        } else if (entry->subject >= append->txn->meta.subjects) {
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "there is no subject %llu: the ledger has %llu",
                             (unsigned long long)entry->subject, (unsigned long long)append->txn->meta.subjects);
        }
    }
    return STATUS_OK;
}

/* While the next number is reserved for a draft, other openings wait. */
enum status append_check_reservation(struct append *append, uint64_t logged_s, struct fault *fault)
{
    struct hash holder;
    uint64_t since_s;
    enum status status;

    if (!shape_opens(append->act->kind) || append->act->kind == KIND_FOUND) {
        return STATUS_OK;
    }
    status = append_reservation(append->txn, &holder, &since_s, fault);
    if (status == STATUS_MISSING) {
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!hash_equal(&holder, &append->id) && append_reservation_holds(since_s, logged_s)) {
        return append_reserved_fault(&holder, since_s, fault);
    }
    /* Used up, or expired. */
    return append_drop_reservation(append->txn, fault);
}

/* V9.10: what the signers' program had seen was this ledger. */
enum status append_check_seen(const struct append *append, struct fault *fault)
{
    struct ledger_txn *txn = append->txn;
    struct warm *warm = &txn->ledger->warm;
    const struct act *act = append->act;
    enum status status = STATUS_OK;

    if (act->kind == KIND_FOUND) {
        return STATUS_OK;
    }
    if (act->seen_size > txn->meta.size) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "seen: the signers had seen %llu records, but there are %llu",
                         (unsigned long long)act->seen_size, (unsigned long long)txn->meta.size);
    }
    if (!warm->has_seen || warm->seen_size != act->seen_size) {
        warm->has_seen = false;
        status = ledger_root(txn, act->seen_size, &warm->seen_root, fault);
        warm->seen_size = act->seen_size;
        warm->has_seen = status == STATUS_OK;
    }
    if (status == STATUS_OK && !hash_equal(&act->seen_root, &warm->seen_root)) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                         "seen: the signers had seen another history of the first %llu records than this ledger's",
                         (unsigned long long)act->seen_size);
    }
    return status;
}

/* V9.11 */
enum status append_check_amends(const struct append *append, struct fault *fault)
{
    struct ledger_txn *txn = append->txn;
    const struct act *act = append->act;
    struct record *amended = txn->ledger->earlier;
    struct hash hash;
    enum status status;

    if ((act->present & BIT(PAY_AMENDS)) == 0) {
        return STATUS_OK;
    }
    if (act->amends_index >= txn->meta.size) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "amends: there is no record %llu",
                         (unsigned long long)act->amends_index);
    }
    status = record_at(txn, act->amends_index, amended, fault);
    if (status != STATUS_OK) {
        return status;
    }
    hash_leaf(txn->ledger->hasher, amended->bytes, &hash);
    bool right = amended->type == RECORD_ACT && hash_equal(&hash, &act->amends_hash);
    for (size_t i = 0; i < act->entry_count && right; i++) {
        right = record_link(amended, act->entries[i].subject) != NULL;
    }
    return right ? STATUS_OK
                 : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                             "amends: record %llu has another hash, or does not touch all of the act's subjects",
                             (unsigned long long)act->amends_index);
}
