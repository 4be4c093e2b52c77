/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drafts: reading a draft file; whose ledger it is for.
 */
#include "custody/drafts.h"

#include <stdlib.h>

#include "custody/wholefile.h"

enum { DRAFT_BYTES_MAX = 1 << 30 };

enum status drafts_read(const char *path, struct hasher *hasher, struct drafts *out, struct fault *fault)
{
    struct buffer file = {0};
    enum status status = wholefile_read(path, DRAFT_BYTES_MAX, &file, fault);

    *out = (struct drafts){0};
    if (status == STATUS_OK) {
        status = draft_file_decode(hasher, buffer_view(&file), &out->ledger, &out->list, &out->count, fault);
    }
    if (status == STATUS_DAMAGED) {
        struct fault inner = *fault;

        fault_clear(fault);
        (void)fault_set(fault, STATUS_DAMAGED, inner.at, "%s: %s", path, inner.text);
    }
    if (status == STATUS_OK) {
        out->act = malloc(sizeof *out->act);
        status = out->act == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;
    }
    buffer_free(&file);
    return status;
}

void drafts_free(struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++) {
        draft_free(&drafts->list[i]);
    }
    free(drafts->list);
    free(drafts->act);
}

enum status drafts_same_ledger(const struct session *session, const struct drafts *drafts, struct fault *fault)
{
    if (session->ledger != NULL && !hash_equal(&drafts->ledger, &session->identity->id)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is a draft for another ledger", session->args->arguments[0]);
    }
    return STATUS_OK;
}
