/* SPDX-License-Identifier: Apache-2.0 */
/*
 * authority: may these people sign this act at all (SPEC 6, V9.7 to V9.9), and what the act makes of the register of people.
 * Not here: the shape of the act (shape.c), custody (rules.c).
 */
#include "verify/rules.h"
#include "verify/shape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void stop_set(struct stop *stop, int status, const char *code, uint64_t record, uint64_t subject, const char *format, ...)
{
    if (stop->status != 0) {
        return;
    }
    stop->status = status;
    stop->code = code;
    stop->record = record;
    stop->subject = subject;
    stop->byte = NOTHING;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(stop->text, sizeof stop->text, format, arguments);
    va_end(arguments);
}

static const struct entry *entry_of(const struct act *act, uint64_t subject)
{
    for (size_t i = 0; i < act->entry_count; i++) {
        if (act->entries[i].subject == subject) {
            return &act->entries[i];
        }
    }
    return NULL;
}

/* A founder, the enrollee, or the person of a rekey signing with the key that the act itself gives. */
static const struct public_key *own_key(const struct act *act, const struct signer *signer)
{
    bool self = act->kind == KIND_FOUND || act->kind == KIND_ENROL || act->kind == KIND_REKEY;
    unsigned capacity = act->kind == KIND_FOUND ? OFFICE_REGISTRAR : OFFICE_NONE;
    if (!self || signer->appointment != 0 || signer->capacity != capacity) {
        return NULL;
    }
    const struct entry *entry = entry_of(act, signer->person);
    return entry != NULL && (entry->facts.present & BIT(FACT_KEY)) != 0 ? &entry->facts.key : NULL;
}

/* SPEC 6.2: the same person twice only in rekey, once with the new key and once with the old. */
static bool distinct(const struct act *act, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        bool rekey_pair = act->kind == KIND_REKEY &&
                          (act->signers[i].appointment == 0) != (act->signers[j].appointment == 0);
        if (act->signers[i].person == act->signers[j].person && !rekey_pair) {
            return false;
        }
        if (hash_equal(&act->signatures[i].kid, &act->signatures[j].kid)) {
            return false;
        }
    }
    return true;
}

void authority_check_signature(uint64_t index, const struct act *act, size_t signer, const struct public_key *key,
                               enum signature_rigour rigour, struct buffer *bytes, struct stop *stop)
{
    const struct act_signature *signature = &act->signatures[signer];
    buffer_reset(bytes);
    signed_bytes(signature->header, act->payload, bytes);
    if (bytes->failed) {
        stop_set(stop, 2, "memory", index, NOTHING, "out of memory");
        return;
    }
    switch (signature_check(key, buffer_view(bytes), signature->value, rigour)) {
    case SIGNATURE_VALID:
        return;
    case SIGNATURE_INVALID:
        stop_set(stop, 1, "signature", index, NOTHING,
                 "record %llu: signature %zu does not match the key of person %llu", (unsigned long long)index, signer + 1,
                 (unsigned long long)act->signers[signer].person);
        return;
    case SIGNATURE_DISAGREED:
        stop_set(stop, 2, "libraries", index, NOTHING,
                 "record %llu: libsodium and OpenSSL disagree about signature %zu", (unsigned long long)index, signer + 1);
        return;
    }
}

/* SPEC 6.3: the key by which the signer must have signed; whether he may sign so is asked later. NULL: none is in force. */
static const struct public_key *key_of(struct replay *replay, uint64_t index, const struct act *act, const struct signer *signer)
{
    const struct entry *entry = act->kind == KIND_FOUND || act->kind == KIND_ENROL ? entry_of(act, signer->person) : NULL;
    if (entry != NULL && (entry->facts.present & BIT(FACT_KEY)) != 0) {
        return &entry->facts.key;
    }
    const struct public_key *own = own_key(act, signer);
    const struct subject *subject = own == NULL ? world_find(replay->world, signer->person) : NULL;
    const struct person_key *key = subject == NULL || subject->person == NULL ? NULL : person_key_at(subject->person, index);
    return own != NULL ? own : key == NULL ? NULL : &key->key;
}

