/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a member of a subject's state is not kept, when two encodings decode to one state, or when damaged bytes are believed.
 */
#include "ledger/state_store.h"

#include "tests/ledger/fixture.c"

static struct hasher *hasher;

static struct hash numbered(uint8_t byte)
{
    struct hash hash;

    memset(hash.bytes, byte, HASH_BYTES);
    return hash;
}

static void make_thing(struct subject *subject)
{
    struct thing *thing;

    *subject = (struct subject){.number = 12, .count = 300, .last = 70000};
    ck_assert(subject_as(subject, TYPE_CONTAINER));
    thing = subject->thing;
    thing->state = THING_TRANSIT;
    thing->voided = true;
    thing->opened_before = true;
    thing->contents = 4;
    thing->levels = 3;
    thing->of_case = 9;
    thing->holder = 5;
    thing->place = 8;
    thing->pieces = 1000;
    thing->net_mg = 123456789;
    thing->container = 11;
    thing->missing = 66;
    thing->prints = 2;
    thing->open = calloc(1, sizeof *thing->open);
    ck_assert_ptr_nonnull(thing->open);
    *thing->open = (struct open_release){true, 69999, numbered(7), 5, 6, NOTHING, 8, 1600000000, 1599999999};
    thing->seals = calloc(1, sizeof *thing->seals);
    ck_assert_ptr_nonnull(thing->seals);
    thing->seals->count = 2;
    thing->seals->len = 7;
    memcpy(thing->seals->text, "\x02K1\x03K23", 7);
}

static void make_person(struct subject *subject)
{
    struct person *person;

    *subject = (struct subject){.number = 3, .count = 4, .last = 20};
    ck_assert(subject_as(subject, TYPE_PERSON));
    person = subject->person;
    person->key_count = 2;
    person->keys[0] = (struct person_key){.from = 0, .key = {.algorithm = KEY_ED25519, .len = 32}, .endorsed = true};
    person->keys[1] = (struct person_key){.from = 19, .key = {.algorithm = KEY_ESP256, .len = 33}};
    memset(person->keys[0].key.bytes, 5, 32);
    memset(person->keys[1].key.bytes, 3, 33);
    for (size_t i = 0; i < 2; i++) {
        public_key_id(hasher, &person->keys[i].key, &person->keys[i].kid);
    }
    person->appointment_count = 1;
    person->appointments[0] = (struct appointment){2, 5, OFFICE_EXPERT, 18};
    person->revoked = 20;
    person->doubted_from = NOTHING;
}

static void make_ledger(struct subject *subject)
{
    struct ledger_state *ledger;

    *subject = (struct subject){.number = 0, .count = 1, .last = 0};
    ck_assert(subject_as(subject, TYPE_LEDGER));
    ledger = subject->ledger;
    ledger->id = numbered(1);
    memcpy(ledger->origin, "kh.example/x", 13);
    memcpy(ledger->code, "KH", 3);
    ledger->training = true;
    ledger->threshold = 2;
    ledger->founder_count = 3;
    ledger->key_count = 2;
    ledger->keys[1].from = 17;
    memset(ledger->keys[1].key, 8, 32);
}

/* Encoded, decoded, encoded: the same; and each member is as it was. */
static void check_round(struct subject *subject, struct buffer *bytes)
{
    struct subject back = {.number = subject->number};
    struct buffer again = {0};

    state_encode(subject, bytes);
    OK(state_decode(hasher, buffer_view(bytes), &back, FAULT));
    state_encode(&back, &again);
    ck_assert(view_equal(buffer_view(bytes), buffer_view(&again)));
    ck_assert_int_eq(back.type, subject->type);
    ck_assert_uint_eq(back.count, subject->count);
    ck_assert_uint_eq(back.last, subject->last);
    if (subject->thing != NULL) {
        struct thing a = *subject->thing;
        struct thing b = *back.thing;

        ck_assert(hash_equal(&a.open->act, &b.open->act));
        ck_assert_int_eq(a.open->handed_out, b.open->handed_out);
        ck_assert_uint_eq(a.open->index, b.open->index);
        ck_assert_uint_eq(a.open->by, b.open->by);
        ck_assert_uint_eq(a.open->person, b.open->person);
        ck_assert_uint_eq(a.open->office, b.open->office);
        ck_assert_uint_eq(a.open->place, b.open->place);
        ck_assert_uint_eq(a.open->due_s, b.open->due_s);
        ck_assert_uint_eq(a.open->logged_s, b.open->logged_s);
        ck_assert(seal_set_equal(a.seals, b.seals));
        ck_assert(a.state == b.state && a.voided == b.voided && a.opened_before == b.opened_before);
        ck_assert(a.contents == b.contents && a.levels == b.levels && a.of_case == b.of_case && a.holder == b.holder && a.place == b.place);
        ck_assert(a.pieces == b.pieces && a.net_mg == b.net_mg && a.container == b.container && a.missing == b.missing);
        ck_assert_uint_eq(a.prints, b.prints);
    } else if (subject->person != NULL) {
        ck_assert_mem_eq(subject->person, back.person, sizeof *back.person);
    } else {
        ck_assert_mem_eq(subject->ledger, back.ledger, sizeof *back.ledger);
    }
    buffer_free(&again);
    subject_free_members(&back);
}

/* Cut anywhere it is refused; with any bit flipped it is refused, or it is another state. */
static void check_damage(const struct subject *subject, struct buffer *bytes)
{
    for (size_t len = 0; len < bytes->len; len++) {
        struct subject back = {.number = subject->number};

        ck_assert_int_eq(state_decode(hasher, view_of(bytes->ptr, len), &back, NULL), STATUS_DAMAGED);
        subject_free_members(&back);
    }
    for (size_t bit = 0; bit < bytes->len * 8; bit++) {
        struct subject back = {.number = subject->number};
        struct buffer again = {0};

        bytes->ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (state_decode(hasher, buffer_view(bytes), &back, NULL) == STATUS_OK) {
            state_encode(&back, &again);
            ck_assert_msg(view_equal(buffer_view(bytes), buffer_view(&again)), "bit %zu", bit);
        }
        bytes->ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        buffer_free(&again);
        subject_free_members(&back);
    }
}

static void check_state(void (*make)(struct subject *subject))
{
    struct subject subject;
    struct subject longer;
    struct buffer bytes = {0};

    OK(hasher_open(&hasher, FAULT));
    make(&subject);
    check_round(&subject, &bytes);
    check_damage(&subject, &bytes);
    buffer_append_byte(&bytes, 0);
    longer = (struct subject){.number = subject.number};
    ck_assert_int_eq(state_decode(hasher, buffer_view(&bytes), &longer, NULL), STATUS_DAMAGED);
    subject_free_members(&longer);
    buffer_free(&bytes);
    subject_free_members(&subject);
    hasher_close(hasher);
}

START_TEST(things)
{
    check_state(make_thing);
}
END_TEST

START_TEST(persons)
{
    check_state(make_person);
}
END_TEST

START_TEST(ledgers)
{
    check_state(make_ledger);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {things, persons, ledgers, NULL};

    return run_tests("state_store", tests);
}
