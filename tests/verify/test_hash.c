/* SPDX-License-Identifier: Apache-2.0 */
/* Breaks when SHA-256 differs from FIPS 180-4, a domain prefix is lost, or a hasher carries state over. */
#include "verify/hash.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hasher *hasher;

static void setup(void)
{
    struct fault fault;

    fault_clear(&fault);
    ck_assert_msg(hasher_open(&hasher, &fault) == STATUS_OK, "%s", fault.text);
}

static void teardown(void)
{
    hasher_close(hasher);
}

static void expect(const struct hash *hash, const char *hex)
{
    char got[2 * HASH_BYTES + 1];

    for (size_t i = 0; i < HASH_BYTES; i++) {
        snprintf(got + 2 * i, 3, "%02x", hash->bytes[i]);
    }
    ck_assert_str_eq(got, hex);
}

/* FIPS 180-4 and NIST's examples. */
START_TEST(test_fips)
{
    struct hash hash;
    char *million = malloc(1000000);

    ck_assert_ptr_nonnull(million);
    memset(million, 'a', 1000000);
    hash_data(hasher, view_of(NULL, 0), &hash);
    expect(&hash, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    hash_data(hasher, view_text("abc"), &hash);
    expect(&hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_data(hasher, view_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), &hash);
    expect(&hash, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    hash_data(hasher,
              view_text("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                        "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"),
              &hash);
    expect(&hash, "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    hash_data(hasher, view_of(million, 1000000), &hash);
    expect(&hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}
END_TEST

/* RFC 6962: the empty leaf, and the node over the leaves "" and 00, from the reference tree. */
START_TEST(test_leaf_and_node)
{
    struct hash left;
    struct hash right;
    struct hash node;

    hash_leaf(hasher, view_of(NULL, 0), &left);
    expect(&left, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    hash_leaf(hasher, view_of("\x00", 1), &right);
    expect(&right, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7");
    hash_node(hasher, &left, &right, &node);
    expect(&node, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    hash_node(hasher, &left, &right, &right);
    ck_assert(hash_equal(&node, &right));
}
END_TEST

/* A prefix is hashed in front of the data, newline included, and nothing else. */
START_TEST(test_prefixed)
{
    static const char *const prefixes[] = {HASH_PREFIX_LEDGER, HASH_PREFIX_ACT, HASH_PREFIX_SHEET};

    for (size_t i = 0; i < 3; i++) {
        struct buffer whole = {0};
        struct hash one;
        struct hash two;

        buffer_printf(&whole, "%spayload", prefixes[i]);
        ck_assert_int_eq(prefixes[i][strlen(prefixes[i]) - 1], '\n');
        hash_prefixed(hasher, prefixes[i], view_text("payload"), &one);
        hash_data(hasher, buffer_view(&whole), &two);
        ck_assert(hash_equal(&one, &two));
        hash_data(hasher, view_text("payload"), &two);
        ck_assert(!hash_equal(&one, &two));
        buffer_free(&whole);
    }
}
END_TEST

START_TEST(test_views)
{
    struct hash hash;
    struct hash copy;

    hash_data(hasher, view_text("abc"), &hash);
    copy = hash_of_view(hash_view(&hash));
    ck_assert(hash_equal(&hash, &copy));
    copy.bytes[31] ^= 1;
    ck_assert(!hash_equal(&hash, &copy));
    copy.bytes[31] ^= 1;
    copy.bytes[0] ^= 0x80;
    ck_assert(!hash_equal(&hash, &copy));
}
END_TEST

START_TEST(test_close_null)
{
    hasher_close(NULL);
}
END_TEST

/* A configuration file of the machine must not choose what SHA-256 is. */
START_TEST(test_ignores_configuration)
{
    struct hasher *other = NULL;
    struct fault fault;
    struct hash hash;

    ck_assert_int_eq(setenv("OPENSSL_CONF", "/nonexistent/openssl.cnf", 1), 0);
    fault_clear(&fault);
    ck_assert_int_eq(hasher_open(&other, &fault), STATUS_OK);
    hash_data(other, view_text("abc"), &hash);
    expect(&hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hasher_close(other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hash");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_fips);
    tcase_add_test(tests, test_leaf_and_node);
    tcase_add_test(tests, test_prefixed);
    tcase_add_test(tests, test_views);
    tcase_add_test(tests, test_close_null);
    tcase_add_test(tests, test_ignores_configuration);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
