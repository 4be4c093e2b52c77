/* SPDX-License-Identifier: Apache-2.0 */
/*
 * late: see the header.
 */
#include "custody/late.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "verify/shape.h"

enum status late_things(struct session *session, const struct act *act, struct subject_list *out, struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < act->entry_count && status == STATUS_OK; i++) {
        uint64_t number = act->entries[i].subject;
        const struct subject *subject = number < ledger_subjects(session->txn) ? ledger_subject(session->txn, number, fault) : NULL;

        if (subject == NULL && number < ledger_subjects(session->txn)) {
            return fault->status;
        }
        if (subject != NULL && (subject->type == TYPE_ITEM || subject->type == TYPE_CONTAINER)) {
            status = subject_list_push(out, number, fault);
        }
    }
    return status;
}

/* A lodging that names another signer than the act serves nothing, and must not keep out a true one. */
static bool kept_as_its_own(struct session *session, uint64_t index, const struct act *act)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    struct fault ignored = {0};
    bool own = scratch != NULL && describe_read(session, index, scratch, &ignored) == STATUS_OK && scratch->act.from.has_person &&
               scratch->act.from.person == act->signers[0].person;

    free(scratch);
    return own;
}

/* Where it stands already, as a record or kept; NOTHING: nowhere. */
static enum status standing(struct session *session, const struct act *act, uint64_t *recorded, uint64_t *kept, struct fault *fault)
{
    struct fault missing = {0}; /* that it is nowhere is no fault here */
    struct hash id;
    enum status status;

    *recorded = NOTHING;
    *kept = NOTHING;
    act_id(ledger_hasher(session->ledger), act->payload, &id);
    status = ledger_find_act(session->txn, &id, recorded, &missing);
    if (status != STATUS_OK && status != STATUS_MISSING) {
        *fault = missing;
    }
    if (status == STATUS_MISSING) {
        *recorded = NOTHING;
        status = ledger_find_orphan(session->txn, &id, kept, fault);
    }
    if (status == STATUS_MISSING || (status == STATUS_OK && *kept != NOTHING && !kept_as_its_own(session, *kept, act))) {
        *kept = NOTHING;
        status = STATUS_OK;
    }
    return status;
}

bool late_may_keep(struct session *session, const struct act *act)
{
    struct subject_list things = {0};
    struct fault ignored = {0};
    uint64_t recorded = 0, kept = 0;
    bool may = !shape_opens(act->kind) && late_things(session, act, &things, &ignored) == STATUS_OK && things.count > 0 &&
               standing(session, act, &recorded, &kept, &ignored) == STATUS_OK && recorded == NOTHING && kept == NOTHING;

    subject_list_free(&things);
    return may;
}

/* Signed by a key that this person was ever given? Since when it holds no more is why the act comes late. */
static bool signed_by(const struct act *act, size_t i, const struct subject *subject, struct buffer *bytes)
{
    for (size_t k = 0; subject->person != NULL && k < subject->person->key_count; k++) {
        const struct person_key *key = &subject->person->keys[k];
        struct stop stop = {0};

        if (hash_equal(&key->kid, &act->signatures[i].kid) && key->key.algorithm == act->signatures[i].algorithm) {
            authority_check_signature(0, act, i, &key->key, SIGNATURE_BOTH, bytes, &stop);
            return stop.status == 0;
        }
    }
    return false;
}

static enum status check_signatures(struct session *session, const struct act *act, struct fault *fault)
{
    struct buffer bytes = {0};
    enum status status = STATUS_OK;

    for (size_t i = 0; i < act->signer_count && status == STATUS_OK; i++) {
        uint64_t person = act->signers[i].person;
        const struct subject *subject = person < ledger_subjects(session->txn) ? ledger_subject(session->txn, person, fault) : NULL;
        char name[NAME_BYTES];

        session_name(session, person, name);
        if (subject == NULL && person < ledger_subjects(session->txn)) {
            status = fault->status;
        } else if (subject == NULL || !signed_by(act, i, subject, &bytes)) {
            status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the signature for %s is by no key that %s ever had: this is no act of theirs",
                               name, name);
        }
    }
    buffer_free(&bytes);
    return status;
}

enum status late_check(struct session *session, const struct act *act, struct fault *fault)
{
    struct subject_list things = {0};
    uint64_t recorded = 0, kept = 0;
    size_t count;
    enum status status;

    if (act_rule(act->kind) == NULL || (act->present & BIT(PAY_LEDGER)) == 0 || !hash_equal(&act->ledger, &session->identity->id)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "it is no act of this ledger");
    }
    if (shape_opens(act->kind)) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "\"%s\" gives numbers to what is new: it cannot be kept, and is made and signed anew",
                         act_rule(act->kind)->name);
    }
    status = late_things(session, act, &things, fault);
    count = things.count;
    subject_list_free(&things);
    if (status == STATUS_OK && count == 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "this \"%s\" touches no thing of this ledger in whose thread it could be kept",
                         act_rule(act->kind)->name);
    }
    if (status == STATUS_OK) {
        status = standing(session, act, &recorded, &kept, fault);
    }
    if (status == STATUS_OK && recorded != NOTHING) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "this act is in the ledger already, in record %" PRIu64, recorded);
    }
    if (status == STATUS_OK && kept != NOTHING) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "this act is kept already, in record %" PRIu64, kept);
    }
    return status == STATUS_OK ? check_signatures(session, act, fault) : status;
}

