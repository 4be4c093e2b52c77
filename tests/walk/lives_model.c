/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lives_model: what SPEC 7 makes of the acts of lives, written from SPEC for these acts alone.
 */
#include "tests/walk/lives.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERSON(who) (UINT64_C(1) << (who).person)

enum { DAYS_30_S = 2592000 };

struct life *model_find(const struct lives *l, uint64_t number)
{
    for (size_t i = 0; i < l->count; i++) {
        if (l->all[i].number == number) {
            return &l->all[i];
        }
    }
    return NULL;
}

struct life *model_new(struct lives *l, uint64_t number, bool box)
{
    ck_assert_uint_lt(l->count, LIVES_MAX);
    l->all[l->count] = (struct life){.number = number, .box = box, .levels = box ? 1 : 0, .holder = NOTHING, .place = NOTHING,
                                     .of_case = NOTHING, .pieces = NOTHING, .net_mg = NOTHING, .container = NOTHING, .missing = NOTHING,
                                     .opened = NOTHING, .due_s = NOTHING, .noted = NOTHING};
    return &l->all[l->count++];
}

const struct life *model_outer(const struct lives *l, const struct life *life)
{
    while (life->container != NOTHING) {
        life = model_find(l, life->container);
    }
    return life;
}

uint64_t model_holder(const struct lives *l, const struct life *life)
{
    return model_outer(l, life)->holder;
}

/* ---- breaches --------------------------------------------------------------------------------- */

struct bench {
    struct lives *l;
    const struct plan *plan;
    uint64_t record;
    struct told *out;
    size_t count;
};

static void tell(struct bench *bench, const char *code, uint64_t subject)
{
    struct told *one = &bench->out[bench->count];

    for (size_t i = 0; i < bench->count; i++) {
        if (bench->out[i].subject == subject && strcmp(bench->out[i].code, code) == 0) {
            return;
        }
    }
    ck_assert_uint_lt(bench->count, JUDGED_MAX);
    *one = (struct told){.record = bench->record, .subject = subject};
    (void)snprintf(one->code, sizeof one->code, "%s", code);
    bench->count++;
}

static bool moves(enum kind kind)
{
    return (kind >= KIND_PACK && kind <= KIND_UNPACK) || (kind >= KIND_RELEASE && kind <= KIND_TAKEBACK) || kind == KIND_SAMPLE ||
           kind == KIND_SPLIT || kind == KIND_CONSUME || kind == KIND_DISPOSE;
}

/* SPEC 6.7 */
static void judge_unseen(struct bench *bench, const struct life *life)
{
    const struct plan *plan = bench->plan;
    uint64_t signers = 0;

    if (!moves(plan->kind) || plan->offline) {
        return;
    }
    for (size_t i = 0; i < plan->signer_count; i++) {
        signers |= PERSON(plan->signers[i]);
    }
    for (size_t i = 0; i < life->touch_count && i < TOUCHES; i++) {
        if (life->touches[i].record >= plan->seen && (signers & ~life->touches[i].persons) != 0) {
            tell(bench, "unseen", life->number);
        }
    }
}

static unsigned before_of(enum kind kind)
{
    switch (kind) {
    case KIND_VOID: case KIND_REGISTER: return 1u << LIFE_UNUSED;
    case KIND_MOVE: return 1u << LIFE_HELD | 1u << LIFE_TRANSIT | 1u << LIFE_OUT;
    case KIND_ACCEPT: case KIND_REFUSE: case KIND_WITHDRAW: return 1u << LIFE_TRANSIT;
    case KIND_TAKEBACK: return 1u << LIFE_OUT;
    case KIND_LABEL: case KIND_ADOPT: return ~(1u << LIFE_CLOSED);
    case KIND_STOCKTAKE: case KIND_IDENTIFY: case KIND_ATTACH: case KIND_NOTE: case KIND_DISCLOSE: case KIND_CORRECT: case KIND_SAME_AS:
    case KIND_LODGE: case KIND_ORDER: return ~0u;
    default: return 1u << LIFE_HELD;
    }
}

static bool on_packed(enum kind kind)
{
    return kind == KIND_NOTE || kind == KIND_ATTACH || kind == KIND_CORRECT || kind == KIND_IDENTIFY || kind == KIND_UNPACK ||
           kind == KIND_DISCLOSE || kind == KIND_ORDER || kind == KIND_SAME_AS || kind == KIND_STOCKTAKE || kind == KIND_LABEL;
}

static bool states_seals(enum kind kind)
{
    return kind == KIND_RELEASE || kind == KIND_ACCEPT || kind == KIND_HANDOUT || kind == KIND_TAKEBACK || kind == KIND_DISPOSE;
}

