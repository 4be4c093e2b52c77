/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every single bit of a few bundles flipped, and every truncation, raw and with the whole-file check made anew: no such
 * file is ever intact (0) or intact with broken custody (3). Breaks when a byte of the file is covered by no rule, or when
 * a rule that covers it is left out. SPEC V1 to V11.
 *
 * With the check made anew there are two exceptions. Flips in the last 32 bytes are left out: they are the check, and what
 * is made anew is the file as it was. And `asked` is a question, which nobody signs: where another number has the same
 * closure (SPEC 8), the file is the right answer to that question, and its verdict names the other number. That is so for
 * the two founders in smallest.bundle, and nowhere else here. These bundles have no signature line of a key that the policy
 * does not name and no time-stamp token, which are what a verifier passes over (SPEC 3.6).
 */
#include "tests/support/vectors.h"

#include <check.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum { CHECK_BYTES = HASH_BYTES + 2, SHOWN_MAX = 5 };

/* Founders alone; a case's item with details and a handover; another algorithm; an attached file. */
static const char *const files[] = {"smallest.bundle", "item-of-three.bundle", "esp256.bundle", "attachment.bundle"};
enum { FILES = sizeof files / sizeof files[0], BITS = 8 };
/* How many flips ask for another number with the same closure: in bits 0 and 1 of the first file. */
static const size_t other_questions[FILES][BITS] = {{1, 1}};

static json_t *vectors;

static const json_t *vector_named(const char *name)
{
    for (size_t i = 0; i < json_array_size(vectors); i++) {
        const json_t *vector = json_array_get(vectors, i);

        if (strcmp(json_string_value(json_object_get(vector, "file")), name) == 0) {
            return vector;
        }
    }
    ck_abort_msg("%s is not in expected.json", name);
    return NULL;
}

/* Opens a bundle and says what it asks for. */
static uint64_t open_intact(int file, struct vector_run *run)
{
    vector_open(vector_named(files[file]), run);
    vector_verify(run, buffer_view(&run->file));
    ck_assert_msg(run->verdict.status == 0, "%s is not intact to begin with: %s", files[file], run->verdict.code);
    ck_assert_uint_eq(run->verdict.asked_count, 1);
    uint64_t asked = run->verdict.asked[0].subject;
    verdict_close(&run->verdict);
    return asked;
}

/* Writes the whole-file check over the last 34 bytes. */
static void make_check(struct hasher *hasher, uint8_t *bytes, size_t len)
{
    struct hash hash;

    hash_data(hasher, view_of(bytes, len - CHECK_BYTES), &hash);
    bytes[len - CHECK_BYTES] = 0x58;
    bytes[len - HASH_BYTES - 1] = 0x20;
    memcpy(bytes + len - HASH_BYTES, hash.bytes, HASH_BYTES);
}

/* What passed for a file in order: the places, and how many of them were another question. */
struct passed {
    size_t count, shown[SHOWN_MAX];
    uint64_t asked; /* by the file as it is */
    size_t questions;
};

/* False when the bytes pass for a file that is in order. */
static bool refused(struct vector_run *run, const uint8_t *bytes, size_t len, uint64_t *asked)
{
    vector_verify(run, view_of(bytes, len));
    bool good = run->verdict.status == 1 || run->verdict.status == 2;
    *asked = run->verdict.asked_count == 1 ? run->verdict.asked[0].subject : NOTHING;
    verdict_close(&run->verdict);
    return good;
}

static void expect_refused(struct vector_run *run, const uint8_t *bytes, size_t len, size_t place, struct passed *passed)
{
    uint64_t asked;

    if (refused(run, bytes, len, &asked)) {
        return;
    }
    if (asked != passed->asked && asked != NOTHING) {
        passed->questions++;
        return;
    }
    if (passed->count < SHOWN_MAX) {
        passed->shown[passed->count] = place;
    }
    passed->count++;
}

static void expect_none(const struct passed *passed, int file, const char *what)
{
    struct buffer text = {0};

    for (size_t i = 0; i < passed->count && i < SHOWN_MAX; i++) {
        buffer_printf(&text, " %zu", passed->shown[i]);
    }
    buffer_append_byte(&text, '\0');
    ck_assert_msg(passed->count == 0, "%s: %s: %zu pass as intact, the first at byte%s", files[file], what, passed->count,
                  (const char *)text.ptr);
    buffer_free(&text);
}

START_TEST(test_flips_raw)
{
    struct vector_run run = {0};
    struct passed passed = {0};
    uint8_t bit = (uint8_t)(1u << (_i % BITS));

    passed.asked = open_intact(_i / BITS, &run);
    for (size_t at = 0; at < run.file.len; at++) {
        run.file.ptr[at] ^= bit;
        expect_refused(&run, run.file.ptr, run.file.len, at, &passed);
        run.file.ptr[at] ^= bit;
    }
    expect_none(&passed, _i / BITS, "one bit flipped");
    ck_assert_uint_eq(passed.questions, 0);
    vector_close(&run);
}
END_TEST

START_TEST(test_flips_with_check)
{
    struct vector_run run = {0};
    struct passed passed = {0};
    uint8_t bit = (uint8_t)(1u << (_i % BITS));

    passed.asked = open_intact(_i / BITS, &run);
    for (size_t at = 0; at < run.file.len - CHECK_BYTES; at++) {
        run.file.ptr[at] ^= bit;
        make_check(run.hasher, run.file.ptr, run.file.len);
        expect_refused(&run, run.file.ptr, run.file.len, at, &passed);
        run.file.ptr[at] ^= bit;
    }
    expect_none(&passed, _i / BITS, "one bit flipped, the check made anew");
    ck_assert_uint_eq(passed.questions, other_questions[_i / BITS][_i % BITS]);
    /* The harness itself: with every bit back in its place the file is intact again. */
    uint64_t asked;
    make_check(run.hasher, run.file.ptr, run.file.len);
    ck_assert(!refused(&run, run.file.ptr, run.file.len, &asked));
    ck_assert_uint_eq(asked, passed.asked);
    vector_close(&run);
}
END_TEST

START_TEST(test_truncations)
{
    struct vector_run run = {0};
    struct passed raw = {0}, checked = {0};

    raw.asked = checked.asked = open_intact(_i, &run);
    for (size_t len = 0; len < run.file.len; len++) {
        /* Memory of exactly that size, so that a sanitizer sees a read behind the end. */
        uint8_t *bytes = malloc(len > 0 ? len : 1);

        ck_assert_ptr_nonnull(bytes);
        memcpy(bytes, run.file.ptr, len);
        expect_refused(&run, bytes, len, len, &raw);
        if (len >= CHECK_BYTES) {
            make_check(run.hasher, bytes, len);
            expect_refused(&run, bytes, len, len, &checked);
        }
        free(bytes);
    }
    expect_none(&raw, _i, "cut off");
    expect_none(&checked, _i, "cut off, the check made anew");
    ck_assert_uint_eq(raw.questions + checked.questions, 0);
    vector_close(&run);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("flips");
    TCase *tests = tcase_create("all");
    SRunner *runner = srunner_create(suite);

    /* A verification takes some large blocks: without this, the kernel gives and takes them each time. */
    (void)mallopt(M_MMAP_THRESHOLD, 64 << 20);
    (void)mallopt(M_TRIM_THRESHOLD, 128 << 20);
    vectors = vectors_load();
    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, test_flips_raw, 0, FILES * BITS);
    tcase_add_loop_test(tests, test_flips_with_check, 0, FILES * BITS);
    tcase_add_loop_test(tests, test_truncations, 0, FILES);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    json_decref(vectors);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
