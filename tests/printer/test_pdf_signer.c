/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_signer: a key or certificate with which a viewer would not show a good signature is refused, with words that say why; a person is
 * asked for a passphrase once, and only where there is one.
 */
#include "tests/printer/made_signer.h"

#include <openssl/err.h>

static void signer_refused(EVP_PKEY *certified, EVP_PKEY *key, struct made made, enum status status, const char *words)
{
    struct pdf_signer *signer = NULL;
    struct fault fault = { 0 };
    ck_assert_int_eq(open_signer(certified, key, made, &signer, &fault), status);
    ck_assert_msg(strstr(fault.text, words) != NULL, "no '%s' in: %s", words, fault.text);
    ck_assert_ptr_null(signer);
}

/* ---- who may sign ---------------------------------------------------------------------------- */

START_TEST(other_keys_are_refused)
{
    EVP_PKEY *small = EVP_RSA_gen(1024), *p384 = EVP_EC_gen("P-384"), *ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    signer_refused(small, small, usual, STATUS_REFUSED, "RSA key has 1024 bits");
    signer_refused(p384, p384, usual, STATUS_REFUSED, "of kind EC secp384r1: PDF signatures need P-256 or RSA");
    signer_refused(ed25519, ed25519, usual, STATUS_REFUSED, "of kind ED25519: PDF signatures need P-256 or RSA");
    EVP_PKEY_free(small);
    EVP_PKEY_free(p384);
    EVP_PKEY_free(ed25519);
}
END_TEST

START_TEST(certificate_and_key_belong_together)
{
    EVP_PKEY *other = EVP_EC_gen("P-256");
    signer_refused(other, p256, usual, STATUS_UNTRUSTED, "does not belong to the signer's key");
    signer_refused(rsa, p256, usual, STATUS_UNTRUSTED, "does not belong to the signer's key");
    EVP_PKEY_free(other);
}
END_TEST

START_TEST(certificate_is_valid_at_that_time)
{
    struct pdf_signer *signer = NULL;
    struct fault fault = { 0 };
    signer_refused(p256, p256, (struct made){ .from_s = -20 * DAY, .to_s = -1 }, STATUS_REFUSED,
                   "valid from 2018-11-23T02:00:00Z to 2018-12-13T01:59:59Z, not at the time of signing, 2018-12-13T02:00:00Z");
    signer_refused(p256, p256, (struct made){ .from_s = 1, .to_s = DAY }, STATUS_REFUSED, "valid from 2018-12-13T02:00:01Z");
    ck_assert(open_signer(p256, p256, (struct made){ .from_s = 0, .to_s = 1 }, &signer, &fault) == STATUS_OK);
    pdf_signer_close(signer);
}
END_TEST

START_TEST(certificate_is_for_signing)
{
    static const char *const allowed[] = { NULL, "digitalSignature", "nonRepudiation", "digitalSignature,keyEncipherment" };
    static const char *const not[] = { "keyEncipherment", "keyCertSign,cRLSign", "critical,keyAgreement" };
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        struct pdf_signer *signer = NULL;
        struct fault fault = { 0 };
        ck_assert_msg(open_signer(p256, p256, (struct made){ .usage = allowed[i] }, &signer, &fault) == STATUS_OK, "%s", fault.text);
        pdf_signer_close(signer);
    }
    for (size_t i = 0; i < sizeof not / sizeof not[0]; i++) {
        signer_refused(p256, p256, (struct made){ .usage = not[i] }, STATUS_REFUSED, "not for signing documents");
    }
}
END_TEST

START_TEST(only_pem_is_read)
{
    struct buffer certificate = { 0 }, key = { 0 };
    struct pdf_signer *signer = NULL;
    make_certificate(p256, usual, &certificate);
    print_key(p256, NULL, &key);
    const struct view bad[] = { view_text(""), view_text("no PEM"), view_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
                                view_text("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"), view_part(buffer_view(&key), 0, 60),
                                view_part(buffer_view(&certificate), 0, 200) };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct fault fault = { 0 };
        ck_assert_int_eq(pdf_signer_open(bad[i], buffer_view(&key), SIGNED_AT, NULL, NULL, &signer, &fault), STATUS_DAMAGED);
        ck_assert_msg(strstr(fault.text, "certificate") != NULL, "%s", fault.text);
        fault_clear(&fault);
        ck_assert_int_eq(pdf_signer_open(buffer_view(&certificate), bad[i], SIGNED_AT, NULL, NULL, &signer, &fault), STATUS_DAMAGED);
        ck_assert_msg(strstr(fault.text, "key") != NULL, "%s", fault.text);
    }
    ck_assert_ptr_null(signer);
    ck_assert_uint_eq(ERR_peek_error(), 0); /* OpenSSL's queue is left as it was */
    buffer_free(&certificate);
    buffer_free(&key);
}
END_TEST

/* ---- passphrases ----------------------------------------------------------------------------- */

struct asked {
    const char *answer; /* NULL: the person gives up */
    int times;
};

static enum status answer(void *context, struct view *passphrase, struct fault *fault)
{
    struct asked *asked = context;
    asked->times++;
    if (asked->answer == NULL) {
        return fault_set(fault, STATUS_INTERRUPTED, FAULT_NOWHERE, "stopped");
    }
    *passphrase = view_text(asked->answer);
    return STATUS_OK;
}

START_TEST(encrypted_keys_ask_once)
{
    struct buffer certificate = { 0 }, key = { 0 };
    struct pdf_signer *signer = NULL;
    struct fault fault = { 0 };
    make_certificate(p256, usual, &certificate);
    print_key(p256, "ពាក្យសម្ងាត់", &key);
    struct asked asked = { .answer = "ពាក្យសម្ងាត់" };
    ck_assert(pdf_signer_open(buffer_view(&certificate), buffer_view(&key), SIGNED_AT, answer, &asked, &signer, &fault) == STATUS_OK);
    ck_assert_int_eq(asked.times, 1);
    pdf_signer_close(signer);
    signer = NULL;
    asked = (struct asked){ .answer = "wrong" };
    ck_assert_int_eq(pdf_signer_open(buffer_view(&certificate), buffer_view(&key), SIGNED_AT, answer, &asked, &signer, &fault), STATUS_UNTRUSTED);
    ck_assert_str_eq(fault.text, "the passphrase of the signer's key is wrong");
    ck_assert_int_eq(asked.times, 1);
    asked = (struct asked){ 0 };
    fault_clear(&fault);
    ck_assert_int_eq(pdf_signer_open(buffer_view(&certificate), buffer_view(&key), SIGNED_AT, answer, &asked, &signer, &fault), STATUS_INTERRUPTED);
    ck_assert_str_eq(fault.text, "stopped");
    fault_clear(&fault);
    ck_assert_int_eq(pdf_signer_open(buffer_view(&certificate), buffer_view(&key), SIGNED_AT, NULL, NULL, &signer, &fault), STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "its passphrase is needed") != NULL, "%s", fault.text);
    ck_assert_ptr_null(signer);
    buffer_free(&certificate);
    buffer_free(&key);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pdf_signer");
    TCase *tcase = tcase_create("pdf_signer");
    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, make_keys, free_keys);
    tcase_add_test(tcase, other_keys_are_refused);
    tcase_add_test(tcase, certificate_and_key_belong_together);
    tcase_add_test(tcase, certificate_is_valid_at_that_time);
    tcase_add_test(tcase, certificate_is_for_signing);
    tcase_add_test(tcase, only_pem_is_read);
    tcase_add_test(tcase, encrypted_keys_ask_once);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