static bool compares_pieces(enum kind kind)
{
    return states_seals(kind) || kind == KIND_REFUSE || kind == KIND_STOCKTAKE;
}

/* Against the last mass (SPEC 7.3.7). */
static void judge_mass(struct bench *bench, const struct life *life, uint64_t now_mg)
{
    uint64_t last_mg = life->net_mg;
    uint64_t off_mg = last_mg == NOTHING ? 0 : now_mg > last_mg ? now_mg - last_mg : last_mg - now_mg;

    if (off_mg > 1000 && off_mg * 50 > last_mg && !bench->plan->explained) {
        tell(bench, "mass", life->number);
    }
}

static void judge_parts(struct bench *bench)
{
    const struct plan *plan = bench->plan;
    const struct life *parent = plan->things[0];

    if (plan->child->state != LIFE_UNUSED) {
        tell(bench, "state", plan->child->number);
    }
    judge_unseen(bench, plan->child);
    if (plan->kind == KIND_SPLIT && parent->pieces != NOTHING && parent->pieces != plan->pieces[0] + plan->child_pieces) {
        tell(bench, "pieces", parent->number);
    }
    judge_mass(bench, parent, plan->gross_mg);
    if (plan->gross_mg != plan->net_mg[0] + plan->tare_mg + plan->child_mg) {
        tell(bench, "mass", parent->number);
    }
}

static void judge_packing(struct bench *bench, const struct life *life)
{
    const struct plan *plan = bench->plan;
    uint64_t holder = model_holder(bench->l, plan->box);

    judge_unseen(bench, plan->box);
    if (plan->box->seal != 0 || model_outer(bench->l, plan->box)->state != LIFE_HELD) {
        tell(bench, "container", plan->box->number);
    }
    if (plan->kind == KIND_PACK && holder != NOTHING && model_holder(bench->l, life) != holder) {
        tell(bench, "container", life->number);
    }
    if (plan->kind == KIND_UNPACK && life->container != plan->box->number) {
        tell(bench, "container", life->number);
    }
}

/* Seals and pieces as stated by an act of that kind, or by the orphan of that kind. */
static void judge_stated(struct bench *bench, const struct plan *plan, size_t i, const struct life *life)
{
    int on = plan->found[i] == UNSTATED ? life->seal : plan->found[i];

    if (plan->found[i] == UNSTATED && states_seals(plan->kind) && life->seal != 0) {
        tell(bench, "must-state", life->number);
    }
    if (on != life->seal || (plan->removed != 0 && plan->removed != on)) {
        tell(bench, "seal-differs", life->number);
    }
    if (compares_pieces(plan->kind) && plan->pieces[i] != NOTHING && life->pieces != NOTHING && plan->pieces[i] != life->pieces) {
        tell(bench, "pieces", life->number);
    }
}

static void judge_life(struct bench *bench, size_t i, uint64_t logged_s)
{
    const struct plan *plan = bench->plan;
    const struct life *life = plan->things[i];
    enum life_state state = model_outer(bench->l, life)->state;

    judge_unseen(bench, life);
    if ((before_of(plan->kind) >> state & 1) == 0) {
        tell(bench, "state", life->number);
    }
    if (life->container != NOTHING && !on_packed(plan->kind)) {
        tell(bench, "packed", life->number);
    }
    judge_stated(bench, plan, i, life);
    if ((plan->kind == KIND_ACCEPT && state == LIFE_TRANSIT && life->due_s < logged_s) ||
        (plan->kind == KIND_TAKEBACK && state == LIFE_OUT && life->due_s < logged_s)) {
        tell(bench, "overdue", life->number);
    }
    if (plan->kind == KIND_WEIGH) {
        judge_mass(bench, life, plan->net_mg[i]);
    }
    if (plan->kind == KIND_LABEL && plan->print != life->prints + 1) {
        tell(bench, "print", life->number);
    }
    if (plan->kind == KIND_PACK || plan->kind == KIND_UNPACK) {
        judge_packing(bench, life);
    }
    if (plan->kind == KIND_ADOPT) {
        const struct plan *orphan = &bench->l->orphans[plan->orphan_slot].plan;

        if (state != LIFE_HELD) {
            tell(bench, "state", life->number);
        }
        judge_stated(bench, orphan, 0, life);
    }
}

