/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a signature is accepted that another sound verifier would refuse, or refused that our rule
 * accepts: small order, non-canonical forms, high s, mixed order, and the cases on which libraries differ.
 */
#include "verify/key.h"

#include <check.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "verify/writer.h"

static void from_hex(const char *hex, uint8_t *out, size_t len)
{
    size_t found = 0;

    ck_assert_int_eq(sodium_hex2bin(out, len, hex, strlen(hex), NULL, &found, NULL), 0);
    ck_assert_uint_eq(found, len);
}

static struct public_key key_of(int algorithm, const uint8_t *bytes)
{
    struct public_key key = {.algorithm = algorithm, .len = algorithm == KEY_ED25519 ? 32 : 33};

    memcpy(key.bytes, bytes, key.len);
    return key;
}

static void assert_opinion(const struct public_key *key, struct view message, const uint8_t signature[64],
                           enum signature_opinion expected)
{
    ck_assert_int_eq(signature_check(key, message, signature, SIGNATURE_BOTH), expected);
    ck_assert_int_eq(signature_check(key, message, signature, SIGNATURE_FAST), expected);
    ck_assert_uint_eq(ERR_peek_error(), 0);
}

static void setup(void)
{
    struct fault fault;

    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
}

/* ---- Ed25519 ---- */

/* RFC 8032 7.1, tests 1 to 3 */
START_TEST(test_rfc8032)
{
    static const char *const vectors[3][3] = {
        {"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bb"
         "e24655141438e7a100b"},
        {"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302"
         "aeeb00d291612bb0c00"},
        {"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed"
         "28dc027beceea1ec40a"}};

    for (size_t i = 0; i < 3; i++) {
        uint8_t bytes[32];
        uint8_t message[2] = {0};
        uint8_t signature[64];
        struct public_key key;

        from_hex(vectors[i][0], bytes, 32);
        from_hex(vectors[i][1], message, i);
        from_hex(vectors[i][2], signature, 64);
        key = key_of(KEY_ED25519, bytes);
        ck_assert(public_key_check(&key));
        assert_opinion(&key, view_of(message, i), signature, SIGNATURE_VALID);
        assert_opinion(&key, view_of(message, i + 1 < 3 ? i + 1 : 1), signature, SIGNATURE_INVALID);
        if (i == 0) {
            assert_opinion(&key, view_of(NULL, 0), signature, SIGNATURE_VALID);
        }
    }
}
END_TEST

/* The same secret for every run: a * B = A. */
struct signer {
    uint8_t scalar[32];
    uint8_t key[32];
};

static struct signer make_signer(uint8_t seed)
{
    struct signer signer;
    uint8_t wide[64];

    memset(wide, seed, sizeof wide);
    crypto_core_ed25519_scalar_reduce(signer.scalar, wide);
    ck_assert_int_eq(crypto_scalarmult_ed25519_base_noclamp(signer.key, signer.scalar), 0);
    return signer;
}

/* h = SHA-512(R || A || M) mod L */
static void challenge(const uint8_t r[32], const uint8_t a[32], struct view message, uint8_t out[32])
{
    crypto_hash_sha512_state state;
    uint8_t wide[64];

    crypto_hash_sha512_init(&state);
    crypto_hash_sha512_update(&state, r, 32);
    crypto_hash_sha512_update(&state, a, 32);
    crypto_hash_sha512_update(&state, message.ptr, message.len);
    crypto_hash_sha512_final(&state, wide);
    crypto_core_ed25519_scalar_reduce(out, wide);
}

/* signature = R || nonce + h * scalar, for any bytes R and A that the caller wants to have hashed. */
static void sign_as(const uint8_t r[32], const uint8_t nonce[32], const uint8_t key[32], const uint8_t scalar[32],
                    struct view message, uint8_t signature[64])
{
    uint8_t h[32];
    uint8_t product[32];

    challenge(r, key, message, h);
    crypto_core_ed25519_scalar_mul(product, h, scalar);
    crypto_core_ed25519_scalar_add(signature + 32, nonce, product);
    memcpy(signature, r, 32);
}

static const char *const SMALL[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    /* x = 0 with the sign set, and y not below p */
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};

