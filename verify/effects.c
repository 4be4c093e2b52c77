/* SPDX-License-Identifier: Apache-2.0 */
/*
 * effects: SPEC 7.3, one function for each kind of act that changes a thing. The effect is applied whether or not a rule was broken:
 * what happened, happened.
 */
#include "verify/effects.h"
#include "verify/balance.h"

#include <stdlib.h>

/* --- pieces and seals, as found --- */

static void check_pieces(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    struct thing *thing = subject->thing;
    char name[NAME_BYTES];
    if ((entry->facts.present & BIT(FACT_PIECES)) == 0) {
        return;
    }
    if (thing->pieces != NOTHING && entry->facts.pieces != thing->pieces) {
        pass_report(pass, true, "pieces", subject->number, "%s: %llu pieces stated, %llu before",
                    pass_name(pass, subject->number, name), (unsigned long long)entry->facts.pieces,
                    (unsigned long long)thing->pieces);
    }
    thing->pieces = entry->facts.pieces;
}

/* A state that cannot be kept must not be judged. */
static void stop_memory(struct pass *pass)
{
    stop_set(pass->stop, 2, "memory", pass->record->index, NOTHING, "out of memory");
}

static void set_seals(struct pass *pass, struct thing *thing, const struct seal_set *set)
{
    if (set->count == 0) {
        free(thing->seals);
        thing->seals = NULL;
        return;
    }
    if (thing->seals == NULL) {
        thing->seals = malloc(sizeof *thing->seals);
    }
    if (thing->seals == NULL) {
        stop_memory(pass);
        return;
    }
    *thing->seals = *set;
}

static void check_seals(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    struct thing *thing = subject->thing;
    uint32_t present = entry->facts.present;
    struct seals list = { 0 }, removed = { 0 }, put_on = { 0 };
    struct seal_set set = { 0 }, after = { 0 };
    bool differs = false;
    char name[NAME_BYTES];
    if ((present & (BIT(FACT_FOUND) | BIT(FACT_REMOVED) | BIT(FACT_PUT_ON))) == 0) {
        return;
    }
    if ((present & BIT(FACT_FOUND)) != 0) {
        seals_read(entry->facts.found, &list);
        seal_set_from(&list, &set);
        differs = !seal_set_equal(&set, thing->seals);
        set_seals(pass, thing, &set);
    }
    if ((present & BIT(FACT_REMOVED)) != 0) {
        seals_read(entry->facts.removed, &removed);
    }
    if ((present & BIT(FACT_PUT_ON)) != 0) {
        seals_read(entry->facts.put_on, &put_on);
    }
    /* Only a seal that is on can be taken off. */
    struct seals on = { 0 };
    seal_set_view(thing->seals, &on);
    for (size_t i = 0; i < removed.count; i++) {
        bool was_on = false;
        for (size_t j = 0; j < on.count; j++) {
            was_on = was_on || view_equal(removed.numbers[i], on.numbers[j]);
        }
        differs = differs || !was_on;
    }
    if (seal_set_change(thing->seals, &removed, &put_on, &after)) {
        set_seals(pass, thing, &after);
    } else {
        differs = true;
    }
    if (differs) {
        pass_report(pass, true, "seal-differs", subject->number, "%s: the seals found are not those put on before",
                    pass_name(pass, subject->number, name));
    }
}

/* --- release and its answers --- */

static void close_release(struct thing *thing)
{
    free(thing->open);
    thing->open = NULL;
}

static void open_release(struct pass *pass, struct thing *thing, enum thing_state state)
{
    const struct act *act = pass->act;
    bool to = (act->present & BIT(PAY_TO)) != 0;
    close_release(thing);
    thing->open = calloc(1, sizeof *thing->open);
    if (thing->open == NULL) {
        stop_memory(pass);
        return;
    }
    *thing->open = (struct open_release){
        .handed_out = state == THING_OUT,
        .index = pass->record->index, .by = pass->author, .logged_s = pass->record->logged_s,
        .person = to && act->to.has_person ? act->to.person : NOTHING,
        .office = to && act->to.has_office ? act->to.office : NOTHING,
        .place = to && act->to.has_place ? act->to.place : NOTHING,
        .due_s = (act->present & BIT(PAY_DUE)) != 0 ? act->due_s : NOTHING,
    };
    act_id(pass->replay->hasher, act->payload, &thing->open->act);
    thing->state = state;
}

