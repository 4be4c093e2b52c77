/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SPEC 13.4. Breaks when a statement that was written is not read back, when one does not fit into its QR, or when what a certifier signs could be the
 * Sig_structure of an act. What a reader must refuse: the vectors certificate-statement-*.pdf.
 */
#include "verify/statement.h"
#include "verify/note.h"
#include "tests/support/sample_keys.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct hasher *hasher;
static struct fault fault;
static struct statement statement;
static struct buffer header, payload, bytes;

static void setup(void)
{
    struct hash kid = {{7}};

    fault_clear(&fault);
    ck_assert_int_eq(key_initialise(&fault), STATUS_OK);
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    sig_header_encode(KEY_ED25519, &kid, &header);
    statement = (struct statement){.origin = view_text("customs.example/evidence"), .size = 1026, .status = 3, .breaches = 2, .findings = 1,
                                   .withheld = 3, .asked_count = 12, .asked_shown = 8, .asked = {4, 10, 11, 12, 13, 14, 15, 16},
                                   .records = 300, .made_s = 1544671984, .offset_min = -210, .template = view_text("general"),
                                   .certifier = {4, 1, 3}};
    memset(statement.ledger.bytes, 1, HASH_BYTES);
    memset(statement.root.bytes, 2, HASH_BYTES);
    memset(statement.bundle.bytes, 3, HASH_BYTES);
    memset(statement.policy.bytes, 4, HASH_BYTES);
}

static void teardown(void)
{
    buffer_free(&header);
    buffer_free(&payload);
    buffer_free(&bytes);
    hasher_close(hasher);
}

static void seal(void)
{
    static const uint8_t signature[SIGNATURE_BYTES] = {9};

    buffer_reset(&bytes);
    statement_seal(buffer_view(&header), buffer_view(&payload), signature, &bytes);
}

START_TEST(test_round_trip)
{
    struct signed_statement out;
    const struct statement *s = &out.statement;

    ck_assert_msg(statement_encode(&statement, &payload, &fault) == STATUS_OK, "%s", fault.text);
    seal();
    ck_assert_uint_le(bytes.len, STATEMENT_BYTES_MAX);
    ck_assert_msg(statement_decode(buffer_view(&bytes), &out, &fault) == STATUS_OK, "%s", fault.text);
    ck_assert(hash_equal(&s->ledger, &statement.ledger) && hash_equal(&s->root, &statement.root) && hash_equal(&s->bundle, &statement.bundle) &&
              hash_equal(&s->policy, &statement.policy) && view_equal(s->origin, statement.origin) && view_equal(s->template, statement.template));
    ck_assert(s->size == 1026 && s->status == 3 && s->breaches == 2 && s->findings == 1 && s->withheld == 3 && s->asked_count == 12 &&
              s->asked_shown == 8 && s->asked[7] == 16 && s->records == 300 && s->made_s == 1544671984 && s->offset_min == -210);
    ck_assert(s->certifier.person == 4 && s->certifier.appointment == 1 && s->certifier.capacity == 3 && !s->training);
    ck_assert(out.algorithm == KEY_ED25519 && out.kid.bytes[0] == 7 && out.signature[0] == 9);
    for (size_t len = 0; len < bytes.len; len++) {
        ck_assert_int_eq(statement_decode(view_part(buffer_view(&bytes), 0, len), &out, &fault), STATUS_DAMAGED);
    }
}
END_TEST

