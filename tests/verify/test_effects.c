/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one act does to one thing: SPEC 7.3.1, 7.3.3, 7.3.4, 7.3.6, 7.3.10, 7.3.11, 7.3.13, 7.3.14 and 7.3.16. The
 * effect is applied even where a rule is broken. Breaks when an effect is left out or lands on the wrong member.
 */
#include "tests/support/sample_replay.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM = 20, OTHER = 21, HOLDER = 1, RECEIVER = 2, WITNESS = 3, CASE = 40 };

static struct sample_replay sample;
static struct sample_replay *s = &sample;
static struct subject *item;

static void setup(void)
{
    sample_replay_open(s);
    item = sample_thing(s, ITEM, TYPE_ITEM, THING_HELD, HOLDER);
    item->thing->of_case = CASE;
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

static void state_to(struct act *act, uint64_t person, uint64_t place)
{
    act->present |= BIT(PAY_TO);
    act->to = (struct party){.has_person = person != NOTHING, .person = person, .has_place = place != NOTHING, .place = place};
}

/* Releases ITEM with its 10 pieces; the entry is returned for more facts, before sample_replay. */
static struct entry *begin_release(uint64_t pieces)
{
    struct act *act = sample_begin(s, KIND_RELEASE, HOLDER, OFFICE_OFFICER);
    struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);

    state_code(act, 1);
    state_to(act, RECEIVER, 9);
    sample_state(entry, FACT_PIECES, pieces);
    return entry;
}

/* An act that answers the act of that index. */
static struct entry *begin_answer(enum kind kind, uint64_t signer, uint64_t answered)
{
    struct act *act = sample_begin(s, kind, signer, OFFICE_CUSTODIAN);
    struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);

    state_code(act, 1);
    act->present |= BIT(PAY_ANSWERS);
    if (answered < SAMPLE_ACTS && s->acts[answered] != NULL) {
        act_id(s->hasher, s->acts[answered]->payload, &act->answers);
    }
    return entry;
}

START_TEST(test_handover)
{
    (void)begin_release(10);
    sample_replay(s);
    expect("");
    ck_assert_int_eq(item->thing->state, THING_TRANSIT);
    ck_assert_uint_eq(item->thing->holder, HOLDER); /* still the releaser's */
    ck_assert_ptr_nonnull(item->thing->open);
    ck_assert_uint_eq(item->thing->open->person, RECEIVER);
    (void)begin_answer(KIND_ACCEPT, RECEIVER, 1);
    sample_replay(s);
    expect("");
    ck_assert_int_eq(item->thing->state, THING_HELD);
    ck_assert_uint_eq(item->thing->holder, RECEIVER);
    ck_assert_uint_eq(item->thing->place, 9);
    ck_assert_ptr_null(item->thing->open);
}
END_TEST

START_TEST(test_accept_states_another_place)
{
    (void)begin_release(10);
    sample_replay(s);
    (void)begin_answer(KIND_ACCEPT, RECEIVER, 1);
    s->act->present |= BIT(PAY_PLACE);
    s->act->place = 11;
    sample_replay(s);
    expect("");
    ck_assert_uint_eq(item->thing->place, 11);
}
END_TEST

START_TEST(test_refuse_and_withdraw)
{
    for (int i = 0; i < 2; i++) {
        (void)begin_release(10);
        sample_replay(s);
        expect("");
        (void)begin_answer(i == 0 ? KIND_REFUSE : KIND_WITHDRAW, i == 0 ? RECEIVER : HOLDER, s->index);
        if (i == 1) {
            sample_signer(s, WITNESS, OFFICE_PROSECUTOR);
        }
        sample_replay(s);
        expect("");
        ck_assert_int_eq(item->thing->state, THING_HELD);
        ck_assert_uint_eq(item->thing->holder, HOLDER);
        ck_assert_ptr_null(item->thing->open);
    }
}
END_TEST

