/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPEC V17 as the printer uses it: what is drafted from a bundle and sealed must verify, in every state that a bundle can be in. Breaks when draft and
 * check differ, or when a reader is shown parts of a certificate that does not hold. Each field altered, each wrong signer: the vectors certificate-*.pdf.
 */
#include "verify/certificate.h"
#include "verify/pdf.h"
#include "tests/support/sample_keys.h"
#include "tests/support/vectors.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct hasher *hasher;
static struct fault fault;

static void setup(void)
{
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
}

static void teardown(void)
{
    hasher_close(hasher);
}

static enum status count_reader(void *context, struct check *check, struct fault *why)
{
    (void)why;
    ck_assert_ptr_nonnull(check->certificate);
    ck_assert_uint_gt(check->verdict->line_count, 0);
    *(size_t *)context += 1;
    return STATUS_OK;
}

/* Drafts, signs as that person, verifies. The status of the verdict. */
static int certify(const char *file, const char *policy_name, const char *person, struct signer signer, struct verdict *verdict)
{
    struct buffer data = {0}, policy_text = {0}, header = {0}, payload = {0}, to_sign = {0}, sealed = {0};
    struct policy *policy = NULL;
    struct statement statement;
    struct public_key key = {.algorithm = KEY_ED25519, .len = ED25519_BYTES};
    struct verify_options options = {.as_of_s = NOTHING};
    struct hash kid;
    uint8_t signature[SIGNATURE_BYTES];
    size_t seen = 0;

    vectors_read(file, &data);
    vectors_read(policy_name, &policy_text);
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&policy_text), &policy, &fault), STATUS_OK);
    ck_assert_msg(verify_read(hasher, policy, buffer_view(&data), &options, certificate_draft, &statement, verdict, &fault) == STATUS_OK, "%s",
                  fault.text);
    verdict_close(verdict);
    statement.made_s = 1700000000;
    statement.offset_min = 420;
    statement.template = view_text("general");
    statement.certifier = signer;
    sample_public_key(person, key.bytes);
    public_key_id(hasher, &key, &kid);
    sig_header_encode(KEY_ED25519, &kid, &header);
    ck_assert_int_eq(statement_encode(&statement, &payload, &fault), STATUS_OK);
    statement_to_sign(buffer_view(&header), buffer_view(&payload), &to_sign);
    sample_signature(person, buffer_view(&to_sign), signature);
    statement_seal(buffer_view(&header), buffer_view(&payload), signature, &sealed);
    ck_assert_int_eq(verify_certificate(hasher, policy, buffer_view(&sealed), buffer_view(&data), &options, count_reader, &seen, verdict, &fault),
                     STATUS_OK);
    ck_assert_uint_eq(seen, verdict->stop.status == 0 ? 1 : 0);
    policy_close(policy);
    struct buffer *const all[] = {&data, &policy_text, &header, &payload, &to_sign, &sealed};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        buffer_free(all[i]);
    }
    return verdict->status;
}

START_TEST(test_draft_verifies)
{
    struct verdict verdict;
    const struct signer dara = {4, 1, 3}, anna = {1, 1, 1};

    ck_assert_msg(certify("case-three-items.bundle", "station.policy", "dara", dara, &verdict) == 0, "%s: %s", verdict.code, verdict.stop.text);
    ck_assert_str_eq(verdict.lines[0].label, "Certificate");
    ck_assert(view_equal(buffer_view(&verdict.lines[0].value), view_text(verdict.certificate)));
    ck_assert(hash_equal(&verdict.policy, &verdict.certified_policy));
    verdict_close(&verdict);
    ck_assert_int_eq(certify("unseen-release.bundle", "station.policy", "dara", dara, &verdict), 3);
    verdict_close(&verdict);
    ck_assert_int_eq(certify("smallest.bundle", "station.policy", "anna", anna, &verdict), 0);
    verdict_close(&verdict);
}
END_TEST

/* Another person's key, an office that he does not have: no lines, and nobody is shown anything. */
START_TEST(test_not_the_certifier)
{
    struct verdict verdict;

    ck_assert_int_eq(certify("case-three-items.bundle", "station.policy", "chan", (struct signer){4, 1, 3}, &verdict), 1);
    ck_assert_str_eq(verdict.code, "certifier");
    ck_assert_uint_eq(verdict.stop.subject, 4);
    ck_assert_uint_eq(verdict.line_count, 0);
    ck_assert_str_eq(verdict.certificate, "");
    verdict_close(&verdict);
    ck_assert_int_eq(certify("case-three-items.bundle", "station.policy", "dara", (struct signer){4, 1, 2}, &verdict), 1);
    verdict_close(&verdict);
    ck_assert_int_eq(certify("case-three-items.bundle", "station.policy", "dara", (struct signer){NUM_MAX, 1, 3}, &verdict), 1);
    ck_assert_str_eq(verdict.code, "certifier");
    verdict_close(&verdict);
}
END_TEST

/* What cannot be judged is not certified. */
START_TEST(test_nothing_to_certify)
{
    struct buffer data = {0}, policy_text = {0};
    struct policy *policy = NULL;
    struct statement statement;
    struct verify_options options = {.as_of_s = NOTHING};
    struct verdict verdict;

    vectors_read("kind-unknown.bundle", &data);
    vectors_read("station.policy", &policy_text);
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&policy_text), &policy, &fault), STATUS_OK);
    ck_assert_int_eq(verify_read(hasher, policy, buffer_view(&data), &options, certificate_draft, &statement, &verdict, &fault), STATUS_REFUSED);
    ck_assert_ptr_nonnull(strstr(fault.text, "nothing to certify"));
    verdict_close(&verdict);
    policy_close(policy);
    buffer_free(&data);
    buffer_free(&policy_text);
}
END_TEST

/* Every third byte of a signed statement altered, each bit in its turn: never intact. */
START_TEST(test_flips)
{
    struct buffer file = {0}, policy_text = {0};
    struct policy *policy = NULL;
    struct verify_options options = {.as_of_s = NOTHING};
    struct view bundle, statement;
    uint8_t bytes[STATEMENT_BYTES_MAX];

    vectors_read("certificate-good.pdf", &file);
    vectors_read("station.policy", &policy_text);
    ck_assert_int_eq(policy_parse(hasher, buffer_view(&policy_text), &policy, &fault), STATUS_OK);
    ck_assert_int_eq(pdf_extract(buffer_view(&file), &bundle, &statement, &fault), STATUS_OK);
    for (size_t i = 0; i < statement.len; i += 3) {
        struct verdict verdict;
        memcpy(bytes, statement.ptr, statement.len);
        bytes[i] ^= (uint8_t)(1u << (i % 8));
        ck_assert_int_eq(verify_certificate(hasher, policy, view_of(bytes, statement.len), bundle, &options, NULL, NULL, &verdict, &fault), STATUS_OK);
        ck_assert_msg(verdict.status == 1 || (verdict.status == 2 && verdict.stop.status == 2), "byte %zu: %s", i, verdict.code);
        ck_assert_uint_eq(verdict.line_count, 0);
        verdict_close(&verdict);
    }
    policy_close(policy);
    buffer_free(&file);
    buffer_free(&policy_text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("certificate");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_draft_verifies);
    tcase_add_test(tests, test_not_the_certifier);
    tcase_add_test(tests, test_nothing_to_certify);
    tcase_add_test(tests, test_flips);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
