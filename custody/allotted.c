/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allotted: see the header.
 */
#include "custody/allotted.h"

#include <stdlib.h>

#include "custody/describe.h"

static bool is_signer(const struct session *session, uint64_t person)
{
    for (size_t i = 0; i < session->signer_count; i++) {
        if (session->signers[i].signer.person == person) {
            return true;
        }
    }
    return false;
}

static enum status find(struct session *session, enum subject_type type, size_t want, struct subject_list *out, struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    uint64_t record = NOTHING; /* the allotting record looked at last */
    bool mine = false;
    enum status status = STATUS_OK;

    if (scratch == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    for (uint64_t n = 0; n < ledger_subjects(session->txn) && out->count < want && status == STATUS_OK; n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);
        uint64_t index = 0;

        if (subject == NULL) {
            status = fault->status;
            break;
        }
        if (subject->type != type || subject->thing == NULL || subject->thing->state != THING_UNUSED) {
            continue;
        }
        status = ledger_thread(session->txn, n, 1, &index, fault);
        if (status == STATUS_OK && index != record) {
            status = describe_read(session, index, scratch, fault);
            mine = status == STATUS_OK && is_signer(session, scratch->act.signers[0].person);
            record = index;
        }
        if (status == STATUS_OK && mine) {
            status = subject_list_push(out, n, fault);
        }
    }
    free(scratch);
    return status;
}

enum status allotted_take(struct session *session, enum subject_type type, size_t want, struct subject_list *out,
                          struct fault *fault)
{
    size_t before = out->count;
    char name[NAME_BYTES];
    enum status status = find(session, type, before + want, out, fault);

    if (status == STATUS_OK && out->count - before < want) {
        bool container = type == TYPE_CONTAINER;

        session_name(session, session->signers[0].signer.person, name);
        args_hint(session->args, "unbroken allot %zu%s", want - (out->count - before), container ? " --containers" : "");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%zu %s%s, but %zu unused numbers allotted by %s%s", want,
                         container ? "container" : "item", want == 1 ? "" : "s", out->count - before, name,
                         session->signer_count > 1 ? " or who signs with" : "");
    }
    return status;
}
