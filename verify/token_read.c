/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token: what an RFC 3161 token says of itself. Nothing of it is to be believed: that is token.c's work.
 */
#include "verify/token_inside.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <string.h>

enum { ACCURACY_MAX_S = 86400 };

enum status token_fault(struct fault *fault, enum status status, const char *what)
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

PKCS7 *token_decode(struct view der)
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

enum status token_signer_name(STACK_OF(X509) *helpers, PKCS7 *token, struct buffer *name, struct fault *fault)
{
    enum status status = STATUS_MEMORY;
    STACK_OF(X509) *signers = PKCS7_get0_signers(token, helpers, 0);
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len = 0;

    if (signers == NULL || bio == NULL ||
        X509_NAME_print_ex(bio, X509_get_subject_name(sk_X509_value(signers, 0)), 0,
                           XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) < 0) {
        status = token_fault(fault, STATUS_UNTRUSTED, "the name of a time-stamp authority cannot be read");
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

enum status token_latest(TS_TST_INFO *info, uint64_t time_s, uint64_t *latest_s, struct fault *fault)
{
    TS_ACCURACY *accuracy = TS_TST_INFO_get_accuracy(info);
    const ASN1_INTEGER *seconds = accuracy == NULL ? NULL : TS_ACCURACY_get_seconds(accuracy);
    uint64_t whole = 0;

    if (seconds != NULL && (ASN1_INTEGER_get_uint64(&whole, seconds) != 1 || whole > ACCURACY_MAX_S)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a time-stamp token states an accuracy of more than a day, or none that can be read");
    }
    if (accuracy != NULL && (TS_ACCURACY_get_millis(accuracy) != NULL || TS_ACCURACY_get_micros(accuracy) != NULL)) {
        whole++;
    }
    *latest_s = time_s + whole;
    return STATUS_OK;
}

enum status token_time(TS_TST_INFO *info, uint64_t *time_s, struct fault *fault)
{
    const ASN1_GENERALIZEDTIME *when = TS_TST_INFO_get_time(info);

    if (when == NULL || !parse_time(view_of(ASN1_STRING_get0_data(when), (size_t)ASN1_STRING_length(when)), time_s)) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the time of a time-stamp token is not one of RFC 3161");
    }
    return STATUS_OK;
}

/* ---- all of it ---- */

/* RFC 3161 2.4.2: the algorithm is looked at here, for OpenSSL would compare the bytes only. */
bool token_imprint(TS_TST_INFO *info, struct hash *out)
{
    TS_MSG_IMPRINT *found = TS_TST_INFO_get_msg_imprint(info);
    ASN1_OCTET_STRING *bytes = found == NULL ? NULL : TS_MSG_IMPRINT_get_msg(found);
    X509_ALGOR *algorithm = found == NULL ? NULL : TS_MSG_IMPRINT_get_algo(found);

    if (bytes == NULL || algorithm == NULL || OBJ_obj2nid(algorithm->algorithm) != NID_sha256 || ASN1_STRING_length(bytes) != HASH_BYTES) {
        return false;
    }
    memcpy(out->bytes, ASN1_STRING_get0_data(bytes), HASH_BYTES);
    return true;
}

static void read_serial(TS_TST_INFO *info, char out[TOKEN_SERIAL_BYTES])
{
    const ASN1_INTEGER *serial = TS_TST_INFO_get_serial(info);
    BIGNUM *number = serial == NULL ? NULL : ASN1_INTEGER_to_BN(serial, NULL);
    char *hex = number == NULL ? NULL : BN_bn2hex(number);

    out[0] = '\0';
    if (hex != NULL && strlen(hex) < TOKEN_SERIAL_BYTES) {
        memcpy(out, hex, strlen(hex) + 1);
    }
    OPENSSL_free(hex);
    BN_free(number);
}

enum status token_read(struct view der, struct token_facts *out, struct buffer *name, struct fault *fault)
{
    struct token_facts facts = {0};
    PKCS7 *token = NULL;
    TS_TST_INFO *info = NULL;
    STACK_OF(X509) *none = sk_X509_new_null();
    enum status status = none == NULL ? STATUS_MEMORY : STATUS_OK;

    (void)ERR_set_mark();
    token = token_decode(der);
    info = token == NULL ? NULL : PKCS7_to_TS_TST_INFO(token);
    if (status != STATUS_OK || info == NULL) {
        status = status != STATUS_OK ? fault_set(fault, status, FAULT_NOWHERE, "out of memory for a time-stamp token")
                                     : token_fault(fault, STATUS_DAMAGED, "not a time-stamp token of one signer in DER");
        goto done;
    }
    status = token_time(info, &facts.time_s, fault);
    if (status == STATUS_OK && !token_imprint(info, &facts.imprint)) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a time-stamp token is not over a SHA-256");
    }
    read_serial(info, facts.serial);
    if (OBJ_obj2txt(facts.policy, sizeof facts.policy, TS_TST_INFO_get_policy_id(info), 1) >= (int)sizeof facts.policy) {
        facts.policy[0] = '\0';
    }
    facts.certificates = token->d.sign->cert == NULL ? 0 : (size_t)sk_X509_num(token->d.sign->cert);
    facts.lists = token->d.sign->crl == NULL ? 0 : (size_t)sk_X509_CRL_num(token->d.sign->crl);
    /* Without its certificate in it, a token names nobody. */
    if (status == STATUS_OK && facts.certificates > 0) {
        status = token_signer_name(none, token, name, fault);
    }
    if (status == STATUS_OK) {
        *out = facts;
    }

done:
    (void)ERR_pop_to_mark();
    TS_TST_INFO_free(info);
    PKCS7_free(token);
    sk_X509_free(none);
    return status;
}
