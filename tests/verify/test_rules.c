/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What must be stated, from which state, what a signer had not seen, and what is open at the end: SPEC 6.7, 7.2, 7.3.2,
 * 7.3.13, 7.3.15, 7.3.17b and 7.3.18. Breaks when a limit is moved by one, or a rule lets an act pass.
 */
#include "tests/support/sample_replay.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { ITEM = 20, BOX = 30, CASE = 40, HOLDER = 1, SECOND = 2, DAY = 86400 };

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

static bool said(const char *what)
{
    return strstr(sample_said(s), what) != NULL;
}

/* An act of that kind on that subject, replayed: whether it said so. */
static bool says(enum kind kind, uint64_t subject, const char *what)
{
    (void)sample_begin(s, kind, HOLDER, OFFICE_OFFICER);
    (void)sample_entry(s, subject, ROLE_SUBJECT);
    sample_replay(s);
    return said(what);
}

/* SPEC 7.2's "before": every kind that has one, in every state. */
START_TEST(test_states)
{
    for (unsigned kind = KIND_ALLOT; kind < KIND_COUNT; kind++) {
        const struct act_rule *rule = act_rule(kind);

        if (rule->before == 0 || (rule->roles & BIT(ROLE_SUBJECT)) == 0 || kind == KIND_ADOPT) {
            continue;
        }
        for (unsigned state = THING_UNUSED; state <= THING_CLOSED; state++) {
            sample_replay_close(s);
            setup();
            item->thing->state = (enum thing_state)state;
            (void)says((enum kind)kind, ITEM, "");
            /* "must-state 20" holds those letters too. */
            bool wrong = strncmp(sample_said(s), "state 20", 8) == 0 || said(" state 20");
            ck_assert_msg(wrong == ((rule->before & BIT(state)) == 0), "%s of what is %s: %s", rule->name,
                          state_name((enum thing_state)state), sample_said(s));
        }
    }
}
END_TEST

START_TEST(test_packed)
{
    static const unsigned allowed[] = {KIND_NOTE, KIND_ATTACH, KIND_CORRECT, KIND_IDENTIFY, KIND_UNPACK, KIND_DISCLOSE, KIND_ORDER,
                                       KIND_ERASE, KIND_SAME_AS, KIND_STOCKTAKE, KIND_LODGE, KIND_LABEL};

    for (unsigned kind = KIND_VOID; kind < KIND_COUNT; kind++) {
        bool right = false;
        for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
            right = right || allowed[i] == kind;
        }
        sample_replay_close(s);
        setup();
        (void)sample_thing(s, BOX, TYPE_CONTAINER, THING_HELD, HOLDER);
        item->thing->container = BOX;
        ck_assert_msg(says((enum kind)kind, ITEM, "packed 20") == !right, "%s of what is packed: %s", act_rule(kind)->name,
                      sample_said(s));
    }
}
END_TEST

/* Details and facts of the table: the act without any of them, then with all. */
START_TEST(test_must_details)
{
    for (unsigned kind = KIND_VOID; kind < KIND_COUNT; kind++) {
        const struct act_rule *rule = act_rule(kind);
        unsigned names[ACT_DETAILS];
        size_t count = 0;

        while (count < ACT_DETAILS && rule->must_details[count] != 0) {
            names[count] = rule->must_details[count];
            count++;
        }
        if (count == 0 || (rule->types & BIT(TYPE_ITEM)) == 0 || kind == KIND_ADOPT) {
            continue;
        }
        for (int with = 0; with < 2; with++) {
            sample_replay_close(s);
            setup();
            (void)sample_begin(s, (enum kind)kind, HOLDER, OFFICE_OFFICER);
            struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);
            /* Facts are stated so that only details can be missing. */
            entry->facts.present |= rule->must_facts;
            s->act->present |= rule->must_payload;
            if (with == 1) {
                for (size_t i = 1; i < count; i++) {
                    for (size_t j = i; j > 0 && names[j - 1] > names[j]; j--) {
                        unsigned swap = names[j];
                        names[j] = names[j - 1];
                        names[j - 1] = swap;
                    }
                }
                sample_details(s, entry, names, count);
            }
            if ((rule->must_facts & BIT(FACT_FOUND)) != 0 || kind == KIND_LODGE) {
                continue;
            }
            sample_replay(s);
            ck_assert_msg(said("must-state 20") == (with == 0), "%s: %s", rule->name, sample_said(s));
        }
    }
}
END_TEST

