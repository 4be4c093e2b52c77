/* SPDX-License-Identifier: Apache-2.0 */
/*
 * papers: what others hold of a ledger, read for reconciling: files, folders of files, ledger directories.
 */
#ifndef UNBROKEN_CUSTODY_PAPERS_H
#define UNBROKEN_CUSTODY_PAPERS_H

#include "ledger/ask_heads.h"
#include "ledger/reconcile.h"

/* Zero it before use. list borrows the rest. */
struct papers {
    struct reconcile_source *list;
    struct buffer *files;
    char **names;
    size_t count, cap;
};

/*
 * One source: a ledger directory (it has a data.mdb), any other directory (every plain file in it, in the order of their names; hidden ones
 * are passed over), or a file, which is read whole. Errors: STATUS_MISSING, STATUS_REFUSED (a file of over 2 GiB), STATUS_ENVIRONMENT, STATUS_MEMORY.
 */
MUST_USE enum status papers_read(struct papers *papers, const char *path, struct fault *fault);
/* What a witness has answered; borrowed until papers_free. Errors: STATUS_MEMORY. */
MUST_USE enum status papers_witness(struct papers *papers, const struct asked_head *head, bool excused, struct fault *fault);
void papers_free(struct papers *papers);

#endif
