/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a key file can be overwritten, read by others, opened with a wrong passphrase, left half-written, or not read by
 * OpenSSL; when a P-256 signature has a high s; or when the public key in clear is not the private key's.
 */
#include "ledger/secret.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/unbroken-secret-XXXXXX";
static char path[64];
static struct fault fault;
static const char pass[] = "correct horse";

static void setup(void)
{
    memcpy(dir + sizeof dir - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/key", dir);
    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
}

static void teardown(void)
{
    (void)unlink(path);
    (void)rmdir(dir);
}

static void write_text(const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    ck_assert_int_eq(fchmod(fd, mode), 0);
    (void)close(fd);
}

static struct secret *saved(struct view passphrase)
{
    struct secret *secret = NULL;

    ck_assert_int_eq(secret_new(&secret, &fault), STATUS_OK);
    ck_assert_int_eq(secret_save(secret, path, passphrase, &fault), STATUS_OK);
    return secret;
}

/* RFC 8032 7.1, test 2. */
START_TEST(test_seed_vector)
{
    static const uint8_t seed[32] = {0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3,
                                     0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab,
                                     0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb};
    static const uint8_t start[4] = {0x92, 0xa0, 0x09, 0xa9};
    struct secret *secret = NULL;
    uint8_t signature[SIGNATURE_BYTES];

    ck_assert_int_eq(secret_from_seed(seed, &secret, &fault), STATUS_OK);
    ck_assert_int_eq(secret_sign(secret, view_text("\x72"), signature, &fault), STATUS_OK);
    ck_assert_mem_eq(signature, start, sizeof start);
    ck_assert_int_eq(signature_check(secret_public(secret), view_text("\x72"), signature, SIGNATURE_BOTH), SIGNATURE_VALID);
    secret_close(secret);
}
END_TEST

START_TEST(test_round_trip)
{
    static const char *const passphrases[] = {"correct horse", "", "ពាក្យសម្ងាត់"};
    struct secret *secret = saved(view_text(passphrases[_i]));
    struct secret *again = NULL;
    struct public_key clear;
    struct stat info;

    ck_assert_int_eq(secret_load(path, view_text(passphrases[_i]), &again, &fault), STATUS_OK);
    ck_assert_mem_eq(secret_public(again)->bytes, secret_public(secret)->bytes, 32);
    ck_assert_int_eq(secret_read_public(path, &clear, &fault), STATUS_OK);
    ck_assert_mem_eq(clear.bytes, secret_public(secret)->bytes, 32);
    ck_assert_int_eq(stat(path, &info), 0);
    ck_assert_uint_eq(info.st_mode & 07777, 0600);
    secret_close(again);
    secret_close(secret);
}
END_TEST

START_TEST(test_never_overwritten)
{
    struct secret *secret = saved(view_text(pass));
    struct secret *again = NULL;

    ck_assert_int_eq(secret_save(secret, path, view_text("other"), &fault), STATUS_REFUSED);
    fault_clear(&fault);
    ck_assert_int_eq(secret_load(path, view_text(pass), &again, &fault), STATUS_OK);
    secret_close(again);
    /* Nor through a symbolic link to nowhere. */
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(symlink("nowhere", path), 0);
    ck_assert_int_eq(secret_save(secret, path, view_text(pass), &fault), STATUS_REFUSED);
    secret_close(secret);
}
END_TEST

START_TEST(test_wrong_passphrase)
{
    static const char *const wrong[] = {"correct horsf", "", "correct horse "};
    struct secret *secret = saved(view_text(pass));
    struct secret *again = NULL;

    ck_assert_int_eq(secret_load(path, view_text(wrong[_i]), &again, &fault), STATUS_UNTRUSTED);
    ck_assert_ptr_null(again);
    secret_close(secret);
}
END_TEST

START_TEST(test_readable_by_others)
{
    static const mode_t modes[] = {0640, 0604, 0660, 0610};
    struct secret *secret = saved(view_text(pass));
    struct secret *again = NULL;

    ck_assert_int_eq(chmod(path, modes[_i]), 0);
    ck_assert_int_eq(secret_load(path, view_text(pass), &again, &fault), STATUS_REFUSED);
    ck_assert_ptr_null(again);
    secret_close(secret);
}
END_TEST

START_TEST(test_not_a_key_file)
{
    static const char *const texts[] = {"", "hello\n", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                                        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"};
    struct secret *secret = NULL;

    write_text(texts[_i], 0600);
    ck_assert_int_eq(secret_load(path, view_text(pass), &secret, &fault), STATUS_DAMAGED);
    ck_assert_ptr_null(secret);
}
END_TEST

START_TEST(test_missing)
{
    struct secret *secret = NULL;
    struct public_key key;

    ck_assert_int_eq(secret_load(path, view_text(pass), &secret, &fault), STATUS_MISSING);
    fault_clear(&fault);
    ck_assert_int_eq(secret_read_public(path, &key, &fault), STATUS_MISSING);
}
END_TEST

/* A file whose line in clear was changed to another person's key. */
START_TEST(test_other_public_line)
{
    struct secret *one = saved(view_text(pass));
    struct secret *two = NULL;
    struct secret *again = NULL;
    struct buffer line = {0};
    int fd = open(path, O_WRONLY);

    ck_assert_int_eq(secret_new(&two, &fault), STATUS_OK);
    public_key_print(secret_public(two), &line);
    ck_assert_int_eq(pwrite(fd, line.ptr, line.len, 0), (ssize_t)line.len);
    (void)close(fd);
    ck_assert_int_eq(secret_load(path, view_text(pass), &again, &fault), STATUS_DAMAGED);
    ck_assert_ptr_null(again);
    buffer_free(&line);
    secret_close(one);
    secret_close(two);
}
END_TEST

START_TEST(test_cannot_be_made)
{
    struct secret *secret = NULL;

    ck_assert_int_eq(secret_new(&secret, &fault), STATUS_OK);
    ck_assert_int_eq(secret_save(secret, "/proc/unbroken-key", view_text(pass), &fault), STATUS_ENVIRONMENT);
    fault_clear(&fault);
    ck_assert_int_eq(secret_save(secret, "/nowhere/at/all", view_text(pass), &fault), STATUS_ENVIRONMENT);
    secret_close(secret);
}
END_TEST

/* Another program's P-256 key, made by `openssl genpkey`; s is low in every signature. */
START_TEST(test_p256)
{
    char command[256];
    struct secret *secret = NULL;
    uint8_t signature[SIGNATURE_BYTES];

    (void)snprintf(command, sizeof command,
                   "umask 077; openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out %s 2>/dev/null", path);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(secret_load(path, view_text(""), &secret, &fault), STATUS_OK);
    ck_assert_int_eq(secret_public(secret)->algorithm, KEY_ESP256);
    for (int i = 0; i < 64; i++) {
        uint8_t message[1] = {(uint8_t)i};

        ck_assert_int_eq(secret_sign(secret, view_of(message, 1), signature, &fault), STATUS_OK);
        ck_assert_int_eq(signature_check(secret_public(secret), view_of(message, 1), signature, SIGNATURE_BOTH),
                         SIGNATURE_VALID);
    }
    secret_close(secret);
}
END_TEST

/* OpenSSL opens ours with the passphrase, and not without. */
START_TEST(test_openssl_reads_ours)
{
    char command[256];
    struct secret *secret = saved(view_text(pass));

    (void)snprintf(command, sizeof command, "openssl pkey -in %s -passin 'pass:%s' -noout 2>/dev/null", path, pass);
    ck_assert_int_eq(system(command), 0);
    (void)snprintf(command, sizeof command, "openssl pkey -in %s -passin pass:wrong -noout 2>/dev/null", path);
    ck_assert_int_ne(system(command), 0);
    secret_close(secret);
}
END_TEST

START_TEST(test_public_key_text)
{
    static const char *const wrong[] = {"", "ed25519:", "ed25519:AAAA", "p256:AAAA", "rsa:AAAA",
                                        "ed25519:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}; /* small order */
    struct secret *secret = NULL;
    struct public_key key;
    struct buffer text = {0};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        fault_clear(&fault);
        ck_assert_int_eq(public_key_parse(view_text(wrong[i]), &key, &fault), STATUS_DAMAGED);
    }
    fault_clear(&fault);
    ck_assert_int_eq(secret_new(&secret, &fault), STATUS_OK);
    public_key_print(secret_public(secret), &text);
    ck_assert_int_eq(public_key_parse(buffer_view(&text), &key, &fault), STATUS_OK);
    ck_assert_mem_eq(key.bytes, secret_public(secret)->bytes, 32);
    buffer_append_byte(&text, ' ');
    ck_assert_int_eq(public_key_parse(buffer_view(&text), &key, &fault), STATUS_DAMAGED);
    buffer_free(&text);
    secret_close(secret);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("secret");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_seed_vector);
    tcase_add_loop_test(tests, test_round_trip, 0, 3);
    tcase_add_test(tests, test_never_overwritten);
    tcase_add_loop_test(tests, test_wrong_passphrase, 0, 3);
    tcase_add_loop_test(tests, test_readable_by_others, 0, 4);
    tcase_add_loop_test(tests, test_not_a_key_file, 0, 4);
    tcase_add_test(tests, test_missing);
    tcase_add_test(tests, test_other_public_line);
    tcase_add_test(tests, test_cannot_be_made);
    tcase_add_test(tests, test_p256);
    tcase_add_test(tests, test_openssl_reads_ours);
    tcase_add_test(tests, test_public_key_text);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
