/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dossiers of bundles of a living ledger. Breaks when a span, or the state at the end, is another than the ledger's own (custody/timeline.h),
 * when a passage is another than the one that verify/ finds in the ledger, or when what was typed at the station does not come out: names,
 * seals, weights, counts, corrections, who signed what, which release an acceptance answers.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "custody/timeline.h"
#include "custody/whereabouts.h"
#include "ledger/export.h"
#include "printer/dossier_look.h"
#include "tests/ledger/fixture.c"
#include "tests/ledger/life.c"
#include "tests/support/custody_station.h"

enum { ACTS = 250, LIVES = 6 };

static struct dossier dossier;

static void open_dossier(struct ledger *ledger, struct ledger_txn *txn, const uint64_t *asked, size_t count)
{
    struct export_request request = {.asked = asked, .asked_count = count};
    struct verify_options options = {.as_of_s = NOTHING, .training = true};
    struct policy *policy = NULL;
    struct buffer file = {0};
    struct buffer text = {0};

    OK(export_bundle(txn, &request, &file, FAULT));
    OK(export_policy(ledger, &text, FAULT));
    OK(policy_parse(ledger_hasher(ledger), buffer_view(&text), &policy, FAULT));
    OK(dossier_open(ledger_hasher(ledger), policy, buffer_view(&file), &options, &dossier, FAULT));
    policy_close(policy);
    buffer_free(&text);
    buffer_free(&file);
    ck_assert_msg(dossier.read, "%d %s: %s", dossier.verdict.status, dossier.verdict.code, dossier.verdict.stop.text);
}

/* ---- lives ------------------------------------------------------------------------------------- */

static struct fixture f;
static struct life life;
static struct session session;

static void begin_life(unsigned seed)
{
    fixture_make(&f, NULL);
    life_make(&life, &f, seed, ACTS);
    session = (struct session){.ledger = f.ledger, .identity = ledger_identity(f.ledger)};
    OK(ledger_begin(f.ledger, false, &session.txn, FAULT));
}

static void end_life(void)
{
    dossier_close(&dossier);
    ledger_abort(session.txn);
    fixture_remove(&f);
}

static void same_spans(const struct dossier_subject *thing)
{
    struct timeline timeline;

    OK(timeline_of(&session, thing->number, &timeline, FAULT));
    ck_assert_msg(timeline.count == thing->thing.spans.count, "thing %u: %zu spans, %zu in the dossier", (unsigned)thing->number,
                  timeline.count, thing->thing.spans.count);
    for (size_t i = 0; i < timeline.count; i++) {
        const struct span *a = &timeline.spans[i];
        const struct dossier_span *b = &dossier.spans[thing->thing.spans.first + i];

        ck_assert_msg(a->record == b->record && a->until == b->until && a->from_s == b->from_s && a->until_s == b->until_s &&
                          a->claimed_s == b->claimed_s && a->offset_min == b->offset_min && a->kind == b->kind && a->state == b->state &&
                          a->holder == b->holder && a->place == b->place && a->in == b->in && a->open == b->open &&
                          a->person == b->person && a->office == b->office && a->to_place == b->to_place,
                      "thing %u, record %u", (unsigned)thing->number, (unsigned)a->record);
    }
    timeline_close(&timeline);
}

static void same_end(const struct dossier_subject *thing)
{
    const struct subject *subject = ledger_subject(session.txn, thing->number, NULL);
    struct seals seals = {0};
    struct whereabouts where;

    whereabouts_of(ledger_world(session.txn), subject, &where);
    ck_assert_int_eq(thing->thing.state, where.state);
    ck_assert_uint_eq(thing->thing.outermost, where.top->number);
    ck_assert_uint_eq(thing->thing.pieces, subject->thing->pieces);
    ck_assert_uint_eq(thing->thing.of_case, subject->thing->of_case);
    ck_assert_uint_eq(thing->thing.open, where.open == NULL ? NOTHING : where.open->index);
    ck_assert_int_eq(thing->thing.overdue, whereabouts_overdue(&where, dossier.verdict.logged_s));
    if (subject->thing->seals != NULL) {
        seal_set_view(subject->thing->seals, &seals);
    }
    ck_assert_uint_eq(thing->thing.seals.count, seals.count);
    for (size_t i = 0; i < seals.count; i++) {
        ck_assert(view_equal(seals.numbers[i], dossier.seals[thing->thing.seals.first + i]));
    }
}

