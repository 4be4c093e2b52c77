/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_signer_cms: a detached CMS SignedData of one signer (RFC 5652) with the attributes of ETSI EN 319 142-1 table 1: content type, digest,
 * signing certificate (RFC 5035), and no signing time, which that table forbids and OpenSSL always adds. So it is taken out again, and what
 * is left is signed anew.
 */
#include "printer/pdf_signer_inside.h"

#include <openssl/asn1t.h>
#include <openssl/cms.h>
#include <openssl/err.h>

#include <limits.h>

#define FLAGS (CMS_PARTIAL | CMS_DETACHED | CMS_BINARY | CMS_CADES | CMS_NOSMIMECAP)

/* RFC 5652 5.4: what is signed is the attributes as an explicit SET OF in DER. */
ASN1_ITEM_TEMPLATE(SIGNED_ATTRIBUTES) = ASN1_EX_TEMPLATE_TYPE(ASN1_TFLG_SET_OF, 0, attributes, X509_ATTRIBUTE)
static_ASN1_ITEM_TEMPLATE_END(SIGNED_ATTRIBUTES)

/* The digests that run over what is written, as CMS_final and CMS_verify do it, but without a copy of the file. NULL: failed. */
static BIO *run_digest(CMS_ContentInfo *cms, const struct view *parts, size_t count)
{
    BIO *chain = CMS_dataInit(cms, NULL);
    for (size_t i = 0; i < count && chain != NULL; i++) {
        for (size_t done = 0; done < parts[i].len;) {
            size_t step = parts[i].len - done > INT_MAX ? INT_MAX : parts[i].len - done;
            int written = BIO_write(chain, parts[i].ptr + done, (int)step);
            if (written <= 0) {
                BIO_free_all(chain);
                return NULL;
            }
            done += (size_t)written;
        }
    }
    return chain;
}

/* The attributes as they are signed; NULL: failed. The caller frees. */
static unsigned char *encode_attributes(const CMS_SignerInfo *signed_by, int *len)
{
    STACK_OF(X509_ATTRIBUTE) *attributes = sk_X509_ATTRIBUTE_new_null();
    unsigned char *der = NULL;
    int count = CMS_signed_get_attr_count(signed_by);
    bool good = attributes != NULL && count > 0;
    for (int i = 0; i < count && good; i++) {
        good = sk_X509_ATTRIBUTE_push(attributes, CMS_signed_get_attr(signed_by, i)) > 0;
    }
    *len = good ? ASN1_item_i2d((const ASN1_VALUE *)attributes, &der, ASN1_ITEM_rptr(SIGNED_ATTRIBUTES)) : -1;
    sk_X509_ATTRIBUTE_free(attributes); /* the attributes stay with the signature */
    return *len > 0 ? der : NULL;
}

static bool sign_without_time(const struct pdf_signer *signer, CMS_SignerInfo *signed_by)
{
    int at = CMS_signed_get_attr_by_NID(signed_by, NID_pkcs9_signingTime, -1);
    int len = 0;
    size_t signature_len = 0;
    unsigned char *signature = NULL;
    X509_ATTRIBUTE_free(at < 0 ? NULL : CMS_signed_delete_attr(signed_by, at));
    unsigned char *der = encode_attributes(signed_by, &len);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = der != NULL && context != NULL && EVP_DigestSignInit_ex(context, NULL, "SHA256", signer->library, NULL, signer->key, NULL) == 1 &&
                EVP_DigestSign(context, NULL, &signature_len, der, (size_t)len) == 1;
    if (good) {
        signature = OPENSSL_malloc(signature_len);
        good = signature != NULL && EVP_DigestSign(context, signature, &signature_len, der, (size_t)len) == 1 && signature_len <= INT_MAX;
    }
    if (good) {
        ASN1_STRING_set0(CMS_SignerInfo_get0_signature(signed_by), signature, (int)signature_len);
        signature = NULL;
    }
    OPENSSL_free(signature);
    OPENSSL_free(der);
    EVP_MD_CTX_free(context);
    return good;
}

static CMS_ContentInfo *make(const struct pdf_signer *signer, const struct view *parts, size_t count)
{
    CMS_ContentInfo *cms = CMS_sign_ex(NULL, NULL, signer->issuers, NULL, FLAGS, signer->library, NULL);
    CMS_SignerInfo *signed_by = cms == NULL ? NULL : CMS_add1_signer(cms, signer->certificate, signer->key, EVP_sha256(), FLAGS);
    BIO *chain = signed_by == NULL ? NULL : run_digest(cms, parts, count);
    bool good = chain != NULL && CMS_dataFinal(cms, chain) == 1 && sign_without_time(signer, signed_by);
    BIO_free_all(chain);
    if (!good) {
        CMS_ContentInfo_free(cms);
        return NULL;
    }
    return cms;
}

/* Reads it back as a viewer would, and checks both that the attributes are signed and that they have the digest of the parts. */
static bool check(const struct pdf_signer *signer, const unsigned char *der, int len, const struct view *parts, size_t count)
{
    CMS_ContentInfo *cms = CMS_ContentInfo_new_ex(signer->library, NULL);
    BIO *chain = NULL;
    bool good = cms != NULL && d2i_CMS_ContentInfo(&cms, &der, len) != NULL;
    if (good) {
        chain = run_digest(cms, parts, count);
        CMS_SignerInfo *signed_by = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
        CMS_SignerInfo_set1_signer_cert(signed_by, signer->certificate);
        good = chain != NULL && CMS_signed_get_attr_by_NID(signed_by, NID_pkcs9_signingTime, -1) < 0 && CMS_SignerInfo_verify(signed_by) == 1 &&
               CMS_SignerInfo_verify_content(signed_by, chain) == 1;
    }
    BIO_free_all(chain);
    CMS_ContentInfo_free(cms);
    return good;
}

static enum status fault_of(struct fault *fault, const char *what)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(code);
    if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a signature");
    }
    return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "%s: %s", what, reason == NULL ? "no reason given" : reason);
}

enum status pdf_signer_sign(const struct pdf_signer *signer, const struct view *parts, size_t count, struct buffer *out, struct fault *fault)
{
    (void)ERR_set_mark();
    enum status status = STATUS_OK;
    unsigned char *der = NULL;
    CMS_ContentInfo *cms = make(signer, parts, count);
    int len = cms == NULL ? -1 : i2d_CMS_ContentInfo(cms, &der);
    if (len <= 0) {
        status = fault_of(fault, "the PDF cannot be signed");
    } else if (!check(signer, der, len, parts, count)) {
        status = fault_of(fault, "the PDF's new signature does not hold");
    } else {
        size_t before = out->len;
        buffer_append(out, der, (size_t)len);
        status = buffer_status(out, fault);
        out->len = status == STATUS_OK ? out->len : before;
    }
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    (void)ERR_pop_to_mark();
    return status;
}
