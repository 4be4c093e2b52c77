/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who must sign (SPEC 7.2, 7.3.17a): each relation with a signer who has it and one who has not, and slots that need
 * different people. Breaks when one person fills two slots, or when an office or a relation is not asked for.
 */
#include "tests/support/sample_replay.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM = 20, OTHER = 21, BOX = 30, HOLDER = 1, SECOND = 2, THIRD = 3, FOURTH = 4 };

static struct sample_replay sample;
static struct sample_replay *s = &sample;
static struct subject *item;

static void setup(void)
{
    sample_replay_open(s);
    item = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);
}

static void teardown(void)
{
    sample_replay_close(s);
}

/* Whether the replay says "signers-rule"; other breaches are not looked at. */
static bool refused(void)
{
    sample_replay(s);
    return strstr(sample_said(s), "signers-rule") != NULL;
}

static void begin(enum kind kind, uint64_t person, uint64_t capacity)
{
    (void)sample_begin(s, kind, person, capacity);
    (void)sample_entry(s, ITEM, ROLE_SUBJECT);
}

START_TEST(test_office)
{
    begin(KIND_ALLOT, HOLDER, OFFICE_OFFICER);
    ck_assert(!refused());
    begin(KIND_ALLOT, HOLDER, OFFICE_CUSTODIAN);
    ck_assert(!refused());
    begin(KIND_ALLOT, HOLDER, OFFICE_EXPERT);
    ck_assert(refused());
    begin(KIND_ALLOT, HOLDER, 77); /* an office that nobody knows */
    ck_assert(refused());
    begin(KIND_NOTE, HOLDER, 77);
    ck_assert(!refused());
}
END_TEST

START_TEST(test_holder)
{
    begin(KIND_EXAMINE, HOLDER, OFFICE_EXPERT);
    ck_assert(!refused());
    begin(KIND_EXAMINE, SECOND, OFFICE_EXPERT);
    ck_assert(refused());
    /* The first signer has to be it; a further one does not stand in for him. */
    begin(KIND_EXAMINE, SECOND, OFFICE_EXPERT);
    sample_signer(s, HOLDER, OFFICE_EXPERT);
    ck_assert(refused());
    /* Of every thing. */
    (void)sample_thing(s, OTHER, TYPE_ITEM, THING_HELD, SECOND);
    begin(KIND_EXAMINE, HOLDER, OFFICE_EXPERT);
    (void)sample_entry(s, OTHER, ROLE_SUBJECT);
    ck_assert(refused());
}
END_TEST

START_TEST(test_holder_of_what_is_packed_or_unused)
{
    (void)sample_thing(s, BOX, TYPE_CONTAINER, THING_HELD, SECOND);
    item->thing->container = BOX; /* custody is that of the outermost container */
    begin(KIND_UNPACK, SECOND, OFFICE_CUSTODIAN);
    (void)sample_entry(s, BOX, ROLE_CONTAINER);
    ck_assert(!refused());
    (void)sample_thing(s, OTHER, TYPE_ITEM, THING_UNUSED, NOTHING);
    begin(KIND_EXAMINE, HOLDER, OFFICE_EXPERT);
    s->act->entries[0].subject = OTHER;
    ck_assert(!refused());
    /* What is not in the closure is passed over. */
    begin(KIND_EXAMINE, THIRD, OFFICE_EXPERT);
    s->act->entries[0].subject = 99;
    ck_assert(!refused());
}
END_TEST

static void in_transit(uint64_t person, uint64_t office)
{
    if (item->thing->open == NULL) {
        item->thing->open = calloc(1, sizeof *item->thing->open);
    }
    ck_assert_ptr_nonnull(item->thing->open);
    *item->thing->open = (struct open_release){.by = HOLDER, .person = person, .office = office, .place = NOTHING, .due_s = NOTHING};
    item->thing->state = THING_TRANSIT;
}

/* Refuses what is in transit, so that there is something to refuse the next time too. */
static bool receiver_refused(uint64_t person, uint64_t capacity, uint64_t named, uint64_t office)
{
    in_transit(named, office);
    begin(KIND_REFUSE, person, capacity);
    return refused();
}

START_TEST(test_receiver)
{
    ck_assert(!receiver_refused(SECOND, OFFICE_EXPERT, SECOND, NOTHING));
    ck_assert(receiver_refused(THIRD, OFFICE_EXPERT, SECOND, NOTHING));
    /* The person, or else the office, or else any custodian. */
    ck_assert(receiver_refused(THIRD, OFFICE_COURT, SECOND, OFFICE_COURT));
    ck_assert(!receiver_refused(THIRD, OFFICE_COURT, NOTHING, OFFICE_COURT));
    ck_assert(receiver_refused(THIRD, OFFICE_CUSTODIAN, NOTHING, OFFICE_COURT));
    ck_assert(!receiver_refused(THIRD, OFFICE_CUSTODIAN, NOTHING, NOTHING));
    ck_assert(receiver_refused(THIRD, OFFICE_OFFICER, NOTHING, NOTHING));
    /* Never the one who released it, whatever the release says. */
    ck_assert(receiver_refused(HOLDER, OFFICE_CUSTODIAN, HOLDER, NOTHING));
    ck_assert(receiver_refused(HOLDER, OFFICE_CUSTODIAN, NOTHING, NOTHING));
}
END_TEST

