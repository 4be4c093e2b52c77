/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp: the chain of a token's signer, revocation lists, and both put into the token. They stand outside of what is signed (RFC 5652 5.1).
 */
#include "ledger/timestamp_inside.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { SECURITY_LEVEL = 2 }; /* as token_check has it */

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a time-stamp");
}

/* A PEM block that is encrypted is not asked about on the terminal. */
static int no_password(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

enum status timestamp_trusted(struct view pem, STACK_OF(X509) **out, struct fault *fault)
{
    STACK_OF(X509) *all = sk_X509_new_null();
    BIO *bio = BIO_new_mem_buf(pem.ptr, pem.len > INT_MAX ? 0 : (int)pem.len);
    bool good = all != NULL && bio != NULL;
    X509 *one = NULL;

    (void)ERR_set_mark();
    while (good && (one = PEM_read_bio_X509(bio, NULL, no_password, NULL)) != NULL) {
        good = sk_X509_push(all, one) > 0;
        if (!good) {
            X509_free(one);
        }
    }
    (void)ERR_pop_to_mark();
    BIO_free(bio);
    if (!good) {
        sk_X509_pop_free(all, X509_free);
        return no_memory(fault);
    }
    *out = all;
    return STATUS_OK;
}

/* ---- the chain ------------------------------------------------------------------------------- */

/* A list from after the token's time knows more than one from before. */
static int forgive_later_lists(int good, X509_STORE_CTX *context)
{
    return good == 1 || X509_STORE_CTX_get_error(context) == X509_V_ERR_CRL_NOT_YET_VALID ? 1 : 0;
}

static X509_STORE *make_store(STACK_OF(X509) *trusted, STACK_OF(X509_CRL) *lists, uint64_t time_s)
{
    X509_STORE *store = X509_STORE_new();
    bool good = store != NULL;

    for (int i = 0; good && i < sk_X509_num(trusted); i++) {
        good = X509_STORE_add_cert(store, sk_X509_value(trusted, i)) == 1;
    }
    for (int i = 0; good && lists != NULL && i < sk_X509_CRL_num(lists); i++) {
        good = X509_STORE_add_crl(store, sk_X509_CRL_value(lists, i)) == 1;
    }
    if (!good) {
        X509_STORE_free(store);
        return NULL;
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)time_s);
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_get0_param(store), SECURITY_LEVEL);
    if (lists != NULL) {
        (void)X509_VERIFY_PARAM_set_flags(X509_STORE_get0_param(store), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    }
    return store;
}

static enum status refuse_chain(X509_STORE_CTX *context, struct fault *fault)
{
    int error = X509_STORE_CTX_get_error(context);
    X509 *at = X509_STORE_CTX_get_current_cert(context);
    char name[200] = "the time-stamp authority";

    if (error == X509_V_ERR_OUT_OF_MEM) {
        return no_memory(fault);
    }
    if (at != NULL) {
        (void)X509_NAME_oneline(X509_get_subject_name(at), name, sizeof name);
    }
    if (error == X509_V_ERR_CERT_REVOKED) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the certificate of %s is revoked", name);
    }
    return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the certificate of %s does not hold: %s", name, X509_verify_cert_error_string(error));
}

enum status timestamp_chain(PKCS7 *token, STACK_OF(X509) *trusted, STACK_OF(X509_CRL) *lists, uint64_t time_s, STACK_OF(X509) **chain,
                            struct fault *fault)
{
    enum status status = STATUS_MEMORY;
    STACK_OF(X509) *signers = PKCS7_get0_signers(token, trusted, 0);
    STACK_OF(X509) *helpers = sk_X509_dup(trusted);
    X509_STORE *store = make_store(trusted, lists, time_s);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    bool good = signers != NULL && helpers != NULL && store != NULL && context != NULL;

    for (int i = 0; good && i < sk_X509_num(token->d.sign->cert); i++) {
        good = sk_X509_push(helpers, sk_X509_value(token->d.sign->cert, i)) > 0;
    }
    if (!good || X509_STORE_CTX_init(context, store, sk_X509_value(signers, 0), helpers) != 1 ||
        X509_STORE_CTX_set_purpose(context, X509_PURPOSE_TIMESTAMP_SIGN) != 1) {
        (void)no_memory(fault);
        goto done;
    }
    X509_STORE_CTX_set_verify_cb(context, forgive_later_lists);
    if (X509_verify_cert(context) != 1) {
        status = refuse_chain(context, fault);
        goto done;
    }
    *chain = X509_STORE_CTX_get1_chain(context);
    status = *chain == NULL ? no_memory(fault) : STATUS_OK;

done:
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    sk_X509_free(helpers);
    sk_X509_free(signers);
    return status;
}

