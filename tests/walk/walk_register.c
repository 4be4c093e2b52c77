/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk_register: the acts that are on no thing: the register of people, places, cases, the ledger itself; and what may be done to any subject,
 * done to these. The state of a thing has no part in them: offices and signers alone are walked.
 */
#include "tests/ledger/fixture.c"

#include "tests/walk/walk.h"

enum target { TARGET_LEDGER, TARGET_PERSON, TARGET_PLACE, TARGET_CASE, TARGET_NEW, TARGET_OWN };

static const struct {
    enum kind kind;
    enum target target;
    enum subject_type type; /* that is opened */
} acts[] = {
    {KIND_ENROL, TARGET_NEW, TYPE_PERSON}, {KIND_APPOINT, TARGET_OWN, 0}, {KIND_END, TARGET_OWN, 0}, {KIND_REKEY, TARGET_OWN, 0},
    {KIND_REVOKE, TARGET_OWN, 0}, {KIND_STATION_KEY, TARGET_LEDGER, 0}, {KIND_CLOCK, TARGET_LEDGER, 0}, {KIND_PLACE, TARGET_NEW, TYPE_PLACE},
    {KIND_OPEN_CASE, TARGET_NEW, TYPE_CASE}, {KIND_ALLOT, TARGET_NEW, TYPE_ITEM}, {KIND_ALLOT, TARGET_NEW, TYPE_CONTAINER},
    {KIND_SEIZE, TARGET_CASE, 0},
    {KIND_ATTACH, TARGET_LEDGER, 0}, {KIND_ATTACH, TARGET_PERSON, 0}, {KIND_ATTACH, TARGET_PLACE, 0}, {KIND_ATTACH, TARGET_CASE, 0},
    {KIND_NOTE, TARGET_LEDGER, 0}, {KIND_NOTE, TARGET_PERSON, 0}, {KIND_NOTE, TARGET_PLACE, 0}, {KIND_NOTE, TARGET_CASE, 0},
    {KIND_DISCLOSE, TARGET_LEDGER, 0}, {KIND_DISCLOSE, TARGET_PERSON, 0}, {KIND_DISCLOSE, TARGET_PLACE, 0}, {KIND_DISCLOSE, TARGET_CASE, 0},
    {KIND_CORRECT, TARGET_LEDGER, 0}, {KIND_CORRECT, TARGET_PERSON, 0}, {KIND_CORRECT, TARGET_PLACE, 0}, {KIND_CORRECT, TARGET_CASE, 0},
    {KIND_ORDER, TARGET_LEDGER, 0}, {KIND_ORDER, TARGET_PERSON, 0}, {KIND_ORDER, TARGET_PLACE, 0}, {KIND_ORDER, TARGET_CASE, 0},
    {KIND_ERASE, TARGET_LEDGER, 0}, {KIND_ERASE, TARGET_PERSON, 0}, {KIND_ERASE, TARGET_PLACE, 0}, {KIND_ERASE, TARGET_CASE, 0},
};

size_t register_count(void)
{
    return sizeof acts / sizeof acts[0] * SET_COUNT;
}

enum kind register_kind(size_t i, enum walk_set *set)
{
    *set = (enum walk_set)(i % SET_COUNT);
    return acts[i / SET_COUNT].kind;
}

bool register_has_own(size_t i)
{
    return acts[i / SET_COUNT].target == TARGET_OWN;
}

/* What the next opening act opens. */
static uint64_t next_number(struct walk *w)
{
    struct ledger_txn *txn = NULL;
    uint64_t number;

    if (w->txn != NULL) {
        return ledger_subjects(w->txn);
    }
    OK(ledger_begin(w->f.ledger, false, &txn, FAULT));
    number = ledger_subjects(txn);
    ledger_abort(txn);
    return number;
}

/* The target and a record that touches it. */
static uint64_t target_of(struct walk *w, size_t i, uint64_t own, uint64_t *record)
{
    switch (acts[i / SET_COUNT].target) {
    case TARGET_LEDGER: *record = 0; return 0;
    case TARGET_PERSON: *record = 1; return CUSTODIAN;
    case TARGET_PLACE: *record = w->place_record; return w->place;
    case TARGET_CASE: *record = w->case_record; return w->cases[0];
    case TARGET_OWN: return own;
    default: return next_number(w);
    }
}

static void amend(struct walk *w, uint64_t record, struct act *act)
{
    struct ledger_txn *txn = NULL;
    struct view bytes;

    OK(ledger_begin(w->f.ledger, false, &txn, FAULT));
    OK(ledger_record(txn, record, &bytes, FAULT));
    hash_leaf(w->f.hasher, bytes, &act->amends_hash);
    act->amends_index = record;
    ledger_abort(txn);
}

static void state_facts(struct walk *w, size_t i, uint64_t subject, struct facts *facts)
{
    enum kind kind = acts[i / SET_COUNT].kind;

    facts->present = act_rule(kind)->must_facts;
    facts->type = acts[i / SET_COUNT].type;
    facts->office = OFFICE_EXPERT;
    facts->names = buffer_view(&w->names);
    /* The key that is in force: the walk goes on with it. */
    memcpy(facts->station, ledger_identity(w->f.ledger)->keys[0].key, sizeof facts->station);
    if ((facts->present & BIT(FACT_KEY)) != 0) {
        if (w->f.people[subject] == NULL) {
            fixture_person(&w->f, subject);
        }
        facts->key = *secret_public(w->f.people[subject]);
    }
}

struct signed_act register_act(struct walk *w, size_t i, uint64_t own, bool deviation)
{
    enum walk_set set;
    enum kind kind = register_kind(i, &set);
    const struct act_rule *rule = act_rule(kind);
    struct making making = making_open(&w->f, kind);
    struct act *act = making.act;
    struct who signers[4];
    size_t count = walk_signers(w, set, signers);
    uint64_t record = 0;
    uint64_t subject = target_of(w, i, own, &record);

    act->present |= rule->must_payload | (deviation ? BIT(PAY_DEVIATION) : 0);
    act->clock_old_s = w->f.now_s;
    act->clock_new_s = w->f.now_s + 1;
    if ((rule->must_payload & BIT(PAY_AMENDS)) != 0) {
        amend(w, record, act);
    }
    state_facts(w, i, subject, &composer_entry(making.composer, subject, ROLE_SUBJECT)->facts);
    for (size_t j = 0; j < ACT_DETAILS && rule->must_details[j] != 0; j++) {
        if (detail_by_number(rule->must_details[j])->type == DETAIL_FILE) {
            composer_file(making.composer, subject, rule->must_details[j], view_text("a page of paper"), "text/plain");
        } else {
            composer_text(making.composer, subject, rule->must_details[j], "as it was");
        }
    }
    if (kind == KIND_SEIZE) {
        composer_text(making.composer, subject, NAME_OWNER, "the owner of the shop");
    }
    for (size_t j = 0; j < count; j++) {
        making_signer(&making, signers[j].person, 1, signers[j].office);
    }
    if (kind == KIND_ENROL || kind == KIND_REKEY) {
        making_signer(&making, subject, 0, 0);
    }
    return making_sign(&w->f, &making);
}
