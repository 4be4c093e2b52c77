/* SPDX-License-Identifier: Apache-2.0 */
/*
 * balance: see the header. Masses are integer milligrams below 2^53, so sums of 512 of them fit 64 bits.
 */
#include "verify/balance.h"

#include <stdio.h>
#include <stdlib.h>

enum { DRIFT_PERCENT = 2, DRIFT_FREE_MG = 1000, NESTING_MAX = 4, DEPTH_LOOKED_AT = 64, DEPTH_CYCLE = 1000 };

#define U(x) ((unsigned long long)(x))

/* now against the last net mass. */
static void check_drift(struct pass *pass, const struct entry *entry, const struct subject *subject, uint64_t now_mg)
{
    uint64_t last_mg = subject->thing->net_mg;
    char name[NAME_BYTES];
    if (last_mg == NOTHING || now_mg == last_mg) {
        return;
    }
    uint64_t off_mg = now_mg > last_mg ? now_mg - last_mg : last_mg - now_mg;
    uint64_t permille = last_mg == 0 ? 0 : off_mg * 1000 / last_mg; /* below 2^53 * 1000 < 2^63 */
    (void)pass_name(pass, subject->number, name);
    char percent[48] = ""; /* of nothing there is none */
    if (last_mg > 0) {
        (void)snprintf(percent, sizeof percent, " (%s%llu.%llu %%)", permille == 0 ? "" : now_mg > last_mg ? "+" : "-", U(permille / 10),
                       U(permille % 10));
    }
    pass_report(pass, false, "drift", subject->number, "%s: %llu mg, %llu mg before%s", name, U(now_mg), U(last_mg), percent);
    bool beyond = off_mg > DRIFT_FREE_MG && off_mg * 100 > last_mg * DRIFT_PERCENT;
    if (beyond && pass_details(pass, entry, NAME_DRIFT) == 0) {
        pass_report(pass, true, "mass", subject->number, "%s: the mass differs, %llu mg after %llu mg%s, unexplained", name, U(now_mg),
                    U(last_mg), percent);
    }
}

void balance_weighed(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    const struct facts *facts = &entry->facts;
    const uint32_t all = BIT(FACT_GROSS) | BIT(FACT_TARE) | BIT(FACT_NET);
    char name[NAME_BYTES];
    if ((facts->present & all) == all && facts->gross_mg != facts->tare_mg + facts->net_mg) {
        pass_report(pass, true, "mass", subject->number, "%s: net is not gross less tare", pass_name(pass, subject->number, name));
    }
    if ((facts->present & BIT(FACT_NET)) != 0) {
        check_drift(pass, entry, subject, facts->net_mg);
        subject->thing->net_mg = facts->net_mg;
    }
}

/* Sums over the children of the act, in the closure or not. */
struct children {
    size_t count, with_pieces, with_net;
    uint64_t pieces, net_mg;
};

static struct children children_of(const struct act *act)
{
    struct children sum = { 0 };
    for (size_t i = 0; i < act->entry_count; i++) {
        const struct facts *facts = &act->entries[i].facts;
        if (act->entries[i].role != ROLE_CHILD) {
            continue;
        }
        sum.count++;
        if ((facts->present & BIT(FACT_PIECES)) != 0) {
            sum.with_pieces++;
            sum.pieces += facts->pieces;
        }
        if ((facts->present & BIT(FACT_NET)) != 0) {
            sum.with_net++;
            sum.net_mg += facts->net_mg;
        }
    }
    return sum;
}

static void split_mass(struct pass *pass, const struct entry *entry, struct subject *subject, const struct children *sum)
{
    const struct facts *facts = &entry->facts;
    const uint32_t all = BIT(FACT_GROSS) | BIT(FACT_TARE) | BIT(FACT_NET);
    struct thing *thing = subject->thing;
    char name[NAME_BYTES];
    (void)pass_name(pass, subject->number, name);
    if (thing->net_mg == NOTHING && sum->with_net == 0 && (facts->present & all) == 0) {
        return;
    }
    if ((facts->present & all) != all) {
        pass_report(pass, true, "must-state", subject->number, "%s: \"%s\" does not state the mass found, lost and remaining", name,
                    pass->rule->name);
        return;
    }
    check_drift(pass, entry, subject, facts->gross_mg);
    if (facts->gross_mg != facts->net_mg + facts->tare_mg + sum->net_mg) {
        pass_report(pass, true, "mass", subject->number, "%s: %llu mg found, %llu mg remain, %llu mg lost and %llu mg taken do not add up",
                    name, U(facts->gross_mg), U(facts->net_mg), U(facts->tare_mg), U(sum->net_mg));
    }
    thing->net_mg = facts->net_mg;
}

