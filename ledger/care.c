/* SPDX-License-Identifier: Apache-2.0 */
/*
 * care: backup and status. fsck stands in files of its own.
 */
#include "ledger/care.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ledger/files.h"
#include "ledger/head_file.h"
#include "ledger/inside.h"

enum { BESIDE_BYTES_MAX = 1 << 20 };

/* What stands beside the store: the station key, and whom the station asks, so that a backup that is put back asks them too (SPEC 3.9). */
static const struct {
    const char *name;
    unsigned mode;
    bool must;
} beside[] = {
    {"station.key", 0600, true},       {"witnesses.policy", 0644, false}, {"witnesses.pem", 0644, false},
    {"paper.ini", 0644, false},        {"timestamp.ini", 0644, false},
};

/* Byte for byte; wiped from memory, since one of them is the station key. */
static enum status copy_beside(const struct ledger *ledger, const char *dir, size_t i, struct fault *fault)
{
    char *from = files_path(ledger->dir, beside[i].name);
    char *to = files_path(dir, beside[i].name);
    struct buffer bytes = {0};
    struct fault inner = {0};
    enum status status = from == NULL || to == NULL ? fault_set(&inner, STATUS_MEMORY, FAULT_NOWHERE, "out of memory")
                                                    : files_read(from, BESIDE_BYTES_MAX, &bytes, &inner);

    if (status == STATUS_OK) {
        status = files_replace(to, buffer_view(&bytes), beside[i].mode, &inner);
    }
    if (bytes.ptr != NULL) {
        explicit_bzero(bytes.ptr, bytes.cap);
    }
    buffer_free(&bytes);
    free(from);
    free(to);
    return status == STATUS_OK || (status == STATUS_MISSING && !beside[i].must) ? STATUS_OK : fault_set(fault, status, inner.at, "%s", inner.text);
}

static enum status copy_all_beside(const struct ledger *ledger, const char *dir, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < sizeof beside / sizeof *beside && status == STATUS_OK; i++) {
        status = copy_beside(ledger, dir, i, fault);
    }
    return status;
}

/* Made under another name and renamed whole, so that a directory of the asked name is a backup that was finished. */
enum status ledger_backup(struct ledger *ledger, const char *dir, struct fault *fault)
{
    size_t len = strlen(dir);
    char *hidden = NULL;
    enum status status;

    while (len > 1 && dir[len - 1] == '/') {
        len--;
    }
    if (!files_is_vacant(dir)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s exists and is not an empty directory", dir);
    }
    hidden = malloc(len + sizeof ".XXXXXX");
    if (hidden == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    (void)snprintf(hidden, len + sizeof ".XXXXXX", "%.*s.XXXXXX", (int)len, dir);
    if (mkdtemp(hidden) == NULL) {
        status = files_fault(fault, errno, "make", hidden);
        free(hidden);
        return status;
    }
    status = store_copy(ledger->store, hidden, fault);
    if (status == STATUS_OK && !ledger->mirror) {
        status = copy_all_beside(ledger, hidden, fault);
    }
    if (status == STATUS_OK && rename(hidden, dir) != 0) {
        status = files_fault(fault, errno, "make", dir);
    }
    if (status == STATUS_OK) {
        status = files_sync_parent(dir, fault);
    } else {
        files_remove_dir(hidden);
    }
    free(hidden);
    return status;
}

enum status ledger_report(struct ledger *ledger, struct ledger_report *out, struct fault *fault)
{
    struct store_usage usage = {0};
    struct ledger_txn *txn = NULL;
    struct head head = {0};
    enum status status = store_usage(ledger->store, &usage, fault);

    if (status == STATUS_OK) {
        status = ledger_begin(ledger, false, &txn, fault);
    }
    if (status == STATUS_OK) {
        status = record_at(txn, txn->meta.size - 1, ledger->earlier, fault);
    }
    if (status == STATUS_OK) {
        status = head_read(ledger, &head, fault);
        /* None is remembered before the first checkpoint. */
        status = status == STATUS_MISSING ? STATUS_OK : status;
    }
    if (status == STATUS_OK) {
        *out = (struct ledger_report){.records = txn->meta.size,
                                      .subjects = txn->meta.subjects,
                                      .checkpoint_size = txn->meta.checkpoint,
                                      .remembered_size = head.size,
                                      .last_logged_s = ledger->earlier->logged_s,
                                      .file_bytes = usage.file_bytes,
                                      .used_bytes = usage.used_bytes,
                                      .free_bytes = usage.free_bytes,
                                      .scrub_due = ledger->scrub_due || store_rewrite_left(ledger->dir)};
    }
    ledger_abort(txn);
    return status;
}