/* ---- kept acts ------------------------------------------------------------------------------- */

enum status late_read(struct session *session, struct late_act *out, struct fault *fault)
{
    enum status status = describe_read(session, out->lodged, &out->lodge, fault);

    if (status != STATUS_OK || out->lodge.act.kind != KIND_LODGE || (out->lodge.act.present & BIT(PAY_ANSWERS)) == 0) {
        return status == STATUS_OK ? STATUS_MISSING : status;
    }
    out->id = out->lodge.act.answers;
    return ledger_orphan(session->txn, out->lodged, &out->id, &out->act, fault);
}

static bool read_id(const char *typed, struct hash *out)
{
    static const char digits[] = "0123456789abcdef";

    if (strlen(typed) != 2 * (size_t)HASH_BYTES || strspn(typed, digits) != 2 * (size_t)HASH_BYTES) {
        return false;
    }
    for (size_t i = 0; i < HASH_BYTES; i++) {
        out->bytes[i] = (uint8_t)((strchr(digits, typed[2 * i]) - digits) * 16 + (strchr(digits, typed[2 * i + 1]) - digits));
    }
    return true;
}

enum status late_find(struct session *session, const char *typed, struct late_act *out, struct fault *fault)
{
    enum status status;

    if (read_id(typed, &out->id)) {
        status = ledger_find_orphan(session->txn, &out->id, &out->lodged, fault);
        if (status == STATUS_MISSING) {
            return fault_set(fault, STATUS_MISSING, FAULT_NOWHERE, "no act with this id is lodged");
        }
    } else {
        status = session_record(session, typed, &out->lodged, fault);
    }
    if (status == STATUS_OK) {
        status = late_read(session, out, fault);
        if (status == STATUS_MISSING) {
            args_hint(session->args, "unbroken lodged");
            return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "record %" PRIu64 " keeps no act that came too late", out->lodged);
        }
    }
    return status;
}

bool late_concerns(const struct late_act *late, uint64_t number)
{
    for (size_t i = 0; i < late->act.entry_count; i++) {
        if (late->act.entries[i].subject == number && late->act.entries[i].role == ROLE_SUBJECT) {
            return true;
        }
    }
    return false;
}

enum status late_adopted(struct session *session, uint64_t subject, const struct hash *id, uint64_t lodged, uint64_t *index,
                         struct fault *fault)
{
    struct describe_scratch *scratch = malloc(sizeof *scratch);
    const struct subject *now = ledger_subject(session->txn, subject, fault);
    enum status status = scratch == NULL ? fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory") : STATUS_OK;

    *index = NOTHING;
    if (now == NULL && status == STATUS_OK) {
        status = fault->status;
    }
    for (uint64_t number = now == NULL ? 0 : now->count; number > 0 && status == STATUS_OK; number--) {
        uint64_t at = 0;

        status = ledger_thread(session->txn, subject, number, &at, fault);
        if (status != STATUS_OK || at <= lodged) {
            break;
        }
        status = describe_read(session, at, scratch, fault);
        if (status == STATUS_OK && scratch->act.kind == KIND_ADOPT && (scratch->act.present & BIT(PAY_ANSWERS)) != 0 &&
            hash_equal(&scratch->act.answers, id)) {
            *index = at;
            break;
        }
    }
    free(scratch);
    return status;
}

/* " to KHPP-5-Q" and the like. */
static void put_party(struct session *session, const struct party *party, struct buffer *out)
{
    char name[NAME_BYTES];

    if (party->has_person) {
        session_name(session, party->person, name);
        buffer_printf(out, " to %s", name);
    }
    if (party->has_office) {
        buffer_printf(out, " to %s %s", party->has_person ? "the" : "any", office_name((unsigned)(party->office < OFFICE_COUNT ? party->office : OFFICE_COUNT)));
    }
    if (party->has_place) {
        session_name(session, party->place, name);
        buffer_printf(out, " at %s", name);
    }
}

void late_effect(struct session *session, const struct act *act, struct buffer *out)
{
    char signer[NAME_BYTES];
    char place[NAME_BYTES] = "";

    session_name(session, act->signers[0].person, signer);
    if ((act->present & BIT(PAY_PLACE)) != 0) {
        session_name(session, act->place, place);
    }
    switch (act->kind) {
    case KIND_RELEASE:
        buffer_printf(out, "in transit");
        if ((act->present & BIT(PAY_TO)) != 0) {
            put_party(session, &act->to, out);
        }
        break;
    case KIND_ACCEPT: case KIND_TAKEBACK: buffer_printf(out, "held by %s%s%s", signer, place[0] == '\0' ? "" : " at ", place); break;
    case KIND_REFUSE: case KIND_WITHDRAW: buffer_printf(out, "held again by whoever released it"); break;
    case KIND_HANDOUT: buffer_printf(out, "out"); break;
    case KIND_SHELVE: buffer_printf(out, "at %s", place); break;
    case KIND_WEIGH: buffer_printf(out, "the mass that it states"); break;
    default: buffer_printf(out, "none: only kept"); break;
    }
}
