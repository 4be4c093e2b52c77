/* SPDX-License-Identifier: Apache-2.0 */
/*
 * timestamp: the question, and the answer read against it. What is done with the token: timestamp_keep.c.
 */
#include "ledger/timestamp_inside.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <stdlib.h>
#include <string.h>

#include "verify/text.h"

enum { NONCE_BYTES = 8, WORDS_BYTES = 300 };

static enum status no_memory(struct fault *fault)
{
    return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a time-stamp");
}

/* ---- the question ---------------------------------------------------------------------------- */

static bool set_imprint(TS_REQ *request, const struct hash *imprint)
{
    TS_MSG_IMPRINT *message = TS_MSG_IMPRINT_new();
    X509_ALGOR *algorithm = X509_ALGOR_new();
    uint8_t digest[HASH_BYTES];
    bool good;

    memcpy(digest, imprint->bytes, sizeof digest);
    good = message != NULL && algorithm != NULL && X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
           TS_MSG_IMPRINT_set_algo(message, algorithm) == 1 && TS_MSG_IMPRINT_set_msg(message, digest, HASH_BYTES) == 1 &&
           TS_REQ_set_msg_imprint(request, message) == 1;
    X509_ALGOR_free(algorithm);
    TS_MSG_IMPRINT_free(message);
    return good;
}

/* 64 bits, the first of them set: the answer cannot be one that was made before. */
static bool set_nonce(TS_REQ *request)
{
    uint8_t bytes[NONCE_BYTES];
    BIGNUM *number = NULL;
    ASN1_INTEGER *nonce = NULL;
    bool good = RAND_bytes(bytes, sizeof bytes) == 1;

    if (good) {
        bytes[0] |= 0x80;
        number = BN_bin2bn(bytes, sizeof bytes, NULL);
        nonce = number == NULL ? NULL : BN_to_ASN1_INTEGER(number, NULL);
        good = nonce != NULL && TS_REQ_set_nonce(request, nonce) == 1;
    }
    ASN1_INTEGER_free(nonce);
    BN_free(number);
    return good;
}

static enum status set_policy(TS_REQ *request, const char *policy, struct fault *fault)
{
    ASN1_OBJECT *object;
    bool good;

    if (policy == NULL) {
        return STATUS_OK;
    }
    object = OBJ_txt2obj(policy, 1);
    if (object == NULL) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the policy of a time-stamp authority is no object identifier like 1.2.3.4");
    }
    good = TS_REQ_set_policy_id(request, object) == 1;
    ASN1_OBJECT_free(object);
    return good ? STATUS_OK : no_memory(fault);
}

enum status timestamp_query(const struct hash *imprint, const char *policy, struct buffer *out, struct fault *fault)
{
    TS_REQ *request = TS_REQ_new();
    unsigned char *der = NULL;
    int len = 0;
    enum status status = request == NULL ? no_memory(fault) : STATUS_OK;

    (void)ERR_set_mark();
    if (status == STATUS_OK) {
        status = set_policy(request, policy, fault);
    }
    if (status == STATUS_OK && TS_REQ_set_version(request, 1) == 1 && set_imprint(request, imprint) && set_nonce(request) &&
        TS_REQ_set_cert_req(request, 1) == 1) {
        len = i2d_TS_REQ(request, &der);
    }
    if (status == STATUS_OK && len <= 0) {
        status = token_fault(fault, STATUS_ENVIRONMENT, "a question to a time-stamp authority cannot be made");
    }
    if (status == STATUS_OK) {
        buffer_append(out, der, (size_t)len);
        status = buffer_status(out, fault);
    }
    (void)ERR_pop_to_mark();
    OPENSSL_free(der);
    TS_REQ_free(request);
    return status;
}

/* All of it, with SHA-256, a nonce and the certificate asked for; NULL otherwise. */
static TS_REQ *decode_query(struct view query)
{
    const unsigned char *end = query.ptr;
    TS_REQ *request = query.len == 0 || query.len > TIMESTAMP_QUERY_MAX ? NULL : d2i_TS_REQ(NULL, &end, (long)query.len);
    TS_MSG_IMPRINT *message = request == NULL ? NULL : TS_REQ_get_msg_imprint(request);

    if (request != NULL &&
        (end != query.ptr + query.len || TS_REQ_get_nonce(request) == NULL || TS_REQ_get_cert_req(request) == 0 || message == NULL ||
         OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(message)->algorithm) != NID_sha256 || ASN1_STRING_length(TS_MSG_IMPRINT_get_msg(message)) != HASH_BYTES)) {
        TS_REQ_free(request);
        return NULL;
    }
    return request;
}

