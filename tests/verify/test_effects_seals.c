/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seals put on, found and taken off (SPEC 7.3.5; verify/effects.c). Breaks when a seal that is missing, strange or too many
 * passes, or when the state is not what was found.
 */
#include "tests/support/sample_replay.h"

#include <check.h>
#include <stdlib.h>

enum { ITEM = 20, HOLDER = 1, RECEIVER = 2, WITNESS = 3 };

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

static void expect(const char *said)
{
    ck_assert_str_eq(sample_said(s), said);
    ck_assert_int_eq(s->stop.status, 0);
}

static void state_code(struct act *act, uint64_t code)
{
    act->present |= BIT(PAY_CODE);
    act->code = code;
}

/* Releases ITEM with its 10 pieces. */
static struct entry *begin_release(void)
{
    struct act *act = sample_begin(s, KIND_RELEASE, HOLDER, OFFICE_OFFICER);
    struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);

    state_code(act, 1);
    act->present |= BIT(PAY_TO);
    act->to = (struct party){.has_person = true, .person = RECEIVER};
    sample_state(entry, FACT_PIECES, 10);
    return entry;
}

/* Accepts what the act before released. */
static struct entry *begin_accept(void)
{
    struct hash answered;

    act_id(s->hasher, s->act->payload, &answered);
    struct act *act = sample_begin(s, KIND_ACCEPT, RECEIVER, OFFICE_CUSTODIAN);
    state_code(act, 1);
    act->present |= BIT(PAY_ANSWERS);
    act->answers = answered;
    return sample_entry(s, ITEM, ROLE_SUBJECT);
}

static struct entry *begin_sealing(enum kind kind)
{
    struct act *act = sample_begin(s, kind, HOLDER, OFFICE_OFFICER);

    sample_signer(s, WITNESS, OFFICE_OFFICER);
    if (kind != KIND_SEAL) {
        state_code(act, 1);
    }
    return sample_entry(s, ITEM, ROLE_SUBJECT);
}

static void expect_seals(const char *first, size_t count)
{
    struct seals seals;

    seal_set_view(item->thing->seals, &seals);
    ck_assert_uint_eq(seals.count, count);
    ck_assert((item->thing->seals == NULL) == (count == 0));
    ck_assert(count == 0 || view_equal(seals.numbers[0], view_text(first)));
}

START_TEST(test_seals)
{
    SAMPLE_SEALS(s, begin_sealing(KIND_SEAL), FACT_PUT_ON, "A1", "B2", NULL);
    sample_replay(s);
    expect("");
    expect_seals("A1", 2);
    struct entry *entry = begin_sealing(KIND_UNSEAL);
    SAMPLE_SEALS(s, entry, FACT_FOUND, "A1", "B2", NULL);
    SAMPLE_SEALS(s, entry, FACT_REMOVED, "A1", NULL);
    sample_replay(s);
    expect("");
    expect_seals("B2", 1);
    entry = begin_sealing(KIND_RESEAL);
    SAMPLE_SEALS(s, entry, FACT_FOUND, "B2", NULL);
    SAMPLE_SEALS(s, entry, FACT_REMOVED, "B2", NULL);
    SAMPLE_SEALS(s, entry, FACT_PUT_ON, "C3", NULL);
    sample_replay(s);
    expect("");
    expect_seals("C3", 1);
    SAMPLE_SEALS(s, begin_release(), FACT_FOUND, "C3", NULL);
    sample_replay(s);
    expect("");
    /* Sealed, and nobody says what was found. */
    (void)begin_accept();
    sample_replay(s);
    expect("must-state 20");
}
END_TEST

START_TEST(test_seals_differ)
{
    SAMPLE_SEALS(s, begin_sealing(KIND_SEAL), FACT_PUT_ON, "A1", NULL);
    sample_replay(s);
    /* "No seal found" is an answer, and what is found is the state from then on. */
    SAMPLE_SEALS(s, begin_release(), FACT_FOUND, NULL);
    sample_replay(s);
    expect("seal-differs 20");
    expect_seals(NULL, 0);
    SAMPLE_SEALS(s, begin_accept(), FACT_FOUND, "A1", NULL);
    sample_replay(s);
    expect("seal-differs 20");
    expect_seals("A1", 1);
}
END_TEST

START_TEST(test_seals_not_on)
{
    SAMPLE_SEALS(s, begin_sealing(KIND_SEAL), FACT_PUT_ON, "A1", NULL);
    sample_replay(s);
    struct entry *entry = begin_sealing(KIND_UNSEAL);
    SAMPLE_SEALS(s, entry, FACT_FOUND, "A1", NULL);
    SAMPLE_SEALS(s, entry, FACT_REMOVED, "Z9", NULL);
    sample_replay(s);
    expect("seal-differs 20");
    expect_seals("A1", 1);
    entry = begin_sealing(KIND_UNSEAL);
    SAMPLE_SEALS(s, entry, FACT_FOUND, "A1", NULL);
    SAMPLE_SEALS(s, entry, FACT_REMOVED, NULL);
    sample_replay(s);
    expect("must-state 20");
}
END_TEST

START_TEST(test_seventeen_seals)
{
    const char *const many[] = {"A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", NULL};

    sample_seals(s, begin_sealing(KIND_SEAL), FACT_PUT_ON, many);
    sample_replay(s);
    expect("");
    expect_seals("A", SEALS_MAX);
    SAMPLE_SEALS(s, begin_sealing(KIND_SEAL), FACT_PUT_ON, "Q", NULL);
    sample_replay(s);
    expect("seal-differs 20");
    expect_seals("A", SEALS_MAX); /* the state stays */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("effects_seals");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_seals);
    tcase_add_test(tests, test_seals_differ);
    tcase_add_test(tests, test_seals_not_on);
    tcase_add_test(tests, test_seventeen_seals);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
