/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk_acts: one act of each kind, with everything that the table of acts says it must state, taken from the table itself; what the thing's
 * state makes of it is for the recorder and the verifiers to say.
 */
#include "tests/ledger/fixture.c"

#include "tests/walk/walk.h"

enum { PIECES = 10, NET_MG = 500000, SAMPLE_MG = 1000 };

/* variant: of pack and unpack, 1: the thing is the container; of sample and split, 1: the thing is the child; of animal the code, and 5 a death with carcass. */
enum { CARCASS = 5 };

static const struct trial trials[] = {
    {KIND_VOID, 0, AUX_NONE}, {KIND_REGISTER, 0, AUX_NONE}, {KIND_MOVE, 0, AUX_NONE},
    {KIND_PACK, 0, AUX_BOX}, {KIND_PACK, 1, AUX_ITEM}, {KIND_UNPACK, 0, AUX_BOX}, {KIND_UNPACK, 1, AUX_ITEM},
    {KIND_SEAL, 0, AUX_NONE}, {KIND_UNSEAL, 0, AUX_NONE}, {KIND_RESEAL, 0, AUX_NONE},
    {KIND_RELEASE, 0, AUX_NONE}, {KIND_ACCEPT, 1, AUX_NONE}, {KIND_ACCEPT, 2, AUX_NONE}, {KIND_REFUSE, 0, AUX_NONE}, {KIND_WITHDRAW, 0, AUX_NONE},
    {KIND_HANDOUT, 0, AUX_NONE}, {KIND_TAKEBACK, 0, AUX_NONE}, {KIND_SHELVE, 0, AUX_NONE}, {KIND_STOCKTAKE, 0, AUX_NONE},
    {KIND_WEIGH, 0, AUX_NONE}, {KIND_EXAMINE, 0, AUX_NONE}, {KIND_IDENTIFY, 0, AUX_NONE},
    {KIND_SAMPLE, 0, AUX_UNUSED}, {KIND_SAMPLE, 1, AUX_ITEM}, {KIND_SPLIT, 0, AUX_UNUSED}, {KIND_SPLIT, 1, AUX_ITEM},
    {KIND_ANIMAL, 1, AUX_NONE}, {KIND_ANIMAL, 2, AUX_NONE}, {KIND_ANIMAL, 3, AUX_NONE}, {KIND_ANIMAL, 4, AUX_NONE},
    {KIND_ANIMAL, CARCASS, AUX_UNUSED}, {KIND_CONSUME, 0, AUX_NONE}, {KIND_DISPOSE, 0, AUX_NONE},
    {KIND_ATTACH, 0, AUX_NONE}, {KIND_NOTE, 0, AUX_NONE}, {KIND_LABEL, 0, AUX_NONE}, {KIND_DISCLOSE, 0, AUX_NONE},
    {KIND_CORRECT, 0, AUX_NONE}, {KIND_SAME_AS, 0, AUX_UNUSED}, {KIND_LODGE, 0, AUX_NONE}, {KIND_ADOPT, 0, AUX_NONE},
    {KIND_ORDER, 0, AUX_NONE}, {KIND_ERASE, 0, AUX_NONE},
};

const struct trial *walk_trials(size_t *count)
{
    *count = sizeof trials / sizeof trials[0];
    return trials;
}

const struct trial *walk_trial_of(size_t i, enum walk_set *set)
{
    if (set != NULL) {
        *set = (enum walk_set)(i % SET_COUNT);
    }
    return &trials[i / SET_COUNT];
}

const char *walk_state_name(enum walk_state state)
{
    static const char *const names[STATE_COUNT] = {
        "unused", "unused container", "held by the signer", "held by another", "sealed", "in transit to the signer", "in transit to his office",
        "in transit to a place", "in transit to another", "in transit from the signer", "out", "out by another", "closed", "void", "packed",
        "packed by another", "container with contents", "sealed container with contents"};

    return names[state];
}

