/* SPDX-License-Identifier: Apache-2.0 */
/* mixed: see mixed.h. One kind of act of all pallets is one transaction; what follows has seen it. */
#include "tests/bench/mixed.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/table.h"

enum { SEAL_BYTES = 32, PALLET = MIXED_ITEMS + 1, SEALS_AT_HAND = 1024 };

struct mixed mixed_begin(struct station *station)
{
    return (struct mixed){.station = station, .subjects = STATION_PEOPLE};
}

/* ---- one act ---------------------------------------------------------------------------------- */

static struct composer *by(struct mixed *mixed, enum kind kind, uint64_t person, struct act **act)
{
    struct composer *composer = station_compose(mixed->station, kind, act);

    station_signer(*act, person, 1, person == STATION_CUSTODIAN_NUMBER ? OFFICE_CUSTODIAN : OFFICE_OFFICER);
    return composer;
}

/* The second officer signs too. */
static void before_another(struct act *act)
{
    station_signer(act, STATION_SECOND_NUMBER, 1, OFFICE_OFFICER);
}

static void opens(struct composer *composer, uint64_t subject, unsigned type)
{
    struct entry *entry = composer_entry(composer, subject, ROLE_SUBJECT);

    entry->facts.present |= BIT(FACT_TYPE);
    entry->facts.type = type;
}

static void pieces(struct entry *entry)
{
    entry->facts.present |= BIT(FACT_PIECES);
    entry->facts.pieces = 1;
}

static uint64_t item_of(const struct mixed *mixed, size_t pallet, size_t item)
{
    return mixed->first + pallet * PALLET + item;
}

static struct station_act open_case(struct mixed *mixed, uint64_t subject)
{
    struct act *act;
    struct composer *composer = by(mixed, KIND_OPEN_CASE, STATION_OFFICER_NUMBER, &act);

    opens(composer, subject, TYPE_CASE);
    composer_text(composer, subject, NAME_DOCKET, "2018/12-0417");
    composer_text(composer, subject, NAME_LAW, "Law on Forestry, article 98");
    return station_finish(mixed->station, composer);
}

static struct station_act open_place(struct mixed *mixed, uint64_t subject)
{
    struct act *act;
    struct composer *composer = by(mixed, KIND_PLACE, STATION_CUSTODIAN_NUMBER, &act);

    opens(composer, subject, TYPE_PLACE);
    composer_text(composer, subject, NAME_PLACE, "Store of the port, shelf 7");
    return station_finish(mixed->station, composer);
}

static struct station_act allot(struct mixed *mixed, size_t pallet, size_t item)
{
    struct act *act;
    struct composer *composer = by(mixed, KIND_ALLOT, STATION_OFFICER_NUMBER, &act);

    (void)item;
    for (size_t i = 0; i < PALLET; i++) {
        opens(composer, item_of(mixed, pallet, i), i < MIXED_ITEMS ? TYPE_ITEM : TYPE_CONTAINER);
    }
    return station_finish(mixed->station, composer);
}

static struct station_act enter(struct mixed *mixed, size_t pallet, size_t item)
{
    struct act *act;
    struct composer *composer = by(mixed, KIND_REGISTER, STATION_OFFICER_NUMBER, &act);

    (void)item;
    (void)composer_entry(composer, mixed->of_case, ROLE_CASE);
    for (size_t i = 0; i < PALLET; i++) {
        struct entry *entry = composer_entry(composer, item_of(mixed, pallet, i), ROLE_SUBJECT);

        entry->facts.present |= BIT(FACT_CASE);
        entry->facts.of_case = mixed->of_case;
        if (i < MIXED_ITEMS) {
            pieces(entry);
        }
    }
    return station_finish(mixed->station, composer);
}

static struct station_act weigh(struct mixed *mixed, size_t pallet, size_t item)
{
    struct act *act;
    struct composer *composer = by(mixed, KIND_WEIGH, STATION_OFFICER_NUMBER, &act);
    struct entry *entry = composer_entry(composer, item_of(mixed, pallet, item), ROLE_SUBJECT);

    entry->facts.present |= BIT(FACT_NET);
    entry->facts.net_mg = 1500000 + item * 37000;
    composer_text(composer, entry->subject, NAME_SCALE, "Mettler IND226, no. 5512087");
    composer_text(composer, entry->subject, NAME_MARKS, "cut at the base, number 417 in blue paint");
    composer_text(composer, entry->subject, NAME_CONDITION, "dry, two old cracks, otherwise whole");
    return station_finish(mixed->station, composer);
}

