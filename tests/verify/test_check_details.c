/* SPDX-License-Identifier: Apache-2.0 */
/*
 * V11 and the end of V12. Breaks when a detail passes in the place of another, when a sheet cut short is read, when an order
 * covers more than it names, or when the same findings are told in another order.
 */
#include "tests/support/sample_check.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct sample_check s;

static void teardown(void)
{
    sample_check_close(&s);
}

/* A bundle up to, and not with, V11. */
static void begin(const char *file)
{
    sample_check_close(&s);
    sample_check_open(&s, file, "station.policy");
    sample_check_run(&s, AT_RECORDS, AT_DETAILS);
    ck_assert_str_eq(sample_check_code(&s), "");
}

static void setup(void)
{
    memset(&s, 0, sizeof s);
}

static const char *details(void)
{
    sample_check_run(&s, AT_DETAILS, AT_CUSTODY);
    return sample_check_code(&s);
}

/* The digest says which disclosure is meant; what stands there must be the one. */
START_TEST(test_every_disclosure_for_every_disclosure)
{
    begin("values.bundle");
    size_t count = s.check.bundle.disclosure_count;
    for (size_t i = 0; i < count * count; i++) {
        begin("values.bundle");
        s.check.bundle.disclosures[i / count] = s.check.bundle.disclosures[i % count];
        ck_assert_str_eq(details(), i / count == i % count ? "" : "detail");
    }
    ck_assert_uint_eq(s.verdict.details, count);
}
END_TEST

START_TEST(test_every_cut)
{
    begin("values.bundle");
    for (size_t part = 0; part < 2; part++) {
        struct view whole = part == 0 ? s.check.bundle.sheets[0] : s.check.bundle.disclosures[0];
        for (size_t len = 0; len < whole.len; len++) {
            begin("values.bundle");
            struct view *place = part == 0 ? &s.check.bundle.sheets[0] : &s.check.bundle.disclosures[0];
            *place = view_part(*place, 0, len);
            ck_assert_str_eq(details(), part == 0 ? "malformed-sheet" : "detail");
        }
    }
}
END_TEST

START_TEST(test_every_sheet_for_every_sheet)
{
    begin("values.bundle");
    size_t count = s.check.bundle.sheet_count;
    for (size_t i = 0; i < count * count; i++) {
        begin("values.bundle");
        s.check.bundle.sheets[i / count] = s.check.bundle.sheets[i % count];
        const char *code = details();
        ck_assert_msg((code[0] == '\0') == (i / count == i % count), "sheet %zu as %zu: \"%s\"", i % count, i / count, code);
    }
}
END_TEST

/* SPEC 3.7: an order covers the name that it states on the subject that it states. Witnesses (63) of case 6 are withheld. */
START_TEST(test_extent)
{
    begin("withheld-by-order.bundle");
    ck_assert_uint_eq(s.check.extents.count, 1);
    ck_assert_str_eq(details(), "");
    ck_assert_uint_eq(s.verdict.withheld_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct verdict_withheld *withheld = &s.verdict.withheld[i];
        ck_assert(withheld->record == 6 && withheld->subject == 6 && withheld->name == 63 && withheld->ordinal == i &&
                  !withheld->erased && withheld->under == s.check.extents.items[0].under);
    }
    /* Another subject or name; an erasure of another record, or of the act as a whole. */
    static const struct extent others[] = {{7, 63, NOTHING, 7}, {6, 62, NOTHING, 7}, {5, 63, 6, 7}, {6, 0, NOTHING, 7},
                                           {6, 63, 5, 7}, {NOTHING, 63, 6, 7}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        begin("withheld-by-order.bundle");
        s.check.extents.items[0] = others[i];
        ck_assert_str_eq(details(), "withheld");
        ck_assert_uint_eq(s.verdict.stop.record, 6);
        ck_assert_uint_eq(s.verdict.withheld_count, 0);
    }
}
END_TEST

