/* SPDX-License-Identifier: Apache-2.0 */
/*
 * herd: see the header.
 */
#include "custody/herd.h"

#include <stdlib.h>

#include "custody/describe.h"

enum status herd_dead_within(struct session *session, const struct subject *subject, uint64_t *out, struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    *out = 0;
    for (uint64_t n = 1; n <= subject->count && status == STATUS_OK; n++) {
        bool alone = true;
        uint64_t dead = 0, index = 0;

        status = ledger_thread(session->txn, subject->number, n, &index, fault);
        if (status == STATUS_OK) {
            status = describe_read(session, index, scratch, fault);
        }
        if (status == STATUS_OK && scratch->act.kind == KIND_SPLIT && *out > 0) {
            *out = NOTHING; /* of the dead or the living: the act does not say */
        }
        if (status != STATUS_OK || scratch->act.kind != KIND_ANIMAL || scratch->act.code != HERD_DEATH || *out == NOTHING) {
            continue;
        }
        for (size_t i = 0; i < scratch->act.entry_count; i++) {
            const struct entry *entry = &scratch->act.entries[i];

            alone = alone && entry->role != ROLE_CHILD;
            dead += entry->subject == subject->number && (entry->facts.present & BIT(FACT_PIECES)) != 0 ? entry->facts.pieces : 0;
        }
        *out += alone ? dead : 0;
    }
    free(scratch);
    return status;
}

static bool is_text(const struct value *value, const char *text)
{
    return value->type == VALUE_TEXT && view_equal(value->text, view_text(text));
}

/* What one record says of the thing. */
static enum status read_kind(struct session *session, uint64_t subject, uint64_t index, bool *lives, struct fault *fault)
{
    struct ledger_details details = {0};
    enum status status = ledger_details(session->txn, index, &details, fault);

    for (size_t i = 0; i < details.disclosure_count && status == STATUS_OK; i++) {
        struct disclosure said;

        status = disclosure_decode(details.disclosures[i], &said, fault);
        if (status != STATUS_OK || !said.has_subject || said.subject != subject) {
            continue;
        }
        if ((said.name == NAME_UNIT && !is_text(&said.value, "animal")) ||
            (said.name == NAME_SPECIMEN && !is_text(&said.value, "LIV") && !is_text(&said.value, "EGL"))) {
            *lives = false;
        }
    }
    ledger_details_free(&details);
    return status;
}

enum status herd_lives(struct session *session, const struct subject *subject, bool *out, struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    *out = true;
    for (uint64_t n = 1; n <= subject->count && status == STATUS_OK; n++) {
        uint64_t index = 0;

        status = ledger_thread(session->txn, subject->number, n, &index, fault);
        if (status == STATUS_OK) {
            status = describe_read(session, index, scratch, fault);
        }
        if (status == STATUS_OK && scratch->act.kind == KIND_REGISTER) {
            status = read_kind(session, subject->number, index, out, fault);
            break;
        }
    }
    free(scratch);
    return status;
}
