/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every act on a thing in every state, by first signers of every office and every set of signers: what breaks custody is the same for the
 * recorder, for verify's verdict and for the independent reader, code by code and record by record; and the recorder takes exactly what
 * the verifiers find no breach in. Breaks when one of the three reads the table or a rule of SPEC 7 in another way.
 */
#include "tests/ledger/fixture.c"

#include "tests/walk/judge.h"
#include "tests/walk/walk.h"

/* What the recorder says of one act. */
struct hearing {
    struct told_list *breaches;
    uint64_t index;
    size_t count;                /* of breaches, the deviation aside */
    char first[FAULT_TEXT_BYTES]; /* the first of them, as a refusal words it */
};

static void hear(void *context, const struct finding *finding)
{
    struct hearing *hearing = context;

    if (!finding->breach) {
        return;
    }
    if (strcmp(finding->code, "deviation") != 0) {
        if (hearing->count == 0) {
            (void)snprintf(hearing->first, sizeof hearing->first, "%s: %s", finding->code, finding->text);
        }
        hearing->count++;
    }
    if (hearing->breaches != NULL) {
        told_add(hearing->breaches, finding->code, finding->record, finding->subject);
    }
}

/* What becomes of a trial. */
enum fate { FATE_IMPOSSIBLE, FATE_CLEAN, FATE_DEVIATION, FATE_CONTRADICTION, FATE_COUNT };

struct outcome {
    enum fate fate;
    char text[FAULT_TEXT_BYTES]; /* of the refusal */
};

static void where(const struct walk *w, const struct group *group, size_t i, char out[256])
{
    enum walk_set set;
    const struct trial *trial = walk_trial_of(i, &set);

    (void)snprintf(out, 256, "\"%s\" (%u) on a thing %s, by a %s %s", act_rule(trial->kind)->name, trial->variant, walk_state_name(group->state),
                   office_name(w->office), walk_set_name(set));
}

/* Asks the recorder in a transaction that is thrown away. */
static enum status ask(struct walk *w, const struct group *group, size_t i, bool deviation, struct hearing *hearing, struct fault *fault)
{
    struct ledger_listener listener = {.report = hear, .context = hearing};
    struct signed_act act = walk_act(w, group, i, deviation);
    struct ledger_txn *txn = NULL;
    uint64_t index;
    enum status status;

    fault_clear(fault);
    OK(ledger_begin(w->f.ledger, true, &txn, FAULT));
    status = ledger_append(txn, &act.submission, w->f.now_s + 1, &listener, &index, fault);
    ledger_abort(txn);
    signed_free(&act);
    return status;
}

/* Without deviation: accepted, or refused with the first breach's sentence, or a contradiction, which no deviation heals. */
static void try_plain(struct walk *w, const struct group *group, size_t i, struct outcome *out)
{
    struct hearing plain = {0};
    struct hearing deviating = {0};
    struct fault fault;
    struct fault again;
    char what[256];

    where(w, group, i, what);
    if (ask(w, group, i, false, &plain, &fault) == STATUS_OK) {
        ck_assert_msg(plain.count == 0, "%s: accepted, though %s", what, plain.first);
        out->fate = FATE_CLEAN;
        return;
    }
    (void)snprintf(out->text, sizeof out->text, "%s", fault.text);
    if (plain.count > 0 && strcmp(plain.first, fault.text) == 0) {
        ck_assert_int_eq(fault.status, STATUS_REFUSED);
        out->fate = FATE_DEVIATION;
        return;
    }
    out->fate = FATE_CONTRADICTION;
    ck_assert_msg(ask(w, group, i, true, &deviating, &again) != STATUS_OK, "%s: refused (%s), but as a deviation accepted without a breach",
                  what, fault.text);
    ck_assert_msg(strcmp(fault.text, again.text) == 0, "%s: refused: %s; as a deviation: %s", what, fault.text, again.text);
}

/* For good: plainly where that was accepted, else as a deviation; the breaches are those of the first asking. */
static void keep(struct walk *w, const struct group *group, size_t i, const struct outcome *outcome, struct told_list *breaches)
{
    struct hearing hearing = {.breaches = breaches};
    struct ledger_listener listener = {.report = hear, .context = &hearing};
    struct signed_act act = walk_act(w, group, i, outcome->fate == FATE_DEVIATION);
    char what[256];

    where(w, group, i, what);
    w->f.now_s++;
    OK(ledger_append(w->txn, &act.submission, w->f.now_s, &listener, &hearing.index, FAULT));
    ck_assert_msg((hearing.count > 0) == (outcome->fate == FATE_DEVIATION), "%s: %zu breaches now", what, hearing.count);
    ck_assert_msg(strcmp(hearing.first, outcome->text) == 0, "%s: refused with: %s; kept with: %s", what, outcome->text, hearing.first);
    signed_free(&act);
}

