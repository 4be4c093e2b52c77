/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a time-stamp token counts that is over something else, by somebody else, by a certificate for
 * something else or out of its time; or when a good one stops counting because its certificate has expired.
 * Certificates and tokens are made here, in memory, with fixed times.
 */
#include "verify/token.h"

#include <check.h>
#include <openssl/bio.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

/* The certificates of the tests are valid in 2019 and 2020; tokens are of 2020-02-29T12:34:56Z. */
#define NOT_BEFORE "20190101000000Z"
#define NOT_AFTER "20201231235959Z"
#define TOKEN_TIME INT64_C(1582979696)

/* A password would be asked for on the terminal. */
#define ENCRYPTED_PEM                                                                                               \
    ("-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n" \
     "\nAAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n")

#define USAGE_TSA "critical,timeStamping"

struct person {
    EVP_PKEY *key;
    X509 *certificate;
};

static struct person root;
static struct person other_root;
static struct person tsa;
static struct hash imprint;
static struct fault fault;

/* ---- making certificates ---- */

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;

    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    ck_assert_ptr_nonnull(extension);
    ck_assert_int_eq(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void set_name(X509 *certificate, const char *text)
{
    X509_NAME *name = X509_get_subject_name(certificate);

    ck_assert_int_eq(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0), 1);
}

/* usage NULL: a certification authority. issuer NULL: self-signed. digest: of the certificate's signature. */
static struct person make_person(const char *name, const struct person *issuer, const char *usage,
                                 const char *not_before, const char *not_after, const EVP_MD *digest)
{
    static long serial = 1;
    struct person person = {EVP_EC_gen("P-256"), X509_new()};
    const struct person *by = issuer == NULL ? &person : issuer;

    ck_assert(person.key != NULL && person.certificate != NULL);
    ck_assert_int_eq(X509_set_version(person.certificate, X509_VERSION_3), 1);
    ck_assert_int_eq(ASN1_INTEGER_set(X509_get_serialNumber(person.certificate), serial++), 1);
    ck_assert_int_eq(ASN1_TIME_set_string_X509(X509_getm_notBefore(person.certificate), not_before), 1);
    ck_assert_int_eq(ASN1_TIME_set_string_X509(X509_getm_notAfter(person.certificate), not_after), 1);
    ck_assert_int_eq(X509_set_pubkey(person.certificate, person.key), 1);
    set_name(person.certificate, name);
    ck_assert_int_eq(X509_set_issuer_name(person.certificate, X509_get_subject_name(by->certificate)), 1);
    if (usage == NULL) {
        add_extension(person.certificate, by->certificate, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(person.certificate, by->certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    } else {
        add_extension(person.certificate, by->certificate, NID_key_usage, "critical,digitalSignature");
        if (usage[0] != '\0') {
            add_extension(person.certificate, by->certificate, NID_ext_key_usage, usage);
        }
    }
    ck_assert_int_gt(X509_sign(person.certificate, by->key, digest), 0);
    return person;
}

static void free_person(struct person *person)
{
    EVP_PKEY_free(person->key);
    X509_free(person->certificate);
}

static void append_pem(struct buffer *out, const struct person *person)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len;

    ck_assert_int_eq(PEM_write_bio_X509(bio, person->certificate), 1);
    len = BIO_get_mem_data(bio, &text);
    buffer_append(out, text, (size_t)len);
    BIO_free(bio);
}

/* ---- making tokens ---- */

/* What a token of the tests is made of; the zero of a field is the usual. */
struct recipe {
    const struct person *signer;     /* tsa */
    const struct person *attributed; /* whose hash the signing-certificate attribute has: the signer's */
    const struct person *chain;      /* embedded beside the signer */
    const char *time;                /* GeneralizedTime */
    const EVP_MD *digest;            /* SHA-256 */
    int imprint_nid;                 /* NID_sha256 */
    const char *tsa_name;            /* none */
    bool no_attribute;
    bool no_certificates;
    long version; /* 1 */
};

static void set_tsa_name(TS_TST_INFO *info, const char *text)
{
    GENERAL_NAME *general = GENERAL_NAME_new();
    X509_NAME *name = X509_NAME_new();

    ck_assert_int_eq(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0), 1);
    GENERAL_NAME_set0_value(general, GEN_DIRNAME, name);
    ck_assert_int_eq(TS_TST_INFO_set_tsa(info, general), 1);
    GENERAL_NAME_free(general);
}

