/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key: when a signature is valid. Our own checks of form come first and settle everything on which
 * libraries are known to differ; then the libraries are asked about the equation.
 * Not here: private keys (ledger/), certificates (token).
 */
#include "verify/key.h"

#include <assert.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

enum { KEY_ENCODED_MAX = 4 + 33, SCALAR_BYTES = 32, DER_SIGNATURE_MAX = 80 };

/* What one library says; LIBRARY_SILENT when it could not answer (no memory). */
enum library_answer { LIBRARY_YES, LIBRARY_NO, LIBRARY_SILENT };

/*
 * The one static of this file, set once and never changed: a private library context, so that neither
 * OPENSSL_CONF nor another part of the process changes which code checks a signature. Making one takes
 * longer than ten checks, so it is not made for each.
 */
static pthread_once_t private_once = PTHREAD_ONCE_INIT;
static OSSL_LIB_CTX *private_context;

static void make_private_context(void)
{
    private_context = OSSL_LIB_CTX_new();
}

static OSSL_LIB_CTX *library_context(void)
{
    (void)pthread_once(&private_once, make_private_context);
    return private_context;
}

enum status key_initialise(struct fault *fault)
{
    if (sodium_init() < 0) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "libsodium does not start: sodium_init failed");
    }
    if (library_context() == NULL) {
        return fault_set(fault, STATUS_ENVIRONMENT, FAULT_NOWHERE, "OpenSSL gives no library context");
    }
    return STATUS_OK;
}

/*
 * [algorithm, bytes], deterministic: array of 2; a negative integer above -25 in one byte; a byte string
 * of 24 to 255 bytes. Without memory from the heap, so that public_key_id cannot fail.
 */
static size_t encode_key(const struct public_key *key, uint8_t out[KEY_ENCODED_MAX])
{
    assert(key->algorithm == KEY_ED25519 || key->algorithm == KEY_ESP256);
    assert(key->len == (key->algorithm == KEY_ED25519 ? 32u : 33u));
    out[0] = 0x82;
    out[1] = (uint8_t)(0x20 + (-1 - key->algorithm));
    out[2] = 0x58;
    out[3] = (uint8_t)key->len;
    memcpy(out + 4, key->bytes, key->len);
    return 4 + key->len;
}

void public_key_read(struct reader *reader, struct public_key *out)
{
    struct public_key key = {0};
    struct view bytes;

    (void)reader_array(reader, 2, 2, "public key");
    int64_t algorithm = reader_int(reader, "public key algorithm");
    key.algorithm = algorithm == KEY_ESP256 ? KEY_ESP256 : KEY_ED25519;
    key.len = key.algorithm == KEY_ESP256 ? 33 : 32;
    if (algorithm != key.algorithm) {
        reader_fail(reader, "public key algorithm is neither -19 (Ed25519) nor -9 (ESP256)");
    }
    bytes = reader_bytes(reader, key.len, key.len, "public key bytes");
    if (reader->failed) {
        memset(out, 0, sizeof *out);
        return;
    }
    memcpy(key.bytes, bytes.ptr, bytes.len);
    *out = key;
}

void public_key_write(struct buffer *out, const struct public_key *key)
{
    uint8_t encoded[KEY_ENCODED_MAX];
    size_t len = encode_key(key, encoded);

    buffer_append(out, encoded, len);
}

void public_key_id(struct hasher *hasher, const struct public_key *key, struct hash *out)
{
    uint8_t encoded[KEY_ENCODED_MAX];
    size_t len = encode_key(key, encoded);

    hash_data(hasher, view_of(encoded, len), out);
}

/* ---- Ed25519 ---- */

/* y < p = 2^255 - 19, little-endian, the sign bit aside. */
static bool point_is_canonical(const uint8_t point[ED25519_BYTES])
{
    if ((point[31] & 0x7f) != 0x7f) {
        return true;
    }
    for (size_t i = 30; i > 0; i--) {
        if (point[i] != 0xff) {
            return true;
        }
    }
    return point[0] < 0xed;
}

/*
 * The eight points of order 1, 2, 4 and 8 have five y-coordinates; with either sign bit, which also
 * covers the encodings of x = 0 with the sign set. Non-canonical forms of them are refused before.
 */
