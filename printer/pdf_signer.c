/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pdf_signer: reads certificates and key, and refuses those with which a court's viewer would not show a good signature. The CMS is in
 * pdf_signer_cms.c.
 */
#include "printer/pdf_signer_inside.h"

#include "verify/text.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES_MAX = 256 };
#define LAST_SECOND 253402300799 /* of the year 9999 */

/* ---- certificates ---------------------------------------------------------------------------- */

/* Never ask a person: without this, OpenSSL prompts on the terminal for an encrypted PEM block. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

static enum status read_certificates(struct pdf_signer *signer, BIO *pem, struct fault *fault)
{
    for (;;) {
        X509 *certificate = X509_new_ex(signer->library, NULL);
        uint64_t number = (uint64_t)sk_X509_num(signer->issuers) + (signer->certificate == NULL ? 1 : 2);
        if (certificate == NULL) {
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a signature");
        }
        if (PEM_read_bio_X509(pem, &certificate, no_passphrase, NULL) == NULL) {
            bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
            X509_free(certificate);
            return ended && number > 1 ? STATUS_OK
                                       : fault_set(fault, STATUS_DAMAGED, number, "certificate %llu of the signer cannot be read: it is not X.509 in PEM",
                                                   (unsigned long long)number);
        }
        if (number > PDF_SIGNER_CERTIFICATES_MAX) {
            X509_free(certificate);
            return fault_set(fault, STATUS_DAMAGED, number, "the signer has more than %d certificates in one file", PDF_SIGNER_CERTIFICATES_MAX);
        }
        if (signer->certificate == NULL) {
            signer->certificate = certificate;
        } else if (sk_X509_push(signer->issuers, certificate) <= 0) {
            X509_free(certificate);
            return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a signature");
        }
    }
}

/* ---- the key --------------------------------------------------------------------------------- */

struct question {
    pdf_signer_ask *ask;
    void *context;
    bool asked;
    enum status status;
    struct view passphrase;
    struct fault fault;
};

/* OpenSSL may come here more than once for one key; a person is asked once. */
static int answer(char *buffer, int size, int writing, void *context)
{
    struct question *question = context;
    (void)writing;
    if (!question->asked) {
        question->asked = true;
        question->status = question->ask != NULL
                               ? question->ask(question->context, &question->passphrase, &question->fault)
                               : fault_set(&question->fault, STATUS_REFUSED, FAULT_NOWHERE, "the signer's key is encrypted: its passphrase is needed");
    }
    if (question->status != STATUS_OK || size < 0 || question->passphrase.len > (size_t)size) {
        return -1;
    }
    if (question->passphrase.len > 0) {
        memcpy(buffer, question->passphrase.ptr, question->passphrase.len);
    }
    return (int)question->passphrase.len;
}

static enum status read_key(struct pdf_signer *signer, BIO *pem, pdf_signer_ask *ask, void *context, struct fault *fault)
{
    struct question question = { .ask = ask, .context = context };
    signer->key = PEM_read_bio_PrivateKey_ex(pem, NULL, answer, &question, signer->library, NULL);
    if (signer->key != NULL) {
        return STATUS_OK;
    }
    if (question.status != STATUS_OK) {
        return fault_set(fault, question.status, question.fault.at, "%s", question.fault.text);
    }
    return question.asked ? fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the passphrase of the signer's key is wrong")
                          : fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the signer's key cannot be read: it is not a private key in PEM");
}

static enum status check_key(const struct pdf_signer *signer, struct fault *fault)
{
    char group[32] = "";
    int bits = EVP_PKEY_get_bits(signer->key);
    if (EVP_PKEY_is_a(signer->key, "RSA")) {
        return bits >= PDF_SIGNER_RSA_BITS_MIN && bits <= PDF_SIGNER_RSA_BITS_MAX
                   ? STATUS_OK
                   : fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the signer's RSA key has %d bits: PDF signatures need %d to %d", bits,
                               PDF_SIGNER_RSA_BITS_MIN, PDF_SIGNER_RSA_BITS_MAX);
    }
    if (EVP_PKEY_is_a(signer->key, "EC") && EVP_PKEY_get_group_name(signer->key, group, sizeof group, NULL) == 1 &&
        strcmp(group, SN_X9_62_prime256v1) == 0) {
        return STATUS_OK;
    }
    const char *name = EVP_PKEY_get0_type_name(signer->key);
    return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the signer's key is of kind %.32s%s%.32s: PDF signatures need P-256 or RSA",
                     name == NULL ? "unknown" : name, group[0] == '\0' ? "" : " ", group);
}

/* ---- do they fit? ---------------------------------------------------------------------------- */

/* "2019-01-01T00:00:00Z", or as it stands where it is no time. */
static void print_time(struct buffer *out, const ASN1_TIME *time)
{
    struct tm parts = { 0 };
    if (ASN1_TIME_to_tm(time, &parts) == 1) {
        buffer_printf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                      parts.tm_sec);
    } else {
        buffer_printf(out, "an unreadable time");
    }
}