/* A release with that act-id, or an adoption that had its effect, in the thread before this record. */
static bool released_before(struct pass *pass, const struct subject *subject, const struct hash *answers)
{
    const struct rules_source *source = pass->replay->source;
    uint64_t index;
    for (uint64_t number = 1; number <= subject->count; number++) {
        struct act_brief own;
        const struct act_brief *earlier = NULL;
        if (source->thread(source->context, subject->number, number, &index) && index < pass->record->index) {
            earlier = pass_brief(pass, index, &own);
        }
        if (earlier == NULL) {
            continue;
        }
        if ((earlier->kind == KIND_RELEASE && hash_equal(&earlier->id, answers)) ||
            (earlier->kind == KIND_ADOPT && earlier->has_answers && hash_equal(&earlier->answers, answers) &&
             orphan_released(pass, index, subject->number, answers))) {
            return true;
        }
    }
    return false;
}

static void check_answers(struct pass *pass, const struct subject *subject)
{
    const struct thing *thing = subject->thing;
    const struct act *act = pass->act;
    char name[NAME_BYTES];
    if ((act->present & BIT(PAY_ANSWERS)) == 0) {
        return;
    }
    if (thing->open != NULL && !thing->open->handed_out && hash_equal(&thing->open->act, &act->answers)) {
        return;
    }
    if (pass->adopting || released_before(pass, subject, &act->answers)) {
        pass_report(pass, true, "not-open", subject->number, "%s: the release that this %s answers is not open",
                    pass_name(pass, subject->number, name), pass->rule->name);
        return;
    }
    stop_set(pass->stop, 1, "answers", pass->record->index, NOTHING,
             "record %llu: \"%s\" answers a release that is not in the thread of %s", (unsigned long long)pass->record->index,
             pass->rule->name, pass_name(pass, subject->number, name));
}

static void check_due(struct pass *pass, const struct subject *subject)
{
    const struct open_release *open = subject->thing->open;
    bool takes_back = pass->act->kind == KIND_TAKEBACK, answers = !takes_back && (pass->act->present & BIT(PAY_ANSWERS)) != 0;
    char name[NAME_BYTES];
    if (open != NULL && open->handed_out == takes_back && (!answers || hash_equal(&open->act, &pass->act->answers)) && open->due_s != NOTHING && pass->record->logged_s > open->due_s) {
        pass_report(pass, true, "overdue", subject->number, "%s arrives after the due time of record %llu",
                    pass_name(pass, subject->number, name), (unsigned long long)open->index);
    }
}

static void effect_release(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    check_pieces(pass, entry, subject);
    check_seals(pass, entry, subject);
    open_release(pass, subject->thing, pass->act->kind == KIND_RELEASE ? THING_TRANSIT : THING_OUT);
}

static void effect_receive(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    struct thing *thing = subject->thing;
    const struct act *act = pass->act;
    bool accept = act->kind == KIND_ACCEPT;
    if (accept) {
        check_answers(pass, subject);
    }
    check_due(pass, subject);
    check_pieces(pass, entry, subject);
    check_seals(pass, entry, subject);
    balance_weighed(pass, entry, subject);
    if ((act->present & BIT(PAY_PLACE)) != 0) {
        thing->place = act->place;
    } else {
        thing->place = accept && thing->open != NULL && !thing->open->handed_out ? thing->open->place : NOTHING;
    }
    if (accept && act->code == 1) {
        thing->missing = NOTHING;
    }
    thing->holder = pass->author;
    thing->state = THING_HELD;
    close_release(thing);
}

static void effect_return(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    check_answers(pass, subject);
    check_pieces(pass, entry, subject);
    check_seals(pass, entry, subject);
    subject->thing->state = THING_HELD;
    close_release(subject->thing);
}

/* --- the rest --- */

static void effect_register(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    struct thing *thing = subject->thing;
    const struct facts *facts = &entry->facts;
    thing->state = THING_HELD;
    thing->opened_before = true;
    thing->holder = pass->author;
    thing->of_case = (facts->present & BIT(FACT_CASE)) != 0 ? facts->of_case : NOTHING;
    thing->pieces = (facts->present & BIT(FACT_PIECES)) != 0 ? facts->pieces : NOTHING;
    balance_weighed(pass, entry, subject);
    thing->place = (pass->act->present & BIT(PAY_PLACE)) != 0 ? pass->act->place : NOTHING;
}

static void effect_move(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    struct thing *thing = subject->thing;
    char name[NAME_BYTES];
    for (size_t i = 0; i < pass->act->entry_count; i++) {
        const struct entry *other = &pass->act->entries[i];
        if (other->role == ROLE_FORMER_CASE && other->subject != thing->of_case) {
            pass_report(pass, true, "state", subject->number, "%s is not of the case that it is moved from",
                        pass_name(pass, subject->number, name));
        }
    }
    thing->of_case = (entry->facts.present & BIT(FACT_CASE)) != 0 ? entry->facts.of_case : thing->of_case;
}

