/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPEC 13.5. Breaks when a marker inside an attachment counts, when a stream that is not stored as it is passes, or when a file made to be slow is
 * slow. Each rule has a vector too (certificate-pdf-*.pdf), and tests/verify/test_main.sh takes a PDF that qpdf wrote.
 */
#include "verify/pdf.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define ONE(name, bytes, length) "\n1 0 obj\n<< /Subtype /application#2fvnd.unbroken." name " /Length " length " >>\nstream\n" bytes "endstream\nendobj\n"
#define PDF "%PDF-1.5"
#define BOTH PDF ONE("bundle", "abc", "3") ONE("statement", "defg", "4")

static struct fault fault;
static struct view bundle, statement;

static enum status take(struct view file)
{
    fault_clear(&fault);
    return pdf_extract(file, &bundle, &statement, &fault);
}

START_TEST(test_good)
{
    static const char *const files[] = {
        BOTH,
        PDF ONE("statement", "defg", "4") ONE("bundle", "abc", "3"),
        PDF ONE("bundle", "abc\n", "3") ONE("statement", "defg", "4") "%%EOF\n",
        /* words that are no dictionary of a stream */
        PDF " /Subtype /application#2fvnd.unbroken.bundle " ONE("bundle", "abc", "3") ONE("statement", "defg", "4"),
        PDF "\n7 0 obj\n<< /T (/Subtype /application#2fvnd.unbroken.bundle ) >>\nendobj" ONE("bundle", "abc", "3") ONE("statement", "defg", "4"),
        BOTH "\n9 0 obj\n<< /Subtype /application#2fvnd.unbroken.bundle >>",
        /* an object number that does not begin a line is none: the one before is the object */
        PDF "\n1 0 obj\n<< /A 12 0 obj\n<< /Subtype /application#2fvnd.unbroken.bundle /Length 3 >>\nstream\nabcendstream" ONE("statement", "defg", "4"),
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        ck_assert_msg(take(view_text(files[i])) == STATUS_OK, "%zu: %s", i, fault.text);
        ck_assert(view_equal(bundle, view_text("abc")) && view_equal(statement, view_text("defg")));
    }
}
END_TEST

START_TEST(test_inside)
{
    struct buffer file = {0};
    const char inside[] = ONE("bundle", "xyz", "3");

    buffer_printf(&file, "%s\n1 0 obj\n<< /Subtype %s /Length %zu >>\nstream\n%sendstream%s", PDF, PDF_BUNDLE, sizeof inside - 1, inside,
                  ONE("statement", "", "0"));
    ck_assert_int_eq(take(buffer_view(&file)), STATUS_OK);
    ck_assert(view_equal(bundle, view_text(inside)));
    ck_assert_uint_eq(statement.len, 0);
    buffer_free(&file);
}
END_TEST

START_TEST(test_refused)
{
    static const char *const files[] = {
        PDF, "%PDF", PDF ONE("bundle", "abc", "3"), PDF ONE("statement", "abc", "3"),
        BOTH ONE("bundle", "abc", "3"), BOTH ONE("statement", "abc", "3"), BOTH ONE("other", "abc", "3"), BOTH ONE("bundles", "abc", "3"),
        PDF ONE("bundle", "abc", "2") ONE("statement", "d", "1"), PDF ONE("bundle", "abc", "4") ONE("statement", "d", "1"),
        PDF ONE("bundle", "abc", "03") ONE("statement", "d", "1"), PDF ONE("bundle", "abc", "3 0 R") ONE("statement", "d", "1"),
        PDF ONE("bundle", "abc", "-3") ONE("statement", "d", "1"), PDF ONE("bundle", "abc", "") ONE("statement", "d", "1"),
        PDF ONE("bundle", "abc", "99999999999999999999") ONE("statement", "d", "1"), PDF ONE("bundle", "abc", "3 /Length 3") ONE("statement", "d", "1"),
        PDF ONE("bundle", "abc", "3 /Filter /X") ONE("statement", "d", "1"), PDF ONE("bundle", "abc", "3 /F(x)") ONE("statement", "d", "1"),
        PDF ONE("bundle", "abc", "3 /DecodeParms 1") ONE("statement", "d", "1"),
        PDF ONE("bundle", "abc", "3 /Subtype /application#2fvnd.unbroken.bundle") ONE("statement", "d", "1"),
        PDF " 1 0 obj\n<< /Subtype /application#2fvnd.unbroken.bundle /Length 3 >>\nstream\nabcendstream" ONE("statement", "d", "1"),
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        ck_assert_msg(take(view_text(files[i])) == STATUS_DAMAGED, "%zu", i);
    }
    for (size_t len = 0; len < strlen(BOTH) - strlen("\nendobj\n"); len++) {
        ck_assert_int_eq(take(view_of(BOTH, len)), STATUS_DAMAGED);
    }
    ck_assert(pdf_is(view_text(PDF)) && !pdf_is(view_text("%PDF")) && !pdf_is(view_text(" %PDF-")));
}
END_TEST

/* A hundred thousand of everything that is searched for: linear, this takes no time; quadratic, it would not end. */
START_TEST(test_hostile)
{
    static const char *const words[] = {"/Subtype /application#2fvnd.unbroken.bundle ", "\n1 0 obj\n<<", ">>\nstream\n", "endobj", " 0 obj\n<<",
                                        "\n1 0 obj\n<< /Subtype /application#2fvnd.unbroken.bundle ", "/Subtype /Subtype ", "////", "    "};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct buffer file = {0};
        buffer_printf(&file, "%s\n1 0 obj\n<<", PDF);
        for (size_t j = 0; j < 100000; j++) {
            buffer_printf(&file, "%s", words[i]);
        }
        buffer_printf(&file, ">>\nstream\n");
        ck_assert_int_eq(take(buffer_view(&file)), STATUS_DAMAGED);
        buffer_free(&file);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pdf");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_test(tests, test_good);
    tcase_add_test(tests, test_inside);
    tcase_add_test(tests, test_refused);
    tcase_add_test(tests, test_hostile);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
