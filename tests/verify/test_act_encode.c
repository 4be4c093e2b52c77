/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Breaks when a field of an act is lost or moved between encoding and decoding, when damaged bytes come through as
 * another act, or when signers sign other bytes than SPEC 2.4 says.
 */
#include "verify/act.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/sample_act.h"

static struct fault fault;
static struct act *act;
static struct act *again;

static void setup(void)
{
    fault_clear(&fault);
    act = malloc(sizeof *act);
    again = malloc(sizeof *again);
    ck_assert_ptr_nonnull(act);
    ck_assert_ptr_nonnull(again);
    /* Rubbish, so that a member which is read without having been decoded is seen. */
    memset(act, 0xa5, sizeof *act);
    memset(again, 0x5a, sizeof *again);
}

static void teardown(void)
{
    free(act);
    free(again);
}

/* ---- whole acts ---- */

/* The COSE_Sign of a decoded act from its members alone. */
static void encode_again(const struct act *from, struct buffer *out)
{
    struct buffer payload = {0};
    struct buffer headers[ACT_SIGNERS_MAX] = {{0}};
    struct act_signature signatures[ACT_SIGNERS_MAX];

    payload_encode(from, &payload);
    for (size_t i = 0; i < from->signature_count; i++) {
        sig_header_encode(from->signatures[i].algorithm, &from->signatures[i].kid, &headers[i]);
        signatures[i] = from->signatures[i];
        signatures[i].header = buffer_view(&headers[i]);
    }
    act_encode(buffer_view(&payload), signatures, from->signature_count, out);
    buffer_free(&payload);
    for (size_t i = 0; i < ACT_SIGNERS_MAX; i++) {
        buffer_free(&headers[i]);
    }
}

static void expect_facts(const struct facts *a, const struct facts *b)
{
    ck_assert_uint_eq(a->present, b->present);
    ck_assert_uint_eq(a->type, b->type);
    ck_assert_uint_eq(a->of_case, b->of_case);
    ck_assert_uint_eq(a->pieces, b->pieces);
    ck_assert_uint_eq(a->gross_mg, b->gross_mg);
    ck_assert_uint_eq(a->tare_mg, b->tare_mg);
    ck_assert_uint_eq(a->net_mg, b->net_mg);
    ck_assert(view_equal(a->found, b->found));
    ck_assert(view_equal(a->removed, b->removed));
    ck_assert(view_equal(a->put_on, b->put_on));
    ck_assert_uint_eq(a->outcome, b->outcome);
    ck_assert_int_eq(a->key.algorithm, b->key.algorithm);
    ck_assert_uint_eq(a->key.len, b->key.len);
    ck_assert_mem_eq(a->key.bytes, b->key.bytes, a->key.len);
    ck_assert_uint_eq(a->office, b->office);
    ck_assert_uint_eq(a->doubted, b->doubted);
    ck_assert_uint_eq(a->print, b->print);
    ck_assert_mem_eq(a->station, b->station, ED25519_BYTES);
    ck_assert(view_equal(a->names, b->names));
}

static void expect_foreign(const struct foreign *a, const struct foreign *b)
{
    ck_assert(hash_equal(&a->ledger, &b->ledger));
    ck_assert_uint_eq(a->size, b->size);
    ck_assert(hash_equal(&a->root, &b->root));
    ck_assert_int_eq(a->has_subject, b->has_subject);
    ck_assert_int_eq(a->has_act, b->has_act);
    if (a->has_subject) {
        ck_assert_uint_eq(a->subject, b->subject);
        ck_assert(hash_equal(&a->act, &b->act));
    }
}

static void expect_party(const struct party *a, const struct party *b)
{
    ck_assert_int_eq(a->has_person, b->has_person);
    ck_assert_int_eq(a->has_office, b->has_office);
    ck_assert_int_eq(a->has_place, b->has_place);
    ck_assert(!a->has_person || a->person == b->person);
    ck_assert(!a->has_office || a->office == b->office);
    ck_assert(!a->has_place || a->place == b->place);
}

static void expect_special(const struct act *a, const struct act *b)
{
    expect_party(&a->from, &b->from);
    expect_party(&a->to, &b->to);
    ck_assert(hash_equal(&a->answers, &b->answers));
    ck_assert_uint_eq(a->amends_index, b->amends_index);
    ck_assert(hash_equal(&a->amends_hash, &b->amends_hash));
    ck_assert_uint_eq(a->place, b->place);
    ck_assert_uint_eq(a->code, b->code);
    ck_assert(hash_equal(&a->sheet, &b->sheet));
    ck_assert(view_equal(a->founding.origin, b->founding.origin));
    ck_assert(view_equal(a->founding.code, b->founding.code));
    ck_assert_int_eq(a->founding.training, b->founding.training);
    ck_assert_uint_eq(a->founding.threshold, b->founding.threshold);
    ck_assert_mem_eq(a->founding.station, b->founding.station, ED25519_BYTES);
    ck_assert_int_eq(a->founding.has_succeeds, b->founding.has_succeeds);
    expect_foreign(&a->founding.succeeds, &b->founding.succeeds);
    expect_foreign(&a->foreign, &b->foreign);
    ck_assert_uint_eq(a->clock_old_s, b->clock_old_s);
    ck_assert_uint_eq(a->clock_new_s, b->clock_new_s);
    ck_assert_uint_eq(a->due_s, b->due_s);
}

