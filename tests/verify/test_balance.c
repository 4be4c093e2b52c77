/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Masses, pieces and contents, at the numbers where the verdict turns: SPEC 7.3.7, 7.3.8, 7.3.9 and 7.3.12.
 */
#include "tests/support/sample_replay.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM = 20, OTHER = 21, THIRD = 22, BOX = 30, HOLDER = 1, CASE = 40 };

static struct sample_replay sample;
static struct sample_replay *s = &sample;

static void setup(void)
{
    sample_replay_open(s);
}

static void teardown(void)
{
    sample_replay_close(s);
}

static void expect(const char *said)
{
    ck_assert_str_eq(sample_said(s), said);
    ck_assert_int_eq(s->stop.status, 0);
}

/* Weighs ITEM, which weighed last_mg. */
static const char *weigh(struct subject *item, uint64_t last_mg, uint64_t net_mg, bool explained)
{
    item->thing->net_mg = last_mg;
    (void)sample_begin(s, KIND_WEIGH, HOLDER, OFFICE_CUSTODIAN);
    struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);

    sample_state(entry, FACT_NET, net_mg);
    if (explained) {
        SAMPLE_DETAILS(s, entry, NAME_SCALE, NAME_DRIFT);
    } else {
        SAMPLE_DETAILS(s, entry, NAME_SCALE);
    }
    sample_replay(s);
    ck_assert_uint_eq(item->thing->net_mg, net_mg);
    return sample_said(s);
}

START_TEST(test_drift)
{
    static const struct {
        uint64_t last_mg, net_mg;
        bool explained;
        const char *said;
    } cases[] = {
        {NOTHING, 5, false, ""},
        {100000, 100000, false, ""},
        {100000, 102000, false, "(drift 20)"},          /* exactly 2 % */
        {100000, 102001, false, "(drift 20), mass 20"}, /* above */
        {100000, 98000, false, "(drift 20)"},
        {100000, 97999, false, "(drift 20), mass 20"},
        {100000, 97999, true, "(drift 20)"},
        {10000, 11000, false, "(drift 20)"},            /* 10 %, but not above 1000 mg */
        {10000, 11001, false, "(drift 20), mass 20"},
        {0, 1000, false, "(drift 20)"},
        {0, 1001, false, "(drift 20), mass 20"},
        {NUM_MAX, NUM_MAX - NUM_MAX / 50, false, "(drift 20)"}, /* the largest numbers do not overflow */
        {NUM_MAX, NUM_MAX - NUM_MAX / 50 - 1, false, "(drift 20), mass 20"},
        {NUM_MAX, 0, false, "(drift 20), mass 20"},
        {0, NUM_MAX, false, "(drift 20), mass 20"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct subject *item = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);

        ck_assert_msg(item != NULL, "no thing");
        const char *said = weigh(item, cases[i].last_mg, cases[i].net_mg, cases[i].explained);
        ck_assert_msg(strcmp(said, cases[i].said) == 0, "%llu mg after %llu mg: \"%s\" instead of \"%s\"",
                      (unsigned long long)cases[i].net_mg, (unsigned long long)cases[i].last_mg, said, cases[i].said);
        sample_replay_close(s);
        sample_replay_open(s);
    }
}
END_TEST

START_TEST(test_net_is_gross_less_tare)
{
    static const struct {
        uint64_t gross, tare, net;
        const char *said;
    } cases[] = {{110, 10, 100, ""}, {110, 11, 100, "mass 20"}, {110, 9, 100, "mass 20"}, {0, 0, 0, ""}};

    struct subject *item = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        item->thing->net_mg = NOTHING;
        (void)sample_begin(s, KIND_WEIGH, HOLDER, OFFICE_CUSTODIAN);
        struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);

        sample_state(entry, FACT_GROSS, cases[i].gross);
        sample_state(entry, FACT_TARE, cases[i].tare);
        sample_state(entry, FACT_NET, cases[i].net);
        SAMPLE_DETAILS(s, entry, NAME_SCALE);
        sample_replay(s);
        expect(cases[i].said);
    }
}
END_TEST

/* A split of ITEM (10 pieces) into OTHER and THIRD. */
static void split(uint64_t remains, uint64_t first, uint64_t second)
{
    (void)sample_begin(s, KIND_SPLIT, HOLDER, OFFICE_OFFICER);
    sample_state(sample_entry(s, ITEM, ROLE_PARENT), FACT_PIECES, remains);
    sample_state(sample_entry(s, OTHER, ROLE_CHILD), FACT_PIECES, first);
    sample_state(sample_entry(s, THIRD, ROLE_CHILD), FACT_PIECES, second);
}

