/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seals, of late acts too. Breaks when the seals that an adopted act found are not told, or text in a seal number reaches the terminal raw.
 */
#include "tests/support/custody_station.h"

#include "tests/ledger/fixture.c"
#include "tests/ledger/life.c"

static struct fixture f;
static struct life life;

static struct view seal_of(const char *number, struct buffer *out)
{
    struct seals seals = {.count = 1};

    seals.numbers[0] = view_text(number);
    ck_assert(seals_encode(&seals, out));
    return buffer_view(out);
}

static void seal(uint64_t thing, const char *number)
{
    struct making making = making_open(&f, KIND_SEAL);
    struct entry *entry = composer_entry(making.composer, thing, ROLE_SUBJECT);
    struct buffer text = {0};

    making.act->present |= BIT(PAY_DEVIATION);
    composer_text(making.composer, NOTHING, NAME_REASON, "nobody else was there");
    entry->facts.present |= BIT(FACT_PUT_ON);
    entry->facts.put_on = seal_of(number, &text);
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    life_record(&life, &making);
    buffer_free(&text);
}

/* A release that found a seal, signed by the officer, kept and adopted by others. */
static void late_release(uint64_t thing, const char *number)
{
    struct making making = making_open(&f, KIND_RELEASE);
    struct entry *entry = composer_entry(making.composer, thing, ROLE_SUBJECT);
    struct value value = {.type = VALUE_BYTES};
    struct buffer text = {0};
    struct signed_act orphan;
    struct hash id;

    entry->facts.present |= BIT(FACT_FOUND);
    entry->facts.found = seal_of(number, &text);
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    orphan = making_sign(&f, &making);
    act_id(f.hasher, buffer_view(&orphan.draft.payload), &id);
    for (int i = 0; i < 2; i++) {
        making = making_open(&f, i == 0 ? KIND_LODGE : KIND_ADOPT);
        making.act->present |= BIT(PAY_DEVIATION) | BIT(PAY_ANSWERS) | (i == 0 ? BIT(PAY_FROM) : 0);
        making.act->answers = id;
        making.act->from = (struct party){.has_person = true, .person = OFFICER};
        (void)composer_entry(making.composer, thing, ROLE_SUBJECT);
        composer_text(making.composer, NOTHING, NAME_REASON, "the phone was found again");
        value.text = orphan.submission.act;
        if (i == 0) {
            composer_detail(making.composer, NOTHING, NAME_ORPHAN, &value);
        }
        making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
        life_record(&life, &making);
    }
    signed_free(&orphan);
    buffer_free(&text);
}

static size_t times(const char *text, const char *words)
{
    size_t count = 0;

    for (; (text = strstr(text, words)) != NULL; text++) {
        count++;
    }
    return count;
}

START_TEST(adopted_acts_found_seals)
{
    const char *said;

    fixture_make(&f, NULL);
    life_make(&life, &f, 1, 0);
    seal(LIFE_FIRST, "S-1\\x1b");
    late_release(LIFE_FIRST, "S-9");
    ck_assert(life.recorded[KIND_SEAL] == 1 && life.recorded[KIND_LODGE] == 1 && life.recorded[KIND_ADOPT] == 1);
    said = station_do(WORDS("seals", station_name(LIFE_FIRST), "--ledger", f.dir));
    ck_assert_uint_eq(times(said, "adopt (release)"), 1);
    ck_assert_uint_eq(times(said, "S-9"), 1);
    ck_assert_uint_eq(times(said, "the phone was found again"), 1); /* the reason of who adopts it */
    ck_assert_uint_eq(times(said, "S-1\\x5cx1b"), 1);
    ck_assert_uint_eq(times(said, "DEVIATION"), 2); /* of the seal, and of the adoption */
    said = station_do(WORDS("seals", station_name(LIFE_FIRST + 1), "--ledger", f.dir));
    ck_assert_uint_eq(times(said, "S-"), 0);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {adopted_acts_found_seals, NULL};

    return suite_run("seals", tests, NULL);
}