static TS_TST_INFO *make_info(const struct recipe *recipe)
{
    TS_TST_INFO *info = TS_TST_INFO_new();
    TS_MSG_IMPRINT *message = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_GENERALIZEDTIME *time = ASN1_GENERALIZEDTIME_new();
    const char *text = recipe->time == NULL ? "20200229123456Z" : recipe->time;

    ck_assert_int_eq(TS_TST_INFO_set_version(info, recipe->version == 0 ? 1 : recipe->version), 1);
    ck_assert_int_eq(TS_TST_INFO_set_policy_id(info, policy), 1);
    ck_assert_int_eq(X509_ALGOR_set0(algorithm, OBJ_nid2obj(recipe->imprint_nid == 0 ? NID_sha256 : recipe->imprint_nid),
                                     V_ASN1_NULL, NULL),
                     1);
    ck_assert_int_eq(TS_MSG_IMPRINT_set_algo(message, algorithm), 1);
    ck_assert_int_eq(TS_MSG_IMPRINT_set_msg(message, imprint.bytes, HASH_BYTES), 1);
    ck_assert_int_eq(TS_TST_INFO_set_msg_imprint(info, message), 1);
    ck_assert_int_eq(ASN1_INTEGER_set(serial, 4711), 1);
    ck_assert_int_eq(TS_TST_INFO_set_serial(info, serial), 1);
    ck_assert_int_eq(ASN1_STRING_set(time, text, (int)strlen(text)), 1); /* also times that OpenSSL would refuse */
    ck_assert_int_eq(TS_TST_INFO_set_time(info, time), 1);
    if (recipe->tsa_name != NULL) {
        set_tsa_name(info, recipe->tsa_name);
    }
    X509_ALGOR_free(algorithm);
    TS_MSG_IMPRINT_free(message);
    ASN1_OBJECT_free(policy);
    ASN1_INTEGER_free(serial);
    ASN1_GENERALIZEDTIME_free(time);
    return info;
}

/* RFC 5816: the attribute that binds the signature to one certificate. */
static void add_attribute(PKCS7_SIGNER_INFO *signer, X509 *certificate)
{
    ESS_SIGNING_CERT_V2 *list = OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), certificate, NULL, 1);
    ASN1_STRING *sequence = ASN1_STRING_type_new(V_ASN1_SEQUENCE);
    unsigned char *der = NULL;
    int len = i2d_ESS_SIGNING_CERT_V2(list, &der);

    ck_assert_int_gt(len, 0);
    ASN1_STRING_set0(sequence, der, len);
    ck_assert_int_eq(
        PKCS7_add_signed_attribute(signer, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE, sequence), 1);
    ESS_SIGNING_CERT_V2_free(list);
}

/* Content of the type TSTInfo, which PKCS7_dataFinal fills. */
static PKCS7 *empty_content(void)
{
    PKCS7 *content = PKCS7_new();

    content->type = OBJ_nid2obj(NID_id_smime_ct_TSTInfo);
    content->d.other = ASN1_TYPE_new();
    ASN1_TYPE_set(content->d.other, V_ASN1_OCTET_STRING, ASN1_OCTET_STRING_new());
    return content;
}

/* A TimeStampToken after RFC 3161 2.4.2, by hand, because TS_RESP_create_response makes none that is wrong. */
static void make_token(const struct recipe *recipe, struct buffer *out)
{
    const struct person *by = recipe->signer == NULL ? &tsa : recipe->signer;
    TS_TST_INFO *info = make_info(recipe);
    PKCS7 *token = PKCS7_new();
    PKCS7_SIGNER_INFO *signer;
    BIO *content;
    unsigned char *der = NULL;
    int len;

    ck_assert_int_eq(PKCS7_set_type(token, NID_pkcs7_signed), 1);
    if (!recipe->no_certificates) {
        ck_assert_int_eq(PKCS7_add_certificate(token, by->certificate), 1);
    }
    if (recipe->chain != NULL) {
        ck_assert_int_eq(PKCS7_add_certificate(token, recipe->chain->certificate), 1);
    }
    signer = PKCS7_add_signature(token, by->certificate, by->key, recipe->digest == NULL ? EVP_sha256() : recipe->digest);
    ck_assert_ptr_nonnull(signer);
    ck_assert_int_eq(PKCS7_add_signed_attribute(signer, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                                OBJ_nid2obj(NID_id_smime_ct_TSTInfo)),
                     1);
    if (!recipe->no_attribute) {
        add_attribute(signer, recipe->attributed == NULL ? by->certificate : recipe->attributed->certificate);
    }
    ck_assert_int_eq(PKCS7_set_content(token, empty_content()), 1);
    len = i2d_TS_TST_INFO(info, &der);
    ck_assert_int_gt(len, 0);
    content = PKCS7_dataInit(token, NULL);
    ck_assert_ptr_nonnull(content);
    ck_assert_int_eq(BIO_write(content, der, len), len);
    ck_assert_int_eq(PKCS7_dataFinal(token, content), 1);
    BIO_free_all(content);
    OPENSSL_free(der);
    der = NULL;
    len = i2d_PKCS7(token, &der);
    ck_assert_int_gt(len, 0);
    buffer_append(out, der, (size_t)len);
    OPENSSL_free(der);
    PKCS7_free(token);
    TS_TST_INFO_free(info);
}

