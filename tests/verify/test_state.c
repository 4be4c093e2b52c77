/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seal sets, the table of subjects, and who had which key and office when (SPEC 6.3, 6.4). Breaks when a boundary of
 * "index < i" is moved by one, when the table loses a subject as it grows, or when a set is not the set it should be.
 */
#include "verify/state.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- seal sets ---- */

/* A list from words parted by spaces, in the order given. */
static struct seals seals_of(const char *words)
{
    struct seals seals = {0};

    for (const char *word = words; *word != '\0';) {
        size_t len = strcspn(word, " ");

        seals.numbers[seals.count++] = view_of(word, len);
        word += len + (word[len] == ' ' ? 1 : 0);
    }
    return seals;
}

static void expect_set(const struct seal_set *set, const char *words)
{
    struct seals got;
    struct buffer text = {0};

    seal_set_view(set, &got);
    for (size_t i = 0; i < got.count; i++) {
        buffer_printf(&text, "%s%.*s", i == 0 ? "" : " ", (int)got.numbers[i].len, (const char *)got.numbers[i].ptr);
    }
    buffer_append_byte(&text, '\0');
    ck_assert_str_eq((const char *)text.ptr, words);
    buffer_free(&text);
}

START_TEST(test_seal_change)
{
    static const struct {
        const char *from, *removed, *put_on, *after;
    } cases[] = {
        {"", "", "", ""},
        {"", "", "A B", "A B"},
        {"A B", "", "", "A B"},
        {"A B", "A B", "", ""},
        {"A B", "A", "C", "B C"},
        {"B", "", "A C", "A B C"},
        {"A", "A", "A", "A"}, /* taken off and put on again */
        {"A", "", "A", "A"},
        {"A", "Z", "", "A"}, /* one that is not on: the caller reports it */
        {"A", "Z", "Z", "A Z"},
        {"10 9", "10", "100", "100 9"}, /* by bytes, not by number */
        {"AB", "A", "", "AB"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct seals from = seals_of(cases[i].from), removed = seals_of(cases[i].removed), put_on = seals_of(cases[i].put_on);
        struct seal_set before, after;

        seal_set_from(&from, &before);
        ck_assert(seal_set_change(&before, &removed, &put_on, &after));
        expect_set(&after, cases[i].after);
    }
}
END_TEST

START_TEST(test_seal_change_of_nothing)
{
    struct seals put_on = seals_of("A");
    struct seal_set after, empty = {0}, one;

    ck_assert(seal_set_change(NULL, NULL, &put_on, &after));
    expect_set(&after, "A");
    ck_assert(seal_set_change(NULL, NULL, NULL, &one));
    expect_set(&one, "");
    expect_set(NULL, "");
    ck_assert(seal_set_equal(NULL, NULL));
    ck_assert(seal_set_equal(NULL, &empty));
    ck_assert(seal_set_equal(&empty, NULL));
    ck_assert(!seal_set_equal(NULL, &after));
    ck_assert(seal_set_equal(&after, &after));
}
END_TEST

START_TEST(test_sixteen_long_seals)
{
    static char text[SEALS_MAX + 1][SEAL_BYTES_MAX];
    struct seals full = {0}, more = {0}, removed = {0};
    struct seal_set set, after;

    for (size_t i = 0; i <= SEALS_MAX; i++) {
        memset(text[i], 'A' + (int)i, SEAL_BYTES_MAX);
    }
    for (size_t i = 0; i < SEALS_MAX; i++) {
        full.numbers[full.count++] = view_of(text[i], SEAL_BYTES_MAX);
    }
    more.numbers[more.count++] = view_of(text[SEALS_MAX], SEAL_BYTES_MAX);
    removed.numbers[removed.count++] = view_of(text[3], SEAL_BYTES_MAX);
    seal_set_from(&full, &set);
    ck_assert_uint_eq(set.len, sizeof set.text);
    ck_assert(!seal_set_change(&set, NULL, &more, &after));
    ck_assert(seal_set_change(&set, &removed, &more, &after));
    ck_assert_uint_eq(after.count, SEALS_MAX);
    ck_assert(seal_set_change(&set, NULL, &full, &after));
    ck_assert(seal_set_equal(&set, &after));
}
END_TEST

/* ---- the table ---- */

static struct world *world;
static struct fault fault;

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(world_open(NULL, NULL, &world, &fault), STATUS_OK);
}