START_TEST(test_split)
{
    struct subject *item = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);
    struct subject *child = sample_thing(s, OTHER, TYPE_ITEM, THING_UNUSED, NOTHING);
    (void)sample_thing(s, THIRD, TYPE_ITEM, THING_UNUSED, NOTHING);

    item->thing->of_case = CASE;
    item->thing->place = 7;
    split(3, 5, 2);
    sample_replay(s);
    expect("");
    ck_assert_uint_eq(item->thing->pieces, 3);
    ck_assert_int_eq(child->thing->state, THING_HELD);
    ck_assert_uint_eq(child->thing->holder, HOLDER);
    ck_assert_uint_eq(child->thing->of_case, CASE);
    ck_assert_uint_eq(child->thing->place, 7);
    ck_assert_uint_eq(child->thing->pieces, 5);
}
END_TEST

START_TEST(test_split_does_not_add_up)
{
    struct subject *item = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);

    (void)sample_thing(s, OTHER, TYPE_ITEM, THING_UNUSED, NOTHING);
    /* THIRD is not in the closure: its pieces count all the same. */
    split(3, 5, 3);
    sample_replay(s);
    expect("pieces 20");
    ck_assert_uint_eq(item->thing->pieces, 3);
}
END_TEST

START_TEST(test_split_masses)
{
    static const struct {
        uint64_t gross, tare, net, taken;
        const char *said;
    } cases[] = {
        {100000, 1000, 59000, 40000, ""},
        {100000, 999, 59000, 40000, "mass 20"},
        {100000, 1000, 59000, 40001, "mass 20"},
        {102000, 0, 62000, 40000, "(drift 20)"},
        {102001, 0, 62001, 40000, "(drift 20), mass 20"},
        {0, 0, 0, 0, "must-state 20"}, /* net known, nothing stated */
    };

    struct subject *item = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct subject *child = sample_thing(s, 50 + i, TYPE_ITEM, THING_UNUSED, NOTHING);

        item->thing->net_mg = 100000;
        (void)sample_begin(s, KIND_SAMPLE, HOLDER, OFFICE_EXPERT);
        sample_signer(s, 2, OFFICE_OFFICER);
        struct entry *parent = sample_entry(s, ITEM, ROLE_PARENT);
        struct entry *entry = sample_entry(s, child->number, ROLE_CHILD);

        sample_state(entry, FACT_NET, cases[i].taken);
        if (cases[i].gross != 0) {
            sample_state(parent, FACT_GROSS, cases[i].gross);
            sample_state(parent, FACT_TARE, cases[i].tare);
            sample_state(parent, FACT_NET, cases[i].net);
        }
        sample_replay(s);
        expect(cases[i].said);
        ck_assert_uint_eq(child->thing->net_mg, cases[i].taken);
        ck_assert_uint_eq(item->thing->pieces, 10); /* a sample leaves the pieces */
    }
}
END_TEST

START_TEST(test_sample_states_something)
{
    (void)sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);
    (void)sample_thing(s, OTHER, TYPE_ITEM, THING_UNUSED, NOTHING);
    (void)sample_begin(s, KIND_SAMPLE, HOLDER, OFFICE_EXPERT);
    sample_signer(s, 2, OFFICE_OFFICER);
    (void)sample_entry(s, ITEM, ROLE_PARENT);
    (void)sample_entry(s, OTHER, ROLE_CHILD);
    sample_replay(s);
    expect("must-state 20");
}
END_TEST

static void animal(uint64_t code, uint64_t pieces, uint64_t carcasses)
{
    struct act *act = sample_begin(s, KIND_ANIMAL, HOLDER, OFFICE_CUSTODIAN);

    act->present |= BIT(PAY_CODE);
    act->code = code;
    struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);
    sample_state(entry, FACT_PIECES, pieces);
    SAMPLE_DETAILS(s, entry, NAME_ORDER);
    if (carcasses > 0) {
        sample_state(sample_entry(s, OTHER, ROLE_CHILD), FACT_PIECES, carcasses);
    }
    sample_replay(s);
}

START_TEST(test_animals)
{
    struct subject *herd = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);
    struct subject *carcass = sample_thing(s, OTHER, TYPE_ITEM, THING_UNUSED, NOTHING);

    animal(2, 3, 0); /* birth */
    expect("");
    ck_assert_uint_eq(herd->thing->pieces, 13);
    animal(3, 4, 0); /* death, carcasses stay */
    expect("");
    ck_assert_uint_eq(herd->thing->pieces, 13);
    animal(3, 4, 4);
    expect("");
    ck_assert_uint_eq(herd->thing->pieces, 9);
    ck_assert_uint_eq(carcass->thing->pieces, 4);
    ck_assert_int_eq(carcass->thing->state, THING_HELD);
    animal(4, 8, 0); /* freed, one is left */
    expect("");
    ck_assert_int_eq(herd->thing->state, THING_HELD);
    animal(4, 1, 0);
    expect("");
    ck_assert_int_eq(herd->thing->state, THING_CLOSED);
}
END_TEST