/* ---- checking ---- */

static void setup(void)
{
    fault_clear(&fault);
    for (size_t i = 0; i < HASH_BYTES; i++) {
        imprint.bytes[i] = (uint8_t)(i * 7);
    }
    root = make_person("Root", NULL, NULL, NOT_BEFORE, NOT_AFTER, EVP_sha256());
    other_root = make_person("Other root", NULL, NULL, NOT_BEFORE, NOT_AFTER, EVP_sha256());
    tsa = make_person("Time of Kratié", &root, USAGE_TSA, NOT_BEFORE, NOT_AFTER, EVP_sha256());
}

static void teardown(void)
{
    free_person(&root);
    free_person(&other_root);
    free_person(&tsa);
}

static struct token_trust *trust_in(const struct person *one, const struct person *two)
{
    struct token_trust *trust = NULL;
    struct buffer pem = {0};

    append_pem(&pem, one);
    if (two != NULL) {
        append_pem(&pem, two);
    }
    ck_assert_int_eq(token_trust_open(buffer_view(&pem), &trust, &fault), STATUS_OK);
    buffer_free(&pem);
    return trust;
}

/* Checks der under one trusted certificate; outputs are as they were unless it holds. */
static void assert_checks(struct view der, const struct hash *expected_imprint, const struct person *trusted,
                          enum status expected, const char *reason)
{
    struct token_trust *trust = trust_in(trusted, NULL);
    struct buffer name = {0};
    uint64_t time_s = 77;
    enum status status;

    fault_clear(&fault);
    status = token_check(trust, der, expected_imprint, &time_s, &name, &fault);
    ck_assert_msg(status == expected, "%d: %s", (int)status, fault.text);
    if (status == STATUS_OK) {
        ck_assert_uint_ne(time_s, 77);
    } else {
        ck_assert_uint_eq(time_s, 77);
        ck_assert_uint_eq(name.len, 0);
        ck_assert_msg(strstr(fault.text, reason) != NULL, "%s", fault.text);
    }
    buffer_free(&name);
    token_trust_close(trust);
}

static void assert_made(const struct recipe *recipe, enum status expected, const char *reason)
{
    struct buffer der = {0};

    make_token(recipe, &der);
    assert_checks(buffer_view(&der), &imprint, &root, expected, reason);
    buffer_free(&der);
}

