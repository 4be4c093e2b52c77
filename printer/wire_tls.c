/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire_tls: TLS by libssl over two buffers in memory, so that the socket stays with wire.c and its deadlines. libcups has TLS of its own, but
 * checks no certificate and connects anew by itself.
 */
#include "printer/wire.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

struct wire_tls {
    OSSL_LIB_CTX *library; /* of our own: no configuration file changes what it does */
    SSL_CTX *context;
    SSL *ssl;
    BIO *in, *out; /* owned by ssl: bytes from and for the socket */
};

static enum status broken(struct wire_tls *tls, struct fault *fault)
{
    long verified = SSL_get_verify_result(tls->ssl);
    unsigned long error = ERR_peek_error();
    const char *reason = error == 0 ? NULL : ERR_reason_error_string(error);
    enum status status;

    if (verified != X509_V_OK) {
        status = fault_set(fault, STATUS_UNTRUSTED, FAULT_NOWHERE,
                           "its certificate is not trusted: %s; the printer's authority must be among this machine's (update-ca-certificates)",
                           X509_verify_cert_error_string(verified));
    } else {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "TLS failed: %s", reason != NULL ? reason : "the printer cut the connection");
    }
    ERR_clear_error();
    return status;
}

/* Everything that TLS has for the socket. */
static enum status flush(struct wire_tls *tls, int fd, uint64_t deadline_ms, struct fault *fault)
{
    char *waiting = NULL;
    for (long len = BIO_get_mem_data(tls->out, &waiting); len > 0; len = BIO_get_mem_data(tls->out, &waiting)) {
        uint8_t gone[4096];
        size_t taken = 0;
        enum status status = wire_socket_write(fd, view_of(waiting, (size_t)len), deadline_ms, &taken, fault);
        if (status != STATUS_OK) {
            return status;
        }
        for (size_t left = taken; left > 0;) {
            int step = BIO_read(tls->out, gone, left < sizeof gone ? (int)left : (int)sizeof gone);
            if (step <= 0) {
                return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
            }
            left -= (size_t)step;
        }
    }
    return STATUS_OK;
}

/* More from the socket. *got 0: the other side has ended. */
static enum status feed(struct wire_tls *tls, int fd, uint64_t deadline_ms, size_t *got, struct fault *fault)
{
    uint8_t bytes[4096];
    enum status status = wire_socket_read(fd, bytes, sizeof bytes, deadline_ms, got, fault);
    if (status != STATUS_OK || *got == 0) {
        return status;
    }
    if (BIO_write(tls->in, bytes, (int)*got) != (int)*got) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    return STATUS_OK;
}

/*
 * After a call of libssl that answered `result`: does what it waits for. *again: call once more. The end of the other side: *again false, OK.
 */
static enum status pump(struct wire_tls *tls, int fd, int result, uint64_t deadline_ms, bool *again, struct fault *fault)
{
    int wants = SSL_get_error(tls->ssl, result);
    size_t got = 0;

    *again = false;
    enum status status = flush(tls, fd, deadline_ms, fault);
    if (status != STATUS_OK || wants == SSL_ERROR_ZERO_RETURN) {
        return status;
    }
    if (wants == SSL_ERROR_WANT_WRITE) {
        *again = true;
        return STATUS_OK;
    }
    if (wants != SSL_ERROR_WANT_READ) {
        return broken(tls, fault);
    }
    status = feed(tls, fd, deadline_ms, &got, fault);
    *again = status == STATUS_OK && got > 0;
    return status;
}

