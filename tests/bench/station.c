/* SPDX-License-Identifier: Apache-2.0 */
/* office: see station.h. */
#include "tests/bench/station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/table.h"

#define BEGIN_S UINT64_C(1544666584)

enum { NAME_CALIBRATION = 91 };

/* ---- making acts ----------------------------------------------------------------------------- */

struct composer *station_compose(struct station *station, enum kind kind, struct act **act)
{
    struct composer *composer = NULL;
    struct fault fault = {0};

    table_must(composer_open(station->hasher, kind, &composer, &fault), &fault, "composing an act");
    *act = composer_act(composer);
    (*act)->claimed_s = station->now_s;
    (*act)->offset_min = 420;
    if (kind != KIND_FOUND) {
        (*act)->present |= BIT(PAY_LEDGER) | BIT(PAY_SEEN);
        (*act)->ledger = station->id;
        (*act)->seen_size = station->seen_size;
        (*act)->seen_root = station->seen_root;
    }
    return composer;
}

void station_signer(struct act *act, uint64_t person, uint64_t appointment, uint64_t capacity)
{
    act->signers[act->signer_count++] = (struct signer){person, appointment, capacity};
}

struct station_act station_finish(struct station *station, struct composer *composer)
{
    const struct act *act = composer_act(composer);
    struct station_act out = {0};
    struct fault fault = {0};

    table_must(composer_finish(composer, &out.draft, &fault), &fault, "finishing an act");
    for (size_t i = 0; i < act->signer_count; i++) {
        table_must(draft_sign(station->hasher, &out.draft, i, station->people[act->signers[i].person], &fault), &fault,
                   "signing");
    }
    composer_close(composer);
    table_must(draft_submission(&out.draft, &out.act, &out.parts, &out.submission, &fault), &fault, "building an act");
    return out;
}

void station_act_free(struct station_act *act)
{
    draft_free(&act->draft);
    buffer_free(&act->act);
    free(act->parts);
}

uint64_t station_part_bytes(const struct station_act *act)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < act->submission.sheet_count; i++) {
        bytes += act->submission.sheets[i].len;
    }
    for (size_t i = 0; i < act->submission.disclosure_count; i++) {
        bytes += act->submission.disclosures[i].len;
    }
    return bytes;
}

/* ---- appending ------------------------------------------------------------------------------- */

void station_see(struct station *station)
{
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};

    table_must(ledger_begin(station->ledger, false, &txn, &fault), &fault, "reading");
    station->seen_size = ledger_size(txn);
    table_must(ledger_root(txn, station->seen_size, &station->seen_root, &fault), &fault, "reading the root");
    ledger_abort(txn);
}

uint64_t station_size(struct station *station)
{
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    uint64_t size;

    table_must(ledger_begin(station->ledger, false, &txn, &fault), &fault, "reading");
    size = ledger_size(txn);
    ledger_abort(txn);
    return size;
}

void station_append(struct station *station, const struct station_act *acts, size_t count)
{
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    uint64_t index;

    table_must(ledger_begin(station->ledger, true, &txn, &fault), &fault, "appending");
    if (count > 1) {
        ledger_defer(txn);
    }
    for (size_t i = 0; i < count; i++) {
        station->now_s++;
        table_must(ledger_append(txn, &acts[i].submission, station->now_s, NULL, &index, &fault), &fault, "appending");
    }
    table_must(ledger_commit(txn, &fault), &fault, "committing");
}

void station_checkpoint(struct station *station)
{
    struct buffer note = {0};
    struct fault fault = {0};

    station->now_s++;
    table_must(ledger_checkpoint(station->ledger, station->now_s, &note, &fault), &fault, "signing a checkpoint");
    buffer_free(&note);
}

static void append_one(struct station *station, struct station_act act)
{
    station_append(station, &act, 1);
    station_act_free(&act);
    station_see(station);
}

/* ---- the station ------------------------------------------------------------------------------ */

static void give_key(struct station *station, struct composer *composer, uint64_t person, uint64_t office)
{
    struct entry *entry = composer_entry(composer, person, ROLE_SUBJECT);

    entry->facts.present |= BIT(FACT_TYPE) | BIT(FACT_KEY) | BIT(FACT_OFFICE);
    entry->facts.type = TYPE_PERSON;
    entry->facts.key = *secret_public(station->people[person]);
    entry->facts.office = office;
    composer_text(composer, person, NAME_PERSON, "Somebody of the office");
}