/* Good, and good for ever: every certificate here has expired since. */
START_TEST(test_good)
{
    struct recipe recipe = {0};
    struct buffer der = {0};
    struct buffer name = {0};
    struct token_trust *trust = trust_in(&other_root, &root);
    uint64_t time_s = 0;

    make_token(&recipe, &der);
    ck_assert_msg(token_check(trust, buffer_view(&der), &imprint, &time_s, &name, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert_uint_eq(time_s, TOKEN_TIME);
    ck_assert(view_equal(buffer_view(&name), view_text("CN=Time of Kratié")));
    buffer_free(&name);
    buffer_free(&der);
    token_trust_close(trust);
}
END_TEST

/* The same by OpenSSL's own maker of tokens, so that our recipe is not the judge of itself. */
static int fixed_time(TS_RESP_CTX *context, void *data, long *second, long *microsecond)
{
    (void)context;
    (void)data;
    *second = (long)TOKEN_TIME;
    *microsecond = 0;
    return 1;
}

static BIO *make_request(void)
{
    TS_REQ *request = TS_REQ_new();
    TS_MSG_IMPRINT *message = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    BIO *bio = BIO_new(BIO_s_mem());

    ck_assert_int_eq(X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL), 1);
    ck_assert_int_eq(TS_MSG_IMPRINT_set_algo(message, algorithm), 1);
    ck_assert_int_eq(TS_MSG_IMPRINT_set_msg(message, imprint.bytes, HASH_BYTES), 1);
    ck_assert_int_eq(TS_REQ_set_version(request, 1), 1);
    ck_assert_int_eq(TS_REQ_set_msg_imprint(request, message), 1);
    ck_assert_int_eq(TS_REQ_set_cert_req(request, 1), 1);
    ck_assert_int_eq(i2d_TS_REQ_bio(bio, request), 1);
    TS_REQ_free(request);
    TS_MSG_IMPRINT_free(message);
    X509_ALGOR_free(algorithm);
    return bio;
}

START_TEST(test_made_by_openssl)
{
    TS_RESP_CTX *context = TS_RESP_CTX_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4.1", 1);
    BIO *request = make_request();
    TS_RESP *response;
    unsigned char *der = NULL;
    unsigned char *whole = NULL;
    int len;

    ck_assert_int_eq(TS_RESP_CTX_set_signer_cert(context, tsa.certificate), 1);
    ck_assert_int_eq(TS_RESP_CTX_set_signer_key(context, tsa.key), 1);
    ck_assert_int_eq(TS_RESP_CTX_set_signer_digest(context, EVP_sha256()), 1);
    ck_assert_int_eq(TS_RESP_CTX_set_def_policy(context, policy), 1);
    ck_assert_int_eq(TS_RESP_CTX_add_md(context, EVP_sha256()), 1);
    TS_RESP_CTX_set_time_cb(context, fixed_time, NULL);
    TS_RESP_CTX_add_flags(context, TS_TSA_NAME);
    response = TS_RESP_create_response(context, request);
    ck_assert_ptr_nonnull(response);
    ck_assert_ptr_nonnull(TS_RESP_get_token(response));
    len = i2d_PKCS7(TS_RESP_get_token(response), &der);
    assert_checks(view_of(der, (size_t)len), &imprint, &root, STATUS_OK, "");
    /* The answer around the token is not a token. */
    len = i2d_TS_RESP(response, &whole);
    assert_checks(view_of(whole, (size_t)len), &imprint, &root, STATUS_DAMAGED, "not a time-stamp token");
    OPENSSL_free(der);
    OPENSSL_free(whole);
    TS_RESP_free(response);
    TS_RESP_CTX_free(context);
    ASN1_OBJECT_free(policy);
    BIO_free(request);
}
END_TEST

START_TEST(test_wrong_imprint)
{
    struct recipe recipe = {0};
    struct recipe other_algorithm = {.imprint_nid = NID_sha3_256};
    struct buffer der = {0};
    struct hash wrong = imprint;

    make_token(&recipe, &der);
    wrong.bytes[31] ^= 1;
    assert_checks(buffer_view(&der), &wrong, &root, STATUS_UNTRUSTED, "imprint");
    assert_made(&other_algorithm, STATUS_UNTRUSTED, "imprint");
    buffer_free(&der);
}
END_TEST

/* Also when the token brings its own root along. */
START_TEST(test_untrusted_root)
{
    struct recipe recipe = {0};
    struct recipe with_root = {.chain = &root};
    struct buffer der = {0};

    make_token(&recipe, &der);
    assert_checks(buffer_view(&der), &imprint, &other_root, STATUS_UNTRUSTED, "certificate");
    assert_checks(buffer_view(&der), &imprint, &tsa, STATUS_UNTRUSTED, "certificate"); /* not a root */
    buffer_reset(&der);
    make_token(&with_root, &der);
    assert_checks(buffer_view(&der), &imprint, &other_root, STATUS_UNTRUSTED, "certificate");
    buffer_free(&der);
}
END_TEST

/* A certificate of the same names and another key stands for nobody. */
START_TEST(test_false_root)
{
    struct recipe recipe = {0};
    struct buffer der = {0};
    struct person twin = make_person("Root", NULL, NULL, NOT_BEFORE, NOT_AFTER, EVP_sha256());

    make_token(&recipe, &der);
    assert_checks(buffer_view(&der), &imprint, &twin, STATUS_UNTRUSTED, "certificate");
    free_person(&twin);
    buffer_free(&der);
}
END_TEST

START_TEST(test_usage)
{
    static const char *const usages[] = {"", "timeStamping", "critical,timeStamping,clientAuth", "critical,codeSigning"};

    for (size_t i = 0; i < sizeof usages / sizeof usages[0]; i++) {
        struct person person = make_person("Not a TSA", &root, usages[i], NOT_BEFORE, NOT_AFTER, EVP_sha256());
        struct recipe recipe = {.signer = &person};

        assert_made(&recipe, STATUS_UNTRUSTED, "certificate");
        free_person(&person);
    }
}
END_TEST

/* At the token's time, not today's: not yet valid, expired then, at both edges; and the root's time too. */
START_TEST(test_validity)
{
    static const struct {
        const char *time;
        enum status expected;
        const char *reason;
    } cases[] = {{"20181231235959Z", STATUS_UNTRUSTED, "not yet valid"},
                 {"20190101000000Z", STATUS_OK, ""},
                 {"20201231235958Z", STATUS_OK, ""}, /* to OpenSSL the last second itself is over */
                 {"20210101000000Z", STATUS_UNTRUSTED, "expired"},
                 {"20250101000000Z", STATUS_UNTRUSTED, "expired"}};
    struct person lasting = make_person("Lasting", &root, USAGE_TSA, NOT_BEFORE, "20991231235959Z", EVP_sha256());
    struct recipe outlived = {.signer = &lasting, .time = "20220101000000Z"};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct recipe recipe = {.time = cases[i].time};

        assert_made(&recipe, cases[i].expected, cases[i].reason);
    }
    assert_made(&outlived, STATUS_UNTRUSTED, "expired");
    free_person(&lasting);
}
END_TEST

