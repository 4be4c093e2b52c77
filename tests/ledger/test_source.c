/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which lodge serves an adoption, asked of the recorder's store (SPEC 7.3.17): breaks when it takes another one than a verifier takes, or when
 * fsck, which knows later records too, takes one that was not there yet.
 */
#include "tests/ledger/fixture.c"

#include "ledger/care.h"

enum { CASE = 6, FIRST = 7, SECOND = 8 };

static struct fixture f;
static struct signed_act orphan;
static struct hash orphan_id;

static void sign_and_append(struct making *making)
{
    struct signed_act act = making_sign(&f, making);

    (void)fixture_append(&f, &act);
}

/* Two items that OFFICER holds, and his release of both to CUSTODIAN, which came too late. */
static void setup(void)
{
    struct making making;
    struct signed_act act;

    fixture_make(&f, NULL);
    making = making_open(&f, KIND_OPEN_CASE);
    composer_entry(making.composer, CASE, ROLE_SUBJECT)->facts = (struct facts){.present = BIT(FACT_TYPE), .type = TYPE_CASE};
    composer_text(making.composer, CASE, NAME_DOCKET, "12/2018");
    composer_text(making.composer, CASE, NAME_LAW, "Art. 96");
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    sign_and_append(&making);
    act = allotting(&f, FIRST, 2);
    (void)fixture_append(&f, &act);
    making = making_open(&f, KIND_REGISTER);
    (void)composer_entry(making.composer, CASE, ROLE_CASE);
    for (uint64_t item = FIRST; item <= SECOND; item++) {
        composer_entry(making.composer, item, ROLE_SUBJECT)->facts =
            (struct facts){.present = BIT(FACT_CASE) | BIT(FACT_PIECES), .of_case = CASE, .pieces = 3};
    }
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    sign_and_append(&making);
    making = making_open(&f, KIND_RELEASE);
    for (uint64_t item = FIRST; item <= SECOND; item++) {
        composer_entry(making.composer, item, ROLE_SUBJECT)->facts = (struct facts){.present = BIT(FACT_PIECES), .pieces = 3};
    }
    making.act->present |= BIT(PAY_TO) | BIT(PAY_CODE);
    making.act->to = (struct party){.has_person = true, .person = CUSTODIAN};
    making.act->code = 1;
    making_signer(&making, OFFICER, 1, OFFICE_OFFICER);
    orphan = making_sign(&f, &making);
    act_id(f.hasher, buffer_view(&orphan.draft.payload), &orphan_id);
}

/* The store is sound, and fsck makes of the records what the recorder made of them. */
static void teardown(void)
{
    struct fsck_options options = {.threads = 1};
    struct fsck_report report;

    OK(ledger_fsck(f.ledger, &options, &report, FAULT));
    ck_assert_msg(report.stop.status == 0, "%s", report.stop.text);
    signed_free(&orphan);
    fixture_remove(&f);
}

static void lodge(uint64_t item, uint64_t person, bool text_before)
{
    struct making making = making_open(&f, KIND_LODGE);
    struct value value = {.type = VALUE_BYTES, .text = orphan.submission.act};

    making.act->present |= BIT(PAY_ANSWERS) | BIT(PAY_FROM);
    making.act->answers = orphan_id;
    making.act->from = (struct party){.has_person = true, .person = person};
    (void)composer_entry(making.composer, item, ROLE_SUBJECT);
    if (text_before) {
        composer_text(making.composer, NOTHING, NAME_ORPHAN, "a release");
    }
    composer_detail(making.composer, NOTHING, NAME_ORPHAN, &value);
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    sign_and_append(&making);
}

/* Does the adoption give the item the effect of the orphan? In vain it is kept as a deviation. */
static bool adopts(uint64_t item)
{
    enum status status = STATUS_REFUSED;
    struct ledger_txn *txn = NULL;
    enum thing_state state;

    for (unsigned deviation = 0; deviation < 2 && status != STATUS_OK; deviation++) {
        struct making making = making_open(&f, KIND_ADOPT);
        struct signed_act act;
        struct fault fault;

        making.act->present |= BIT(PAY_ANSWERS) | (deviation ? BIT(PAY_DEVIATION) : 0);
        making.act->answers = orphan_id;
        (void)composer_entry(making.composer, item, ROLE_SUBJECT);
        composer_text(making.composer, item, NAME_REASON, "the phone was found again");
        making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
        making_signer(&making, 1, 1, OFFICE_REGISTRAR);
        act = making_sign(&f, &making);
        status = fixture_try(&f, &act, f.now_s + 60, &fault);
        ck_assert_msg(status == STATUS_OK || strncmp(fault.text, "orphan: ", 8) == 0, "%s", fault.text);
        signed_free(&act);
    }
    ck_assert_int_eq(status, STATUS_OK);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    fixture_see(&f, txn);
    state = ledger_subject(txn, item, NULL)->thing->state;
    ledger_abort(txn);
    return state == THING_TRANSIT;
}

START_TEST(of_several_lodges_that_of_the_thing_serves)
{
    lodge(SECOND, OFFICER, false);
    ck_assert(!adopts(FIRST));
    lodge(FIRST, OFFICER, false);
    ck_assert(adopts(FIRST));
    ck_assert(adopts(SECOND));
}
END_TEST

START_TEST(of_several_lodges_that_of_its_author_serves)
{
    lodge(FIRST, CUSTODIAN, false);
    ck_assert(!adopts(FIRST));
    lodge(FIRST, OFFICER, false);
    ck_assert(adopts(FIRST));
}
END_TEST

START_TEST(of_several_details_the_first_is_the_orphan)
{
    lodge(FIRST, OFFICER, true);
    ck_assert(!adopts(FIRST));
    lodge(FIRST, OFFICER, false);
    ck_assert(adopts(FIRST));
}
END_TEST

/* An adoption in vain is not a release, whatever is lodged afterwards: what answers it contradicts the ledger. */
START_TEST(a_lodge_serves_no_earlier_adoption)
{
    struct making making;
    struct signed_act act;
    struct fault fault;

    ck_assert(!adopts(FIRST));
    lodge(FIRST, OFFICER, false);
    making = making_open(&f, KIND_ACCEPT);
    making.act->present |= BIT(PAY_ANSWERS) | BIT(PAY_CODE) | BIT(PAY_DEVIATION);
    making.act->answers = orphan_id;
    making.act->code = 1;
    (void)composer_entry(making.composer, FIRST, ROLE_SUBJECT);
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    act = making_sign(&f, &making);
    ck_assert_int_eq(fixture_try(&f, &act, f.now_s + 60, &fault), STATUS_REFUSED);
    ck_assert_msg(strncmp(fault.text, "answers: ", 9) == 0, "%s", fault.text);
    signed_free(&act);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source");
    TCase *tcase = tcase_create("source");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, of_several_lodges_that_of_the_thing_serves);
    tcase_add_test(tcase, of_several_lodges_that_of_its_author_serves);
    tcase_add_test(tcase, of_several_details_the_first_is_the_orphan);
    tcase_add_test(tcase, a_lodge_serves_no_earlier_adoption);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
