/* SPDX-License-Identifier: Apache-2.0 */
/* made_signer: keys and certificates of any kind, made in the test, for the tests of printer/pdf_sign*.c. Included as text. */
#ifndef UNBROKEN_TESTS_MADE_SIGNER_H
#define UNBROKEN_TESTS_MADE_SIGNER_H

#include "printer/pdf_signer.h"

#include <check.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define SIGNED_AT 1544666400 /* 2018-12-13T02:00:00Z */
#define DAY 86400

static EVP_PKEY *p256, *rsa;

static inline void make_keys(void)
{
    p256 = EVP_EC_gen("P-256");
    rsa = EVP_RSA_gen(2048);
    ck_assert(p256 != NULL && rsa != NULL);
}

static inline void free_keys(void)
{
    EVP_PKEY_free(p256);
    EVP_PKEY_free(rsa);
}

/* ---- certificates and keys ------------------------------------------------------------------- */

struct made {
    const char *usage, *comment; /* NULL: without */
    int64_t from_s, to_s;        /* beside SIGNED_AT; both 0: a year around it */
};

static inline void add_extension(X509 *certificate, int nid, const char *value)
{
    if (value != NULL) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
        ck_assert(extension != NULL && X509_add_ext(certificate, extension, -1) == 1);
        X509_EXTENSION_free(extension);
    }
}

/* Appends a self-signed certificate in PEM. */
static inline void make_certificate(EVP_PKEY *key, struct made made, struct buffer *out)
{
    X509 *certificate = X509_new();
    BIO *pem = BIO_new(BIO_s_mem());
    char *text = NULL;
    bool year = made.from_s == 0 && made.to_s == 0;
    ck_assert(X509_set_version(certificate, X509_VERSION_3) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(certificate), 41) == 1);
    ck_assert(ASN1_TIME_set(X509_getm_notBefore(certificate), SIGNED_AT + (year ? -180 * DAY : made.from_s)) != NULL);
    ck_assert(ASN1_TIME_set(X509_getm_notAfter(certificate), SIGNED_AT + (year ? 180 * DAY : made.to_s)) != NULL);
    X509_NAME *name = X509_get_subject_name(certificate);
    ck_assert(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)"សុខ ដារ៉ា", -1, -1, 0) == 1);
    ck_assert(X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1);
    add_extension(certificate, NID_key_usage, made.usage);
    add_extension(certificate, NID_netscape_comment, made.comment);
    ck_assert(X509_sign(certificate, key, EVP_PKEY_is_a(key, "ED25519") ? NULL : EVP_sha256()) > 0);
    ck_assert(PEM_write_bio_X509(pem, certificate) == 1);
    long len = BIO_get_mem_data(pem, &text);
    buffer_append(out, text, (size_t)len);
    BIO_free(pem);
    X509_free(certificate);
}

static inline void print_key(EVP_PKEY *key, const char *passphrase, struct buffer *out)
{
    BIO *pem = BIO_new(BIO_s_mem());
    char *text = NULL;
    ck_assert(PEM_write_bio_PKCS8PrivateKey(pem, key, passphrase == NULL ? NULL : EVP_aes_256_cbc(), passphrase, passphrase == NULL ? 0 : (int)strlen(passphrase),
                                            NULL, NULL) == 1);
    long len = BIO_get_mem_data(pem, &text);
    buffer_append(out, text, (size_t)len);
    BIO_free(pem);
}

static inline enum status open_signer(EVP_PKEY *certified, EVP_PKEY *key, struct made made, struct pdf_signer **out, struct fault *fault)
{
    struct buffer certificate = { 0 }, pem = { 0 };
    make_certificate(certified, made, &certificate);
    print_key(key, NULL, &pem);
    enum status status = pdf_signer_open(buffer_view(&certificate), buffer_view(&pem), SIGNED_AT, NULL, NULL, out, fault);
    buffer_free(&certificate);
    buffer_free(&pem);
    return status;
}

static const struct made usual = { .usage = "critical,digitalSignature" };

#endif
