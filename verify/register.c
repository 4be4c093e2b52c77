/* SPDX-License-Identifier: Apache-2.0 */
/*
 * register: what an act makes of the register: subjects opened, keys and offices given and taken, the station key; and the heads of every touched subject.
 */
#include "verify/rules.h"
#include "verify/shape.h"

#include <string.h>

static bool give_key(struct replay *replay, struct subject *subject, uint64_t index, const struct public_key *key,
                     bool endorsed)
{
    struct person *person = subject->person;
    if (person->key_count == PERSON_KEYS_MAX) {
        return false;
    }
    struct person_key *slot = &person->keys[person->key_count++];
    *slot = (struct person_key){ .from = index, .key = *key, .endorsed = endorsed };
    public_key_id(replay->hasher, key, &slot->kid);
    person->revoked = NOTHING;
    (void)world_note_key(replay->world, &slot->kid, subject->number);
    return true;
}

static bool give_office(struct subject *subject, uint64_t number, uint64_t index, uint64_t office)
{
    struct person *person = subject->person;
    if (person->appointment_count == PERSON_APPOINTMENTS_MAX) {
        return false;
    }
    person->appointments[person->appointment_count++] =
        (struct appointment){ .number = number, .index = index, .office = office, .ended = NOTHING };
    return true;
}

static void end_office(struct person *person, uint64_t index, uint64_t office)
{
    for (size_t i = 0; i < person->appointment_count; i++) {
        if (person->appointments[i].office == office && person->appointments[i].ended == NOTHING) {
            person->appointments[i].ended = index;
        }
    }
}

/* The old key endorses the new one when its owner signs the rekey in an office of his. */
static bool endorsed(const struct act *act, uint64_t person)
{
    for (size_t i = 0; i < act->signer_count; i++) {
        if (act->signers[i].person == person && act->signers[i].appointment != 0) {
            return true;
        }
    }
    return false;
}

static void found_ledger(struct replay *replay, struct subject *subject, const struct act *act)
{
    struct ledger_state *ledger = subject->ledger;
    const struct founding *founding = &act->founding;
    hash_prefixed(replay->hasher, HASH_PREFIX_LEDGER, act->payload, &ledger->id);
    memcpy(ledger->origin, founding->origin.ptr, founding->origin.len); /* shape_check bounded both */
    memcpy(ledger->code, founding->code.ptr, founding->code.len);
    memcpy(replay->code, ledger->code, sizeof replay->code);
    ledger->training = founding->training;
    ledger->threshold = founding->threshold;
    ledger->founder_count = act->signer_count;
    ledger->key_count = 1;
    ledger->keys[0].from = 0;
    memcpy(ledger->keys[0].key, founding->station, ED25519_BYTES);
}

static bool new_station_key(struct ledger_state *ledger, uint64_t index, const uint8_t key[ED25519_BYTES])
{
    if (ledger->key_count == STATION_KEYS_MAX) {
        return false;
    }
    ledger->keys[ledger->key_count].from = index;
    memcpy(ledger->keys[ledger->key_count].key, key, ED25519_BYTES);
    ledger->key_count++;
    return true;
}

/* One entry of a register act. False: a person or the ledger has no room for more (SPEC 6.5). */
static bool apply_entry(struct replay *replay, const struct record *record, const struct act *act,
                        const struct entry *entry, const struct link *link, struct subject *subject)
{
    const struct facts *facts = &entry->facts;
    uint64_t index = record->index;
    switch (act->kind) {
    case KIND_FOUND:
        if (entry->subject == 0) {
            found_ledger(replay, subject, act);
            return true;
        }
        return give_key(replay, subject, index, &facts->key, true) && give_office(subject, 1, index, facts->office);
    case KIND_ENROL:
        return give_key(replay, subject, index, &facts->key, true) && give_office(subject, 1, index, facts->office);
    case KIND_APPOINT:
        return give_office(subject, link->number, index, facts->office);
    case KIND_END:
        end_office(subject->person, index, facts->office);
        return true;
    case KIND_REKEY: case KIND_REVOKE:
        if ((facts->present & BIT(FACT_DOUBTED)) != 0 && facts->doubted < subject->person->doubted_from) {
            subject->person->doubted_from = facts->doubted;
        }
        if (act->kind == KIND_REVOKE) {
            subject->person->revoked = index;
            return true;
        }
        return give_key(replay, subject, index, &facts->key, endorsed(act, entry->subject));
    case KIND_STATION_KEY:
        return new_station_key(subject->ledger, index, facts->station);
    default:
        return true;
    }
}

enum status authority_apply(struct replay *replay, const struct record *record, const struct hash *record_hash,
                            const struct act *act, bool (*member)(void *context, uint64_t subject), void *context,
                            struct fault *fault)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        const struct entry *entry = &act->entries[i];
        bool opens = shape_opens(act->kind) && entry->role == ROLE_SUBJECT;
        if (opens && member != NULL && !member(context, entry->subject)) {
            continue;
        }
        struct subject *subject = opens ? world_add(replay->world, entry->subject, (enum subject_type)entry->facts.type)
                                        : world_find(replay->world, entry->subject);
        if (subject == NULL) {
            enum status status = world_status(replay->world, fault);
            if (status != STATUS_OK) {
                return status;
            }
            continue;
        }
        if (act_rule(act->kind) != NULL && !apply_entry(replay, record, act, entry, &record->links[i], subject)) {
            return fault_set(fault, STATUS_REFUSED, record->index, "record %llu: subject %llu has %d keys or appointments already, the most there may be",
                             (unsigned long long)record->index, (unsigned long long)entry->subject, PERSON_KEYS_MAX);
        }
        subject->count = record->links[i].number;
        subject->last = record->index;
        subject->last_hash = *record_hash;
        subject->dirty = true;
    }
    return world_status(replay->world, fault);
}
