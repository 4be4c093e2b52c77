/* SPDX-License-Identifier: Apache-2.0 */
/*
 * May these people sign at all (SPEC 6.1 to 6.5, V9.7 to V9.9), and what their acts make of the register. Signatures
 * themselves are for test_key and the vectors. Breaks when a threshold, an office, a key or a founder is not asked for.
 */
#include "tests/support/sample_replay.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { THRESHOLD = 2, PERSON = 4, NEWCOMER = 30 };

static struct sample_replay sample;
static struct sample_replay *s = &sample;
static const struct public_key *keys[ACT_SIGNERS_MAX];
static struct fault fault;

/* A key of its own for each number. */
static struct public_key key_of(uint8_t number)
{
    struct public_key key = {.algorithm = KEY_ED25519, .len = ED25519_BYTES};
    uint8_t seed[crypto_sign_SEEDBYTES] = {number}, secret[crypto_sign_SECRETKEYBYTES];

    ck_assert_int_eq(crypto_sign_seed_keypair(key.bytes, secret, seed), 0);
    return key;
}

/* The record's links are the act's entries; number 1 where the act opens them. */
static void link_entries(bool opens)
{
    s->record->link_count = s->act->entry_count;
    for (size_t i = 0; i < s->act->entry_count; i++) {
        s->record->links[i] = (struct link){.subject = s->act->entries[i].subject, .number = opens ? 1 : 5, .has_before = !opens};
    }
}

static void apply(void)
{
    struct hash hash = {{(uint8_t)s->index}};

    ck_assert_int_eq(authority_apply(&s->replay, s->record, &hash, s->act, NULL, NULL, &fault), STATUS_OK);
}

static void expect_stop(const char *code)
{
    s->stop = (struct stop){.status = 0};
    authority_check(&s->replay, s->record, s->act, keys, NULL, &s->stop);
    ck_assert_msg(strcmp(s->stop.status == 0 ? "" : s->stop.code, code) == 0, "\"%s\" (%s) instead of \"%s\"",
                  s->stop.status == 0 ? "" : s->stop.code, s->stop.text, code);
}

/* Signature i is by that key. */
static void sign(size_t i, uint8_t key_number)
{
    struct public_key key = key_of(key_number);

    s->act->signatures[i].algorithm = key.algorithm;
    public_key_id(s->hasher, &key, &s->act->signatures[i].kid);
    s->act->signature_count = s->act->signer_count;
}

static void state_key(struct entry *entry, uint8_t key_number)
{
    entry->facts.key = key_of(key_number);
    entry->facts.present |= BIT(FACT_KEY);
}

/* The founding act of three founders, persons 1 to 3 with the keys 1 to 3. */
static void begin_founding(void)
{
    s->act = sample_begin(s, KIND_FOUND, 1, OFFICE_REGISTRAR);
    s->act->present = BIT(PAY_KIND) | BIT(PAY_FOUNDING);
    s->act->signers[0].appointment = 0;
    s->act->founding = (struct founding){.origin = view_text("a.example"), .code = view_text("KHPP"), .threshold = THRESHOLD};
    struct public_key station = key_of(99);
    memcpy(s->act->founding.station, station.bytes, ED25519_BYTES);
    for (uint64_t i = 0; i <= THRESHOLD + 1; i++) {
        struct entry *entry = sample_entry(s, i, ROLE_SUBJECT);

        entry->facts.type = i == 0 ? TYPE_LEDGER : TYPE_PERSON;
        entry->facts.present = BIT(FACT_TYPE);
        if (i > 0) {
            state_key(entry, (uint8_t)i);
            sample_state(entry, FACT_OFFICE, OFFICE_REGISTRAR);
        }
        if (i > 1) {
            s->act->signers[s->act->signer_count++] = (struct signer){.person = i, .capacity = OFFICE_REGISTRAR};
        }
    }
    for (size_t i = 0; i < s->act->signer_count; i++) {
        sign(i, (uint8_t)(i + 1));
    }
    link_entries(true);
}

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    sample_replay_open(s);
    /* A world of its own: the founding act opens it. */
    world_close(s->world);
    ck_assert_int_eq(world_open(NULL, NULL, &s->world, &fault), STATUS_OK);
    s->replay.world = s->world;
    begin_founding();
    expect_stop("");
    apply();
}

static void teardown(void)
{
    sample_replay_close(s);
}

/* An act on that person, signed by the founders 1 and 2 as registrars. */
static struct entry *begin(enum kind kind, uint64_t person)
{
    (void)sample_begin(s, kind, 1, OFFICE_REGISTRAR);
    sample_signer(s, 2, OFFICE_REGISTRAR);
    sign(0, 1);
    sign(1, 2);
    struct entry *entry = sample_entry(s, person, ROLE_SUBJECT);
    link_entries(false);
    return entry;
}

/* Enrols PERSON with key 4 as an officer. */
static struct entry *begin_enrolment(uint64_t person, uint8_t key_number)
{
    struct entry *entry = begin(KIND_ENROL, person);

