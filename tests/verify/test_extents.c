/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What orders and erasures cover (SPEC 3.7). Breaks when an order of an officer counts, an erasure reaches another record, a detail of the
 * act as a whole is erased for one of its subjects alone, or an orphan's bytes can be erased.
 */
#include "verify/acts.h"
#include "verify/extents.h"
#include "verify/state.h"

#include <check.h>
#include <stdlib.h>

/* CBOR arrays of names. */
static const uint8_t both[] = {0x82, 0x18, 0x3d, 0x18, 0x3f};   /* 61, 63 */
static const uint8_t witness[] = {0x81, 0x18, 0x3f};            /* 63 */
static const uint8_t suspect[] = {0x81, 0x18, 0x3d};            /* 61 */
static const uint8_t orphan[] = {0x82, 0x18, 0x3f, 0x18, 0x96}; /* 63, 150 */

static struct act *act;

static void begin(enum kind kind, enum office office)
{
    act = calloc(1, sizeof *act);
    ck_assert_ptr_nonnull(act);
    act->kind = kind;
    act->signers[0].capacity = office;
    act->signer_count = 1;
    act->present = kind == KIND_ERASE ? BIT(PAY_AMENDS) : 0;
    act->amends_index = 12;
}

static void name(uint64_t subject, const uint8_t *names, size_t len)
{
    struct entry *entry = &act->entries[act->entry_count++];

    entry->subject = subject;
    entry->facts.present = BIT(FACT_NAMES);
    entry->facts.names = view_of(names, len);
}

#define NAME(subject, names) name(subject, names, sizeof names)

static void add(struct extents *extents, uint64_t index, size_t links)
{
    struct fault fault = {0};

    ck_assert_int_eq(extents_add(extents, index, act, links, &fault), STATUS_OK);
    free(act);
    extents_sort(extents);
}

START_TEST(test_order)
{
    struct extents extents = {0};

    begin(KIND_ORDER, OFFICE_PROSECUTOR);
    NAME(7, both);
    NAME(9, witness);
    add(&extents, 30, 0);
    begin(KIND_ORDER, OFFICE_COURT);
    NAME(9, both);
    add(&extents, 20, 0);
    ck_assert_uint_eq(extents_ordered(&extents, 7, 63), 30);
    ck_assert_uint_eq(extents_ordered(&extents, 7, 61), 30);
    ck_assert_uint_eq(extents_ordered(&extents, 9, 63), 20);
    ck_assert_uint_eq(extents_ordered(&extents, 9, 61), 20);
    ck_assert_uint_eq(extents_ordered(&extents, 8, 63), NOTHING);
    ck_assert_uint_eq(extents_ordered(&extents, 7, 62), NOTHING);
    ck_assert_uint_eq(extents_ordered(&extents, NOTHING, 63), NOTHING);
    for (uint64_t record = 0; record < 40; record++) {
        ck_assert_uint_eq(extents_erased(&extents, record, 7, 63), NOTHING);
    }
    extents_free(&extents);
}
END_TEST

START_TEST(test_who)
{
    for (enum office office = OFFICE_NONE; office < OFFICE_COUNT; office++) {
        struct extents extents = {0};
        bool may = office == OFFICE_PROSECUTOR || office == OFFICE_COURT;

        begin(KIND_ORDER, office);
        NAME(7, witness);
        add(&extents, 30, 1);
        ck_assert_uint_eq(extents_ordered(&extents, 7, 63), may ? 30 : NOTHING);
        extents_free(&extents);
    }
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        struct extents extents = {0};

        begin(kind, OFFICE_PROSECUTOR);
        NAME(7, witness);
        add(&extents, 30, 1);
        ck_assert_uint_eq(extents.count, kind == KIND_ORDER ? 1 : kind == KIND_ERASE ? 2 : 0);
        extents_free(&extents);
    }
}
END_TEST

START_TEST(test_erasure)
{
    struct extents extents = {0};

    begin(KIND_ERASE, OFFICE_REGISTRAR);
    NAME(7, both);
    NAME(9, witness);
    add(&extents, 30, 2);
    for (uint64_t record = 0; record < 40; record++) {
        bool here = record == 12;

        ck_assert_uint_eq(extents_erased(&extents, record, 7, 61), here ? 30 : NOTHING);
        ck_assert_uint_eq(extents_erased(&extents, record, 9, 63), here ? 30 : NOTHING);
        ck_assert_uint_eq(extents_erased(&extents, record, 9, 61), NOTHING);
        /* Of the act as a whole: what is listed for each. */
        ck_assert_uint_eq(extents_erased(&extents, record, NOTHING, 63), here ? 30 : NOTHING);
        ck_assert_uint_eq(extents_erased(&extents, record, NOTHING, 61), NOTHING);
    }
    ck_assert_uint_eq(extents_ordered(&extents, 7, 63), NOTHING);
    extents_free(&extents);
}
END_TEST

START_TEST(test_in_part)
{
    struct extents extents = {0};

    /* Two of three subjects; then two acts that make up all of two. */
    begin(KIND_ERASE, OFFICE_REGISTRAR);
    NAME(7, witness);
    NAME(9, witness);
    add(&extents, 30, 3);
    ck_assert_uint_eq(extents_erased(&extents, 12, NOTHING, 63), NOTHING);
    begin(KIND_ERASE, OFFICE_REGISTRAR);
    NAME(7, witness);
    NAME(9, suspect);
    add(&extents, 31, 2);
    ck_assert_uint_eq(extents_erased(&extents, 12, NOTHING, 63), NOTHING);
    ck_assert_uint_eq(extents_erased(&extents, 12, NOTHING, 61), NOTHING);
    ck_assert_uint_eq(extents_erased(&extents, 12, 9, 61), 31);
    ck_assert_uint_eq(extents_erased(&extents, 12, 7, 63), 30);
    extents_free(&extents);
}
END_TEST

START_TEST(test_orphan)
{
    struct extents extents = {0};

    begin(KIND_ERASE, OFFICE_REGISTRAR);
    NAME(7, orphan);
    add(&extents, 30, 1);
    ck_assert_uint_eq(extents_erased(&extents, 12, 7, NAME_ORPHAN), NOTHING);
    ck_assert_uint_eq(extents_erased(&extents, 12, NOTHING, NAME_ORPHAN), NOTHING);
    ck_assert_uint_eq(extents_erased(&extents, 12, NOTHING, 63), 30);
    extents_free(&extents);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("extents");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_test(tests, test_order);
    tcase_add_test(tests, test_who);
    tcase_add_test(tests, test_erasure);
    tcase_add_test(tests, test_in_part);
    tcase_add_test(tests, test_orphan);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
