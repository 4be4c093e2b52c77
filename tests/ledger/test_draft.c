/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a draft file comes back as another act, takes a signature for one signer as another's, can be changed in
 * any bit unseen, or shows a signer details that the payload does not name.
 */
#include "ledger/compose.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "verify/state.h"
#include "verify/writer.h"

static struct hasher *hasher;
static struct draft draft;
static struct secret *secrets[2];
static struct hash ledger;
static struct fault fault;
static struct buffer file;

static void make_draft(struct draft *out)
{
    struct composer *composer = NULL;
    struct act *act;

    ck_assert_int_eq(composer_open(hasher, KIND_NOTE, &composer, &fault), STATUS_OK);
    act = composer_act(composer);
    act->present |= BIT(PAY_LEDGER) | BIT(PAY_SEEN);
    act->ledger = ledger;
    act->seen_size = 3;
    act->signer_count = 2;
    act->signers[0] = (struct signer){4, 1, 2};
    act->signers[1] = (struct signer){5, 1, 3};
    (void)composer_entry(composer, 10, ROLE_SUBJECT);
    (void)composer_entry(composer, 11, ROLE_SUBJECT);
    composer_text(composer, 10, NAME_DESCRIPTION, "tusk");
    composer_text(composer, NOTHING, NAME_NOTE, "whole");
    composer_file(composer, 11, NAME_ATTACHMENT, view_text("photo"), "image/jpeg");
    ck_assert_int_eq(composer_finish(composer, out, &fault), STATUS_OK);
    composer_close(composer);
}

static void setup(void)
{
    fault_clear(&fault);
    memset(ledger.bytes, 9, HASH_BYTES);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    ck_assert_int_eq(secret_new(&secrets[0], &fault), STATUS_OK);
    ck_assert_int_eq(secret_new(&secrets[1], &fault), STATUS_OK);
    make_draft(&draft);
}

static void teardown(void)
{
    draft_free(&draft);
    buffer_free(&file);
    secret_close(secrets[0]);
    secret_close(secrets[1]);
    hasher_close(hasher);
}

static void free_drafts(struct draft *drafts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        draft_free(&drafts[i]);
    }
    free(drafts);
}

static enum status decode(struct view bytes, struct draft **drafts, size_t *count)
{
    struct hash named;

    fault_clear(&fault);
    *drafts = NULL;
    *count = 0;
    return draft_file_decode(hasher, bytes, &named, drafts, count, &fault);
}

START_TEST(test_sign_and_submit)
{
    struct submission submission;
    struct buffer act = {0};
    struct view *parts = NULL;
    struct act *decoded = malloc(sizeof *decoded);
    struct buffer message = {0};

    ck_assert(!draft_complete(&draft));
    ck_assert_int_eq(draft_submission(&draft, &act, &parts, &submission, &fault), STATUS_REFUSED);
    fault_clear(&fault);
    ck_assert_int_eq(draft_sign(hasher, &draft, 1, secrets[1], &fault), STATUS_OK);
    ck_assert(!draft_complete(&draft));
    ck_assert_int_eq(draft_sign(hasher, &draft, 0, secrets[0], &fault), STATUS_OK);
    ck_assert(draft_complete(&draft));
    ck_assert_int_eq(draft_submission(&draft, &act, &parts, &submission, &fault), STATUS_OK);
    ck_assert_uint_eq(submission.sheet_count, 3);
    ck_assert_uint_eq(submission.disclosure_count, 3);
    ck_assert_uint_eq(submission.attachment_count, 1);
    ck_assert_int_eq(act_decode(submission.act, decoded, &fault), STATUS_OK);
    for (size_t i = 0; i < 2; i++) {
        buffer_reset(&message);
        signed_bytes(decoded->signatures[i].header, decoded->payload, &message);
        ck_assert_int_eq(signature_check(secret_public(secrets[i]), buffer_view(&message), decoded->signatures[i].value,
                                         SIGNATURE_BOTH), SIGNATURE_VALID);
    }
    buffer_free(&message);
    buffer_free(&act);
    free(parts);
    free(decoded);
}
END_TEST