/* ---- revocation lists ------------------------------------------------------------------------ */

static enum status push_list(STACK_OF(X509_CRL) *out, X509_CRL *list, struct fault *fault)
{
    if (sk_X509_CRL_num(out) >= TIMESTAMP_LISTS_MAX) {
        X509_CRL_free(list);
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "there are more than %d revocation lists", TIMESTAMP_LISTS_MAX);
    }
    if (sk_X509_CRL_push(out, list) <= 0) {
        X509_CRL_free(list);
        return no_memory(fault);
    }
    return STATUS_OK;
}

static enum status read_pem(struct view file, STACK_OF(X509_CRL) *out, struct fault *fault)
{
    enum status status = STATUS_OK;
    BIO *bio = BIO_new_mem_buf(file.ptr, (int)file.len);
    int before = sk_X509_CRL_num(out);

    if (bio == NULL) {
        return no_memory(fault);
    }
    while (status == STATUS_OK) {
        X509_CRL *list = PEM_read_bio_X509_CRL(bio, NULL, no_password, NULL);

        if (list == NULL && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE && sk_X509_CRL_num(out) > before) {
            break;
        }
        status = list == NULL ? token_fault(fault, STATUS_DAMAGED, "a revocation list cannot be read") : push_list(out, list, fault);
    }
    BIO_free(bio);
    return status;
}

enum status timestamp_lists_read(struct view file, STACK_OF(X509_CRL) *out, struct fault *fault)
{
    const unsigned char *end = file.ptr;
    X509_CRL *list = NULL;
    enum status status;

    if (file.len == 0 || file.len > TIMESTAMP_LIST_BYTES_MAX) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "a revocation list is empty or longer than %d bytes", TIMESTAMP_LIST_BYTES_MAX);
    }
    (void)ERR_set_mark();
    list = d2i_X509_CRL(NULL, &end, (long)file.len);
    if (list != NULL && end == file.ptr + file.len) {
        status = push_list(out, list, fault);
    } else {
        X509_CRL_free(list);
        status = read_pem(file, out, fault);
    }
    (void)ERR_pop_to_mark();
    return status;
}

/* The first http address that a distribution point names in full. */
static const char *address_of(const DIST_POINT *point)
{
    if (point->distpoint == NULL || point->distpoint->type != 0) {
        return NULL;
    }
    for (int i = 0; i < sk_GENERAL_NAME_num(point->distpoint->name.fullname); i++) {
        int type = 0;
        const ASN1_STRING *text = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(point->distpoint->name.fullname, i), &type);
        const char *bytes = type == GEN_URI ? (const char *)ASN1_STRING_get0_data(text) : NULL;

        if (bytes != NULL && strncmp(bytes, "http://", 7) == 0 && strlen(bytes) == (size_t)ASN1_STRING_length(text)) {
            return bytes;
        }
    }
    return NULL;
}

static void ask_for(struct fetch_request *requests, size_t *count, const char *url)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(requests[i].url, url) == 0) {
            return;
        }
    }
    if (*count < TIMESTAMP_LISTS_MAX) {
        requests[(*count)++] = (struct fetch_request){.url = url, .answer_max = TIMESTAMP_LIST_BYTES_MAX};
    }
}

static enum status take_lists(const struct fetch_request *requests, const struct fetch_answer *answers, size_t count, STACK_OF(X509_CRL) *out,
                              struct fault *fault)
{
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        struct fault inner = {0};

        if (answers[i].status != STATUS_OK) {
            return fault_set(fault, answers[i].status, FAULT_NOWHERE, "the revocation list is not had: %.400s", answers[i].fault.text);
        }
        if (answers[i].http_status != 200) {
            return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the revocation list is not had: %.200s: HTTP status %ld", requests[i].url,
                             answers[i].http_status);
        }
        status = timestamp_lists_read(buffer_view(&answers[i].body), out, &inner);
        if (status != STATUS_OK) {
            (void)fault_set(fault, status, FAULT_NOWHERE, "%.200s: %.250s", requests[i].url, inner.text);
        }
    }
    return status;
}

/* A URI of a certificate holds only what an address may: what goes on into messages is printable ASCII. */
static bool is_plain(const char *url)
{
    for (; *url != '\0'; url++) {
        if (*url <= ' ' || *url > '~') {
            return false;
        }
    }
    return true;
}

