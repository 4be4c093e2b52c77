/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token: RFC 3161 tokens. OpenSSL checks the signature, the signing-certificate attribute (RFC 5035), the
 * chain and the purpose; the imprint's algorithm, the time and the digest are looked at here, because
 * TS_RESP_verify_token does not. Reading: token_read.c; revocation lists: token_revoked.c.
 * Not here: asking a TSA (ledger/).
 */
#include "verify/token_inside.h"

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

/* ---- checking ---- */

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
        status = token_fault(fault, STATUS_UNTRUSTED, "a time-stamp token does not hold");
    } else {
        status = token_check_revoked(store, helpers, token, time_s, fault);
    }

done:
    TS_VERIFY_CTX_free(context);
    return status;
}

enum status token_check(const struct token_trust *trust, struct view der, const struct hash *imprint,
                        uint64_t *time_s, struct buffer *name, struct fault *fault)
{
    TS_TST_INFO *info = NULL;
    PKCS7 *token = NULL;
    uint64_t time = 0;
    struct hash found;
    enum status status;

    (void)ERR_set_mark();
    token = token_decode(der);
    if (token != NULL) {
        info = PKCS7_to_TS_TST_INFO(token);
    }
    if (info == NULL) {
        status = token_fault(fault, STATUS_DAMAGED, "not a time-stamp token of one signer in DER");
        goto done;
    }
    status = token_time(info, &time, fault);
    if (status != STATUS_OK) {
        goto done;
    }
    if (!token_imprint(info, &found) || !hash_equal(&found, imprint)) {
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
        status = token_signer_name(trust->certificates, token, name, fault);
    }
    if (status == STATUS_OK) {
        status = token_latest(info, time, time_s, fault);
    }

done:
    TS_TST_INFO_free(info);
    PKCS7_free(token);
    (void)ERR_pop_to_mark();
    return status;
}
