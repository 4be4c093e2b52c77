/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a bundle is not accepted by the verifier, holds too little or too much, or is of another moment than the latest checkpoint.
 */
#include "tests/ledger/fixture.c"

#include "ledger/export.h"
#include "verify/bundle.h"
#include "verify/verdict.h"

static struct buffer export_asked(struct fixture *f, const uint64_t *asked, size_t count, uint64_t since)
{
    struct export_request request = {.asked = asked, .asked_count = count, .since_size = since};
    struct ledger_txn *txn = NULL;
    struct buffer out = {0};

    OK(ledger_begin(f->ledger, false, &txn, FAULT));
    OK(export_bundle(txn, &request, &out, FAULT));
    ledger_abort(txn);
    return out;
}

/* Verifies and wants that status; the verdict is the caller's to look at and close. */
static struct verdict verify(struct fixture *f, const struct buffer *file, struct view since, int status)
{
    struct verify_options options = {.since = since, .as_of_s = NOTHING};
    struct policy *policy = NULL;
    struct verdict verdict;
    struct buffer text = {0};

    OK(export_policy(f->ledger, &text, FAULT));
    OK(policy_parse(f->hasher, buffer_view(&text), &policy, FAULT));
    OK(verify_file(f->hasher, policy, buffer_view(file), &options, &verdict, FAULT));
    ck_assert_msg(verdict.status == status, "%d %s %s", verdict.status, verdict.code, verdict.stop.text);
    policy_close(policy);
    buffer_free(&text);
    return verdict;
}

static void intact(struct fixture *f, const struct buffer *file)
{
    struct verdict verdict = verify(f, file, view_of(NULL, 0), 0);

    verdict_close(&verdict);
}

static void fill(struct fixture *f, size_t rounds)
{
    struct signed_act act = allotting(f, 6, 5);

    (void)fixture_append(f, &act);
    for (size_t i = 0; i < rounds; i++) {
        act = noting(f, i % 11, "x", i % 4);
        (void)fixture_append(f, &act);
        if (i % 3 == 0) {
            fixture_checkpoint(f);
        }
    }
    fixture_checkpoint(f);
}

