/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lives_plan: thinks up what somebody does next: mostly what the rules allow, now and then what they do not.
 */
#include "tests/walk/lives.h"

#include <check.h>
#include <string.h>

/* Of ten thousand acts, so many break a rule on purpose, and so many were signed before others that are logged already. */
enum { BROKEN = 2500, LATE = 1500 };

uint64_t lives_random(struct lives *l, uint64_t below)
{
    /* xorshift64* */
    l->seed ^= l->seed >> 12;
    l->seed ^= l->seed << 25;
    l->seed ^= l->seed >> 27;
    return (l->seed * UINT64_C(2685821657736338717) >> 33) % below;
}

static bool chance(struct lives *l, unsigned of_ten_thousand)
{
    return lives_random(l, 10000) < of_ten_thousand;
}

/* ---- people ----------------------------------------------------------------------------------- */

static unsigned office_of(uint64_t person)
{
    return person <= FOUNDERS ? OFFICE_REGISTRAR : person == CUSTODIAN ? OFFICE_CUSTODIAN : person == OFFICER ? OFFICE_OFFICER
           : OFFICE_OFFICER + (unsigned)(person - OFFICER - 1) / 2;
}

enum { PEOPLE = OFFICER + 14 };

static struct who who_is(uint64_t person)
{
    return (struct who){person, office_of(person)};
}

static struct who of_office(struct lives *l, unsigned office)
{
    struct who who;

    do {
        who = who_is(1 + lives_random(l, PEOPLE));
    } while (who.office != office);
    return who;
}

static void sign_by(struct plan *plan, struct who who)
{
    plan->signers[plan->signer_count++] = who;
}

/* Another person; of another office, if that is asked for. */
static void sign_with(struct lives *l, struct plan *plan, bool other_office)
{
    struct who who;
    bool there;

    do {
        who = who_is(1 + lives_random(l, PEOPLE));
        there = false;
        for (size_t i = 0; i < plan->signer_count; i++) {
            there = there || plan->signers[i].person == who.person;
        }
    } while (there || (other_office && who.office == plan->signers[0].office));
    sign_by(plan, who);
}

/* ---- things ----------------------------------------------------------------------------------- */

static struct life *any(struct lives *l, unsigned states, bool packed)
{
    for (int tries = 0; tries < 60 && l->count > 0; tries++) {
        struct life *life = &l->all[lives_random(l, l->count)];

        if ((states >> life->state & 1) != 0 && (packed || life->container == NOTHING)) {
            return life;
        }
    }
    return NULL;
}

static void add_thing(struct plan *plan, struct life *life)
{
    plan->things[plan->count] = life;
    plan->pieces[plan->count] = NOTHING;
    plan->found[plan->count++] = UNSTATED;
}

/* Further things that are as the first: in the same state, with the same person, of the same release. */
static void add_alike(struct lives *l, struct plan *plan)
{
    const struct life *first = plan->things[0];
    uint64_t wanted = 1 + lives_random(l, PLAN_THINGS);

    for (size_t i = 0; i < l->count && plan->count < wanted; i++) {
        struct life *life = &l->all[i];

        if (life != first && life->state == first->state && life->holder == first->holder && life->container == NOTHING &&
            life->opened == first->opened) {
            add_thing(plan, life);
        }
    }
}

static void state_things(struct plan *plan, bool pieces)
{
    for (size_t i = 0; i < plan->count; i++) {
        plan->found[i] = plan->things[i]->seal;
        plan->pieces[i] = pieces ? plan->things[i]->pieces : NOTHING;
    }
}

/* ---- one kind after the other; false: nothing fits --------------------------------------------- */

static bool plan_register(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << LIFE_UNUSED, false);

    if (life == NULL) {
        return false;
    }
    add_thing(plan, life);
    add_alike(l, plan);
    plan->of_case = l->w.cases[lives_random(l, 2)];
    for (size_t i = 0; i < plan->count; i++) {
        plan->pieces[i] = plan->things[i]->box ? NOTHING : 1 + lives_random(l, 200);
        plan->net_mg[i] = plan->things[i]->box ? NOTHING : 100000 + lives_random(l, 5000000);
    }
    sign_by(plan, of_office(l, OFFICE_OFFICER));
    return true;
}