static void split_pieces(struct pass *pass, const struct entry *entry, struct subject *subject, const struct children *sum)
{
    struct thing *thing = subject->thing;
    char name[NAME_BYTES];
    (void)pass_name(pass, subject->number, name);
    if ((entry->facts.present & BIT(FACT_PIECES)) == 0 || sum->with_pieces != sum->count) {
        pass_report(pass, true, "must-state", subject->number, "%s: \"split\" does not state all pieces", name);
        return;
    }
    if (thing->pieces != NOTHING && thing->pieces != entry->facts.pieces + sum->pieces) {
        pass_report(pass, true, "pieces", subject->number, "%s: %llu pieces before, %llu remain and %llu are split off", name,
                    U(thing->pieces), U(entry->facts.pieces), U(sum->pieces));
    }
    thing->pieces = entry->facts.pieces;
}

/* A child takes over custody, case and place of the parent. */
static void become_child(struct pass *pass, const struct entry *entry, struct subject *subject, const struct subject *parent)
{
    struct thing *thing = subject->thing;
    const struct facts *facts = &entry->facts;
    thing->state = THING_HELD;
    thing->opened_before = true;
    thing->pieces = (facts->present & BIT(FACT_PIECES)) != 0 ? facts->pieces : NOTHING;
    thing->net_mg = (facts->present & BIT(FACT_NET)) != 0 ? facts->net_mg : NOTHING;
    if (parent != NULL && parent->thing != NULL) {
        thing->holder = thing_holder(pass->replay->world, parent);
        thing->of_case = parent->thing->of_case;
        thing->place = parent->thing->place;
    } else {
        thing->holder = pass->author;
    }
}

static const struct subject *subject_in_role(struct pass *pass, enum role role)
{
    for (size_t i = 0; i < pass->act->entry_count; i++) {
        if (pass->act->entries[i].role == role) {
            return world_find(pass->replay->world, pass->act->entries[i].subject);
        }
    }
    return NULL;
}

static void check_case(struct pass *pass, struct subject *parent)
{
    char name[NAME_BYTES];
    for (size_t i = 0; i < pass->act->entry_count; i++) {
        const struct entry *entry = &pass->act->entries[i];
        if (entry->role == ROLE_CASE && entry->subject != parent->thing->of_case) {
            pass_report(pass, true, "state", parent->number, "%s is of another case", pass_name(pass, parent->number, name));
        }
    }
}

void balance_split(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    struct children sum = children_of(pass->act);
    char name[NAME_BYTES];
    if (entry->role == ROLE_CHILD) {
        become_child(pass, entry, subject, subject_in_role(pass, ROLE_PARENT));
        return;
    }
    if (entry->role != ROLE_PARENT) {
        return;
    }
    check_case(pass, subject);
    if (pass->act->kind == KIND_SPLIT) {
        split_pieces(pass, entry, subject, &sum);
    }
    for (size_t i = 0; i < pass->act->entry_count && pass->act->kind == KIND_SAMPLE; i++) {
        const struct entry *child = &pass->act->entries[i];
        if (child->role == ROLE_CHILD && (child->facts.present & (BIT(FACT_PIECES) | BIT(FACT_NET))) == 0) {
            pass_report(pass, true, "must-state", subject->number, "%s: a sample states neither pieces nor mass",
                        pass_name(pass, subject->number, name));
            break;
        }
    }
    split_mass(pass, entry, subject, &sum);
}

void balance_animal(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    struct thing *thing = subject->thing;
    struct children sum = children_of(pass->act);
    uint64_t n = (entry->facts.present & BIT(FACT_PIECES)) != 0 ? entry->facts.pieces : 0;
    uint64_t code = pass->act->code;
    uint64_t before = thing->pieces == NOTHING ? 0 : thing->pieces;
    char name[NAME_BYTES];
    if (entry->role == ROLE_CHILD) {
        become_child(pass, entry, subject, subject_in_role(pass, ROLE_SUBJECT));
        return;
    }
    if (entry->role != ROLE_SUBJECT) {
        return;
    }
    bool leaves = code == 4 || (code == 3 && sum.count > 0);
    bool too_many = code == 2 && n > NUM_MAX - before; /* a number that no act can state (2.1) */
    (void)pass_name(pass, subject->number, name);
    bool wrong = too_many || (leaves && n > before) || (code == 3 && sum.count > 0 && sum.pieces != n);
    if (wrong) {
        pass_report(pass, true, "pieces", subject->number, "%s: %llu of %llu, and %llu carcasses, do not add up", name, U(n),
                    U(before), U(sum.pieces));
    }
    if (code == 2 && !too_many) {
        thing->pieces = before + n;
    } else if (leaves) {
        thing->pieces = n > before ? 0 : before - n;
    }
    if (code == 4 && thing->pieces == 0) {
        effect_closed(pass, subject);
    }
}