/* SPEC 7.3.18 */
START_TEST(test_seize)
{
    static const struct {
        unsigned names[6];
        size_t count;
        bool right;
    } cases[] = {
        {{NAME_AUTHORITY, NAME_SEIZURE_TIME, NAME_SEIZURE_PLACE}, 3, false},
        {{NAME_AUTHORITY, NAME_SEIZURE_TIME, NAME_SEIZURE_PLACE, NAME_WITNESS}, 4, false},
        {{NAME_AUTHORITY, NAME_SEIZURE_TIME, NAME_SEIZURE_PLACE, NAME_WITNESS, NAME_WITNESS}, 5, true},
        {{NAME_AUTHORITY, NAME_SEIZURE_TIME, NAME_SEIZURE_PLACE, NAME_OWNER}, 4, true},
        {{NAME_SEIZURE_TIME, NAME_SEIZURE_PLACE, NAME_OWNER}, 3, false},
    };

    (void)sample_thing(s, CASE, TYPE_CASE, THING_NONE, NOTHING);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)sample_begin(s, KIND_SEIZE, HOLDER, OFFICE_OFFICER);
        sample_signer(s, SECOND, OFFICE_CUSTODIAN);
        sample_details(s, sample_entry(s, CASE, ROLE_SUBJECT), cases[i].names, cases[i].count);
        sample_replay(s);
        expect(cases[i].right ? "" : "must-state 40");
    }
}
END_TEST

START_TEST(test_payload_key_once)
{
    /* accept states neither p10 nor p13, of two things: once, and of the act as a whole. */
    (void)sample_thing(s, ITEM + 1, TYPE_ITEM, THING_TRANSIT, HOLDER);
    item->thing->state = THING_TRANSIT;
    (void)sample_begin(s, KIND_ACCEPT, SECOND, OFFICE_CUSTODIAN);
    (void)sample_entry(s, ITEM, ROLE_SUBJECT);
    (void)sample_entry(s, ITEM + 1, ROLE_SUBJECT);
    sample_replay(s);
    expect("must-state -");
}
END_TEST

/* ---- SPEC 6.7 ---- */

static void examine(uint64_t seen, enum kind kind)
{
    (void)sample_begin(s, kind, HOLDER, OFFICE_CUSTODIAN);
    struct entry *entry = sample_entry(s, ITEM, ROLE_SUBJECT);

    s->act->seen_size = seen;
    s->act->present |= BIT(PAY_CODE) | BIT(PAY_PLACE) | BIT(PAY_FROM) | BIT(PAY_TO);
    s->act->to.has_person = true;
    s->act->to.person = SECOND;
    sample_state(entry, FACT_PIECES, 10);
    if (kind == KIND_EXAMINE) {
        entry->facts.present = 0;
        SAMPLE_DETAILS(s, entry, NAME_FINDING);
    }
}

START_TEST(test_unseen)
{
    (void)sample_begin(s, KIND_NOTE, SECOND, OFFICE_OFFICER); /* record 1, by somebody else */
    SAMPLE_DETAILS(s, sample_entry(s, ITEM, ROLE_SUBJECT), NAME_NOTE);
    sample_replay(s);
    expect("");
    examine(2, KIND_EXAMINE); /* record 1 was seen */
    sample_replay(s);
    expect("");
    examine(1, KIND_EXAMINE); /* a finding: nothing moves */
    sample_replay(s);
    expect("(unseen 20)");
    examine(2, KIND_RELEASE); /* records 2 and 3 are the signer's own */
    sample_replay(s);
    expect("");
    item->thing->state = THING_HELD;
    examine(1, KIND_RELEASE);
    sample_replay(s);
    expect("unseen 20");
    item->thing->state = THING_HELD;
    examine(1, KIND_RELEASE);
    s->act->present |= BIT(PAY_OFFLINE);
    sample_replay(s);
    expect("(unseen 20)");
}
END_TEST