START_TEST(every_subject_alone_and_all_together)
{
    struct fixture f;
    struct buffer file;

    fixture_make(&f, NULL);
    fill(&f, 30);
    for (uint64_t subject = 0; subject < 11; subject++) {
        file = export_asked(&f, &subject, 1, 0);
        intact(&f, &file);
        buffer_free(&file);
    }
    file = export_asked(&f, NULL, 0, 0);
    intact(&f, &file);
    buffer_free(&file);
    file = export_asked(&f, (uint64_t[]){2, 7, 9}, 3, 0);
    intact(&f, &file);
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

START_TEST(the_bundle_holds_what_it_must)
{
    struct fixture f;
    struct buffer file;
    struct bundle bundle = {0};
    struct fault fault = {0};
    struct heads_leaf leaf;
    uint64_t asked = 7;

    fixture_make(&f, NULL);
    fill(&f, 12);
    file = export_asked(&f, &asked, 1, 0);
    ck_assert_int_eq(bundle_decode(f.hasher, buffer_view(&file), &bundle, &fault), BUNDLE_OK);
    ck_assert_uint_eq(bundle.asked_count, 1);
    ck_assert_uint_eq(bundle.asked[0], 7);
    /* Subject 0 and its three founders, the custodian, the item. */
    ck_assert_uint_eq(bundle.leaf_count, 6);
    OK(heads_leaf_decode(bundle.leaves[5].bytes, &leaf, FAULT));
    ck_assert_uint_eq(leaf.subject, 7);
    ck_assert_uint_eq(leaf.count, 2);
    ck_assert_uint_eq(bundle.anchor_count, 4);
    bundle_close(&bundle);
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

/* Records and heads that came after the latest checkpoint are not in it. */
START_TEST(it_is_as_of_the_latest_checkpoint)
{
    struct fixture f;
    struct signed_act act;
    struct buffer file;
    struct buffer note = {0};
    struct verdict verdict;
    char key[128];
    char away[128];
    uint64_t size;

    fixture_make(&f, NULL);
    fill(&f, 12);
    size = fixture_size(&f);
    act = noting(&f, 7, "later", 1);
    (void)fixture_append(&f, &act);
    act = allotting(&f, 11, 3);
    (void)fixture_append(&f, &act);
    file = export_asked(&f, NULL, 0, 0);
    verdict = verify(&f, &file, view_of(NULL, 0), 0);
    ck_assert_uint_eq(verdict.size, size);
    ck_assert_uint_eq(verdict.subjects, 11);
    verdict_close(&verdict);
    buffer_free(&file);
    /* Heads are renewed, but nothing is signed: the leaves are still those of the checkpoint. */
    (void)snprintf(key, sizeof key, "%s/station.key", f.dir);
    (void)snprintf(away, sizeof away, "%s/away.key", f.root);
    ck_assert_int_eq(rename(key, away), 0);
    ck_assert_int_eq(ledger_checkpoint(f.ledger, f.now_s, &note, NULL), STATUS_MISSING);
    ck_assert_int_eq(rename(away, key), 0);
    file = export_asked(&f, NULL, 0, 0);
    verdict = verify(&f, &file, view_of(NULL, 0), 0);
    ck_assert_uint_eq(verdict.size, size);
    verdict_close(&verdict);
    buffer_free(&file);
    buffer_free(&note);
    fixture_checkpoint(&f);
    file = export_asked(&f, (uint64_t[]){12}, 1, 0);
    intact(&f, &file);
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

START_TEST(what_cannot_be_exported)
{
    struct fixture f;
    struct export_request request = {.asked = (uint64_t[]){6}, .asked_count = 1};
    struct ledger_txn *txn = NULL;
    struct buffer out = {0};

    fixture_make(&f, NULL);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    ck_assert_int_eq(export_bundle(txn, &request, &out, NULL), STATUS_MISSING);
    ledger_abort(txn);
    fixture_checkpoint(&f);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    ck_assert_int_eq(export_bundle(txn, &request, &out, NULL), STATUS_MISSING);
    request.asked = (uint64_t[]){5};
    request.since_size = 3;
    ck_assert_int_eq(export_bundle(txn, &request, &out, NULL), STATUS_MISSING);
    ck_assert_uint_eq(out.len, 0);
    ledger_abort(txn);
    fixture_remove(&f);
}
END_TEST

/* 300 checkpoints: 256 anchors, among them the one that the reader has. */
START_TEST(anchors_are_chosen)
{
    struct fixture f;
    struct signed_act act;
    struct buffer file;
    struct buffer since = {0};
    struct bundle bundle = {0};
    struct fault fault = {0};
    struct ledger_txn *txn = NULL;
    struct verdict verdict;

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    for (int i = 0; i < 300; i++) {
        act = noting(&f, i == 10 ? 5 : 0, "x", 0);
        (void)fixture_append(&f, &act);
        fixture_checkpoint(&f);
    }
    /* Subject 5 was touched by record 24 and opened by record 2. Asking for a person brings subject 0 and all of its records along. */
    file = export_asked(&f, (uint64_t[]){5}, 1, 200);
    ck_assert_int_eq(bundle_decode(f.hasher, buffer_view(&file), &bundle, &fault), BUNDLE_OK);
    ck_assert_uint_eq(bundle.anchor_count, 256);
    bundle_close(&bundle);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    OK(ledger_checkpoint_at(txn, 200, &since, FAULT));
    ledger_abort(txn);
    verdict = verify(&f, &file, buffer_view(&since), 0);
    verdict_close(&verdict);
    buffer_free(&since);
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

/* An order on thing 7 that withholds its remarks. */
static struct signed_act ordering(struct fixture *f, struct buffer *names, uint64_t person, unsigned office)
{
    struct making making = making_open(f, KIND_ORDER);
    struct entry *entry = composer_entry(making.composer, 7, ROLE_SUBJECT);

    buffer_reset(names);
    names_encode((uint64_t[]){NAME_REMARKS}, 1, names);
    entry->facts.present |= BIT(FACT_NAMES);
    entry->facts.names = buffer_view(names);
    composer_text(making.composer, 7, NAME_ORDER, "court order 12/2018");
    if (office != OFFICE_PROSECUTOR) {
        making.act->present |= BIT(PAY_DEVIATION);
    }
    making_signer(&making, person, 1, office);
    return making_sign(f, &making);
}

/*
 * Details under an order stay at the station; their lines stay on the sheet. An order of somebody who may give none, kept as a deviation,
 * withholds nothing: no verifier would honour it.
 */
START_TEST(details_under_an_order_are_left_out)
{
    struct fixture f;
    struct signed_act act;
    struct buffer file;
    struct buffer names = {0};
    struct verdict verdict;

    fixture_make(&f, NULL);
    act = enrolment(&f, 6, OFFICE_PROSECUTOR);
    (void)fixture_append(&f, &act);
    act = allotting(&f, 7, 1);
    (void)fixture_append(&f, &act);
    act = noting(&f, 7, "seen by a witness", 2);
    (void)fixture_append(&f, &act);
    act = ordering(&f, &names, OFFICER, OFFICE_OFFICER);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    file = export_asked(&f, (uint64_t[]){7}, 1, 0);
    verdict = verify(&f, &file, view_of(NULL, 0), 3);
    ck_assert_uint_eq(verdict.withheld_count, 0);
    verdict_close(&verdict);
    buffer_free(&file);
    act = ordering(&f, &names, 6, OFFICE_PROSECUTOR);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    file = export_asked(&f, (uint64_t[]){7}, 1, 0);
    verdict = verify(&f, &file, view_of(NULL, 0), 3);
    ck_assert_uint_eq(verdict.withheld_count, 2);
    ck_assert_uint_eq(verdict.withheld[0].name, NAME_REMARKS);
    verdict_close(&verdict);
    ck_assert_ptr_null(memmem(file.ptr, file.len, "seal whole", 10));
    ck_assert_ptr_nonnull(memmem(file.ptr, file.len, "seen by a witness", 17));
    buffer_free(&names);
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

START_TEST(attachments_travel_unless_left_out)
{
    struct fixture f;
    struct making making;
    struct signed_act act;
    struct buffer file;
    struct export_request request = {.without_attachments = true};
    struct ledger_txn *txn = NULL;
    struct verdict verdict;

    fixture_make(&f, NULL);
    making = making_open(&f, KIND_ATTACH);
    (void)composer_entry(making.composer, 0, ROLE_SUBJECT);
    composer_file(making.composer, 0, NAME_ATTACHMENT, view_text("the bytes of a photograph"), "image/jpeg");
    making_signer(&making, CUSTODIAN, 1, OFFICE_CUSTODIAN);
    act = making_sign(&f, &making);
    (void)fixture_append(&f, &act);
    fixture_checkpoint(&f);
    file = export_asked(&f, NULL, 0, 0);
    intact(&f, &file);
    ck_assert_ptr_nonnull(memmem(file.ptr, file.len, "the bytes of a photograph", 25));
    buffer_free(&file);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    OK(export_bundle(txn, &request, &file, FAULT));
    ledger_abort(txn);
    verdict = verify(&f, &file, view_of(NULL, 0), 0);
    ck_assert_uint_ge(verdict.finding_count, 1);
    verdict_close(&verdict);
    ck_assert_ptr_null(memmem(file.ptr, file.len, "the bytes of a photograph", 25));
    buffer_free(&file);
    fixture_remove(&f);
}
END_TEST

static bool stop_at_once(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return false;
}

START_TEST(it_can_be_stopped)
{
    struct fixture f;
    struct export_request request = {.progress = {stop_at_once, NULL}};
    struct ledger_txn *txn = NULL;
    struct buffer out = {0};

    fixture_make(&f, NULL);
    fixture_checkpoint(&f);
    OK(ledger_begin(f.ledger, false, &txn, FAULT));
    ck_assert_int_eq(export_bundle(txn, &request, &out, NULL), STATUS_INTERRUPTED);
    ck_assert_uint_eq(out.len, 0);
    ledger_abort(txn);
    fixture_remove(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {every_subject_alone_and_all_together, the_bundle_holds_what_it_must,
                                  it_is_as_of_the_latest_checkpoint, what_cannot_be_exported, anchors_are_chosen,
                                  details_under_an_order_are_left_out, attachments_travel_unless_left_out, it_can_be_stopped,
                                  NULL};

    return run_tests("export", tests);
}