static void same_passage(uint64_t thing)
{
    struct rules_source source = ledger_source(session.txn);
    struct act *scratch = malloc(sizeof *scratch);
    struct dossier_passage mine;
    struct passage theirs;

    OK(passage_find(&source, &thing, 1, scratch, &theirs, FAULT));
    OK(dossier_passage(&dossier, &thing, 1, &mine, FAULT));
    ck_assert_uint_eq(mine.passage.count, theirs.count);
    for (size_t i = 0; i < theirs.count; i++) {
        ck_assert_uint_eq(mine.passage.rows[i].index, theirs.rows[i].index);
        ck_assert_uint_eq(mine.passage.rows[i].subject, theirs.rows[i].subject);
        ck_assert_uint_eq(mine.passage.rows[i].number, theirs.rows[i].number);
    }
    passage_close(&theirs);
    dossier_passage_close(&mine);
    free(scratch);
}

START_TEST(a_dossier_is_what_the_ledger_says)
{
    for (unsigned seed = 1; seed <= LIVES; seed++) {
        begin_life(seed);
        open_dossier(f.ledger, session.txn, NULL, 0);
        for (uint64_t number = LIFE_FIRST; number < LIFE_END; number++) {
            const struct dossier_subject *thing = dossier_subject(&dossier, number);

            ck_assert(thing != NULL && thing->is_thing);
            same_spans(thing);
            same_end(thing);
            same_passage(number);
        }
        end_life();
    }
}
END_TEST

/* Of one thing alone: the same spans, although the bundle has no other items than what it came from or was with. */
START_TEST(one_thing_alone)
{
    begin_life(LIVES + 1);
    for (uint64_t number = LIFE_FIRST; number < LIFE_END; number++) {
        open_dossier(f.ledger, session.txn, &number, 1);
        ck_assert(dossier_subject(&dossier, number)->asked);
        same_spans(dossier_subject(&dossier, number));
        same_end(dossier_subject(&dossier, number));
        same_passage(number);
        dossier_close(&dossier);
    }
    end_life();
}
END_TEST

/* ---- a station --------------------------------------------------------------------------------- */

static struct ledger *ledger;
static struct ledger_txn *txn;

#define DETAIL(record, subject, name) dossier_detail(&dossier, dossier_record(&dossier, record), subject, name)

static void begin_station(const uint64_t *asked, size_t count)
{
    station_do(WORDS("ledger", "checkpoint", "--ledger", "led", "--now", STATION_NOW));
    OK(ledger_open("led", LEDGER_READ, NULL, &ledger, FAULT));
    OK(ledger_begin(ledger, false, &txn, FAULT));
    open_dossier(ledger, txn, asked, count);
}

static void end_station(void)
{
    dossier_close(&dossier);
    ledger_abort(txn);
    ledger_close(ledger);
}

static void says(struct view text, const char *want)
{
    ck_assert_msg(view_equal(text, view_text(want)), "\"%.*s\" instead of \"%s\"", (int)text.len, (const char *)text.ptr, want);
}

/* Records 7 to 12 on thing 7; thing 8 is released with it and stays on the way. */
static void make_story(void)
{
    station_do(WORDS("seal", station_name(7), "--put-on", "S-1,S-2", "--witness", "Village chief", "--key", "off.key", "--key", "cust.key",
                     STATION_TAIL));
    station_do(WORDS("release", "--to", "custodian", "--purpose", "storage", "--seals-as-recorded", "--due", "2018-12-14", "--key", "off.key",
                     STATION_TAIL, station_name(7), station_name(8)));
    station_do(WORDS("accept", "--as", "inventoried", "--seals-as-recorded", "--place", station_name(STATION_PLACE), "--key", "cust.key",
                     STATION_TAIL, station_name(7)));
    station_do(WORDS("unseal", station_name(7), "--reason", "weighing", "--found", "S-1,S-2", "--removed", "S-2", "--key", "cust.key", "--key",
                     "off.key", STATION_TAIL));
    station_do(WORDS("weigh", station_name(7), "--net", "1850.5", "--scale", "Kern 12", "--key", "cust.key", STATION_TAIL));
    station_do(WORDS("correct", "6", "--subject", station_name(7), "description=long tusk", "--reason", "it is long", "--key", "off.key", "--key",
                     "cust.key", STATION_TAIL));
}

enum { SEALED = 7, RELEASED, ACCEPTED, UNSEALED, WEIGHED, CORRECTED };