START_TEST(test_intermediate)
{
    struct person middle = make_person("Middle", &root, NULL, NOT_BEFORE, NOT_AFTER, EVP_sha256());
    struct person below = make_person("Below", &middle, USAGE_TSA, NOT_BEFORE, NOT_AFTER, EVP_sha256());
    struct person usurped = make_person("Usurped", &tsa, USAGE_TSA, NOT_BEFORE, NOT_AFTER, EVP_sha256());
    struct recipe with = {.signer = &below, .chain = &middle};
    struct recipe without = {.signer = &below};
    struct recipe by_tsa = {.signer = &usurped, .chain = &tsa};
    struct buffer der = {0};
    struct token_trust *trust = trust_in(&root, &middle);
    struct buffer name = {0};
    uint64_t time_s = 0;

    assert_made(&with, STATUS_OK, "");
    assert_made(&without, STATUS_UNTRUSTED, "certificate");
    assert_made(&by_tsa, STATUS_UNTRUSTED, "certificate"); /* a TSA is no authority */
    make_token(&without, &der);
    ck_assert_int_eq(token_check(trust, buffer_view(&der), &imprint, &time_s, &name, &fault), STATUS_OK);
    /* An intermediate alone is not a root. */
    assert_checks(buffer_view(&der), &imprint, &middle, STATUS_UNTRUSTED, "certificate");
    buffer_free(&der);
    buffer_free(&name);
    token_trust_close(trust);
    free_person(&middle);
    free_person(&below);
    free_person(&usurped);
}
END_TEST

/* A token without certificates holds when the caller has the TSA's. */
START_TEST(test_no_certificates)
{
    struct recipe recipe = {.no_certificates = true};
    struct buffer der = {0};
    struct buffer name = {0};
    struct token_trust *trust = trust_in(&root, &tsa);
    uint64_t time_s = 0;

    make_token(&recipe, &der);
    ck_assert_int_eq(token_check(trust, buffer_view(&der), &imprint, &time_s, &name, &fault), STATUS_OK);
    ck_assert(view_equal(buffer_view(&name), view_text("CN=Time of Kratié")));
    assert_checks(buffer_view(&der), &imprint, &root, STATUS_UNTRUSTED, "does not hold");
    buffer_free(&name);
    buffer_free(&der);
    token_trust_close(trust);
}
END_TEST

START_TEST(test_attribute)
{
    struct recipe without = {.no_attribute = true};
    struct recipe of_another = {.attributed = &root};

    assert_made(&without, STATUS_UNTRUSTED, "does not hold");
    assert_made(&of_another, STATUS_UNTRUSTED, "does not hold");
}
END_TEST