static bool point_is_small(const uint8_t point[ED25519_BYTES])
{
    static const uint8_t small[5][ED25519_BYTES] = {
        {0x00}, /* order 4 */
        {0x01}, /* order 1 */
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
         0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
         0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
        {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, /* order 2 */
    };

    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++) {
        if (memcmp(point, small[i], ED25519_BYTES - 1) == 0 && (point[31] & 0x7f) == small[i][31]) {
            return true;
        }
    }
    return false;
}

/* S < L = 2^252 + 27742317777372353535851937790883648493, little-endian. */
static bool scalar_is_canonical(const uint8_t scalar[SCALAR_BYTES])
{
    static const uint8_t order[SCALAR_BYTES] = {
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10};

    for (size_t i = SCALAR_BYTES; i-- > 0;) {
        if (scalar[i] != order[i]) {
            return scalar[i] < order[i];
        }
    }
    return false;
}

static bool point_is_acceptable(const uint8_t point[ED25519_BYTES])
{
    return point_is_canonical(point) && !point_is_small(point);
}

/*
 * A P-256 signer can choose r so that the sum is the point at infinity. OpenSSL calls that an error and not
 * a failed check, and not in its last entry; so on this rare path the thread's error queue is used up.
 */
static bool sum_was_infinity(void)
{
    bool found = false;

    for (unsigned long code = ERR_get_error(); code != 0; code = ERR_get_error()) {
        found = found || (ERR_GET_LIB(code) == ERR_LIB_EC && ERR_GET_REASON(code) == EC_R_POINT_AT_INFINITY);
    }
    return found;
}

static enum library_answer ask_openssl(EVP_PKEY *pkey, const char *digest, const uint8_t *signature, size_t len,
                                       struct view message)
{
    enum library_answer answer = LIBRARY_SILENT;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int said;

    if (context == NULL ||
        EVP_DigestVerifyInit_ex(context, NULL, digest, library_context(), NULL, pkey, NULL) != 1) {
        goto done;
    }
    said = EVP_DigestVerify(context, signature, len, message.ptr, message.len);
    if (said == 1) {
        answer = LIBRARY_YES;
    } else if (said == 0 || sum_was_infinity()) {
        answer = LIBRARY_NO;
    }

done:
    EVP_MD_CTX_free(context);
    return answer;
}

static enum library_answer ed25519_ask_openssl(const struct public_key *key, struct view message,
                                               const uint8_t signature[SIGNATURE_BYTES])
{
    enum library_answer answer = LIBRARY_SILENT;
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key_ex(library_context(), "ED25519", NULL, key->bytes, ED25519_BYTES);

    if (pkey != NULL) {
        answer = ask_openssl(pkey, NULL, signature, SIGNATURE_BYTES, message);
    }
    EVP_PKEY_free(pkey);
    return answer;
}

static enum signature_opinion ed25519_check(const struct public_key *key, struct view message,
                                            const uint8_t signature[SIGNATURE_BYTES], enum signature_rigour rigour)
{
    enum library_answer first;
    enum library_answer second;

    if (!point_is_acceptable(key->bytes) || !point_is_acceptable(signature) || !scalar_is_canonical(signature + 32)) {
        return SIGNATURE_INVALID;
    }
    first = crypto_sign_ed25519_verify_detached(signature, message.ptr, message.len, key->bytes) == 0 ? LIBRARY_YES
                                                                                                  : LIBRARY_NO;
    second = rigour == SIGNATURE_FAST ? first : ed25519_ask_openssl(key, message, signature);
    if (first != second) {
        return SIGNATURE_DISAGREED;
    }
    return first == LIBRARY_YES ? SIGNATURE_VALID : SIGNATURE_INVALID;
}

/* ---- P-256 ---- */

/* LIBRARY_YES with *out to be freed; LIBRARY_NO: not a compressed point on the curve. */
static enum library_answer p256_open(const struct public_key *key, EVP_PKEY **out)
{
    char group[] = "P-256";
    uint8_t point[33];
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                           OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
                           OSSL_PARAM_construct_end()};
    enum library_answer answer = LIBRARY_SILENT;
    EVP_PKEY_CTX *context = NULL;

    *out = NULL;
    if (key->bytes[0] != 2 && key->bytes[0] != 3) {
        return LIBRARY_NO;
    }
    memcpy(point, key->bytes, sizeof point);
    context = EVP_PKEY_CTX_new_from_name(library_context(), "EC", NULL);
    if (context != NULL && EVP_PKEY_fromdata_init(context) == 1) {
        answer = EVP_PKEY_fromdata(context, out, EVP_PKEY_PUBLIC_KEY, params) == 1 ? LIBRARY_YES : LIBRARY_NO;
    }
    EVP_PKEY_CTX_free(context);
    return answer;
}