enum status timestamp_query_read(struct view query, struct hash *imprint, struct fault *fault)
{
    TS_REQ *request;

    (void)ERR_set_mark();
    request = decode_query(query);
    (void)ERR_pop_to_mark();
    if (request == NULL) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "not a question to a time-stamp authority as this program makes them: SHA-256, with a nonce");
    }
    memcpy(imprint->bytes, ASN1_STRING_get0_data(TS_MSG_IMPRINT_get_msg(TS_REQ_get_msg_imprint(request))), HASH_BYTES);
    TS_REQ_free(request);
    return STATUS_OK;
}

/* ---- over HTTP ------------------------------------------------------------------------------- */

static void judge_http(const struct timestamp_tsa *tsa, struct fetch_answer *answer)
{
    struct buffer url = {0};
    struct buffer type = {0};

    if (answer->status != STATUS_OK) {
        return;
    }
    text_escape(&url, view_text(tsa->url));
    text_escape(&type, view_text(answer->content_type));
    if (answer->http_status != 200) {
        answer->status = fault_set(&answer->fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%.*s: HTTP status %ld, not 200", url.len > 200 ? 200 : (int)url.len,
                                   url.ptr == NULL ? "" : (const char *)url.ptr, answer->http_status);
    } else if (strcmp(answer->content_type, "application/timestamp-reply") != 0) {
        answer->status = fault_set(&answer->fault, STATUS_DAMAGED, FAULT_NOWHERE, "%.*s: the answer is of the type \"%.*s\", not application/timestamp-reply",
                                   url.len > 200 ? 200 : (int)url.len, url.ptr == NULL ? "" : (const char *)url.ptr, (int)type.len,
                                   type.ptr == NULL ? "" : (const char *)type.ptr);
    }
    buffer_free(&url);
    buffer_free(&type);
}

enum status timestamp_ask(struct fetcher *fetcher, const struct timestamp_tsa *tsas, const struct buffer *queries, size_t count,
                          struct fetch_answer *answers, struct fault *fault)
{
    struct fetch_request *requests = calloc(count + 1, sizeof *requests);
    enum status status;

    if (requests == NULL) {
        return no_memory(fault);
    }
    for (size_t i = 0; i < count; i++) {
        requests[i] = (struct fetch_request){.url = tsas[i].url,
                                             .post = true,
                                             .body = buffer_view(&queries[i]),
                                             .content_type = "application/timestamp-query",
                                             .answer_max = TIMESTAMP_ANSWER_MAX,
                                             .ca_file = tsas[i].tls_ca};
    }
    status = fetch_all(fetcher, requests, count, answers, fault);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        judge_http(&tsas[i], &answers[i]);
    }
    free(requests);
    return status;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void failure_words(const TS_STATUS_INFO *info, struct buffer *out)
{
    static const struct { int bit; const char *words; } failures[] = {
        {TS_INFO_BAD_ALG, "it does not take this algorithm"},
        {TS_INFO_BAD_REQUEST, "it does not permit or support this question"},
        {TS_INFO_BAD_DATA_FORMAT, "it cannot read the question"},
        {TS_INFO_TIME_NOT_AVAILABLE, "its clock is not available"},
        {TS_INFO_UNACCEPTED_POLICY, "it does not have that policy"},
        {TS_INFO_UNACCEPTED_EXTENSION, "it does not take an extension"},
        {TS_INFO_ADD_INFO_NOT_AVAILABLE, "it lacks information that was asked for"},
        {TS_INFO_SYSTEM_FAILURE, "its system fails"},
    };
    const ASN1_BIT_STRING *bits = TS_STATUS_INFO_get0_failure_info(info);

    for (size_t i = 0; bits != NULL && i < sizeof failures / sizeof failures[0]; i++) {
        if (ASN1_BIT_STRING_get_bit(bits, failures[i].bit) == 1) {
            buffer_printf(out, "; %s", failures[i].words);
        }
    }
}