static void teardown(void)
{
    world_close(world);
}

static void count_visit(void *context, struct subject *subject)
{
    uint64_t *sums = context;

    sums[0]++;
    sums[1] += subject->number;
}

/* Numbers far apart and close together; the table doubles many times. */
static uint64_t scattered(uint64_t i)
{
    return i % 2 == 0 ? i : i << 32;
}

START_TEST(test_world_grows)
{
    enum { COUNT = 5000 };
    uint64_t sums[2] = {0, 0}, expected = 0;

    for (uint64_t i = 0; i < COUNT; i++) {
        ck_assert_ptr_null(world_find(world, scattered(i)));
        ck_assert_ptr_nonnull(world_add(world, scattered(i), TYPE_PLACE));
        expected += scattered(i);
    }
    for (uint64_t i = 0; i < COUNT; i++) {
        const struct subject *subject = world_find(world, scattered(i));

        ck_assert(subject != NULL && subject->number == scattered(i) && subject->dirty);
    }
    ck_assert_ptr_null(world_find(world, NOTHING));
    world_each(world, count_visit, sums);
    ck_assert_uint_eq(sums[0], COUNT);
    ck_assert_uint_eq(sums[1], expected);
    ck_assert_int_eq(world_status(world, &fault), STATUS_OK);
}
END_TEST

START_TEST(test_new_subjects)
{
    const struct subject *item = world_add(world, 1, TYPE_ITEM);
    const struct subject *container = world_add(world, 2, TYPE_CONTAINER);
    const struct subject *person = world_add(world, 3, TYPE_PERSON);
    const struct subject *ledger = world_add(world, 0, TYPE_LEDGER);
    const struct subject *place = world_add(world, 4, TYPE_PLACE);

    ck_assert(item != NULL && item->thing != NULL && item->person == NULL);
    ck_assert(item->thing->state == THING_UNUSED && item->thing->holder == NOTHING && item->thing->net_mg == NOTHING &&
              item->thing->container == NOTHING && item->thing->missing == NOTHING && item->thing->levels == 0);
    ck_assert(container != NULL && container->thing != NULL && container->thing->levels == 1);
    ck_assert(person != NULL && person->person != NULL && person->thing == NULL && person->person->revoked == NOTHING);
    ck_assert(ledger != NULL && ledger->ledger != NULL);
    ck_assert(place != NULL && place->thing == NULL && place->person == NULL && place->ledger == NULL);
}
END_TEST

START_TEST(test_key_owners)
{
    enum { COUNT = 3000 };
    struct hash kid = {{0}};

    for (uint64_t i = 0; i < COUNT; i++) {
        /* The first bytes are the same for many: they still are other keys. */
        kid.bytes[0] = (uint8_t)(i % 3);
        memcpy(kid.bytes + 8, &i, sizeof i);
        ck_assert_uint_eq(world_key_owner(world, &kid), NOTHING);
        ck_assert(world_note_key(world, &kid, i));
    }
    for (uint64_t i = 0; i < COUNT; i++) {
        kid.bytes[0] = (uint8_t)(i % 3);
        memcpy(kid.bytes + 8, &i, sizeof i);
        ck_assert_uint_eq(world_key_owner(world, &kid), i);
    }
}
END_TEST

/* A store that has the even numbers below 100, and fails at 101. */
static enum status load(void *context, struct subject *out, struct fault *why)
{
    size_t *asked = context;