START_TEST(test_names_and_version)
{
    struct recipe right = {.tsa_name = "Time of Kratié"};
    struct recipe wrong = {.tsa_name = "Royal Observatory"};
    struct recipe version = {.version = 2};

    assert_made(&right, STATUS_OK, "");
    assert_made(&wrong, STATUS_UNTRUSTED, "name");
    assert_made(&version, STATUS_UNTRUSTED, "version");
}
END_TEST

/* SHA-1 in the token's signature or in a certificate's is not taken. */
START_TEST(test_weak)
{
    struct person weak = make_person("Weak", &root, USAGE_TSA, NOT_BEFORE, NOT_AFTER, EVP_sha1());
    struct recipe weak_certificate = {.signer = &weak};
    struct recipe weak_signature = {.digest = EVP_sha1()};
    struct recipe strong = {.digest = EVP_sha512()};

    assert_made(&weak_certificate, STATUS_UNTRUSTED, "certificate");
    assert_made(&weak_signature, STATUS_UNTRUSTED, "digest");
    assert_made(&strong, STATUS_OK, "");
    free_person(&weak);
}
END_TEST

START_TEST(test_times)
{
    static const char *const bad[] = {"20200229123456",   "20200229123456+0000", "202002291234Z",     "20190229123456Z",
                                      "20200230123456Z",  "20201301123456Z",     "20200001123456Z",   "20200200123456Z",
                                      "20200229243456Z",  "20200229126056Z",     "20200229123460Z",   "20200229123456.Z",
                                      "20200229123456.50Z", "20200229123456,5Z", "20200229123456.5",  "19691231235959Z",
                                      "2020022912345 Z",  "20200229123456ZZ",    ""};
    struct recipe fraction = {.time = "20200229123456.789Z"};
    struct buffer der = {0};
    struct buffer name = {0};
    struct token_trust *trust = trust_in(&root, NULL);
    uint64_t time_s = 0;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct recipe recipe = {.time = bad[i]};

        assert_made(&recipe, STATUS_DAMAGED, "");
    }
    make_token(&fraction, &der);
    ck_assert_int_eq(token_check(trust, buffer_view(&der), &imprint, &time_s, &name, &fault), STATUS_OK);
    ck_assert_uint_eq(time_s, TOKEN_TIME);
    buffer_free(&der);
    buffer_free(&name);
    token_trust_close(trust);
}
END_TEST

/* ---- revocation lists in the token ---- */

/* reason -1: none is given. */
static X509_CRL *make_list(const struct person *by, const struct person *revoked, const char *date, int reason)
{
    X509_CRL *list = X509_CRL_new();
    ASN1_TIME *time = ASN1_TIME_new();

    ck_assert_int_eq(X509_CRL_set_version(list, 1), 1);
    ck_assert_int_eq(X509_CRL_set_issuer_name(list, X509_get_subject_name(by->certificate)), 1);
    ck_assert_int_eq(ASN1_TIME_set_string_X509(time, "20190101000000Z"), 1); /* long out of date: that is not asked */
    ck_assert_int_eq(X509_CRL_set1_lastUpdate(list, time), 1);
    ck_assert_int_eq(X509_CRL_set1_nextUpdate(list, time), 1);
    if (revoked != NULL) {
        X509_REVOKED *entry = X509_REVOKED_new();
        ASN1_ENUMERATED *code = ASN1_ENUMERATED_new();

        ck_assert_int_eq(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked->certificate)), 1);
        ck_assert_int_eq(ASN1_TIME_set_string_X509(time, date), 1);
        ck_assert_int_eq(X509_REVOKED_set_revocationDate(entry, time), 1);
        ck_assert_int_eq(ASN1_ENUMERATED_set(code, reason < 0 ? 0 : reason), 1);
        if (reason >= 0) {
            ck_assert_int_eq(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, code, 0, 0), 1);
        }
        ck_assert_int_eq(X509_CRL_add0_revoked(list, entry), 1);
        ASN1_ENUMERATED_free(code);
    }
    ck_assert_int_gt(X509_CRL_sign(list, by->key, EVP_sha256()), 0);
    ASN1_TIME_free(time);
    return list;
}