struct tally {
    size_t fates[FATE_COUNT];
    size_t clean[KIND_COUNT];
};

/* Why a contradiction is one: the code before the colon, counted by kind of act. */
static void count_contradiction(const struct outcome *outcome, const struct trial *trial, size_t counts[KIND_COUNT], char codes[KIND_COUNT][24])
{
    size_t len = strcspn(outcome->text, ":");

    ck_assert_uint_lt(len, 24);
    memcpy(codes[trial->kind], outcome->text, len);
    codes[trial->kind][len] = '\0';
    counts[trial->kind]++;
}

static void walk_group(struct walk *w, enum walk_state state, struct told_list *breaches, struct tally *tally)
{
    struct group group;
    struct outcome *outcomes;
    size_t contradictions[KIND_COUNT] = {0};
    char codes[KIND_COUNT][24];

    group_open(w, state, &group);
    outcomes = calloc(group.count, sizeof *outcomes);
    ck_assert_ptr_nonnull(outcomes);
    for (size_t i = 0; i < group.count; i++) {
        if (walk_impossible(walk_trial_of(i, NULL), state) == NULL) {
            try_plain(w, &group, i, &outcomes[i]);
        }
    }
    OK(ledger_begin(w->f.ledger, true, &w->txn, FAULT));
    for (size_t i = 0; i < group.count; i++) {
        const struct trial *trial = walk_trial_of(i, NULL);

        tally->fates[outcomes[i].fate]++;
        tally->clean[trial->kind] += outcomes[i].fate == FATE_CLEAN ? 1 : 0;
        if (outcomes[i].fate == FATE_CONTRADICTION) {
            count_contradiction(&outcomes[i], trial, contradictions, codes);
        } else if (outcomes[i].fate != FATE_IMPOSSIBLE) {
            keep(w, &group, i, &outcomes[i], breaches);
        }
    }
    fixture_see(&w->f, w->txn);
    OK(ledger_commit(w->txn, FAULT));
    w->txn = NULL;
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        if (contradictions[kind] > 0) {
            printf("  %zu of \"%s\" on a thing %s contradict the ledger: %s\n", contradictions[kind], act_rule(kind)->name, walk_state_name(state),
                   codes[kind]);
        }
    }
    free(outcomes);
    group_close(&group);
}

/* One ledger with all trials of one office, judged by all three. */
START_TEST(recorder_and_verifiers_agree)
{
    struct walk w;
    struct told_list breaches = {0};
    struct tally tally = {{0}, {0}};
    struct judgement judgement;
    struct python *python;
    struct buffer bundle;

    walk_open(&w, (unsigned)_i);
    printf("signers around a %s:\n", office_name(w.office));
    for (unsigned state = 0; state < STATE_COUNT; state++) {
        walk_group(&w, (enum walk_state)state, &breaches, &tally);
        fixture_checkpoint(&w.f);
    }
    told_sort(&breaches);
    bundle = judge_bundle(w.f.ledger, NULL, 0);
    judge_write_policy(w.f.ledger, w.f.root);
    judge_write(w.f.root, 0, &bundle);
    python = judge_python(w.f.root, 1);
    judgement = judge_by_library(w.f.ledger, &bundle);
    ck_assert_int_eq(judgement.status, 3);
    told_same(office_name(w.office), "the recorder", &breaches, "verify", &judgement.breaches);
    judgement_free(&judgement);
    judgement = judge_python_next(python);
    ck_assert_int_eq(judgement.status, 3);
    told_same(office_name(w.office), "the recorder", &breaches, "the Python reader", &judgement.breaches);
    judgement_free(&judgement);
    judge_python_end(python);
    printf("  %zu accepted, %zu as deviations alone with %zu breaches, %zu contradictions, %zu impossible (an item is no container)\n",
           tally.fates[FATE_CLEAN], tally.fates[FATE_DEVIATION], breaches.count, tally.fates[FATE_CONTRADICTION], tally.fates[FATE_IMPOSSIBLE]);
    told_free(&breaches);
    buffer_free(&bundle);
    walk_close(&w);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("walk");
    TCase *tcase = tcase_create("walk");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 600);
    tcase_add_loop_test(tcase, recorder_and_verifiers_agree, OFFICE_REGISTRAR, OFFICE_COUNT);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
