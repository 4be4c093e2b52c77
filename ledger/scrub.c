/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scrub: first what is erased leaves the store, in one commit that marks it; then the store is written anew without the mark.
 */
#include "ledger/scrub.h"

#include "ledger/erasures.h"

/* An older copy has the same records as far as it goes: else an erasure would remove what nobody decided about. */
static enum status check_copy(struct ledger_txn *txn, struct ledger_txn *living, struct fault *fault)
{
    struct hash own;
    struct hash other;
    const char *dir = txn->ledger->dir;
    uint64_t size = txn->meta.size;
    enum status status;

    if (!hash_equal(&txn->ledger->identity.id, &living->ledger->identity.id)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is no copy of this ledger: it is %s", dir, txn->ledger->origin);
    }
    if (size > living->meta.size) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is no older copy: it has %llu records, the ledger %llu", dir,
                         (unsigned long long)size, (unsigned long long)living->meta.size);
    }
    status = ledger_root(txn, size, &own, fault);
    if (status == STATUS_OK) {
        status = ledger_root(living, size, &other, fault);
    }
    if (status == STATUS_OK && !hash_equal(&own, &other)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is no copy of this ledger: its %llu records are not the ledger's first", dir,
                         (unsigned long long)size);
    }
    return status;
}

static enum status take(struct ledger_txn *txn, struct ledger *living, struct scrub_report *out, struct fault *fault)
{
    struct ledger_txn *read = NULL;
    enum status status = ledger_begin(living, false, &read, fault);

    if (status == STATUS_OK) {
        status = check_copy(txn, read, fault);
    }
    if (status == STATUS_OK) {
        status = erasures_take(txn, read, &out->taken, fault);
    }
    ledger_abort(read);
    return status;
}

static enum status remove_erased(struct ledger *ledger, struct ledger *living, struct scrub_report *out, struct fault *fault)
{
    struct erasures_removed removed = {0};
    struct ledger_txn *txn = NULL;
    enum status status = ledger_begin(ledger, true, &txn, fault);

    if (status != STATUS_OK) {
        return status;
    }
    if (living != NULL) {
        status = take(txn, living, out, fault);
    }
    if (status == STATUS_OK) {
        status = erasures_sweep(txn, &removed, fault);
    }
    if (status != STATUS_OK) {
        ledger_abort(txn);
        return status;
    }
    out->records = txn->meta.size;
    status = ledger_commit(txn, fault);
    if (status == STATUS_OK) {
        out->details = removed.details;
        out->attachments = removed.attachments;
    }
    return status;
}

enum status ledger_scrub_check(const char *dir, struct fault *fault)
{
    return store_rewrite_check(dir, fault);
}

enum status ledger_scrub(const char *dir, struct ledger *living, bool wait, struct scrub_report *out, struct fault *fault)
{
    struct key mark = erasures_mark();
    struct ledger *ledger = NULL;
    enum status status = ledger_open_alone(dir, wait, &ledger, fault);

    *out = (struct scrub_report){0};
    /* Before the first change: what is removed from this file is gone from each of its names. */
    if (status == STATUS_OK) {
        status = ledger_scrub_check(dir, fault);
    }
    if (status == STATUS_OK) {
        status = remove_erased(ledger, living, out, fault);
    }
    if (status == STATUS_OK) {
        status = store_rewrite(ledger->store, keys_view(&mark), &out->rewritten, fault);
    }
    ledger_close(ledger);
    return status;
}