START_TEST(test_unseen_by_one_of_two)
{
    examine(1, KIND_EXAMINE); /* record 1 */
    sample_replay(s);
    examine(1, KIND_EXAMINE);
    sample_replay(s);
    expect("");
    examine(1, KIND_EXAMINE);
    sample_signer(s, SECOND, OFFICE_OFFICER); /* who signed neither */
    sample_replay(s);
    expect("(unseen 20)");
}
END_TEST

/* ---- the end: 7.3.15 ---- */

START_TEST(test_unanswered)
{
    struct open_release open = {.index = 7, .by = HOLDER, .person = SECOND, .office = NOTHING, .place = NOTHING,
                                .due_s = NOTHING, .logged_s = SAMPLE_TIME};

    item->thing->state = THING_TRANSIT;
    item->thing->open = malloc(sizeof open);
    ck_assert_ptr_nonnull(item->thing->open);
    *item->thing->open = open;
    sample_end(s, item, SAMPLE_TIME + 30 * DAY);
    expect("(in-transit 20)");
    sample_end(s, item, SAMPLE_TIME + 30 * DAY + 1);
    expect("unanswered 20");
    ck_assert_uint_eq(s->findings[0].record, 7); /* at the record of the release */
    sample_end(s, item, SAMPLE_TIME - 5); /* a clock that went back */
    expect("(in-transit 20)");
    item->thing->state = THING_OUT; /* no due time: nothing is late */
    sample_end(s, item, SAMPLE_TIME + 300 * DAY);
    expect("(in-transit 20)");
    item->thing->open->due_s = SAMPLE_TIME + DAY;
    sample_end(s, item, SAMPLE_TIME + DAY);
    expect("(in-transit 20)");
    sample_end(s, item, SAMPLE_TIME + DAY + 1);
    expect("overdue 20");
    ck_assert_uint_eq(s->findings[0].record, 7);
    item->thing->state = THING_TRANSIT; /* overdue is said instead of unanswered */
    sample_end(s, item, SAMPLE_TIME + 300 * DAY);
    expect("overdue 20");
    item->thing->state = THING_HELD;
    sample_end(s, item, SAMPLE_TIME + 300 * DAY);
    expect("");
}
END_TEST

START_TEST(test_unknown_kind)
{
    (void)sample_begin(s, KIND_NOTE, HOLDER, OFFICE_OFFICER);
    s->act->kind = KIND_COUNT;
    (void)sample_entry(s, ITEM, ROLE_SUBJECT);
    sample_replay(s);
    expect("");
    ck_assert(s->replay.unknown_kind);
}
END_TEST

START_TEST(test_adopt_nothing)
{
    /* SPEC 7.3.17: no lodge before it. */
    (void)sample_begin(s, KIND_ADOPT, HOLDER, OFFICE_OFFICER);
    sample_signer(s, SECOND, OFFICE_CUSTODIAN);
    s->act->present |= BIT(PAY_ANSWERS);
    SAMPLE_DETAILS(s, sample_entry(s, ITEM, ROLE_SUBJECT), NAME_REASON);
    sample_replay(s);
    expect("orphan 20");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rules");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_states);
    tcase_add_test(tests, test_packed);
    tcase_add_test(tests, test_must_details);
    tcase_add_test(tests, test_seize);
    tcase_add_test(tests, test_payload_key_once);
    tcase_add_test(tests, test_unseen);
    tcase_add_test(tests, test_unseen_by_one_of_two);
    tcase_add_test(tests, test_unanswered);
    tcase_add_test(tests, test_unknown_kind);
    tcase_add_test(tests, test_adopt_nothing);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