static void effect_stocktake(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    check_pieces(pass, entry, subject);
    check_seals(pass, entry, subject);
    if ((entry->facts.present & BIT(FACT_OUTCOME)) != 0) {
        uint64_t outcome = entry->facts.outcome;
        subject->thing->missing = outcome == 3 ? pass->record->index
                                  : outcome == 1 || outcome == 2 || outcome == 4 ? NOTHING : subject->thing->missing;
    }
}

void effect_closed(struct pass *pass, struct subject *subject)
{
    char name[NAME_BYTES];
    if (subject->thing->contents > 0) {
        pass_report(pass, true, "container", subject->number, "%s is closed by this \"%s\" while things are in it",
                    pass_name(pass, subject->number, name), pass->rule->name);
    }
    subject->thing->state = THING_CLOSED;
}

static void effect_close(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    check_pieces(pass, entry, subject);
    check_seals(pass, entry, subject);
    effect_closed(pass, subject);
    subject->thing->voided = subject->thing->voided || pass->act->kind == KIND_VOID;
    close_release(subject->thing);
}

static void effect_label(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    struct thing *thing = subject->thing;
    char name[NAME_BYTES];
    if ((entry->facts.present & BIT(FACT_PRINT)) == 0) {
        return;
    }
    if (entry->facts.print != thing->prints + 1) {
        pass_report(pass, true, "print", subject->number, "%s: print %llu follows print %llu",
                    pass_name(pass, subject->number, name), (unsigned long long)entry->facts.print,
                    (unsigned long long)thing->prints);
    }
    thing->prints = entry->facts.print;
}

/* Of two ascending lists: does the second hold each name of the first, `reason` and `remarks` aside? */
static bool names_among(const struct name_list *ours, const struct name_list *theirs)
{
    size_t at = 0;
    for (size_t i = 0; i < ours->count; i++) {
        uint64_t name = ours->list[i];
        while (at < theirs->count && theirs->list[at] < name) {
            at++;
        }
        if (name != NAME_REASON && name != NAME_REMARKS && (at == theirs->count || theirs->list[at] != name)) {
            return false;
        }
    }
    return true;
}

/* Names on the correcting sheet must stand on the amended one (7.3.16). */
void effect_correct(struct pass *pass, const struct entry *entry)
{
    const struct rules_source *source = pass->replay->source;
    struct act *amended = pass->replay->scratch;
    struct name_list ours, theirs = { .count = 0 };
    char name[NAME_BYTES];
    if ((pass->act->present & BIT(PAY_AMENDS)) == 0) {
        return; /* that is missing already */
    }
    bool right = entry->has_sheet && source->act_at(source->context, pass->act->amends_index, amended) &&
                 pass_names(pass, pass->record->index, &entry->sheet, &ours);
    for (size_t i = 0; right && i < amended->entry_count; i++) {
        if (amended->entries[i].subject == entry->subject && amended->entries[i].has_sheet) {
            right = pass_names(pass, pass->act->amends_index, &amended->entries[i].sheet, &theirs);
        }
    }
    if (!right || !names_among(&ours, &theirs)) {
        pass_report(pass, true, "correction", entry->subject, "%s: the correction names details that the amended record does not have",
                    pass_name(pass, entry->subject, name));
    }
}

void effect_apply(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    struct thing *thing = subject->thing;
    switch (pass->act->kind) {
    case KIND_REGISTER: effect_register(pass, entry, subject); break;
    case KIND_MOVE: effect_move(pass, entry, subject); break;
    case KIND_PACK: case KIND_UNPACK: balance_pack(pass, entry, subject); break;
    case KIND_SEAL: case KIND_UNSEAL: case KIND_RESEAL: check_seals(pass, entry, subject); break;
    case KIND_RELEASE: case KIND_HANDOUT: effect_release(pass, entry, subject); break;
    case KIND_ACCEPT: case KIND_TAKEBACK: effect_receive(pass, entry, subject); break;
    case KIND_REFUSE: case KIND_WITHDRAW: effect_return(pass, entry, subject); break;
    case KIND_SHELVE:
        thing->place = (pass->act->present & BIT(PAY_PLACE)) != 0 ? pass->act->place : thing->place;
        break;
    case KIND_STOCKTAKE: effect_stocktake(pass, entry, subject); break;
    case KIND_WEIGH: balance_weighed(pass, entry, subject); break;
    case KIND_SAMPLE: case KIND_SPLIT: balance_split(pass, entry, subject); break;
    case KIND_ANIMAL: balance_animal(pass, entry, subject); break;
    case KIND_VOID: case KIND_CONSUME: case KIND_DISPOSE: effect_close(pass, entry, subject); break;
    case KIND_LABEL: effect_label(pass, entry, subject); break;
    case KIND_ADOPT: orphan_adopt(pass, subject); break;
    default: break;
    }
}