/* 0 < value <= max, both big-endian. */
static bool scalar_in_range(const uint8_t value[SCALAR_BYTES], const uint8_t max[SCALAR_BYTES])
{
    static const uint8_t zero[SCALAR_BYTES] = {0};

    return memcmp(value, zero, SCALAR_BYTES) != 0 && memcmp(value, max, SCALAR_BYTES) <= 0;
}

/* 0 < r < n and 0 < s <= n/2: of the two values of s that verify, the low one is the signature (SPEC 2.4). */
static bool p256_scalars_check(const uint8_t signature[SIGNATURE_BYTES])
{
    static const uint8_t order_less_1[SCALAR_BYTES] = {
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x50};
    static const uint8_t half_order[SCALAR_BYTES] = {
        0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8};

    return scalar_in_range(signature, order_less_1) && scalar_in_range(signature + SCALAR_BYTES, half_order);
}

/* r || s as the DER sequence that OpenSSL takes; 0 without memory. */
static size_t p256_der(const uint8_t signature[SIGNATURE_BYTES], uint8_t out[DER_SIGNATURE_MAX])
{
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, SCALAR_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(signature + SCALAR_BYTES, SCALAR_BYTES, NULL);
    int len = 0;

    if (pair != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(pair, r, s) == 1) {
        uint8_t *end = out;

        r = NULL; /* the pair owns them now */
        s = NULL;
        len = i2d_ECDSA_SIG(pair, &end);
        assert(len <= DER_SIGNATURE_MAX);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(pair);
    return len > 0 ? (size_t)len : 0;
}

static enum signature_opinion p256_check(const struct public_key *key, struct view message,
                                         const uint8_t signature[SIGNATURE_BYTES])
{
    uint8_t der[DER_SIGNATURE_MAX];
    enum library_answer answer;
    EVP_PKEY *pkey = NULL;

    if (!p256_scalars_check(signature)) {
        return SIGNATURE_INVALID;
    }
    answer = p256_open(key, &pkey);
    if (answer == LIBRARY_YES) {
        size_t der_len = p256_der(signature, der);

        answer = der_len == 0 ? LIBRARY_SILENT : ask_openssl(pkey, "SHA256", der, der_len, message);
    }
    EVP_PKEY_free(pkey);
    if (answer == LIBRARY_SILENT) {
        return SIGNATURE_DISAGREED;
    }
    return answer == LIBRARY_YES ? SIGNATURE_VALID : SIGNATURE_INVALID;
}

/* ---- both ---- */

bool public_key_check(const struct public_key *key)
{
    bool good = false;

    if (key->algorithm == KEY_ED25519 && key->len == 32) {
        uint8_t sum[ED25519_BYTES];

        /* Adding decodes both points and checks the curve, and, unlike is_valid_point, not the subgroup. */
        good = point_is_acceptable(key->bytes) && crypto_core_ed25519_add(sum, key->bytes, key->bytes) == 0;
    } else if (key->algorithm == KEY_ESP256 && key->len == 33) {
        EVP_PKEY *pkey = NULL;

        (void)ERR_set_mark();
        good = p256_open(key, &pkey) == LIBRARY_YES;
        (void)ERR_pop_to_mark();
        EVP_PKEY_free(pkey);
    }
    return good;
}

enum signature_opinion signature_check(const struct public_key *key, struct view message,
                                       const uint8_t signature[SIGNATURE_BYTES], enum signature_rigour rigour)
{
    static const uint8_t nothing[1] = {0};
    enum signature_opinion opinion = SIGNATURE_INVALID;

    if (message.ptr == NULL) {
        message.ptr = nothing; /* the empty view: the libraries want a pointer */
    }
    if (key->algorithm == KEY_ED25519 && key->len == 32 && rigour == SIGNATURE_FAST) {
        return ed25519_check(key, message, signature, rigour);
    }
    (void)ERR_set_mark();
    if (key->algorithm == KEY_ED25519 && key->len == 32) {
        opinion = ed25519_check(key, message, signature, rigour);
    } else if (key->algorithm == KEY_ESP256 && key->len == 33) {
        opinion = p256_check(key, message, signature);
    }
    (void)ERR_pop_to_mark(); /* leaves nothing of ours in the thread's error queue */
    return opinion;
}
