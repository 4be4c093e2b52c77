/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_store: encoding and decoding of subjects. Numbers as in keys.h; texts are a number and bytes.
 */
#include "ledger/state_store.h"

#include <stdlib.h>
#include <string.h>

#include "ledger/keys.h"

enum { FLAG_VOIDED = 1, FLAG_OPENED = 2, FLAG_OPEN = 4, FLAG_SEALS = 8, FLAG_HANDED_OUT = 16, FLAGS_ALL = 31 };

/* ---- writing --------------------------------------------------------------------------------- */

static void encode_thing(const struct thing *thing, struct buffer *out)
{
    unsigned flags = (thing->voided ? FLAG_VOIDED : 0u) | (thing->opened_before ? FLAG_OPENED : 0u) |
                     (thing->open != NULL ? FLAG_OPEN : 0u) | (thing->seals != NULL ? FLAG_SEALS : 0u) |
                     (thing->open != NULL && thing->open->handed_out ? FLAG_HANDED_OUT : 0u);

    buffer_append_byte(out, (uint8_t)thing->state);
    buffer_append_byte(out, (uint8_t)flags);
    keys_append(out, thing->contents);
    keys_append(out, thing->levels);
    keys_append(out, thing->of_case);
    keys_append(out, thing->holder);
    keys_append(out, thing->place);
    keys_append(out, thing->pieces);
    keys_append(out, thing->net_mg);
    keys_append(out, thing->container);
    keys_append(out, thing->missing);
    keys_append(out, thing->prints);
    if (thing->open != NULL) {
        keys_append(out, thing->open->index);
        buffer_append_view(out, hash_view(&thing->open->act));
        keys_append(out, thing->open->by);
        keys_append(out, thing->open->person);
        keys_append(out, thing->open->office);
        keys_append(out, thing->open->place);
        keys_append(out, thing->open->due_s);
        keys_append(out, thing->open->logged_s);
    }
    if (thing->seals != NULL) {
        keys_append(out, thing->seals->count);
        keys_append(out, thing->seals->len);
        buffer_append(out, thing->seals->text, thing->seals->len);
    }
}

static void encode_person(const struct person *person, struct buffer *out)
{
    keys_append(out, person->key_count);
    for (size_t i = 0; i < person->key_count; i++) {
        const struct person_key *key = &person->keys[i];

        keys_append(out, key->from);
        buffer_append_byte(out, key->endorsed ? 1 : 0);
        buffer_append_byte(out, key->key.algorithm == KEY_ED25519 ? 1 : 2);
        buffer_append(out, key->key.bytes, key->key.len);
    }
    keys_append(out, person->appointment_count);
    for (size_t i = 0; i < person->appointment_count; i++) {
        const struct appointment *appointment = &person->appointments[i];

        keys_append(out, appointment->number);
        keys_append(out, appointment->index);
        keys_append(out, appointment->office);
        keys_append(out, appointment->ended);
    }
    keys_append(out, person->revoked);
    keys_append(out, person->doubted_from);
}

static void encode_text(const char *text, struct buffer *out)
{
    struct view view = view_text(text);

    keys_append(out, view.len);
    buffer_append_view(out, view);
}

static void encode_ledger(const struct ledger_state *ledger, struct buffer *out)
{
    buffer_append_view(out, hash_view(&ledger->id));
    encode_text(ledger->origin, out);
    encode_text(ledger->code, out);
    buffer_append_byte(out, ledger->training ? 1 : 0);
    keys_append(out, ledger->threshold);
    keys_append(out, ledger->founder_count);
    keys_append(out, ledger->key_count);
    for (size_t i = 0; i < ledger->key_count; i++) {
        keys_append(out, ledger->keys[i].from);
        buffer_append(out, ledger->keys[i].key, ED25519_BYTES);
    }
}

