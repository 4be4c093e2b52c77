/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret: private keys in memory, and signing with them. Key files are in secret_file.c; nothing else in the
 * project sees a private key. Memory that holds one is libsodium's: locked where the system allows, wiped when freed.
 */
#include "ledger/secret_pkcs8.h"

#include <assert.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include "verify/text.h"

struct secret {
    struct public_key public;
    uint8_t ed25519[crypto_sign_SECRETKEYBYTES]; /* KEY_ED25519 */
    OSSL_LIB_CTX *context;                       /* KEY_ESP256 */
    EVP_PKEY *p256;                              /* KEY_ESP256 */
};

enum { POINT_BYTES = 65, COORDINATE_BYTES = 32, DER_SIGNATURE_MAX = 80 };

static struct secret *secret_alloc(struct fault *fault)
{
    struct secret *secret = NULL;

    if (sodium_init() < 0) {
        fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "libsodium cannot start");
        return NULL;
    }
    secret = sodium_malloc(sizeof *secret);
    if (secret == NULL) {
        fault_set(fault, STATUS_MEMORY, FAULT_NOWHERE, "no protected memory for a private key");
        return NULL;
    }
    sodium_memzero(secret, sizeof *secret);
    return secret;
}

void secret_close(struct secret *secret)
{
    if (secret != NULL) {
        EVP_PKEY_free(secret->p256);
        OSSL_LIB_CTX_free(secret->context);
        sodium_free(secret);
    }
}

enum status secret_from_seed(const uint8_t seed[32], struct secret **out, struct fault *fault)
{
    struct secret *secret = secret_alloc(fault);
    int made;

    if (secret == NULL) {
        return fault == NULL ? STATUS_MEMORY : fault->status;
    }
    secret->public.algorithm = KEY_ED25519;
    secret->public.len = ED25519_BYTES;
    made = crypto_sign_seed_keypair(secret->public.bytes, secret->ed25519, seed);
    assert(made == 0);
    *out = secret;
    return STATUS_OK;
}

enum status secret_new(struct secret **out, struct fault *fault)
{
    uint8_t seed[crypto_sign_SEEDBYTES];
    enum status status;

    if (sodium_init() < 0) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "libsodium cannot start");
    }
    randombytes_buf(seed, sizeof seed);
    status = secret_from_seed(seed, out, fault);
    sodium_memzero(seed, sizeof seed);
    return status;
}

const struct public_key *secret_public(const struct secret *secret)
{
    return &secret->public;
}

/* ---- P-256 ---------------------------------------------------------------------------------- */

/* The compressed point of the key's public half (SEC 1 2.3.3). */
static bool p256_public(const EVP_PKEY *pkey, struct public_key *out)
{
    uint8_t point[POINT_BYTES];
    char group[32];
    size_t len = 0;

    if (EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group, &len) != 1 ||
        strcmp(group, "prime256v1") != 0 ||
        EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &len) != 1) {
        return false;
    }
    if (len != POINT_BYTES && len != 1 + COORDINATE_BYTES) {
        return false;
    }
    out->algorithm = KEY_ESP256;
    out->len = 1 + COORDINATE_BYTES;
    memcpy(out->bytes, point, out->len);
    if (len == POINT_BYTES) {
        out->bytes[0] = (uint8_t)(2 + (point[POINT_BYTES - 1] & 1));
    }
    return public_key_check(out);
}

/* r || s with s in the lower half (SPEC 2.4): of the two values that would verify, one. */
static bool p256_low_s(const EVP_PKEY *pkey, const uint8_t *der, size_t len, uint8_t out[SIGNATURE_BYTES])
{
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)len);
    BIGNUM *order = NULL;
    BIGNUM *half = BN_new();
    BIGNUM *s = BN_new();
    bool good = false;

    if (signature != NULL && half != NULL && s != NULL &&
        EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_EC_ORDER, &order) == 1 && BN_rshift1(half, order) == 1 &&
        BN_copy(s, ECDSA_SIG_get0_s(signature)) != NULL) {
        good = BN_cmp(s, half) <= 0 || BN_sub(s, order, s) == 1;
        good = good && BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, COORDINATE_BYTES) == COORDINATE_BYTES;
        good = good && BN_bn2binpad(s, out + COORDINATE_BYTES, COORDINATE_BYTES) == COORDINATE_BYTES;
    }
    BN_free(s);
    BN_free(half);
    BN_free(order);
    ECDSA_SIG_free(signature);
    return good;
}

