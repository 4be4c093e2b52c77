/* SPDX-License-Identifier: Apache-2.0 */
/*
 * touch_things: the things of an act, and a first look at each: may this act touch it, and may this signer? And the case.
 */
#include "custody/touch.h"

#include <stdlib.h>

/* Who must hold it holds it. */
static enum status check_holder(struct touch *touch, const struct subject *subject, const char *name, struct fault *fault)
{
    struct session *session = &touch->session;
    uint64_t holder = thing_holder(ledger_world(session->txn), subject);
    char other[NAME_BYTES];

    if (act_rule(touch->plan->kind)->slots[0].relation != RELATION_HOLDER || holder == session->signers[0].signer.person) {
        return STATUS_OK;
    }
    if (holder == NOTHING) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is held by nobody", name);
    }
    session_name(session, holder, other);
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is held by %s, whose key signs this first", name, other);
}

enum status touch_check(struct touch *touch, uint64_t number, struct fault *fault)
{
    const struct act_rule *rule = act_rule(touch->plan->kind);
    struct session *session = &touch->session;
    const struct subject *subject = ledger_subject(session->txn, number, fault);
    enum thing_state state;
    char name[NAME_BYTES];
    char container[NAME_BYTES];

    if (subject == NULL) {
        return fault->status;
    }
    session_name(session, number, name);
    if (subject->thing == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s %s, not a thing", name, session_article(subject->type),
                         type_name(subject->type));
    }
    /* With a deviation the ledger takes what is refused here; an answer needs an open release all the same. */
    if (args_flag(session->args, "--deviation") && !touch->plan->answers) {
        return STATUS_OK;
    }
    state = thing_state(ledger_world(session->txn), subject);
    if (rule->before != 0 && (rule->before & BIT(state)) == 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is %s", name,
                         subject->thing->voided ? "void" : state_name(state));
    }
    if (subject->thing->container != NOTHING && !touch->taken_out && !rules_allow_packed(rule->kind)) {
        session_name(session, subject->thing->container, container);
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%s is packed in %s: %s that, or unpack it first", name, container,
                         rule->name);
    }
    return check_holder(touch, subject, name, fault);
}

bool touch_lists(const struct touch *touch, uint64_t number)
{
    for (size_t i = 0; i < touch->count; i++) {
        if (touch->things[i].number == number) {
            return true;
        }
    }
    return false;
}

enum status touch_push(struct touch *touch, uint64_t number, struct touched **out, struct fault *fault)
{
    if (touch->count == touch->cap) {
        size_t cap = touch->cap == 0 ? 64 : touch->cap * 2;
        struct touched *grown = realloc(touch->things, cap * sizeof *grown);

        if (grown == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for %zu things", cap);
        }
        touch->things = grown;
        touch->cap = cap;
    }
    *out = &touch->things[touch->count++];
    **out = (struct touched){.number = number, .pieces = NOTHING, .gross_mg = NOTHING, .tare_mg = NOTHING, .net_mg = NOTHING};
    return STATUS_OK;
}

enum status touch_put_case(struct touch *touch, struct composer *composer, struct fault *fault)
{
    if (touch->of_case != NOTHING && composer_entry(composer, touch->of_case, ROLE_CASE) == NULL) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "too many things for one act");
    }
    return STATUS_OK;
}
