/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/label_stated.h"

#include <stdlib.h>

static int compare_rows(const void *a, const void *b)
{
    const struct label_stated_row *x = a, *y = b;

    if (x->subject != y->subject) {
        return x->subject < y->subject ? -1 : 1;
    }
    return x->name < y->name ? -1 : x->name > y->name;
}

static bool is_shown(const struct disclosure *said)
{
    return said->has_subject && (said->name == NAME_DESCRIPTION || said->name == NAME_SPECIMEN || said->name == NAME_HAZARD);
}

static enum status sort_details(struct label_stated *stated, struct fault *fault)
{
    enum status status = STATUS_OK;

    stated->rows = calloc(stated->details.disclosure_count + 1, sizeof *stated->rows);
    if (stated->rows == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (size_t i = 0; i < stated->details.disclosure_count && status == STATUS_OK; i++) {
        struct disclosure said;

        status = disclosure_decode(stated->details.disclosures[i], &said, fault);
        if (status == STATUS_OK && is_shown(&said)) {
            stated->rows[stated->count++] = (struct label_stated_row){.subject = said.subject, .name = said.name, .value = said.value};
        }
    }
    qsort(stated->rows, stated->count, sizeof *stated->rows, compare_rows);
    return status;
}

enum status label_stated_read(struct session *session, uint64_t record, struct label_stated *stated, struct fault *fault)
{
    enum status status;

    if (stated->record == record) {
        return STATUS_OK;
    }
    label_stated_free(stated);
    status = ledger_details(session->txn, record, &stated->details, fault);
    if (status == STATUS_OK) {
        status = sort_details(stated, fault);
    }
    stated->record = status == STATUS_OK ? record : NOTHING;
    return status;
}

void label_stated_free(struct label_stated *stated)
{
    ledger_details_free(&stated->details);
    free(stated->rows);
    *stated = (struct label_stated){.record = NOTHING};
}

const struct value *label_stated_find(const struct label_stated *stated, uint64_t subject, uint64_t name)
{
    const struct label_stated_row key = {.subject = subject, .name = name};
    const struct label_stated_row *found = stated->count == 0 ? NULL : bsearch(&key, stated->rows, stated->count, sizeof key, compare_rows);

    return found == NULL ? NULL : &found->value;
}