static bool plan_release(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << LIFE_HELD, false);
    uint64_t to = 1 + lives_random(l, PEOPLE);

    if (life == NULL) {
        return false;
    }
    add_thing(plan, life);
    add_alike(l, plan);
    state_things(plan, true);
    switch (lives_random(l, 4)) {
    case 0: plan->to = (struct party){.has_office = true, .office = office_of(to)}; break;
    case 1: plan->to = (struct party){.has_place = true, .place = l->w.place}; break;
    case 2: plan->to = (struct party){.has_person = true, .person = to, .has_place = true, .place = l->w.place}; break;
    default: plan->to = (struct party){.has_person = true, .person = to}; break;
    }
    plan->code = 1 + lives_random(l, 9);
    plan->due_s = chance(l, 2500) ? l->w.f.now_s + 3600 + lives_random(l, 90 * 86400) : NOTHING;
    sign_by(plan, who_is(life->holder));
    return true;
}

static bool plan_answer(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << LIFE_TRANSIT, false);
    struct who receiver;

    if (life == NULL) {
        return false;
    }
    add_thing(plan, life);
    add_alike(l, plan);
    if (plan->kind == KIND_WITHDRAW) {
        sign_by(plan, who_is(life->by));
        sign_with(l, plan, true);
        plan->code = 1;
        return life->by == life->holder;
    }
    receiver = life->to.has_person ? who_is(life->to.person) : of_office(l, life->to.has_office ? (unsigned)life->to.office : OFFICE_CUSTODIAN);
    if (receiver.person == life->by) {
        return false;
    }
    state_things(plan, true);
    plan->code = 1 + lives_random(l, 3);
    plan->place = plan->kind == KIND_ACCEPT && chance(l, 3000) ? l->w.place : NOTHING;
    sign_by(plan, receiver);
    return true;
}

static bool plan_out(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << (plan->kind == KIND_HANDOUT ? LIFE_HELD : LIFE_OUT), false);

    if (life == NULL) {
        return false;
    }
    add_thing(plan, life);
    add_alike(l, plan);
    state_things(plan, true);
    plan->code = 3;
    plan->due_s = plan->kind == KIND_HANDOUT && chance(l, 3000) ? l->w.f.now_s + lives_random(l, 90 * 86400) : NOTHING;
    sign_by(plan, who_is(life->holder));
    sign_with(l, plan, false);
    return true;
}

static bool plan_seal(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << LIFE_HELD, false);

    if (life == NULL || (plan->kind == KIND_SEAL) != (life->seal == 0)) {
        return false;
    }
    add_thing(plan, life);
    plan->found[0] = life->seal;
    plan->removed = life->seal;
    plan->put_on = plan->kind == KIND_UNSEAL ? 0 : ++l->seals;
    plan->code = 1;
    sign_by(plan, who_is(life->holder));
    sign_with(l, plan, false);
    return true;
}

static bool plan_packing(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << LIFE_HELD, true);

    if (life == NULL || (plan->kind == KIND_UNPACK) != (life->container != NOTHING)) {
        return false;
    }
    for (size_t i = 0; i < l->count && plan->box == NULL; i++) {
        struct life *box = &l->all[(i + life->number) % l->count];
        bool fits = plan->kind == KIND_UNPACK ? box->number == life->container
                                              : box->box && box != life && box->container == NOTHING && box->state == LIFE_HELD &&
                                                    box->seal == 0 && box->holder == life->holder && box->levels + life->levels <= 3;
        plan->box = fits ? box : NULL;
    }
    /* Nothing is taken out of what is sealed or away, and not out of what is itself packed. */
    if (plan->box == NULL || plan->box->seal != 0 || plan->box->state != LIFE_HELD || (plan->box->container != NOTHING)) {
        return false;
    }
    add_thing(plan, life);
    sign_by(plan, who_is(plan->box->holder));
    return true;
}

static bool plan_alone(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << LIFE_HELD, false);

    if (life == NULL) {
        return false;
    }
    add_thing(plan, life);
    sign_by(plan, who_is(life->holder));
    plan->place = l->w.place;
    if (plan->kind == KIND_SHELVE) {
        return plan->signers[0].office == OFFICE_CUSTODIAN;
    }
    if (plan->kind == KIND_WEIGH) {
        uint64_t last = life->net_mg == NOTHING ? 70000 : life->net_mg;

        plan->explained = chance(l, 2000);
        plan->net_mg[0] = plan->explained ? last / 2 : last - last / 200;
    }
    return true;
}