/* How many containers stand around this one, itself included; DEPTH_CYCLE if `inside` is among them. Deeper than any rule allows,
 * but what was packed too deep is there all the same. */
static unsigned depth_of(struct pass *pass, const struct subject *container, uint64_t inside)
{
    unsigned depth = 0;
    while (container != NULL && container->thing != NULL && depth < DEPTH_LOOKED_AT) {
        if (container->number == inside) {
            return DEPTH_CYCLE;
        }
        depth++;
        container = container->thing->container == NOTHING ? NULL
                                                           : world_find(pass->replay->world, container->thing->container);
    }
    return depth;
}

/*
 * Comes after the things (rules_replay). What is in a container is counted by its own thread alone, so that every bundle that has it counts
 * alike, whichever of the things it has.
 */
static void pack_container(struct pass *pass, struct subject *subject)
{
    struct thing *thing = subject->thing;
    uint32_t named = 0;
    char name[NAME_BYTES];
    enum thing_state state = thing_state(pass->replay->world, subject);
    (void)pass_name(pass, subject->number, name);
    if (state != THING_HELD || thing->seals != NULL) {
        pass_report(pass, true, "container", subject->number, "%s is %s: nothing can be put in or taken out", name,
                    thing->seals != NULL ? "sealed" : state_name(state));
    }
    for (size_t i = 0; i < pass->act->entry_count; i++) {
        named += pass->act->entries[i].role == ROLE_SUBJECT ? 1u : 0u;
    }
    if (pass->act->kind == KIND_PACK) {
        thing->contents += named <= UINT32_MAX - thing->contents ? named : 0;
        return;
    }
    thing->contents -= named > thing->contents ? thing->contents : named;
    if (thing->contents == 0) {
        thing->state = THING_CLOSED;
    }
}

/* The containers around this one now have at least that many levels. */
static void raise_levels(struct pass *pass, struct subject *container, unsigned levels)
{
    for (unsigned i = 0; i <= NESTING_MAX && container != NULL && container->thing != NULL; i++) {
        unsigned now = levels + i > 255 ? 255 : levels + i;
        container->thing->levels = container->thing->levels > now ? container->thing->levels : (uint8_t)now;
        container->dirty = true;
        container = container->thing->container == NOTHING ? NULL
                                                           : world_find(pass->replay->world, container->thing->container);
    }
}

static struct subject *container_of(struct pass *pass, uint64_t number)
{
    struct subject *container = number == NOTHING ? NULL : world_find(pass->replay->world, number);
    return container != NULL && container->thing != NULL ? container : NULL;
}

static void pack_thing(struct pass *pass, struct subject *subject, struct subject *container)
{
    struct thing *thing = subject->thing;
    struct world *world = pass->replay->world;
    uint64_t holder = thing_holder(world, container);
    unsigned depth = depth_of(pass, container, subject->number);
    char name[NAME_BYTES];
    bool apart = holder != NOTHING && thing_holder(world, subject) != holder; /* of an unused container no holder is known */
    if (apart || depth + thing->levels > NESTING_MAX) {
        pass_report(pass, true, "container", subject->number, "%s is packed %s", pass_name(pass, subject->number, name),
                    apart ? "with another holder than the container" : "into itself or more than 4 deep");
    }
    if (depth == DEPTH_CYCLE) {
        return; /* nothing is in itself, whatever was signed */
    }
    thing->container = container->number;
    raise_levels(pass, container, thing->levels + 1u);
}

/* What was not in it stays as it is: nobody takes over what he does not take out. */
static void unpack_thing(struct pass *pass, struct subject *subject, uint64_t number)
{
    struct thing *thing = subject->thing;
    const struct subject *container = container_of(pass, number);
    char name[NAME_BYTES];
    if (thing->container != number) {
        pass_report(pass, true, "container", subject->number, "%s was not in the container that it is taken from",
                    pass_name(pass, subject->number, name));
        return;
    }
    if (container != NULL) {
        thing->holder = thing_holder(pass->replay->world, container);
        thing->place = container->thing->place;
    }
    thing->container = NOTHING;
}

void balance_pack(struct pass *pass, const struct entry *entry, struct subject *subject)
{
    uint64_t number = NOTHING;
    if (entry->role == ROLE_CONTAINER) {
        pack_container(pass, subject);
        return;
    }
    for (size_t i = 0; i < pass->act->entry_count; i++) {
        number = pass->act->entries[i].role == ROLE_CONTAINER ? pass->act->entries[i].subject : number;
    }
    struct subject *container = container_of(pass, number);
    if (pass->act->kind == KIND_UNPACK) {
        unpack_thing(pass, subject, number);
    } else if (container != NULL) {
        pack_thing(pass, subject, container);
    }
}