START_TEST(test_other_and_another)
{
    begin(KIND_SEAL, HOLDER, OFFICE_OFFICER);
    ck_assert(refused());
    begin(KIND_SEAL, HOLDER, OFFICE_OFFICER);
    sample_signer(s, SECOND, OFFICE_OFFICER);
    ck_assert(!refused());
    begin(KIND_CONSUME, HOLDER, OFFICE_OFFICER);
    sample_signer(s, SECOND, OFFICE_OFFICER); /* the same office */
    ck_assert(refused());
    begin(KIND_CONSUME, HOLDER, OFFICE_OFFICER);
    sample_signer(s, SECOND, OFFICE_OFFICER);
    sample_signer(s, THIRD, OFFICE_EXPERT); /* any remaining signers are welcome */
    ck_assert(!refused());
}
END_TEST

START_TEST(test_slots_need_different_people)
{
    static const uint64_t orders[][2] = {{OFFICE_OFFICER, OFFICE_COURT}, {OFFICE_COURT, OFFICE_OFFICER}, {OFFICE_COURT, OFFICE_COURT},
                                         {OFFICE_PROSECUTOR, OFFICE_COURT}};

    /* dispose: the holder; one of another office; prosecutor or court. */
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        item->thing->state = THING_HELD;
        begin(KIND_DISPOSE, HOLDER, OFFICE_CUSTODIAN);
        sample_signer(s, SECOND, orders[i][0]);
        sample_signer(s, THIRD, orders[i][1]);
        ck_assert(!refused());
    }
    begin(KIND_DISPOSE, HOLDER, OFFICE_CUSTODIAN);
    sample_signer(s, SECOND, OFFICE_COURT); /* fills slot 2 or 3, not both */
    ck_assert(refused());
    begin(KIND_DISPOSE, HOLDER, OFFICE_CUSTODIAN);
    sample_signer(s, SECOND, OFFICE_COURT);
    sample_signer(s, THIRD, OFFICE_CUSTODIAN);
    ck_assert(refused());
    begin(KIND_DISPOSE, HOLDER, OFFICE_CUSTODIAN);
    sample_signer(s, SECOND, OFFICE_OFFICER);
    sample_signer(s, THIRD, OFFICE_EXPERT);
    ck_assert(refused());
}
END_TEST

START_TEST(test_author)
{
    begin(KIND_NOTE, HOLDER, OFFICE_OFFICER);
    sample_signer(s, SECOND, OFFICE_CUSTODIAN);
    sample_replay(s);
    static const struct {
        uint64_t person, capacity;
        bool refused;
    } cases[] = {
        {HOLDER, OFFICE_EXPERT, false}, {SECOND, OFFICE_EXPERT, false}, /* signed it */
        {THIRD, OFFICE_OFFICER, false},                                 /* in the capacity of its first signer */
        {THIRD, OFFICE_CUSTODIAN, true},                                /* in that of the second */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(KIND_CORRECT, cases[i].person, cases[i].capacity);
        sample_signer(s, FOURTH, OFFICE_COURT);
        s->act->present |= BIT(PAY_AMENDS);
        s->act->amends_index = 1;
        ck_assert_int_eq(refused(), cases[i].refused);
    }
}
END_TEST

static void begin_stocktake(uint64_t counter)
{
    begin(KIND_STOCKTAKE, counter, OFFICE_COURT);
    sample_signer(s, FOURTH, OFFICE_CUSTODIAN);
}

START_TEST(test_outside)
{
    begin_stocktake(SECOND);
    ck_assert(!refused());
    begin_stocktake(HOLDER);
    ck_assert(refused());
    /* SECOND takes part in the chain (any signer of a shelving), and is out of it no more. */
    begin(KIND_SHELVE, HOLDER, OFFICE_CUSTODIAN);
    sample_signer(s, SECOND, OFFICE_OFFICER);
    sample_replay(s);
    begin_stocktake(SECOND);
    ck_assert(refused());
    /* A note is no part of it. */
    begin(KIND_NOTE, THIRD, OFFICE_COURT);
    sample_replay(s);
    begin_stocktake(THIRD);
    ck_assert(!refused());
    begin(KIND_STOCKTAKE, THIRD, OFFICE_COURT);
    ck_assert(refused()); /* no custodian beside him */
}
END_TEST

START_TEST(test_care)
{
    begin(KIND_ANIMAL, SECOND, OFFICE_CARER);
    ck_assert(!refused());
    begin(KIND_ANIMAL, HOLDER, OFFICE_CUSTODIAN);
    ck_assert(!refused());
    begin(KIND_ANIMAL, SECOND, OFFICE_CUSTODIAN);
    ck_assert(refused());
}
END_TEST

START_TEST(test_says_it_of_each_thing)
{
    (void)sample_thing(s, OTHER, TYPE_ITEM, THING_HELD, HOLDER);
    begin(KIND_WEIGH, SECOND, OFFICE_EXPERT);
    (void)sample_entry(s, OTHER, ROLE_SUBJECT);
    for (size_t i = 0; i < 2; i++) {
        sample_state(&s->act->entries[i], FACT_NET, 5);
        SAMPLE_DETAILS(s, &s->act->entries[i], NAME_SCALE);
    }
    sample_replay(s);
    ck_assert_str_eq(sample_said(s), "signers-rule 20, signers-rule 21");
    ck_assert_ptr_nonnull(strstr(s->findings[0].text, "weigh"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("signers");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_office);
    tcase_add_test(tests, test_holder);
    tcase_add_test(tests, test_holder_of_what_is_packed_or_unused);
    tcase_add_test(tests, test_receiver);
    tcase_add_test(tests, test_other_and_another);
    tcase_add_test(tests, test_slots_need_different_people);
    tcase_add_test(tests, test_author);
    tcase_add_test(tests, test_outside);
    tcase_add_test(tests, test_care);
    tcase_add_test(tests, test_says_it_of_each_thing);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
