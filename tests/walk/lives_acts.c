/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lives_acts: the signed act of a plan.
 */
#include "tests/ledger/fixture.c"

#include "tests/walk/lives.h"

static struct view seal_list(struct buffer *room, int number)
{
    struct seals seals = {.count = number == 0 ? 0 : 1};
    char text[24];

    (void)snprintf(text, sizeof text, "S%d", number);
    seals.numbers[0] = view_text(text);
    buffer_reset(room);
    ck_assert(seals_encode(&seals, room));
    return buffer_view(room);
}

/* Seal lists live until the act is finished. */
struct rooms {
    struct buffer found[PLAN_THINGS], removed, put_on;
};

static bool knows(const struct act_rule *rule, unsigned fact)
{
    return ((rule->must_facts | rule->may_facts) & BIT(fact)) != 0;
}

static void state_facts(const struct plan *plan, size_t i, struct facts *facts, struct rooms *rooms, struct lives *l)
{
    const struct act_rule *rule = act_rule(plan->kind);

    facts->present = rule->must_facts;
    if (plan->pieces[i] != NOTHING && knows(rule, FACT_PIECES)) {
        facts->present |= BIT(FACT_PIECES);
        facts->pieces = plan->pieces[i];
    }
    if (plan->found[i] != UNSTATED && knows(rule, FACT_FOUND)) {
        facts->present |= BIT(FACT_FOUND);
        facts->found = seal_list(&rooms->found[i], plan->found[i]);
    }
    if (plan->kind == KIND_REGISTER && plan->net_mg[i] != NOTHING) {
        facts->present |= BIT(FACT_NET);
    }
    facts->net_mg = plan->net_mg[i];
    facts->of_case = plan->of_case;
    facts->removed = seal_list(&rooms->removed, plan->removed);
    facts->put_on = seal_list(&rooms->put_on, plan->put_on);
    facts->outcome = plan->outcome;
    facts->print = plan->print;
    facts->names = buffer_view(&l->w.names);
}

static void add_parts(struct making *making, const struct plan *plan)
{
    struct facts *facts = &composer_entry(making->composer, plan->things[0]->number, ROLE_PARENT)->facts;

    facts->present = BIT(FACT_GROSS) | BIT(FACT_TARE) | BIT(FACT_NET) | (plan->kind == KIND_SPLIT ? BIT(FACT_PIECES) : 0);
    facts->gross_mg = plan->gross_mg;
    facts->tare_mg = plan->tare_mg;
    facts->net_mg = plan->net_mg[0];
    facts->pieces = plan->pieces[0];
    facts = &composer_entry(making->composer, plan->child->number, ROLE_CHILD)->facts;
    facts->present = BIT(FACT_PIECES) | BIT(FACT_NET);
    facts->pieces = plan->child_pieces;
    facts->net_mg = plan->child_mg;
    (void)composer_entry(making->composer, plan->of_case, ROLE_CASE);
}

static void add_entries(struct lives *l, struct making *making, const struct plan *plan, struct rooms *rooms)
{
    if (plan->kind == KIND_SAMPLE || plan->kind == KIND_SPLIT) {
        add_parts(making, plan);
        return;
    }
    for (size_t i = 0; i < plan->count; i++) {
        state_facts(plan, i, &composer_entry(making->composer, plan->things[i]->number, ROLE_SUBJECT)->facts, rooms, l);
    }
    if (plan->box != NULL) {
        (void)composer_entry(making->composer, plan->box->number, ROLE_CONTAINER);
    }
    if (plan->child != NULL) {
        (void)composer_entry(making->composer, plan->child->number, ROLE_SUBJECT);
    }
    if (plan->of_case != NOTHING) {
        (void)composer_entry(making->composer, plan->of_case, ROLE_CASE);
    }
    if (plan->former != NOTHING) {
        (void)composer_entry(making->composer, plan->former, ROLE_FORMER_CASE);
    }
}

static void state_payload(struct lives *l, struct making *making, const struct plan *plan)
{
    const struct act_rule *rule = act_rule(plan->kind);
    struct act *act = making->act;

    act->present |= rule->must_payload | (plan->offline ? BIT(PAY_OFFLINE) : 0);
    act->present |= plan->place != NOTHING && (rule->may_payload & BIT(PAY_PLACE)) != 0 ? BIT(PAY_PLACE) : 0;
    act->present |= plan->due_s != NOTHING ? BIT(PAY_DUE) : 0;
    act->code = plan->code;
    act->to = plan->to;
    act->place = plan->place;
    act->due_s = plan->due_s;
    act->answers = plan->things[0]->release;
    if (plan->orphan != NULL) {
        act->answers = l->orphans[plan->orphan_slot].id;
        act->from = (struct party){.has_person = true, .person = l->orphans[plan->orphan_slot].plan.signers[0].person};
    }
    if (plan->kind == KIND_CORRECT) {
        struct view bytes;

        act->amends_index = plan->things[0]->noted;
        OK(ledger_record(l->w.txn, act->amends_index, &bytes, FAULT));
        hash_leaf(l->w.f.hasher, bytes, &act->amends_hash);
    }
    act->seen_size = plan->seen;
    act->seen_root = plan->seen_root;
}

static void state_details(struct making *making, const struct plan *plan)
{
    const struct act_rule *rule = act_rule(plan->kind);
    uint64_t where = plan->kind == KIND_CORRECT || plan->kind == KIND_NOTE ? plan->things[0]->number : NOTHING;

    for (size_t i = 0; i < ACT_DETAILS && rule->must_details[i] != 0; i++) {
        const struct detail_name *name = detail_by_number(rule->must_details[i]);
        struct value value = {.type = VALUE_BYTES};

        if (name->type == DETAIL_FILE) {
            composer_file(making->composer, where, name->number, view_text("a page of paper"), "text/plain");
        } else if (name->type == DETAIL_BYTES) {
            value.text = plan->orphan->submission.act;
            composer_detail(making->composer, where, name->number, &value);
        } else {
            composer_text(making->composer, where, name->number, "as it was");
        }
    }
    if (plan->kind == KIND_ANIMAL && plan->code == 4) {
        composer_text(making->composer, where, NAME_ORDER, "to be set free");
    }
    if (plan->kind == KIND_CORRECT) {
        composer_text(making->composer, where, NAME_NOTE, "as it was, and no other way");
    }
    if (plan->explained) {
        composer_text(making->composer, where, NAME_DRIFT, "it has dried");
    }
    if (plan->with_remarks) {
        composer_text(making->composer, where, NAME_REMARKS, "said a witness");
    }
}

struct signed_act lives_act(struct lives *l, const struct plan *plan, bool deviation)
{
    struct making making = making_open(&l->w.f, plan->kind);
    struct rooms rooms = {0};
    struct signed_act act;

    add_entries(l, &making, plan, &rooms);
    state_payload(l, &making, plan);
    state_details(&making, plan);
    if (deviation) {
        making.act->present |= BIT(PAY_DEVIATION);
        composer_text(making.composer, NOTHING, NAME_REASON, "it had to be");
    }
    for (size_t i = 0; i < plan->signer_count; i++) {
        making_signer(&making, plan->signers[i].person, 1, plan->signers[i].office);
    }
    act = making_sign(&l->w.f, &making);
    for (size_t i = 0; i < PLAN_THINGS; i++) {
        buffer_free(&rooms.found[i]);
    }
    buffer_free(&rooms.removed);
    buffer_free(&rooms.put_on);
    return act;
}
