/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve_tls: the certificate and the key of a server. GnuTLS inside libmicrohttpd does the TLS; OpenSSL, which is here anyway, says beforehand and in
 * words what is wrong with the files.
 */
#include "ledger/serve_inside.h"

#include <stdio.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

/* A file that is encrypted is refused, not asked about on a terminal. */
static int no_passphrase(char *buffer, int len, int writing, void *context)
{
    (void)buffer;
    (void)len;
    (void)writing;
    (void)context;
    return -1;
}

static enum status check_pair(struct view certificate, struct view key, struct fault *fault)
{
    BIO *certificate_text = BIO_new_mem_buf(certificate.ptr, (int)certificate.len);
    BIO *key_text = BIO_new_mem_buf(key.ptr, (int)key.len);
    X509 *leaf = certificate_text == NULL ? NULL : PEM_read_bio_X509(certificate_text, NULL, no_passphrase, NULL);
    EVP_PKEY *secret = key_text == NULL ? NULL : PEM_read_bio_PrivateKey(key_text, NULL, no_passphrase, NULL);
    enum status status = STATUS_OK;

    if (leaf == NULL) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the server's certificate is not PEM that can be read");
    } else if (secret == NULL) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the server's key is not PEM that can be read without a passphrase");
    } else if (X509_check_private_key(leaf, secret) != 1) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the server's certificate does not fit its key");
    }
    EVP_PKEY_free(secret);
    X509_free(leaf);
    BIO_free(key_text);
    BIO_free(certificate_text);
    return status;
}

enum status serve_tls(struct server *server, const struct serve_options *options, struct fault *fault)
{
    enum { PEM_MAX = 1 << 20 };
    enum status status;

    if (options->certificate.len == 0 && options->key.len == 0) {
        return STATUS_OK;
    }
    if (options->certificate.len == 0 || options->key.len == 0 || options->certificate.len > PEM_MAX || options->key.len > PEM_MAX) {
        return fault_set(fault, STATUS_REFUSED, FAULT_NOWHERE, "TLS needs a certificate and its key, both in PEM");
    }
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "libmicrohttpd was built without TLS here");
    }
    status = check_pair(options->certificate, options->key, fault);
    buffer_append_view(&server->certificate, options->certificate);
    buffer_append_byte(&server->certificate, 0);
    buffer_append_view(&server->key, options->key);
    buffer_append_byte(&server->key, 0);
    (void)snprintf(server->priorities, sizeof server->priorities, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2");
    if (status == STATUS_OK) {
        status = buffer_status(&server->certificate, fault);
    }
    return status == STATUS_OK ? buffer_status(&server->key, fault) : status;
}

void serve_tls_wipe(struct server *server)
{
    if (server->key.ptr != NULL) {
        OPENSSL_cleanse(server->key.ptr, server->key.len);
    }
    buffer_free(&server->key);
    buffer_free(&server->certificate);
}
