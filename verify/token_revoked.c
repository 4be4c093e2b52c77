/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token: the revocation lists that travel in a token. They can take trust away and never give it: whoever hands a token on can cut them out, and
 * only the chain's own authorities can sign one that counts. Whether a list is current is not asked here: that was asked when the token was got.
 */
#include "verify/token_inside.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

/* RFC 3161 4: tokens from before the revocation stand for these reasons alone: otherwise the key may have been in other hands. */
static bool reason_spares_the_past(X509_REVOKED *entry)
{
    ASN1_ENUMERATED *reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
    long code = reason == NULL ? -1 : ASN1_ENUMERATED_get(reason);

    ASN1_ENUMERATED_free(reason);
    return code == CRL_REASON_UNSPECIFIED || code == CRL_REASON_AFFILIATION_CHANGED || code == CRL_REASON_SUPERSEDED ||
           code == CRL_REASON_CESSATION_OF_OPERATION;
}

/* Does the list, if it is by issuer, revoke the certificate for a token of that time? */
static bool revokes(X509_CRL *list, X509 *certificate, X509 *issuer, uint64_t time_s)
{
    X509_REVOKED *entry = NULL;
    time_t when = (time_t)time_s;

    if (X509_NAME_cmp(X509_CRL_get_issuer(list), X509_get_subject_name(issuer)) != 0 || (X509_get_key_usage(issuer) & X509v3_KU_CRL_SIGN) == 0 ||
        X509_CRL_verify(list, X509_get0_pubkey(issuer)) != 1 || X509_CRL_get0_by_cert(list, &entry, certificate) != 1) {
        return false; /* 2 is "removed from the list" */
    }
    /* -1 is at or before that time; 0, a date that cannot be read, counts as before. */
    return !reason_spares_the_past(entry) || X509_cmp_time(X509_REVOKED_get0_revocationDate(entry), &when) <= 0;
}

static enum status look(STACK_OF(X509) *chain, STACK_OF(X509_CRL) *lists, uint64_t time_s, struct fault *fault)
{
    for (int i = 0; i < sk_X509_num(chain); i++) {
        X509 *certificate = sk_X509_value(chain, i);
        X509 *issuer = sk_X509_value(chain, i + 1 < sk_X509_num(chain) ? i + 1 : i);

        for (int at = 0; at < sk_X509_CRL_num(lists); at++) {
            if (revokes(sk_X509_CRL_value(lists, at), certificate, issuer, time_s)) {
                char name[200];

                (void)X509_NAME_oneline(X509_get_subject_name(certificate), name, sizeof name);
                return fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "a time-stamp token does not hold: the revocation list in it revokes %s", name);
            }
        }
    }
    return STATUS_OK;
}

/* The certificates of the token and the helpers; the stack borrows them. */
static STACK_OF(X509) *all_of(PKCS7 *token, STACK_OF(X509) *helpers)
{
    STACK_OF(X509) *all = sk_X509_dup(helpers);
    bool good = all != NULL;

    for (int i = 0; good && i < sk_X509_num(token->d.sign->cert); i++) {
        good = sk_X509_push(all, sk_X509_value(token->d.sign->cert, i)) > 0;
    }
    if (!good) {
        sk_X509_free(all);
        return NULL;
    }
    return all;
}

enum status token_check_revoked(X509_STORE *store, STACK_OF(X509) *helpers, PKCS7 *token, uint64_t time_s, struct fault *fault)
{
    enum status status = STATUS_MEMORY;
    STACK_OF(X509_CRL) *lists = token->d.sign->crl;
    STACK_OF(X509) *signers = NULL;
    STACK_OF(X509) *all = NULL;
    X509_STORE_CTX *context = NULL;

    if (sk_X509_CRL_num(lists) <= 0) {
        return STATUS_OK;
    }
    signers = PKCS7_get0_signers(token, helpers, 0);
    all = all_of(token, helpers);
    context = X509_STORE_CTX_new();
    if (signers == NULL || all == NULL || context == NULL || X509_STORE_CTX_init(context, store, sk_X509_value(signers, 0), all) != 1 ||
        X509_STORE_CTX_set_purpose(context, X509_PURPOSE_TIMESTAMP_SIGN) != 1) {
        (void)fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a time-stamp token");
        goto done;
    }
    if (X509_verify_cert(context) == 1) {
        status = look(X509_STORE_CTX_get0_chain(context), lists, time_s, fault);
    } else {
        int error = X509_STORE_CTX_get_error(context);

        status = fault_set(fault, error == X509_V_ERR_OUT_OF_MEM ? STATUS_MEMORY : STATUS_UNTRUSTED, FAULT_NOWHERE,
                           "a time-stamp token does not hold: %s", X509_verify_cert_error_string(error));
    }

done:
    X509_STORE_CTX_free(context);
    sk_X509_free(all);
    sk_X509_free(signers);
    return status;
}
