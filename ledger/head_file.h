/* SPDX-License-Identifier: Apache-2.0 */
/*
 * head_file: the last signed head, remembered outside the ledger's directory, so that a database that was put back is noticed.
 */
#ifndef UNBROKEN_LEDGER_HEAD_FILE_H
#define UNBROKEN_LEDGER_HEAD_FILE_H

#include "ledger/inside.h"

struct head {
    uint64_t size;
    struct hash root;
};

/* The default: DIR.head beside DIR, owned by the caller; NULL when out of memory. */
char *head_default_path(const char *dir);
/* Errors: STATUS_MISSING (no such file), STATUS_REFUSED (another ledger's), STATUS_DAMAGED, STATUS_ENVIRONMENT. */
MUST_USE enum status head_read(const struct ledger *ledger, struct head *out, struct fault *fault);
/* On disk when it returns. */
MUST_USE enum status head_write(const struct ledger *ledger, const struct head *head, struct fault *fault);
/* Reads the head before a snapshot is begun, for head_compare on that snapshot. */
void head_before(struct ledger *ledger);
/*
 * Compares the store with the remembered head. STATUS_REFUSED: the store is behind it, has another root there, or checkpoints were
 * signed and no head is remembered. The text says what to do.
 */
MUST_USE enum status head_compare(struct ledger_txn *txn, struct fault *fault);

#endif