/* With key 01 00..00 the signature 01 00..00 holds for every message in OpenSSL; here for none. */
START_TEST(test_small_order_key)
{
    for (size_t i = 0; i < sizeof SMALL / sizeof SMALL[0]; i++) {
        uint8_t bytes[32];
        uint8_t signature[64] = {1};
        struct public_key key;

        from_hex(SMALL[i], bytes, 32);
        key = key_of(KEY_ED25519, bytes);
        ck_assert_msg(!public_key_check(&key), "%s", SMALL[i]);
        assert_opinion(&key, view_text("any"), signature, SIGNATURE_INVALID);
    }
}
END_TEST

/* R of small order whose equation holds: R = 1, S = h a. */
START_TEST(test_small_order_r)
{
    struct signer signer = make_signer(7);
    struct public_key key = key_of(KEY_ED25519, signer.key);
    const uint8_t zero[32] = {0};
    uint8_t signature[64];

    for (size_t i = 0; i < sizeof SMALL / sizeof SMALL[0]; i++) {
        uint8_t r[32];

        from_hex(SMALL[i], r, 32);
        sign_as(r, zero, signer.key, signer.scalar, view_text("m"), signature);
        assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
    }
}
END_TEST

/* y from p to 2^255-1, both signs, as key and as R. */
START_TEST(test_non_canonical_points)
{
    struct signer signer = make_signer(9);
    struct public_key good = key_of(KEY_ED25519, signer.key);
    const uint8_t zero[32] = {0};

    for (unsigned low = 0xed; low <= 0xff; low++) {
        for (unsigned sign = 0; sign < 2; sign++) {
            uint8_t point[32];
            uint8_t signature[64];
            struct public_key key;

            memset(point, 0xff, sizeof point);
            point[0] = (uint8_t)low;
            point[31] = sign == 0 ? 0x7f : 0xff;
            key = key_of(KEY_ED25519, point);
            ck_assert(!public_key_check(&key));
            sign_as(point, zero, signer.key, signer.scalar, view_text("m"), signature);
            assert_opinion(&good, view_text("m"), signature, SIGNATURE_INVALID);
            assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
        }
    }
}
END_TEST

/* S + L, S + 2 L ... while it fits in 32 bytes: the equation holds, the form does not. */
START_TEST(test_non_canonical_s)
{
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                      0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    uint8_t key_bytes[32];
    uint8_t secret[64];
    uint8_t seed[32] = {3};
    uint8_t signature[64];
    struct public_key key;

    ck_assert_int_eq(crypto_sign_ed25519_seed_keypair(key_bytes, secret, seed), 0);
    key = key_of(KEY_ED25519, key_bytes);
    (void)crypto_sign_ed25519_detached(signature, NULL, (const uint8_t *)"m", 1, secret);
    assert_opinion(&key, view_text("m"), signature, SIGNATURE_VALID);
    for (unsigned i = 0; i < 14; i++) {
        sodium_add(signature + 32, order, 32);
        assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
    }
    memcpy(signature + 32, order, 32);
    assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
}
END_TEST

/*
 * A key with a part of order 8: allowed, and judged by the equation without cofactor. So the signature
 * holds exactly when h is a multiple of 8; a verifier with cofactor would accept all of these.
 */
START_TEST(test_mixed_order_key)
{
    struct signer signer = make_signer(11);
    struct signer nonce = make_signer(12);
    uint8_t torsion[32];
    uint8_t mixed[32];
    struct public_key key;
    unsigned valid = 0;

    from_hex(SMALL[4], torsion, 32);
    ck_assert_int_eq(crypto_core_ed25519_add(mixed, signer.key, torsion), 0);
    ck_assert_int_eq(crypto_core_ed25519_is_valid_point(mixed), 0);
    key = key_of(KEY_ED25519, mixed);
    ck_assert(public_key_check(&key));
    for (uint8_t message = 0; message < 100; message++) {
        uint8_t signature[64];
        uint8_t h[32];
        bool holds;

        sign_as(nonce.key, nonce.scalar, mixed, signer.scalar, view_of(&message, 1), signature);
        challenge(nonce.key, mixed, view_of(&message, 1), h);
        holds = h[0] % 8 == 0;
        valid += holds ? 1 : 0;
        assert_opinion(&key, view_of(&message, 1), signature, holds ? SIGNATURE_VALID : SIGNATURE_INVALID);
    }
    ck_assert_uint_gt(valid, 0);
}
END_TEST

