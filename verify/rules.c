/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules: what must be stated, from which state (SPEC 7.2, 7.3.1, 7.3.2), and what is open at the end. Who must sign stands
 * in signers.c, what an act does to a thing in effects.c.
 */
#include "verify/effects.h"

#include "verify/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DAYS_UNANSWERED = 30, DAY_S = 86400 };

void pass_report(struct pass *pass, bool breach, const char *code, uint64_t subject, const char *format, ...)
{
    struct finding finding = { .code = code, .breach = breach, .record = pass->index, .subject = subject };
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(finding.text, sizeof finding.text, format, arguments);
    va_end(arguments);
    pass->replay->source->report(pass->replay->source->context, &finding);
}

const char *pass_name(const struct pass *pass, uint64_t subject, char out[NAME_BYTES])
{
    name_format(view_text(pass->replay->code), subject, out);
    return out;
}

/* --- custody of packed things --- */

/* The outermost container of a thing, or itself. */
static const struct subject *outermost(struct world *world, const struct subject *subject)
{
    /* Nesting is at most 4; what was packed deeper was reported, and 64 steps are enough for it. */
    for (int depth = 0; depth < 64 && subject->thing != NULL && subject->thing->container != NOTHING; depth++) {
        const struct subject *around = world_find(world, subject->thing->container);
        if (around == NULL || around->thing == NULL) {
            break;
        }
        subject = around;
    }
    return subject;
}

uint64_t thing_holder(struct world *world, const struct subject *subject)
{
    subject = outermost(world, subject);
    return subject->thing == NULL ? NOTHING : subject->thing->holder;
}

enum thing_state thing_state(struct world *world, const struct subject *subject)
{
    subject = outermost(world, subject);
    return subject->thing == NULL ? THING_NONE : subject->thing->state;
}

/* --- what must be stated --- */

static const char *const payload_names[PAY_COUNT] = { [PAY_FROM] = "from", [PAY_TO] = "to", [PAY_ANSWERS] = "answers",
    [PAY_AMENDS] = "amends", [PAY_PLACE] = "place", [PAY_CODE] = "code", [PAY_CLOCK] = "clock", [PAY_FOUNDING] = "founding" };
static const char *const fact_names[FACT_COUNT] = { "type", "case", "pieces", "gross", "tare", "net", "seals found",
    "seals removed", "seals put on", "outcome", "key", "office", "doubted from", "print number", "station key", "names" };

const char *rules_missing_payload(const struct act_rule *rule, const struct act *act)
{
    for (unsigned key = 0; key < PAY_COUNT; key++) {
        if ((rule->must_payload & ~act->present & BIT(key)) != 0) {
            return payload_names[key];
        }
    }
    return NULL;
}

static void must_payload(struct pass *pass)
{
    const char *missing = rules_missing_payload(pass->rule, pass->act);
    if (missing != NULL) {
        pass_report(pass, true, "must-state", NOTHING, "\"%s\" does not state %s", pass->rule->name, missing);
    }
}

const char *rules_missing_fact(const struct act_rule *rule, const struct entry *entry, const struct subject *subject)
{
    uint32_t present = entry->facts.present;
    for (unsigned fact = 0; fact < FACT_COUNT; fact++) {
        if ((rule->must_facts & ~present & BIT(fact)) != 0 && rule->kind != KIND_FOUND) {
            return fact_names[fact];
        }
    }
    bool item = subject != NULL && subject->type == TYPE_ITEM;
    if (item && (rule->kind == KIND_REGISTER || rule->kind == KIND_RELEASE) &&
        ((present & BIT(FACT_PIECES)) == 0 || (rule->kind == KIND_REGISTER && entry->facts.pieces == 0))) {
        return "pieces";
    }
    bool seals = rule->kind == KIND_RELEASE || rule->kind == KIND_ACCEPT || rule->kind == KIND_HANDOUT ||
                 rule->kind == KIND_TAKEBACK || rule->kind == KIND_DISPOSE;
    if (seals && subject != NULL && subject->thing != NULL && subject->thing->seals != NULL && (present & BIT(FACT_FOUND)) == 0) {
        return "the seals found";
    }
    return NULL;
}