static bool p256_sign(const struct secret *secret, struct view message, uint8_t out[SIGNATURE_BYTES])
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    uint8_t der[DER_SIGNATURE_MAX];
    size_t len = sizeof der;
    bool good;

    good = digest != NULL &&
           EVP_DigestSignInit_ex(digest, NULL, "SHA256", secret->context, NULL, secret->p256, NULL) == 1 &&
           EVP_DigestSign(digest, der, &len, message.ptr, message.len) == 1 &&
           p256_low_s(secret->p256, der, len, out);
    EVP_MD_CTX_free(digest);
    return good;
}

enum status secret_sign(const struct secret *secret, struct view message, uint8_t out[SIGNATURE_BYTES],
                        struct fault *fault)
{
    if (secret->public.algorithm == KEY_ED25519) {
        int made = crypto_sign_detached(out, NULL, message.ptr, message.len, secret->ed25519);

        assert(made == 0);
        return STATUS_OK;
    }
    if (!p256_sign(secret, message, out)) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "OpenSSL cannot sign with this P-256 key");
    }
    return STATUS_OK;
}

/* ---- for secret_file.c ---------------------------------------------------------------------- */

enum status secret_from_pkey(OSSL_LIB_CTX *context, EVP_PKEY *pkey, struct secret **out, struct fault *fault)
{
    uint8_t seed[crypto_sign_SEEDBYTES];
    size_t len = sizeof seed;
    enum status status;

    if (EVP_PKEY_is_a(pkey, "ED25519") == 1 && EVP_PKEY_get_raw_private_key(pkey, seed, &len) == 1 &&
        len == sizeof seed) {
        status = secret_from_seed(seed, out, fault);
        sodium_memzero(seed, sizeof seed);
        EVP_PKEY_free(pkey);
        OSSL_LIB_CTX_free(context);
        return status;
    }
    sodium_memzero(seed, sizeof seed);
    *out = secret_alloc(fault);
    if (*out == NULL) {
        EVP_PKEY_free(pkey);
        OSSL_LIB_CTX_free(context);
        return STATUS_MEMORY;
    }
    (*out)->context = context;
    (*out)->p256 = pkey;
    if (EVP_PKEY_is_a(pkey, "EC") != 1 || !p256_public(pkey, &(*out)->public)) {
        secret_close(*out);
        *out = NULL;
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE, "the key is neither Ed25519 nor P-256");
    }
    return STATUS_OK;
}

EVP_PKEY *secret_to_pkey(OSSL_LIB_CTX *context, const struct secret *secret)
{
    EVP_PKEY *pkey = secret->p256;

    if (secret->public.algorithm == KEY_ED25519) {
        return EVP_PKEY_new_raw_private_key_ex(context, "ED25519", NULL, secret->ed25519, crypto_sign_SEEDBYTES);
    }
    return EVP_PKEY_up_ref(pkey) == 1 ? pkey : NULL;
}

/* ---- public keys as text -------------------------------------------------------------------- */

void public_key_print(const struct public_key *key, struct buffer *out)
{
    buffer_printf(out, "%s:", key->algorithm == KEY_ED25519 ? "ed25519" : "p256");
    text_base64(out, view_of(key->bytes, key->len));
}

enum status public_key_parse(struct view text, struct public_key *out, struct fault *fault)
{
    static const struct {
        const char *prefix;
        int algorithm;
        size_t len;
    } forms[] = {{"ed25519:", KEY_ED25519, 32}, {"p256:", KEY_ESP256, 33}};
    struct buffer bytes = {0};
    struct public_key key = {0};
    bool good = false;

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t prefix = strlen(forms[i].prefix);

        if (text.len > prefix && memcmp(text.ptr, forms[i].prefix, prefix) == 0 &&
            text_base64_decode(view_part(text, prefix, text.len - prefix), &bytes) && bytes.len == forms[i].len) {
            key.algorithm = forms[i].algorithm;
            key.len = bytes.len;
            memcpy(key.bytes, bytes.ptr, bytes.len);
            good = public_key_check(&key);
        }
    }
    buffer_free(&bytes);
    if (!good) {
        return fault_set(fault, STATUS_DAMAGED, FAULT_NOWHERE,
                         "not a public key: ed25519:BASE64 or p256:BASE64, as `unbroken key show` prints it");
    }
    *out = key;
    return STATUS_OK;
}