static struct station_act founding(struct station *station, const uint8_t seed[32])
{
    struct act *act;
    struct composer *composer = station_compose(station, KIND_FOUND, &act);
    struct secret *own = NULL;
    struct fault fault = {0};
    struct entry *entry;

    table_must(secret_from_seed(seed, &own, &fault), &fault, "making the station key");
    act->present |= BIT(PAY_FOUNDING);
    act->founding.origin = view_text("bench.example/custody");
    act->founding.code = view_text("BENCH");
    act->founding.threshold = 2;
    memcpy(act->founding.station, secret_public(own)->bytes, ED25519_BYTES);
    secret_close(own);
    entry = composer_entry(composer, 0, ROLE_SUBJECT);
    entry->facts.present |= BIT(FACT_TYPE);
    entry->facts.type = TYPE_LEDGER;
    for (uint64_t person = 1; person <= STATION_FOUNDERS; person++) {
        give_key(station, composer, person, OFFICE_REGISTRAR);
        station_signer(act, person, 0, OFFICE_REGISTRAR);
    }
    return station_finish(station, composer);
}

static struct station_act enrolment(struct station *station, uint64_t person, uint64_t office)
{
    struct act *act;
    struct composer *composer = station_compose(station, KIND_ENROL, &act);

    give_key(station, composer, person, office);
    station_signer(act, 1, 1, OFFICE_REGISTRAR);
    station_signer(act, 2, 1, OFFICE_REGISTRAR);
    station_signer(act, person, 0, 0);
    return station_finish(station, composer);
}

static void prepare(struct station *station, const char *dir)
{
    struct fault fault = {0};

    *station = (struct station){.now_s = BEGIN_S};
    (void)snprintf(station->dir, sizeof station->dir, "%s", dir);
    table_must(key_initialise(&fault), &fault, "starting libsodium");
    table_must(hasher_open(&station->hasher, &fault), &fault, "starting OpenSSL");
    for (uint64_t person = 1; person < STATION_PEOPLE; person++) {
        uint8_t seed[32];

        memset(seed, (int)person, sizeof seed);
        table_must(secret_from_seed(seed, &station->people[person], &fault), &fault, "making a key");
    }
}

void station_found(struct station *station, const char *dir)
{
    uint8_t seed[32];
    struct fault fault = {0};
    struct station_act act;

    prepare(station, dir);
    memset(seed, 9, sizeof seed);
    act = founding(station, seed);
    table_must(ledger_found(dir, seed, &act.submission, station->now_s, &fault), &fault, "founding");
    station_act_free(&act);
    table_must(ledger_open(dir, LEDGER_APPEND, NULL, &station->ledger, &fault), &fault, "opening");
    station->id = ledger_identity(station->ledger)->id;
    station_see(station);
    append_one(station, enrolment(station, STATION_OFFICER_NUMBER, OFFICE_OFFICER));
    append_one(station, enrolment(station, STATION_SECOND_NUMBER, OFFICE_OFFICER));
    append_one(station, enrolment(station, STATION_CUSTODIAN_NUMBER, OFFICE_CUSTODIAN));
}

void station_open(struct station *station, const char *dir)
{
    struct ledger_txn *txn = NULL;
    struct fault fault = {0};
    struct record *record = malloc(sizeof *record);
    struct view bytes;

    table_need(record != NULL, "memory");
    prepare(station, dir);
    table_must(ledger_open(dir, LEDGER_APPEND, NULL, &station->ledger, &fault), &fault, "opening");
    station->id = ledger_identity(station->ledger)->id;
    table_must(ledger_begin(station->ledger, false, &txn, &fault), &fault, "reading");
    table_must(ledger_record(txn, ledger_size(txn) - 1, &bytes, &fault), &fault, "reading a record");
    table_must(record_decode(bytes, record, &fault), &fault, "reading a record");
    station->now_s = record->logged_s;
    station->cases = (ledger_subjects(txn) - STATION_PEOPLE) / (STATION_CASE_ITEMS + 1);
    ledger_abort(txn);
    free(record);
    station_see(station);
}

void station_shut(struct station *station)
{
    ledger_close(station->ledger);
    station->ledger = NULL;
}

void station_free(struct station *station)
{
    station_shut(station);
    for (size_t i = 0; i < STATION_PEOPLE; i++) {
        secret_close(station->people[i]);
    }
    hasher_close(station->hasher);
}

/* ---- cases and items ------------------------------------------------------------------------- */

static uint64_t case_subject(uint64_t number)
{
    return STATION_PEOPLE + number * (STATION_CASE_ITEMS + 1);
}