START_TEST(test_mixed_order_r)
{
    struct signer signer = make_signer(13);
    struct signer nonce = make_signer(14);
    struct public_key key = key_of(KEY_ED25519, signer.key);
    uint8_t torsion[32];
    uint8_t mixed[32];
    uint8_t signature[64];

    sign_as(nonce.key, nonce.scalar, signer.key, signer.scalar, view_text("m"), signature);
    assert_opinion(&key, view_text("m"), signature, SIGNATURE_VALID);
    from_hex(SMALL[4], torsion, 32);
    ck_assert_int_eq(crypto_core_ed25519_add(mixed, nonce.key, torsion), 0);
    sign_as(mixed, nonce.scalar, signer.key, signer.scalar, view_text("m"), signature);
    assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
}
END_TEST

/* About half of all y are on the curve; what is not is refused as a key and as a signer. */
START_TEST(test_off_the_curve)
{
    unsigned off = 0;

    for (uint8_t y = 2; y < 100; y++) {
        uint8_t bytes[32] = {y};
        uint8_t sum[32];
        struct public_key key = key_of(KEY_ED25519, bytes);
        uint8_t signature[64];
        struct signer nonce = make_signer(y);

        ck_assert_int_eq(public_key_check(&key), crypto_core_ed25519_sub(sum, bytes, bytes) == 0);
        off += public_key_check(&key) ? 0 : 1;
        sign_as(nonce.key, nonce.scalar, bytes, nonce.scalar, view_text("m"), signature);
        assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
    }
    ck_assert_uint_gt(off, 30);
    ck_assert_uint_lt(off, 70);
}
END_TEST

/* Random messages, each signature once as it is and once with one bit changed anywhere. */
START_TEST(test_libraries_agree)
{
    static const uint8_t seed[randombytes_SEEDBYTES] = {42};
    uint8_t random[400 * 104];

    randombytes_buf_deterministic(random, sizeof random, seed);
    for (size_t i = 0; i < 400; i++) {
        uint8_t *data = random + i * 104; /* 32 seed, 64 message, 2 where to damage */
        uint8_t bytes[32];
        uint8_t secret[64];
        uint8_t signature[64];
        struct public_key key;
        size_t bit = (size_t)(data[96] << 8 | data[97]) % (8 * 160);

        ck_assert_int_eq(crypto_sign_ed25519_seed_keypair(bytes, secret, data), 0);
        (void)crypto_sign_ed25519_detached(signature, NULL, data + 32, 64, secret);
        key = key_of(KEY_ED25519, bytes);
        assert_opinion(&key, view_of(data + 32, 64), signature, SIGNATURE_VALID);
        if (bit < 512) {
            data[32 + bit / 8] ^= (uint8_t)(1u << bit % 8);
        } else if (bit < 1024) {
            signature[(bit - 512) / 8] ^= (uint8_t)(1u << bit % 8);
        } else {
            key.bytes[(bit - 1024) / 8] ^= (uint8_t)(1u << bit % 8);
        }
        assert_opinion(&key, view_of(data + 32, 64), signature, SIGNATURE_INVALID);
    }
}
END_TEST

/* ---- P-256 ---- */

static const char P256_ORDER[] = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

static BIGNUM *number_of(const char *hex)
{
    BIGNUM *number = NULL;

    ck_assert_int_gt(BN_hex2bn(&number, hex), 0);
    return number;
}

static void put_pair(const BIGNUM *r, const BIGNUM *s, uint8_t signature[64])
{
    ck_assert_int_eq(BN_bn2binpad(r, signature, 32), 32);
    ck_assert_int_eq(BN_bn2binpad(s, signature + 32, 32), 32);
}