void model_judge(struct lives *l, const struct plan *plan, uint64_t record, uint64_t logged_s, struct told out[JUDGED_MAX], size_t *count)
{
    struct bench bench = {.l = l, .plan = plan, .record = record, .out = out};

    /* Whom nobody can take for a holder breaks the rule for each thing; who is missing, or of the same office, for the act (SPEC 7.3.17b). */
    if (plan->missing_signer || (plan->kind == KIND_CONSUME && plan->signers[1].office == plan->signers[0].office)) {
        tell(&bench, "signers-rule", NOTHING);
    }
    for (size_t i = 0; i < plan->count && plan->wrong_signers; i++) {
        tell(&bench, "signers-rule", plan->things[i]->number);
    }
    for (size_t i = 0; i < plan->count; i++) {
        judge_life(&bench, i, logged_s);
    }
    if (plan->kind == KIND_SAMPLE || plan->kind == KIND_SPLIT) {
        judge_parts(&bench);
    }
    *count = bench.count;
}

/* ---- effects ---------------------------------------------------------------------------------- */

static void touch(struct life *life, const struct plan *plan, uint64_t record)
{
    uint64_t persons = 0;

    for (size_t i = 0; i < plan->signer_count; i++) {
        persons |= PERSON(plan->signers[i]);
    }
    life->touches[life->touch_count++ % TOUCHES] = (struct touch){record, persons};
    if (plan->kind == KIND_REGISTER || plan->kind == KIND_RELEASE || plan->kind == KIND_ACCEPT || plan->kind == KIND_HANDOUT ||
        plan->kind == KIND_TAKEBACK || plan->kind == KIND_SHELVE) {
        life->chain |= persons;
    }
}

static void open_release(struct life *life, const struct plan *plan, uint64_t record, uint64_t logged_s, const struct hash *id)
{
    life->state = plan->kind == KIND_HANDOUT ? LIFE_OUT : LIFE_TRANSIT;
    life->opened = record;
    life->opened_s = logged_s;
    life->due_s = plan->due_s;
    life->by = plan->signers[0].person;
    life->to = plan->kind == KIND_HANDOUT ? (struct party){0} : plan->to;
    life->release = *id;
}

static void receive(struct life *life, const struct plan *plan)
{
    life->state = LIFE_HELD;
    life->opened = NOTHING;
    life->holder = plan->signers[0].person;
    life->place = plan->place != NOTHING ? plan->place : plan->kind == KIND_ACCEPT && life->to.has_place ? life->to.place : NOTHING;
    life->missing = plan->kind == KIND_ACCEPT && plan->code == 1 ? NOTHING : life->missing;
}

static void apply_packing(struct lives *l, const struct plan *plan, struct life *life)
{
    if (plan->kind == KIND_PACK) {
        life->container = plan->box->number;
        plan->box->contents++;
        plan->box->levels = plan->box->levels > life->levels + 1 ? plan->box->levels : life->levels + 1;
        return;
    }
    life->holder = model_holder(l, plan->box);
    life->place = plan->box->place;
    life->container = NOTHING;
    plan->box->contents--;
}

static void apply_animal(struct life *life, const struct plan *plan)
{
    uint64_t before = life->pieces;

    if (plan->code == 2) {
        life->pieces = before + plan->pieces[0];
    } else if (plan->code == 4) {
        life->pieces = before - plan->pieces[0];
        life->state = life->pieces == 0 ? LIFE_CLOSED : life->state;
    }
}

static void apply_stated(struct life *life, const struct plan *plan, size_t i)
{
    life->seal = plan->found[i] == UNSTATED ? life->seal : plan->found[i];
    if (plan->kind == KIND_SEAL || plan->kind == KIND_UNSEAL || plan->kind == KIND_RESEAL) {
        life->seal = plan->removed == life->seal ? plan->put_on : life->seal;
    }
    if (compares_pieces(plan->kind) && plan->pieces[i] != NOTHING) {
        life->pieces = plan->pieces[i];
    }
}

static void apply_life(struct lives *l, const struct plan *plan, size_t i, uint64_t record, uint64_t logged_s, const struct hash *id)
{
    struct life *life = plan->things[i];

    apply_stated(life, plan, i);
    switch (plan->kind) {
    case KIND_REGISTER:
        life->state = LIFE_HELD;
        life->holder = plan->signers[0].person;
        life->of_case = plan->of_case;
        life->pieces = plan->pieces[i];
        life->net_mg = plan->net_mg[i];
        break;
    case KIND_RELEASE: case KIND_HANDOUT: open_release(life, plan, record, logged_s, id); break;
    case KIND_ACCEPT: case KIND_TAKEBACK: receive(life, plan); break;
    case KIND_REFUSE: case KIND_WITHDRAW: life->state = LIFE_HELD; life->opened = NOTHING; break;
    case KIND_SHELVE: life->place = plan->place; break;
    case KIND_STOCKTAKE: life->missing = plan->outcome == 3 ? record : NOTHING; break;
    case KIND_WEIGH: life->net_mg = plan->net_mg[i]; break;
    case KIND_ANIMAL: apply_animal(life, plan); break;
    case KIND_MOVE: life->of_case = plan->of_case; break;
    case KIND_PACK: case KIND_UNPACK: apply_packing(l, plan, life); break;
    case KIND_VOID: case KIND_CONSUME: case KIND_DISPOSE: life->state = LIFE_CLOSED; life->opened = NOTHING; break;
    case KIND_LABEL: life->prints = plan->print; break;
    case KIND_NOTE: life->noted = record; life->noter = plan->signers[0]; break;
    case KIND_ADOPT: {
        struct orphan *orphan = &l->orphans[plan->orphan_slot];

        apply_stated(life, &orphan->plan, 0);
        open_release(life, &orphan->plan, record, logged_s, &orphan->id);
        break;
    }
    default: break;
    }
}

