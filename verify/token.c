/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token: RFC 3161 tokens. OpenSSL checks the signature, the signing-certificate attribute (RFC 5035), the
 * chain and the purpose; the imprint's algorithm, the time and the digest are looked at here, because
 * TS_RESP_verify_token does not.
 * Not here: asking a TSA (ledger/).
 */
#include "verify/token.h"

#include <assert.h>
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>

enum { SECURITY_LEVEL = 2 }; /* OpenSSL's word for 112 bits: RSA of 2,048 bits, no SHA-1 */

struct token_trust {
    STACK_OF(X509) *certificates;
};

/* An OpenSSL failure as our status: out of memory is never called untrusted. */
static enum status library_fault(struct fault *fault, enum status status, const char *what)
{
    const char *data = NULL;
    int flags = 0;
    unsigned long code = ERR_peek_last_error_all(NULL, NULL, NULL, &data, &flags);
    const char *reason = ERR_reason_error_string(code);
    bool has_data = data != NULL && (flags & ERR_TXT_STRING) != 0 && data[0] != '\0';

    if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a time-stamp token");
    }
    return fault_set(fault, status, FAULT_NOWHERE, "%s: %.100s%s%.200s", what, reason == NULL ? "no reason" : reason,
                     has_data ? ", " : "", has_data ? data : "");
}

/* ---- trusted certificates ---- */

