/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when an act that is composed is not the one that a decoder reads: entries out of order, a detail on another
 * sheet, an ordinal that skips, a digest of other bytes; or when what no reader would take is given out to be signed.
 */
#include "ledger/compose.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "verify/state.h"

static struct hasher *hasher;
static struct composer *composer;
static struct draft draft;
static struct fault fault;
static struct act *decoded;

static void setup(void)
{
    struct act *act;

    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    ck_assert_int_eq(composer_open(hasher, KIND_NOTE, &composer, &fault), STATUS_OK);
    act = composer_act(composer);
    act->present |= BIT(PAY_LEDGER) | BIT(PAY_SEEN);
    memset(act->ledger.bytes, 7, HASH_BYTES);
    act->claimed_s = 1544668200;
    act->offset_min = 420;
    act->seen_size = 3;
    act->signer_count = 1;
    act->signers[0] = (struct signer){4, 1, 2};
    decoded = malloc(sizeof *decoded);
    ck_assert_ptr_nonnull(decoded);
}

static void teardown(void)
{
    draft_free(&draft);
    composer_close(composer);
    hasher_close(hasher);
    free(decoded);
}

static void finish(void)
{
    ck_assert_msg(composer_finish(composer, &draft, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert_int_eq(payload_decode(buffer_view(&draft.payload), decoded, &fault), STATUS_OK);
}

START_TEST(test_entries_are_sorted)
{
    ck_assert_ptr_nonnull(composer_entry(composer, 30, ROLE_SUBJECT));
    ck_assert_ptr_nonnull(composer_entry(composer, 10, ROLE_SUBJECT));
    ck_assert_ptr_nonnull(composer_entry(composer, 20, ROLE_SUBJECT));
    finish();
    ck_assert_uint_eq(decoded->entry_count, 3);
    ck_assert_uint_eq(decoded->entries[0].subject, 10);
    ck_assert_uint_eq(decoded->entries[1].subject, 20);
    ck_assert_uint_eq(decoded->entries[2].subject, 30);
    ck_assert(!decoded->entries[0].has_sheet);
    ck_assert_uint_eq(draft.signer_count, 1);
}
END_TEST

START_TEST(test_subject_twice)
{
    (void)composer_entry(composer, 10, ROLE_SUBJECT);
    (void)composer_entry(composer, 10, ROLE_CASE);
    ck_assert_int_eq(composer_finish(composer, &draft, &fault), STATUS_REFUSED);
    ck_assert_ptr_null(draft.payload.ptr);
}
END_TEST

/* SPEC 3.7: sheets ascending by name and ordinal, digests of the disclosures, ordinals in the order of calls. */
START_TEST(test_sheets)
{
    struct sheet_cursor cursor;
    struct sheet_line line;
    struct disclosure disclosure;
    struct hash hash;
    static const uint64_t names[] = {NAME_DESCRIPTION, NAME_WITNESS, NAME_WITNESS};
    static const char *const values[] = {"tusk", "first", "second"};

    (void)composer_entry(composer, 20, ROLE_SUBJECT);
    (void)composer_entry(composer, 10, ROLE_SUBJECT);
    composer_text(composer, NOTHING, NAME_NOTE, "whole");
    composer_text(composer, 20, NAME_WITNESS, "first");
    composer_text(composer, 20, NAME_DESCRIPTION, "tusk");
    composer_text(composer, 20, NAME_WITNESS, "second");
    finish();
    ck_assert_uint_eq(draft.sheet_count, 2);
    ck_assert_uint_eq(draft.disclosure_count, 4);
    ck_assert(!decoded->entries[0].has_sheet);
    ck_assert(decoded->entries[1].has_sheet);
    sheet_hash(hasher, buffer_view(&draft.sheets[0]), &hash);
    ck_assert(hash_equal(&hash, &decoded->entries[1].sheet));
    sheet_hash(hasher, buffer_view(&draft.sheets[1]), &hash);
    ck_assert((decoded->present & BIT(PAY_SHEET)) != 0);
    ck_assert(hash_equal(&hash, &decoded->sheet));
    ck_assert_int_eq(sheet_open(buffer_view(&draft.sheets[0]), &cursor, &fault), STATUS_OK);
    for (size_t i = 0; i < 3; i++) {
        ck_assert(sheet_next(&cursor, &line));
        ck_assert_uint_eq(line.name, names[i]);
        ck_assert_uint_eq(line.ordinal, i == 2 ? 1 : 0);
        hash_data(hasher, buffer_view(&draft.disclosures[i]), &hash);
        ck_assert(hash_equal(&hash, &line.digest));
        ck_assert_int_eq(disclosure_decode(buffer_view(&draft.disclosures[i]), &disclosure, &fault), STATUS_OK);
        ck_assert_uint_eq(disclosure.author, 4);
        ck_assert_uint_eq(disclosure.subject, 20);
        ck_assert(disclosure.has_ledger);
        ck_assert_mem_eq(disclosure.nonce, decoded->nonce, NONCE_BYTES);
        ck_assert(view_equal(disclosure.value.text, view_text(values[i])));
    }
    ck_assert(!sheet_next(&cursor, &line));
}
END_TEST

/* Two details with the same value must not have the same digest (SPEC 3.7, salt). */
START_TEST(test_salts_differ)
{
    (void)composer_entry(composer, 10, ROLE_SUBJECT);
    (void)composer_entry(composer, 11, ROLE_SUBJECT);
    composer_text(composer, 10, NAME_SPECIES, "Loxodonta africana");
    composer_text(composer, 11, NAME_SPECIES, "Loxodonta africana");
    finish();
    ck_assert(!hash_equal(&decoded->entries[0].sheet, &decoded->entries[1].sheet));
    ck_assert(!view_equal(buffer_view(&draft.disclosures[0]), buffer_view(&draft.disclosures[1])));
}
END_TEST

START_TEST(test_file_travels_once)
{
    struct disclosure disclosure;
    struct hash hash;

    (void)composer_entry(composer, 10, ROLE_SUBJECT);
    composer_file(composer, 10, NAME_ATTACHMENT, view_text("photo"), "image/jpeg");
    composer_file(composer, 10, NAME_ATTACHMENT, view_text("photo"), "image/jpeg");
    composer_file(composer, 10, NAME_ATTACHMENT, view_text("other"), "image/jpeg");
    finish();
    ck_assert_uint_eq(draft.attachment_count, 2);
    ck_assert_int_eq(disclosure_decode(buffer_view(&draft.disclosures[2]), &disclosure, &fault), STATUS_OK);
    ck_assert_int_eq(disclosure.value.type, VALUE_FILE);
    hash_data(hasher, view_text("other"), &hash);
    ck_assert(hash_equal(&disclosure.value.file.hash, &hash));
    ck_assert_uint_eq(disclosure.value.file.length_bytes, 5);
}
END_TEST

/* SPEC 2.1 and 4: refused before anyone signs. */
START_TEST(test_refused_details)
{
    static const char *const texts[] = {"line\nbreak", "over\u202eride", "bad \xff byte", "tab\there"};

    (void)composer_entry(composer, 10, ROLE_SUBJECT);
    composer_text(composer, 10, NAME_NOTE, texts[_i]);
    ck_assert_int_eq(composer_finish(composer, &draft, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "note"));
    ck_assert_ptr_null(draft.payload.ptr);
    ck_assert_uint_eq(draft.disclosure_count, 0);
}
END_TEST

START_TEST(test_refused_sizes)
{
    static char text[65600];

    memset(text, 'x', sizeof text - 1);
    (void)composer_entry(composer, 10, ROLE_SUBJECT);
    composer_text(composer, 10, NAME_NOTE, text);
    ck_assert_int_eq(composer_finish(composer, &draft, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "65535"));
}
END_TEST

START_TEST(test_too_many_entries)
{
    for (uint64_t i = 0; i < ACT_ENTRIES_MAX; i++) {
        ck_assert_ptr_nonnull(composer_entry(composer, i, ROLE_SUBJECT));
    }
    ck_assert_ptr_null(composer_entry(composer, ACT_ENTRIES_MAX, ROLE_SUBJECT));
    finish();
    ck_assert_uint_eq(decoded->entry_count, ACT_ENTRIES_MAX);
}
END_TEST

START_TEST(test_too_many_details)
{
    (void)composer_entry(composer, 10, ROLE_SUBJECT);
    for (int i = 0; i < SHEET_LINES_MAX + 1; i++) {
        composer_text(composer, 10, NAME_NOTE, "x");
    }
    ck_assert_int_eq(composer_finish(composer, &draft, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "4096"));
}
END_TEST

START_TEST(test_no_entry)
{
    ck_assert_int_eq(composer_finish(composer, &draft, &fault), STATUS_REFUSED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compose");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_entries_are_sorted);
    tcase_add_test(tests, test_subject_twice);
    tcase_add_test(tests, test_sheets);
    tcase_add_test(tests, test_salts_differ);
    tcase_add_test(tests, test_file_travels_once);
    tcase_add_loop_test(tests, test_refused_details, 0, 4);
    tcase_add_test(tests, test_refused_sizes);
    tcase_add_test(tests, test_too_many_entries);
    tcase_add_test(tests, test_too_many_details);
    tcase_add_test(tests, test_no_entry);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
