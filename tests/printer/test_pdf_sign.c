/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_sign: the signature covers the whole file, holds, has no time of its own, and leaves the attachments as they are; where it cannot be
 * made, no byte is written. What pdfsig says is in test_pdf.sh.
 */
#include "printer/pdf_sign.h"
#include "tests/printer/made_signer.h"
#include "tests/printer/small_pdf.h"

#include <openssl/cms.h>
#include <stdlib.h>

static const struct pdf_data plain = { .title = "Certificate", .language = "km" };
static const struct pdf_attachment bundle = { .name = "case.bundle", .media_type = PDF_MEDIA_BUNDLE,
                                              .bytes = { (const uint8_t *)"/ByteRange [ 0 9999999999 9999999999 9999999999 ] /Contents <00>", 64 } };

/* ---- what is signed -------------------------------------------------------------------------- */

static enum status sign_small(const struct pdf_signer *signer, size_t attachments, struct buffer *out, struct fault *fault)
{
    struct buffer pdf = { 0 };
    const struct pdf_signature signature = { .signer = signer, .reason = "វិញ្ញាបនបត្រ (certificate)", .place = "Hải Phòng" };
    small_pdf(&pdf);
    enum status status = pdf_sign(buffer_view(&pdf), &plain, &bundle, attachments, &signature, out, fault);
    buffer_free(&pdf);
    return status;
}

/* The bytes between "<" and ">" of the contents, and the two parts around; all that the byte range says must be so. */
static void split(const struct buffer *file, struct view *hex, struct view parts[2])
{
    static const char key[] = "/Type /Sig";
    const uint8_t *dictionary = memmem(file->ptr, file->len, key, sizeof key - 1);
    ck_assert_ptr_nonnull(dictionary);
    const uint8_t *range = NULL;
    for (const uint8_t *at = file->ptr; at != NULL && at < dictionary; at = memmem(at + 1, (size_t)(dictionary - at - 1), "/ByteRange [ 0 ", 15)) {
        range = at;
    }
    char *end = NULL;
    size_t open = strtoul((const char *)range + 15, &end, 10), close = strtoul(end, &end, 10), rest = strtoul(end, &end, 10);
    ck_assert(file->ptr[open] == '<' && file->ptr[close - 1] == '>' && close + rest == file->len && close - open == 2 * PDF_SIGNATURE_BYTES_MAX + 2);
    *hex = view_part(buffer_view(file), open + 1, close - open - 2);
    parts[0] = view_part(buffer_view(file), 0, open);
    parts[1] = view_part(buffer_view(file), close, rest);
}

static CMS_ContentInfo *read_cms(struct view hex)
{
    char *text = strndup((const char *)hex.ptr, hex.len);
    long len = 0;
    unsigned char *der = OPENSSL_hexstr2buf(text, &len);
    ck_assert_ptr_nonnull(der);
    const unsigned char *at = der;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, len);
    ck_assert_ptr_nonnull(cms);
    for (; at < der + len; at++) {
        ck_assert(*at == 0); /* nothing but room behind it */
    }
    OPENSSL_free(der);
    free(text);
    return cms;
}