/* Facts and details that one role-0 entry must state: the first that is missing. */
static const char *missing_of(struct pass *pass, const struct entry *entry, const struct subject *subject)
{
    const struct act_rule *rule = pass->rule;
    uint32_t present = entry->facts.present;
    const char *fact = rules_missing_fact(rule, entry, subject);
    if (fact != NULL) {
        return fact;
    }
    for (size_t i = 0; i < ACT_DETAILS && rule->must_details[i] != 0; i++) {
        if (pass_details(pass, entry, rule->must_details[i]) == 0) {
            return detail_by_number(rule->must_details[i])->name;
        }
    }
    if (rule->kind == KIND_SEIZE && pass_details(pass, entry, NAME_OWNER) == 0 && pass_details(pass, entry, NAME_WITNESS) < 2) {
        return "the owner or two witnesses";
    }
    if (rule->kind == KIND_ANIMAL && pass->act->code > 1 && pass->act->code <= 4 && (present & BIT(FACT_PIECES)) == 0) {
        return "how many";
    }
    if (rule->kind == KIND_ANIMAL && pass->act->code == 4 && pass_details(pass, entry, NAME_ORDER) == 0) {
        return "order";
    }
    if (rule->kind == KIND_UNSEAL && (present & BIT(FACT_REMOVED)) != 0) {
        struct seals removed;
        seals_read(entry->facts.removed, &removed);
        return removed.count == 0 ? "a seal removed" : NULL;
    }
    return NULL;
}

/* --- history that a signer had not seen (SPEC 6.7) --- */