static void apply_parts(struct lives *l, const struct plan *plan)
{
    struct life *parent = plan->things[0];
    struct life *child = plan->child;

    child->state = LIFE_HELD;
    child->holder = model_holder(l, parent);
    child->of_case = parent->of_case;
    child->place = parent->place;
    child->pieces = plan->child_pieces;
    child->net_mg = plan->child_mg;
    parent->net_mg = plan->net_mg[0];
    parent->pieces = plan->kind == KIND_SPLIT ? plan->pieces[0] : parent->pieces;
}

void model_apply(struct lives *l, const struct plan *plan, uint64_t record, uint64_t logged_s, const struct hash *id)
{
    for (size_t i = 0; i < plan->count; i++) {
        touch(plan->things[i], plan, record);
        apply_life(l, plan, i, record, logged_s, id);
    }
    if (plan->kind == KIND_SAMPLE || plan->kind == KIND_SPLIT) {
        apply_parts(l, plan);
    }
    if (plan->child != NULL) {
        touch(plan->child, plan, record);
    }
    if (plan->box != NULL) {
        touch(plan->box, plan, record);
        plan->box->state = plan->kind == KIND_UNPACK && plan->box->contents == 0 ? LIFE_CLOSED : plan->box->state;
    }
}

/* SPEC 7.3.11 and 7.3.15, of the latest heads record. */
void model_end(struct lives *l, uint64_t now_s)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct life *life = &l->all[i];
        struct bench bench = {.l = l, .out = l->foretold + l->foretold_count};

        ck_assert_uint_lt(l->foretold_count + JUDGED_MAX, l->foretold_cap);
        bench.record = life->missing;
        if (life->missing != NOTHING) {
            tell(&bench, "missing", life->number);
        }
        bench.record = life->opened;
        if (life->opened != NOTHING && life->due_s != NOTHING && life->due_s < now_s) {
            tell(&bench, "overdue", life->number);
        } else if (life->state == LIFE_TRANSIT && life->due_s == NOTHING && now_s - life->opened_s > DAYS_30_S) {
            tell(&bench, "unanswered", life->number);
        }
        l->foretold_count += bench.count;
    }
}

/* ---- the ledger beside it --------------------------------------------------------------------- */

void model_compare(const struct lives *l, const struct life *life, struct ledger_txn *txn)
{
    static const enum thing_state states[] = {THING_UNUSED, THING_HELD, THING_TRANSIT, THING_OUT, THING_CLOSED};
    const struct subject *subject = ledger_subject(txn, life->number, NULL);
    const struct thing *thing = subject->thing;
    struct seals seals = {0};
    char number[24] = "";
    bool same;

    seal_set_view(thing->seals, &seals);
    ck_assert_uint_le(seals.count, 1);
    (void)snprintf(number, sizeof number, "S%d", life->seal);
    same = seals.count == (life->seal == 0 ? 0u : 1u) && (seals.count == 0 || view_equal(seals.numbers[0], view_text(number)));
    ck_assert_msg(same, "%llu: seal %s in the model", (unsigned long long)life->number, number);
#define SAME(member, want) \
    ck_assert_msg((uint64_t)(thing->member) == (uint64_t)(want), "%llu: " #member " is %llu in the ledger, %llu in the model", \
                  (unsigned long long)life->number, (unsigned long long)(thing->member), (unsigned long long)(want))
    SAME(state, states[life->state]);
    SAME(holder, life->holder);
    SAME(place, life->place);
    SAME(of_case, life->of_case);
    SAME(pieces, life->pieces);
    SAME(net_mg, life->net_mg);
    SAME(container, life->container);
    SAME(contents, life->contents);
    SAME(missing, life->missing);
    SAME(prints, life->prints);
#undef SAME
    /* One custodian at a time: whoever has the outermost container, and nobody for what is unused or void. */
    ck_assert_uint_eq(thing_holder(ledger_world(txn), subject), model_holder(l, life));
    ck_assert((life->holder == NOTHING) == (life->of_case == NOTHING));
}