/* SPEC V11: a sheet that stands in many places makes many withheld details out of few bytes. */
START_TEST(test_bound)
{
    begin("withheld-by-order.bundle");
    s.verdict.withheld_cap = 1000000;
    s.verdict.withheld = calloc(s.verdict.withheld_cap, sizeof *s.verdict.withheld);
    ck_assert_ptr_nonnull(s.verdict.withheld);
    s.verdict.withheld_count = 999999;
    ck_assert_str_eq(details(), "limits");
    ck_assert_int_eq(s.verdict.stop.status, 2);
    ck_assert_uint_eq(s.verdict.stop.record, 6);
    ck_assert_uint_eq(s.verdict.withheld_count, 1000000);
}
END_TEST

/* Where both an order and an erasure cover a name, the erasure is told, whichever comes first. */
START_TEST(test_erased_is_told)
{
    for (size_t first = 0; first < 2; first++) {
        begin("withheld-by-order.bundle");
        ck_assert_uint_ge(s.check.extents.cap, 4);
        s.check.extents.items[first] = (struct extent){.subject = 6, .name = 63, .record = 6, .under = 9};
        s.check.extents.items[1 - first] = (struct extent){.subject = 6, .name = 63, .record = NOTHING, .under = 7};
        s.check.extents.items[2] = (struct extent){.subject = 6, .name = 63, .record = 6, .under = 8};
        s.check.extents.items[3] = (struct extent){.subject = 6, .name = 63, .record = 5, .under = 6};
        s.check.extents.count = 4;
        ck_assert_str_eq(details(), "");
        ck_assert(s.verdict.withheld[0].erased && s.verdict.withheld[1].erased);
        ck_assert(s.verdict.withheld[0].under == 8 && s.verdict.withheld[1].under == 8);
    }
}
END_TEST

/* SPEC 3.7: a detail of the act as a whole is covered by an order on any subject which that record touches, and no other. */
START_TEST(test_act_as_a_whole)
{
    for (uint64_t subject = 0; subject < 9; subject++) {
        begin("withheld-of-the-act.bundle");
        for (size_t i = 0; i < s.check.extents.count; i++) {
            struct extent *extent = &s.check.extents.items[i];
            extent->subject = extent->name == NAME_NOTE ? subject : extent->subject;
        }
        ck_assert_str_eq(details(), subject == 6 ? "" : "withheld");
        bool of_the_act = false;
        for (size_t i = 0; i < s.verdict.withheld_count; i++) {
            of_the_act = of_the_act || (s.verdict.withheld[i].record == 12 && s.verdict.withheld[i].subject == NOTHING);
        }
        ck_assert_int_eq(of_the_act, subject == 6);
    }
}
END_TEST

static void report(const char *code, bool breach, uint64_t record, uint64_t subject)
{
    struct finding finding = {.code = code, .breach = breach, .record = record, .subject = subject};

    s.check.source.report(s.check.source.context, &finding);
}

/* By record, breaches first, subject, code: reported in any order. */
START_TEST(test_order_of_findings)
{
    static const struct finding sorted[] = {
        {.code = "mass", .breach = true, .record = 3, .subject = 9},   {.code = "drift", .record = 3, .subject = 2},
        {.code = "mass", .breach = true, .record = 4, .subject = 6},   {.code = "pieces", .breach = true, .record = 4, .subject = 6},
        {.code = "mass", .breach = true, .record = 4, .subject = NOTHING}, {.code = "claimed", .record = 4, .subject = NOTHING},
        {.code = "void", .breach = true, .record = NOTHING, .subject = 1},
    };
    enum { COUNT = sizeof sorted / sizeof sorted[0] };

    for (size_t turn = 0; turn < COUNT; turn++) {
        begin("values.bundle");
        for (size_t i = 0; i < COUNT; i++) {
            const struct finding *one = &sorted[(i * 3 + turn) % COUNT];
            report(one->code, one->breach, one->record, one->subject);
        }
        sample_check_run(&s, AT_DETAILS, AT_VIEWS);
        ck_assert_uint_eq(s.verdict.finding_count, COUNT);
        for (size_t i = 0; i < COUNT; i++) {
            const struct finding *finding = &s.verdict.findings[i];
            ck_assert(strcmp(finding->code, sorted[i].code) == 0 && finding->record == sorted[i].record &&
                      finding->subject == sorted[i].subject);
        }
    }
}
END_TEST