static bool plan_stocktake(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, ~0u, false);
    struct who counter = who_is(1 + lives_random(l, PEOPLE));

    if (life == NULL || (life->chain >> counter.person & 1) != 0 || life->holder == counter.person) {
        return false;
    }
    add_thing(plan, life);
    plan->found[0] = chance(l, 5000) ? life->seal : UNSTATED;
    plan->pieces[0] = chance(l, 5000) ? life->pieces : NOTHING;
    plan->outcome = 1 + lives_random(l, 4);
    plan->place = l->w.place;
    sign_by(plan, counter);
    do {
        plan->signers[1] = of_office(l, OFFICE_CUSTODIAN);
    } while (plan->signers[1].person == counter.person);
    plan->signer_count = 2;
    return true;
}

static bool plan_parts(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << LIFE_HELD, false);
    struct life *child = any(l, 1u << LIFE_UNUSED, false);

    if (life == NULL || child == NULL || life->box || child->box || life->net_mg == NOTHING || life->net_mg < 1000 || life->pieces == NOTHING ||
        life->pieces < 2 || (plan->kind == KIND_SAMPLE && office_of(life->holder) != OFFICE_EXPERT && office_of(life->holder) != OFFICE_OFFICER)) {
        return false;
    }
    add_thing(plan, life);
    plan->child = child;
    plan->of_case = life->of_case;
    plan->gross_mg = life->net_mg;
    plan->tare_mg = lives_random(l, 10);
    plan->child_mg = lives_random(l, life->net_mg / 2);
    plan->net_mg[0] = plan->gross_mg - plan->tare_mg - plan->child_mg;
    plan->child_pieces = 1 + (plan->kind == KIND_SPLIT ? lives_random(l, life->pieces - 1) : 0);
    plan->pieces[0] = life->pieces - plan->child_pieces;
    sign_by(plan, who_is(life->holder));
    if (plan->kind == KIND_SAMPLE) {
        sign_with(l, plan, false);
    }
    return true;
}

static bool plan_animal(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << LIFE_HELD, false);

    if (life == NULL || life->box || life->pieces == NOTHING || life->pieces == 0) {
        return false;
    }
    add_thing(plan, life);
    plan->code = 1 + lives_random(l, 4);
    plan->pieces[0] = plan->code == 1 ? NOTHING : 1 + lives_random(l, life->pieces);
    sign_by(plan, chance(l, 5000) ? who_is(life->holder) : of_office(l, OFFICE_CARER));
    return true;
}

static bool plan_ending(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << (plan->kind == KIND_VOID ? LIFE_UNUSED : LIFE_HELD), false);

    if (life == NULL || life->contents > 0 || chance(l, 5000)) {
        return false;
    }
    add_thing(plan, life);
    plan->code = 1;
    sign_by(plan, plan->kind == KIND_VOID ? of_office(l, OFFICE_CUSTODIAN) : who_is(life->holder));
    sign_with(l, plan, true);
    if (plan->kind == KIND_DISPOSE) {
        struct who judge = of_office(l, OFFICE_COURT);

        state_things(plan, true);
        if (judge.person == plan->signers[0].person || judge.person == plan->signers[1].person) {
            return false;
        }
        sign_by(plan, judge);
    }
    return true;
}

static bool plan_paper(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, ~0u, plan->kind != KIND_LODGE);

    if (life == NULL || (plan->kind == KIND_LABEL && life->state == LIFE_CLOSED)) {
        return false;
    }
    add_thing(plan, life);
    plan->print = life->prints + 1;
    plan->with_remarks = chance(l, 5000);
    plan->code = 1;
    if (plan->kind == KIND_IDENTIFY || plan->kind == KIND_ORDER) {
        sign_by(plan, of_office(l, plan->kind == KIND_IDENTIFY ? OFFICE_EXPERT : OFFICE_PROSECUTOR));
        return true;
    }
    if (plan->kind == KIND_CORRECT) {
        if (life->noted == NOTHING) {
            return false;
        }
        sign_by(plan, life->noter);
        sign_with(l, plan, true);
        return true;
    }
    sign_by(plan, who_is(1 + lives_random(l, PEOPLE)));
    if (plan->kind == KIND_SAME_AS) {
        plan->child = any(l, ~0u, true);
        sign_with(l, plan, true);
        /* Seldom: what is the same as another brings it into every bundle. */
        return plan->child != NULL && plan->child != life && chance(l, 1000);
    }
    return true;
}

