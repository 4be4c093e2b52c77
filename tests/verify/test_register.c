/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an act makes of the register (SPEC 6.3, 6.4), applied without a question. Breaks when an office ends that should not,
 * when a number is cut to fit, when a list runs over its end, or when the heads of a touched subject stay behind.
 */
#include "tests/support/sample_keys.h"
#include "tests/support/sample_replay.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PERSON = 4, LEDGER = 0 };

static struct sample_replay sample;
static struct sample_replay *s = &sample;
static struct hash record_hash;
static struct fault fault;

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    sample_replay_open(s);
}

static void teardown(void)
{
    sample_replay_close(s);
}

static struct person *person(void)
{
    return world_find(s->world, PERSON)->person;
}

/* An act with one entry, which stands in its subject's thread under that number. */
static struct entry *begin(enum kind kind, uint64_t subject, uint64_t number)
{
    if (s->index + 2 >= SAMPLE_ACTS) { /* the acts before are not asked for */
        free(s->acts[s->index]);
        s->acts[s->index] = NULL;
        s->index--;
    }
    (void)sample_begin(s, kind, 1, OFFICE_REGISTRAR);
    struct entry *entry = sample_entry(s, subject, ROLE_SUBJECT);
    s->record->link_count = 1;
    s->record->links[0] = (struct link){.subject = subject, .number = number, .has_before = number > 1};
    return entry;
}

static enum status apply_at(uint64_t index)
{
    s->record->index = index;
    record_hash = (struct hash){{(uint8_t)index, (uint8_t)(index >> 8), 0xee}};
    fault_clear(&fault);
    return authority_apply(&s->replay, s->record, &record_hash, s->act, NULL, NULL, &fault);
}

static void office(enum kind kind, uint64_t number, uint64_t index, uint64_t which)
{
    sample_state(begin(kind, PERSON, number), FACT_OFFICE, which);
    ck_assert_int_eq(apply_at(index), STATUS_OK);
}

static enum status rekey(uint64_t index, unsigned key, bool endorsed)
{
    char name[16];

    (void)snprintf(name, sizeof name, "key %u", key);
    struct entry *entry = begin(KIND_REKEY, PERSON, index);
    entry->facts.key = (struct public_key){.algorithm = KEY_ED25519, .len = ED25519_BYTES};
    entry->facts.present |= BIT(FACT_KEY);
    sample_public_key(name, entry->facts.key.bytes);
    s->act->signers[1] = (struct signer){.person = PERSON};
    s->act->signers[2] = (struct signer){.person = PERSON, .appointment = 1, .capacity = OFFICE_OFFICER};
    s->act->signer_count = endorsed ? 3 : 2;
    return apply_at(index);
}

/* SPEC 6.4: an end ends every appointment of that office that runs, and no other; it does not reach into the future. */
START_TEST(test_end)
{
    office(KIND_APPOINT, 2, 10, OFFICE_OFFICER);
    office(KIND_APPOINT, 3, 11, OFFICE_EXPERT);
    office(KIND_APPOINT, 4, 12, OFFICE_OFFICER);
    office(KIND_END, 5, 13, OFFICE_OFFICER);
    office(KIND_APPOINT, 6, 14, OFFICE_OFFICER);
    ck_assert_uint_eq(person()->appointment_count, 4);
    ck_assert_uint_eq(person()->appointments[0].ended, 13);
    ck_assert_uint_eq(person()->appointments[1].ended, NOTHING);
    ck_assert_uint_eq(person()->appointments[2].ended, 13);
    ck_assert_uint_eq(person()->appointments[3].ended, NOTHING);
    office(KIND_END, 7, 15, OFFICE_OFFICER); /* what ended before keeps its end */
    ck_assert_uint_eq(person()->appointments[0].ended, 13);
    ck_assert_uint_eq(person()->appointments[3].ended, 15);
    ck_assert_ptr_nonnull(person_appointment_at(person(), 2, 12));
    ck_assert_ptr_null(person_appointment_at(person(), 2, 14));
    ck_assert_ptr_nonnull(person_appointment_at(person(), 3, 99));
}
END_TEST

/* An office of 258 is not an officer: numbers are not cut to fit. */
START_TEST(test_large_offices)
{
    static const uint64_t large[] = {256 + OFFICE_OFFICER, 65536 + OFFICE_OFFICER, (UINT64_C(1) << 32) + OFFICE_OFFICER, NUM_MAX};

    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
        office(KIND_APPOINT, i + 2, 20 + i, large[i]);
        ck_assert_uint_ge(person()->appointments[i].office, OFFICE_COUNT);
    }
    ck_assert_ptr_null(person_office(person(), OFFICE_OFFICER));
    office(KIND_APPOINT, 9, 30, OFFICE_OFFICER);
    office(KIND_END, 10, 31, 256 + OFFICE_OFFICER);
    ck_assert_ptr_nonnull(person_office(person(), OFFICE_OFFICER));
}
END_TEST