/* With the longest origin and numbers of 32 bits fewer subjects are named, and it still fits; beyond that it is refused. */
START_TEST(test_length)
{
    struct signed_statement out;

    statement.origin = view_text("0123456789012345678901234567890123456789012345678901234567890123");
    statement.template = view_text("012345678901234567890123");
    statement.size = statement.breaches = statement.findings = statement.withheld = statement.records = UINT32_MAX;
    statement.asked_count = UINT32_MAX;
    statement.certifier = (struct signer){UINT32_MAX, UINT32_MAX, 255};
    for (size_t i = 0; i < STATEMENT_ASKED_MAX; i++) {
        statement.asked[i] = UINT32_MAX - 8 + i;
    }
    ck_assert_msg(statement_encode(&statement, &payload, &fault) == STATUS_OK, "%s", fault.text);
    seal();
    ck_assert_uint_le(bytes.len, STATEMENT_BYTES_MAX);
    ck_assert_uint_gt(bytes.len, STATEMENT_BYTES_MAX - 5);
    ck_assert_int_eq(statement_decode(buffer_view(&bytes), &out, &fault), STATUS_OK);
    ck_assert_uint_ge(out.statement.asked_shown, 1);
    ck_assert_uint_lt(out.statement.asked_shown, 8);

    buffer_reset(&payload);
    statement.size = statement.breaches = statement.findings = statement.withheld = statement.records = statement.asked_count = NUM_MAX;
    ck_assert_int_eq(statement_encode(&statement, &payload, &fault), STATUS_REFUSED);
    ck_assert_uint_eq(payload.len, 0);
}
END_TEST

START_TEST(test_template)
{
    static const char *const wrong[] = {"", "General", "a/b", "..", "a b", "0123456789012345678901234"};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        fault_clear(&fault);
        statement.template = view_text(wrong[i]);
        ck_assert_int_eq(statement_encode(&statement, &payload, &fault), STATUS_REFUSED);
    }
}
END_TEST

/* RFC 9052 4.4: ["Signature1", protected, external_aad, payload], four items where an act has five. */
START_TEST(test_to_sign)
{
    static const char begin[] = "\x84\x6aSignature1\x58\x26";
    static const char aad[] = "\x56unbroken/1 certificate";
    struct buffer out = {0};

    ck_assert_int_eq(statement_encode(&statement, &payload, &fault), STATUS_OK);
    statement_to_sign(buffer_view(&header), buffer_view(&payload), &out);
    ck_assert_uint_eq(header.len, 38);
    ck_assert_uint_eq(out.len, sizeof begin - 1 + header.len + sizeof aad - 1 + 3 + payload.len);
    ck_assert_int_eq(memcmp(out.ptr, begin, sizeof begin - 1), 0);
    ck_assert_int_eq(memcmp(out.ptr + sizeof begin - 1 + header.len, aad, sizeof aad - 1), 0);
    buffer_free(&out);
}
END_TEST

/* SHA-256 of nothing begins e3b0c44298fc1c149afb: by base32 of RFC 4648. */
START_TEST(test_number)
{
    char number[STATEMENT_NUMBER_BYTES];

    statement_number(hasher, view_of(NULL, 0), number);
    ck_assert_str_eq(number, "4OYM-IQUY-7QOB-JGX3");
}
END_TEST

/* The statement is a checkpoint that the station signed. */
START_TEST(test_note)
{
    struct buffer origin = {0}, note = {0}, out = {0};
    struct checkpoint *checkpoint = calloc(1, sizeof *checkpoint);

    buffer_printf(&origin, "customs.example/evidence/aeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaq");
    sample_note(hasher, buffer_view(&origin), 1026, &statement.root, "station", &note);
    ck_assert_int_eq(checkpoint_parse(buffer_view(&note), checkpoint, &fault), STATUS_OK);
    memcpy(statement.log_id, checkpoint->signatures[0].id, 4);
    memcpy(statement.log_signature, checkpoint->signatures[0].bytes, SIGNATURE_BYTES);
    statement_note(&statement, &out);
    ck_assert(view_equal(buffer_view(&out), buffer_view(&note)));
    free(checkpoint);
    buffer_free(&origin);
    buffer_free(&note);
    buffer_free(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("statement");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_round_trip);
    tcase_add_test(tests, test_length);
    tcase_add_test(tests, test_template);
    tcase_add_test(tests, test_to_sign);
    tcase_add_test(tests, test_number);
    tcase_add_test(tests, test_note);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
