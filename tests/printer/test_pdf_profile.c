/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPEC 13.5: what printer/pdf_attach.c and pdf_sign.c write is what the verifier takes out. Breaks when the two sides of the profile part: other keys
 * or another order, a filter, a title that could be taken for an attachment.
 */
#include "printer/pdf_attach.h"
#include "printer/pdf_sign.h"
#include "tests/printer/made_signer.h"
#include "tests/printer/small_pdf.h"
#include "tests/support/vectors.h"
#include "verify/pdf.h"

#include <check.h>
#include <stdlib.h>

static struct fault fault;
static struct buffer pdf, good, policy_text;
static struct view bundle, statement;
static struct hasher *hasher;
static struct policy *policy;
static struct pdf_attachment attachments[2];

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    small_pdf(&pdf);
    vectors_read("certificate-good.pdf", &good);
    vectors_read("station.policy", &policy_text);
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&policy_text), &policy, &fault), STATUS_OK);
    ck_assert_int_eq(pdf_extract(buffer_view(&good), &bundle, &statement, &fault), STATUS_OK);
    attachments[0] = (struct pdf_attachment){"case.bundle", "the proof", PDF_MEDIA_BUNDLE, bundle};
    attachments[1] = (struct pdf_attachment){"statement.cose", NULL, PDF_MEDIA_STATEMENT, statement};
    make_keys();
}

static void teardown(void)
{
    free_keys();
    policy_close(policy);
    hasher_close(hasher);
    buffer_free(&pdf);
    buffer_free(&good);
    buffer_free(&policy_text);
}

static void ck_verifies(const struct buffer *file)
{
    const struct verify_options options = {.as_of_s = NOTHING};
    struct verdict verdict;

    ck_assert_int_eq(verify_file(hasher, policy, buffer_view(file), &options, &verdict, &fault), STATUS_OK);
    ck_assert_msg(verdict.status == 0 && verdict.line_count > 0, "%s: %s", verdict.code, verdict.stop.text);
    verdict_close(&verdict);
}

START_TEST(test_attached)
{
    static const char *const titles[] = {"Certificate", "(/Subtype " PDF_BUNDLE " /Length 3 >> stream", "1 0 obj << /Subtype " PDF_STATEMENT " "};

    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        struct buffer out = {0};
        const struct pdf_data data = {.title = titles[i], .subject = titles[i], .language = "km"};
        ck_assert_msg(pdf_attach(buffer_view(&pdf), &data, attachments, 2, &out, &fault) == STATUS_OK, "%s", fault.text);
        ck_verifies(&out);
        buffer_free(&out);
    }
}
END_TEST

START_TEST(test_signed)
{
    struct buffer out = {0};
    struct pdf_signer *signer = NULL;

    ck_assert_msg(open_signer(p256, p256, usual, &signer, &fault) == STATUS_OK, "%s", fault.text);
    const struct pdf_signature signature = {.signer = signer, .reason = "certified"};
    ck_assert_msg(pdf_sign(buffer_view(&pdf), &(struct pdf_data){.title = "Certificate"}, attachments, 2, &signature, &out, &fault) == STATUS_OK, "%s",
                  fault.text);
    ck_verifies(&out);
    pdf_signer_close(signer);
    buffer_free(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pdf_profile");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_attached);
    tcase_add_test(tests, test_signed);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
