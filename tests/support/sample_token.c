/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_token: see the header.
 */
#include "tests/support/sample_token.h"

#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sample_tsa {
    EVP_PKEY *root_key, *key;
    X509 *root, *certificate;
};

static void must(bool good, const char *what)
{
    if (!good) {
        (void)fprintf(stderr, "sample_token: %s\n", what);
        exit(125);
    }
}

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    must(extension != NULL && X509_add_ext(certificate, extension, -1) == 1, value);
    X509_EXTENSION_free(extension);
}

/* issuer NULL: self-signed. */
static X509 *certify(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, long serial)
{
    X509 *made = X509_new();

    must(made != NULL && X509_set_version(made, X509_VERSION_3) == 1, "certificate");
    must(ASN1_INTEGER_set(X509_get_serialNumber(made), serial) == 1, "serial");
    must(ASN1_TIME_set_string_X509(X509_getm_notBefore(made), "20230101000000Z") == 1, "not before");
    must(ASN1_TIME_set_string_X509(X509_getm_notAfter(made), "20231231235959Z") == 1, "not after");
    must(X509_set_pubkey(made, key) == 1, "key");
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1,
         "name");
    X509 *by = issuer == NULL ? made : issuer;
    must(X509_set_issuer_name(made, X509_get_subject_name(by)) == 1, "issuer");
    if (issuer == NULL) {
        extend(made, by, NID_basic_constraints, "critical,CA:TRUE");
        extend(made, by, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        extend(made, by, NID_key_usage, "critical,digitalSignature");
        extend(made, by, NID_ext_key_usage, "critical,timeStamping");
    }
    must(X509_sign(made, issuer_key, EVP_sha256()) > 0, "signature");
    return made;
}

struct sample_tsa *sample_tsa_open(const char *name)
{
    struct sample_tsa *tsa = calloc(1, sizeof *tsa);

    must(tsa != NULL, "memory");
    tsa->root_key = EVP_EC_gen("P-256");
    tsa->key = EVP_EC_gen("P-256");
    must(tsa->root_key != NULL && tsa->key != NULL, "keys");
    tsa->root = certify("Root", tsa->root_key, NULL, tsa->root_key, 1);
    tsa->certificate = certify(name, tsa->key, tsa->root, tsa->root_key, 2);
    return tsa;
}

void sample_tsa_close(struct sample_tsa *tsa)
{
    EVP_PKEY_free(tsa->root_key);
    EVP_PKEY_free(tsa->key);
    X509_free(tsa->root);
    X509_free(tsa->certificate);
    free(tsa);
}

struct token_trust *sample_tsa_trust(const struct sample_tsa *tsa)
{
    struct token_trust *trust = NULL;
    struct fault fault = {0};
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;

    must(bio != NULL && PEM_write_bio_X509(bio, tsa->root) == 1, "PEM");
    long len = BIO_get_mem_data(bio, &text);
    must(token_trust_open(view_of(text, (size_t)len), &trust, &fault) == STATUS_OK, fault.text);
    BIO_free(bio);
    return trust;
}

static BIO *make_request(const struct hash *imprint)
{
    TS_REQ *request = TS_REQ_new();
    TS_MSG_IMPRINT *message = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    BIO *bio = BIO_new(BIO_s_mem());
    uint8_t digest[HASH_BYTES];

    memcpy(digest, imprint->bytes, sizeof digest);
    must(X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
             TS_MSG_IMPRINT_set_algo(message, algorithm) == 1 && TS_MSG_IMPRINT_set_msg(message, digest, HASH_BYTES) == 1 &&
             TS_REQ_set_version(request, 1) == 1 && TS_REQ_set_msg_imprint(request, message) == 1 &&
             TS_REQ_set_cert_req(request, 1) == 1 && i2d_TS_REQ_bio(bio, request) == 1,
         "request");
    TS_REQ_free(request);
    TS_MSG_IMPRINT_free(message);
    X509_ALGOR_free(algorithm);
    return bio;
}

static int given_time(TS_RESP_CTX *context, void *data, long *second, long *microsecond)
{
    (void)context;
    *second = *(const long *)data;
    *microsecond = 0;
    return 1;
}

void sample_token(const struct sample_tsa *tsa, const struct hash *imprint, uint64_t time_s, struct buffer *out)
{
    TS_RESP_CTX *context = TS_RESP_CTX_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);
    BIO *request = make_request(imprint);
    unsigned char *der = NULL;
    long second = (long)time_s;

    must(TS_RESP_CTX_set_signer_cert(context, tsa->certificate) == 1 && TS_RESP_CTX_set_signer_key(context, tsa->key) == 1 &&
             TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) == 1 && TS_RESP_CTX_set_def_policy(context, policy) == 1 &&
             TS_RESP_CTX_add_md(context, EVP_sha256()) == 1,
         "authority");
    TS_RESP_CTX_set_time_cb(context, given_time, &second);
    TS_RESP *response = TS_RESP_create_response(context, request);
    must(response != NULL && TS_RESP_get_token(response) != NULL, "token");
    int len = i2d_PKCS7(TS_RESP_get_token(response), &der);
    must(len > 0, "token");
    buffer_append(out, der, (size_t)len);
    OPENSSL_free(der);
    TS_RESP_free(response);
    TS_RESP_CTX_free(context);
    ASN1_OBJECT_free(policy);
    BIO_free(request);
}