/*
 * SPEC 7.3.17c: doubted from that index on, and before the record that says so. Two doubts, of which neither reaches the other: what was signed between
 * them is not doubted, and the later one is not forgotten for the earlier. Records of person 3 in the vector: see v_basic.py.
 */
START_TEST(test_doubted)
{
    begin("doubted-twice.bundle");
    sample_check_run(&s, AT_DETAILS, AT_VIEWS);
    ck_assert_uint_eq(sample_check_findings(&s, "key-doubted"), 2);
    for (size_t i = 0; i < s.verdict.finding_count; i++) {
        const struct finding *finding = &s.verdict.findings[i];
        bool right = strcmp(finding->code, "key-doubted") != 0 || (finding->subject == 3 && (finding->record == 5 || finding->record == 9));
        ck_assert_msg(right, "record %d", (int)finding->record);
    }
}
END_TEST

/* The finding stands at the record that was corrected, and names the one that corrects. */
START_TEST(test_corrected)
{
    begin("corrected.bundle");
    sample_check_run(&s, AT_DETAILS, AT_VIEWS);
    ck_assert_uint_eq(s.verdict.finding_count, 1);
    ck_assert_str_eq(s.verdict.findings[0].code, "corrected");
    ck_assert_uint_eq(s.verdict.findings[0].record, 6);
    ck_assert_uint_eq(s.verdict.findings[0].subject, 6);
    ck_assert_ptr_nonnull(strstr(s.verdict.findings[0].text, "record 7"));
}
END_TEST

/* What the replay found before it met an unknown kind is no judgement of custody. */
START_TEST(test_unknown_kind_leaves_nothing)
{
    begin("values.bundle");
    report("mass", true, 6, 6);
    s.check.replay.unknown_kind = true;
    sample_check_run(&s, AT_DETAILS, AT_VIEWS);
    ck_assert_str_eq(sample_check_code(&s), "");
    ck_assert_uint_eq(s.verdict.finding_count, 0);
}
END_TEST

/* Of what the replay could not judge, a withheld orphan is a note; anything else stops. */
START_TEST(test_custody_not_judged)
{
    begin("values.bundle");
    stop_set(&s.check.custody, 2, "orphan", 7, NOTHING, "withheld");
    sample_check_run(&s, AT_DETAILS, AT_VIEWS);
    ck_assert_str_eq(sample_check_code(&s), "");
    ck_assert_uint_eq(s.verdict.note_count, 1);
    ck_assert_str_eq(s.verdict.notes[0].code, "orphan");
    ck_assert_uint_eq(s.verdict.notes[0].record, 7);
    begin("values.bundle");
    stop_set(&s.check.custody, 2, "libraries", 7, NOTHING, "they differ");
    sample_check_run(&s, AT_DETAILS, AT_VIEWS);
    ck_assert_str_eq(sample_check_code(&s), "libraries");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check_details");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_every_disclosure_for_every_disclosure);
    tcase_add_test(tests, test_every_cut);
    tcase_add_test(tests, test_every_sheet_for_every_sheet);
    tcase_add_test(tests, test_extent);
    tcase_add_test(tests, test_bound);
    tcase_add_test(tests, test_erased_is_told);
    tcase_add_test(tests, test_act_as_a_whole);
    tcase_add_test(tests, test_order_of_findings);
    tcase_add_test(tests, test_doubted);
    tcase_add_test(tests, test_corrected);
    tcase_add_test(tests, test_unknown_kind_leaves_nothing);
    tcase_add_test(tests, test_custody_not_judged);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
