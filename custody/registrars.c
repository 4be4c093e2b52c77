/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registrars: see the header.
 */
#include "custody/registrars.h"

#include <inttypes.h>

static bool signs_as_registrar(const struct subject *subject)
{
    return subject->person != NULL && subject->person->revoked == NOTHING && person_office(subject->person, OFFICE_REGISTRAR) != NULL;
}

enum status registrars_enough(struct session *session, uint64_t without, struct fault *fault)
{
    uint64_t registrars = 0;
    bool is_one = false;

    for (uint64_t n = 0; n < ledger_subjects(session->txn); n++) {
        const struct subject *subject = ledger_subject(session->txn, n, fault);

        if (subject == NULL) {
            return fault->status;
        }
        registrars += signs_as_registrar(subject) ? 1 : 0;
        is_one = is_one || (n == without && signs_as_registrar(subject));
    }
    if (is_one && registrars <= session->identity->threshold) {
        args_hint(session->args, "unbroken person appoint PERSON --office registrar; of a lost or stolen key: unbroken person rekey");
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%" PRIu64 " registrars are left, and %" PRIu64
                         " must sign: appoint another before one ends", registrars, session->identity->threshold);
    }
    return STATUS_OK;
}
