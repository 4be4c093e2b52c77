/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The names of details (SPEC 5.4; that they are SPEC.md's is for test_acts). Breaks when a number or a name stands twice,
 * when a number is cut to fit, when a name almost right is taken, or when the program's own constants mean another name.
 */
#include "verify/acts.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct detail_name *names;
static size_t count;

static void setup(void)
{
    names = detail_names(&count);
    ck_assert_uint_gt(count, 50);
}

static void teardown(void)
{
}

START_TEST(test_there_and_back)
{
    for (size_t i = 0; i < count; i++) {
        ck_assert_ptr_eq(detail_by_number(names[i].number), &names[i]);
        ck_assert_ptr_eq(detail_by_name(view_text(names[i].name)), &names[i]);
        ck_assert(i == 0 || names[i - 1].number < names[i].number);
        ck_assert_uint_gt(names[i].number, 0);
        for (const char *c = names[i].name; *c != '\0'; c++) {
            ck_assert((*c >= 'a' && *c <= 'z') || *c == '-');
        }
    }
}
END_TEST

/* All numbers up to 2^17 and the same modulo 2^16, 2^32 and 2^53: a detail of another number is another detail. */
START_TEST(test_numbers)
{
    size_t found = 0;

    for (uint64_t number = 0; number < UINT64_C(1) << 17; number++) {
        found += detail_by_number(number) != NULL ? 1 : 0;
    }
    ck_assert_uint_eq(found, count);
    for (size_t i = 0; i < count; i++) {
        ck_assert_ptr_null(detail_by_number(names[i].number + (UINT64_C(1) << 16)));
        ck_assert_ptr_null(detail_by_number(names[i].number + (UINT64_C(1) << 32)));
        ck_assert_ptr_null(detail_by_number(names[i].number + (UINT64_C(1) << 53)));
    }
    ck_assert_ptr_null(detail_by_number(UINT64_MAX));
}
END_TEST

/* A letter less, a letter more, a capital, a NUL behind: none of them is the name. */
START_TEST(test_names_almost_right)
{
    for (size_t i = 0; i < count; i++) {
        char text[64] = {0};
        size_t len = strlen(names[i].name);

        memcpy(text, names[i].name, len);
        ck_assert_ptr_null(detail_by_name(view_of(text, len - 1)));
        ck_assert_ptr_null(detail_by_name(view_of(text, len + 1)));
        ck_assert_ptr_null(detail_by_name(view_of(text + 1, len - 1)));
        text[0] = (char)(text[0] - 'a' + 'A');
        ck_assert_ptr_null(detail_by_name(view_of(text, len)));
    }
    ck_assert_ptr_null(detail_by_name(view_of(NULL, 0)));
}
END_TEST

/* The rules ask for details by these constants. */
START_TEST(test_constants)
{
    static const struct {
        unsigned number;
        const char *name;
        enum detail_type type;
    } known[] = {
        {NAME_NOTE, "note", DETAIL_TEXT}, {NAME_REMARKS, "remarks", DETAIL_TEXT}, {NAME_REASON, "reason", DETAIL_TEXT},
        {NAME_DESCRIPTION, "description", DETAIL_TEXT}, {NAME_ATTACHMENT, "attachment", DETAIL_FILE},
        {NAME_RECEIPT, "receipt", DETAIL_FILE}, {NAME_AUTHORITY, "authority", DETAIL_TEXT}, {NAME_ORDER, "order", DETAIL_TEXT},
        {NAME_PERSON, "person-name", DETAIL_TEXT}, {NAME_AGENCY, "agency", DETAIL_TEXT}, {NAME_PLACE, "place-name", DETAIL_TEXT},
        {NAME_DOCKET, "docket", DETAIL_TEXT}, {NAME_LAW, "law", DETAIL_TEXT}, {NAME_SEIZURE_TIME, "seizure-time", DETAIL_TEXT},
        {NAME_SEIZURE_PLACE, "seizure-place", DETAIL_TEXT}, {NAME_OWNER, "owner", DETAIL_TEXT}, {NAME_WITNESS, "witness", DETAIL_TEXT},
        {NAME_REF, "ref", DETAIL_TEXT}, {NAME_SPECIES, "species", DETAIL_TEXT}, {NAME_SPECIMEN, "specimen", DETAIL_TEXT},
        {NAME_UNIT, "unit", DETAIL_TEXT}, {NAME_LENGTH, "length-mm", DETAIL_INT}, {NAME_MARKS, "marks", DETAIL_TEXT},
        {NAME_CONDITION, "condition", DETAIL_TEXT}, {NAME_PACKAGE, "package", DETAIL_TEXT},
        {NAME_LISTED_WEIGHT, "listed-weight", DETAIL_TEXT}, {NAME_SCALE, "scale", DETAIL_TEXT},
        {NAME_DRIFT, "drift-explanation", DETAIL_TEXT}, {NAME_COUNTERPARTY, "counterparty", DETAIL_TEXT},
        {NAME_FINDING, "finding", DETAIL_TEXT}, {NAME_IDENTIFICATION, "identification", DETAIL_TEXT},
        {NAME_RECIPIENT, "recipient", DETAIL_TEXT}, {NAME_DISCLOSED, "disclosed", DETAIL_TEXT}, {NAME_ORPHAN, "orphan-act", DETAIL_BYTES},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const struct detail_name *name = detail_by_number(known[i].number);

        ck_assert_ptr_nonnull(name);
        ck_assert_str_eq(name->name, known[i].name);
        ck_assert_int_eq(name->type, known[i].type);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("details");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_there_and_back);
    tcase_add_test(tests, test_numbers);
    tcase_add_test(tests, test_names_almost_right);
    tcase_add_test(tests, test_constants);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