/* OpenSSL's own verification, CAdES attributes included, of what stands in the file. */
static void check_signed(const struct buffer *file)
{
    struct view hex, parts[2];
    split(file, &hex, parts);
    CMS_ContentInfo *cms = read_cms(hex);
    CMS_SignerInfo *signed_by = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    ck_assert_int_eq(CMS_signed_get_attr_count(signed_by), 3);
    ck_assert_int_lt(CMS_signed_get_attr_by_NID(signed_by, NID_pkcs9_signingTime, -1), 0);
    BIO *content = BIO_new(BIO_s_mem());
    ck_assert(BIO_write(content, parts[0].ptr, (int)parts[0].len) > 0 && BIO_write(content, parts[1].ptr, (int)parts[1].len) > 0);
    ck_assert(CMS_verify(cms, NULL, NULL, content, NULL, CMS_DETACHED | CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1);
    BIO_free(content);
    CMS_ContentInfo_free(cms);
}

START_TEST(the_whole_file_is_signed)
{
    for (int kind = 0; kind < 2; kind++) {
        struct pdf_signer *signer = NULL;
        struct buffer out = { 0 };
        struct fault fault = { 0 };
        EVP_PKEY *key = kind == 0 ? p256 : rsa;
        ck_assert_msg(open_signer(key, key, usual, &signer, &fault) == STATUS_OK, "%s", fault.text);
        for (size_t attachments = 0; attachments < 2; attachments++) {
            buffer_reset(&out);
            ck_assert_msg(sign_small(signer, attachments, &out, &fault) == STATUS_OK, "%s", fault.text);
            check_signed(&out);
            ck_assert_ptr_nonnull(memmem(out.ptr, out.len, "/M (D:20181213020000Z)", 22));
            ck_assert_ptr_nonnull(memmem(out.ptr, out.len, "/SubFilter /ETSI.CAdES.detached", 31));
        }
        buffer_free(&out);
        pdf_signer_close(signer);
    }
}
END_TEST

/* SPEC 13.5 */
START_TEST(attachments_stay_as_they_are)
{
    struct pdf_signer *signer = NULL;
    struct buffer out = { 0 }, wanted = { 0 };
    struct fault fault = { 0 };
    ck_assert(open_signer(p256, p256, usual, &signer, &fault) == STATUS_OK && sign_small(signer, 1, &out, &fault) == STATUS_OK);
    buffer_printf(&wanted, " 0 obj\n<< /Params << /Size 64 >> /Subtype /application#2fvnd.unbroken.bundle /Type /EmbeddedFile /Length 64 >>\nstream\n%.64s\nendstream\n",
                  (const char *)bundle.bytes.ptr);
    ck_assert_ptr_nonnull(memmem(out.ptr, out.len, wanted.ptr, wanted.len));
    buffer_free(&out);
    buffer_free(&wanted);
    pdf_signer_close(signer);
}
END_TEST

START_TEST(rsa_gives_the_same_bytes)
{
    struct pdf_signer *signer = NULL;
    struct buffer a = { 0 }, b = { 0 };
    struct fault fault = { 0 };
    ck_assert(open_signer(rsa, rsa, usual, &signer, &fault) == STATUS_OK);
    ck_assert(sign_small(signer, 1, &a, &fault) == STATUS_OK && sign_small(signer, 1, &b, &fault) == STATUS_OK);
    ck_assert(view_equal(buffer_view(&a), buffer_view(&b)));
    buffer_free(&a);
    buffer_free(&b);
    pdf_signer_close(signer);
}
END_TEST

START_TEST(no_byte_out_when_it_fails)
{
    struct pdf_signer *signer = NULL;
    struct buffer once = { 0 }, out = { 0 };
    struct fault fault = { 0 };
    ck_assert(open_signer(p256, p256, usual, &signer, &fault) == STATUS_OK && sign_small(signer, 1, &once, &fault) == STATUS_OK);
    struct pdf_signature signature = { .signer = signer };
    ck_assert_int_eq(pdf_sign(buffer_view(&once), &plain, NULL, 0, &signature, &out, &fault), STATUS_REFUSED);
    ck_assert_str_eq(fault.text, "the PDF has a form or a signature already");
    fault_clear(&fault);
    ck_assert_int_eq(pdf_sign(view_of(once.ptr, once.len / 2), &plain, NULL, 0, &signature, &out, &fault), STATUS_DAMAGED);
    struct buffer pdf = { 0 };
    small_pdf(&pdf);
    signature.reason = "a\x1b[31m";
    fault_clear(&fault);
    ck_assert_int_eq(pdf_sign(buffer_view(&pdf), &plain, NULL, 0, &signature, &out, &fault), STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "the reason of the signature of the PDF") != NULL, "%s", fault.text);
    ck_assert_uint_eq(out.len, 0);
    buffer_free(&once);
    buffer_free(&pdf);
    buffer_free(&out);
    pdf_signer_close(signer);
}
END_TEST

START_TEST(certificates_have_room)
{
    char comment[1501];
    struct buffer certificates = { 0 }, key = { 0 }, out = { 0 };
    struct pdf_signer *signer = NULL;
    struct fault fault = { 0 };
    memset(comment, 'x', sizeof comment - 1);
    comment[sizeof comment - 1] = '\0';
    print_key(p256, NULL, &key);
    for (int i = 0; i < PDF_SIGNER_CERTIFICATES_MAX; i++) {
        make_certificate(p256, (struct made){ .comment = comment }, &certificates);
    }
    ck_assert(pdf_signer_open(buffer_view(&certificates), buffer_view(&key), SIGNED_AT, NULL, NULL, &signer, &fault) == STATUS_OK);
    ck_assert_int_eq(sign_small(signer, 1, &out, &fault), STATUS_REFUSED);
    ck_assert_msg(strstr(fault.text, "more than the 8192") != NULL, "%s", fault.text);
    ck_assert_uint_eq(out.len, 0);
    pdf_signer_close(signer);
    signer = NULL;
    make_certificate(p256, usual, &certificates);
    fault_clear(&fault);
    ck_assert_int_eq(pdf_signer_open(buffer_view(&certificates), buffer_view(&key), SIGNED_AT, NULL, NULL, &signer, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, PDF_SIGNER_CERTIFICATES_MAX + 1);
    ck_assert_ptr_null(signer);
    buffer_free(&certificates);
    buffer_free(&key);
    buffer_free(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pdf_sign");
    TCase *tcase = tcase_create("pdf_sign");
    tcase_set_timeout(tcase, 120);
    tcase_add_unchecked_fixture(tcase, make_keys, free_keys);
    tcase_add_test(tcase, the_whole_file_is_signed);
    tcase_add_test(tcase, attachments_stay_as_they_are);
    tcase_add_test(tcase, rsa_gives_the_same_bytes);
    tcase_add_test(tcase, no_byte_out_when_it_fails);
    tcase_add_test(tcase, certificates_have_room);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
