/* SPDX-License-Identifier: Apache-2.0 */
/*
 * describe_people: persons with their names, for one line of a table.
 */
#include "custody/describe.h"

void describe_person(struct session *session, uint64_t person, struct buffer *out)
{
    struct buffer called = {0};
    char name[NAME_BYTES];

    session_name(session, person, name);
    describe_detail(session, person, NAME_PERSON, &called);
    buffer_printf(out, "%s%s", name, called.len == 0 ? "" : " ");
    buffer_append_view(out, buffer_view(&called));
    buffer_free(&called);
}

void describe_party(struct session *session, const struct party *party, struct buffer *out)
{
    char name[NAME_BYTES];

    if (party->has_person) {
        describe_person(session, party->person, out);
    }
    if (party->has_office && party->office < OFFICE_COUNT) {
        buffer_printf(out, "%s%s", party->has_person ? ", " : "any ", office_name((unsigned)party->office));
    }
    if (party->has_place) {
        session_name(session, party->place, name);
        buffer_printf(out, "%sat %s", party->has_person || party->has_office ? " " : "", name);
    }
}

void describe_signers(struct session *session, const struct act *act, size_t from, struct buffer *out)
{
    for (size_t i = from; i < act->signer_count; i++) {
        const struct signer *signer = &act->signers[i];

        buffer_printf(out, "%s", i == from ? "" : "; ");
        describe_person(session, signer->person, out);
        if (signer->capacity != 0 && signer->capacity < OFFICE_COUNT) {
            buffer_printf(out, ", %s", office_name((unsigned)signer->capacity));
        }
    }
}