START_TEST(names_and_order)
{
    uint64_t asked = 8;
    const struct dossier_subject *thing;

    make_story();
    begin_station(&asked, 1);
    says(dossier_subject(&dossier, STATION_OFFICER)->title, "Sok Dara");
    says(dossier_subject(&dossier, STATION_CASE)->title, "PP 214/2018");
    says(dossier_stated(&dossier, dossier_subject(&dossier, STATION_CASE), NAME_LAW)->text, "Forestry Law");
    ck_assert_ptr_null(dossier_stated(&dossier, dossier_subject(&dossier, STATION_CASE), NAME_DESCRIPTION));
    thing = dossier_subject(&dossier, 8);
    says(thing->title, "tusk");
    says(dossier_stated(&dossier, thing, NAME_REF)->text, "T-2");
    ck_assert_str_eq(thing->name, station_name(8));
    /* The bundle has one of three, and the case's thread tells which. */
    ck_assert_ptr_null(dossier_subject(&dossier, 7));
    ck_assert(thing->thing.item == 2 && thing->thing.items == 3 && thing->thing.registered_case == STATION_CASE);
    ck_assert_int_eq(thing->thing.state, THING_TRANSIT);
    ck_assert(thing->thing.open == RELEASED && thing->thing.to_office == OFFICE_CUSTODIAN && thing->thing.due_s != NOTHING);
    ck_assert(thing->thing.holder == STATION_OFFICER && !thing->thing.overdue);
    /* Its release is of thing 7 too, which the bundle names and says no more of. */
    ck_assert(!dossier_entry(&dossier, dossier_record(&dossier, RELEASED), 7)->known);
    ck_assert_uint_eq(dossier_entry(&dossier, dossier_record(&dossier, RELEASED), 7)->details.count, 0);
    end_station();
}
END_TEST

static struct dossier_fact next(const struct dossier_subject *thing, uint32_t facts, struct dossier_fact fact, uint64_t record)
{
    ck_assert(dossier_next(&dossier, thing, facts, &fact));
    ck_assert_uint_eq(fact.record->index, record);
    ck_assert(!fact.adopted);
    return fact;
}

START_TEST(seals_and_weights)
{
    const uint32_t seals = BIT(FACT_FOUND) | BIT(FACT_REMOVED) | BIT(FACT_PUT_ON);
    uint64_t asked = STATION_CASE;
    const struct dossier_subject *thing;
    struct dossier_fact fact = {0};

    make_story();
    begin_station(&asked, 1);
    thing = dossier_subject(&dossier, 7);
    fact = next(thing, seals, fact, SEALED);
    ck_assert(fact.entry->put_on.count == 2 && fact.entry->found.count == 0);
    says(dossier.seals[fact.entry->put_on.first + 1], "S-2");
    says(DETAIL(SEALED, 7, NAME_WITNESS)->text, "Village chief");
    fact = next(thing, seals, fact, RELEASED);
    fact = next(thing, seals, fact, ACCEPTED);
    fact = next(thing, seals, fact, UNSEALED);
    ck_assert_str_eq(code_name(fact.record->kind, fact.record->code), "weighing");
    ck_assert(fact.entry->found.count == 2 && fact.entry->removed.count == 1 && fact.entry->put_on.count == 0);
    ck_assert(!dossier_next(&dossier, thing, seals, &fact));
    says(dossier.seals[thing->thing.seals.first], "S-1");
    ck_assert_uint_eq(thing->thing.seals.count, 1);

    fact = next(thing, BIT(FACT_NET), (struct dossier_fact){0}, WEIGHED);
    ck_assert_uint_eq(fact.entry->net_mg, 1850500);
    ck_assert_uint_eq(thing->thing.net_mg, 1850500);
    says(DETAIL(WEIGHED, 7, NAME_SCALE)->text, "Kern 12");
    ck_assert_ptr_null(DETAIL(WEIGHED, 7, NAME_WITNESS));
    end_station();
}
END_TEST

/* The store's name is had once it is asked for. */
START_TEST(strangers)
{
    uint64_t asked[] = {STATION_CASE, 0};
    uint64_t *numbers = NULL;
    size_t count = 0;

    make_story();
    begin_station(asked, 1);
    OK(dossier_strangers(&dossier, &numbers, &count, FAULT));
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(numbers[0], STATION_PLACE);
    asked[1] = numbers[0];
    free(numbers);
    dossier_close(&dossier);
    open_dossier(ledger, txn, asked, 2);
    says(dossier_subject(&dossier, STATION_PLACE)->title, "Store");
    OK(dossier_strangers(&dossier, &numbers, &count, FAULT));
    ck_assert_uint_eq(count, 0);
    free(numbers);
    end_station();
}
END_TEST

