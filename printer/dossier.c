/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dossier: opening and closing; see the header.
 */
#include "printer/dossier_inside.h"

#include <stdlib.h>
#include <string.h>

static enum status keep_ledger(struct dossier_filling *filling)
{
    struct dossier *dossier = filling->dossier;
    struct check *check = filling->check;
    const struct subject *ledger = world_find(check->world, 0);
    dossier->threshold = ledger == NULL || ledger->ledger == NULL ? 0 : ledger->ledger->threshold;
    dossier->custody_known = !check->verdict->custody_open;
    return dossier_keep(dossier, check->bundle.view.note, &dossier->note, filling->fault);
}

/* The replay for the spans asks the check's own source, which keeps a lack of memory as its stop. */
static enum status look_back(struct dossier_filling *filling)
{
    const struct stop *custody = &filling->check->custody;
    bool memory = custody->status == 2 && strcmp(custody->code, "memory") == 0;
    return memory ? fault_set(filling->fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a dossier") : STATUS_OK;
}

enum status dossier_reader(void *context, struct check *check, struct fault *fault)
{
    struct dossier_filling filling = { .dossier = context, .check = check, .fault = fault };
    enum status (*const parts[])(struct dossier_filling *) = { keep_ledger,        dossier_fill_subjects, dossier_spans_open, dossier_fill_records,
                                                               dossier_fill_about, dossier_fill_things,   look_back };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == STATUS_OK; i++) {
        status = parts[i](&filling);
    }
    if (status == STATUS_OK) {
        dossier_spans_finish(&filling);
        filling.dossier->read = true;
    }
    dossier_spans_close(filling.spans);
    free(filling.acts);
    free(filling.lodges);
    return status;
}

enum status dossier_open(struct hasher *hasher, const struct policy *policy, struct view file, const struct verify_options *options,
                         struct dossier *out, struct fault *fault)
{
    memset(out, 0, sizeof *out);
    enum status status = verify_read(hasher, policy, file, options, dossier_reader, out, &out->verdict, fault);
    if (status != STATUS_OK) {
        dossier_close(out);
    }
    return status;
}

void dossier_close(struct dossier *dossier)
{
    void *const owned[] = { dossier->records, dossier->late,   dossier->entries, dossier->details, dossier->signers,     dossier->seals,
                            dossier->subjects, dossier->thread, dossier->spans,   dossier->about,   dossier->corrections, dossier->signatures };
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        free(owned[i]);
    }
    dossier_store_close(dossier->store);
    verdict_close(&dossier->verdict);
    memset(dossier, 0, sizeof *dossier);
}