    *asked += 1;
    if (out->number == 101) {
        return fault_set(why, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the store is gone");
    }
    if (out->number >= 100 || out->number % 2 != 0) {
        return STATUS_MISSING;
    }
    ck_assert(subject_as(out, TYPE_ITEM));
    return STATUS_OK;
}

START_TEST(test_loader)
{
    struct world *stored = NULL;
    size_t asked = 0;

    ck_assert_int_eq(world_open(load, &asked, &stored, &fault), STATUS_OK);
    const struct subject *subject = world_find(stored, 42);
    ck_assert(subject != NULL && subject->number == 42 && subject->thing != NULL && !subject->dirty);
    ck_assert_ptr_eq(world_find(stored, 42), subject);
    ck_assert_uint_eq(asked, 1);
    ck_assert_ptr_null(world_find(stored, 43));
    ck_assert_int_eq(world_status(stored, &fault), STATUS_OK);
    ck_assert_ptr_null(world_find(stored, 101));
    ck_assert_int_eq(world_status(stored, &fault), STATUS_ENVIRONMENT);
    ck_assert_str_eq(fault.text, "the store is gone");
    /* After a failure nothing is asked any more; what is known is found. */
    asked = 0;
    ck_assert_ptr_null(world_find(stored, 44));
    ck_assert_ptr_eq(world_find(stored, 42), subject);
    ck_assert_uint_eq(asked, 0);
    world_close(stored);
}
END_TEST

/* ---- SPEC 6.3, 6.4 ---- */

START_TEST(test_key_in_force)
{
    struct person *person = calloc(1, sizeof *person);

    ck_assert_ptr_nonnull(person);
    person->revoked = NOTHING;
    ck_assert_ptr_null(person_key_at(person, 5));
    person->key_count = 2;
    person->keys[0].from = 10;
    person->keys[1].from = 20;
    ck_assert_ptr_null(person_key_at(person, 10)); /* index < i */
    ck_assert_ptr_eq(person_key_at(person, 11), &person->keys[0]);
    ck_assert_ptr_eq(person_key_at(person, 20), &person->keys[0]);
    ck_assert_ptr_eq(person_key_at(person, 21), &person->keys[1]);
    person->revoked = 30;
    ck_assert_ptr_eq(person_key_at(person, 30), &person->keys[1]); /* "before i" */
    ck_assert_ptr_null(person_key_at(person, 31));
    free(person);
}
END_TEST

START_TEST(test_appointment_in_force)
{
    struct person *person = calloc(1, sizeof *person);

    ck_assert_ptr_nonnull(person);
    person->appointment_count = 2;
    person->appointments[0] = (struct appointment){.number = 1, .index = 10, .office = 2, .ended = 20};
    person->appointments[1] = (struct appointment){.number = 4, .index = 30, .office = 2, .ended = NOTHING};
    ck_assert_ptr_null(person_appointment_at(person, 1, 10));
    ck_assert_ptr_eq(person_appointment_at(person, 1, 11), &person->appointments[0]);
    ck_assert_ptr_eq(person_appointment_at(person, 1, 20), &person->appointments[0]);
    ck_assert_ptr_null(person_appointment_at(person, 1, 21));
    ck_assert_ptr_null(person_appointment_at(person, 4, 30));
    ck_assert_ptr_eq(person_appointment_at(person, 4, 31), &person->appointments[1]);
    ck_assert_ptr_null(person_appointment_at(person, 2, 31));
    ck_assert_ptr_null(person_appointment_at(person, 0, 31));
    ck_assert_ptr_eq(person_office(person, 2), &person->appointments[1]);
    ck_assert_ptr_null(person_office(person, 3));
    person->appointments[1].ended = 40;
    ck_assert_ptr_null(person_office(person, 2));
    free(person);
}
END_TEST

START_TEST(test_station_key)
{
    struct ledger_state *ledger = calloc(1, sizeof *ledger);

    ck_assert_ptr_nonnull(ledger);
    ck_assert_ptr_null(station_key_at(ledger, 1));
    ledger->key_count = 2;
    ledger->keys[1].from = 7;
    ck_assert_ptr_null(station_key_at(ledger, 0));
    ck_assert_ptr_eq(station_key_at(ledger, 1), ledger->keys[0].key);
    /* A checkpoint of size 7 covers records 0 to 6: the new key is for sizes above. */
    ck_assert_ptr_eq(station_key_at(ledger, 7), ledger->keys[0].key);
    ck_assert_ptr_eq(station_key_at(ledger, 8), ledger->keys[1].key);
    free(ledger);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_seal_change);
    tcase_add_test(tests, test_seal_change_of_nothing);
    tcase_add_test(tests, test_sixteen_long_seals);
    tcase_add_test(tests, test_world_grows);
    tcase_add_test(tests, test_new_subjects);
    tcase_add_test(tests, test_key_owners);
    tcase_add_test(tests, test_loader);
    tcase_add_test(tests, test_key_in_force);
    tcase_add_test(tests, test_appointment_in_force);
    tcase_add_test(tests, test_station_key);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
