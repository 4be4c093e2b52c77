/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every act on a thing in every state, by first signers of every office and every set of signers: what breaks custody is the same for the
 * recorder, for verify's verdict and for the independent reader, code by code and record by record; and the recorder takes exactly what
 * the verifiers find no breach in. Breaks when one of the three reads the table or a rule of SPEC 7 in another way.
 */
#include "tests/ledger/fixture.c"

#include "tests/walk/asking.h"
#include "tests/walk/judge.h"

enum { TRIALS_MAX = 64 };

/* Combinations of one trial that are in no ledger. */
struct left_out {
    size_t impossible, contradictions;
    const char *why;
    char code[24];
};

struct tally {
    size_t fates[FATE_COUNT];
    size_t clean[KIND_COUNT];
    struct left_out left[TRIALS_MAX];
};

/* An act that this office may sign first, or that needs no particular one, is taken from it somewhere; another never. */
static void expect_clean(const struct tally *tally, unsigned office, unsigned kind)
{
    const struct act_rule *rule = act_rule(kind);
    uint16_t offices = rule->authority ? BIT(OFFICE_REGISTRAR) : rule->slots[0].offices;
    bool may = offices == 0 || (offices & BIT(office)) != 0;

    ck_assert_msg((tally->clean[kind] > 0) == may, "\"%s\" is taken %zu times with a %s signing first", rule->name, tally->clean[kind],
                  office_name(office));
}

static void print_tally(const struct tally *tally, const struct told_list *breaches)
{
    printf("  %zu combinations: %zu taken, %zu as deviations alone with %zu breaches, %zu contradictions, %zu impossible\n",
           tally->fates[FATE_CLEAN] + tally->fates[FATE_DEVIATION] + tally->fates[FATE_CONTRADICTION] + tally->fates[FATE_IMPOSSIBLE],
           tally->fates[FATE_CLEAN], tally->fates[FATE_DEVIATION], breaches->count, tally->fates[FATE_CONTRADICTION],
           tally->fates[FATE_IMPOSSIBLE]);
}

/* All of the ledger, judged by verify and by the Python reader. */
static void judge_all(struct walk *w, const char *what, struct told_list *breaches)
{
    struct judgement judgement;
    struct python *python;
    struct buffer bundle;

    fixture_checkpoint(&w->f);
    told_sort(breaches);
    bundle = judge_bundle(w->f.ledger, NULL, 0);
    judge_write_policy(w->f.ledger, w->f.root);
    judge_write(w->f.root, 0, &bundle);
    python = judge_python(w->f.root, 1);
    judgement = judge_by_library(w->f.ledger, &bundle);
    ck_assert_int_eq(judgement.status, 3);
    told_same(what, "the recorder", breaches, "verify", &judgement.breaches);
    judgement_free(&judgement);
    judgement = judge_python_next(python);
    ck_assert_int_eq(judgement.status, 3);
    told_same(what, "the recorder", breaches, "the Python reader", &judgement.breaches);
    judgement_free(&judgement);
    judge_python_end(python);
    buffer_free(&bundle);
}

/* ---- things ----------------------------------------------------------------------------------- */

static struct signed_act make_trial(struct walk *w, const void *context, size_t i, bool deviation)
{
    return walk_act(w, context, i, deviation);
}

static void name_trial(const struct walk *w, const void *context, size_t i, char out[256])
{
    const struct group *group = context;
    enum walk_set set;
    const struct trial *trial = walk_trial_of(i, &set);

    (void)snprintf(out, 256, "\"%s\" (%u) on a thing %s, by a %s %s", act_rule(trial->kind)->name, trial->variant, walk_state_name(group->state),
                   office_name(w->office), walk_set_name(set));
}

