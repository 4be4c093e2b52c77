/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asking: see the header.
 */
#include "tests/ledger/fixture.c"

#include "tests/walk/asking.h"

/* What the recorder says of one act. */
struct hearing {
    struct told_list *breaches;
    size_t count;                 /* of breaches, the deviation aside */
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

/* Asks the recorder in a transaction that is thrown away. */
static enum status ask(const struct asking *asking, size_t i, bool deviation, struct hearing *hearing, struct fault *fault)
{
    struct ledger_listener listener = {.report = hear, .context = hearing};
    struct walk *w = asking->w;
    struct signed_act act = asking->make(w, asking->context, i, deviation);
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

void asking_try(const struct asking *asking, size_t i, struct outcome *out)
{
    struct hearing plain = {0};
    struct hearing deviating = {0};
    struct fault fault;
    struct fault again;
    char what[256];

    asking->name(asking->w, asking->context, i, what);
    if (ask(asking, i, false, &plain, &fault) == STATUS_OK) {
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
    ck_assert_msg(ask(asking, i, true, &deviating, &again) != STATUS_OK, "%s: refused (%s), but as a deviation accepted without a breach",
                  what, fault.text);
    ck_assert_msg(strcmp(fault.text, again.text) == 0, "%s: refused: %s; as a deviation: %s", what, fault.text, again.text);
}

void asking_keep(const struct asking *asking, size_t i, const struct outcome *outcome, struct told_list *breaches)
{
    struct hearing hearing = {.breaches = breaches};
    struct ledger_listener listener = {.report = hear, .context = &hearing};
    struct walk *w = asking->w;
    struct signed_act act = asking->make(w, asking->context, i, outcome->fate == FATE_DEVIATION);
    uint64_t index;
    char what[256];

    asking->name(w, asking->context, i, what);
    w->f.now_s++;
    OK(ledger_append(w->txn, &act.submission, w->f.now_s, &listener, &index, FAULT));
    ck_assert_msg((hearing.count > 0) == (outcome->fate == FATE_DEVIATION), "%s: %zu breaches now", what, hearing.count);
    ck_assert_msg(strcmp(hearing.first, outcome->text) == 0, "%s: refused with: %s; kept with: %s", what, outcome->text, hearing.first);
    signed_free(&act);
}

void outcome_code(const struct outcome *outcome, char out[24])
{
    size_t len = strcspn(outcome->text, ":");

    ck_assert_uint_lt(len, 24);
    memcpy(out, outcome->text, len);
    out[len] = '\0';
}