/* The token with that list in it. */
static void add_list(struct buffer *der, X509_CRL *list)
{
    const unsigned char *at = der->ptr;
    PKCS7 *token = d2i_PKCS7(NULL, &at, (long)der->len);
    unsigned char *bytes = NULL;
    int len;

    ck_assert_int_eq(PKCS7_add_crl(token, list), 1);
    len = i2d_PKCS7(token, &bytes);
    buffer_reset(der);
    buffer_append(der, bytes, (size_t)len);
    OPENSSL_free(bytes);
    PKCS7_free(token);
    X509_CRL_free(list);
}

#define BEFORE "20200101000000Z"
#define AT_THE_TIME "20200229123456Z"
#define AFTER "20200229123457Z"

/* A list takes trust away where the chain's own authority says so, and by RFC 3161 4 for the past too where the key may have been in other hands. */
START_TEST(test_revoked)
{
    struct person between = make_person("Between", &root, NULL, NOT_BEFORE, NOT_AFTER, EVP_sha256());
    struct person below = make_person("Below", &between, USAGE_TSA, NOT_BEFORE, NOT_AFTER, EVP_sha256());
    struct person twin = make_person("Root", NULL, NULL, NOT_BEFORE, NOT_AFTER, EVP_sha256());
    const struct {
        const struct person *signer, *by, *revoked;
        const char *date;
        int reason;
        bool holds;
    } cases[] = {
        {&tsa, &root, NULL, NULL, 0, true},                  /* on no list */
        {&tsa, &root, &between, BEFORE, 1, true},            /* somebody else is */
        {&tsa, &root, &tsa, BEFORE, 4, false},               /* superseded before */
        {&tsa, &root, &tsa, AT_THE_TIME, 4, false},
        {&tsa, &root, &tsa, AFTER, 4, true},                 /* superseded, unspecified, moved, closed: the past stands */
        {&tsa, &root, &tsa, AFTER, 0, true},
        {&tsa, &root, &tsa, AFTER, 3, true},
        {&tsa, &root, &tsa, AFTER, 5, true},
        {&tsa, &root, &tsa, AFTER, 1, false},                /* key compromise: it does not */
        {&tsa, &root, &tsa, AFTER, 2, false},
        {&tsa, &root, &tsa, AFTER, 6, false},                /* on hold */
        {&tsa, &root, &tsa, AFTER, -1, false},               /* no reason is the worst */
        {&tsa, &other_root, &tsa, BEFORE, 1, true},          /* another authority has no say */
        {&tsa, &twin, &tsa, BEFORE, 1, true},                /* nor has one of the same name and another key */
        {&tsa, &tsa, &tsa, BEFORE, 1, true},                 /* nor the certificate itself, which signs no lists */
        {&below, &between, &below, BEFORE, 1, false},
        {&below, &root, &between, BEFORE, 2, false},         /* the authority between */
        {&below, &root, &between, AFTER, 4, true},
        {&below, &root, &root, BEFORE, 2, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct recipe recipe = {.signer = cases[i].signer, .chain = &between};
        struct buffer der = {0};

        make_token(&recipe, &der);
        add_list(&der, make_list(cases[i].by, cases[i].revoked, cases[i].date, cases[i].reason));
        assert_checks(buffer_view(&der), &imprint, &root, cases[i].holds ? STATUS_OK : STATUS_UNTRUSTED,
                      cases[i].holds ? "" : "revocation list in it revokes");
        buffer_free(&der);
    }
    free_person(&between);
    free_person(&below);
    free_person(&twin);
}
END_TEST

/* What a token says of itself, without any trust. */
START_TEST(test_read)
{
    struct recipe recipe = {.signer = &tsa};
    struct recipe wrong = {.signer = &tsa, .imprint_nid = NID_sha3_256};
    struct buffer der = {0};
    struct buffer name = {0};
    struct token_facts facts = {.time_s = 77};

    make_token(&recipe, &der);
    add_list(&der, make_list(&root, NULL, NULL, 0));
    ck_assert_int_eq(token_read(buffer_view(&der), &facts, &name, &fault), STATUS_OK);
    ck_assert_uint_eq(facts.time_s, (uint64_t)TOKEN_TIME);
    ck_assert(hash_equal(&facts.imprint, &imprint));
    ck_assert_str_eq(facts.serial, "1267");
    ck_assert_str_eq(facts.policy, "1.2.3.4.1");
    ck_assert_uint_eq(facts.certificates, 1);
    ck_assert_uint_eq(facts.lists, 1);
    ck_assert(view_equal(buffer_view(&name), view_text("CN=Time of Kratié")));
    facts.time_s = 77;
    ck_assert_int_eq(token_read(view_text("garbage"), &facts, &name, NULL), STATUS_DAMAGED);
    buffer_reset(&der);
    make_token(&wrong, &der);
    ck_assert_int_eq(token_read(buffer_view(&der), &facts, &name, NULL), STATUS_DAMAGED);
    ck_assert_uint_eq(facts.time_s, 77);
    buffer_free(&der);
    buffer_free(&name);
}
END_TEST

/* Every byte damaged and every length cut: never accepted for another time, never a crash. */
START_TEST(test_damaged)
{
    struct recipe recipe = {0};
    struct buffer der = {0};
    struct token_trust *trust = trust_in(&root, NULL);
    size_t accepted = 0;

    make_token(&recipe, &der);
    for (size_t at = 0; at < der.len; at++) {
        struct buffer name = {0};
        uint64_t time_s = 77;
        enum status status;

        fault_clear(&fault);
        der.ptr[at] ^= 0x04;
        status = token_check(trust, buffer_view(&der), &imprint, &time_s, &name, &fault);
        der.ptr[at] ^= 0x04;
        ck_assert(status == STATUS_OK || status == STATUS_DAMAGED || status == STATUS_UNTRUSTED);
        ck_assert_uint_eq(time_s, status == STATUS_OK ? (uint64_t)TOKEN_TIME : 77);
        accepted += status == STATUS_OK ? 1 : 0;
        fault_clear(&fault);
        ck_assert_int_ne(token_check(trust, view_part(buffer_view(&der), 0, at), &imprint, &time_s, &name, &fault),
                         STATUS_OK);
        buffer_free(&name);
    }
    /* A few bytes outside the signed parts say nothing (versions of the envelope). */
    ck_assert_uint_lt(accepted, 20);
    buffer_append(&der, "", 1);
    assert_checks(buffer_view(&der), &imprint, &root, STATUS_DAMAGED, "not a time-stamp token");
    assert_checks(view_of(NULL, 0), &imprint, &root, STATUS_DAMAGED, "not a time-stamp token");
    buffer_free(&der);
    token_trust_close(trust);
}
END_TEST

START_TEST(test_trust_refused)
{
    static const char *const bad[] = {
        "", "text\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ENCRYPTED_PEM};
    struct token_trust *trust = NULL;
    struct buffer pem = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        fault_clear(&fault);
        ck_assert_int_eq(token_trust_open(view_text(bad[i]), &trust, &fault), STATUS_DAMAGED);
        ck_assert_uint_eq(fault.at, 1);
        ck_assert_ptr_null(trust);
    }
    append_pem(&pem, &root);
    buffer_append_view(&pem, view_text(bad[2]));
    fault_clear(&fault);
    ck_assert_int_eq(token_trust_open(buffer_view(&pem), &trust, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, 2);
    buffer_reset(&pem);
    for (size_t i = 0; i <= TOKEN_CERTIFICATES_MAX; i++) {
        append_pem(&pem, &root);
    }
    fault_clear(&fault);
    ck_assert_int_eq(token_trust_open(buffer_view(&pem), &trust, &fault), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, TOKEN_CERTIFICATES_MAX + 1);
    ck_assert_ptr_null(trust);
    token_trust_close(NULL);
    buffer_free(&pem);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("token");
    Suite *suite = suite_create("token");
    SRunner *runner = NULL;
    int failed;

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_good);
    tcase_add_test(tests, test_made_by_openssl);
    tcase_add_test(tests, test_wrong_imprint);
    tcase_add_test(tests, test_untrusted_root);
    tcase_add_test(tests, test_false_root);
    tcase_add_test(tests, test_usage);
    tcase_add_test(tests, test_validity);
    tcase_add_test(tests, test_intermediate);
    tcase_add_test(tests, test_no_certificates);
    tcase_add_test(tests, test_attribute);
    tcase_add_test(tests, test_names_and_version);
    tcase_add_test(tests, test_weak);
    tcase_add_test(tests, test_times);
    tcase_add_test(tests, test_revoked);
    tcase_add_test(tests, test_read);
    tcase_add_test(tests, test_damaged);
    tcase_add_test(tests, test_trust_refused);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