/* SPEC 6.3: as many keys as there is room for, then a refusal that names the record and the person; nothing is overwritten. */
START_TEST(test_keys_have_an_end)
{
    for (unsigned i = 0; i < PERSON_KEYS_MAX; i++) {
        ck_assert_int_eq(rekey(100 + i, i, i % 2 == 0), STATUS_OK);
        ck_assert_int_eq(person()->keys[i].endorsed, i % 2 == 0);
        ck_assert_uint_eq(world_key_owner(s->world, &person()->keys[i].kid), PERSON);
    }
    static struct person before;
    before = *person();
    ck_assert_int_eq(rekey(500, 999, true), STATUS_REFUSED);
    ck_assert_uint_eq(fault.at, 500);
    ck_assert_ptr_nonnull(strstr(fault.text, "subject 4"));
    ck_assert_int_eq(memcmp(&before, person(), sizeof before), 0);
    /* In force is the latest before that record. */
    ck_assert_ptr_null(person_key_at(person(), 100));
    ck_assert_uint_eq(person_key_at(person(), 101)->from, 100);
    ck_assert_uint_eq(person_key_at(person(), 400)->from, 100 + PERSON_KEYS_MAX - 1);
}
END_TEST

START_TEST(test_station_keys_have_an_end)
{
    struct subject *ledger = world_add(s->world, LEDGER, TYPE_LEDGER);
    enum status status = STATUS_OK;
    size_t given = 0;

    while (status == STATUS_OK && given < 1000) {
        struct entry *entry = begin(KIND_STATION_KEY, LEDGER, given + 1);
        memset(entry->facts.station, (int)given, ED25519_BYTES);
        entry->facts.present |= BIT(FACT_STATION);
        status = apply_at(10 + given);
        given += status == STATUS_OK ? 1 : 0;
    }
    ck_assert_int_eq(status, STATUS_REFUSED);
    ck_assert_uint_eq(given, STATION_KEYS_MAX);
    ck_assert_uint_eq(ledger->ledger->key_count, STATION_KEYS_MAX);
}
END_TEST

/* A revocation takes the key; a new one gives it back. What was doubted earliest stays doubted. */
START_TEST(test_revoke_and_doubt)
{
    ck_assert_int_eq(rekey(10, 1, true), STATUS_OK);
    person()->doubted_from = NOTHING;
    sample_state(begin(KIND_REVOKE, PERSON, 3), FACT_DOUBTED, 7);
    ck_assert_int_eq(apply_at(20), STATUS_OK);
    ck_assert_ptr_null(person_key_at(person(), 21));
    ck_assert_uint_eq(person()->doubted_from, 7);
    ck_assert_int_eq(rekey(30, 2, false), STATUS_OK);
    ck_assert_uint_eq(person_key_at(person(), 31)->from, 30);
    ck_assert_uint_eq(person()->doubted_from, 7);
    sample_state(begin(KIND_REVOKE, PERSON, 5), FACT_DOUBTED, 25); /* later doubts do not lift the first */
    ck_assert_int_eq(apply_at(40), STATUS_OK);
    ck_assert_uint_eq(person()->doubted_from, 7);
    (void)begin(KIND_REVOKE, PERSON, 6); /* without a word of doubt */
    ck_assert_int_eq(apply_at(50), STATUS_OK);
    ck_assert_uint_eq(person()->revoked, 50);
    ck_assert_uint_eq(person()->doubted_from, 7);
}
END_TEST

/* Every act moves the heads of what it touches: one of an unknown kind too, which does nothing else. */
START_TEST(test_heads)
{
    for (unsigned kind = 0; kind < 256; kind++) {
        if (act_rule(kind) != NULL && (kind <= KIND_ALLOT)) {
            continue; /* those open, or want a key */
        }
        struct subject *subject = world_find(s->world, PERSON);
        static struct person before;
        before = *subject->person;
        subject->dirty = false;
        struct entry *entry = begin(KIND_NOTE, PERSON, kind + 2);
        s->act->kind = kind;
        sample_state(entry, FACT_OFFICE, OFFICE_COURT);
        ck_assert_int_eq(apply_at(1000 + kind), STATUS_OK);
        ck_assert(subject->count == kind + 2 && subject->last == 1000 + kind && subject->dirty &&
                  hash_equal(&subject->last_hash, &record_hash));
        ck_assert_int_eq(memcmp(&before, subject->person, sizeof before), 0);
    }
}
END_TEST

/* What the world does not know is passed over; what is opened gets the type that the act states. */
START_TEST(test_unknown_and_opened)
{
    (void)begin(KIND_NOTE, 77, 5);
    ck_assert_int_eq(apply_at(60), STATUS_OK);
    ck_assert_ptr_null(world_find(s->world, 77));
    struct entry *entry = begin(KIND_ALLOT, 78, 1);
    entry->facts.type = TYPE_CONTAINER;
    entry->facts.present |= BIT(FACT_TYPE);
    ck_assert_int_eq(apply_at(61), STATUS_OK);
    const struct subject *opened = world_find(s->world, 78);
    ck_assert(opened != NULL && opened->type == TYPE_CONTAINER && opened->thing != NULL && opened->count == 1 && opened->last == 61);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("register");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_end);
    tcase_add_test(tests, test_large_offices);
    tcase_add_test(tests, test_keys_have_an_end);
    tcase_add_test(tests, test_station_keys_have_an_end);
    tcase_add_test(tests, test_revoke_and_doubt);
    tcase_add_test(tests, test_heads);
    tcase_add_test(tests, test_unknown_and_opened);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
