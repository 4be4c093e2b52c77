/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signers: who must sign an act, by the table of SPEC 7.2: offices, and relations to the things of the act. Not here: whether
 * they may sign at all (authority.c).
 */
#include "verify/effects.h"

#include <stdio.h>

enum { WANTED_BYTES = 224 };

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
    if (open == NULL || open->handed_out) {
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

static bool in_main_role(const struct entry *entry)
{
    return entry->role == ROLE_SUBJECT || entry->role == ROLE_CONTAINER || entry->role == ROLE_PARENT;
}

/* Does the relation to that thing hold? */
static bool related(struct pass *pass, const struct signer *signer, enum relation relation, const struct subject *subject)
{
    uint64_t holder = thing_holder(pass->replay->world, subject);
    switch (relation) {
    case RELATION_HOLDER: case RELATION_CARE: /* 7.3.17a */
        return holder == signer->person || thing_state(pass->replay->world, subject) == THING_UNUSED;
    case RELATION_RECEIVER:
        return is_receiver(subject->thing, signer);
    default:
        return holder != signer->person && !signed_in_chain(pass, subject, signer->person);
    }
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

/* As far as the act as a whole says; the relations of slot 1 to things are judged for each thing. */
static bool fills(struct pass *pass, const struct act_slot *slot, const struct signer *signer)
{
    if (slot->offices != 0 && (signer->capacity >= OFFICE_COUNT || (slot->offices & BIT(signer->capacity)) == 0)) {
        return false;
    }
    switch (slot->relation) {
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

/* "a person", "officer or expert", and the relation. */
static void put_wanted(const struct act_slot *slot, char out[WANTED_BYTES])
{
    size_t len = 0;
    out[0] = '\0';
    for (unsigned office = 1; office < OFFICE_COUNT; office++) {
        if ((slot->offices & BIT(office)) != 0 && len < WANTED_BYTES) {
            int n = snprintf(out + len, WANTED_BYTES - len, "%s%s", len == 0 ? "" : " or ", office_name(office));
            len += n > 0 ? (size_t)n : 0;
        }
    }
    if (len < WANTED_BYTES) {
        (void)snprintf(out + len, WANTED_BYTES - len, "%s%s", len == 0 ? "a person" : "", phrases[slot->relation]);
    }
}

/* What slot 1 asks of a thing is a breach of that thing alone: a bundle without it says the same of the others (7.3.17b). */
static void check_relations(struct pass *pass)
{
    const struct act_slot *slot = &pass->rule->slots[0];
    const struct signer *signer = &pass->act->signers[0];
    char who[WANTED_BYTES], name[NAME_BYTES];
    bool things = slot->used && (slot->relation == RELATION_HOLDER || slot->relation == RELATION_RECEIVER ||
                                 slot->relation == RELATION_OUTSIDE ||
                                 (slot->relation == RELATION_CARE && signer->capacity != OFFICE_CARER));
    for (size_t i = 0; things && i < pass->act->entry_count; i++) {
        const struct entry *entry = &pass->act->entries[i];
        const struct subject *subject = world_find(pass->replay->world, entry->subject);
        if (subject != NULL && subject->thing != NULL && in_main_role(entry) && !related(pass, signer, slot->relation, subject)) {
            put_wanted(slot, who);
            pass_report(pass, true, "signers-rule", subject->number, "%s: \"%s\" needs as signer 1: %s",
                        pass_name(pass, subject->number, name), pass->rule->name, who);
        }
    }
}

void signers_check(struct pass *pass)
{
    size_t slot = unfilled(pass);
    char who[WANTED_BYTES];
    if (slot != 0) {
        put_wanted(&pass->rule->slots[slot - 1], who);
        pass_report(pass, true, "signers-rule", NOTHING, "\"%s\" needs as signer %zu: %s", pass->rule->name, slot, who);
    }
    if (slot != 1) {
        check_relations(pass);
    }
}
