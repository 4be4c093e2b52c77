/* SPDX-License-Identifier: Apache-2.0 */
/*
 * orphan: the effect of a signed act that came too late, kept by `lodge` and taken over by `adopt` (SPEC 7.3.17).
 */
#include "verify/effects.h"
#include "verify/shape.h"

/* Did the person whom the lodging act names sign the orphan, with a key that he had before that record? (7.3.17) */
static bool orphan_signed(struct pass *pass, const struct act *orphan, uint64_t before)
{
    uint64_t author = orphan->signers[0].person;
    const struct subject *subject = world_find(pass->replay->world, author);
    struct buffer bytes = { 0 };
    bool valid = false;
    if (subject == NULL || subject->person == NULL) {
        return false;
    }
    for (size_t i = 0; i < subject->person->key_count && !valid; i++) {
        const struct person_key *key = &subject->person->keys[i];
        struct stop stop = { 0 };
        if (key->from < before && hash_equal(&key->kid, &orphan->signatures[0].kid) &&
            key->key.algorithm == orphan->signatures[0].algorithm) {
            authority_check_signature(pass->record->index, orphan, 0, &key->key, pass->replay->rigour, &bytes, &stop);
            valid = stop.status == 0;
        }
    }
    buffer_free(&bytes);
    return valid;
}

bool rules_allow_adoption(unsigned kind)
{
    return kind == KIND_RELEASE || kind == KIND_ACCEPT || kind == KIND_REFUSE || kind == KIND_WITHDRAW || kind == KIND_HANDOUT ||
           kind == KIND_TAKEBACK || kind == KIND_SHELVE || kind == KIND_WEIGH;
}

/* The orphan's entry for that thing, or NULL when the orphan has no effect on it. */
static const struct entry *orphan_entry(struct pass *pass, const struct act *orphan, uint64_t subject, uint64_t before)
{
    if (!rules_allow_adoption(orphan->kind) || !hash_equal(&orphan->ledger, &pass->act->ledger) ||
        !shape_fits_row(orphan, act_rule(orphan->kind)) || !orphan_signed(pass, orphan, before)) {
        return NULL;
    }
    for (size_t i = 0; i < orphan->entry_count; i++) {
        if (orphan->entries[i].subject == subject && orphan->entries[i].role == ROLE_SUBJECT) {
            return &orphan->entries[i];
        }
    }
    return NULL;
}

bool orphan_released(struct pass *pass, uint64_t adopted, uint64_t subject, const struct hash *answers)
{
    const struct rules_source *source = pass->replay->source;
    struct act *orphan = pass->replay->scratch;
    enum orphan_answer answer = source->orphan(source->context, subject, adopted, answers, orphan);
    /* Of one that is withheld nobody can say that it was none. */
    return answer == ORPHAN_WITHHELD || (answer == ORPHAN_FOUND && orphan->kind == KIND_RELEASE && orphan_entry(pass, orphan, subject, adopted) != NULL);
}

void orphan_adopt(struct pass *pass, struct subject *subject)
{
    const struct rules_source *source = pass->replay->source;
    struct act *orphan = pass->replay->scratch;
    const struct entry *entry = NULL;
    char name[NAME_BYTES];
    if ((pass->act->present & BIT(PAY_ANSWERS)) == 0) {
        return;
    }
    switch (source->orphan(source->context, subject->number, pass->record->index, &pass->act->answers, orphan)) {
    case ORPHAN_WITHHELD:
        stop_set(pass->stop, 2, "orphan", pass->record->index, NOTHING,
                 "record %llu adopts an act that is not disclosed: custody cannot be judged", (unsigned long long)pass->record->index);
        return;
    case ORPHAN_FOUND:
        entry = orphan_entry(pass, orphan, subject->number, pass->record->index);
        break;
    case ORPHAN_NONE:
        break;
    }
    if (entry == NULL) {
        pass_report(pass, true, "orphan", subject->number,
                    "%s: the act that is adopted was not kept, is not signed as it says, or does not concern it",
                    pass_name(pass, subject->number, name));
        return;
    }
    /* It is judged as if it came now: what has happened since stands against it. */
    uint16_t before = act_rule(orphan->kind)->before;
    enum thing_state state = thing_state(pass->replay->world, subject);
    if (before != 0 && (before & BIT(state)) == 0) {
        pass_report(pass, true, "state", subject->number, "%s is %s: the adopted \"%s\" cannot be done to it",
                    pass_name(pass, subject->number, name), state_name(state), act_rule(orphan->kind)->name);
    }
    struct pass inner = *pass;
    inner.act = orphan;
    inner.rule = act_rule(orphan->kind);
    const char *missing = rules_missing_payload(inner.rule, orphan);
    missing = missing != NULL ? missing : rules_missing_fact(inner.rule, entry, subject);
    if (missing != NULL) {
        pass_report(&inner, true, "must-state", subject->number, "%s: the adopted \"%s\" does not state %s",
                    pass_name(pass, subject->number, name), inner.rule->name, missing);
    }
    inner.author = orphan->signers[0].person;
    inner.adopting = true;
    effect_apply(&inner, entry, subject);
}