static bool plan_move(struct lives *l, struct plan *plan)
{
    struct life *life = any(l, 1u << LIFE_HELD | 1u << LIFE_TRANSIT | 1u << LIFE_OUT, false);

    if (life == NULL) {
        return false;
    }
    add_thing(plan, life);
    plan->former = life->of_case;
    plan->of_case = l->w.cases[life->of_case == l->w.cases[0] ? 1 : 0];
    sign_by(plan, of_office(l, OFFICE_PROSECUTOR));
    return true;
}

/* A release that is kept back is lodged later, and adopted later still. */
static bool plan_orphan(struct lives *l, struct plan *plan)
{
    for (size_t i = 0; i < ORPHANS; i++) {
        struct orphan *orphan = &l->orphans[i];

        if (!orphan->used || orphan->lodged != (plan->kind == KIND_ADOPT) || orphan->life->container != NOTHING ||
            (plan->kind == KIND_ADOPT && orphan->life->state == LIFE_CLOSED)) {
            continue;
        }
        add_thing(plan, orphan->life);
        plan->orphan = &orphan->act;
        plan->orphan_slot = i;
        sign_by(plan, of_office(l, OFFICE_CUSTODIAN));
        if (plan->kind == KIND_ADOPT) {
            sign_with(l, plan, true);
        }
        return true;
    }
    return false;
}

/* ---- breaking rules ---------------------------------------------------------------------------- */

static bool by_holder(enum kind kind)
{
    return kind == KIND_RELEASE || kind == KIND_WEIGH || kind == KIND_EXAMINE || kind == KIND_SEAL || kind == KIND_HANDOUT ||
           kind == KIND_TAKEBACK || kind == KIND_CONSUME;
}

static bool by_two(enum kind kind)
{
    return by_holder(kind) ? kind != KIND_RELEASE && kind != KIND_WEIGH && kind != KIND_EXAMINE
                           : kind == KIND_UNSEAL || kind == KIND_RESEAL || kind == KIND_WITHDRAW || kind == KIND_SAMPLE || kind == KIND_VOID;
}

/* Somebody who has nothing to do with it signs in the place of the first. */
static void break_signer(struct lives *l, struct plan *plan)
{
    struct who stranger = who_is(1 + lives_random(l, PEOPLE));

    for (size_t i = 0; i < plan->signer_count; i++) {
        if (plan->signers[i].person == stranger.person) {
            return;
        }
    }
    plan->signers[0] = stranger;
    plan->wrong_signers = true;
}

static void break_rules(struct lives *l, struct plan *plan)
{
    switch (lives_random(l, 8)) {
    case 0: case 1:
        if (by_holder(plan->kind)) {
            break_signer(l, plan);
        }
        break;
    case 2:
        if (by_two(plan->kind)) {
            plan->signer_count = 1;
            plan->missing_signer = true;
        }
        break;
    case 3:
        /* One lost, or one too many. */
        if (plan->kind != KIND_ANIMAL && plan->pieces[0] != NOTHING) {
            plan->pieces[0] = plan->pieces[0] > 0 && chance(l, 5000) ? plan->pieces[0] - 1 : plan->pieces[0] + 1;
        }
        break;
    case 4:
        /* The model knows one seal on a thing at a time. */
        plan->found[0] = plan->found[0] != UNSTATED && plan->kind != KIND_SEAL && plan->kind != KIND_RESEAL ? ++l->seals : plan->found[0];
        break;
    case 5:
        plan->found[0] = plan->kind == KIND_UNSEAL || plan->kind == KIND_RESEAL ? plan->found[0] : UNSTATED;
        break;
    case 6:
        if (plan->kind == KIND_WEIGH || plan->kind == KIND_SAMPLE || plan->kind == KIND_SPLIT) {
            uint64_t off_mg = plan->net_mg[0] / 10;

            plan->net_mg[0] = chance(l, 5000) ? plan->net_mg[0] - off_mg : plan->net_mg[0] + off_mg;
        }
        break;
    default:
        plan->print += plan->kind == KIND_LABEL ? 1 : 0;
        if (plan->kind == KIND_WEIGH || plan->kind == KIND_EXAMINE) {
            struct life *away = any(l, ~(1u << LIFE_UNUSED), true);

            /* What is away, closed or packed. */
            plan->things[0] = away != NULL && away->holder != NOTHING ? away : plan->things[0];
            plan->net_mg[0] = plan->things[0]->net_mg == NOTHING ? 5000 : plan->things[0]->net_mg;
            plan->signers[0] = who_is(model_holder(l, plan->things[0]));
        }
        break;
    }
}