    entry->facts.type = TYPE_PERSON;
    entry->facts.present |= BIT(FACT_TYPE);
    state_key(entry, key_number);
    sample_state(entry, FACT_OFFICE, OFFICE_OFFICER);
    s->act->signers[2] = (struct signer){.person = person};
    s->act->signer_count = 3;
    sign(2, key_number);
    link_entries(true);
    return entry;
}

static void enrol(void)
{
    (void)begin_enrolment(PERSON, 4);
    expect_stop("");
    apply();
}

/* A note by PERSON, as officer by that appointment, signed with that key. */
static void note_by_person(uint64_t appointment, uint8_t key_number)
{
    (void)sample_begin(s, KIND_NOTE, PERSON, OFFICE_OFFICER);
    s->act->signers[0].appointment = appointment;
    sign(0, key_number);
    (void)sample_entry(s, 0, ROLE_SUBJECT);
    link_entries(false);
}

START_TEST(test_founding)
{
    const struct subject *ledger = world_find(s->world, 0);

    ck_assert(ledger != NULL && ledger->ledger != NULL && ledger->count == 1 && ledger->last == s->index);
    ck_assert_str_eq(ledger->ledger->origin, "a.example");
    ck_assert_str_eq(ledger->ledger->code, "KHPP");
    ck_assert_str_eq(s->replay.code, "KHPP");
    ck_assert_uint_eq(ledger->ledger->threshold, THRESHOLD);
    ck_assert_ptr_nonnull(station_key_at(ledger->ledger, s->index + 1));
    for (uint64_t i = 1; i <= 3; i++) {
        const struct person *person = world_find(s->world, i)->person;

        ck_assert(person->key_count == 1 && person->keys[0].endorsed && person->appointments[0].number == 1 &&
                  person->appointments[0].office == OFFICE_REGISTRAR && person->appointments[0].ended == NOTHING);
        ck_assert_uint_eq(world_key_owner(s->world, &person->keys[0].kid), i);
    }
}
END_TEST

START_TEST(test_founders)
{
    begin_founding();
    s->act->founding.threshold = 3; /* three founders are no more than the threshold */
    expect_stop("malformed-act");
    begin_founding();
    s->act->signers[1].person = 3;
    s->act->signers[2].person = 2; /* not in the order of their numbers, and each with his own key */
    sign(1, 3);
    sign(2, 2);
    expect_stop("authority");
    begin_founding();
    s->act->signer_count = s->act->signature_count = 2; /* one founder does not sign */
    expect_stop("authority");
    begin_founding();
    s->act->entries[2].facts.office = OFFICE_OFFICER;
    expect_stop("malformed-act");
    begin_founding();
    sign(1, 9);
    expect_stop("key");
    begin_founding();
    sign(1, 1);
    expect_stop("signers"); /* a kid twice */
    begin_founding();
    s->act->founding.origin = view_text("a..example/../b");
    expect_stop("malformed-act");
}
END_TEST

START_TEST(test_enrol)
{
    (void)begin_enrolment(PERSON, 4);
    expect_stop("");
    s->act->signers[1].capacity = OFFICE_OFFICER;
    expect_stop("office");
    (void)begin_enrolment(PERSON, 4);
    s->act->signers[1] = s->act->signers[2];
    s->act->signatures[1] = s->act->signatures[2];
    s->act->signer_count = 2; /* one registrar and the person */
    expect_stop("authority");
    (void)begin_enrolment(PERSON, 4);
    s->act->signers[2].person = 3; /* registrars enough, but the person did not sign */
    s->act->signers[2].appointment = 1;
    s->act->signers[2].capacity = OFFICE_REGISTRAR;
    sign(2, 3);
    expect_stop("authority");
    (void)begin_enrolment(PERSON, 4);
    s->act->signers[2].appointment = 1; /* his key is that of the act, but no appointment of his is there before */
    expect_stop("office");
    (void)begin_enrolment(PERSON, 3); /* a founder's key: he cannot sign for two */
    expect_stop("key-reused");
}
END_TEST

START_TEST(test_in_office)
{
    enrol();
    uint64_t enrolled = s->index;
    const struct person *person = world_find(s->world, PERSON)->person;
    ck_assert(person->keys[0].from == enrolled && person->appointments[0].number == 1);
    note_by_person(1, 4);
    expect_stop("");
    ck_assert_ptr_eq(keys[0], &person->keys[0].key);
    note_by_person(2, 4);
    expect_stop("office");
    note_by_person(0, 4);
    expect_stop("office");
    note_by_person(1, 4);
    s->act->signers[0].capacity = OFFICE_COURT;
    expect_stop("office");
    note_by_person(1, 1);
    expect_stop("key");
    note_by_person(1, 4);
    s->act->signatures[0].algorithm = KEY_ESP256;
    expect_stop("key");
    note_by_person(1, 4);
    s->record->index = enrolled; /* the key is in force for records after it */
    expect_stop("key");
    note_by_person(1, 4);
    s->act->signers[0].person = NEWCOMER;
    expect_stop("incomplete");
}
END_TEST