static enum status check_time(const struct pdf_signer *signer, struct fault *fault)
{
    time_t at = (time_t)signer->time_s;
    const ASN1_TIME *from = X509_get0_notBefore(signer->certificate), *to = X509_get0_notAfter(signer->certificate);
    /* X509_cmp_time: -1 before or at, 1 behind, 0 unreadable. */
    if (X509_cmp_time(from, &at) < 0 && X509_cmp_time(to, &at) > 0) {
        return STATUS_OK;
    }
    struct buffer text = { 0 };
    buffer_printf(&text, "the signer's certificate is valid from ");
    print_time(&text, from);
    buffer_printf(&text, " to ");
    print_time(&text, to);
    buffer_printf(&text, ", not at the time of signing, ");
    text_time(&text, signer->time_s);
    (void)fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "%.*s", (int)text.len, (const char *)text.ptr);
    buffer_free(&text);
    return STATUS_REFUSED;
}

/* RFC 5280 4.2.1.3: without the extension, any use is allowed. Certificates for signing by hand often have nonRepudiation alone. */
static enum status check_usage(const struct pdf_signer *signer, struct fault *fault)
{
    uint32_t usage = X509_get_key_usage(signer->certificate);
    if ((X509_get_extension_flags(signer->certificate) & EXFLAG_INVALID) != 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the signer's certificate has an extension that cannot be read");
    }
    if ((usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) == 0) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE,
                         "the signer's certificate is not for signing documents: its key usage has neither digitalSignature nor nonRepudiation");
    }
    return STATUS_OK;
}

static enum status check_pair(const struct pdf_signer *signer, struct fault *fault)
{
    enum status status = check_key(signer, fault);
    if (status == STATUS_OK && X509_check_private_key(signer->certificate, signer->key) != 1) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE, "the signer's certificate, the first of its file, does not belong to the signer's key");
    }
    status = status != STATUS_OK ? status : check_time(signer, fault);
    return status != STATUS_OK ? status : check_usage(signer, fault);
}

/* ---- open and close -------------------------------------------------------------------------- */

static enum status load(struct pdf_signer *signer, struct view certificates, struct view key, pdf_signer_ask *ask, void *context, struct fault *fault)
{
    BIO *certificate_pem = certificates.len == 0 || certificates.len > INT_MAX ? NULL : BIO_new_mem_buf(certificates.ptr, (int)certificates.len);
    BIO *key_pem = key.len == 0 || key.len > INT_MAX ? NULL : BIO_new_mem_buf(key.ptr, (int)key.len);
    enum status status = STATUS_OK;
    if (certificate_pem == NULL || key_pem == NULL) {
        status = fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the file of the signer's %s is empty or too long",
                           certificate_pem == NULL ? "certificates" : "key");
    }
    status = status != STATUS_OK ? status : read_certificates(signer, certificate_pem, fault);
    status = status != STATUS_OK ? status : read_key(signer, key_pem, ask, context, fault);
    status = status != STATUS_OK ? status : check_pair(signer, fault);
    BIO_free(certificate_pem);
    BIO_free(key_pem);
    return status;
}

enum status pdf_signer_open(struct view certificates, struct view key, uint64_t time_s, pdf_signer_ask *ask, void *context, struct pdf_signer **out,
                            struct fault *fault)
{
    if (time_s > LAST_SECOND) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "the time of signing is beyond the year 9999");
    }
    /* The machine's OPENSSL_CONF and providers have no say over private keys. */
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    (void)ERR_set_mark();
    struct pdf_signer *signer = calloc(1, sizeof *signer);
    enum status status = STATUS_MEMORY;
    if (signer != NULL) {
        signer->time_s = time_s;
        signer->library = OSSL_LIB_CTX_new();
        signer->issuers = sk_X509_new_null();
    }
    if (signer == NULL || signer->library == NULL || signer->issuers == NULL) {
        status = fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a signature");
    } else {
        status = load(signer, certificates, key, ask, context, fault);
    }
    (void)ERR_pop_to_mark();
    if (status == STATUS_OK) {
        *out = signer;
    } else {
        pdf_signer_close(signer);
    }
    return status;
}

void pdf_signer_close(struct pdf_signer *signer)
{
    if (signer != NULL) {
        EVP_PKEY_free(signer->key); /* OpenSSL wipes it */
        X509_free(signer->certificate);
        sk_X509_pop_free(signer->issuers, X509_free);
        OSSL_LIB_CTX_free(signer->library);
        free(signer);
    }
}

uint64_t pdf_signer_time(const struct pdf_signer *signer)
{
    return signer->time_s;
}

void pdf_signer_name(const struct pdf_signer *signer, struct buffer *out)
{
    const X509_NAME *subject = X509_get_subject_name(signer->certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    unsigned char *text = NULL;
    int len = at < 0 ? 0 : ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
    if (len > 0) {
        text_escape(out, view_of(text, len > NAME_BYTES_MAX ? NAME_BYTES_MAX : (size_t)len));
    }
    OPENSSL_free(text);
}