START_TEST(test_answers_what_is_not_open)
{
    (void)begin_release(10);
    sample_replay(s);
    (void)begin_answer(KIND_ACCEPT, RECEIVER, 1);
    sample_replay(s);
    expect("");
    /* Answered again: in that thread, but no longer open. */
    (void)begin_answer(KIND_ACCEPT, RECEIVER, 1);
    sample_replay(s);
    expect("state 20, not-open 20");
    /* An act-id of no release in this thread is a contradiction, not a breach. */
    (void)begin_answer(KIND_ACCEPT, RECEIVER, SAMPLE_ACTS);
    sample_replay(s);
    ck_assert_int_eq(s->stop.status, 1);
    ck_assert_str_eq(s->stop.code, "answers");
    ck_assert_uint_eq(s->stop.record, s->index);
}
END_TEST

START_TEST(test_answers_missing)
{
    (void)begin_release(10);
    sample_replay(s);
    (void)begin_answer(KIND_ACCEPT, RECEIVER, 1);
    s->act->present &= ~BIT(PAY_ANSWERS);
    sample_replay(s);
    expect("must-state -");
}
END_TEST

START_TEST(test_due)
{
    for (uint64_t late = 0; late < 2; late++) {
        (void)begin_release(10);
        s->act->present |= BIT(PAY_DUE);
        s->act->due_s = SAMPLE_TIME + 100;
        sample_replay(s);
        (void)begin_answer(KIND_ACCEPT, RECEIVER, s->index);
        s->record->logged_s = SAMPLE_TIME + 100 + late;
        sample_replay(s);
        expect(late == 0 ? "" : "overdue 20");
        item->thing->holder = HOLDER;
    }
}
END_TEST

START_TEST(test_pieces)
{
    (void)begin_release(9);
    sample_replay(s);
    expect("pieces 20");
    ck_assert_uint_eq(item->thing->pieces, 9); /* the state becomes what was stated */
    sample_state(begin_answer(KIND_ACCEPT, RECEIVER, 1), FACT_PIECES, 9);
    sample_replay(s);
    expect("");
    struct entry *entry = sample_begin(s, KIND_STOCKTAKE, WITNESS, OFFICE_COURT) == NULL ? NULL : sample_entry(s, ITEM, ROLE_SUBJECT);
    sample_signer(s, RECEIVER, OFFICE_CUSTODIAN);
    s->act->present |= BIT(PAY_PLACE);
    sample_state(entry, FACT_OUTCOME, 1);
    sample_state(entry, FACT_PIECES, 0);
    sample_replay(s);
    expect("pieces 20");
    ck_assert_uint_eq(item->thing->pieces, 0);
}
END_TEST

START_TEST(test_register)
{
    struct subject *thing = sample_thing(s, OTHER, TYPE_ITEM, THING_UNUSED, NOTHING);
    struct act *act = sample_begin(s, KIND_REGISTER, HOLDER, OFFICE_OFFICER);
    struct entry *entry = sample_entry(s, OTHER, ROLE_SUBJECT);

    act->present |= BIT(PAY_PLACE);
    act->place = 12;
    sample_state(entry, FACT_CASE, CASE);
    sample_state(entry, FACT_PIECES, 4);
    sample_state(entry, FACT_NET, 5000);
    sample_replay(s);
    expect("");
    ck_assert(thing->thing->state == THING_HELD && thing->thing->holder == HOLDER && thing->thing->place == 12 &&
              thing->thing->of_case == CASE && thing->thing->pieces == 4 && thing->thing->net_mg == 5000);
}
END_TEST

START_TEST(test_register_and_release_state_pieces)
{
    (void)sample_thing(s, OTHER, TYPE_ITEM, THING_UNUSED, NOTHING);
    (void)sample_begin(s, KIND_REGISTER, HOLDER, OFFICE_OFFICER);
    struct entry *entry = sample_entry(s, OTHER, ROLE_SUBJECT);
    sample_state(entry, FACT_CASE, CASE);
    sample_state(entry, FACT_PIECES, 0);
    sample_replay(s);
    expect("must-state 21");
    entry = begin_release(10);
    entry->facts.present &= ~BIT(FACT_PIECES);
    sample_replay(s);
    expect("must-state 20");
}
END_TEST