/* Which key is expected of whom travels with it; of whom none is known, none. */
START_TEST(test_kids)
{
    struct draft *drafts = NULL;
    size_t count = 0;

    draft.has_kid[1] = true;
    memset(draft.kids[1].bytes, 7, HASH_BYTES);
    ck_assert_int_eq(draft_file_encode(hasher, &ledger, &draft, 1, &file, &fault), STATUS_OK);
    ck_assert_int_eq(decode(buffer_view(&file), &drafts, &count), STATUS_OK);
    ck_assert(!drafts[0].has_kid[0] && drafts[0].has_kid[1]);
    ck_assert(hash_equal(&drafts[0].kids[1], &draft.kids[1]));
    free_drafts(drafts, count);
    /* A list of another length than that of the signers. */
    draft.signer_count = 1;
    buffer_reset(&file);
    ck_assert_int_eq(draft_file_encode(hasher, &ledger, &draft, 1, &file, &fault), STATUS_OK);
    draft.signer_count = 2;
    ck_assert_int_eq(decode(buffer_view(&file), &drafts, &count), STATUS_DAMAGED);
    ck_assert_msg(strstr(fault.text, "another number of signers") != NULL, "%s", fault.text);
}
END_TEST

/* Two copies signed apart are one signed by both; another act's signatures are not taken, nor does one replace another. */
START_TEST(test_merge)
{
    struct draft *copies = NULL;
    struct draft other = {0};
    uint8_t first[SIGNATURE_BYTES];
    size_t count = 0;

    ck_assert_int_eq(draft_file_encode(hasher, &ledger, &draft, 1, &file, &fault), STATUS_OK);
    ck_assert_int_eq(decode(buffer_view(&file), &copies, &count), STATUS_OK);
    ck_assert_int_eq(draft_sign(hasher, &draft, 0, secrets[0], &fault), STATUS_OK);
    ck_assert_int_eq(draft_sign(hasher, &copies[0], 1, secrets[1], &fault), STATUS_OK);
    ck_assert(draft_merge(&draft, &copies[0]));
    ck_assert(draft_complete(&draft));
    ck_assert_mem_eq(draft.signatures[1], copies[0].signatures[1], SIGNATURE_BYTES);
    ck_assert_uint_eq(draft.header_len[1], copies[0].header_len[1]);
    memcpy(first, draft.signatures[0], sizeof first);
    ck_assert_int_eq(draft_sign(hasher, &copies[0], 0, secrets[1], &fault), STATUS_OK); /* a stranger's in the first place */
    ck_assert(draft_merge(&draft, &copies[0]));
    ck_assert_mem_eq(draft.signatures[0], first, sizeof first);
    make_draft(&other);
    ck_assert_int_eq(draft_sign(hasher, &draft, 0, secrets[0], &fault), STATUS_OK);
    ck_assert(!draft_merge(&other, &draft));
    ck_assert(!other.is_signed[0]);
    draft_free(&other);
    free_drafts(copies, count);
}
END_TEST

START_TEST(test_round_trip)
{
    struct draft *drafts = NULL;
    struct draft two[2];
    struct hash named;
    size_t count = 0;

    make_draft(&two[1]);
    two[0] = draft;
    ck_assert_int_eq(draft_sign(hasher, &two[0], 1, secrets[1], &fault), STATUS_OK);
    ck_assert_int_eq(draft_file_encode(hasher, &ledger, two, 2, &file, &fault), STATUS_OK);
    ck_assert_int_eq(draft_file_decode(hasher, buffer_view(&file), &named, &drafts, &count, &fault), STATUS_OK);
    ck_assert(hash_equal(&named, &ledger));
    ck_assert_uint_eq(count, 2);
    ck_assert(view_equal(buffer_view(&drafts[0].payload), buffer_view(&two[0].payload)));
    ck_assert(view_equal(buffer_view(&drafts[1].payload), buffer_view(&two[1].payload)));
    ck_assert(!drafts[0].is_signed[0] && drafts[0].is_signed[1] && !drafts[1].is_signed[1]);
    ck_assert_mem_eq(drafts[0].signatures[1], two[0].signatures[1], SIGNATURE_BYTES);
    free_drafts(drafts, count);
    draft_free(&two[1]);
}
END_TEST