/* What cannot be kept is counted by trial, and why. */
static void note_left_out(struct tally *tally, const struct group *group, size_t i, const struct outcome *outcome)
{
    struct left_out *left = &tally->left[i / SET_COUNT];

    if (outcome->fate == FATE_IMPOSSIBLE) {
        left->impossible++;
        left->why = walk_impossible(walk_trial_of(i, NULL), group->state);
    } else if (outcome->fate == FATE_CONTRADICTION) {
        left->contradictions++;
        outcome_code(outcome, left->code);
        /* Only these two: a release that the thread does not have, and signers without authority. */
        ck_assert_msg(strcmp(left->code, "answers") == 0 || strcmp(left->code, "authority") == 0, "%s", outcome->text);
    }
}

static void list_left_out(const struct tally *tally)
{
    size_t trials;
    const struct trial *all = walk_trials(&trials);

    for (size_t i = 0; i < trials; i++) {
        const struct left_out *left = &tally->left[i];

        if (left->impossible > 0) {
            printf("  %zu impossible: \"%s\" (%u): %s\n", left->impossible, act_rule(all[i].kind)->name, all[i].variant, left->why);
        }
        if (left->contradictions > 0) {
            printf("  %zu contradictions: \"%s\" (%u): %s\n", left->contradictions, act_rule(all[i].kind)->name, all[i].variant, left->code);
        }
    }
}

static void walk_group(struct walk *w, enum walk_state state, struct told_list *breaches, struct tally *tally)
{
    struct group group;
    struct asking asking = {.w = w, .context = &group, .make = make_trial, .name = name_trial};
    struct outcome *outcomes;

    group_open(w, state, &group);
    outcomes = calloc(group.count, sizeof *outcomes);
    ck_assert_ptr_nonnull(outcomes);
    for (size_t i = 0; i < group.count; i++) {
        if (walk_impossible(walk_trial_of(i, NULL), state) == NULL) {
            asking_try(&asking, i, &outcomes[i]);
        }
    }
    OK(ledger_begin(w->f.ledger, true, &w->txn, FAULT));
    for (size_t i = 0; i < group.count; i++) {
        tally->fates[outcomes[i].fate]++;
        tally->clean[walk_trial_of(i, NULL)->kind] += outcomes[i].fate == FATE_CLEAN ? 1 : 0;
        note_left_out(tally, &group, i, &outcomes[i]);
        if (outcomes[i].fate == FATE_CLEAN || outcomes[i].fate == FATE_DEVIATION) {
            asking_keep(&asking, i, &outcomes[i], breaches);
        }
    }
    fixture_see(&w->f, w->txn);
    OK(ledger_commit(w->txn, FAULT));
    w->txn = NULL;
    free(outcomes);
    group_close(&group);
}

/* One ledger with all trials of one office. */
START_TEST(recorder_and_verifiers_agree_on_things)
{
    struct walk w;
    struct told_list breaches = {0};
    struct tally tally = {0};
    size_t trials;
    const struct trial *all = walk_trials(&trials);

    ck_assert_uint_le(trials, TRIALS_MAX);
    walk_open(&w, (unsigned)_i);
    printf("acts on things, signers around a %s:\n", office_name(w.office));
    for (unsigned state = 0; state < STATE_COUNT; state++) {
        walk_group(&w, (enum walk_state)state, &breaches, &tally);
        fixture_checkpoint(&w.f);
    }
    for (size_t i = 0; i < trials; i++) {
        expect_clean(&tally, w.office, all[i].kind);
    }
    judge_all(&w, office_name(w.office), &breaches);
    list_left_out(&tally);
    print_tally(&tally, &breaches);
    told_free(&breaches);
    walk_close(&w);
}
END_TEST

/* ---- everything else -------------------------------------------------------------------------- */

static struct signed_act make_register(struct walk *w, const void *context, size_t i, bool deviation)
{
    const uint64_t *own = context;

    return register_act(w, i, own[i], deviation);
}

static void name_register(const struct walk *w, const void *context, size_t i, char out[256])
{
    enum walk_set set;
    enum kind kind = register_kind(i, &set);

    (void)context;
    (void)snprintf(out, 256, "\"%s\", by a %s %s", act_rule(kind)->name, office_name(w->office), walk_set_name(set));
}