static void expect_common(const struct act *a, const struct act *b)
{
    ck_assert_uint_eq(a->present, b->present);
    ck_assert(hash_equal(&a->ledger, &b->ledger));
    ck_assert_uint_eq(a->kind, b->kind);
    ck_assert_mem_eq(a->nonce, b->nonce, NONCE_BYTES);
    ck_assert_uint_eq(a->claimed_s, b->claimed_s);
    ck_assert_int_eq(a->offset_min, b->offset_min);
    ck_assert_uint_eq(a->seen_size, b->seen_size);
    ck_assert(hash_equal(&a->seen_root, &b->seen_root));
    ck_assert_uint_eq(a->signer_count, b->signer_count);
    ck_assert_mem_eq(a->signers, b->signers, a->signer_count * sizeof a->signers[0]);
    ck_assert_uint_eq(a->signature_count, b->signature_count);
    for (size_t i = 0; i < a->signature_count; i++) {
        ck_assert_int_eq(a->signatures[i].algorithm, b->signatures[i].algorithm);
        ck_assert(hash_equal(&a->signatures[i].kid, &b->signatures[i].kid));
        ck_assert_mem_eq(a->signatures[i].value, b->signatures[i].value, SIGNATURE_BYTES);
    }
    ck_assert_uint_eq(a->entry_count, b->entry_count);
    for (size_t i = 0; i < a->entry_count; i++) {
        ck_assert_uint_eq(a->entries[i].subject, b->entries[i].subject);
        ck_assert_int_eq(a->entries[i].role, b->entries[i].role);
        ck_assert_int_eq(a->entries[i].has_sheet, b->entries[i].has_sheet);
        ck_assert_uint_eq(a->entries[i].facts.present, b->entries[i].facts.present);
    }
}

START_TEST(test_every_field_comes_back)
{
    struct seals seals = {3, {view_text("b"), view_text("a"), view_text("aa")}};
    const uint64_t numbers[] = {1, 63, NUM_MAX};
    struct buffer some = {0};
    struct buffer none = {0};
    struct buffer names = {0};
    struct buffer first = {0};
    struct buffer second = {0};

    ck_assert(seals_encode(&seals, &some));
    seals.count = 0;
    ck_assert(seals_encode(&seals, &none));
    names_encode(numbers, 3, &names);
    sample_act_all(act);
    act->entry_count = 2;
    sample_facts(&act->entries[0].facts, buffer_view(&some), buffer_view(&none), buffer_view(&names));
    act->entries[1].subject = 41;
    act->entries[1].role = (enum role)15; /* SPEC 4 allows it; the table of acts does not */
    act->entries[1].facts.present = 0;
    act->entries[1].has_sheet = true;
    act->entries[1].sheet = sample_hash(0xee);
    encode_again(act, &first);
    ck_assert_int_eq(act_decode(buffer_view(&first), again, &fault), STATUS_OK);
    ck_assert(view_equal(again->bytes, buffer_view(&first)));
    expect_common(act, again);
    expect_special(act, again);
    expect_facts(&act->entries[0].facts, &again->entries[0].facts);
    ck_assert(hash_equal(&act->entries[1].sheet, &again->entries[1].sheet));
    encode_again(again, &second);
    ck_assert(view_equal(buffer_view(&first), buffer_view(&second)));
    buffer_free(&some);
    buffer_free(&none);
    buffer_free(&names);
    buffer_free(&first);
    buffer_free(&second);
}
END_TEST

START_TEST(test_founding_has_no_ledger_and_no_seen)
{
    struct buffer first = {0};
    struct buffer second = {0};

    sample_act_all(act);
    act->kind = KIND_FOUND;
    act->present = BIT(PAY_KIND) | BIT(PAY_NONCE) | BIT(PAY_CLAIMED) | BIT(PAY_SIGNERS) | BIT(PAY_ENTRIES) |
                   BIT(PAY_FOUNDING);
    act->founding.has_succeeds = false;
    payload_encode(act, &first);
    ck_assert_int_eq(payload_decode(buffer_view(&first), again, &fault), STATUS_OK);
    ck_assert_uint_eq(again->signature_count, 0);
    ck_assert(view_equal(again->payload, buffer_view(&first)));
    ck_assert(!again->founding.has_succeeds);
    ck_assert(view_equal(again->founding.code, view_text("KHPP")));
    payload_encode(again, &second);
    ck_assert(view_equal(buffer_view(&first), buffer_view(&second)));
    buffer_free(&first);
    buffer_free(&second);
}
END_TEST

