/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reconcile_notes: the signed checkpoints of the sources, and what this station's witnesses have said of them.
 */
#include "ledger/reconcile_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "ledger/restore.h"
#include "ledger/views.h"
#include "ledger/witnesses.h"

/* Of a checkpoint that is here: cosignatures of the station's witnesses that the source shows and this ledger does not have. */
static enum status take_cosignatures(struct reconcile *reconcile, const struct copy_note *note, const struct policy *witnesses, struct fault *fault)
{
    struct checkpoint *checkpoint = malloc(sizeof *checkpoint);
    bool signed_by[POLICY_WITNESSES_MAX] = {false};
    struct view lines;
    size_t added = 0;
    enum status status = checkpoint == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : checkpoint_parse(note->bytes, checkpoint, fault);

    if (status == STATUS_OK) {
        lines = view_part(note->bytes, checkpoint->text.len + 1, note->bytes.len - checkpoint->text.len - 1);
        status = views_cosign(reconcile->txn, note->size, witnesses, lines, NOTHING, &added, signed_by, fault);
        reconcile->report.cosignatures += status == STATUS_OK ? added : 0;
        /* One line too many for a note is no reason to leave records behind. */
        status = status == STATUS_DAMAGED ? STATUS_OK : status;
    }
    free(checkpoint);
    return status;
}

/* Each is checked against the tree as it is now. */
static enum status take_notes_by(struct reconcile *reconcile, const struct policy *witnesses, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < reconcile->count && status == STATUS_OK; i++) {
        for (size_t n = 0; n < reconcile->copies[i].note_count && reconcile_usable(reconcile, i) && status == STATUS_OK; n++) {
            struct fault inner = {0};
            bool added = false;

            status = restore_note(reconcile->txn, reconcile->copies[i].notes[n].bytes, &added, &inner);
            if (status == STATUS_UNTRUSTED) {
                (void)snprintf(reconcile->report.problem, sizeof reconcile->report.problem, "%.100s: %.380s", reconcile->results[i].name,
                               inner.text);
                return STATUS_OK;
            }
            if (status == STATUS_OK && witnesses != NULL) {
                status = take_cosignatures(reconcile, &reconcile->copies[i].notes[n], witnesses, &inner);
            }
            if (status != STATUS_OK) {
                return fault_set(fault, status, FAULT_NOWHERE, "%.100s: %.380s", reconcile->results[i].name, inner.text);
            }
            reconcile->report.notes += added ? 1u : 0u;
        }
    }
    return status;
}

enum status reconcile_take_notes(struct reconcile *reconcile, struct fault *fault)
{
    struct policy *witnesses = NULL;
    struct fault inner = {0};
    enum status status = witnesses_read(reconcile->ledger, &witnesses, &inner);

    if (status != STATUS_OK && status != STATUS_MISSING) {
        return fault_set(fault, status, inner.at, "%s", inner.text);
    }
    status = take_notes_by(reconcile, witnesses, fault);
    policy_close(witnesses);
    return status;
}