static bool plan_kind(struct lives *l, struct plan *plan)
{
    switch (plan->kind) {
    case KIND_REGISTER: return plan_register(l, plan);
    case KIND_RELEASE: return plan_release(l, plan);
    case KIND_ACCEPT: case KIND_REFUSE: case KIND_WITHDRAW: return plan_answer(l, plan);
    case KIND_HANDOUT: case KIND_TAKEBACK: return plan_out(l, plan);
    case KIND_SEAL: case KIND_UNSEAL: case KIND_RESEAL: return plan_seal(l, plan);
    case KIND_PACK: case KIND_UNPACK: return plan_packing(l, plan);
    case KIND_WEIGH: case KIND_EXAMINE: case KIND_SHELVE: return plan_alone(l, plan);
    case KIND_STOCKTAKE: return plan_stocktake(l, plan);
    case KIND_SAMPLE: case KIND_SPLIT: return plan_parts(l, plan);
    case KIND_ANIMAL: return plan_animal(l, plan);
    case KIND_VOID: case KIND_CONSUME: case KIND_DISPOSE: return plan_ending(l, plan);
    case KIND_MOVE: return plan_move(l, plan);
    case KIND_LODGE: case KIND_ADOPT: return plan_orphan(l, plan);
    default: return plan_paper(l, plan);
    }
}

bool lives_plan(struct lives *l, struct plan *out)
{
    /* As often as they stand here. */
    static const uint8_t kinds[] = {
        KIND_REGISTER, KIND_REGISTER, KIND_RELEASE, KIND_RELEASE, KIND_RELEASE, KIND_ACCEPT, KIND_ACCEPT, KIND_ACCEPT, KIND_ACCEPT,
        KIND_REFUSE, KIND_WITHDRAW, KIND_HANDOUT, KIND_TAKEBACK, KIND_TAKEBACK, KIND_SEAL, KIND_SEAL, KIND_UNSEAL, KIND_RESEAL,
        KIND_PACK, KIND_PACK, KIND_PACK, KIND_UNPACK, KIND_UNPACK, KIND_WEIGH, KIND_EXAMINE, KIND_SHELVE, KIND_SHELVE, KIND_STOCKTAKE, KIND_STOCKTAKE,
        KIND_SAMPLE, KIND_SAMPLE, KIND_SPLIT, KIND_SPLIT, KIND_ANIMAL, KIND_VOID, KIND_CONSUME, KIND_DISPOSE, KIND_MOVE, KIND_LODGE, KIND_ADOPT, KIND_LODGE, KIND_ADOPT,
        KIND_ATTACH, KIND_NOTE, KIND_NOTE, KIND_LABEL, KIND_DISCLOSE, KIND_CORRECT, KIND_SAME_AS, KIND_IDENTIFY, KIND_ORDER};
    uint64_t back;
    bool late;

    *out = (struct plan){.kind = (enum kind)kinds[lives_random(l, sizeof kinds)], .of_case = NOTHING, .former = NOTHING, .place = NOTHING,
                         .due_s = NOTHING};
    if (!plan_kind(l, out)) {
        return false;
    }
    if (chance(l, BROKEN)) {
        break_rules(l, out);
    }
    late = chance(l, LATE);
    back = late ? lives_random(l, SNAPSHOTS / 2) : 0;
    out->offline = late && chance(l, 7000);
    out->seen = l->seen[(l->seen_count - 1 - back) % SNAPSHOTS].size;
    out->seen_root = l->seen[(l->seen_count - 1 - back) % SNAPSHOTS].root;
    return true;
}