/* The largest act that SPEC 4 allows by counts. */
START_TEST(test_most_signers_and_entries)
{
    struct buffer first = {0};

    sample_act_least(act);
    act->signer_count = ACT_SIGNERS_MAX;
    for (size_t i = 0; i < ACT_SIGNERS_MAX; i++) {
        act->signers[i] = (struct signer){i, i + 1, i + 2};
    }
    sample_sign(act);
    act->entry_count = ACT_ENTRIES_MAX;
    for (size_t i = 0; i < ACT_ENTRIES_MAX; i++) {
        act->entries[i] = (struct entry){.subject = 3 * i, .role = ROLE_SUBJECT};
    }
    encode_again(act, &first);
    ck_assert_int_eq(act_decode(buffer_view(&first), again, &fault), STATUS_OK);
    expect_common(act, again);
    buffer_free(&first);
}
END_TEST

/* The struct is 150 kB: a decoder that clears it would cost more than all else. */
START_TEST(test_decode_touches_only_what_is_there)
{
    struct buffer first = {0};
    const uint8_t *end = (const uint8_t *)&again->entries[1];

    sample_act_least(act);
    encode_again(act, &first);
    memset(again, 0x5a, sizeof *again);
    ck_assert_int_eq(act_decode(buffer_view(&first), again, &fault), STATUS_OK);
    for (size_t i = 0; i < (ACT_ENTRIES_MAX - 1) * sizeof again->entries[0]; i++) {
        ck_assert_uint_eq(end[i], 0x5a);
    }
    buffer_free(&first);
}
END_TEST

/* ---- damage ---- */

/* True when refused, or when it came back to the same bytes. */
static bool is_safe(struct view bytes)
{
    /* A copy of exactly that length, so that reading past it is seen by the sanitizer. */
    uint8_t *copy = malloc(bytes.len + 1);
    struct buffer second = {0};
    bool safe = true;

    ck_assert_ptr_nonnull(copy);
    copy = realloc(copy, bytes.len == 0 ? 1 : bytes.len);
    memcpy(copy, bytes.ptr, bytes.len);
    fault_clear(&fault);
    if (act_decode(view_of(copy, bytes.len), again, &fault) == STATUS_OK) {
        encode_again(again, &second);
        safe = view_equal(view_of(copy, bytes.len), buffer_view(&second));
    } else {
        safe = fault.status == STATUS_DAMAGED && fault.at <= bytes.len;
    }
    buffer_free(&second);
    free(copy);
    return safe;
}

START_TEST(test_every_flip_and_every_cut)
{
    struct seals seals = {2, {view_text("A1"), view_text("A2")}};
    const uint64_t numbers[] = {1, 63};
    struct buffer some = {0};
    struct buffer names = {0};
    struct buffer bytes = {0};

    ck_assert(seals_encode(&seals, &some));
    names_encode(numbers, 2, &names);
    sample_act_all(act);
    sample_facts(&act->entries[0].facts, buffer_view(&some), buffer_view(&some), buffer_view(&names));
    encode_again(act, &bytes);
    ck_assert(is_safe(buffer_view(&bytes)));
    for (size_t len = 0; len < bytes.len; len++) {
        ck_assert(is_safe(view_part(buffer_view(&bytes), 0, len)));
        ck_assert_int_ne(act_decode(view_part(buffer_view(&bytes), 0, len), again, NULL), STATUS_OK);
    }
    for (size_t bit = 0; bit < 8 * bytes.len; bit++) {
        bytes.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        ck_assert_msg(is_safe(buffer_view(&bytes)), "bit %zu: %s", bit, fault.text);
        bytes.ptr[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    buffer_free(&some);
    buffer_free(&names);
    buffer_free(&bytes);
}
END_TEST

/* SPEC 2.4: ["Signature", h'', header, 'unbroken/1 act', payload]; SPEC 2.3: act-id. */
START_TEST(test_what_is_signed)
{
    struct buffer got = {0};
    struct buffer wanted = {0};
    struct hasher *hasher = NULL;
    struct hash id;
    struct hash expected;

    signed_bytes(view_text("h"), view_text("pp"), &got);
    buffer_append_view(&wanted, view_of("\x85\x69", 2));
    buffer_append_view(&wanted, view_text("Signature"));
    buffer_append_view(&wanted, view_of("\x40\x41h\x4e", 4));
    buffer_append_view(&wanted, view_text("unbroken/1 act"));
    buffer_append_view(&wanted, view_of("\x42pp", 3));
    ck_assert(view_equal(buffer_view(&got), buffer_view(&wanted)));
    ck_assert_int_eq(hasher_open(&hasher, &fault), STATUS_OK);
    act_id(hasher, view_text("payload"), &id);
    hash_data(hasher, view_text("unbroken/1 act\npayload"), &expected);
    ck_assert(hash_equal(&id, &expected));
    hasher_close(hasher);
    buffer_free(&got);
    buffer_free(&wanted);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("act_encode");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);
    int failed;

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_every_field_comes_back);
    tcase_add_test(tests, test_founding_has_no_ledger_and_no_seen);
    tcase_add_test(tests, test_most_signers_and_entries);
    tcase_add_test(tests, test_decode_touches_only_what_is_there);
    tcase_add_test(tests, test_every_flip_and_every_cut);
    tcase_add_test(tests, test_what_is_signed);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