static struct station_act note(struct mixed *mixed, size_t pallet, size_t item)
{
    struct act *act;
    struct composer *composer = by(mixed, KIND_NOTE, STATION_SECOND_NUMBER, &act);
    uint64_t subject = item_of(mixed, pallet, item);

    (void)composer_entry(composer, subject, ROLE_SUBJECT);
    composer_text(composer, subject, NAME_NOTE, "measured again in the presence of two witnesses");
    return station_finish(mixed->station, composer);
}

/* ---- packed, sealed, handed over --------------------------------------------------------------- */

static struct station_act move(struct mixed *mixed, enum kind kind, uint64_t person, size_t pallet)
{
    struct act *act;
    struct composer *composer = by(mixed, kind, person, &act);

    for (size_t i = 0; i < PALLET; i++) {
        (void)composer_entry(composer, item_of(mixed, pallet, i), i < MIXED_ITEMS ? ROLE_SUBJECT : ROLE_CONTAINER);
    }
    return station_finish(mixed->station, composer);
}

static struct station_act pack(struct mixed *mixed, size_t pallet, size_t item)
{
    (void)item;
    return move(mixed, KIND_PACK, STATION_OFFICER_NUMBER, pallet);
}

static struct station_act unpack(struct mixed *mixed, size_t pallet, size_t item)
{
    (void)item;
    return move(mixed, KIND_UNPACK, STATION_CUSTODIAN_NUMBER, pallet);
}

/* The pallet's one seal, encoded; alive until the act is finished. */
static struct view seal_of(size_t pallet, struct buffer *out)
{
    char number[SEAL_BYTES];
    struct seals seals = {.count = 1};

    (void)snprintf(number, sizeof number, "CAM-%06zu", pallet);
    seals.numbers[0] = view_text(number);
    table_need(seals_encode(&seals, out), "encoding a seal");
    return buffer_view(out);
}

static struct station_act seal(struct mixed *mixed, size_t pallet, size_t item)
{
    struct act *act;
    struct composer *composer = by(mixed, KIND_SEAL, STATION_OFFICER_NUMBER, &act);
    struct entry *entry = composer_entry(composer, item_of(mixed, pallet, MIXED_ITEMS), ROLE_SUBJECT);
    struct buffer number = {0};
    struct station_act out;

    (void)item;
    before_another(act);
    entry->facts.present |= BIT(FACT_PUT_ON);
    entry->facts.put_on = seal_of(pallet, &number);
    out = station_finish(mixed->station, composer);
    buffer_free(&number);
    return out;
}

static struct station_act unseal(struct mixed *mixed, size_t pallet, size_t item)
{
    struct act *act;
    struct composer *composer = by(mixed, KIND_UNSEAL, STATION_CUSTODIAN_NUMBER, &act);
    struct entry *entry = composer_entry(composer, item_of(mixed, pallet, MIXED_ITEMS), ROLE_SUBJECT);
    struct buffer number = {0};
    struct station_act out;

    (void)item;
    before_another(act);
    act->present |= BIT(PAY_CODE);
    act->code = 1;
    entry->facts.present |= BIT(FACT_FOUND) | BIT(FACT_REMOVED);
    entry->facts.found = entry->facts.removed = seal_of(pallet, &number);
    out = station_finish(mixed->station, composer);
    buffer_free(&number);
    return out;
}

/* item MIXED_ITEMS: the sealed container. */
static struct station_act hand_over(struct mixed *mixed, enum kind kind, uint64_t person, const struct hash *answers, size_t pallet,
                                    size_t item)
{
    struct act *act;
    struct composer *composer = by(mixed, kind, person, &act);
    struct entry *entry = composer_entry(composer, item_of(mixed, pallet, item), ROLE_SUBJECT);
    struct buffer number = {0};
    struct station_act out;

    act->present |= BIT(PAY_CODE);
    act->code = kind == KIND_ACCEPT && item == MIXED_ITEMS ? 2 : 1;
    if (kind == KIND_RELEASE) {
        act->present |= BIT(PAY_TO);
        act->to = (struct party){.has_person = true, .person = item == MIXED_ITEMS ? STATION_CUSTODIAN_NUMBER : STATION_OFFICER_NUMBER};
    } else {
        act->present |= BIT(PAY_ANSWERS) | BIT(PAY_PLACE);
        act->answers = *answers;
        act->place = mixed->place;
    }
    if (item == MIXED_ITEMS) {
        entry->facts.present |= BIT(FACT_FOUND);
        entry->facts.found = seal_of(pallet, &number);
    } else {
        pieces(entry);
    }
    out = station_finish(mixed->station, composer);
    buffer_free(&number);
    return out;
}