/* TLS 1.2 and later, and a certificate that leads to one of this machine's authorities, or is one of them itself. */
static bool prepare(struct wire_tls *tls)
{
    tls->library = OSSL_LIB_CTX_new();
    tls->context = tls->library == NULL ? NULL : SSL_CTX_new_ex(tls->library, NULL, TLS_client_method());
    if (tls->context == NULL || SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION) != 1 || SSL_CTX_set_default_verify_paths(tls->context) != 1) {
        return false;
    }
    SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER, NULL);
    if (X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(tls->context), X509_V_FLAG_PARTIAL_CHAIN) != 1) {
        return false;
    }
    tls->ssl = SSL_new(tls->context);
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    if (tls->ssl == NULL || tls->in == NULL || tls->out == NULL) {
        BIO_free(tls->in);
        BIO_free(tls->out);
        return false;
    }
    (void)BIO_set_mem_eof_return(tls->in, -1);
    (void)BIO_set_mem_eof_return(tls->out, -1);
    SSL_set_bio(tls->ssl, tls->in, tls->out);
    (void)SSL_set_mode(tls->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_connect_state(tls->ssl);
    return true;
}

/* The name that the certificate must be of. */
static bool expect_host(SSL *ssl, const char *host)
{
    struct in6_addr address;
    char name[256]; /* libssl's macro casts const away */
    size_t len = strlen(host);

    if (inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1) {
        return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) == 1;
    }
    if (len >= sizeof name) {
        return false;
    }
    memcpy(name, host, len + 1);
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

static enum status shake_hands(struct wire_tls *tls, int fd, uint64_t deadline_ms, struct fault *fault)
{
    bool again = true, done = false;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && again && !done) {
        ERR_clear_error();
        int result = SSL_do_handshake(tls->ssl);
        done = result == 1;
        status = done ? flush(tls, fd, deadline_ms, fault) : pump(tls, fd, result, deadline_ms, &again, fault);
    }
    if (status == STATUS_OK && !done) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "TLS failed: the printer cut the connection");
    } else if (status == STATUS_MISSING) {
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "TLS failed: no answer");
    }
    return status;
}

enum status wire_tls_open(int fd, const char *host, uint64_t deadline_ms, struct wire_tls **out, struct fault *fault)
{
    struct wire_tls *tls = calloc(1, sizeof *tls);
    enum status status;

    *out = NULL;
    if (tls == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory");
    }
    if (!prepare(tls) || !expect_host(tls->ssl, host)) {
        ERR_clear_error();
        status = fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "TLS cannot be set up on this machine");
    } else {
        status = shake_hands(tls, fd, deadline_ms, fault);
    }
    if (status != STATUS_OK) {
        wire_tls_close(tls);
        tls = NULL;
    }
    *out = tls;
    return status;
}

void wire_tls_close(struct wire_tls *tls)
{
    if (tls != NULL) {
        SSL_free(tls->ssl);
        SSL_CTX_free(tls->context);
        OSSL_LIB_CTX_free(tls->library);
        free(tls);
    }
}

enum status wire_tls_write(struct wire_tls *tls, int fd, struct view bytes, uint64_t deadline_ms, size_t *taken, struct fault *fault)
{
    bool again = true;
    enum status status = flush(tls, fd, deadline_ms, fault);
    while (status == STATUS_OK && again) {
        ERR_clear_error();
        int result = SSL_write(tls->ssl, bytes.ptr, bytes.len < 16384 ? (int)bytes.len : 16384);
        if (result > 0) {
            *taken = (size_t)result;
            return flush(tls, fd, deadline_ms, fault);
        }
        status = pump(tls, fd, result, deadline_ms, &again, fault);
    }
    return status == STATUS_OK ? fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "the printer cut the connection") : status;
}

enum status wire_tls_read(struct wire_tls *tls, int fd, uint8_t *into, size_t cap, uint64_t deadline_ms, size_t *got, struct fault *fault)
{
    bool again = true;
    enum status status = STATUS_OK;
    *got = 0;
    while (status == STATUS_OK && again) {
        ERR_clear_error();
        int result = SSL_read(tls->ssl, into, cap < INT_MAX ? (int)cap : INT_MAX);
        if (result > 0) {
            *got = (size_t)result;
            return STATUS_OK;
        }
        status = pump(tls, fd, result, deadline_ms, &again, fault);
    }
    return status;
}