START_TEST(test_move)
{
    for (uint64_t former = CASE; former <= CASE + 1; former++) {
        (void)sample_begin(s, KIND_MOVE, WITNESS, OFFICE_PROSECUTOR);
        struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);
        sample_state(entry, FACT_CASE, CASE + 5);
        SAMPLE_DETAILS(s, entry, NAME_ORDER);
        (void)sample_entry(s, former, ROLE_FORMER_CASE);
        (void)sample_entry(s, CASE + 5, ROLE_CASE);
        sample_replay(s);
        expect(former == CASE ? "" : "state 20");
        ck_assert_uint_eq(item->thing->of_case, CASE + 5);
    }
}
END_TEST

static void stocktake(uint64_t outcome)
{
    (void)sample_begin(s, KIND_STOCKTAKE, WITNESS, OFFICE_COURT);
    sample_signer(s, RECEIVER, OFFICE_CUSTODIAN);
    s->act->present |= BIT(PAY_PLACE);
    sample_state(sample_entry(s, ITEM, ROLE_SUBJECT), FACT_OUTCOME, outcome);
    sample_replay(s);
    expect("");
}

START_TEST(test_missing)
{
    static const uint64_t clears[] = {1, 2, 4};

    for (size_t i = 0; i < 3; i++) {
        stocktake(3);
        ck_assert_uint_eq(item->thing->missing, s->index);
        uint64_t marked = s->index;
        stocktake(77); /* an unknown outcome changes nothing */
        ck_assert_uint_eq(item->thing->missing, marked);
        sample_end(s, item, SAMPLE_TIME);
        ck_assert_str_eq(sample_said(s), "missing 20");
        ck_assert_uint_eq(s->findings[0].record, marked);
        stocktake(clears[i]);
        sample_end(s, item, SAMPLE_TIME);
        ck_assert_str_eq(sample_said(s), "");
    }
}
END_TEST

START_TEST(test_accept_clears_missing)
{
    for (uint64_t mode = 1; mode <= 2; mode++) {
        stocktake(3);
        (void)begin_release(10);
        sample_replay(s);
        (void)begin_answer(KIND_ACCEPT, RECEIVER, s->index);
        s->act->code = mode;
        sample_replay(s);
        expect("");
        ck_assert_int_eq(item->thing->missing == NOTHING, mode == 1);
        item->thing->holder = HOLDER;
    }
}
END_TEST

START_TEST(test_closed)
{
    struct act *act = sample_begin(s, KIND_CONSUME, HOLDER, OFFICE_EXPERT);
    state_code(act, 2);
    sample_signer(s, WITNESS, OFFICE_OFFICER);
    (void)sample_entry(s, ITEM, ROLE_SUBJECT);
    sample_replay(s);
    expect("");
    ck_assert_int_eq(item->thing->state, THING_CLOSED);
    ck_assert(!item->thing->voided);
    (void)begin_release(10);
    sample_replay(s);
    expect("state 20");
}
END_TEST

START_TEST(test_void)
{
    struct subject *spare = sample_thing(s, OTHER, TYPE_ITEM, THING_UNUSED, NOTHING);
    struct act *act = sample_begin(s, KIND_VOID, HOLDER, OFFICE_OFFICER);
    state_code(act, 1);
    sample_signer(s, WITNESS, OFFICE_CUSTODIAN);
    (void)sample_entry(s, OTHER, ROLE_SUBJECT);
    sample_replay(s);
    expect("");
    ck_assert(spare->thing->state == THING_CLOSED && spare->thing->voided);
}
END_TEST