START_TEST(test_same_person_twice)
{
    enrol();
    note_by_person(1, 4);
    sample_signer(s, PERSON, OFFICE_OFFICER);
    sign(1, 5);
    expect_stop("signers");
}
END_TEST

START_TEST(test_end_and_appoint)
{
    enrol();
    struct entry *entry = begin(KIND_END, PERSON);
    sample_state(entry, FACT_OFFICE, OFFICE_OFFICER);
    expect_stop("");
    apply();
    note_by_person(1, 4);
    expect_stop("office");
    entry = begin(KIND_APPOINT, PERSON);
    sample_state(entry, FACT_OFFICE, OFFICE_OFFICER);
    s->record->links[0].number = 7;
    apply();
    note_by_person(1, 4); /* the old appointment does not come back */
    expect_stop("office");
    note_by_person(7, 4);
    expect_stop("");
}
END_TEST

START_TEST(test_rekey)
{
    for (int endorsed = 0; endorsed < 2; endorsed++) {
        uint8_t fresh = (uint8_t)(10 + endorsed);

        if (endorsed == 0) {
            enrol();
        }
        struct entry *entry = begin(KIND_REKEY, PERSON);
        state_key(entry, fresh);
        expect_stop("authority"); /* the person does not show that he has the new key */
        s->act->signers[2] = (struct signer){.person = PERSON};
        s->act->signer_count = 3;
        sign(2, fresh);
        if (endorsed == 1) {
            s->act->signers[3] = (struct signer){.person = PERSON, .appointment = 1, .capacity = OFFICE_OFFICER};
            s->act->signer_count = 4;
            sign(3, 10); /* with the old key */
        }
        expect_stop("");
        apply();
        const struct person *person = world_find(s->world, PERSON)->person;
        ck_assert_int_eq(person->keys[person->key_count - 1].endorsed, endorsed == 1);
        note_by_person(1, fresh);
        expect_stop("");
        note_by_person(1, endorsed == 0 ? 4 : 10);
        expect_stop("key");
    }
}
END_TEST

START_TEST(test_revoke)
{
    enrol();
    struct entry *entry = begin(KIND_REVOKE, PERSON);
    sample_state(entry, FACT_DOUBTED, 3);
    expect_stop("");
    apply();
    ck_assert_uint_eq(world_find(s->world, PERSON)->person->doubted_from, 3);
    note_by_person(1, 4);
    expect_stop("key");
    /* The key is never anybody else's. */
    (void)begin_enrolment(NEWCOMER, 4);
    expect_stop("key-reused");
}
END_TEST

START_TEST(test_station_key)
{
    struct entry *entry = begin(KIND_STATION_KEY, 0);
    struct public_key key = key_of(98);

    memcpy(entry->facts.station, key.bytes, ED25519_BYTES);
    entry->facts.present |= BIT(FACT_STATION);
    expect_stop("");
    apply();
    const struct ledger_state *ledger = world_find(s->world, 0)->ledger;
    ck_assert_int_eq(memcmp(station_key_at(ledger, s->index + 1), key.bytes, ED25519_BYTES), 0);
    ck_assert_int_ne(memcmp(station_key_at(ledger, s->index), key.bytes, ED25519_BYTES), 0);
    memset(entry->facts.station, 0, ED25519_BYTES);
    expect_stop("malformed-act"); /* of small order: no key */
}
END_TEST

START_TEST(test_appointments_have_an_end)
{
    enrol();
    enum status status = STATUS_OK;
    struct hash hash = {{1}};
    size_t given = 1;
    struct entry *entry = begin(KIND_APPOINT, PERSON);

    sample_state(entry, FACT_OFFICE, OFFICE_EXPERT);
    for (; status == STATUS_OK && given < 1000; given++) {
        s->record->links[0].number = given + 1;
        status = authority_apply(&s->replay, s->record, &hash, s->act, NULL, NULL, &fault);
    }
    ck_assert_int_eq(status, STATUS_REFUSED);
    ck_assert_uint_eq(given, PERSON_APPOINTMENTS_MAX + 1);
}
END_TEST

static bool nobody(void *context, uint64_t subject)
{
    (void)context;
    return subject == 0;
}

START_TEST(test_only_members_are_opened)
{
    struct hash hash = {{1}};

    (void)begin_enrolment(PERSON, 4);
    ck_assert_int_eq(authority_apply(&s->replay, s->record, &hash, s->act, nobody, NULL, &fault), STATUS_OK);
    ck_assert_ptr_null(world_find(s->world, PERSON));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("authority");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_founding);
    tcase_add_test(tests, test_founders);
    tcase_add_test(tests, test_enrol);
    tcase_add_test(tests, test_in_office);
    tcase_add_test(tests, test_same_person_twice);
    tcase_add_test(tests, test_end_and_appoint);
    tcase_add_test(tests, test_rekey);
    tcase_add_test(tests, test_revoke);
    tcase_add_test(tests, test_station_key);
    tcase_add_test(tests, test_appointments_have_an_end);
    tcase_add_test(tests, test_only_members_are_opened);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