const char *walk_set_name(enum walk_set set)
{
    static const char *const names[SET_COUNT] = {"alone", "with one of his office", "with one of another office", "with three",
                                                 "behind one of his office"};

    return names[set];
}

const char *walk_impossible(const struct trial *trial, enum walk_state state)
{
    bool into = (trial->kind == KIND_PACK || trial->kind == KIND_UNPACK) && trial->variant == 1;

    return into && !group_is_box(state) ? "an item is no container: the act would be malformed" : NULL;
}

/* ---- what must be stated ---------------------------------------------------------------------- */

static void state_payload(struct walk *w, const struct group *group, size_t i, struct making *making)
{
    const struct trial *trial = walk_trial_of(i, NULL);
    const struct act_rule *rule = act_rule(trial->kind);
    struct act *act = making->act;

    act->present |= rule->must_payload;
    act->code = trial->kind == KIND_ANIMAL ? (trial->variant == CARCASS ? 3 : trial->variant) : trial->kind == KIND_ACCEPT ? trial->variant : 1;
    act->to = (struct party){.has_person = true, .person = CUSTODIAN};
    act->from = (struct party){.has_person = true, .person = walk_first(w).person};
    act->place = w->place;
    act->amends_index = group->amended;
    act->amends_hash = group->amended_hash;
    act->answers = group->released;
    if (group->orphans[i].act.len > 0) {
        act_id(w->f.hasher, buffer_view(&group->orphans[i].draft.payload), &act->answers);
    }
}

static void state_details(const struct group *group, size_t i, struct making *making)
{
    const struct trial *trial = walk_trial_of(i, NULL);
    const struct act_rule *rule = act_rule(trial->kind);
    uint64_t where = trial->kind == KIND_CORRECT ? group->first + i : NOTHING;

    for (size_t j = 0; j < ACT_DETAILS && rule->must_details[j] != 0; j++) {
        const struct detail_name *name = detail_by_number(rule->must_details[j]);
        struct value value = {.type = VALUE_BYTES};

        if (name->type == DETAIL_FILE) {
            composer_file(making->composer, where, name->number, view_text("a page of paper"), "text/plain");
        } else if (name->type == DETAIL_BYTES) {
            value.text = group->orphans[i].submission.act;
            composer_detail(making->composer, where, name->number, &value);
        } else {
            composer_text(making->composer, where, name->number, "as it was");
        }
    }
    if (trial->kind == KIND_ANIMAL && trial->variant == 4) {
        composer_text(making->composer, where, NAME_ORDER, "to be set free");
    }
}

/* Facts of the thing as subject of the act: what it must state, and what it may and is compared with the state. */
static void state_facts(struct walk *w, const struct group *group, const struct trial *trial, struct facts *facts, enum subject_type type)
{
    const struct act_rule *rule = act_rule(trial->kind);
    bool sealed = group_is_sealed(group->state);

    facts->present = rule->must_facts | (rule->may_facts & (BIT(FACT_FOUND) | (type == TYPE_ITEM ? BIT(FACT_PIECES) : 0)));
    if (trial->kind == KIND_ANIMAL) {
        facts->present = trial->variant == 1 ? 0 : BIT(FACT_PIECES);
    }
    facts->of_case = w->cases[trial->kind == KIND_MOVE ? 1 : 0];
    facts->pieces = trial->kind == KIND_ANIMAL ? 1 : PIECES;
    facts->net_mg = NET_MG;
    facts->found = buffer_view(sealed ? &w->seals : &w->no_seals);
    facts->removed = buffer_view(&w->seals);
    facts->put_on = buffer_view(&w->other_seals);
    facts->outcome = 1;
    facts->print = 1;
    facts->names = buffer_view(&w->names);
}

/* ---- entries ---------------------------------------------------------------------------------- */

