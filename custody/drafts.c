/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drafts: reading draft files; whose ledger they are for, who has signed.
 */
#include "custody/drafts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

static bool merge(struct drafts *into, const struct drafts *from)
{
    bool same = into->count == from->count;

    for (size_t i = 0; same && i < into->count; i++) {
        same = draft_merge(&into->list[i], &from->list[i]);
    }
    return same;
}

enum status drafts_read_copies(const struct args *args, struct hasher *hasher, struct drafts *out, struct fault *fault)
{
    enum status status = drafts_read(args->arguments[0], hasher, out, fault);

    for (size_t i = 1; i < args->argument_count && status == STATUS_OK; i++) {
        struct drafts copy = {0};

        status = drafts_read(args->arguments[i], hasher, &copy, fault);
        if (status == STATUS_OK && !merge(out, &copy)) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is no copy of %s: it is a draft of other acts", args->arguments[i],
                               args->arguments[0]);
        }
        drafts_free(&copy);
    }
    return status;
}

enum status drafts_all_signed(const struct session *session, struct drafts *drafts, size_t i, struct fault *fault)
{
    const struct draft *draft = &drafts->list[i];
    enum status status = payload_decode(buffer_view(&draft->payload), drafts->act, fault);
    char missing[256] = "";
    size_t used = 0;

    for (size_t k = 0; status == STATUS_OK && k < drafts->act->signer_count; k++) {
        if (!draft->is_signed[k] && used < sizeof missing) {
            char name[NAME_BYTES];

            session_name(session, drafts->act->signers[k].person, name);
            used += (size_t)snprintf(missing + used, sizeof missing - used, "%s%s", used == 0 ? "" : ", ", name);
        }
    }
    if (used > 0) {
        args_hint(session->args, "unbroken sign %s, by each of them; copies that were signed apart are given together: unbroken %s FILE FILE",
                  session->args->arguments[0], session->args->command->words);
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "not all signers have signed: still to sign: %s", missing);
    }
    return status;
}

void drafts_unlink(const struct args *args)
{
    for (size_t i = 0; i < args->argument_count; i++) {
        if (unlink(args->arguments[i]) != 0) {
            (void)fprintf(stderr, "unbroken: hint: %s is recorded and may be deleted\n", args->arguments[i]);
        }
    }
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