START_TEST(test_prints)
{
    static const uint64_t prints[] = {1, 2, 2, 9, 10};
    static const char *const said[] = {"", "", "print 20", "print 20", ""};

    for (size_t i = 0; i < sizeof prints / sizeof prints[0]; i++) {
        (void)sample_begin(s, KIND_LABEL, HOLDER, OFFICE_OFFICER);
        sample_state(sample_entry(s, ITEM, ROLE_SUBJECT), FACT_PRINT, prints[i]);
        sample_replay(s);
        expect(said[i]);
        ck_assert_uint_eq(item->thing->prints, prints[i]);
    }
}
END_TEST

START_TEST(test_correct)
{
    static const struct {
        unsigned name;
        const char *said;
    } cases[] = {{NAME_MARKS, ""}, {NAME_UNIT, "correction 20"}, {NAME_REMARKS, "must-state 20"}};

    (void)sample_begin(s, KIND_NOTE, HOLDER, OFFICE_OFFICER);
    SAMPLE_DETAILS(s, sample_entry(s, ITEM, ROLE_SUBJECT), NAME_NOTE, NAME_MARKS);
    sample_replay(s);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct act *act = sample_begin(s, KIND_CORRECT, HOLDER, OFFICE_OFFICER);
        struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);

        sample_signer(s, WITNESS, OFFICE_CUSTODIAN);
        act->present |= BIT(PAY_AMENDS);
        act->amends_index = 1;
        if (cases[i].name == NAME_REMARKS) {
            SAMPLE_DETAILS(s, entry, NAME_REMARKS); /* allowed, but `reason` is missing */
        } else {
            SAMPLE_DETAILS(s, entry, NAME_REASON, cases[i].name);
        }
        sample_replay(s);
        expect(cases[i].said);
    }
}
END_TEST

START_TEST(test_out_and_back)
{
    struct act *act = sample_begin(s, KIND_HANDOUT, HOLDER, OFFICE_CUSTODIAN);
    struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);
    state_code(act, 2);
    sample_signer(s, WITNESS, OFFICE_OFFICER);
    SAMPLE_DETAILS(s, entry, NAME_RECEIPT, NAME_COUNTERPARTY);
    sample_replay(s);
    expect("");
    ck_assert_int_eq(item->thing->state, THING_OUT);
    (void)sample_begin(s, KIND_TAKEBACK, HOLDER, OFFICE_CUSTODIAN);
    sample_signer(s, WITNESS, OFFICE_OFFICER);
    SAMPLE_DETAILS(s, sample_entry(s, ITEM, ROLE_SUBJECT), NAME_RECEIPT, NAME_COUNTERPARTY);
    sample_replay(s);
    expect("");
    ck_assert_int_eq(item->thing->state, THING_HELD);
    ck_assert_uint_eq(item->thing->holder, HOLDER);
}
END_TEST

START_TEST(test_deviation)
{
    SAMPLE_SEALS(s, begin_release(10), FACT_FOUND, NULL);
    s->act->present |= BIT(PAY_DEVIATION);
    sample_replay(s);
    expect("deviation -");
    ck_assert_int_eq(item->thing->state, THING_TRANSIT); /* the effect is applied */
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, test_handover);
    tcase_add_test(tests, test_accept_states_another_place);
    tcase_add_test(tests, test_refuse_and_withdraw);
    tcase_add_test(tests, test_answers_what_is_not_open);
    tcase_add_test(tests, test_answers_missing);
    tcase_add_test(tests, test_due);
    tcase_add_test(tests, test_pieces);
    tcase_add_test(tests, test_register);
    tcase_add_test(tests, test_register_and_release_state_pieces);
    tcase_add_test(tests, test_move);
    tcase_add_test(tests, test_missing);
    tcase_add_test(tests, test_accept_clears_missing);
    tcase_add_test(tests, test_closed);
    tcase_add_test(tests, test_void);
    tcase_add_test(tests, test_prints);
    tcase_add_test(tests, test_correct);
    tcase_add_test(tests, test_out_and_back);
    tcase_add_test(tests, test_deviation);
}

int main(void)
{
    Suite *suite = suite_create("effects");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    add_tests(tests);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