START_TEST(test_every_bit_and_every_cut)
{
    struct draft *drafts;
    size_t count;

    ck_assert_int_eq(draft_sign(hasher, &draft, 0, secrets[0], &fault), STATUS_OK);
    ck_assert_int_eq(draft_file_encode(hasher, &ledger, &draft, 1, &file, &fault), STATUS_OK);
    for (size_t bit = 0; bit < file.len * 8; bit++) {
        file.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
        ck_assert_int_eq(decode(buffer_view(&file), &drafts, &count), STATUS_DAMAGED);
        file.ptr[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t len = 0; len < file.len; len++) {
        ck_assert_int_eq(decode(view_of(file.ptr, len), &drafts, &count), STATUS_DAMAGED);
    }
}
END_TEST

/* Re-encoded with a right whole-file check, but with other parts than the payload names. */
static void refused_parts(void)
{
    struct draft *drafts;
    size_t count;

    buffer_reset(&file);
    ck_assert_int_eq(draft_file_encode(hasher, &ledger, &draft, 1, &file, &fault), STATUS_OK);
    ck_assert_int_eq(decode(buffer_view(&file), &drafts, &count), STATUS_DAMAGED);
}

START_TEST(test_other_details)
{
    struct draft other;
    struct buffer kept = draft.disclosures[0];
    size_t count = draft.disclosure_count;

    make_draft(&other);
    /* Another act's disclosure with the same text in place of this one's. */
    draft.disclosures[0] = other.disclosures[0];
    refused_parts();
    draft.disclosures[0] = kept;
    draft.disclosure_count = count - 1;
    refused_parts();
    draft.disclosure_count = count;
    draft.sheet_count--;
    refused_parts();
    draft.sheet_count++;
    draft.attachment_count--;
    refused_parts();
    draft.attachment_count++;
    buffer_free(&file);
    ck_assert_int_eq(draft_file_encode(hasher, &ledger, &draft, 1, &file, &fault), STATUS_OK);
    draft_free(&other);
}
END_TEST

START_TEST(test_surplus_details)
{
    struct draft other;
    struct buffer *grown = calloc(draft.disclosure_count + 1, sizeof *grown);
    struct buffer *kept = draft.disclosures;

    make_draft(&other);
    memcpy(grown, kept, draft.disclosure_count * sizeof *grown);
    grown[draft.disclosure_count] = other.disclosures[0];
    draft.disclosures = grown;
    draft.disclosure_count++;
    refused_parts();
    draft.disclosures = kept;
    draft.disclosure_count--;
    free(grown);
    draft_free(&other);
}
END_TEST

START_TEST(test_other_ledger)
{
    struct hash elsewhere = ledger;
    struct draft *drafts;
    size_t count;

    elsewhere.bytes[0] ^= 1;
    ck_assert_int_eq(draft_file_encode(hasher, &elsewhere, &draft, 1, &file, &fault), STATUS_OK);
    ck_assert_int_eq(decode(buffer_view(&file), &drafts, &count), STATUS_DAMAGED);
}
END_TEST

START_TEST(test_signature_by_nobody)
{
    struct draft *drafts;
    size_t count;

    draft.signer_count = 3;
    memset(draft.headers[2], 1, 38);
    draft.header_len[2] = 38;
    draft.is_signed[2] = true;
    ck_assert_int_eq(draft_file_encode(hasher, &ledger, &draft, 1, &file, &fault), STATUS_OK);
    ck_assert_int_eq(decode(buffer_view(&file), &drafts, &count), STATUS_DAMAGED);
}
END_TEST

START_TEST(test_no_draft)
{
    struct draft *drafts;
    struct hash check;
    size_t count;

    writer_array(&file, 4);
    writer_text(&file, view_text("unbroken draft/2"));
    writer_bytes(&file, hash_view(&ledger));
    writer_array(&file, 0);
    hash_data(hasher, buffer_view(&file), &check);
    writer_bytes(&file, hash_view(&check));
    ck_assert_int_eq(decode(buffer_view(&file), &drafts, &count), STATUS_DAMAGED);
    ck_assert_int_eq(decode(view_text(""), &drafts, &count), STATUS_DAMAGED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("draft");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, test_sign_and_submit);
    tcase_add_test(tests, test_kids);
    tcase_add_test(tests, test_merge);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_every_bit_and_every_cut);
    tcase_add_test(tests, test_other_details);
    tcase_add_test(tests, test_surplus_details);
    tcase_add_test(tests, test_other_ledger);
    tcase_add_test(tests, test_signature_by_nobody);
    tcase_add_test(tests, test_no_draft);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
