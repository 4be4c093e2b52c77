/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signers: who must sign an act, by the table of SPEC 7.2: offices, and relations to the things of the act. Not here: whether
 * they may sign at all (authority.c).
 */
#include "verify/effects.h"

#include <stdio.h>

static bool signed_in_chain(struct pass *pass, const struct subject *subject, uint64_t person)
{
    const uint64_t chain = UINT64_C(1) << KIND_REGISTER | UINT64_C(1) << KIND_RELEASE | UINT64_C(1) << KIND_ACCEPT |
                           UINT64_C(1) << KIND_HANDOUT | UINT64_C(1) << KIND_TAKEBACK | UINT64_C(1) << KIND_SHELVE;
    const struct rules_source *source = pass->replay->source;
    uint64_t index;
    for (uint64_t number = 1; number <= subject->count; number++) {
        struct act_brief own;
        if (!source->thread(source->context, subject->number, number, &index) || index >= pass->record->index) {
            return false;
        }
        const struct act_brief *earlier = pass_brief(pass, index, &own);
        if (earlier == NULL || earlier->kind >= KIND_COUNT || (chain >> earlier->kind & 1) == 0) {
            continue;
        }
        for (size_t i = 0; i < earlier->signer_count; i++) {
            if (earlier->persons[i] == person) {
                return true;
            }
        }
    }
    return false;
}

static bool is_receiver(const struct thing *thing, const struct signer *signer)
{
    const struct open_release *open = thing->open;
    if (open == NULL || thing->state == THING_OUT) {
        return true; /* no release is open: the state says so already */
    }
    if (signer->person == open->by) {
        return false;
    }
    if (open->person != NOTHING) {
        return open->person == signer->person;
    }
    return open->office != NOTHING ? open->office == signer->capacity : signer->capacity == OFFICE_CUSTODIAN;
}

/* Relations to the things of the act: true when it holds for every one that the world knows. */
static bool related(struct pass *pass, const struct signer *signer, enum relation relation)
{
    for (size_t i = 0; i < pass->act->entry_count; i++) {
        const struct entry *entry = &pass->act->entries[i];
        const struct subject *subject = world_find(pass->replay->world, entry->subject);
        bool main_role = entry->role == ROLE_SUBJECT || entry->role == ROLE_CONTAINER || entry->role == ROLE_PARENT;
        if (subject == NULL || subject->thing == NULL || !main_role) {
            continue;
        }
        uint64_t holder = thing_holder(pass->replay->world, subject);
        bool holds = holder == signer->person || thing_state(pass->replay->world, subject) == THING_UNUSED; /* 7.3.17a */
        if ((relation == RELATION_HOLDER && !holds) ||
            (relation == RELATION_RECEIVER && !is_receiver(subject->thing, signer)) ||
            (relation == RELATION_OUTSIDE &&
             (holder == signer->person || signed_in_chain(pass, subject, signer->person)))) {
            return false;
        }
    }
    return true;
}

static bool is_author(struct pass *pass, const struct signer *signer)
{
    const struct rules_source *source = pass->replay->source;
    struct act *amended = pass->replay->scratch;
    if ((pass->act->present & BIT(PAY_AMENDS)) == 0 || !source->act_at(source->context, pass->act->amends_index, amended)) {
        return false;
    }
    for (size_t i = 0; i < amended->signer_count; i++) {
        if (amended->signers[i].person == signer->person) {
            return true;
        }
    }
    return amended->signers[0].capacity == signer->capacity;
}

static bool fills(struct pass *pass, const struct act_slot *slot, const struct signer *signer)
{
    if (slot->offices != 0 && (signer->capacity >= OFFICE_COUNT || (slot->offices & BIT(signer->capacity)) == 0)) {
        return false;
    }
    switch (slot->relation) {
    case RELATION_HOLDER: case RELATION_RECEIVER: case RELATION_OUTSIDE:
        return related(pass, signer, slot->relation);
    case RELATION_CARE:
        return signer->capacity == OFFICE_CARER || related(pass, signer, RELATION_HOLDER);
    case RELATION_AUTHOR:
        return is_author(pass, signer);
    case RELATION_OTHER:
        return signer->capacity != pass->act->signers[0].capacity;
    default:
        return true;
    }
}

/* Slot 1 is the first signer's; slots 2 and 3 need different others. The slot not filled, or 0. */
static size_t unfilled(struct pass *pass)
{
    const struct act_slot *slots = pass->rule->slots;
    const struct act *act = pass->act;
    if (slots[0].used && !fills(pass, &slots[0], &act->signers[0])) {
        return 1;
    }
    if (!slots[1].used) {
        return 0;
    }
    size_t failed = 2;
    for (size_t i = 1; i < act->signer_count; i++) {
        if (!fills(pass, &slots[1], &act->signers[i])) {
            continue;
        }
        failed = slots[2].used ? 3 : 0;
        for (size_t j = 1; failed == 3 && j < act->signer_count; j++) {
            failed = j != i && fills(pass, &slots[2], &act->signers[j]) ? 0 : 3;
        }
        if (failed == 0) {
            return 0;
        }
    }
    return failed;
}

static const char *const phrases[] = {
    [RELATION_NONE] = "",
    [RELATION_HOLDER] = " who holds it",
    [RELATION_RECEIVER] = " to whom it was released, and who did not sign the release first",
    [RELATION_AUTHOR] = " who signed the amended record, or holds the office of its first signer",
    [RELATION_OUTSIDE] = " outside its chain of custody",
    [RELATION_CARE] = " who cares for it or holds it",
    [RELATION_OTHER] = " of another office than signer 1",
    [RELATION_ANOTHER] = " other than signer 1",
};

void signers_check(struct pass *pass)
{
    size_t slot = unfilled(pass);
    if (slot == 0) {
        return;
    }
    const struct act_slot *rule = &pass->rule->slots[slot - 1];
    char who[160] = "";
    size_t len = 0;
    for (unsigned office = 1; office < OFFICE_COUNT; office++) {
        if ((rule->offices & BIT(office)) != 0) {
            int n = snprintf(who + len, sizeof who - len, "%s%s", len == 0 ? "" : " or ", office_name(office));
            len += n > 0 ? (size_t)n : 0;
        }
    }
    pass_report(pass, true, "signers-rule", NOTHING, "\"%s\" needs as signer %zu: %s%s", pass->rule->name, slot,
                len == 0 ? "a person" : who, phrases[rule->relation]);
}