void state_encode(const struct subject *subject, struct buffer *out)
{
    buffer_append_byte(out, (uint8_t)subject->type);
    keys_append(out, subject->count);
    keys_append(out, subject->last);
    if (subject->thing != NULL) {
        encode_thing(subject->thing, out);
    } else if (subject->person != NULL) {
        encode_person(subject->person, out);
    } else if (subject->ledger != NULL) {
        encode_ledger(subject->ledger, out);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Failure is sticky; asked once at the end. */
struct intake {
    struct view rest;
    bool failed;
};

static uint64_t take_number(struct intake *in, uint64_t max)
{
    uint64_t number = 0;

    if (in->failed || !keys_take(&in->rest, &number) || number > max) {
        in->failed = true;
        return 0;
    }
    return number;
}

static void take_bytes(struct intake *in, void *out, size_t len)
{
    if (in->failed || in->rest.len < len) {
        in->failed = true;
        return;
    }
    if (len > 0) {
        memcpy(out, in->rest.ptr, len);
        in->rest = view_part(in->rest, len, in->rest.len - len);
    }
}

static unsigned take_byte(struct intake *in, unsigned max)
{
    uint8_t byte = 0;

    take_bytes(in, &byte, 1);
    if (byte > max) {
        in->failed = true;
        return 0;
    }
    return byte;
}

static void decode_open(struct intake *in, struct open_release *open)
{
    open->index = take_number(in, NUM_MAX);
    take_bytes(in, open->act.bytes, HASH_BYTES);
    open->by = take_number(in, NOTHING);
    open->person = take_number(in, NOTHING);
    open->office = take_number(in, NOTHING);
    open->place = take_number(in, NOTHING);
    open->due_s = take_number(in, NOTHING);
    open->logged_s = take_number(in, NOTHING);
}

/* The text must be count strings, each a length byte and its bytes. */
static void decode_seals(struct intake *in, struct seal_set *seals)
{
    size_t at = 0;

    seals->count = (size_t)take_number(in, SEALS_MAX);
    seals->len = (size_t)take_number(in, sizeof seals->text);
    take_bytes(in, seals->text, seals->len);
    for (size_t i = 0; i < seals->count && !in->failed; i++) {
        size_t len = at < seals->len ? seals->text[at] : 0;

        in->failed = len == 0 || len > SEAL_BYTES_MAX || len > seals->len - at - 1;
        at += 1 + len;
    }
    if (in->failed || at != seals->len) {
        in->failed = true;
        *seals = (struct seal_set){0};
    }
}

/* False: out of memory. */
static bool decode_thing(struct intake *in, struct thing *thing)
{
    unsigned flags;

    thing->state = (enum thing_state)take_byte(in, THING_CLOSED);
    flags = take_byte(in, FLAGS_ALL);
    thing->voided = (flags & FLAG_VOIDED) != 0;
    thing->opened_before = (flags & FLAG_OPENED) != 0;
    thing->contents = (uint32_t)take_number(in, UINT32_MAX);
    thing->levels = (uint8_t)take_number(in, UINT8_MAX);
    thing->of_case = take_number(in, NOTHING);
    thing->holder = take_number(in, NOTHING);
    thing->place = take_number(in, NOTHING);
    thing->pieces = take_number(in, NOTHING);
    thing->net_mg = take_number(in, NOTHING);
    thing->container = take_number(in, NOTHING);
    thing->missing = take_number(in, NOTHING);
    thing->prints = take_number(in, NOTHING);
    if ((flags & FLAG_OPEN) != 0) {
        thing->open = calloc(1, sizeof *thing->open);
        if (thing->open == NULL) {
            return false;
        }
        decode_open(in, thing->open);
        thing->open->handed_out = (flags & FLAG_HANDED_OUT) != 0;
    }
    if ((flags & FLAG_SEALS) != 0) {
        thing->seals = calloc(1, sizeof *thing->seals);
        if (thing->seals == NULL) {
            return false;
        }
        decode_seals(in, thing->seals);
    }
    return true;
}

static void decode_person(struct hasher *hasher, struct intake *in, struct person *person)
{
    person->key_count = (size_t)take_number(in, PERSON_KEYS_MAX);
    for (size_t i = 0; i < person->key_count && !in->failed; i++) {
        struct person_key *key = &person->keys[i];

        key->from = take_number(in, NUM_MAX);
        key->endorsed = take_byte(in, 1) == 1;
        switch (take_byte(in, 2)) {
        case 1:
            key->key = (struct public_key){.algorithm = KEY_ED25519, .len = 32};
            break;
        case 2:
            key->key = (struct public_key){.algorithm = KEY_ESP256, .len = 33};
            break;
        default:
            in->failed = true;
            return;
        }
        take_bytes(in, key->key.bytes, key->key.len);
        public_key_id(hasher, &key->key, &key->kid);
    }
    person->appointment_count = (size_t)take_number(in, PERSON_APPOINTMENTS_MAX);
    for (size_t i = 0; i < person->appointment_count && !in->failed; i++) {
        struct appointment *appointment = &person->appointments[i];

        appointment->number = take_number(in, NUM_MAX);
        appointment->index = take_number(in, NUM_MAX);
        appointment->office = take_number(in, NUM_MAX);
        appointment->ended = take_number(in, NOTHING);
    }
    person->revoked = take_number(in, NOTHING);
    person->doubted_from = take_number(in, NOTHING);
}

static void decode_text(struct intake *in, char *out, size_t size)
{
    size_t len = (size_t)take_number(in, size - 1);

    take_bytes(in, out, len);
    if (!in->failed && memchr(out, '\0', len) != NULL) {
        in->failed = true;
    }
}

static void decode_ledger(struct intake *in, struct ledger_state *ledger)
{
    take_bytes(in, ledger->id.bytes, HASH_BYTES);
    decode_text(in, ledger->origin, sizeof ledger->origin);
    decode_text(in, ledger->code, sizeof ledger->code);
    ledger->training = take_byte(in, 1) == 1;
    ledger->threshold = take_number(in, ACT_SIGNERS_MAX);
    ledger->founder_count = (size_t)take_number(in, ACT_SIGNERS_MAX);
    ledger->key_count = (size_t)take_number(in, STATION_KEYS_MAX);
    for (size_t i = 0; i < ledger->key_count && !in->failed; i++) {
        ledger->keys[i].from = take_number(in, NUM_MAX);
        take_bytes(in, ledger->keys[i].key, ED25519_BYTES);
    }
}

enum status state_decode(struct hasher *hasher, struct view bytes, struct subject *out, struct fault *fault)
{
    struct intake in = {bytes, false};
    unsigned type = take_byte(&in, 15);
    bool memory;

    out->count = take_number(&in, NUM_MAX);
    out->last = take_number(&in, NUM_MAX);
    if (in.failed || type == TYPE_NONE || out->count == 0) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the state of subject %llu is damaged",
                         (unsigned long long)out->number);
    }
    memory = subject_as(out, (enum subject_type)type);
    if (memory && out->thing != NULL) {
        memory = decode_thing(&in, out->thing);
    } else if (memory && out->person != NULL) {
        decode_person(hasher, &in, out->person);
    } else if (memory && out->ledger != NULL) {
        decode_ledger(&in, out->ledger);
    }
    if (!memory) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (in.failed || in.rest.len != 0) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the state of subject %llu is damaged",
                         (unsigned long long)out->number);
    }
    return STATUS_OK;
}