static void walk_register(struct walk *w, struct told_list *breaches, struct tally *tally)
{
    uint64_t *own = calloc(register_count(), sizeof *own);
    struct asking asking = {.w = w, .context = own, .make = make_register, .name = name_register};

    ck_assert_ptr_nonnull(own);
    for (size_t i = 0; i < register_count(); i++) {
        struct outcome outcome = {FATE_IMPOSSIBLE, ""};
        enum walk_set set;
        char code[24];

        OK(ledger_begin(w->f.ledger, true, &w->txn, FAULT));
        own[i] = register_has_own(i) ? walk_enrol(w) : 0;
        OK(ledger_commit(w->txn, FAULT));
        w->txn = NULL;
        asking_try(&asking, i, &outcome);
        tally->fates[outcome.fate]++;
        tally->clean[register_kind(i, &set)] += outcome.fate == FATE_CLEAN ? 1 : 0;
        if (outcome.fate == FATE_CONTRADICTION) {
            outcome_code(&outcome, code);
            ck_assert_str_eq(code, "authority");
            continue;
        }
        OK(ledger_begin(w->f.ledger, true, &w->txn, FAULT));
        asking_keep(&asking, i, &outcome, breaches);
        fixture_see(&w->f, w->txn);
        OK(ledger_commit(w->txn, FAULT));
        w->txn = NULL;
    }
    free(own);
}

START_TEST(recorder_and_verifiers_agree_on_everything_else)
{
    struct walk w;
    struct told_list breaches = {0};
    struct tally all = {0};

    walk_open(&w, OFFICE_REGISTRAR);
    for (w.office = OFFICE_REGISTRAR; w.office < OFFICE_COUNT; w.office++) {
        struct tally tally = {0};

        walk_register(&w, &breaches, &tally);
        for (size_t i = 0; i < register_count(); i++) {
            enum walk_set set;

            /* Whoever may correct here is author of what he corrects: that is walked with things. */
            if (register_kind(i, &set) != KIND_CORRECT) {
                expect_clean(&tally, w.office, register_kind(i, &set));
            }
        }
        for (unsigned fate = 0; fate < FATE_COUNT; fate++) {
            all.fates[fate] += tally.fates[fate];
        }
    }
    judge_all(&w, "everything else", &breaches);
    printf("acts on people, places, cases and the ledger (contradictions: too few registrars):\n");
    print_tally(&all, &breaches);
    told_free(&breaches);
    walk_close(&w);
}
END_TEST

/* A founding act stands in record 0: in a ledger that is there, it is refused, whoever signs. */
START_TEST(a_ledger_is_founded_once)
{
    struct walk w;
    struct signed_act act;
    struct fault fault;

    walk_open(&w, OFFICE_REGISTRAR);
    act = fixture_founding(&w.f);
    ck_assert_int_eq(fixture_try(&w.f, &act, w.f.now_s, &fault), STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "record 0 and nowhere else") != NULL, "%s", fault.text);
    signed_free(&act);
    walk_close(&w);
}
END_TEST

/* Every kind of act but the founding is walked; what is new in the table has to be. */
START_TEST(no_act_is_left_out)
{
    bool walked[KIND_COUNT] = {[KIND_FOUND] = true};
    size_t trials;
    const struct trial *all = walk_trials(&trials);

    for (size_t i = 0; i < trials; i++) {
        walked[all[i].kind] = true;
    }
    for (size_t i = 0; i < register_count(); i++) {
        enum walk_set set;

        walked[register_kind(i, &set)] = true;
    }
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        ck_assert_msg(walked[kind], "\"%s\" is not walked", act_rule(kind)->name);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("walk");
    TCase *tcase = tcase_create("walk");
    SRunner *runner;
    int failed;

    (void)setvbuf(stdout, NULL, _IOLBF, 0); /* the tests are children: nothing is printed twice */
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, no_act_is_left_out);
    tcase_add_test(tcase, a_ledger_is_founded_once);
    tcase_add_test(tcase, recorder_and_verifiers_agree_on_everything_else);
    tcase_add_loop_test(tcase, recorder_and_verifiers_agree_on_things, OFFICE_REGISTRAR, OFFICE_COUNT);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