static bool signed_by_all(const struct act_brief *earlier, const struct act *later)
{
    for (size_t i = 0; i < later->signer_count; i++) {
        bool found = false;
        for (size_t j = 0; j < earlier->signer_count && !found; j++) {
            found = earlier->persons[j] == later->signers[i].person;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static void check_unseen(struct pass *pass, const struct subject *subject)
{
    const struct rules_source *source = pass->replay->source;
    const struct act *act = pass->act;
    uint64_t index = subject->last;
    char name[NAME_BYTES];
    for (uint64_t number = subject->count; number > 0 && index >= act->seen_size; number--) {
        struct act_brief own;
        const struct act_brief *earlier = pass_brief(pass, index, &own);
        if (earlier != NULL && !signed_by_all(earlier, act)) {
            bool breach = pass->rule->moves && (act->present & BIT(PAY_OFFLINE)) == 0;
            pass_report(pass, breach, "unseen", subject->number, "%s: record %llu was not yet seen by a signer of this %s",
                        pass_name(pass, subject->number, name), (unsigned long long)index, pass->rule->name);
            return;
        }
        if (number == 1 || !source->thread(source->context, subject->number, number - 1, &index)) {
            return;
        }
    }
}

/* --- one entry --- */

bool rules_allow_packed(unsigned kind)
{
    return kind == KIND_NOTE || kind == KIND_ATTACH || kind == KIND_CORRECT || kind == KIND_IDENTIFY || kind == KIND_UNPACK ||
           kind == KIND_DISCLOSE || kind == KIND_ORDER || kind == KIND_ERASE || kind == KIND_SAME_AS ||
           kind == KIND_STOCKTAKE || kind == KIND_LODGE || kind == KIND_LABEL;
}

static void check_state(struct pass *pass, const struct entry *entry, const struct subject *subject)
{
    const struct act_rule *rule = pass->rule;
    const struct thing *thing = subject->thing;
    char name[NAME_BYTES];
    uint16_t before = entry->role == ROLE_CHILD ? BIT(THING_UNUSED) : rule->before;
    bool judged = entry->role == ROLE_CONTAINER; /* pack and unpack judge its state themselves */
    enum thing_state state = thing_state(pass->replay->world, subject);
    if (!judged && before != 0 && (before & BIT(state)) == 0) {
        pass_report(pass, true, "state", subject->number, "%s is %s: \"%s\" cannot be done to it",
                    pass_name(pass, subject->number, name), state_name(state), rule->name);
    }
    if (thing->container != NOTHING && !rules_allow_packed(rule->kind)) {
        pass_report(pass, true, "packed", subject->number, "%s is packed: \"%s\" cannot be done before it is unpacked",
                    pass_name(pass, subject->number, name), rule->name);
    }
}

/* What is asked before anything has its effect. */
static void judge_entry(struct pass *pass, const struct entry *entry)
{
    const struct subject *subject = world_find(pass->replay->world, entry->subject);
    bool opens = pass->rule->must_facts & BIT(FACT_TYPE);
    char name[NAME_BYTES];
    if (subject == NULL && !opens) {
        return; /* not in the closure */
    }
    const char *missing = entry->role == ROLE_SUBJECT && !(opens && pass->rule->kind == KIND_FOUND)
                              ? missing_of(pass, entry, subject) : NULL;
    if (missing != NULL) {
        pass_report(pass, true, "must-state", entry->subject, "%s: \"%s\" does not state %s",
                    pass_name(pass, entry->subject, name), pass->rule->name, missing);
    }
    if (pass->rule->kind == KIND_CORRECT) {
        effect_correct(pass, entry);
    }
    if (subject != NULL && subject->thing != NULL) {
        check_unseen(pass, subject);
        check_state(pass, entry, subject);
    }
}

/* The effects of an act; of a container after its things: emptied by them it is closed (7.3.9). */
static void apply_entries(struct pass *pass)
{
    const struct act *act = pass->act;
    for (size_t i = 0; i < 2 * act->entry_count && pass->stop->status == 0; i++) {
        const struct entry *entry = &act->entries[i % act->entry_count];
        struct subject *subject = world_find(pass->replay->world, entry->subject);
        bool turn = (entry->role == ROLE_CONTAINER) == (i >= act->entry_count);
        if (turn && subject != NULL && subject->thing != NULL) {
            effect_apply(pass, entry, subject);
            subject->dirty = true;
        }
    }
}

/* Has signer i signed before in this act? A rekey may have one person twice. */
static bool signed_before(const struct act *act, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (act->signers[j].person == act->signers[i].person) {
            return true;
        }
    }
    return false;
}

/* A key replaced without the old key's word, or doubted from some record on (SPEC 6, FORMAT "keys"). */
static void note_keys(struct pass *pass)
{
    uint64_t index = pass->record->index;
    for (size_t i = 0; i < pass->act->signer_count; i++) {
        uint64_t number = pass->act->signers[i].person;
        const struct subject *subject = world_find(pass->replay->world, number);
        const struct person *person = subject == NULL ? NULL : subject->person;
        const struct person_key *key = person == NULL ? NULL : person_key_at(person, index);
        char name[NAME_BYTES];
        if (key != NULL && !key->endorsed && key->from < index && !signed_before(pass->act, i)) {
            pass_report(pass, false, "key-not-endorsed", number, "%s signs with a key that the old key did not endorse",
                        pass_name(pass, number, name));
        }
    }
}

void rules_replay(struct replay *replay, const struct record *record, const struct act *act, struct stop *stop)
{
    struct pass pass = { .replay = replay, .record = record, .index = record->index, .act = act, .rule = act_rule(act->kind), .stop = stop,
                         .author = act->signers[0].person };
    if (pass.rule == NULL) {
        replay->unknown_kind = true;
        return;
    }
    if ((act->present & BIT(PAY_DEVIATION)) != 0) {
        pass_report(&pass, true, "deviation", NOTHING, "\"%s\" was entered as a deviation from the rules", pass.rule->name);
    }
    note_keys(&pass);
    must_payload(&pass);
    signers_check(&pass);
    for (size_t i = 0; i < act->entry_count; i++) {
        judge_entry(&pass, &act->entries[i]);
    }
    apply_entries(&pass);
}

void rules_apply(struct replay *replay, const struct record *record, const struct act *act, struct stop *stop)
{
    struct pass pass = { .replay = replay, .record = record, .index = record->index, .act = act, .rule = act_rule(act->kind), .stop = stop,
                         .author = act->signers[0].person };
    if (pass.rule != NULL) {
        apply_entries(&pass);
    }
}

void rules_end(struct replay *replay, const struct subject *subject, uint64_t now_s)
{
    struct pass pass = { .replay = replay };
    const struct thing *thing = subject->thing;
    char name[NAME_BYTES];
    if (thing == NULL) {
        return;
    }
    (void)pass_name(&pass, subject->number, name);
    if (thing->missing != NOTHING) {
        pass.index = thing->missing;
        pass_report(&pass, true, "missing", subject->number, "%s was not found at the stock-take of record %llu, and not since", name,
                    (unsigned long long)thing->missing);
    }
    const struct open_release *open = thing->open;
    if (open == NULL || (thing->state != THING_TRANSIT && thing->state != THING_OUT)) {
        return;
    }
    pass.index = open->index;
    if (open->due_s != NOTHING && open->due_s < now_s) {
        pass_report(&pass, true, "overdue", subject->number, "%s has been %s since record %llu, past its due time", name,
                    state_name(thing->state), (unsigned long long)open->index);
    } else if (open->due_s == NOTHING && thing->state == THING_TRANSIT &&
               now_s > open->logged_s && now_s - open->logged_s > (uint64_t)DAYS_UNANSWERED * DAY_S) {
        pass_report(&pass, true, "unanswered", subject->number, "%s: the release of record %llu was never answered", name,
                    (unsigned long long)open->index);
    } else {
        pass_report(&pass, false, "in-transit", subject->number, "%s is %s since record %llu", name, state_name(thing->state),
                    (unsigned long long)open->index);
    }
}
