/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy_ledger: opening of ledger directories.
 */
#include "ledger/copy.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ledger/files.h"

/* One process must not open the same database twice. */
static enum status check_other(const char *ours, const char *dir, struct fault *fault)
{
    char *here = files_path(ours, "data.mdb");
    char *there = files_path(dir, "data.mdb");
    struct stat a;
    struct stat b;
    enum status status = here == NULL || there == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    if (status == STATUS_OK && stat(there, &b) != 0) {
        status = fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "there is no ledger in it");
    }
    if (status == STATUS_OK && stat(here, &a) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is this ledger itself");
    }
    free(here);
    free(there);
    return status;
}

static enum status list_notes(const struct copy_of *of, const struct copy_keys *keys, struct copy *copy, struct fault *fault)
{
    struct key prefix = keys_table(TABLE_CHECKPOINT);
    struct store_cursor *cursor = NULL;
    struct view key;
    struct view value;
    enum status status = store_walk(copy->txn->store, keys_view(&prefix), NULL, &cursor, fault);

    while (status == STATUS_OK) {
        status = store_next(cursor, &key, &value, fault);
        if (status == STATUS_OK && key.len > prefix.len) {
            status = copy_take_note(of, keys, value, copy, fault);
        }
    }
    store_walk_end(cursor);
    return status == STATUS_MISSING ? STATUS_OK : status;
}

/* Its station keys, and the checkpoints that it has signed with them. */
static enum status take_ledger(const struct copy_of *of, struct copy_keys *keys, struct copy *copy, struct fault *fault)
{
    const struct ledger_state *identity = ledger_identity(copy->ledger);

    for (size_t i = 0; i < identity->key_count; i++) {
        copy_keys_add(keys, identity->keys[i].key);
    }
    return list_notes(of, keys, copy, fault);
}

enum status copy_open_ledger(const struct copy_of *of, struct copy_keys *keys, const char *dir, struct copy *out, struct fault *fault)
{
    enum status status = of->dir == NULL ? STATUS_OK : check_other(of->dir, dir, fault);

    *out = (struct copy){.kind = COPY_LEDGER};
    if (status == STATUS_OK) {
        status = ledger_open(dir, LEDGER_READ, NULL, &out->ledger, fault);
    }
    if (status == STATUS_OK && strcmp(ledger_origin(out->ledger), of->origin) != 0) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is another ledger: %s", ledger_origin(out->ledger));
    }
    if (status == STATUS_OK) {
        status = ledger_begin(out->ledger, false, &out->txn, fault);
    }
    if (status == STATUS_OK) {
        status = take_ledger(of, keys, out, fault);
    }
    if (status != STATUS_OK) {
        copy_close(out);
    }
    return status;
}

enum status copy_borrow_ledger(const struct copy_of *of, struct copy_keys *keys, struct ledger_txn *txn, struct copy *out, struct fault *fault)
{
    enum status status;

    *out = (struct copy){.kind = COPY_LEDGER, .ledger = txn->ledger, .txn = txn, .borrowed = true};
    status = take_ledger(of, keys, out, fault);
    if (status != STATUS_OK) {
        copy_close(out);
    }
    return status;
}