static void add_parts(struct walk *w, struct making *making, uint64_t parent, uint64_t child, bool split)
{
    struct facts *facts = &composer_entry(making->composer, parent, ROLE_PARENT)->facts;

    facts->present = BIT(FACT_GROSS) | BIT(FACT_TARE) | BIT(FACT_NET) | (split ? BIT(FACT_PIECES) : 0);
    facts->gross_mg = NET_MG;
    facts->net_mg = NET_MG - SAMPLE_MG;
    facts->pieces = PIECES - 1;
    facts = &composer_entry(making->composer, child, ROLE_CHILD)->facts;
    facts->present = BIT(FACT_NET) | (split ? BIT(FACT_PIECES) : 0);
    facts->net_mg = SAMPLE_MG;
    facts->pieces = 1;
    (void)composer_entry(making->composer, w->cases[0], ROLE_CASE);
}

/* The aux thing of trial i: those of one sort are dealt out in the order of the trials. */
static uint64_t aux_of(const struct group *group, size_t i)
{
    enum walk_aux aux = walk_trial_of(i, NULL)->aux;
    uint64_t number = group->aux[aux];

    for (size_t j = 0; j < i; j++) {
        number += walk_trial_of(j, NULL)->aux == aux ? 1 : 0;
    }
    return number;
}

static void add_entries(struct walk *w, const struct group *group, size_t i, struct making *making)
{
    const struct trial *trial = walk_trial_of(i, NULL);
    uint64_t thing = group->first + i;
    uint64_t aux = aux_of(group, i);
    uint64_t inner = group->inner == 0 ? aux : group->inner + i;
    bool packing = trial->kind == KIND_PACK || trial->kind == KIND_UNPACK;
    bool packed = group->state == STATE_PACKED || group->state == STATE_PACKED_BY_OTHER;
    struct entry *entry;

    if (trial->kind == KIND_SAMPLE || trial->kind == KIND_SPLIT) {
        add_parts(w, making, trial->variant == 0 ? thing : aux, trial->variant == 0 ? aux : thing, trial->kind == KIND_SPLIT);
        return;
    }
    if (packing && trial->variant == 1) {
        (void)composer_entry(making->composer, thing, ROLE_CONTAINER);
        (void)composer_entry(making->composer, trial->kind == KIND_PACK ? aux : inner, ROLE_SUBJECT);
        return;
    }
    entry = composer_entry(making->composer, thing, ROLE_SUBJECT);
    state_facts(w, group, trial, &entry->facts, group_is_box(group->state) ? TYPE_CONTAINER : TYPE_ITEM);
    if (packing) {
        (void)composer_entry(making->composer, trial->kind == KIND_UNPACK && packed ? inner : aux, ROLE_CONTAINER);
    } else if (trial->kind == KIND_SAME_AS) {
        (void)composer_entry(making->composer, aux, ROLE_SUBJECT);
    } else if (trial->kind == KIND_ANIMAL && trial->variant == CARCASS) {
        entry = composer_entry(making->composer, aux, ROLE_CHILD);
        entry->facts.present = BIT(FACT_PIECES);
        entry->facts.pieces = 1;
    } else if (trial->kind == KIND_REGISTER || trial->kind == KIND_CONSUME || trial->kind == KIND_DISPOSE) {
        (void)composer_entry(making->composer, w->cases[0], ROLE_CASE);
    } else if (trial->kind == KIND_MOVE) {
        (void)composer_entry(making->composer, w->cases[1], ROLE_CASE);
        (void)composer_entry(making->composer, w->cases[0], ROLE_FORMER_CASE);
    }
}

struct signed_act walk_act(struct walk *w, const struct group *group, size_t i, bool deviation)
{
    enum walk_set set;
    struct making making = making_open(&w->f, walk_trial_of(i, &set)->kind);
    struct who signers[4];
    size_t count = walk_signers(w, set, signers);

    add_entries(w, group, i, &making);
    state_payload(w, group, i, &making);
    state_details(group, i, &making);
    if (deviation) {
        making.act->present |= BIT(PAY_DEVIATION);
        composer_text(making.composer, NOTHING, NAME_REMARKS, "as it had to be");
    }
    for (size_t j = 0; j < count; j++) {
        making_signer(&making, signers[j].person, 1, signers[j].office);
    }
    return making_sign(&w->f, &making);
}
