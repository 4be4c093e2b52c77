/* SPDX-License-Identifier: Apache-2.0 */
/*
 * walk_people: the ledger in which a walk takes place, and who signs.
 */
#include "tests/ledger/fixture.c"

#include "tests/walk/walk.h"

/* Registrars are the founders; of the other offices the first person is 6, 8, 10 ... and the twin comes after. */
static struct who person_of(unsigned office, uint64_t twin)
{
    return (struct who){office == OFFICE_REGISTRAR ? 1 + twin : OFFICER + 1 + 2 * (office - OFFICE_OFFICER) + twin, office};
}

struct who walk_first(const struct walk *w)
{
    return person_of(w->office, 0);
}

struct who walk_twin(const struct walk *w)
{
    return person_of(w->office, 1);
}

struct who walk_witness(const struct walk *w)
{
    return person_of(w->office == OFFICE_PROSECUTOR ? OFFICE_COURT : OFFICE_PROSECUTOR, 1);
}

size_t walk_signers(const struct walk *w, enum walk_set set, struct who out[4])
{
    struct who custodian = person_of(OFFICE_CUSTODIAN, 1);
    struct who other = w->office == OFFICE_CUSTODIAN ? person_of(OFFICE_COURT, 1) : custodian;

    out[0] = set == SET_BEHIND_TWIN ? walk_twin(w) : walk_first(w);
    out[1] = set == SET_BEHIND_TWIN ? walk_first(w) : set == SET_OTHER ? other : walk_twin(w);
    out[2] = other;
    out[3] = walk_witness(w);
    return set == SET_ALONE ? 1 : set == SET_THREE ? 4 : 2;
}

static void take_breach(void *context, const struct finding *finding)
{
    (void)context;
    ck_assert_msg(!finding->breach, "while the stage is set: %s: %s", finding->code, finding->text);
}

uint64_t walk_append(struct walk *w, struct signed_act act)
{
    struct ledger_listener listener = {.report = take_breach};
    uint64_t index = 0;

    w->f.now_s++;
    OK(ledger_append(w->txn, &act.submission, w->f.now_s, &listener, &index, FAULT));
    fixture_see(&w->f, w->txn);
    signed_free(&act);
    w->last = index;
    return index;
}

static struct signed_act opening(struct walk *w, enum kind kind, uint64_t subject, enum subject_type type, struct who by)
{
    struct making making = making_open(&w->f, kind);
    struct entry *entry = composer_entry(making.composer, subject, ROLE_SUBJECT);
    const struct act_rule *rule = act_rule(kind);

    entry->facts.present |= BIT(FACT_TYPE);
    entry->facts.type = type;
    for (size_t i = 0; i < ACT_DETAILS && rule->must_details[i] != 0; i++) {
        composer_text(making.composer, subject, rule->must_details[i], "as the papers say");
    }
    making_signer(&making, by.person, 1, by.office);
    return making_sign(&w->f, &making);
}

uint64_t walk_enrol(struct walk *w)
{
    uint64_t person = ledger_subjects(w->txn);

    (void)walk_append(w, enrolment(&w->f, person, OFFICE_EXPERT));
    return person;
}

static void encode_seals(const char *number, struct buffer *out)
{
    struct seals seals = {.count = number == NULL ? 0 : 1};

    seals.numbers[0] = view_text(number == NULL ? "" : number);
    ck_assert(seals_encode(&seals, out));
}

void walk_open(struct walk *w, unsigned office)
{
    struct who officer = {OFFICER, OFFICE_OFFICER};
    uint64_t number = OFFICER + 1;

    memset(w, 0, sizeof *w);
    w->office = office;
    encode_seals("S1", &w->seals);
    encode_seals("N1", &w->other_seals);
    encode_seals(NULL, &w->no_seals);
    names_encode((uint64_t[]){NAME_REMARKS}, 1, &w->names);
    fixture_make(&w->f, NULL);
    OK(ledger_begin(w->f.ledger, true, &w->txn, FAULT));
    for (unsigned each = OFFICE_OFFICER; each < OFFICE_COUNT; each++) {
        for (uint64_t twin = 0; twin < 2; twin++) {
            ck_assert_uint_eq(person_of(each, twin).person, number);
            (void)walk_append(w, enrolment(&w->f, number++, each));
        }
    }
    for (size_t i = 2; i-- > 0;) {
        w->cases[i] = number++;
        w->case_record = walk_append(w, opening(w, KIND_OPEN_CASE, w->cases[i], TYPE_CASE, officer));
    }
    w->place = number;
    w->place_record = walk_append(w, opening(w, KIND_PLACE, w->place, TYPE_PLACE, (struct who){CUSTODIAN, OFFICE_CUSTODIAN}));
    OK(ledger_commit(w->txn, FAULT));
    w->txn = NULL;
}

void walk_close(struct walk *w)
{
    fixture_remove(&w->f);
    buffer_free(&w->seals);
    buffer_free(&w->other_seals);
    buffer_free(&w->no_seals);
    buffer_free(&w->names);
}