/* V9.7 for one signer. */
static const struct public_key *check_signer(struct replay *replay, uint64_t index, const struct act *act, size_t i,
                                             struct buffer *bytes, struct stop *stop)
{
    const struct signer *signer = &act->signers[i];
    unsigned long long r = index, p = signer->person;
    const struct public_key *key = key_of(replay, index, act, signer);
    bool here = replay->has_leaf != NULL ? replay->has_leaf(replay->source->context, signer->person)
                                         : key != NULL || world_find(replay->world, signer->person) != NULL;
    if (!here) {
        stop_set(stop, 1, "incomplete", NOTHING, signer->person, "record %llu: the thread of its signer, person %llu, is missing", r, p);
        return NULL;
    }
    if (!distinct(act, i)) {
        stop_set(stop, 1, "signers", index, NOTHING, "record %llu: person %llu or a key signs twice", r, p);
        return NULL;
    }
    struct hash kid;
    if (key != NULL) {
        public_key_id(replay->hasher, key, &kid);
    }
    if (key == NULL || key->algorithm != act->signatures[i].algorithm || !hash_equal(&kid, &act->signatures[i].kid)) {
        stop_set(stop, 1, "key", index, NOTHING, "record %llu: signature %zu is not by a key in force of person %llu%s", r, i + 1, p,
                 key == NULL ? " (revoked, or never given)" : "");
        return NULL;
    }
    if (bytes != NULL) {
        authority_check_signature(index, act, i, key, replay->rigour, bytes, stop);
    }
    return key;
}

/* V9.8 */
static void check_office(struct replay *replay, uint64_t index, const struct act *act, size_t i, struct stop *stop)
{
    const struct signer *signer = &act->signers[i];
    if (own_key(act, signer) != NULL) {
        return;
    }
    const struct subject *subject = world_find(replay->world, signer->person);
    const struct appointment *appointment = NULL;
    if (subject != NULL && subject->person != NULL && signer->appointment != 0) {
        appointment = person_appointment_at(subject->person, signer->appointment, index);
    }
    if (appointment == NULL || appointment->office != signer->capacity) {
        stop_set(stop, 1, "office", index, NOTHING, "record %llu: person %llu signs as %s without holding that office then",
                 (unsigned long long)index, (unsigned long long)signer->person,
                 signer->capacity < OFFICE_COUNT ? office_name((unsigned)signer->capacity) : "unknown office");
    }
}

/* SPEC 6.5: all founders sign, in order of their numbers. */
static bool founders_sign(const struct act *act)
{
    for (size_t i = 0; i < act->signer_count; i++) {
        if (act->signers[i].person != i + 1) {
            return false;
        }
    }
    return act->signer_count == act->entry_count - 1;
}

/* V9.9 */
static void check_authority(struct replay *replay, uint64_t index, const struct act *act, const struct act_rule *rule,
                            struct stop *stop)
{
    const struct subject *ledger = world_find(replay->world, 0);
    size_t registrars = 0;
    bool enrollee = act->kind != KIND_ENROL && act->kind != KIND_REKEY;
    for (size_t i = 0; i < act->signer_count; i++) {
        registrars += act->signers[i].capacity == OFFICE_REGISTRAR ? 1u : 0u;
        enrollee = enrollee || own_key(act, &act->signers[i]) != NULL;
    }
    if (rule->authority && (ledger == NULL || ledger->ledger == NULL || registrars < ledger->ledger->threshold)) {
        stop_set(stop, 1, "authority", index, NOTHING, "record %llu: \"%s\" is signed by %zu registrars, fewer than the ledger's threshold",
                 (unsigned long long)index, rule->name, registrars);
    }
    if (act->kind == KIND_FOUND && !founders_sign(act)) {
        stop_set(stop, 1, "authority", index, NOTHING, "record %llu: its signers are not the founders in order", (unsigned long long)index);
    }
    if (!enrollee) {
        stop_set(stop, 1, "authority", index, NOTHING, "record %llu: the person did not sign with the key that is given (no proof of possession)",
                 (unsigned long long)index);
    }
    for (size_t i = 0; i < act->entry_count && stop->status == 0; i++) {
        const struct entry *entry = &act->entries[i];
        struct hash kid;
        if ((entry->facts.present & BIT(FACT_KEY)) == 0) {
            continue;
        }
        public_key_id(replay->hasher, &entry->facts.key, &kid);
        uint64_t owner = world_key_owner(replay->world, &kid);
        if (owner != NOTHING && owner != entry->subject) {
            stop_set(stop, 1, "key-reused", index, NOTHING, "record %llu: the key given to person %llu was person %llu's before",
                     (unsigned long long)index, (unsigned long long)entry->subject, (unsigned long long)owner);
        }
    }
}

void authority_check(struct replay *replay, const struct record *record, const struct act *act,
                     const struct public_key *keys[ACT_SIGNERS_MAX], struct buffer *bytes, struct stop *stop)
{
    const struct act_rule *rule = act_rule(act->kind);
    shape_check(replay, record, act, stop);
    for (size_t i = 0; i < act->signer_count && stop->status == 0; i++) {
        keys[i] = check_signer(replay, record->index, act, i, bytes, stop);
    }
    for (size_t i = 0; rule != NULL && i < act->signer_count && stop->status == 0; i++) {
        check_office(replay, record->index, act, i, stop);
    }
    if (rule != NULL && stop->status == 0) {
        check_authority(replay, record->index, act, rule, stop);
    }
}