START_TEST(answers_corrections_and_signers)
{
    uint64_t asked = STATION_CASE;
    const struct dossier_subject *thing;
    const struct dossier_subject *person;
    const struct dossier_record *record;
    const struct dossier_correction *correction;

    make_story();
    begin_station(&asked, 1);
    record = dossier_record(&dossier, ACCEPTED);
    ck_assert(record->answers == RELEASED && record->place == STATION_PLACE && record->has_code && record->seen_size != NOTHING);
    record = dossier_record(&dossier, RELEASED);
    ck_assert(record->has_to && record->to.has_office && record->to.office == OFFICE_CUSTODIAN && record->due_s != NOTHING);
    ck_assert_int_eq(record->offset_min, 420);

    thing = dossier_subject(&dossier, 7);
    ck_assert(thing->thing.state == THING_HELD && thing->thing.holder == STATION_CUSTODIAN && thing->thing.place == STATION_PLACE);
    says(thing->title, "tusk"); /* as registered; the correction stands beside it */
    ck_assert_uint_eq(thing->corrections.count, 1);
    correction = &dossier.corrections[thing->corrections.first];
    ck_assert_uint_eq(dossier.records[correction->at].index, CORRECTED);
    says(dossier.details[correction->detail].text, "long tusk");
    ck_assert_uint_eq(dossier.records[correction->at].amends, 6);
    ck_assert_uint_eq(dossier_subject(&dossier, 9)->corrections.count, 0);

    person = dossier_subject(&dossier, STATION_CUSTODIAN);
    ck_assert_uint_eq(person->signatures.count, 6); /* enrolled, sealed, accepted, unsealed, weighed, corrected: the place is not of the closure */
    ck_assert_uint_eq(dossier.signatures[person->signatures.first].capacity, 0); /* the person enrolled */
    for (size_t i = 1; i < person->signatures.count; i++) {
        const struct dossier_signature *signature = &dossier.signatures[person->signatures.first + i];

        ck_assert(signature->person == STATION_CUSTODIAN && signature->capacity == OFFICE_CUSTODIAN && signature->appointment == 1);
        ck_assert_uint_gt(signature->at, signature[-1].at);
    }
    end_station();
}
END_TEST

/* What broke a rule stands at each thing that the act touched, and at no other. */
START_TEST(findings_by_thing)
{
    uint64_t asked = STATION_CASE;
    const struct dossier_subject *thing;
    struct dossier_passage passage;
    uint64_t seven = 7;
    bool found = false;

    station_do(WORDS("release", "--to", "custodian", "--purpose", "storage", "--key", "cust.key", "--deviation", "nobody else was there",
                     STATION_TAIL, station_name(7), station_name(9)));
    begin_station(&asked, 1);
    ck_assert_int_eq(dossier.verdict.status, 3);
    thing = dossier_subject(&dossier, 7);
    for (size_t i = 0; i < thing->findings.count; i++) {
        const struct finding *finding = &dossier.verdict.findings[dossier.about[thing->findings.first + i]];

        ck_assert(finding->record == 7 && (finding->subject == 7 || finding->subject == NOTHING));
        found = found || strcmp(finding->code, "deviation") == 0;
    }
    ck_assert(found);
    ck_assert_uint_eq(dossier_subject(&dossier, 8)->findings.count, 0);
    ck_assert_uint_eq(dossier_subject(&dossier, 9)->findings.count, thing->findings.count);
    says(DETAIL(7, 7, NAME_REASON)->text, "nobody else was there");
    ck_assert(dossier_record(&dossier, 7)->deviation);
    OK(dossier_passage(&dossier, &seven, 1, &passage, FAULT));
    ck_assert_uint_eq(passage.finding_count, thing->findings.count);
    dossier_passage_close(&passage);
    end_station();
}
END_TEST

static void prepare(void)
{
    station_make();
    ck_assert_int_eq(system("mv led kept && if test -e led.head; then mv led.head kept.head; fi"), 0);
}

static void renew(void)
{
    ck_assert_int_eq(system("rm -rf led led.head && cp -a kept led && if test -e kept.head; then cp -a kept.head led.head; fi"), 0);
}

int main(void)
{
    const TTest *const tests[] = {a_dossier_is_what_the_ledger_says, one_thing_alone, names_and_order, seals_and_weights,
                                  strangers, answers_corrections_and_signers, findings_by_thing, NULL};

    return suite_run_each("dossier", tests, prepare, renew);
}