uint64_t station_item(uint64_t number)
{
    return case_subject(number / STATION_CASE_ITEMS) + 1 + number % STATION_CASE_ITEMS;
}

uint64_t station_items(const struct station *station)
{
    return station->cases * STATION_CASE_ITEMS;
}

/* In whole grams, different for each item, the same at each weighing. */
static uint64_t mass_mg(uint64_t item)
{
    return (1500 + item * 37 % 4000) * 1000;
}

static struct composer *by_officer(struct station *station, enum kind kind)
{
    struct act *act;
    struct composer *composer = station_compose(station, kind, &act);

    station_signer(act, STATION_OFFICER_NUMBER, 1, OFFICE_OFFICER);
    return composer;
}

static struct station_act opening(struct station *station, uint64_t subject)
{
    struct composer *composer = by_officer(station, KIND_OPEN_CASE);
    struct entry *entry = composer_entry(composer, subject, ROLE_SUBJECT);

    entry->facts.present |= BIT(FACT_TYPE);
    entry->facts.type = TYPE_CASE;
    composer_text(composer, subject, NAME_DOCKET, "2018/12-0417");
    composer_text(composer, subject, NAME_LAW, "Law on Forestry, article 98");
    return station_finish(station, composer);
}

static struct station_act allotting(struct station *station, uint64_t first)
{
    struct composer *composer = by_officer(station, KIND_ALLOT);

    for (uint64_t i = 0; i < STATION_CASE_ITEMS; i++) {
        struct entry *entry = composer_entry(composer, first + i, ROLE_SUBJECT);

        entry->facts.present |= BIT(FACT_TYPE);
        entry->facts.type = TYPE_ITEM;
    }
    return station_finish(station, composer);
}

static struct station_act registering(struct station *station, uint64_t of_case)
{
    struct composer *composer = by_officer(station, KIND_REGISTER);

    (void)composer_entry(composer, of_case, ROLE_CASE);
    for (uint64_t i = 1; i <= STATION_CASE_ITEMS; i++) {
        struct entry *entry = composer_entry(composer, of_case + i, ROLE_SUBJECT);

        entry->facts.present |= BIT(FACT_CASE) | BIT(FACT_PIECES) | BIT(FACT_NET);
        entry->facts.of_case = of_case;
        entry->facts.pieces = 1;
        entry->facts.net_mg = mass_mg(of_case + i);
    }
    return station_finish(station, composer);
}

static struct station_act weighing(struct station *station, uint64_t item)
{
    struct composer *composer = by_officer(station, KIND_WEIGH);
    struct entry *entry = composer_entry(composer, item, ROLE_SUBJECT);

    entry->facts.present |= BIT(FACT_NET);
    entry->facts.net_mg = mass_mg(item);
    composer_text(composer, item, NAME_SCALE, "Mettler IND226, no. 5512087");
    composer_text(composer, item, NAME_CALIBRATION, "calibrated 2018-11-02 by the National Metrology Centre");
    composer_text(composer, item, NAME_MARKS, "cut at the base, number 417 in blue paint");
    composer_text(composer, item, NAME_CONDITION, "dry, two old cracks, otherwise whole");
    composer_text(composer, item, NAME_PACKAGE, "sack 12, tied with wire");
    composer_text(composer, item, NAME_REMARKS, "weighed in the presence of two witnesses");
    return station_finish(station, composer);
}

void station_weigh(struct station *station, size_t count, struct station_act *out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = weighing(station, station_item(station->next_item));
        station->next_item = (station->next_item + 1) % station_items(station);
    }
}

void station_add_case(struct station *station)
{
    struct station_act acts[STATION_CASE_ITEMS];
    uint64_t subject = case_subject(station->cases);

    append_one(station, opening(station, subject));
    append_one(station, allotting(station, subject + 1));
    append_one(station, registering(station, subject));
    station->next_item = station->cases * STATION_CASE_ITEMS;
    station->cases++;
    for (int round = 0; round < STATION_WEIGHINGS; round++) {
        for (size_t i = 0; i < STATION_CASE_ITEMS; i++) {
            acts[i] = weighing(station, subject + 1 + i);
        }
        station_append(station, acts, STATION_CASE_ITEMS);
        for (size_t i = 0; i < STATION_CASE_ITEMS; i++) {
            station_act_free(&acts[i]);
        }
        station_see(station);
    }
    station_checkpoint(station);
    station_see(station);
}