/* Never ask a person: without this, OpenSSL prompts on the terminal for an encrypted PEM block. */
static int no_password(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static enum status read_certificates(BIO *bio, STACK_OF(X509) *out, struct fault *fault)
{
    for (;;) {
        X509 *certificate = PEM_read_bio_X509(bio, NULL, no_password, NULL);
        uint64_t number = (uint64_t)sk_X509_num(out) + 1;

        if (certificate == NULL && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE && number > 1) {
            return STATUS_OK;
        }
        if (certificate == NULL || number > TOKEN_CERTIFICATES_MAX) {
            X509_free(certificate);
            return fault_set(fault, STATUS_DAMAGED, number, "certificate %llu of the trusted time-stamp "
                             "certificates cannot be read, or they are more than %d",
                             (unsigned long long)number, TOKEN_CERTIFICATES_MAX);
        }
        if (sk_X509_push(out, certificate) <= 0) {
            X509_free(certificate);
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for certificates");
        }
    }
}

enum status token_trust_open(struct view pem, struct token_trust **out, struct fault *fault)
{
    struct token_trust *trust = NULL;
    BIO *bio = NULL;
    enum status status = STATUS_MEMORY;

    /* TS works in the default library context, whatever context the token has. */
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    (void)ERR_set_mark();
    if (pem.len == 0 || pem.len > INT_MAX) {
        status = fault_set(fault, STATUS_DAMAGED, 1, "the file of trusted time-stamp certificates is empty or too long");
        goto done;
    }
    trust = calloc(1, sizeof *trust);
    bio = BIO_new_mem_buf(pem.ptr, (int)pem.len);
    if (trust != NULL) {
        trust->certificates = sk_X509_new_null();
    }
    if (trust == NULL || bio == NULL || trust->certificates == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for certificates");
        goto done;
    }
    status = read_certificates(bio, trust->certificates, fault);

done:
    (void)ERR_pop_to_mark();
    BIO_free(bio);
    if (status == STATUS_OK) {
        *out = trust;
    } else {
        token_trust_close(trust);
    }
    return status;
}

void token_trust_close(struct token_trust *trust)
{
    if (trust != NULL) {
        sk_X509_pop_free(trust->certificates, X509_free);
        free(trust);
    }
}

/* ---- genTime ---- */

/* Days from 1970-01-01 to a day of the Gregorian calendar; years from 1 March, as in text.c. */
static int64_t days_of_civil(int64_t year, int64_t month, int64_t day)
{
    int64_t from_march = month > 2 ? year : year - 1;
    int64_t era = from_march / 400;
    int64_t year_of_era = from_march % 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static bool is_leap(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The number in text[from, from + count), all digits. */
static bool take_digits(struct view text, size_t from, size_t count, unsigned *out)
{
    *out = 0;
    for (size_t i = from; i < from + count; i++) {
        if (i >= text.len || text.ptr[i] < '0' || text.ptr[i] > '9') {
            return false;
        }
        *out = *out * 10 + (unsigned)(text.ptr[i] - '0');
    }
    return true;
}

/* RFC 3161 2.4.2: YYYYMMDDhhmmss[.s...]Z, from 1970; a fraction does not end in 0. */
static bool parse_time(struct view text, uint64_t *time_s)
{
    static const unsigned days_in_month[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const size_t widths[6] = {4, 2, 2, 2, 2, 2};
    unsigned field[6];
    unsigned month_days;
    unsigned digit;
    size_t at = 0;

    for (size_t i = 0; i < 6; i++) {
        if (!take_digits(text, at, widths[i], &field[i])) {
            return false;
        }
        at += widths[i];
    }
    if (field[0] < 1970 || field[1] < 1 || field[1] > 12 || field[2] < 1 || field[3] > 23 || field[4] > 59 ||
        field[5] > 59) {
        return false;
    }
    month_days = days_in_month[field[1] - 1] + (field[1] == 2 && is_leap(field[0]) ? 1 : 0);
    if (field[2] > month_days) {
        return false;
    }
    if (at < text.len && text.ptr[at] == '.') {
        at += 1;
        if (!take_digits(text, at, 1, &digit)) {
            return false;
        }
        while (take_digits(text, at, 1, &digit)) {
            at += 1;
        }
        if (text.ptr[at - 1] == '0') {
            return false;
        }
    }
    if (at + 1 != text.len || text.ptr[at] != 'Z') {
        return false;
    }
    *time_s = (uint64_t)(days_of_civil(field[0], field[1], field[2]) * 86400 + (int64_t)field[3] * 3600 +
                         (int64_t)field[4] * 60 + (int64_t)field[5]);
    return true;
}

/* ---- checking ---- */

/* All of der as a SignedData of one signer; NULL otherwise. */
static PKCS7 *decode_token(struct view der)
{
    const unsigned char *end = der.ptr;
    PKCS7 *token;

    if (der.len == 0 || der.len > TOKEN_BYTES_MAX) {
        return NULL;
    }
    token = d2i_PKCS7(NULL, &end, (long)der.len);
    if (token == NULL) {
        return NULL;
    }
    if (end != der.ptr + der.len || !PKCS7_type_is_signed(token) || token->d.sign == NULL ||
        sk_PKCS7_SIGNER_INFO_num(PKCS7_get_signer_info(token)) != 1) {
        PKCS7_free(token);
        return NULL;
    }
    return token;
}

/* OpenSSL's chain check judges the digests of certificates, not that of the token's own signature. */
static bool digest_is_strong(PKCS7 *token)
{
    PKCS7_SIGNER_INFO *signer = sk_PKCS7_SIGNER_INFO_value(PKCS7_get_signer_info(token), 0);
    X509_ALGOR *digest = NULL;
    int nid;

    PKCS7_SIGNER_INFO_get0_algs(signer, NULL, &digest, NULL);
    nid = digest == NULL ? NID_undef : OBJ_obj2nid(digest->algorithm);
    return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512;
}

/* RFC 3161 2.4.2 messageImprint: the algorithm must be SHA-256, for OpenSSL would compare the bytes only. */
static bool imprint_holds(TS_TST_INFO *info, const struct hash *imprint)
{
    TS_MSG_IMPRINT *found = TS_TST_INFO_get_msg_imprint(info);
    ASN1_OCTET_STRING *bytes = found == NULL ? NULL : TS_MSG_IMPRINT_get_msg(found);
    X509_ALGOR *algorithm = found == NULL ? NULL : TS_MSG_IMPRINT_get_algo(found);

    return bytes != NULL && algorithm != NULL && OBJ_obj2nid(algorithm->algorithm) == NID_sha256 &&
           view_equal(view_of(ASN1_STRING_get0_data(bytes), (size_t)ASN1_STRING_length(bytes)), hash_view(imprint));
}

/* A store of the trusted certificates that takes the token's time for now. NULL without memory. */
static X509_STORE *make_store(const struct token_trust *trust, uint64_t time_s)
{
    X509_STORE *store = X509_STORE_new();
    bool good = store != NULL;

    for (int i = 0; good && i < sk_X509_num(trust->certificates); i++) {
        good = X509_STORE_add_cert(store, sk_X509_value(trust->certificates, i)) == 1;
    }
    if (!good) {
        X509_STORE_free(store);
        return NULL;
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)time_s);
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_get0_param(store), SECURITY_LEVEL);
    return store;
}

/*
 * The signature, ESS certificate, chain at time_s, purpose, version, and that a TSA name in the token is
 * one of its certificate's.
 */
static enum status check_signature(const struct token_trust *trust, PKCS7 *token, uint64_t time_s,
                                   struct fault *fault)
{
    enum status status = STATUS_OK;
    TS_VERIFY_CTX *context = TS_VERIFY_CTX_new();
    X509_STORE *store = make_store(trust, time_s);
    STACK_OF(X509) *helpers = X509_chain_up_ref(trust->certificates);

    if (context == NULL || store == NULL || helpers == NULL) {
        X509_STORE_free(store);
        sk_X509_pop_free(helpers, X509_free);
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a time-stamp token");
        goto done;
    }
    (void)TS_VERIFY_CTX_set_flags(context, TS_VFY_SIGNATURE | TS_VFY_VERSION | TS_VFY_SIGNER);
    (void)TS_VERIFY_CTX_set_store(context, store); /* the context frees both */
    (void)TS_VERIFY_CTX_set_certs(context, helpers);
    if (TS_RESP_verify_token(context, token) != 1) {
        status = library_fault(fault, STATUS_UNTRUSTED, "a time-stamp token does not hold");
    }

done:
    TS_VERIFY_CTX_free(context);
    return status;
}

/* The subject of the signer's certificate. */
static enum status read_name(const struct token_trust *trust, PKCS7 *token, struct buffer *name, struct fault *fault)
{
    enum status status = STATUS_MEMORY;
    STACK_OF(X509) *signers = PKCS7_get0_signers(token, trust->certificates, 0);
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len = 0;

    if (signers == NULL || bio == NULL ||
        X509_NAME_print_ex(bio, X509_get_subject_name(sk_X509_value(signers, 0)), 0,
                           XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) < 0) {
        status = library_fault(fault, STATUS_UNTRUSTED, "the name of a time-stamp authority cannot be read");
        goto done;
    }
    len = BIO_get_mem_data(bio, &text);
    buffer_append(name, text, len > 0 ? (size_t)len : 0);
    status = buffer_status(name, fault);

done:
    BIO_free(bio);
    sk_X509_free(signers);
    return status;
}

enum status token_check(const struct token_trust *trust, struct view der, const struct hash *imprint,
                        uint64_t *time_s, struct buffer *name, struct fault *fault)
{
    const ASN1_GENERALIZEDTIME *when = NULL;
    TS_TST_INFO *info = NULL;
    PKCS7 *token = NULL;
    uint64_t time = 0;
    enum status status;

    (void)ERR_set_mark();
    token = decode_token(der);
    if (token != NULL) {
        info = PKCS7_to_TS_TST_INFO(token);
    }
    if (info == NULL) {
        status = library_fault(fault, STATUS_DAMAGED, "not a time-stamp token of one signer in DER");
        goto done;
    }
    when = TS_TST_INFO_get_time(info);
    if (when == NULL || !parse_time(view_of(ASN1_STRING_get0_data(when), (size_t)ASN1_STRING_length(when)), &time)) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the time of a time-stamp token is not one of RFC 3161");
        goto done;
    }
    if (!imprint_holds(info, imprint)) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                           "a time-stamp token is over something else: its imprint is not the SHA-256 expected");
        goto done;
    }
    if (!digest_is_strong(token)) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                           "a time-stamp token is signed with another digest than SHA-256, SHA-384 or SHA-512");
        goto done;
    }
    status = check_signature(trust, token, time, fault);
    if (status == STATUS_OK) {
        status = read_name(trust, token, name, fault);
    }
    if (status == STATUS_OK) {
        *time_s = time;
    }

done:
    TS_TST_INFO_free(info);
    PKCS7_free(token);
    (void)ERR_pop_to_mark();
    return status;
}