/* Status 0 and 1 (granted, granted with modifications) come with a token, which is checked as it is. */
static enum status check_granted(TS_RESP *response, struct fault *fault)
{
    static const char *const names[] = {"granted", "granted with modifications", "rejection", "waiting", "revocation is near", "revoked"};
    const TS_STATUS_INFO *info = TS_RESP_get_status_info(response);
    const ASN1_INTEGER *number = info == NULL ? NULL : TS_STATUS_INFO_get0_status(info);
    long code = number == NULL ? -1 : ASN1_INTEGER_get(number);
    const STACK_OF(ASN1_UTF8STRING) *texts = info == NULL ? NULL : TS_STATUS_INFO_get0_text(info);
    struct buffer words = {0};
    enum status status;

    if ((code == TS_STATUS_GRANTED || code == TS_STATUS_GRANTED_WITH_MODS) && TS_RESP_get_token(response) != NULL) {
        return STATUS_OK;
    }
    for (int i = 0; i < sk_ASN1_UTF8STRING_num(texts); i++) {
        const ASN1_STRING *text = sk_ASN1_UTF8STRING_value(texts, i);

        buffer_append_view(&words, view_text("; it says: "));
        text_escape(&words, view_of(ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text)));
    }
    if (info != NULL) {
        failure_words(info, &words);
    }
    status = fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the time-stamp authority gives no time-stamp: %s%.*s",
                       code == TS_STATUS_GRANTED || code == TS_STATUS_GRANTED_WITH_MODS     ? "granted, but without one"
                       : code >= 0 && code < (long)(sizeof names / sizeof names[0]) ? names[code]
                                                                                     : "a status that RFC 3161 does not have",
                       words.len > WORDS_BYTES ? WORDS_BYTES : (int)words.len, words.ptr == NULL ? "" : (const char *)words.ptr);
    buffer_free(&words);
    return status;
}

/* Version, imprint, nonce and policy against the question's own; the signature is token_check's. */
static enum status check_answers(TS_REQ *request, TS_RESP *response, struct fault *fault)
{
    TS_VERIFY_CTX *context = TS_REQ_to_TS_VERIFY_CTX(request, NULL);
    enum status status = STATUS_OK;

    if (context == NULL) {
        return no_memory(fault);
    }
    (void)TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_NONCE | (TS_REQ_get_policy_id(request) == NULL ? 0 : TS_VFY_POLICY));
    if (TS_RESP_verify_response(context, response) != 1) {
        status = token_fault(fault, STATUS_UNTRUSTED, "the answer is not to the question that was asked");
    }
    TS_VERIFY_CTX_free(context);
    return status;
}

enum status timestamp_decode_response(struct view query, struct view response, struct buffer *token, struct hash *imprint, struct fault *fault)
{
    const unsigned char *end = response.ptr;
    TS_REQ *request = NULL;
    TS_RESP *answer = NULL;
    unsigned char *der = NULL;
    int len = 0;
    enum status status = timestamp_query_read(query, imprint, fault);

    if (status != STATUS_OK) {
        return status;
    }
    (void)ERR_set_mark();
    request = decode_query(query);
    answer = response.len == 0 || response.len > TIMESTAMP_ANSWER_MAX ? NULL : d2i_TS_RESP(NULL, &end, (long)response.len);
    if (request == NULL || answer == NULL || end != response.ptr + response.len) {
        status = token_fault(fault, STATUS_DAMAGED, "the answer is not a TimeStampResp (RFC 3161) in DER");
        goto done;
    }
    status = check_granted(answer, fault);
    if (status == STATUS_OK) {
        status = check_answers(request, answer, fault);
    }
    if (status == STATUS_OK) {
        len = i2d_PKCS7(TS_RESP_get_token(answer), &der);
        buffer_append(token, der, len > 0 ? (size_t)len : 0);
        status = len > 0 ? buffer_status(token, fault) : no_memory(fault);
    }

done:
    (void)ERR_pop_to_mark();
    OPENSSL_free(der);
    TS_RESP_free(answer);
    TS_REQ_free(request);
    return status;
}
