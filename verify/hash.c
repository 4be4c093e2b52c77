/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hash: SHA-256 over EVP. The private library context keeps a configuration file of the machine
 * from choosing another provider; fetching once triples the speed.
 */
#include "verify/hash.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct hasher {
    OSSL_LIB_CTX *library; /* owns */
    EVP_MD *sha256;        /* owns */
    EVP_MD_CTX *context;   /* owns; begun anew for every hash */
};

static enum status openssl_fault(struct fault *fault, const char *doing)
{
    char text[256] = "no further word";
    unsigned long code = ERR_get_error();

    if (code != 0) {
        ERR_error_string_n(code, text, sizeof text);
    }
    ERR_clear_error();
    return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "OpenSSL cannot %s: %s", doing, text);
}

enum status hasher_open(struct hasher **out, struct fault *fault)
{
    struct hasher *hasher = calloc(1, sizeof *hasher);
    enum status status = STATUS_OK;

    if (hasher == NULL) {
        return fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "out of memory for a hasher");
    }
    hasher->library = OSSL_LIB_CTX_new();
    if (hasher->library == NULL) {
        status = openssl_fault(fault, "open a library context");
        goto done;
    }
    hasher->sha256 = EVP_MD_fetch(hasher->library, "SHA2-256", NULL);
    if (hasher->sha256 == NULL) {
        status = openssl_fault(fault, "fetch SHA-256");
        goto done;
    }
    hasher->context = EVP_MD_CTX_new();
    if (hasher->context == NULL) {
        status = openssl_fault(fault, "make a digest context");
        goto done;
    }
    *out = hasher;
    hasher = NULL;
done:
    hasher_close(hasher);
    return status;
}

void hasher_close(struct hasher *hasher)
{
    if (hasher == NULL) {
        return;
    }
    EVP_MD_CTX_free(hasher->context);
    EVP_MD_free(hasher->sha256);
    OSSL_LIB_CTX_free(hasher->library);
    free(hasher);
}

static void begin(struct hasher *hasher)
{
    int ok = EVP_DigestInit_ex2(hasher->context, hasher->sha256, NULL);

    assert(ok == 1);
}

static void add(struct hasher *hasher, const void *ptr, size_t len)
{
    int ok = len == 0 ? 1 : EVP_DigestUpdate(hasher->context, ptr, len);

    assert(ok == 1);
}

static void finish(struct hasher *hasher, struct hash *out)
{
    unsigned len = 0;
    int ok = EVP_DigestFinal_ex(hasher->context, out->bytes, &len);

    assert(ok == 1 && len == HASH_BYTES);
}

void hash_data(struct hasher *hasher, struct view data, struct hash *out)
{
    begin(hasher);
    add(hasher, data.ptr, data.len);
    finish(hasher, out);
}

void hash_prefixed(struct hasher *hasher, const char *prefix, struct view data, struct hash *out)
{
    begin(hasher);
    add(hasher, prefix, strlen(prefix));
    add(hasher, data.ptr, data.len);
    finish(hasher, out);
}

void hash_leaf(struct hasher *hasher, struct view data, struct hash *out)
{
    static const uint8_t prefix = 0x00;

    begin(hasher);
    add(hasher, &prefix, 1);
    add(hasher, data.ptr, data.len);
    finish(hasher, out);
}

void hash_node(struct hasher *hasher, const struct hash *left, const struct hash *right, struct hash *out)
{
    uint8_t input[1 + 2 * HASH_BYTES];

    input[0] = 0x01;
    memcpy(input + 1, left->bytes, HASH_BYTES);
    memcpy(input + 1 + HASH_BYTES, right->bytes, HASH_BYTES);
    begin(hasher);
    add(hasher, input, sizeof input);
    finish(hasher, out);
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

struct view hash_view(const struct hash *hash)
{
    return view_of(hash->bytes, HASH_BYTES);
}

struct hash hash_of_view(struct view bytes)
{
    struct hash hash;

    assert(bytes.len == HASH_BYTES);
    memcpy(hash.bytes, bytes.ptr, HASH_BYTES);
    return hash;
}