START_TEST(test_animals_below_zero)
{
    struct subject *herd = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);
    (void)sample_thing(s, OTHER, TYPE_ITEM, THING_UNUSED, NOTHING);

    animal(3, 4, 3);
    expect("pieces 20");
    herd->thing->pieces = 5;
    animal(4, 6, 0);
    expect("pieces 20");
    ck_assert_uint_eq(herd->thing->pieces, 0);
}
END_TEST

static void pack(enum kind kind, uint64_t thing, uint64_t container)
{
    (void)sample_begin(s, kind, HOLDER, OFFICE_CUSTODIAN);
    (void)sample_entry(s, thing, ROLE_SUBJECT);
    (void)sample_entry(s, container, ROLE_CONTAINER);
    sample_replay(s);
}

START_TEST(test_four_deep)
{
    (void)sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);
    for (uint64_t i = 0; i < 5; i++) {
        (void)sample_thing(s, BOX + i, TYPE_CONTAINER, THING_HELD, HOLDER);
    }
    /* From inside: an item in four containers is right, a fifth is too many. */
    pack(KIND_PACK, ITEM, BOX);
    expect("");
    for (uint64_t i = 0; i < 3; i++) {
        pack(KIND_PACK, BOX + i, BOX + i + 1);
        expect("");
    }
    pack(KIND_PACK, BOX + 3, BOX + 4);
    expect("container 33");
}
END_TEST

START_TEST(test_cycle)
{
    (void)sample_thing(s, BOX, TYPE_CONTAINER, THING_HELD, HOLDER);
    (void)sample_thing(s, BOX + 1, TYPE_CONTAINER, THING_HELD, HOLDER);
    pack(KIND_PACK, BOX, BOX + 1);
    expect("");
    /* The outer one into the inner, which is packed: the cycle is the outer one's breach, and nothing runs for ever. */
    pack(KIND_PACK, BOX + 1, BOX);
    expect("packed 30, container 31");
    ck_assert_uint_eq(thing_holder(s->world, world_find(s->world, BOX)), HOLDER);
}
END_TEST

START_TEST(test_contents)
{
    struct subject *box = sample_thing(s, BOX, TYPE_CONTAINER, THING_HELD, HOLDER);
    struct subject *item = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);

    box->thing->place = 8;
    pack(KIND_PACK, ITEM, BOX);
    expect("");
    ck_assert_uint_eq(item->thing->container, BOX);
    pack(KIND_UNPACK, ITEM, BOX);
    expect("");
    ck_assert_uint_eq(item->thing->container, NOTHING);
    ck_assert_uint_eq(item->thing->place, 8);
    ck_assert_int_eq(box->thing->state, THING_CLOSED); /* emptied */
    pack(KIND_PACK, ITEM, BOX);
    expect("container 30");
}
END_TEST

START_TEST(test_not_in_it)
{
    struct subject *strange = sample_thing(s, OTHER, TYPE_ITEM, THING_HELD, 2);

    (void)sample_thing(s, BOX, TYPE_CONTAINER, THING_HELD, HOLDER);
    pack(KIND_PACK, OTHER, BOX);
    expect("signers-rule 21, container 21"); /* of another holder */
    strange->thing->container = NOTHING;
    pack(KIND_UNPACK, OTHER, BOX);
    expect("signers-rule 21, container 21");
    ck_assert_uint_eq(strange->thing->container, NOTHING);
}
END_TEST

START_TEST(test_sealed_container)
{
    static const char *const numbers[] = {"A1", NULL};
    struct subject *box = sample_thing(s, BOX, TYPE_CONTAINER, THING_HELD, HOLDER);
    (void)sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);

    (void)sample_begin(s, KIND_SEAL, HOLDER, OFFICE_CUSTODIAN);
    sample_signer(s, 2, OFFICE_OFFICER);
    sample_seals(s, sample_entry(s, BOX, ROLE_SUBJECT), FACT_PUT_ON, numbers);
    sample_replay(s);
    expect("");
    ck_assert_ptr_nonnull(box->thing->seals);
    pack(KIND_PACK, ITEM, BOX);
    expect("container 30");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("balance");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_drift);
    tcase_add_test(tests, test_net_is_gross_less_tare);
    tcase_add_test(tests, test_split);
    tcase_add_test(tests, test_split_does_not_add_up);
    tcase_add_test(tests, test_split_masses);
    tcase_add_test(tests, test_sample_states_something);
    tcase_add_test(tests, test_animals);
    tcase_add_test(tests, test_animals_below_zero);
    tcase_add_test(tests, test_four_deep);
    tcase_add_test(tests, test_cycle);
    tcase_add_test(tests, test_contents);
    tcase_add_test(tests, test_not_in_it);
    tcase_add_test(tests, test_sealed_container);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