static enum status fetch_named(struct fetcher *fetcher, CRL_DIST_POINTS *const *points, size_t point_count, STACK_OF(X509_CRL) *out,
                               struct fault *fault)
{
    struct fetch_request requests[TIMESTAMP_LISTS_MAX];
    struct fetch_answer answers[TIMESTAMP_LISTS_MAX] = {0};
    size_t count = 0;
    enum status status;

    for (size_t i = 0; i < point_count; i++) {
        const char *url = NULL;

        for (int at = 0; url == NULL && at < sk_DIST_POINT_num(points[i]); at++) {
            url = address_of(sk_DIST_POINT_value(points[i], at));
        }
        if (url != NULL && is_plain(url)) {
            ask_for(requests, &count, url);
        }
    }
    if (count == 0) {
        return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the time-stamp authority's certificates name no revocation list at an http address");
    }
    status = fetch_all(fetcher, requests, count, answers, fault);
    if (status == STATUS_OK) {
        status = take_lists(requests, answers, count, out, fault);
    }
    for (size_t i = 0; i < count; i++) {
        fetch_answer_free(&answers[i]);
    }
    return status;
}

enum status timestamp_lists_fetch(struct fetcher *fetcher, STACK_OF(X509) *chain, STACK_OF(X509_CRL) *out, struct fault *fault)
{
    CRL_DIST_POINTS *points[TOKEN_CERTIFICATES_MAX] = {NULL};
    size_t count = 0;
    enum status status;

    (void)ERR_set_mark();
    for (int i = 0; i < sk_X509_num(chain) && count < TOKEN_CERTIFICATES_MAX; i++) {
        points[count] = X509_get_ext_d2i(sk_X509_value(chain, i), NID_crl_distribution_points, NULL, NULL);
        count += points[count] == NULL ? 0u : 1u;
    }
    (void)ERR_pop_to_mark();
    status = fetch_named(fetcher, points, count, out, fault);
    for (size_t i = 0; i < count; i++) {
        CRL_DIST_POINTS_free(points[i]);
    }
    return status;
}

/* ---- into the token -------------------------------------------------------------------------- */

static bool has_certificate(PKCS7 *token, X509 *certificate)
{
    for (int i = 0; i < sk_X509_num(token->d.sign->cert); i++) {
        if (X509_cmp(sk_X509_value(token->d.sign->cert, i), certificate) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_by_chain(STACK_OF(X509) *chain, X509_CRL *list)
{
    for (int i = 0; i < sk_X509_num(chain); i++) {
        if (X509_NAME_cmp(X509_get_issuer_name(sk_X509_value(chain, i)), X509_CRL_get_issuer(list)) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_list(PKCS7 *token, X509_CRL *list)
{
    for (int i = 0; i < sk_X509_CRL_num(token->d.sign->crl); i++) {
        if (X509_CRL_match(sk_X509_CRL_value(token->d.sign->crl, i), list) == 0) {
            return true;
        }
    }
    return false;
}

static bool add_all(PKCS7 *token, STACK_OF(X509) *chain, STACK_OF(X509_CRL) *lists)
{
    bool good = true;

    for (int i = 0; good && i < sk_X509_num(chain); i++) {
        good = has_certificate(token, sk_X509_value(chain, i)) || PKCS7_add_certificate(token, sk_X509_value(chain, i)) == 1;
    }
    for (int i = 0; good && lists != NULL && i < sk_X509_CRL_num(lists); i++) {
        X509_CRL *list = sk_X509_CRL_value(lists, i);

        good = !is_by_chain(chain, list) || has_list(token, list) || PKCS7_add_crl(token, list) == 1;
    }
    return good;
}

enum status timestamp_embed(struct view token, STACK_OF(X509) *chain, STACK_OF(X509_CRL) *lists, struct buffer *out, struct fault *fault)
{
    PKCS7 *decoded = token_decode(token);
    unsigned char *der = NULL;
    int len = decoded != NULL && add_all(decoded, chain, lists) ? i2d_PKCS7(decoded, &der) : -1;
    enum status status;

    if (len <= 0) {
        status = no_memory(fault);
    } else if (len > TOKEN_BYTES_MAX) {
        status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the token would have %d bytes, at most %d", len, TOKEN_BYTES_MAX);
    } else {
        buffer_append(out, der, (size_t)len);
        status = buffer_status(out, fault);
    }
    OPENSSL_free(der);
    PKCS7_free(decoded);
    return status;
}