/* s := n - s */
static void flip_s(uint8_t signature[64])
{
    BIGNUM *order = number_of(P256_ORDER);
    BIGNUM *s = BN_bin2bn(signature + 32, 32, NULL);

    ck_assert_int_eq(BN_sub(s, order, s), 1);
    ck_assert_int_eq(BN_bn2binpad(s, signature + 32, 32), 32);
    BN_free(order);
    BN_free(s);
}

static void multiply(const BIGNUM *scalar, uint8_t compressed[33])
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *point = EC_POINT_new(group);

    ck_assert_int_eq(EC_POINT_mul(group, point, scalar, NULL, NULL, NULL), 1);
    ck_assert_uint_eq(EC_POINT_point2oct(group, point, POINT_CONVERSION_COMPRESSED, compressed, 33, NULL), 33);
    EC_POINT_free(point);
    EC_GROUP_free(group);
}

static BIGNUM *digest_of(struct view message)
{
    uint8_t digest[32];

    crypto_hash_sha256(digest, message.ptr, message.len);
    return BN_bin2bn(digest, 32, NULL);
}

static const char RFC6979_KEY[] = "0360fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6";

/* RFC 6979 A.2.5: "test" has a low s; "sample" a high one, refused until it is flipped. */
START_TEST(test_rfc6979)
{
    uint8_t bytes[33];
    uint8_t signature[64];
    struct public_key key;

    from_hex(RFC6979_KEY, bytes, 33);
    key = key_of(KEY_ESP256, bytes);
    ck_assert(public_key_check(&key));
    from_hex("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
             "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
             signature, 64);
    assert_opinion(&key, view_text("test"), signature, SIGNATURE_VALID);
    assert_opinion(&key, view_text("Test"), signature, SIGNATURE_INVALID);
    flip_s(signature);
    assert_opinion(&key, view_text("test"), signature, SIGNATURE_INVALID);
    from_hex("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
             "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
             signature, 64);
    assert_opinion(&key, view_text("sample"), signature, SIGNATURE_INVALID);
    flip_s(signature);
    assert_opinion(&key, view_text("sample"), signature, SIGNATURE_VALID);
    for (size_t bit = 0; bit < 512; bit += 5) {
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_opinion(&key, view_text("sample"), signature, SIGNATURE_INVALID);
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    key.bytes[0] = 2; /* the other y */
    ck_assert(public_key_check(&key));
    assert_opinion(&key, view_text("sample"), signature, SIGNATURE_INVALID);
}
END_TEST

/* A key made to fit s: with s = floor(n/2) the signature is valid, with one more it is not, though it verifies. */
START_TEST(test_p256_half)
{
    BN_CTX *context = BN_CTX_new();
    BIGNUM *order = number_of(P256_ORDER);

    for (int more = 0; more < 2; more++) {
        BIGNUM *s = number_of("7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8");
        BIGNUM *k = number_of("123456789");
        BIGNUM *e = digest_of(view_text("m"));
        BIGNUM *d = BN_new();
        uint8_t point[33];
        uint8_t bytes[33];
        uint8_t signature[64];
        struct public_key key;
        BIGNUM *r;
        BIGNUM *inverse;

        ck_assert_int_eq(BN_add_word(s, (BN_ULONG)more), 1);
        multiply(k, point);
        r = BN_bin2bn(point + 1, 32, NULL);
        inverse = BN_mod_inverse(NULL, r, order, context);
        /* d = (s k - e) / r */
        ck_assert_int_eq(BN_mod_mul(d, s, k, order, context), 1);
        ck_assert_int_eq(BN_mod_sub(d, d, e, order, context), 1);
        ck_assert_int_eq(BN_mod_mul(d, d, inverse, order, context), 1);
        multiply(d, bytes);
        key = key_of(KEY_ESP256, bytes);
        put_pair(r, s, signature);
        assert_opinion(&key, view_text("m"), signature, more == 0 ? SIGNATURE_VALID : SIGNATURE_INVALID);
        flip_s(signature);
        assert_opinion(&key, view_text("m"), signature, more == 0 ? SIGNATURE_INVALID : SIGNATURE_VALID);
        BN_free(s);
        BN_free(k);
        BN_free(e);
        BN_free(d);
        BN_free(r);
        BN_free(inverse);
    }
    BN_free(order);
    BN_CTX_free(context);
}
END_TEST

START_TEST(test_p256_range)
{
    static const char *const values[] = {"0000000000000000000000000000000000000000000000000000000000000000",
                                         "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
                                         "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};
    uint8_t bytes[33];
    struct public_key key;

    from_hex(RFC6979_KEY, bytes, 33);
    key = key_of(KEY_ESP256, bytes);
    for (size_t i = 0; i < 3; i++) {
        uint8_t signature[64] = {0};

        signature[31] = 1;
        from_hex(values[i], signature + 32, 32);
        assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
        memset(signature, 0, sizeof signature);
        signature[63] = 1;
        from_hex(values[i], signature, 32);
        assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
    }
}
END_TEST

/* r = -e/d makes the sum the point at infinity, which OpenSSL reports as an error: to us it is invalid. */
START_TEST(test_p256_infinity)
{
    BN_CTX *context = BN_CTX_new();
    BIGNUM *order = number_of(P256_ORDER);
    BIGNUM *d = number_of("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
    BIGNUM *e = digest_of(view_text("m"));
    BIGNUM *r = BN_mod_inverse(NULL, d, order, context);
    BIGNUM *one = number_of("1");
    uint8_t bytes[33];
    uint8_t signature[64];
    struct public_key key;

    ck_assert_int_eq(BN_mod_mul(r, r, e, order, context), 1);
    ck_assert_int_eq(BN_sub(r, order, r), 1);
    put_pair(r, one, signature);
    from_hex(RFC6979_KEY, bytes, 33);
    key = key_of(KEY_ESP256, bytes);
    assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
    BN_free(order);
    BN_free(d);
    BN_free(e);
    BN_free(r);
    BN_free(one);
    BN_CTX_free(context);
}
END_TEST

START_TEST(test_p256_keys)
{
    static const char *const bad[] = {
        "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6", /* head of the long form */
        "0060fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
        "0660fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
        "000000000000000000000000000000000000000000000000000000000000000000", /* infinity */
        "02ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", /* x = p */
        "02ffffffff00000001000000000000000000000001000000000000000000000004", /* p + 5, and 5 is on the curve */
        "020000000000000000000000000000000000000000000000000000000000000001"}; /* no y */
    uint8_t bytes[33];
    const uint8_t signature[64] = {[31] = 1, [63] = 1};
    struct public_key key;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        from_hex(bad[i], bytes, 33);
        key = key_of(KEY_ESP256, bytes);
        ck_assert_msg(!public_key_check(&key), "%s", bad[i]);
        assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
    }
    from_hex("020000000000000000000000000000000000000000000000000000000000000005", bytes, 33);
    key = key_of(KEY_ESP256, bytes);
    ck_assert(public_key_check(&key));
    key.len = 32;
    ck_assert(!public_key_check(&key));
    key.algorithm = -7;
    ck_assert(!public_key_check(&key));
    assert_opinion(&key, view_text("m"), signature, SIGNATURE_INVALID);
}
END_TEST

/* ---- both ---- */

START_TEST(test_encoding)
{
    static const int algorithms[2] = {KEY_ED25519, KEY_ESP256};
    struct hasher *hasher = NULL;
    struct fault fault;

    fault_clear(&fault);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    for (size_t i = 0; i < 2; i++) {
        uint8_t bytes[33] = {2, 1, 2, 3};
        struct public_key key = key_of(algorithms[i], bytes);
        struct public_key back = {0};
        struct buffer by_key = {0};
        struct buffer by_writer = {0};
        struct hash id;
        struct hash expected;
        struct reader reader;

        public_key_write(&by_key, &key);
        writer_array(&by_writer, 2);
        writer_int(&by_writer, algorithms[i]);
        writer_bytes(&by_writer, view_of(key.bytes, key.len));
        ck_assert(view_equal(buffer_view(&by_key), buffer_view(&by_writer)));
        public_key_id(hasher, &key, &id);
        hash_data(hasher, buffer_view(&by_writer), &expected);
        ck_assert(hash_equal(&id, &expected));
        reader = reader_open(buffer_view(&by_key), &fault);
        public_key_read(&reader, &back);
        ck_assert_int_eq(reader_end(&reader), STATUS_OK);
        ck_assert_int_eq(back.algorithm, key.algorithm);
        ck_assert_uint_eq(back.len, key.len);
        ck_assert_int_eq(memcmp(back.bytes, key.bytes, sizeof key.bytes), 0);
        buffer_free(&by_key);
        buffer_free(&by_writer);
    }
    hasher_close(hasher);
}
END_TEST

static void assert_malformed(const struct buffer *encoded, uint64_t at)
{
    struct public_key key = {.algorithm = 1};
    struct fault fault;
    struct reader reader;

    fault_clear(&fault);
    reader = reader_open(buffer_view(encoded), &fault);
    public_key_read(&reader, &key);
    ck_assert_int_eq(reader_end(&reader), STATUS_DAMAGED);
    ck_assert_uint_eq(fault.at, at);
    ck_assert_int_eq(key.algorithm, 0);
}

START_TEST(test_malformed)
{
    static const struct {
        size_t count;
        int algorithm;
        size_t len;
        uint64_t at;
    } cases[] = {{2, KEY_ED25519, 33, 2}, {2, KEY_ED25519, 31, 2}, {2, KEY_ESP256, 32, 2}, {2, KEY_ESP256, 65, 2},
                 {2, -7, 32, 2},          {2, 19, 32, 2},          {1, KEY_ED25519, 0, 0}};
    const uint8_t bytes[65] = {2};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer encoded = {0};

        writer_array(&encoded, cases[i].count);
        writer_int(&encoded, cases[i].algorithm);
        if (cases[i].count == 2) {
            writer_bytes(&encoded, view_of(bytes, cases[i].len));
        }
        assert_malformed(&encoded, cases[i].at);
        buffer_free(&encoded);
    }
}
END_TEST

static void *check_many(void *context)
{
    bool *good = context;
    uint8_t bytes[33];
    uint8_t signature[64];
    struct public_key p256;
    uint8_t secret[64];
    uint8_t ed[64];
    struct public_key ed25519;
    const uint8_t seed[32] = {5};

    from_hex(RFC6979_KEY, bytes, 33);
    p256 = key_of(KEY_ESP256, bytes);
    from_hex("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
             "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
             signature, 64);
    (void)crypto_sign_ed25519_seed_keypair(bytes, secret, seed);
    (void)crypto_sign_ed25519_detached(ed, NULL, (const uint8_t *)"test", 4, secret);
    ed25519 = key_of(KEY_ED25519, bytes);
    *good = true;
    for (unsigned i = 0; i < 50; i++) {
        *good = *good && signature_check(&p256, view_text("test"), signature, SIGNATURE_BOTH) == SIGNATURE_VALID &&
                signature_check(&ed25519, view_text("test"), ed, SIGNATURE_BOTH) == SIGNATURE_VALID &&
                signature_check(&ed25519, view_text("tesT"), ed, SIGNATURE_BOTH) == SIGNATURE_INVALID;
    }
    return NULL;
}

START_TEST(test_threads)
{
    pthread_t threads[4];
    bool good[4] = {false};

    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, check_many, &good[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert(good[i]);
    }
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("key");
    Suite *suite = suite_create("key");
    SRunner *runner = NULL;
    int failed;

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, test_rfc8032);
    tcase_add_test(tests, test_small_order_key);
    tcase_add_test(tests, test_small_order_r);
    tcase_add_test(tests, test_non_canonical_points);
    tcase_add_test(tests, test_non_canonical_s);
    tcase_add_test(tests, test_mixed_order_key);
    tcase_add_test(tests, test_mixed_order_r);
    tcase_add_test(tests, test_off_the_curve);
    tcase_add_test(tests, test_libraries_agree);
    tcase_add_test(tests, test_rfc6979);
    tcase_add_test(tests, test_p256_half);
    tcase_add_test(tests, test_p256_range);
    tcase_add_test(tests, test_p256_infinity);
    tcase_add_test(tests, test_p256_keys);
    tcase_add_test(tests, test_encoding);
    tcase_add_test(tests, test_malformed);
    tcase_add_test(tests, test_threads);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