/* ---- phases ------------------------------------------------------------------------------------ */

typedef struct station_act maker(struct mixed *mixed, size_t pallet, size_t item);

static void keep(struct mixed *mixed, struct station_act *acts, size_t count, struct hash *ids)
{
    station_append(mixed->station, acts, count);
    station_see(mixed->station);
    for (size_t i = 0; i < count; i++) {
        if (ids != NULL) {
            act_id(mixed->station->hasher, buffer_view(&acts[i].draft.payload), &ids[i]);
        }
        station_act_free(&acts[i]);
    }
    free(acts);
}

static struct station_act *room(size_t count)
{
    struct station_act *acts = calloc(count, sizeof *acts);

    table_need(acts != NULL, "memory");
    return acts;
}

/* One act for each pallet, or for each item. */
static void phase(struct mixed *mixed, maker *make, size_t pallets, size_t each)
{
    struct station_act *acts = room(pallets * each);

    for (size_t i = 0; i < pallets * each; i++) {
        acts[i] = make(mixed, i / each, i % each);
    }
    keep(mixed, acts, pallets * each, NULL);
}

/* The containers from the officer to the custodian, or the items back. */
static void release(struct mixed *mixed, size_t pallets, size_t each, struct hash *ids)
{
    struct station_act *acts = room(pallets * each);
    uint64_t person = each == 1 ? STATION_OFFICER_NUMBER : STATION_CUSTODIAN_NUMBER;

    for (size_t i = 0; i < pallets * each; i++) {
        acts[i] = hand_over(mixed, KIND_RELEASE, person, NULL, i / each, each == 1 ? MIXED_ITEMS : i % each);
    }
    keep(mixed, acts, pallets * each, ids);
}

static void accept(struct mixed *mixed, size_t pallets, size_t each, const struct hash *ids)
{
    struct station_act *acts = room(pallets * each);
    uint64_t person = each == 1 ? STATION_CUSTODIAN_NUMBER : STATION_OFFICER_NUMBER;

    for (size_t i = 0; i < pallets * each; i++) {
        acts[i] = hand_over(mixed, KIND_ACCEPT, person, &ids[i], i / each, each == 1 ? MIXED_ITEMS : i % each);
    }
    keep(mixed, acts, pallets * each, NULL);
}

static void open_subject(struct mixed *mixed, struct station_act act)
{
    struct station_act *acts = room(1);

    acts[0] = act;
    keep(mixed, acts, 1, NULL);
    mixed->subjects++;
}

void mixed_round(struct mixed *mixed, size_t pallets, bool stays)
{
    struct hash *ids = calloc(pallets * MIXED_ITEMS, sizeof *ids);

    table_need(ids != NULL && pallets <= SEALS_AT_HAND, "memory");
    mixed->of_case = mixed->subjects;
    open_subject(mixed, open_case(mixed, mixed->subjects));
    mixed->place = mixed->subjects;
    open_subject(mixed, open_place(mixed, mixed->subjects));
    mixed->first = mixed->subjects;
    mixed->subjects += pallets * PALLET;
    phase(mixed, allot, pallets, 1);
    phase(mixed, enter, pallets, 1);
    phase(mixed, weigh, pallets, MIXED_ITEMS);
    phase(mixed, note, pallets, MIXED_ITEMS);
    phase(mixed, pack, pallets, 1);
    phase(mixed, seal, pallets, 1);
    release(mixed, pallets, 1, ids);
    if (!stays) {
        accept(mixed, pallets, 1, ids);
        phase(mixed, unseal, pallets, 1);
        phase(mixed, unpack, pallets, 1);
        release(mixed, pallets, MIXED_ITEMS, ids);
        accept(mixed, pallets, MIXED_ITEMS, ids);
    }
    station_checkpoint(mixed->station);
    station_see(mixed->station);
    free(ids);
}
